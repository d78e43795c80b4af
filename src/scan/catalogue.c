#include "scan/catalogue.h"

#include "base/alloc.h"

#include <assert.h>
#include <string.h>

/* Makes room for one more; the arrays double. */
static void *grown(void *items, size_t n, size_t *capacity, size_t size)
{
    if (n < *capacity)
        return items;
    const size_t more = *capacity ? 2 * *capacity : 64;
    void *block = ko_realloc(items, n * size, more * size);
    if (block)
        *capacity = more;
    return block;
}

typedef struct loading {
    ko_catalogue *catalogue;
    double threshold; /* the collection's */
} loading;

static ko_status load_work(void *context, const ko_work *work)
{
    const loading *l = context;
    ko_catalogue *c = l->catalogue;
    ko_catalogue_work *works = grown(c->works, c->n_works, &c->works_capacity, sizeof *works);
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

static ko_status load_view(void *context, const ko_view *view)
{
    const loading *l = context;
    ko_catalogue *c = l->catalogue;
    c->last_view_id = view->id; /* views come in order */
    for (size_t i = 0; i < view->n_variants; i++) {
        ko_catalogue_entry *entries =
            grown(c->entries, c->n_entries, &c->entries_capacity, sizeof *entries);
        if (!entries)
            return KO_E_NOMEM;
        c->entries = entries;
        entries[c->n_entries++] = (ko_catalogue_entry){
            .variant = view->variants[i],
            .view_id = view->id,
            .work = place_of(c, view->work_id),
        };
    }
    return KO_OK;
}

ko_status ko_catalogue_load(ko_store *store, ko_catalogue *out_catalogue, ko_error *err)
{
    ko_catalogue catalogue = {0};
    loading l = {.catalogue = &catalogue};
    /* One transaction, so that works and views are of one moment: another process may be
     * adding some. */
    ko_status st = ko_store_begin(store, err);
    if (st != KO_OK)
        return st;
    st = ko_store_threshold(store, &l.threshold, err);
    if (st == KO_OK)
        st = ko_work_each(store, 0, load_work, &l, err);
    if (st == KO_OK)
        st = ko_view_each(store, 0, true, load_view, &l, err);
    ko_store_rollback(store);
    if (st == KO_E_NOMEM)
        (void)ko_fail(err, st, "%zu works with %zu fingerprints", catalogue.n_works,
                      catalogue.n_entries);
    if (st == KO_OK)
        *out_catalogue = catalogue;
    else
        ko_catalogue_free(&catalogue);
    return st;
}

void ko_catalogue_free(ko_catalogue *catalogue)
{
    ko_free(catalogue->works);
    ko_free(catalogue->entries);
    *catalogue = (ko_catalogue){0};
}

ko_status ko_catalogue_collect(const ko_catalogue *c, int64_t photo_id,
                               ko_collection **out_collection, uint32_t **out_entries,
                               ko_error *err)
{
    ko_collection_entry *entries = ko_alloc_array(c->n_entries, sizeof *entries);
    uint32_t *places = ko_alloc_array(c->n_entries, sizeof *places);
    double *thresholds = ko_alloc_array(c->n_works, sizeof *thresholds);
    ko_status st = KO_OK;
    if (!entries || !places || !thresholds) {
        st = ko_fail(err, KO_E_NOMEM, "%zu fingerprints", c->n_entries);
        goto done;
    }
    for (size_t i = 0; i < c->n_works; i++)
        thresholds[i] = c->works[i].threshold;
    size_t n = 0;
    for (size_t i = 0; i < c->n_entries; i++) {
        const ko_catalogue_entry *entry = &c->entries[i];
        if (c->works[entry->work].compared_to > photo_id)
            continue;
        entries[n] = (ko_collection_entry){entry->variant.fp, entry->work};
        places[n++] = (uint32_t)i;
    }
    st = ko_collection_build(entries, n, thresholds, c->n_works, c->n_entries, out_collection, err);
    if (st == KO_OK) {
        *out_entries = places;
        places = NULL;
    }
done:
    ko_free(entries);
    ko_free(places);
    ko_free(thresholds);
    return st;
}
