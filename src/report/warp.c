#include "report/warp.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

/* Red, green and blue times alpha, and alpha, each 0..255. */
typedef struct tone {
    float c[4];
} tone;

static const uint8_t outside[4] = {KO_REPORT_OUTSIDE, KO_REPORT_OUTSIDE, KO_REPORT_OUTSIDE, 255};

static bool is_inside(const ko_rgba *in, float u, float v)
{
    return u >= 0 && v >= 0 && u <= (float)in->width && v <= (float)in->height; /* not NAN */
}

/* --- where a pixel covers no more than one of the picture --- */

static void add_pixel(tone *to, const uint8_t *px, float weight)
{
    const float alpha = weight * (float)px[3];
    for (size_t c = 0; c < 3; c++)
        to->c[c] += alpha * (float)px[c] * (1 / 255.f);
    to->c[3] += alpha;
}

/* A point between pixel centres; the border repeats its outermost pixels. */
static tone point_at(const ko_rgba *in, float u, float v)
{
    tone t = {0};
    if (!is_inside(in, u, v)) {
        add_pixel(&t, outside, 1);
        return t;
    }
    const float x = fminf(fmaxf(u - .5f, 0), (float)in->width - 1);
    const float y = fminf(fmaxf(v - .5f, 0), (float)in->height - 1);
    const size_t x0 = (size_t)x, y0 = (size_t)y;
    const size_t x1 = x0 + 1 < in->width ? x0 + 1 : x0, y1 = y0 + 1 < in->height ? y0 + 1 : y0;
    const float fx = x - (float)x0, fy = y - (float)y0;
    const uint8_t *upper = in->px + y0 * in->stride, *lower = in->px + y1 * in->stride;
    add_pixel(&t, upper + 4 * x0, (1 - fx) * (1 - fy));
    add_pixel(&t, upper + 4 * x1, fx * (1 - fy));
    add_pixel(&t, lower + 4 * x0, (1 - fx) * fy);
    add_pixel(&t, lower + 4 * x1, fx * fy);
    return t;
}

/* --- where it covers several --- */

/* How many samples each way a pixel needs that covers so much across and down; 1 of NAN. */
static int samples_for(const float across[2], const float down[2])
{
    const float wide = across[0] * across[0] + across[1] * across[1];
    const float high = down[0] * down[0] + down[1] * down[1];
    int n = 1;
    while (n < KO_REPORT_SAMPLES_MAX && ((float)(n * n) < wide || (float)(n * n) < high))
        n++;
    return n;
}

/* The mean of n samples each way. They lie about as close as the pixels of the picture do, so that
 * the one that each falls on will do. In so small a part the model is affine. */
static tone mean_around(const ko_rgba *in, const ko_part_spot *centre, const float across[2],
                        const float down[2], int n)
{
    uint32_t sums[4] = {0}; /* of at most 64 products of two bytes */
    const float step = 1 / (float)n, first = .5f * step - .5f;
    for (int row = 0; row < n; row++) {
        const float dy = first + (float)row * step;
        for (int column = 0; column < n; column++) {
            const float dx = first + (float)column * step;
            const float u = centre->u + across[0] * dx + down[0] * dy;
            const float v = centre->v + across[1] * dx + down[1] * dy;
            const uint8_t *px = outside;
            if (is_inside(in, u, v)) {
                const uint32_t x = (uint32_t)u, y = (uint32_t)v;
                px = in->px + (y < in->height ? y : in->height - 1) * in->stride +
                     4 * (size_t)(x < in->width ? x : in->width - 1);
            }
            for (size_t c = 0; c < 3; c++)
                sums[c] += (uint32_t)px[c] * px[3];
            sums[3] += px[3];
        }
    }
    const float share = step * step, colour = share * (1 / 255.f);
    return (tone){{(float)sums[0] * colour, (float)sums[1] * colour, (float)sums[2] * colour,
                   (float)sums[3] * share}};
}

/* --- all of them --- */

/* Laid on the ground. */
static uint32_t colour_of(const tone *t, uint8_t ground)
{
    const float clear = (float)ground * (1 - t->c[3] * (1 / 255.f));
    uint32_t argb = 0xFF;
    for (size_t c = 0; c < 3; c++) {
        const float value = t->c[c] + clear + .5f;
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
            const tone t = n == 1 ? point_at(in, centre.u, centre.v)
                                  : mean_around(in, &centre, across, down, n);
            const uint32_t square = x / KO_REPORT_SQUARE_PX + y / KO_REPORT_SQUARE_PX;
            const uint32_t argb = colour_of(&t, ground.grey[square % 2]);
            memcpy(rows + y * stride + 4 * (size_t)x, &argb, sizeof argb);
        }
}

#define LIGHT_FROM 170 /* mean luma of a work that is lost on a light ground */

ko_report_ground ko_report_ground_of(const ko_rgba *work)
{
    uint64_t light = 0, alpha = 0;
    for (uint32_t y = 0; y < work->height; y++) {
        const uint8_t *px = work->px + y * work->stride;
        for (uint32_t x = 0; x < work->width; x++, px += 4) {
            const uint64_t luma = (px[0] * 2u + px[1] * 5u + px[2]) / 8;
            light += luma * px[3];
            alpha += px[3];
        }
    }
    return light > LIGHT_FROM * alpha ? (ko_report_ground){{64, 80}}
                                      : (ko_report_ground){{255, 232}};
}
