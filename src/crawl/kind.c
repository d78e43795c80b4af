#include "crawl/kind.h"

#include "base/text.h"
#include "platform/canonical.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

typedef struct kind {
    const char *name;
    const char *asked;     /* the name with a question mark; NULL: it is never looked for */
    const char *otherwise; /* what to think when it is not that */
    const char *path;      /* where it is looked for, below the host */
    const char *parameter; /* that counts its pages; NULL: it has links */
    const char *end;       /* an answer without blanks that has no more; NULL: none is known */
    bool in_robots;        /* path is where it is unless robots.txt names other places */
    bool leaf;             /* its links are not followed */
} kind;

/* Of a shop, in the order in which they are looked for: an interface gives in one answer what
 * a sitemap's pages give in hundreds. Shopify: products.json as every shop of it serves it, 250
 * at most. WooCommerce: Store API, "List Products", 100 at most. Looked at on 2026-11-21. */
static const kind kinds[] = {
    {.name = "shopify",
     .asked = "shopify?",
     .otherwise = "woocommerce?",
     .path = "/products.json?limit=250",
     .parameter = "page",
     .end = "{\"products\":[]}"},
    {.name = "woocommerce",
     .asked = "woocommerce?",
     .otherwise = "sitemap?",
     .path = "/wp-json/wc/store/v1/products?per_page=100",
     .parameter = "page",
     .end = "[]"},
    {.name = "sitemap",
     .asked = "sitemap?",
     .otherwise = "list",
     .path = "/sitemap.xml",
     .in_robots = true},
    {.name = "list"}, /* an HTML page that names many */
    {.name = KO_KIND_PAGE, .leaf = true},
    {.name = "feed"},
    {.name = "urls"},
    {.name = KO_KIND_API, .leaf = true},
    {.name = KO_KIND_FILE},
};
#define N_KINDS (sizeof kinds / sizeof *kinds)

static const char *const of_format[] = {
    [KO_FORMAT_SHOPIFY] = "shopify", [KO_FORMAT_WOOCOMMERCE] = "woocommerce",
    [KO_FORMAT_FEED_XML] = "feed",   [KO_FORMAT_FEED_TSV] = "feed",
    [KO_FORMAT_SITEMAP] = "sitemap", [KO_FORMAT_URLS] = "urls",
    [KO_FORMAT_EBAY] = "feed",       [KO_FORMAT_ETSY] = "feed",
    [KO_FORMAT_ALIEXPRESS] = "feed",
};

bool ko_kind_is(const char *text, const char *name)
{
    const size_t n = strlen(name);
    return strncmp(text, name, n) == 0 && (!text[n] || strcmp(text + n, "?") == 0);
}

bool ko_kind_is_known(const char *text)
{
    return text[0] && text[strlen(text) - 1] != '?';
}

static const kind *find(const char *text)
{
    for (size_t i = 0; i < N_KINDS; i++)
        if (ko_kind_is(text, kinds[i].name))
            return &kinds[i];
    return NULL;
}

/* --- what it is --- */

/* A collection of a Shopify shop: the length of its path, 0 when it is none. */
static size_t collection_path(ko_slice path)
{
    static const char head[] = "/collections/";
    const size_t n = sizeof head - 1;
    if (path.n <= n || memcmp(path.at, head, n) != 0)
        return 0;
    const char *slash = memchr(path.at + n, '/', path.n - n);
    const size_t end = slash ? (size_t)(slash - path.at) : path.n;
    return end > n && (!slash || end + 1 == path.n) ? end : 0;
}

/* A shop as a whole, or a collection of it: an address that stands for a list which the shop's
 * interface knows better than the page. */
static bool is_front(const ko_url *url)
{
    static const char *const fronts[] = {"/",          "/shop",        "/shop/",
                                         "/store",     "/store/",      "/products",
                                         "/products/", "/collections", "/collections/"};
    const ko_slice path = ko_url_path(url);
    for (size_t i = 0; i < sizeof fronts / sizeof *fronts; i++)
        if (strlen(fronts[i]) == path.n && memcmp(fronts[i], path.at, path.n) == 0)
            return true;
    return collection_path(path) > 0;
}

/* A page about one listing: its address says so, or all it has is one. */
static bool is_listing(const ko_url *url, const ko_page *page)
{
    ko_canonical canonical;
    if (ko_canonical_listing(url, &canonical, NULL) == KO_OK && canonical.item[0])
        return true;
    size_t pages = 0;
    for (size_t i = 0; i < page->n_links; i++)
        pages += page->links[i].role == KO_LINK_PAGE;
    return page->offers.count == 1 && pages == 0;
}

