/* The last look: is what the photo shows at the claimed place alike, edge by edge?
 *
 * The place is rectified to the size of a small picture of the view, and gradients are
 * compared in blocks: absolutely, since a print may be lighter or darker than its work in
 * one part and not in another; on the ground that fits best; and only where the view is
 * opaque. Two sizes are looked at: the finer one knows details, the coarser one forgives
 * folds and blur. */
#include "match/part_claim.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#define STRIDE KO_PART_LOOK_SIDE
#define BLOCKS (STRIDE / KO_GRADIENT_BLOCK)
/* A look that is this much of the print's longer side still has its details. */
#define FINE_ENOUGH .6f
/* A level of the photo this much finer than the look does not alias yet. */
#define LEVEL_NEAR 1.05f
/* Above this clearness a pixel shows the ground; its neighbours' edge still counts. */
#define CLEAR_FROM 239
/* Squared gradients, 8 for one grey level a pixel: of a block that is plain, in total, and
 * of noise and JPEG on a pixel. */
#define PLAIN_BLOCK (64 * 100)
#define NOISE_BLOCK (64 * 400.f)
#define ALIKE .4f /* likeness from which a block counts as shown */

static_assert(STRIDE % KO_GRADIENT_BLOCK == 0, "a row is whole blocks");

/* --- rectifying --- */

/* From pixels of the look to pixels of a level of the photo: both have pixel centres at
 * whole numbers, so scaling shifts by half pixels. */
static void chain(const ko_part_view *view, const ko_part_look *k, const ko_part_claim *c,
                  const ko_level *level, float out[9])
{
    const double *h = c->model.h;
    const double f = 1 / (double)k->scale, o = .5 * f - .5;
    const bool mirrored = c->variant & KO_VARIANT_MIRRORED;
    const double fx = mirrored ? -f : f, ox = mirrored ? (double)view->width - 1 - o : o;
    const double g = 1 / (double)level->scale, og = .5 * g - .5;
    double m[9];
    for (size_t r = 0; r < 9; r += 3) {
        m[r] = h[r] * fx;
        m[r + 1] = h[r + 1] * f;
        m[r + 2] = h[r] * ox + h[r + 1] * o + h[r + 2];
    }
    for (size_t i = 0; i < 3; i++) {
        out[i] = (float)(g * m[i] + og * m[6 + i]);
        out[3 + i] = (float)(g * m[3 + i] + og * m[6 + i]);
        out[6 + i] = (float)m[6 + i];
    }
}

static const ko_level *level_for(const ko_pyramid *pyramid, float scale)
{
    size_t i = 0;
    while (i + 1 < pyramid->n && pyramid->level[i + 1].scale < scale * LEVEL_NEAR)
        i++;
    return &pyramid->level[i];
}

static void rectify(const ko_part_view *view, const ko_part_look *k, const ko_part_claim *c,
                    ko_parts_scratch *s)
{
    const float per_view = c->side_px / sqrtf((float)view->width * (float)view->height);
    const ko_level *level = level_for(s->photo.pyramid, per_view / k->scale);
    ko_rectify r = {.px = level->px,
                    .stride = (size_t)level->stride,
                    .right = (float)(level->width - 2),
                    .below = (float)(level->height - 2)};
    chain(view, k, c, level, r.h);
    for (uint32_t y = 0; y < k->height; y++)
        ko_simd_get()->parts.rectify_row(&r, y, k->width, s->look.photo + (size_t)y * STRIDE,
                                         s->look.inside + (size_t)y * STRIDE);
}

/* --- comparing --- */

/* The loops over pixels have no branches, so that the compiler may take many at a time. */

/* Sobel's gradients, 8 for one grey level a pixel; 0 on the border and right of it. */
static void slopes(const uint8_t *restrict in, const ko_part_look *k, ko_slope *restrict out)
{
    memset(out, 0, (size_t)k->height * STRIDE * sizeof *out);
    for (size_t y = 1; y + 1 < k->height; y++) {
        const uint8_t *a = in + (y - 1) * STRIDE, *b = a + STRIDE, *c = b + STRIDE;
        ko_slope *o = out + y * STRIDE;
        for (size_t x = 1; x + 1 < k->width; x++) {
            o[x].x =
                (int16_t)(2 * (b[x + 1] - b[x - 1]) + a[x + 1] - a[x - 1] + c[x + 1] - c[x - 1]);
            o[x].y = (int16_t)(2 * (c[x] - a[x]) + c[x - 1] - a[x - 1] + c[x + 1] - a[x + 1]);
        }
    }
}

static uint8_t lesser(uint8_t a, uint8_t b)
{
    return a < b ? a : b;
}

