/* Two ways to the same answer. The scan reads slices of every row, but for up to 256
 * queries at once (simd/hamming_sliced.h); the lookup (match/tables.h) makes some thousand
 * random reads a query, however many queries there are. */
#include "base/alloc.h"
#include "base/status.h"
#include "match/large.h"
#include "match/tables.h"
#include "simd/simd.h"

#include <knockoff/match.h>

#include <assert.h>
#include <string.h>

/* What a scan costs for one row and one query, in random reads: one in ROWS_PER_READ for
 * counting, in a full batch, and a share in what is done once a row, which is as much again
 * for QUERIES_PER_ROW queries. Measured at 10 million rows with AVX-512. */
#define ROWS_PER_READ 350.0
#define QUERIES_PER_ROW 20.0
/* Hits kept before they are handed on. */
#define ROOM 16384

struct ko_index {
    size_t n;
    ko_fp *fps;
    ko_hamming_slices *blocks;
    ko_tables *tables; /* NULL until ko_index_prepare */
};

ko_status ko_index_build(const ko_fp *fps, size_t n, ko_index **out_index, ko_error *err)
{
    if (n > UINT32_MAX)
        return ko_fail(err, KO_E_LIMIT, "index of %zu fingerprints, limit %lu", n,
                       (unsigned long)UINT32_MAX);
    ko_status st = KO_OK;
    const size_t n_blocks = ko_hamming_blocks(n);
    ko_index *index = ko_alloc_zero(1, sizeof *index);
    if (index) {
        index->n = n;
        index->fps = ko_match_alloc_large(n, sizeof *index->fps);
        index->blocks = ko_match_alloc_large(n_blocks, sizeof *index->blocks);
    }
    if (!index || !index->fps || !index->blocks) {
        st = ko_fail(err, KO_E_NOMEM, "index of %zu fingerprints", n);
        goto done;
    }
    if (n)
        memcpy(index->fps, fps, n * sizeof *fps);
    for (size_t b = 0; b < n_blocks; b++) {
        const size_t first = b * KO_HAMMING_BLOCK, left = n - first;
        ko_hamming_slice(index->fps[first].w, left < KO_HAMMING_BLOCK ? left : KO_HAMMING_BLOCK,
                         &index->blocks[b]);
    }
    *out_index = index;
    index = NULL;
done:
    ko_index_free(index);
    return st;
}

ko_status ko_index_prepare(ko_index *index, ko_error *err)
{
    if (index->tables || index->n == 0)
        return KO_OK;
    return ko_tables_build(index->fps, index->n, ko_tables_count(index->n), &index->tables, err);
}

/* One search under way. */
typedef struct search {
    const ko_index *index;
    const ko_fp *queries;
    unsigned radius_bits;
    ko_tables_plan plan;
    ko_hit_fn *fn;
    void *context;
    ko_hamming_hit found[ROOM];
    ko_hit ordered[ROOM];
} search;

/* Hands on found[0..n), which belongs to queries first..first + n_queries - 1 and has the
 * hits of each query in order of row. */
static ko_status deliver(search *s, size_t first, size_t n_queries, size_t n)
{
    size_t next[KO_HAMMING_QUERIES + 1] = {0}; /* counts, then where each query goes on */
    for (size_t k = 0; k < n; k++)
        next[s->found[k].query + 1]++;
    for (size_t q = 1; q < n_queries; q++)
        next[q] += next[q - 1];
    for (size_t k = 0; k < n; k++) {
        const ko_hamming_hit *hit = &s->found[k];
        s->ordered[next[hit->query]++] = (ko_hit){
            .query = (uint32_t)(first + hit->query), .row = hit->row, .distance = hit->distance};
    }
    return n ? s->fn(s->context, s->ordered, n) : KO_OK;
}

/* Scans for up to KO_HAMMING_QUERIES queries. Where their hits do not fit, halves of the
 * batch are scanned instead, down to one query, whose hits can be handed on as they come. */
static ko_status scan(search *s, size_t first, size_t n_queries)
{
    const ko_index *index = s->index;
    const ko_hamming_rows rows = {
        .rows = (const uint64_t *)index->fps, .blocks = index->blocks, .n = index->n};
    ko_hamming_cursor cursor = {0, 0};
    while (cursor.row < rows.n) {
        const size_t n =
            ko_simd_get()->hamming_scan(&rows, &cursor, (const uint64_t *)(s->queries + first),
                                        n_queries, s->radius_bits, s->found, ROOM);
        if (cursor.row < rows.n && n_queries > 1) {
            const size_t half = n_queries / 2;
            const ko_status st = scan(s, first, half);
            return st != KO_OK ? st : scan(s, first + half, n_queries - half);
        }
        const ko_status st = deliver(s, first, n_queries, n);
        if (st != KO_OK)
            return st;
    }
    return KO_OK;
}

/* Random reads that take as long as a query's part in a scan for n_queries. */
static double reads_of_scan(const ko_index *index, size_t n_queries)
{
    return (double)index->n / ROWS_PER_READ * (1 + QUERIES_PER_ROW / (double)n_queries);
}

/* Looks one query up; if that proves dearer than a scan, scans. */
static ko_status look_up(search *s, size_t query)
{
    size_t n;
    const size_t max_reads = (size_t)reads_of_scan(s->index, 1);
    if (ko_tables_find(s->index->tables, &s->plan, &s->queries[query], s->radius_bits, max_reads,
                       s->found, ROOM, &n))
        return deliver(s, query, 1, n);
    return scan(s, query, 1);
}

static ko_status search_batch(search *s, size_t first, size_t n_queries)
{
    if (!s->index->tables || s->plan.reads > reads_of_scan(s->index, n_queries))
        return scan(s, first, n_queries);
    ko_status st = KO_OK;
    for (size_t q = first; q < first + n_queries && st == KO_OK; q++)
        st = look_up(s, q);
    return st;
}

ko_status ko_index_search(const ko_index *index, const ko_fp *queries, size_t n_queries,
                          unsigned radius_bits, ko_hit_fn *fn, void *context, ko_error *err)
{
    assert(radius_bits <= KO_FP_BITS && n_queries <= UINT32_MAX);
    search *s = ko_alloc(sizeof *s);
    if (!s)
        return ko_fail(err, KO_E_NOMEM, "search for %zu fingerprints", n_queries);
    s->index = index;
    s->queries = queries;
    s->radius_bits = radius_bits;
    s->fn = fn;
    s->context = context;
    if (index->tables)
        s->plan = ko_tables_plan_for(index->tables, radius_bits);
    ko_status st = KO_OK;
    for (size_t first = 0; first < n_queries && st == KO_OK; first += KO_HAMMING_QUERIES) {
        const size_t left = n_queries - first;
        st = search_batch(s, first, left < KO_HAMMING_QUERIES ? left : KO_HAMMING_QUERIES);
    }
    ko_free(s);
    return st;
}

size_t ko_index_count(const ko_index *index)
{
    return index->n;
}

size_t ko_index_bytes(const ko_index *index)
{
    return sizeof *index + index->n * sizeof *index->fps +
           ko_hamming_blocks(index->n) * sizeof *index->blocks +
           (index->tables ? ko_tables_bytes(index->tables) : 0);
}

void ko_index_free(ko_index *index)
{
    if (!index)
        return;
    ko_tables_free(index->tables);
    ko_free(index->fps);
    ko_free(index->blocks);
    ko_free(index);
}
