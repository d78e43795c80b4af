/* One record out of an archive, and the file of copies that is handed on. */
#include "capture/extract.h"

#include "base/alloc.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/text.h"
#include "capture/archive.h"
#include "gather.h"

#include <stdlib.h>
#include <unistd.h>

static char folder[] = "/tmp/knockoff-extract-XXXXXX";

/* --- what is archived --- */

#define LARGE ((size_t)9 << 20) /* more than is read of a file at first, and then */

static uint8_t large[LARGE];
static const ko_reply replies[] = {
    {.url = "https://a.example/short",
     .final_url = "https://a.example/item/7",
     .status = 200,
     .content_type = "text/html",
     .headers = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\nX: y\r\n",
     .body = "<p>WARC/1.1\r\n\r\nWARC/1.1\r\n\r\n</p>",
     .size = 31,
     .at = 1795313602},
    {.url = "https://a.example/large",
     .final_url = "https://a.example/large",
     .status = 200,
     .content_type = "image/png",
     .headers = "HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n",
     .body = large,
     .size = sizeof large,
     .at = 1795313603},
    {.url = "https://a.example/#picture-1",
     .final_url = "https://a.example/#picture-1",
     .content_type = "image/jpeg",
     .headers = "",
     .body = "\xff\xd8\xff",
     .size = 3,
     .at = 1795313604},
    {.url = "file:///home/artist/wolf.html",
     .final_url = "file:///home/artist/wolf.html",
     .content_type = "text/html",
     .headers = "",
     .body = "<p>wolf</p>",
     .size = 11,
     .at = 1795313605},
};
#define N_REPLIES (sizeof replies / sizeof *replies)

/* Each reply as a page and as a picture. */
static struct kept {
    ko_archive *archive;
    ko_archived page[N_REPLIES], picture[N_REPLIES];
} kept;

static int archive_all(void **state)
{
    (void)state;
    if (!mkdtemp(folder) || ko_archive_open(folder, "Knockoff/1.0", &kept.archive, NULL) != KO_OK)
        return -1;
    uint32_t x = 1;
    for (size_t i = 0; i < sizeof large; i++) /* which no packing makes small */
        large[i] = (uint8_t)((x = x * 1664525 + 1013904223) >> 24);
    for (size_t i = 0; i < N_REPLIES; i++)
        if (ko_archive_page(kept.archive, &replies[i], &kept.page[i], NULL) != KO_OK ||
            ko_archive_picture(kept.archive, &replies[i], &kept.picture[i], NULL) != KO_OK)
            return -1;
    return 0;
}

static int drop_folder(void **state)
{
    (void)state;
    ko_archive_close(kept.archive);
    ko_paths files = {0};
    if (ko_paths_walk(&files, folder, NULL, NULL) == KO_OK)
        for (size_t i = 0; i < files.count; i++)
            (void)unlink(files.path[i]);
    ko_paths_free(&files);
    return rmdir(folder);
}

static ko_buf read_file(const char *path)
{
    ko_buf file = KO_BUF(KO_MAX_CAPTURE_BYTES);
    assert_int_equal(ko_file_read(path, &file, NULL), KO_OK);
    return file;
}

/* --- one record --- */

static void assert_is(const ko_warc_record *record, const ko_reply *reply, const ko_archived *where)
{
    assert_string_equal(record->url, reply->final_url);
    assert_string_equal(record->content_type, reply->content_type);
    assert_int_equal(record->at, reply->at);
    assert_int_equal(record->offset, where->record);
    assert_int_equal(record->size, reply->size);
    assert_memory_equal(record->body, reply->body, reply->size);
    assert_memory_equal(record->sha256, where->sha256, 32);
    assert_memory_equal(record->bytes.data + record->bytes.size - 4, "\r\n\r\n", 4);
}

static void a_record_is_found_by_its_own_offset(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_REPLIES; i++) {
        ko_warc_record record;
        assert_int_equal(ko_warc_record_read(kept.page[i].path, kept.page[i].record, &record, NULL),
                         KO_OK);
        assert_is(&record, &replies[i], &kept.page[i]);
        assert_memory_equal(record.info, "<urn:uuid:", 10);
        ko_warc_record_free(&record);
    }
}

static void a_record_is_found_by_any_byte_of_its_body(void **state)
{
    (void)state;
    const ko_buf file = read_file(kept.picture[0].path);
    for (size_t i = 0; i < N_REPLIES; i++) {
        const ko_archived *where = &kept.picture[i];
        for (int64_t at = 0; at < where->bytes; at += where->bytes - 1) {
            ko_warc_record record;
            assert_int_equal(ko_warc_record_find(where->path, 0, where->offset + at, &record, NULL),
                             KO_OK);
            assert_is(&record, &replies[i], where);
            assert_memory_equal(record.bytes.data, file.data + where->record, record.bytes.size);
            ko_warc_record_free(&record);
        }
    }
    ko_warc_record none;
    ko_error err = {0};
    assert_int_equal(ko_warc_record_find(kept.picture[0].path, 0, (int64_t)file.size, &none, &err),
                     KO_E_FORMAT);
    assert_non_null(strstr(err.text, "the file ends before"));
    ko_buf_free((ko_buf *)&file);
}

