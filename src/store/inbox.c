/* SQL hands the candidates out by work and seller, so that a group is told by its end. Groups and
 * what is in them are sorted here: in SQL that takes three times as long. */
#include "store/inbox.h"

#include "base/alloc.h"
#include "base/stop.h"
#include "store/candidate_sql.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

typedef struct entry {
    int64_t id, leader; /* leader as in ko_inbox_place */
    double score;
    bool returned;
    ko_candidate_state state;
} entry;

typedef struct seller {
    ko_inbox_seller shown;
    char *texts; /* that shown borrows; owned */
} seller;

/* What a group is made of besides what it shows. */
typedef struct group {
    ko_inbox_group shown; /* its work and seller are known when all are */
    int64_t work_id;
    seller own;  /* until then */
    char *title; /* of the work, until then; owned; NULL in all groups but its first */
    size_t first, n;
    int64_t lowest_id; /* among those of equal worth it comes first */
} group;

/* Where a candidate stands. */
typedef struct spot {
    int64_t id;
    size_t entry, group;
} spot;

struct ko_inbox {
    entry *entries; /* in order of groups */
    group *groups;
    ko_inbox_work *works; /* titles owned */
    seller *sellers;
    spot *spots; /* by id, as many as entries */
    size_t n, room, n_groups, room_groups, n_works, n_sellers;
    int64_t followed_to; /* number of a decision */
};

/* --- rows --- */

typedef struct row {
    entry entry;
    int64_t work_id;
    const char *title; /* of the work */
    ko_inbox_seller seller;
} row;

static int compare_sellers(const ko_inbox_seller *x, const ko_inbox_seller *y)
{
    int order = strcmp(x->platform, y->platform);
    if (order == 0)
        order = strcmp(x->host, y->host);
    if (order == 0)
        order = strcmp(x->seller_id, y->seller_id);
    return order || x->seller_id[0] ? order : strcmp(x->seller, y->seller);
}

/* Copies the texts of a row into one block. */
static ko_status keep_texts(seller *s, const ko_inbox_seller *r)
{
    const char *const texts[] = {r->platform, r->host, r->seller_id, r->seller};
    const char **const kept[] = {&s->shown.platform, &s->shown.host, &s->shown.seller_id,
                                 &s->shown.seller};
    size_t size = 0;
    for (size_t i = 0; i < 4; i++)
        size += strlen(texts[i]) + 1;
    char *at = s->texts = ko_alloc(size);
    if (!at)
        return KO_E_NOMEM;
    for (size_t i = 0; i < 4; i++) {
        const size_t n = strlen(texts[i]) + 1;
        memcpy(at, texts[i], n);
        *kept[i] = at;
        at += n;
    }
    return KO_OK;
}

static ko_status begin_group(ko_inbox *inbox, const row *r)
{
    const bool new_work =
        inbox->n_groups == 0 || inbox->groups[inbox->n_groups - 1].work_id != r->work_id;
    group *groups = ko_grown(inbox->groups, inbox->n_groups, &inbox->room_groups, sizeof *groups);
    if (!groups)
        return KO_E_NOMEM;
    inbox->groups = groups;
    group *g = &groups[inbox->n_groups];
    *g = (group){.shown = {.best = r->entry.score},
                 .work_id = r->work_id,
                 .first = inbox->n,
                 .lowest_id = r->entry.id};
    inbox->n_groups++;
    if (new_work && !(g->title = ko_strdup(r->title)))
        return KO_E_NOMEM;
    return keep_texts(&g->own, &r->seller);
}

static bool is_of(const group *g, const row *r)
{
    return g->work_id == r->work_id && compare_sellers(&g->own.shown, &r->seller) == 0;
}

