/* case/identity.h - which names are one seller's.
 *
 * A mention is what something says of a seller in one place: a listing its number of the store and
 * its name, an alias two names. Mentions that share a name of a kind in a place are one seller, and
 * so are all that hang together like that. */
#ifndef KO_CASE_IDENTITY_H
#define KO_CASE_IDENTITY_H

#include "store/alias.h"
#include "store/notice.h"
#include "store/seller.h"

typedef struct ko_name {
    ko_alias_kind kind;
    const char *text; /* "" says nothing */
} ko_name;

typedef struct ko_identity {
    char *place;
    ko_alias_kind kind;
    char *text;
    size_t weight;  /* of all mentions of it */
    size_t mention; /* one of them */
    size_t seller;  /* from 0; once settled */
} ko_identity;

/* Zeroed to begin with. */
typedef struct ko_identities {
    ko_identity *names; /* once settled each once, by place, kind and text */
    size_t n, capacity;
    size_t *seller_of; /* of each mention, once settled */
    size_t n_mentions, n_sellers;
} ko_identities;

/* Adds a mention with at least one name, which so many listings say; mentions are numbered from 0
 * as they come. KO_E_NOMEM, also of the next. */
KO_NODISCARD ko_status ko_identities_add(ko_identities *ids, const char *place,
                                         const ko_name *names, size_t n, size_t weight,
                                         ko_error *err);
/* The names that tell a seller, which a mention of it is made of. */
#define KO_SELLER_NAMES 3
size_t ko_seller_names(const ko_seller *seller, ko_name out_names[KO_SELLER_NAMES]);
/* Adds a mention of what an item of a notice that tells a seller said then, and another one of that
 * and what its listing says now. Errors of the database as well. */
KO_NODISCARD ko_status ko_identities_add_item(ko_identities *ids, ko_store *store,
                                              const ko_notice_item *item, const ko_seller *told,
                                              ko_error *err);
KO_NODISCARD ko_status ko_identities_add_alias(ko_identities *ids, const ko_alias *alias,
                                               ko_error *err);

/* Adds all that the store tells, of listings, items and aliases, and settles. */
KO_NODISCARD ko_status ko_identities_read(ko_identities *ids, ko_store *store, ko_error *err);

/* Tells who is who, when all is added. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_identities_settle(ko_identities *ids, ko_error *err);

/* The seller of a name in a place, of settled ones; SIZE_MAX when there is none. */
size_t ko_identities_find(const ko_identities *ids, const char *place, ko_alias_kind kind,
                          const char *text);
/* The same by whatever name of it is known. */
size_t ko_identities_seller(const ko_identities *ids, const ko_seller *told);
void ko_identities_free(ko_identities *ids);

#endif
