/* knockoff candidates log - who decided what, when, on which evidence. */
#include "cli/decide.h"

#include "base/clock.h"
#include "base/text.h"
#include "report/act.h"
#include "store/decision.h"

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
    char photo[2 * KO_SHA256_SIZE + 1], view[2 * KO_SHA256_SIZE + 1];
    ko_text_hex(d->photo_sha256, KO_SHA256_SIZE, photo);
    ko_text_hex(d->view_sha256, KO_SHA256_SIZE, view);
    ko_print("    %s  score %.2f, %s, %s\n", d->serial, d->score, d->method, d->url);
    ko_print("    image %s\n", photo);
    ko_print("    work  %s\n", view);
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
    if (!p->json)
        return print_text(act, decision);
    ko_json_line(stdout, ko_act_json(act, decision));
    return KO_OK;
}

ko_status ko_decide_log(ko_store *store, int64_t candidate_id, bool json, ko_error *err)
{
    printing p = {.json = json};
    const ko_status st = ko_act_each(store, candidate_id, on_act, &p, err);
    if (st == KO_OK && p.n == 0 && !json)
        ko_print("nothing was decided yet\n");
    return st;
}
