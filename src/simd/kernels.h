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
ko_codes_scan_fn ko_codes_scan_scalar, ko_codes_scan_avx2, ko_codes_scan_avx512;
ko_inner_products_fn ko_inner_products_scalar, ko_inner_products_neon, ko_inner_products_avx2,
    ko_inner_products_avx512;
ko_above_fn ko_above_scalar, ko_above_avx512;
ko_rectify_row_fn ko_rectify_row_scalar, ko_rectify_row_neon, ko_rectify_row_avx2,
    ko_rectify_row_avx512;
ko_gradient_sums_fn ko_gradient_sums_scalar, ko_gradient_sums_neon, ko_gradient_sums_avx2;
ko_blend_rows_fn ko_blend_rows_scalar, ko_blend_rows_neon, ko_blend_rows_avx2;
ko_resample_row_fn ko_resample_row_scalar, ko_resample_row_neon, ko_resample_row_avx2;
ko_gradient_row_fn ko_gradient_row_scalar, ko_gradient_row_neon, ko_gradient_row_avx2,
    ko_gradient_row_avx512;
ko_corner_row_fn ko_corner_row_scalar, ko_corner_row_neon, ko_corner_row_avx2, ko_corner_row_avx512;
ko_peaks_row_fn ko_peaks_row_scalar, ko_peaks_row_neon, ko_peaks_row_avx2, ko_peaks_row_avx512;
ko_tensor_fn ko_tensor_scalar, ko_tensor_neon, ko_tensor_avx2;
ko_disc_moment_fn ko_disc_moment_scalar, ko_disc_moment_neon, ko_disc_moment_avx2;
ko_histogram_fn ko_histogram_scalar, ko_histogram_neon, ko_histogram_avx2;

#endif
