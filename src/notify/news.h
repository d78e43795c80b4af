/* notify/news.h - what is new since the last digest.
 *
 * Only what changed is news, and once. Finds are told by work, not by listing: a line for each work
 * says how many decisions wait. Those that go on with an earlier case stand apart. Dates of the
 * user's own are told when they come within three days and once more on their last day. Of a source
 * or a site that cannot be looked at the begin of the trouble is told, and not again within days
 * when it comes and goes. */
#ifndef KO_NOTIFY_NEWS_H
#define KO_NOTIFY_NEWS_H

#include "base/day.h"
#include "base/texts.h"
#include "case/kit.h"
#include "store/outbox.h"

/* In the order in which they are told. */
typedef enum ko_news_kind {
    KO_NEWS_DUE = 0,    /* a date of the user's own */
    KO_NEWS_RETURNED,   /* finds that go on with an earlier case */
    KO_NEWS_FIND,       /* other finds */
    KO_NEWS_REAPPEARED, /* listings that were removed and are back */
    KO_NEWS_REMOVED,
    KO_NEWS_CHANGED, /* listings that show another picture now */
    KO_NEWS_HELD,    /* far more finds than expected, held back */
    KO_NEWS_WALL,    /* a site that does not let us look at listings again */
    KO_NEWS_SOURCE,  /* a source that is blocked or fails */
    KO_NEWS_KINDS
} ko_news_kind;

/* Texts are clean, and cut to KO_MAX_DIGEST_NAME characters. */
typedef struct ko_news_item {
    ko_news_kind kind;
    int64_t id;          /* of the work, notice, hold or source; 0 */
    const char *name;    /* a work's title, a site, a source, a channel of notices */
    const char *serial;  /* of the work; "" */
    const char *text;    /* what is to be done, or what is wrong; "" */
    const char *notices; /* their numbers, "1-4, 7"; "" */
    size_t finds;        /* decisions that wait */
    size_t listings, sellers;
    double best; /* score; 0 */
    ko_day day;  /* last day of a date, or on which it happened; meaningful when has_day */
    bool has_day, overdue;
} ko_news_item;

typedef struct ko_news {
    ko_news_item *items; /* by kind, each in the order in which they are told */
    size_t n, capacity;
    bool urgent; /* a date that does not wait for the next digest */
    /* What is noted with the digest, or when there is no news, alone. */
    ko_told *facts;
    size_t n_facts, facts_capacity;
    int64_t *candidates;
    size_t n_candidates, candidates_capacity;
    int64_t next_at; /* when the next date may become news, seconds since 1970; 0: there is none */
    ko_texts texts;
} ko_news;

/* Nothing is written. Errors of the database, KO_E_NOMEM. Free with ko_news_free, also after an
 * error. */
KO_NODISCARD ko_status ko_news_gather(ko_store *store, const ko_kit *kit, int64_t now,
                                      ko_news *out_news, ko_error *err);
/* Only the dates: quick. */
KO_NODISCARD ko_status ko_news_gather_dates(ko_store *store, const ko_kit *kit, int64_t now,
                                            ko_news *out_news, ko_error *err);
void ko_news_free(ko_news *news); /* zeroed ones are fine */

#endif
