/* How the search inside photos holds up as the collection grows.
 *
 * The folder has truth.csv (listing, originals separated by |, ...) and originals.csv
 * (original first); no cell that is used here needs quotes. The originals are registered,
 * and to them come works that nothing shows, --works N in all: made of the originals'
 * descriptors, each blended with one that is like it, so that cells fill as by real works
 * without any being there twice. Every --every'th listing is asked. Printed are what the
 * index takes, how many listings are recognised at 6 and at 3, how many claims are made
 * on photos without any work, and milliseconds by stage. */
#include "base/alloc.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/parallel.h"
#include "bench.h"
#include "match/part_view.h"

#include <knockoff/image.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define FILLER_KEYPOINTS 350u /* of one ground */
#define PARTNERS 8            /* drawn, of which the most alike is blended in */
#define LENGTH 512.f          /* of a descriptor */

typedef struct listing {
    char *name, *originals;
    double best;    /* score of a right claim, or -INFINITY */
    double claimed; /* of any claim where there is no work */
} listing;

typedef struct scale {
    const char *folder;
    size_t every, n_works;
    unsigned jobs;
    ko_buf truth, names;
    size_t n_real, n_listings;
    char **works; /* names of the real ones */
    ko_part_view **views;
    listing *listings;
    ko_parts *parts;
    ko_parts_scratch **scratches;
    double build_ms;
} scale;

static double cpu_ms(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec * 1e-6;
}

/* --- the folder --- */

static bool read_file(const scale *s, const char *name, ko_buf *out)
{
    char path[KO_MAX_PATH_BYTES];
    (void)snprintf(path, sizeof path, "%s/%s", s->folder, name);
    ko_error err = {0};
    *out = KO_BUF(KO_MAX_SHEET_BYTES);
    if (ko_file_read(path, out, &err) == KO_OK)
        return true;
    (void)fprintf(stderr, "bench_scale: %s\n", err.text);
    return false;
}

/* The line after the one at *at, ended with a zero, and *at moved to it; NULL at the end. */
static char *next_line(char **at)
{
    char *end = strchr(*at, '\n');
    if (!end || !end[1])
        return NULL;
    *at = end + 1;
    return *at;
}

static size_t count_lines(const ko_buf *b)
{
    size_t n = 0;
    for (const char *c = b->data; *c; c++)
        n += *c == '\n';
    return n;
}

/* Ends the cell at its comma or line end; the next cell. */
static char *end_cell(char *cell)
{
    char *end = cell + strcspn(cell, ",\r\n");
    char *next = *end == ',' ? end + 1 : end;
    *end = '\0';
    return next;
}

static bool read_folder(scale *s)
{
    if (!read_file(s, "truth.csv", &s->truth) || !read_file(s, "originals.csv", &s->names))
        return false;
    s->works = ko_alloc_array(count_lines(&s->names), sizeof(char *));
    s->listings = ko_alloc_array(count_lines(&s->truth), sizeof *s->listings);
    if (!s->works || !s->listings)
        return false;
    char *at = s->names.data;
    for (char *line = next_line(&at); line; s->n_real++) {
        s->works[s->n_real] = line;
        line = next_line(&at);
    }
    at = s->truth.data;
    size_t n = 0;
    for (char *line = next_line(&at); line; n++) {
        if (n % s->every == 0)
            s->listings[s->n_listings++] =
                (listing){.name = line, .best = -INFINITY, .claimed = -INFINITY};
        line = next_line(&at);
    }
    for (size_t i = 0; i < s->n_real; i++)
        (void)end_cell(s->works[i]);
    for (size_t i = 0; i < s->n_listings; i++) {
        s->listings[i].originals = end_cell(s->listings[i].name);
        (void)end_cell(s->listings[i].originals);
    }
    return true;
}

static ko_status decode(const scale *s, const char *name, bool trusted, ko_image *out)
{
    char path[KO_MAX_PATH_BYTES];
    (void)snprintf(path, sizeof path, "%s/%s", s->folder, name);
    ko_buf bytes = KO_BUF(KO_MAX_IMAGE_BYTES);
    ko_image_options options;
    ko_image_options_init(&options);
    options.trusted = trusted;
    ko_error err = {0};
    ko_status st = ko_file_read(path, &bytes, &err);
    if (st == KO_OK)
        st = ko_image_decode(bytes.data, bytes.size, &options, out, &err);
    if (st != KO_OK)
        (void)fprintf(stderr, "bench_scale: %s: %s\n", name, err.text);
    ko_buf_free(&bytes);
    return st;
}

/* --- works --- */