static ko_status take(ko_inbox *inbox, const row *r)
{
    if (inbox->n_groups == 0 || !is_of(&inbox->groups[inbox->n_groups - 1], r)) {
        const ko_status st = begin_group(inbox, r);
        if (st != KO_OK)
            return st;
    }
    entry *entries = ko_grown(inbox->entries, inbox->n, &inbox->room, sizeof *entries);
    if (!entries)
        return KO_E_NOMEM;
    inbox->entries = entries;
    entries[inbox->n++] = r->entry;
    group *g = &inbox->groups[inbox->n_groups - 1];
    g->n++;
    g->shown.n_in[r->entry.state]++;
    g->shown.returned |= r->entry.returned && r->entry.state == KO_CANDIDATE_OPEN;
    if (r->entry.score > g->shown.best)
        g->shown.best = r->entry.score;
    if (r->entry.id < g->lowest_id)
        g->lowest_id = r->entry.id;
    return KO_OK;
}

static ko_status read_rows(ko_inbox *inbox, ko_store *store, double threshold, ko_error *err)
{
    static const char sql[] =
        "SELECT candidate.id, ifnull(nullif(candidate.leader, candidate.id), 0), best.score,"
        " " KO_IS_RETURNED ", " KO_CANDIDATE_STATE ","
        " candidate.work_id, work.title,"
        " listing.platform, CASE listing.platform WHEN '' THEN " KO_LISTING_HOST
        " ELSE '' END AS host, listing.seller_id, listing.seller" KO_CANDIDATE_FROM
        " WHERE in_force.state > 0 OR best.score >= " KO_THRESHOLD
        " ORDER BY candidate.work_id, listing.platform, host, listing.seller_id, listing.seller";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_real(&q, threshold);
    while (ko_query_row(&q)) {
        row r;
        r.entry.id = ko_query_int(&q);
        r.entry.leader = ko_query_int(&q);
        r.entry.score = ko_query_real(&q);
        r.entry.returned = ko_query_int_within(&q, 0, 1) == 1;
        r.entry.state =
            (ko_candidate_state)ko_query_int_within(&q, KO_CANDIDATE_OPEN, KO_CANDIDATE_STATES - 1);
        r.work_id = ko_query_int(&q);
        r.title = ko_query_text(&q);
        r.seller.platform = ko_query_text(&q);
        r.seller.host = ko_query_text(&q);
        r.seller.seller_id = ko_query_text(&q);
        r.seller.seller = ko_query_text(&q);
        if (ko_query_intact(&q))
            q.handed = ko_stop_asked() ? KO_E_STOPPED : take(inbox, &r);
    }
    return ko_query_end(&q, err);
}

/* --- order --- */

static int by_score(const void *a, const void *b)
{
    const entry *x = a, *y = b;
    if (x->returned != y->returned)
        return x->returned ? -1 : 1;
    if (x->score != y->score)
        return x->score < y->score ? 1 : -1;
    return (x->id > y->id) - (x->id < y->id);
}

static int by_worth(const void *a, const void *b)
{
    const group *x = a, *y = b;
    const ko_inbox_work *of_x = x->shown.work, *of_y = y->shown.work;
    if (of_x->returned != of_y->returned)
        return of_x->returned ? -1 : 1;
    if (of_x->best != of_y->best)
        return of_x->best < of_y->best ? 1 : -1;
    if (of_x != of_y)
        return of_x->id < of_y->id ? -1 : 1;
    if (x->shown.returned != y->shown.returned)
        return x->shown.returned ? -1 : 1;
    if (x->shown.best != y->shown.best)
        return x->shown.best < y->shown.best ? 1 : -1;
    return (x->lowest_id > y->lowest_id) - (x->lowest_id < y->lowest_id);
}

/* The same seller's groups are neighbours then, the lowest of its names first. */
static int by_seller(const void *a, const void *b)
{
    const group *x = a, *y = b;
    const int order = compare_sellers(&x->own.shown, &y->own.shown);
    return order ? order : strcmp(x->own.shown.seller, y->own.shown.seller);
}

/* Thousands of works may be offered by one seller, whose texts are kept once. Brings the groups out
 * of their order. */
