/* The fingerprints under which a work is looked for.
 *
 * A seller puts a work with transparent parts on paper, cloth or wood, whole or cut to
 * what is seen of it. Filtering is linear, so the thumbnail on any ground is that of the
 * light the work gives plus the ground times that of its transparency: two passes over
 * the pixels serve every ground. Grounds are tried from black to white, and as many kept
 * as it takes for each to be near one that is kept. */
#include "base/alloc.h"
#include "base/limits.h"
#include "base/status.h"
#include "fingerprint/opaque.h"
#include "fingerprint/pdq.h"

#include <assert.h>
#include <string.h>

/* --- the recipe --- */

/* From this alpha on a pixel is seen as part of the work. */
#define SEEN_FROM 128
/* Grey levels from one ground to the next. */
#define GROUND_STEP 5
/* A ground is covered by a kept one within so many bits. */
#define COVER_BITS 20
/* Any variant within so many bits of another finds nothing new. */
#define NEAR_BITS 8
/* Grounds kept without a search, in this order, unless covered: white paper, black cloth. */
static const struct {
    uint8_t ground;
    bool cropped;
} usual[] = {{255, false}, {255, true}, {0, false}, {0, true}};

#define CUTS 2 /* the whole canvas, and what is seen */
#define GROUNDS (UINT8_MAX / GROUND_STEP + 1)
#define CANDIDATES_MAX (CUTS * GROUNDS)
#define KEPT_MAX (KO_FP_VARIANTS_MAX / KO_ORIENT_COUNT)

/* --- one cut, filtered --- */

/* On ground g the thumbnail is light + g / 255 * clear. */
typedef struct layers {
    ko_fp_thumb light;
    ko_fp_thumb clear;
} layers;

#define REACH_MAX (KO_MAX_IMAGE_SIDE_PX / (2 * KO_FP_GRID_MAX) + 1)

/* How grid pixels see an axis of the cut. Where pixels are left out, a grid pixel is the
 * mean over its share of the axis around the pixel that would have been picked: a work
 * comes in full size, and its fine lines must not fall between the picks. */
typedef struct lens {
    uint32_t from;
    uint32_t picked[KO_FP_GRID_MAX]; /* by each grid pixel */
    uint32_t reach;                  /* pixels seen on either side of the picked one */
    uint32_t weight[REACH_MAX + 1];  /* by their distance from it */
} lens;

/* In units of 1 / (2 to) pixels a share is 2 from long and a pixel 2 to. */
static void lens_init(lens *l, uint32_t from, uint32_t to)
{
    const uint32_t pixel = 2 * to;
    uint32_t beyond = from > to ? from - to : 0; /* of the picked pixel, on either side */
    *l = (lens){.from = from, .weight = {pixel}};
    for (uint32_t k = 0; k < to; k++)
        l->picked[k] = ko_fp_grid_at(k, from, to);
    while (beyond) {
        const uint32_t part = beyond < pixel ? beyond : pixel;
        l->weight[++l->reach] = part;
        beyond -= part;
    }
    assert(l->reach <= REACH_MAX);
}

static uint32_t lens_first(const lens *l, uint32_t k)
{
    return l->picked[k] > l->reach ? l->picked[k] - l->reach : 0;
}

static uint32_t lens_last(const lens *l, uint32_t k)
{
    return l->picked[k] + l->reach < l->from ? l->picked[k] + l->reach : l->from - 1;
}

static uint32_t lens_weight(const lens *l, uint32_t k, uint32_t at)
{
    const uint32_t picked = l->picked[k];
    return l->weight[at > picked ? at - picked : picked - at];
}

/* A work and the part of it that is looked at. */
typedef struct cut {
    const ko_grey *luma;
    const ko_grey *alpha; /* NULL: opaque */
    ko_fp_box box;
    lens columns, rows;
} cut;

