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
KO_NODISCARD ko_status ko_gallery_read(const xmlDoc *page, const ko_web_base *base,
                                       ko_page_offer *offer);

#endif
