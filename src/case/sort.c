/* A batch is read and thought about first, and then written at once: nobody else waits for
 * fingerprints to be compared. Two processes that sort at the same time come to the same, as
 * leaders are told in order of number. */
#include "case/sort.h"

#include "base/alloc.h"
#include "base/stop.h"
#include "case/flood.h"
#include "case/identity.h"
#include "case/rule.h"
#include "store/leader.h"
#include "store/tie.h"

#include <assert.h>
#include <string.h>

#define BATCH 200 /* candidates of a transaction, which takes some ten milliseconds */

/* The first one to show a picture. */
typedef struct leader {
    int64_t id;
    ko_traits picture;
} leader;

typedef struct work_leaders {
    int64_t work_id;
    leader *of;
    size_t n, room;
} work_leaders;

/* An item of an earlier notice. */
typedef struct old_case {
    int64_t item_id, work_id, listing_id;
    int64_t built_at, removed_at; /* as of a ko_tie_case */
    ko_notice_state state;
    size_t seller; /* SIZE_MAX: none is told */
    ko_traits picture;
} old_case;

typedef struct tie {
    ko_tie_kind kind;
    const old_case *to;
} tie;

/* A candidate that is being sorted. */
typedef struct fresh {
    int64_t id, work_id, listing_id, found_at, last_seen, leader;
    size_t seller;
    ko_traits picture;
    tie ties[KO_TIES_MOST];
    size_t n_ties;
} fresh;

typedef struct sorting {
    ko_store *store;
    ko_identities ids;
    old_case *cases; /* in order of work */
    size_t n_cases, room_cases;
    work_leaders *works; /* in order of work */
    size_t n_works, room_works;
    fresh batch[BATCH];
    size_t n;
    ko_sorted sorted;
    ko_error *err;
} sorting;

/* --- earlier cases --- */

static ko_status on_case(void *context, const ko_tie_case *c)
{
    sorting *s = context;
    old_case *cases = ko_grown(s->cases, s->n_cases, &s->room_cases, sizeof *cases);
    if (!cases)
        return ko_fail(s->err, KO_E_NOMEM, "%zu earlier cases", s->n_cases);
    const ko_seller told = ko_seller_told(c->platform, c->url, c->seller_id, c->seller);
    s->cases = cases;
    cases[s->n_cases++] = (old_case){.item_id = c->item_id,
                                     .work_id = c->work_id,
                                     .listing_id = c->listing_id,
                                     .built_at = c->built_at,
                                     .removed_at = c->removed_at,
                                     .state = c->state,
                                     .seller = ko_identities_seller(&s->ids, &told),
                                     .picture = c->picture};
    return KO_OK;
}

/* The first one of a work; *out_n are of it. */
static const old_case *cases_of(const sorting *s, int64_t work_id, size_t *out_n)
{
    size_t low = 0, high = s->n_cases, n = 0;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (s->cases[middle].work_id < work_id)
            low = middle + 1;
        else
            high = middle;
    }
    while (low + n < s->n_cases && s->cases[low + n].work_id == work_id)
        n++;
    *out_n = n;
    return s->cases + low;
}

/* --- ties --- */

/* Was it seen after it was removed, or is it known to be back or to stay? */
static bool is_back(const fresh *f, const old_case *c)
{
    const bool since = f->found_at >= c->built_at;
    return c->state == KO_NOTICE_REAPPEARED || (since && c->state == KO_NOTICE_RESTORED) ||
           (since && c->removed_at && f->found_at > c->removed_at && f->last_seen > c->removed_at);
}

/* False when nothing ties them. What was found before the notice was built waits with it and is
 * no new case. */
static bool find_kind(const fresh *f, const ko_traits_turned *turned, const old_case *c,
                      ko_tie_kind *out_kind)
{
    if (f->found_at < c->built_at)
        return false;
    const ko_alike alike = ko_traits_alike(turned, &c->picture);
    if (alike != KO_ALIKE_NOT)
        *out_kind = alike == KO_ALIKE_BYTES ? KO_TIE_PICTURE : KO_TIE_LOOKS;
    else
        *out_kind = KO_TIE_SELLER;
    return alike != KO_ALIKE_NOT || (f->seller != SIZE_MAX && f->seller == c->seller);
}

