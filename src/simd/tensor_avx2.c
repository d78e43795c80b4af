/* A register's halves hold eight columns, of which seven count, of two rows four apart: the
 * rows above the middle low, those below it high. Seven squares of at most 12,240 fit 31
 * bits, so pairs of columns are summed in those. */
#include "simd/kernels.h"

#include <immintrin.h>

#define APART 4
#define PAIRS 8 /* of rows: 0 to 7 and 4 to 11 */

typedef struct line {
    __m256i smooth, differ;
} line;

static inline __m256i add(__m256i a, __m256i b)
{
    return _mm256_add_epi16(a, b);
}

static inline __m256i sub(__m256i a, __m256i b)
{
    return _mm256_sub_epi16(a, b);
}

/* Of each pixel and the one after it, a and b times. */
static inline __m256i weighted(__m256i pairs, int a, int b)
{
    return _mm256_maddubs_epi16(pairs, _mm256_set1_epi16((short)(b * 256 + (a & 0xff))));
}

/* Two rows, smoothed by 1 4 6 4 1 and their differences 1 2 0 -2 -1. */
static inline line line_of(const uint8_t *low, const uint8_t *high)
{
    const __m256i px = _mm256_loadu2_m128i((const void *)high, (const void *)low);
    const __m256i pairs = _mm256_setr_epi8(0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 0, 1, 1,
                                           2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8);
    const __m256i a = _mm256_shuffle_epi8(px, pairs);
    const __m256i c = _mm256_shuffle_epi8(px, add(pairs, _mm256_set1_epi8(2)));
    const __m256i e = _mm256_shuffle_epi8(px, add(pairs, _mm256_set1_epi8(4)));
    return (line){add(add(weighted(a, 1, 4), weighted(c, 6, 4)), weighted(e, 1, 0)),
                  add(add(weighted(a, -1, -2), weighted(c, 0, 2)), weighted(e, 1, 0))};
}

static inline __m256i smooth(const line *l)
{
    const __m256i middle = l[2].differ, next = add(l[1].differ, l[3].differ);
    const __m256i twice = add(middle, add(middle, add(next, next)));
    return add(add(l[0].differ, l[4].differ), add(twice, add(twice, add(middle, middle))));
}

static inline __m256i differ(const line *l)
{
    const __m256i near = sub(l[3].smooth, l[1].smooth);
    return add(sub(l[4].smooth, l[0].smooth), add(near, near));
}

static int64_t sum(__m256i columns)
{
    const __m256i low = _mm256_cvtepi32_epi64(_mm256_castsi256_si128(columns));
    const __m256i high = _mm256_cvtepi32_epi64(_mm256_extracti128_si256(columns, 1));
    const __m256i four = _mm256_add_epi64(low, high);
    const __m128i two =
        _mm_add_epi64(_mm256_castsi256_si128(four), _mm256_extracti128_si256(four, 1));
    return _mm_cvtsi128_si64(two) + _mm_extract_epi64(two, 1);
}

void ko_tensor_avx2(const uint8_t *centre, ptrdiff_t stride, ko_tensor *out)
{
    const __m256i seven =
        _mm256_setr_epi16(-1, -1, -1, -1, -1, -1, -1, 0, -1, -1, -1, -1, -1, -1, -1, 0);
    const uint8_t *px = centre - KO_TENSOR_REACH * stride - KO_TENSOR_REACH;
    const uint8_t *last = px + (ptrdiff_t)2 * KO_TENSOR_REACH * stride;
    line lines[PAIRS];
    for (ptrdiff_t y = 0; y < PAIRS; y++)
        lines[y] = line_of(px + y * stride, y + 1 < PAIRS ? px + (y + APART) * stride : last);
    __m256i xx = _mm256_setzero_si256(), xy = xx, yy = xx;
    for (size_t y = 0; y < APART; y++) {
        /* the eighth row is none */
        const __m256i mask =
            y + 1 < APART ? seven : _mm256_inserti128_si256(seven, _mm_setzero_si128(), 1);
        const __m256i gx = _mm256_and_si256(smooth(lines + y), mask);
        const __m256i gy = _mm256_and_si256(differ(lines + y), mask);
        xx = _mm256_add_epi32(xx, _mm256_madd_epi16(gx, gx));
        xy = _mm256_add_epi32(xy, _mm256_madd_epi16(gx, gy));
        yy = _mm256_add_epi32(yy, _mm256_madd_epi16(gy, gy));
    }
    *out = (ko_tensor){sum(xx), sum(xy), sum(yy)};
}
