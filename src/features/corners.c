/* Corners that a work and its photo both have.
 *
 * FAST (Rosten and Drummond, "Machine learning for high-speed corner detection", 2006)
 * with 9 points of the ring finds them on each level; its score, the largest threshold at
 * which a pixel is still a corner, tells the best of 3 x 3 pixels. Harris and Stephens ("A
 * combined corner and edge detector", 1988) ranks them: a corner of FAST may be the jag of
 * an edge. Corners are kept cell by cell, so that one busy pattern does not get all of
 * them: half a work may be hidden, and its quiet half must be found as well. */
#include "features/corners.h"

#include "base/alloc.h"
#include "features/gradients.h"
#include "simd/simd.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Grey levels. Low, for pale drawings: ranking removes what is too much. */
#define THRESHOLD 7
/* Side of a cell, pixels of its level: about what a descriptor covers. */
#define CELL 24
/* Corners of a cell that are ranked, by FAST's score. */
#define CELL_ROOM 8
/* The best of each cell that come before all others of a level. */
#define CELL_FIRST 3
/* Harris's k: below this share of trace^2 the determinant is an edge's. */
#define HARRIS_K 0.04
/* Makes responses of everyday size: gradients are 128 times the grey levels a pixel. */
#define RESPONSE_UNIT 1e-10
#define RESPONSE_MIN 1e-3f
#define TENSOR_REACH (KO_TENSOR_SIDE / 2)

/* The corners of one cell that FAST found, in any order. */
typedef struct cell {
    uint8_t n;
    uint8_t lowest; /* of a full cell, the first with the lowest score */
    uint8_t score[CELL_ROOM];
    uint32_t place[CELL_ROOM];
} cell;

/* The cells of a level, row by row. */
typedef struct grid {
    size_t columns, n;
    cell *cells;
} grid;

/* A corner while it is compared with those of its level, as one number, so that the better
 * of two is the higher: whether it is among CELL_FIRST of its cell; Harris's response, a
 * float above 0, whose bits are in its order; and its place, first in reading order. */
typedef uint64_t candidate;

#define FIRST ((candidate)1 << 63)

/* Three rows of scores at a time, with a zero on both sides. */
typedef struct score_rows {
    uint8_t *row[3];
    uint16_t *peaks;
} score_rows;

/* --- one level --- */

static uint32_t place_of(size_t x, size_t y)
{
    return (uint32_t)(y << 16 | x);
}

static candidate candidate_of(uint32_t place, float response)
{
    uint32_t bits;
    memcpy(&bits, &response, sizeof bits);
    return (candidate)bits << 32 | (uint32_t)~place;
}

static ko_corner corner_of(candidate c, uint8_t level)
{
    const uint32_t bits = (uint32_t)(c >> 32) & ~(uint32_t)(FIRST >> 32), place = ~(uint32_t)c;
    ko_corner corner = {(int16_t)(place & UINT16_MAX), (int16_t)(place >> 16), 0, level};
    memcpy(&corner.response, &bits, sizeof bits);
    return corner;
}

/* Of a score and where it stands as one number, so that there is nothing to guess wrong. */
static void find_lowest(cell *c)
{
    unsigned lowest = UINT16_MAX;
    for (unsigned i = 0; i < CELL_ROOM; i++) {
        const unsigned one = c->score[i] * CELL_ROOM + i;
        lowest = one < lowest ? one : lowest;
    }
    c->lowest = (uint8_t)(lowest % CELL_ROOM);
}

/* Puts a corner into its cell, in place of the lowest when it is full. */
static void offer(cell *c, uint32_t place, uint8_t score)
{
    const bool full = c->n == CELL_ROOM;
    if (full && score <= c->score[c->lowest])
        return;
    const uint8_t at = full ? c->lowest : c->n++;
    c->score[at] = score;
    c->place[at] = place;
    if (c->n == CELL_ROOM)
        find_lowest(c);
}

