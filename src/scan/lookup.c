#include "scan/lookup.h"

#include "base/alloc.h"
#include "scan/catalogue.h"

#include <knockoff/match.h>

#include <assert.h>
#include <stdint.h>

#define CHUNK 65536 /* photos in memory at once */

struct ko_lookup {
    ko_store *store;
    ko_lookup_options options;
    ko_catalogue catalogue;
    ko_finder *finder;
};

ko_status ko_lookup_begin(ko_store *store, const ko_lookup_options *options, ko_problems *problems,
                          ko_lookup **out_lookup, ko_error *err)
{
    assert(options->on_work && options->on_photo && options->jobs);
    ko_lookup *l = ko_alloc_zero(1, sizeof *l);
    if (!l)
        return ko_fail(err, KO_E_NOMEM, "looking up");
    l->store = store;
    l->options = *options;
    ko_status st = ko_catalogue_load(store, options->jobs, problems, &l->catalogue, err);
    for (size_t i = 0; st == KO_OK && i < l->catalogue.n_works; i++)
        l->catalogue.works[i].threshold = options->threshold;
    if (st == KO_OK)
        st = ko_catalogue_finder(&l->catalogue, INT64_MAX, options->jobs, &l->finder, err);
    if (st == KO_OK)
        *out_lookup = l;
    else
        ko_lookup_end(l);
    return st;
}

void ko_lookup_end(ko_lookup *lookup)
{
    if (!lookup)
        return;
    ko_finder_free(lookup->finder);
    ko_catalogue_free(&lookup->catalogue);
    ko_free(lookup);
}

/* --- works --- */

typedef struct work_name {
    const ko_lookup_options *options;
    const ko_evidence *evidence;
} work_name;

static ko_status with_name(void *context, const ko_work *work)
{
    const work_name *w = context;
    const ko_lookup_work found = {
        .serial = work->serial, .title = work->fields.title, .evidence = w->evidence};
    return w->options->on_work(w->options->context, &found);
}

static ko_status tell_works(const ko_lookup *l, const ko_claims *claims, ko_error *err)
{
    ko_status st = KO_OK;
    for (size_t i = 0; st == KO_OK && i < claims->n; i++) {
        const ko_claim *claim = &claims->items[i];
        work_name named = {.options = &l->options, .evidence = &claim->evidence};
        st = ko_work_each(l->store, l->catalogue.works[claim->work].id, with_name, &named, err);
    }
    return st;
}

/* --- photos seen --- */

/* The picture in its orientations against the photos one by one: they stream out of the
 * database at a tenth of the speed at which eight distances are counted, so an index over
 * them would only be built to be thrown away. */
typedef struct photos_lookup {
    const ko_fp *fps; /* of the picture, by orientation */
    const ko_lookup_options *options;
    size_t n_tests; /* comparisons that scores account for */
    unsigned radius;
    size_t n_photos;
    int64_t last_id;
} photos_lookup;

static ko_status on_photo(void *context, const ko_photo *photo)
{
    photos_lookup *l = context;
    l->n_photos++;
    l->last_id = photo->id;
    if (photo->state != KO_PHOTO_READ || photo->quality < KO_FP_QUALITY_MIN)
        return KO_OK;
    unsigned nearest = KO_FP_BITS + 1;
    ko_orientation orientation = KO_ORIENT_NONE;
    for (unsigned o = 0; o < KO_ORIENT_COUNT; o++) {
        const unsigned distance = ko_fp_distance(&l->fps[o], &photo->fp);
        if (distance < nearest) {
            nearest = distance;
            orientation = (ko_orientation)o;
        }
    }
    if (nearest > l->radius)
        return KO_OK;
    const ko_lookup_photo found = {
        .photo = photo,
        .score = ko_score_whole(nearest, l->n_tests),
        .distance = nearest,
        .orientation = orientation,
    };
    return l->options->on_photo(l->options->context, &found);
}

ko_status ko_lookup_photos(ko_store *store, const ko_fp fps[KO_ORIENT_COUNT],
                           const ko_lookup_options *options, ko_error *err)
{
    ko_photo_counts counts;
    ko_status st = ko_photo_count(store, &counts, err);
    if (st != KO_OK)
        return st;
    const size_t n_tests = KO_ORIENT_COUNT * (size_t)counts.photos;
    const int radius = ko_score_whole_radius(options->threshold, n_tests);
    if (radius < 0)
        return KO_OK;
    photos_lookup l = {
        .fps = fps, .options = options, .n_tests = n_tests, .radius = (unsigned)radius};
    do {
        l.n_photos = 0;
        st = ko_photo_each(store, l.last_id, INT64_MAX, CHUNK, on_photo, &l, err);
    } while (st == KO_OK && l.n_photos == CHUNK);
    return st;
}

static ko_status look_up(ko_lookup *lookup, ko_photo_reading *reading, ko_picture *out_picture,
                         ko_error *err)
{
    ko_status st = ko_photos_read(reading, 1, lookup->finder, 1);
    if (st != KO_OK)
        (void)ko_fail(err, st, st == KO_E_STOPPED ? "stopped" : "reading a picture");
    else if (reading->status != KO_OK)
        st = ko_fail(err, reading->status, "%s", reading->error.text);
    if (st == KO_OK)
        st = tell_works(lookup, &reading->claims, err);
    if (st == KO_OK && reading->picture.quality >= KO_FP_QUALITY_MIN)
        st = ko_lookup_photos(lookup->store, reading->fps, &lookup->options, err);
    *out_picture = reading->picture;
    ko_photo_reading_free(reading);
    return st;
}

ko_status ko_lookup_picture(ko_lookup *lookup, const char *path, ko_picture *out_picture,
                            ko_error *err)
{
    ko_photo_reading reading = {.name = path, .file = {.path = path}};
    return look_up(lookup, &reading, out_picture, err);
}

ko_status ko_lookup_bytes(ko_lookup *lookup, const char *name, const void *bytes, size_t size,
                          ko_picture *out_picture, ko_error *err)
{
    assert(bytes);
    ko_photo_reading reading = {.name = name, .bytes = bytes, .size = size};
    return look_up(lookup, &reading, out_picture, err);
}
