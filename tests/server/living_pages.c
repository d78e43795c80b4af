#include "living_pages.h"

#include "plan.h"

#include <stdio.h>
#include <string.h>

#define ADDRESS_SIZE (LIVING_ADDRESS_SIZE + 40)

/* Shops of the last kind have feeds, too. */
static plan_kind kind_of(const living_shop *s)
{
    const plan_kind kind = plan_shop_kind(s->shop);
    return kind == PLAN_PAGES ? PLAN_FEED : kind;
}

static void put_address(const living_shop *s, const char *path, char out[ADDRESS_SIZE])
{
    (void)snprintf(out, ADDRESS_SIZE, "http://shop%03u.localhost:%u%.100s", s->shop, s->port, path);
}

static void offer_url(const living_shop *s, const living_offer *o, char out[ADDRESS_SIZE])
{
    char path[LIVING_ADDRESS_SIZE];
    living_path(o, path);
    put_address(s, path, out);
}

/* --- one offer --- */

static void title_of(const living_offer *o, char out[64])
{
    static const char *const looks[] = {"Little", "Vintage", "Brass", "Enamel", "Large", "Cosy"};
    static const char *const things[] = {"pin", "sticker", "mug", "tote bag", "print", "poster"};
    (void)snprintf(out, 64, "%s %s no. %u", looks[o->number % 6], things[o->number / 6 % 6],
                   o->number);
}

static unsigned cents_of(const living_offer *o)
{
    return 499 + (unsigned)(plan_mix(o->number) % 4000);
}

/* Its picture URLs between before and after. Every fourth has one more that shows something else.
 */
static ko_status put_pictures(const living_shop *s, const living_offer *o, const char *before,
                              const char *after, const char *between, ko_buf *out)
{
    const unsigned first = s->at >= o->swapped ? 1 : 0;
    ko_status st = KO_OK;
    for (unsigned i = 0; st == KO_OK && i < (o->number % 4 == 0 ? 2 : 1); i++) {
        char path[LIVING_ADDRESS_SIZE], url[ADDRESS_SIZE];
        living_picture_path(o, i == 0 ? first : 2, path);
        put_address(s, path, url);
        st = ko_buf_printf(out, "%s%s%s%s", i > 0 ? between : "", before, url, after);
    }
    return st;
}

ko_status living_pages_offer(const living_shop *s, const living_offer *o, ko_buf *out)
{
    char title[64], url[ADDRESS_SIZE];
    title_of(o, title);
    offer_url(s, o, url);
    ko_status st = ko_buf_printf(out,
                                 "<!doctype html><html><head><title>%s</title>"
                                 "<link rel=\"canonical\" href=\"%s\">"
                                 "<script type=\"application/ld+json\">{\"@context\":"
                                 "\"https://schema.org/\",\"@type\":\"Product\",\"name\":\"%s\","
                                 "\"url\":\"%s\",\"image\":[",
                                 title, url, title, url);
    if (st == KO_OK)
        st = put_pictures(s, o, "\"", "\"", ",", out);
    if (st == KO_OK)
        st = ko_buf_printf(out,
                           "],\"offers\":{\"@type\":\"Offer\",\"price\":\"%u.%02u\","
                           "\"priceCurrency\":\"EUR\",\"seller\":{\"@type\":\"Organization\","
                           "\"name\":\"Shop %u\"}}}</script></head><body><h1>%s</h1></body></html>",
                           cents_of(o) / 100, cents_of(o) % 100, s->shop, title);
    return st;
}

ko_status living_pages_ended(const living_offer *o, ko_buf *out)
{
    static const char *const words[] = {
        "Sorry, this item is no longer available", "This listing was ended by the seller",
        "Dieser Artikel ist nicht mehr verfügbar", "Cet article n'est plus disponible"};
    return ko_buf_printf(out,
                         "<!doctype html><html><head><title>%s</title></head><body><h1>%s</h1>"
                         "<p><a href=\"/\">Back to the shop</a></p></body></html>",
                         words[o->number % 4], words[o->number % 4]);
}

