/* The ledger of sellers: a page of it, and all about one. */
#include "serve/handlers.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/limits.h"
#include "case/ledger_json.h"
#include "case/offers.h"
#include "report/json.h"
#include "serve/books.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define LIMIT_DEFAULT 50
#define SHOWN_OFFERS 500u

/* --- the order --- */

/* A seller that is listed; the first is that of the highest key, and of equals the lowest rank. */
typedef struct row {
    const ko_ledger_seller *seller;
    int64_t key;
    size_t rank;
} row;

static int compare_keys(const void *a, const void *b)
{
    const row *x = a, *y = b;
    if (x->key != y->key)
        return x->key > y->key ? -1 : 1;
    return (x->rank > y->rank) - (x->rank < y->rank);
}

static int compare_names(const void *a, const void *b)
{
    const row *x = a, *y = b;
    const int by_name = strcmp(x->seller->names[0].text, y->seller->names[0].text);
    return by_name ? by_name : (x->rank > y->rank) - (x->rank < y->rank);
}

static int64_t key_of(const ko_ledger_seller *s, const char *sort)
{
    const struct {
        const char *name;
        int64_t key;
    } keys[] = {
        {"listings", (int64_t)s->listings},
        {"accepted", (int64_t)s->accepted},
        {"filed", (int64_t)s->filed},
        {"removed", (int64_t)s->removed},
        {"reappeared", (int64_t)s->reappeared},
        {"points", s->points.points},
        {"seen", s->last_seen},
    };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (strcmp(keys[i].name, sort) == 0)
            return keys[i].key;
    return 0; /* by rank alone */
}

/* --- a page --- */

typedef struct reading {
    const char *find, *place, *sort;
    bool all;
    int64_t after, limit;
    const ko_ledger *ledger;
    row *rows;
    size_t n, n_others;
} reading;

static ko_status read_query(const ko_target *target, reading *r, ko_error *err)
{
    static const char *const sorts[] = {"rank",    "name",       "listings", "accepted", "filed",
                                        "removed", "reappeared", "points",   "seen"};
    bool known = false;
    r->find = ko_target_query(target, "find");
    r->place = ko_target_query(target, "place");
    r->sort = ko_target_query(target, "sort");
    r->all = ko_target_query(target, "all") != NULL;
    r->limit = LIMIT_DEFAULT;
    if (!r->sort)
        r->sort = "rank";
    for (size_t i = 0; i < sizeof sorts / sizeof *sorts; i++)
        known = known || strcmp(sorts[i], r->sort) == 0;
    ko_status st = KO_OK;
    if (!known)
        st = ko_fail(err, KO_E_USAGE,
                     "sort is rank, name, listings, accepted, filed, removed, reappeared, points "
                     "or seen, not '%s'",
                     r->sort);
    if (st == KO_OK)
        st = ko_target_number(target, "after", 0, INT32_MAX, &r->after, err);
    return st == KO_OK ? ko_target_number(target, "limit", 1, KO_MAX_SERVE_PAGE, &r->limit, err)
                       : st;
}

/* Case does not count for letters of ASCII. */
static bool has(const char *text, const char *find)
{
    const size_t n = strlen(find);
    for (; strlen(text) >= n; text++) {
        if (strncasecmp(text, find, n) == 0)
            return true;
        if (!*text)
            break;
    }
    return false;
}

static bool is_named(const ko_ledger_seller *seller, const char *find)
{
    for (size_t i = 0; i < seller->n_names; i++)
        if (has(seller->names[i].text, find))
            return true;
    return false;
}

static bool is_wanted(const reading *r, const ko_ledger_seller *seller)
{
    return (!r->place || strcmp(seller->place, r->place) == 0) &&
           (!r->find || is_named(seller, r->find));
}

/* Those with candidates or notices are what most look for. */
static bool is_suspect(const ko_ledger_seller *seller)
{
    return seller->suspects || seller->accepted || seller->filed;
}

static ko_status choose(reading *r, ko_error *err)
{
    const size_t n = ko_ledger_count(r->ledger);
    r->rows = ko_alloc_array(n, sizeof *r->rows);
    if (!r->rows)
        return ko_fail(err, KO_E_NOMEM, "%zu sellers", n);
    for (size_t i = 0; i < n; i++) {
        const ko_ledger_seller *seller = ko_ledger_at(r->ledger, i);
        if (!is_wanted(r, seller))
            continue;
        if (r->all || is_suspect(seller))
            r->rows[r->n++] = (row){seller, key_of(seller, r->sort), i};
        else
            r->n_others++;
    }
    if (r->n > 1)
        qsort(r->rows, r->n, sizeof *r->rows,
              strcmp(r->sort, "name") == 0 ? compare_names : compare_keys);
    return KO_OK;
}