static ko_status make_sellers(ko_inbox *inbox)
{
    inbox->sellers = ko_alloc_array(inbox->n_groups, sizeof *inbox->sellers);
    if (!inbox->sellers)
        return KO_E_NOMEM;
    qsort(inbox->groups, inbox->n_groups, sizeof *inbox->groups, by_seller);
    for (size_t i = 0; i < inbox->n_groups; i++) {
        group *g = &inbox->groups[i];
        seller *own = &g->own;
        seller *last = inbox->n_sellers ? &inbox->sellers[inbox->n_sellers - 1] : NULL;
        if (last && compare_sellers(&last->shown, &own->shown) == 0) {
            ko_free(own->texts);
        } else {
            own->shown.number = inbox->n_sellers;
            last = &inbox->sellers[inbox->n_sellers++];
            *last = *own;
        }
        own->texts = NULL;
        g->shown.seller = &last->shown;
    }
    return KO_OK;
}

/* Sums up each work's groups, which are still neighbours. */
static ko_status make_works(ko_inbox *inbox)
{
    size_t n = 0;
    for (size_t i = 0; i < inbox->n_groups; i++)
        n += i == 0 || inbox->groups[i].work_id != inbox->groups[i - 1].work_id;
    inbox->works = ko_alloc_array(n, sizeof *inbox->works);
    if (!inbox->works)
        return KO_E_NOMEM;
    for (size_t i = 0; i < inbox->n_groups; i++) {
        group *g = &inbox->groups[i];
        if (i == 0 || g->work_id != g[-1].work_id)
            inbox->works[inbox->n_works++] =
                (ko_inbox_work){.id = g->work_id, .title = g->title, .best = g->shown.best};
        g->title = NULL;
        ko_inbox_work *work = &inbox->works[inbox->n_works - 1];
        if (g->shown.best > work->best)
            work->best = g->shown.best;
        work->returned |= g->shown.returned;
        for (size_t s = 0; s < KO_CANDIDATE_STATES; s++)
            work->n_in[s] += g->shown.n_in[s];
        g->shown.work = work;
    }
    assert(inbox->n_works == n);
    return KO_OK;
}

static int by_id(const void *a, const void *b)
{
    const spot *x = a, *y = b;
    return (x->id > y->id) - (x->id < y->id);
}

/* Moves the entries to where their groups came to stand. */
static ko_status move_entries(ko_inbox *inbox)
{
    entry *moved = ko_alloc_array(inbox->n, sizeof *moved);
    inbox->spots = ko_alloc_array(inbox->n, sizeof *inbox->spots);
    if (!moved || !inbox->spots) {
        ko_free(moved);
        return KO_E_NOMEM;
    }
    size_t n = 0;
    for (size_t i = 0; i < inbox->n_groups; i++) {
        group *g = &inbox->groups[i];
        const entry *from = inbox->entries + g->first;
        g->first = n;
        for (size_t e = 0; e < g->n; e++, n++) {
            moved[n] = from[e];
            inbox->spots[n] = (spot){from[e].id, n, i};
        }
    }
    assert(n == inbox->n);
    ko_free(inbox->entries);
    inbox->entries = moved;
    inbox->room = inbox->n;
    return KO_OK;
}

static ko_status sort(ko_inbox *inbox)
{
    if (inbox->n == 0)
        return KO_OK;
    for (size_t i = 0; i < inbox->n_groups; i++) {
        const group *g = &inbox->groups[i];
        qsort(inbox->entries + g->first, g->n, sizeof *inbox->entries, by_score);
    }
    ko_status st = make_works(inbox);
    if (st == KO_OK)
        st = make_sellers(inbox);
    if (st != KO_OK)
        return st;
    qsort(inbox->groups, inbox->n_groups, sizeof *inbox->groups, by_worth);
    st = move_entries(inbox);
    if (st == KO_OK)
        qsort(inbox->spots, inbox->n, sizeof *inbox->spots, by_id);
    return st;
}

/* --- making --- */

