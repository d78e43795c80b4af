/* A tree of spherical k-means (Dhillon and Modha, 2001), two levels deep or three, as in a
 * vocabulary tree (Nister and Stewenius, 2006). The first level also learns in which variant
 * a descriptor is looked at (transformation-invariant clustering: Frey and Jojic, 2003).
 * All nodes have the same number of children, so nothing but centres need be kept; fewer
 * children and more levels would be ranked faster but make worse cells. A query goes down
 * with a beam: all children of the best nodes of a level are ranked together. */
#include "match/part_tree.h"

#include "base/alloc.h"
#include "base/parallel.h"
#include "base/status.h"
#include "simd/simd.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#define GRID_MAX 128                 /* children of a node */
#define LEVELS_MAX 3                 /* two while nodes need no more children than that */
#define SAMPLE_A_CHILD ((size_t)640) /* descriptors that a node learns from, a child */
#define KMEANS_ROUNDS 8
#define LENGTH 512.f /* of a descriptor, and so of a centre */

/* Nodes of a level whose children are ranked, at most. */
#define BEAM_FIRST 5
#define BEAM_NEXT 16

/* How much less alike than the best a node or a cell may be to be looked at: likeness is an
 * inner product of two vectors of LENGTH. Ranks are exact to a step. */
#define GAP 12288
#define STEP 256
#define STEPS (GAP / STEP)

static_assert(KO_DESCRIPTOR_BINS == KO_INNER_LENGTH, "descriptors are what is multiplied");

struct ko_part_tree {
    unsigned levels; /* below the root */
    size_t grid;     /* children of each node */
    size_t padded;   /* the same in whole groups, as the kernel wants them */
    int8_t *centres; /* of the children of each node, node by node, level by level */
};

static size_t nodes_above(const ko_part_tree *t, unsigned level)
{
    size_t n = 0;
    for (size_t of_level = 1; level > 0; level--, of_level *= t->grid)
        n += of_level;
    return n;
}

/* Centres of the children of a node, which is numbered within its level. */
static int8_t *children_of(const ko_part_tree *t, unsigned level, size_t node)
{
    return t->centres + (nodes_above(t, level) + node) * t->padded * KO_INNER_LENGTH;
}

/* The centre most like any of the first n_variants of d, and which of them that is. */
static size_t nearest(const ko_part_tree *t, const int8_t *centres, const ko_descriptor *d,
                      unsigned n_variants, unsigned *out_variant)
{
    size_t best = 0;
    int32_t best_product = -1;
    for (unsigned v = 0; v < n_variants; v++) {
        int32_t products[GRID_MAX];
        const int32_t most =
            ko_simd_get()->parts.inner_products(d[v].bin, centres, t->padded, products);
        if (most <= best_product)
            continue;
        best_product = most;
        *out_variant = v;
        for (best = 0; products[best] < most;)
            best++;
    }
    assert(best < t->grid);
    return best;
}

/* --- k-means --- */

static void set_centre(int8_t *centres, size_t i, const int8_t values[KO_INNER_LENGTH])
{
    int8_t *first =
        centres + i / KO_INNER_GROUP * KO_INNER_GROUP * KO_INNER_LENGTH + i % KO_INNER_GROUP * 4;
    for (size_t j = 0; j < KO_INNER_LENGTH; j++)
        first[j / 4 * KO_INNER_GROUP * 4 + j % 4] = values[j];
}

/* xorshift (Marsaglia, 2003); a fixed seed makes the tree the same every time. */
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

static void pick_centre(int8_t *centres, size_t i, const ko_descriptor *sample, size_t n,
                        uint32_t *random)
{
    int8_t values[KO_INNER_LENGTH];
    memcpy(values, sample[next_random(random) % n].bin, sizeof values); /* all at most 127 */
    set_centre(centres, i, values);
}

static void mean_centre(int8_t *centres, size_t i, const uint32_t sum[KO_INNER_LENGTH])
{
    double squares = 0;
    for (size_t j = 0; j < KO_INNER_LENGTH; j++)
        squares += (double)sum[j] * sum[j];
    const float scale = LENGTH / (float)sqrt(squares + 1);
    int8_t values[KO_INNER_LENGTH];
    for (size_t j = 0; j < KO_INNER_LENGTH; j++)
        values[j] = (int8_t)fminf((float)sum[j] * scale + .5f, INT8_MAX);
    set_centre(centres, i, values);
}

/* The child of d. At the first level d is turned into the variant most like that one. */
static size_t settle(const ko_part_tree *t, unsigned level, const int8_t *centres, ko_descriptor *d)
{
    unsigned variant = 0;
    if (level > 0)
        return nearest(t, centres, d, 1, &variant);
    ko_descriptor all[KO_VARIANTS];
    for (unsigned v = 0; v < KO_VARIANTS; v++)
        ko_descriptor_variant(d, v, &all[v]);
    const size_t child = nearest(t, centres, all, KO_VARIANTS, &variant);
    *d = all[variant];
    return child;
}

