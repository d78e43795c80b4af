/* What the tests of pages share: a page from a text, and its offers looked at. */
#ifndef READ_PAGE_H
#define READ_PAGE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "page/page.h"

#include <string.h>

static inline ko_page read_source(const ko_page_source *source)
{
    ko_page page = {0};
    ko_error err = {0};
    const ko_status st = ko_page_read(source, &page, &err);
    assert_string_equal(err.text, "");
    assert_int_equal(st, KO_OK);
    return page;
}

/* Pages of tests say little: whether that makes a product is not asked. */
static inline ko_page read_page(const char *text, const char *url)
{
    const ko_page_source source = {.bytes = text, .size = strlen(text), .url = url, .insist = true};
    return read_source(&source);
}

static inline const ko_page_offer *only_offer(const ko_page *page)
{
    assert_int_equal(page->offers.count, 1);
    return &page->offers.offer[0];
}

/* images: each URL followed by a blank. */
static inline void assert_images(const ko_page_offer *offer, const char *images)
{
    char all[8192] = "";
    for (size_t i = 0; i < offer->n_images; i++) {
        assert_true(strlen(all) + strlen(offer->images[i]) + 2 < sizeof all);
        strcat(all, offer->images[i]);
        strcat(all, " ");
    }
    assert_string_equal(all, images);
}

#define assert_field(offer, field, text) assert_string_equal(ko_offer_get(offer, field), text)

#endif
