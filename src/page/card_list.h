/* page/card_list.h - the listings that a page shows, each once. Only page/cards.c and the two
 * readers that it asks know this. */
#ifndef KO_PAGE_CARD_LIST_H
#define KO_PAGE_CARD_LIST_H

#include "page/offer.h"
#include "platform/canonical.h"

#include <libxml/tree.h>

#define KO_CARDS_MIN 3u /* make a list: two neighbours stand on many a page */

typedef struct ko_card_list {
    const char *platform;
    const ko_web_base *base;
    ko_page_offers offers;
    char (*keys)[KO_CANONICAL_KEY_SIZE]; /* of each offer's listing */
    size_t keys_capacity;
    size_t n_pictured; /* offers that had a picture when they were added */
} ko_card_list;

/* Which listing of the platform an address leads to. KO_E_NOT_FOUND: to none. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_card_identify(const ko_card_list *list, const char *address,
                                        ko_canonical *out_listing);

/* Adds a card, or what it says beyond one of the same key (ko_canonical_key) that is there already.
 * url is its canonical URL. The card is emptied, also on failure. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_card_add(ko_card_list *list, const char *key, const char *url,
                                   ko_page_offer *card);

void ko_card_list_clear(ko_card_list *list); /* frees all; zeroed ones are fine */

/* Adds what the page shows as cards. Nothing when its own text outweighs theirs: then it is an
 * article. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_cards_shown(const xmlDoc *doc, ko_card_list *list);

/* Adds what lists in the state of the page's scripts describe. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_cards_state(const xmlDoc *doc, ko_card_list *list);

#endif
