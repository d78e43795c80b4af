#include "case/aside_told.h"

#include "base/clock.h"
#include "base/text.h"
#include "case/rule.h"
#include "report/json.h"

#include <stdio.h>
#include <string.h>

/* --- JSON --- */

static json_t *moment_json(int64_t at)
{
    char text[KO_TIME_SIZE];
    ko_clock_text(at, text);
    return at ? json_string(text) : json_null();
}

static json_t *number_json(int64_t number)
{
    return number ? json_integer((json_int_t)number) : json_null();
}

static json_t *text_json(const char *text)
{
    return text[0] ? ko_json_string(text) : json_null();
}

static json_t *amount_json(int64_t minor, const char *currency)
{
    char amount[KO_PRICE_DECIMAL_SIZE];
    ko_rule_amount(minor, currency, amount);
    return minor ? json_string(amount) : json_null();
}

static json_t *seller_json(const ko_allow *seller)
{
    if (!seller->platform[0] && !seller->host[0])
        return json_null();
    return json_pack("{s:s, s:s, s:o, s:o}", "platform", seller->platform, "host", seller->host,
                     "seller_id", ko_json_string(seller->seller_id), "seller",
                     ko_json_string(seller->seller));
}

json_t *ko_rule_json(const ko_rule *rule, size_t n_aside)
{
    char words[KO_RULE_WORDS_SIZE], serial[KO_SERIAL_SIZE];
    ko_rule_words(rule, words);
    ko_work_serial(rule->work_id, serial);
    return json_pack("{s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:I}", "rule",
                     (json_int_t)rule->id, "words", ko_json_string(words), "work",
                     rule->work_id ? json_string(serial) : json_null(), "score_below",
                     rule->score_below > 0 ? json_real(rule->score_below) : json_null(), "country",
                     text_json(rule->country), "seller", seller_json(&rule->seller), "price_below",
                     amount_json(rule->price_below, rule->currency), "price_above",
                     amount_json(rule->price_above, rule->currency), "currency",
                     text_json(rule->currency), "added", moment_json(rule->added_at), "who",
                     ko_json_string(rule->who), "removed", moment_json(rule->removed_at), "aside",
                     (json_int_t)n_aside);
}

json_t *ko_hold_json(const ko_hold *hold, size_t n_aside)
{
    return json_pack("{s:I, s:s, s:o, s:o, s:s, s:f, s:I, s:o, s:o, s:o, s:o, s:I}", "hold",
                     (json_int_t)hold->id, "subject", ko_hold_kind_name(hold->kind), "id",
                     number_json(hold->subject_id), "name", ko_json_string(hold->name), "state",
                     ko_hold_state_name(hold->state), "expected", hold->expected, "found",
                     (json_int_t)hold->found, "note", ko_json_string(hold->note), "at",
                     moment_json(hold->at), "decided", moment_json(hold->decided_at), "decided_by",
                     ko_json_string(hold->decided_by), "aside", (json_int_t)n_aside);
}

json_t *ko_aside_json(const ko_aside *aside)
{
    return json_pack("{s:I, s:o, s:o, s:o, s:o, s:o, s:o}", "candidate",
                     (json_int_t)aside->candidate_id, "rule", number_json(aside->rule_id), "hold",
                     number_json(aside->hold_id), "why", ko_json_string(aside->why), "at",
                     moment_json(aside->at), "ended", moment_json(aside->ended_at), "ended_why",
                     ko_json_string(aside->ended_why));
}

static ko_status add_aside(void *context, const ko_aside *aside)
{
    return json_array_append_new(context, ko_aside_json(aside)) == 0 ? KO_OK : KO_E_NOMEM;
}

ko_status ko_asides_json(ko_store *store, int64_t candidate_id, json_t **out_asides, ko_error *err)
{
    const ko_aside_filter filter = {.candidate_id = candidate_id};
    json_t *asides = json_array();
    ko_status st = asides ? ko_aside_each(store, &filter, add_aside, asides, err) : KO_E_NOMEM;
    if (st == KO_OK)
        *out_asides = asides;
    else
        json_decref(asides);
    return st == KO_E_NOMEM ? ko_fail(err, st, "candidate %lld", (long long)candidate_id) : st;
}

/* --- in words --- */

typedef struct wording {
    ko_buf *out;
    ko_error *err;
} wording;

/* The words of a rule may be a seller's. */
static ko_status put_aside(void *context, const ko_aside *aside)
{
    const wording *w = context;
    char by[32], at[KO_TIME_SIZE], ended[KO_TIME_SIZE];
    (void)snprintf(by, sizeof by, "%s %lld", aside->rule_id ? "rule" : "hold",
                   (long long)(aside->rule_id ? aside->rule_id : aside->hold_id));
    ko_clock_text(aside->at, at);
    ko_clock_text(aside->ended_at, ended);
    ko_status st = ko_buf_printf(w->out, "  %-11s %s: ", by, at);
    if (st == KO_OK)
        st = ko_text_clean(w->out, aside->why, strlen(aside->why));
    if (st == KO_OK && aside->ended_at)
        st = ko_buf_printf(w->out, "; back %s: ", ended);
    if (st == KO_OK && aside->ended_at)
        st = ko_text_clean(w->out, aside->ended_why, strlen(aside->ended_why));
    if (st == KO_OK)
        st = ko_buf_text(w->out, "\n");
    return st == KO_OK ? st : ko_fail(w->err, st, "what set a candidate aside");
}

ko_status ko_asides_field(ko_buf *out, ko_store *store, int64_t candidate_id, ko_error *err)
{
    const ko_aside_filter filter = {.candidate_id = candidate_id};
    wording w = {out, err};
    return ko_aside_each(store, &filter, put_aside, &w, err);
}