/* Light and transparency of a grid pixel. */
static void look(const cut *c, uint32_t x, uint32_t y, uint8_t *out_light, uint8_t *out_clear)
{
    const uint32_t right = lens_last(&c->columns, x);
    const uint32_t bottom = lens_last(&c->rows, y);
    uint64_t light = 0;
    uint64_t opaque = 0;
    uint64_t total = 0;
    for (uint32_t v = lens_first(&c->rows, y); v <= bottom; v++) {
        const uint64_t row_weight = lens_weight(&c->rows, y, v);
        const size_t row = c->box.y + v;
        for (uint32_t u = lens_first(&c->columns, x); u <= right; u++) {
            const uint64_t weight = row_weight * lens_weight(&c->columns, x, u);
            const size_t column = c->box.x + u;
            const uint64_t a = c->alpha ? c->alpha->px[c->alpha->stride * row + column] : UINT8_MAX;
            light += weight * a * c->luma->px[c->luma->stride * row + column];
            opaque += weight * a;
            total += weight;
        }
    }
    const double one = 1.0 / (double)total;
    *out_light = (uint8_t)((double)light * one / UINT8_MAX + 0.5);
    *out_clear = (uint8_t)(UINT8_MAX - (int)((double)opaque * one + 0.5));
}

static ko_status filter_cut(const ko_grey *luma, const ko_grey *alpha, ko_fp_box part,
                            layers *out_layers, ko_error *err)
{
    *out_layers = (layers){.light = {{{0}}}};
    const ko_fp_grid grid = ko_fp_grid_of(part.width, part.height);
    if (!ko_fp_hashable(grid))
        return KO_OK;
    const size_t n = (size_t)grid.width * grid.height;
    uint8_t *planes = ko_alloc_array(2, n);
    if (!planes)
        return ko_fail(err, KO_E_NOMEM, "layers of %u x %u px", grid.width, grid.height);
    const ko_grey light = {planes, grid.width, grid.height, grid.width};
    const ko_grey clear = {planes + n, grid.width, grid.height, grid.width};
    cut c = {.luma = luma, .alpha = alpha, .box = part};
    lens_init(&c.columns, part.width, grid.width);
    lens_init(&c.rows, part.height, grid.height);
    size_t k = 0;
    for (uint32_t y = 0; y < grid.height; y++)
        for (uint32_t x = 0; x < grid.width; x++, k++)
            look(&c, x, y, &light.px[k], &clear.px[k]);
    const ko_extent full = {grid.width, grid.height, 1};
    ko_fp_thumbnail(ko_simd_get(), &light, &full, &out_layers->light);
    ko_fp_thumbnail(ko_simd_get(), &clear, &full, &out_layers->clear);
    ko_free(planes);
    return KO_OK;
}

/* --- candidates: a cut on a ground --- */

typedef struct candidate {
    uint8_t ground;
    bool cropped;
    bool covered;
    ko_fp fp;
} candidate;

/* Coefficients of a cut on a ground; returns the quality. */
static int lay_on(const layers *work, uint8_t ground, ko_fp_dct *out_dct)
{
    ko_fp_thumb thumb;
    const float share = (float)ground / UINT8_MAX;
    for (size_t i = 0; i < KO_FP_THUMB_SIDE; i++)
        for (size_t j = 0; j < KO_FP_THUMB_SIDE; j++)
            thumb.px[i][j] = work->light.px[i][j] + share * work->clear.px[i][j];
    ko_fp_dct_of(&thumb, out_dct);
    return ko_fp_quality(&thumb);
}

/* The cuts and grounds that a work is tried with. */
typedef struct trial {
    bool has_ground;
    layers cuts[CUTS]; /* indexed by cropped */
    candidate all[CANDIDATES_MAX];
    size_t n;
    int quality; /* of the best, also when it is too plain to be a candidate */
} trial;

/* Adds a cut on a ground unless it is too plain there, as black ink is on black. */
static void try_ground(trial *t, bool cropped, uint8_t ground)
{
    ko_fp_dct dct;
    const int quality = lay_on(&t->cuts[cropped], ground, &dct);
    if (quality > t->quality)
        t->quality = quality;
    if (quality < KO_FP_QUALITY_MIN)
        return;
    candidate *c = &t->all[t->n++];
    *c = (candidate){.ground = ground, .cropped = cropped};
    ko_fp_bits(&dct, &c->fp);
}

