/* page/links.h - where a page, feed or sitemap leads. */
#ifndef KO_PAGE_LINKS_H
#define KO_PAGE_LINKS_H

#include "page/page.h"

#include <libxml/tree.h>

/* Appends a link to url, resolved against base (may be NULL) and in normal form; what is no http
 * URL, and links beyond KO_MAX_PAGE_LINKS, change nothing. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_links_add(ko_page *page, ko_page_link_role role, const char *url,
                                    const ko_web_base *base);

/* Appends the links of a page that lists products: to its next part, to what its lists for
 * machines name, and where its anchors lead when that has the shape of a listing's URL: of any
 * market that we know, or of shop software on the site itself. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_links_read(const xmlDoc *doc, const ko_web_base *base, ko_page *page);

/* Keeps each URL once, at its first place. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_links_settle(ko_page *page);

void ko_links_clear(ko_page *page); /* frees them all */

#endif
