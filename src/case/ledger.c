#include "case/ledger.h"

#include "base/alloc.h"
#include "store/candidate.h"
#include "store/found.h"
#include "store/notice.h"
#include "store/seller.h"

#include <assert.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

typedef struct ranked {
    const ko_ledger_seller *seller;
} ranked;

struct ko_ledger {
    ko_identities ids;
    ko_name *names;            /* of all, those of one seller together */
    ko_ledger_seller *sellers; /* by number */
    ranked *ranks;
    size_t untold;
};

/* --- lists --- */

/* Something of a seller, counted once however often it is met. */
typedef struct belonging {
    size_t seller;
    int64_t id;
} belonging;

typedef struct belongings {
    belonging *of;
    size_t n, capacity;
} belongings;

static ko_status add_belonging(belongings *list, size_t seller, int64_t id, ko_error *err)
{
    belonging *of = ko_grown(list->of, list->n, &list->capacity, sizeof *of);
    if (!of)
        return ko_fail(err, KO_E_NOMEM, "no memory for what %zu sellers have", list->n);
    list->of = of;
    of[list->n++] = (belonging){seller, id};
    return KO_OK;
}

static int compare_belongings(const void *a, const void *b)
{
    const belonging *x = a, *y = b;
    if (x->seller != y->seller)
        return x->seller < y->seller ? -1 : 1;
    return (x->id > y->id) - (x->id < y->id);
}

/* Adds how many there are of each seller to the field at this offset of its row. */
static void count_each(belongings *list, ko_ledger_seller *sellers, size_t field)
{
    if (list->n > 0)
        qsort(list->of, list->n, sizeof *list->of, compare_belongings);
    for (size_t i = 0; i < list->n; i++)
        if (i == 0 || compare_belongings(&list->of[i - 1], &list->of[i]) != 0)
            ++*(size_t *)((char *)&sellers[list->of[i].seller] + field);
}

/* An item of a notice, and what the events about it told so far. */
typedef struct item {
    int64_t id, notice_id, work_id;
    size_t mention;
    ko_notice_state state;
    bool filed, countered;
    bool from_sheet; /* no candidate stands for it */
    ko_day filed_on; /* first */
    bool gone;       /* it was removed, and is */
    size_t removal;  /* its last one; SIZE_MAX: none */
    size_t returns;  /* times that it reappeared */
} item;

/* A complaint that succeeded: an item of a work came to be removed. */
typedef struct removal {
    size_t seller;
    int64_t work_id;
    ko_day on;
    bool restored; /* it did not last */
} removal;

/* A listing that was removed is offered again. */
typedef struct comeback {
    size_t seller;
    ko_day on;
} comeback;

/* An accepted candidate. */
typedef struct offer {
    size_t seller;
    int64_t work_id;
    ko_day first_seen;
} offer;

/* What a mention stands for. */
typedef struct seen_listings {
    size_t n;
    int64_t last_seen;
} seen_listings;

/* A listing with accepted candidates, or in a notice. */
typedef struct found_listing {
    int64_t id;
    size_t seller; /* SIZE_MAX: none is told */
    ko_day first_seen;
} found_listing;

/* Mentions are first those of listings, as many as there are counts of them. */
typedef struct making {
    ko_store *store;
    const ko_rules *rules;
    ko_day day;
    ko_ledger *ledger;
    seen_listings *listings; /* of each mention */
    size_t n_listings, listings_capacity;
    item *items; /* in order of id */
    size_t n_items, items_capacity;
    size_t n_placed; /* of these, whose work is known */
    removal *removals;
    size_t n_removals, removals_capacity;
    comeback *comebacks;
    size_t n_comebacks, comebacks_capacity;
    offer *offers;
    size_t n_offers, offers_capacity;
    belongings suspects, works, notices, risked; /* the last: works of finds that count as risk */
    bool found_alone;                            /* suspects are not asked for */
    found_listing *found;                        /* in order of id; then */
    size_t n_found, found_capacity, found_at;
    ko_error *err;
} making;