/* Whether a pixel of the view or one beside it is opaque. */
static bool is_opaque_near(const uint8_t *clear, size_t stride)
{
    const uint8_t beside = lesser(clear[-1], clear[1]);
    const uint8_t above_or_below = lesser(*(clear - stride), clear[stride]);
    return lesser(lesser(clear[0], beside), above_or_below) < CLEAR_FROM;
}

/* Marks the pixels whose gradients may be compared. */
static void mark_seen(const ko_part_look *k, const uint8_t *restrict all_inside,
                      int32_t *restrict seen)
{
    memset(seen, 0, (size_t)k->height * STRIDE * sizeof *seen);
    for (size_t y = 1; y + 1 < k->height; y++) {
        const uint8_t *inside = all_inside + y * STRIDE;
        int32_t *out = seen + y * STRIDE;
        for (size_t x = 1; x + 1 < k->width; x++)
            out[x] = -(inside[x] & inside[x - STRIDE - 1] & inside[x + STRIDE + 1]);
        const uint8_t *clear = k->clear ? k->clear + y * k->width : NULL;
        for (size_t x = 1; clear && x + 1 < k->width; x++)
            out[x] &= -is_opaque_near(clear + x, k->width);
    }
}

static void draw_on_ground(const ko_part_look *k, uint8_t ground, uint8_t *restrict out)
{
    for (size_t y = 0; y < k->height; y++, out += STRIDE) {
        const uint8_t *light = k->light + y * k->width;
        if (!k->clear) {
            memcpy(out, light, k->width);
            continue;
        }
        const uint8_t *clear = k->clear + y * k->width;
        for (size_t x = 0; x < k->width; x++) {
            const unsigned sum = light[x] + (ground * (unsigned)clear[x] + 127) / 255;
            out[x] = (uint8_t)(sum > UINT8_MAX ? UINT8_MAX : sum);
        }
    }
}

typedef struct likeness {
    float alike; /* mean absolute correlation of blocks, weighted by the view's contrast */
    float cover; /* share of its contrast that could be compared */
    float share; /* share of its contrast in blocks that are alike */
} likeness;

static likeness compare(const ko_part_look *k, const ko_parts_scratch *s)
{
    const size_t n = (k->width + KO_GRADIENT_BLOCK - 1) / KO_GRADIENT_BLOCK;
    float total = 1e-6f, inside = 1e-6f, sum = 0, shown = 0;
    for (size_t y = 0; y < k->height; y += KO_GRADIENT_BLOCK) {
        const size_t left = k->height - y, at = y * STRIDE;
        ko_gradient_sums block[BLOCKS];
        ko_simd_get()->parts.gradient_sums(
            s->look.view_slopes + at, s->look.photo_slopes + at, s->look.seen + at, STRIDE,
            left < KO_GRADIENT_BLOCK ? left : KO_GRADIENT_BLOCK, n, block);
        for (size_t i = 0; i < n; i++) {
            if (block[i].all < PLAIN_BLOCK)
                continue;
            const float aa = (float)block[i].aa, weight = sqrtf(aa);
            const float r =
                fabsf((float)block[i].ab) / sqrtf(aa * (float)block[i].bb + NOISE_BLOCK * aa + 1);
            total += sqrtf((float)block[i].all);
            inside += weight;
            sum += weight * r;
            shown += r >= ALIKE ? weight : 0;
        }
    }
    return (likeness){sum / inside, inside / total, shown / total};
}

/* One size, on the ground that fits best. */
static likeness look(const ko_part_view *view, const ko_part_look *k, const ko_part_claim *c,
                     ko_parts_scratch *s)
{
    rectify(view, k, c, s);
    slopes(s->look.photo, k, s->look.photo_slopes);
    mark_seen(k, s->look.inside, s->look.seen);
    likeness best = {0};
    for (uint32_t g = 0; g < view->n_grounds; g++) {
        draw_on_ground(k, ko_part_ground(g), s->look.view);
        slopes(s->look.view, k, s->look.view_slopes);
        const likeness now = compare(k, s);
        if (now.alike > best.alike)
            best = now;
    }
    return best;
}

void ko_part_look_at(const ko_part_view *view, ko_parts_scratch *s, ko_part_claim *claim)
{
    assert(claim->side_px > 0);
    const float width = (float)view->width, height = (float)view->height;
    const float longest = claim->side_px * sqrtf(fmaxf(width, height) / fminf(width, height));
    size_t i = KO_PART_LOOKS - 2;
    while (i > 0 &&
           fmaxf((float)view->looks[i].width, (float)view->looks[i].height) < longest * FINE_ENOUGH)
        i--;
    const likeness fine = look(view, &view->looks[i], claim, s);
    const likeness coarse = look(view, &view->looks[i + 1], claim, s);
    claim->fine = fine.alike;
    claim->coarse = coarse.alike;
    claim->cover = fine.cover;
    claim->share = fminf(fine.share, 1);
}
