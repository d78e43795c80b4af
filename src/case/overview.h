/* case/overview.h - how it goes: what was found, filed and removed, and by whom it was offered.
 *
 * A find is a listing that shows a work: an accepted candidate, or a listing that was complained
 * about. It was found on the day on which its candidate was queued, or it was filed, if that came
 * first. A listing is filed, and removed, each time that this was told of it (store/notice.h); a
 * removal counts no more once a counter-notice brought the listing back. Days are the user's. */
#ifndef KO_CASE_OVERVIEW_H
#define KO_CASE_OVERVIEW_H

#include "base/day.h"
#include "base/texts.h"
#include "case/estimate.h"
#include "case/kit.h"
#include "case/ledger.h"

#include <jansson.h>

/* From Monday to Sunday (ISO 8601). */
typedef struct ko_overview_week {
    ko_day from;
    size_t found, filed, removed;
} ko_overview_week;

/* Since the beginning. */
typedef struct ko_overview_counts {
    size_t found, filed, removed;
    size_t open; /* listings that are filed and not decided */
    /* From filing to removal, the day in the middle of all that are known: n_days of them. */
    double median_days;
    size_t n_days;
} ko_overview_counts;

typedef struct ko_overview_platform {
    const char *name; /* "": sites that are no marketplace we know */
    ko_overview_counts counts;
} ko_overview_platform;

typedef struct ko_overview_seller {
    const ko_ledger_seller *seller;
    size_t found;
} ko_overview_seller;

typedef struct ko_overview {
    ko_overview_week *weeks; /* the last one is that of the day */
    size_t n_weeks;
    ko_overview_counts all;
    size_t reappeared;               /* as ko_ledger_seller has it, of all sellers and of none */
    ko_overview_platform *platforms; /* most finds first */
    size_t n_platforms;
    size_t n_sellers;            /* with a find, as far as listings tell who sells them */
    size_t n_repeat;             /* of these, with two or more */
    ko_overview_seller *sellers; /* that are such, most finds first, KO_MAX_OVERVIEW_SELLERS */
    size_t n_named;
    ko_estimate estimate;
    ko_ledger *ledger;
    ko_texts texts;
} ko_overview;

/* As of a day, with so many weeks, 1 to KO_MAX_OVERVIEW_WEEKS. KO_E_NOMEM, and what the store says.
 * The kit must outlive it. Free with ko_overview_free, also after an error. */
KO_NODISCARD ko_status ko_overview_read(ko_store *store, const ko_kit *kit, ko_day day,
                                        size_t weeks, ko_overview *out_overview, ko_error *err);
void ko_overview_free(ko_overview *overview); /* zeroed ones are fine */

/* "2026-W47" of any day of it (ISO 8601). */
#define KO_WEEK_TEXT_SIZE 16
void ko_week_text(ko_day day, char out[KO_WEEK_TEXT_SIZE]);

/* All of it as a new object; NULL when there is no memory:
 * {"weeks": [{"week", "from", "found", "filed", "removed"}], "total": counts, "reappeared",
 * "sellers", "repeat_sellers", "repeat": [{"on", "seller", "found", "removed", "reappeared"}],
 * "platforms": [{"platform": name or null} and counts], "money": {...}}, counts being "found",
 * "filed", "open", "removed", "median_days" (or null) and "median_of"; money is {"estimate": true,
 * "listings", "not_counted", "sums": [{"currency", "amount", "by_price_and_sold", "by_statement"}],
 * "per_listing": {"amount", "currency"} or null, "rates": {"into", "worth": {currency: number}} or
 * null, "together": {"currency", "amount", "left_out": [currencies]} or null}. */
json_t *ko_overview_json(const ko_overview *overview);

#endif
