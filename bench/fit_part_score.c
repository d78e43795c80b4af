/* Fits the constants of match/part_score.c, and says whether the score keeps its promise.
 *
 * The folder has truth.csv (listing, originals separated by |, set) and originals.csv
 * (original first), as for bench_parts. --works FILE names further pictures, one a line, that
 * none of the listings without originals shows: they are cut into collections of as many
 * works as the folder's, and each of these listings is asked about each collection. --photos
 * FILE names further listings, a path a line, that are asked about these collections alone. All
 * collections are the folder's size, since that is what scores are calibrated on; false claims at a
 * score are promised for one photo and one collection.
 *
 * True is the best claim of a work that a listing shows, false is every claim on a listing
 * that shows none. What else is claimed on a listing that shows works is left out: it may be
 * in view as well, or share parts with them.
 *
 * The logarithm of the odds that a claim is true is a logistic regression on the evidence.
 * Odds to the power of POWER have an exponential tail on false claims, so that the logarithm
 * of how many of them lie above is a line, fitted to the highest ones. Listings are halved by
 * a hash of their names: what is printed as kept is fitted to one half and counted on the
 * other; the constants printed are those of both halves together. */
#include "base/alloc.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/parallel.h"
#include "match/part_claim.h"

#include <knockoff/image.h>

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define POWER .5
#define SCORE_AT_KNOT 2.
#define UNKNOWNS (KO_PART_EVIDENCE + 1)

/* --- lists --- */

typedef struct list {
    ko_buf bytes;
    size_t n;
    char **line;
} list;

/* folder may be NULL. */
static bool list_read(list *l, const char *folder, const char *name, bool has_header)
{
    char path[KO_MAX_PATH_BYTES];
    (void)snprintf(path, sizeof path, "%s%s%s", folder ? folder : "", folder ? "/" : "", name);
    l->bytes = KO_BUF(KO_MAX_SHEET_BYTES);
    ko_error err = {0};
    if (ko_file_read(path, &l->bytes, &err) != KO_OK) {
        (void)fprintf(stderr, "fit_part_score: %s\n", err.text);
        return false;
    }
    size_t lines = 1;
    for (const char *c = l->bytes.data; *c; c++)
        lines += *c == '\n';
    l->line = ko_alloc_array(lines, sizeof(char *));
    if (!l->line)
        return false;
    for (char *at = l->bytes.data, *next; *at; at = next) {
        const size_t length = strcspn(at, "\r\n");
        next = at + length + strspn(at + length, "\r\n");
        at[length] = '\0';
        if (!has_header)
            l->line[l->n++] = at;
        has_header = false;
    }
    return true;
}

static void list_free(list *l)
{
    ko_free(l->line);
    ko_buf_free(&l->bytes);
}

/* Ends the cell at its comma and returns the next one; "" after the last. */
static char *next_cell(char *cell)
{
    char *comma = cell + strcspn(cell, ",");
    if (!*comma)
        return comma;
    *comma = '\0';
    return comma + 1;
}

static bool is_among(const char *names, const char *name)
{
    const size_t n = strlen(name);
    while (*names) {
        const size_t length = strcspn(names, "|");
        if (length == n && memcmp(names, name, n) == 0)
            return true;
        names += length + (names[length] == '|');
    }
    return false;
}

/* --- claims --- */

typedef struct claim {
    double evidence[KO_PART_EVIDENCE];
    double score;
    bool is_true;
} claim;

/* One listing asked about one collection. */
typedef struct asking {
    size_t photo;
    size_t n;
    claim claims[KO_PART_CANDIDATES];
} asking;

typedef struct photo {
    const char *path, *originals, *set;
    bool in_folder;
    unsigned half; /* 0 or 1 */
} photo;

typedef struct trainer {
    const char *folder, *works_file, *photos_file;
    size_t every;
    unsigned jobs;
    list truth, originals, works, photos_list;
    size_t n_photos;
    photo *photos;
    size_t n_askings, room;
    asking *askings;
    /* of the collection at hand */
    char **names;
    bool names_in_folder;
    size_t n_names, first; /* first asking */
    ko_part_view **views;
    ko_parts *parts;
    ko_parts_scratch **scratches;
} trainer;

