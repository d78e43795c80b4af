/* What is set aside without being asked: the rules, what they did, and how to take it back. */
#include "serve/handlers.h"

#include "base/limits.h"
#include "case/aside_told.h"
#include "case/rule.h"
#include "case/rule_said.h"
#include "report/candidate.h"
#include "report/json.h"
#include "serve/sent.h"

#include <string.h>

/* --- reading --- */

typedef struct telling {
    ko_store *store;
    json_t *rules, *asides;
    int64_t last; /* aside that was told */
    ko_error *err;
} telling;

static ko_status add_rule(void *context, const ko_rule *rule)
{
    const telling *t = context;
    size_t aside = 0;
    const ko_status st = ko_aside_count(t->store, &(ko_aside){.rule_id = rule->id}, &aside, t->err);
    if (st != KO_OK)
        return st;
    return json_array_append_new(t->rules, ko_rule_json(rule, aside)) == 0
               ? KO_OK
               : ko_fail(t->err, KO_E_NOMEM, "rule %lld", (long long)rule->id);
}

static ko_status add_aside(void *context, const ko_aside *aside)
{
    telling *t = context;
    t->last = aside->id;
    return json_array_append_new(t->asides, ko_aside_json(aside)) == 0
               ? KO_OK
               : ko_fail(t->err, KO_E_NOMEM, "what a rule set aside");
}

ko_status ko_serve_rules(ko_desk *desk, const ko_serve_request *request, ko_serve_answer *answer,
                         ko_error *err)
{
    telling t = {.rules = json_array(), .err = err};
    (void)request;
    ko_status st = ko_pool_take(desk->pool, &t.store, err);
    if (st == KO_OK)
        st = ko_rule_each(t.store, 0, add_rule, &t, err);
    ko_pool_give(desk->pool, t.store);
    if (st == KO_OK)
        st = ko_serve_answer_json(answer, json_pack("{s:O}", "rules", t.rules), err);
    json_decref(t.rules);
    return st;
}

static ko_status answer_rule(const telling *t, ko_serve_answer *answer)
{
    const bool whole = json_array_size(t->asides) == KO_MAX_SERVE_PAGE;
    return ko_serve_answer_json(answer,
                                json_pack("{s:O, s:O, s:o}", "rule", json_array_get(t->rules, 0),
                                          "asides", t->asides, "next",
                                          whole ? json_integer((json_int_t)t->last) : json_null()),
                                t->err);
}

ko_status ko_serve_rule(ko_desk *desk, const ko_serve_request *request, ko_serve_answer *answer,
                        ko_error *err)
{
    telling t = {.rules = json_array(), .asides = json_array(), .err = err};
    ko_aside_filter filter = {.rule_id = request->id, .limit = KO_MAX_SERVE_PAGE};
    ko_status st = ko_target_number(request->target, "after", 0, INT64_MAX, &filter.after, err);
    if (st == KO_OK)
        st = ko_pool_take(desk->pool, &t.store, err);
    if (st == KO_OK)
        st = ko_rule_each(t.store, request->id, add_rule, &t, err);
    if (st == KO_OK && json_array_size(t.rules) == 0)
        st = ko_fail(err, KO_E_NOT_FOUND, "no rule %lld", (long long)request->id);
    if (st == KO_OK)
        st = ko_aside_each(t.store, &filter, add_aside, &t, err);
    ko_pool_give(desk->pool, t.store);
    if (st == KO_OK)
        st = answer_rule(&t, answer);
    json_decref(t.rules);
    json_decref(t.asides);
    return st;
}

/* --- a new one --- */

/* What a rule that is only tried would set aside. */
typedef struct trial {
    size_t n;
    json_t *first;
} trial;

static ko_status count_meant(void *context, const ko_candidate *candidate, const char *why)
{
    trial *t = context;
    if (t->n++ >= KO_MAX_SERVE_TRIED)
        return KO_OK;
    json_t *object = ko_candidate_brief_json(candidate);
    (void)json_object_set_new(object, "why", ko_json_string(why));
    return json_array_append_new(t->first, object) == 0 ? KO_OK : KO_E_NOMEM;
}

static ko_status try_rule(ko_store *store, const ko_rule *rule, ko_serve_answer *answer,
                          ko_error *err)
{
    char words[KO_RULE_WORDS_SIZE];
    trial t = {.first = json_array()};
    ko_status st = ko_rule_try(store, rule, count_meant, &t, err);
    ko_rule_words(rule, words);
    if (st == KO_OK)
        st = ko_serve_answer_json(answer,
                                  json_pack("{s:o, s:I, s:O}", "words", ko_json_string(words),
                                            "candidates", (json_int_t)t.n, "first", t.first),
                                  err);
    json_decref(t.first);
    return st == KO_E_NOMEM ? ko_fail(err, st, "trying a rule") : st;
}