/* Fills the grid with the peaks of FAST's score, row by row. */
static void scan_level(const ko_level *level, score_rows *scores, grid *g)
{
    const ko_features_kernels *kernels = &ko_simd_get()->features;
    const size_t width = (size_t)level->width;
    for (size_t i = 0; i < 3; i++)
        memset(scores->row[i], 0, width + 2);
    for (int32_t y = 0; y <= level->height; y++) {
        uint8_t *below = scores->row[y % 3] + 1;
        if (y < level->height)
            kernels->corner_row(level->px + y * level->stride, level->stride, width, THRESHOLD,
                                below);
        else
            memset(below, 0, width);
        if (y == 0)
            continue;
        const uint8_t *above = scores->row[(y + 1) % 3] + 1;
        const uint8_t *row = scores->row[(y + 2) % 3] + 1;
        const size_t n = kernels->peaks_row(above, row, below, width, scores->peaks);
        const size_t of_row = (size_t)y - 1;
        for (size_t i = 0; i < n; i++) {
            const size_t x = scores->peaks[i];
            assert(x / CELL < g->columns);
            offer(&g->cells[of_row / CELL * g->columns + x / CELL], place_of(x, of_row), row[x]);
        }
    }
}

static bool has_gradients(int32_t place, int32_t pixels)
{
    return place >= -KO_GRADIENTS_BORDER && place < pixels + KO_GRADIENTS_BORDER;
}

/* The kernel's sums, but only over pixels that have gradients. */
static ko_tensor tensor_at_border(const ko_features_kernels *kernels, const ko_level *level,
                                  int32_t x, int32_t y)
{
    ko_tensor sum = {0};
    for (int32_t row = y - TENSOR_REACH; row <= y + TENSOR_REACH; row++) {
        ko_gradient g[KO_TENSOR_SIDE];
        const int32_t first = x - TENSOR_REACH;
        kernels->gradient_row(level->px + row * level->stride + first, level->stride,
                              KO_TENSOR_SIDE, g);
        for (int32_t i = 0; i < KO_TENSOR_SIDE; i++) {
            if (!has_gradients(row, level->height) || !has_gradients(first + i, level->width))
                continue;
            const int64_t gx = g[i].x, gy = g[i].y;
            sum.xx += gx * gx;
            sum.xy += gx * gy;
            sum.yy += gy * gy;
        }
    }
    return sum;
}

static ko_tensor tensor_at(const ko_features_kernels *kernels, const ko_level *level, int32_t x,
                           int32_t y)
{
    if (!has_gradients(x - TENSOR_REACH, level->width) ||
        !has_gradients(x + TENSOR_REACH, level->width) ||
        !has_gradients(y - TENSOR_REACH, level->height) ||
        !has_gradients(y + TENSOR_REACH, level->height))
        return tensor_at_border(kernels, level, x, y);
    ko_tensor sum;
    kernels->tensor(level->px + y * level->stride + x, level->stride, &sum);
    return sum;
}

static float harris(const ko_features_kernels *kernels, const ko_level *level, uint32_t place)
{
    const ko_tensor sum =
        tensor_at(kernels, level, (int32_t)(place & UINT16_MAX), (int32_t)(place >> 16));
    const double xx = (double)sum.xx, xy = (double)sum.xy, yy = (double)sum.yy;
    const double trace = xx + yy;
    return (float)((xx * yy - xy * xy - HARRIS_K * trace * trace) * RESPONSE_UNIT);
}

static void swap(candidate *a, candidate *b)
{
    const candidate t = *a;
    *a = *b;
    *b = t;
}

/* Marks the CELL_FIRST best of a cell. */
static void mark_first(candidate *c, size_t n)
{
    size_t better[CELL_ROOM] = {0};
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < i; k++) {
            better[i] += c[k] > c[i];
            better[k] += c[i] > c[k];
        }
    for (size_t i = 0; i < n; i++)
        if (better[i] < CELL_FIRST)
            c[i] |= FIRST;
}

/* Ranks what each cell has and writes those that are corners to out, which has room for
 * CELL_ROOM a cell; returns how many. */
static size_t rank_cells(const ko_level *level, const grid *g, candidate *out)
{
    const ko_features_kernels *kernels = &ko_simd_get()->features;
    candidate *next = out;
    for (const cell *c = g->cells; c < g->cells + g->n; c++) {
        size_t n = 0;
        for (size_t i = 0; i < c->n; i++) {
            const float response = harris(kernels, level, c->place[i]);
            if (response > RESPONSE_MIN)
                next[n++] = candidate_of(c->place[i], response);
        }
        mark_first(next, n);
        next += n;
    }
    return (size_t)(next - out);
}

