/* Listings, finds and items of notices are read once each into arrays that are sorted by their
 * numbers, and met there by bisection. */
#include "case/overview.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/limits.h"
#include "listing/remarks.h"
#include "store/found.h"
#include "store/notice.h"
#include "store/remark.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A listing with a find. */
typedef struct offer {
    int64_t id;
    size_t platform;
    const ko_ledger_seller *seller; /* NULL: not told */
    ko_price price;
    bool has_price;
    double sold; /* negative: not known */
} offer;

typedef struct find {
    int64_t listing_id, work_id; /* listing_id negative: of an item whose listing is not known */
    ko_day on;
    size_t platform;
    const ko_ledger_seller *seller;
} find;

/* A listing in a notice. */
typedef struct item {
    int64_t id, notice_id, listing_id, work_id;
    size_t platform;
    const ko_ledger_seller *seller;
    ko_notice_state state;
    bool was_filed, gone;
    ko_day first_filed, filed; /* meaningful when was_filed */
    size_t removal;            /* its last one */
} item;

typedef struct removal {
    ko_day on;
    int days; /* since it was filed; -1: not known */
    size_t platform;
    bool lasted;
} removal;

typedef struct making {
    ko_store *store;
    ko_overview *out;
    size_t platforms_capacity;
    offer *offers; /* by id */
    size_t n_offers, offers_capacity;
    find *finds; /* by listing and work, once all are here */
    size_t n_finds, finds_capacity;
    item *items; /* by id */
    size_t n_items, items_capacity;
    size_t n_placed; /* of these, whose work is known */
    removal *removals;
    size_t n_removals, removals_capacity;
    ko_error *err;
} making;

/* --- platforms --- */

static ko_status platform_of(making *m, const char *name, size_t *out_place)
{
    ko_overview *o = m->out;
    size_t i = 0;
    while (i < o->n_platforms && strcmp(o->platforms[i].name, name) != 0)
        i++;
    *out_place = i;
    if (i < o->n_platforms)
        return KO_OK;
    ko_overview_platform *all = ko_grown(o->platforms, i, &m->platforms_capacity, sizeof *all);
    if (!all)
        return KO_E_NOMEM;
    o->platforms = all;
    all[o->n_platforms++] = (ko_overview_platform){.name = ko_texts_keep(&o->texts, name)};
    return o->texts.no_memory ? KO_E_NOMEM : KO_OK;
}

/* --- weeks --- */

static ko_day monday_of(ko_day day)
{
    return day - (ko_day_weekday(day) + 6) % 7;
}

void ko_week_text(ko_day day, char out[KO_WEEK_TEXT_SIZE])
{
    const ko_day thursday = monday_of(day) + 3; /* whose year is that of the week */
    const int year = ko_day_year(thursday);
    const ko_day first = ko_day_of((ko_date){year, 1, 1});
    const unsigned week = (unsigned)(thursday - first) / 7 + 1;
    (void)snprintf(out, KO_WEEK_TEXT_SIZE, "%04u-W%02u", (unsigned)year % 10000, week % 100);
}

/* The week of a day; NULL when it is none of those that are asked for. */
static ko_overview_week *week_of(const ko_overview *o, ko_day day)
{
    const ko_day first = o->weeks[0].from;
    const size_t at = day < first ? o->n_weeks : (size_t)(day - first) / 7;
    return at < o->n_weeks ? &o->weeks[at] : NULL;
}

static ko_status make_weeks(making *m, ko_day day, size_t n)
{
    ko_overview *o = m->out;
    o->weeks = ko_alloc_zero(n, sizeof *o->weeks);
    if (!o->weeks)
        return KO_E_NOMEM;
    o->n_weeks = n;
    for (size_t i = 0; i < n; i++)
        o->weeks[i].from = monday_of(day) - 7 * (ko_day)(n - 1 - i);
    return KO_OK;
}

/* --- reading --- */

static ko_status on_listing(void *context, const ko_seen *seen)
{
    making *m = context;
    const ko_listing *r = &seen->record;
    offer *all = ko_grown(m->offers, m->n_offers, &m->offers_capacity, sizeof *all);
    if (!all)
        return KO_E_NOMEM;
    m->offers = all;
    offer *o = &all[m->n_offers++];
    *o = (offer){.id = seen->id, .price = r->amount, .has_price = r->has_price, .sold = -1};
    o->seller = ko_ledger_of(m->out->ledger, r->platform, r->url, r->seller_id, r->seller);
    return platform_of(m, r->platform, &o->platform);
}

