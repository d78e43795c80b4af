/* Moves a claimed place to where the photo is most like the view.
 *
 * Matches of keypoints leave a place some pixels off, more on what is bent or folded. So each
 * block of a small picture of the view is looked for around where it should be, and the place
 * is fitted to where blocks were found (block matching; a claim has one plane, so blocks that
 * were found elsewhere by chance do not move it).
 *
 * That also tells how likely the claim is, in terms of the photo itself: of a view that is
 * there, most blocks are found in the middle of where they were looked for; of one that is
 * not, they are found anywhere. What covers the print, lights it or recolours it hides some
 * blocks and leaves the others where they are. Blocks count by how much they turn corners: a
 * simple shape has few such, and little about it that could be wrong. */
#include "match/part_patch.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define STRIDE KO_PART_PATCH_STRIDE
#define BLOCK KO_GRADIENT_BLOCK
/* Pixels of the look to each side; up to CENTRAL a block is where it should be, by chance one
 * in nine. */
#define REACH 4
#define CENTRAL 1
#define COARSE 2 /* the third look, of 64 px */
#define FINE 1   /* the second, of 104 */
#define COLUMNS_MAX (KO_PART_LOOK_SIDE / BLOCK)
#define BLOCKS_MAX (COLUMNS_MAX * COLUMNS_MAX)
/* Squared gradients of a block that is too plain to be found, 8 for one grey level a pixel. */
#define PLAIN_BLOCK (64 * 400)
#define FOUND .4f     /* likeness from which a block is where it was found */
#define TOLERANCE 2.f /* pixels of the look between a block and the plane */
#define PAIRS_MIN 4

/* One block of the view, and where the photo is most alike. */
typedef struct block {
    float contrast, best;
    int dx, dy;
} block;

typedef struct blocks {
    size_t columns, rows;
    block at[BLOCKS_MAX];
} blocks;

static bool is_central(const block *b)
{
    return abs(b->dx) <= CENTRAL && abs(b->dy) <= CENTRAL;
}

/* Compares a row of blocks with the photo, dx and dy pixels beside. */
static void try_row(const ko_part_look *k, const ko_parts_scratch *s, size_t row, int dx, int dy,
                    blocks *b)
{
    const size_t at = row * BLOCK * STRIDE, left = k->height - row * BLOCK;
    const size_t beside = (size_t)(REACH + dy) * STRIDE + (size_t)(REACH + dx);
    ko_gradient_sums sums[COLUMNS_MAX];
    ko_simd_get()->parts.gradient_sums(s->patch.view + at, s->patch.photo + at + beside,
                                       s->patch.seen + at, STRIDE, left < BLOCK ? left : BLOCK,
                                       b->columns, sums);
    for (size_t i = 0; i < b->columns; i++) {
        block *o = &b->at[row * b->columns + i];
        if (sums[i].all < PLAIN_BLOCK)
            continue;
        const float alike = ko_part_patch_alike(&sums[i]);
        if (alike > o->best) {
            o->best = alike;
            o->contrast = sqrtf((float)sums[i].aa);
            o->dx = dx;
            o->dy = dy;
        }
    }
}

static void find_blocks(const ko_part_view *view, const ko_part_look *k, const ko_part_claim *c,
                        ko_parts_scratch *s, blocks *b)
{
    b->columns = (k->width + BLOCK - 1) / BLOCK;
    b->rows = (k->height + BLOCK - 1) / BLOCK;
    assert(b->columns <= COLUMNS_MAX && b->rows <= COLUMNS_MAX);
    memset(b->at, 0, b->columns * b->rows * sizeof *b->at);
    ko_part_patch_photo(view, k, c, REACH, s);
    ko_part_patch_view(k, c->ground, s);
    for (size_t row = 0; row < b->rows; row++)
        for (int dy = -REACH; dy <= REACH; dy++)
            for (int dx = -REACH; dx <= REACH; dx++)
                try_row(k, s, row, dx, dy, b);
}