/* --- lists --- */

typedef ko_status put_fn(const living_shop *s, const living_offer *o, bool first, ko_buf *out);

/* Each offer that is there now, as one kind of list has it. */
static ko_status put_each(const living_shop *s, put_fn *put, ko_buf *out)
{
    ko_status st = KO_OK;
    bool first = true;
    for (size_t i = 0; st == KO_OK && i < living_count(s->market); i++) {
        const living_offer o = living_at(s->market, i);
        if (o.shop != s->shop || s->at < o.born || (s->at >= o.gone && s->at < o.back))
            continue;
        st = put(s, &o, first, out);
        first = false;
    }
    return st;
}

static ko_status put_shopify(const living_shop *s, const living_offer *o, bool first, ko_buf *out)
{
    char title[64];
    title_of(o, title);
    ko_status st = ko_buf_printf(out,
                                 "%s{\"id\":%u,\"title\":\"%s\",\"handle\":\"item-%u\","
                                 "\"body_html\":\"<p>Made to order.</p>\",\"vendor\":\"Shop %u\","
                                 "\"variants\":[{\"id\":%u,\"title\":\"Default Title\","
                                 "\"price\":\"%u.%02u\",\"available\":true}],\"images\":[",
                                 first ? "" : ",", 7000000 + o->number, title, o->number, s->shop,
                                 9000000 + o->number, cents_of(o) / 100, cents_of(o) % 100);
    if (st == KO_OK)
        st = put_pictures(s, o, "{\"src\":\"", "\"}", ",", out);
    return st == KO_OK ? ko_buf_text(out, "]}") : st;
}

static ko_status put_woocommerce(const living_shop *s, const living_offer *o, bool first,
                                 ko_buf *out)
{
    char title[64], url[ADDRESS_SIZE];
    title_of(o, title);
    offer_url(s, o, url);
    ko_status st =
        ko_buf_printf(out,
                      "%s{\"id\":%u,\"name\":\"%s\",\"slug\":\"item-%u\","
                      "\"type\":\"simple\",\"permalink\":\"%s\",\"prices\":{"
                      "\"price\":\"%u\",\"currency_code\":\"EUR\","
                      "\"currency_minor_unit\":2},\"images\":[",
                      first ? "" : ",", 100 + o->number, title, o->number, url, cents_of(o));
    if (st == KO_OK)
        st = put_pictures(s, o, "{\"src\":\"", "\"}", ",", out);
    return st == KO_OK ? ko_buf_text(out, "]}") : st;
}

static ko_status put_feed(const living_shop *s, const living_offer *o, bool first, ko_buf *out)
{
    char title[64], url[ADDRESS_SIZE];
    (void)first;
    title_of(o, title);
    offer_url(s, o, url);
    ko_status st = ko_buf_printf(out,
                                 "<item><g:id>%u</g:id><title>%s</title><link>%s</link>"
                                 "<g:price>%u.%02u GBP</g:price>",
                                 o->number, title, url, cents_of(o) / 100, cents_of(o) % 100);
    if (st == KO_OK)
        st = put_pictures(s, o, "<g:image_link>", "</g:image_link>", "", out);
    return st == KO_OK ? ko_buf_text(out, "</item>\n") : st;
}

static ko_status put_location(const living_shop *s, const living_offer *o, bool first, ko_buf *out)
{
    char url[ADDRESS_SIZE];
    (void)first;
    offer_url(s, o, url);
    return ko_buf_printf(out, "<url><loc>%s</loc></url>\n", url);
}

/* The lists of each kind, and where they stand. */
typedef struct list {
    plan_kind kind;
    const char *path, *type, *before, *after;
    put_fn *put;
} list;

