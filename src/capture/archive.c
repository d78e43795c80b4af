#include "capture/archive.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/limits.h"
#include "capture/packer.h"
#include "capture/record.h"
#include "capture/warc_record.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define MAX_NAMES 10000u /* files of one second and process; one is usual */

/* The file of one kind that is written now. */
typedef struct archive_file {
    const char *stem, *ending; /* of its name */
    bool packed;               /* a gzip member a record */
    int fd;                    /* -1: none yet */
    const char *path;          /* in ko_archive.paths */
    int64_t size;
    char info[KO_RECORD_ID_SIZE]; /* id of its first record */
    char *copied_from;            /* the file of the record copied last; NULL: none yet */
} archive_file;

struct ko_archive {
    char *folder, *software;
    ko_paths paths; /* of all files written, as they are handed out */
    archive_file pages, pictures;
    ko_packer packer;
};

ko_status ko_archive_open(const char *folder, const char *software, ko_archive **out_archive,
                          ko_error *err)
{
    assert(folder && software && out_archive);
    ko_archive *archive = ko_alloc_zero(1, sizeof *archive);
    if (!archive)
        return ko_fail(err, KO_E_NOMEM, "the archive %s", folder);
    *archive = (ko_archive){
        .folder = ko_strdup(folder),
        .software = ko_strdup(software),
        .pages = {.stem = "pages", .ending = ".warc.gz", .packed = true, .fd = -1},
        .pictures = {.stem = "pictures", .ending = ".warc", .fd = -1},
    };
    const ko_status st = ko_packer_open(&archive->packer);
    if (!archive->folder || !archive->software || st != KO_OK) {
        ko_archive_close(archive);
        return ko_fail(err, KO_E_NOMEM, "the archive %s", folder);
    }
    *out_archive = archive;
    return KO_OK;
}

void ko_archive_close(ko_archive *archive)
{
    if (!archive)
        return;
    if (archive->pages.fd >= 0)
        (void)close(archive->pages.fd);
    if (archive->pictures.fd >= 0)
        (void)close(archive->pictures.fd);
    ko_free(archive->pages.copied_from);
    ko_free(archive->pictures.copied_from);
    ko_packer_close(&archive->packer);
    ko_paths_free(&archive->paths);
    ko_free(archive->folder);
    ko_free(archive->software);
    ko_free(archive);
}

static ko_status complain(const archive_file *file, ko_error *err)
{
    return ko_fail(err, KO_E_IO, "%s: %s", file->path, strerror(errno));
}

static bool write_all(int fd, const void *bytes, size_t size)
{
    const char *at = bytes;
    while (size) {
        const ssize_t n = write(fd, at, size);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        at += n;
        size -= (size_t)n;
    }
    return true;
}

/* --- records --- */

/* Writes a record as one gzip member. */
static ko_status write_packed(ko_archive *archive, archive_file *file, const ko_record *record,
                              ko_error *err)
{
    const ko_piece pieces[] = {{record->head.data, record->head.size},
                               {record->body, record->size},
                               {KO_RECORD_END, strlen(KO_RECORD_END)}};
    const ko_buf *packed = &archive->packer.packed;
    const ko_status st = ko_packer_pack(&archive->packer, pieces, sizeof pieces / sizeof *pieces);
    if (st != KO_OK)
        return ko_fail(err, st, "packing a page of %zu bytes", record->size);
    if (!write_all(file->fd, packed->data, packed->size))
        return complain(file, err);
    file->size += (int64_t)packed->size;
    return KO_OK;
}

static ko_status write_plain(archive_file *file, const ko_record *record, ko_error *err)
{
    if (!write_all(file->fd, record->head.data, record->head.size) ||
        !write_all(file->fd, record->body, record->size) ||
        !write_all(file->fd, KO_RECORD_END, strlen(KO_RECORD_END)))
        return complain(file, err);
    file->size += (int64_t)(record->head.size + record->size + strlen(KO_RECORD_END));
    return KO_OK;
}

/* What was half written when the disk was full is taken back, so that the file stays whole. */
static void take_back(archive_file *file, int64_t begin)
{
    file->size = begin;
    if (ftruncate(file->fd, (off_t)begin) == 0)
        (void)lseek(file->fd, (off_t)begin, SEEK_SET);
}

static ko_status write_record(ko_archive *archive, archive_file *file, const ko_record *record,
                              ko_error *err)
{
    const int64_t begin = file->size;
    const ko_status st =
        file->packed ? write_packed(archive, file, record, err) : write_plain(file, record, err);
    if (st != KO_OK)
        take_back(file, begin);
    return st;
}