/* Writes the bytes as a file of that name; its path is static. */
static const char *put_file(const char *name, const void *bytes, size_t size)
{
    static char path[128];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    assert_int_equal(ko_file_write(path, bytes, size, NULL), KO_OK);
    return path;
}

static void assert_refused(const char *path, int64_t offset, ko_status st, const char *why)
{
    ko_warc_record none;
    ko_error err = {0};
    assert_int_equal(ko_warc_record_read(path, offset, &none, &err), st);
    assert_memory_equal(err.text, path, strlen(path));
    if (!strstr(err.text, why))
        fail_msg("%s", err.text);
}

static void what_is_damaged_is_refused(void **state)
{
    (void)state;
    ko_buf pages = read_file(kept.page[0].path);
    ko_buf pictures = read_file(kept.picture[0].path);
    const int64_t page = kept.page[0].record, picture = kept.picture[1].record;
    assert_refused(put_file("cut.gz", pages.data, (size_t)page + 100), page, KO_E_FORMAT,
                   "damaged or ends early");
    assert_refused(put_file("cut", pictures.data, (size_t)picture + 100000), picture, KO_E_FORMAT,
                   "does not end after its 94");
    assert_refused(put_file("cut", pictures.data, (size_t)picture + 50), picture, KO_E_FORMAT,
                   "headers do not end");
    assert_refused(put_file("plain", pictures.data, pictures.size), picture + 1, KO_E_FORMAT,
                   "no record begins there");
    assert_refused(put_file("packed", pages.data, pages.size), page + 1, KO_E_FORMAT,
                   "no record begins there");
    assert_refused(put_file("short", pages.data, pages.size), (int64_t)pages.size, KO_E_FORMAT,
                   "the file ends before");
    pages.data[page + 200] ^= 0x55;
    assert_refused(put_file("bad.gz", pages.data, pages.size), page, KO_E_FORMAT,
                   "damaged or ends early");
    (void)unlink(put_file("gone", "", 0));
    char gone[128];
    (void)snprintf(gone, sizeof gone, "%s/gone", folder);
    assert_refused(gone, 0, KO_E_NOT_FOUND, "No such file");
    ko_buf_free(&pages);
    ko_buf_free(&pictures);
}

/* A process that is killed leaves half a record at the end of its file. */
static void a_torn_end_does_not_harm_the_record_before(void **state)
{
    (void)state;
    ko_buf pages = read_file(kept.page[0].path);
    const char *path = put_file("torn.gz", pages.data, (size_t)kept.page[1].record + 20);
    ko_warc_record record;
    assert_int_equal(ko_warc_record_read(path, kept.page[0].record, &record, NULL), KO_OK);
    assert_is(&record, &replies[0], &kept.page[0]);
    ko_warc_record_free(&record);
    ko_buf_free(&pages);
}

/* --- the file --- */

static ko_extract *open_extract(const char *name, char path[128])
{
    ko_extract *extract = NULL;
    (void)snprintf(path, 128, "%s/%s", folder, name);
    assert_int_equal(ko_extract_open(path, "Knockoff/2.0", &extract, NULL), KO_OK);
    return extract;
}

static void add_copy(ko_extract *extract, const ko_archived *where)
{
    ko_warc_record record;
    assert_int_equal(ko_warc_record_read(where->path, where->record, &record, NULL), KO_OK);
    assert_int_equal(ko_extract_record(extract, where->path, &record, where->sha256, NULL), KO_OK);
    ko_warc_record_free(&record);
}

static ko_buf inflate_file(const char *path)
{
    ko_buf plain = KO_BUF(KO_MAX_CAPTURE_BYTES);
    gzFile file = gzopen(path, "rb");
    assert_non_null(file);
    char step[4096];
    for (int n = 0; (n = gzread(file, step, sizeof step)) > 0;)
        assert_int_equal(ko_buf_append(&plain, step, (size_t)n), KO_OK);
    assert_int_equal(gzclose(file), Z_OK);
    return plain;
}

/* How often the bytes stand in all that there is. */
static size_t count(const ko_buf *in, const void *bytes, size_t size)
{
    size_t n = 0;
    for (size_t at = 0; at + size <= in->size; at++)
        n += memcmp(in->data + at, bytes, size) == 0;
    return n;
}

static size_t count_text(const ko_buf *in, const char *text)
{
    return count(in, text, strlen(text));
}