static ko_status make_rule(ko_store *store, ko_rule *rule, ko_serve_answer *answer, ko_error *err)
{
    telling t = {.store = store, .rules = json_array(), .err = err};
    ko_user user = {0};
    ko_rule_made made = {0};
    ko_status st = ko_profile_read(store, &user, err);
    rule->who = st == KO_OK ? ko_profile_signature(&user) : "";
    if (st == KO_OK)
        st = ko_rule_make(store, rule, &made, err);
    if (st == KO_OK)
        st = ko_rule_each(store, made.id, add_rule, &t, err);
    if (st == KO_OK)
        st = ko_serve_answer_json(answer,
                                  json_pack("{s:O, s:b, s:I}", "rule", json_array_get(t.rules, 0),
                                            "is_new", made.is_new, "aside", (json_int_t)made.aside),
                                  err);
    ko_profile_free(&user);
    json_decref(t.rules);
    return st;
}

static ko_status read_said(const json_t *sent, ko_rule_said *said, ko_error *err)
{
    const struct {
        const char *name, **out;
    } texts[] = {{"work", &said->work},
                 {"price_below", &said->price_below},
                 {"price_above", &said->price_above},
                 {"country", &said->country},
                 {"seller", &said->seller},
                 {"on", &said->on}};
    ko_status st = ko_sent_number(sent, "score_below", &said->score_below, err);
    for (size_t i = 0; st == KO_OK && i < sizeof texts / sizeof *texts; i++) {
        st = ko_sent_text(sent, texts[i].name, texts[i].out, err);
        if (st == KO_OK && *texts[i].out && strlen(*texts[i].out) > KO_MAX_SELLER_NAME)
            st = ko_fail(err, KO_E_LIMIT, "%s has more than %zu bytes", texts[i].name,
                         KO_MAX_SELLER_NAME);
    }
    return st;
}

ko_status ko_serve_rule_add(ko_desk *desk, const ko_serve_request *request, ko_serve_answer *answer,
                            ko_error *err)
{
    static const char *const names[] = {"work",        "price_below", "price_above",
                                        "score_below", "country",     "seller",
                                        "on",          "try",         NULL};
    ko_rule_said said = {0};
    ko_store *store = NULL;
    json_t *sent = NULL;
    bool only_try = false;
    ko_rule rule;
    ko_status st = ko_sent_object(request, names, &sent, err);
    if (st == KO_OK)
        st = ko_sent_flag(sent, "try", &only_try, err);
    if (st == KO_OK)
        st = read_said(sent, &said, err);
    if (st == KO_OK)
        st = ko_pool_take(desk->pool, &store, err);
    if (st == KO_OK)
        st = ko_rule_read(store, &said, &rule, err);
    if (st == KO_OK)
        st = only_try ? try_rule(store, &rule, answer, err) : make_rule(store, &rule, answer, err);
    ko_pool_give(desk->pool, store);
    json_decref(sent);
    return st;
}

/* --- back --- */

static ko_status answer_back(ko_serve_answer *answer, size_t back, ko_error *err)
{
    return ko_serve_answer_json(answer, json_pack("{s:I}", "back", (json_int_t)back), err);
}

ko_status ko_serve_rule_remove(ko_desk *desk, const ko_serve_request *request,
                               ko_serve_answer *answer, ko_error *err)
{
    static const char *const none[] = {NULL};
    ko_store *store = NULL;
    json_t *sent = NULL;
    size_t back = 0;
    ko_status st = ko_sent_object(request, none, &sent, err);
    json_decref(sent);
    if (st == KO_OK)
        st = ko_pool_take(desk->pool, &store, err);
    if (st == KO_OK)
        st = ko_rule_drop(store, request->id, &back, err);
    ko_pool_give(desk->pool, store);
    return st == KO_OK ? answer_back(answer, back, err) : st;
}

ko_status ko_serve_rule_undo(ko_desk *desk, const ko_serve_request *request,
                             ko_serve_answer *answer, ko_error *err)
{
    static const char *const none[] = {NULL};
    ko_user user = {0};
    ko_store *store = NULL;
    json_t *sent = NULL;
    size_t back = 0;
    ko_status st = ko_sent_object(request, none, &sent, err);
    json_decref(sent);
    if (st == KO_OK)
        st = ko_pool_take(desk->pool, &store, err);
    if (st == KO_OK)
        st = ko_profile_read(store, &user, err);
    if (st == KO_OK)
        st = ko_rule_undo(store, request->id, ko_profile_signature(&user), &back, err);
    ko_pool_give(desk->pool, store);
    if (st == KO_OK && back == 0)
        st = ko_fail(err, KO_E_NOT_FOUND, "no rule set candidate %lld aside",
                     (long long)request->id);
    ko_profile_free(&user);
    return st == KO_OK ? answer_back(answer, back, err) : st;
}
