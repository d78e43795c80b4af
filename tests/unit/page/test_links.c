/* Where pages, feeds and sitemaps lead. */
#include "page/read_page.h"

#include <stdio.h>

/* links: "more URL" and "page URL", each followed by a line break. */
static void assert_links(const char *text, const char *url, ko_page_format format,
                         const char *links)
{
    char all[4096] = "";
    const ko_page_source source = {.bytes = text, .size = strlen(text), .url = url};
    ko_page page = read_source(&source);
    assert_int_equal(page.format, format);
    for (size_t i = 0; i < page.n_links; i++) {
        const size_t n = strlen(all);
        const char *role = page.links[i].role == KO_LINK_MORE ? "more" : "page";
        (void)snprintf(all + n, sizeof all - n, "%s %s\n", role, page.links[i].url);
    }
    assert_string_equal(all, links);
    ko_page_free(&page);
}

static void sitemaps_lead_to_their_pages(void **state)
{
    (void)state;
    assert_links("<urlset><url><loc> https://s.x/a </loc></url><url><loc>https://s.x/b</loc></url>"
                 "<url><loc>https://s.x/a</loc></url></urlset>",
                 NULL, KO_FORMAT_SITEMAP, "page https://s.x/a\npage https://s.x/b\n");
    assert_links("<sitemapindex><sitemap><loc>https://s.x/1.xml.gz</loc></sitemap></sitemapindex>",
                 NULL, KO_FORMAT_SITEMAP, "more https://s.x/1.xml.gz\n");
    assert_links("# mine\nhttps://s.x/a\n\n  http://s.x/b?c=1\r\n", NULL, KO_FORMAT_URLS,
                 "page https://s.x/a\npage http://s.x/b?c=1\n");
}

static void items_that_are_no_products_are_pages(void **state)
{
    (void)state;
    assert_links("<rss><channel><title>News</title><item><title>A</title><link>https://n.x/a</link>"
                 "<enclosure type='image/jpeg' url='https://n.x/a.jpg'/></item></channel></rss>",
                 NULL, KO_FORMAT_FEED_XML, "page https://n.x/a\n");
    assert_links("<feed><link rel='next' href='?page=2'/><entry><title>B</title>"
                 "<link href='https://n.x/b'/></entry></feed>",
                 "https://n.x/feed", KO_FORMAT_FEED_XML,
                 "more https://n.x/feed?page=2\npage https://n.x/b\n");
}

static void replies_lead_to_their_next_part(void **state)
{
    (void)state;
    assert_links("{\"next\":\"https://api.ebay.com/buy/browse/v1/item_summary/search?offset=50\","
                 "\"itemSummaries\":[{\"itemId\":\"v1|1|0\",\"title\":\"Owl\"}]}",
                 NULL, KO_FORMAT_EBAY,
                 "more https://api.ebay.com/buy/browse/v1/item_summary/search?offset=50\n");
}

static void lists_lead_to_listings_and_on(void **state)
{
    (void)state;
    assert_links("<title>Owls</title><script type='application/ld+json'>{\"@type\":\"ItemList\","
                 "\"itemListElement\":[{\"@type\":\"ListItem\",\"url\":\"/p/1\"},"
                 "{\"@type\":\"ListItem\",\"item\":{\"@id\":\"/p/2\"}}]}</script>"
                 "<script type='application/ld+json'>{\"@type\":\"BreadcrumbList\","
                 "\"itemListElement\":[{\"item\":\"/home\"}]}</script>"
                 "<a href='/products/owl?utm_source=x'>Owl</a><a href='/products/owl'>Owl</a>"
                 "<a href='https://other.x/products/cat'>Cat</a><a href='/about'>About</a>"
                 "<a href='https://www.ebay.com/itm/Owl/123456789012?hash=1'>Owl</a>"
                 "<nav class=pagination><a class='page next' href='?page=2'>&gt;</a></nav>"
                 "<link rel=next href='/owls?page=2'>",
                 "https://shop.x/owls", KO_FORMAT_HTML,
                 "page https://shop.x/p/1\npage https://shop.x/p/2\n"
                 "page https://shop.x/products/owl\npage https://www.ebay.com/itm/123456789012\n"
                 "more https://shop.x/owls?page=2\n");
}

static void pages_of_products_lead_nowhere(void **state)
{
    (void)state;
    assert_links("<title>Owl</title><meta property='og:type' content='product'>"
                 "<link rel=next href='/products/fox'><a href='/products/cat'>Cat</a>",
                 "https://shop.x/products/owl", KO_FORMAT_HTML, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sitemaps_lead_to_their_pages),
        cmocka_unit_test(items_that_are_no_products_are_pages),
        cmocka_unit_test(replies_lead_to_their_next_part),
        cmocka_unit_test(lists_lead_to_listings_and_on),
        cmocka_unit_test(pages_of_products_lead_nowhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
