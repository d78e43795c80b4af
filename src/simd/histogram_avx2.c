/* Samples are taken eight at a time; then each is spread over its directions, one a lane. */
#include "simd/histogram.h"
#include "simd/kernels.h"

#include <immintrin.h>

#define LANES 8
#define CELLS KO_HISTOGRAM_CELLS

/* Gradients in the frame of the patch, and how much of their length a direction must beat. */
typedef struct samples {
    float x[KO_HISTOGRAM_SIDE], y[KO_HISTOGRAM_SIDE], least[KO_HISTOGRAM_SIDE];
} samples;

static inline __m256 mul(__m256 a, __m256 b)
{
    return _mm256_mul_ps(a, b);
}

static inline __m256 add(__m256 a, __m256 b)
{
    return _mm256_add_ps(a, b);
}

static inline __m256 fill(float v)
{
    return _mm256_set1_ps(v);
}

static inline __m256i whole(__m256 v)
{
    return _mm256_sub_epi32(_mm256_cvttps_epi32(v), _mm256_set1_epi32(KO_HISTOGRAM_BIAS));
}

/* Samples at..at+7 of a row. */
static inline void take_eight(const ko_gradient *grad, ptrdiff_t stride, const ko_patch *p, float v,
                              size_t at, samples *out)
{
    const __m256 c = fill(p->cos), s = fill(p->sin);
    const __m256 steps = _mm256_setr_ps(0, 1, 2, 3, 4, 5, 6, 7);
    const __m256 u = add(fill(ko_sample_offset(at)), mul(steps, fill(KO_HISTOGRAM_STEP)));
    const __m256 x0 = fill(p->x - p->sin * v + .5f + KO_HISTOGRAM_BIAS);
    const __m256 y0 = fill(p->y + p->cos * v + .5f + KO_HISTOGRAM_BIAS);
    const __m256i x = whole(add(x0, mul(c, u))), y = whole(add(y0, mul(s, u)));
    const __m256i place =
        _mm256_add_epi32(_mm256_mullo_epi32(y, _mm256_set1_epi32((int)stride)), x);
    const __m256i g = _mm256_i32gather_epi32((const int *)(const void *)grad, place, 4);
    const __m256 gx = _mm256_cvtepi32_ps(_mm256_srai_epi32(_mm256_slli_epi32(g, 16), 16));
    const __m256 gy = _mm256_cvtepi32_ps(_mm256_srai_epi32(g, 16));
    const __m256 length = _mm256_sqrt_ps(add(mul(gx, gx), mul(gy, gy)));
    _mm256_storeu_ps(out->x + at, add(mul(c, gx), mul(s, gy)));
    _mm256_storeu_ps(out->y + at, _mm256_sub_ps(mul(c, gy), mul(s, gx)));
    _mm256_storeu_ps(out->least + at, mul(fill(KO_HISTOGRAM_LEAST), length));
}

static inline __m256 beyond(const samples *s, size_t i, __m256 cosines, __m256 sines)
{
    const __m256 along = add(mul(cosines, fill(s->x[i])), mul(sines, fill(s->y[i])));
    return _mm256_max_ps(_mm256_sub_ps(along, fill(s->least[i])), _mm256_setzero_ps());
}

/* The cells of one line: a cell gets what is before its middle and then what is after. */
static inline void line_sums(const samples *s, __m256 out[CELLS])
{
    const __m256 cosines = _mm256_loadu_ps(ko_direction_cos);
    const __m256 sines = _mm256_loadu_ps(ko_direction_sin);
    __m256 earlier = _mm256_setzero_ps();
    size_t i = 0;
    for (size_t cell = 0; cell <= CELLS; cell++) {
        __m256 later = _mm256_setzero_ps();
        for (; i < KO_HISTOGRAM_SIDE && ko_sample_cell(i) == cell; i++) {
            const __m256 share = beyond(s, i, cosines, sines);
            earlier = add(earlier, mul(fill(ko_sample_weight[i][0]), share));
            later = add(later, mul(fill(ko_sample_weight[i][1]), share));
        }
        if (cell > 0)
            out[cell - 1] = earlier;
        earlier = later;
    }
}

/* The sums of all cells, those above and below the patch first and last. */
static void all_sums(const ko_gradient *grad, ptrdiff_t stride, const ko_patch *patch,
                     __m256 out[KO_HISTOGRAM_LINE][CELLS])
{
    for (size_t row = 0; row < KO_HISTOGRAM_SIDE; row++) {
        samples s;
        for (size_t at = 0; at < KO_HISTOGRAM_SIDE; at += LANES)
            take_eight(grad, stride, patch, ko_sample_offset(row), at, &s);
        __m256 sums[CELLS];
        line_sums(&s, sums);
        for (size_t k = 0; k < 2; k++) {
            __m256 *cells = out[ko_sample_cell(row) + k];
            const __m256 weight = fill(ko_sample_weight[row][k]);
            for (size_t c = 0; c < CELLS; c++)
                cells[c] = add(cells[c], mul(weight, sums[c]));
        }
    }
}

static inline __m256i bins(__m256 cell, __m256 total)
{
    const __m256 bin = mul(fill(KO_HISTOGRAM_GAIN), _mm256_sqrt_ps(_mm256_div_ps(cell, total)));
    return _mm256_cvttps_epi32(_mm256_min_ps(bin, fill(KO_HISTOGRAM_MAX)));
}

void ko_histogram_avx2(const ko_gradient *grad, ptrdiff_t stride, const ko_patch *patch,
                       uint8_t out[KO_HISTOGRAM_BINS])
{
    __m256 cells[KO_HISTOGRAM_LINE][CELLS];
    for (size_t y = 0; y < KO_HISTOGRAM_LINE; y++)
        for (size_t x = 0; x < CELLS; x++)
            cells[y][x] = _mm256_setzero_ps();
    all_sums(grad, stride, patch, cells);
    __m256 sums = _mm256_setzero_ps();
    for (size_t y = 1; y <= CELLS; y++)
        for (size_t x = 0; x < CELLS; x++)
            sums = add(sums, cells[y][x]);
    float sum[KO_HISTOGRAM_DIRECTIONS];
    _mm256_storeu_ps(sum, sums);
    const __m256 total = fill(ko_histogram_total(sum));
    const __m256i order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);
    for (size_t y = 1; y <= CELLS; y++) {
        const __m256i a = _mm256_packs_epi32(bins(cells[y][0], total), bins(cells[y][1], total));
        const __m256i b = _mm256_packs_epi32(bins(cells[y][2], total), bins(cells[y][3], total));
        /* packing works within 16-byte halves */
        const __m256i mixed = _mm256_packs_epi16(a, b);
        _mm256_storeu_si256((void *)(out + sizeof mixed * (y - 1)),
                            _mm256_permutevar8x32_epi32(mixed, order));
    }
}
