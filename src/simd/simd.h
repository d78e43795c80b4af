/* simd/simd.h - the hot loops of the program, one table, filled for the machine at hand.
 *
 * Each kernel's contract stands here, on its type, once; simd.c fills the table with the
 * scalar reference first and then with what the machine has. KO_SIMD=scalar, avx2, avx512
 * or neon in the environment asks for a lower level than the best. */
#ifndef KO_SIMD_SIMD_H
#define KO_SIMD_SIMD_H

#include <stddef.h>
#include <stdint.h>

/* Writes to out[0..n) the distance in bits of probe (4 words) to each of n rows of 4
 * words. rows need only 8-byte alignment; n may be 0; nothing past out[n-1] is touched. */
typedef void ko_hamming256_fn(const uint64_t *probe, const uint64_t *rows, size_t n, uint16_t *out);

typedef enum ko_simd_level {
    KO_SIMD_SCALAR = 0,
    KO_SIMD_NEON,
    KO_SIMD_AVX2,
    KO_SIMD_AVX512, /* F, BW, DQ, VL and VPOPCNTDQ */
    KO_SIMD_LEVELS
} ko_simd_level;

typedef struct ko_simd {
    const char *name; /* "scalar", "neon", "avx2", "avx512" */
    ko_hamming256_fn *hamming256;
} ko_simd;

/* The table of this machine, chosen once; any thread may call. */
const ko_simd *ko_simd_get(void);

/* The table of one level, or NULL when this machine or this build has not got it: for
 * tests and benchmarks, which hold every level against the scalar one. */
const ko_simd *ko_simd_at(ko_simd_level level);

#endif
