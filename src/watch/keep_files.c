#include "watch/keep_files.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/stop.h"
#include "capture/archive.h"
#include "capture/warc_record.h"
#include "crawl/crawl.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEAD_BYTES 1024 /* of a record, about: what a picture takes besides its own bytes */
#define WRITE_MS 100    /* of one transaction */

/* A record that is needed, and where its copy lies. */
typedef struct needed {
    ko_kept_record row;
    const char *new_path; /* the archive's */
    int64_t new_record;
    int64_t new_at; /* as row.at */
} needed;

/* One file that is looked at. */
typedef struct archived {
    const char *path;
    int fd; /* locked, unless this is dry; -1: not open */
    int64_t size;
    needed *records; /* by their place */
    size_t n, capacity;
} archived;

typedef struct keeping {
    const ko_keep_files *keep;
    char *folder;        /* absolute */
    ko_archive *archive; /* which takes the copies; NULL: none yet */
    ko_error *err;
} keeping;

static ko_status stopped(ko_error *err)
{
    return ko_fail(err, KO_E_STOPPED, "stopped; the next run goes on");
}

/* --- what a file is --- */

static bool begins_and_ends(const char *name, const char *begin, const char *end)
{
    const size_t n = strlen(name), at_begin = strlen(begin), at_end = strlen(end);
    return n > at_begin + at_end && memcmp(name, begin, at_begin) == 0 &&
           strcmp(name + n - at_end, end) == 0;
}

/* Whether it is one of those that the archive makes: whatever else lies there is not ours. */
static bool is_ours(const char *path)
{
    const char *name = ko_path_name(path);
    return begins_and_ends(name, "pages-", ".warc.gz") ||
           begins_and_ends(name, "pictures-", ".warc");
}

/* False when a process may still write to it, or it cannot be read. */
static bool open_file(const keeping *k, archived *file)
{
    struct stat info;
    file->fd = open(file->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file->fd < 0 || fstat(file->fd, &info) != 0 || !S_ISREG(info.st_mode))
        return false;
    file->size = (int64_t)info.st_size;
    return k->keep->times || flock(file->fd, LOCK_EX | LOCK_NB) == 0;
}

static void close_file(archived *file)
{
    if (file->fd >= 0)
        (void)close(file->fd);
    ko_free(file->records);
}

static ko_status on_record(void *context, const ko_kept_record *row)
{
    archived *file = context;
    needed *records = ko_grown(file->records, file->n, &file->capacity, sizeof *records);
    if (!records)
        return KO_E_NOMEM;
    file->records = records;
    records[file->n++] = (needed){.row = *row};
    return KO_OK;
}

static ko_status read_needed(const keeping *k, archived *file)
{
    const ko_status st =
        ko_kept_record_each(k->keep->store, file->path, k->keep->times, on_record, file, k->err);
    return st == KO_E_NOMEM ? ko_fail(k->err, st, "%s: what is needed of it", file->path) : st;
}

/* Bytes of the file that are needed, at most: a record whose length nobody wrote down may reach to
 * the next one. */
static int64_t count_needed(const archived *file)
{
    int64_t sum = 0;
    for (size_t i = 0; i < file->n; i++) {
        const ko_kept_record *row = &file->records[i].row;
        const int64_t end = i + 1 < file->n ? file->records[i + 1].row.at : file->size;
        if (row->is_photo)
            sum += row->length + HEAD_BYTES;
        else
            sum += row->length ? row->length : end - row->at;
    }
    return sum;
}

/* Those that a scan is to look at stay where it will look for them. */
static bool has_fresh(const archived *file)
{
    for (size_t i = 0; i < file->n; i++)
        if (file->records[i].row.fresh)
            return true;
    return false;
}

/* --- removing --- */

/* Nobody else writes meanwhile, so no process is about to refer to what it has written there. */
static ko_status remove_unneeded(const keeping *k, archived *file)
{
    ko_store *store = k->keep->store;
    ko_status st = ko_store_begin(store, k->err);
    if (st == KO_OK)
        st = read_needed(k, file);
    if (st == KO_OK && file->n == 0) {
        if (unlink(file->path) != 0)
            st = ko_fail(k->err, KO_E_IO, "%s: %s", file->path, strerror(errno));
        else
            k->keep->counts->bytes += file->size;
        k->keep->counts->files += st == KO_OK;
    }
    ko_store_rollback(store); /* nothing was written */
    return st;
}

/* --- copying --- */

static ko_status read_record(const archived *file, const needed *one, int64_t from,
                             ko_warc_record *out, ko_error *why)
{
    return one->row.is_photo ? ko_warc_record_find(file->path, from, one->row.at, out, why)
                             : ko_warc_record_read(file->path, one->row.at, out, why);
}

/* Whether it is what the row says: a damaged one is not to be copied as if it were whole. */
static bool is_as_kept(const needed *one, const ko_warc_record *record)
{
    const ko_kept_record *row = &one->row;
    if (memcmp(record->sha256, row->sha256, sizeof row->sha256) != 0)
        return false;
    const int64_t body = record->offset + ((const char *)record->body - record->bytes.data);
    return !row->is_photo ||
           (!record->packed && body == row->at && (int64_t)record->size == row->length);
}

static ko_status copy_one(const keeping *k, const archived *file, needed *one, int64_t *from,
                          ko_error *why)
{
    ko_warc_record record = {0};
    ko_archived where = {0};
    ko_status st = read_record(file, one, *from, &record, why);
    if (st != KO_OK)
        return st == KO_E_IO ? KO_E_FORMAT : st; /* of reading: writing alone fails with that */
    if (!is_as_kept(one, &record))
        st = ko_fail(why, KO_E_FORMAT, "%s: record at byte %lld: not what was archived there",
                     file->path, (long long)record.offset);
    if (st == KO_OK)
        st = ko_archive_copy(k->archive, file->path, &record, &where, why);
    *from = record.packed ? 0 : record.offset + record.length;
    ko_warc_record_free(&record);
    one->new_path = where.path;
    one->new_record = where.record;
    one->new_at = one->row.is_photo ? where.offset : where.record;
    return st;
}

