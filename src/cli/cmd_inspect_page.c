#include "cli/cmd_inspect_page.h"

#include "base/file.h"
#include "base/limits.h"
#include "cli/cli.h"
#include "platform/canonical.h"

#include <string.h>

/* The fields in the order in which they are shown. */
static const struct shown_field {
    const char *name;
    ko_offer_field field;
} shown_fields[] = {
    {"item_id", KO_OFFER_ITEM_ID},       {"url", KO_OFFER_URL},
    {"title", KO_OFFER_TITLE},           {"seller", KO_OFFER_SELLER},
    {"seller_url", KO_OFFER_SELLER_URL}, {"price", KO_OFFER_PRICE},
    {"price_max", KO_OFFER_PRICE_MAX},   {"currency", KO_OFFER_CURRENCY},
};
#define SHOWN (sizeof shown_fields / sizeof *shown_fields)

ko_status ko_inspect_page_read(const char *path, const char *url, ko_page *out_page, ko_error *err)
{
    ko_buf bytes = KO_BUF(KO_MAX_PAGE_BYTES);
    ko_status st = ko_file_read(path, &bytes, err);
    if (st == KO_OK) {
        const ko_page_source source = {.bytes = bytes.data, .size = bytes.size, .url = url};
        st = ko_page_read(&source, out_page, err);
        if (st != KO_OK)
            ko_error_prefix(err, path);
    }
    ko_buf_free(&bytes);
    return st;
}

static void print_offer(size_t number, const ko_page_offer *offer)
{
    ko_print("\nlisting %zu\n", number);
    for (size_t i = 0; i < SHOWN; i++) {
        const char *text = ko_offer_get(offer, shown_fields[i].field);
        if (*text)
            ko_print("  %-10s  %s\n", shown_fields[i].name, text);
    }
    for (size_t i = 0; i < offer->n_images; i++)
        ko_print("  %-10s  %s\n", i == 0 ? "images" : "", offer->images[i]);
    for (size_t i = 0; i < offer->n_warnings; i++)
        ko_print("  %-10s  %s\n", "warning", offer->warnings[i]);
}

void ko_inspect_page_print(const char *path, const ko_page *page)
{
    if (page->blocked) {
        ko_print("%s: blocked: %s stands before the page\n", path, page->blocked);
        return;
    }
    ko_print("%s: %s, %s, %zu listing%s\n", path, page->kind, page->encoding, page->offers.count,
             ko_plural(page->offers.count));
    for (size_t i = 0; i < page->offers.count; i++)
        print_offer(i + 1, &page->offers.offer[i]);
}

static json_t *texts_json(char *const *texts, size_t n)
{
    json_t *array = json_array();
    for (size_t i = 0; i < n && array; i++)
        if (json_array_append_new(array, json_string(texts[i]))) {
            json_decref(array);
            array = NULL;
        }
    return array;
}

/* Platform, item and canonical URL, as far as the URL tells them. */
static int set_identity(json_t *object, const ko_page_offer *offer)
{
    const char *text = ko_offer_get(offer, KO_OFFER_URL);
    const char *item = ko_offer_get(offer, KO_OFFER_ITEM_ID);
    ko_url url;
    ko_canonical canonical;
    const bool known = ko_url_parse(text, strlen(text), NULL, &url, NULL) == KO_OK &&
                       ko_canonical_listing(&url, &canonical, NULL) == KO_OK;
    return json_object_set_new(object, "platform", json_string(known ? canonical.platform : "")) ||
           json_object_set_new(object, "item_id",
                               json_string(known && canonical.item[0] ? canonical.item : item)) ||
           json_object_set_new(object, "url", json_string(known ? canonical.url.text : text));
}

static json_t *offer_json(const ko_page_offer *offer)
{
    json_t *object = json_object();
    int failed = object == NULL;
    for (size_t i = 0; i < SHOWN && !failed; i++)
        failed = json_object_set_new(object, shown_fields[i].name,
                                     json_string(ko_offer_get(offer, shown_fields[i].field)));
    failed =
        failed || set_identity(object, offer) ||
        json_object_set_new(object, "images", texts_json(offer->images, offer->n_images)) ||
        json_object_set_new(object, "warnings", texts_json(offer->warnings, offer->n_warnings));
    if (!failed)
        return object;
    json_decref(object);
    return NULL;
}

void ko_inspect_page_json(const char *path, const ko_page *page)
{
    if (page->blocked)
        ko_json_line(stdout, json_pack("{s:o, s:s}", "file", ko_json_string(path), "blocked",
                                       page->blocked));
    for (size_t i = 0; !page->blocked && i < page->offers.count; i++)
        ko_json_line(stdout, offer_json(&page->offers.offer[i]));
}
