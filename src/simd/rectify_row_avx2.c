#include "simd/kernels.h"
#include "simd/rectify_row.h"

#include <immintrin.h>

#define LANES 8

/* A row of the homography at 8 places of one line: from * x + to. */
static inline __m256 along(__m256 x, float from, float to)
{
    return _mm256_add_ps(_mm256_mul_ps(_mm256_set1_ps(from), x), _mm256_set1_ps(to));
}

static inline __m256 pixel(__m256i bytes, int shift)
{
    const __m256i low = _mm256_srli_epi32(bytes, shift);
    return _mm256_cvtepi32_ps(_mm256_and_si256(low, _mm256_set1_epi32(UINT8_MAX)));
}

/* Between two neighbours in a line of the picture. */
static inline __m256 between(__m256i bytes, __m256 part)
{
    const __m256 a = pixel(bytes, 0);
    return _mm256_add_ps(_mm256_mul_ps(part, _mm256_sub_ps(pixel(bytes, 8), a)), a);
}

/* The four bytes from each place on, where it is inside. */
static inline __m256i gather(const uint8_t *px, __m256i at, __m256i inside)
{
    return _mm256_mask_i32gather_epi32(_mm256_setzero_si256(), (const int *)(const void *)px, at,
                                       inside, 1);
}

static inline __m256i sample(const ko_rectify *r, __m256 u, __m256 v, __m256i inside)
{
    const __m256i iu = _mm256_cvttps_epi32(u), iv = _mm256_cvttps_epi32(v);
    const __m256 fu = _mm256_sub_ps(u, _mm256_cvtepi32_ps(iu));
    const __m256 fv = _mm256_sub_ps(v, _mm256_cvtepi32_ps(iv));
    const __m256i line = _mm256_mullo_epi32(iv, _mm256_set1_epi32((int)r->stride));
    const __m256i at = _mm256_add_epi32(line, iu);
    const __m256i a = gather(r->px, at, inside);
    const __m256i b = gather(r->px + r->stride, at, inside);
    const __m256 top = between(a, fu), low = between(b, fu);
    const __m256 value = _mm256_add_ps(_mm256_mul_ps(fv, _mm256_sub_ps(low, top)), top);
    return _mm256_cvttps_epi32(_mm256_add_ps(value, _mm256_set1_ps(.5f)));
}

static inline __m256i is_inside(const ko_rectify *r, __m256 u, __m256 v)
{
    const __m256 zero = _mm256_setzero_ps();
    const __m256 across = _mm256_and_ps(_mm256_cmp_ps(u, zero, _CMP_GT_OQ),
                                        _mm256_cmp_ps(u, _mm256_set1_ps(r->right), _CMP_LT_OQ));
    const __m256 down = _mm256_and_ps(_mm256_cmp_ps(v, zero, _CMP_GT_OQ),
                                      _mm256_cmp_ps(v, _mm256_set1_ps(r->below), _CMP_LT_OQ));
    return _mm256_castps_si256(_mm256_and_ps(across, down));
}

/* Stores numbers below 256 as bytes. */
static inline void store(uint8_t *out, __m256i v)
{
    const __m128i words =
        _mm_packs_epi32(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1));
    _mm_storel_epi64((void *)out, _mm_packus_epi16(words, words));
}

void ko_rectify_row_avx2(const ko_rectify *r, uint32_t y, size_t n, uint8_t *out,
                         uint8_t *out_inside)
{
    const float *h = r->h, fy = (float)y;
    const __m256 step = _mm256_setr_ps(0, 1, 2, 3, 4, 5, 6, 7);
    size_t x0 = 0;
    for (; x0 + LANES <= n; x0 += LANES) {
        const __m256 x = _mm256_add_ps(step, _mm256_set1_ps((float)x0));
        const __m256 d = _mm256_div_ps(_mm256_set1_ps(1), along(x, h[6], h[7] * fy + h[8]));
        const __m256 u = _mm256_mul_ps(d, along(x, h[0], h[1] * fy + h[2]));
        const __m256 v = _mm256_mul_ps(d, along(x, h[3], h[4] * fy + h[5]));
        const __m256i inside = is_inside(r, u, v);
        store(out + x0, _mm256_and_si256(inside, sample(r, u, v, inside)));
        store(out_inside + x0, _mm256_srli_epi32(inside, 31));
    }
    for (; x0 < n; x0++)
        out[x0] = ko_rectify_pixel(r, (float)x0, fy, &out_inside[x0]);
}
