/* How well works are found inside listing photos, and at what cost.
 *
 * The folder has truth.csv (listing, originals separated by |, set, kind), originals.csv
 * (original first), groups.csv (original, group: works of one group share parts, so that a
 * claim of one for the other counts neither way) and quads.csv (listing, original and the
 * eight coordinates of its corners); no cell that is used here needs quotes. All originals
 * are registered, all listings asked, on --jobs threads. Printed are, by set and kind, how
 * many listings are recognised at the threshold and above every false claim; how many false
 * claims were promised and made; and what it took. --every N asks every Nth listing only,
 * --works-every N registers every Nth original; --jsonl FILE writes every claim for others
 * to score. */
#include "base/alloc.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/parallel.h"
#include "bench.h"
#include "match/parts.h"

#include <knockoff/image.h>

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define FLOOR .5 /* claims below are of no use to any reader */

/* --- tables --- */

#define COLUMNS 10

typedef struct table {
    ko_buf bytes;
    size_t n;
    char *(*rows)[COLUMNS]; /* missing cells are "" */
} table;

/* Cuts a line at its commas; what follows the last column stays part of it. */
static void cut(char *line, char *row[COLUMNS])
{
    static char nothing[1];
    line[strcspn(line, "\r\n")] = '\0';
    for (size_t c = 0; c < COLUMNS; c++) {
        row[c] = line ? line : nothing;
        line = line && c + 1 < COLUMNS ? strchr(line, ',') : NULL;
        if (line)
            *line++ = '\0';
    }
}

static bool table_read(table *t, const char *folder, const char *name)
{
    char path[KO_MAX_PATH_BYTES];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    t->bytes = KO_BUF(KO_MAX_SHEET_BYTES);
    ko_error err = {0};
    if (ko_file_read(path, &t->bytes, &err) != KO_OK) {
        (void)fprintf(stderr, "bench_parts: %s\n", err.text);
        return false;
    }
    size_t lines = 0;
    for (const char *c = t->bytes.data; *c; c++)
        lines += *c == '\n';
    t->rows = ko_alloc_array(lines + 1, sizeof *t->rows);
    if (!t->rows)
        return false;
    char *next = strchr(t->bytes.data, '\n'); /* the first line names the columns */
    while (next && next[1]) {
        char *line = next + 1;
        next = strchr(line, '\n');
        if (next)
            *next = '\0';
        cut(line, t->rows[t->n++]);
    }
    return true;
}

static void table_free(table *t)
{
    ko_free(t->rows);
    ko_buf_free(&t->bytes);
}

/* --- the corpus --- */

typedef struct listing {
    char *const *row; /* of truth.csv */
    ko_part_found found[KO_PARTS_FOUND_MAX];
    size_t n_found;
    double decode_ms;
    ko_status status;
} listing;

typedef struct corpus {
    const char *folder;
    table truth, originals, groups, quads;
    size_t every, works_every;
    unsigned jobs;
    double threshold;
    bool json;
    const char *jsonl;
    /* works */
    size_t n_works;
    char **works; /* names */
    ko_part_view **views;
    double register_ms, build_ms;
    ko_parts *parts;
    /* listings */
    size_t n_listings;
    listing *listings;
    ko_parts_scratch **scratches; /* of each job */
} corpus;

enum { LISTING, ORIGINALS, SET, KIND }; /* columns of truth.csv */

