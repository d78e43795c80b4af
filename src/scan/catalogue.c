#include "scan/catalogue.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "scan/picture.h"

#include <assert.h>
#include <math.h>
#include <string.h>

/* --- loading --- */

/* A view without a part that can be read. */
typedef struct missing {
    uint32_t view;
    char *path;
    uint8_t sha256[KO_SHA256_SIZE];
} missing;

typedef struct loading {
    ko_catalogue *catalogue;
    double threshold; /* the collection's */
    missing *missing;
    size_t n_missing, missing_capacity;
} loading;

static ko_status load_work(void *context, const ko_work *work)
{
    const loading *l = context;
    ko_catalogue *c = l->catalogue;
    ko_catalogue_work *works = ko_grown(c->works, c->n_works, &c->works_capacity, sizeof *works);
    if (!works)
        return KO_E_NOMEM;
    c->works = works;
    const double threshold = work->fields.threshold ? *work->fields.threshold : l->threshold;
    works[c->n_works++] = (ko_catalogue_work){
        .id = work->id,
        .threshold = threshold,
        .compared_to = threshold < work->compared_score ? 0 : work->compared_to,
    };
    return KO_OK;
}

/* Works come in order of id. */
static uint32_t place_of(const ko_catalogue *c, int64_t work_id)
{
    size_t low = 0, high = c->n_works;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (c->works[middle].id < work_id)
            low = middle + 1;
        else
            high = middle;
    }
    assert(low < c->n_works && c->works[low].id == work_id);
    return (uint32_t)low;
}

/* A zeroed view at the end. */
static ko_finder_view *new_view(ko_catalogue *c, int64_t id)
{
    size_t capacity = c->views_capacity;
    int64_t *ids = ko_grown(c->view_ids, c->n_views, &capacity, sizeof *ids);
    if (ids)
        c->view_ids = ids;
    ko_finder_view *views = ko_grown(c->views, c->n_views, &c->views_capacity, sizeof *views);
    if (views)
        c->views = views;
    if (!ids || !views)
        return NULL;
    ids[c->n_views] = id;
    views[c->n_views] = (ko_finder_view){0};
    return &views[c->n_views++];
}

static ko_status note_missing(loading *l, uint32_t view, const ko_view *row)
{
    missing *all = ko_grown(l->missing, l->n_missing, &l->missing_capacity, sizeof *all);
    if (!all)
        return KO_E_NOMEM;
    l->missing = all;
    missing *m = &all[l->n_missing];
    *m = (missing){.view = view, .path = ko_strdup(row->path)};
    memcpy(m->sha256, row->sha256, sizeof m->sha256);
    if (!m->path)
        return KO_E_NOMEM;
    l->n_missing++;
    return KO_OK;
}

/* What cannot be read, because it is damaged or of another version, is made again. */
static ko_status load_part(loading *l, const ko_view *row, uint32_t place)
{
    ko_part_view *part = NULL;
    if (row->part) {
        const ko_status st = ko_part_view_unpack(row->part, row->part_bytes, &part, NULL);
        l->catalogue->views[place].part = part;
        if (st == KO_OK || st == KO_E_NOMEM)
            return st;
    }
    return note_missing(l, place, row);
}

static ko_status load_view(void *context, const ko_view *row)
{
    loading *l = context;
    ko_catalogue *c = l->catalogue;
    ko_finder_view *view = new_view(c, row->id);
    ko_fp_variant *variants = ko_alloc_array(row->n_variants, sizeof *variants);
    if (!view || !variants) {
        ko_free(variants);
        return KO_E_NOMEM;
    }
    if (row->n_variants)
        memcpy(variants, row->variants, row->n_variants * sizeof *variants);
    view->work = place_of(c, row->work_id);
    view->variants = variants;
    view->n_variants = row->n_variants;
    c->n_fingerprints += row->n_variants;
    c->last_view_id = row->id; /* views come in order */
    return load_part(l, row, (uint32_t)(c->n_views - 1));
}

/* One transaction, so that works and views are of one moment: another process may be
 * adding some. */
static ko_status load(loading *l, ko_store *store, ko_error *err)
{
    ko_status st = ko_store_begin_reading(store, err);
    if (st != KO_OK)
        return st;
    st = ko_store_threshold(store, &l->threshold, err);
    if (st == KO_OK)
        st = ko_work_brief_each(store, 0, load_work, l, err);
    if (st == KO_OK)
        st = ko_view_each(store, 0, true, load_view, l, err);
    ko_store_rollback(store);
    return st;
}

