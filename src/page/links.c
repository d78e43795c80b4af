#include "page/links.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "page/html.h"
#include "page/json.h"
#include "page/structured.h"
#include "page/words.h"
#include "platform/canonical.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* --- the list --- */

static ko_status append(ko_page *page, ko_page_link_role role, const ko_url *url)
{
    if (page->n_links == KO_MAX_PAGE_LINKS)
        return KO_OK;
    char *text = ko_strdup(url->text);
    ko_page_link *grown =
        text ? ko_grown(page->links, page->n_links, &page->links_capacity, sizeof *grown) : NULL;
    if (!grown) {
        ko_free(text);
        return KO_E_NOMEM;
    }
    page->links = grown;
    grown[page->n_links++] = (ko_page_link){.role = role, .url = text};
    return KO_OK;
}

/* KO_E_NOT_FOUND: text leads to no page on the web. */
static ko_status parse(const char *text, const ko_web_base *base, ko_url *out)
{
    char *whole = NULL;
    ko_status st = ko_web_resolve(text, base, &whole);
    if (st == KO_OK)
        st = whole ? ko_url_parse(whole, strlen(whole), NULL, out, NULL) : KO_E_NOT_FOUND;
    ko_free(whole);
    return st == KO_E_FORMAT || st == KO_E_LIMIT ? KO_E_NOT_FOUND : st;
}

ko_status ko_links_add(ko_page *page, ko_page_link_role role, const char *text,
                       const ko_web_base *base)
{
    ko_url url;
    if (!text)
        return KO_OK;
    const ko_status st = parse(text, base, &url);
    if (st == KO_OK)
        return append(page, role, &url);
    return st == KO_E_NOT_FOUND ? KO_OK : st;
}

/* Pointers into the list, so that their order tells which of two equal links came first. */
static int by_url(const void *a, const void *b)
{
    const ko_page_link *x = *(ko_page_link *const *)a, *y = *(ko_page_link *const *)b;
    const int order = strcmp(x->url, y->url);
    return order ? order : (x > y) - (x < y);
}

ko_status ko_links_settle(ko_page *page)
{
    if (page->n_links < 2)
        return KO_OK;
    ko_page_link **sorted = ko_alloc_array(page->n_links, sizeof(ko_page_link *));
    if (!sorted)
        return KO_E_NOMEM;
    for (size_t i = 0; i < page->n_links; i++)
        sorted[i] = &page->links[i];
    qsort(sorted, page->n_links, sizeof(ko_page_link *), by_url);
    const ko_page_link *kept = sorted[0];
    for (size_t i = 1; i < page->n_links; i++) {
        if (strcmp(sorted[i]->url, kept->url) != 0) {
            kept = sorted[i];
            continue;
        }
        ko_free(sorted[i]->url);
        sorted[i]->url = NULL;
    }
    ko_free(sorted);
    size_t n = 0;
    for (size_t i = 0; i < page->n_links; i++)
        if (page->links[i].url)
            page->links[n++] = page->links[i];
    page->n_links = n;
    return KO_OK;
}

void ko_links_clear(ko_page *page)
{
    for (size_t i = 0; i < page->n_links; i++)
        ko_free(page->links[i].url);
    ko_free(page->links);
    page->links = NULL;
    page->n_links = page->links_capacity = 0;
}

/* --- pages that list --- */

/* What the links of one page are collected with. */
typedef struct collecting {
    ko_page *page;
    const ko_web_base *base;
    ko_slice site; /* host of the page, empty when it is not known */
    ko_status status;
} collecting;

/* True for the button to the next page: marked so, or called so within what is called a pager. */
static bool leads_on(const xmlNode *anchor)
{
    static const char *const places[] = {"class", "aria-label", "id", "data-testid"};
    static const char *const next[] = {"next", NULL};
    static const char *const pager[] = {"pagin", "pager", "page-numbers", "next page", NULL};
    bool named = false, paged = false;
    if (ko_html_has_word(ko_html_attribute(anchor, "rel"), "next"))
        return true;
    const xmlNode *node = anchor;
    for (unsigned level = 0; node && level < 4; level++, node = node->parent)
        for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
            const char *value = ko_html_attribute(node, places[i]);
            if (!value)
                continue;
            named = named || (level == 0 && ko_words_find(value, strlen(value), next));
            paged = paged || ko_words_find(value, strlen(value), pager);
        }
    return named && paged;
}

static bool same_site(ko_slice host, ko_slice site)
{
    return host.n == site.n && memcmp(host.at, site.at, host.n) == 0;
}

/* Takes an anchor's URL when it has the shape of a listing's. */
static void take_listing(collecting *in, const char *href)
{
    ko_url url;
    ko_canonical canonical;
    if (in->status != KO_OK || *href == '#' || strncasecmp(href, "javascript:", 11) == 0)
        return;
    ko_status st = parse(href, in->base, &url);
    if (st == KO_OK)
        st = ko_canonical_listing(&url, &canonical, NULL);
    if (st == KO_OK && canonical.item[0] &&
        (canonical.key[0] || same_site(ko_url_host(&url), in->site)))
        st = append(in->page, KO_LINK_PAGE, &canonical.url);
    if (st == KO_E_NOMEM)
        in->status = st;
}

static void add(collecting *in, ko_page_link_role role, const char *url)
{
    if (in->status == KO_OK)
        in->status = ko_links_add(in->page, role, url, in->base);
}

/* schema.org's ItemList: elements are ListItems with a URL or an item, or things themselves. */
static bool visit_list(void *context, const ko_page_json_visit *visit)
{
    static const char *const addresses[] = {"url", "@id", NULL};
    collecting *in = context;
    const json_t *elements = json_object_get(visit->value, "itemListElement");
    const char *type = json_string_value(json_object_get(visit->value, "@type"));
    if (type && strcasecmp(type, "BreadcrumbList") == 0)
        return false;
    for (size_t i = 0; i < json_array_size(elements); i++) {
        const json_t *element = json_array_get(elements, i);
        const json_t *item = json_object_get(element, "item");
        const json_t *url = ko_page_json_first(element, addresses);
        if (!url)
            url = json_is_object(item) ? ko_page_json_first(item, addresses) : item;
        add(in, KO_LINK_PAGE, json_string_value(json_is_string(element) ? element : url));
    }
    return in->status == KO_OK;
}

static void read_lists(collecting *in, const xmlDoc *doc)
{
    json_t *all = NULL;
    if (in->status == KO_OK)
        in->status = ko_structured_scripts(doc, &all);
    if (in->status == KO_OK)
        ko_page_json_walk(all, visit_list, in);
    json_decref(all);
}

ko_status ko_links_read(const xmlDoc *doc, const ko_web_base *base, ko_page *page)
{
    ko_url own = {.size = 0};
    const ko_status known = base->url ? parse(base->url, NULL, &own) : KO_E_NOT_FOUND;
    collecting in = {.page = page, .base = base, .status = known == KO_E_NOMEM ? known : KO_OK};
    if (known == KO_OK)
        in.site = ko_url_host(&own);
    const xmlNode *root = xmlDocGetRootElement(doc);
    read_lists(&in, doc);
    for (const xmlNode *node = root; node && in.status == KO_OK; node = ko_html_next(node, root)) {
        const char *href = ko_html_attribute(node, "href");
        if (!href || !(ko_html_is(node, "a") || ko_html_is(node, "link")))
            continue;
        if (leads_on(node))
            add(&in, KO_LINK_MORE, href);
        else if (ko_html_is(node, "a"))
            take_listing(&in, href);
    }
    return in.status;
}
