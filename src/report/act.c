#include "report/act.h"

#include "base/clock.h"
#include "base/text.h"
#include "report/json.h"

static bool add_decision(json_t *object, const ko_decision *d)
{
    char photo[2 * KO_SHA256_SIZE + 1], view[2 * KO_SHA256_SIZE + 1];
    ko_text_hex(d->photo_sha256, KO_SHA256_SIZE, photo);
    ko_text_hex(d->view_sha256, KO_SHA256_SIZE, view);
    json_t *fields = json_pack(
        "{s:I, s:s, s:s, s:s, s:o, s:o, s:s, s:f, s:I, s:s, s:s}", "candidate",
        (json_int_t)d->candidate_id, "was", ko_candidate_state_name(d->was), "state",
        ko_candidate_state_name(d->state), "work", d->serial, "url", ko_json_string(d->url),
        "seller", ko_json_string(d->seller), "method", d->method, "score", d->score, "image",
        (json_int_t)d->photo_id, "image_sha256", photo, "work_sha256", view);
    const bool added = fields && json_object_update(object, fields) == 0;
    json_decref(fields);
    return added;
}

json_t *ko_act_json(const ko_act *act, const ko_decision *decision)
{
    char at[KO_TIME_SIZE];
    ko_clock_text(act->at, at);
    json_t *object =
        json_pack("{s:I, s:s, s:s, s:o, s:o, s:b, s:o, s:b}", "act", (json_int_t)act->id, "at", at,
                  "verb", act->verb, "subject", ko_json_string(act->subject), "who",
                  ko_json_string(act->who), "good_faith", act->good_faith, "undoes",
                  act->undoes ? json_integer(act->undoes) : json_null(), "undone", act->undone);
    if (!object || !decision || add_decision(object, decision))
        return object;
    json_decref(object);
    return NULL;
}
