/* An inverted file (Sivic and Zisserman, "Video Google", 2003) of binary codes.
 *
 * Cells are found among descriptors, not among codes: the descriptor of a query keeps what
 * its bits round away. Two levels of spherical k-means; a query ranks the fine cells of the
 * coarse ones most alike and scans lists, best first, until its budget is spent. Capping
 * long lists instead, or fewer and longer lists, loses more at equal time. */
#include "match/part_cells.h"

#include "base/alloc.h"
#include "base/parallel.h"
#include "base/status.h"
#include "simd/simd.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#define GRID_MAX 64       /* coarse cells, and fine cells of each */
#define CELL_CODES 300.   /* smaller collections get fewer cells, of about as many codes */
#define COARSE_PROBED 8   /* coarse cells whose fine cells are ranked */
#define BUDGET_BLOCKS 375 /* scanned of a query: 3,000 codes */
#define LIST_COST 4       /* in blocks: what going to another list costs */
#define LISTS_MAX (BUDGET_BLOCKS / LIST_COST + 1)
#define KEEP 40 /* hits after which the radius shrinks */

#define SAMPLE_MAX ((size_t)40 * GRID_MAX * GRID_MAX) /* codes that k-means learns from */
#define COARSE_SAMPLE_MAX ((size_t)40000)
#define KMEANS_ROUNDS 8
#define LENGTH 512.f /* of a descriptor, and so of a centre */

static_assert(KO_DESCRIPTOR_BINS == KO_INNER_LENGTH, "descriptors are what is multiplied");
static_assert(GRID_MAX % KO_INNER_GROUP == 0, "cells come in whole groups");

/* Centres of up to GRID_MAX cells, as the kernel wants them; unused ones are 0. */
typedef struct centres {
    int8_t groups[GRID_MAX * KO_INNER_LENGTH];
} centres;

struct ko_part_cells {
    size_t grid; /* coarse cells, and fine cells of each: 1..GRID_MAX */
    centres *coarse;
    centres *fine;   /* of each coarse cell */
    uint32_t *start; /* first block of each fine cell, and one past the last */
    uint32_t *count; /* codes of each fine cell */
    ko_codes_block *blocks;
    uint32_t *entries; /* point << 2 | variant, by slot */
};

/* --- k-means --- */

static void set_centre(centres *c, size_t i, const int8_t values[KO_INNER_LENGTH])
{
    int8_t *first =
        c->groups + i / KO_INNER_GROUP * KO_INNER_GROUP * KO_INNER_LENGTH + i % KO_INNER_GROUP * 4;
    for (size_t j = 0; j < KO_INNER_LENGTH; j++)
        first[j / 4 * KO_INNER_GROUP * 4 + j % 4] = values[j];
}

static size_t largest(const int32_t *v, size_t n)
{
    size_t best = 0;
    for (size_t i = 1; i < n; i++)
        if (v[i] > v[best])
            best = i;
    return best;
}

static size_t nearest(const centres *c, size_t n, const ko_descriptor *d)
{
    int32_t products[GRID_MAX];
    const size_t groups = (n + KO_INNER_GROUP - 1) / KO_INNER_GROUP;
    ko_simd_get()->parts.inner_products(d->bin, c->groups, groups * KO_INNER_GROUP, products);
    return largest(products, n);
}

/* xorshift (Marsaglia, 2003); a fixed seed makes the index the same every time. */
static uint32_t next_random(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

typedef struct sums {
    uint32_t of[GRID_MAX][KO_INNER_LENGTH];
    uint32_t count[GRID_MAX];
} sums;

static void pick_centre(centres *c, size_t i, const ko_descriptor *sample, size_t n,
                        uint32_t *random)
{
    int8_t values[KO_INNER_LENGTH];
    memcpy(values, sample[next_random(random) % n].bin, sizeof values); /* all at most 127 */
    set_centre(c, i, values);
}

static void mean_centre(centres *c, size_t i, const uint32_t sum[KO_INNER_LENGTH])
{
    double squares = 0;
    for (size_t j = 0; j < KO_INNER_LENGTH; j++)
        squares += (double)sum[j] * sum[j];
    const float scale = LENGTH / (float)sqrt(squares + 1);
    int8_t values[KO_INNER_LENGTH];
    for (size_t j = 0; j < KO_INNER_LENGTH; j++)
        values[j] = (int8_t)fminf((float)sum[j] * scale + .5f, INT8_MAX);
    set_centre(c, i, values);
}

/* Spherical k-means (Dhillon and Modha, 2001) on n descriptors of one length; n may be 0. */
static void learn(const ko_descriptor *sample, size_t n, size_t k, uint32_t seed, centres *out)
{
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < k && n; i++)
        pick_centre(out, i, sample, n, &seed);
    for (int round = 0; round < KMEANS_ROUNDS && n && k > 1; round++) {
        sums s = {0};
        for (size_t i = 0; i < n; i++) {
            const size_t at = nearest(out, k, &sample[i]);
            s.count[at]++;
            for (size_t j = 0; j < KO_INNER_LENGTH; j++)
                s.of[at][j] += sample[i].bin[j];
        }
        for (size_t i = 0; i < k; i++) {
            if (s.count[i])
                mean_centre(out, i, s.of[i]);
            else
                pick_centre(out, i, sample, n, &seed);
        }
    }
}

