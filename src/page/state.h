/* page/state.h - the pictures of a product in the state of a page's scripts (page/script.h).
 *
 * Whatever a shop calls its objects, their arrays of pictures are taken. */
#ifndef KO_PAGE_STATE_H
#define KO_PAGE_STATE_H

#include "page/offer.h"

#include <libxml/tree.h>

/* Adds to an offer the pictures of those arrays that hold one of its pictures, or, when it
 * has none yet, of the first array that is called a gallery; and sets what the offer lacks
 * from the object that such an array was found in. Arrays of products, which have prices,
 * and what is called similar or recommended are left out. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_state_read(const xmlDoc *page, const ko_web_base *base,
                                     ko_page_offer *offer);

#endif
