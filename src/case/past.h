/* case/past.h - complaints that the user made before, as the own sheet tells of them.
 *
 * A row that says when a listing was reported, under which number, or what became of it, becomes
 * an item of a notice, as if it had been filed here: so its listing is in an active notice, or was
 * removed, and counts for its seller and for the user's own standing. Rows with the same number, or
 * without one with the same day, about one work and through one channel, are one notice. */
#ifndef KO_CASE_PAST_H
#define KO_CASE_PAST_H

#include "case/kit.h"
#include "scan/problems.h"
#include "store/notice.h"

/* Who tells what a sheet says (ko_notice_event.who, ko_alias.who). */
#define KO_PAST_WHO "sheet"

typedef struct ko_past_request {
    const ko_kit *kit;
    ko_day today;
    int64_t since;         /* problems are said of listings seen from then on, seconds since 1970:
                              the others were said before */
    ko_problems *problems; /* cells that are not understood, by URL */
} ko_past_request;

typedef struct ko_past_counts {
    size_t rows;                   /* that became items of notices now */
    size_t notices;                /* that they made */
    size_t more;                   /* rows taken before that say more now */
    size_t told[KO_NOTICE_STATES]; /* of all these, what they came to say */
    size_t unknown_works;          /* rows that name no work, or none that is here */
} ko_past_counts;

/* Takes what the remarks that are kept say: notices and their events, and names that are one
 * seller's (store/alias.h). What was taken before is not taken twice, a row that says more since
 * adds it, and what a person told of a notice is not gone back on. One transaction. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_past_take(ko_store *store, const ko_past_request *request,
                                    ko_past_counts *out_counts, ko_error *err);

#endif