/* --- building --- */

typedef struct building {
    const ko_part_view *const *views;
    const uint32_t *first_point; /* of each view, and of all */
    size_t n_views, n_points;
    ko_descriptor *sample; /* ordered by coarse cell once those are known */
    size_t n_sample;
    size_t sample_first[GRID_MAX + 1];
    uint32_t *slots; /* of each code: first its cell, then its slot */
    ko_part_cells *cells;
} building;

/* Every so many keypoints one, in a variant by lot. */
static void draw_sample(building *b, ko_descriptor *out)
{
    uint32_t random = 7;
    size_t view = 0;
    for (size_t i = 0; i < b->n_sample; i++) {
        const size_t point = i * b->n_points / b->n_sample;
        while (point >= b->first_point[view + 1])
            view++;
        ko_descriptor_variant(&b->views[view]->descriptors[point - b->first_point[view]],
                              next_random(&random) % KO_VARIANTS, &out[i]);
    }
}

static ko_status learn_coarse(building *b, ko_error *err)
{
    const size_t n = b->n_sample, grid = b->cells->grid;
    ko_status st = KO_OK;
    ko_descriptor *drawn = ko_alloc_array(n, sizeof *drawn);
    uint8_t *cell = ko_alloc_array(n, sizeof *cell);
    b->sample = ko_alloc_array(n, sizeof *b->sample);
    if (!drawn || !cell || !b->sample) {
        st = ko_fail(err, KO_E_NOMEM, "sample of %zu descriptors", n);
        goto done;
    }
    draw_sample(b, drawn);
    /* the sample runs through the views; as evenly spread a part of it will do here */
    const size_t every = n / COARSE_SAMPLE_MAX + 1;
    for (size_t i = 0; i * every < n; i++)
        b->sample[i] = drawn[i * every];
    learn(b->sample, (n + every - 1) / every, grid, 11, b->cells->coarse);
    for (size_t i = 0; i < n; i++) {
        cell[i] = (uint8_t)nearest(b->cells->coarse, grid, &drawn[i]);
        b->sample_first[cell[i] + 1]++;
    }
    size_t fill[GRID_MAX];
    for (size_t c = 0; c < grid; c++) {
        fill[c] = b->sample_first[c];
        b->sample_first[c + 1] += b->sample_first[c];
    }
    for (size_t i = 0; i < n; i++)
        b->sample[fill[cell[i]]++] = drawn[i];
done:
    ko_free(drawn);
    ko_free(cell);
    return st;
}

static void learn_fine(void *context, size_t coarse, unsigned worker)
{
    (void)worker;
    const building *b = context;
    const size_t from = b->sample_first[coarse], to = b->sample_first[coarse + 1];
    learn(b->sample + from, to - from, b->cells->grid, 13, &b->cells->fine[coarse]);
}

/* Finds the cell of each code of one view. */
static void assign(void *context, size_t view, unsigned worker)
{
    (void)worker;
    const building *b = context;
    const ko_part_cells *c = b->cells;
    const size_t n = ko_part_view_keypoints(b->views[view]);
    uint32_t *cell = b->slots + (size_t)b->first_point[view] * KO_VARIANTS;
    for (size_t i = 0; i < n; i++)
        for (unsigned variant = 0; variant < KO_VARIANTS; variant++) {
            ko_descriptor d;
            ko_descriptor_variant(&b->views[view]->descriptors[i], variant, &d);
            const size_t coarse = nearest(c->coarse, c->grid, &d);
            *cell++ = (uint32_t)(coarse * c->grid + nearest(&c->fine[coarse], c->grid, &d));
        }
}

