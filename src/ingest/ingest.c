#include "ingest/ingest.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/stop.h"
#include "capture/archive.h"
#include "listing/remarks.h"
#include "store/remark.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define BATCH_MS 200 /* of a transaction: what others may wait, and a kill may cost */

struct ko_ingest {
    ko_store *store;
    struct ko_archive *archive;
    char *source;
    ko_problems *problems;
    ko_ingest_counts counts;
    int64_t batch_ms; /* when it began */
    bool own;         /* the transaction; else it is the caller's */
};

static ko_status begin_batch(ko_ingest *ingest, ko_error *err)
{
    const ko_status st = ko_store_begin(ingest->store, err);
    ingest->batch_ms = ko_clock_ms();
    return st;
}

ko_status ko_ingest_begin(ko_store *store, struct ko_archive *archive, const char *source,
                          ko_problems *problems, ko_ingest **out_ingest, ko_error *err)
{
    assert(store && source && problems);
    ko_ingest *ingest = ko_alloc_zero(1, sizeof *ingest);
    char *name = ko_strdup(source);
    if (!ingest || !name) {
        ko_free(ingest);
        ko_free(name);
        return ko_fail(err, KO_E_NOMEM, "ingesting %s", source);
    }
    *ingest = (ko_ingest){.store = store,
                          .archive = archive,
                          .source = name,
                          .problems = problems,
                          .own = !ko_store_is_writing(store)};
    const ko_status st = ingest->own ? begin_batch(ingest, err) : KO_OK;
    if (st != KO_OK) {
        ko_free(name);
        ko_free(ingest);
        return st;
    }
    *out_ingest = ingest;
    return KO_OK;
}

/* Ends the transaction. First what its rows speak of has to be on the disk. */
static ko_status store_batch(ko_ingest *ingest, ko_error *err)
{
    const ko_status st = ingest->archive ? ko_archive_sync(ingest->archive, err) : KO_OK;
    if (st == KO_OK)
        return ko_store_commit(ingest->store, err);
    ko_store_rollback(ingest->store);
    return st;
}

ko_status ko_ingest_commit(ko_ingest *ingest, ko_error *err)
{
    if (!ingest->own)
        return KO_OK;
    const ko_status st = store_batch(ingest, err);
    return st == KO_OK ? begin_batch(ingest, err) : st;
}

/* Ends a full batch and begins the next. */
static ko_status next_batch(ko_ingest *ingest, ko_error *err)
{
    if (!ingest->own)
        return KO_OK;
    if (ko_stop_asked())
        return ko_fail(err, KO_E_STOPPED, "stopped; what was ingested is kept");
    if (ko_clock_ms() - ingest->batch_ms < BATCH_MS)
        return KO_OK;
    return ko_ingest_commit(ingest, err);
}

/* Says why a picture file of a record is left out. */
static void tell_missing(ko_ingest *ingest, const ko_listing *record, const char *path,
                         const char *why)
{
    ingest->counts.missing++;
    if (record->line)
        ko_problem(ingest->problems, "%s: line %zu: image %s: %s", ingest->source, record->line,
                   path, why);
    else
        ko_problem(ingest->problems, "%s: %s", path, why);
}

/* Looks at one picture file of a record; *out_path is to be freed. False when it is not there,
 * which is said. */
static bool find_file(ko_ingest *ingest, const ko_listing *record, const char *path,
                      char **out_path, ko_photo_file *out_file)
{
    struct stat info = {0};
    const char *why = NULL;
    char *resolved = realpath(path, NULL);
    if (!resolved || stat(resolved, &info) != 0)
        why = strerror(errno);
    else if (!S_ISREG(info.st_mode))
        why = "not a file";
    if (why) {
        tell_missing(ingest, record, path, why);
        free(resolved); /* realpath's memory, not ours */
        return false;
    }
    *out_path = resolved;
    out_file->path = resolved;
    out_file->bytes = (int64_t)info.st_size;
    out_file->modified_at = (int64_t)info.st_mtime;
    return true;
}

static bool is_web(const char *url)
{
    return strncmp(url, "http://", 7) == 0 || strncmp(url, "https://", 8) == 0;
}

/* One picture of a record, by its file, its range of an archive, or its URL; false when it
 * has none of them. */
static bool find_photo(ko_ingest *ingest, const ko_listing *record,
                       const ko_gallery_picture *picture, char **out_path, ko_photo_file *out_file)
{
    *out_path = NULL;
    *out_file = (ko_photo_file){.path = "", .url = is_web(picture->url) ? picture->url : ""};
    if (picture->bytes) {
        out_file->path = picture->path;
        out_file->offset = picture->offset;
        out_file->bytes = picture->bytes;
        out_file->archived = true;
        memcpy(out_file->sha256, picture->sha256, sizeof out_file->sha256);
        return true;
    }
    if (picture->path[0] && find_file(ingest, record, picture->path, out_path, out_file))
        return true;
    return out_file->url[0] != '\0';
}

