/* How fast fingerprints are compared: scans of rows in memory at every level, for one query
 * and for many, on one thread and on two; lookups in tables; and, as the yardstick of all
 * that waits for memory, plain reading. Every level is held against the scalar one first.
 *
 * --rows 1,10,100 sets the sizes in millions, --radius the bits (31), and --pictures FOLDER
 * adds a corpus made from the fingerprints of real pictures, whose bits hang together. */
#include "base/alloc.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/parallel.h"
#include "bench.h"
#include "match/large.h"
#include "match/tables.h"

#include <knockoff/image.h>

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MILLION ((size_t)1000000)
#define SIZES_MAX 8
#define THREADS 2
#define ROOM 16384
#define LOOKUPS 64         /* queries of one timed call */
#define CHECKED_ROWS 50000 /* compared by the scalar kernel, too */

typedef struct options {
    size_t rows[SIZES_MAX];
    size_t n_sizes;
    unsigned radius;
    const char *pictures;
} options;

typedef struct corpus {
    const char *kind;
    ko_fp *rows;
    ko_hamming_slices *blocks;
    size_t n;
    ko_fp queries[KO_HAMMING_QUERIES];
} corpus;

/* --- fingerprints --- */

static uint64_t state = 1;

static uint64_t random_word(void) /* splitmix64 */
{
    uint64_t z = state += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

static void *must(void *block)
{
    if (!block) {
        (void)fputs("bench_hamming: no memory\n", stderr);
        exit(1);
    }
    return block;
}

/* The fingerprints of all pictures below a folder, in eight orientations. */
typedef struct pictures {
    ko_fp *fps;
    size_t n;
} pictures;

static void add_picture(pictures *p, const char *path)
{
    ko_buf bytes = KO_BUF(KO_MAX_IMAGE_BYTES);
    ko_image image = {0};
    ko_image_options how;
    ko_image_options_init(&how);
    int quality = 0;
    if (ko_file_read(path, &bytes, NULL) == KO_OK &&
        ko_image_decode(bytes.data, bytes.size, &how, &image, NULL) == KO_OK &&
        ko_fp_orientations(&image.luma, NULL, p->fps + p->n, &quality, NULL) == KO_OK &&
        quality >= KO_FP_QUALITY_MIN)
        p->n += KO_ORIENT_COUNT;
    ko_image_free(&image);
    ko_buf_free(&bytes);
}

static pictures read_pictures(const char *folder)
{
    ko_paths paths = {0};
    ko_error err = {0};
    if (ko_paths_walk(&paths, folder, NULL, &err) != KO_OK || paths.count == 0) {
        (void)fprintf(stderr, "bench_hamming: %s\n", err.text[0] ? err.text : "no pictures");
        exit(1);
    }
    pictures p = {.fps = must(ko_alloc_array(paths.count, KO_ORIENT_COUNT * sizeof *p.fps))};
    for (size_t i = 0; i < paths.count; i++)
        add_picture(&p, paths.path[i]);
    ko_paths_free(&paths);
    if (p.n / 2 < KO_HAMMING_QUERIES) {
        (void)fprintf(stderr, "bench_hamming: %s: too few pictures\n", folder);
        exit(1);
    }
    return p;
}

/* A picture that might be: each of the sixteen rows of frequencies from one of two pictures,
 * so that what hangs together in a row stays together, and one bit in eight turned, so that
 * rows do not come again and again. */
static ko_fp blend(const ko_fp *a, const ko_fp *b)
{
    ko_fp fp;
    const uint64_t choice = random_word();
    for (unsigned i = 0; i < KO_FP_WORDS; i++) {
        uint64_t mask = 0;
        for (unsigned row = 0; row < 4; row++)
            if (choice >> (4 * i + row) & 1)
                mask |= UINT64_C(0xFFFF) << 16 * row;
        fp.w[i] = (a->w[i] & mask) | (b->w[i] & ~mask);
        uint64_t turned = random_word();
        turned &= random_word();
        turned &= random_word();
        fp.w[i] ^= turned;
    }
    return fp;
}

/* Queries are fingerprints that no row was made from. */
static void fill(corpus *c, const pictures *p, size_t n)
{
    c->n = n;
    c->rows = must(ko_match_alloc_large(n, sizeof *c->rows));
    c->blocks = must(ko_match_alloc_large(ko_hamming_blocks(n), sizeof *c->blocks));
    for (size_t q = 0; q < KO_HAMMING_QUERIES; q++)
        for (size_t i = 0; i < KO_FP_WORDS; i++)
            c->queries[q].w[i] = p ? p->fps[q].w[i] : random_word();
    for (size_t r = 0; r < n; r++) {
        if (p) {
            const ko_fp *fps = p->fps + KO_HAMMING_QUERIES;
            const size_t n_fps = p->n - KO_HAMMING_QUERIES;
            c->rows[r] = blend(&fps[random_word() % n_fps], &fps[random_word() % n_fps]);
        } else {
            for (size_t i = 0; i < KO_FP_WORDS; i++)
                c->rows[r].w[i] = random_word();
        }
    }
    for (size_t b = 0; b < ko_hamming_blocks(n); b++) {
        const size_t first = b * KO_HAMMING_BLOCK, left = n - first;
        ko_hamming_slice(c->rows[first].w, left < KO_HAMMING_BLOCK ? left : KO_HAMMING_BLOCK,
                         &c->blocks[b]);
    }
}

static void empty(corpus *c)
{
    ko_free(c->rows);
    ko_free(c->blocks);
}

/* --- what is timed --- */

typedef struct scanning {
    const corpus *corpus;
    const ko_simd *simd;
    size_t n_queries;
    unsigned radius, threads;
    atomic_size_t hits;
} scanning;

/* One thread's share of the blocks. */
static void scan_share(void *context, size_t share, unsigned worker)
{
    (void)worker;
    scanning *s = context;
    const corpus *c = s->corpus;
    const size_t blocks = ko_hamming_blocks(c->n);
    const size_t first = share * blocks / s->threads, end = (share + 1) * blocks / s->threads;
    const size_t first_row = first * KO_HAMMING_BLOCK;
    const size_t end_row = end == blocks ? c->n : end * KO_HAMMING_BLOCK;
    const ko_hamming_rows rows = {(const uint64_t *)(c->rows + first_row), c->blocks + first,
                                  end_row - first_row};
    static _Thread_local ko_hamming_hit found[ROOM];
    ko_hamming_cursor cursor = {0, 0};
    size_t hits = 0;
    while (cursor.row < rows.n)
        hits += s->simd->hamming_scan(&rows, &cursor, (const uint64_t *)c->queries, s->n_queries,
                                      s->radius, found, ROOM);
    atomic_fetch_add(&s->hits, hits);
}

static void scan(void *context)
{
    scanning *s = context;
    atomic_store(&s->hits, 0);
    if (ko_parallel_for(s->threads, s->threads, scan_share, s) != KO_OK)
        exit(1); /* stopped by the user */
}

typedef struct looking {
    const corpus *corpus;
    const ko_tables *tables;
    unsigned radius;
    size_t hits;
} looking;

static void look_up(void *context)
{
    looking *l = context;
    static ko_hamming_hit found[ROOM];
    const ko_tables_plan plan = ko_tables_plan_for(l->tables, l->radius);
    l->hits = 0;
    for (size_t q = 0; q < LOOKUPS; q++) {
        size_t n = 0;
        if (ko_tables_find(l->tables, &plan, &l->corpus->queries[q], l->radius, SIZE_MAX, found,
                           ROOM, &n))
            l->hits += n;
    }
}

typedef struct reading {
    const corpus *corpus;
    uint64_t sum; /* keeps the reading from being optimised away */
} reading;

static void read_all(void *context)
{
    reading *r = context;
    const uint64_t *words = (const uint64_t *)r->corpus->rows;
    uint64_t sums[8] = {0};
    for (size_t i = 0; i < r->corpus->n * KO_FP_WORDS / 8; i++)
        for (size_t k = 0; k < 8; k++)
            sums[k] += words[8 * i + k];
    for (size_t k = 0; k < 8; k++)
        r->sum += sums[k];
}

/* --- the cases --- */

/* Ends the program when a level finds anything else than the scalar kernel. */
static void check_level(const corpus *c, const ko_simd *simd, unsigned radius)
{
    corpus some = *c;
    some.n = c->n < CHECKED_ROWS ? c->n : CHECKED_ROWS;
    scanning reference = {.corpus = &some,
                          .simd = ko_simd_at(KO_SIMD_SCALAR),
                          .n_queries = 64,
                          .radius = radius + 40, /* so that there is something to find */
                          .threads = 1};
    scanning tested = reference;
    tested.simd = simd;
    scan(&reference);
    scan(&tested);
    if (atomic_load(&reference.hits) != atomic_load(&tested.hits)) {
        (void)fprintf(stderr, "bench_hamming: %s finds %zu pairs, scalar %zu\n", simd->name,
                      atomic_load(&tested.hits), atomic_load(&reference.hits));
        exit(1);
    }
}

static void run_scans(ko_bench *bench, const corpus *c, const char *name, const ko_simd *simd,
                      unsigned radius)
{
    static const size_t queries[] = {1, 16, KO_HAMMING_QUERIES};
    const bool best = simd == ko_simd_get();
    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++)
        for (unsigned threads = 1; threads <= (best && queries[i] > 1 ? THREADS : 1); threads++) {
            scanning s = {.corpus = c,
                          .simd = simd,
                          .n_queries = queries[i],
                          .radius = radius,
                          .threads = threads};
            char title[64];
            (void)snprintf(title, sizeof title, "scan %zu%s", queries[i],
                           threads > 1 ? ", 2 threads" : "");
            ko_bench_run(bench, &(ko_bench_case){.name = title,
                                                 .level = simd->name,
                                                 .corpus = name,
                                                 .item = "pair",
                                                 .items = (double)queries[i] * (double)c->n,
                                                 .fn = scan,
                                                 .context = &s});
        }
}

