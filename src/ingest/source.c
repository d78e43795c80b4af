#include "ingest/source.h"

#include "base/limits.h"
#include "capture/capture.h"
#include "ingest/taking.h"
#include "listing/sheet.h"

#include <knockoff/image.h>

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* --- kinds --- */

static const struct capture_kind {
    const char *word;
    ko_capture_kind kind;
} captures[] = {{"har", KO_CAPTURE_HAR},
                {"warc", KO_CAPTURE_WARC},
                {"warc", KO_CAPTURE_ARC},
                {"mhtml", KO_CAPTURE_MHTML}};
#define N_CAPTURES (sizeof captures / sizeof *captures)

static bool is_capture_kind(const char *word)
{
    for (size_t i = 0; i < N_CAPTURES; i++)
        if (strcmp(captures[i].word, word) == 0)
            return true;
    return false;
}

static bool is_capture(const char *word, ko_capture_kind kind)
{
    for (size_t i = 0; i < N_CAPTURES; i++)
        if (captures[i].kind == kind && strcmp(captures[i].word, word) == 0)
            return true;
    return false;
}

static bool is_sheet_kind(const char *word)
{
    return strcmp(word, "csv") == 0 || strcmp(word, "json") == 0;
}

bool ko_ingest_is_kind(const char *word)
{
    return is_sheet_kind(word) || is_capture_kind(word) || ko_ingest_is_page_kind(word);
}

const char *ko_ingest_kinds(void)
{
    return "html, har, warc, mhtml, shopify, woocommerce, feed, ebay, etsy, aliexpress, sitemap, "
           "urls, csv, json";
}

/* --- what is said --- */

void ko_taking_say(const ko_taking *taking, const char *fmt, ...)
{
    char line[KO_ERROR_TEXT_SIZE];
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(line, sizeof line, fmt, args);
    va_end(args);
    if (taking->options->say)
        taking->options->say(taking->options->context, line);
}

bool ko_taking_is_of_input(ko_status status)
{
    return status == KO_E_FORMAT || status == KO_E_UNSUPPORTED || status == KO_E_LIMIT ||
           status == KO_E_NOT_FOUND;
}

void ko_taking_blocked(const ko_taking *taking, const char *url, const char *reason)
{
    ko_problem(ko_ingest_problems(taking->ingest),
               "%s: %s%s%s stands before the page; ways in that are yours: save the page in your "
               "browser, export a HAR there, use the platform's API, or list it in a CSV",
               taking->path, url, url[0] ? ": " : "", reason);
}

/* --- sheets --- */

static ko_status on_listing(void *context, const ko_listing *listing)
{
    const ko_taking *taking = context;
    return ko_ingest_listing(taking->ingest, listing, 0, taking->err);
}

static void on_problem(void *context, size_t line, const char *text)
{
    const ko_taking *taking = context;
    ko_problem(ko_ingest_problems(taking->ingest), "%s: line %zu: %s", taking->path, line, text);
}

static void on_note(void *context, const char *text)
{
    const ko_taking *taking = context;
    ko_taking_say(taking, "%s: %s", taking->path, text);
}

static ko_status take_sheet(const ko_taking *taking, const ko_buf *bytes)
{
    if (bytes->size > KO_MAX_SHEET_BYTES)
        return ko_fail(taking->err, KO_E_LIMIT, "%s: a sheet of %zu bytes, limit %zu", taking->path,
                       bytes->size, KO_MAX_SHEET_BYTES);
    const ko_sheet_sink sink = {.context = (void *)taking,
                                .on_listing = on_listing,
                                .on_problem = on_problem,
                                .on_note = on_note};
    const ko_status st =
        ko_sheet_read(taking->path, bytes->data, bytes->size, &sink, NULL, taking->err);
    ko_error_prefix(taking->err, taking->path);
    return st;
}

/* --- pages --- */

/* What the user is to know of a page besides its listings. */
static void tell_page(const ko_taking *taking, const ko_page *page)
{
    if (page->blocked)
        ko_taking_blocked(taking, "", page->blocked);
    else if (page->offers.count == 0 && page->note)
        ko_taking_say(taking, "%s: %s", taking->path, page->note);
    else if (page->offers.count == 0)
        ko_taking_say(taking,
                      "%s: a %s with %zu address%s and no listing; knockoff crawl asks them",
                      taking->path, page->kind, page->n_links, page->n_links == 1 ? "" : "es");
}

static bool is_stdin(const ko_taking *taking)
{
    return strcmp(taking->path, "-") == 0;
}

/* Whether a text of URLs is that and no more. With a name on top, or a delimiter behind a URL, it
 * is a sheet of one column or several; and out of a folder neither is taken. */
static bool is_url_list(const ko_taking *taking, const char *text)
{
    if (taking->options->as || taking->in_folder)
        return !taking->in_folder;
    text += strspn(text, "\xef\xbb\xbf \t\r\n");
    bool is = *text == '#' || strncasecmp(text, "http", 4) == 0;
    for (const char *line = text; is && line; line = strchr(line, '\n')) {
        line += strspn(line, " \t\r\n");
        const char end = line[strcspn(line, ",;|\t\n")];
        is = strncasecmp(line, "http", 4) != 0 || end == '\n' || end == '\0';
    }
    return is;
}

