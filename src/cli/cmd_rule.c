/* knockoff rule - what is set aside without being asked. */
#include "cli/commands.h"

#include "base/clock.h"
#include "case/aside_told.h"
#include "case/rule.h"
#include "case/rule_said.h"
#include "report/candidate.h"
#include "store/profile.h"

typedef struct rule_options {
    ko_common common;
    const char *work, *price_below, *price_above, *country, *seller, *on;
    ko_number score_below;
} rule_options;

static const ko_option options[] = {
    {"price-below", 0, KO_OPT_TEXT, offsetof(rule_options, price_below), "AMOUNT",
     "listings that ask for less, as '0.50 USD'; those without a price, or in another currency, "
     "are not meant"},
    {"price-above", 0, KO_OPT_TEXT, offsetof(rule_options, price_above), "AMOUNT",
     "that ask for more"},
    {"score-below", 0, KO_OPT_NUMBER, offsetof(rule_options, score_below), "SCORE",
     "candidates with a lower score"},
    {"country", 0, KO_OPT_TEXT, offsetof(rule_options, country), "CODE",
     "listings on a site for that country, as its name ends (.de is DE, .co.uk GB, .com none); "
     "where the seller is, no listing tells"},
    {"seller", 0, KO_OPT_TEXT, offsetof(rule_options, seller), "NAME",
     "what this seller offers, without calling it licensed; needs --on"},
    {"on", 0, KO_OPT_TEXT, offsetof(rule_options, on), "SITE",
     "where the seller sells, a marketplace (etsy) or a host; without --seller a whole shop"},
    {"work", 'w', KO_OPT_TEXT, offsetof(rule_options, work), "SERIAL",
     "only candidates for this work"},
    {0},
};

/* --- list --- */

typedef struct printing {
    ko_store *store;
    bool json;
    size_t n;
    ko_error *err;
} printing;

static void print_words(const ko_rule *rule, size_t aside)
{
    char at[KO_TIME_SIZE], words[KO_RULE_WORDS_SIZE];
    ko_clock_text(rule->added_at, at);
    ko_rule_words(rule, words);
    ko_print("%lld  %s\n", (long long)rule->id, words);
    ko_print("     %zu candidate%s set aside, since %s by %s\n", aside, ko_plural(aside), at,
             rule->who[0] ? rule->who : "-");
}

static ko_status print_rule(void *context, const ko_rule *rule)
{
    printing *p = context;
    size_t aside = 0;
    const ko_status st = ko_aside_count(p->store, &(ko_aside){.rule_id = rule->id}, &aside, p->err);
    p->n++;
    if (st == KO_OK && p->json)
        ko_json_line(stdout, ko_rule_json(rule, aside));
    else if (st == KO_OK)
        print_words(rule, aside);
    return st;
}

static ko_status list(const ko_job *job, ko_error *err)
{
    const rule_options *o = job->options;
    printing p = {.store = job->store, .json = o->common.json, .err = err};
    const ko_status st = ko_rule_each(job->store, 0, print_rule, &p, err);
    if (st == KO_OK && p.n == 0 && !p.json)
        ko_print("no rules: knockoff help rule tells what they can do\n");
    return st;
}

/* --- add and test --- */

static ko_status read_rule(const ko_job *job, ko_rule_said *said, ko_rule *out, ko_error *err)
{
    const rule_options *o = job->options;
    *said = (ko_rule_said){.work = o->work,
                           .price_below = o->price_below,
                           .price_above = o->price_above,
                           .country = o->country,
                           .seller = o->seller,
                           .on = o->on,
                           .score_below = o->score_below.value};
    if (o->common.operands.count > 1)
        return ko_fail(err, KO_E_USAGE, "rule %s: '%s' is no condition (knockoff help rule)",
                       o->common.operands.word[0], o->common.operands.word[1]);
    if (o->score_below.given && o->score_below.value <= 0)
        return ko_fail(err, KO_E_USAGE, "--score-below is a number above 0");
    return ko_rule_read(job->store, said, out, err);
}

static void print_made(const ko_rule *rule, const ko_rule_made *made)
{
    char words[KO_RULE_WORDS_SIZE];
    ko_rule_words(rule, words);
    ko_print("rule %lld%s: %s\n", (long long)made->id, made->is_new ? "" : " is there already",
             words);
    ko_print("%zu candidate%s set aside: knockoff rule log %lld\n", made->aside,
             ko_plural(made->aside), (long long)made->id);
}

static ko_status add(const ko_job *job, ko_error *err)
{
    const rule_options *o = job->options;
    printing p = {.store = job->store, .json = true, .err = err};
    ko_user user = {0};
    ko_rule_said said;
    ko_rule_made made;
    ko_rule rule;
    ko_status st = read_rule(job, &said, &rule, err);
    if (st == KO_OK)
        st = ko_profile_read(job->store, &user, err);
    if (st == KO_OK) {
        rule.who = ko_profile_signature(&user);
        st = ko_rule_make(job->store, &rule, &made, err);
    }
    if (st == KO_OK && !o->common.json)
        print_made(&rule, &made);
    else if (st == KO_OK)
        st = ko_rule_each(job->store, made.id, print_rule, &p, err);
    ko_profile_free(&user);
    return st;
}

static ko_status print_meant(void *context, const ko_candidate *c, const char *why)
{
    printing *p = context;
    json_t *object = p->json ? ko_candidate_brief_json(c) : NULL;
    p->n++;
    if (object && json_object_set_new(object, "why", ko_json_string(why)) == 0)
        ko_json_line(stdout, object);
    else if (p->json)
        json_decref(object);
    else
        ko_print("%5lld  %s  %s\n", (long long)c->id, why, c->listing->record.title);
    return KO_OK;
}