/* The scalar kernel takes seconds for a million rows and 256 queries: no more for it. */
static void run_corpus(ko_bench *bench, const corpus *c, unsigned radius)
{
    char name[64];
    (void)snprintf(name, sizeof name, "%.3g M %s, %u bits", (double)c->n / (double)MILLION, c->kind,
                   radius);
    reading r = {.corpus = c};
    ko_bench_run(bench, &(ko_bench_case){.name = "read memory",
                                         .level = "-",
                                         .corpus = name,
                                         .item = "byte",
                                         .items = (double)c->n * sizeof(ko_fp),
                                         .fn = read_all,
                                         .context = &r});
    for (int level = c->n <= MILLION ? KO_SIMD_SCALAR : KO_SIMD_SCALAR + 1; level < KO_SIMD_LEVELS;
         level++) {
        const ko_simd *simd = ko_simd_at((ko_simd_level)level);
        if (!simd)
            continue;
        check_level(c, simd, radius);
        run_scans(bench, c, name, simd, radius);
    }
    looking l = {.corpus = c, .radius = radius};
    ko_tables *tables = NULL;
    const int64_t start_ns = ko_bench_now_ns();
    if (ko_tables_build(c->rows, c->n, ko_tables_count(c->n), &tables, NULL) != KO_OK)
        return;
    (void)fprintf(stderr, "tables of %s: built in %.2f s, %.0f bytes a row\n", name,
                  (double)(ko_bench_now_ns() - start_ns) / 1e9,
                  (double)ko_tables_bytes(tables) / (double)c->n);
    l.tables = tables;
    ko_bench_run(bench, &(ko_bench_case){.name = "look up one by one",
                                         .level = ko_simd_get()->name,
                                         .corpus = name,
                                         .item = "lookup",
                                         .items = LOOKUPS,
                                         .fn = look_up,
                                         .context = &l});
    ko_tables_free(tables);
}

