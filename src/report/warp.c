#include "report/warp.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

/* Red, green and blue times alpha, and alpha, each 0..255; or sums of such. */
typedef struct sum {
    float c[4];
} sum;

static void add_pixel(sum *to, const uint8_t *px, float weight)
{
    const float alpha = weight * (float)px[3] * (1 / 255.f);
    for (size_t c = 0; c < 3; c++)
        to->c[c] += alpha * (float)px[c];
    to->c[3] += alpha * 255;
}

/* A point between pixel centres, not outside; the border repeats its outermost pixels. */
static void add_between(sum *to, const ko_rgba *in, float u, float v)
{
    const float x = fminf(fmaxf(u - .5f, 0), (float)in->width - 1);
    const float y = fminf(fmaxf(v - .5f, 0), (float)in->height - 1);
    const size_t x0 = (size_t)x, y0 = (size_t)y;
    const size_t x1 = x0 + 1 < in->width ? x0 + 1 : x0, y1 = y0 + 1 < in->height ? y0 + 1 : y0;
    const float fx = x - (float)x0, fy = y - (float)y0;
    const uint8_t *upper = in->px + y0 * in->stride, *lower = in->px + y1 * in->stride;
    add_pixel(to, upper + 4 * x0, (1 - fx) * (1 - fy));
    add_pixel(to, upper + 4 * x1, fx * (1 - fy));
    add_pixel(to, lower + 4 * x0, (1 - fx) * fy);
    add_pixel(to, lower + 4 * x1, fx * fy);
}

/* One of several samples of a pixel: as they lie about as close as the pixels of the picture, the
 * pixel that each falls on will do. */
static void add_sample(sum *to, const ko_rgba *in, float u, float v, bool is_one_of_many)
{
    const float right = (float)in->width, bottom = (float)in->height;
    if (!(u >= 0 && v >= 0 && u <= right && v <= bottom)) {
        static const uint8_t outside[4] = {KO_REPORT_OUTSIDE, KO_REPORT_OUTSIDE, KO_REPORT_OUTSIDE,
                                           255};
        add_pixel(to, outside, 1);
    } else if (is_one_of_many) {
        const uint32_t x = u < right ? (uint32_t)u : in->width - 1;
        const uint32_t y = v < bottom ? (uint32_t)v : in->height - 1;
        add_pixel(to, in->px + y * in->stride + 4 * (size_t)x, 1);
    } else {
        add_between(to, in, u, v);
    }
}

/* How many samples each way a pixel needs that covers so much across and down. */
static int samples_for(const float across[2], const float down[2])
{
    const float n = ceilf(fmaxf(hypotf(across[0], across[1]), hypotf(down[0], down[1])));
    return n > KO_REPORT_SAMPLES_MAX ? KO_REPORT_SAMPLES_MAX : n > 1 ? (int)n : 1; /* NAN: 1 */
}

/* Of n samples, laid on the ground. */
static uint32_t colour_of(const sum *s, int n, uint8_t ground)
{
    const float share = 1 / (float)n;
    const float clear = (float)ground * (1 - s->c[3] * share * (1 / 255.f));
    uint32_t argb = 0xFF;
    for (size_t c = 0; c < 3; c++) {
        const float value = s->c[c] * share + clear + .5f;
        argb = argb << 8 | (value > 255 ? 255u : (uint32_t)fmaxf(value, 0));
    }
    return argb;
}

void ko_report_warp(const ko_rgba *in, const ko_part_model *model, ko_report_ground ground,
                    uint8_t *rows, size_t stride, uint32_t width, uint32_t height)
{
    assert(in->px && in->width && in->height);
    const float step_x = 1 / (float)width, step_y = 1 / (float)height;
    for (uint32_t y = 0; y < height; y++)
        for (uint32_t x = 0; x < width; x++) {
            const ko_part_spot centre =
                ko_part_project(model, ((float)x + .5f) * step_x, ((float)y + .5f) * step_y);
            const float across[2] = {centre.slope[0] * step_x, centre.slope[2] * step_x};
            const float down[2] = {centre.slope[1] * step_y, centre.slope[3] * step_y};
            const int n = samples_for(across, down);
            sum s = {0};
            for (int i = 0; i < n * n; i++) { /* in so small a part the model is affine */
                const int column = i % n, row = i / n;
                const float dx = ((float)column + .5f) / (float)n - .5f;
                const float dy = ((float)row + .5f) / (float)n - .5f;
                add_sample(&s, in, centre.u + across[0] * dx + down[0] * dy,
                           centre.v + across[1] * dx + down[1] * dy, n > 1);
            }
            const uint32_t square = x / KO_REPORT_SQUARE_PX + y / KO_REPORT_SQUARE_PX;
            const uint32_t argb = colour_of(&s, n * n, ground.grey[square % 2]);
            memcpy(rows + y * stride + 4 * (size_t)x, &argb, sizeof argb);
        }
}