static ko_status try_cut(trial *t, const ko_grey *luma, const ko_grey *alpha, bool cropped,
                         ko_error *err)
{
    const ko_fp_box canvas = {0, 0, luma->width, luma->height};
    const ko_fp_box part = cropped ? ko_fp_opaque_box(alpha, SEEN_FROM) : canvas;
    const ko_status st = filter_cut(luma, alpha, part, &t->cuts[cropped], err);
    if (st != KO_OK)
        return st;
    if (!t->has_ground) {
        try_ground(t, cropped, UINT8_MAX);
        return KO_OK;
    }
    for (int ground = 0; ground <= UINT8_MAX; ground += GROUND_STEP)
        try_ground(t, cropped, (uint8_t)ground);
    return KO_OK;
}

static bool covers(const candidate *a, const candidate *b)
{
    return ko_fp_distance(&a->fp, &b->fp) <= COVER_BITS;
}

/* Number of candidates that nothing kept so far covers and this one would. */
static size_t gain(const candidate *all, size_t n, const candidate *by)
{
    size_t sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += !all[i].covered && covers(by, &all[i]);
    return sum;
}

static void keep(candidate *all, size_t n, const candidate *chosen, const candidate **kept,
                 size_t *n_kept)
{
    kept[(*n_kept)++] = chosen;
    for (size_t i = 0; i < n; i++)
        all[i].covered = all[i].covered || covers(chosen, &all[i]);
}

/* Greedy set cover: the usual grounds, then whatever covers most of what is left. */
static size_t cover(candidate *all, size_t n, const candidate *kept[KEPT_MAX])
{
    size_t n_kept = 0;
    for (size_t k = 0; k < sizeof usual / sizeof *usual; k++)
        for (size_t i = 0; i < n; i++) {
            const candidate *c = &all[i];
            if (c->ground == usual[k].ground && c->cropped == usual[k].cropped && !c->covered)
                keep(all, n, c, kept, &n_kept);
        }
    while (n_kept < KEPT_MAX) {
        const candidate *best = NULL;
        size_t best_gain = 0;
        for (size_t i = 0; i < n; i++) {
            const size_t g = gain(all, n, &all[i]);
            if (g > best_gain) {
                best = &all[i];
                best_gain = g;
            }
        }
        if (!best)
            break;
        keep(all, n, best, kept, &n_kept);
    }
    return n_kept;
}

/* Appends the orientations that no variant is near. */
static size_t expand(const trial *t, const candidate *c, ko_fp_variant *variants, size_t n)
{
    ko_fp_dct dct;
    ko_fp fps[KO_ORIENT_COUNT];
    (void)lay_on(&t->cuts[c->cropped], c->ground, &dct);
    ko_fp_bits_all(&dct, fps);
    for (unsigned o = 0; o < KO_ORIENT_COUNT; o++) {
        bool is_near = false;
        for (size_t i = 0; i < n && !is_near; i++)
            is_near = ko_fp_distance(&variants[i].fp, &fps[o]) <= NEAR_BITS;
        if (!is_near)
            variants[n++] = (ko_fp_variant){.fp = fps[o],
                                            .orientation = (uint8_t)o,
                                            .ground = c->ground,
                                            .cropped = c->cropped,
                                            .has_ground = t->has_ground};
    }
    return n;
}

ko_status ko_fp_work(const ko_grey *luma, const ko_grey *alpha, ko_fp_variant *out_variants,
                     size_t *out_count, int *out_quality, ko_error *err)
{
    ko_status st = ko_fp_check_size(luma->width, luma->height, err);
    if (st != KO_OK)
        return st;
    trial t = {.has_ground = alpha && alpha->px && ko_fp_is_transparent(alpha)};
    if (!t.has_ground)
        alpha = NULL;
    assert(!alpha || (alpha->width == luma->width && alpha->height == luma->height));
    st = try_cut(&t, luma, alpha, false, err);
    if (st == KO_OK && alpha)
        st = try_cut(&t, luma, alpha, true, err);
    if (st != KO_OK)
        return st;
    const candidate *kept[KEPT_MAX];
    const size_t n_kept = cover(t.all, t.n, kept);
    size_t count = 0;
    for (size_t k = 0; k < n_kept; k++)
        count = expand(&t, kept[k], out_variants, count);
    *out_count = count;
    if (out_quality)
        *out_quality = t.quality;
    return KO_OK;
}
