/* page/ended.h - pages that say that what was asked for is there no more. */
#ifndef KO_PAGE_ENDED_H
#define KO_PAGE_ENDED_H

#include "page/offer.h"

#include <libxml/tree.h>

/* Tells it from the page's own main statement: its title, its first headline, a box that alerts, or
 * structured data that call it discontinued. What is sold out may come back, and what is not
 * delivered to one country is offered in others: neither has ended. offers: what structured data
 * say; as long as they offer this listing with pictures, words count for nothing. url: of the page;
 * NULL when it is not known. *out_words: the words that said it, static; NULL for any other page.
 * Ask only of pages that are no wall. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_ended_tell(const xmlDoc *page, const char *url,
                                     const ko_page_offers *offers, const char **out_words);

#endif
