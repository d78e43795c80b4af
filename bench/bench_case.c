/* The whole job of an artist, from a folder of art to packets that are filed: which commands are
 * typed, and what each takes. The art and the listings are made up (stall.h), the review is one
 * command here, which a person does with one key a candidate.
 *
 * Exit status: 0 when each accepted candidate is in exactly one notice or left out for a reason,
 * and no address is in two, 1 otherwise. */
#include "bench.h"
#include "child.h"
#include "scratch.h"
#include "stall.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WORDS_MAX 12
#define STEPS_MAX 24

typedef struct step {
    const char *words[WORDS_MAX]; /* of the program; NULL ends them */
    ko_child_cost cost;
} step;

typedef struct bench_run {
    ko_stall stall;
    ko_scratch s;
    bool json;
    char works[128], listings[128], key[128], passphrase[128], calendar[128], sheet[128];
    step steps[STEPS_MAX];
    size_t n_steps;
} bench_run;

static const char usage[] =
    "usage: bench_case [--works N] [--copies N] [--innocent N] [--again N] [--sellers N]\n"
    "                  [--seed N] [--key KEY.p12 --passphrase-file FILE] [--keep] [--json]\n";

/* --- words --- */

static bool read_value(bench_run *b, const char *name, const char *value)
{
    const struct {
        const char *name;
        unsigned *to;
    } numbers[] = {{"--works", &b->stall.works},
                   {"--copies", &b->stall.copies},
                   {"--innocent", &b->stall.innocent},
                   {"--again", &b->stall.again},
                   {"--sellers", &b->stall.sellers}};
    char *end;
    const unsigned long number = strtoul(value, &end, 10);
    const bool fits = *value && !*end && number <= 1000000;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (strcmp(name, numbers[i].name) == 0) {
            *numbers[i].to = (unsigned)number;
            return fits;
        }
    if (strcmp(name, "--seed") == 0)
        b->stall.seed = number;
    else if (strcmp(name, "--key") == 0)
        (void)snprintf(b->key, sizeof b->key, "%s", value);
    else if (strcmp(name, "--passphrase-file") == 0)
        (void)snprintf(b->passphrase, sizeof b->passphrase, "%s", value);
    else
        return false;
    return strcmp(name, "--seed") != 0 || fits;
}

static bool read_arguments(bench_run *b, int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--json") == 0)
            b->json = true;
        else if (strcmp(argv[i], "--keep") == 0)
            b->s.keep = true;
        else if (i + 1 < argc && read_value(b, argv[i], argv[i + 1]))
            i++;
        else
            return false;
    }
    return b->stall.works > 0 && b->stall.copies > 0 && !*b->key == !*b->passphrase;
}

/* --- the job --- */

/* Runs the program with these words; one that refuses single inputs goes on, too. */
static bool type(bench_run *b, const char *const words[])
{
    step *s = &b->steps[b->n_steps++];
    const char *argv[WORDS_MAX + 2] = {b->s.program};
    int status = -1;
    for (size_t i = 0; words[i]; i++)
        argv[i + 1] = s->words[i] = words[i];
    if (!ko_child_run(argv, b->s.says, 0, &s->cost, &status))
        return ko_scratch_complain(&b->s, b->s.program, strerror(errno));
    return status == 0 || status == 1 ||
           ko_scratch_complain(&b->s, words[0], "it ended badly (--keep, then read says.txt)");
}

#define TYPE(...) type(b, (const char *const[]){__VA_ARGS__, NULL})

static bool do_the_job(bench_run *b)
{
    const char *const sign = *b->key ? "--sign" : NULL; /* NULL ends the words */
    return TYPE("init", "--contact", "jane@artist.example") &&
           TYPE("profile", "set", "legal_name=Jane Artist", "role=owner", "country=DE",
                "public_mail=post@artist.example", "public_phone=+49 30 1234567",
                "public_address=P.O. Box 1, 10115 Berlin") &&
           TYPE("add", "--csv", b->works) && TYPE("works", "check") &&
           TYPE("proof", "--all", sign, b->key, "--passphrase-file", b->passphrase) &&
           TYPE("ingest", b->listings) && TYPE("scan") && TYPE("candidates") &&
           TYPE("candidates", "accept", "--all-shown", "--confirm-good-faith") &&
           TYPE("notice", "build", "--confirm-authority") && TYPE("notice", "list") &&
           TYPE("notice", "filed", "1-99999") && TYPE("due", "--ics", b->calendar) &&
           TYPE("sellers") && TYPE("standing") &&
           TYPE("export", "--for", "spreadsheet", "--out", b->sheet);
}

/* --- what came of it --- */

typedef struct outcome {
    int64_t works, listings, candidates, accepted, sellers;
    int64_t notices, unpacked, items, items_doubled;
} outcome;

