/* Pages that list offers of a marketplace give one listing a card. */
#include "page/read_page.h"

#include "base/alloc.h"
#include "base/file.h"

#include <stdio.h>
#include <stdlib.h>

static ko_page read_as(const char *text, const char *url, bool saved)
{
    const ko_page_source source = {.bytes = text, .size = strlen(text), .url = url, .saved = saved};
    return read_source(&source);
}

static ko_page read_fixture(const char *name, bool saved)
{
    char path[1024];
    ko_buf bytes = KO_BUF((size_t)1 << 20);
    (void)snprintf(path, sizeof path, "%s/pages/%s.html", KO_FIXTURES, name);
    assert_int_equal(ko_file_read(path, &bytes, NULL), KO_OK);
    ko_page page = read_as(bytes.data, NULL, saved);
    ko_buf_free(&bytes);
    return page;
}

/* A line for each offer: URL, title, price as written, seller, first picture. */
static void assert_offers(ko_page *page, const char *lines)
{
    char all[8192] = "";
    for (size_t i = 0; i < page->offers.count; i++) {
        const ko_page_offer *offer = &page->offers.offer[i];
        const size_t n = strlen(all);
        (void)snprintf(all + n, sizeof all - n, "%s | %s | %s | %s | %s\n",
                       ko_offer_get(offer, KO_OFFER_URL), ko_offer_get(offer, KO_OFFER_TITLE),
                       ko_offer_get(offer, KO_OFFER_PRICE), ko_offer_get(offer, KO_OFFER_SELLER),
                       offer->n_images > 0 ? offer->images[0] : "-");
    }
    assert_string_equal(all, lines);
    ko_page_free(page);
}

static void results_give_a_listing_a_card(void **state)
{
    (void)state;
    ko_page page = read_fixture("list-ebay", false);
    assert_int_equal(page.links[page.n_links - 1].role, KO_LINK_PAGE);
    assert_offers(&page, "https://www.ebay.com/itm/304567890121 | Midnight Owl Art Print A4 "
                         "Woodland Wall Decor | $14.99 | paper.fox.prints | "
                         "https://i.ebayimg.com/images/g/pY0AAOSwOwl1Print/s-l500.webp\n"
                         "https://www.ebay.com/itm/204567890122 | Owl Poster 12x18 Barn Owl in "
                         "Flight | $9.50 to $24.00 |  | "
                         "https://i.ebayimg.com/thumbs/images/g/qZ4AAOSwOwl2Print/s-l225.jpg\n"
                         "https://www.ebay.com/itm/404567890123 | Little owl sticker sheet | "
                         "GBP 3.20 | owl_corner | "
                         "https://i.ebayimg.com/images/g/rX8AAOSwOwl3Stick/s-l225.jpg\n");
}

static void what_is_said_for_machines_counts_first(void **state)
{
    (void)state;
    ko_page page = read_fixture("list-etsy", false);
    assert_offers(
        &page,
        "https://www.etsy.com/listing/1122334401/moon-owl-sticker | Moon owl sticker, waterproof | "
        "4.20 | InkAndFeather | https://i.etsystatic.com/1000001/r/il/aaa001/5500000001/"
        "il_fullxfull.5500000001_aaa1.jpg\n"
        "https://www.etsy.com/listing/1122334403 | Owl vinyl sticker for laptops | "
        "Sale Price €2.10 | NightBirdsCo | https://i.etsystatic.com/1000003/r/il/aaa003/"
        "5500000003/il_680x540.5500000003_aaa3.jpg\n"
        "https://www.etsy.com/listing/1122334404 | Owls, a sheet of twelve stickers | € 6.00 |  | "
        "https://i.etsystatic.com/1000004/r/il/aaa004/5500000004/il_340x270.5500000004_aaa4.jpg\n"
        "https://www.etsy.com/listing/1122334402/owl-and-lantern | Owl and lantern sticker | 3.50 "
        "|  | https://i.etsystatic.com/1000002/r/il/aaa002/5500000002/"
        "il_fullxfull.5500000002_aaa2.jpg\n");
}