static ko_status last_decision(ko_store *store, int64_t *out_id, ko_error *err)
{
    ko_query q = ko_query_start(store, "SELECT ifnull(max(id), 0) FROM decision");
    return ko_query_first(&q, out_id, err);
}

ko_status ko_inbox_build(ko_store *store, ko_inbox **out_inbox, ko_error *err)
{
    ko_inbox *inbox = ko_alloc_zero(1, sizeof *inbox);
    double threshold;
    if (!inbox)
        return ko_fail(err, KO_E_NOMEM, "list of candidates");
    /* Before the rows: what is decided in between is followed once more than is needed. */
    ko_status st = last_decision(store, &inbox->followed_to, err);
    if (st == KO_OK)
        st = ko_store_threshold(store, &threshold, err);
    if (st == KO_OK)
        st = read_rows(inbox, store, threshold, err);
    if (st == KO_OK)
        st = sort(inbox);
    if (st == KO_OK)
        *out_inbox = inbox;
    else
        ko_inbox_free(inbox);
    return st == KO_OK ? st : ko_fail(err, st, "list of candidates");
}

void ko_inbox_free(ko_inbox *inbox)
{
    if (!inbox)
        return;
    for (size_t i = 0; i < inbox->n_groups; i++) {
        ko_free(inbox->groups[i].title);
        ko_free(inbox->groups[i].own.texts);
    }
    for (size_t i = 0; i < inbox->n_works; i++)
        ko_free((char *)inbox->works[i].title);
    for (size_t i = 0; i < inbox->n_sellers; i++)
        ko_free(inbox->sellers[i].texts);
    ko_free(inbox->groups);
    ko_free(inbox->works);
    ko_free(inbox->sellers);
    ko_free(inbox->entries);
    ko_free(inbox->spots);
    ko_free(inbox);
}

/* --- following --- */

/* NULL when it is not in the list. */
static const spot *find(const ko_inbox *inbox, int64_t id)
{
    const spot key = {.id = id};
    return inbox->n ? bsearch(&key, inbox->spots, inbox->n, sizeof key, by_id) : NULL;
}

static void put_state(ko_inbox *inbox, int64_t id, ko_candidate_state state)
{
    const spot *at = find(inbox, id);
    if (!at)
        return;
    entry *e = &inbox->entries[at->entry];
    ko_inbox_group *g = &inbox->groups[at->group].shown;
    ko_inbox_work *work = &inbox->works[g->work - inbox->works];
    g->n_in[e->state]--;
    g->n_in[state]++;
    work->n_in[e->state]--;
    work->n_in[state]++;
    e->state = state;
}

ko_status ko_inbox_follow(ko_inbox *inbox, ko_store *store, ko_error *err)
{
    static const char sql[] =
        "SELECT candidate.id, " KO_CANDIDATE_STATE KO_CANDIDATE_FROM
        " WHERE candidate.id IN (SELECT candidate_id FROM decision WHERE id > ?2 AND id <= ?3)";
    int64_t last = 0;
    double threshold;
    ko_status st = last_decision(store, &last, err);
    if (st == KO_OK && last == inbox->followed_to)
        return KO_OK;
    if (st == KO_OK)
        st = ko_store_threshold(store, &threshold, err);
    if (st != KO_OK)
        return st;
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_real(&q, threshold);
    ko_query_bind_int(&q, inbox->followed_to);
    ko_query_bind_int(&q, last);
    while (ko_query_row(&q)) {
        const int64_t id = ko_query_int(&q);
        const ko_candidate_state state =
            (ko_candidate_state)ko_query_int_within(&q, KO_CANDIDATE_OPEN, KO_CANDIDATE_STATES - 1);
        if (ko_query_intact(&q))
            put_state(inbox, id, state);
    }
    st = ko_query_end(&q, err);
    if (st == KO_OK)
        inbox->followed_to = last;
    return st;
}

/* --- reading --- */

