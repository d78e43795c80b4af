/* The last look: is what the photo shows at the claimed place alike, edge by edge?
 *
 * The place is rectified to the size of a small picture of the view, and gradients are
 * compared in blocks: absolutely, since a print may be lighter or darker than its work in
 * one part and not in another; on the ground that fits best; and only where the view is
 * opaque. Two sizes are looked at: the finer one knows details, the coarser one forgives
 * folds and blur. */
#include "match/part_patch.h"

#include <assert.h>
#include <math.h>

#define STRIDE KO_PART_PATCH_STRIDE
#define BLOCKS (STRIDE / KO_GRADIENT_BLOCK)
/* Squared gradients of a block that is plain, 8 for one grey level a pixel. */
#define PLAIN_BLOCK (64 * 100)
#define ALIKE .4f /* likeness from which a block counts as shown */

static_assert(STRIDE % KO_GRADIENT_BLOCK == 0, "a row is whole blocks");

typedef struct likeness {
    float alike; /* mean absolute correlation of blocks, weighted by the view's contrast */
    float share; /* share of its contrast in blocks that are alike */
} likeness;

static void mark_inside(const ko_part_look *k, const uint8_t *restrict inside,
                        int32_t *restrict seen)
{
    for (size_t y = 1; y + 1 < k->height; y++)
        for (size_t i = y * STRIDE + 1; i + 1 < y * STRIDE + k->width; i++)
            seen[i] &= -(inside[i] & inside[i - STRIDE - 1] & inside[i + STRIDE + 1]);
}

static likeness compare(const ko_part_look *k, const ko_parts_scratch *s)
{
    const size_t n = (k->width + KO_GRADIENT_BLOCK - 1) / KO_GRADIENT_BLOCK;
    float total = 1e-6f, inside = 1e-6f, sum = 0, shown = 0;
    for (size_t y = 0; y < k->height; y += KO_GRADIENT_BLOCK) {
        const size_t left = k->height - y, at = y * STRIDE;
        ko_gradient_sums block[BLOCKS];
        ko_simd_get()->parts.gradient_sums(
            s->patch.view + at, s->patch.photo + at, s->patch.seen + at, STRIDE,
            left < KO_GRADIENT_BLOCK ? left : KO_GRADIENT_BLOCK, n, block);
        for (size_t i = 0; i < n; i++) {
            if (block[i].all < PLAIN_BLOCK)
                continue;
            const float weight = sqrtf((float)block[i].aa);
            const float r = ko_part_patch_alike(&block[i]);
            total += sqrtf((float)block[i].all);
            inside += weight;
            sum += weight * r;
            shown += r >= ALIKE ? weight : 0;
        }
    }
    return (likeness){sum / inside, shown / total};
}

static likeness look_on(const ko_part_look *k, uint32_t ground, ko_parts_scratch *s)
{
    ko_part_patch_view(k, ground, s);
    mark_inside(k, s->patch.inside, s->patch.seen);
    return compare(k, s);
}

/* On the ground that fits best, which the claim keeps. */
static likeness look_on_grounds(const ko_part_view *view, const ko_part_look *k,
                                ko_parts_scratch *s, ko_part_claim *c)
{
    likeness best = {0};
    for (uint32_t g = 0; g < view->n_grounds; g++) {
        const likeness now = look_on(k, g, s);
        if (now.alike > best.alike) {
            best = now;
            c->ground = g;
        }
    }
    return best;
}

void ko_part_look_at(const ko_part_view *view, ko_parts_scratch *s, ko_part_claim *claim,
                     ko_part_depth depth)
{
    assert(claim->side_px > 0);
    const size_t i = ko_part_patch_finest(view, claim) + (depth == KO_PART_COARSE);
    const ko_part_look *k = &view->looks[i];
    ko_part_patch_photo(view, k, claim, 0, s);
    const likeness now =
        depth == KO_PART_FINE ? look_on(k, claim->ground, s) : look_on_grounds(view, k, s, claim);
    *(depth == KO_PART_FINE ? &claim->fine : &claim->coarse) = now.alike;
    claim->share = fminf(now.share, 1);
}