static void pictures_of_saved_lists_lie_beside_them(void **state)
{
    (void)state;
    ko_page page = read_fixture("list-aliexpress", true);
    assert_field(&page.offers.offer[0], KO_OFFER_SELLER_URL,
                 "https://www.aliexpress.com/store/1100000001?spm=1");
    assert_offers(&page, "https://www.aliexpress.com/item/1005006000000001.html | Moon Owl Enamel "
                         "Pin Cartoon Animal Brooch | US $ 1.23 | Owl Pin Factory Store | "
                         "owl_files/S0001owlpin.jpg_480x480q75.jpg_.avif\n"
                         "https://www.aliexpress.com/item/1005006186314754.html | Lantern Owl "
                         "Badge Backpack Lapel Pin | US $ 0.99 |  | "
                         "owl_files/S0002owlpin.jpg_480x480q75.jpg_.avif\n"
                         "https://www.aliexpress.com/item/1005006000000003.html | Barn Owl Pin Set "
                         "of 3 | US $ 2.40 |  | https://ae-pic-a1.aliexpress-media.com/kf/"
                         "S0003owlpin.jpg_480x480q75.jpg_.avif\n");
}

static void lists_in_the_state_of_scripts_are_read(void **state)
{
    (void)state;
    ko_page page = read_fixture("list-state", false);
    assert_field(&page.offers.offer[2], KO_OFFER_CURRENCY, "USD");
    assert_offers(&page, "https://www.aliexpress.com/item/1005006000000011.html | Moon Owl Enamel "
                         "Pin | US $1.20 | Owl Pin Factory | "
                         "https://ae01.alicdn.com/kf/S0011owl.jpg_350x350.jpg\n"
                         "https://www.aliexpress.com/item/1005006000000012.html | Snow Owl Brooch "
                         "| US $2.05 |  | https://ae01.alicdn.com/kf/S0012owl.jpg\n"
                         "https://www.aliexpress.com/item/1005006000000013.html | Owl Keyring | "
                         "3.5 |  | https://ae01.alicdn.com/kf/S0013owl.jpg\n");
}

static void ids_and_addresses_tell_the_listing(void **state)
{
    (void)state;
    ko_page page =
        read_as("<title>owl</title><script id=__NEXT_DATA__ type='application/json'>{\"list\":["
                "{\"goods_id\":601099500000001,\"title\":\"Owl rug\",\"thumb_url\":"
                "\"https://img.kwcdn.com/a1.jpg\",\"price_info\":{\"price_str\":\"$7.48\"}},"
                "{\"link_url\":\"owl-mug-g-601099500000002.html\",\"goods_id\":\"601099500000002\","
                "\"title\":\"Owl mug\",\"image\":{\"url\":\"https://img.kwcdn.com/a2.jpg\"}},"
                "{\"url\":\"https://www.temu.com/x-g-601099500000003.html\",\"title\":\"Owl hat\","
                "\"image\":{\"url\":\"https://img.kwcdn.com/a3.jpg\"}}]}</script>",
                "https://www.temu.com/search_result.html?search_key=owl", false);
    assert_offers(&page,
                  "https://www.temu.com/goods.html?goods_id=601099500000001 | Owl rug | $7.48 |  | "
                  "https://img.kwcdn.com/a1.jpg\n"
                  "https://www.temu.com/goods.html?goods_id=601099500000002 | Owl mug |  |  | "
                  "https://img.kwcdn.com/a2.jpg\n"
                  "https://www.temu.com/goods.html?goods_id=601099500000003 | Owl hat |  |  | "
                  "https://img.kwcdn.com/a3.jpg\n");
}

/* --- what makes a list --- */

#define CARD(id, name)                                                                             \
    "<li><a href='https://www.etsy.com/listing/" id "/x'><img src='https://i.etsystatic.com/" id   \
    "/r/il/il_340x270." id "_a.jpg' alt='" name "'></a><a href='https://www.etsy.com/listing/" id  \
    "/x'>" name "</a><b>$5.00</b></li>"
#define THREE CARD("1000000001", "Owl one") CARD("1000000002", "Owl two") CARD("1000000003", "Owl")

static void assert_count(const char *text, const char *url, size_t count)
{
    ko_page page = read_as(text, url, false);
    if (page.offers.count != count)
        fail_msg("%zu listings at %s in %s", page.offers.count, url ? url : "-", text);
    ko_page_free(&page);
}

static void a_list_has_three_cards_of_its_own_market(void **state)
{
    (void)state;
    static const char search[] = "https://www.etsy.com/search?q=owl";
    assert_count("<title>Owls</title><ul>" THREE "</ul>", search, 3);
    assert_count("<title>Owls</title><ul>" CARD("1000000001", "Owl one")
                     CARD("1000000002", "Owl two") "</ul>",
                 search, 0);
    assert_count("<title>Owls</title><ul>" THREE "</ul>", "https://blog.example/owls", 0);
    assert_count("<title>Owls</title><ul>" THREE "</ul>", "https://www.ebay.com/sch/i.html", 0);
}