void ko_inbox_count(const ko_inbox *inbox, size_t out_n_in[KO_CANDIDATE_STATES])
{
    memset(out_n_in, 0, KO_CANDIDATE_STATES * sizeof *out_n_in);
    for (size_t i = 0; i < inbox->n_works; i++)
        for (size_t s = 0; s < KO_CANDIDATE_STATES; s++)
            out_n_in[s] += inbox->works[i].n_in[s];
}

const ko_inbox_work *ko_inbox_works(const ko_inbox *inbox, size_t *out_n)
{
    *out_n = inbox->n_works;
    return inbox->works;
}

size_t ko_inbox_sellers(const ko_inbox *inbox)
{
    return inbox->n_sellers;
}

static ko_inbox_place place_of(const entry *e, const group *g)
{
    return (ko_inbox_place){.id = e->id,
                            .leader = e->leader,
                            .returned = e->returned,
                            .state = e->state,
                            .group = &g->shown};
}

bool ko_inbox_find(const ko_inbox *inbox, int64_t id, ko_inbox_place *out_place)
{
    const spot *at = find(inbox, id);
    if (!at)
        return false;
    *out_place = place_of(&inbox->entries[at->entry], &inbox->groups[at->group]);
    return true;
}

ko_status ko_inbox_titled(ko_store *store, const char *text, int64_t **out_ids, size_t *out_n,
                          ko_error *err)
{
    static const char sql[] =
        "SELECT candidate.id FROM candidate CROSS JOIN listing ON listing.id = candidate.listing_id"
        " WHERE instr(lower(listing.title), lower(?)) ORDER BY candidate.id";
    size_t n = 0, room = 1;
    int64_t *ids = ko_alloc_array(room, sizeof *ids); /* none is something else than any */
    if (!ids)
        return ko_fail(err, KO_E_NOMEM, "candidates by title");
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_text(&q, text);
    while (ko_query_row(&q)) {
        int64_t *grown = ko_grown(ids, n, &room, sizeof *ids);
        ids = grown ? grown : ids;
        q.handed = grown ? KO_OK : KO_E_NOMEM;
        if (grown)
            ids[n++] = ko_query_int(&q);
    }
    const ko_status st = ko_query_end(&q, err);
    if (st != KO_OK) {
        ko_free(ids);
        return st == KO_E_NOMEM ? ko_fail(err, st, "candidates by title") : st;
    }
    *out_ids = ids;
    *out_n = n;
    return KO_OK;
}

static bool lets_group(const ko_inbox_filter *f, const ko_inbox_group *g)
{
    return (f->work_id == 0 || f->work_id == g->work->id) &&
           (!f->seller || strcmp(f->seller, g->seller->seller) == 0 ||
            strcmp(f->seller, g->seller->seller_id) == 0);
}

static int compare_ids(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static bool lets_entry(const ko_inbox_filter *f, const entry *e)
{
    return (f->states == 0 || f->states >> e->state & 1) && (!f->returned || e->returned) &&
           (!f->only ||
            (f->n_only && bsearch(&e->id, f->only, f->n_only, sizeof *f->only, compare_ids)));
}

ko_status ko_inbox_page(const ko_inbox *inbox, const ko_inbox_filter *filter, int64_t after,
                        size_t limit, ko_inbox_place *out_places, size_t *out_n, size_t *out_total,
                        ko_error *err)
{
    const spot *behind = after ? find(inbox, after) : NULL;
    if (after && !behind)
        return ko_fail(err, KO_E_NOT_FOUND, "no candidate %lld in the list", (long long)after);
    const size_t from = behind ? behind->entry + 1 : 0;
    *out_n = *out_total = 0;
    for (size_t i = 0; i < inbox->n_groups; i++) {
        const group *g = &inbox->groups[i];
        if (!lets_group(filter, &g->shown))
            continue;
        for (size_t at = g->first; at < g->first + g->n; at++) {
            const entry *e = &inbox->entries[at];
            if (!lets_entry(filter, e))
                continue;
            ++*out_total;
            if (at >= from && *out_n < limit)
                out_places[(*out_n)++] = place_of(e, g);
        }
    }
    return KO_OK;
}
