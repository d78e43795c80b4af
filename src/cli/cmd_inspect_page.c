/* A listing is made into one JSON object; text for people is that object, laid out. */
#include "cli/cmd_inspect_page.h"

#include "base/file.h"
#include "base/limits.h"
#include "cli/cli.h"
#include "page/record.h"

#include <string.h>

static bool add(json_t *object, const char *name, json_t *value)
{
    return value && json_object_set_new(object, name, value) == 0;
}

static bool append(json_t *array, const char *text)
{
    return json_array_append_new(array, ko_json_string(text)) == 0;
}

/* Both ends of the amount; "" for what is not known or to be asked for. */
static bool add_prices(json_t *object, const ko_listing *record)
{
    char low[KO_PRICE_DECIMAL_SIZE] = "", high[KO_PRICE_DECIMAL_SIZE] = "";
    const ko_price *amount = &record->amount;
    if (record->has_price && !amount->ask) {
        ko_price_decimal(amount->low_minor, amount->minor_digits, low);
        if (amount->high_minor > amount->low_minor)
            ko_price_decimal(amount->high_minor, amount->minor_digits, high);
    }
    return add(object, "price", ko_json_string(low)) &&
           add(object, "price_max", ko_json_string(high)) &&
           add(object, "currency", ko_json_string(record->currency));
}

/* A picture by its URL or file; one that stands in the page itself by its kind and size. */
static bool append_picture(json_t *array, const ko_gallery_picture *picture)
{
    char text[96];
    if (!picture->url[0])
        return append(array, picture->path);
    if (strncmp(picture->url, "data:", 5) != 0)
        return append(array, picture->url);
    (void)snprintf(text, sizeof text, "%.*s (%zu bytes in the page)",
                   (int)(strcspn(picture->url, ";,") < 40 ? strcspn(picture->url, ";,") : 40),
                   picture->url, strlen(picture->url));
    return append(array, text);
}

/* What the reader of a page cannot know: how its texts were understood. */
static bool append_remarks(json_t *warnings, const ko_listing *record)
{
    const ko_price *amount = &record->amount;
    if (record->has_price && amount->ask)
        return append(warnings, "the price is 0: the seller wants to be asked");
    if (record->has_price && amount->high_minor > amount->low_minor)
        return append(warnings, "the price is a range");
    return record->has_price || !record->price[0] ||
           append(warnings, "the price could not be understood");
}

static json_t *listing_json(const ko_listing *record, char *const *warnings, size_t n_warnings)
{
    json_t *object = json_object(), *images = json_array(), *remarks = json_array();
    bool ok = object && images && remarks;
    for (size_t i = 0; i < record->n_pictures && ok; i++)
        ok = append_picture(images, &record->pictures[i]);
    for (size_t i = 0; i < n_warnings && ok; i++)
        ok = append(remarks, warnings[i]);
    ok = ok && append_remarks(remarks, record) &&
         add(object, "platform", ko_json_string(record->platform)) &&
         add(object, "item_id", ko_json_string(record->item_id)) &&
         add(object, "url", ko_json_string(record->url)) &&
         add(object, "title", ko_json_string(record->title)) &&
         add(object, "seller", ko_json_string(record->seller)) &&
         add(object, "seller_url", ko_json_string(record->seller_url)) &&
         add_prices(object, record) && add(object, "images", json_incref(images)) &&
         add(object, "warnings", json_incref(remarks));
    json_decref(images);
    json_decref(remarks);
    if (ok)
        return object;
    json_decref(object);
    return NULL;
}

static void print_listing(size_t number, json_t *object)
{
    const char *name = NULL;
    json_t *value = NULL;
    ko_print("\nlisting %zu\n", number);
    json_object_foreach(object, name, value)
    {
        const char *text = json_string_value(value);
        if (text && *text)
            ko_print("  %-10s  %s\n", name, text);
        for (size_t i = 0; i < json_array_size(value); i++)
            ko_print("  %-10s  %s\n", i == 0 ? name : "",
                     json_string_value(json_array_get(value, i)));
    }
}

ko_status ko_inspect_record(const ko_inspect *how, size_t number, const ko_listing *record,
                            char *const *warnings, size_t n_warnings, ko_error *err)
{
    json_t *object = listing_json(record, warnings, n_warnings);
    if (!object)
        return ko_fail(err, KO_E_NOMEM, "no memory to show a listing");
    if (how->json) {
        ko_json_line(stdout, object);
    } else {
        print_listing(number, object);
        json_decref(object);
    }
    return KO_OK;
}

static ko_status show_offers(const ko_inspect *how, const ko_page_offers *offers, ko_error *err)
{
    ko_status st = KO_OK;
    for (size_t i = 0; i < offers->count && st == KO_OK; i++) {
        const ko_page_offer *offer = &offers->offer[i];
        ko_listing record = {0};
        st = ko_offer_record(offer, &record, err);
        if (st == KO_OK)
            st = ko_inspect_record(how, i + 1, &record, offer->warnings, offer->n_warnings, err);
        ko_listing_free(&record);
    }
    return st;
}

static void show_blocked(const ko_inspect *how, const char *name, const char *wall)
{
    if (how->json)
        ko_json_line(stdout,
                     json_pack("{s:o, s:s}", "file", ko_json_string(name), "blocked", wall));
    else
        ko_print("%s: blocked: %s stands before the page\n", name, wall);
}

/* The line above the listings: what it is, and where it leads. */
static void show_head(const ko_inspect *how, const char *name, const ko_page *page)
{
    char links[48] = "";
    if (page->n_links > 0)
        (void)snprintf(links, sizeof links, ", %zu link%s", page->n_links,
                       ko_plural(page->n_links));
    if (!how->json)
        ko_print("%s: %s, %s, %zu listing%s%s\n", name, page->kind, page->encoding,
                 page->offers.count, ko_plural(page->offers.count), links);
    if (page->note)
        ko_say("%s: %s", name, page->note);
}

ko_status ko_inspect_page(const ko_inspect *how, const char *name, const ko_page_source *source,
                          ko_error *err)
{
    ko_page page = {0};
    ko_status st = ko_page_read(source, &page, err);
    if (st == KO_OK && page.blocked) {
        show_blocked(how, name, page.blocked);
    } else if (st == KO_OK) {
        show_head(how, name, &page);
        st = show_offers(how, &page.offers, err);
    }
    if (st != KO_OK)
        ko_error_prefix(err, name);
    ko_page_free(&page);
    return st;
}
