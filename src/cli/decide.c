#include "cli/decide.h"

#include "cli/good_faith.h"
#include "store/allow.h"
#include "store/decision.h"
#include "store/negative.h"

#include <assert.h>
#include <string.h>

static const struct verb {
    const char *name;
    ko_candidate_state state;
} verbs[] = {
    {"accept", KO_CANDIDATE_ACCEPTED}, {"reject", KO_CANDIDATE_REJECTED},
    {"unsure", KO_CANDIDATE_UNSURE},   {"licensed", KO_CANDIDATE_LICENSED},
    {"reopen", KO_CANDIDATE_OPEN},
};

static const struct verb *find_verb(const char *name)
{
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (strcmp(verbs[i].name, name) == 0)
            return &verbs[i];
    return NULL;
}

bool ko_is_decision(const char *verb)
{
    return find_verb(verb) != NULL;
}

/* --- one candidate --- */

static ko_status allow_seller(ko_store *store, int64_t act_id, const ko_candidate *c, bool shop,
                              ko_problems *problems, int64_t *out_id, ko_error *err)
{
    ko_allow seller;
    ko_error why = {0};
    if (ko_allow_of(&c->listing->record, shop, &seller, &why) == KO_OK)
        return ko_allow_add(store, act_id, &seller, out_id, err);
    ko_problem(problems, "candidate %lld alone is licensed: %s", (long long)c->id, why.text);
    return KO_OK;
}

/* What is being done to all that were chosen. */
typedef struct deciding {
    ko_store *store;
    const struct verb *verb;
    const ko_decide_options *options;
    ko_problems *problems;
    const ko_chosen *chosen; /* the one whose turn it is */
    int64_t act_id;
    ko_decided decided;
    ko_error *err;
} deciding;

static ko_status decide_one(const deciding *d, const ko_candidate *c, bool *out_changed)
{
    const ko_candidate_state state = d->verb->state;
    int64_t entry = 0; /* new in one of the lists */
    *out_changed = false;
    if (!ko_chosen_holds(d->chosen, c)) {
        ko_problem(d->problems,
                   "candidate %lld has other evidence now than was looked at: look again",
                   (long long)c->id);
        return KO_OK;
    }
    if (state == KO_CANDIDATE_ACCEPTED && c->state == KO_CANDIDATE_ALLOWED) {
        ko_problem(d->problems, "candidate %lld: its seller is on the allow list (knockoff allow)",
                   (long long)c->id);
        return KO_OK;
    }
    ko_status st = ko_decision_add(d->store, d->act_id, c, state, out_changed, d->err);
    if (st == KO_OK && state == KO_CANDIDATE_LICENSED)
        st = allow_seller(d->store, d->act_id, c, d->options->shop, d->problems, &entry, d->err);
    if (st == KO_OK && state == KO_CANDIDATE_REJECTED && d->options->always)
        st = ko_negative_add(d->store, d->act_id, c->photo, &entry, d->err);
    *out_changed |= entry != 0;
    return st;
}

static ko_status decide(void *context, const ko_candidate *candidate)
{
    deciding *d = context;
    bool changed;
    const size_t before = d->problems->count;
    const ko_status st = decide_one(d, candidate, &changed);
    if (st != KO_OK)
        return st;
    const bool refused = !changed && d->problems->count > before;
    d->decided.changed += changed;
    d->decided.same += !changed && !refused;
    if (d->options->json)
        ko_json_line(stdout,
                     json_pack("{s:I, s:s, s:b, s:I}", "candidate", (json_int_t)candidate->id,
                               "state",
                               ko_candidate_state_name(refused ? candidate->state : d->verb->state),
                               "changed", changed, "act", (json_int_t)d->act_id));
    return KO_OK;
}

/* One transaction, so that it is all or nothing. */
ko_status ko_decide_chosen(ko_store *store, const char *verb, const ko_user *profile,
                           const ko_choice *choice, const ko_decide_options *options,
                           ko_problems *problems, ko_decided *out_decided, ko_error *err)
{
    deciding d = {.store = store,
                  .verb = find_verb(verb),
                  .options = options,
                  .problems = problems,
                  .err = err};
    assert(d.verb);
    const ko_act act = {.verb = verb,
                        .who = ko_profile_signature(profile),
                        .good_faith = d.verb->state == KO_CANDIDATE_ACCEPTED};
    ko_status st = ko_store_begin(store, err);
    if (st != KO_OK)
        return st;
    st = ko_act_add(store, &act, &d.act_id, err);
    for (size_t i = 0; st == KO_OK && i < choice->n; i++) {
        const ko_candidate_filter one = {.id = choice->chosen[i].id};
        d.chosen = &choice->chosen[i];
        st = ko_candidate_each(store, &one, decide, &d, err);
    }
    *out_decided = d.decided;
    if (st == KO_OK && d.decided.changed)
        return ko_store_commit(store, err);
    ko_store_rollback(store); /* nothing to take back later, either */
    return st;
}