static ko_status test(const ko_job *job, ko_error *err)
{
    const rule_options *o = job->options;
    printing p = {.json = o->common.json};
    ko_rule_said said;
    ko_rule rule;
    ko_status st = read_rule(job, &said, &rule, err);
    if (st == KO_OK)
        st = ko_rule_try(job->store, &rule, print_meant, &p, err);
    if (st == KO_OK && !p.json)
        ko_print("%zu candidate%s would be set aside; nothing is changed\n", p.n, ko_plural(p.n));
    return st;
}

/* --- rm and undo --- */

/* Each of the numbers behind the verb. */
typedef ko_status number_fn(const ko_job *job, int64_t number, const char *who, ko_error *err);

static ko_status each_number(const ko_job *job, const char *whose, number_fn *fn, ko_error *err)
{
    const ko_words *words = &((const ko_common *)job->options)->operands;
    ko_user user = {0};
    ko_status st = ko_profile_read(job->store, &user, err);
    for (size_t i = 1; st == KO_OK && i < words->count; i++) {
        int64_t number = 0;
        st = ko_read_number(whose, words->word[i], &number, err);
        if (st == KO_OK)
            st = fn(job, number, ko_profile_signature(&user), err);
    }
    ko_profile_free(&user);
    return st;
}

static void print_back(const ko_job *job, const char *what, int64_t number, size_t back)
{
    const rule_options *o = job->options;
    if (o->common.json)
        ko_json_line(stdout,
                     json_pack("{s:I, s:I}", what, (json_int_t)number, "back", (json_int_t)back));
    else if (what[0] == 'r')
        ko_print("rule %lld removed; %zu candidate%s put back\n", (long long)number, back,
                 ko_plural(back));
    else
        ko_print("candidate %lld put back; that rule leaves it alone from now on\n",
                 (long long)number);
}

static ko_status drop_one(const ko_job *job, int64_t number, const char *who, ko_error *err)
{
    size_t back = 0;
    (void)who;
    const ko_status st = ko_rule_drop(job->store, number, &back, err);
    if (st == KO_OK)
        print_back(job, "rule", number, back);
    return st;
}

static ko_status drop(const ko_job *job, ko_error *err)
{
    return each_number(job, "rule rm", drop_one, err);
}

static ko_status undo_one(const ko_job *job, int64_t number, const char *who, ko_error *err)
{
    size_t back = 0;
    const ko_status st = ko_rule_undo(job->store, number, who, &back, err);
    if (st == KO_OK && back == 0)
        return ko_fail(err, KO_E_NOT_FOUND, "no rule set candidate %lld aside", (long long)number);
    if (st == KO_OK)
        print_back(job, "candidate", number, back);
    return st;
}

static ko_status undo(const ko_job *job, ko_error *err)
{
    return each_number(job, "rule undo", undo_one, err);
}

/* --- log --- */

static ko_status print_aside(void *context, const ko_aside *aside)
{
    const printing *p = context;
    char at[KO_TIME_SIZE], ended[KO_TIME_SIZE];
    if (!aside->rule_id)
        return KO_OK;
    ko_clock_text(aside->at, at);
    ko_clock_text(aside->ended_at, ended);
    if (p->json) {
        ko_json_line(stdout, ko_aside_json(aside));
        return KO_OK;
    }
    ko_print("%s  candidate %lld, rule %lld: %s\n", at, (long long)aside->candidate_id,
             (long long)aside->rule_id, aside->why);
    if (aside->ended_at)
        ko_print("    back %s: %s\n", ended, aside->ended_why);
    return KO_OK;
}

static ko_status tell_log(const ko_job *job, ko_error *err)
{
    const rule_options *o = job->options;
    const ko_words *words = &o->common.operands;
    printing p = {.json = o->common.json};
    ko_status st = KO_OK;
    for (size_t i = 1; st == KO_OK && (i < words->count || i == 1); i++) {
        ko_aside_filter filter = {0};
        if (i < words->count)
            st = ko_read_number("rule log", words->word[i], &filter.rule_id, err);
        if (st == KO_OK)
            st = ko_aside_each(job->store, &filter, print_aside, &p, err);
    }
    return st;
}

/* --- the command --- */

static const ko_verb verbs[] = {
    {"list", NULL, list},
    {"add", NULL, add},
    {"test", NULL, test},
    {"rm", "the number of a rule", drop},
    {"undo", "the number of a candidate", undo},
    {"log", NULL, tell_log},
    {0},
};

static ko_status rule(const ko_job *job, ko_error *err)
{
    return ko_run_verb(&ko_cmd_rule, verbs, "list", job, err);
}

static ko_exit run(char **words, size_t n)
{
    rule_options o = {0};
    return ko_run_job(&ko_cmd_rule, words, n, &o, NULL, rule);
}

const ko_command ko_cmd_rule = {
    .name = "rule",
    .summary = "what is set aside without asking you",
    .usage =
        "[list] | add CONDITION... | test CONDITION... | rm RULE... | undo N... | log [RULE...]",
    .description =
        "A rule means the candidates that meet all its conditions. Setting aside is all that it\n"
        "can do: no rule accepts, rejects or files anything, and what you decided stays. add\n"
        "applies it to all that wait, and scans to what they find; test only tells what add would\n"
        "do. What comes to cost more, or scores better, than the rule says is put back by the "
        "next\n"
        "scan. Each time is kept with its reason: log tells them, undo puts a candidate back for\n"
        "good, rm removes a rule and puts back all that it set aside.\n"
        "Sellers that may sell your works belong on the list of knockoff allow.",
    .options = options,
    .run = run,
};