static void learn_children(const ko_part_tree *t, unsigned level, int8_t *centres,
                           ko_descriptor *sample, size_t n)
{
    uint32_t random = 11;
    const size_t every = n / (SAMPLE_A_CHILD * t->grid) + 1;
    for (size_t i = 0; i < t->grid && n; i++)
        pick_centre(centres, i, sample, n, &random);
    for (int round = 0; round < KMEANS_ROUNDS && n && t->grid > 1; round++) {
        sums s = {0};
        for (size_t i = 0; i < n; i += every) {
            const size_t child = settle(t, level, centres, &sample[i]);
            s.count[child]++;
            for (size_t j = 0; j < KO_INNER_LENGTH; j++)
                s.of[child][j] += sample[i].bin[j];
        }
        for (size_t i = 0; i < t->grid; i++) {
            if (s.count[i])
                mean_centre(centres, i, s.of[i]);
            else
                pick_centre(centres, i, sample, n, &random);
        }
    }
}

/* --- learning --- */

/* One level after the other; the sample is ordered by node, back and forth between two
 * blocks of memory. */
typedef struct learning {
    ko_part_tree *tree;
    unsigned level;
    ko_descriptor *from, *to; /* the sample by nodes of this level, and of the next */
    size_t *first;            /* of each node's in from, and of all */
    size_t *next_first;       /* of each child's in to, and of all */
    uint8_t *child;           /* of each of from */
} learning;

static void learn_node(void *context, size_t node, unsigned worker)
{
    (void)worker;
    const learning *l = context;
    const ko_part_tree *t = l->tree;
    int8_t *centres = children_of(t, l->level, node);
    const size_t from = l->first[node], to = l->first[node + 1];
    size_t *first = l->next_first + node * t->grid, fill[GRID_MAX] = {0};
    learn_children(t, l->level, centres, l->from + from, to - from);
    for (size_t i = from; i < to; i++) {
        l->child[i] = (uint8_t)settle(t, l->level, centres, &l->from[i]);
        fill[l->child[i]]++;
    }
    for (size_t c = 0, at = from; c < t->grid; c++) {
        first[c] = at;
        at += fill[c];
        fill[c] = first[c];
    }
    for (size_t i = from; i < to; i++)
        l->to[fill[l->child[i]]++] = l->from[i];
}

static ko_status learn_levels(ko_part_tree *t, ko_descriptor *sample, size_t n, unsigned jobs,
                              ko_error *err)
{
    ko_status st = KO_OK;
    const size_t n_cells = ko_part_tree_cells(t);
    ko_descriptor *other = ko_alloc_array(n, sizeof *other);
    uint8_t *child = ko_alloc_array(n, sizeof *child);
    size_t *first = ko_alloc_array(n_cells + 1, sizeof *first);
    size_t *next_first = ko_alloc_array(n_cells + 1, sizeof *next_first);
    if (!other || !child || !first || !next_first) {
        st = ko_fail(err, KO_E_NOMEM, "sample of %zu descriptors", n);
        goto done;
    }
    learning l = {t, 0, sample, other, first, next_first, child};
    first[0] = 0;
    first[1] = n;
    for (size_t n_nodes = 1; l.level < t->levels && st == KO_OK; l.level++) {
        st = ko_parallel_for(n_nodes, jobs, learn_node, &l);
        n_nodes *= t->grid;
        l.next_first[n_nodes] = n;
        l = (learning){t, l.level, l.to, l.from, l.next_first, l.first, child};
    }
done:
    ko_free(other);
    ko_free(child);
    ko_free(first);
    ko_free(next_first);
    return st;
}

ko_status ko_part_tree_learn(ko_descriptor *sample, size_t n, size_t n_cells, unsigned jobs,
                             ko_part_tree **out_tree, ko_error *err)
{
    assert(n_cells > 0);
    ko_status st = KO_OK;
    ko_part_tree *t = ko_alloc_zero(1, sizeof *t);
    if (!t) {
        st = ko_fail(err, KO_E_NOMEM, "tree of %zu cells", n_cells);
        goto done;
    }
    t->levels = n_cells <= (size_t)GRID_MAX * GRID_MAX ? LEVELS_MAX - 1 : LEVELS_MAX;
    t->grid = (size_t)(pow((double)n_cells, 1. / t->levels) + .5);
    t->grid = t->grid < GRID_MAX ? t->grid : GRID_MAX;
    t->padded = (t->grid + KO_INNER_GROUP - 1) / KO_INNER_GROUP * KO_INNER_GROUP;
    t->centres = ko_alloc_zero(nodes_above(t, t->levels), t->padded * KO_INNER_LENGTH);
    if (t->centres)
        st = learn_levels(t, sample, n, jobs, err);
    else
        st = ko_fail(err, KO_E_NOMEM, "tree of %zu cells", n_cells);
    if (st != KO_OK)
        goto done;
    *out_tree = t;
    t = NULL;
done:
    ko_part_tree_free(t);
    return st;
}

