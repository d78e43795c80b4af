#include "case/rates.h"

#include "base/alloc.h"
#include "store/notice.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

const char *ko_rate_level_name(ko_rate_level level)
{
    static const char *const names[] = {"free", "fine", "near", "missed"};
    assert(level < sizeof names / sizeof *names);
    return names[level];
}

/* --- reading the store --- */

/* One listing of a notice. Texts are the rates'. */
typedef struct listing {
    int64_t item_id;
    const char *channel, *platform, *reason;
    ko_notice_state state;
    ko_day on;
} listing;

typedef struct notice {
    int64_t id;
    const char *channel, *reason;
} notice;

typedef struct reading {
    ko_rates *out;
    size_t rates_capacity;
    notice *notices; /* in order of id */
    size_t n_notices, notices_capacity;
    listing *listings; /* in order of their ids */
    size_t n, capacity;
    ko_closed *closed; /* of the listings those that are decided */
    size_t n_closed;
} reading;

/* The one copy of a text. There are few: ids of rules, platforms. */
static const char *keep_text(reading *r, const char *text)
{
    ko_texts *texts = &r->out->texts;
    for (size_t i = 0; i < texts->n; i++)
        if (strcmp(texts->kept[i], text) == 0)
            return texts->kept[i];
    return ko_texts_keep(texts, text);
}

static ko_status on_notice(void *context, const ko_notice *from)
{
    reading *r = context;
    notice *notices = ko_grown(r->notices, r->n_notices, &r->notices_capacity, sizeof *notices);
    if (!notices)
        return KO_E_NOMEM;
    r->notices = notices;
    notices[r->n_notices++] =
        (notice){from->id, keep_text(r, from->channel), keep_text(r, from->reason)};
    return r->out->texts.no_memory ? KO_E_NOMEM : KO_OK;
}

static int compare_notices(const void *left, const void *right)
{
    const notice *a = left, *b = right;
    return (a->id > b->id) - (a->id < b->id);
}

static ko_status on_item(void *context, const ko_notice_item *item)
{
    reading *r = context;
    const notice key = {.id = item->notice_id};
    const notice *of =
        r->n_notices ? bsearch(&key, r->notices, r->n_notices, sizeof key, compare_notices) : NULL;
    if (!of)
        return KO_OK; /* another process built it a moment ago */
    listing *listings = ko_grown(r->listings, r->n, &r->capacity, sizeof *listings);
    if (!listings)
        return KO_E_NOMEM;
    r->listings = listings;
    listings[r->n++] = (listing){.item_id = item->id,
                                 .channel = of->channel,
                                 .platform = keep_text(r, item->platform),
                                 .reason = of->reason,
                                 .state = item->state,
                                 .on = item->state_on};
    return r->out->texts.no_memory ? KO_E_NOMEM : KO_OK;
}

static int compare_listings(const void *left, const void *right)
{
    const listing *a = left, *b = right;
    return (a->item_id > b->item_id) - (a->item_id < b->item_id);
}

/* A listing that came back was removed on the day on which it was removed. */
static ko_status on_event(void *context, const ko_notice_event *event, int64_t item_id)
{
    reading *r = context;
    const listing key = {.item_id = item_id};
    if (event->undone || event->state != KO_NOTICE_REMOVED || item_id == 0 || r->n == 0)
        return KO_OK;
    listing *of = bsearch(&key, r->listings, r->n, sizeof key, compare_listings);
    if (of && of->state == KO_NOTICE_REAPPEARED)
        of->on = event->on;
    return KO_OK;
}

/* What became of a listing, for the rates; false while it is open, and when it was taken back. */
static bool outcome_of(ko_notice_state state, ko_outcome *out)
{
    switch (state) {
    case KO_NOTICE_REMOVED:
    case KO_NOTICE_REAPPEARED:
        *out = KO_OUTCOME_REMOVED;
        return true;
    case KO_NOTICE_REFUSED:
        *out = KO_OUTCOME_REFUSED;
        return true;
    case KO_NOTICE_RESTORED:
        *out = KO_OUTCOME_COUNTERED;
        return true;
    case KO_NOTICE_UNABLE:
        *out = KO_OUTCOME_UNABLE;
        return true;
    default:
        return false;
    }
}

static ko_status read_store(reading *r, ko_store *store, ko_error *err)
{
    ko_status st = ko_notice_each(store, &(ko_notice_filter){0}, on_notice, r, err);
    if (st == KO_OK)
        st = ko_notice_item_each(store, 0, 0, on_item, r, err);
    if (st == KO_OK)
        st = ko_notice_event_each(store, 0, on_event, r, err);
    if (st != KO_OK)
        return st;
    r->closed = ko_alloc_array(r->n, sizeof *r->closed);
    if (!r->closed)
        return KO_E_NOMEM;
    for (size_t i = 0; i < r->n; i++) {
        const listing *of = &r->listings[i];
        ko_outcome outcome;
        if (outcome_of(of->state, &outcome))
            r->closed[r->n_closed++] =
                (ko_closed){of->channel, of->platform, of->reason, of->on, outcome};
    }
    return KO_OK;
}

/* --- rates --- */

/* Texts are kept once each, so they are the same when their places are. */
static bool is_of(const ko_rate *rate, const listing *one)
{
    return rate->channel_id == one->channel &&
           (!rate->platform || rate->platform == one->platform) &&
           (!rate->reason || rate->reason == one->reason);
}

