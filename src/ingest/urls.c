#include "ingest/taking.h"

#include "base/alloc.h"
#include "platform/url.h"

#include <string.h>

static ko_status take_url(const ko_taking *taking, const ko_url *url, size_t line)
{
    ko_listing record = {.url = ko_strdup(url->text), .line = line};
    ko_status st = record.url ? KO_OK : ko_fail(taking->err, KO_E_NOMEM, "%s", taking->path);
    if (st == KO_OK)
        st = ko_listing_settle(&record, taking->err);
    if (st == KO_OK)
        st = ko_ingest_listing(taking->ingest, &record, 0, taking->err);
    ko_listing_free(&record);
    return st;
}

/* Takes one line. Blank ones and those that begin with # say nothing. */
static ko_status take_line(const ko_taking *taking, const char *text, size_t n, size_t line)
{
    ko_url url;
    ko_error why = {0};
    while (n && (unsigned char)text[n - 1] <= ' ')
        n--;
    while (n && (unsigned char)*text <= ' ') {
        text++;
        n--;
    }
    if (n == 0 || *text == '#')
        return KO_OK;
    const ko_status st = ko_url_parse(text, n, NULL, &url, &why);
    if (st == KO_OK)
        return take_url(taking, &url, line);
    if (st == KO_E_NOMEM)
        return ko_fail(taking->err, st, "%s", why.text);
    ko_problem(ko_ingest_problems(taking->ingest), "%s: line %zu: %s", taking->path, line,
               why.text);
    return KO_OK;
}

ko_status ko_taking_urls(const ko_taking *taking, const ko_buf *bytes)
{
    ko_status st = KO_OK;
    const char *end = bytes->data + bytes->size;
    const char *at = bytes->data;
    at += bytes->size >= 3 && memcmp(at, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    for (size_t line = 1; st == KO_OK && at < end; line++) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        const char *to = newline ? newline : end;
        st = take_line(taking, at, (size_t)(to - at), line);
        at = newline ? newline + 1 : end;
    }
    return st;
}
