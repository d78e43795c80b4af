/* case/offers.h - what one seller of the ledger offers, and what is known of each listing. */
#ifndef KO_CASE_OFFERS_H
#define KO_CASE_OFFERS_H

#include "case/ledger.h"
#include "store/work.h"

#include <jansson.h>

/* That a listing shows a work, or that a notice names it. */
typedef struct ko_offer_trace {
    int64_t listing_id;        /* 0: of a notice, and not known */
    int64_t candidate, notice; /* one of them is 0 */
    int64_t work_id;           /* of a candidate */
    char serial[KO_SERIAL_SIZE];
    const char *state; /* its name */
    ko_day on;         /* of a notice: it came to be so */
    char *url;         /* of a notice */
    size_t order;      /* of those of one listing */
} ko_offer_trace;

typedef struct ko_offer {
    int64_t listing_id; /* 0: only a notice of a sheet names it */
    const char *url, *title;
    int64_t first_seen, last_seen; /* seconds since 1970; 0 of what only a notice names */
    const ko_offer_trace *traces;  /* candidates first, each in order of its number */
    size_t n_traces;
} ko_offer;

typedef ko_status ko_offer_fn(void *context, const ko_offer *offer);

/* Hands out the offers of a seller: those that only a notice names, then all others in order of
 * their listings. KO_E_NOMEM, errors of the database, and what fn says. */
KO_NODISCARD ko_status ko_offers_each(ko_store *store, const ko_ledger *ledger,
                                      const ko_ledger_seller *seller, ko_offer_fn *fn,
                                      void *context, ko_error *err);

/* {"url", "title", "first_seen", "candidates": [{"candidate", "serial", "state"}], "notices":
 * [{"notice", "state", "on"}]}, new; NULL when there is no memory. */
json_t *ko_offer_json(const ko_offer *offer);

#endif