static ko_status add_rate(reading *r, const char *channel, const char *platform, const char *reason)
{
    ko_rates *out = r->out;
    for (size_t i = 0; i < out->n; i++)
        if (out->rates[i].channel_id == channel && out->rates[i].platform == platform &&
            out->rates[i].reason == reason)
            return KO_OK;
    ko_rate *rates = ko_grown(out->rates, out->n, &r->rates_capacity, sizeof *rates);
    if (!rates)
        return KO_E_NOMEM;
    out->rates = rates;
    rates[out->n++] = (ko_rate){.channel_id = channel, .platform = platform, .reason = reason};
    return KO_OK;
}

/* Which rates there are. A listing may be on no platform, and a notice have no reason. */
static ko_status add_rates(reading *r, const char *channel)
{
    ko_status st = add_rate(r, channel, NULL, NULL);
    for (size_t i = 0; i < r->n && st == KO_OK; i++)
        if (r->listings[i].channel == channel && r->listings[i].platform[0])
            st = add_rate(r, channel, r->listings[i].platform, NULL);
    for (size_t i = 0; i < r->n && st == KO_OK; i++)
        if (r->listings[i].channel == channel && r->listings[i].reason[0])
            st = add_rate(r, channel, NULL, r->listings[i].reason);
    return st;
}

/* In whole numbers, as ko_standing_holds. */
static ko_rate_level level_of(const ko_standing_rule *rule, const ko_standing *standing)
{
    const int success = rule->success_least_percent + KO_RATES_NEAR_SUCCESS;
    const int counter = rule->counter_most_percent - KO_RATES_NEAR_COUNTER;
    if (!ko_standing_holds(rule, standing))
        return KO_RATE_MISSED;
    if (standing->removed < standing->decided &&
        standing->removed * 100 <= (size_t)success * standing->decided)
        return KO_RATE_NEAR;
    if (standing->countered > 0 &&
        (counter < 0 || standing->countered * 100 >= (size_t)counter * standing->decided))
        return KO_RATE_NEAR;
    return KO_RATE_FINE;
}

/* Platforms do not look at theirs alone, and only some at single reasons. */
static bool rule_looks_at(const ko_rate *rate)
{
    return rate->channel && rate->channel->standing.source && !rate->platform &&
           (!rate->reason || rate->channel->standing.per_reason);
}

static void count(const reading *r, const ko_kit *kit, ko_day day, ko_rate *rate)
{
    static const ko_standing_rule no_rule = {.months = KO_RATES_MONTHS};
    rate->channel = ko_rules_channel(kit->rules, rate->channel_id);
    const bool has_rule = rate->channel && rate->channel->standing.source;
    const ko_standing_rule *rule = has_rule ? &rate->channel->standing : &no_rule;
    const ko_standing_filter filter = {rate->channel_id, rate->platform, rate->reason};
    rate->months = rule->months;
    rate->standing = ko_standing_on(rule, r->closed, r->n_closed, &filter, day);
    rate->level = rule_looks_at(rate) ? level_of(rule, &rate->standing) : KO_RATE_FREE;
    for (size_t i = 0; i < r->n; i++) {
        const bool open = ko_notice_is_open(r->listings[i].state);
        const bool built = r->listings[i].state == KO_NOTICE_BUILT;
        if (!open || !is_of(rate, &r->listings[i]))
            continue;
        rate->n_built += built;
        rate->n_open += !built;
    }
}

ko_status ko_rates_read(ko_store *store, const ko_kit *kit, ko_day day, ko_rates *out_rates,
                        ko_error *err)
{
    *out_rates = (ko_rates){0};
    reading r = {.out = out_rates};
    ko_status st = read_store(&r, store, err);
    for (size_t i = 0; i < r.n_notices && st == KO_OK; i++)
        if (!ko_rates_find(out_rates, r.notices[i].channel, NULL))
            st = add_rates(&r, r.notices[i].channel);
    for (size_t i = 0; i < out_rates->n && st == KO_OK; i++)
        count(&r, kit, day, &out_rates->rates[i]);
    ko_free(r.notices);
    ko_free(r.listings);
    ko_free(r.closed);
    return st == KO_E_NOMEM ? ko_fail(err, st, "no memory for rates") : st;
}

void ko_rates_free(ko_rates *rates)
{
    ko_texts_free(&rates->texts);
    ko_free(rates->rates);
    *rates = (ko_rates){0};
}

const ko_rate *ko_rates_find(const ko_rates *rates, const char *channel_id, const char *reason)
{
    for (size_t i = 0; i < rates->n; i++) {
        const ko_rate *rate = &rates->rates[i];
        if (rate->platform || strcmp(rate->channel_id, channel_id) != 0 || !rate->reason != !reason)
            continue;
        if (!reason || strcmp(rate->reason, reason) == 0)
            return rate;
    }
    return NULL;
}

/* --- what more would risk --- */

static ko_standing_risk risk_of(const ko_rates *rates, const ko_channel *channel,
                                const char *reason, size_t n)
{
    static const ko_standing nothing = {0};
    const ko_rate *rate = ko_rates_find(rates, channel->id, reason);
    return ko_standing_risk_of(&channel->standing, rate ? &rate->standing : &nothing, n);
}

static size_t least_of(size_t a, size_t b)
{
    return a < b ? a : b;
}

ko_standing_risk ko_rates_risk(const ko_rates *rates, const ko_channel *channel, const char *reason,
                               size_t n)
{
    assert(channel->standing.source);
    ko_standing_risk risk = risk_of(rates, channel, NULL, n);
    if (!channel->standing.per_reason || !reason || !reason[0])
        return risk;
    const ko_standing_risk own = risk_of(rates, channel, reason, n);
    risk.can_hold = risk.can_hold && own.can_hold;
    risk.bears_refused = least_of(risk.bears_refused, own.bears_refused);
    risk.bears_countered = least_of(risk.bears_countered, own.bears_countered);
    return risk;
}