static ko_status decode(const trainer *t, const char *name, bool in_folder, ko_image *out)
{
    char path[KO_MAX_PATH_BYTES];
    (void)snprintf(path, sizeof path, "%s%s%s", in_folder ? t->folder : "", in_folder ? "/" : "",
                   name);
    ko_buf bytes = KO_BUF(KO_MAX_IMAGE_BYTES);
    ko_image_options options;
    ko_image_options_init(&options);
    options.trusted = true;
    ko_error err = {0};
    ko_status st = ko_file_read(path, &bytes, &err);
    if (st == KO_OK)
        st = ko_image_decode(bytes.data, bytes.size, &options, out, &err);
    if (st != KO_OK)
        (void)fprintf(stderr, "fit_part_score: %s: %s\n", path, err.text);
    ko_buf_free(&bytes);
    return st;
}

static void register_one(void *context, size_t i, unsigned worker)
{
    (void)worker;
    trainer *t = context;
    ko_image image = {0};
    if (decode(t, t->names[i], t->names_in_folder, &image) == KO_OK)
        (void)!ko_part_view_make(&image.luma, &image.alpha, &t->views[i], NULL);
    ko_image_free(&image);
}

static void ask_one(void *context, size_t i, unsigned worker)
{
    trainer *t = context;
    asking *a = &t->askings[t->first + i];
    const photo *p = &t->photos[a->photo];
    ko_part_claim found[KO_PART_CANDIDATES];
    size_t n = 0;
    ko_image image = {0};
    if (decode(t, p->path, p->in_folder, &image) == KO_OK)
        (void)!ko_parts_claim(t->parts, t->scratches[worker], &image.luma, -INFINITY, found, &n,
                              NULL);
    ko_image_free(&image);
    uint32_t told[KO_PART_CANDIDATES];
    for (size_t k = 0; k < n && found[k].score > -INFINITY; k++) {
        bool again = false; /* a work's lesser claim has lost its support to the better */
        for (size_t j = 0; j < k; j++)
            again |= told[j] == found[k].view;
        told[k] = found[k].view;
        const bool is_true = is_among(p->originals, t->names[found[k].view]);
        if (again || (!is_true && *p->originals))
            continue;
        claim *c = &a->claims[a->n++];
        *c = (claim){.score = found[k].score, .is_true = is_true};
        ko_part_evidence(&found[k], c->evidence);
    }
}

/* Asks the photos about names[0..n): all of them, or those without originals. */
static bool ask_collection(trainer *t, char **names, size_t n, bool in_folder)
{
    t->names = names;
    t->n_names = n;
    t->names_in_folder = in_folder;
    t->first = t->n_askings;
    ko_part_view **views = t->views = ko_alloc_zero(n, sizeof(ko_part_view *));
    uint32_t *numbers = ko_alloc_array(n, sizeof *numbers);
    const bool room = views && numbers;
    bool done = room && ko_parallel_for(n, t->jobs, register_one, t) == KO_OK;
    for (uint32_t i = 0; room && i < n; i++) {
        numbers[i] = i;
        done = done && views[i];
    }
    done = done && ko_parts_build((const ko_part_view *const *)views, numbers, n, n, n, t->jobs,
                                  &t->parts, NULL) == KO_OK;
    for (size_t i = 0; done && i < t->n_photos; i++)
        if (in_folder ? t->photos[i].in_folder : !*t->photos[i].originals)
            t->askings[t->n_askings++].photo = i;
    done = done && ko_parallel_for(t->n_askings - t->first, t->jobs, ask_one, t) == KO_OK;
    ko_parts_free(t->parts);
    t->parts = NULL;
    for (size_t i = 0; room && i < n; i++)
        ko_part_view_free(views[i]);
    ko_free(views);
    ko_free(numbers);
    return done;
}

/* FNV-1a. */
static unsigned half_of(const char *name)
{
    uint32_t hash = 2166136261u;
    for (; *name; name++)
        hash = (hash ^ (unsigned char)*name) * 16777619u;
    return (hash >> 16) % 2;
}