void ko_part_tree_free(ko_part_tree *tree)
{
    if (!tree)
        return;
    ko_free(tree->centres);
    ko_free(tree);
}

size_t ko_part_tree_bytes(const ko_part_tree *t)
{
    return sizeof *t + nodes_above(t, t->levels) * t->padded * KO_INNER_LENGTH;
}

size_t ko_part_tree_cells(const ko_part_tree *t)
{
    size_t n = 1;
    for (unsigned level = 0; level < t->levels; level++)
        n *= t->grid;
    return n;
}

/* --- asking --- */

ko_part_cell ko_part_tree_place(const ko_part_tree *t, const ko_descriptor variants[KO_VARIANTS])
{
    unsigned variant = 0, only;
    size_t node = nearest(t, t->centres, variants, KO_VARIANTS, &variant);
    for (unsigned level = 1; level < t->levels; level++)
        node =
            node * t->grid + nearest(t, children_of(t, level, node), &variants[variant], 1, &only);
    return (ko_part_cell){(uint32_t)node, variant};
}

/* Nodes of one level, and how alike their children are. */
typedef struct beam {
    size_t n;
    ko_part_cell parent[BEAM_NEXT];
    int32_t products[BEAM_NEXT * GRID_MAX];
    int32_t most[BEAM_NEXT]; /* of each parent's products */
} beam;

/* Products near the best, as ko_above_fn writes them; places are those in the beam. */
typedef struct near_best {
    size_t n;
    uint32_t found[(size_t)BEAM_NEXT * GRID_MAX + KO_INNER_GROUP];
} near_best;

static void gather(const beam *b, size_t grid, near_best *out)
{
    ko_above_fn *above = ko_simd_get()->parts.above;
    int32_t top = 0;
    for (size_t k = 0; k < b->n; k++)
        top = b->most[k] > top ? b->most[k] : top;
    const int32_t floor = top - GAP;
    out->n = 0;
    for (size_t k = 0; k < b->n; k++)
        if (b->most[k] > floor)
            out->n += above(b->products + k * GRID_MAX, grid, floor, (uint32_t)(k * GRID_MAX),
                            out->found + out->n);
}

static size_t steps_above(uint32_t found)
{
    return (found >> 16) / STEP;
}

/* The children most like the descriptor, at most so many and none a gap behind the best:
 * a counting sort. */
static size_t choose(const beam *b, size_t grid, size_t at_most, ko_part_cell *out)
{
    near_best near;
    uint16_t sorted[BEAM_NEXT * GRID_MAX], start[STEPS + 1] = {0};
    gather(b, grid, &near);
    for (size_t i = 0; i < near.n; i++)
        start[STEPS - steps_above(near.found[i])]++;
    for (size_t s = 0, before = 0; s <= STEPS; s++) {
        const size_t here = start[s];
        start[s] = (uint16_t)before;
        before += here;
    }
    for (size_t i = 0; i < near.n; i++)
        sorted[start[STEPS - steps_above(near.found[i])]++] = (uint16_t)near.found[i];
    const size_t n = near.n < at_most ? near.n : at_most;
    for (size_t i = 0; i < n; i++) {
        const ko_part_cell *parent = &b->parent[sorted[i] / GRID_MAX];
        out[i] =
            (ko_part_cell){parent->cell * (uint32_t)grid + sorted[i] % GRID_MAX, parent->variant};
    }
    return n;
}

static void rank_children(const ko_part_tree *t, unsigned level,
                          const ko_descriptor variants[KO_VARIANTS], beam *b)
{
    ko_inner_products_fn *inner_products = ko_simd_get()->parts.inner_products;
    for (size_t k = 0; k < b->n; k++)
        b->most[k] = inner_products(variants[b->parent[k].variant].bin,
                                    children_of(t, level, b->parent[k].cell), t->padded,
                                    b->products + k * GRID_MAX);
}

size_t ko_part_tree_rank(const ko_part_tree *t, const ko_descriptor variants[KO_VARIANTS],
                         ko_part_cell out_cells[KO_PART_TREE_RANKED])
{
    static_assert(KO_VARIANTS <= BEAM_FIRST && BEAM_FIRST <= BEAM_NEXT, "beams are that wide");
    beam b;
    b.n = KO_VARIANTS;
    for (unsigned v = 0; v < KO_VARIANTS; v++)
        b.parent[v] = (ko_part_cell){0, v};
    for (unsigned level = 0; level + 1 < t->levels; level++) {
        ko_part_cell best[BEAM_NEXT];
        rank_children(t, level, variants, &b);
        b.n = choose(&b, t->grid, level == 0 ? BEAM_FIRST : BEAM_NEXT, best);
        memcpy(b.parent, best, b.n * sizeof *best);
    }
    rank_children(t, t->levels - 1, variants, &b);
    return choose(&b, t->grid, KO_PART_TREE_RANKED, out_cells);
}