static ko_status no_memory(const making *m, const char *what, size_t n)
{
    return ko_fail(m->err, KO_E_NOMEM, "no memory for %zu %s", n, what);
}

/* --- who is who --- */

static ko_status on_listings(void *context, const ko_seller *seller)
{
    making *m = context;
    ko_name names[KO_SELLER_NAMES];
    if (!seller->place[0]) {
        m->ledger->untold += seller->n_listings;
        return KO_OK;
    }
    seen_listings *listings =
        ko_grown(m->listings, m->n_listings, &m->listings_capacity, sizeof *listings);
    if (!listings)
        return no_memory(m, "sellers", m->n_listings);
    m->listings = listings;
    listings[m->n_listings++] = (seen_listings){seller->n_listings, seller->last_seen};
    return ko_identities_add(&m->ledger->ids, seller->place, names, ko_seller_names(seller, names),
                             seller->n_listings, m->err);
}

static ko_status on_item(void *context, const ko_notice_item *told)
{
    making *m = context;
    const ko_seller seller =
        ko_seller_told(told->platform, told->url, told->seller_id, told->seller);
    if (!seller.place[0])
        return KO_OK;
    item *items = ko_grown(m->items, m->n_items, &m->items_capacity, sizeof *items);
    if (!items)
        return no_memory(m, "listings of notices", m->n_items);
    m->items = items;
    items[m->n_items++] = (item){.id = told->id,
                                 .notice_id = told->notice_id,
                                 .mention = m->ledger->ids.n_mentions,
                                 .from_sheet = told->candidate_id == 0,
                                 .state = told->state,
                                 .removal = SIZE_MAX};
    return ko_identities_add_item(&m->ledger->ids, m->store, told, &seller, m->err);
}

static ko_status on_alias(void *context, const ko_alias *alias)
{
    const making *m = context;
    return ko_identities_add_alias(&m->ledger->ids, alias, m->err);
}

static ko_status identify(making *m)
{
    ko_status st = ko_seller_each(m->store, on_listings, m, m->err);
    if (st == KO_OK)
        st = ko_notice_item_each(m->store, 0, 0, on_item, m, m->err);
    if (st == KO_OK)
        st = ko_alias_each(m->store, on_alias, m, m->err);
    return st == KO_OK ? ko_identities_settle(&m->ledger->ids, m->err) : st;
}

/* --- one row a seller --- */

/* By seller and kind, and what most listings say first. */
static int compare_for_show(const void *a, const void *b)
{
    const ko_identity *x = a, *y = b;
    if (x->seller != y->seller)
        return x->seller < y->seller ? -1 : 1;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    if (x->weight != y->weight)
        return x->weight > y->weight ? -1 : 1;
    return strcmp(x->text, y->text);
}

static ko_status deal_names(making *m)
{
    ko_ledger *ledger = m->ledger;
    const size_t n = ledger->ids.n;
    ko_identity *sorted = ko_alloc_array(n, sizeof *sorted);
    if (!sorted)
        return no_memory(m, "names of sellers", n);
    for (size_t i = 0; i < n; i++)
        sorted[i] = ledger->ids.names[i]; /* with their texts, which stay those of ids */
    if (n > 0)
        qsort(sorted, n, sizeof *sorted, compare_for_show);
    for (size_t i = 0; i < n; i++) {
        ko_ledger_seller *seller = &ledger->sellers[sorted[i].seller];
        ledger->names[i] = (ko_name){sorted[i].kind, sorted[i].text};
        if (seller->n_names++ == 0) {
            seller->names = &ledger->names[i];
            seller->place = sorted[i].place;
        }
    }
    ko_free(sorted);
    return KO_OK;
}

