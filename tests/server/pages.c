#include "pages.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SHOPIFY_MOST 250 /* products of one reply */
#define WOOCOMMERCE_MOST 100
#define LIST_PAGE 12 /* listings of one page of a list */
#define SITEMAP_PAGE 50

const char pages_wall[] =
    "<!doctype html><html><head><title>Just a moment...</title>"
    "<script src=\"/cdn-cgi/challenge-platform/start.js\"></script></head><body>"
    "<h1>Checking your browser</h1><p>Please verify that you are not a robot.</p></body></html>";

typedef struct shelf { /* what one answer is about */
    const plan *p;
    unsigned shop;
    unsigned from, to; /* listings, to not included */
    unsigned page;     /* from 1 */
    bool last;
    ko_buf *out;
} shelf;

/* The number that a query gives the name, or what it is without. */
static unsigned query_number(const char *target, const char *name, unsigned without)
{
    const size_t length = strlen(name);
    const char *at = strchr(target, '?');
    for (; at; at = strchr(at, '&'))
        if (strncmp(++at, name, length) == 0 && at[length] == '=')
            break;
    const unsigned long n = at ? strtoul(at + length + 1, NULL, 10) : 0;
    return n > 0 && n < 1000000 ? (unsigned)n : without;
}

/* Cuts what a shop has, the trap included, into pages of size. */
static shelf shelf_of(const plan *p, unsigned shop, unsigned page, unsigned size, ko_buf *out)
{
    const unsigned all = plan_listings(p, shop) + 1;
    const unsigned from = page <= all / size + 1 ? (page - 1) * size : all;
    const unsigned to = from + size < all ? from + size : all;
    return (shelf){p, shop, from < all ? from : all, to, page, to == all, out};
}

/* --- words --- */

static void title_of(const shelf *s, unsigned listing, char out[64])
{
    static const char *const looks[] = {"Little", "Vintage", "Brass", "Enamel", "Large", "Cosy"};
    static const char *const motifs[] = {"fox", "wolf", "moon", "owl", "fern", "goldfish", "cat"};
    static const char *const things[] = {"pin", "sticker", "mug", "tote bag", "print", "poster"};
    const uint64_t h = plan_mix(s->p->seed + plan_picture(s->p, s->shop, listing, 0));
    (void)snprintf(out, 64, "%s %s %s no. %u-%u", looks[h % 6], motifs[h / 6 % 7],
                   things[h / 42 % 6], s->shop, listing);
}

static unsigned cents_of(const shelf *s, unsigned listing)
{
    return 199 + (unsigned)(plan_mix(plan_picture(s->p, s->shop, listing, 0) + 1) % 5000);
}

/* Each of the listing's picture URLs between before and after, with between between them. */
static ko_status put_pictures(const shelf *s, unsigned listing, const char *before,
                              const char *after, const char *between)
{
    ko_status st = KO_OK;
    for (unsigned i = 0; st == KO_OK && i < s->p->pictures; i++) {
        char url[PLAN_ADDRESS_SIZE];
        plan_picture_url(s->p, s->shop, listing, i, url);
        st = ko_buf_printf(s->out, "%s%s%s%s", i > 0 ? between : "", before, url, after);
    }
    return st;
}

/* --- interfaces --- */

static ko_status put_shopify(const shelf *s)
{
    ko_status st = ko_buf_text(s->out, "{\"products\":[");
    for (unsigned i = s->from; st == KO_OK && i < s->to; i++) {
        char title[64];
        title_of(s, i, title);
        const unsigned cents = cents_of(s, i);
        st = ko_buf_printf(s->out,
                           "%s{\"id\":%u,\"title\":\"%s\",\"handle\":\"item-%u\","
                           "\"body_html\":\"<p>Made to order.</p>\",\"vendor\":\"Shop %u\","
                           "\"variants\":[{\"id\":%u,\"title\":\"Default Title\","
                           "\"price\":\"%u.%02u\",\"available\":true}],\"images\":[",
                           i > s->from ? "," : "", 7000000 + i, title, i, s->shop, 9000000 + i,
                           cents / 100, cents % 100);
        if (st == KO_OK)
            st = put_pictures(s, i, "{\"src\":\"", "\"}", ",");
        if (st == KO_OK)
            st = ko_buf_text(s->out, "]}");
    }
    return st == KO_OK ? ko_buf_text(s->out, "]}") : st;
}

