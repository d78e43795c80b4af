/* Columns first, into two short buffers that stay in the nearest cache: each column's
 * smoothed grey and its difference serve the five pixels around it. */
#include "simd/kernels.h"

#include <immintrin.h>

#define LANES 16
#define CHUNK 256 /* pixels at a time */
#define REACH 2

typedef struct columns {
    int16_t smooth[CHUNK + LANES], differ[CHUNK + LANES];
} columns;

static inline __m256i load(const int16_t *v)
{
    return _mm256_loadu_si256((const void *)v);
}

static inline __m256i widen(const uint8_t *px)
{
    return _mm256_cvtepu8_epi16(_mm_loadu_si128((const void *)px));
}

static inline __m256i add(__m256i a, __m256i b)
{
    return _mm256_add_epi16(a, b);
}

static inline __m256i sub(__m256i a, __m256i b)
{
    return _mm256_sub_epi16(a, b);
}

static inline __m256i twice(__m256i a)
{
    return _mm256_add_epi16(a, a);
}

/* a + 4 b + 6 c + 4 d + e */
static inline __m256i smooth(__m256i a, __m256i b, __m256i c, __m256i d, __m256i e)
{
    const __m256i inner = twice(add(add(b, d), c)); /* 2 b + 2 c + 2 d */
    return add(add(a, e), add(twice(inner), twice(c)));
}

/* e - a + 2 (d - b) */
static inline __m256i differ(__m256i a, __m256i b, __m256i d, __m256i e)
{
    return add(sub(e, a), twice(sub(d, b)));
}

static inline void column_sums(const uint8_t *px, ptrdiff_t stride, size_t at, columns *c)
{
    const __m256i v = widen(px - 2 * stride), w = widen(px - stride), x = widen(px);
    const __m256i y = widen(px + stride), z = widen(px + 2 * stride);
    _mm256_storeu_si256((void *)(c->smooth + at), smooth(v, w, x, y, z));
    _mm256_storeu_si256((void *)(c->differ + at), differ(v, w, y, z));
}

static inline void gradients(const columns *c, size_t at, ko_gradient *out)
{
    const int16_t *s = c->smooth + at, *d = c->differ + at;
    const __m256i gx = differ(load(s), load(s + 1), load(s + 3), load(s + 4));
    const __m256i gy = smooth(load(d), load(d + 1), load(d + 2), load(d + 3), load(d + 4));
    /* interleaving works within 16-byte halves */
    const __m256i low = _mm256_unpacklo_epi16(gx, gy), high = _mm256_unpackhi_epi16(gx, gy);
    _mm256_storeu_si256((void *)out, _mm256_permute2x128_si256(low, high, 0x20));
    _mm256_storeu_si256((void *)(out + LANES / 2), _mm256_permute2x128_si256(low, high, 0x31));
}

/* Gradients of n pixels, LANES to CHUNK: the last ones again with the few left over. */
static void chunk(const uint8_t *px, ptrdiff_t stride, size_t n, ko_gradient *out)
{
    columns c;
    const size_t width = n + (size_t)2 * REACH;
    for (size_t at = 0; at < width; at += LANES) {
        const size_t x = at + LANES <= width ? at : width - LANES;
        column_sums(px + x - REACH, stride, x, &c);
    }
    for (size_t at = 0; at < n; at += LANES) {
        const size_t x = at + LANES <= n ? at : n - LANES;
        gradients(&c, x, out + x);
    }
}

void ko_gradient_row_avx2(const uint8_t *px, ptrdiff_t stride, size_t n, ko_gradient *out)
{
    while (n >= LANES) {
        const size_t now = n < CHUNK ? n : CHUNK;
        chunk(px, stride, now, out);
        px += now;
        out += now;
        n -= now;
    }
    ko_gradient_row_scalar(px, stride, n, out);
}