/* A lost case must not be crowded out by others of its kind, then removals tell most. */
static int weight_of(const old_case *c)
{
    return c->state == KO_NOTICE_RESTORED ? 2 : c->removed_at != 0;
}

static bool is_stronger(const tie *a, const tie *b)
{
    if (a->kind != b->kind)
        return a->kind < b->kind;
    const int x = weight_of(a->to), y = weight_of(b->to);
    return x != y ? x > y : a->to->item_id > b->to->item_id;
}

/* Keeps the strongest ones, in order. */
static void add_tie(fresh *f, tie added)
{
    size_t at = f->n_ties < KO_TIES_MOST ? f->n_ties++ : KO_TIES_MOST;
    for (; at > 0 && is_stronger(&added, &f->ties[at - 1]); at--)
        if (at < KO_TIES_MOST)
            f->ties[at] = f->ties[at - 1];
    if (at < KO_TIES_MOST)
        f->ties[at] = added;
}

/* A listing that was complained about itself goes on with its own case or with none. */
static void find_ties(const sorting *s, fresh *f, const ko_traits_turned *turned)
{
    size_t n;
    bool known = false;
    const old_case *cases = cases_of(s, f->work_id, &n);
    for (size_t i = 0; i < n; i++)
        if (cases[i].listing_id == f->listing_id) {
            known = true;
            if (is_back(f, &cases[i]))
                add_tie(f, (tie){KO_TIE_LISTING, &cases[i]});
        }
    for (size_t i = 0; !known && i < n; i++) {
        ko_tie_kind kind;
        if (find_kind(f, turned, &cases[i], &kind))
            add_tie(f, (tie){kind, &cases[i]});
    }
}

/* --- leaders --- */

static ko_status add_leader(work_leaders *w, int64_t id, const ko_traits *picture, ko_error *err)
{
    leader *of = ko_grown(w->of, w->n, &w->room, sizeof *of);
    if (!of)
        return ko_fail(err, KO_E_NOMEM, "%zu pictures of a work", w->n);
    w->of = of;
    of[w->n++] = (leader){id, *picture};
    return KO_OK;
}

typedef struct reading {
    work_leaders *into;
    ko_error *err;
} reading;

static ko_status on_leader(void *context, int64_t id, const ko_traits *picture)
{
    const reading *r = context;
    return add_leader(r->into, id, picture, r->err);
}