static double cpu_ms(clockid_t clock)
{
    struct timespec t;
    (void)clock_gettime(clock, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec * 1e-6;
}

static ko_status decode(const corpus *c, const char *name, bool trusted, ko_image *out)
{
    char path[KO_MAX_PATH_BYTES];
    (void)snprintf(path, sizeof path, "%s/%s", c->folder, name);
    ko_buf bytes = KO_BUF(KO_MAX_IMAGE_BYTES);
    ko_image_options options;
    ko_image_options_init(&options);
    options.trusted = trusted;
    ko_error err = {0};
    ko_status st = ko_file_read(path, &bytes, &err);
    if (st == KO_OK)
        st = ko_image_decode(bytes.data, bytes.size, &options, out, &err);
    if (st != KO_OK)
        (void)fprintf(stderr, "bench_parts: %s: %s\n", name, err.text);
    ko_buf_free(&bytes);
    return st;
}

static void register_one(void *context, size_t i, unsigned worker)
{
    (void)worker;
    corpus *c = context;
    ko_image image = {0};
    ko_error err = {0};
    if (decode(c, c->works[i], true, &image) == KO_OK &&
        ko_part_view_make(&image.luma, &image.alpha, &c->views[i], &err) != KO_OK)
        (void)fprintf(stderr, "bench_parts: %s: %s\n", c->works[i], err.text);
    ko_image_free(&image);
}

/* How many are taken when the first of every so many is. */
static size_t share_of(size_t n, size_t every)
{
    return every ? (n + every - 1) / every : 0;
}

static bool register_works(corpus *c)
{
    c->n_works = share_of(c->originals.n, c->works_every);
    c->works = ko_alloc_array(c->n_works, sizeof(char *));
    c->views = ko_alloc_zero(c->n_works, sizeof(ko_part_view *));
    uint32_t *numbers = ko_alloc_array(c->n_works, sizeof *numbers);
    if (!c->works || !c->views || !numbers)
        return false;
    for (size_t i = 0; i < c->n_works; i++) {
        c->works[i] = c->originals.rows[i * c->works_every][0];
        numbers[i] = (uint32_t)i;
    }
    const double start_ms = cpu_ms(CLOCK_PROCESS_CPUTIME_ID);
    ko_status st = ko_parallel_for(c->n_works, c->jobs, register_one, c);
    for (size_t i = 0; i < c->n_works; i++)
        if (!c->views[i])
            return false;
    const double built_ms = cpu_ms(CLOCK_PROCESS_CPUTIME_ID);
    const ko_part_view *const *views = (const ko_part_view *const *)c->views;
    if (st == KO_OK)
        st = ko_parts_build(views, numbers, c->n_works, c->n_works, c->n_works, c->jobs, &c->parts,
                            NULL);
    c->register_ms = built_ms - start_ms;
    c->build_ms = cpu_ms(CLOCK_PROCESS_CPUTIME_ID) - built_ms;
    ko_free(numbers);
    return st == KO_OK;
}

static void ask_one(void *context, size_t i, unsigned worker)
{
    corpus *c = context;
    listing *l = &c->listings[i];
    ko_image image = {0};
    const double start_ms = cpu_ms(CLOCK_THREAD_CPUTIME_ID);
    l->status = decode(c, l->row[LISTING], false, &image);
    l->decode_ms = cpu_ms(CLOCK_THREAD_CPUTIME_ID) - start_ms;
    if (l->status == KO_OK)
        l->status = ko_parts_find(c->parts, c->scratches[worker], &image.luma, FLOOR, l->found,
                                  &l->n_found, NULL);
    ko_image_free(&image);
}

static bool ask_listings(corpus *c)
{
    c->n_listings = share_of(c->truth.n, c->every);
    c->listings = ko_alloc_zero(c->n_listings, sizeof *c->listings);
    c->scratches = ko_alloc_zero(c->jobs, sizeof(ko_parts_scratch *));
    if (!c->listings || !c->scratches)
        return false;
    for (unsigned j = 0; j < c->jobs; j++)
        if (ko_parts_scratch_make(&c->scratches[j], NULL) != KO_OK)
            return false;
    for (size_t i = 0; i < c->n_listings; i++)
        c->listings[i].row = c->truth.rows[i * c->every];
    return ko_parallel_for(c->n_listings, c->jobs, ask_one, c) == KO_OK;
}

static void corpus_free(corpus *c)
{
    for (unsigned j = 0; c->scratches && j < c->jobs; j++)
        ko_parts_scratch_free(c->scratches[j]);
    ko_free(c->scratches);
    ko_free(c->listings);
    ko_parts_free(c->parts);
    for (size_t i = 0; c->views && i < c->n_works; i++)
        ko_part_view_free(c->views[i]);
    ko_free(c->views);
    ko_free(c->works);
    table_free(&c->truth);
    table_free(&c->originals);
    table_free(&c->groups);
    table_free(&c->quads);
}

/* --- judging --- */

typedef enum verdict { RIGHT, SISTER, WRONG } verdict;

/* Whether a name is one of a list separated by |. */
static bool is_among(const char *list, const char *name)
{
    const size_t n = strlen(name);
    while (*list) {
        const size_t length = strcspn(list, "|");
        if (length == n && memcmp(list, name, n) == 0)
            return true;
        list += length + (list[length] == '|');
    }
    return false;
}

static bool share_group(const corpus *c, const char *original, const char *list)
{
    const table *t = &c->groups;
    for (size_t i = 0; i < t->n; i++) {
        if (strcmp(t->rows[i][0], original) != 0)
            continue;
        for (size_t k = 0; k < t->n; k++)
            if (strcmp(t->rows[i][1], t->rows[k][1]) == 0 && is_among(list, t->rows[k][0]))
                return true;
    }
    return false;
}

static verdict judge(const corpus *c, const listing *l, const ko_part_found *f)
{
    const char *name = c->works[f->work];
    if (is_among(l->row[ORIGINALS], name))
        return RIGHT;
    return share_group(c, name, l->row[ORIGINALS]) ? SISTER : WRONG;
}

typedef struct point {
    double x, y;
} point;

#define CORNERS_MAX 16

static double area(const point *p, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        const point a = p[i], b = p[(i + 1) % n];
        sum += a.x * b.y - b.x * a.y;
    }
    return sum / 2;
}

