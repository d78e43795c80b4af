#include "scan/lookup.h"

#include "base/alloc.h"
#include "scan/catalogue.h"

#include <assert.h>
#include <stdint.h>

#define CHUNK 65536 /* photos in memory at once */

/* --- works --- */

typedef struct works_lookup {
    ko_store *store;
    const ko_lookup_options *options;
    const ko_catalogue *catalogue;
    const uint32_t *entries;
    ko_error *err;
} works_lookup;

typedef struct work_name {
    const ko_lookup_options *options;
    ko_lookup_work found;
} work_name;

static ko_status with_name(void *context, const ko_work *work)
{
    work_name *w = context;
    w->found.serial = work->serial;
    w->found.title = work->fields.title;
    return w->options->on_work(w->options->context, &w->found);
}

static ko_status on_found(void *context, const ko_found *found)
{
    const works_lookup *l = context;
    const ko_fp_variant *variant = &l->catalogue->entries[l->entries[found->entry]].variant;
    work_name named = {
        .options = l->options,
        .found = {.score = found->score,
                  .distance = found->distance,
                  .orientation = (ko_orientation)variant->orientation,
                  .ground = variant->has_ground ? variant->ground : -1},
    };
    return ko_work_each(l->store, l->catalogue->works[found->work].id, with_name, &named, l->err);
}

static ko_status look_for_works(ko_store *store, const ko_fp *fp, const ko_lookup_options *options,
                                ko_error *err)
{
    ko_catalogue catalogue = {0};
    ko_collection *collection = NULL;
    uint32_t *entries = NULL;
    ko_status st = ko_catalogue_load(store, &catalogue, err);
    for (size_t i = 0; st == KO_OK && i < catalogue.n_works; i++)
        catalogue.works[i].threshold = options->threshold;
    if (st == KO_OK)
        st = ko_catalogue_collect(&catalogue, INT64_MAX, &collection, &entries, err);
    works_lookup l = {.store = store,
                      .options = options,
                      .catalogue = &catalogue,
                      .entries = entries,
                      .err = err};
    if (st == KO_OK)
        st = ko_collection_ask(collection, fp, 1, on_found, &l, err);
    ko_collection_free(collection);
    ko_free(entries);
    ko_catalogue_free(&catalogue);
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

static ko_status look_for_photos(ko_store *store, const ko_fp *fps,
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

ko_status ko_lookup(ko_store *store, const char *path, const ko_lookup_options *options,
                    ko_picture *out_picture, ko_error *err)
{
    assert(options->on_work && options->on_photo);
    ko_fp fps[KO_ORIENT_COUNT];
    ko_status st = ko_photo_orientations(path, out_picture, fps, err);
    if (st != KO_OK || out_picture->quality < KO_FP_QUALITY_MIN)
        return st;
    st = look_for_works(store, &fps[KO_ORIENT_NONE], options, err);
    return st == KO_OK ? look_for_photos(store, fps, options, err) : st;
}