/* --- the program --- */

static bool read_sizes(options *o, const char *text)
{
    o->n_sizes = 0;
    for (const char *at = text; o->n_sizes < SIZES_MAX; at++) {
        char *end;
        const double millions = strtod(at, &end);
        if (end == at || !(millions > 0) || millions > 4000)
            return false;
        o->rows[o->n_sizes++] = (size_t)(millions * (double)MILLION);
        at = end;
        if (!*at)
            return true;
        if (*at != ',')
            return false;
    }
    return false;
}

/* Takes this program's own options out of argv; what is left is for ko_bench_open. */
static bool read_options(options *o, int *argc, char **argv)
{
    int kept = 1;
    for (int i = 1; i < *argc; i++) {
        const bool has_value = i + 1 < *argc;
        if (has_value && strcmp(argv[i], "--rows") == 0) {
            if (!read_sizes(o, argv[++i]))
                return false;
        } else if (has_value && strcmp(argv[i], "--radius") == 0) {
            char *end;
            o->radius = (unsigned)strtoul(argv[++i], &end, 10);
            if (*end || o->radius > KO_FP_BITS - 40)
                return false;
        } else if (has_value && strcmp(argv[i], "--pictures") == 0) {
            o->pictures = argv[++i];
        } else {
            argv[kept++] = argv[i];
        }
    }
    *argc = kept;
    return true;
}

/* 1, 10 and 100 million rows, as far as they and their tables fit twice into the memory
 * that is free. */
static void default_sizes(options *o)
{
    const double free_bytes = (double)sysconf(_SC_AVPHYS_PAGES) * (double)sysconf(_SC_PAGESIZE);
    for (size_t n = MILLION; n <= 100 * MILLION && (double)n * 150 < free_bytes; n *= 10)
        o->rows[o->n_sizes++] = n;
}

int main(int argc, char **argv)
{
    static const char usage[] = "usage: bench_hamming [--rows MILLIONS,...] [--radius BITS]"
                                " [--pictures FOLDER] " KO_BENCH_OPTIONS "\n";
    options o = {.radius = 31};
    ko_bench bench;
    if (!read_options(&o, &argc, argv) || !ko_bench_open(&bench, "bench_hamming", argc, argv))
        return ko_bench_usage(usage, argc, argv);
    if (o.n_sizes == 0)
        default_sizes(&o);
    pictures p = {0};
    if (o.pictures)
        p = read_pictures(o.pictures);
    for (size_t i = 0; i < o.n_sizes; i++)
        for (int real = 0; real <= (o.pictures != NULL); real++) {
            static corpus c;
            c.kind = real ? "blended" : "random";
            fill(&c, real ? &p : NULL, o.rows[i]);
            run_corpus(&bench, &c, o.radius);
            empty(&c);
        }
    ko_free(p.fps);
    ko_bench_close(&bench);
    return 0;
}