/* Reads a copy once more: what it was made of is going to be removed. */
static ko_status check_copy(const needed *one, ko_error *err)
{
    ko_warc_record copy = {0};
    ko_status st = ko_warc_record_read(one->new_path, one->new_record, &copy, err);
    if (st == KO_OK && memcmp(copy.sha256, one->row.sha256, sizeof copy.sha256) != 0)
        st = ko_fail(err, KO_E_IO, "%s: record at byte %lld: not what was written there",
                     one->new_path, (long long)one->new_record);
    ko_warc_record_free(&copy);
    return st;
}

static ko_status copy_needed(keeping *k, archived *file, ko_error *why)
{
    ko_status st = KO_OK;
    int64_t from = 0;
    if (!k->archive)
        st = ko_archive_open(k->folder, k->keep->software, &k->archive, why);
    for (size_t i = 0; st == KO_OK && i < file->n; i++)
        st = ko_stop_asked() ? stopped(why) : copy_one(k, file, &file->records[i], &from, why);
    if (st == KO_OK)
        st = ko_archive_sync(k->archive, why);
    for (size_t i = 0; st == KO_OK && i < file->n; i++)
        st = check_copy(&file->records[i], why);
    return st;
}

/* Each row may move for itself: both files hold the record. */
static ko_status move_some(const keeping *k, const archived *file, size_t *at)
{
    ko_store *store = k->keep->store;
    ko_status st = ko_store_begin(store, k->err);
    const int64_t began_ms = ko_clock_ms();
    while (st == KO_OK && *at < file->n && ko_clock_ms() - began_ms < WRITE_MS) {
        const needed *one = &file->records[(*at)++];
        st = ko_kept_record_move(store, &one->row, file->path, one->new_path, one->new_at, k->err);
    }
    if (st == KO_OK)
        return ko_store_commit(store, k->err);
    ko_store_rollback(store);
    return st;
}

static ko_status rewrite(keeping *k, archived *file)
{
    ko_error why = {0};
    ko_status st = copy_needed(k, file, &why);
    if (st == KO_E_FORMAT || st == KO_E_NOT_FOUND || st == KO_E_LIMIT) {
        ko_problem(k->keep->problems, "%s; the file stays as it is", why.text);
        return KO_OK;
    }
    if (st != KO_OK)
        return ko_fail(k->err, st, "%s", why.text);
    for (size_t at = 0; st == KO_OK && at < file->n;)
        st = move_some(k, file, &at);
    k->keep->counts->moved += st == KO_OK;
    return st;
}

/* --- one after the other --- */

static ko_status look_at(keeping *k, archived *file)
{
    ko_keep_counts *counts = k->keep->counts;
    ko_status st = read_needed(k, file);
    if (st != KO_OK)
        return st;
    const int64_t stays = count_needed(file);
    const bool mostly = file->n && (stays >= file->size / 2 || has_fresh(file));
    if (mostly)
        return KO_OK;
    if (!k->keep->times)
        return file->n ? rewrite(k, file) : remove_unneeded(k, file);
    counts->files += file->n == 0;
    counts->moved += file->n != 0;
    counts->bytes += file->size - stays;
    return KO_OK;
}

static ko_status look_at_all(keeping *k)
{
    ko_paths paths = {0};
    ko_status st = ko_paths_walk(&paths, k->folder, NULL, k->err);
    for (size_t i = 0; st == KO_OK && i < paths.count; i++) {
        archived file = {.path = paths.path[i], .fd = -1};
        if (ko_stop_asked())
            st = stopped(k->err);
        else if (is_ours(file.path) && open_file(k, &file))
            st = look_at(k, &file);
        close_file(&file);
    }
    ko_paths_free(&paths);
    return st;
}

/* Without the lock a crawl might look up a record that moves under its hands. */
static ko_status look_locked(keeping *k)
{
    int lock = -1;
    if (k->keep->times)
        return look_at_all(k);
    ko_status st = ko_crawl_lock(k->folder, &lock, k->err);
    if (st == KO_E_BUSY) {
        *k->err = (ko_error){0};
        return KO_OK;
    }
    if (st == KO_OK)
        st = look_at_all(k);
    if (lock >= 0)
        (void)close(lock);
    return st;
}

ko_status ko_keep_files_run(const ko_keep_files *keep, ko_error *err)
{
    ko_error own = {0};
    keeping k = {.keep = keep, .err = &own};
    bool elsewhere = false;
    char *whole = realpath(keep->archive_folder, NULL);
    if (!whole)
        return KO_OK; /* nothing was archived yet */
    k.folder = ko_strdup(whole);
    free(whole); /* realpath's memory, not ours */
    ko_status st = k.folder ? ko_kept_elsewhere(keep->store, k.folder, &elsewhere, &own)
                            : ko_fail(&own, KO_E_NOMEM, "the archive");
    if (st == KO_OK && elsewhere)
        ko_problem(
            keep->problems,
            "%s: the database speaks of an archive in another folder; files stay as they are",
            k.folder);
    else if (st == KO_OK)
        st = look_locked(&k);
    ko_archive_close(k.archive);
    ko_free(k.folder);
    return st == KO_OK ? KO_OK : ko_fail(err, st, "%s", own.text);
}
