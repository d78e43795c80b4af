/* How long a fingerprint takes, decoding apart: the production path at every level of this
 * machine, all orientations, and the reference path beside them. */
#include "base/alloc.h"
#include "bench.h"
#include "fingerprint/pdq.h"

#include <knockoff/fingerprint.h>

#include <stdio.h>
#include <stdlib.h>

/* Few enough to stay in a second-level cache, where a decoder has just left them. */
#define PICTURES 2
#define ROUNDS 16
#define ITEMS ((size_t)PICTURES * ROUNDS)

/* The pictures of one case and what is done to them. */
typedef struct corpus {
    ko_grey luma[PICTURES];
    ko_rgb rgb[PICTURES];
    ko_extent full;
    const ko_simd *simd;
    unsigned sum; /* keeps the work from being optimised away */
} corpus;

/* Fingerprinting takes the same time whatever the pixels: noise over a slope will do. */
static void fill(corpus *c, uint32_t width, uint32_t height)
{
    const size_t n = (size_t)width * height;
    uint32_t noise = 1;
    c->full = (ko_extent){width, height, 1};
    for (size_t p = 0; p < PICTURES; p++) {
        c->luma[p] = (ko_grey){ko_alloc_array(n, 1), width, height, width};
        c->rgb[p] = (ko_rgb){ko_alloc_array(n, 3), width, height, (size_t)3 * width};
        if (!c->luma[p].px || !c->rgb[p].px)
            abort();
        for (size_t k = 0; k < n; k++) {
            noise = noise * 1664525u + 1013904223u;
            const uint8_t px = (uint8_t)(k % width * 200 / width + (noise >> 24) % 50);
            c->luma[p].px[k] = px;
            for (size_t channel = 0; channel < 3; channel++)
                c->rgb[p].px[3 * k + channel] = px;
        }
    }
}

static void empty(corpus *c)
{
    for (size_t p = 0; p < PICTURES; p++) {
        ko_free(c->luma[p].px);
        ko_free(c->rgb[p].px);
    }
}

/* What ko_fp_from_grey does, at a level of choice. */
static void hash_at_level(void *context)
{
    corpus *c = context;
    for (size_t k = 0; k < ITEMS; k++) {
        const size_t p = k % PICTURES;
        ko_fp_thumb thumb;
        ko_fp_dct dct;
        ko_fp fp;
        ko_fp_thumbnail(c->simd, &c->luma[p], &c->full, &thumb);
        ko_fp_dct_of(&thumb, &dct);
        ko_fp_bits(&dct, &fp);
        c->sum += (unsigned)fp.w[0] + (unsigned)ko_fp_quality(&thumb);
    }
}

static void hash_orientations(void *context)
{
    corpus *c = context;
    for (size_t k = 0; k < ITEMS; k++) {
        const size_t p = k % PICTURES;
        ko_fp fps[KO_ORIENT_COUNT];
        if (ko_fp_orientations(&c->luma[p], NULL, fps, NULL, NULL) == KO_OK)
            c->sum += (unsigned)fps[0].w[0];
    }
}

static void hash_reference(void *context)
{
    corpus *c = context;
    for (size_t k = 0; k < ITEMS; k++) {
        const size_t p = k % PICTURES;
        ko_fp fps[KO_ORIENT_COUNT];
        if (ko_fp_reference(&c->rgb[p], fps, NULL, NULL) == KO_OK)
            c->sum += (unsigned)fps[0].w[0];
    }
}

static void run_size(ko_bench *bench, uint32_t width, uint32_t height)
{
    static corpus c;
    char name[64];
    (void)snprintf(name, sizeof name, "%d pictures of %ux%u", PICTURES, width, height);
    fill(&c, width, height);
    ko_bench_case what = {.corpus = name, .item = "picture", .items = ITEMS, .context = &c};
    what.name = "fingerprint";
    what.fn = hash_at_level;
    for (unsigned level = 0; level < KO_SIMD_LEVELS; level++) {
        c.simd = ko_simd_at((ko_simd_level)level);
        if (!c.simd)
            continue;
        what.level = c.simd->name;
        ko_bench_run(bench, &what);
    }
    what.name = "8 orientations";
    what.level = ko_simd_get()->name;
    what.fn = hash_orientations;
    ko_bench_run(bench, &what);
    what.name = "reference, 8 orient.";
    what.level = "-";
    what.fn = hash_reference;
    ko_bench_run(bench, &what);
    empty(&c);
}

int main(int argc, char **argv)
{
    ko_bench bench;
    if (!ko_bench_open(&bench, "bench_hash", argc, argv))
        return ko_bench_usage("usage: bench_hash " KO_BENCH_OPTIONS "\n", argc, argv);
    run_size(&bench, 512, 512);
    run_size(&bench, 800, 800);
    ko_bench_close(&bench);
    return 0;
}
