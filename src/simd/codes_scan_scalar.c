#include "simd/codes_harvest.h"
#include "simd/kernels.h"

void ko_codes_scan_scalar(const ko_codes_block *blocks, size_t n, const uint64_t *query,
                          uint32_t first_slot, const ko_codes_block *next,
                          ko_codes_harvest *harvest)
{
    (void)next;
    ko_codes_scan_words(blocks, n, query, first_slot, harvest);
}
