/* page/cards.h - a page that lists offers of a marketplace: results of a search, a seller's shop.
 *
 * Such pages say little for machines. What tells a card from any other part of a page is that
 * it shows a picture and leads to one listing of the marketplace that the page belongs to. */
#ifndef KO_PAGE_CARDS_H
#define KO_PAGE_CARDS_H

#include "page/offer.h"

#include <libxml/tree.h>

/* Where a page belongs, to judge by its address. */
typedef struct ko_cards_place {
    const char *platform; /* static, as ko_canonical has it; "" when it is no marketplace's */
    bool listing;         /* the address is that of one listing */
} ko_cards_place;

/* url is the page's address. NULL, when nothing tells it: the marketplace that most of the links
 * lead to. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_cards_locate(const xmlDoc *doc, const ko_web_base *base, const char *url,
                                       ko_cards_place *out_place);

/* Appends to *cards, which is empty, an offer for each listing of the platform that the page shows
 * as a card, or that a list in the state of its scripts describes; known, which may be NULL, are
 * what structured data said of them and count first. Nothing when there are fewer than three, or
 * when the page is a text that mentions some. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_cards_read(const xmlDoc *doc, const ko_web_base *base,
                                     const char *platform, const ko_page_offers *known,
                                     ko_page_offers *cards);

#endif
