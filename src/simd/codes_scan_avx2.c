/* Compiled for machines that count bits in one instruction. */
#include "simd/codes_row.h"
#include "simd/kernels.h"

size_t ko_codes_scan_avx2(const ko_codes_block *blocks, size_t n, const uint64_t *query,
                          uint32_t radius, uint32_t first_slot, const ko_codes_block *next,
                          ko_codes_hit *hits)
{
    __builtin_prefetch(next);
    return ko_codes_scan_row(blocks, n, query, radius, first_slot, hits);
}
