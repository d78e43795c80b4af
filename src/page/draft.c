#include "page/draft.h"

#include "base/alloc.h"
#include "base/limits.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

const char *const ko_draft_products[] = {"Product",      "ProductGroup",      "ProductModel",
                                         "SomeProducts", "IndividualProduct", NULL};

bool ko_draft_names(const char *type, const char *const *names)
{
    const char *slash = type ? strrchr(type, '/') : NULL;
    const char *name = slash ? slash + 1 : type;
    for (; name && *names; names++)
        if (strcasecmp(name, *names) == 0)
            return true;
    return false;
}

void ko_draft_set(ko_draft *draft, ko_page_offer *offer, ko_offer_field field, const char *text)
{
    if (draft->status == KO_OK)
        draft->status = ko_offer_set(offer, field, text, draft->base);
}

void ko_draft_image(ko_draft *draft, ko_page_offer *offer, const char *url)
{
    if (draft->status == KO_OK)
        draft->status = ko_offer_add_image(offer, url, draft->base);
}

void ko_draft_price(ko_draft *draft, ko_page_offer *offer, const char *low, const char *high)
{
    const char *known = offer->field[KO_OFFER_PRICE];
    if (!low)
        low = high;
    if (!low || !*low)
        return;
    if (!known) {
        ko_draft_set(draft, offer, KO_OFFER_PRICE, low);
        if (high && strcmp(high, low) != 0)
            ko_draft_set(draft, offer, KO_OFFER_PRICE_MAX, high);
        return;
    }
    const double price = strtod(low, NULL);
    if (price > 0 && price < strtod(known, NULL)) {
        char *former = offer->field[KO_OFFER_PRICE];
        offer->field[KO_OFFER_PRICE] = NULL;
        ko_draft_set(draft, offer, KO_OFFER_PRICE, low);
        if (offer->field[KO_OFFER_PRICE_MAX])
            ko_free(former);
        else
            offer->field[KO_OFFER_PRICE_MAX] = former;
    } else if (price >
               strtod(offer->field[KO_OFFER_PRICE_MAX] ? offer->field[KO_OFFER_PRICE_MAX] : known,
                      NULL)) {
        ko_free(offer->field[KO_OFFER_PRICE_MAX]);
        offer->field[KO_OFFER_PRICE_MAX] = NULL;
        ko_draft_set(draft, offer, KO_OFFER_PRICE_MAX, low);
    }
}

static bool differ(const ko_page_offer *a, const ko_page_offer *b, ko_offer_field field)
{
    return a->field[field] && b->field[field] && strcmp(a->field[field], b->field[field]) != 0;
}

/* Variants of one product have ids of their own, but its name and its address. */
static bool is_same_product(const ko_page_offer *a, const ko_page_offer *b)
{
    const bool placed = a->field[KO_OFFER_URL] && b->field[KO_OFFER_URL];
    if (strcmp(ko_offer_get(a, KO_OFFER_TITLE), ko_offer_get(b, KO_OFFER_TITLE)) != 0)
        return false;
    return !differ(a, b, KO_OFFER_ITEM_ID) || (placed && !differ(a, b, KO_OFFER_URL));
}

void ko_draft_settle(ko_draft *draft)
{
    ko_page_offers *offers = draft->offers;
    ko_page_offer *last = &offers->offer[offers->count - 1];
    const bool empty = !last->field[KO_OFFER_TITLE] && last->n_images == 0;
    size_t i = 0;
    while (i + 1 < offers->count && !is_same_product(&offers->offer[i], last))
        i++;
    if (!empty && i + 1 == offers->count)
        return;
    if (!empty) {
        ko_draft_price(draft, &offers->offer[i], last->field[KO_OFFER_PRICE],
                       last->field[KO_OFFER_PRICE_MAX]);
        if (draft->status == KO_OK)
            draft->status = ko_offer_merge(&offers->offer[i], last);
    }
    ko_offers_cut(offers, offers->count - 1);
}

ko_page_offer *ko_draft_begin(ko_draft *draft)
{
    ko_page_offer *offer = draft->status == KO_OK ? ko_offers_add(draft->offers) : NULL;
    if (!offer && draft->status == KO_OK && draft->offers->count < KO_MAX_PAGE_OFFERS)
        draft->status = KO_E_NOMEM;
    return offer;
}