/* Keeps what the artist's sheet says of a listing in one row, which is about one work: the one
 * named, or whose number stands there. */
static ko_status put_remarks(ko_ingest *ingest, int64_t listing_id, const ko_listing *record,
                             ko_error *err)
{
    ko_status st = KO_OK;
    const char *work = ko_listing_remark_text(record, ko_remark_name(KO_REMARK_WORK));
    if (!work[0])
        work = ko_listing_remark_text(record, ko_remark_name(KO_REMARK_NUMBER));
    for (size_t i = 0; st == KO_OK && i < record->n_remarks; i++) {
        const ko_remark remark = {.listing_id = listing_id,
                                  .work = work,
                                  .name = record->remarks[i].name,
                                  .text = record->remarks[i].text};
        st = ko_remark_put(ingest->store, &remark, err);
    }
    ingest->counts.remarks += record->n_remarks;
    return st;
}

static ko_status add_listing(ko_ingest *ingest, const ko_listing *record,
                             const ko_photo_file *photos, size_t n, int64_t answer_id,
                             ko_error *err)
{
    ko_ingested what = {0};
    ko_status st =
        ko_seen_add(ingest->store, record, ingest->source, photos, n, answer_id, &what, err);
    if (st == KO_OK)
        st = put_remarks(ingest, what.listing_id, record, err);
    ingest->counts.listings++;
    ingest->counts.new_listings += what.new_listing;
    ingest->counts.photos += n - what.to_fetch;
    ingest->counts.new_photos += what.new_photos;
    ingest->counts.to_fetch += what.to_fetch;
    return st;
}

ko_status ko_ingest_listing(ko_ingest *ingest, const ko_listing *record, int64_t answer_id,
                            ko_error *err)
{
    ko_photo_file photos[KO_MAX_LISTING_IMAGES];
    char *paths[KO_MAX_LISTING_IMAGES];
    size_t n = 0;
    if (record->n_pictures > KO_MAX_LISTING_IMAGES)
        ko_problem(ingest->problems, "%s: line %zu: %zu images, only the first %u are taken",
                   ingest->source, record->line, record->n_pictures, KO_MAX_LISTING_IMAGES);
    for (size_t i = 0; i < record->n_pictures && i < KO_MAX_LISTING_IMAGES; i++)
        n += find_photo(ingest, record, &record->pictures[i], &paths[n], &photos[n]);
    ko_status st = KO_OK;
    if (n || record->key[0])
        st = add_listing(ingest, record, photos, n, answer_id, err);
    for (size_t i = 0; i < n; i++)
        free(paths[i]); /* realpath's memory, not ours */
    return st == KO_OK ? next_batch(ingest, err) : st;
}

ko_status ko_ingest_picture(ko_ingest *ingest, const char *path, ko_error *err)
{
    ko_listing record = {0};
    ko_status st = ko_listing_add_picture(&record, "", path, err);
    if (st == KO_OK)
        st = ko_listing_settle(&record, err);
    if (st == KO_OK)
        st = ko_ingest_listing(ingest, &record, 0, err);
    ko_listing_free(&record);
    return st;
}

void ko_ingest_arrived(ko_ingest *ingest, size_t n, size_t n_new)
{
    ingest->counts.photos += n;
    ingest->counts.new_photos += n_new;
}

ko_store *ko_ingest_store(const ko_ingest *ingest)
{
    return ingest->store;
}

struct ko_archive *ko_ingest_archive(const ko_ingest *ingest)
{
    return ingest->archive;
}

ko_problems *ko_ingest_problems(const ko_ingest *ingest)
{
    return ingest->problems;
}

void ko_ingest_abandon(ko_ingest *ingest)
{
    if (ingest->own)
        ko_store_rollback(ingest->store);
    ko_free(ingest->source);
    ko_free(ingest);
}

ko_status ko_ingest_end(ko_ingest *ingest, ko_ingest_counts *counts, ko_error *err)
{
    const ko_status st = ingest->own ? store_batch(ingest, err) : KO_OK;
    counts->listings += ingest->counts.listings;
    counts->new_listings += ingest->counts.new_listings;
    counts->photos += ingest->counts.photos;
    counts->new_photos += ingest->counts.new_photos;
    counts->missing += ingest->counts.missing;
    counts->to_fetch += ingest->counts.to_fetch;
    counts->remarks += ingest->counts.remarks;
    ko_ingest_abandon(ingest); /* nothing is left to take back when the commit went well */
    return st;
}
