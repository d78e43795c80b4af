/* Two registers hold a row of 16 samples, or what one direction gets of each column. */
#include "simd/histogram.h"
#include "simd/kernels.h"

#include <arm_neon.h>
#include <string.h>

#define SIDE KO_HISTOGRAM_SIDE
#define CELLS KO_HISTOGRAM_CELLS
#define DIRECTIONS KO_HISTOGRAM_DIRECTIONS
#define HALVES 2

static inline void gather(const ko_gradient *grad, ptrdiff_t stride, const ko_patch *p, size_t row,
                          ko_gradient out[SIDE])
{
    const int32_t x0 = ko_row_x(p, row), y0 = ko_row_y(p, row);
    for (size_t i = 0; i < SIDE; i++) {
        const int32_t x = (x0 + p->cos * ko_sample_offset(i)) >> KO_HISTOGRAM_SHIFT;
        const int32_t y = (y0 + p->sin * ko_sample_offset(i)) >> KO_HISTOGRAM_SHIFT;
        out[i] = grad[(y & (KO_HISTOGRAM_ROWS - 1)) * stride + x];
    }
}

/* cos * x + sin * y */
static inline int16x8_t along(int16x8x2_t g, int16_t cos, int16_t sin)
{
    const int16x8_t x = g.val[0], y = g.val[1];
    const int32x4_t low = vmlal_n_s16(vmull_n_s16(vget_low_s16(x), cos), vget_low_s16(y), sin);
    const int32x4_t high = vmlal_high_n_s16(vmull_high_n_s16(x, cos), y, sin);
    return vrshrn_high_n_s32(vrshrn_n_s32(low, KO_HISTOGRAM_SHIFT), high, KO_HISTOGRAM_SHIFT);
}

static inline int32x4_t least_of_square(int32x4_t square)
{
    const float32x4_t length = vsqrtq_f32(vcvtq_f32_s32(square));
    return vcvtq_s32_f32(vaddq_f32(vmulq_n_f32(length, KO_HISTOGRAM_LEAST), vdupq_n_f32(.5f)));
}

static inline int16x8_t least_of(int16x8x2_t g)
{
    const int16x8_t x = g.val[0], y = g.val[1];
    const int32x4_t low =
        vmlal_s16(vmull_s16(vget_low_s16(x), vget_low_s16(x)), vget_low_s16(y), vget_low_s16(y));
    const int32x4_t high = vmlal_high_s16(vmull_high_s16(x, x), y, y);
    return vmovn_high_s32(vmovn_s32(least_of_square(low)), least_of_square(high));
}

/* What a direction and its opposite get, four directions apart. */
static inline void opposite(int16x8_t v, int16x8_t least, int16x8_t *out)
{
    const int16x8_t zero = vdupq_n_s16(0);
    out[0] = vmaxq_s16(vsubq_s16(v, least), zero);
    out[DIRECTIONS / 2] = vmaxq_s16(vsubq_s16(vnegq_s16(v), least), zero);
}

/* Of eight samples. */
static inline void share_out(const ko_gradient *g, const ko_patch *p, int16x8_t out[DIRECTIONS])
{
    const int16x8x2_t samples = vld2q_s16(&g->x);
    const int16x8_t least = least_of(samples);
    const int16x8_t x = along(samples, p->cos, p->sin);
    const int16x8_t y = along(samples, (int16_t)-p->sin, p->cos);
    const int16x8_t down = vqrdmulhq_n_s16(vaddq_s16(x, y), KO_HISTOGRAM_DIAGONAL);
    const int16x8_t up = vqrdmulhq_n_s16(vsubq_s16(x, y), KO_HISTOGRAM_DIAGONAL);
    opposite(x, least, out);
    opposite(down, least, out + 1);
    opposite(y, least, out + 2);
    opposite(vnegq_s16(up), least, out + 3);
}

/* Products of a direction's columns, summed in pairs. */
static inline int32x4_t in_pairs(int16x8_t columns, const int16_t *weights)
{
    const int16x8_t w = vld1q_s16(weights);
    return vpaddq_s32(vmull_s16(vget_low_s16(columns), vget_low_s16(w)),
                      vmull_high_s16(columns, w));
}

/* Sums of a line's columns to its cells, four of each direction. What a cell gets from
 * columns before its middle and what it gets from those after lie four columns apart; moved
 * by two each, they meet. */