static void most_links_tell_where_a_page_belongs(void **state)
{
    (void)state;
    assert_count("<title>Owls</title><ul>" THREE "</ul>", NULL, 3);
    assert_count("<title>Owls</title><ul>" THREE "</ul><a href=https://a.x/1>a</a>"
                 "<a href=https://a.x/2>a</a><a href=https://a.x/3>a</a><a href=https://a.x/4>a</a>"
                 "<a href=https://a.x/5>a</a><a href=https://a.x/6>a</a>",
                 NULL, 0);
}

static void a_product_stays_one_beside_its_neighbours(void **state)
{
    (void)state;
    static const char rail[] =
        "<title>Moon owl</title><h1>Moon owl</h1><img src='https://i.etsystatic.com/9/r/il/"
        "il_794xN.9999_b.jpg'><p class=price>$12.00</p><button>Add to cart</button><ul>" THREE
        "</ul>";
    ko_page page = read_as(rail, "https://www.etsy.com/listing/1000000009/moon-owl", false);
    assert_field(only_offer(&page), KO_OFFER_TITLE, "Moon owl");
    ko_page_free(&page);
    assert_count("<title>Owls</title><ul class=recently-viewed>" THREE "</ul>",
                 "https://www.etsy.com/search?q=owl", 0);
}

static void an_article_that_shows_listings_lists_none(void **state)
{
    (void)state;
#define LINE "Owls see in the dark and hear a mouse under the snow, which is why we like them. "
#define PARAGRAPH "<p>" LINE LINE LINE LINE "</p>"
    assert_count("<title>Our owls</title>" PARAGRAPH CARD("1000000001", "Owl one")
                     PARAGRAPH CARD("1000000002", "Owl two") PARAGRAPH CARD("1000000003", "Owl"),
                 "https://www.etsy.com/blog/our-owls", 0);
    /* A shop that tells of itself is none. */
    assert_count("<title>Owls</title>" PARAGRAPH PARAGRAPH "<ul>" THREE "</ul>",
                 "https://www.etsy.com/shop/Owls", 3);
}

static void running_out_of_memory_leaks_nothing(void **state)
{
    (void)state;
    static const char text[] =
        "<title>Owls</title><ul>" THREE "</ul><script>var s = {\"list\":["
        "{\"listing_id\":1000000001,\"title\":\"Owl\",\"image\":\"https://a.x/1.jpg\"},"
        "{\"listing_id\":1000000004,\"title\":\"Owl\",\"image\":\"https://a.x/4.jpg\"},"
        "{\"listing_id\":1000000005,\"title\":\"Owl\",\"image\":\"https://a.x/5.jpg\"}]}</script>"
        "<script type='application/ld+json'>[{\"@type\":\"Product\",\"name\":\"Owl one\","
        "\"url\":\"https://www.etsy.com/listing/1000000001\",\"image\":\"https://a.x/1.jpg\"},"
        "{\"@type\":\"Product\",\"name\":\"Owl six\",\"image\":\"https://a.x/6.jpg\","
        "\"url\":\"https://www.etsy.com/listing/1000000006\"}]</script>";
    const ko_page_source source = {
        .bytes = text, .size = sizeof text - 1, .url = "https://www.etsy.com/search?q=owl"};
    const long live = ko_alloc_live();
    for (unsigned nth = 1;; nth++) {
        ko_page page = {0};
        ko_alloc_fault(nth, 0);
        const ko_status st = ko_page_read(&source, &page, NULL);
        const unsigned fired = ko_alloc_fault_hits();
        ko_alloc_fault(0, 0);
        assert_int_equal(page.offers.count, fired ? 0 : 6);
        ko_page_free(&page);
        assert_int_equal(ko_alloc_live(), live);
        assert_int_equal(st, fired ? KO_E_NOMEM : KO_OK);
        if (!fired)
            break;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(results_give_a_listing_a_card),
        cmocka_unit_test(what_is_said_for_machines_counts_first),
        cmocka_unit_test(pictures_of_saved_lists_lie_beside_them),
        cmocka_unit_test(lists_in_the_state_of_scripts_are_read),
        cmocka_unit_test(ids_and_addresses_tell_the_listing),
        cmocka_unit_test(a_list_has_three_cards_of_its_own_market),
        cmocka_unit_test(most_links_tell_where_a_page_belongs),
        cmocka_unit_test(a_product_stays_one_beside_its_neighbours),
        cmocka_unit_test(an_article_that_shows_listings_lists_none),
        cmocka_unit_test(running_out_of_memory_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
