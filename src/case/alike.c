#include "case/alike.h"

#include "base/alloc.h"
#include "store/leader.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* --- of one candidate --- */

typedef struct finding {
    ko_store *store;
    ko_alikes *alikes;
    const ko_chosen *chosen;
    ko_candidate_state state;
    int64_t photo_id; /* by which the one that is being looked at was sorted */
    ko_error *err;
} finding;

static bool may_become(const ko_candidate *c, ko_candidate_state state)
{
    if (state == KO_CANDIDATE_OPEN)
        return c->state > KO_CANDIDATE_OPEN && c->state <= KO_CANDIDATE_LICENSED;
    return c->state == KO_CANDIDATE_OPEN && c->match.evidence.score >= c->threshold;
}

static ko_status on_candidate(void *context, const ko_candidate *c)
{
    const finding *f = context;
    ko_alikes *alikes = f->alikes;
    if (!may_become(c, f->state))
        return KO_OK;
    if (c->photo->id != f->photo_id) {
        alikes->left_out++;
        return KO_OK;
    }
    ko_chosen *of = ko_grown(alikes->of, alikes->n, &alikes->capacity, sizeof *of);
    if (!of)
        return ko_fail(f->err, KO_E_NOMEM, "%zu candidates", alikes->n);
    alikes->of = of;
    of[alikes->n++] = ko_chosen_of(c);
    return KO_OK;
}

static ko_status on_member(void *context, int64_t candidate_id, int64_t photo_id)
{
    finding *f = context;
    const ko_candidate_filter one = {.id = candidate_id};
    f->photo_id = photo_id;
    return candidate_id == f->chosen->id
               ? KO_OK
               : ko_candidate_each(f->store, &one, on_candidate, f, f->err);
}

/* Was the picture that was looked at the one by which it was sorted? */
typedef struct own_photo {
    const ko_chosen *chosen;
    bool same;
} own_photo;

static ko_status look_for_own(void *context, int64_t candidate_id, int64_t photo_id)
{
    own_photo *own = context;
    own->same |= candidate_id == own->chosen->id && photo_id == own->chosen->photo_id;
    return KO_OK;
}

ko_status ko_alikes_add(ko_alikes *alikes, ko_store *store, const ko_chosen *chosen,
                        ko_candidate_state state, ko_error *err)
{
    finding f = {store, alikes, chosen, state, 0, err};
    own_photo own = {chosen, false};
    const size_t before = alikes->n;
    ko_status st = ko_cluster_each(store, chosen->id, look_for_own, &own, err);
    if (st == KO_OK)
        st = ko_cluster_each(store, chosen->id, on_member, &f, err);
    if (st == KO_OK && !own.same) {
        alikes->left_out += alikes->n - before;
        alikes->n = before;
    }
    return st;
}

void ko_alikes_free(ko_alikes *alikes)
{
    ko_free(alikes->of);
    *alikes = (ko_alikes){0};
}

/* One candidate whose others are asked for. */
typedef struct asking {
    ko_store *store;
    ko_alikes alikes;
    ko_error *err;
} asking;

static ko_status on_asked(void *context, const ko_candidate *c)
{
    asking *a = context;
    const ko_chosen chosen = ko_chosen_of(c);
    return ko_alikes_add(&a->alikes, a->store, &chosen, KO_CANDIDATE_ACCEPTED, a->err);
}

ko_status ko_alikes_json(ko_store *store, int64_t candidate_id, json_t **out_array, ko_error *err)
{
    asking a = {.store = store, .err = err};
    const ko_candidate_filter one = {.id = candidate_id};
    ko_status st = ko_candidate_each(store, &one, on_asked, &a, err);
    json_t *array = json_array();
    for (size_t i = 0; st == KO_OK && i < a.alikes.n; i++)
        if (json_array_append_new(array, json_integer(a.alikes.of[i].id)) != 0)
            st = ko_fail(err, KO_E_NOMEM, "what is like candidate %lld", (long long)candidate_id);
    ko_alikes_free(&a.alikes);
    if (st == KO_OK)
        *out_array = array;
    else
        json_decref(array);
    return st;
}

/* --- of several --- */

static int by_id(const void *a, const void *b)
{
    const ko_chosen *x = a, *y = b;
    return (x->id > y->id) - (x->id < y->id);
}

/* Moves those that were not chosen, each once, behind the n that were. */
static size_t append_others(ko_chosen *out, size_t n, const ko_chosen *sorted, ko_alikes *alikes)
{
    size_t added = 0;
    if (alikes->n > 1)
        qsort(alikes->of, alikes->n, sizeof *alikes->of, by_id);
    for (size_t i = 0; i < alikes->n; i++) {
        const ko_chosen *other = &alikes->of[i];
        const bool twice = i > 0 && other->id == alikes->of[i - 1].id;
        if (!twice && !bsearch(other, sorted, n, sizeof *sorted, by_id))
            out[n + added++] = *other;
    }
    return added;
}

/* A cluster of which something was chosen. */
typedef struct cluster {
    int64_t leader;
    const ko_chosen *chosen;
} cluster;

static int by_leader(const void *a, const void *b)
{
    const cluster *x = a, *y = b;
    if (x->leader != y->leader)
        return x->leader < y->leader ? -1 : 1;
    return (x->chosen > y->chosen) - (x->chosen < y->chosen);
}

/* A cluster is looked at once, however many of it were chosen. */
static ko_status add_all(ko_alikes *alikes, ko_store *store, const ko_chosen *chosen, size_t n,
                         ko_candidate_state state, ko_error *err)
{
    cluster *clusters = ko_alloc_array(n, sizeof *clusters);
    if (!clusters)
        return ko_fail(err, KO_E_NOMEM, "%zu candidates", n);
    ko_status st = KO_OK;
    for (size_t i = 0; st == KO_OK && i < n; i++) {
        clusters[i].chosen = &chosen[i];
        st = ko_leader_of(store, chosen[i].id, &clusters[i].leader, err);
    }
    if (st == KO_OK)
        qsort(clusters, n, sizeof *clusters, by_leader);
    for (size_t i = 0; st == KO_OK && i < n; i++)
        if (i == 0 || clusters[i].leader != clusters[i - 1].leader)
            st = ko_alikes_add(alikes, store, clusters[i].chosen, state, err);
    ko_free(clusters);
    return st;
}

ko_status ko_alikes_with(ko_store *store, const ko_chosen *chosen, size_t n,
                         ko_candidate_state state, ko_chosen **out_chosen, size_t *out_alike,
                         size_t *out_left_out, ko_error *err)
{
    assert(n > 0);
    ko_alikes alikes = {0};
    ko_chosen *all = NULL;
    ko_chosen *sorted = ko_alloc_array(n, sizeof *sorted);
    ko_status st = sorted ? KO_OK : ko_fail(err, KO_E_NOMEM, "%zu candidates", n);
    if (st == KO_OK)
        st = add_all(&alikes, store, chosen, n, state, err);
    if (st == KO_OK)
        all = ko_alloc_array(n + alikes.n, sizeof *all);
    if (st == KO_OK && !all)
        st = ko_fail(err, KO_E_NOMEM, "%zu candidates", n + alikes.n);
    if (sorted && all) {
        memcpy(all, chosen, n * sizeof *all);
        memcpy(sorted, chosen, n * sizeof *sorted);
        qsort(sorted, n, sizeof *sorted, by_id);
        *out_alike = append_others(all, n, sorted, &alikes);
        *out_left_out = alikes.left_out;
        *out_chosen = all;
    }
    ko_alikes_free(&alikes);
    ko_free(sorted);
    return st;
}