/* From each block's centre in the view, as seen, to where the photo has it. */
static size_t pair_blocks(const ko_part_view *view, const ko_part_look *k, const ko_part_claim *c,
                          const blocks *b, ko_part_pair *out)
{
    const float step = c->variant & KO_VARIANT_MIRRORED ? -1 / k->scale : 1 / k->scale;
    const float half = .5f * (BLOCK - 1) + .5f, edge = -.5f;
    size_t n = 0;
    for (size_t i = 0; i < b->columns * b->rows; i++) {
        const block *o = &b->at[i];
        if (o->best < FOUND)
            continue;
        const size_t column = i % b->columns, row = i / b->columns;
        const float lx = (float)(column * BLOCK) + half, ly = (float)(row * BLOCK) + half;
        const float x = step < 0 ? (float)view->width + lx * step + edge : lx * step + edge;
        const float y = ly / k->scale + edge;
        const ko_part_spot at =
            ko_part_project(&c->model, x + (float)o->dx * step, y + (float)o->dy / k->scale);
        out[n++] = (ko_part_pair){x, y, at.u, at.v, o->contrast * o->best * o->best};
    }
    return n;
}

static void move(const ko_part_view *view, const ko_part_look *k, const blocks *b,
                 ko_parts_scratch *s, ko_part_claim *c)
{
    static_assert(BLOCKS_MAX <= KO_PART_PAIRS_MAX, "every block may be a pair");
    const float width = (float)view->width, height = (float)view->height;
    const float look_px = c->side_px / sqrtf(width * height) / k->scale;
    const size_t n = pair_blocks(view, k, c, b, s->pairs);
    const ko_part_kind kind = n < 6    ? KO_PART_SIMILARITY
                              : n < 12 ? KO_PART_AFFINE
                                       : KO_PART_HOMOGRAPHY;
    ko_part_model moved = c->model;
    float side_px;
    if (n >= PAIRS_MIN &&
        ko_part_refit(s->pairs, n, kind, fmaxf(width, height), TOLERANCE * look_px, s->near,
                      &moved) &&
        ko_part_plausible(&moved, width, height, &side_px)) {
        c->model = moved;
        c->side_px = side_px;
    }
}

/* How far a block's gradients are from having one direction, 0..1: one less the coherence of
 * their structure tensor (Bigun and Granlund, "Optimal orientation detection of linear
 * symmetry", 1987). A straight edge is found anywhere along itself, and in any photo. */
static float corner_of(const ko_part_look *k, const ko_parts_scratch *s, size_t row, size_t column)
{
    const size_t below = (row + 1) * BLOCK < k->height ? (row + 1) * BLOCK : k->height;
    float xx = 0, yy = 0, xy = 0;
    for (size_t y = row * BLOCK; y < below; y++)
        for (size_t i = y * STRIDE + column * BLOCK; i < y * STRIDE + (column + 1) * BLOCK; i++) {
            const ko_slope g = s->patch.view[i];
            const float seen = (float)-s->patch.seen[i];
            xx += seen * (float)(g.x * g.x);
            yy += seen * (float)(g.y * g.y);
            xy += seen * (float)(g.x * g.y);
        }
    return 1 - hypotf(xx - yy, 2 * xy) / fmaxf(xx + yy, 1);
}

static void count_corners(const ko_part_look *k, const ko_parts_scratch *s, const blocks *b,
                          ko_part_claim *c)
{
    c->corners = c->central = 0;
    for (size_t i = 0; i < b->columns * b->rows; i++) {
        if (!(b->at[i].best > 0))
            continue;
        const float corner = corner_of(k, s, i / b->columns, i % b->columns);
        c->corners += corner;
        c->central += is_central(&b->at[i]) ? corner : 0;
    }
}

void ko_part_align(const ko_part_view *view, ko_parts_scratch *s, ko_part_claim *claim,
                   ko_part_depth depth)
{
    assert(claim->side_px > 0);
    blocks b;
    const size_t finest = ko_part_patch_finest(view, claim);
    const size_t wanted = depth == KO_PART_FINE ? FINE : COARSE;
    const ko_part_look *k = &view->looks[finest > wanted ? finest : wanted];
    find_blocks(view, k, claim, s, &b);
    count_corners(k, s, &b, claim);
    move(view, k, &b, s, claim);
}
