/* page/saved.h - what a browser's copy of a page says of where it was saved. */
#ifndef KO_PAGE_SAVED_H
#define KO_PAGE_SAVED_H

#include "base/status.h"

#include <libxml/tree.h>

/* The URL that the page was saved from, in the comment that browsers ("saved from
 * url=(0023)https://...") and SingleFile ("url: https://...") begin it with; *out_url, to free
 * with ko_free, is NULL when there is none. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_saved_from(const xmlDoc *page, char **out_url);

#endif
