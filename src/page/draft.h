/* page/draft.h - offers being put together from what a page says for machines.
 *
 * JSON-LD and microdata say the same in two notations; both write here. The first failure is
 * kept in status, and all that comes after it does nothing. */
#ifndef KO_PAGE_DRAFT_H
#define KO_PAGE_DRAFT_H

#include "page/offer.h"

typedef struct ko_draft {
    ko_page_offers *offers;
    const ko_web_base *base;
    ko_status status;
} ko_draft;

/* The next offer to write to; NULL after a failure, or when there are KO_MAX_PAGE_OFFERS. */
ko_page_offer *ko_draft_begin(ko_draft *draft);
/* Takes the last offer in: into the same product read before, or as one of its own. One that
 * says nothing is dropped. */
void ko_draft_settle(ko_draft *draft);

/* As ko_offer_set and ko_offer_add_image. */
void ko_draft_set(ko_draft *draft, ko_page_offer *offer, ko_offer_field field, const char *text);
void ko_draft_image(ko_draft *draft, ko_page_offer *offer, const char *url);
/* One price beside those that are known: the range goes from the lowest to the highest. Either
 * may be NULL. */
void ko_draft_price(ko_draft *draft, ko_page_offer *offer, const char *low, const char *high);

/* True when type, a name or its address, is one of these; and the types of schema.org that are
 * sold. Lists end with NULL. */
bool ko_draft_names(const char *type, const char *const *names);
extern const char *const ko_draft_products[];

#endif