static ko_status put_woocommerce(const shelf *s)
{
    ko_status st = ko_buf_text(s->out, "[");
    for (unsigned i = s->from; st == KO_OK && i < s->to; i++) {
        char title[64], url[PLAN_ADDRESS_SIZE];
        title_of(s, i, title);
        plan_listing_url(s->p, s->shop, i, url);
        st = ko_buf_printf(s->out,
                           "%s{\"id\":%u,\"name\":\"%s\",\"slug\":\"item-%u\",\"type\":\"simple\","
                           "\"permalink\":\"%s\",\"prices\":{\"price\":\"%u\","
                           "\"currency_code\":\"EUR\",\"currency_minor_unit\":2},\"images\":[",
                           i > s->from ? "," : "", 100 + i, title, i, url, cents_of(s, i));
        if (st == KO_OK)
            st = put_pictures(s, i, "{\"src\":\"", "\"}", ",");
        if (st == KO_OK)
            st = ko_buf_text(s->out, "]}");
    }
    return st == KO_OK ? ko_buf_text(s->out, "]") : st;
}

/* --- feeds and sitemaps --- */

static ko_status put_rss_item(const shelf *s, unsigned i)
{
    char title[64], url[PLAN_ADDRESS_SIZE], first[PLAN_ADDRESS_SIZE];
    title_of(s, i, title);
    plan_listing_url(s->p, s->shop, i, url);
    plan_picture_url(s->p, s->shop, i, 0, first);
    const unsigned cents = cents_of(s, i);
    ko_status st = ko_buf_printf(s->out,
                                 "<item><g:id>%u</g:id><title>%s</title><link>%s</link>"
                                 "<g:price>%u.%02u GBP</g:price><g:image_link>%s</g:image_link>",
                                 i, title, url, cents / 100, cents % 100, first);
    for (unsigned k = 1; st == KO_OK && k < s->p->pictures; k++) {
        plan_picture_url(s->p, s->shop, i, k, url);
        st = ko_buf_printf(s->out, "<g:additional_image_link>%s</g:additional_image_link>", url);
    }
    return st == KO_OK ? ko_buf_text(s->out, "</item>\n") : st;
}

static ko_status put_rss(const shelf *s)
{
    ko_status st = ko_buf_printf(s->out,
                                 "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\" "
                                 "xmlns:g=\"http://base.google.com/ns/1.0\"><channel>"
                                 "<title>Shop %u</title>\n",
                                 s->shop);
    for (unsigned i = s->from; st == KO_OK && i < s->to; i++)
        st = put_rss_item(s, i);
    return st == KO_OK ? ko_buf_text(s->out, "</channel></rss>\n") : st;
}

static ko_status put_table(const shelf *s)
{
    ko_status st =
        ko_buf_text(s->out, "id\ttitle\tlink\tprice\timage_link\tadditional_image_link\n");
    for (unsigned i = s->from; st == KO_OK && i < s->to; i++) {
        char title[64], url[PLAN_ADDRESS_SIZE];
        title_of(s, i, title);
        plan_listing_url(s->p, s->shop, i, url);
        const unsigned cents = cents_of(s, i);
        st = ko_buf_printf(s->out, "%u\t%s\t%s\t%u.%02u USD", i, title, url, cents / 100,
                           cents % 100);
        for (unsigned k = 0; st == KO_OK && k < s->p->pictures; k++) {
            plan_picture_url(s->p, s->shop, i, k, url);
            st = ko_buf_printf(s->out, "%s%s", k < 2 ? "\t" : ",", url);
        }
        if (st == KO_OK)
            st = ko_buf_text(s->out, "\n");
    }
    return st;
}

