/* page/microdata.h - items of schema.org in the attributes of a page (HTML Living Standard, 5). */
#ifndef KO_PAGE_MICRODATA_H
#define KO_PAGE_MICRODATA_H

#include "page/draft.h"

#include <libxml/tree.h>

/* Writes an offer for each item whose type is a product. */
void ko_microdata_read(const xmlDoc *page, ko_draft *draft);

#endif
