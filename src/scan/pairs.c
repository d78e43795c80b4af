#include "scan/pairs.h"

#include "base/alloc.h"
#include "base/progress.h"
#include "match/collection.h"
#include "scan/picture.h"

#include <assert.h>
#include <string.h>

#define ORIGINALS_CHUNK 64
#define LISTINGS_CHUNK 512

/* The originals as a collection, and what each entry of it was made from. */
typedef struct originals {
    ko_collection *collection;
    ko_collection_entry *entries;
    ko_fp_variant *variants; /* variants[i] became entries[i] */
    size_t n, capacity;
} originals;

static ko_status keep(originals *all, const ko_original_reading *reading, uint32_t work,
                      ko_error *err)
{
    if (all->n + reading->n_variants > all->capacity) {
        const size_t capacity = 2 * (all->n + reading->n_variants);
        ko_collection_entry *entries =
            ko_realloc(all->entries, all->n * sizeof *entries, capacity * sizeof *entries);
        if (entries)
            all->entries = entries;
        ko_fp_variant *variants =
            ko_realloc(all->variants, all->n * sizeof *variants, capacity * sizeof *variants);
        if (variants)
            all->variants = variants;
        if (!entries || !variants)
            return ko_fail(err, KO_E_NOMEM, "%zu fingerprints", capacity);
        all->capacity = capacity;
    }
    for (size_t i = 0; i < reading->n_variants; i++) {
        all->entries[all->n] = (ko_collection_entry){reading->variants[i].fp, work};
        all->variants[all->n++] = reading->variants[i];
    }
    return KO_OK;
}

static ko_status read_chunk(originals *all, char *const *files, size_t first, size_t n,
                            const ko_pairs_options *options, ko_pairs_counts *counts, ko_error *err)
{
    ko_original_reading readings[ORIGINALS_CHUNK];
    memset(readings, 0, n * sizeof *readings);
    for (size_t i = 0; i < n; i++)
        readings[i].path = files[first + i];
    ko_status st = ko_originals_read(readings, n, options->jobs);
    for (size_t i = 0; i < n; i++) {
        if (st == KO_OK && readings[i].status != KO_OK) {
            ko_problem(options->problems, "%s", readings[i].error.text);
        } else if (st == KO_OK) {
            counts->originals++;
            counts->plain += readings[i].n_variants == 0;
            st = keep(all, &readings[i], (uint32_t)(first + i), err);
        }
        ko_original_free(&readings[i]);
    }
    return st;
}

static ko_status read_originals(originals *all, const ko_paths *files,
                                const ko_pairs_options *options, ko_pairs_counts *counts,
                                ko_error *err)
{
    ko_status st = KO_OK;
    for (size_t first = 0; st == KO_OK && first < files->count; first += ORIGINALS_CHUNK) {
        const size_t left = files->count - first;
        st = read_chunk(all, files->path, first, left < ORIGINALS_CHUNK ? left : ORIGINALS_CHUNK,
                        options, counts, err);
    }
    double *thresholds = ko_alloc_array(files->count, sizeof *thresholds);
    if (st == KO_OK && !thresholds)
        st = ko_fail(err, KO_E_NOMEM, "%zu thresholds", files->count);
    for (size_t i = 0; thresholds && i < files->count; i++)
        thresholds[i] = options->threshold;
    counts->fingerprints = all->n;
    if (st == KO_OK)
        st = ko_collection_build(all->entries, all->n, thresholds, files->count, all->n,
                                 &all->collection, err);
    ko_free(thresholds);
    return st;
}

/* What a claim needs to be told: lists, options and the photos that were asked about. */
typedef struct asking {
    const originals *all;
    const ko_paths *original_files;
    const ko_photo_reading *photos;
    const uint32_t *asked; /* query number -> index into photos */
    const ko_pairs_options *options;
    ko_pairs_counts *counts;
} asking;

static ko_status on_found(void *context, const ko_found *found)
{
    const asking *a = context;
    const ko_fp_variant *variant = &a->all->variants[found->entry];
    a->counts->claims++;
    const ko_claim claim = {
        .listing = a->photos[a->asked[found->photo]].path,
        .original = a->original_files->path[found->work],
        .method = "whole",
        .score = found->score,
        .distance = found->distance,
        .orientation = (ko_orientation)variant->orientation,
        .ground = variant->has_ground ? variant->ground : -1,
    };
    return a->options->on_claim(a->options->context, &claim);
}

static ko_status ask_chunk(asking *a, ko_photo_reading *photos, size_t n, ko_error *err)
{
    ko_fp fps[LISTINGS_CHUNK];
    uint32_t asked[LISTINGS_CHUNK];
    size_t n_asked = 0;
    ko_status st = ko_photos_read(photos, n, a->options->jobs);
    if (st != KO_OK)
        return ko_fail(err, st, "stopped");
    for (size_t i = 0; i < n; i++) {
        if (photos[i].status != KO_OK) {
            ko_problem(a->options->problems, "%s", photos[i].error.text);
            continue;
        }
        a->counts->listings++;
        if (photos[i].picture.quality < KO_FP_QUALITY_MIN)
            continue;
        fps[n_asked] = photos[i].fp;
        asked[n_asked++] = (uint32_t)i;
    }
    a->photos = photos;
    a->asked = asked;
    return ko_collection_ask(a->all->collection, fps, n_asked, on_found, a, err);
}

static ko_status ask_listings(asking *a, const ko_paths *files, ko_error *err)
{
    ko_photo_reading *photos = ko_alloc_array(LISTINGS_CHUNK, sizeof *photos);
    if (!photos)
        return ko_fail(err, KO_E_NOMEM, "%d listing pictures", LISTINGS_CHUNK);
    ko_progress progress;
    ko_progress_start(&progress, "listing pictures", files->count);
    ko_status st = KO_OK;
    for (size_t first = 0; st == KO_OK && first < files->count; first += LISTINGS_CHUNK) {
        const size_t left = files->count - first;
        const size_t n = left < LISTINGS_CHUNK ? left : LISTINGS_CHUNK;
        memset(photos, 0, n * sizeof *photos);
        for (size_t i = 0; i < n; i++)
            photos[i].path = files->path[first + i];
        st = ask_chunk(a, photos, n, err);
        ko_progress_show(&progress, first + n);
    }
    ko_progress_end(&progress);
    ko_free(photos);
    return st;
}

ko_status ko_pairs(const ko_paths *original_files, const ko_paths *listing_files,
                   const ko_pairs_options *options, ko_pairs_counts *out_counts, ko_error *err)
{
    assert(options->on_claim && options->problems && options->jobs);
    ko_pairs_counts counts = {0};
    originals all = {0};
    asking a = {
        .all = &all, .original_files = original_files, .options = options, .counts = &counts};
    ko_status st = read_originals(&all, original_files, options, &counts, err);
    if (st == KO_OK)
        st = ask_listings(&a, listing_files, err);
    if (st == KO_OK)
        *out_counts = counts;
    ko_collection_free(all.collection);
    ko_free(all.entries);
    ko_free(all.variants);
    return st;
}
