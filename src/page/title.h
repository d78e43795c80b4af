/* page/title.h - the name of what a page is about, without that of the shop. */
#ifndef KO_PAGE_TITLE_H
#define KO_PAGE_TITLE_H

#include "page/offer.h"

#include <libxml/tree.h>

/* Sets the title of an offer without one: to the heading that the page's own title holds, as that
 * is the title without the shop; else to the page's title as shared (Open Graph) or shown, less
 * the name that the site gives itself. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_title_read(const xmlDoc *page, ko_page_offer *offer);

#endif
