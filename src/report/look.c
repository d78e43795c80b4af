#include "report/look.h"

#include "base/clock.h"
#include "base/text.h"
#include "report/json.h"

#include <string.h>

/* --- words --- */

ko_status ko_look_words(ko_buf *out, const ko_look *look)
{
    const bool unsure = look->outcome == KO_LOOK_GONE && !look->sure;
    char since[KO_TIME_SIZE];
    ko_clock_text(look->since, since);
    if (look->outcome == KO_LOOK_NONE)
        return ko_buf_text(out, "not looked at yet");
    ko_status st = ko_buf_printf(
        out, "%s since %s%s, seen %lld time%s", ko_look_outcome_name(look->outcome), since,
        unsure ? ", to be confirmed" : "", (long long)look->times, look->times == 1 ? "" : "s");
    if (st == KO_OK && look->reason[0])
        st = ko_buf_text(out, ": ");
    return st == KO_OK ? ko_text_clean(out, look->reason, strlen(look->reason)) : st;
}

typedef struct wording {
    ko_buf *out;
    ko_error *err;
} wording;

static ko_status put_field(void *context, const ko_look *look)
{
    const wording *w = context;
    if (look->outcome == KO_LOOK_NONE)
        return KO_OK;
    ko_status st = ko_buf_printf(w->out, "  %-11s ", "looked at");
    if (st == KO_OK)
        st = ko_look_words(w->out, look);
    if (st == KO_OK)
        st = ko_buf_text(w->out, "\n");
    return st == KO_OK ? KO_OK : ko_fail(w->err, st, "looks at a listing");
}

ko_status ko_look_field(ko_buf *out, ko_store *store, int64_t listing_id, ko_error *err)
{
    wording w = {out, err};
    return ko_look_one(store, listing_id, put_field, &w, err);
}

/* --- JSON --- */

static json_t *moment(int64_t seconds)
{
    char text[KO_TIME_SIZE];
    ko_clock_text(seconds, text);
    return seconds == 0 || seconds == KO_LOOK_NEVER ? json_null() : json_string(text);
}

json_t *ko_look_json(const ko_look *look)
{
    return json_pack(
        "{s:s, s:b, s:o, s:o, s:o, s:I, s:o}", "outcome", ko_look_outcome_name(look->outcome),
        "sure", look->sure, "reason", ko_json_string(look->reason), "since", moment(look->since),
        "at", moment(look->at), "times", (json_int_t)look->times, "next_at", moment(look->next_at));
}

static ko_status make_json(void *context, const ko_look *look)
{
    json_t **out = context;
    json_decref(*out);
    *out = ko_look_json(look);
    return *out ? KO_OK : KO_E_NOMEM;
}

ko_status ko_look_of_json(ko_store *store, int64_t listing_id, json_t **out_look, ko_error *err)
{
    json_t *look = json_null();
    const ko_status st = ko_look_one(store, listing_id, make_json, &look, err);
    if (st == KO_OK) {
        *out_look = look;
        return KO_OK;
    }
    json_decref(look);
    return st == KO_E_NOMEM ? ko_fail(err, st, "looks at a listing") : st;
}