static ko_status make_rows(making *m)
{
    ko_ledger *ledger = m->ledger;
    const size_t n = ledger->ids.n_sellers;
    ledger->names = ko_alloc_array(ledger->ids.n, sizeof *ledger->names);
    ledger->sellers = ko_alloc_zero(n, sizeof *ledger->sellers);
    ledger->ranks = ko_alloc_array(n, sizeof *ledger->ranks);
    if (!ledger->names || !ledger->sellers || !ledger->ranks)
        return no_memory(m, "sellers", n);
    const ko_status st = deal_names(m);
    if (st != KO_OK)
        return st;
    for (size_t i = 0; i < m->n_listings; i++) {
        ko_ledger_seller *seller = &ledger->sellers[ledger->ids.seller_of[i]];
        seller->listings += m->listings[i].n;
        if (seller->last_seen < m->listings[i].last_seen)
            seller->last_seen = m->listings[i].last_seen;
    }
    for (size_t i = 0; i < n; i++)
        ledger->sellers[i].penalty = ko_rules_penalty(m->rules, ledger->sellers[i].place);
    return KO_OK;
}

/* --- candidates --- */

static ko_status on_accepted(making *m, size_t seller, int64_t work_id, ko_day first_seen)
{
    offer *offers = ko_grown(m->offers, m->n_offers, &m->offers_capacity, sizeof *offers);
    if (!offers)
        return no_memory(m, "candidates", m->n_offers);
    m->offers = offers;
    offers[m->n_offers++] = (offer){seller, work_id, first_seen};
    m->ledger->sellers[seller].accepted++;
    return add_belonging(&m->works, seller, work_id, m->err);
}

/* SIZE_MAX: none is told, or the listing came meanwhile. */
static size_t seller_of_listing(const making *m, const ko_listing *record)
{
    const ko_seller told =
        ko_seller_told(record->platform, record->url, record->seller_id, record->seller);
    return ko_identities_seller(&m->ledger->ids, &told);
}

static ko_status on_candidate(void *context, const ko_candidate *c)
{
    making *m = context;
    const size_t seller = seller_of_listing(m, &c->listing->record);
    if (seller == SIZE_MAX)
        return KO_OK;
    const ko_status st = add_belonging(&m->suspects, seller, c->listing->id, m->err);
    return st == KO_OK && c->state == KO_CANDIDATE_ACCEPTED
               ? on_accepted(m, seller, c->work->id, ko_day_at(c->listing->first_seen, 0))
               : st;
}

static ko_status weigh_candidates(making *m)
{
    const ko_candidate_filter filter = {.states = 1U << KO_CANDIDATE_OPEN |
                                                  1U << KO_CANDIDATE_ACCEPTED |
                                                  1U << KO_CANDIDATE_UNSURE};
    return ko_candidate_each(m->store, &filter, on_candidate, m, m->err);
}

static ko_status on_found_listing(void *context, const ko_seen *seen)
{
    making *m = context;
    found_listing *all = ko_grown(m->found, m->n_found, &m->found_capacity, sizeof *all);
    if (!all)
        return no_memory(m, "listings", m->n_found);
    m->found = all;
    all[m->n_found++] = (found_listing){seen->id, seller_of_listing(m, &seen->record),
                                        ko_day_at(seen->first_seen, 0)};
    return KO_OK;
}

/* Both come by listing. */
static ko_status on_found(void *context, const ko_found *found)
{
    making *m = context;
    while (m->found_at < m->n_found && m->found[m->found_at].id < found->listing_id)
        m->found_at++;
    if (m->found_at == m->n_found)
        return KO_OK;
    const found_listing *l = &m->found[m->found_at];
    return l->id == found->listing_id && l->seller != SIZE_MAX
               ? on_accepted(m, l->seller, found->work_id, l->first_seen)
               : KO_OK;
}

static ko_status weigh_found(making *m)
{
    const ko_status st = ko_found_listing_each(m->store, on_found_listing, m, m->err);
    return st == KO_OK ? ko_found_each(m->store, on_found, m, m->err) : st;
}

/* --- notices --- */

