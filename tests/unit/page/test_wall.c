/* What stands before a page is told from the page, and hostile pages end. */
#include "page/read_page.h"

#include "base/alloc.h"
#include "base/limits.h"

#include <stdio.h>
#include <stdlib.h>

static void assert_blocked(const char *text, const char *reason)
{
    ko_page page = read_page(text, "https://m.example/item/1");
    if (reason) {
        assert_string_equal(page.blocked, reason);
        assert_int_equal(page.offers.count, 0);
    } else {
        assert_null(page.blocked);
        assert_int_equal(page.offers.count, 1);
    }
    ko_page_free(&page);
}

static void walls_are_no_products(void **state)
{
    (void)state;
    assert_blocked("<html><title>m.example</title><p>Please enable JS and disable any ad blocker"
                   "</p><script src='https://ct.captcha-delivery.com/c.js'></script>",
                   "a bot wall");
    assert_blocked("<title>Just a moment...</title><h1>Checking your browser</h1>", "a bot wall");
    assert_blocked("<title>m</title><script>window._config_ = {url: '/_____tmd_____/punish'}"
                   "</script>",
                   "a captcha");
    assert_blocked("<title>Sign in</title><form><input name=u><input type=password></form>",
                   "a login page");
}

static void products_with_guards_and_logins_are_read(void **state)
{
    (void)state;
    assert_blocked(
        "<title>Owl</title><script type='application/ld+json'>{\"@type\":\"Product\","
        "\"name\":\"Owl\"}</script><script src='https://www.google.com/recaptcha/api.js'>"
        "</script><form>Sign in <input type=password></form>",
        NULL);
    char page[8000] =
        "<title>Cat</title><script src=/_incapsula_resource></script><img src=/1.jpg>";
    while (strlen(page) < 6000)
        strcat(page, "<p>The cat is printed on paper of cotton.</p>");
    strcat(page, "<form>Log in <input type=password></form>");
    assert_blocked(page, NULL);
}

/* A page of count times a text; to free. */
static char *repeat(const char *text, size_t count)
{
    const size_t n = strlen(text);
    char *page = malloc(n * count + 1);
    for (size_t i = 0; i < count; i++)
        memcpy(page + i * n, text, n);
    page[n * count] = '\0';
    return page;
}

static void depth_ends_the_tree_not_the_program(void **state)
{
    (void)state;
    static const char *const parts[] = {"<div>", "<b><i>", "<table><td>", "<a href=x><span>"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        char *text = repeat(parts[i], 100000);
        ko_page page = read_page(text, NULL);
        ko_page_free(&page);
        free(text);
    }
    static const char *const nested[] = {"{\"a\":", "[", "[{\"@type\":\"Product\",\"name\":"};
    for (size_t i = 0; i < sizeof nested / sizeof *nested; i++) {
        char *text = repeat(nested[i], 100000);
        ko_page page = {0};
        const ko_page_source source = {.bytes = text, .size = strlen(text)};
        assert_int_equal(ko_page_read(&source, &page, NULL), KO_E_UNSUPPORTED);
        free(text);
    }
}

static void long_pages_are_read_in_part(void **state)
{
    (void)state;
    char *text = repeat("<p>x<img src=/1.jpg>", KO_MAX_PAGE_NODES / 2);
    memcpy(text, "<title>T</title>    ", 20);
    ko_page page = read_page(text, "https://a.example/");
    const ko_page_offer *offer = only_offer(&page);
    bool told = false;
    for (size_t i = 0; i < offer->n_warnings; i++)
        told = told || strstr(offer->warnings[i], "in part");
    assert_true(told);
    ko_page_free(&page);
    free(text);
}

static void endless_tags_end_the_page(void **state)
{
    (void)state;
    char *text = malloc(64 + (size_t)20 * 300000);
    size_t n = (size_t)sprintf(text, "<title>T</title><img src=/1.jpg><script>a<b</script><img ");
    for (unsigned i = 0; i < 300000; i++)
        n += (size_t)sprintf(text + n, "a%u=%u ", i, i);
    ko_page page = read_page(text, "https://a.example/");
    assert_field(only_offer(&page), KO_OFFER_TITLE, "T");
    assert_string_equal(only_offer(&page)->warnings[only_offer(&page)->n_warnings - 1],
                        "the page is too deep or long: read in part");
    ko_page_free(&page);
    free(text);
}

static void pictures_and_texts_have_their_limits(void **state)
{
    (void)state;
    ko_page_offer offer = {0};
    for (unsigned i = 0; i < 2 * KO_MAX_LISTING_IMAGES; i++) {
        char url[64];
        (void)snprintf(url, sizeof url, "https://a.example/%u/picture.jpg", i);
        assert_int_equal(ko_offer_add_image(&offer, url, NULL), KO_OK);
    }
    assert_int_equal(offer.n_images, KO_MAX_LISTING_IMAGES);
    assert_int_equal(offer.n_warnings, 1);
    char *text = repeat("\xE7\x8C\xAB", KO_MAX_PAGE_TEXT);
    assert_int_equal(ko_offer_set(&offer, KO_OFFER_TITLE, text, NULL), KO_OK);
    assert_true(strlen(ko_offer_get(&offer, KO_OFFER_TITLE)) <= KO_MAX_PAGE_TEXT);
    assert_int_equal(strlen(ko_offer_get(&offer, KO_OFFER_TITLE)) % 3, 0);
    assert_int_equal(ko_offer_set(&offer, KO_OFFER_URL, "javascript:alert(1)", NULL), KO_OK);
    assert_field(&offer, KO_OFFER_URL, "");
    ko_offer_clear(&offer);
    free(text);
}

static void running_out_of_memory_leaks_nothing(void **state)
{
    (void)state;
    static const char text[] =
        "<meta charset=gbk><title>\xC3\xA8 Owl</title><base href='https://a.example/'>"
        "<script type='application/ld+json'>{'@type':'Product','name':'Owl','image':'1.jpg',"
        "'offers':[{'price':'2'},{'price':'3'}]}</script><div class=gallery>"
        "<img srcset='1.jpg 1x, 2.jpg 2x' data-src='3.jpg'></div>"
        "<script>var s = {images: ['/1.jpg', '/4.jpg']}</script>";
    const long live = ko_alloc_live();
    for (unsigned nth = 1;; nth++) {
        ko_page page = {0};
        const ko_page_source source = {.bytes = text, .size = sizeof text - 1, .saved = true};
        ko_alloc_fault(nth, 0);
        const ko_status st = ko_page_read(&source, &page, NULL);
        const unsigned fired = ko_alloc_fault_hits();
        ko_alloc_fault(0, 0);
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
        cmocka_unit_test(walls_are_no_products),
        cmocka_unit_test(products_with_guards_and_logins_are_read),
        cmocka_unit_test(depth_ends_the_tree_not_the_program),
        cmocka_unit_test(long_pages_are_read_in_part),
        cmocka_unit_test(endless_tags_end_the_page),
        cmocka_unit_test(pictures_and_texts_have_their_limits),
        cmocka_unit_test(running_out_of_memory_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
