/* page/rails.h - parts of a page or of its state that speak of other products. */
#ifndef KO_PAGE_RAILS_H
#define KO_PAGE_RAILS_H

#include <libxml/tree.h>
#include <stdbool.h>

/* True for the name of a part, such as "similarItems" or "recently-viewed". */
bool ko_rail_name(const char *name);
/* True for an element that holds other products, reviews, menus or the foot of a page. */
bool ko_rail_is(const xmlNode *node);

#endif