static inline void finish_line(int16x8_t columns[HALVES][DIRECTIONS], uint32x4_t out[DIRECTIONS])
{
    const int32x4_t zero = vdupq_n_s32(0);
    for (size_t d = 0; d < DIRECTIONS; d++) {
        const int32x4_t b0 = in_pairs(columns[0][d], ko_weight_before);
        const int32x4_t b1 = in_pairs(columns[1][d], ko_weight_before + SIDE / HALVES);
        const int32x4_t a0 = in_pairs(columns[0][d], ko_weight_after);
        const int32x4_t a1 = in_pairs(columns[1][d], ko_weight_after + SIDE / HALVES);
        const int32x4_t low = vaddq_s32(vextq_s32(b0, b1, 1), vextq_s32(zero, a0, 3));
        const int32x4_t high = vaddq_s32(vextq_s32(b1, zero, 1), vextq_s32(a0, a1, 3));
        out[d] = vshrq_n_u32(vreinterpretq_u32_s32(vpaddq_s32(low, high)), KO_HISTOGRAM_DROP);
    }
}

static inline int16x8_t add_weighted(int16x8_t sum, int16x8_t v, int16_t weight)
{
    return vaddq_s16(sum, vqrdmulhq_n_s16(v, weight));
}

/* Adds a group of rows to the line of cells before it, and makes the one after of them. */
static inline void add_group(const ko_gradient *grad, ptrdiff_t stride, const ko_patch *p,
                             size_t group, int16x8_t before[HALVES][DIRECTIONS],
                             int16x8_t after[HALVES][DIRECTIONS])
{
    for (size_t row = ko_sample_group[group]; row < ko_sample_group[group + 1]; row++) {
        ko_gradient samples[SIDE];
        gather(grad, stride, p, row, samples);
        for (size_t half = 0; half < HALVES; half++) {
            int16x8_t shares[DIRECTIONS];
            share_out(samples + half * SIDE / HALVES, p, shares);
            for (size_t d = 0; d < DIRECTIONS; d++) {
                before[half][d] = add_weighted(before[half][d], shares[d], ko_weight_before[row]);
                after[half][d] = add_weighted(after[half][d], shares[d], ko_weight_after[row]);
            }
        }
    }
}

static void to_bins(uint32x4_t cells[CELLS][DIRECTIONS], uint8_t out[KO_HISTOGRAM_BINS])
{
    uint32x4_t sums = vdupq_n_u32(0);
    for (size_t i = 0; i < KO_HISTOGRAM_BINS / 4; i++)
        sums = vaddq_u32(sums, cells[i / DIRECTIONS][i % DIRECTIONS]);
    const uint32_t total = vaddvq_u32(sums);
    const float gain = KO_HISTOGRAM_GAIN / (float)(total ? total : 1);
    for (size_t line = 0; line < CELLS; line++)
        for (size_t d = 0; d < DIRECTIONS; d++) {
            const float32x4_t share = vmulq_n_f32(vcvtq_f32_u32(cells[line][d]), gain);
            const float32x4_t bin = vminq_f32(vsqrtq_f32(share), vdupq_n_f32(KO_HISTOGRAM_MAX));
            uint32_t whole[CELLS];
            vst1q_u32(whole, vcvtq_u32_f32(bin));
            for (size_t c = 0; c < CELLS; c++)
                out[(line * CELLS + c) * DIRECTIONS + d] = (uint8_t)whole[c];
        }
}

void ko_histogram_neon(const ko_gradient *grad, ptrdiff_t stride, const ko_patch *patch,
                       uint8_t out[KO_HISTOGRAM_BINS])
{
    uint32x4_t cells[CELLS][DIRECTIONS];
    int16x8_t lines[2][HALVES][DIRECTIONS]; /* the one before a group and the one after, in turns */
    memset(lines[0], 0, sizeof lines[0]);
    for (size_t group = 0; group <= CELLS; group++) {
        int16x8_t(*before)[DIRECTIONS] = lines[group % 2];
        int16x8_t(*after)[DIRECTIONS] = lines[(group + 1) % 2];
        memset(after, 0, sizeof lines[0]);
        add_group(grad, stride, patch, group, before, after);
        if (group > 0)
            finish_line(before, cells[group - 1]);
    }
    to_bins(cells, out);
}
