/* An inverted file (Sivic and Zisserman, "Video Google", 2003) of binary codes.
 *
 * Cells are found among descriptors, not among codes: the descriptor of a query keeps what
 * its bits round away. A query scans the lists of the cells most like it, best first, until
 * its budget is spent. Capping long lists instead, or fewer and longer lists, loses more at
 * equal time. Each keypoint is kept in one variant, that of its cell; a query is compared
 * with a list in the variant in which it looks like that cell. */
#include "match/part_cells.h"

#include "base/alloc.h"
#include "base/parallel.h"
#include "base/status.h"
#include "features/code.h"
#include "match/large.h"
#include "match/part_tree.h"
#include "simd/simd.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#define CELL_CODES 50    /* on average, which makes the lists */
#define SAMPLE_A_CELL 40 /* keypoints that the tree learns from */
#define SAMPLE_MAX ((size_t)1 << 22)

#define BUDGET_BLOCKS 120 /* scanned of a query: about 900 codes */
#define LIST_COST 1       /* in blocks: what going to another list costs */
#define KEEP 24           /* hits after which the radius shrinks */

/* Keypoints of two grounds that are one: at most so far apart, in pixels of the view, in
 * scale as a share of it, and in bits. */
#define REPEAT_PX 1.5f
#define REPEAT_SCALE .05f
#define REPEAT_BITS 10

#define NOWHERE UINT32_MAX /* the cell of a keypoint that is not indexed */

struct ko_part_cells {
    ko_part_tree *tree;
    uint32_t *start; /* first block of each cell, and one past the last */
    uint32_t *count; /* codes of each cell */
    ko_codes_block *blocks;
    uint32_t *entries; /* point << 2 | variant, by slot */
};

/* --- building --- */

typedef struct building {
    const ko_part_view *const *views;
    const uint32_t *first_point; /* of each view, and of all */
    size_t n_views, n_points;
    ko_part_cell *places; /* of each keypoint: first its cell, then its slot */
    ko_part_cells *cells;
} building;

static void all_variants(const ko_descriptor *d, ko_descriptor out[KO_VARIANTS])
{
    for (unsigned v = 0; v < KO_VARIANTS; v++)
        ko_descriptor_variant(d, v, &out[v]);
}

/* From every so many keypoints one. */
static ko_status learn_tree(building *b, unsigned jobs, ko_error *err)
{
    const size_t n_cells = b->n_points / CELL_CODES + 1, wanted = n_cells * SAMPLE_A_CELL;
    const size_t most = b->n_points < SAMPLE_MAX ? b->n_points : SAMPLE_MAX;
    const size_t n = wanted < most ? wanted : most;
    size_t view = 0;
    ko_descriptor *sample = ko_alloc_array(n, sizeof *sample);
    if (!sample)
        return ko_fail(err, KO_E_NOMEM, "sample of %zu descriptors", n);
    for (size_t i = 0; i < n; i++) {
        const size_t point = i * b->n_points / n;
        while (point >= b->first_point[view + 1])
            view++;
        sample[i] = b->views[view]->descriptors[point - b->first_point[view]];
    }
    const ko_status st = ko_part_tree_learn(sample, n, n_cells, jobs, &b->cells->tree, err);
    ko_free(sample);
    return st;
}

static unsigned code_distance(const ko_descriptor *a, const ko_descriptor *b)
{
    ko_code codes[2];
    ko_descriptor_code(a, &codes[0]);
    ko_descriptor_code(b, &codes[1]);
    unsigned distance = 0;
    for (size_t w = 0; w < KO_CODE_WORDS; w++)
        distance += (unsigned)__builtin_popcountll(codes[0].w[w] ^ codes[1].w[w]);
    return distance;
}

/* What no ground shows through of looks the same on every ground: one entry finds them all. */
static bool is_repeated(const ko_part_view *v, size_t i, size_t n_before)
{
    const ko_part_point *p = &v->points[i];
    for (size_t k = 0; k < n_before; k++) {
        const ko_part_point *q = &v->points[k];
        if (fabsf(p->x - q->x) < REPEAT_PX && fabsf(p->y - q->y) < REPEAT_PX &&
            fabsf(p->scale - q->scale) < REPEAT_SCALE * p->scale &&
            code_distance(&v->descriptors[i], &v->descriptors[k]) <= REPEAT_BITS)
            return true;
    }
    return false;
}