static const char *of_html(const ko_url *url, const ko_page *page)
{
    if (is_front(url))
        return kinds[0].asked;
    return is_listing(url, page) ? KO_KIND_PAGE : "list";
}

const char *ko_kind_after(const char *text, const ko_url *url, const ko_page *page)
{
    const kind *thought = find(text);
    const char *found = page && page->format != KO_FORMAT_HTML ? of_format[page->format] : NULL;
    if (ko_kind_is_known(text))
        return thought ? thought->name : "list";
    if (found && (!thought || strcmp(found, thought->name) == 0))
        return found;
    if (thought)
        return thought->otherwise;
    return page ? of_html(url, page) : "";
}

/* --- where it is --- */

static bool probe_of(const kind *of, const ko_url *url, char out[KO_MAX_URL_BYTES + 1])
{
    if (!of->path)
        return false;
    /* Below a collection's address lie the products of that collection alone. */
    const size_t collection = of == &kinds[0] ? collection_path(ko_url_path(url)) : 0;
    const int n = snprintf(out, KO_MAX_URL_BYTES + 1, "%.*s%s", (int)(url->path + collection),
                           url->text, of->path);
    return n > 0 && (size_t)n <= KO_MAX_URL_BYTES;
}

bool ko_kind_probe(const char *text, const ko_url *url, char out[KO_MAX_URL_BYTES + 1])
{
    const kind *of = find(text);
    return of && !of->in_robots && probe_of(of, url, out);
}

bool ko_kind_asks(const char *text, const ko_url *source, const char *request_url)
{
    const kind *own = find(text);
    if (!own || !is_front(source))
        return true;
    if (strcmp(request_url, source->text) == 0)
        return !own->otherwise;
    char probe[KO_MAX_URL_BYTES + 1];
    for (size_t i = 0; i < N_KINDS; i++)
        if (&kinds[i] != own && probe_of(&kinds[i], source, probe) &&
            strcmp(probe, request_url) == 0)
            return false;
    return true;
}

/* --- its parts --- */

bool ko_kind_follows(const char *text)
{
    const kind *of = find(text);
    return of && !of->leaf;
}

bool ko_kind_is_end(const char *text, const void *body, size_t size)
{
    const kind *of = find(text);
    const char *at = body, *end = at + size;
    if (!of || !of->end)
        return false;
    for (const char *mark = of->end; *mark; mark++, at++) {
        while (at < end && strchr(" \t\r\n", *at))
            at++;
        if (at == end || *at != *mark)
            return false;
    }
    while (at < end && strchr(" \t\r\n", *at))
        at++;
    return at == end;
}

/* The number that a WooCommerce answer gives of all its pages; 0 when it does not. */
static unsigned long total_pages(const char *headers)
{
    static const char name[] = "X-WP-TotalPages:";
    for (const char *line = headers; line; line = strstr(line, "\r\n")) {
        line += strspn(line, "\r\n");
        if (strncasecmp(line, name, sizeof name - 1) == 0)
            return strtoul(line + sizeof name - 1, NULL, 10);
        if (!*line)
            break;
    }
    return 0;
}

bool ko_kind_next(const char *text, const char *request_url, const ko_page *page,
                  const char *headers, char out[KO_MAX_URL_BYTES + 1])
{
    const kind *of = find(text);
    ko_url url;
    if (!of || !of->parameter || page->offers.count == 0 ||
        ko_url_parse(request_url, strlen(request_url), NULL, &url, NULL) != KO_OK)
        return false;
    /* All parameters stay but the one that counts. */
    char query[KO_MAX_URL_BYTES + 1] = "";
    size_t used = 0;
    unsigned long number = 1;
    ko_slice rest = ko_url_query(&url), name, whole;
    while (ko_url_next_parameter(&rest, &name, &whole)) {
        if (name.n == strlen(of->parameter) && memcmp(name.at, of->parameter, name.n) == 0) {
            number = whole.n > name.n ? strtoul(name.at + name.n + 1, NULL, 10) : 1;
            continue;
        }
        memcpy(query + used, whole.at, whole.n);
        used += whole.n;
        query[used++] = '&';
    }
    const unsigned long last = total_pages(headers);
    if (number < 1 || number >= KO_MAX_SHOP_PAGES || (last && number >= last))
        return false;
    const int n = snprintf(out, KO_MAX_URL_BYTES + 1, "%.*s?%.*s%s=%lu", (int)url.query, url.text,
                           (int)used, query, of->parameter, number + 1);
    return n > 0 && (size_t)n <= KO_MAX_URL_BYTES;
}
