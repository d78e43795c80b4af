#include "match/tables.h"

#include "base/alloc.h"
#include "match/large.h"

#include <assert.h>
#include <stdlib.h>

/* Sixteen substrings of 16 bits keep the tables small; from here on, buckets have grown
 * so that twelve of 21 or 22 bits read less. */
#define ROWS_FOR_TWELVE ((size_t)2 << 20)
/* Values looked up together: enough to keep memory busy, few enough for the first cache. */
#define BATCH 1024
/* Rows between asking for their counters and using them. */
#define AHEAD ((size_t)16)

typedef struct table {
    unsigned start, width; /* the substring, in bits */
    uint32_t *offsets;     /* [2^width + 1]: value v has rows ids[offsets[v]..offsets[v+1]) */
    uint32_t *ids;
} table;

struct ko_tables {
    const ko_fp *rows;
    size_t n;
    unsigned n_tables;
    table tables[KO_TABLES_MAX];
};

static uint32_t substring(const table *t, const ko_fp *fp)
{
    const unsigned word = t->start / 64, shift = t->start % 64;
    uint64_t bits = fp->w[word] >> shift;
    if (shift + t->width > 64)
        bits |= fp->w[word + 1] << (64 - shift);
    return (uint32_t)(bits & ((UINT64_C(1) << t->width) - 1));
}

/* Sorts by counting. While rows are placed, offsets[v + 1] is where the next row of v
 * goes; when all are, that is where the rows of v end. */
static ko_status table_build(table *t, const ko_fp *rows, size_t n)
{
    const size_t values = (size_t)1 << t->width;
    t->offsets = ko_match_alloc_large(values + 2, sizeof *t->offsets);
    t->ids = ko_match_alloc_large(n, sizeof *t->ids);
    if (!t->offsets || !t->ids)
        return KO_E_NOMEM;
    for (size_t v = 0; v < values + 2; v++)
        t->offsets[v] = 0;
    for (size_t row = 0; row < n; row++) {
        if (row + AHEAD < n)
            __builtin_prefetch(&t->offsets[substring(t, &rows[row + AHEAD]) + 2], 1);
        t->offsets[substring(t, &rows[row]) + 2]++;
    }
    for (size_t v = 2; v < values + 2; v++)
        t->offsets[v] += t->offsets[v - 1];
    for (size_t row = 0; row < n; row++) {
        if (row + 2 * AHEAD < n)
            __builtin_prefetch(&t->offsets[substring(t, &rows[row + 2 * AHEAD]) + 1], 1);
        if (row + AHEAD < n)
            __builtin_prefetch(&t->ids[t->offsets[substring(t, &rows[row + AHEAD]) + 1]], 1);
        t->ids[t->offsets[substring(t, &rows[row]) + 1]++] = (uint32_t)row;
    }
    return KO_OK;
}

unsigned ko_tables_count(size_t n)
{
    return n < ROWS_FOR_TWELVE ? 16 : 12;
}

ko_status ko_tables_build(const ko_fp *rows, size_t n, unsigned n_tables, ko_tables **out_tables,
                          ko_error *err)
{
    assert(n >= 1 && n <= UINT32_MAX && n_tables >= 12 && n_tables <= KO_TABLES_MAX);
    ko_status st = KO_OK;
    ko_tables *tables = ko_alloc_zero(1, sizeof *tables);
    if (!tables) {
        st = ko_fail(err, KO_E_NOMEM, "tables of %zu fingerprints", n);
        goto done;
    }
    tables->rows = rows;
    tables->n = n;
    tables->n_tables = n_tables;
    unsigned start = 0;
    for (unsigned i = 0; i < tables->n_tables; i++) {
        table *t = &tables->tables[i];
        t->start = start;
        t->width = KO_FP_BITS / tables->n_tables + (i < KO_FP_BITS % tables->n_tables);
        start += t->width;
        st = table_build(t, rows, n);
        if (st != KO_OK) {
            st = ko_fail(err, st, "table %u of %zu fingerprints", i + 1, n);
            goto done;
        }
    }
    assert(start == KO_FP_BITS);
    *out_tables = tables;
    tables = NULL;
done:
    ko_tables_free(tables);
    return st;
}

static double binomial(unsigned n, unsigned k)
{
    double c = 1;
    for (unsigned i = 0; i < k; i++)
        c = c * (n - i) / (i + 1);
    return c;
}

ko_tables_plan ko_tables_plan_for(const ko_tables *tables, unsigned radius_bits)
{
    ko_tables_plan plan = {.reads = 0};
    for (unsigned i = 0; i < tables->n_tables; i++)
        plan.radius[i] = -1;
    /* A row that every table misses differs in at least radius + 1 bits of each
     * substring. With the sum of radius + 1 at radius_bits + 1 there is none within
     * radius_bits; so that many steps are taken, each the cheapest. */
    for (unsigned step = 0; step <= radius_bits; step++) {
        unsigned best = 0;
        double least = -1;
        for (unsigned i = 0; i < tables->n_tables; i++) {
            const unsigned width = tables->tables[i].width;
            const unsigned next = (unsigned)(plan.radius[i] + 1);
            const double bucket = (double)tables->n / (double)(UINT64_C(1) << width);
            const double reads = binomial(width, next) * (1 + bucket);
            if (next <= width && (least < 0 || reads < least)) {
                best = i;
                least = reads;
            }
        }
        plan.radius[best]++;
        plan.reads += least;
    }
    return plan;
}