/* Keeps what of p lies on the inner side of the line a b (Sutherland and Hodgman, 1974). */
static size_t clip(const point *p, size_t n, point a, point b, point *out)
{
    size_t kept = 0;
    for (size_t i = 0; i < n && kept + 2 <= CORNERS_MAX; i++) {
        const point u = p[i], v = p[(i + 1) % n];
        const double su = (b.x - a.x) * (u.y - a.y) - (b.y - a.y) * (u.x - a.x);
        const double sv = (b.x - a.x) * (v.y - a.y) - (b.y - a.y) * (v.x - a.x);
        if (su >= 0)
            out[kept++] = u;
        if ((su >= 0) != (sv >= 0)) {
            const double t = su / (su - sv);
            out[kept++] = (point){u.x + t * (v.x - u.x), u.y + t * (v.y - u.y)};
        }
    }
    return kept;
}

static void turn_positive(point p[4])
{
    if (area(p, 4) >= 0)
        return;
    const point t = p[1];
    p[1] = p[3];
    p[3] = t;
}

/* Intersection over union of two convex quads. */
static double iou(point a[4], point b[4])
{
    turn_positive(a);
    turn_positive(b);
    point x[2][CORNERS_MAX];
    memcpy(x[0], a, 4 * sizeof *a);
    size_t n = 4;
    for (size_t i = 0; i < 4; i++)
        n = clip(x[i % 2], n, b[i], b[(i + 1) % 4], x[(i + 1) % 2]);
    const double both = n ? area(x[0], n) : 0;
    return both / (area(a, 4) + area(b, 4) - both);
}

/* -1 when the truth does not say where the work lies. */
static double place_iou(const corpus *c, const listing *l, const ko_part_found *f)
{
    for (size_t i = 0; i < c->quads.n; i++) {
        char **row = c->quads.rows[i];
        if (strcmp(row[0], l->row[LISTING]) != 0 || strcmp(row[1], c->works[f->work]) != 0)
            continue;
        point truth[4], found[4];
        for (size_t k = 0; k < 4; k++) {
            truth[k] = (point){strtod(row[2 + 2 * k], NULL), strtod(row[3 + 2 * k], NULL)};
            found[k] = (point){f->quad[2 * k], f->quad[2 * k + 1]};
        }
        return iou(truth, found);
    }
    return -1;
}

/* --- the report --- */

typedef struct line {
    const char *set, *kind; /* kind NULL: the whole set; set NULL: everything */
    size_t positives, recognised, above_false;
    size_t distractors, false_on_distractors, wrong_works, sisters;
    double iou;
    size_t n_iou;
} line;

static bool is_distractor(const listing *l)
{
    return l->row[ORIGINALS][0] == '\0';
}

