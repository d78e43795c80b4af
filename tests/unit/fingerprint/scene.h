/* A made-up picture with structure at many scales, the same in no two orientations, drawn
 * at any size. Freed with ko_free(px). */
#ifndef KO_TEST_SCENE_H
#define KO_TEST_SCENE_H

#include "base/alloc.h"

#include <knockoff/fingerprint.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SCENE_DISCS 24

static inline uint32_t scene_random(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 16;
}

static inline ko_grey raster_new(uint32_t width, uint32_t height)
{
    const ko_grey raster = {ko_alloc_array((size_t)width * height, 1), width, height, width};
    assert_non_null(raster.px);
    return raster;
}

/* Discs of random grey over a slope; places and sizes are shares of the sides. */
static inline ko_grey scene(uint32_t width, uint32_t height, uint32_t seed)
{
    struct {
        double x, y, r;
        uint8_t grey;
    } disc[SCENE_DISCS];
    for (size_t d = 0; d < SCENE_DISCS; d++) {
        disc[d].x = scene_random(&seed) / 65536.0;
        disc[d].y = scene_random(&seed) / 65536.0;
        disc[d].r = 0.04 + scene_random(&seed) / 65536.0 / 5;
        disc[d].grey = (uint8_t)scene_random(&seed);
    }
    const ko_grey out = raster_new(width, height);
    for (uint32_t y = 0; y < height; y++)
        for (uint32_t x = 0; x < width; x++) {
            const double u = (x + 0.5) / width;
            const double v = (y + 0.5) / height;
            uint8_t grey = (uint8_t)(150 * u + 90 * v);
            for (size_t d = 0; d < SCENE_DISCS; d++) {
                const double dx = u - disc[d].x;
                const double dy = v - disc[d].y;
                if (dx * dx + dy * dy < disc[d].r * disc[d].r)
                    grey = disc[d].grey;
            }
            out.px[(size_t)y * width + x] = grey;
        }
    return out;
}

/* The same pixels as grey RGB, whose luma is theirs but for rounding. */
static inline ko_rgb as_rgb(const ko_grey *grey)
{
    const size_t n = (size_t)grey->width * grey->height;
    const ko_rgb out = {ko_alloc_array(n, 3), grey->width, grey->height, (size_t)3 * grey->width};
    assert_non_null(out.px);
    for (size_t k = 0; k < n; k++)
        memset(out.px + 3 * k, grey->px[k], 3);
    return out;
}

/* Where pixel (x, y) of a picture of w x h goes when it is turned. */
static inline void turned_place(ko_orientation o, uint32_t w, uint32_t h, uint32_t *x, uint32_t *y)
{
    const uint32_t x0 = *x;
    const uint32_t y0 = *y;
    const uint32_t right = w - 1 - x0; /* distance from the right and lower edge */
    const uint32_t below = h - 1 - y0;
    const uint32_t to[KO_ORIENT_COUNT][2] = {
        [KO_ORIENT_NONE] = {x0, y0},         [KO_ORIENT_ROT90] = {below, x0},
        [KO_ORIENT_ROT180] = {right, below}, [KO_ORIENT_ROT270] = {y0, right},
        [KO_ORIENT_MIRROR] = {right, y0},    [KO_ORIENT_FLIP] = {x0, below},
        [KO_ORIENT_TRANSPOSE] = {y0, x0},    [KO_ORIENT_TRANSVERSE] = {below, right}};
    *x = to[o][0];
    *y = to[o][1];
}

static inline ko_grey turned(const ko_grey *from, ko_orientation o)
{
    const bool swaps = o == KO_ORIENT_ROT90 || o == KO_ORIENT_ROT270 || o == KO_ORIENT_TRANSPOSE ||
                       o == KO_ORIENT_TRANSVERSE;
    const ko_grey out =
        raster_new(swaps ? from->height : from->width, swaps ? from->width : from->height);
    for (uint32_t y = 0; y < from->height; y++)
        for (uint32_t x = 0; x < from->width; x++) {
            uint32_t to_x = x;
            uint32_t to_y = y;
            turned_place(o, from->width, from->height, &to_x, &to_y);
            out.px[to_y * out.stride + to_x] = from->px[y * from->stride + x];
        }
    return out;
}

/* Means of 2x2 pixels, as a decoder makes them that leaves out the highest frequencies. */
static inline ko_grey halved(const ko_grey *from)
{
    const ko_grey out = raster_new((from->width + 1) / 2, (from->height + 1) / 2);
    for (uint32_t y = 0; y < out.height; y++)
        for (uint32_t x = 0; x < out.width; x++) {
            const size_t x0 = (size_t)2 * x;
            const size_t y0 = (size_t)2 * y;
            const size_t x1 = x0 + 1 < from->width ? x0 + 1 : x0;
            const size_t y1 = y0 + 1 < from->height ? y0 + 1 : y0;
            const uint8_t *upper = from->px + y0 * from->stride;
            const uint8_t *lower = from->px + y1 * from->stride;
            out.px[y * out.stride + x] =
                (uint8_t)((upper[x0] + upper[x1] + lower[x0] + lower[x1] + 2) / 4);
        }
    return out;
}

#endif
