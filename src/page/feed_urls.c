#include "page/feed.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "page/links.h"

#include <string.h>
#include <strings.h>

/* The next line that says something, without the blanks around it; false at the end. */
static bool next_line(const char **at, const char *end, const char **out_line, size_t *out_size)
{
    while (*at < end) {
        const char *newline = memchr(*at, '\n', (size_t)(end - *at));
        const char *line = *at, *to = newline ? newline : end;
        *at = newline ? newline + 1 : end;
        while (line < to && (unsigned char)*line <= ' ')
            line++;
        while (to > line && (unsigned char)to[-1] <= ' ')
            to--;
        *out_line = line;
        *out_size = (size_t)(to - line);
        if (to > line && *line != '#')
            return true;
    }
    return false;
}

static bool is_url(const char *line, size_t n)
{
    const bool web = (n > 7 && strncasecmp(line, "http://", 7) == 0) ||
                     (n > 8 && strncasecmp(line, "https://", 8) == 0);
    return web && n <= KO_MAX_URL_BYTES && !memchr(line, ' ', n) && !memchr(line, '\t', n);
}

ko_status ko_feed_urls(const char *text, size_t size, ko_page *page)
{
    const char *at = text, *end = text + size, *line = NULL;
    size_t n = 0, urls = 0, others = 0;
    while (next_line(&at, end, &line, &n))
        (*(is_url(line, n) ? &urls : &others))++;
    if (urls == 0 || others > urls)
        return KO_OK;
    page->kind = "list of URLs";
    page->format = KO_FORMAT_URLS;
    page->note = others > 0 ? "lines that are no URL were left out" : NULL;
    ko_status st = KO_OK;
    for (at = text; st == KO_OK && next_line(&at, end, &line, &n);) {
        if (!is_url(line, n))
            continue;
        char *url = ko_strndup(line, n);
        st = url ? ko_links_add(page, KO_LINK_PAGE, url, NULL) : KO_E_NOMEM;
        ko_free(url);
    }
    return st;
}