/* --- files --- */

/* Makes the file of the first name that is free: "pages-20261122T021500Z-4711.warc.gz". */
static int make_file(const ko_archive *archive, const archive_file *file, char *path, size_t size)
{
    char moment[KO_TIME_SIZE];
    ko_clock_text(ko_clock_now(), moment);
    for (unsigned n = 1; n < MAX_NAMES; n++) {
        char again[16] = "";
        if (n > 1)
            (void)snprintf(again, sizeof again, "-%u", n);
        const int length =
            snprintf(path, size, "%s/%s-%.4s%.2s%.2sT%.2s%.2s%.2sZ-%ld%s%s", archive->folder,
                     file->stem, moment, moment + 5, moment + 8, moment + 11, moment + 14,
                     moment + 17, (long)getpid(), again, file->ending);
        if (length < 0 || (size_t)length >= size) {
            errno = ENAMETOOLONG;
            return -1;
        }
        const int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (fd >= 0)
            (void)flock(fd, LOCK_EX | LOCK_NB); /* of a file that is new nobody else has one */
        if (fd >= 0 || errno != EEXIST)
            return fd;
    }
    return -1;
}

/* The folder by its absolute path, made when it is not there. */
static ko_status make_folder(ko_archive *archive, ko_error *err)
{
    ko_status st = ko_folder_make(archive->folder, err);
    if (st != KO_OK || archive->folder[0] == '/')
        return st;
    char *whole = realpath(archive->folder, NULL);
    char *ours = whole ? ko_strdup(whole) : NULL;
    if (!whole)
        st = ko_fail(err, KO_E_IO, "%s: %s", archive->folder, strerror(errno));
    else if (!ours)
        st = ko_fail(err, KO_E_NOMEM, "the archive %s", archive->folder);
    free(whole); /* realpath's memory, not ours */
    if (st == KO_OK) {
        ko_free(archive->folder);
        archive->folder = ours;
    }
    return st;
}

static ko_status sync_file(const archive_file *file, ko_error *err)
{
    return file->fd < 0 || fsync(file->fd) == 0 ? KO_OK : complain(file, err);
}

static ko_status end_file(archive_file *file, ko_error *err)
{
    const ko_status st = sync_file(file, err);
    if (file->fd >= 0)
        (void)close(file->fd);
    ko_free(file->copied_from);
    file->copied_from = NULL;
    file->fd = -1;
    file->size = 0;
    return st;
}

/* A name is on the disk when its folder is. */
static ko_status sync_folder(const char *folder, ko_error *err)
{
    const int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool done = fd >= 0 && fsync(fd) == 0;
    const ko_status st = done ? KO_OK : ko_fail(err, KO_E_IO, "%s: %s", folder, strerror(errno));
    if (fd >= 0)
        (void)close(fd);
    return st;
}

static ko_status begin_file(ko_archive *archive, archive_file *file, ko_error *err)
{
    char path[KO_MAX_PATH_BYTES];
    ko_record record = {0};
    ko_status st = make_folder(archive, err);
    if (st != KO_OK)
        return st;
    file->fd = make_file(archive, file, path, sizeof path);
    if (file->fd < 0)
        return ko_fail(err, KO_E_IO, "%s: %s", archive->folder, strerror(errno));
    st = ko_paths_add(&archive->paths, path, err);
    if (st == KO_OK) {
        file->path = archive->paths.path[archive->paths.count - 1];
        st = ko_record_info(archive->software, &record, err);
    }
    if (st == KO_OK)
        st = write_record(archive, file, &record, err);
    if (st == KO_OK)
        st = sync_folder(archive->folder, err);
    memcpy(file->info, record.id, sizeof record.id);
    ko_record_free(&record);
    if (st != KO_OK) {
        (void)close(file->fd);
        (void)unlink(path);
        file->fd = -1;
    }
    return st;
}

/* A file to which one more record may be added. */
static ko_status need_file(ko_archive *archive, archive_file *file, ko_error *err)
{
    ko_status st = KO_OK;
    if (file->size >= KO_MAX_ARCHIVE_FILE_BYTES)
        st = end_file(file, err);
    return st == KO_OK && file->fd < 0 ? begin_file(archive, file, err) : st;
}