static double highest_false(const corpus *c)
{
    double highest = -INFINITY;
    for (size_t i = 0; i < c->n_listings; i++)
        for (size_t k = 0; k < c->listings[i].n_found; k++)
            if (judge(c, &c->listings[i], &c->listings[i].found[k]) == WRONG)
                highest = fmax(highest, c->listings[i].found[k].score);
    return highest;
}

static void add_listing(const corpus *c, const listing *l, double highest, line *out)
{
    double best = -INFINITY, best_iou = -1;
    for (size_t k = 0; k < l->n_found; k++) {
        const ko_part_found *f = &l->found[k];
        const verdict v = judge(c, l, f);
        const bool claimed = f->score >= c->threshold;
        if (v == RIGHT && f->score > best) {
            best = f->score;
            best_iou = claimed ? place_iou(c, l, f) : -1;
        }
        out->sisters += v == SISTER && claimed;
        if (v == WRONG && claimed)
            ++*(is_distractor(l) ? &out->false_on_distractors : &out->wrong_works);
    }
    out->distractors += is_distractor(l);
    out->positives += !is_distractor(l);
    out->recognised += best >= c->threshold;
    out->above_false += best > highest;
    if (best_iou >= 0) {
        out->iou += best_iou;
        out->n_iou++;
    }
}

static line line_of(const corpus *c, double highest, const char *set, const char *kind)
{
    line l = {.set = set, .kind = kind};
    for (size_t i = 0; i < c->n_listings; i++) {
        char *const *row = c->listings[i].row;
        if ((!set || strcmp(row[SET], set) == 0) && (!kind || strcmp(row[KIND], kind) == 0))
            add_listing(c, &c->listings[i], highest, &l);
    }
    return l;
}

static double percent(size_t part, size_t of)
{
    return of ? 100. * (double)part / (double)of : 0;
}

static void print_line(const line *l)
{
    const char *name = l->kind ? l->kind : l->set ? l->set : "TOTAL";
    (void)printf("%s%-*s %6zu %8.1f %8.1f %6zu %6zu %6zu %6zu", l->kind ? "  " : "",
                 l->kind ? 22 : 24, name, l->positives, percent(l->recognised, l->positives),
                 percent(l->above_false, l->positives), l->distractors, l->false_on_distractors,
                 l->wrong_works, l->sisters);
    if (l->n_iou)
        (void)printf(" %6.3f", l->iou / (double)l->n_iou);
    (void)putchar('\n');
}

static json_t *json_line(const line *l)
{
    return json_pack("{s:s?, s:s?, s:I, s:f, s:f, s:I, s:I, s:I, s:I, s:f}", "set", l->set, "kind",
                     l->kind, "positives", (json_int_t)l->positives, "recall_percent",
                     percent(l->recognised, l->positives), "recall_above_false_percent",
                     percent(l->above_false, l->positives), "distractors",
                     (json_int_t)l->distractors, "false_on_distractors",
                     (json_int_t)l->false_on_distractors, "wrong_works", (json_int_t)l->wrong_works,
                     "sisters", (json_int_t)l->sisters, "iou",
                     l->n_iou ? l->iou / (double)l->n_iou : 0);
}

static void tell_line(const corpus *c, json_t *lines, const line *l)
{
    if (c->json)
        (void)json_array_append_new(lines, json_line(l));
    else
        print_line(l);
}

/* Whether row i is the first of its set, or of its set and kind. */
static bool is_first(const corpus *c, size_t i, bool of_kind)
{
    char *const *row = c->listings[i].row;
    for (size_t k = 0; k < i; k++) {
        char *const *other = c->listings[k].row;
        if (strcmp(row[SET], other[SET]) == 0 && (!of_kind || strcmp(row[KIND], other[KIND]) == 0))
            return false;
    }
    return true;
}

