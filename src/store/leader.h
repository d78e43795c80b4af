/* store/leader.h - which candidates show one picture, and are one decision.
 *
 * Each candidate has a leader: the first one of the same work whose picture is the same as its own
 * (store/alike.h), itself when none came before. Those with one leader are a cluster; all of it
 * are like the leader, not each like each other. Leaders are told when candidates are sorted
 * (case/sort.h), by the picture that they then were about, and stay. */
#ifndef KO_STORE_LEADER_H
#define KO_STORE_LEADER_H

#include "store/alike.h"

/* A candidate without leader. */
typedef struct ko_unsorted {
    int64_t id, work_id, listing_id;
    int64_t found_at, last_seen; /* seconds since 1970; the listing's */
    const char *platform, *url, *seller, *seller_id;
    ko_traits picture; /* its best photo */
} ko_unsorted;

/* The last one's number; 0: all are sorted. */
KO_NODISCARD ko_status ko_unsorted_last(ko_store *store, int64_t *out_id, ko_error *err);

typedef ko_status ko_unsorted_fn(void *context, const ko_unsorted *candidate);
/* Those with after < id <= up_to, in order of id, at most limit of them. */
KO_NODISCARD ko_status ko_unsorted_each(ko_store *store, int64_t after, int64_t up_to, size_t limit,
                                        ko_unsorted_fn *fn, void *context, ko_error *err);

typedef ko_status ko_leader_fn(void *context, int64_t candidate_id, const ko_traits *picture);
/* The leaders of a work, with the picture that they were sorted by, in order of id. */
KO_NODISCARD ko_status ko_leader_each(ko_store *store, int64_t work_id, ko_leader_fn *fn,
                                      void *context, ko_error *err);

/* 0: it has none yet, or is not there. */
KO_NODISCARD ko_status ko_leader_of(ko_store *store, int64_t candidate_id, int64_t *out_leader,
                                    ko_error *err);
/* A photo told it; 0: none that can be read. *out_set is false when it has one already. */
KO_NODISCARD ko_status ko_leader_set(ko_store *store, int64_t candidate_id, int64_t leader,
                                     int64_t photo_id, bool *out_set, ko_error *err);

/* photo_id: by which it was sorted, and about which it need not be any more. */
typedef ko_status ko_cluster_fn(void *context, int64_t candidate_id, int64_t photo_id);
/* All candidates of the cluster that a candidate is in, in order of id; none of one that is not
 * sorted yet. */
KO_NODISCARD ko_status ko_cluster_each(ko_store *store, int64_t candidate_id, ko_cluster_fn *fn,
                                       void *context, ko_error *err);

#endif