static item *find_item(making *m, int64_t id)
{
    size_t low = 0, high = m->n_items;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (m->items[middle].id == id)
            return &m->items[middle];
        if (id < m->items[middle].id)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

static ko_status remove_item(making *m, item *i, ko_day on)
{
    if (i->gone) /* a counter-notice came to nothing */
        return KO_OK;
    removal *removals =
        ko_grown(m->removals, m->n_removals, &m->removals_capacity, sizeof *removals);
    if (!removals)
        return no_memory(m, "removals", m->n_removals);
    m->removals = removals;
    i->gone = true;
    i->removal = m->n_removals++;
    removals[i->removal] = (removal){m->ledger->ids.seller_of[i->mention], i->work_id, on, false};
    return KO_OK;
}

static ko_status come_back(making *m, item *i, ko_day on)
{
    comeback *all = ko_grown(m->comebacks, m->n_comebacks, &m->comebacks_capacity, sizeof *all);
    if (!all)
        return no_memory(m, "reappearances", m->n_comebacks);
    m->comebacks = all;
    all[m->n_comebacks++] = (comeback){m->ledger->ids.seller_of[i->mention], on};
    i->gone = false;
    i->returns++;
    return KO_OK;
}

static ko_status on_event(void *context, const ko_notice_event *event, int64_t item_id)
{
    making *m = context;
    item *i = item_id && !event->undone ? find_item(m, item_id) : NULL;
    if (!i)
        return KO_OK;
    if (event->state == KO_NOTICE_FILED && !i->filed) {
        i->filed = true;
        i->filed_on = event->on;
    }
    i->countered |= event->state == KO_NOTICE_COUNTERED;
    if (event->state == KO_NOTICE_REMOVED)
        return remove_item(m, i, event->on);
    if (event->state == KO_NOTICE_REAPPEARED)
        return come_back(m, i, event->on);
    if (event->state == KO_NOTICE_RESTORED && i->gone) {
        m->removals[i->removal].restored = true;
        i->gone = false;
    }
    return KO_OK;
}

/* Notices and their items are numbered in the same order. */
static ko_status on_notice(void *context, const ko_notice *notice)
{
    making *m = context;
    for (; m->n_placed < m->n_items; m->n_placed++) {
        item *i = &m->items[m->n_placed];
        if (i->notice_id > notice->id)
            break;
        i->work_id = notice->work_id;
    }
    return KO_OK;
}

static ko_status weigh_item(making *m, const item *i)
{
    const size_t number = m->ledger->ids.seller_of[i->mention];
    ko_ledger_seller *seller = &m->ledger->sellers[number];
    if (!i->filed)
        return KO_OK;
    seller->filed++;
    seller->open += ko_notice_is_open(i->state);
    seller->countered += i->countered;
    seller->removed += i->removal != SIZE_MAX && !m->removals[i->removal].restored;
    seller->reappeared += i->returns;
    const ko_status st = add_belonging(&m->notices, number, i->notice_id, m->err);
    return st == KO_OK ? add_belonging(&m->works, number, i->work_id, m->err) : st;
}

static ko_status weigh_notices(making *m)
{
    ko_status st = ko_notice_each(m->store, &(ko_notice_filter){0}, on_notice, m, m->err);
    if (st == KO_OK)
        st = ko_notice_event_each(m->store, 0, on_event, m, m->err);
    for (size_t i = 0; st == KO_OK && i < m->n_items; i++)
        st = weigh_item(m, &m->items[i]);
    return st;
}

/* --- what removals led to --- */

/* By seller, work and day. */
static int compare_removals(const void *a, const void *b)
{
    const removal *x = a, *y = b;
    if (x->seller != y->seller)
        return x->seller < y->seller ? -1 : 1;
    if (x->work_id != y->work_id)
        return x->work_id < y->work_id ? -1 : 1;
    return (x->on > y->on) - (x->on < y->on);
}

/* Only those that lasted are kept. */
static void sort_removals(making *m)
{
    size_t kept = 0;
    for (size_t i = 0; i < m->n_removals; i++)
        if (!m->removals[i].restored)
            m->removals[kept++] = m->removals[i];
    m->n_removals = kept;
    if (kept > 0)
        qsort(m->removals, kept, sizeof *m->removals, compare_removals);
}

/* The first removal that does not come before this one. */
static size_t removal_from(const making *m, const removal *key)
{
    size_t low = 0, high = m->n_removals;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (compare_removals(&m->removals[middle], key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Accepted offers of a work that came after the seller had lost one of it. */
static void find_returns(making *m)
{
    for (size_t i = 0; i < m->n_offers; i++) {
        const offer *o = &m->offers[i];
        const removal any = {.seller = o->seller, .work_id = o->work_id, .on = INT32_MIN};
        const size_t at = removal_from(m, &any);
        if (at == m->n_removals)
            continue;
        const removal *first = &m->removals[at];
        if (first->seller != o->seller || first->work_id != o->work_id ||
            first->on >= o->first_seen)
            continue;
        m->ledger->sellers[o->seller].reappeared++;
        (void)ko_risk_return(&m->ledger->sellers[o->seller].risk, o->first_seen, m->day);
    }
}

/* --- risk --- */

static ko_status risk_find(making *m, size_t seller, int64_t work_id, ko_day on)
{
    return ko_risk_find(&m->ledger->sellers[seller].risk, on, m->day)
               ? add_belonging(&m->risked, seller, work_id, m->err)
               : KO_OK;
}

/* An offer that was accepted counts once, whether it was complained about or not. */
static ko_status weigh_risk(making *m)
{
    ko_ledger *ledger = m->ledger;
    ko_status st = KO_OK;
    for (size_t i = 0; st == KO_OK && i < m->n_offers; i++)
        st = risk_find(m, m->offers[i].seller, m->offers[i].work_id, m->offers[i].first_seen);
    for (size_t i = 0; st == KO_OK && i < m->n_items; i++)
        if (m->items[i].from_sheet && m->items[i].filed)
            st = risk_find(m, ledger->ids.seller_of[m->items[i].mention], m->items[i].work_id,
                           m->items[i].filed_on);
    for (size_t i = 0; i < m->n_comebacks; i++)
        (void)ko_risk_return(&ledger->sellers[m->comebacks[i].seller].risk, m->comebacks[i].on,
                             m->day);
    count_each(&m->risked, ledger->sellers,
               offsetof(ko_ledger_seller, risk) + offsetof(ko_risk, works));
    for (size_t i = 0; i < ledger->ids.n_sellers; i++)
        ko_risk_weigh(&ledger->sellers[i].risk);
    return st;
}

static ko_status count_points(making *m)
{
    ko_complaint *complaints = ko_alloc_array(m->n_removals, sizeof *complaints);
    if (!complaints)
        return no_memory(m, "complaints", m->n_removals);
    ko_status st = KO_OK;
    const removal *next = m->removals, *end = next + m->n_removals;
    for (size_t i = 0; st == KO_OK && i < m->ledger->ids.n_sellers; i++) {
        ko_ledger_seller *seller = &m->ledger->sellers[i];
        size_t n = 0;
        for (; next < end && next->seller == i; next++)
            complaints[n++] = (ko_complaint){.on = next->on};
        if (seller->penalty)
            st = ko_points_on(seller->penalty, complaints, n, m->day, &seller->points, m->err);
    }
    ko_free(complaints);
    return st;
}

/* --- the whole --- */

static int compare_ranks(const void *a, const void *b)
{
    const ko_ledger_seller *x = ((const ranked *)a)->seller, *y = ((const ranked *)b)->seller;
    const size_t wrongs_x = x->removed + x->accepted, wrongs_y = y->removed + y->accepted;
    if (x->risk.points != y->risk.points)
        return x->risk.points > y->risk.points ? -1 : 1;
    if (wrongs_x != wrongs_y)
        return wrongs_x > wrongs_y ? -1 : 1;
    if (x->listings != y->listings)
        return x->listings > y->listings ? -1 : 1;
    const int places = strcmp(x->place, y->place);
    return places ? places : strcmp(x->names[0].text, y->names[0].text);
}

static void rank(ko_ledger *ledger)
{
    const size_t n = ledger->ids.n_sellers;
    for (size_t i = 0; i < n; i++)
        ledger->ranks[i].seller = &ledger->sellers[i];
    if (n > 0)
        qsort(ledger->ranks, n, sizeof *ledger->ranks, compare_ranks);
}

static ko_status make(making *m)
{
    ko_status st = identify(m);
    if (st == KO_OK)
        st = make_rows(m);
    if (st == KO_OK)
        st = m->found_alone ? weigh_found(m) : weigh_candidates(m);
    if (st == KO_OK)
        st = weigh_notices(m);
    if (st != KO_OK)
        return st;
    ko_ledger_seller *sellers = m->ledger->sellers;
    count_each(&m->suspects, sellers, offsetof(ko_ledger_seller, suspects));
    count_each(&m->works, sellers, offsetof(ko_ledger_seller, works));
    count_each(&m->notices, sellers, offsetof(ko_ledger_seller, notices));
    sort_removals(m);
    find_returns(m);
    st = weigh_risk(m);
    rank(m->ledger);
    return st == KO_OK ? count_points(m) : st;
}

static ko_status make_ledger(making *m, ko_ledger **out_ledger)
{
    m->ledger = ko_alloc_zero(1, sizeof *m->ledger);
    const ko_status st = m->ledger ? make(m) : no_memory(m, "ledger", 1);
    ko_free(m->listings);
    ko_free(m->items);
    ko_free(m->removals);
    ko_free(m->comebacks);
    ko_free(m->offers);
    ko_free(m->found);
    ko_free(m->suspects.of);
    ko_free(m->works.of);
    ko_free(m->notices.of);
    ko_free(m->risked.of);
    if (st == KO_OK)
        *out_ledger = m->ledger;
    else
        ko_ledger_free(m->ledger);
    return st;
}

ko_status ko_ledger_make(ko_store *store, const ko_rules *rules, ko_day day, ko_ledger **out_ledger,
                         ko_error *err)
{
    making m = {.store = store, .rules = rules, .day = day, .err = err};
    return make_ledger(&m, out_ledger);
}

ko_status ko_ledger_make_found(ko_store *store, const ko_rules *rules, ko_day day,
                               ko_ledger **out_ledger, ko_error *err)
{
    making m = {.store = store, .rules = rules, .day = day, .found_alone = true, .err = err};
    return make_ledger(&m, out_ledger);
}

void ko_ledger_free(ko_ledger *ledger)
{
    if (!ledger)
        return;
    ko_identities_free(&ledger->ids);
    ko_free(ledger->names);
    ko_free(ledger->sellers);
    ko_free(ledger->ranks);
    ko_free(ledger);
}

/* --- reading --- */

size_t ko_ledger_count(const ko_ledger *ledger)
{
    return ledger->ids.n_sellers;
}

const ko_ledger_seller *ko_ledger_at(const ko_ledger *ledger, size_t rank)
{
    assert(rank < ledger->ids.n_sellers);
    return ledger->ranks[rank].seller;
}

size_t ko_ledger_untold(const ko_ledger *ledger)
{
    return ledger->untold;
}

const ko_ledger_seller *ko_ledger_of(const ko_ledger *ledger, const char *platform, const char *url,
                                     const char *id, const char *name)
{
    const ko_seller told = ko_seller_told(platform, url, id, name);
    const size_t seller = ko_identities_seller(&ledger->ids, &told);
    return seller == SIZE_MAX ? NULL : &ledger->sellers[seller];
}

ko_status ko_ledger_find(const ko_ledger *ledger, const char *place, const char *name,
                         const ko_ledger_seller **out_seller, ko_error *err)
{
    const ko_ledger_seller *found = NULL;
    for (size_t i = 0; i < ledger->ids.n; i++) {
        const ko_identity *id = &ledger->ids.names[i];
        const ko_ledger_seller *seller = &ledger->sellers[id->seller];
        if (strcmp(id->text, name) != 0 || (place && strcmp(id->place, place) != 0))
            continue;
        if (found && found != seller)
            return ko_fail(err, KO_E_USAGE,
                           "'%.100s' is a seller on %s and another one on %s: name a number of the"
                           " store, or --platform",
                           name, found->place, seller->place);
        found = seller;
    }
    if (!found)
        return ko_fail(err, KO_E_NOT_FOUND, "no seller '%.100s'%s%s", name, place ? " on " : "",
                       place ? place : "");
    *out_seller = found;
    return KO_OK;
}
