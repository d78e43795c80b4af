/* page/pricetag.h - the price that a page shows to people. */
#ifndef KO_PAGE_PRICETAG_H
#define KO_PAGE_PRICETAG_H

#include "page/offer.h"

#include <libxml/tree.h>

/* Sets the price of an offer without one to the first text that is called a price and looks
 * like one, former prices, units and other products aside; or else to the one that the page's
 * description names. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_pricetag_read(const xmlDoc *page, ko_page_offer *offer);

/* How many prices the page shows outside of such parts, counted up to limit. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_pricetag_count(const xmlDoc *page, size_t limit, size_t *out_count);

/* Sets the price of an offer to what a card in a list shows as one, called so or not: the first
 * beside the offer's title, without what is struck through. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_pricetag_of_card(const xmlNode *card, ko_page_offer *offer);

/* True when the page's description, made for search engines, names a price. */
bool ko_pricetag_is_told(const xmlDoc *page);

#endif