/* body_at: of a revisit; 0: with its body. */
static ko_status add(ko_archive *archive, archive_file *file, const ko_reply *reply,
                     int64_t body_at, ko_archived *out_where, ko_error *err)
{
    ko_record record = {0};
    ko_status st = need_file(archive, file, err);
    if (st == KO_OK && body_at)
        st = ko_record_revisit(reply, body_at, file->info, &record, err);
    else if (st == KO_OK)
        st = ko_record_reply(reply, file->info, &record, err);
    const int64_t begin = file->size;
    if (st == KO_OK)
        st = write_record(archive, file, &record, err);
    if (st == KO_OK) {
        *out_where = (ko_archived){.path = file->path,
                                   .record = begin,
                                   .length = file->size - begin,
                                   .bytes = (int64_t)reply->size};
        if (!file->packed)
            out_where->offset = begin + (int64_t)record.head.size;
        memcpy(out_where->sha256, record.sha256, sizeof record.sha256);
    }
    ko_record_free(&record);
    return st;
}

ko_status ko_archive_page(ko_archive *archive, const ko_reply *reply, ko_archived *out_where,
                          ko_error *err)
{
    return add(archive, &archive->pages, reply, 0, out_where, err);
}

ko_status ko_archive_revisit(ko_archive *archive, const ko_reply *reply, int64_t body_at,
                             ko_archived *out_where, ko_error *err)
{
    assert(body_at);
    return add(archive, &archive->pages, reply, body_at, out_where, err);
}

ko_status ko_archive_picture(ko_archive *archive, const ko_reply *reply, ko_archived *out_where,
                             ko_error *err)
{
    return add(archive, &archive->pictures, reply, 0, out_where, err);
}

/* --- copies --- */

/* Appends bytes that lie in another file; what could not be written whole is taken back. */
static ko_status copy_range(archive_file *file, const ko_file_part *part, ko_error *err)
{
    const int64_t begin = file->size;
    ko_buf bytes = KO_BUF((size_t)part->bytes + 1);
    ko_status st = ko_file_read_part(part, &bytes, err);
    if (st == KO_OK && !write_all(file->fd, bytes.data, bytes.size)) {
        st = complain(file, err);
        take_back(file, begin);
    } else if (st == KO_OK) {
        file->size += (int64_t)bytes.size;
    }
    ko_buf_free(&bytes);
    return st;
}

/* Copies the record that says who wrote the file at path, once for those that follow it. Where it
 * cannot be read they are copied nonetheless: they are evidence without it. */
static ko_status copy_info(archive_file *file, const char *path, ko_error *err)
{
    ko_warc_record info = {0};
    if (file->copied_from && strcmp(file->copied_from, path) == 0)
        return KO_OK;
    ko_free(file->copied_from);
    file->copied_from = ko_strdup(path);
    if (!file->copied_from)
        return ko_fail(err, KO_E_NOMEM, "%s", path);
    if (ko_warc_record_read(path, 0, &info, NULL) != KO_OK)
        return KO_OK;
    const ko_file_part part = {path, 0, info.length};
    const ko_status st = info.is_info ? copy_range(file, &part, err) : KO_OK;
    ko_warc_record_free(&info);
    return st;
}

ko_status ko_archive_copy(ko_archive *archive, const char *path, const ko_warc_record *record,
                          ko_archived *out_where, ko_error *err)
{
    archive_file *file = record->packed ? &archive->pages : &archive->pictures;
    const ko_file_part part = {path, record->offset, record->length};
    ko_status st = need_file(archive, file, err);
    if (st == KO_OK)
        st = copy_info(file, path, err);
    const int64_t begin = file->size;
    if (st == KO_OK)
        st = copy_range(file, &part, err);
    if (st != KO_OK)
        return st;
    *out_where = (ko_archived){.path = file->path,
                               .record = begin,
                               .length = record->length,
                               .bytes = (int64_t)record->size};
    if (!record->packed)
        out_where->offset = begin + ((const char *)record->body - record->bytes.data);
    memcpy(out_where->sha256, record->sha256, sizeof out_where->sha256);
    return KO_OK;
}

ko_status ko_archive_sync(ko_archive *archive, ko_error *err)
{
    const ko_status st = sync_file(&archive->pages, err);
    return st == KO_OK ? sync_file(&archive->pictures, err) : st;
}

ko_status ko_archive_digest(const void *body, size_t size, uint8_t out_sha256[32], ko_error *err)
{
    if (!ko_record_digest("", 0, body, size, out_sha256))
        return ko_fail(err, KO_E_NOMEM, "the digest of %zu bytes", size);
    return KO_OK;
}