static bool list_photos(trainer *t)
{
    t->photos = ko_alloc_array(t->truth.n + t->photos_list.n, sizeof *t->photos);
    if (!t->photos)
        return false;
    for (size_t i = 0; i < t->truth.n; i += t->every) {
        char *originals = next_cell(t->truth.line[i]), *set = next_cell(originals);
        (void)next_cell(set);
        t->photos[t->n_photos++] =
            (photo){t->truth.line[i], originals, set, true, half_of(t->truth.line[i])};
    }
    for (size_t i = 0; i < t->photos_list.n; i += t->every)
        t->photos[t->n_photos++] =
            (photo){t->photos_list.line[i], "", "further", false, half_of(t->photos_list.line[i])};
    for (size_t i = 0; i < t->originals.n; i++)
        (void)next_cell(t->originals.line[i]);
    return true;
}

static bool ask_all(trainer *t)
{
    const size_t n = t->originals.n, further = n ? t->works.n / n : 0;
    t->room = t->n_photos * (1 + further);
    t->askings = ko_alloc_zero(t->room, sizeof *t->askings);
    t->scratches = ko_alloc_zero(t->jobs, sizeof(ko_parts_scratch *));
    bool done = n > 0 && t->askings && t->scratches;
    for (unsigned j = 0; done && j < t->jobs; j++)
        done = ko_parts_scratch_make(&t->scratches[j], NULL) == KO_OK;
    done = done && ask_collection(t, t->originals.line, n, true);
    for (size_t c = 0; done && c < further; c++)
        done = ask_collection(t, t->works.line + c * n, n, false);
    return done;
}

static void trainer_free(trainer *t)
{
    for (unsigned j = 0; t->scratches && j < t->jobs; j++)
        ko_parts_scratch_free(t->scratches[j]);
    ko_free(t->scratches);
    ko_free(t->askings);
    ko_free(t->photos);
    list_free(&t->truth);
    list_free(&t->originals);
    list_free(&t->works);
    list_free(&t->photos_list);
}

/* --- fitting --- */

/* What part_score.c holds: the odds, and the two lines of their power. */
typedef struct fit {
    double weight[UNKNOWNS]; /* the last is the constant */
    double knot, slope, steep;
} fit;

#define BOTH 2u /* halves */

static bool is_of(const trainer *t, const asking *a, unsigned half)
{
    return half == BOTH || t->photos[a->photo].half == half;
}

static double odds_of(const fit *f, const claim *c)
{
    double sum = f->weight[KO_PART_EVIDENCE];
    for (size_t i = 0; i < KO_PART_EVIDENCE; i++)
        sum += f->weight[i] * c->evidence[i];
    return sum;
}

static double score_of(const fit *f, const claim *c)
{
    const double above = exp(POWER * odds_of(f, c)) - f->knot;
    return SCORE_AT_KNOT + above * (above > 0 ? f->slope : f->steep);
}

/* Solves the symmetric positive a x = b, by Cholesky's way without roots; x stands in b. */
static void solve(double a[UNKNOWNS][UNKNOWNS], double b[UNKNOWNS])
{
    for (size_t i = 0; i < UNKNOWNS; i++)
        for (size_t k = i + 1; k < UNKNOWNS; k++) {
            const double f = a[k][i] / a[i][i];
            for (size_t j = i; j < UNKNOWNS; j++)
                a[k][j] -= f * a[i][j];
            b[k] -= f * b[i];
        }
    for (size_t i = UNKNOWNS; i-- > 0;) {
        for (size_t k = i + 1; k < UNKNOWNS; k++)
            b[i] -= a[i][k] * b[k];
        b[i] /= a[i][i];
    }
}

#define NEWTON_STEPS 30
#define RIDGE 3. /* of claims' information: keeps weights moderate where few claims decide */

/* Of each evidence, so that the ridge is the same whatever its unit. */
static void find_variance(const trainer *t, unsigned half, double out[KO_PART_EVIDENCE])
{
    double n = 0, mean[KO_PART_EVIDENCE] = {0};
    memset(out, 0, KO_PART_EVIDENCE * sizeof *out);
    for (size_t i = 0; i < t->n_askings; i++)
        for (size_t k = 0; is_of(t, &t->askings[i], half) && k < t->askings[i].n; k++) {
            n++;
            for (size_t e = 0; e < KO_PART_EVIDENCE; e++) {
                const double off = t->askings[i].claims[k].evidence[e] - mean[e];
                mean[e] += off / n;
                out[e] += off * (t->askings[i].claims[k].evidence[e] - mean[e]);
            }
        }
    for (size_t e = 0; e < KO_PART_EVIDENCE; e++)
        out[e] /= fmax(n, 1);
}