static ko_status take_page(const ko_taking *taking, const ko_buf *bytes)
{
    const char *url = taking->options->url ? taking->options->url : "";
    const char *text = bytes->data ? bytes->data : "";
    const ko_reply reply = {.url = url,
                            .final_url = url,
                            .content_type = "",
                            .headers = "",
                            .body = text,
                            .size = bytes->size};
    const ko_ingest_page_options options = {.saved_at = is_stdin(taking) ? NULL : taking->path,
                                            .as = taking->options->as};
    ko_page page = {0};
    ko_error own = {0};
    ko_status st = ko_ingest_reply(taking->ingest, &reply, &options, &page, &own);
    if (st != KO_OK)
        return ko_fail(taking->err, st, "%s: %s", taking->path, own.text);
    if (page.format != KO_FORMAT_URLS)
        tell_page(taking, &page);
    else if (is_url_list(taking, text))
        st = ko_taking_urls(taking, bytes);
    else
        st = ko_fail(taking->err, KO_E_UNSUPPORTED, "%s: a sheet", taking->path);
    ko_page_free(&page);
    return st;
}

/* --- telling what it is --- */

static ko_status take_picture(const ko_taking *taking)
{
    if (is_stdin(taking))
        return ko_fail(taking->err, KO_E_UNSUPPORTED,
                       "standard input: a picture, which is to be named as a file");
    return ko_ingest_picture(taking->ingest, taking->path, taking->err);
}

/* A page, or else what looks as a page may: a sheet, or a drawing. */
static ko_status take_text(const ko_taking *taking, const ko_buf *bytes, ko_image_kind picture)
{
    ko_error own = {0};
    ko_taking page = *taking;
    page.err = &own;
    const ko_status st = take_page(&page, bytes);
    if (st == KO_E_UNSUPPORTED && picture != KO_IMAGE_UNKNOWN)
        return take_picture(taking);
    if (st == KO_E_UNSUPPORTED && !taking->in_folder &&
        ko_sheet_sniff(bytes->data, bytes->size) != KO_SHEET_NONE)
        return take_sheet(taking, bytes);
    return st == KO_OK ? KO_OK : ko_fail(taking->err, st, "%s", own.text);
}

static ko_status take_as(const ko_taking *taking, const ko_buf *bytes)
{
    const char *as = taking->options->as;
    if (is_sheet_kind(as))
        return take_sheet(taking, bytes);
    if (ko_ingest_is_page_kind(as))
        return take_page(taking, bytes);
    if (!is_capture(as, ko_capture_sniff(bytes->data, bytes->size)))
        return ko_fail(taking->err, KO_E_UNSUPPORTED, "%s: not what --as %s says", taking->path,
                       as);
    return ko_taking_capture(taking, bytes);
}

ko_status ko_taking_bytes(const ko_taking *taking, const ko_buf *bytes)
{
    if (taking->options->as)
        return take_as(taking, bytes);
    if (ko_capture_sniff(bytes->data, bytes->size) != KO_CAPTURE_NONE)
        return ko_taking_capture(taking, bytes);
    const ko_image_kind picture = ko_image_sniff(bytes->data, bytes->size);
    if (picture != KO_IMAGE_UNKNOWN && picture != KO_IMAGE_SVG)
        return take_picture(taking);
    if (bytes->size > KO_MAX_PAGE_BYTES && !taking->in_folder)
        return take_sheet(taking, bytes); /* nothing else is so long */
    return take_text(taking, bytes, picture);
}

ko_status ko_ingest_source(ko_ingest *ingest, const char *path,
                           const ko_ingest_source_options *options, ko_error *err)
{
    assert(ingest && path && options);
    const ko_taking taking = {.ingest = ingest, .path = path, .options = options, .err = err};
    if (!is_stdin(&taking) && ko_is_folder(path))
        return ko_taking_folder(&taking);
    ko_buf bytes = KO_BUF(KO_MAX_CAPTURE_BYTES);
    ko_status st = is_stdin(&taking) ? ko_stdin_read(&bytes, err) : ko_file_read(path, &bytes, err);
    if (st == KO_OK)
        st = ko_taking_bytes(&taking, &bytes);
    ko_buf_free(&bytes);
    return st;
}

ko_status ko_ingest_whole(ko_store *store, struct ko_archive *archive, const char *path,
                          const ko_ingest_source_options *options, ko_problems *problems,
                          ko_ingest_counts *counts, ko_error *err)
{
    ko_error own = {0};
    ko_ingest *ingest = NULL;
    ko_status st = ko_ingest_begin(store, archive, path, problems, &ingest, err);
    if (st != KO_OK)
        return st;
    st = ko_ingest_source(ingest, path, options, &own);
    if (st == KO_OK || st == KO_E_STOPPED || ko_taking_is_of_input(st)) {
        const ko_status ended = ko_ingest_end(ingest, counts, err);
        if (ended != KO_OK)
            return ended;
    } else {
        ko_ingest_abandon(ingest);
    }
    if (ko_taking_is_of_input(st)) {
        ko_problem(problems, "%s", own.text);
        return KO_OK;
    }
    return st == KO_OK ? KO_OK : ko_fail(err, st, "%s", own.text);
}
