/* The reference: every pair in full. */
#include "simd/hamming_row.h"
#include "simd/kernels.h"

#include <assert.h>

size_t ko_hamming_scan_scalar(const ko_hamming_rows *rows, ko_hamming_cursor *cursor,
                              const uint64_t *queries, size_t n_queries, unsigned radius_bits,
                              ko_hamming_hit *out, size_t capacity)
{
    assert(capacity >= KO_HAMMING_ROOM && n_queries >= 1 && n_queries <= KO_HAMMING_QUERIES);
    size_t hits = 0;
    for (; cursor->row < rows->n; cursor->row++, cursor->query = 0) {
        const uint64_t *row = rows->rows + KO_HAMMING_WORDS * cursor->row;
        for (; cursor->query < n_queries; cursor->query++) {
            if (capacity - hits < KO_HAMMING_ROOM)
                return hits;
            const unsigned distance =
                ko_hamming_distance(row, queries + KO_HAMMING_WORDS * cursor->query);
            if (distance <= radius_bits)
                out[hits++] = (ko_hamming_hit){.row = (uint32_t)cursor->row,
                                               .query = (uint16_t)cursor->query,
                                               .distance = (uint16_t)distance};
        }
    }
    return hits;
}

size_t ko_hamming_pick_scalar(const uint64_t *rows, const uint32_t *ids, size_t n,
                              const uint64_t *query, unsigned radius_bits, ko_hamming_hit *out)
{
    return ko_hamming_pick(rows, ids, n, query, radius_bits, out);
}
