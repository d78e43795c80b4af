/* page/evidence.h - does a page sell something, or only speak of it? */
#ifndef KO_PAGE_EVIDENCE_H
#define KO_PAGE_EVIDENCE_H

#include "page/offer.h"

#include <libxml/tree.h>

/* What was found on a page before the question is asked. */
typedef struct ko_evidence {
    const xmlDoc *page;
    const char *url;            /* of the page, NULL when it is not known */
    const ko_page_offer *offer; /* the fullest offer read from it */
    bool offered;               /* its price is from structured data */
    bool described;             /* structured data call something on it a product */
    bool marked;                /* its meta elements say that it is about a product */
} ko_evidence;

/* True when a page offers goods for sale. Articles, profiles, results of searches and homes to
 * let may name products and prices, too: what speaks for goods is weighed against what speaks
 * for these. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_evidence_weigh(const ko_evidence *evidence, bool *out_sells);

/* True when a button or form of the page puts something into a cart. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_evidence_has_cart(const xmlDoc *page, bool *out_has);

#endif