/* Turns each code's cell into its slot, in the order of codes, and makes the lists. */
static ko_status lay_out(building *b, ko_error *err)
{
    ko_part_cells *c = b->cells;
    const size_t n = b->n_points * KO_VARIANTS, n_cells = c->grid * c->grid;
    for (size_t i = 0; i < n; i++)
        c->count[b->slots[i]]++;
    for (size_t k = 0; k < n_cells; k++)
        c->start[k + 1] = c->start[k] + (c->count[k] + KO_CODES_BLOCK - 1) / KO_CODES_BLOCK;
    const size_t n_blocks = c->start[n_cells];
    c->blocks = ko_alloc_zero(n_blocks, sizeof *c->blocks);
    c->entries = ko_alloc_zero(n_blocks, KO_CODES_BLOCK * sizeof *c->entries);
    if (!c->blocks || !c->entries)
        return ko_fail(err, KO_E_NOMEM, "index of %zu codes", n);
    memset(c->count, 0, n_cells * sizeof *c->count);
    for (size_t i = 0; i < n; i++) {
        const uint32_t cell = b->slots[i];
        b->slots[i] = c->start[cell] * KO_CODES_BLOCK + c->count[cell]++;
        c->entries[b->slots[i]] = (uint32_t)i; /* codes are numbered point << 2 | variant */
    }
    return KO_OK;
}

static void put_codes(void *context, size_t view, unsigned worker)
{
    (void)worker;
    const building *b = context;
    const size_t n = ko_part_view_keypoints(b->views[view]);
    const uint32_t *slot = b->slots + (size_t)b->first_point[view] * KO_VARIANTS;
    for (size_t i = 0; i < n; i++)
        for (unsigned variant = 0; variant < KO_VARIANTS; variant++, slot++) {
            ko_descriptor d;
            ko_code code;
            ko_descriptor_variant(&b->views[view]->descriptors[i], variant, &d);
            ko_descriptor_code(&d, &code);
            for (size_t w = 0; w < KO_CODES_WORDS; w++)
                b->cells->blocks[*slot / KO_CODES_BLOCK].word[w][*slot % KO_CODES_BLOCK] =
                    code.w[w];
        }
}

static ko_status cells_alloc(building *b, ko_part_cells *c, ko_error *err)
{
    const size_t n = b->n_points * KO_VARIANTS;
    const double grid = sqrt((double)n / CELL_CODES);
    c->grid = grid < 1 ? 1 : grid > GRID_MAX ? GRID_MAX : (size_t)(grid + .5);
    const size_t n_cells = c->grid * c->grid;
    c->coarse = ko_alloc(sizeof *c->coarse);
    c->fine = ko_alloc_array(c->grid, sizeof *c->fine);
    c->start = ko_alloc_zero(n_cells + 1, sizeof *c->start);
    c->count = ko_alloc_zero(n_cells, sizeof *c->count);
    b->slots = ko_alloc_array(n, sizeof *b->slots);
    if (!c->coarse || !c->fine || !c->start || !c->count || !b->slots)
        return ko_fail(err, KO_E_NOMEM, "index of %zu codes", n);
    b->n_sample = n < SAMPLE_MAX ? n : SAMPLE_MAX;
    return KO_OK;
}

static ko_status fill_cells(building *b, unsigned jobs, ko_error *err)
{
    ko_status st = learn_coarse(b, err);
    if (st == KO_OK)
        st = ko_parallel_for(b->cells->grid, jobs, learn_fine, b);
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
    ko_part_cells *c = ko_alloc_zero(1, sizeof *c);
    if (!c) {
        st = ko_fail(err, KO_E_NOMEM, "index of %zu views", n_views);
        goto done;
    }
    b.cells = c;
    st = cells_alloc(&b, c, err);
    if (st == KO_OK)
        st = fill_cells(&b, jobs, err);
    if (st != KO_OK)
        goto done;
    *out_cells = c;
    c = NULL;
done:
    ko_free(b.sample);
    ko_free(b.slots);
    ko_part_cells_free(c);
    return st;
}

