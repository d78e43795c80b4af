/* knockoff/match.h - which fingerprints lie near which, and what that is worth.
 *
 * An index is an immutable set of fingerprints in memory, searched exactly: the answer
 * equals comparing every pair. It is built once and read by any number of threads.
 * A score is -log10 of the expected number of false candidates for one listing photo
 * against the whole collection of works (a-contrario; Desolneux, Moisan and Morel,
 * "From Gestalt Theory to Image Analysis", 2008): 6 means one in a million photos. */
#ifndef KNOCKOFF_MATCH_H
#define KNOCKOFF_MATCH_H

#include <knockoff/fingerprint.h>
#include <knockoff/status.h>

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define KO_SCORE_DEFAULT 6.0

/* One pair at or below the radius. */
typedef struct ko_hit {
    uint32_t query;    /* index into the queries */
    uint32_t row;      /* index into the fingerprints that the index was built from */
    uint16_t distance; /* bits */
} ko_hit;

typedef struct ko_index ko_index;

/* Copies n fingerprints (n may be 0, at most 2^32 - 1) into an index.
 * KO_E_LIMIT, KO_E_NOMEM. */
KO_API KO_NODISCARD ko_status ko_index_build(const ko_fp *fps, size_t n, ko_index **out_index,
                                             ko_error *err);

/* Makes an index quick for queries that come one by one or a few at a time, and at small
 * radii for any: a lookup then reads thousands of rows where a scan reads all. Costs 50 to
 * 115 bytes a fingerprint beside the 64 that the index has, and as much time as about a
 * thousand single scans, so it pays for an index of hundreds of thousands that is searched
 * for long. Not while other threads search. Does nothing when done before. KO_E_NOMEM
 * leaves the index as it was. */
KO_API KO_NODISCARD ko_status ko_index_prepare(ko_index *index, ko_error *err);

/* Receives some hits; a return other than KO_OK ends the search with it. */
typedef ko_status ko_hit_fn(void *context, const ko_hit *hits, size_t n);

/* Calls fn with every pair (query, row) at distance <= radius_bits, each once, ordered by
 * query and then by row, many in one call. Queries are best given 256 at a time: fewer
 * cost more each. Lookup or scan is chosen by what it will cost. One search runs on one
 * thread; several threads may search one index at once, each its share of the queries.
 * radius_bits is at most 256. KO_E_NOMEM, or what fn returned. */
KO_API KO_NODISCARD ko_status ko_index_search(const ko_index *index, const ko_fp *queries,
                                              size_t n_queries, unsigned radius_bits, ko_hit_fn *fn,
                                              void *context, ko_error *err);

KO_API size_t ko_index_count(const ko_index *index);
KO_API size_t ko_index_bytes(const ko_index *index); /* memory held */
KO_API void ko_index_free(ko_index *index);          /* NULL is fine */

/* Score of a whole-picture match at distance_bits, when each photo is compared with
 * n_fingerprints fingerprints of works. */
KO_API double ko_score_whole(unsigned distance_bits, size_t n_fingerprints);

/* The largest distance whose score still reaches the threshold; -1 when none does. */
KO_API int ko_score_whole_radius(double threshold, size_t n_fingerprints);

#ifdef __cplusplus
}
#endif
#endif