/* Finds the cell of each keypoint of one view. */
static void assign(void *context, size_t view, unsigned worker)
{
    (void)worker;
    const building *b = context;
    const ko_part_view *v = b->views[view];
    ko_part_cell *place = b->places + b->first_point[view];
    for (size_t g = 0; g < v->n_grounds; g++)
        for (size_t i = v->first[g]; i < v->first[g + 1]; i++) {
            ko_descriptor variants[KO_VARIANTS];
            all_variants(&v->descriptors[i], variants);
            place[i] = is_repeated(v, i, v->first[g])
                           ? (ko_part_cell){.cell = NOWHERE}
                           : ko_part_tree_place(b->cells->tree, variants);
        }
}

/* Turns each keypoint's cell into its slot, in the order of keypoints, and makes the lists. */
static ko_status lay_out(building *b, ko_error *err)
{
    ko_part_cells *c = b->cells;
    const size_t n = b->n_points, n_cells = ko_part_tree_cells(c->tree);
    c->start = ko_alloc_zero(n_cells + 1, sizeof *c->start);
    c->count = ko_alloc_zero(n_cells, sizeof *c->count);
    if (!c->start || !c->count)
        return ko_fail(err, KO_E_NOMEM, "index of %zu cells", n_cells);
    for (size_t i = 0; i < n; i++)
        if (b->places[i].cell != NOWHERE)
            c->count[b->places[i].cell]++;
    for (size_t k = 0; k < n_cells; k++)
        c->start[k + 1] = c->start[k] + (c->count[k] + KO_CODES_BLOCK - 1) / KO_CODES_BLOCK;
    const size_t n_blocks = c->start[n_cells];
    c->blocks = ko_match_alloc_large(n_blocks, sizeof *c->blocks);
    c->entries = ko_match_alloc_large(n_blocks, KO_CODES_BLOCK * sizeof *c->entries);
    if (!c->blocks || !c->entries)
        return ko_fail(err, KO_E_NOMEM, "index of %zu codes", n);
    memset(c->blocks, 0, n_blocks * sizeof *c->blocks);
    memset(c->entries, 0, n_blocks * KO_CODES_BLOCK * sizeof *c->entries);
    memset(c->count, 0, n_cells * sizeof *c->count);
    for (size_t i = 0; i < n; i++) {
        ko_part_cell *place = &b->places[i];
        if (place->cell == NOWHERE)
            continue;
        const uint32_t slot = c->start[place->cell] * KO_CODES_BLOCK + c->count[place->cell]++;
        c->entries[slot] = (uint32_t)i * KO_VARIANTS + place->variant;
        place->cell = slot;
    }
    return KO_OK;
}

static void put_codes(void *context, size_t view, unsigned worker)
{
    (void)worker;
    const building *b = context;
    const size_t n = ko_part_view_keypoints(b->views[view]);
    const ko_part_cell *place = b->places + b->first_point[view];
    for (size_t i = 0; i < n; i++, place++) {
        ko_descriptor d;
        ko_code code;
        if (place->cell == NOWHERE)
            continue;
        ko_descriptor_variant(&b->views[view]->descriptors[i], place->variant, &d);
        ko_descriptor_code(&d, &code);
        ko_codes_block *block = &b->cells->blocks[place->cell / KO_CODES_BLOCK];
        for (size_t w = 0; w < KO_CODES_WORDS; w++)
            block->word[w][place->cell % KO_CODES_BLOCK] = code.w[w];
    }
}

static ko_status fill_cells(building *b, unsigned jobs, ko_error *err)
{
    ko_status st = learn_tree(b, jobs, err);
    if (st == KO_OK)
        st = ko_parallel_for(b->n_views, jobs, assign, b);
    if (st == KO_OK)
        st = lay_out(b, err);
    if (st == KO_OK)
        st = ko_parallel_for(b->n_views, jobs, put_codes, b);
    return st == KO_E_STOPPED ? ko_fail(err, st, "index of %zu views", b->n_views) : st;
}

ko_status ko_part_cells_build(const ko_part_view *const *views, const uint32_t *first_point,
                              size_t n_views, unsigned jobs, ko_part_cells **out_cells,
                              ko_error *err)
{
    building b = {.views = views,
                  .first_point = first_point,
                  .n_views = n_views,
                  .n_points = first_point[n_views]};
    assert(b.n_points <= KO_PART_POINTS_MAX);
    ko_status st = KO_OK;
    ko_part_cells *c = b.cells = ko_alloc_zero(1, sizeof *c);
    b.places = ko_alloc_array(b.n_points, sizeof *b.places);
    if (!c || !b.places) {
        st = ko_fail(err, KO_E_NOMEM, "index of %zu keypoints", b.n_points);
        goto done;
    }
    st = fill_cells(&b, jobs, err);
    if (st != KO_OK)
        goto done;
    *out_cells = c;
    c = NULL;
done:
    ko_free(b.places);
    ko_part_cells_free(c);
    return st;
}

