/* page/offer.h - one offer as a page, a reply or a feed states it.
 *
 * Texts are clean single lines of UTF-8 (base/text.h) and otherwise as found: nothing is
 * converted, no price is read. URLs are absolute when there was anything to resolve them
 * against. A field is set by the first who knows it: callers go from the best source to
 * the worst. */
#ifndef KO_PAGE_OFFER_H
#define KO_PAGE_OFFER_H

#include "page/web.h"

#include <stdbool.h>
#include <stddef.h>

typedef enum ko_offer_field {
    KO_OFFER_URL,
    KO_OFFER_TITLE,
    KO_OFFER_SELLER,
    KO_OFFER_SELLER_URL,
    KO_OFFER_PRICE, /* as written; with its currency where that stood in the same text */
    KO_OFFER_PRICE_MAX,
    KO_OFFER_CURRENCY,
    KO_OFFER_ITEM_ID,
    KO_OFFER_SELLER_ID, /* on the platform; not a name */
    KO_OFFER_FIELDS
} ko_offer_field;

typedef struct ko_page_offer {
    char *field[KO_OFFER_FIELDS]; /* NULL when not stated */
    char **images; /* URLs in gallery order, each picture once; of saved pages also paths of files
                      and "data:" URLs (page/web.h) */
    size_t n_images;
    char **copies; /* other addresses of these pictures, under which they are not added again */
    size_t n_copies;
    char **warnings; /* sentences for the user about this record */
    size_t n_warnings;
} ko_page_offer;

typedef struct ko_page_offers {
    ko_page_offer *offer;
    size_t count, capacity;
} ko_page_offers;

/* "" when not stated. */
const char *ko_offer_get(const ko_page_offer *offer, ko_offer_field field);

/* Sets a field that is not set yet to text, cleaned, trimmed and cut at KO_MAX_PAGE_TEXT
 * (URLs beyond KO_MAX_URL_BYTES are dropped). base resolves URLs and may be NULL; NULL or
 * blank text changes nothing. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_offer_set(ko_page_offer *offer, ko_offer_field field, const char *text,
                                    const ko_web_base *base);

/* Adds a picture's URL unless it is none or a placeholder. A picture that is there in another
 * size (page/picture.h) keeps its place and takes the larger of both URLs; a saved file comes
 * before any URL unless it is a thumbnail.
 * Beyond KO_MAX_LISTING_IMAGES pictures are dropped with a warning. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_offer_add_image(ko_page_offer *offer, const char *url,
                                          const ko_web_base *base);

/* Notes that a copy is a smaller one of the picture at url, which was added before, whatever the
 * names: shops that name every size anew list both. One that was taken for a picture of its own
 * gives its place to the larger. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_offer_add_copy(ko_page_offer *offer, const char *url, const char *copy,
                                         const ko_web_base *base);

/* The same sentence is kept once. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_offer_warn(ko_page_offer *offer, const char *text);

/* Sets what into lacks from the other, and adds its pictures. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_offer_merge(ko_page_offer *into, const ko_page_offer *from);

void ko_offer_clear(ko_page_offer *offer); /* frees what it holds; zeroed ones are fine */

/* Appends an empty offer; NULL when there is no memory or KO_MAX_PAGE_OFFERS are there. It
 * is valid until the next call. */
ko_page_offer *ko_offers_add(ko_page_offers *offers);
/* Takes the offers from count on away. */
void ko_offers_cut(ko_page_offers *offers, size_t count);

#endif
