/* case/due.h - what is due or awaited, by when and from whom.
 *
 * Each notice goes the steps of its channel (notice/rules.h). Their times run from what was told
 * of its listings (store/notice.h): those that came to one state on one day have one clock. */
#ifndef KO_CASE_DUE_H
#define KO_CASE_DUE_H

#include "base/texts.h"
#include "case/kit.h"
#include "store/notice.h"

/* What a duty says of its notice. */
typedef struct ko_duty_notice {
    int64_t id;
    const char *serial, *work_title, *ref, *folder, *channel_id;
    const ko_channel *channel; /* NULL: the rules have it no more */
    ko_day filed_on;           /* last; meaningful of notices that are filed */
    size_t n_items;
} ko_duty_notice;

/* One thing that somebody has to do, or is expected to. */
typedef struct ko_duty {
    const ko_duty_notice *notice;
    const ko_step *step;   /* NULL: there is no day for it; a packet is to be filed, or an answer
                              will come some day */
    ko_step_who who;       /* KO_WHO_HOLDER: the user */
    ko_notice_state state; /* of the listings that it is about */
    ko_day since;          /* they are in it */
    size_t n_items;
    size_t nth;       /* 2: the second clock of this step in the notice */
    ko_deadline when; /* with a step */
    bool overdue;     /* its last day is over */
} ko_duty;

typedef struct ko_duties {
    ko_duty *duties; /* by last day, the user's own first, then by channel, step and notice; those
                        without a day at last */
    size_t n;
    size_t n_others; /* of others, not asked for */
    ko_duty_notice *notices;
    size_t n_notices;
    ko_texts texts;
} ko_duties;

typedef struct ko_duties_request {
    ko_day day;        /* that it is for the user */
    int64_t at;        /* the moment, seconds since 1970, by which days end where the platform is;
                          0: they end with the user's */
    int64_t notice_id; /* only of this notice; 0: of any */
    bool all;          /* also what others owe */
    int within_days;   /* only dates up to so many days on; -1: any. What has no date stays */
} ko_duties_request;

/* The kit must outlive the duties. KO_E_NOT_FOUND: no such notice. KO_E_NOMEM, and what the store
 * says. Free with ko_duties_free, also after an error. */
KO_NODISCARD ko_status ko_duties_find(ko_store *store, const ko_kit *kit,
                                      const ko_duties_request *request, ko_duties *out_duties,
                                      ko_error *err);
void ko_duties_free(ko_duties *duties); /* zeroed ones are fine */

/* What is to be done, in words; borrowed. */
const char *ko_duty_words(const ko_duty *duty);
/* The page where it is done; "" when it is none. Borrowed. */
const char *ko_duty_url(const ko_duty *duty);

/* How many duties from that place on are one thing to do: the same step by the same day, in notices
 * of one channel. Counter-notices are answered one by one. At least 1. */
size_t ko_duties_alike(const ko_duties *duties, size_t place);

/* Appends the numbers of the notices of n duties from that place on, as "1-4, 7". KO_E_NOMEM. */
KO_NODISCARD ko_status ko_duties_numbers(const ko_duties *duties, size_t place, size_t n,
                                         ko_buf *out);

/* Appends those that have a day to an empty out as iCalendar (notice/calendar.h); written_at is
 * seconds since 1970. What is alike is one date. The answer to a counter-notice keeps its UID when
 * its day changes. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_duties_calendar(const ko_duties *duties, int64_t written_at, ko_buf *out,
                                          ko_error *err);

#endif
