/* From a decoded picture to keypoints and codes, stage by stage, and the kernels below it at
 * every level of this machine. The pictures are up to a hundred of the folder that is the
 * argument, or one made-up scene. */
#include "base/alloc.h"
#include "base/file.h"
#include "base/limits.h"
#include "bench.h"
#include "simd/simd.h"

#include <knockoff/features.h>
#include <knockoff/image.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PICTURES_MAX 100
#define SIDE_PX 800
#define KEYPOINTS 1000

typedef struct corpus {
    ko_grey pictures[PICTURES_MAX];
    ko_image images[PICTURES_MAX]; /* that own them; none for the scene */
    ko_pyramid *pyramids[PICTURES_MAX];
    size_t n;
} corpus;

static void load(corpus *c, const char *folder)
{
    ko_paths all = {0};
    ko_image_options options;
    ko_image_options_init(&options);
    options.min_side_px = SIDE_PX;
    if (ko_paths_walk(&all, folder, NULL, NULL) != KO_OK)
        return;
    for (size_t i = 0; i < all.count && c->n < PICTURES_MAX; i++) {
        ko_buf bytes = KO_BUF(KO_MAX_IMAGE_BYTES);
        if (ko_file_read(all.path[i], &bytes, NULL) == KO_OK &&
            ko_image_decode(bytes.data, bytes.size, &options, &c->images[c->n], NULL) == KO_OK) {
            c->pictures[c->n] = c->images[c->n].luma;
            c->n++;
        }
        ko_buf_free(&bytes);
    }
    ko_paths_free(&all);
}

/* Overlapping rectangles of random grey, with some noise. */
static void draw_scene(corpus *c)
{
    static uint8_t px[SIDE_PX * SIDE_PX];
    uint32_t seed = 1;
    for (size_t card = 0; card < 200; card++) {
        uint32_t v[5];
        for (size_t i = 0; i < 5; i++)
            v[i] = (seed = seed * 1664525u + 1013904223u) >> 16;
        const size_t x0 = v[0] % SIDE_PX, y0 = v[1] % SIDE_PX;
        for (size_t y = y0; y < y0 + 10 + v[2] % 150 && y < SIDE_PX; y++)
            for (size_t x = x0; x < x0 + 10 + v[3] % 150 && x < SIDE_PX; x++)
                px[y * SIDE_PX + x] = (uint8_t)(v[4] % 240 + (x * 7919 ^ y * 104729) % 16);
    }
    c->pictures[0] = (ko_grey){px, SIDE_PX, SIDE_PX, SIDE_PX};
    c->n = 1;
}

static void build_all(void *context)
{
    corpus *c = context;
    for (size_t i = 0; i < c->n; i++) {
        ko_pyramid_free(c->pyramids[i]);
        c->pyramids[i] = NULL;
        if (ko_pyramid_build(&c->pictures[i], SIDE_PX, &c->pyramids[i], NULL) != KO_OK)
            abort();
    }
}

static void find_all(void *context)
{
    const corpus *c = context;
    const ko_features_options options = {.max_keypoints = KEYPOINTS};
    for (size_t i = 0; i < c->n; i++) {
        ko_features f = {0};
        if (ko_features_find(c->pyramids[i], &options, &f, NULL) != KO_OK)
            abort();
        ko_features_free(&f);
    }
}

static void time_stages(ko_bench *bench, corpus *c)
{
    char what[40];
    (void)snprintf(what, sizeof what, "%zu pictures at %d px", c->n, SIDE_PX);
    ko_bench_case one = {.level = ko_simd_get()->name,
                         .corpus = what,
                         .item = "picture",
                         .items = (double)c->n,
                         .context = c};
    one.name = "pyramid";
    one.fn = build_all;
    ko_bench_run(bench, &one);
    one.name = "keypoints and codes";
    one.fn = find_all;
    ko_bench_run(bench, &one);
}

/* --- kernels --- */

#define ROWS KO_HISTOGRAM_ROWS
#define STRIDE ((ptrdiff_t)1024)
#define MARGIN 24

typedef struct plane {
    const ko_features_kernels *kernels;
    uint8_t *px; /* ROWS rows within MARGIN on all sides, as are the gradients */
    ko_gradient *grad;
    uint8_t *out;
    uint16_t *peaks;
} plane;

static void gradients(void *context)
{
    plane *p = context;
    for (ptrdiff_t y = 0; y < ROWS; y++)
        p->kernels->gradient_row(p->px + y * STRIDE, STRIDE, SIDE_PX, p->grad + y * STRIDE);
}