/* --- what an older Knockoff did not keep --- */

static ko_status store_part(ko_store *store, int64_t view_id, const ko_original_reading *original,
                            ko_error *err)
{
    ko_buf packed = KO_BUF(KO_MAX_PART_BYTES);
    ko_status st = ko_part_view_pack(original->part, &packed, err);
    if (st == KO_OK)
        st = ko_view_set_part(store, view_id, packed.data, packed.size, original->robustness, err);
    ko_buf_free(&packed);
    return st;
}

static ko_status take_part(ko_catalogue *c, ko_store *store, const missing *m,
                           ko_original_reading *original, ko_problems *problems, ko_error *err)
{
    if (original->status != KO_OK) {
        ko_problem(problems, "%s; it is looked for as a whole picture alone", original->error.text);
        return KO_OK;
    }
    if (memcmp(original->picture.sha256, m->sha256, sizeof m->sha256) != 0) {
        ko_problem(problems,
                   "%s: changed since it was added; it is looked for as a whole picture alone",
                   m->path);
        return KO_OK;
    }
    const ko_status st = store_part(store, c->view_ids[m->view], original, err);
    c->views[m->view].part = original->part;
    original->part = NULL;
    return st;
}

static ko_status describe(loading *l, ko_store *store, unsigned jobs, ko_problems *problems,
                          ko_error *err)
{
    ko_original_reading *originals = ko_alloc_zero(l->n_missing, sizeof *originals);
    if (!originals)
        return ko_fail(err, KO_E_NOMEM, "%zu originals", l->n_missing);
    for (size_t i = 0; i < l->n_missing; i++)
        originals[i] = (ko_original_reading){.path = l->missing[i].path, .with_trial = true};
    ko_status st = ko_originals_read(originals, l->n_missing, jobs);
    for (size_t i = 0; st == KO_OK && i < l->n_missing; i++)
        st = take_part(l->catalogue, store, &l->missing[i], &originals[i], problems, err);
    for (size_t i = 0; i < l->n_missing; i++)
        ko_original_free(&originals[i]);
    ko_free(originals);
    return st == KO_E_STOPPED ? ko_fail(err, st, "stopped") : st;
}

ko_status ko_catalogue_load(ko_store *store, unsigned jobs, ko_problems *problems,
                            ko_catalogue *out_catalogue, ko_error *err)
{
    ko_catalogue catalogue = {0};
    loading l = {.catalogue = &catalogue};
    ko_status st = load(&l, store, err);
    if (st == KO_OK && l.n_missing)
        st = describe(&l, store, jobs, problems, err);
    if (st == KO_E_NOMEM)
        (void)ko_fail(err, st, "%zu works with %zu fingerprints", catalogue.n_works,
                      catalogue.n_fingerprints);
    for (size_t i = 0; i < l.n_missing; i++)
        ko_free(l.missing[i].path);
    ko_free(l.missing);
    if (st == KO_OK)
        *out_catalogue = catalogue;
    else
        ko_catalogue_free(&catalogue);
    return st;
}

void ko_catalogue_free(ko_catalogue *catalogue)
{
    for (size_t i = 0; i < catalogue->n_views; i++) {
        ko_free((void *)catalogue->views[i].variants);
        ko_part_view_free((ko_part_view *)catalogue->views[i].part);
    }
    ko_free(catalogue->works);
    ko_free(catalogue->views);
    ko_free(catalogue->view_ids);
    *catalogue = (ko_catalogue){0};
}

/* --- finding --- */

ko_status ko_catalogue_finder(const ko_catalogue *c, int64_t photo_id, unsigned jobs,
                              ko_finder **out_finder, ko_error *err)
{
    double *thresholds = ko_alloc_array(c->n_works, sizeof *thresholds);
    if (!thresholds)
        return ko_fail(err, KO_E_NOMEM, "%zu works", c->n_works);
    for (size_t i = 0; i < c->n_works; i++)
        thresholds[i] = c->works[i].compared_to > photo_id ? INFINITY : c->works[i].threshold;
    const ko_finder_works works = {
        .views = c->views, .n_views = c->n_views, .thresholds = thresholds, .n_works = c->n_works};
    const ko_status st = ko_finder_build(&works, jobs, out_finder, err);
    ko_free(thresholds);
    return st;
}
