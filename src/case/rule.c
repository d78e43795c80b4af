#include "case/rule.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/stop.h"
#include "platform/country.h"
#include "platform/currencies.h"
#include "store/aside.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h> /* strtoll */
#include <string.h>

/* All that nobody decided about. */
#define UNDECIDED                                                                                  \
    (1U << KO_CANDIDATE_OPEN | 1U << KO_CANDIDATE_ALLOWED | 1U << KO_CANDIDATE_NEGATIVE |          \
     1U << KO_CANDIDATE_RULED | 1U << KO_CANDIDATE_HELD)

/* --- in words --- */

/* A list of words with commas between; what is too long is cut. */
typedef struct writer {
    char *out;
    size_t used;
} writer;

KO_PRINTF(2, 3)
static void put(writer *w, const char *fmt, ...)
{
    const size_t room = KO_RULE_WORDS_SIZE - w->used;
    va_list args;
    va_start(args, fmt);
    int n = w->used ? snprintf(w->out + w->used, room, ", ") : 0;
    if ((size_t)n < room)
        n += vsnprintf(w->out + w->used + n, room - (size_t)n, fmt, args);
    va_end(args);
    w->used += (size_t)n < room ? (size_t)n : room - 1;
}

#define AMOUNT_SIZE (KO_PRICE_DECIMAL_SIZE + 8)
#define RANGE_SIZE (2 * AMOUNT_SIZE + 8)

void ko_rule_amount(int64_t minor, const char *currency, char out[KO_PRICE_DECIMAL_SIZE])
{
    unsigned digits = 2;
    for (const ko_currency *c = ko_currencies; c->code[0]; c++)
        if (strcmp(c->code, currency) == 0)
            digits = c->minor_digits;
    ko_price_decimal(minor, digits, out);
}

static void write_amount(int64_t minor, const char *currency, char out[AMOUNT_SIZE])
{
    char decimal[KO_PRICE_DECIMAL_SIZE];
    ko_rule_amount(minor, currency, decimal);
    (void)snprintf(out, AMOUNT_SIZE, "%s %s", decimal, currency);
}

void ko_rule_words(const ko_rule *rule, char out_words[KO_RULE_WORDS_SIZE])
{
    writer w = {.out = out_words};
    char amount[AMOUNT_SIZE], serial[KO_SERIAL_SIZE], seller[KO_ALLOW_WORDS_SIZE];
    out_words[0] = '\0';
    if (rule->price_below) {
        write_amount(rule->price_below, rule->currency, amount);
        put(&w, "price below %s", amount);
    }
    if (rule->price_above) {
        write_amount(rule->price_above, rule->currency, amount);
        put(&w, "price above %s", amount);
    }
    if (rule->score_below > 0)
        put(&w, "score below %.10g", rule->score_below);
    if (rule->country[0])
        put(&w, "on a site for %s", rule->country);
    if (ko_rule_states_seller(rule)) {
        ko_allow_words(&rule->seller, seller);
        put(&w, "offered by %s", seller);
    }
    if (rule->work_id) {
        ko_work_serial(rule->work_id, serial);
        put(&w, "for work %s", serial);
    }
}

/* --- whom it means --- */

static void write_price(const ko_price *price, char out[RANGE_SIZE])
{
    char low[AMOUNT_SIZE], high[AMOUNT_SIZE];
    write_amount(price->low_minor, price->currency, low);
    write_amount(price->high_minor, price->currency, high);
    if (price->low_minor == price->high_minor)
        (void)snprintf(out, RANGE_SIZE, "%s", low);
    else
        (void)snprintf(out, RANGE_SIZE, "%s to %s", low, high);
}

static bool means_price(const ko_rule *rule, const ko_listing *record, writer *why)
{
    const ko_price *p = &record->amount;
    char price[RANGE_SIZE], amount[AMOUNT_SIZE];
    if (!rule->price_below && !rule->price_above)
        return true;
    if (!record->has_price || p->ask || strcmp(p->currency, rule->currency) != 0 ||
        (rule->price_below && p->high_minor >= rule->price_below) ||
        (rule->price_above && p->low_minor <= rule->price_above))
        return false;
    write_price(p, price);
    if (rule->price_below) {
        write_amount(rule->price_below, rule->currency, amount);
        put(why, "price %s is below %s", price, amount);
    }
    if (rule->price_above) {
        write_amount(rule->price_above, rule->currency, amount);
        put(why, "price %s is above %s", price, amount);
    }
    return true;
}