static const list lists[] = {
    {PLAN_SHOPIFY, "/products.json", "application/json; charset=utf-8", "{\"products\":[", "]}",
     put_shopify},
    {PLAN_WOOCOMMERCE, "/wp-json/wc/store/v1/products", "application/json; charset=UTF-8", "[", "]",
     put_woocommerce},
    {PLAN_SITEMAP, "/sitemap.xml", "application/xml",
     "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset "
     "xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
     "</urlset>\n", put_location},
    {PLAN_FEED, "/feed.xml", "application/rss+xml; charset=utf-8",
     "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\" "
     "xmlns:g=\"http://base.google.com/ns/1.0\"><channel><title>New in the shop</title>\n",
     "</channel></rss>\n", put_feed},
};

/* The second part of a list that is counted in parts, and all behind it, is empty. */
static bool is_behind_the_end(const char *target)
{
    const char *page = strstr(target, "page=");
    while (page && page[-1] == '_') /* "per_page=" */
        page = strstr(page + 1, "page=");
    return page && strcmp(page, "page=1") != 0 && strncmp(page, "page=1&", 7) != 0;
}

static ko_status put_list(const living_shop *s, const list *which, const char *target, ko_buf *out)
{
    ko_status st = ko_buf_text(out, which->before);
    if (st == KO_OK && !is_behind_the_end(target))
        st = put_each(s, which->put, out);
    if (st == KO_OK && which->kind == PLAN_SITEMAP) { /* what robots.txt forbids */
        char url[ADDRESS_SIZE];
        put_address(s, "/private/item/1.html", url);
        st = ko_buf_printf(out, "<url><loc>%s</loc></url>\n", url);
    }
    return st == KO_OK ? ko_buf_text(out, which->after) : st;
}

/* --- the rest --- */

static ko_status put_robots(const living_shop *s, ko_buf *out)
{
    ko_status st = ko_buf_text(out, "User-agent: *\nDisallow: /private/\n");
    if (st == KO_OK && s->shop % 8 == 1)
        st = ko_buf_text(out, "Crawl-delay: 0.1\n");
    if (st == KO_OK && kind_of(s) == PLAN_SITEMAP) {
        char url[ADDRESS_SIZE];
        put_address(s, "/sitemap.xml", url);
        st = ko_buf_printf(out, "\nSitemap: %s\n", url);
    }
    return st;
}

static ko_status put_front(const living_shop *s, ko_buf *out)
{
    static const char *const marks[PLAN_KINDS] = {
        [PLAN_SHOPIFY] = "<script>Shopify.theme = {\"name\":\"Dawn\"};</script>",
        [PLAN_WOOCOMMERCE] = "<meta name=\"generator\" content=\"WooCommerce 9.1.2\">",
        [PLAN_SITEMAP] = "",
        [PLAN_FEED] = "<link rel=\"alternate\" type=\"application/rss+xml\" href=\"/feed.xml\">"};
    return ko_buf_printf(out,
                         "<!doctype html><html><head><title>Shop %u</title>%s</head><body>"
                         "<h1>Welcome</h1><p>All is made by hand, and shipped within a week.</p>"
                         "</body></html>",
                         s->shop, marks[kind_of(s)]);
}

static bool stands_at(const char *target, const char *path)
{
    const size_t n = strlen(path);
    return strncmp(target, path, n) == 0 && (target[n] == '\0' || target[n] == '?');
}

ko_status living_pages_get(const living_shop *s, const char *target, ko_buf *out,
                           const char **out_type)
{
    *out_type = "text/plain";
    if (stands_at(target, "/robots.txt"))
        return put_robots(s, out);
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        if (lists[i].kind == kind_of(s) && stands_at(target, lists[i].path)) {
            *out_type = lists[i].type;
            return put_list(s, &lists[i], target, out);
        }
    *out_type = "text/html; charset=utf-8";
    return stands_at(target, "/") ? put_front(s, out) : KO_E_NOT_FOUND;
}
