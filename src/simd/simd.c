#include "simd/simd.h"

#include "simd/kernels.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Reading down is reading up the machines: a level that a kernel has no file for keeps
 * the entry of the level below. */
static const ko_simd levels[KO_SIMD_LEVELS] = {
    [KO_SIMD_SCALAR] = {"scalar", ko_hamming_scan_scalar, ko_hamming_pick_scalar,
                        ko_weighted_rows_scalar, ko_weighted_windows_scalar,
                        .parts = {ko_codes_scan_scalar, ko_inner_products_scalar, ko_above_scalar,
                                  ko_rectify_row_scalar, ko_gradient_sums_scalar},
                        .features = {ko_blend_rows_scalar, ko_resample_row_scalar,
                                     ko_gradient_row_scalar, ko_corner_row_scalar,
                                     ko_peaks_row_scalar, ko_tensor_scalar, ko_disc_moment_scalar,
                                     ko_histogram_scalar}},
#if defined(__aarch64__)
    [KO_SIMD_NEON] = {"neon", ko_hamming_scan_neon, ko_hamming_pick_neon, ko_weighted_rows_neon,
                      ko_weighted_windows_neon,
                      .parts = {ko_codes_scan_scalar, ko_inner_products_neon, ko_above_scalar,
                                ko_rectify_row_neon, ko_gradient_sums_neon},
                      .features = {ko_blend_rows_neon, ko_resample_row_neon, ko_gradient_row_neon,
                                   ko_corner_row_neon, ko_peaks_row_neon, ko_tensor_neon,
                                   ko_disc_moment_neon, ko_histogram_neon}},
#elif defined(__x86_64__)
    [KO_SIMD_AVX2] = {"avx2", ko_hamming_scan_avx2, ko_hamming_pick_avx2, ko_weighted_rows_avx2,
                      ko_weighted_windows_avx2,
                      .parts = {ko_codes_scan_avx2, ko_inner_products_avx2, ko_above_scalar,
                                ko_rectify_row_avx2, ko_gradient_sums_avx2},
                      .features = {ko_blend_rows_avx2, ko_resample_row_avx2, ko_gradient_row_avx2,
                                   ko_corner_row_avx2, ko_peaks_row_avx2, ko_tensor_avx2,
                                   ko_disc_moment_avx2, ko_histogram_avx2}},
    [KO_SIMD_AVX512] = {"avx512", ko_hamming_scan_avx512, ko_hamming_pick_avx512,
                        ko_weighted_rows_avx2, ko_weighted_windows_avx2,
                        .parts = {ko_codes_scan_avx512, ko_inner_products_avx512, ko_above_avx512,
                                  ko_rectify_row_avx512, ko_gradient_sums_avx2},
                        .features = {ko_blend_rows_avx2, ko_resample_row_avx2,
                                     ko_gradient_row_avx512, ko_corner_row_avx512,
                                     ko_peaks_row_avx512, ko_tensor_avx2, ko_disc_moment_avx2,
                                     ko_histogram_avx2}},
#endif
};

/* The compiler's test also asks whether the operating system saves the registers. */
static bool machine_has(ko_simd_level level)
{
    switch (level) {
    case KO_SIMD_SCALAR:
        return true;
#if defined(__aarch64__)
    case KO_SIMD_NEON:
        return true;
#elif defined(__x86_64__)
    case KO_SIMD_AVX2:
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("popcnt") &&
               __builtin_cpu_supports("fma");
    case KO_SIMD_AVX512:
        return machine_has(KO_SIMD_AVX2) && __builtin_cpu_supports("avx512f") &&
               __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
               __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vnni") &&
               __builtin_cpu_supports("avx512vpopcntdq");
#endif
    default:
        return false;
    }
}

const ko_simd *ko_simd_at(ko_simd_level level)
{
    return (unsigned)level < KO_SIMD_LEVELS && machine_has(level) ? &levels[level] : NULL;
}

static const ko_simd *chosen;

/* The best level of the machine, or the one asked for; a name that is unknown or out of
 * this machine's reach asks for nothing. */
static void choose(void)
{
    const char *asked = getenv("KO_SIMD");
    for (int level = KO_SIMD_SCALAR; level < KO_SIMD_LEVELS; level++) {
        const ko_simd *table = ko_simd_at((ko_simd_level)level);
        if (!table)
            continue;
        chosen = table;
        if (asked && strcmp(asked, table->name) == 0)
            return;
    }
}

const ko_simd *ko_simd_get(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    (void)pthread_once(&once, choose);
    return chosen;
}