/* One Newton step of logistic regression. */
static void step(const trainer *t, unsigned half, const double variance[KO_PART_EVIDENCE], fit *f)
{
    double a[UNKNOWNS][UNKNOWNS] = {{0}}, b[UNKNOWNS];
    for (size_t i = 0; i < UNKNOWNS; i++) {
        a[i][i] = i < KO_PART_EVIDENCE ? RIDGE * variance[i] : 1e-6;
        b[i] = -a[i][i] * f->weight[i];
    }
    for (size_t i = 0; i < t->n_askings; i++)
        for (size_t k = 0; is_of(t, &t->askings[i], half) && k < t->askings[i].n; k++) {
            const claim *c = &t->askings[i].claims[k];
            const double p = 1 / (1 + exp(-odds_of(f, c)));
            double x[UNKNOWNS];
            memcpy(x, c->evidence, sizeof c->evidence);
            x[KO_PART_EVIDENCE] = 1;
            for (size_t r = 0; r < UNKNOWNS; r++) {
                b[r] += (c->is_true - p) * x[r];
                for (size_t s = 0; s < UNKNOWNS; s++)
                    a[r][s] += p * (1 - p) * x[r] * x[s];
            }
        }
    solve(a, b);
    for (size_t i = 0; i < UNKNOWNS; i++)
        f->weight[i] += fmax(-1, fmin(1, b[i]));
}

static int falling(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x < y) - (x > y);
}

/* The line above the knot is fitted to this share of all false askings, the highest, as their
 * mean excess over the last of them tells it; the line below leads to ten times as many. */
#define TAIL_SHARE .01

static bool calibrate(const trainer *t, unsigned half, fit *f)
{
    double *highest = ko_alloc_array(t->n_askings, sizeof *highest);
    if (!highest)
        return false;
    size_t n = 0;
    for (size_t i = 0; i < t->n_askings; i++) {
        const asking *a = &t->askings[i];
        if (!is_of(t, a, half) || *t->photos[a->photo].originals)
            continue;
        highest[n] = 0;
        for (size_t k = 0; k < a->n; k++)
            highest[n] = fmax(highest[n], exp(POWER * odds_of(f, &a->claims[k])));
        n++;
    }
    qsort(highest, n, sizeof *highest, falling);
    const size_t tail = (size_t)(TAIL_SHARE * (double)n);
    double excess = 0;
    for (size_t i = 0; i < tail; i++)
        excess += highest[i] - highest[tail];
    if (tail == 0)
        (void)fprintf(stderr, "fit_part_score: %zu listings without originals are too few\n", n);
    else {
        f->knot = highest[tail];
        f->slope = (double)tail / (excess * log(10));
        f->steep = 1 / (highest[tail] - highest[10 * tail]);
    }
    ko_free(highest);
    return tail > 0;
}

static bool fit_half(const trainer *t, unsigned half, fit *out)
{
    double variance[KO_PART_EVIDENCE];
    find_variance(t, half, variance);
    *out = (fit){0};
    for (int i = 0; i < NEWTON_STEPS; i++)
        step(t, half, variance, out);
    return calibrate(t, half, out);
}

/* --- the report --- */

#define SCORES 6

/* False claims on askings that can have only such, at scores 1 to 6. */
static void tell_promise(const trainer *t, const fit by_half[2])
{
    size_t made[SCORES] = {0}, n = 0;
    double highest = -INFINITY;
    for (size_t i = 0; i < t->n_askings; i++) {
        const asking *a = &t->askings[i];
        const photo *p = &t->photos[a->photo];
        if (*p->originals)
            continue;
        n++;
        for (size_t k = 0; k < a->n; k++) {
            const double score = score_of(&by_half[1 - p->half], &a->claims[k]);
            highest = fmax(highest, score);
            for (int s = 0; s < SCORES; s++)
                made[s] += score >= s + 1;
        }
    }
    for (int s = 0; s < SCORES; s++)
        (void)printf("false claims at %d in %zu askings: promised %.2f, made %zu\n", s + 1, n,
                     (double)n * pow(10, -s - 1), made[s]);
    (void)printf("highest false score %.2f\n", highest);
}