static int compare_offers(const void *left, const void *right)
{
    const offer *a = left, *b = right;
    return (a->id > b->id) - (a->id < b->id);
}

static offer *offer_of(const making *m, int64_t listing_id)
{
    const offer key = {.id = listing_id};
    return m->n_offers ? bsearch(&key, m->offers, m->n_offers, sizeof key, compare_offers) : NULL;
}

/* A listing may be in several rows, for several works: the highest count is that of the listing. */
static ko_status on_remark(void *context, const ko_remark *remark)
{
    const making *m = context;
    double sold;
    if (strcmp(remark->name, ko_remark_name(KO_REMARK_SOLD)) != 0)
        return KO_OK;
    offer *o = offer_of(m, remark->listing_id);
    if (o && ko_sold_read(remark->text, &sold) && sold > o->sold)
        o->sold = sold;
    return KO_OK;
}

static ko_status add_find(making *m, const find *found)
{
    find *all = ko_grown(m->finds, m->n_finds, &m->finds_capacity, sizeof *all);
    if (!all)
        return KO_E_NOMEM;
    m->finds = all;
    all[m->n_finds++] = *found;
    return KO_OK;
}

static ko_status on_found(void *context, const ko_found *found)
{
    making *m = context;
    const offer *o = offer_of(m, found->listing_id);
    if (!o)
        return KO_OK; /* another process accepted it a moment ago */
    return add_find(m, &(find){.listing_id = found->listing_id,
                               .work_id = found->work_id,
                               .on = ko_day_here(found->at),
                               .platform = o->platform,
                               .seller = o->seller});
}

static ko_status on_item(void *context, const ko_notice_item *told)
{
    making *m = context;
    item *all = ko_grown(m->items, m->n_items, &m->items_capacity, sizeof *all);
    if (!all)
        return KO_E_NOMEM;
    m->items = all;
    item *i = &all[m->n_items++];
    *i = (item){.id = told->id,
                .notice_id = told->notice_id,
                .listing_id = told->listing_id ? told->listing_id : -told->id,
                .state = told->state};
    i->seller =
        ko_ledger_of(m->out->ledger, told->platform, told->url, told->seller_id, told->seller);
    return platform_of(m, told->platform, &i->platform);
}

/* Notices and their items are numbered in the same order. */
static ko_status on_notice(void *context, const ko_notice *notice)
{
    making *m = context;
    for (; m->n_placed < m->n_items && m->items[m->n_placed].notice_id <= notice->id; m->n_placed++)
        m->items[m->n_placed].work_id = notice->work_id;
    return KO_OK;
}

/* --- what was told of notices --- */

static int compare_items(const void *left, const void *right)
{
    const item *a = left, *b = right;
    return (a->id > b->id) - (a->id < b->id);
}

static void file(making *m, item *i, ko_day on)
{
    ko_overview_week *week = week_of(m->out, on);
    if (!i->was_filed)
        i->first_filed = on;
    i->was_filed = true;
    i->filed = on;
    m->out->all.filed++;
    m->out->platforms[i->platform].counts.filed++;
    if (week)
        week->filed++;
}

static ko_status take_down(making *m, item *i, ko_day on)
{
    if (i->gone) /* a counter-notice came to nothing */
        return KO_OK;
    removal *all = ko_grown(m->removals, m->n_removals, &m->removals_capacity, sizeof *all);
    if (!all)
        return KO_E_NOMEM;
    m->removals = all;
    i->gone = true;
    i->removal = m->n_removals++;
    all[i->removal] = (removal){.on = on,
                                .days = i->was_filed ? on - i->filed : -1,
                                .platform = i->platform,
                                .lasted = true};
    return KO_OK;
}

static ko_status on_event(void *context, const ko_notice_event *event, int64_t item_id)
{
    making *m = context;
    const item key = {.id = item_id};
    item *i = item_id && !event->undone && m->n_items
                  ? bsearch(&key, m->items, m->n_items, sizeof key, compare_items)
                  : NULL;
    if (!i)
        return KO_OK;
    if (event->state == KO_NOTICE_FILED)
        file(m, i, event->on);
    if (event->state == KO_NOTICE_REMOVED)
        return take_down(m, i, event->on);
    if (event->state == KO_NOTICE_RESTORED && i->gone)
        m->removals[i->removal].lasted = false;
    if (event->state == KO_NOTICE_REAPPEARED)
        m->out->reappeared += !i->seller; /* those of sellers are in the ledger */
    if (event->state == KO_NOTICE_RESTORED || event->state == KO_NOTICE_REAPPEARED)
        i->gone = false;
    return KO_OK;
}