static outcome judge(const bench_run *b)
{
    return (outcome){
        .works = ko_scratch_count(&b->s, "SELECT count(*) FROM work"),
        .listings = ko_scratch_count(&b->s, "SELECT count(*) FROM listing"),
        .candidates = ko_scratch_count(&b->s, "SELECT count(*) FROM candidate"),
        .accepted =
            ko_scratch_count(&b->s, "SELECT count(*) FROM candidate JOIN decision ON decision.id ="
                                    " candidate.decided WHERE decision.state = 1"),
        .sellers = ko_scratch_count(&b->s, "SELECT count(DISTINCT platform || seller) FROM listing"
                                           " JOIN candidate ON listing_id = listing.id"),
        .notices = ko_scratch_count(&b->s, "SELECT count(*) FROM notice"),
        .unpacked = ko_scratch_count(&b->s, "SELECT count(*) FROM notice WHERE folder = ''"),
        .items = ko_scratch_count(&b->s, "SELECT count(*) FROM notice_item"),
        .items_doubled =
            ko_scratch_count(&b->s, "SELECT count(*) - count(DISTINCT url) FROM notice_item"),
    };
}

static double seconds(const ko_child_cost *cost)
{
    return (double)cost->wall_ns * 1e-9;
}

static void print_step(const step *s)
{
    char words[160] = "";
    size_t n = 0;
    for (size_t i = 0; s->words[i] && n < sizeof words; i++) {
        const char *slash = strrchr(s->words[i], '/');
        n += (size_t)snprintf(words + n, sizeof words - n, "%s%s", i ? " " : "",
                              slash && s->words[i][0] == '/' ? slash + 1 : s->words[i]);
    }
    (void)printf("%8.2f %8.2f %8.1f  %.60s%s\n", seconds(&s->cost), s->cost.cpu_s,
                 (double)s->cost.peak_bytes / 1e6, words, strlen(words) > 60 ? " ..." : "");
}

static void print_text(const bench_run *b, const outcome *o)
{
    ko_child_cost all = {0};
    (void)printf("bench_case on %s\n       s    CPU s       MB  command\n", ko_bench_cpu_name());
    for (size_t i = 0; i < b->n_steps; i++) {
        print_step(&b->steps[i]);
        all.wall_ns += b->steps[i].cost.wall_ns;
        all.cpu_s += b->steps[i].cost.cpu_s;
    }
    (void)printf("%8.2f %8.2f           %zu commands\n", seconds(&all), all.cpu_s, b->n_steps);
    (void)printf("works %lld, listings %lld, candidates %lld of %lld sellers, accepted %lld\n",
                 (long long)o->works, (long long)o->listings, (long long)o->candidates,
                 (long long)o->sellers, (long long)o->accepted);
    (void)printf("notices %lld, without a packet %lld; listings in them %lld, twice %lld\n",
                 (long long)o->notices, (long long)o->unpacked, (long long)o->items,
                 (long long)o->items_doubled);
}

static void print_json(const bench_run *b, const outcome *o)
{
    json_t *steps = json_array();
    for (size_t i = 0; i < b->n_steps; i++) {
        const step *s = &b->steps[i];
        (void)json_array_append_new(
            steps, json_pack("{s:s, s:s?, s:f, s:f, s:I}", "command", s->words[0], "word",
                             s->words[1], "seconds", seconds(&s->cost), "cpu_seconds",
                             s->cost.cpu_s, "peak_bytes", (json_int_t)s->cost.peak_bytes));
    }
    json_t *document = json_pack(
        "{s:s, s:s, s:o, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "program", "bench_case",
        "cpu", ko_bench_cpu_name(), "steps", steps, "works", (json_int_t)o->works, "listings",
        (json_int_t)o->listings, "candidates", (json_int_t)o->candidates, "sellers",
        (json_int_t)o->sellers, "accepted", (json_int_t)o->accepted, "notices",
        (json_int_t)o->notices, "unpacked", (json_int_t)o->unpacked, "items", (json_int_t)o->items,
        "items_doubled", (json_int_t)o->items_doubled);
    if (document && json_dumpf(document, stdout, JSON_INDENT(2)) == 0)
        (void)putchar('\n');
    json_decref(document);
}

/* --- all of it --- */

static bool prepare(bench_run *b)
{
    if (!ko_scratch_make(&b->s))
        return false;
    const struct {
        char *to;
        const char *name;
    } files[] = {{b->works, "works.csv"},
                 {b->listings, "listings.csv"},
                 {b->calendar, "due.ics"},
                 {b->sheet, "sheet.csv"}};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        (void)snprintf(files[i].to, sizeof b->works, "%s/%s", b->s.folder, files[i].name);
    b->stall.folder = b->s.folder;
    return ko_stall_make(&b->stall);
}

int main(int argc, char **argv)
{
    static bench_run b = {.s.bench = "bench_case"};
    b.stall = (ko_stall){
        .works = 112, .copies = 650, .innocent = 60, .again = 40, .sellers = 90, .seed = 1};
    if (!read_arguments(&b, argc, argv))
        return ko_bench_usage(usage, argc, argv);
    const bool done = prepare(&b) && do_the_job(&b) && ko_scratch_open(&b.s, SQLITE_OPEN_READONLY);
    outcome o = {0};
    if (done) {
        o = judge(&b);
        if (b.json)
            print_json(&b, &o);
        else
            print_text(&b, &o);
    }
    ko_scratch_leave(&b.s);
    return !done ? 3 : o.items == o.accepted && o.items_doubled == 0 && o.unpacked == 0 ? 0 : 1;
}
