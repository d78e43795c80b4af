/* serve/live.h - what the database holds now, for all who look at the page: the list of candidates,
 * some figures, and word of it when they change.
 *
 * One thread keeps it up to date; any may read. Whoever waits for changes is let go when it
 * closes. */
#ifndef KO_SERVE_LIVE_H
#define KO_SERVE_LIVE_H

#include "store/inbox.h"

typedef struct ko_live ko_live;

typedef struct ko_live_counts {
    int64_t version; /* from 1 on; grows whenever there is something new to be told */
    int64_t works, listings, notices_open;
    size_t candidates[KO_CANDIDATE_STATES];
} ko_live_counts;

/* Opens the database and reads what is in it. Close with ko_live_close. */
KO_NODISCARD ko_status ko_live_open(const char *path, ko_live **out_live, ko_error *err);
/* Not before all who wait have come back from ko_live_wait. */
void ko_live_close(ko_live *live); /* NULL is fine */

/* Takes in what others changed since. To be called several times a second, by one thread; it takes
 * a second when a large list has to be made anew, which it sees to be seldom. KO_E_STOPPED. */
KO_NODISCARD ko_status ko_live_refresh(ko_live *live, ko_error *err);

ko_live_counts ko_live_count(ko_live *live);

/* Waits until the version is another one than that of *counts, which then is new, or for
 * timeout_ms, or until ko_live_stop. False when it is stopped. */
bool ko_live_wait(ko_live *live, int timeout_ms, ko_live_counts *counts);
/* Something else changed that those who wait are told: the version grows. */
void ko_live_touch(ko_live *live);
void ko_live_stop(ko_live *live);

/* The list, with all that was decided up to now, as store tells. While it is lent nobody else has
 * it, so be quick. Give it back with ko_live_give, unless there was an error. */
KO_NODISCARD ko_status ko_live_take(ko_live *live, ko_store *store, const ko_inbox **out_inbox,
                                    ko_error *err);
void ko_live_give(ko_live *live);

#endif
