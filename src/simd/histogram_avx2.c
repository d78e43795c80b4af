/* A register holds a row of 16 samples, or what one direction gets of each column. */
#include "simd/histogram.h"
#include "simd/kernels.h"

#include <immintrin.h>

#define CELLS KO_HISTOGRAM_CELLS
#define DIRECTIONS KO_HISTOGRAM_DIRECTIONS
#define GROUP_MAX 4 /* rows between the same two lines of cells */

static inline __m256i fill(int value)
{
    return _mm256_set1_epi32(value);
}

static inline __m256i load(const int16_t *v)
{
    return _mm256_loadu_si256((const void *)v);
}

/* Pairs of 16 bits: x low, y high. */
static inline __m256i pair(int x, int y)
{
    return fill((int)((unsigned)y << 16 | (uint16_t)x));
}

/* What stays the same from row to row. */
typedef struct frame {
    const ko_gradient *grad;
    __m256i stride;
    __m256i across[2], down[2]; /* from the beginning of a row to its samples */
    __m256i x_axis, y_axis;
} frame;

/* Samples 0-3 and 8-11 are taken together, then the others: packing two registers to one,
 * which works within 16-byte halves, puts all in order. */
static inline frame frame_of(const ko_gradient *grad, ptrdiff_t stride, const ko_patch *p)
{
    const __m256i offset[2] = {_mm256_setr_epi32(-15, -13, -11, -9, 1, 3, 5, 7),
                               _mm256_setr_epi32(-7, -5, -3, -1, 9, 11, 13, 15)};
    frame f = {grad, fill((int)stride), {{0}}, {{0}}, pair(p->cos, p->sin), pair(-p->sin, p->cos)};
    for (size_t k = 0; k < 2; k++) {
        f.across[k] = _mm256_mullo_epi32(fill(p->cos), offset[k]);
        f.down[k] = _mm256_mullo_epi32(fill(p->sin), offset[k]);
    }
    return f;
}

/* Rows and strides are below 2^15, so that their product is that of the low halves, which
 * takes one multiplication where one of 32 bits takes two. */
static inline __m256i gather(const frame *f, __m256i x0, __m256i y0, size_t k)
{
    const __m256i x = _mm256_srai_epi32(_mm256_add_epi32(x0, f->across[k]), KO_HISTOGRAM_SHIFT);
    const __m256i y = _mm256_srai_epi32(_mm256_add_epi32(y0, f->down[k]), KO_HISTOGRAM_SHIFT);
    const __m256i row = _mm256_and_si256(y, fill(KO_HISTOGRAM_ROWS - 1));
    const __m256i place = _mm256_add_epi32(_mm256_madd_epi16(row, f->stride), x);
    return _mm256_i32gather_epi32((const int *)(const void *)f->grad, place, sizeof *f->grad);
}

/* Gradients along an axis, in order. */
static inline __m256i along(const __m256i g[2], __m256i axis)
{
    __m256i v[2];
    for (size_t k = 0; k < 2; k++)
        v[k] = _mm256_srai_epi32(
            _mm256_add_epi32(_mm256_madd_epi16(g[k], axis), fill(KO_HISTOGRAM_HALF)),
            KO_HISTOGRAM_SHIFT);
    return _mm256_packs_epi32(v[0], v[1]);
}

static inline __m256i least_of(const __m256i g[2])
{
    __m256i v[2];
    for (size_t k = 0; k < 2; k++) {
        const __m256 length = _mm256_sqrt_ps(_mm256_cvtepi32_ps(_mm256_madd_epi16(g[k], g[k])));
        const __m256 least = _mm256_mul_ps(_mm256_set1_ps(KO_HISTOGRAM_LEAST), length);
        v[k] = _mm256_cvttps_epi32(_mm256_add_ps(least, _mm256_set1_ps(.5f)));
    }
    return _mm256_packs_epi32(v[0], v[1]);
}

/* What a direction and its opposite get, four directions apart. */
static inline void opposite(__m256i v, __m256i least, __m256i *out)
{
    const __m256i zero = _mm256_setzero_si256();
    const __m256i backwards = _mm256_sub_epi16(zero, v);
    out[0] = _mm256_max_epi16(_mm256_sub_epi16(v, least), zero);
    out[DIRECTIONS / 2] = _mm256_max_epi16(_mm256_sub_epi16(backwards, least), zero);
}

static inline void take_row(const frame *f, const ko_patch *p, size_t row, __m256i out[DIRECTIONS])
{
    const __m256i x0 = fill(ko_row_x(p, row)), y0 = fill(ko_row_y(p, row));
    const __m256i g[2] = {gather(f, x0, y0, 0), gather(f, x0, y0, 1)};
    const __m256i least = least_of(g);
    const __m256i x = along(g, f->x_axis), y = along(g, f->y_axis);
    const __m256i diagonal = _mm256_set1_epi16(KO_HISTOGRAM_DIAGONAL);
    const __m256i down = _mm256_mulhrs_epi16(_mm256_add_epi16(x, y), diagonal);
    const __m256i up = _mm256_mulhrs_epi16(_mm256_sub_epi16(x, y), diagonal);
    opposite(x, least, out);
    opposite(down, least, out + 1);
    opposite(y, least, out + 2);
    opposite(_mm256_sub_epi16(_mm256_setzero_si256(), up), least, out + 3);
}

