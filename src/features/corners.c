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

/* A corner while it is compared with those of its level. */
typedef struct candidate {
    int16_t x, y;
    float response; /* FAST's score, then Harris's */
    bool first;     /* among CELL_FIRST of its cell */
} candidate;

/* The cells of a level, row by row, each with room for CELL_ROOM. */
typedef struct grid {
    size_t columns, n;
    candidate *candidates;
    uint8_t *count; /* per cell */
} grid;

/* Three rows of scores at a time, with a zero on both sides. */
typedef struct score_rows {
    uint8_t *row[3];
    uint16_t *peaks;
} score_rows;

/* --- one level --- */

/* Whether a comes before b; no two of a level are equal. */
static bool before(const candidate *a, const candidate *b)
{
    if (a->first != b->first)
        return a->first;
    if (a->response != b->response)
        return a->response > b->response;
    return a->y != b->y ? a->y < b->y : a->x < b->x;
}

static void swap(candidate *a, candidate *b)
{
    const candidate t = *a;
    *a = *b;
    *b = t;
}

/* Puts a candidate into its cell, in place of the lowest when it is full. */
static void offer(grid *g, candidate it)
{
    const size_t cell = (size_t)it.y / CELL * g->columns + (size_t)it.x / CELL;
    assert(it.x >= 0 && it.y >= 0 && cell < g->n);
    candidate *kept = g->candidates + cell * CELL_ROOM;
    if (g->count[cell] < CELL_ROOM) {
        kept[g->count[cell]++] = it;
        return;
    }
    candidate *lowest = kept;
    for (candidate *c = kept + 1; c < kept + CELL_ROOM; c++)
        lowest = c->response < lowest->response ? c : lowest;
    if (lowest->response < it.response)
        *lowest = it;
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
        for (size_t i = 0; i < n; i++)
            offer(g, (candidate){.x = (int16_t)scores->peaks[i],
                                 .y = (int16_t)(y - 1),
                                 .response = row[scores->peaks[i]]});
    }
}

static float harris(const ko_level *level, const candidate *c)
{
    ko_tensor sum;
    ko_simd_get()->features.tensor(level->grad + c->y * level->stride + c->x, level->stride, &sum);
    const double xx = (double)sum.xx, xy = (double)sum.xy, yy = (double)sum.yy;
    const double trace = xx + yy;
    return (float)((xx * yy - xy * xy - HARRIS_K * trace * trace) * RESPONSE_UNIT);
}

static void sort_cell(candidate *c, size_t n)
{
    for (size_t i = 1; i < n; i++)
        for (size_t j = i; j > 0 && before(&c[j], &c[j - 1]); j--)
            swap(&c[j], &c[j - 1]);
}

/* Ranks the candidates of each cell and moves those that are corners to the front of the
 * grid's; returns how many. */
static size_t rank_cells(const ko_level *level, const grid *g)
{
    size_t n = 0;
    for (size_t cell = 0; cell < g->n; cell++) {
        candidate *c = g->candidates + cell * CELL_ROOM;
        for (size_t i = 0; i < g->count[cell]; i++)
            c[i].response = harris(level, &c[i]);
        sort_cell(c, g->count[cell]);
        for (size_t i = 0; i < g->count[cell] && c[i].response > RESPONSE_MIN; i++) {
            g->candidates[n] = c[i];
            g->candidates[n++].first = i < CELL_FIRST;
        }
    }
    return n;
}

/* Moves the k best to the front (Hoare, "Algorithm 65: find", 1961). */
static void select_best(candidate *c, size_t n, size_t k)
{
    size_t start = 0, end = n;
    while (end - start > 1 && k > start && k < end) {
        const candidate pivot = c[start + (end - 1 - start) / 2];
        size_t i = start, j = end - 1;
        for (;;) {
            while (before(&c[i], &pivot))
                i++;
            while (before(&pivot, &c[j]))
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
    const candidate *p = a;
    const candidate *q = b;
    return p->y != q->y ? p->y - q->y : p->x - q->x;
}

/* --- all levels --- */

typedef struct search {
    grid grids[KO_PYRAMID_LEVELS];
    candidate *candidates; /* of all grids */
    uint8_t *counts;
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
    s->candidates = ko_alloc_array(n * CELL_ROOM, sizeof *s->candidates);
    s->counts = ko_alloc_zero(n, sizeof *s->counts);
    s->score_memory = ko_alloc_array(3, row);
    s->scores.peaks = ko_alloc_array(row, sizeof *s->scores.peaks);
    if (!s->candidates || !s->counts || !s->score_memory || !s->scores.peaks)
        return false;
    for (size_t i = 0, at = 0; i < p->n; at += s->grids[i++].n) {
        s->grids[i].candidates = s->candidates + at * CELL_ROOM;
        s->grids[i].count = s->counts + at;
    }
    for (size_t i = 0; i < 3; i++)
        s->scores.row[i] = s->score_memory + i * row;
    return true;
}

static void search_end(search *s)
{
    ko_free(s->candidates);
    ko_free(s->counts);
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
        found[i] = rank_cells(&pyramid->level[i], &s.grids[i]);
    }
    share_out(pyramid, found, max, taken);
    size_t n = 0;
    for (size_t i = 0; i < pyramid->n; i++) {
        candidate *c = s.grids[i].candidates;
        select_best(c, found[i], taken[i]);
        qsort(c, taken[i], sizeof *c, by_place);
        for (size_t k = 0; k < taken[i] && n < max; k++)
            out[n++] = (ko_corner){c[k].x, c[k].y, c[k].response, (uint8_t)i};
    }
    *out_count = n;
done:
    search_end(&s);
    return st;
}
