/* Fuzzes the reading of pages, replies and feeds: any bytes give offers, a wall or one
 * error, and what is handed out keeps its promises. */
#include "base/alloc.h"
#include "base/limits.h"
#include "base/text.h"
#include "page/page.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void check(bool holds)
{
    if (!holds)
        abort();
}

static void check_text(const char *text, size_t limit)
{
    char *clean = ko_text_clean_dup(text);
    check(clean && strcmp(clean, text) == 0 && strlen(text) <= limit);
    ko_free(clean);
}

static void check_url(const char *url)
{
    check_text(url, KO_MAX_URL_BYTES);
    check(strncasecmp(url, "http://", 7) == 0 || strncasecmp(url, "https://", 8) == 0);
    check(!strchr(url, ' '));
}

static void check_offer(const ko_page_offer *offer)
{
    for (int f = 0; f < KO_OFFER_FIELDS; f++) {
        const char *text = ko_offer_get(offer, (ko_offer_field)f);
        if (*text && (f == KO_OFFER_URL || f == KO_OFFER_SELLER_URL))
            check_url(text);
        /* A byte that means nothing becomes a character of three. */
        check_text(text, 3 * KO_MAX_PAGE_TEXT);
    }
    check(offer->n_images <= KO_MAX_LISTING_IMAGES && offer->n_warnings <= KO_MAX_PAGE_WARNINGS);
    for (size_t i = 0; i < offer->n_images; i++)
        check_url(offer->images[i]);
}

static void read_from(const uint8_t *bytes, size_t size, const char *url)
{
    ko_page page = {0};
    ko_error err = {0};
    const ko_page_source source = {.bytes = bytes, .size = size, .url = url};
    const ko_status st = ko_page_read(&source, &page, &err);
    check((st == KO_OK) == (err.text[0] == '\0'));
    check((st == KO_OK) == (page.kind != NULL));
    check(!page.blocked || page.offers.count == 0);
    check(page.offers.count <= KO_MAX_PAGE_OFFERS);
    for (size_t i = 0; i < page.offers.count; i++)
        check_offer(&page.offers.offer[i]);
    ko_page_free(&page);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    read_from(bytes, size, NULL);
    read_from(bytes, size, "https://shop.example/products/owl?x=1");
    return 0;
}
