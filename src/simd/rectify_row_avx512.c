#include "simd/kernels.h"

#include <immintrin.h>

#define LANES 16

/* A row of the homography at 16 places of one line: from * x + to. */
static inline __m512 along(__m512 x, float from, float to)
{
    return _mm512_add_ps(_mm512_mul_ps(_mm512_set1_ps(from), x), _mm512_set1_ps(to));
}

static inline __m512 pixel(__m512i bytes, unsigned shift)
{
    const __m512i low = _mm512_srli_epi32(bytes, shift);
    return _mm512_cvtepi32_ps(_mm512_and_si512(low, _mm512_set1_epi32(UINT8_MAX)));
}

/* Between two neighbours in a line of the picture. */
static inline __m512 between(__m512i bytes, __m512 part)
{
    const __m512 a = pixel(bytes, 0);
    return _mm512_add_ps(_mm512_mul_ps(part, _mm512_sub_ps(pixel(bytes, 8), a)), a);
}

/* The four bytes from each place on, where it is inside. Without optimisation the intrinsic
 * is a macro, whose mask changes its sign on the way into the compiler. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wsign-conversion"
static inline __m512i gather(const uint8_t *px, __m512i at, __mmask16 inside)
{
    return _mm512_mask_i32gather_epi32(_mm512_setzero_si512(), inside, at, px, 1);
}
#pragma GCC diagnostic pop

static inline __m512i sample(const ko_rectify *r, __m512 u, __m512 v, __mmask16 inside)
{
    const __m512i iu = _mm512_cvttps_epi32(u), iv = _mm512_cvttps_epi32(v);
    const __m512 fu = _mm512_sub_ps(u, _mm512_cvtepi32_ps(iu));
    const __m512 fv = _mm512_sub_ps(v, _mm512_cvtepi32_ps(iv));
    const __m512i line = _mm512_mullo_epi32(iv, _mm512_set1_epi32((int)r->stride));
    const __m512i at = _mm512_add_epi32(line, iu);
    const __m512i a = gather(r->px, at, inside);
    const __m512i b = gather(r->px + r->stride, at, inside);
    const __m512 top = between(a, fu), low = between(b, fu);
    const __m512 value = _mm512_add_ps(_mm512_mul_ps(fv, _mm512_sub_ps(low, top)), top);
    return _mm512_cvttps_epi32(_mm512_add_ps(value, _mm512_set1_ps(.5f)));
}

static inline __mmask16 is_inside(const ko_rectify *r, __m512 u, __m512 v)
{
    const __m512 zero = _mm512_setzero_ps();
    return _mm512_cmp_ps_mask(u, zero, _CMP_GT_OQ) & _mm512_cmp_ps_mask(v, zero, _CMP_GT_OQ) &
           _mm512_cmp_ps_mask(u, _mm512_set1_ps(r->right), _CMP_LT_OQ) &
           _mm512_cmp_ps_mask(v, _mm512_set1_ps(r->below), _CMP_LT_OQ);
}

void ko_rectify_row_avx512(const ko_rectify *r, uint32_t y, size_t n, uint8_t *out,
                           uint8_t *out_inside)
{
    const float *h = r->h, fy = (float)y;
    const __m512 step = _mm512_setr_ps(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    for (size_t x0 = 0; x0 < n; x0 += LANES) {
        const __m512 x = _mm512_add_ps(step, _mm512_set1_ps((float)x0));
        const __mmask16 room = (__mmask16)(n - x0 >= LANES ? 0xffff : (1u << (n - x0)) - 1);
        const __m512 d = _mm512_div_ps(_mm512_set1_ps(1), along(x, h[6], h[7] * fy + h[8]));
        const __m512 u = _mm512_mul_ps(d, along(x, h[0], h[1] * fy + h[2]));
        const __m512 v = _mm512_mul_ps(d, along(x, h[3], h[4] * fy + h[5]));
        const __mmask16 inside = is_inside(r, u, v) & room;
        const __m512i value = _mm512_maskz_mov_epi32(inside, sample(r, u, v, inside));
        _mm_mask_storeu_epi8(out + x0, room, _mm512_cvtepi32_epi8(value));
        _mm_mask_storeu_epi8(out_inside + x0, room, _mm_maskz_set1_epi8(inside, 1));
    }
}
