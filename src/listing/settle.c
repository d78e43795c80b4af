/* What a record means is told once, here, so that a sheet, a page and an interface that speak
 * of the same offer come to the same record. */
#include "listing/listing.h"

#include "base/alloc.h"
#include "platform/canonical.h"

#include <assert.h>
#include <string.h>

static ko_status put_text(char **text, const char *value, ko_error *err)
{
    if (strcmp(*text, value) == 0)
        return KO_OK;
    char *copy = ko_strdup(value);
    if (!copy)
        return ko_fail(err, KO_E_NOMEM, "no memory for a listing");
    ko_free(*text);
    *text = copy;
    return KO_OK;
}

/* KO_E_NOMEM apart, any failure says that text is no URL. */
static ko_status read_url(const char *text, ko_url *out, ko_error *err)
{
    const ko_status st = ko_url_parse(text, strlen(text), NULL, out, NULL);
    return st == KO_E_NOMEM ? ko_fail(err, st, "no memory for a URL") : st;
}

/* Canonical forms are a little longer than some URLs, and there may be no room for those of
 * the longest, which is said like want of memory. Such an URL stays as it is. */
static ko_status unless_long(ko_status status, const ko_url *url, ko_error *err)
{
    const size_t longer_by = 64;
    if (status == KO_E_NOMEM && url->size + longer_by > KO_MAX_URL_BYTES)
        return KO_E_LIMIT;
    return status == KO_E_NOMEM ? ko_fail(err, status, "no memory for a URL") : status;
}

/* --- the offer --- */

static ko_status put_canonical(ko_listing *record, const ko_canonical *canonical, ko_error *err)
{
    ko_status st = put_text(&record->url, canonical->url.text, err);
    if (st == KO_OK)
        st = put_text(&record->platform, canonical->platform, err);
    if (st == KO_OK && canonical->item[0])
        st = put_text(&record->item_id, canonical->item, err);
    return st == KO_OK ? put_text(&record->key, ko_canonical_key(canonical), err) : st;
}

/* An URL that is none is still what the source calls the listing. */
static ko_status settle_url(ko_listing *record, ko_error *err)
{
    ko_url url;
    ko_canonical canonical;
    ko_status st = read_url(record->url, &url, err);
    if (st == KO_OK)
        st = unless_long(ko_canonical_listing(&url, &canonical, NULL), &url, err);
    if (st == KO_OK)
        return put_canonical(record, &canonical, err);
    return st == KO_E_NOMEM ? st : put_text(&record->key, record->url, err);
}

/* --- the price --- */

/* Widens the amount to the upper end that was written apart. */
static void widen(ko_listing *record)
{
    ko_price *amount = &record->amount;
    const char *context = amount->currency[0] ? amount->currency : record->currency;
    ko_price upper;
    if (ko_price_read(record->price_max, context, &upper) != KO_OK)
        return;
    if (!record->has_price)
        *amount = upper;
    else if (upper.minor_digits == amount->minor_digits && upper.high_minor > amount->high_minor)
        amount->high_minor = upper.high_minor;
    record->has_price = true;
    amount->ask = amount->high_minor == 0;
}

static ko_status settle_price(ko_listing *record, ko_error *err)
{
    record->amount = (ko_price){0};
    record->has_price = ko_price_read(record->price, record->currency, &record->amount) == KO_OK;
    widen(record);
    ko_price one = record->amount;
    /* Without a price the currency is read as that of any number. */
    if (!record->has_price && ko_price_read("1", record->currency, &one) != KO_OK)
        return KO_OK;
    return one.currency[0] ? put_text(&record->currency, one.currency, err) : KO_OK;
}

/* --- the gallery --- */

static ko_status settle_picture(ko_gallery_picture *picture, ko_error *err)
{
    ko_url url;
    ko_status st = read_url(picture->url, &url, err);
    if (st == KO_OK)
        st = unless_long(ko_canonical_image(&url, &url, NULL), &url, err);
    if (st == KO_OK)
        return put_text(&picture->url, url.text, err);
    return st == KO_E_NOMEM ? st : KO_OK;
}

static bool is_same(const ko_gallery_picture *a, const ko_gallery_picture *b)
{
    if (a->url[0] && b->url[0])
        return strcmp(a->url, b->url) == 0;
    return a->path[0] && strcmp(a->path, b->path) == 0 && a->offset == b->offset;
}

/* Gives to what from knows and to lacks. */
static void unite(ko_gallery_picture *to, ko_gallery_picture *from)
{
    if (!to->url[0]) {
        char *url = to->url;
        to->url = from->url;
        from->url = url;
    }
    if (!to->path[0]) {
        char *path = to->path;
        to->path = from->path;
        from->path = path;
        to->offset = from->offset;
        to->bytes = from->bytes;
        memcpy(to->sha256, from->sha256, sizeof to->sha256);
    }
}

static void drop_doubled(ko_listing *record)
{
    for (size_t i = 0; i < record->n_pictures; i++) {
        for (size_t j = i + 1; j < record->n_pictures;) {
            if (!is_same(&record->pictures[i], &record->pictures[j])) {
                j++;
                continue;
            }
            unite(&record->pictures[i], &record->pictures[j]);
            ko_listing_drop_picture(record, j);
        }
    }
}

ko_status ko_listing_settle(ko_listing *record, ko_error *err)
{
    assert(record && (record->pictures || record->n_pictures == 0));
    ko_status st = ko_listing_fill(record, err);
    if (st == KO_OK)
        st = settle_url(record, err);
    if (st == KO_OK)
        st = settle_price(record, err);
    for (size_t i = 0; st == KO_OK && i < record->n_pictures; i++)
        st = settle_picture(&record->pictures[i], err);
    if (st == KO_OK)
        drop_doubled(record);
    return st;
}