/* One lookup under way. */
typedef struct lookup {
    const ko_tables *tables;
    const ko_fp *query;
    unsigned radius_bits;
    size_t reads_left;
    ko_hamming_hit *out;
    size_t n, capacity;
    uint32_t values[BATCH];
    size_t n_values;
    uint32_t ids[BATCH];
    size_t n_ids;
} lookup;

/* Compares the rows collected so far. */
static bool compare_ids(lookup *l)
{
    if (l->capacity - l->n < l->n_ids)
        return false;
    l->n += ko_simd_get()->hamming_pick((const uint64_t *)l->tables->rows, l->ids, l->n_ids,
                                        l->query->w, l->radius_bits, l->out + l->n);
    l->n_ids = 0;
    return true;
}

static bool collect_bucket(lookup *l, const table *t, uint32_t value)
{
    const uint32_t end = t->offsets[value + 1];
    for (uint32_t i = t->offsets[value]; i < end; i++) {
        if (l->n_ids == BATCH && !compare_ids(l))
            return false;
        l->ids[l->n_ids++] = t->ids[i];
    }
    return true;
}

/* Collects the rows of the values noted so far: asks for all their offsets, then for all
 * their first ids, so that memory answers many questions at once. */
static bool collect_values(lookup *l, const table *t)
{
    size_t reads = l->n_values;
    for (size_t k = 0; k < l->n_values; k++) {
        const uint32_t first = t->offsets[l->values[k]];
        const uint32_t end = t->offsets[l->values[k] + 1];
        if (first < end)
            __builtin_prefetch(&t->ids[first]);
        reads += end - first;
    }
    if (reads > l->reads_left)
        return false;
    l->reads_left -= reads;
    for (size_t k = 0; k < l->n_values; k++)
        if (!collect_bucket(l, t, l->values[k]))
            return false;
    l->n_values = 0;
    return true;
}

static bool note_value(lookup *l, const table *t, uint32_t value)
{
    if (l->n_values == BATCH && !collect_values(l, t))
        return false;
    __builtin_prefetch(&t->offsets[value]);
    l->values[l->n_values++] = value;
    return true;
}

/* Looks up all values at distance 0..radius of the query's. */
static bool lookup_table(lookup *l, const table *t, int radius)
{
    const uint32_t own = substring(t, l->query);
    if (radius >= 0 && !note_value(l, t, own))
        return false;
    for (int ones = 1; ones <= radius; ones++) {
        /* Every number with that many ones, by Gosper's step to the next larger. */
        for (uint64_t flip = (UINT64_C(1) << ones) - 1; flip >> t->width == 0;) {
            if (!note_value(l, t, own ^ (uint32_t)flip))
                return false;
            const uint64_t low = flip & (0 - flip), ripple = flip + low;
            flip = ripple | ((flip ^ ripple) / low >> 2);
        }
    }
    return collect_values(l, t);
}

static int by_row(const void *a, const void *b)
{
    const uint32_t x = ((const ko_hamming_hit *)a)->row, y = ((const ko_hamming_hit *)b)->row;
    return (x > y) - (x < y);
}

bool ko_tables_find(const ko_tables *tables, const ko_tables_plan *plan, const ko_fp *query,
                    unsigned radius_bits, size_t max_reads, ko_hamming_hit *out, size_t capacity,
                    size_t *out_n)
{
    lookup l = {.tables = tables,
                .query = query,
                .radius_bits = radius_bits,
                .reads_left = max_reads,
                .out = out,
                .capacity = capacity};
    for (unsigned i = 0; i < tables->n_tables; i++)
        if (!lookup_table(&l, &tables->tables[i], plan->radius[i]))
            return false;
    if (!compare_ids(&l))
        return false;
    qsort(out, l.n, sizeof *out, by_row);
    size_t unique = 0;
    for (size_t k = 0; k < l.n; k++)
        if (unique == 0 || out[unique - 1].row != out[k].row)
            out[unique++] = out[k];
    *out_n = unique;
    return true;
}

size_t ko_tables_bytes(const ko_tables *tables)
{
    size_t bytes = sizeof *tables;
    for (unsigned i = 0; i < tables->n_tables; i++)
        bytes += sizeof(uint32_t) * (((size_t)1 << tables->tables[i].width) + 2 + tables->n);
    return bytes;
}

void ko_tables_free(ko_tables *tables)
{
    if (!tables)
        return;
    for (unsigned i = 0; i < tables->n_tables; i++) {
        ko_free(tables->tables[i].offsets);
        ko_free(tables->tables[i].ids);
    }
    ko_free(tables);
}