static void tell_lines(const corpus *c, json_t *lines)
{
    const double highest = highest_false(c);
    if (!c->json)
        (void)printf("%-24s %6s %8s %8s %6s %6s %6s %6s %6s\n", "recall at the threshold", "pos",
                     "recall", "no false", "neg", "false", "wrong", "sister", "IoU");
    for (size_t i = 0; i < c->n_listings; i++) {
        if (!is_first(c, i, false))
            continue;
        const char *set = c->listings[i].row[SET];
        const line all = line_of(c, highest, set, NULL);
        tell_line(c, lines, &all);
        for (size_t k = i; k < c->n_listings && all.positives; k++)
            if (strcmp(c->listings[k].row[SET], set) == 0 && is_first(c, k, true)) {
                const line one = line_of(c, highest, set, c->listings[k].row[KIND]);
                tell_line(c, lines, &one);
            }
    }
    const line total = line_of(c, highest, NULL, NULL);
    tell_line(c, lines, &total);
    if (!c->json)
        (void)printf("highest false score %.2f, threshold %.2f\n", highest, c->threshold);
}

/* False claims on photos without any work: what scores promise, and what there were. */
static void tell_promises(const corpus *c, json_t *promises)
{
    static const double at[] = {1, 1.5, 2, 2.5, 3, 4};
    for (size_t t = 0; t < sizeof at / sizeof *at; t++) {
        size_t photos = 0, made = 0;
        for (size_t i = 0; i < c->n_listings; i++) {
            if (!is_distractor(&c->listings[i]))
                continue;
            photos++;
            for (size_t k = 0; k < c->listings[i].n_found; k++)
                made += c->listings[i].found[k].score >= at[t];
        }
        const double promised = (double)photos * pow(10, -at[t]);
        if (c->json)
            (void)json_array_append_new(promises,
                                        json_pack("{s:f, s:f, s:I}", "score", at[t], "promised",
                                                  promised, "made", (json_int_t)made));
        else
            (void)printf("false claims at %.1f on %zu photos: promised %.2f, made %zu\n", at[t],
                         photos, promised, made);
    }
}

static json_t *tell_cost(const corpus *c)
{
    static const char *const names[] = {"decode", "pyramid", "features", "search",
                                        "vote",   "verify",  "look"};
    double ms[7] = {0}, sum = 0;
    for (size_t i = 0; i < c->n_listings; i++)
        ms[0] += c->listings[i].decode_ms;
    for (unsigned j = 0; j < c->jobs; j++) {
        ko_parts_cost k;
        ko_parts_scratch_cost(c->scratches[j], &k);
        const double stages[] = {k.pyramid_ms, k.features_ms, k.search_ms,
                                 k.vote_ms,    k.verify_ms,   k.look_ms};
        for (size_t s = 0; s < 6; s++)
            ms[s + 1] += stages[s];
    }
    const double n = (double)c->n_listings;
    json_t *cost = json_object();
    if (!c->json)
        (void)printf("CPU ms a listing:");
    for (size_t s = 0; s < 7; s++) {
        sum += s ? ms[s] / n : 0;
        (void)json_object_set_new(cost, names[s], json_real(ms[s] / n));
        if (!c->json)
            (void)printf(" %s %.2f", names[s], ms[s] / n);
    }
    if (!c->json)
        (void)printf(", without decoding %.2f\n", sum);
    return cost;
}

static void report(const corpus *c)
{
    size_t keypoints = 0;
    for (size_t i = 0; i < c->n_works; i++)
        keypoints += ko_part_view_keypoints(c->views[i]);
    const double n = (double)c->n_works;
    json_t *lines = json_array(), *promises = json_array();
    if (!c->json)
        (void)printf("bench_parts on %s\n%zu works, %zu keypoints: %.1f ms a work with decoding,"
                     " index %.0f ms, %zu bytes\n",
                     ko_bench_cpu_name(), c->n_works, keypoints, c->register_ms / n, c->build_ms,
                     ko_parts_bytes(c->parts));
    tell_lines(c, lines);
    tell_promises(c, promises);
    json_t *cost = tell_cost(c);
    json_t *document = json_pack(
        "{s:s, s:I, s:I, s:f, s:f, s:I, s:f, s:I, s:O, s:O, s:O}", "cpu", ko_bench_cpu_name(),
        "works", (json_int_t)c->n_works, "keypoints", (json_int_t)keypoints, "register_ms",
        c->register_ms / n, "build_ms", c->build_ms, "index_bytes",
        (json_int_t)ko_parts_bytes(c->parts), "threshold", c->threshold, "listings",
        (json_int_t)c->n_listings, "lines", lines, "promises", promises, "cost_ms", cost);
    if (c->json && document && json_dumpf(document, stdout, JSON_INDENT(2)) == 0)
        (void)putchar('\n');
    json_decref(document);
    json_decref(lines);
    json_decref(promises);
    json_decref(cost);
}

