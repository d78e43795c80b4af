#include "scan/pairs.h"

#include "base/alloc.h"
#include "base/progress.h"
#include "scan/picture.h"

#include <assert.h>
#include <string.h>

#define LISTINGS_CHUNK 64

/* The originals that could be read, in the order of their files, one work each. */
typedef struct originals {
    ko_original_reading *readings; /* of all files */
    ko_finder_view *views;
    const char **paths; /* by view */
    double *thresholds;
    size_t n;
    ko_finder *finder;
} originals;

static void take_readings(originals *all, size_t n_files, const ko_pairs_options *options,
                          ko_pairs_counts *counts)
{
    for (size_t i = 0; i < n_files; i++) {
        const ko_original_reading *r = &all->readings[i];
        if (r->status != KO_OK) {
            ko_problem(options->problems, "%s", r->error.text);
            continue;
        }
        counts->originals++;
        counts->plain += ko_original_is_plain(r);
        counts->fingerprints += r->n_variants;
        all->thresholds[all->n] = options->threshold;
        all->views[all->n] = (ko_finder_view){.work = (uint32_t)all->n,
                                              .variants = r->variants,
                                              .n_variants = r->n_variants,
                                              .part = r->part};
        all->paths[all->n++] = r->path;
    }
}

static ko_status read_originals(originals *all, const ko_paths *files,
                                const ko_pairs_options *options, ko_pairs_counts *counts,
                                ko_error *err)
{
    const size_t n = files->count;
    all->readings = ko_alloc_zero(n, sizeof *all->readings);
    all->views = ko_alloc_array(n, sizeof *all->views);
    all->paths = ko_alloc_array(n, sizeof(const char *));
    all->thresholds = ko_alloc_array(n, sizeof *all->thresholds);
    if (!all->readings || !all->views || !all->paths || !all->thresholds)
        return ko_fail(err, KO_E_NOMEM, "%zu originals", n);
    for (size_t i = 0; i < n; i++)
        all->readings[i].path = files->path[i];
    ko_status st = ko_originals_read(all->readings, n, options->jobs);
    if (st != KO_OK)
        return ko_fail(err, st, "stopped");
    take_readings(all, n, options, counts);
    const ko_finder_works works = {
        .views = all->views, .n_views = all->n, .thresholds = all->thresholds, .n_works = all->n};
    return ko_finder_build(&works, options->jobs, &all->finder, err);
}

static void originals_free(originals *all, size_t n_files)
{
    ko_finder_free(all->finder);
    for (size_t i = 0; all->readings && i < n_files; i++)
        ko_original_free(&all->readings[i]);
    ko_free(all->readings);
    ko_free(all->views);
    ko_free((void *)all->paths);
    ko_free(all->thresholds);
}

/* --- listings --- */

static ko_status tell(const originals *all, const ko_photo_reading *photo,
                      const ko_pairs_options *options, ko_pairs_counts *counts)
{
    if (photo->status != KO_OK) {
        ko_problem(options->problems, "%s", photo->error.text);
        return KO_OK;
    }
    counts->listings++;
    ko_status st = KO_OK;
    for (size_t i = 0; st == KO_OK && i < photo->claims.n; i++) {
        const ko_claim *claim = &photo->claims.items[i];
        const ko_pair pair = {.listing = photo->name,
                              .original = all->paths[claim->view],
                              .evidence = &claim->evidence};
        counts->claims++;
        st = options->on_pair(options->context, &pair);
    }
    return st;
}

static ko_status ask_chunk(const originals *all, char *const *files, size_t n,
                           const ko_pairs_options *options, ko_pairs_counts *counts, ko_error *err)
{
    ko_photo_reading *photos = ko_alloc_zero(n, sizeof *photos);
    if (!photos)
        return ko_fail(err, KO_E_NOMEM, "%zu listing pictures", n);
    for (size_t i = 0; i < n; i++)
        photos[i] = (ko_photo_reading){.name = files[i], .file = {.path = files[i]}};
    ko_status st = ko_photos_read(photos, n, all->finder, options->jobs);
    if (st != KO_OK)
        (void)ko_fail(err, st, st == KO_E_STOPPED ? "stopped" : "a chunk of listing pictures");
    for (size_t i = 0; st == KO_OK && i < n; i++)
        st = tell(all, &photos[i], options, counts);
    for (size_t i = 0; i < n; i++)
        ko_photo_reading_free(&photos[i]);
    ko_free(photos);
    return st;
}

static ko_status ask_listings(const originals *all, const ko_paths *files,
                              const ko_pairs_options *options, ko_pairs_counts *counts,
                              ko_error *err)
{
    ko_progress progress;
    ko_progress_start(&progress, "listing pictures", files->count);
    ko_status st = KO_OK;
    for (size_t first = 0; st == KO_OK && first < files->count; first += LISTINGS_CHUNK) {
        const size_t left = files->count - first;
        const size_t n = left < LISTINGS_CHUNK ? left : LISTINGS_CHUNK;
        st = ask_chunk(all, files->path + first, n, options, counts, err);
        ko_progress_show(&progress, first + n);
    }
    ko_progress_end(&progress);
    return st;
}

ko_status ko_pairs(const ko_paths *original_files, const ko_paths *listing_files,
                   const ko_pairs_options *options, ko_pairs_counts *out_counts, ko_error *err)
{
    assert(options->on_pair && options->problems && options->jobs);
    ko_pairs_counts counts = {0};
    originals all = {0};
    ko_status st = read_originals(&all, original_files, options, &counts, err);
    if (st == KO_OK)
        st = ask_listings(&all, listing_files, options, &counts, err);
    if (st == KO_OK)
        *out_counts = counts;
    originals_free(&all, original_files->count);
    return st;
}