static void copies_are_the_same_to_the_byte(void **state)
{
    (void)state;
    char path[128];
    ko_extract *extract = open_extract("copies.warc.gz", path);
    add_copy(extract, &kept.page[0]);
    add_copy(extract, &kept.picture[1]);
    add_copy(extract, &kept.page[2]);
    assert_int_equal(ko_extract_close(extract, NULL), KO_OK);
    const ko_archived *from[] = {&kept.page[0], &kept.picture[1], &kept.page[2]};
    ko_buf copy = inflate_file(path);
    for (size_t i = 0; i < 3; i++) {
        ko_warc_record record;
        assert_int_equal(ko_warc_record_read(from[i]->path, from[i]->record, &record, NULL), KO_OK);
        assert_int_equal(count(&copy, record.bytes.data, record.bytes.size), 1);
        assert_true(count_text(&copy, record.info) > 1); /* it names what is there, too */
        ko_warc_record_free(&record);
    }
    assert_int_equal(count_text(&copy, "software: Knockoff/2.0\r\n"), 1);
    assert_int_equal(count_text(&copy, "software: Knockoff/1.0\r\n"), 2); /* of two files */
    gathered all;
    ko_buf packed = read_file(path);
    assert_int_equal(gather(&all, packed.data, packed.size), KO_OK);
    assert_int_equal(all.n_replies, 3);
    assert_int_equal(all.n_problems, 0);
    assert_string_equal(all.reply[0].url, "https://a.example/item/7");
    assert_int_equal(all.reply[1].body.size, LARGE);
    ungather(&all);
    ko_buf_free(&packed);
    ko_buf_free(&copy);
}

static void what_has_no_url_to_hand_on_goes_by_its_digest(void **state)
{
    (void)state;
    char path[128], urn[128];
    ko_extract *extract = open_extract("digest.warc.gz", path);
    const ko_extract_piece piece = {"\x89PNG", 4, "image/png", 1795313700};
    add_copy(extract, &kept.page[3]);
    assert_int_equal(ko_extract_bytes(extract, &piece, NULL, NULL), KO_OK);
    assert_int_equal(ko_extract_close(extract, NULL), KO_OK);
    ko_buf packed = read_file(path);
    ko_buf copy = inflate_file(path);
    assert_int_equal(count_text(&copy, "/home/artist"), 0);
    gathered all;
    assert_int_equal(gather(&all, packed.data, packed.size), KO_OK);
    (void)snprintf(urn, sizeof urn, "urn:sha256:");
    ko_text_hex(kept.page[3].sha256, 32, urn + strlen(urn));
    assert_int_equal(all.n_replies, 2);
    assert_string_equal(all.reply[0].url, urn);
    assert_string_equal(all.reply[0].type, "text/html");
    assert_int_equal(all.reply[0].at, replies[3].at);
    assert_body(&all, 0, "<p>wolf</p>");
    assert_string_equal(all.reply[1].type, "image/png");
    assert_int_equal(all.reply[1].at, 1795313700);
    assert_body(&all, 1, "\x89PNG");
    ungather(&all);
    ko_buf_free(&packed);
    ko_buf_free(&copy);
}

static void other_bytes_are_not_passed_off(void **state)
{
    (void)state;
    char path[128];
    const uint8_t other[32] = {1};
    ko_extract *extract = open_extract("other.warc.gz", path);
    ko_warc_record record;
    const ko_extract_piece piece = {"\x89PNG", 4, "image/png", 0};
    assert_int_equal(ko_warc_record_read(kept.page[0].path, kept.page[0].record, &record, NULL),
                     KO_OK);
    assert_int_equal(ko_extract_record(extract, kept.page[0].path, &record, other, NULL),
                     KO_E_FORMAT);
    assert_int_equal(ko_extract_bytes(extract, &piece, other, NULL), KO_E_FORMAT);
    assert_int_equal(ko_extract_close(extract, NULL), KO_OK);
    assert_int_equal(access(path, F_OK), -1); /* there was nothing to write */
    ko_warc_record_free(&record);
}

static void without_memory_nothing_leaks(void **state)
{
    (void)state;
    char path[128];
    const long live = ko_alloc_live();
    for (unsigned nth = 1, fired = 1; fired; nth++) {
        ko_warc_record record = {0};
        ko_extract *extract = NULL;
        (void)snprintf(path, sizeof path, "%s/memory.warc.gz", folder);
        ko_alloc_fault(nth, 0);
        ko_status st =
            ko_warc_record_find(kept.picture[0].path, 0, kept.picture[0].offset, &record, NULL);
        if (st == KO_OK)
            st = ko_extract_open(path, "Knockoff/2.0", &extract, NULL);
        if (st == KO_OK)
            st = ko_extract_record(extract, kept.picture[0].path, &record, kept.picture[0].sha256,
                                   NULL);
        if (extract)
            (void)!ko_extract_close(extract, NULL);
        fired = ko_alloc_fault_hits();
        ko_alloc_fault(0, 0);
        ko_warc_record_free(&record);
        assert_int_equal(ko_alloc_live(), live);
        if (!fired)
            assert_int_equal(st, KO_OK);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_is_found_by_its_own_offset),
        cmocka_unit_test(a_record_is_found_by_any_byte_of_its_body),
        cmocka_unit_test(what_is_damaged_is_refused),
        cmocka_unit_test(a_torn_end_does_not_harm_the_record_before),
        cmocka_unit_test(copies_are_the_same_to_the_byte),
        cmocka_unit_test(what_has_no_url_to_hand_on_goes_by_its_digest),
        cmocka_unit_test(other_bytes_are_not_passed_off),
        cmocka_unit_test(without_memory_nothing_leaks),
    };
    return cmocka_run_group_tests_name("capture.extract", tests, archive_all, drop_folder);
}
