#include "scan/lookup.h"

#include "base/alloc.h"
#include "scan/catalogue.h"

#include <assert.h>
#include <math.h>
#include <stdint.h>

struct ko_lookup {
    ko_catalogue catalogue;
    ko_finder *finder;
    double threshold; /* of photos */
};

ko_status ko_lookup_open(ko_store *store, double threshold, unsigned jobs, ko_problems *problems,
                         ko_lookup **out_lookup, ko_error *err)
{
    assert(jobs);
    ko_lookup *l = ko_alloc_zero(1, sizeof *l);
    if (!l)
        return ko_fail(err, KO_E_NOMEM, "looking up");
    l->threshold = threshold;
    ko_status st = isnan(threshold) ? ko_store_threshold(store, &l->threshold, err) : KO_OK;
    if (st == KO_OK)
        st = ko_catalogue_load(store, jobs, problems, &l->catalogue, err);
    for (size_t i = 0; !isnan(threshold) && i < l->catalogue.n_works; i++)
        l->catalogue.works[i].threshold = threshold;
    if (st == KO_OK)
        st = ko_catalogue_finder(&l->catalogue, INT64_MAX, jobs, &l->finder, err);
    if (st == KO_OK)
        *out_lookup = l;
    else
        ko_lookup_close(l);
    return st;
}

void ko_lookup_close(ko_lookup *lookup)
{
    if (!lookup)
        return;
    ko_finder_free(lookup->finder);
    ko_catalogue_free(&lookup->catalogue);
    ko_free(lookup);
}

void ko_looked_free(ko_looked *looked)
{
    ko_free(looked->works);
    ko_free(looked->photos);
    *looked = (ko_looked){0};
}

static ko_status tell_works(const ko_lookup *lookup, const ko_claims *claims, ko_looked *out,
                            ko_error *err)
{
    out->works = ko_alloc_array(claims->n, sizeof *out->works);
    if (!out->works)
        return ko_fail(err, KO_E_NOMEM, "%zu works", claims->n);
    for (; out->n_works < claims->n; out->n_works++) {
        const ko_claim *claim = &claims->items[out->n_works];
        out->works[out->n_works] =
            (ko_lookup_work){lookup->catalogue.works[claim->work].id, claim->evidence};
    }
    return KO_OK;
}

ko_status ko_lookup_ask(const ko_lookup *lookup, ko_album *album, const char *name,
                        const void *bytes, size_t size, ko_looked *out_looked, ko_error *err)
{
    ko_photo_reading reading = {.name = name, .file = {.path = name}, .bytes = bytes, .size = size};
    ko_looked looked = {.threshold = lookup->threshold};
    ko_status st = ko_photos_read(&reading, 1, lookup->finder, 1);
    if (st != KO_OK)
        (void)ko_fail(err, st, st == KO_E_STOPPED ? "stopped" : "reading a picture");
    else if (reading.status != KO_OK)
        st = ko_fail(err, reading.status, "%s", reading.error.text);
    if (st == KO_OK)
        st = tell_works(lookup, &reading.claims, &looked, err);
    if (st == KO_OK && reading.picture.quality >= KO_FP_QUALITY_MIN)
        st = ko_album_ask(album, reading.fps, lookup->threshold, &looked.photos, &looked.n_photos,
                          err);
    looked.picture = reading.picture;
    ko_photo_reading_free(&reading);
    if (st == KO_OK)
        *out_looked = looked;
    else
        ko_looked_free(&looked);
    return st;
}