/* --- the command --- */

static void print_result(ko_candidate_state state, const ko_decided *decided)
{
    ko_print("%zu candidate%s %s", decided->changed, ko_plural(decided->changed),
             state == KO_CANDIDATE_OPEN ? "open again" : ko_candidate_state_name(state));
    if (decided->same)
        ko_print(", %zu %s so already", decided->same, decided->same == 1 ? "was" : "were");
    ko_print("\n");
}

static ko_status refuse_options(const struct verb *verb, const ko_decide_options *o, ko_error *err)
{
    if (o->always && verb->state != KO_CANDIDATE_REJECTED)
        return ko_fail(err, KO_E_USAGE, "--always goes with reject");
    if (o->shop && verb->state != KO_CANDIDATE_LICENSED)
        return ko_fail(err, KO_E_USAGE, "--shop goes with licensed");
    if (o->good_faith && verb->state != KO_CANDIDATE_ACCEPTED)
        return ko_fail(err, KO_E_USAGE, "--confirm-good-faith goes with accept");
    return KO_OK;
}

/* What reopen chooses from, unless told. */
#define DECIDED                                                                                    \
    (1U << KO_CANDIDATE_ACCEPTED | 1U << KO_CANDIDATE_REJECTED | 1U << KO_CANDIDATE_UNSURE |       \
     1U << KO_CANDIDATE_LICENSED)

static ko_status choose(ko_store *store, const struct verb *verb, char *const *words, size_t n,
                        const ko_candidate_filter *filter, const ko_decide_options *o,
                        ko_choice *out_choice, ko_error *err)
{
    ko_candidate_filter from = *filter;
    if (verb->state == KO_CANDIDATE_OPEN && from.states == 1U << KO_CANDIDATE_OPEN)
        from.states = DECIDED;
    if (n == 0 && !from.work_id && !from.seller && !o->all_shown)
        return ko_fail(err, KO_E_USAGE,
                       "candidates %s needs numbers, --work, --seller or --all-shown", verb->name);
    return ko_choice_make(store, words, n, &from, out_choice, err);
}

ko_status ko_decide(ko_store *store, const char *verb, char *const *words, size_t n,
                    const ko_candidate_filter *filter, const ko_decide_options *options,
                    ko_problems *problems, ko_error *err)
{
    const struct verb *v = find_verb(verb);
    ko_choice choice = {0};
    ko_user profile = {0};
    ko_decided decided;
    assert(v);
    ko_status st = refuse_options(v, options, err);
    if (st == KO_OK)
        st = choose(store, v, words, n, filter, options, &choice, err);
    if (st == KO_OK)
        st = ko_profile_read(store, &profile, err);
    if (st == KO_OK && v->state == KO_CANDIDATE_ACCEPTED)
        st = ko_good_faith(&profile, options->good_faith, choice.n, err);
    if (st == KO_OK)
        st = ko_decide_chosen(store, verb, &profile, &choice, options, problems, &decided, err);
    if (st == KO_OK && !options->json)
        print_result(v->state, &decided);
    ko_choice_free(&choice);
    ko_profile_free(&profile);
    return st;
}

/* --- taking back --- */

ko_status ko_decide_undo(ko_store *store, bool json, ko_error *err)
{
    ko_user profile = {0};
    ko_undone undone;
    ko_status st = ko_profile_read(store, &profile, err);
    if (st == KO_OK)
        st = ko_act_undo(store, ko_profile_signature(&profile), &undone, err);
    ko_profile_free(&profile);
    if (st != KO_OK)
        return st;
    if (json)
        ko_json_line(stdout,
                     json_pack("{s:I, s:s, s:I}", "undone", (json_int_t)undone.act_id, "verb",
                               undone.verb, "candidates", (json_int_t)undone.candidates));
    else
        ko_print("taken back: %s (%zu candidate%s)\n", undone.verb, undone.candidates,
                 ko_plural(undone.candidates));
    return KO_OK;
}
