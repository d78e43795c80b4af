/* simd/kernels.h - the kernels by name, for simd.c and for the files that define them;
 * everybody else takes them from the table. */
#ifndef KO_SIMD_KERNELS_H
#define KO_SIMD_KERNELS_H

#include "simd/simd.h"

ko_hamming_scan_fn ko_hamming_scan_scalar, ko_hamming_scan_neon, ko_hamming_scan_avx2,
    ko_hamming_scan_avx512;
ko_hamming_pick_fn ko_hamming_pick_scalar, ko_hamming_pick_neon, ko_hamming_pick_avx2,
    ko_hamming_pick_avx512;
ko_weighted_rows_fn ko_weighted_rows_scalar, ko_weighted_rows_neon, ko_weighted_rows_avx2;
ko_weighted_windows_fn ko_weighted_windows_scalar, ko_weighted_windows_neon,
    ko_weighted_windows_avx2;

#endif