void ko_part_cells_free(ko_part_cells *cells)
{
    if (!cells)
        return;
    ko_part_tree_free(cells->tree);
    ko_free(cells->start);
    ko_free(cells->count);
    ko_free(cells->blocks);
    ko_free(cells->entries);
    ko_free(cells);
}

size_t ko_part_cells_bytes(const ko_part_cells *c)
{
    const size_t n_cells = ko_part_tree_cells(c->tree);
    return sizeof *c + ko_part_tree_bytes(c->tree) + (2 * n_cells + 1) * sizeof *c->start +
           c->start[n_cells] * (sizeof *c->blocks + KO_CODES_BLOCK * sizeof *c->entries);
}

/* --- searching --- */

/* Hits in lists that were scanned in a variant number their slots on from variant * SLOTS. */
#define SLOTS ((uint32_t)1 << 30)

ko_part_entry ko_part_cells_entry(const ko_part_cells *cells, uint32_t slot)
{
    const uint32_t entry = cells->entries[slot % SLOTS];
    return (ko_part_entry){.point = entry / KO_VARIANTS,
                           .variant = (entry ^ slot / SLOTS) % KO_VARIANTS};
}

/* What lies within the radius. Once more than KEEP hits do, it shrinks as far as KEEP stay
 * inside: what is farther does not matter any more. */
typedef struct harvest {
    ko_codes_hit *hits;
    size_t n;
    uint32_t radius;
    size_t within;
    uint16_t at[KO_PART_RADIUS + 2]; /* hits by distance */
} harvest;

static void count_from(harvest *h, size_t first)
{
    for (size_t i = first; i < h->n; i++)
        h->at[h->hits[i].distance]++;
    h->within += h->n - first;
    while (h->radius > 0 && h->within - h->at[h->radius] >= KEEP)
        h->within -= h->at[h->radius--];
}

/* The order of hits by distance: a counting sort. */
static void order_hits(const harvest *h, uint16_t *order)
{
    uint16_t start[KO_PART_RADIUS + 2] = {0};
    for (size_t d = 0; d <= KO_PART_RADIUS; d++)
        start[d + 1] = (uint16_t)(start[d] + h->at[d]);
    for (size_t i = 0; i < h->n; i++)
        order[start[h->hits[i].distance]++] = (uint16_t)i;
}

static void scan_list(const ko_part_cells *c, const ko_part_cell *list, const ko_part_cell *next,
                      const ko_code *code, harvest *h)
{
    const uint32_t start = c->start[list->cell];
    const size_t room = (KO_PART_HITS_MAX - h->n) / KO_CODES_BLOCK * KO_CODES_BLOCK;
    const size_t n = c->count[list->cell] < room ? c->count[list->cell] : room, first = h->n;
    h->n += ko_simd_get()->parts.codes_scan(
        c->blocks + start, n, code->w, h->radius, start * KO_CODES_BLOCK + list->variant * SLOTS,
        next ? c->blocks + c->start[next->cell] : NULL, h->hits + first);
    count_from(h, first);
}

size_t ko_part_cells_search(const ko_part_cells *cells, const ko_descriptor *descriptor,
                            const ko_code *code, uint32_t radius, ko_codes_hit *hits,
                            uint16_t *order)
{
    assert(radius <= KO_PART_RADIUS);
    harvest h = {.hits = hits, .radius = radius};
    ko_descriptor variants[KO_VARIANTS];
    ko_code codes[KO_VARIANTS];
    bool coded[KO_VARIANTS] = {false};
    ko_part_cell lists[KO_PART_TREE_RANKED];
    all_variants(descriptor, variants);
    const size_t n = ko_part_tree_rank(cells->tree, variants, lists);
    int64_t left = BUDGET_BLOCKS;
    for (size_t i = 0; i < n && left > 0; i++) {
        const ko_part_cell *at = &lists[i];
        if (!coded[at->variant])
            ko_code_variant(descriptor, code, at->variant, &codes[at->variant]);
        coded[at->variant] = true;
        scan_list(cells, at, i + 1 < n ? at + 1 : NULL, &codes[at->variant], &h);
        left -= (int64_t)(cells->start[at->cell + 1] - cells->start[at->cell]) + LIST_COST;
    }
    order_hits(&h, order);
    return h.n;
}
