/* Fuzzes what reads the URLs and prices of strangers: each line of the input is taken as a
 * URL, as a link on the page of the line before, and as a price. What comes out must be in
 * its normal form already. */
#include "platform/canonical.h"
#include "platform/price.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void check(bool holds)
{
    if (!holds)
        abort();
}

static void check_normal(const ko_url *url)
{
    ko_url again;
    check(url->size == strlen(url->text) && url->size <= KO_MAX_URL_BYTES);
    for (const char *c = url->text; *c; c++)
        check(*c > ' ' && *c < 0x7f);
    check(ko_url_parse(url->text, url->size, NULL, &again, NULL) == KO_OK);
    check(strcmp(again.text, url->text) == 0);
    check(again.host_end == url->host_end && again.path == url->path);
    check(again.query == url->query && again.port == url->port && again.secure == url->secure);
}

static void take_url(const ko_url *url)
{
    ko_canonical canonical, twice;
    ko_url picture;
    ko_error err = {0};
    check_normal(url);
    if (ko_canonical_listing(url, &canonical, &err) == KO_OK) {
        check_normal(&canonical.url);
        check(*ko_canonical_key(&canonical) && (*canonical.platform || !*canonical.item));
        check(ko_canonical_listing(&canonical.url, &twice, &err) == KO_OK);
        check(strcmp(ko_canonical_key(&twice), ko_canonical_key(&canonical)) == 0);
    }
    if (ko_canonical_image(url, &picture, &err) == KO_OK)
        check_normal(&picture);
}

static void take_price(const char *text)
{
    ko_price price;
    if (ko_price_read(text, text, &price) == KO_OK)
        check(price.low_minor >= 0 && price.low_minor <= price.high_minor &&
              strlen(price.currency) <= 3 && price.ask == (price.high_minor == 0));
}

static void take_line(const char *line, size_t n, ko_url *page, bool *has_page)
{
    ko_url url;
    ko_error err = {0};
    char text[KO_MAX_PRICE_BYTES + 2];
    if (*has_page && ko_url_parse(line, n, page, &url, &err) == KO_OK)
        take_url(&url);
    err = (ko_error){0};
    const ko_status st = ko_url_parse(line, n, NULL, &url, &err);
    check((st == KO_OK) == (err.text[0] == '\0'));
    if (st == KO_OK) {
        take_url(&url);
        *page = url;
        *has_page = true;
    }
    (void)snprintf(text, sizeof text, "%.*s", (int)(n < sizeof text ? n : sizeof text - 1), line);
    take_price(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    ko_url page;
    bool has_page = false;
    const char *at = (const char *)bytes, *end = at + size;
    while (at < end) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        stop = stop ? stop : end;
        take_line(at, (size_t)(stop - at), &page, &has_page);
        at = stop + 1;
    }
    return 0;
}
