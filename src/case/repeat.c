#include "case/repeat.h"

#include "report/json.h"

#include <stdio.h>
#include <string.h>

/* --- finding --- */

typedef struct finding {
    const ko_notice *notice;
    ko_texts *texts;
    ko_repeat *out;
} finding;

/* The strongest comes first. */
static ko_status on_tie(void *context, const ko_tie *tie)
{
    const finding *f = context;
    const ko_notice *notice = f->notice;
    if (f->out->is || !tie->is_removed || tie->state == KO_NOTICE_RESTORED ||
        tie->notice_id == notice->id || strcmp(tie->channel, notice->channel) != 0 ||
        strcmp(tie->host, notice->host) != 0)
        return KO_OK;
    *f->out = (ko_repeat){.is = true,
                          .kind = tie->kind,
                          .notice_id = tie->notice_id,
                          .removed_on = tie->removed_on,
                          .ref = ko_texts_keep(f->texts, tie->ref),
                          .url = ko_texts_keep(f->texts, tie->url)};
    return KO_OK;
}

ko_status ko_repeat_find(ko_store *store, const ko_notice *notice, const ko_notice_item *item,
                         ko_texts *texts, ko_repeat *out_repeat, ko_error *err)
{
    finding f = {notice, texts, out_repeat};
    *out_repeat = (ko_repeat){.ref = "", .url = ""};
    return item->candidate_id ? ko_tie_each(store, item->candidate_id, on_tie, &f, err) : KO_OK;
}

/* --- telling --- */

void ko_repeat_words(const ko_repeat *r, char out[KO_REPEAT_WORDS_SIZE])
{
    static const char *const what[KO_TIE_KINDS] = {"this listing", "the same picture",
                                                   "a picture that looks the same",
                                                   "another listing of this work by this seller"};
    char day[KO_DAY_TEXT_SIZE];
    out[0] = '\0';
    if (!r->is)
        return;
    ko_day_text(r->removed_on, day);
    (void)snprintf(out, KO_REPEAT_WORDS_SIZE, "%s was removed on %s%s%.60s%s", what[r->kind], day,
                   r->ref[0] ? " (" : "", r->ref, r->ref[0] ? ")" : "");
}

/* Adds "2 show a picture that was removed before". */
static void add_part(char *out, size_t n, const char *one, const char *more, bool last)
{
    const size_t used = strlen(out);
    const char *between = used == 0 ? "Of these listings, " : last ? " and " : ", ";
    if (n)
        (void)snprintf(out + used, KO_REPEATS_WORDS_SIZE - used, "%s%zu %s", between, n,
                       n == 1 ? one : more);
}

static void add_last(char *out, const ko_repeat *last)
{
    const size_t used = strlen(out);
    char day[KO_DAY_TEXT_SIZE];
    ko_day_text(last->removed_on, day);
    (void)snprintf(out + used, KO_REPEATS_WORDS_SIZE - used, ", last on %s%s%.60s.", day,
                   last->ref[0] ? " under number " : "", last->ref);
}

void ko_repeats_words(const ko_repeat *repeats, size_t n, char out[KO_REPEATS_WORDS_SIZE])
{
    size_t of[KO_TIE_KINDS] = {0};
    const ko_repeat *last = NULL;
    out[0] = '\0';
    for (size_t i = 0; i < n; i++) {
        const ko_repeat *r = &repeats[i];
        of[r->kind] += r->is;
        if (r->is && (!last || r->removed_on > last->removed_on))
            last = r;
    }
    if (!last)
        return;
    const size_t pictures = of[KO_TIE_PICTURE] + of[KO_TIE_LOOKS];
    add_part(out, of[KO_TIE_LISTING], "was removed before", "were removed before", false);
    add_part(out, pictures, "shows a picture that was removed before",
             "show a picture that was removed before", !of[KO_TIE_SELLER]);
    add_part(out, of[KO_TIE_SELLER], "is by a seller of whom another one was removed before",
             "are by sellers of whom others were removed before", true);
    add_last(out, last);
}

json_t *ko_repeat_json(const ko_repeat *r)
{
    return r->is
               ? json_pack("{s:s, s:I, s:o, s:o, s:o}", "kind", ko_tie_kind_name(r->kind), "notice",
                           (json_int_t)r->notice_id, "ref", ko_json_string(r->ref), "removed_on",
                           ko_json_day(r->removed_on), "url", ko_json_string(r->url))
               : json_null();
}