/* Where it stands among the works, or is to stand. */
static size_t place_of(const sorting *s, int64_t work_id)
{
    size_t low = 0, high = s->n_works;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (s->works[middle].work_id < work_id)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Those of a work are read when its first candidate comes. */
static ko_status leaders_of(sorting *s, int64_t work_id, work_leaders **out)
{
    const size_t at = place_of(s, work_id);
    if (at < s->n_works && s->works[at].work_id == work_id) {
        *out = &s->works[at];
        return KO_OK;
    }
    work_leaders *works = ko_grown(s->works, s->n_works, &s->room_works, sizeof *works);
    if (!works)
        return ko_fail(s->err, KO_E_NOMEM, "pictures of %zu works", s->n_works);
    s->works = works;
    memmove(works + at + 1, works + at, (s->n_works++ - at) * sizeof *works);
    works[at] = (work_leaders){.work_id = work_id};
    *out = &works[at];
    reading r = {*out, s->err};
    return ko_leader_each(s->store, work_id, on_leader, &r, s->err);
}

static ko_status find_leader(sorting *s, fresh *f, const ko_traits_turned *turned)
{
    work_leaders *w = NULL;
    const ko_status st = leaders_of(s, f->work_id, &w);
    if (st != KO_OK)
        return st;
    for (size_t i = 0; i < w->n; i++)
        if (w->of[i].id < f->id && ko_traits_alike(turned, &w->of[i].picture) != KO_ALIKE_NOT) {
            f->leader = w->of[i].id;
            return KO_OK;
        }
    f->leader = f->id;
    return add_leader(w, f->id, &f->picture, s->err);
}

/* --- a batch --- */

static ko_status on_unsorted(void *context, const ko_unsorted *u)
{
    sorting *s = context;
    const ko_seller told = ko_seller_told(u->platform, u->url, u->seller_id, u->seller);
    s->batch[s->n++] = (fresh){.id = u->id,
                               .work_id = u->work_id,
                               .listing_id = u->listing_id,
                               .found_at = u->found_at,
                               .last_seen = u->last_seen,
                               .seller = ko_identities_seller(&s->ids, &told),
                               .picture = u->picture};
    return KO_OK;
}

static ko_status look_at_batch(sorting *s)
{
    ko_status st = KO_OK;
    for (size_t i = 0; st == KO_OK && i < s->n; i++) {
        fresh *f = &s->batch[i];
        ko_traits_turned turned;
        ko_traits_turn(&f->picture, &turned);
        find_ties(s, f, &turned);
        st = find_leader(s, f, &turned);
    }
    return st;
}

static ko_status keep_one(sorting *s, const fresh *f, bool *out_set)
{
    ko_status st = ko_leader_set(s->store, f->id, f->leader, f->picture.photo_id, out_set, s->err);
    for (size_t i = 0; st == KO_OK && *out_set && i < f->n_ties; i++)
        st = ko_tie_add(s->store, f->id, f->ties[i].to->item_id, f->ties[i].kind, s->err);
    return st;
}

/* Those that somebody else sorted meanwhile are left as they are. */
static ko_status keep_batch(sorting *s)
{
    ko_sorted now = {0};
    int64_t ids[BATCH];
    ko_status st = ko_store_begin(s->store, s->err);
    for (size_t i = 0; st == KO_OK && i < s->n; i++) {
        const fresh *f = &s->batch[i];
        bool set = false;
        st = keep_one(s, f, &set);
        if (set)
            ids[now.n++] = f->id;
        now.alike += set && f->leader != f->id;
        now.returned += set && f->n_ties > 0;
    }
    if (st == KO_OK)
        st = ko_rules_apply(s->store, ids, now.n, &now.ruled, s->err);
    if (st == KO_OK)
        st = ko_store_commit(s->store, s->err);
    if (st != KO_OK) {
        ko_store_rollback(s->store);
        return st;
    }
    s->sorted.n += now.n;
    s->sorted.ruled += now.ruled;
    s->sorted.alike += now.alike;
    s->sorted.returned += now.returned;
    return KO_OK;
}

/* --- all --- */

static ko_status sort_up_to(sorting *s, int64_t last)
{
    ko_status st = ko_identities_read(&s->ids, s->store, s->err);
    if (st == KO_OK)
        st = ko_tie_case_each(s->store, on_case, s, s->err);
    for (int64_t after = 0; st == KO_OK; after = s->batch[s->n - 1].id) {
        s->n = 0;
        st = ko_unsorted_each(s->store, after, last, BATCH, on_unsorted, s, s->err);
        if (st != KO_OK || s->n == 0)
            break;
        st = ko_stop_asked()
                 ? ko_fail(s->err, KO_E_STOPPED, "stopped; the next scan goes on from here")
                 : look_at_batch(s);
        if (st == KO_OK)
            st = keep_batch(s);
    }
    return st;
}

static void free_sorting(sorting *s)
{
    for (size_t i = 0; i < s->n_works; i++)
        ko_free(s->works[i].of);
    ko_free(s->works);
    ko_free(s->cases);
    ko_identities_free(&s->ids);
    ko_free(s);
}

static ko_status sort_all(ko_store *store, ko_sorted *out_sorted, ko_error *err)
{
    int64_t last = 0; /* the sellers of all up to it are known */
    ko_status st = ko_unsorted_last(store, &last, err);
    if (st != KO_OK || last == 0)
        return st;
    sorting *s = ko_alloc_zero(1, sizeof *s);
    if (!s)
        return ko_fail(err, KO_E_NOMEM, "candidates to be sorted");
    s->store = store;
    s->err = err;
    st = sort_up_to(s, last);
    *out_sorted = s->sorted;
    free_sorting(s);
    return st;
}

/* Also when there is nothing new: rules look at what came of listings, and a kill may have left
 * something to the guard. */
ko_status ko_sort_candidates(ko_store *store, ko_sorted *out_sorted, ko_error *err)
{
    ko_flood flood = {0};
    size_t back = 0;
    *out_sorted = (ko_sorted){0};
    ko_status st = sort_all(store, out_sorted, err);
    if (st == KO_OK)
        st = ko_rules_review(store, &back, err);
    if (st == KO_OK)
        st = ko_flood_look(store, &flood, err);
    out_sorted->held = flood.held;
    out_sorted->new_holds = flood.new_holds;
    return st;
}