static double best_true(const asking *a, const fit *f)
{
    double best = -INFINITY;
    for (size_t k = 0; k < a->n; k++)
        if (a->claims[k].is_true)
            best = fmax(best, score_of(f, &a->claims[k]));
    return best;
}

/* Recall of one set, or of all (NULL), at scores 1 to 6. */
static void tell_recall(const trainer *t, const fit by_half[2], const char *set)
{
    size_t n = 0, found[SCORES] = {0};
    for (size_t i = 0; i < t->n_askings; i++) {
        const asking *a = &t->askings[i];
        const photo *p = &t->photos[a->photo];
        if (!*p->originals || (set && strcmp(p->set, set) != 0))
            continue;
        n++;
        const double best = best_true(a, &by_half[1 - p->half]);
        for (int s = 0; s < SCORES; s++)
            found[s] += best >= s + 1;
    }
    if (n == 0)
        return;
    (void)printf("%-16s %5zu", set ? set : "all", n);
    for (int s = 0; s < SCORES; s++)
        (void)printf(" %6.1f", 100. * (double)found[s] / (double)n);
    (void)putchar('\n');
}

static void tell_sets(const trainer *t, const fit by_half[2])
{
    (void)printf("recall at score      1      2      3      4      5      6\n");
    for (size_t i = 0; i < t->n_photos; i++) {
        bool first = true;
        for (size_t k = 0; k < i; k++)
            first &= strcmp(t->photos[k].set, t->photos[i].set) != 0;
        if (first)
            tell_recall(t, by_half, t->photos[i].set);
    }
    tell_recall(t, by_half, NULL);
}

static void tell_constants(const fit *f)
{
    (void)printf("#define POWER %.2f\n#define KNOT %.4f\n#define SLOPE %.4f\n#define STEEP %.4f\n"
                 "#define CONSTANT %.4f\nweights: ",
                 POWER, f->knot, f->slope, f->steep, f->weight[KO_PART_EVIDENCE]);
    for (size_t i = 0; i < KO_PART_EVIDENCE; i++)
        (void)printf("%s%.4f", i ? ", " : "", f->weight[i]);
    (void)putchar('\n');
}

/* --- the program --- */

static bool read_arguments(trainer *t, int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        const char *value = i + 1 < argc ? argv[i + 1] : NULL;
        if (!t->folder && argv[i][0] != '-')
            t->folder = argv[i];
        else if (strcmp(argv[i], "--works") == 0 && value && ++i)
            t->works_file = value;
        else if (strcmp(argv[i], "--photos") == 0 && value && ++i)
            t->photos_file = value;
        else if (strcmp(argv[i], "--every") == 0 && value && ++i)
            t->every = (size_t)strtoul(value, NULL, 10);
        else if (strcmp(argv[i], "--jobs") == 0 && value && ++i)
            t->jobs = (unsigned)strtoul(value, NULL, 10);
        else
            return false;
    }
    return t->folder && t->every > 0 && t->jobs > 0 && t->jobs <= 256;
}

static bool train(trainer *t)
{
    fit by_half[2], whole;
    if (!list_read(&t->truth, t->folder, "truth.csv", true) ||
        !list_read(&t->originals, t->folder, "originals.csv", true) ||
        (t->works_file && !list_read(&t->works, NULL, t->works_file, false)) ||
        (t->photos_file && !list_read(&t->photos_list, NULL, t->photos_file, false)) ||
        !list_photos(t) || !ask_all(t) || !fit_half(t, 0, &by_half[0]) ||
        !fit_half(t, 1, &by_half[1]) || !fit_half(t, BOTH, &whole))
        return false;
    tell_promise(t, by_half);
    tell_sets(t, by_half);
    tell_constants(&whole);
    return true;
}

int main(int argc, char **argv)
{
    static trainer t = {.every = 1, .jobs = 1};
    if (!read_arguments(&t, argc, argv)) {
        (void)fputs("usage: fit_part_score FOLDER [--works FILE] [--photos FILE] [--every N]"
                    " [--jobs N]\n",
                    stderr);
        return 2;
    }
    const bool done = train(&t);
    trainer_free(&t);
    return done ? 0 : 3;
}