static bool means_score(const ko_rule *rule, const ko_candidate *c, writer *why)
{
    if (rule->score_below == 0)
        return true;
    const double score = c->match.evidence.score;
    if (score < rule->score_below)
        put(why, "score %.1f is below %.10g", score, rule->score_below);
    return score < rule->score_below;
}

static bool means_country(const ko_rule *rule, const char *host, writer *why)
{
    char country[KO_COUNTRY_SIZE];
    if (!rule->country[0])
        return true;
    ko_country_of((ko_slice){host, strcspn(host, ":")}, country);
    if (strcmp(country, rule->country) != 0)
        return false;
    put(why, "%s is a site for %s", host, country);
    return true;
}

/* As the allow list has it (store/allow.h). */
static bool means_seller(const ko_rule *rule, const ko_listing *r, const char *host, writer *why)
{
    const ko_allow *s = &rule->seller;
    char words[KO_ALLOW_WORDS_SIZE];
    if (!ko_rule_states_seller(rule))
        return true;
    if ((s->platform[0] && strcmp(s->platform, r->platform) != 0) ||
        (s->host[0] && strcmp(s->host, host) != 0) ||
        (s->seller_id[0] && strcmp(s->seller_id, r->seller_id) != 0) ||
        (s->seller[0] && strcmp(s->seller, r->seller) != 0))
        return false;
    ko_allow_words(s, words);
    put(why, "offered by %s", words);
    return true;
}

/* Does the rule mean this candidate? Then out_why says why: "price US $0.40 is below 0.50 USD". A
 * condition about what the listing does not tell, its price or country, is not met. */
static bool means(const ko_rule *rule, const ko_candidate *candidate,
                  char out_why[KO_RULE_WORDS_SIZE])
{
    const ko_listing *record = &candidate->listing->record;
    char host[KO_SELLER_PLACE_SIZE];
    writer why = {.out = out_why};
    out_why[0] = '\0';
    ko_seller_host(record->url, host);
    return (!rule->work_id || rule->work_id == candidate->match.work_id) &&
           means_price(rule, record, &why) && means_score(rule, candidate, &why) &&
           means_country(rule, host, &why) && means_seller(rule, record, host, &why);
}

typedef struct trying {
    const ko_rule *rule;
    ko_rule_meant_fn *fn;
    void *context;
} trying;

static ko_status try_one(void *context, const ko_candidate *candidate)
{
    const trying *t = context;
    char why[KO_RULE_WORDS_SIZE];
    if (ko_stop_asked())
        return KO_E_STOPPED;
    return candidate->decision.at == 0 && means(t->rule, candidate, why)
               ? t->fn(t->context, candidate, why)
               : KO_OK;
}

ko_status ko_rule_try(ko_store *store, const ko_rule *rule, ko_rule_meant_fn *fn, void *context,
                      ko_error *err)
{
    const ko_candidate_filter filter = {.work_id = rule->work_id, .all = true, .states = UNDECIDED};
    trying t = {.rule = rule, .fn = fn, .context = context};
    const ko_status st = ko_candidate_each(store, &filter, try_one, &t, err);
    return st == KO_E_STOPPED ? ko_fail(err, st, "trying a rule") : st;
}

/* --- applying --- */

/* Numbers of rows. */
typedef struct numbers {
    int64_t *items;
    size_t n, room;
} numbers;

static ko_status keep_number(numbers *kept, int64_t number)
{
    int64_t *items = ko_grown(kept->items, kept->n, &kept->room, sizeof *items);
    if (!items)
        return KO_E_NOMEM;
    kept->items = items;
    items[kept->n++] = number;
    return KO_OK;
}

typedef struct applying {
    ko_store *store;
    const ko_rule *rule;           /* the only one; NULL: all in force */
    const ko_candidate *candidate; /* whose turn it is */
    bool set_aside;                /* and what became of it */
    size_t n;                      /* set aside */
    ko_error *err;
} applying;

