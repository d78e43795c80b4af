/* case/ledger.h - sellers: what each of them, under all names, offers and was complained about.
 *
 * Names are joined that one listing shows together, that listings had when they were complained
 * about and have now, and that aliases join (store/alias.h). A name that two share makes them one
 * here. A ledger shows the store as it was when it was made. */
#ifndef KO_CASE_LEDGER_H
#define KO_CASE_LEDGER_H

#include "case/identity.h"
#include "case/risk.h"
#include "listing/listing.h"
#include "notice/points.h"
#include "notice/rules.h"

typedef struct ko_ledger_seller {
    const char *place;    /* the marketplace, elsewhere the host of the shop */
    const ko_name *names; /* names, that of most listings first, then numbers of stores, second
                           * codes and licences; of a shop that says no name its host */
    size_t n_names;
    size_t listings;
    int64_t last_seen; /* any of these, seconds since 1970; 0: only notices name it */
    size_t suspects;   /* of these, with a candidate that is open, accepted or unsure */
    size_t accepted;   /* candidates */
    size_t works;      /* that accepted candidates show, or filed notices are about */
    size_t notices;    /* with an item that was filed; the next four are such items, too */
    size_t filed;      /* ever */
    size_t open;       /* now */
    size_t countered;  /* ever */
    size_t removed;    /* ever, unless restored again */
    size_t reappeared; /* times that a removed listing was offered again, and accepted candidates of
                        * a work whose listings were first seen after one of it was removed */
    ko_risk risk;      /* by the last half year */
    const ko_penalty *penalty; /* the rule of the place; NULL: none is known */
    ko_points points;          /* by that rule, for each item that came to be removed */
} ko_ledger_seller;

typedef struct ko_ledger ko_ledger;

/* With the points on a day. rules are borrowed until ko_ledger_free. KO_E_NOMEM, and errors of the
 * database. */
KO_NODISCARD ko_status ko_ledger_make(ko_store *store, const ko_rules *rules, ko_day day,
                                      ko_ledger **out_ledger, ko_error *err);
/* The same with 0 for suspects: telling those takes all candidates, and so far longer than the
 * rest. */
KO_NODISCARD ko_status ko_ledger_make_found(ko_store *store, const ko_rules *rules, ko_day day,
                                            ko_ledger **out_ledger, ko_error *err);
void ko_ledger_free(ko_ledger *ledger); /* NULL is fine */

/* Ranked: by risk, then most removed and accepted first, then most listings. */
size_t ko_ledger_count(const ko_ledger *ledger);
const ko_ledger_seller *ko_ledger_at(const ko_ledger *ledger, size_t rank);
/* Listings that do not tell who sells them. */
size_t ko_ledger_untold(const ko_ledger *ledger);

/* The seller of a listing, or of an item of a notice; NULL: it does not tell, or is new. */
const ko_ledger_seller *ko_ledger_of(const ko_ledger *ledger, const char *platform, const char *url,
                                     const char *id, const char *name);
/* The seller called so by whatever kind of name; place NULL: wherever. KO_E_NOT_FOUND; KO_E_USAGE:
 * there are several, and the text says where. */
KO_NODISCARD ko_status ko_ledger_find(const ko_ledger *ledger, const char *place, const char *name,
                                      const ko_ledger_seller **out_seller, ko_error *err);

#endif
