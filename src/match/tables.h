/* match/tables.h - multi-index hashing: a few random reads instead of a scan.
 *
 * The 256 bits are cut into substrings, and each has a table from its value to the rows
 * that have it. Two fingerprints within a radius are close in at least one substring
 * (pigeonhole), so looking up the close values of every substring finds every row
 * (Norouzi, Punjani and Fleet, "Fast exact search in Hamming space with multi-index
 * hashing", 2014). The radii of the substrings need not be equal, only add up (Qin et
 * al., "GPH: similarity search in Hamming space", 2018, theorem 1), which lets twelve
 * tables do what takes sixteen otherwise. */
#ifndef KO_MATCH_TABLES_H
#define KO_MATCH_TABLES_H

#include "base/status.h"
#include "simd/simd.h"

#include <knockoff/fingerprint.h>

#include <stdbool.h>

typedef struct ko_tables ko_tables;

#define KO_TABLES_MAX 16

/* How many substrings n rows are best cut into. */
unsigned ko_tables_count(size_t n);

/* Builds the tables of n (1..2^32 - 1) rows, which are borrowed until ko_tables_free.
 * n_tables is 12..KO_TABLES_MAX. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_tables_build(const ko_fp *rows, size_t n, unsigned n_tables,
                                       ko_tables **out_tables, ko_error *err);

/* How to look up at one radius, and what to expect of it. */
typedef struct ko_tables_plan {
    int radius[KO_TABLES_MAX]; /* per substring; -1: not looked at */
    double reads;              /* random reads from memory, if bits were independent */
} ko_tables_plan;

ko_tables_plan ko_tables_plan_for(const ko_tables *tables, unsigned radius_bits);

/* Writes to out the rows within radius_bits of the query, ordered by row, each once.
 * False when it would take more than max_reads random reads, or when the capacity hits
 * that out holds (at least 1) are too few: then out has nothing of use. */
bool ko_tables_find(const ko_tables *tables, const ko_tables_plan *plan, const ko_fp *query,
                    unsigned radius_bits, size_t max_reads, ko_hamming_hit *out, size_t capacity,
                    size_t *out_n);

size_t ko_tables_bytes(const ko_tables *tables);
void ko_tables_free(ko_tables *tables); /* NULL is fine */

#endif
