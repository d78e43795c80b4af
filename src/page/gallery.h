/* page/gallery.h - the pictures of a product that a page shows.
 *
 * The gallery is the largest part of the page around a known picture that holds neither
 * the heading nor pictures that lead to other pages: that is what sets it apart from the
 * rails of other products, whatever a shop calls its elements. */
#ifndef KO_PAGE_GALLERY_H
#define KO_PAGE_GALLERY_H

#include "page/offer.h"

#include <libxml/tree.h>

/* Adds the pictures around those that the offer has. When it has none, or none of them is
 * on the page, the first part that is called a gallery counts. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_gallery_read(const xmlDoc *page, const char *base, ko_page_offer *offer);

/* Sets the price of an offer without one to the first text that is called a price and looks
 * like one; former prices, units and other products aside. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_gallery_price(const xmlDoc *page, ko_page_offer *offer);

/* True when the page has a button that puts something into a cart. */
bool ko_gallery_sells(const xmlDoc *page);

#endif
