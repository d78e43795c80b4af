/* A made-up drawing with corners at many scales, the same in no two orientations, seen
 * through any similarity. Pictures are freed with ko_free(px). */
#ifndef KO_TEST_DRAWING_H
#define KO_TEST_DRAWING_H

#include "base/alloc.h"

#include <knockoff/raster.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define DRAWING_CARDS 60
#define DRAWING_SIDE 400 /* pixels of the plain view */

static inline ko_grey raster_new(uint32_t width, uint32_t height)
{
    const ko_grey raster = {ko_alloc_zero((size_t)width * height, 1), width, height, width};
    assert_non_null(raster.px);
    return raster;
}

static inline ko_grey raster_of(uint32_t width, uint32_t height, uint8_t grey)
{
    const ko_grey raster = raster_new(width, height);
    memset(raster.px, grey, (size_t)width * height);
    return raster;
}

static inline uint32_t drawing_random(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 16;
}

/* Where a pixel of a view lies on the drawing: a similarity, x + iy -> a (x + iy) + b, of
 * x - iy when mirrored. */
typedef struct view {
    double ax, ay, bx, by;
    bool mirrored;
} view;

/* A view, side x side pixels, of the drawing's middle, turned clockwise and enlarged. */
static inline view view_of(double side, double degrees, double scale, bool mirrored)
{
    const double turn = -degrees * 3.14159265358979 / 180, middle = (side - 1) / 2;
    const double ax = cos(turn) / scale, ay = sin(turn) / scale;
    const double y = mirrored ? -middle : middle, centre = (DRAWING_SIDE - 1) / 2.;
    return (view){ax, ay, centre - (ax * middle - ay * y), centre - (ay * middle + ax * y),
                  mirrored};
}

static inline void on_drawing(const view *v, double x, double y, double *out_x, double *out_y)
{
    if (v->mirrored)
        y = -y;
    *out_x = v->ax * x - v->ay * y + v->bx;
    *out_y = v->ay * x + v->ax * y + v->by;
}

/* Cards of random grey, size and direction, each over those before it. */
typedef struct card {
    double x, y, cos, sin, width, height;
    uint8_t grey;
} card;

static inline void deal(card cards[DRAWING_CARDS])
{
    uint32_t seed = 7;
    for (size_t i = 0; i < DRAWING_CARDS; i++) {
        const double angle = drawing_random(&seed) / 65536. * 6.2832;
        const double size = 12 + 90. * (double)(DRAWING_CARDS - i) / DRAWING_CARDS;
        cards[i] = (card){drawing_random(&seed) / 65536. * DRAWING_SIDE,
                          drawing_random(&seed) / 65536. * DRAWING_SIDE,
                          cos(angle),
                          sin(angle),
                          size * (.4 + drawing_random(&seed) / 65536.),
                          size * (.4 + drawing_random(&seed) / 65536.),
                          (uint8_t)drawing_random(&seed)};
    }
}

static inline int grey_at(const card cards[DRAWING_CARDS], double x, double y)
{
    for (size_t i = DRAWING_CARDS; i-- > 0;) {
        const card *c = &cards[i];
        const double u = c->cos * (x - c->x) + c->sin * (y - c->y);
        const double v = c->cos * (y - c->y) - c->sin * (x - c->x);
        if (fabs(u) < c->width / 2 && fabs(v) < c->height / 2)
            return c->grey;
    }
    return 128;
}

/* What a view shows, side x side pixels, each the mean of 3 x 3 places. */
static inline ko_grey drawing_seen(uint32_t side, const view *v)
{
    card cards[DRAWING_CARDS];
    deal(cards);
    const ko_grey out = raster_new(side, side);
    for (uint32_t y = 0; y < side; y++)
        for (uint32_t x = 0; x < side; x++) {
            int sum = 4;
            for (int j = -1; j <= 1; j++)
                for (int i = -1; i <= 1; i++) {
                    double u, w;
                    on_drawing(v, x + i / 3., y + j / 3., &u, &w);
                    sum += grey_at(cards, u, w);
                }
            out.px[y * out.stride + x] = (uint8_t)(sum / 9);
        }
    return out;
}

#endif
