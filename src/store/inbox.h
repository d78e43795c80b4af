/* store/inbox.h - all candidates in the order in which people look through them, in memory.
 *
 * Work by work, and within a work seller by seller, each best first; but what goes on with an
 * earlier case (store/tie.h) comes before all else, and so do the sellers and works of which such
 * a candidate is open. What a candidate is worth is
 * looked up among its matches (store/candidate.h), which takes a second for 100,000 of them: too
 * long for each page of a list, so the order is made once and kept until a scan changes it.
 * Decisions do not: they are followed one by one. An inbox belongs to no store and may be read by
 * any thread, but not while another one follows. */
#ifndef KO_STORE_INBOX_H
#define KO_STORE_INBOX_H

#include "store/candidate.h"

typedef struct ko_inbox ko_inbox;

/* What shows one work. */
typedef struct ko_inbox_work {
    int64_t id;
    const char *title;
    double best;   /* score */
    bool returned; /* when the list was made, an open one went on with an earlier case */
    size_t n_in[KO_CANDIDATE_STATES];
} ko_inbox_work;

/* One seller, as listings tell: host only without platform, seller_id "" when it is the name that
 * tells sellers apart. */
typedef struct ko_inbox_seller {
    size_t number; /* among the sellers of the inbox, from 0 */
    const char *platform, *host, *seller_id, *seller;
} ko_inbox_seller;

/* What of that one seller offers. */
typedef struct ko_inbox_group {
    const ko_inbox_work *work;
    const ko_inbox_seller *seller;
    double best;   /* score */
    bool returned; /* as of a work */
    size_t n_in[KO_CANDIDATE_STATES];
} ko_inbox_group;

/* Reads all candidates that ko_candidate_each would hand out without a filter. Free *out_inbox
 * with ko_inbox_free. KO_E_STOPPED: the user asked to stop meanwhile. */
KO_NODISCARD ko_status ko_inbox_build(ko_store *store, ko_inbox **out_inbox, ko_error *err);
void ko_inbox_free(ko_inbox *inbox); /* NULL is fine */

/* Takes in what was decided since it was built or followed last, by whatever process. The order
 * stays, so that nothing moves under the eyes of who decides. What such a
 * decision means for other candidates (an allowed seller, a picture that never counts) shows only
 * in an inbox built anew. After an error it is as good as before. */
KO_NODISCARD ko_status ko_inbox_follow(ko_inbox *inbox, ko_store *store, ko_error *err);

/* Candidates in each state. */
void ko_inbox_count(const ko_inbox *inbox, size_t out_n_in[KO_CANDIDATE_STATES]);
/* What shows each work, in no order; borrowed. */
const ko_inbox_work *ko_inbox_works(const ko_inbox *inbox, size_t *out_n);
/* How many sellers there are. */
size_t ko_inbox_sellers(const ko_inbox *inbox);

/* The candidates whose listing's title has the text somewhere, whatever the case of ASCII letters:
 * n ids in ascending order, which the caller frees with ko_free; not NULL where there are none. */
KO_NODISCARD ko_status ko_inbox_titled(ko_store *store, const char *text, int64_t **out_ids,
                                       size_t *out_n, ko_error *err);

typedef struct ko_inbox_filter {
    int64_t work_id;     /* 0: any */
    unsigned states;     /* bits 1 << ko_candidate_state; 0: any */
    const char *seller;  /* name or id; NULL: any */
    bool returned;       /* only those that go on with an earlier case */
    const int64_t *only; /* n_only ids, ascending; NULL: any */
    size_t n_only;
} ko_inbox_filter;

/* A candidate in the list; group is borrowed from the inbox. */
typedef struct ko_inbox_place {
    int64_t id;
    int64_t leader; /* whose picture it shows (store/leader.h); 0: none but its own is known */
    bool returned;  /* it goes on with an earlier case */
    ko_candidate_state state;
    const ko_inbox_group *group;
} ko_inbox_place;

/* Where the candidate stands; false when it is not in the list. */
bool ko_inbox_find(const ko_inbox *inbox, int64_t id, ko_inbox_place *out_place);

/* Writes up to limit of those that the filter lets through, from the one behind candidate after on
 * (0: from the first), to out_places, and their number to *out_n; *out_total is that of all that
 * it lets through. KO_E_NOT_FOUND: there is no candidate after. */
KO_NODISCARD ko_status ko_inbox_page(const ko_inbox *inbox, const ko_inbox_filter *filter,
                                     int64_t after, size_t limit, ko_inbox_place *out_places,
                                     size_t *out_n, size_t *out_total, ko_error *err);

#endif
