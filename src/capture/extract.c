#include "capture/extract.h"

#include "base/alloc.h"
#include "base/file.h"
#include "base/text.h"
#include "capture/packer.h"
#include "capture/record.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

struct ko_extract {
    char *path, *software;
    FILE *file; /* NULL: none yet */
    ko_packer packer;
    char info[KO_RECORD_ID_SIZE]; /* id of the first record */
    ko_paths written;             /* ids of the records that were copied */
};

static void free_all(ko_extract *extract)
{
    ko_packer_close(&extract->packer);
    ko_paths_free(&extract->written);
    ko_free(extract->path);
    ko_free(extract->software);
    ko_free(extract);
}

ko_status ko_extract_open(const char *path, const char *software, ko_extract **out_extract,
                          ko_error *err)
{
    assert(path && software && out_extract);
    ko_extract *extract = ko_alloc_zero(1, sizeof *extract);
    if (!extract)
        return ko_fail(err, KO_E_NOMEM, "%s", path);
    extract->path = ko_strdup(path);
    extract->software = ko_strdup(software);
    const ko_status st = ko_packer_open(&extract->packer);
    if (st != KO_OK || !extract->path || !extract->software) {
        free_all(extract);
        return ko_fail(err, KO_E_NOMEM, "%s", path);
    }
    *out_extract = extract;
    return KO_OK;
}

static ko_status complain(const ko_extract *extract, ko_error *err)
{
    return ko_fail(err, KO_E_IO, "%s: %s", extract->path, strerror(errno));
}

ko_status ko_extract_close(ko_extract *extract, ko_error *err)
{
    ko_status st = KO_OK;
    if (extract->file && fclose(extract->file) != 0)
        st = complain(extract, err);
    free_all(extract);
    return st;
}

/* --- writing --- */

/* Writes pieces as one record. */
static ko_status put(ko_extract *extract, const ko_piece *pieces, size_t n, ko_error *err)
{
    const ko_buf *packed = &extract->packer.packed;
    if (ko_packer_pack(&extract->packer, pieces, n) != KO_OK)
        return ko_fail(err, KO_E_NOMEM, "%s: packing a record", extract->path);
    if (fwrite(packed->data, 1, packed->size, extract->file) != packed->size)
        return complain(extract, err);
    return KO_OK;
}

static ko_status put_made(ko_extract *extract, const ko_record *record, ko_error *err)
{
    const ko_piece pieces[] = {{record->head.data, record->head.size},
                               {record->body, record->size},
                               {KO_RECORD_END, strlen(KO_RECORD_END)}};
    return put(extract, pieces, sizeof pieces / sizeof *pieces, err);
}

/* Makes the file with its first record, unless that is done. */
static ko_status begin(ko_extract *extract, ko_error *err)
{
    ko_record record = {0};
    if (extract->file)
        return KO_OK;
    extract->file = fopen(extract->path, "wb");
    if (!extract->file)
        return complain(extract, err);
    ko_status st = ko_record_info(extract->software, &record, err);
    if (st == KO_OK)
        st = put_made(extract, &record, err);
    memcpy(extract->info, record.id, sizeof record.id);
    ko_record_free(&record);
    return st;
}

static ko_status put_copy(ko_extract *extract, const ko_warc_record *record, ko_error *err)
{
    const ko_piece whole = {record->bytes.data, record->bytes.size};
    ko_status st = ko_paths_add(&extract->written, record->id, err);
    return st == KO_OK ? put(extract, &whole, 1, err) : st;
}

/* --- who wrote what is copied --- */

static bool is_written(const ko_extract *extract, const char *id)
{
    for (size_t i = 0; id[0] && i < extract->written.count; i++)
        if (strcmp(extract->written.path[i], id) == 0)
            return true;
    return false;
}

/* Copies the first record of the file that another was read from, once. Where it cannot be read
 * the other is copied nonetheless: it is evidence without it. */
static ko_status put_info_of(ko_extract *extract, const char *warc, const char *id, ko_error *err)
{
    ko_warc_record info = {0};
    if (!id[0] || is_written(extract, id))
        return KO_OK;
    ko_status st = KO_OK;
    if (ko_warc_record_read(warc, 0, &info, NULL) == KO_OK) {
        if (info.is_info && !is_written(extract, info.id))
            st = put_copy(extract, &info, err);
        ko_warc_record_free(&info);
    }
    return st;
}

/* --- the doors --- */

static bool is_local(const char *url)
{
    return strncasecmp(url, "file:", 5) == 0;
}

static bool is_same(const uint8_t a[32], const uint8_t b[32])
{
    return memcmp(a, b, 32) == 0;
}

ko_status ko_extract_record(ko_extract *extract, const char *warc, const ko_warc_record *record,
                            const uint8_t sha256[32], ko_error *err)
{
    assert(extract && warc && record && sha256);
    if (!is_same(record->sha256, sha256))
        return ko_fail(err, KO_E_FORMAT,
                       "%s: record at byte %lld: its body is not what was archived", warc,
                       (long long)record->offset);
    if (is_written(extract, record->id))
        return KO_OK;
    if (is_local(record->url) && record->is_revisit)
        return KO_OK; /* what it is about is there, and that has no URL */
    if (is_local(record->url)) {
        const ko_extract_piece piece = {record->body, record->size, record->content_type,
                                        record->at};
        return ko_extract_bytes(extract, &piece, NULL, err);
    }
    ko_status st = begin(extract, err);
    if (st == KO_OK)
        st = put_info_of(extract, warc, record->info, err);
    return st == KO_OK ? put_copy(extract, record, err) : st;
}

ko_status ko_extract_bytes(ko_extract *extract, const ko_extract_piece *piece,
                           const uint8_t *sha256, ko_error *err)
{
    assert(extract && piece && piece->content_type);
    uint8_t found[32];
    char urn[sizeof "urn:sha256:" + 64] = "urn:sha256:";
    ko_record record = {0};
    if (!ko_record_digest("", 0, piece->bytes, piece->size, found))
        return ko_fail(err, KO_E_NOMEM, "%s", extract->path);
    if (sha256 && !is_same(found, sha256))
        return ko_fail(err, KO_E_FORMAT, "its bytes are not what they were");
    ko_text_hex(found, sizeof found, urn + strlen(urn));
    const ko_reply reply = {.url = urn,
                            .final_url = urn,
                            .content_type = piece->content_type,
                            .headers = "",
                            .body = piece->bytes,
                            .size = piece->size,
                            .at = piece->at};
    ko_status st = begin(extract, err);
    if (st == KO_OK)
        st = ko_record_reply(&reply, extract->info, &record, err);
    if (st == KO_OK)
        st = put_made(extract, &record, err);
    ko_record_free(&record);
    return st;
}