#define SITEMAP_HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
#define SITEMAP_SPACE "xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\""

static ko_status put_sitemap_index(const plan *p, unsigned shop, ko_buf *out)
{
    char root[PLAN_ADDRESS_SIZE];
    plan_source_url(p, shop, root);
    const unsigned parts = plan_listings(p, shop) / SITEMAP_PAGE + 1;
    ko_status st = ko_buf_text(out, SITEMAP_HEAD "<sitemapindex " SITEMAP_SPACE ">\n");
    for (unsigned i = 1; st == KO_OK && i <= parts; i++)
        st = ko_buf_printf(out, "<sitemap><loc>%ssitemap-%u.xml</loc></sitemap>\n", root, i);
    return st == KO_OK ? ko_buf_text(out, "</sitemapindex>\n") : st;
}

static ko_status put_sitemap(const shelf *s)
{
    ko_status st = ko_buf_text(s->out, SITEMAP_HEAD "<urlset " SITEMAP_SPACE ">\n");
    for (unsigned i = s->from; st == KO_OK && i < s->to; i++) {
        char url[PLAN_ADDRESS_SIZE];
        plan_listing_url(s->p, s->shop, i, url);
        st = ko_buf_printf(s->out, "<url><loc>%s</loc></url>\n", url);
    }
    return st == KO_OK ? ko_buf_text(s->out, "</urlset>\n") : st;
}

/* --- pages --- */

/* With what tells the kinds of shops apart. */
static ko_status put_front(const shelf *s)
{
    static const char *const marks[PLAN_KINDS] = {
        [PLAN_SHOPIFY] = "<script>Shopify.theme = {\"name\":\"Dawn\"};</script>",
        [PLAN_WOOCOMMERCE] = "<meta name=\"generator\" content=\"WooCommerce 9.1.2\">",
        [PLAN_SITEMAP] = "",
        [PLAN_FEED] = "<link rel=\"alternate\" type=\"application/rss+xml\" href=\"/feed.xml\">",
        [PLAN_PAGES] = ""};
    return ko_buf_printf(s->out,
                         "<!doctype html><html><head><title>Shop %u</title>%s</head><body>"
                         "<h1>Welcome</h1><p>All is made by hand, and shipped within a week.</p>"
                         "</body></html>",
                         s->shop, marks[plan_shop_kind(s->shop)]);
}

/* Every second shop of the kind says in structured data what it lists, the others link it. */
static ko_status put_list_entries(const shelf *s)
{
    const bool structured = s->shop / PLAN_KINDS % 2 == 0;
    ko_status st = structured
                       ? ko_buf_text(s->out, "<script type=\"application/ld+json\">{\"@context\":"
                                             "\"https://schema.org\",\"@type\":\"ItemList\","
                                             "\"itemListElement\":[")
                       : KO_OK;
    for (unsigned i = s->from; st == KO_OK && i < s->to; i++) {
        char title[64], url[PLAN_ADDRESS_SIZE];
        title_of(s, i, title);
        plan_listing_url(s->p, s->shop, i, url);
        st = structured ? ko_buf_printf(s->out,
                                        "%s{\"@type\":\"ListItem\",\"position\":%u,"
                                        "\"url\":\"%s\"}",
                                        i > s->from ? "," : "", i - s->from + 1, url)
                        : ko_buf_printf(s->out, "<li><a href=\"%s\">%s</a></li>\n", url, title);
    }
    return st == KO_OK && structured ? ko_buf_text(s->out, "]}</script>") : st;
}

static ko_status put_list(const shelf *s)
{
    ko_status st = ko_buf_printf(s->out,
                                 "<!doctype html><html><head><title>Shop %u, page %u</title>"
                                 "</head><body><ul>",
                                 s->shop, s->page);
    if (st == KO_OK)
        st = put_list_entries(s);
    if (st == KO_OK && (!s->last || plan_endless(s->p, s->shop)))
        st = ko_buf_printf(s->out, "</ul><a rel=\"next\" href=\"/?page=%u\">next</a>", s->page + 1);
    return st == KO_OK ? ko_buf_text(s->out, "</body></html>") : st;
}