static ko_status apply_rule(void *context, const ko_rule *rule)
{
    applying *a = context;
    char why[KO_RULE_WORDS_SIZE];
    bool fresh = false;
    if (!means(rule, a->candidate, why))
        return KO_OK;
    const ko_aside aside = {.candidate_id = a->candidate->id, .rule_id = rule->id, .why = why};
    const ko_status st = ko_aside_add(a->store, &aside, &fresh, a->err);
    a->set_aside |= fresh;
    return st;
}

static ko_status apply_to(void *context, const ko_candidate *candidate)
{
    applying *a = context;
    a->candidate = candidate;
    a->set_aside = false;
    const ko_status st =
        a->rule ? apply_rule(a, a->rule) : ko_rule_each(a->store, 0, apply_rule, a, a->err);
    a->n += a->set_aside;
    return st;
}

/* In the caller's transaction. */
static ko_status apply_all(applying *a, const int64_t *candidates, size_t n)
{
    ko_status st = KO_OK;
    for (size_t i = 0; st == KO_OK && i < n; i++) {
        const ko_candidate_filter one = {.id = candidates[i]};
        st = ko_candidate_each(a->store, &one, apply_to, a, a->err);
    }
    return st;
}

static ko_status count_rule(void *context, const ko_rule *rule)
{
    (void)rule;
    ++*(size_t *)context;
    return KO_OK;
}

ko_status ko_rules_apply(ko_store *store, const int64_t *candidates, size_t n, size_t *out_ruled,
                         ko_error *err)
{
    applying a = {.store = store, .err = err};
    size_t n_rules = 0;
    *out_ruled = 0;
    ko_status st = ko_rule_each(store, 0, count_rule, &n_rules, err);
    if (st != KO_OK || n_rules == 0)
        return st;
    const bool own = !ko_store_is_writing(store);
    if (own && (st = ko_store_begin(store, err)) != KO_OK)
        return st;
    st = apply_all(&a, candidates, n);
    *out_ruled = a.n;
    if (own && st == KO_OK)
        return ko_store_commit(store, err);
    if (own)
        ko_store_rollback(store);
    return st;
}

/* --- a new rule --- */

static ko_status keep_meant(void *context, const ko_candidate *candidate, const char *why)
{
    (void)why;
    return keep_number(context, candidate->id);
}

/* What it means is looked for first, as that takes long; it is looked at again when it is written.
 */
static ko_status apply_new(applying *a)
{
    numbers meant = {0};
    ko_status st = ko_rule_try(a->store, a->rule, keep_meant, &meant, a->err);
    for (size_t i = 0; st == KO_OK && i < meant.n; i += KO_ASIDE_BATCH) {
        const size_t n = meant.n - i < KO_ASIDE_BATCH ? meant.n - i : KO_ASIDE_BATCH;
        st = ko_store_begin(a->store, a->err);
        if (st == KO_OK)
            st = apply_all(a, meant.items + i, n);
        if (st == KO_OK)
            st = ko_store_commit(a->store, a->err);
        else
            ko_store_rollback(a->store);
    }
    ko_free(meant.items);
    return st == KO_E_NOMEM ? ko_fail(a->err, st, "applying a rule") : st;
}

ko_status ko_rule_make(ko_store *store, const ko_rule *rule, ko_rule_made *out_made, ko_error *err)
{
    ko_rule kept = *rule;
    applying a = {.store = store, .rule = &kept, .err = err};
    *out_made = (ko_rule_made){0};
    ko_status st = ko_rule_add(store, rule, &kept.id, &out_made->is_new, err);
    out_made->id = kept.id;
    if (st == KO_OK)
        st = apply_new(&a);
    out_made->aside = a.n;
    return st;
}

/* --- back --- */

/* When it is killed before all is back, the review after the next scan does the rest. */
ko_status ko_rule_drop(ko_store *store, int64_t id, size_t *out_back, ko_error *err)
{
    const ko_aside by = {.rule_id = id};
    size_t n = KO_ASIDE_BATCH;
    ko_status st = ko_rule_remove(store, id, err);
    for (*out_back = 0; st == KO_OK && n == KO_ASIDE_BATCH; *out_back += n)
        st = ko_aside_end_some(store, &by, "the rule was removed", KO_ASIDE_BATCH, &n, err);
    return st;
}

static ko_status keep_ruled(void *context, const ko_aside *aside)
{
    return aside->rule_id ? keep_number(context, aside->id) : KO_OK;
}

