#include "report/pages.h"

#include "base/clock.h"
#include "base/text.h"
#include "report/json.h"
#include "store/web.h"

#include <string.h>

/* --- words --- */

/* A line of its own, cleaned. */
static ko_status put_line(ko_buf *out, const char *before, const char *text)
{
    ko_status st = ko_buf_printf(out, "  %-11s %s", "", before);
    if (st == KO_OK)
        st = ko_text_clean(out, text, strlen(text));
    return st == KO_OK ? ko_buf_text(out, "\n") : st;
}

static ko_status put_record(ko_buf *out, const char *before, const char *warc, int64_t record)
{
    ko_status st = ko_buf_printf(out, "  %-11s %s", "", before);
    if (st == KO_OK)
        st = ko_text_clean(out, warc, strlen(warc));
    return st == KO_OK ? ko_buf_printf(out, " at byte %lld\n", (long long)record) : st;
}

static ko_status put_where(ko_buf *out, const ko_web_answer *a)
{
    char sha256[2 * KO_SHA256_SIZE + 1];
    ko_text_hex(a->sha256, sizeof a->sha256, sha256);
    ko_status st = ko_buf_printf(out, "  %-11s SHA-256 %s\n", "", sha256);
    if (st == KO_OK)
        st = put_record(out, "", a->warc, a->record);
    if (st == KO_OK && a->body.answer_id != a->id)
        st = put_record(out, "the same page as in ", a->body.warc, a->body.record);
    return st;
}

static ko_status put_answer(ko_buf *out, const char *label, const ko_web_answer *a)
{
    char at[KO_TIME_SIZE];
    ko_clock_text(a->at, at);
    ko_status st = ko_buf_printf(out, "  %-11s %s", label, at);
    if (st == KO_OK && a->status)
        st = ko_buf_printf(out, ", status %d", a->status);
    if (st == KO_OK && a->content_type[0])
        st = ko_buf_text(out, ", ");
    if (st == KO_OK)
        st = ko_text_clean(out, a->content_type, strlen(a->content_type));
    if (st == KO_OK)
        st = ko_buf_text(out, "\n");
    if (st == KO_OK)
        st = put_line(out, "", a->url);
    if (st == KO_OK && strcmp(a->url, a->final_url) != 0)
        st = put_line(out, "which led to ", a->final_url);
    return st == KO_OK ? put_where(out, a) : st;
}

static ko_status put_seen(void *context, const ko_web_answer *answer)
{
    return put_answer(context, "seen in", answer);
}

static ko_status put_instead(void *context, const ko_web_answer *answer)
{
    return put_answer(context, "not seen in", answer);
}

ko_status ko_pages_words(ko_buf *out, ko_store *store, int64_t listing_id, ko_error *err)
{
    ko_status st = ko_web_answer_each(store, listing_id, put_seen, out, err);
    if (st == KO_OK)
        st = ko_web_answer_each_instead(store, listing_id, put_instead, out, err);
    return st == KO_E_NOMEM ? ko_fail(err, st, "pages of listing %lld", (long long)listing_id) : st;
}

/* --- JSON --- */

/* Where the body is when another record holds it; NULL: none does, or no memory. */
static json_t *body_of(const ko_web_answer *answer)
{
    if (answer->body.answer_id == answer->id)
        return NULL;
    return json_pack("{s:o, s:I}", "warc", ko_json_string(answer->body.warc), "record",
                     (json_int_t)answer->body.record);
}

static ko_status add_page(json_t *pages, const ko_web_answer *answer, bool seen)
{
    char at[KO_TIME_SIZE], sha256[2 * KO_SHA256_SIZE + 1];
    ko_clock_text(answer->at, at);
    ko_text_hex(answer->sha256, sizeof answer->sha256, sha256);
    json_t *page =
        json_pack("{s:b, s:o, s:o, s:i, s:o, s:s, s:s, s:o, s:I, s:o*}", "seen", seen, "url",
                  ko_json_string(answer->url), "final_url", ko_json_string(answer->final_url),
                  "status", answer->status, "content_type", ko_json_string(answer->content_type),
                  "at", at, "sha256", sha256, "warc", ko_json_string(answer->warc), "record",
                  (json_int_t)answer->record, "body", body_of(answer));
    return json_array_append_new(pages, page) == 0 ? KO_OK : KO_E_NOMEM;
}

static ko_status add_seen(void *context, const ko_web_answer *answer)
{
    return add_page(context, answer, true);
}

static ko_status add_instead(void *context, const ko_web_answer *answer)
{
    return add_page(context, answer, false);
}

ko_status ko_pages_json(ko_store *store, int64_t listing_id, json_t **out_pages, ko_error *err)
{
    json_t *pages = json_array();
    ko_status st = pages ? ko_web_answer_each(store, listing_id, add_seen, pages, err) : KO_E_NOMEM;
    if (st == KO_OK)
        st = ko_web_answer_each_instead(store, listing_id, add_instead, pages, err);
    if (st == KO_OK) {
        *out_pages = pages;
        return KO_OK;
    }
    json_decref(pages);
    return st == KO_E_NOMEM ? ko_fail(err, st, "pages of listing %lld", (long long)listing_id) : st;
}