static bool write_claims(const corpus *c)
{
    FILE *f = fopen(c->jsonl, "w");
    if (!f)
        return false;
    for (size_t i = 0; i < c->n_listings; i++)
        for (size_t k = 0; k < c->listings[i].n_found; k++) {
            const ko_part_found *found = &c->listings[i].found[k];
            const float *q = found->quad;
            json_t *claim = json_pack(
                "{s:s, s:s, s:f, s:s, s:[f,f,f,f,f,f,f,f], s:b, s:b, s:f, s:f, s:i}", "listing",
                c->listings[i].row[LISTING], "original", c->works[found->work], "score",
                found->score, "method", "part", "quad", (double)q[0], (double)q[1], (double)q[2],
                (double)q[3], (double)q[4], (double)q[5], (double)q[6], (double)q[7], "mirrored",
                found->mirrored, "inverted", found->inverted, "turn", (double)found->turn, "share",
                (double)found->share, "inliers", (int)found->inliers);
            if (claim && json_dumpf(claim, f, JSON_REAL_PRECISION(8)) == 0)
                (void)fputc('\n', f);
            json_decref(claim);
        }
    return fclose(f) == 0;
}

/* --- the program --- */

static bool read_number(const char *text, double low, double high, double *out)
{
    char *end;
    const double v = text ? strtod(text, &end) : NAN;
    if (!(v >= low && v <= high) || *end)
        return false;
    *out = v;
    return true;
}

static bool read_arguments(corpus *c, int argc, char **argv)
{
    double jobs = ko_parallel_processors(), every = 1, works_every = 1;
    for (int i = 1; i < argc; i++) {
        const char *value = i + 1 < argc ? argv[i + 1] : NULL;
        bool fits = true;
        if (strcmp(argv[i], "--json") == 0)
            c->json = true;
        else if (argv[i][0] != '-' && !c->folder)
            c->folder = argv[i];
        else if (strcmp(argv[i], "--jobs") == 0 && ++i)
            fits = read_number(value, 1, KO_MAX_JOBS, &jobs);
        else if (strcmp(argv[i], "--threshold") == 0 && ++i)
            fits = read_number(value, -10, 1000, &c->threshold);
        else if (strcmp(argv[i], "--every") == 0 && ++i)
            fits = read_number(value, 1, 1e6, &every);
        else if (strcmp(argv[i], "--works-every") == 0 && ++i)
            fits = read_number(value, 1, 1e6, &works_every);
        else if (strcmp(argv[i], "--jsonl") == 0 && value && ++i)
            c->jsonl = value;
        else
            fits = false;
        if (!fits)
            return false;
    }
    c->jobs = (unsigned)jobs;
    c->every = (size_t)every;
    c->works_every = (size_t)works_every;
    return c->folder != NULL;
}

static bool run(corpus *c)
{
    return table_read(&c->truth, c->folder, "truth.csv") &&
           table_read(&c->originals, c->folder, "originals.csv") &&
           table_read(&c->groups, c->folder, "groups.csv") &&
           table_read(&c->quads, c->folder, "quads.csv") && register_works(c) && ask_listings(c);
}

int main(int argc, char **argv)
{
    static corpus c = {.threshold = 6};
    if (!read_arguments(&c, argc, argv)) {
        (void)fputs("usage: bench_parts FOLDER [--jobs N] [--threshold SCORE] [--every N]"
                    " [--works-every N] [--jsonl FILE] [--json]\n",
                    stderr);
        return 2;
    }
    bool done = run(&c);
    if (done)
        report(&c);
    if (done && c.jsonl)
        done = write_claims(&c);
    corpus_free(&c);
    return done ? 0 : 3;
}
