/* Works drawn on the spot, and photos that show them: warped into clutter, mirrored,
 * inverted, small. Rasters are freed with ko_free(px). */
#ifndef KO_TEST_PART_SCENE_H
#define KO_TEST_PART_SCENE_H

#include "base/alloc.h"
#include "match/parts.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static inline uint32_t scene_random(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 16;
}

static inline double scene_share(uint32_t *state)
{
    return scene_random(state) / 65536.;
}

static inline ko_grey raster_new(uint32_t width, uint32_t height, uint8_t grey)
{
    const ko_grey r = {ko_alloc_array(height, width), width, height, width};
    assert_non_null(r.px);
    memset(r.px, grey, (size_t)width * height);
    return r;
}

/* Turned boxes and ellipses of random grey, within a share of the raster. */
static inline void draw_shapes(const ko_grey *out, const ko_grey *alpha, unsigned n, double spread,
                               uint32_t seed)
{
    for (unsigned i = 0; i < n; i++) {
        const double cx = (.5 + spread * (scene_share(&seed) - .5)) * out->width;
        const double cy = (.5 + spread * (scene_share(&seed) - .5)) * out->height;
        const double a = (.02 + .12 * scene_share(&seed)) * out->width;
        const double b = (.02 + .06 * scene_share(&seed)) * out->width;
        const double turn = 3.14159 * scene_share(&seed), c = cos(turn), s = sin(turn);
        const uint8_t grey = (uint8_t)scene_random(&seed);
        const bool round = scene_random(&seed) % 2;
        for (uint32_t y = 0; y < out->height; y++)
            for (uint32_t x = 0; x < out->width; x++) {
                const double u = (c * (x - cx) + s * (y - cy)) / a;
                const double v = (c * (y - cy) - s * (x - cx)) / b;
                if (round ? u * u + v * v > 1 : fabs(u) > 1 || fabs(v) > 1)
                    continue;
                out->px[y * out->stride + x] = grey;
                if (alpha)
                    alpha->px[y * alpha->stride + x] = 255;
            }
    }
}

/* A drawing that covers its canvas. */
static inline ko_grey draw_work(uint32_t width, uint32_t height, uint32_t seed)
{
    const ko_grey r = raster_new(width, height, 200);
    draw_shapes(&r, NULL, 60, 1, seed);
    return r;
}

static inline ko_grey draw_clutter(uint32_t width, uint32_t height, uint32_t seed)
{
    const ko_grey r = raster_new(width, height, 128);
    draw_shapes(&r, NULL, 90, 1.1, seed);
    return r;
}

/* How a work is put into a photo. */
typedef struct print {
    double quad[8]; /* where its corners come to lie, clockwise from its own top left */
    bool inverted;
} print;

/* The homography that takes the unit square to a quad (Heckbert, "Fundamentals of Texture
 * Mapping", 1989). */
static inline void square_to_quad(const double q[8], double h[9])
{
    const double dx1 = q[2] - q[4], dx2 = q[6] - q[4], dx3 = q[0] - q[2] + q[4] - q[6];
    const double dy1 = q[3] - q[5], dy2 = q[7] - q[5], dy3 = q[1] - q[3] + q[5] - q[7];
    const double d = dx1 * dy2 - dx2 * dy1;
    h[6] = (dx3 * dy2 - dx2 * dy3) / d;
    h[7] = (dx1 * dy3 - dx3 * dy1) / d;
    h[8] = 1;
    for (size_t i = 0; i < 2; i++) {
        h[3 * i] = q[2 + i] - q[i] + h[6] * q[2 + i];
        h[3 * i + 1] = q[6 + i] - q[i] + h[7] * q[6 + i];
        h[3 * i + 2] = q[i];
    }
}

static inline double minor_of(const double h[9], size_t r, size_t c)
{
    const size_t a = (r + 1) % 3 * 3, b = (r + 2) % 3 * 3, i = (c + 1) % 3, k = (c + 2) % 3;
    return h[a + i] * h[b + k] - h[a + k] * h[b + i];
}

#define SAMPLES 4 /* a pixel and direction: small prints must not alias */

