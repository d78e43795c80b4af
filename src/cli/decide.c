#include "cli/decide.h"

#include "base/alloc.h"
#include "case/alike.h"
#include "cli/good_faith.h"
#include "store/decision.h"

#include <assert.h>
#include <string.h>

/* --- the command --- */

static void print_result_json(void *context, const ko_decide_result *result)
{
    (void)context;
    ko_json_line(stdout,
                 json_pack("{s:I, s:s, s:b, s:I}", "candidate", (json_int_t)result->candidate_id,
                           "state", ko_candidate_state_name(result->state), "changed",
                           result->changed, "act", (json_int_t)result->act_id));
}

static void print_result(ko_candidate_state state, const ko_decided *decided)
{
    ko_print("%zu candidate%s %s", decided->changed, ko_plural(decided->changed),
             state == KO_CANDIDATE_OPEN ? "open again" : ko_candidate_state_name(state));
    if (decided->same)
        ko_print(", %zu %s so already", decided->same, decided->same == 1 ? "was" : "were");
    ko_print("\n");
}

static ko_status refuse_options(ko_candidate_state state, const ko_decide_options *o, ko_error *err)
{
    if (o->always && state != KO_CANDIDATE_REJECTED)
        return ko_fail(err, KO_E_USAGE, "--always goes with reject");
    if (o->shop && state != KO_CANDIDATE_LICENSED)
        return ko_fail(err, KO_E_USAGE, "--shop goes with licensed");
    if (o->good_faith && state != KO_CANDIDATE_ACCEPTED)
        return ko_fail(err, KO_E_USAGE, "--confirm-good-faith goes with accept");
    return KO_OK;
}

/* What reopen chooses from, unless told. */
#define DECIDED                                                                                    \
    (1U << KO_CANDIDATE_ACCEPTED | 1U << KO_CANDIDATE_REJECTED | 1U << KO_CANDIDATE_UNSURE |       \
     1U << KO_CANDIDATE_LICENSED)

static ko_status choose(ko_store *store, const char *verb, char *const *words, size_t n,
                        const ko_candidate_filter *filter, const ko_decide_options *o,
                        ko_choice *out_choice, ko_error *err)
{
    ko_candidate_filter from = *filter;
    if (strcmp(verb, "reopen") == 0 && from.states == 1U << KO_CANDIDATE_OPEN)
        from.states = DECIDED;
    if (n == 0 && !from.work_id && !from.seller && !o->all_shown)
        return ko_fail(err, KO_E_USAGE,
                       "candidates %s needs numbers, --work, --seller or --all-shown", verb);
    return ko_choice_make(store, words, n, &from, out_choice, err);
}

static ko_status print_alike(void *context, const ko_candidate *c)
{
    const ko_listing *listing = &c->listing->record;
    (void)context;
    ko_print("  %5lld  %-16s %s\n", (long long)c->id, listing->seller,
             listing->url[0] ? listing->url : c->photo->path);
    return KO_OK;
}

/* Whoever decides about what was not chosen sees first what that is. */
static ko_status tell_alike(ko_store *store, const ko_chosen *others, size_t n, size_t left_out,
                            ko_problems *problems, ko_error *err)
{
    ko_status st = KO_OK;
    if (left_out)
        ko_problem(problems, "%zu left out: %s another picture now, look at %s alone", left_out,
                   left_out == 1 ? "it shows" : "they show", left_out == 1 ? "it" : "each");
    if (n)
        ko_print("and %zu alike:\n", n);
    for (size_t i = 0; st == KO_OK && i < n; i++) {
        const ko_candidate_filter one = {.id = others[i].id};
        st = ko_candidate_each(store, &one, print_alike, NULL, err);
    }
    return st;
}

/* Adds what shows the pictures of what was chosen. */
static ko_status choose_alike(ko_store *store, ko_candidate_state state, bool json,
                              ko_problems *problems, ko_choice *choice, ko_error *err)
{
    ko_chosen *all = NULL;
    size_t n = 0, left_out = 0;
    const ko_status st =
        ko_alikes_with(store, choice->chosen, choice->n, state, &all, &n, &left_out, err);
    if (st != KO_OK)
        return st;
    const size_t before = choice->n;
    ko_choice_free(choice);
    *choice = (ko_choice){all, before + n, before + n};
    return tell_alike(store, all + before, json ? 0 : n, left_out, problems, err);
}

ko_status ko_decide(ko_store *store, const char *verb, char *const *words, size_t n,
                    const ko_candidate_filter *filter, const ko_decide_options *options,
                    ko_problems *problems, ko_error *err)
{
    ko_candidate_state state = KO_CANDIDATE_OPEN;
    ko_choice choice = {0};
    ko_user profile = {0};
    ko_decided decided;
    const bool known = ko_decide_state(verb, &state);
    assert(known);
    (void)known; /* without assertions */
    ko_status st = refuse_options(state, options, err);
    if (st == KO_OK)
        st = choose(store, verb, words, n, filter, options, &choice, err);
    if (st == KO_OK && options->alike)
        st = choose_alike(store, state, options->json, problems, &choice, err);
    if (st == KO_OK)
        st = ko_profile_read(store, &profile, err);
    if (st == KO_OK && state == KO_CANDIDATE_ACCEPTED)
        st = ko_good_faith(&profile, options->good_faith, choice.n, err);
    const ko_decide_request request = {.verb = verb,
                                       .user = &profile,
                                       .chosen = choice.chosen,
                                       .n = choice.n,
                                       .good_faith = state == KO_CANDIDATE_ACCEPTED,
                                       .always = options->always,
                                       .shop = options->shop};
    if (st == KO_OK)
        st = ko_decide_chosen(store, &request, problems, options->json ? print_result_json : NULL,
                              NULL, &decided, err);
    if (st == KO_OK && !options->json)
        print_result(state, &decided);
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
