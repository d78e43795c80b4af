/* store/alias.h - names that are known to be one seller's.
 *
 * Sellers hide behind several: a shop's name, the number of the store, a second code of the
 * platform, the name on the business licence. An alias joins two of them on one platform. */
#ifndef KO_STORE_ALIAS_H
#define KO_STORE_ALIAS_H

#include "store/store.h"

typedef enum ko_alias_kind {
    KO_ALIAS_NAME = 0, /* as listings show it */
    KO_ALIAS_STORE,    /* number or id of the store, as listings link it */
    KO_ALIAS_CODE,     /* the platform's second code */
    KO_ALIAS_LICENCE,  /* name on the business licence */
    KO_ALIAS_KINDS
} ko_alias_kind;

/* "name", "store", "code", "licence". */
const char *ko_alias_kind_name(ko_alias_kind kind);
KO_NODISCARD ko_status ko_alias_kind_find(const char *name, ko_alias_kind *out_kind, ko_error *err);

typedef struct ko_alias {
    int64_t id;
    const char *platform; /* or the host of a shop of its own */
    ko_alias_kind kind[2];
    const char *text[2];
    const char *who; /* added it; "sheet" when a sheet named both in one row */
    int64_t at;
} ko_alias;

/* Joins two names, in whatever order (at is set here). *out_id is 0 when an alias joins these two
 * already. KO_E_USAGE: both are the same, or one is empty. */
KO_NODISCARD ko_status ko_alias_add(ko_store *store, const ko_alias *alias, int64_t *out_id,
                                    ko_error *err);
/* KO_E_NOT_FOUND. */
KO_NODISCARD ko_status ko_alias_remove(ko_store *store, int64_t id, ko_error *err);

typedef ko_status ko_alias_fn(void *context, const ko_alias *alias);
/* In order of id. */
KO_NODISCARD ko_status ko_alias_each(ko_store *store, ko_alias_fn *fn, void *context,
                                     ko_error *err);

#endif
