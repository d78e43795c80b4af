/* page/product.h - what an HTML page sells. */
#ifndef KO_PAGE_PRODUCT_H
#define KO_PAGE_PRODUCT_H

#include "page/page.h"

#include <libxml/tree.h>

/* Sets offers, links, blocked and note of a page from its tree. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_product_read(const xmlDoc *doc, const ko_page_source *source,
                                       ko_page *page);

#endif
