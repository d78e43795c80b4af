#include "case/decide.h"

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

bool ko_decide_state(const char *verb, ko_candidate_state *out_state)
{
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        if (strcmp(verbs[i].name, verb) == 0) {
            *out_state = verbs[i].state;
            return true;
        }
    }
    return false;
}

ko_chosen ko_chosen_of(const ko_candidate *c)
{
    return (ko_chosen){.id = c->id, .photo_id = c->photo->id, .score = c->match.evidence.score};
}

bool ko_chosen_holds(const ko_chosen *chosen, const ko_candidate *c)
{
    return c->photo->id == chosen->photo_id && c->match.evidence.score == chosen->score;
}

ko_status ko_decide_has_name(const ko_user *user, ko_error *err)
{
    if (ko_profile_signature(user)[0])
        return KO_OK;
    return ko_fail(err, KO_E_USAGE,
                   "to accept is a statement of yours: first say who you are "
                   "(knockoff profile set signature=\"Your Name\")");
}

/* What is being done to all that were chosen. */
typedef struct deciding {
    ko_store *store;
    const ko_decide_request *request;
    ko_candidate_state state;
    ko_problems *problems;
    ko_decide_fn *fn;
    void *context;
    const ko_chosen *chosen; /* the one whose turn it is */
    bool found;              /* and it is there */
    int64_t act_id;
    ko_decided decided;
    ko_error *err;
} deciding;

static ko_status refuse(const deciding *d, ko_error *err)
{
    const ko_decide_request *r = d->request;
    if (r->always && d->state != KO_CANDIDATE_REJECTED)
        return ko_fail(err, KO_E_USAGE, "always goes with reject, not %s", r->verb);
    if (r->shop && d->state != KO_CANDIDATE_LICENSED)
        return ko_fail(err, KO_E_USAGE, "shop goes with licensed, not %s", r->verb);
    if (d->state != KO_CANDIDATE_ACCEPTED)
        return KO_OK;
    if (!r->good_faith)
        return ko_fail(err, KO_E_USAGE, "to accept needs your confirmation of good faith");
    return ko_decide_has_name(r->user, err);
}

static ko_status allow_seller(const deciding *d, const ko_candidate *c, int64_t *out_id)
{
    ko_allow seller;
    ko_error why = {0};
    if (ko_allow_of(&c->listing->record, d->request->shop, &seller, &why) == KO_OK)
        return ko_allow_add(d->store, d->act_id, &seller, out_id, d->err);
    ko_problem(d->problems, "candidate %lld alone is licensed: %s", (long long)c->id, why.text);
    return KO_OK;
}

static ko_status decide_one(const deciding *d, const ko_candidate *c, bool *out_changed)
{
    int64_t entry = 0; /* new in one of the lists */
    *out_changed = false;
    if (!ko_chosen_holds(d->chosen, c)) {
        ko_problem(d->problems,
                   "candidate %lld has other evidence now than was looked at: look again",
                   (long long)c->id);
        return KO_OK;
    }
    if (d->state == KO_CANDIDATE_ACCEPTED && c->state == KO_CANDIDATE_ALLOWED) {
        ko_problem(d->problems, "candidate %lld: its seller is on the allow list (knockoff allow)",
                   (long long)c->id);
        return KO_OK;
    }
    ko_status st = ko_decision_add(d->store, d->act_id, c, d->state, out_changed, d->err);
    if (st == KO_OK && d->state == KO_CANDIDATE_LICENSED)
        st = allow_seller(d, c, &entry);
    if (st == KO_OK && d->request->always)
        st = ko_negative_add(d->store, d->act_id, c->photo, &entry, d->err);
    *out_changed |= entry != 0;
    return st;
}

static ko_status on_candidate(void *context, const ko_candidate *candidate)
{
    deciding *d = context;
    ko_decide_result result = {.candidate_id = candidate->id, .act_id = d->act_id};
    const size_t before = d->problems->count;
    d->found = true;
    const ko_status st = decide_one(d, candidate, &result.changed);
    if (st != KO_OK)
        return st;
    const bool refused = !result.changed && d->problems->count > before;
    result.state = refused ? candidate->state : d->state;
    d->decided.changed += result.changed;
    d->decided.same += !result.changed && !refused;
    if (d->fn)
        d->fn(d->context, &result);
    return KO_OK;
}

static ko_status decide_all(deciding *d)
{
    const ko_decide_request *r = d->request;
    ko_status st = KO_OK;
    for (size_t i = 0; st == KO_OK && i < r->n; i++) {
        const ko_candidate_filter one = {.id = r->chosen[i].id};
        d->chosen = &r->chosen[i];
        d->found = false;
        st = ko_candidate_each(d->store, &one, on_candidate, d, d->err);
        if (st == KO_OK && !d->found)
            st = ko_fail(d->err, KO_E_NOT_FOUND, "no candidate %lld", (long long)one.id);
    }
    return st;
}

ko_status ko_decide_chosen(ko_store *store, const ko_decide_request *request, ko_problems *problems,
                           ko_decide_fn *fn, void *context, ko_decided *out_decided, ko_error *err)
{
    deciding d = {.store = store,
                  .request = request,
                  .problems = problems,
                  .fn = fn,
                  .context = context,
                  .err = err};
    const bool known = ko_decide_state(request->verb, &d.state);
    assert(known);
    (void)known; /* without assertions */
    const ko_act act = {.verb = request->verb,
                        .who = ko_profile_signature(request->user),
                        .good_faith = d.state == KO_CANDIDATE_ACCEPTED};
    ko_status st = refuse(&d, err);
    if (st == KO_OK)
        st = ko_store_begin(store, err);
    if (st != KO_OK)
        return st;
    st = ko_act_add(store, &act, &d.act_id, err);
    if (st == KO_OK)
        st = decide_all(&d);
    *out_decided = d.decided;
    if (st == KO_OK && d.decided.changed)
        return ko_store_commit(store, err);
    ko_store_rollback(store); /* nothing to take back later, either */
    return st;
}