static ko_status put_json_ld_page(const shelf *s, const char *title, const char *url)
{
    const unsigned cents = cents_of(s, s->from);
    ko_status st = ko_buf_printf(s->out,
                                 "<!doctype html><html><head><title>%s</title>"
                                 "<link rel=\"canonical\" href=\"%s\">"
                                 "<script type=\"application/ld+json\">{\"@context\":"
                                 "\"https://schema.org/\",\"@type\":\"Product\",\"name\":\"%s\","
                                 "\"url\":\"%s\",\"image\":[",
                                 title, url, title, url);
    if (st == KO_OK)
        st = put_pictures(s, s->from, "\"", "\"", ",");
    if (st == KO_OK)
        st = ko_buf_printf(s->out,
                           "],\"offers\":{\"@type\":\"Offer\",\"price\":\"%u.%02u\","
                           "\"priceCurrency\":\"USD\",\"seller\":{\"@type\":\"Organization\","
                           "\"name\":\"Shop %u\"}}}</script></head><body><h1>%s</h1></body></html>",
                           cents / 100, cents % 100, s->shop, title);
    return st;
}

static ko_status put_open_graph_page(const shelf *s, const char *title, const char *url)
{
    const unsigned cents = cents_of(s, s->from);
    ko_status st = ko_buf_printf(s->out,
                                 "<!doctype html><html><head><title>%s</title>"
                                 "<meta property=\"og:type\" content=\"product\">"
                                 "<meta property=\"og:title\" content=\"%s\">"
                                 "<meta property=\"og:url\" content=\"%s\">"
                                 "<meta property=\"product:price:amount\" content=\"%u.%02u\">"
                                 "<meta property=\"product:price:currency\" content=\"EUR\">",
                                 title, title, url, cents / 100, cents % 100);
    if (st == KO_OK)
        st = put_pictures(s, s->from, "<meta property=\"og:image\" content=\"", "\">", "\n");
    if (st == KO_OK)
        st =
            ko_buf_printf(s->out, "</head><body><h1>%s</h1><div class=\"product-gallery\">", title);
    if (st == KO_OK)
        st = put_pictures(s, s->from, "<img src=\"", "\" width=\"320\" height=\"320\" alt=\"\">",
                          "\n");
    if (st == KO_OK)
        st = ko_buf_printf(s->out,
                           "</div><p class=\"price\">&euro;%u.%02u</p>"
                           "<button>Add to cart</button></body></html>",
                           cents / 100, cents % 100);
    return st;
}

/* The page of the listing whose path this is. */
static ko_status put_listing(const plan *p, unsigned shop, const char *path, ko_buf *out)
{
    const char *number = path + strcspn(path, "0123456789");
    const unsigned listing = (unsigned)strtoul(number, NULL, 10);
    char own[PLAN_ADDRESS_SIZE], url[PLAN_ADDRESS_SIZE], title[64];
    plan_listing_path(p, shop, listing, own);
    if (listing > plan_listings(p, shop) || strcmp(own, path) != 0)
        return KO_E_NOT_FOUND;
    const shelf s = {.p = p, .shop = shop, .from = listing, .out = out};
    title_of(&s, listing, title);
    plan_listing_url(p, shop, listing, url);
    return plan_shop_kind(shop) == PLAN_PAGES ? put_open_graph_page(&s, title, url)
                                              : put_json_ld_page(&s, title, url);
}

/* --- the door --- */

ko_status pages_robots(const plan *p, unsigned shop, ko_buf *out)
{
    ko_status st =
        ko_buf_text(out, "User-agent: *\nDisallow: /private/\nDisallow: /*?sort=\nAllow: /\n");
    const double delay_s = plan_crawl_delay_s(p, shop);
    if (st == KO_OK && delay_s > 0)
        st = ko_buf_printf(out, "Crawl-delay: %g\n", delay_s);
    if (st == KO_OK && plan_shop_kind(shop) == PLAN_SITEMAP) {
        char root[PLAN_ADDRESS_SIZE];
        plan_source_url(p, shop, root);
        st = ko_buf_printf(out, "\nSitemap: %ssitemap.xml\n", root);
    }
    return st;
}

