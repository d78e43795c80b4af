#include "page/record.h"

#include "base/alloc.h"
#include "platform/country.h"

#include <string.h>

static const struct field_of_record {
    ko_offer_field field;
    size_t offset;
} fields[] = {
    {KO_OFFER_URL, offsetof(ko_listing, url)},
    {KO_OFFER_TITLE, offsetof(ko_listing, title)},
    {KO_OFFER_SELLER, offsetof(ko_listing, seller)},
    {KO_OFFER_SELLER_ID, offsetof(ko_listing, seller_id)},
    {KO_OFFER_SELLER_URL, offsetof(ko_listing, seller_url)},
    {KO_OFFER_PRICE, offsetof(ko_listing, price)},
    {KO_OFFER_PRICE_MAX, offsetof(ko_listing, price_max)},
    {KO_OFFER_CURRENCY, offsetof(ko_listing, currency)},
    {KO_OFFER_ITEM_ID, offsetof(ko_listing, item_id)},
};

static ko_status set_text(ko_listing *record, size_t offset, const char *text)
{
    char **field = (char **)((char *)record + offset);
    *field = ko_strdup(text);
    return *field ? KO_OK : KO_E_NOMEM;
}

/* What the price is in when neither it nor the page says so clearly: signs such as "$" and "kr"
 * mean the currency of the country that the shop is in, a number alone that of a market which
 * knows only one. "" for anything that needs no help. */
static const char *local_currency(const ko_page_offer *offer)
{
    const char *text = ko_offer_get(offer, KO_OFFER_PRICE);
    const char *address = ko_offer_get(offer, KO_OFFER_URL);
    ko_url url;
    ko_price as_written, as_local;
    if (offer->field[KO_OFFER_CURRENCY] ||
        ko_url_parse(address, strlen(address), NULL, &url, NULL) != KO_OK)
        return "";
    const ko_country_money money = ko_country_money_of(ko_url_host(&url));
    if (!money.currency[0] || ko_price_read(text, "", &as_written) != KO_OK ||
        ko_price_read(text, money.currency, &as_local) != KO_OK)
        return "";
    const bool helps =
        as_written.currency[0] ? strcmp(as_local.currency, money.currency) == 0 : money.only;
    return helps ? money.currency : "";
}

static ko_status fill(const ko_page_offer *offer, ko_listing *record, ko_error *err)
{
    const bool stated = offer->field[KO_OFFER_CURRENCY] != NULL;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        const bool currency = fields[i].field == KO_OFFER_CURRENCY && !stated;
        const char *text = currency ? local_currency(offer) : ko_offer_get(offer, fields[i].field);
        if (set_text(record, fields[i].offset, text) != KO_OK)
            return ko_fail(err, KO_E_NOMEM, "no memory for a listing");
    }
    ko_status st = KO_OK;
    for (size_t i = 0; i < offer->n_images && st == KO_OK; i++) {
        const char *image = offer->images[i];
        const bool file = ko_web_is_local(image) && !ko_web_is_data(image);
        st = ko_listing_add_picture(record, file ? "" : image, file ? image : "", err);
    }
    return st == KO_OK ? ko_listing_settle(record, err) : st;
}

ko_status ko_offer_record(const ko_page_offer *offer, ko_listing *out_record, ko_error *err)
{
    ko_listing record = {0};
    const ko_status st = fill(offer, &record, err);
    if (st == KO_OK)
        *out_record = record;
    else
        ko_listing_free(&record);
    return st;
}