void ko_part_cells_free(ko_part_cells *cells)
{
    if (!cells)
        return;
    ko_free(cells->coarse);
    ko_free(cells->fine);
    ko_free(cells->start);
    ko_free(cells->count);
    ko_free(cells->blocks);
    ko_free(cells->entries);
    ko_free(cells);
}

size_t ko_part_cells_bytes(const ko_part_cells *c)
{
    const size_t n_cells = c->grid * c->grid;
    return sizeof *c + (1 + c->grid) * sizeof(centres) + (2 * n_cells + 1) * sizeof *c->start +
           c->start[n_cells] * (sizeof *c->blocks + KO_CODES_BLOCK * sizeof *c->entries);
}

/* --- searching --- */

/* Fine cells of the coarse cells most alike, ranked by drawing the best again and again. */
typedef struct ranking {
    size_t n; /* coarse cells probed */
    size_t coarse[COARSE_PROBED];
    int32_t products[COARSE_PROBED][GRID_MAX];
    size_t best[COARSE_PROBED]; /* fine cell of each coarse one */
} ranking;

#define DRAWN INT32_MIN

static void rank_cells(const ko_part_cells *c, const ko_descriptor *d, ranking *r)
{
    const ko_simd *simd = ko_simd_get();
    const size_t padded = (c->grid + KO_INNER_GROUP - 1) / KO_INNER_GROUP * KO_INNER_GROUP;
    int32_t products[GRID_MAX];
    simd->parts.inner_products(d->bin, c->coarse->groups, padded, products);
    r->n = c->grid < COARSE_PROBED ? c->grid : COARSE_PROBED;
    for (size_t k = 0; k < r->n; k++) {
        const size_t at = largest(products, c->grid);
        products[at] = DRAWN;
        r->coarse[k] = at;
        simd->parts.inner_products(d->bin, c->fine[at].groups, padded, r->products[k]);
        r->best[k] = largest(r->products[k], c->grid);
    }
}

/* The next best cell; false when all are drawn. */
static bool draw_cell(const ko_part_cells *c, ranking *r, size_t *out_cell)
{
    size_t k = 0;
    for (size_t i = 1; i < r->n; i++)
        if (r->products[i][r->best[i]] > r->products[k][r->best[k]])
            k = i;
    if (r->products[k][r->best[k]] == DRAWN)
        return false;
    *out_cell = r->coarse[k] * c->grid + r->best[k];
    r->products[k][r->best[k]] = DRAWN;
    r->best[k] = largest(r->products[k], c->grid);
    return true;
}

/* The lists to scan, best first; one always, even beyond the budget. */
static size_t choose_lists(const ko_part_cells *c, const ko_descriptor *d, size_t lists[LISTS_MAX])
{
    ranking r = {0};
    rank_cells(c, d, &r);
    size_t n = 0, cell;
    for (int64_t left = BUDGET_BLOCKS; left > 0 && draw_cell(c, &r, &cell);) {
        left -= (int64_t)(c->start[cell + 1] - c->start[cell]) + LIST_COST;
        if (c->count[cell])
            lists[n++] = cell;
    }
    assert(n <= LISTS_MAX);
    return n;
}

ko_part_entry ko_part_cells_entry(const ko_part_cells *cells, uint32_t slot)
{
    const uint32_t entry = cells->entries[slot];
    return (ko_part_entry){.point = entry / KO_VARIANTS, .variant = entry % KO_VARIANTS};
}

void ko_part_cells_search(const ko_part_cells *cells, const ko_descriptor *descriptor,
                          const ko_code *code, ko_codes_hit *hits, ko_codes_harvest *out_harvest)
{
    *out_harvest = (ko_codes_harvest){
        .hits = hits, .capacity = KO_PART_HITS_MAX, .keep = KEEP, .radius = KO_PART_RADIUS};
    size_t lists[LISTS_MAX];
    const size_t n = choose_lists(cells, descriptor, lists);
    ko_codes_scan_fn *scan = ko_simd_get()->parts.codes_scan;
    for (size_t i = 0; i < n; i++) {
        const uint32_t start = cells->start[lists[i]];
        const ko_codes_block *next = i + 1 < n ? cells->blocks + cells->start[lists[i + 1]] : NULL;
        scan(cells->blocks + start, cells->count[lists[i]], code->w, start * KO_CODES_BLOCK, next,
             out_harvest);
    }
}