static ko_status read_notices(making *m)
{
    ko_status st = ko_notice_item_each(m->store, 0, 0, on_item, m, m->err);
    if (st == KO_OK)
        st = ko_notice_each(m->store, &(ko_notice_filter){0}, on_notice, m, m->err);
    if (st == KO_OK)
        st = ko_notice_event_each(m->store, 0, on_event, m, m->err);
    for (size_t k = 0; st == KO_OK && k < m->n_items; k++) {
        const item *i = &m->items[k];
        if (!i->was_filed)
            continue;
        m->out->all.open += ko_notice_is_open(i->state);
        m->out->platforms[i->platform].counts.open += ko_notice_is_open(i->state);
        st = add_find(m, &(find){.listing_id = i->listing_id,
                                 .work_id = i->work_id,
                                 .on = i->first_filed,
                                 .platform = i->platform,
                                 .seller = i->seller});
    }
    return st;
}

static ko_status read_all(making *m)
{
    ko_status st = ko_found_listing_each(m->store, on_listing, m, m->err);
    if (st == KO_OK)
        st = ko_remark_each(m->store, 0, on_remark, m, m->err);
    if (st == KO_OK)
        st = ko_found_each(m->store, on_found, m, m->err);
    return st == KO_OK ? read_notices(m) : st;
}

/* --- counting --- */

static int compare_finds(const void *left, const void *right)
{
    const find *a = left, *b = right;
    if (a->listing_id != b->listing_id)
        return a->listing_id < b->listing_id ? -1 : 1;
    if (a->work_id != b->work_id)
        return a->work_id < b->work_id ? -1 : 1;
    return (a->on > b->on) - (a->on < b->on);
}

/* Each once, with its first day. */
static void sort_finds(making *m)
{
    size_t kept = 0;
    if (m->n_finds)
        qsort(m->finds, m->n_finds, sizeof *m->finds, compare_finds);
    for (size_t i = 0; i < m->n_finds; i++) {
        const find *last = kept ? &m->finds[kept - 1] : NULL;
        if (!last || last->listing_id != m->finds[i].listing_id ||
            last->work_id != m->finds[i].work_id)
            m->finds[kept++] = m->finds[i];
    }
    m->n_finds = kept;
}

static ko_status count_finds(making *m)
{
    ko_status st = KO_OK;
    for (size_t i = 0; st == KO_OK && i < m->n_finds; i++) {
        const find *f = &m->finds[i];
        ko_overview_week *week = week_of(m->out, f->on);
        m->out->all.found++;
        m->out->platforms[f->platform].counts.found++;
        if (week)
            week->found++;
        if (i > 0 && m->finds[i - 1].listing_id == f->listing_id)
            continue; /* what a listing sold is counted once */
        const offer *o = offer_of(m, f->listing_id);
        st = ko_estimate_add(&m->out->estimate, o && o->has_price ? &o->price : NULL,
                             o ? o->sold : -1, m->err);
    }
    return st == KO_OK ? ko_estimate_settle(&m->out->estimate, m->err) : st;
}

static int compare_days(const void *left, const void *right)
{
    const int a = *(const int *)left, b = *(const int *)right;
    return (a > b) - (a < b);
}

/* Of the removals of a platform; SIZE_MAX: of any. days has room for all. */
static void count_removals(const making *m, size_t platform, int *days, ko_overview_counts *counts)
{
    size_t n = 0;
    for (size_t i = 0; i < m->n_removals; i++) {
        const removal *r = &m->removals[i];
        if (!r->lasted || (platform != SIZE_MAX && r->platform != platform))
            continue;
        counts->removed++;
        if (r->days >= 0)
            days[n++] = r->days;
    }
    counts->n_days = n;
    if (n == 0)
        return;
    qsort(days, n, sizeof *days, compare_days);
    const size_t low = (n - 1) / 2, high = n / 2; /* one and the same, or the two in the middle */
    counts->median_days = (days[low] + days[high]) / 2.0;
}

static ko_status count_all_removals(making *m)
{
    ko_overview *o = m->out;
    int *days = ko_alloc_array(m->n_removals, sizeof *days);
    if (!days)
        return KO_E_NOMEM;
    count_removals(m, SIZE_MAX, days, &o->all);
    for (size_t i = 0; i < o->n_platforms; i++)
        count_removals(m, i, days, &o->platforms[i].counts);
    for (size_t i = 0; i < m->n_removals; i++) {
        ko_overview_week *week = week_of(o, m->removals[i].on);
        if (week)
            week->removed += m->removals[i].lasted;
    }
    ko_free(days);
    return KO_OK;
}

