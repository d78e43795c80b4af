/* knockoff candidates log - who decided what, when, on which evidence. */
#include "cli/decide.h"

#include "base/clock.h"
#include "base/text.h"
#include "store/decision.h"

#define DIGEST_SIZE (2 * KO_SHA256_SIZE + 1)

typedef struct digests {
    char photo[DIGEST_SIZE], view[DIGEST_SIZE];
} digests;

static digests digests_of(const ko_decision *d)
{
    digests out;
    ko_text_hex(d->photo_sha256, KO_SHA256_SIZE, out.photo);
    ko_text_hex(d->view_sha256, KO_SHA256_SIZE, out.view);
    return out;
}

static json_t *decision_json(json_t *object, const ko_decision *d)
{
    const digests sha256 = digests_of(d);
    json_t *fields = json_pack(
        "{s:I, s:s, s:s, s:s, s:o, s:o, s:s, s:f, s:I, s:s, s:s}", "candidate",
        (json_int_t)d->candidate_id, "was", ko_candidate_state_name(d->was), "state",
        ko_candidate_state_name(d->state), "work", d->serial, "url", ko_json_string(d->url),
        "seller", ko_json_string(d->seller), "method", d->method, "score", d->score, "image",
        (json_int_t)d->photo_id, "image_sha256", sha256.photo, "work_sha256", sha256.view);
    if (object && fields)
        (void)json_object_update(object, fields);
    json_decref(fields);
    return object;
}

static ko_status print_json(const ko_act *act, const ko_decision *decision)
{
    char at[KO_TIME_SIZE];
    ko_clock_text(act->at, at);
    json_t *object =
        json_pack("{s:I, s:s, s:s, s:o, s:o, s:b, s:o, s:b}", "act", (json_int_t)act->id, "at", at,
                  "verb", act->verb, "subject", ko_json_string(act->subject), "who",
                  ko_json_string(act->who), "good_faith", act->good_faith, "undoes",
                  act->undoes ? json_integer(act->undoes) : json_null(), "undone", act->undone);
    ko_json_line(stdout, decision ? decision_json(object, decision) : object);
    return KO_OK;
}

static ko_status print_text(const ko_act *act, const ko_decision *d)
{
    char at[KO_TIME_SIZE];
    ko_clock_text(act->at, at);
    ko_print("%lld  %s  %s", (long long)act->id, at, act->verb);
    if (act->undoes)
        ko_print(" of %lld", (long long)act->undoes);
    if (act->subject[0])
        ko_print("  %s", act->subject);
    if (d)
        ko_print("  candidate %lld: %s, was %s", (long long)d->candidate_id,
                 ko_candidate_state_name(d->state), ko_candidate_state_name(d->was));
    ko_print("  by %s%s%s\n", act->who[0] ? act->who : "-",
             act->good_faith ? ", good faith confirmed" : "",
             act->undone ? " (taken back later)" : "");
    if (!d)
        return KO_OK;
    const digests sha256 = digests_of(d);
    ko_print("    %s  score %.2f, %s, %s\n", d->serial, d->score, d->method, d->url);
    ko_print("    image %s\n", sha256.photo);
    ko_print("    work  %s\n", sha256.view);
    return KO_OK;
}

typedef struct printing {
    bool json;
    size_t n;
} printing;

static ko_status on_act(void *context, const ko_act *act, const ko_decision *decision)
{
    printing *p = context;
    p->n++;
    return p->json ? print_json(act, decision) : print_text(act, decision);
}

ko_status ko_decide_log(ko_store *store, int64_t candidate_id, bool json, ko_error *err)
{
    printing p = {.json = json};
    const ko_status st = ko_act_each(store, candidate_id, on_act, &p, err);
    if (st == KO_OK && p.n == 0 && !json)
        ko_print("nothing was decided yet\n");
    return st;
}
