#include "report/history.h"

#include "base/text.h"
#include "report/json.h"

#include <string.h>

/* --- in words --- */

typedef struct writing {
    ko_buf *out;
    bool begun; /* the line before was no warning */
} writing;

static const char *what_is_same(const ko_tie *t)
{
    switch (t->kind) {
    case KO_TIE_LISTING:
        return "this listing";
    case KO_TIE_PICTURE:
        return "the picture of";
    case KO_TIE_LOOKS:
        return "looks like";
    default:
        return "the seller of";
    }
}

static ko_status add_text(ko_buf *out, const char *before, const char *text, const char *after)
{
    if (!text[0])
        return KO_OK;
    ko_status st = ko_buf_text(out, before);
    if (st == KO_OK)
        st = ko_text_clean(out, text, strlen(text));
    return st == KO_OK ? ko_buf_text(out, after) : st;
}

static ko_status add_day(ko_buf *out, const char *what, ko_day day)
{
    char text[KO_DAY_TEXT_SIZE];
    ko_day_text(day, text);
    return ko_buf_printf(out, ", %s %s", what, text);
}

/* "notice 3 (N-77), filed 2026-01-01, removed 2026-01-04, reappeared 2026-01-09" */
static ko_status add_case(ko_buf *out, const ko_tie *t)
{
    ko_status st = ko_buf_printf(out, "notice %lld", (long long)t->notice_id);
    if (st == KO_OK)
        st = add_text(out, " (", t->ref, ")");
    if (st == KO_OK && t->is_filed)
        st = add_day(out, "filed", t->filed_on);
    if (st == KO_OK && t->is_removed)
        st = add_day(out, "removed", t->removed_on);
    const bool told = t->state == KO_NOTICE_REMOVED || t->state <= KO_NOTICE_FILED;
    if (st == KO_OK && !told)
        st = add_day(out, ko_notice_state_name(t->state), t->state_on);
    if (st == KO_OK && t->state == KO_NOTICE_RESTORED)
        st = ko_buf_text(out, ": a counter-notice won");
    return st == KO_OK ? ko_buf_text(out, "\n") : st;
}

static ko_status write_tie(void *context, const ko_tie *t)
{
    writing *w = context;
    const bool lost = t->state == KO_NOTICE_RESTORED;
    const char *name = lost ? "warning" : w->begun ? "" : "history";
    ko_status st = ko_buf_printf(w->out, "  %-11s %s", name, what_is_same(t));
    if (st == KO_OK && t->kind != KO_TIE_LISTING)
        st = add_text(w->out, " ", t->url, "");
    if (st == KO_OK && t->kind == KO_TIE_SELLER)
        st = add_text(w->out, " (", t->seller, ")");
    if (st == KO_OK)
        st = ko_buf_text(w->out, ": ");
    w->begun = !lost;
    return st == KO_OK ? add_case(w->out, t) : st;
}

ko_status ko_history_words(ko_buf *out, ko_store *store, int64_t candidate_id, ko_error *err)
{
    writing w = {out, false};
    const ko_status st = ko_tie_each(store, candidate_id, write_tie, &w, err);
    return st == KO_OK ? st
                       : ko_fail(err, st, "history of candidate %lld", (long long)candidate_id);
}

/* --- as JSON --- */

static json_t *day_json(bool known, ko_day day)
{
    return known ? ko_json_day(day) : json_null();
}

static ko_status append_tie(void *context, const ko_tie *t)
{
    json_t *told = json_pack(
        "{s:s, s:I, s:o, s:o, s:o, s:o, s:o, s:s, s:o, s:o, s:o, s:b}", "kind",
        ko_tie_kind_name(t->kind), "notice", (json_int_t)t->notice_id, "channel",
        ko_json_string(t->channel), "ref", ko_json_string(t->ref), "url", ko_json_string(t->url),
        "title", ko_json_string(t->title), "seller", ko_json_string(t->seller), "state",
        ko_notice_state_name(t->state), "state_on", day_json(true, t->state_on), "filed_on",
        day_json(t->is_filed, t->filed_on), "removed_on", day_json(t->is_removed, t->removed_on),
        "warning", t->state == KO_NOTICE_RESTORED);
    return json_array_append_new(context, told) == 0 ? KO_OK : KO_E_NOMEM;
}

ko_status ko_history_json(ko_store *store, int64_t candidate_id, json_t **out_array, ko_error *err)
{
    json_t *array = json_array();
    ko_status st = array ? ko_tie_each(store, candidate_id, append_tie, array, err) : KO_E_NOMEM;
    if (st == KO_OK) {
        *out_array = array;
        return st;
    }
    json_decref(array);
    return ko_fail(err, st, "history of candidate %lld", (long long)candidate_id);
}
