/* tests/unit/listing/sheet_log.h - what a reader of sheets hands out, written down as lines
 * of text that a test compares. */
#ifndef KO_TEST_SHEET_LOG_H
#define KO_TEST_SHEET_LOG_H

#include "base/buf.h"
#include "listing/sheet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

/* One line an event:
 *   2: url | title | seller | price | currency | file-or-url file-or-url
 *   3! what is wrong with the row
 *   * what concerns the sheet */
typedef struct sheet_log {
    ko_buf text;
    ko_sheet_counts counts;
    ko_status status;
    ko_error err;
} sheet_log;

static inline void log_words(ko_buf *log, char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        assert_int_equal(ko_buf_printf(log, " %s", words[i]), KO_OK);
    assert_int_equal(ko_buf_text(log, "\n"), KO_OK);
}

static inline ko_status log_listing(void *context, const ko_listing *l)
{
    sheet_log *log = context;
    assert_int_equal(ko_buf_printf(&log->text, "%zu: %s | %s | %s | %s | %s |", l->line, l->url,
                                   l->title, l->seller, l->price, l->currency),
                     KO_OK);
    for (size_t i = 0; i < l->n_pictures; i++)
        assert_int_equal(
            ko_buf_printf(&log->text, " %s%s", l->pictures[i].path, l->pictures[i].url), KO_OK);
    assert_int_equal(ko_buf_text(&log->text, "\n"), KO_OK);
    return KO_OK;
}

static inline ko_status log_work(void *context, const ko_sheet_work *w)
{
    sheet_log *log = context;
    assert_int_equal(ko_buf_printf(&log->text, "%zu: %s | %s | %s | %s | %s | %s | %g |", w->line,
                                   w->serial, w->title, w->registration, w->holder, w->published_on,
                                   w->published_url, w->has_threshold ? w->threshold : -1),
                     KO_OK);
    log_words(&log->text, w->files, w->n_files);
    const char *const more[] = {w->author,       w->kind,          w->completed_on,
                                w->published_in, w->registered_in, w->description};
    for (size_t i = 0; i < sizeof more / sizeof *more; i++)
        if (more[i][0])
            assert_int_equal(ko_buf_printf(&log->text, "   %s\n", more[i]), KO_OK);
    return KO_OK;
}

static inline void log_problem(void *context, size_t line, const char *text)
{
    sheet_log *log = context;
    assert_int_equal(ko_buf_printf(&log->text, "%zu! %s\n", line, text), KO_OK);
}

static inline void log_note(void *context, const char *text)
{
    sheet_log *log = context;
    assert_int_equal(ko_buf_printf(&log->text, "* %s\n", text), KO_OK);
}

/* Reads a sheet that lies at path; free the log with ko_buf_free(&log.text). The bytes are
 * read from a block of exactly their size, so that a step beyond it is seen. */
static inline sheet_log log_sheet(const char *path, const void *bytes, size_t size, bool works)
{
    sheet_log log = {.text = KO_BUF((size_t)8 << 20)};
    assert_int_equal(ko_buf_text(&log.text, ""), KO_OK);
    char *block = malloc(size ? size : 1);
    assert_non_null(block);
    memcpy(block, bytes, size);
    const ko_sheet_sink sink = {.context = &log,
                                .on_listing = log_listing,
                                .on_work = log_work,
                                .on_problem = log_problem,
                                .on_note = log_note};
    log.status = (works ? ko_sheet_read_works : ko_sheet_read)(path, block, size, &sink,
                                                               &log.counts, &log.err);
    free(block);
    return log;
}

#define log_listings(text) log_sheet("s.csv", text, sizeof(text) - 1, false)

static inline void assert_log(const char *path, const void *bytes, size_t size, bool works,
                              const char *expected)
{
    sheet_log log = log_sheet(path, bytes, size, works);
    assert_string_equal(log.err.text, "");
    assert_int_equal(log.status, KO_OK);
    assert_string_equal(log.text.data, expected);
    ko_buf_free(&log.text);
}

#define assert_listings(text, expected) assert_log("s.csv", text, sizeof(text) - 1, false, expected)
#define assert_works(text, expected) assert_log("s.csv", text, sizeof(text) - 1, true, expected)

static inline void assert_fails(const char *bytes, size_t size, ko_status status, const char *text)
{
    sheet_log log = log_sheet("s.csv", bytes, size, false);
    assert_int_equal(log.status, status);
    assert_string_equal(log.err.text, text);
    ko_buf_free(&log.text);
}

#define assert_refused(text, status, message) assert_fails(text, sizeof(text) - 1, status, message)

#endif