ko_status ko_rule_undo(ko_store *store, int64_t candidate_id, const char *who, size_t *out_back,
                       ko_error *err)
{
    const ko_aside_filter filter = {.candidate_id = candidate_id, .in_force = true};
    numbers asides = {0};
    char why[KO_RULE_WORDS_SIZE];
    (void)snprintf(why, sizeof why, "put back%s%.200s", who[0] ? " by " : "", who);
    ko_status st = ko_aside_each(store, &filter, keep_ruled, &asides, err);
    for (size_t i = 0; st == KO_OK && i < asides.n; i++)
        st = ko_aside_end(store, asides.items[i], why, err);
    *out_back = asides.n;
    ko_free(asides.items);
    return st == KO_E_NOMEM ? ko_fail(err, st, "candidate %lld", (long long)candidate_id) : st;
}

/* --- what rules mean no more --- */

typedef struct reviewing {
    ko_store *store;
    const ko_aside *aside; /* whose turn it is */
    bool meant;
    const ko_candidate *candidate;
    size_t n;     /* asides that were looked at */
    numbers past; /* of them, those that are to end */
    ko_error *err;
} reviewing;

static ko_status ask_rule(void *context, const ko_rule *rule)
{
    reviewing *r = context;
    char why[KO_RULE_WORDS_SIZE];
    r->meant = rule->removed_at == 0 && means(rule, r->candidate, why);
    return KO_OK;
}

static ko_status ask_candidate(void *context, const ko_candidate *candidate)
{
    reviewing *r = context;
    r->candidate = candidate;
    return ko_rule_each(r->store, r->aside->rule_id, ask_rule, r, r->err);
}

static ko_status review_one(void *context, const ko_aside *aside)
{
    reviewing *r = context;
    const ko_candidate_filter one = {.id = aside->candidate_id};
    if (ko_stop_asked())
        return KO_E_STOPPED;
    r->n++;
    r->aside = aside;
    r->meant = true;
    const ko_status st = ko_candidate_each(r->store, &one, ask_candidate, r, r->err);
    return st == KO_OK && !r->meant ? keep_number(&r->past, aside->id) : st;
}

static ko_status end_asides(ko_store *store, const int64_t *asides, size_t n, ko_error *err)
{
    ko_status st = ko_store_begin(store, err);
    for (size_t i = 0; st == KO_OK && i < n; i++)
        st = ko_aside_end(store, asides[i], "the rule means it no more", err);
    if (st == KO_OK)
        return ko_store_commit(store, err);
    ko_store_rollback(store);
    return st;
}

#define REVIEWED "rules_reviewed_at" /* the setting that keeps when the last review began */

static ko_status read_reviewed(ko_store *store, int64_t *out_at, ko_error *err)
{
    char *text = NULL;
    const ko_status st = ko_store_setting(store, REVIEWED, &text, err);
    *out_at = st == KO_OK ? strtoll(text, NULL, 10) : 0;
    ko_free(text);
    return st;
}

static ko_status keep_reviewed(ko_store *store, int64_t at, ko_error *err)
{
    char text[24];
    (void)snprintf(text, sizeof text, "%lld", (long long)at);
    return ko_store_set_setting(store, REVIEWED, text, err);
}

/* Those alone of which something is known since the last time. Without any nothing is written, so
 * that nobody who watches the database is woken. */
ko_status ko_rules_review(ko_store *store, size_t *out_back, ko_error *err)
{
    const int64_t began_at = ko_clock_now();
    reviewing r = {.store = store, .err = err};
    int64_t since = 0;
    *out_back = 0;
    ko_status st = read_reviewed(store, &since, err);
    if (st == KO_OK)
        st = ko_aside_doubtful_each(store, since, review_one, &r, err);
    for (size_t i = 0; st == KO_OK && i < r.past.n; i += KO_ASIDE_BATCH) {
        const size_t n = r.past.n - i < KO_ASIDE_BATCH ? r.past.n - i : KO_ASIDE_BATCH;
        st = end_asides(store, r.past.items + i, n, err);
        *out_back += st == KO_OK ? n : 0;
    }
    ko_free(r.past.items);
    if (st == KO_OK && r.n)
        st = keep_reviewed(store, began_at, err);
    if (st == KO_E_NOMEM || st == KO_E_STOPPED)
        return ko_fail(err, st, "looking at what rules set aside");
    return st;
}