static void corners(void *context)
{
    plane *p = context;
    for (ptrdiff_t y = 0; y < ROWS; y++)
        p->kernels->corner_row(p->px + y * STRIDE, STRIDE, SIDE_PX, 7, p->out + y * STRIDE);
}

static void peaks(void *context)
{
    plane *p = context;
    for (ptrdiff_t y = 1; y + 1 < ROWS; y++)
        (void)p->kernels->peaks_row(p->out + (y - 1) * STRIDE, p->out + y * STRIDE,
                                    p->out + (y + 1) * STRIDE, SIDE_PX, p->peaks);
}

static void tensors(void *context)
{
    plane *p = context;
    ko_tensor sum;
    for (ptrdiff_t x = 0; x < SIDE_PX; x++)
        p->kernels->tensor(p->px + ROWS / 2 * STRIDE + x, STRIDE, &sum);
}

static void moments(void *context)
{
    plane *p = context;
    ko_moment moment;
    for (ptrdiff_t x = 0; x < SIDE_PX; x++)
        p->kernels->disc_moment(p->px + ROWS / 2 * STRIDE + x, STRIDE, &moment);
}

static void histograms(void *context)
{
    plane *p = context;
    uint8_t bins[KO_HISTOGRAM_BINS];
    for (int x = 0; x < SIDE_PX; x++) {
        const ko_patch patch = {(int16_t)x, ROWS / 2, KO_PATCH_ONE * 6 / 10, KO_PATCH_ONE * 8 / 10};
        p->kernels->histogram(p->grad, STRIDE, &patch, bins);
    }
}

static void time_kernels(ko_bench *bench, plane *p)
{
    const double pixels = ROWS * (double)SIDE_PX;
    const ko_bench_case cases[] = {
        {.name = "gradient_row", .item = "px", .items = pixels, .fn = gradients},
        {.name = "corner_row", .item = "px", .items = pixels, .fn = corners},
        {.name = "peaks_row", .item = "px", .items = pixels, .fn = peaks},
        {.name = "tensor", .item = "corner", .items = SIDE_PX, .fn = tensors},
        {.name = "disc_moment", .item = "keypoint", .items = SIDE_PX, .fn = moments},
        {.name = "histogram", .item = "keypoint", .items = SIDE_PX, .fn = histograms},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (int level = 0; level < KO_SIMD_LEVELS; level++) {
            const ko_simd *simd = ko_simd_at((ko_simd_level)level);
            if (!simd)
                continue;
            ko_bench_case one = cases[i];
            one.level = simd->name;
            one.corpus = "rows of a picture";
            one.context = p;
            p->kernels = &simd->features;
            ko_bench_run(bench, &one);
        }
}

static bool bench_kernels(ko_bench *bench, const ko_grey *picture)
{
    const size_t n = (size_t)STRIDE * (ROWS + 2 * MARGIN);
    const size_t middle = (size_t)STRIDE * MARGIN + MARGIN;
    uint8_t *px = ko_alloc_zero(n, 1), *out = ko_alloc_zero(n, 1);
    ko_gradient *grad = ko_alloc_zero(n, sizeof *grad);
    uint16_t *found = ko_alloc_array(SIDE_PX, sizeof *found);
    const bool ok = px && out && grad && found;
    if (ok) {
        for (size_t i = 0; i < n; i++)
            px[i] = picture->px[i / (size_t)STRIDE % picture->height * picture->stride +
                                i % (size_t)STRIDE % picture->width];
        plane p = {.px = px + middle, .grad = grad + middle, .out = out + middle, .peaks = found};
        time_kernels(bench, &p);
    }
    ko_free(px);
    ko_free(out);
    ko_free(grad);
    ko_free(found);
    return ok;
}

int main(int argc, char **argv)
{
    static corpus c;
    ko_bench bench;
    const int skip = argc > 1 && argv[1][0] != '-';
    if (!ko_bench_open(&bench, "bench_features", argc - skip, argv + skip))
        return ko_bench_usage("usage: bench_features [FOLDER] " KO_BENCH_OPTIONS "\n", argc, argv);
    if (skip)
        load(&c, argv[1]);
    else
        draw_scene(&c);
    bool ok = c.n > 0;
    if (ok) {
        time_stages(&bench, &c);
        ok = bench_kernels(&bench, &c.pictures[0]);
    }
    for (size_t i = 0; i < c.n; i++) {
        ko_pyramid_free(c.pyramids[i]);
        ko_image_free(&c.images[i]);
    }
    ko_bench_close(&bench);
    if (!ok)
        (void)fputs("bench_features: no pictures, or no memory\n", stderr);
    return ok ? 0 : 3;
}