/* Sums of a line's columns to its cells, 32 bits each: cells 0 and 2, then 1 and 3, for
 * directions 0-3, then both for 4-7. What a cell gets from columns before its middle and
 * what it gets from those after lie four columns apart; turned by two each, they meet. */
static inline void finish_line(const __m256i columns[DIRECTIONS], __m256i out[4])
{
    const __m256i next = _mm256_setr_epi32(1, 2, 3, 4, 5, 6, 7, 0);
    const __m256i last = _mm256_setr_epi32(7, 0, 1, 2, 3, 4, 5, 6);
    const __m256i before = load(ko_weight_before), after = load(ko_weight_after);
    __m256i halves[DIRECTIONS];
    for (size_t d = 0; d < DIRECTIONS; d++) {
        const __m256i b = _mm256_madd_epi16(columns[d], before);
        const __m256i a = _mm256_madd_epi16(columns[d], after);
        halves[d] = _mm256_add_epi32(_mm256_permutevar8x32_epi32(b, next),
                                     _mm256_permutevar8x32_epi32(a, last));
    }
    for (size_t d = 0; d < DIRECTIONS; d += 4) {
        const __m256 low = _mm256_castsi256_ps(_mm256_hadd_epi32(halves[d], halves[d + 1]));
        const __m256 high = _mm256_castsi256_ps(_mm256_hadd_epi32(halves[d + 2], halves[d + 3]));
        const __m256i even = _mm256_castps_si256(_mm256_shuffle_ps(low, high, 0x88));
        const __m256i odd = _mm256_castps_si256(_mm256_shuffle_ps(low, high, 0xdd));
        out[d / 2] = _mm256_srli_epi32(even, KO_HISTOGRAM_DROP);
        out[d / 2 + 1] = _mm256_srli_epi32(odd, KO_HISTOGRAM_DROP);
    }
}

static inline __m256i add_weighted(__m256i sum, __m256i v, int16_t weight)
{
    return _mm256_add_epi16(sum, _mm256_mulhrs_epi16(v, _mm256_set1_epi16(weight)));
}

/* The cells of all lines. */
static inline void all_lines(const frame *f, const ko_patch *p, __m256i out[CELLS][4])
{
    __m256i before[DIRECTIONS]; /* the line of cells before a group of rows */
    for (size_t d = 0; d < DIRECTIONS; d++)
        before[d] = _mm256_setzero_si256();
    for (size_t group = 0; group <= CELLS; group++) {
        const size_t first = ko_sample_group[group], n = ko_sample_group[group + 1] - first;
        __m256i rows[GROUP_MAX][DIRECTIONS];
        for (size_t i = 0; i < n; i++)
            take_row(f, p, first + i, rows[i]);
        for (size_t d = 0; d < DIRECTIONS; d++) {
            __m256i after = _mm256_setzero_si256();
            for (size_t i = 0; i < n; i++) {
                before[d] = add_weighted(before[d], rows[i][d], ko_weight_before[first + i]);
                after = add_weighted(after, rows[i][d], ko_weight_after[first + i]);
            }
            rows[0][d] = after;
        }
        if (group > 0)
            finish_line(before, out[group - 1]);
        for (size_t d = 0; d < DIRECTIONS; d++)
            before[d] = rows[0][d];
    }
}

static inline int32_t sum_of(__m256i v)
{
    const __m128i four = _mm_add_epi32(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1));
    const __m128i two = _mm_add_epi32(four, _mm_shuffle_epi32(four, 0x4e));
    return _mm_cvtsi128_si32(_mm_add_epi32(two, _mm_shuffle_epi32(two, 0xb1)));
}

static inline __m256i bins(__m256i cells, __m256 gain)
{
    const __m256 bin = _mm256_sqrt_ps(_mm256_mul_ps(_mm256_cvtepi32_ps(cells), gain));
    return _mm256_cvttps_epi32(_mm256_min_ps(bin, _mm256_set1_ps(KO_HISTOGRAM_MAX)));
}

void ko_histogram_avx2(const ko_gradient *grad, ptrdiff_t stride, const ko_patch *patch,
                       uint8_t out[KO_HISTOGRAM_BINS])
{
    const frame f = frame_of(grad, stride, patch);
    __m256i cells[CELLS][4];
    all_lines(&f, patch, cells);
    __m256i sums = _mm256_setzero_si256();
    for (size_t line = 0; line < CELLS; line++)
        for (size_t k = 0; k < 4; k++)
            sums = _mm256_add_epi32(sums, cells[line][k]);
    const int32_t total = sum_of(sums);
    const __m256 gain = _mm256_set1_ps(KO_HISTOGRAM_GAIN / (float)(total ? total : 1));
    for (size_t line = 0; line < CELLS; line++) {
        const __m256i *c = cells[line];
        const __m256i even = _mm256_packs_epi32(bins(c[0], gain), bins(c[2], gain));
        const __m256i odd = _mm256_packs_epi32(bins(c[1], gain), bins(c[3], gain));
        _mm256_storeu_si256((void *)(out + sizeof even * line), _mm256_packus_epi16(even, odd));
    }
}