/* Whether target is path, alone or before a query. */
static bool at(const char *target, const char *path)
{
    const size_t n = strlen(path);
    return strncmp(target, path, n) == 0 && (target[n] == '\0' || target[n] == '?');
}

static ko_status get_shopify(const plan *p, unsigned shop, const char *target, ko_buf *out)
{
    const unsigned asked = query_number(target, "limit", 30);
    const shelf s = shelf_of(p, shop, query_number(target, "page", 1),
                             asked < SHOPIFY_MOST ? asked : SHOPIFY_MOST, out);
    return put_shopify(&s);
}

static ko_status get_woocommerce(const plan *p, unsigned shop, const char *target, ko_buf *out)
{
    const unsigned asked = query_number(target, "per_page", 10);
    const shelf s = shelf_of(p, shop, query_number(target, "page", 1),
                             asked < WOOCOMMERCE_MOST ? asked : WOOCOMMERCE_MOST, out);
    return put_woocommerce(&s);
}

static ko_status get_sitemap(const plan *p, unsigned shop, const char *target, ko_buf *out)
{
    if (at(target, "/sitemap.xml"))
        return put_sitemap_index(p, shop, out);
    const unsigned long part = strtoul(target + strlen("/sitemap-"), NULL, 10);
    const shelf s =
        shelf_of(p, shop, part > 0 && part < 1000000 ? (unsigned)part : 1, SITEMAP_PAGE, out);
    return put_sitemap(&s);
}

static ko_status get_feed(const plan *p, unsigned shop, const char *target, ko_buf *out)
{
    (void)target;
    const shelf s = shelf_of(p, shop, 1, plan_listings(p, shop) + 1, out);
    return plan_feed_is_table(shop) ? put_table(&s) : put_rss(&s);
}

static ko_status get_front(const plan *p, unsigned shop, const char *target, ko_buf *out)
{
    if (plan_shop_kind(shop) != PLAN_PAGES) {
        const shelf front = {.p = p, .shop = shop, .out = out};
        return put_front(&front);
    }
    const unsigned page = query_number(target, "page", 1);
    const unsigned pages = plan_listings(p, shop) / LIST_PAGE + 1;
    const bool beyond = page > pages && plan_endless(p, shop); /* shows the last one again */
    shelf s = shelf_of(p, shop, beyond ? pages : page, LIST_PAGE, out);
    s.page = page;
    return put_list(&s);
}

ko_status pages_get(const plan *p, unsigned shop, const char *target, ko_buf *out,
                    const char **out_type)
{
    typedef ko_status get_fn(const plan *p, unsigned shop, const char *target, ko_buf *out);
    static const struct {
        plan_kind kind;
        const char *path;
        get_fn *get;
        const char *type;
    } places[] = {{PLAN_SHOPIFY, "/products.json", get_shopify, "application/json; charset=utf-8"},
                  {PLAN_WOOCOMMERCE, "/wp-json/wc/store/v1/products", get_woocommerce,
                   "application/json; charset=UTF-8"},
                  {PLAN_SITEMAP, "/sitemap.xml", get_sitemap, "application/xml"},
                  {PLAN_SITEMAP, "/sitemap-", get_sitemap, "application/xml"},
                  {PLAN_FEED, "/feed.xml", get_feed, "application/rss+xml; charset=utf-8"},
                  {PLAN_FEED, "/feed.tsv", get_feed, "text/tab-separated-values; charset=utf-8"}};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (plan_shop_kind(shop) == places[i].kind &&
            strncmp(target, places[i].path, strlen(places[i].path)) == 0) {
            *out_type = places[i].type;
            return places[i].get(p, shop, target, out);
        }
    *out_type = "text/html; charset=utf-8";
    return at(target, "/") ? get_front(p, shop, target, out) : put_listing(p, shop, target, out);
}