static void register_one(void *context, size_t i, unsigned worker)
{
    (void)worker;
    scale *s = context;
    ko_image image = {0};
    if (decode(s, s->works[i], true, &image) == KO_OK &&
        ko_part_view_make(&image.luma, &image.alpha, &s->views[i], NULL) != KO_OK)
        (void)fprintf(stderr, "bench_scale: %s: no view\n", s->works[i]);
    ko_image_free(&image);
}

static uint32_t next_random(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*state >> 33);
}

/* Any keypoint's descriptor in any variant. */
static void draw(const scale *s, uint64_t *random, ko_descriptor *out)
{
    const ko_part_view *v;
    do
        v = s->views[next_random(random) % s->n_real];
    while (ko_part_view_keypoints(v) == 0);
    const size_t i = next_random(random) % ko_part_view_keypoints(v);
    ko_descriptor_variant(&v->descriptors[i], next_random(random) % KO_VARIANTS, out);
}

static unsigned likeness(const ko_descriptor *a, const ko_descriptor *b)
{
    unsigned sum = 0;
    for (size_t i = 0; i < KO_DESCRIPTOR_BINS; i++)
        sum += (unsigned)a->bin[i] * b->bin[i];
    return sum;
}

static void blend(const ko_descriptor *a, const ko_descriptor *b, float share, ko_descriptor *out)
{
    float mixed[KO_DESCRIPTOR_BINS], squares = 0;
    for (size_t i = 0; i < KO_DESCRIPTOR_BINS; i++) {
        mixed[i] = share * (float)a->bin[i] + (1 - share) * (float)b->bin[i];
        squares += mixed[i] * mixed[i];
    }
    const float scale_to = LENGTH / sqrtf(squares + 1);
    for (size_t i = 0; i < KO_DESCRIPTOR_BINS; i++)
        out->bin[i] = (uint8_t)fminf(mixed[i] * scale_to + .5f, INT8_MAX);
}

/* A work that shares all but its descriptors with a real one. */
static void make_filler(void *context, size_t i, unsigned worker)
{
    (void)worker;
    scale *s = context;
    const ko_part_view *of = s->views[i % s->n_real];
    const uint32_t n = of->first[1] < FILLER_KEYPOINTS ? of->first[1] : FILLER_KEYPOINTS;
    ko_part_view *v = ko_alloc(sizeof *v);
    ko_descriptor *d = ko_alloc_array(n, sizeof *d);
    if (!v || !d) {
        ko_free(v);
        ko_free(d);
        return;
    }
    *v = *of;
    v->n_grounds = 1;
    v->first[1] = n;
    v->descriptors = d;
    uint64_t random = i + 1;
    for (uint32_t k = 0; k < n; k++) {
        ko_descriptor partner, other;
        draw(s, &random, &partner);
        for (size_t p = 1; p < PARTNERS; p++) {
            draw(s, &random, &other);
            if (likeness(&of->descriptors[k], &other) > likeness(&of->descriptors[k], &partner))
                partner = other;
        }
        const float share = .3f + .4f * (float)(next_random(&random) % 1024) / 1024;
        blend(&of->descriptors[k], &partner, share, &d[k]);
    }
    s->views[s->n_real + i] = v;
}

static bool build(scale *s)
{
    if (s->n_works < s->n_real)
        s->n_works = s->n_real;
    s->views = ko_alloc_zero(s->n_works, sizeof(ko_part_view *));
    uint32_t *numbers = ko_alloc_array(s->n_works, sizeof *numbers);
    bool done =
        s->views && numbers && ko_parallel_for(s->n_real, s->jobs, register_one, s) == KO_OK;
    for (size_t i = 0; done && i < s->n_real; i++)
        done = s->views[i] != NULL;
    done = done && ko_parallel_for(s->n_works - s->n_real, s->jobs, make_filler, s) == KO_OK;
    for (size_t i = 0; done && i < s->n_works; i++) {
        done = s->views[i] != NULL;
        numbers[i] = (uint32_t)i;
    }
    const double start_ms = cpu_ms();
    done = done && ko_parts_build((const ko_part_view *const *)s->views, numbers, s->n_works,
                                  s->n_works, s->n_works, s->jobs, &s->parts, NULL) == KO_OK;
    s->build_ms = cpu_ms() - start_ms;
    ko_free(numbers);
    return done;
}

/* --- listings --- */

/* Whether a work is one of a list separated by |. */
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

static void ask_one(void *context, size_t i, unsigned worker)
{
    scale *s = context;
    listing *l = &s->listings[i];
    ko_part_found found[KO_PARTS_FOUND_MAX];
    size_t n = 0;
    ko_image image = {0};
    if (decode(s, l->name, false, &image) == KO_OK &&
        ko_parts_find(s->parts, s->scratches[worker], &image.luma, 0, found, &n, NULL) != KO_OK)
        (void)fprintf(stderr, "bench_scale: %s: not asked\n", l->name);
    for (size_t k = 0; k < n; k++) {
        if (found[k].work < s->n_real && is_among(l->originals, s->works[found[k].work]))
            l->best = fmax(l->best, found[k].score);
        else if (!*l->originals)
            l->claimed = fmax(l->claimed, found[k].score);
    }
    ko_image_free(&image);
}