/* Moves the k best to the front (Hoare, "Algorithm 65: find", 1961). */
static void select_best(candidate *c, size_t n, size_t k)
{
    size_t start = 0, end = n;
    while (end - start > 1 && k > start && k < end) {
        const candidate pivot = c[start + (end - 1 - start) / 2];
        size_t i = start, j = end - 1;
        for (;;) {
            while (c[i] > pivot)
                i++;
            while (pivot > c[j])
                j--;
            if (i >= j)
                break;
            swap(&c[i++], &c[j--]);
        }
        if (k <= j + 1)
            end = j + 1;
        else
            start = j + 1;
    }
}

static int by_place(const void *a, const void *b)
{
    const uint32_t p = ~(uint32_t) * (const candidate *)a, q = ~(uint32_t) * (const candidate *)b;
    return (p > q) - (p < q);
}

/* --- all levels --- */

typedef struct search {
    grid grids[KO_PYRAMID_LEVELS];
    cell *cells; /* of all grids */
    candidate *candidates[KO_PYRAMID_LEVELS];
    candidate *candidate_memory;
    score_rows scores;
    uint8_t *score_memory;
} search;

static size_t cells_along(int32_t pixels)
{
    return ((size_t)pixels + CELL - 1) / CELL;
}

/* False when there is no memory. */
static bool search_start(search *s, const ko_pyramid *p)
{
    *s = (search){0};
    size_t n = 0;
    for (size_t i = 0; i < p->n; i++) {
        s->grids[i].columns = cells_along(p->level[i].width);
        s->grids[i].n = s->grids[i].columns * cells_along(p->level[i].height);
        n += s->grids[i].n;
    }
    const size_t row = (size_t)p->level[0].width + 2;
    s->cells = ko_alloc_zero(n, sizeof *s->cells);
    s->candidate_memory = ko_alloc_array(n * CELL_ROOM, sizeof *s->candidate_memory);
    s->score_memory = ko_alloc_array(3, row);
    s->scores.peaks = ko_alloc_array(row, sizeof *s->scores.peaks);
    if (!s->cells || !s->candidate_memory || !s->score_memory || !s->scores.peaks)
        return false;
    for (size_t i = 0, at = 0; i < p->n; at += s->grids[i++].n) {
        s->grids[i].cells = s->cells + at;
        s->candidates[i] = s->candidate_memory + at * CELL_ROOM;
    }
    for (size_t i = 0; i < 3; i++)
        s->scores.row[i] = s->score_memory + i * row;
    return true;
}

static void search_end(search *s)
{
    ko_free(s->cells);
    ko_free(s->candidate_memory);
    ko_free(s->score_memory);
    ko_free(s->scores.peaks);
}

/* Shares out max keypoints by the square root of the levels' areas: in proportion to area
 * the first would get most, and what is shrunk or far away would not be found. What small
 * levels cannot fill goes to the larger ones. */
static void share_out(const ko_pyramid *p, const size_t *found, size_t max, size_t *out_taken)
{
    float all = 0;
    for (size_t i = 0; i < p->n; i++)
        all += 1 / p->level[i].scale;
    float left = (float)max;
    for (size_t i = p->n; i-- > 0;) {
        const float share = 1 / p->level[i].scale;
        const size_t quota = (size_t)(left * share / all + .5f);
        out_taken[i] = found[i] < quota ? found[i] : quota;
        left -= (float)out_taken[i];
        all -= share;
    }
}

ko_status ko_corners_find(const ko_pyramid *pyramid, size_t max, ko_corner *out, size_t *out_count,
                          ko_error *err)
{
    *out_count = 0;
    if (pyramid->n == 0)
        return KO_OK;
    search s;
    ko_status st = KO_OK;
    if (!search_start(&s, pyramid)) {
        st = ko_fail(err, KO_E_NOMEM, "corners of %zu levels", pyramid->n);
        goto done;
    }
    size_t found[KO_PYRAMID_LEVELS], taken[KO_PYRAMID_LEVELS];
    for (size_t i = 0; i < pyramid->n; i++) {
        scan_level(&pyramid->level[i], &s.scores, &s.grids[i]);
        found[i] = rank_cells(&pyramid->level[i], &s.grids[i], s.candidates[i]);
    }
    share_out(pyramid, found, max, taken);
    size_t n = 0;
    for (size_t i = 0; i < pyramid->n; i++) {
        candidate *c = s.candidates[i];
        select_best(c, found[i], taken[i]);
        qsort(c, taken[i], sizeof *c, by_place);
        for (size_t k = 0; k < taken[i] && n < max; k++)
            out[n++] = corner_of(c[k], (uint8_t)i);
    }
    *out_count = n;
done:
    search_end(&s);
    return st;
}
