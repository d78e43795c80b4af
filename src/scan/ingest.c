#include "scan/ingest.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "base/stop.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define BATCH 10000 /* listings a transaction: under a second lost to a kill */

struct ko_ingest {
    ko_store *store;
    char *source;
    ko_problems *problems;
    ko_ingest_counts counts;
    size_t in_batch;
};

ko_status ko_ingest_begin(ko_store *store, const char *source, ko_problems *problems,
                          ko_ingest **out_ingest, ko_error *err)
{
    assert(store && source && problems);
    ko_ingest *ingest = ko_alloc_zero(1, sizeof *ingest);
    char *name = ko_strdup(source);
    if (!ingest || !name) {
        ko_free(ingest);
        ko_free(name);
        return ko_fail(err, KO_E_NOMEM, "ingesting %s", source);
    }
    *ingest = (ko_ingest){.store = store, .source = name, .problems = problems};
    const ko_status st = ko_store_begin(store, err);
    if (st != KO_OK) {
        ko_free(name);
        ko_free(ingest);
        return st;
    }
    *out_ingest = ingest;
    return KO_OK;
}

/* Ends a full batch and begins the next. */
static ko_status next_batch(ko_ingest *ingest, ko_error *err)
{
    if (ko_stop_asked())
        return ko_fail(err, KO_E_STOPPED, "stopped; what was ingested is kept");
    if (++ingest->in_batch < BATCH)
        return KO_OK;
    ingest->in_batch = 0;
    const ko_status st = ko_store_commit(ingest->store, err);
    return st == KO_OK ? ko_store_begin(ingest->store, err) : st;
}

/* Looks at one picture file of a record. False when it is not there, which is said. */
static bool find_photo(ko_ingest *ingest, const ko_listing *record, const char *path,
                       ko_photo_file *out_file)
{
    struct stat info;
    const char *why = NULL;
    char *resolved = realpath(path, NULL);
    if (!resolved || stat(resolved, &info) != 0)
        why = strerror(errno);
    else if (!S_ISREG(info.st_mode))
        why = "not a file";
    if (why) {
        ingest->counts.missing++;
        if (record->line)
            ko_problem(ingest->problems, "%s: line %zu: image %s: %s", ingest->source, record->line,
                       path, why);
        else
            ko_problem(ingest->problems, "%s: %s", path, why);
        free(resolved); /* realpath's memory, not ours */
        return false;
    }
    *out_file = (ko_photo_file){
        .path = resolved, .bytes = (int64_t)info.st_size, .modified_at = (int64_t)info.st_mtime};
    return true;
}

ko_status ko_ingest_listing(ko_ingest *ingest, const ko_listing *record, ko_error *err)
{
    ko_photo_file photos[KO_MAX_LISTING_IMAGES];
    size_t n = 0;
    if (record->n_images > KO_MAX_LISTING_IMAGES)
        ko_problem(ingest->problems, "%s: line %zu: %zu images, only the first %u are taken",
                   ingest->source, record->line, record->n_images, KO_MAX_LISTING_IMAGES);
    for (size_t i = 0; i < record->n_images && i < KO_MAX_LISTING_IMAGES; i++)
        n += find_photo(ingest, record, record->images[i], &photos[n]);
    ko_status st = KO_OK;
    if (n || record->url[0]) {
        ko_ingested what = {0};
        st = ko_seen_add(ingest->store, record, ingest->source, photos, n, &what, err);
        ingest->counts.listings++;
        ingest->counts.new_listings += what.new_listing;
        ingest->counts.photos += n;
        ingest->counts.new_photos += what.new_photos;
    }
    for (size_t i = 0; i < n; i++)
        free((char *)photos[i].path); /* realpath's memory, not ours */
    return st == KO_OK ? next_batch(ingest, err) : st;
}

ko_status ko_ingest_picture(ko_ingest *ingest, const char *path, ko_error *err)
{
    char *images[1] = {(char *)path};
    char none[1] = "";
    const ko_listing record = {
        .url = none,
        .title = none,
        .seller = none,
        .price = none,
        .currency = none,
        .images = images,
        .n_images = 1,
    };
    return ko_ingest_listing(ingest, &record, err);
}

void ko_ingest_abandon(ko_ingest *ingest)
{
    ko_store_rollback(ingest->store);
    ko_free(ingest->source);
    ko_free(ingest);
}

ko_status ko_ingest_end(ko_ingest *ingest, ko_ingest_counts *counts, ko_error *err)
{
    const ko_status st = ko_store_commit(ingest->store, err);
    counts->listings += ingest->counts.listings;
    counts->new_listings += ingest->counts.new_listings;
    counts->photos += ingest->counts.photos;
    counts->new_photos += ingest->counts.new_photos;
    counts->missing += ingest->counts.missing;
    ko_ingest_abandon(ingest); /* nothing is left to take back when the commit went well */
    return st;
}
