#include "report/pages.h"

#include "base/clock.h"
#include "base/text.h"
#include "report/json.h"
#include "store/web.h"

#include <string.h>

/* --- words --- */

typedef struct last_page {
    size_t n;
    ko_buf text; /* about the last one so far */
} last_page;

static ko_status put_page(void *context, const ko_web_answer *answer)
{
    last_page *last = context;
    char at[KO_TIME_SIZE], sha256[2 * KO_SHA256_SIZE + 1];
    ko_clock_text(answer->at, at);
    ko_text_hex(answer->sha256, sizeof answer->sha256, sha256);
    last->n++;
    ko_buf_clear(&last->text);
    ko_status st = ko_text_clean(&last->text, answer->url, strlen(answer->url));
    if (st == KO_OK)
        st = ko_buf_printf(&last->text, "\n  %-11s archived %s, SHA-256 %s\n  %-11s ", "", at,
                           sha256, "");
    if (st == KO_OK)
        st = ko_text_clean(&last->text, answer->warc, strlen(answer->warc));
    return st == KO_OK ? ko_buf_printf(&last->text, " at byte %lld\n", (long long)answer->record)
                       : st;
}

ko_status ko_pages_words(ko_buf *out, ko_store *store, int64_t listing_id, ko_error *err)
{
    last_page last = {.text = KO_BUF(64 << 10)};
    ko_status st = ko_web_answer_each(store, listing_id, put_page, &last, err);
    if (st == KO_OK && last.n)
        st = ko_buf_printf(out, "  %-11s %s", "page", last.text.data);
    if (st == KO_OK && last.n > 1)
        st = ko_buf_printf(out, "  %-11s and %zu time%s before\n", "", last.n - 1,
                           last.n == 2 ? "" : "s");
    ko_buf_free(&last.text);
    return st == KO_E_NOMEM ? ko_fail(err, st, "pages of listing %lld", (long long)listing_id) : st;
}

/* --- JSON --- */

static ko_status add_page(void *context, const ko_web_answer *answer)
{
    json_t *pages = context;
    char at[KO_TIME_SIZE], sha256[2 * KO_SHA256_SIZE + 1];
    ko_clock_text(answer->at, at);
    ko_text_hex(answer->sha256, sizeof answer->sha256, sha256);
    json_t *page = json_pack(
        "{s:o, s:o, s:i, s:s, s:s, s:o, s:I}", "url", ko_json_string(answer->url), "final_url",
        ko_json_string(answer->final_url), "status", answer->status, "at", at, "sha256", sha256,
        "warc", ko_json_string(answer->warc), "record", (json_int_t)answer->record);
    return json_array_append_new(pages, page) == 0 ? KO_OK : KO_E_NOMEM;
}

ko_status ko_pages_json(ko_store *store, int64_t listing_id, json_t **out_pages, ko_error *err)
{
    json_t *pages = json_array();
    ko_status st = pages ? ko_web_answer_each(store, listing_id, add_page, pages, err) : KO_E_NOMEM;
    if (st == KO_OK) {
        *out_pages = pages;
        return KO_OK;
    }
    json_decref(pages);
    return st == KO_E_NOMEM ? ko_fail(err, st, "pages of listing %lld", (long long)listing_id) : st;
}
