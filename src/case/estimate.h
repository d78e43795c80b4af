/* case/estimate.h - what sellers took in for copies, estimated, in money.
 *
 * What a listing asks for, times how many were sold, where the user's own sheet says that (the
 * remark "sold count"). For any other listing the user may state an amount. Currencies are summed
 * apart, and added up only by rates that the user states. Both statements are kept in the store. */
#ifndef KO_CASE_ESTIMATE_H
#define KO_CASE_ESTIMATE_H

#include "base/limits.h"
#include "platform/price.h"
#include "store/store.h"

#define KO_CURRENCY_SIZE 4 /* ISO 4217, and a zero */

typedef struct ko_estimate_rate {
    char currency[KO_CURRENCY_SIZE];
    double rate; /* what one of it is worth in that which all is added up in */
} ko_estimate_rate;

/* What the user states. */
typedef struct ko_estimate_wish {
    double each;                          /* for a listing of which sales are not known */
    char each_currency[KO_CURRENCY_SIZE]; /* "": nothing is stated */
    char into[KO_CURRENCY_SIZE];          /* all is added up in; "": nothing is added up */
    ko_estimate_rate rates[KO_MAX_ESTIMATE_RATES];
    size_t n_rates;
} ko_estimate_wish;

KO_NODISCARD ko_status ko_estimate_wish_read(ko_store *store, ko_estimate_wish *out_wish,
                                             ko_error *err);
/* "25 EUR"; "" states nothing any more. KO_E_USAGE: no amount, or no currency with it. */
KO_NODISCARD ko_status ko_estimate_set_each(ko_store *store, const char *text, ko_error *err);
/* "EUR USD=0.92 GBP=1.17": one USD is 0.92 EUR; "" states nothing any more. KO_E_USAGE. */
KO_NODISCARD ko_status ko_estimate_set_rates(ko_store *store, const char *text, ko_error *err);

typedef struct ko_estimate_sum {
    char currency[KO_CURRENCY_SIZE];
    double amount;
    size_t by_sold; /* listings that it is price times sold of */
    size_t by_each; /* and those that count as stated */
} ko_estimate_sum;

/* Zeroed to begin with, but for the wish. */
typedef struct ko_estimate {
    ko_estimate_wish wish;
    ko_estimate_sum *sums; /* by currency as they came */
    size_t n_sums, capacity;
    size_t listings;    /* that were looked at */
    size_t not_counted; /* of these: not known, and nothing stated */
    double total;       /* in wish.into, of all sums that have a rate */
    size_t n_left_out;  /* sums that have none */
} ko_estimate;

/* Looks at one listing: price NULL or sold negative are not known. Of a range the lower end counts.
 * KO_E_NOMEM. */
KO_NODISCARD ko_status ko_estimate_add(ko_estimate *estimate, const ko_price *price, double sold,
                                       ko_error *err);
/* Counts what is stated, and adds up. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_estimate_settle(ko_estimate *estimate, ko_error *err);
/* What one of a currency is worth in wish->into; 0: not stated. */
double ko_estimate_rate_of(const ko_estimate_wish *wish, const char *currency);
void ko_estimate_free(ko_estimate *estimate);

/* How many were sold by a cell such as "1,200", "500+" (at least), "1.2k" or "30 sold"; false when
 * it is no count. */
bool ko_sold_read(const char *text, double *out_sold);

#endif