/* Prints work (with alpha, or NULL) into photo. */
static inline void print_work(const ko_grey *photo, const ko_grey *work, const ko_grey *alpha,
                              const print *p)
{
    double h[9], inverse[9];
    square_to_quad(p->quad, h);
    for (size_t r = 0; r < 3; r++)
        for (size_t c = 0; c < 3; c++)
            inverse[3 * r + c] = minor_of(h, c, r);
    for (uint32_t y = 0; y < photo->height; y++)
        for (uint32_t x = 0; x < photo->width; x++) {
            uint8_t *px = &photo->px[y * photo->stride + x];
            double sum = 0;
            for (int s = 0; s < SAMPLES * SAMPLES; s++) {
                const int column = s % SAMPLES, row = s / SAMPLES;
                const double fx = x + (column + .5) / SAMPLES;
                const double fy = y + (row + .5) / SAMPLES;
                const double w = inverse[6] * fx + inverse[7] * fy + inverse[8];
                const double u = (inverse[0] * fx + inverse[1] * fy + inverse[2]) / w;
                const double v = (inverse[3] * fx + inverse[4] * fy + inverse[5]) / w;
                double grey = *px;
                if (u >= 0 && u < 1 && v >= 0 && v < 1) {
                    const size_t at =
                        (size_t)(v * work->height) * work->stride + (size_t)(u * work->width);
                    const uint8_t ink = p->inverted ? (uint8_t)~work->px[at] : work->px[at];
                    grey = alpha && alpha->px[at] < 128 ? grey : ink;
                }
                sum += grey;
            }
            *px = (uint8_t)(sum / (SAMPLES * SAMPLES) + .5);
        }
}

/* Whether a point lies in a quad, whichever way round it goes. */
static inline bool is_in_quad(const double q[8], double x, double y)
{
    int left = 0, right = 0;
    for (int i = 0; i < 8; i += 2) {
        const int k = (i + 2) % 8;
        const double side = (q[k] - q[i]) * (y - q[i + 1]) - (q[k + 1] - q[i + 1]) * (x - q[i]);
        left += side >= 0;
        right += side <= 0;
    }
    return left == 4 || right == 4;
}

/* Intersection over union, counted on pixels. */
static inline double quad_iou(const double truth[8], const float found[8], const ko_grey *photo)
{
    double f[8];
    size_t both = 0, any = 0;
    for (int i = 0; i < 8; i++)
        f[i] = found[i];
    for (uint32_t y = 0; y < photo->height; y++)
        for (uint32_t x = 0; x < photo->width; x++) {
            const bool a = is_in_quad(truth, x + .5, y + .5), b = is_in_quad(f, x + .5, y + .5);
            both += a && b;
            any += a || b;
        }
    return any ? (double)both / (double)any : 0;
}

/* Up to WORKS_MAX works and an index over them. */
#define WORKS_MAX 24

typedef struct gallery {
    size_t n;
    ko_grey work[WORKS_MAX], alpha[WORKS_MAX];
    ko_part_view *view[WORKS_MAX];
    ko_parts *parts;
} gallery;

static inline void gallery_open(gallery *g, size_t n, unsigned jobs)
{
    uint32_t works[WORKS_MAX] = {0};
    *g = (gallery){.n = n};
    for (uint32_t i = 0; i < n; i++) {
        g->work[i] = draw_work(300 + 20 * (i % 5), 360, 1000 + i);
        works[i] = i;
        assert_int_equal(ko_part_view_make(&g->work[i], NULL, &g->view[i], NULL), KO_OK);
        assert_true(ko_part_view_keypoints(g->view[i]) > 100);
    }
    const ko_part_view *const *views = (const ko_part_view *const *)g->view;
    assert_int_equal(ko_parts_build(views, works, n, n, n, jobs, &g->parts, NULL), KO_OK);
}

static inline void gallery_close(gallery *g)
{
    ko_parts_free(g->parts);
    for (size_t i = 0; i < g->n; i++) {
        ko_part_view_free(g->view[i]);
        ko_free(g->work[i].px);
        ko_free(g->alpha[i].px);
    }
}

#endif