static bool ask(scale *s)
{
    s->scratches = ko_alloc_zero(s->jobs, sizeof(ko_parts_scratch *));
    if (!s->scratches)
        return false;
    for (unsigned j = 0; j < s->jobs; j++)
        if (ko_parts_scratch_make(&s->scratches[j], NULL) != KO_OK)
            return false;
    return ko_parallel_for(s->n_listings, s->jobs, ask_one, s) == KO_OK;
}

static void report(const scale *s)
{
    size_t positives = 0, at_6 = 0, at_3 = 0, false_3 = 0, keypoints = 0;
    for (size_t i = 0; i < s->n_works; i++)
        keypoints += ko_part_view_keypoints(s->views[i]);
    for (size_t i = 0; i < s->n_listings; i++) {
        const listing *l = &s->listings[i];
        positives += *l->originals != '\0';
        at_6 += l->best >= 6;
        at_3 += l->best >= 3;
        false_3 += l->claimed >= 3;
    }
    ko_parts_cost sum = {0};
    for (unsigned j = 0; j < s->jobs; j++) {
        ko_parts_cost k;
        ko_parts_scratch_cost(s->scratches[j], &k);
        sum.search_ms += k.search_ms;
        sum.vote_ms += k.vote_ms;
        sum.verify_ms += k.verify_ms + k.look_ms;
        sum.photos += k.photos;
    }
    const double n = (double)(sum.photos ? sum.photos : 1);
    (void)printf("bench_scale on %s\n%zu works, %zu keypoints: index %.0f ms, %zu bytes, %.0f a"
                 " work, %.1f a keypoint\n",
                 ko_bench_cpu_name(), s->n_works, keypoints, s->build_ms, ko_parts_bytes(s->parts),
                 (double)ko_parts_bytes(s->parts) / (double)s->n_works,
                 (double)ko_parts_bytes(s->parts) / (double)keypoints);
    (void)printf("%zu of %zu listings with works: recall %.1f %% at 6, %.1f %% at 3; %zu of the"
                 " others claimed at 3\n",
                 positives, s->n_listings, 100. * (double)at_6 / (double)positives,
                 100. * (double)at_3 / (double)positives, false_3);
    (void)printf("CPU ms a listing: search %.2f vote %.2f verify and look %.2f\n",
                 sum.search_ms / n, sum.vote_ms / n, sum.verify_ms / n);
}

static void scale_free(scale *s)
{
    for (unsigned j = 0; s->scratches && j < s->jobs; j++)
        ko_parts_scratch_free(s->scratches[j]);
    ko_free(s->scratches);
    ko_parts_free(s->parts);
    for (size_t i = s->n_real; s->views && i < s->n_works; i++)
        if (s->views[i]) {
            ko_free(s->views[i]->descriptors);
            ko_free(s->views[i]);
        }
    for (size_t i = 0; s->views && i < s->n_real; i++)
        ko_part_view_free(s->views[i]);
    ko_free(s->views);
    ko_free(s->listings);
    ko_free(s->works);
    ko_buf_free(&s->truth);
    ko_buf_free(&s->names);
}

static bool read_arguments(scale *s, int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        const char *value = i + 1 < argc ? argv[i + 1] : "";
        if (argv[i][0] != '-' && !s->folder) {
            s->folder = argv[i];
            continue;
        }
        char *end;
        const unsigned long number = strtoul(value, &end, 10);
        if (number < 1 || number > 10000000 || *end)
            return false;
        if (strcmp(argv[i], "--works") == 0)
            s->n_works = number;
        else if (strcmp(argv[i], "--every") == 0)
            s->every = number;
        else if (strcmp(argv[i], "--jobs") == 0 && number <= KO_MAX_JOBS)
            s->jobs = (unsigned)number;
        else
            return false;
        i++;
    }
    return s->folder != NULL;
}

int main(int argc, char **argv)
{
    scale s = {.every = 1, .n_works = 1, .jobs = 1};
    if (!read_arguments(&s, argc, argv)) {
        (void)fputs("usage: bench_scale FOLDER [--works N] [--every N] [--jobs N]\n", stderr);
        return 2;
    }
    const bool done = read_folder(&s) && build(&s) && ask(&s);
    if (done)
        report(&s);
    scale_free(&s);
    return done ? 0 : 3;
}
