/* page/state.h - the objects that scripts of a page are started with.
 *
 * Shops whose pages are drawn by scripts put all they know into one object: a script of
 * type application/json (__NEXT_DATA__), an assignment (window.runParams = {...}), or a
 * text of JSON (JSON.parse("...")). Whatever its name, its arrays of pictures are taken. */
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