/* Each place once. */
static json_t *places_json(const ko_ledger *ledger)
{
    json_t *places = json_object();
    json_t *names = json_array();
    const char *name;
    json_t *value;
    for (size_t i = 0; i < ko_ledger_count(ledger); i++) {
        const ko_ledger_seller *seller = ko_ledger_at(ledger, i);
        if (is_suspect(seller) && json_object_size(places) < KO_MAX_SERVE_PAGE)
            (void)json_object_set_new(places, seller->place, json_null());
    }
    json_object_foreach(places, name, value)(void)
        json_array_append_new(names, ko_json_string(name));
    json_decref(places);
    return names;
}

static json_t *page_json(const reading *r, const ko_books_view *view)
{
    char at[KO_TIME_SIZE];
    json_t *sellers = json_array();
    const size_t from = (size_t)r->after < r->n ? (size_t)r->after : r->n;
    const size_t to = r->n - from > (size_t)r->limit ? from + (size_t)r->limit : r->n;
    for (size_t i = from; i < to; i++)
        (void)json_array_append_new(sellers, ko_seller_json(r->rows[i].seller, view->kit->rules));
    ko_clock_text(view->made_at, at);
    return json_pack("{s:o, s:I, s:o, s:I, s:I, s:o, s:s}", "sellers", sellers, "total",
                     (json_int_t)r->n, "next",
                     to < r->n ? json_integer((json_int_t)to) : json_null(), "others",
                     (json_int_t)r->n_others, "untold", (json_int_t)ko_ledger_untold(r->ledger),
                     "places", places_json(r->ledger), "as_of", at);
}

ko_status ko_serve_sellers(ko_desk *desk, const ko_serve_request *request, ko_serve_answer *answer,
                           ko_error *err)
{
    reading r = {0};
    ko_books_view view;
    json_t *object = NULL;
    ko_status st = read_query(request->target, &r, err);
    if (st == KO_OK)
        st = ko_books_take(desk->books, &view, err);
    if (st != KO_OK)
        return st;
    r.ledger = view.ledger;
    st = choose(&r, err);
    if (st == KO_OK)
        object = page_json(&r, &view);
    ko_books_give(desk->books);
    ko_free(r.rows);
    return st == KO_OK ? ko_serve_answer_json(answer, object, err) : st;
}

/* --- one of them --- */

typedef struct offers {
    json_t *array;
    size_t n;
} offers;

static ko_status add_offer(void *context, const ko_offer *offer)
{
    offers *o = context;
    if (o->n++ >= SHOWN_OFFERS)
        return KO_OK;
    return json_array_append_new(o->array, ko_offer_json(offer)) == 0 ? KO_OK : KO_E_NOMEM;
}

static ko_status read_seller(const ko_books_view *view, const char *place, const char *name,
                             json_t **out_object, ko_error *err)
{
    const ko_ledger_seller *seller = NULL;
    offers all = {.array = json_array()};
    ko_status st = ko_ledger_find(view->ledger, place, name, &seller, err);
    if (st == KO_OK)
        st = ko_offers_each(view->store, view->ledger, seller, add_offer, &all, err);
    if (st == KO_OK) {
        *out_object = ko_seller_json(seller, view->kit->rules);
        (void)json_object_set(*out_object, "offers", all.array);
        (void)json_object_set_new(*out_object, "n_offers", json_integer((json_int_t)all.n));
    }
    json_decref(all.array);
    return st == KO_E_NOMEM ? ko_fail(err, st, "offers of a seller") : st;
}

ko_status ko_serve_seller(ko_desk *desk, const ko_serve_request *request, ko_serve_answer *answer,
                          ko_error *err)
{
    const char *name = ko_target_query(request->target, "name");
    const char *place = ko_target_query(request->target, "place");
    ko_books_view view;
    json_t *object = NULL;
    ko_status st = KO_OK;
    if (!name || !place)
        st = ko_fail(err, KO_E_USAGE, "a seller has a place and a name");
    if (st == KO_OK)
        st = ko_books_take(desk->books, &view, err);
    if (st != KO_OK)
        return st;
    st = read_seller(&view, place, name, &object, err);
    ko_books_give(desk->books);
    return st == KO_OK ? ko_serve_answer_json(answer, object, err) : st;
}