/* --- sellers --- */

static int compare_sellers(const void *left, const void *right)
{
    const ko_overview_seller *a = left, *b = right;
    return (a->seller > b->seller) - (a->seller < b->seller);
}

/* Most finds first, then as the ledger is sorted by names. */
static int compare_repeat(const void *left, const void *right)
{
    const ko_overview_seller *a = left, *b = right;
    if (a->found != b->found)
        return a->found > b->found ? -1 : 1;
    const int places = strcmp(a->seller->place, b->seller->place);
    return places ? places : strcmp(a->seller->names[0].text, b->seller->names[0].text);
}

static ko_status count_sellers(making *m)
{
    ko_overview *o = m->out;
    size_t n = 0, repeat = 0;
    ko_overview_seller *all = ko_alloc_array(m->n_finds, sizeof *all);
    if (!all)
        return KO_E_NOMEM;
    o->sellers = all;
    for (size_t i = 0; i < m->n_finds; i++)
        if (m->finds[i].seller)
            all[n++] = (ko_overview_seller){m->finds[i].seller, 1};
    if (n)
        qsort(all, n, sizeof *all, compare_sellers);
    for (size_t i = 0, next; i < n; i = next) {
        for (next = i + 1; next < n && all[next].seller == all[i].seller;)
            next++;
        o->n_sellers++;
        if (next - i > 1)
            all[repeat++] = (ko_overview_seller){all[i].seller, next - i};
    }
    if (repeat)
        qsort(all, repeat, sizeof *all, compare_repeat);
    o->n_repeat = repeat;
    o->n_named = repeat < KO_MAX_OVERVIEW_SELLERS ? repeat : KO_MAX_OVERVIEW_SELLERS;
    for (size_t i = 0; i < ko_ledger_count(o->ledger); i++)
        o->reappeared += ko_ledger_at(o->ledger, i)->reappeared;
    return KO_OK;
}

/* --- the whole --- */

static int compare_platforms(const void *left, const void *right)
{
    const ko_overview_platform *a = left, *b = right;
    if (a->counts.found != b->counts.found)
        return a->counts.found > b->counts.found ? -1 : 1;
    return strcmp(a->name, b->name);
}

/* Notices that are only built have brought some here of which there is nothing to tell. */
static void sort_platforms(ko_overview *o)
{
    size_t kept = 0;
    for (size_t i = 0; i < o->n_platforms; i++)
        if (o->platforms[i].counts.found)
            o->platforms[kept++] = o->platforms[i];
    o->n_platforms = kept;
    if (kept)
        qsort(o->platforms, kept, sizeof *o->platforms, compare_platforms);
}

static ko_status make(making *m, ko_day day, size_t weeks)
{
    ko_status st = ko_estimate_wish_read(m->store, &m->out->estimate.wish, m->err);
    if (st == KO_OK)
        st = make_weeks(m, day, weeks);
    if (st == KO_OK)
        st = read_all(m);
    if (st != KO_OK)
        return st;
    sort_finds(m);
    st = count_finds(m);
    if (st == KO_OK)
        st = count_all_removals(m);
    if (st == KO_OK)
        st = count_sellers(m);
    if (st == KO_OK)
        sort_platforms(m->out);
    return st;
}

ko_status ko_overview_read(ko_store *store, const ko_kit *kit, ko_day day, size_t weeks,
                           ko_overview *out_overview, ko_error *err)
{
    assert(weeks >= 1 && weeks <= KO_MAX_OVERVIEW_WEEKS);
    making m = {.store = store, .out = out_overview, .err = err};
    *out_overview = (ko_overview){0};
    ko_status st = ko_ledger_make_found(store, kit->rules, day, &out_overview->ledger, err);
    if (st == KO_OK)
        st = make(&m, day, weeks);
    ko_free(m.offers);
    ko_free(m.finds);
    ko_free(m.items);
    ko_free(m.removals);
    return st == KO_E_NOMEM ? ko_fail(err, st, "no memory for the overview") : st;
}

void ko_overview_free(ko_overview *o)
{
    ko_free(o->weeks);
    ko_free(o->platforms);
    ko_free(o->sellers);
    ko_estimate_free(&o->estimate);
    ko_ledger_free(o->ledger);
    ko_texts_free(&o->texts);
    *o = (ko_overview){0};
}
