/* How well works are found in listing photos, and at what cost, on a folder of photos of
 * which is known what they show (truth.h); README.md beside this says how to read what is
 * printed. */
#include "base/limits.h"
#include "base/parallel.h"
#include "bench.h"
#include "match_plots.h"
#include "peers.h"
#include "report.h"

#include <knockoff/match.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
    "usage: bench_match FOLDER [--every N] [--threshold SCORE] [--jobs N] [--peers]\n"
    "                   [--json] [--jsonl FILE] [--plot FOLDER]\n"
    "  FOLDER            with truth.csv, originals.csv, groups.csv, quads.csv and the pictures\n"
    "  --every N         ask about one in N photos, always the same\n"
    "  --threshold S     score that a claim must reach (6)\n"
    "  --jobs N          threads (all processors)\n"
    "  --peers           set PDQ alone and, when built with OpenCV, ORB and RootSIFT beside\n"
    "  --json            one object with everything\n"
    "  --jsonl FILE      write every claim, a line each\n"
    "  --plot FOLDER     write recall.svg, cost.svg and promises.svg\n";

#define TRIALS_MAX 4

typedef struct options {
    const char *folder, *jsonl, *plots;
    size_t every;
    unsigned jobs;
    double threshold;
    bool json, peers;
} options;

static bool read_arguments(options *o, int argc, char **argv)
{
    double jobs = ko_parallel_processors(), every = 1;
    bool fits = true;
    for (int i = 1; i < argc && fits; i++) {
        const char *value = i + 1 < argc ? argv[i + 1] : NULL;
        if (strcmp(argv[i], "--json") == 0)
            o->json = true;
        else if (strcmp(argv[i], "--peers") == 0)
            o->peers = true;
        else if (argv[i][0] != '-' && !o->folder)
            o->folder = argv[i];
        else if (strcmp(argv[i], "--jobs") == 0 && ++i)
            fits = ko_bench_number(value, 1, KO_MAX_JOBS, &jobs);
        else if (strcmp(argv[i], "--threshold") == 0 && ++i)
            fits = ko_bench_number(value, -10, 1000, &o->threshold);
        else if (strcmp(argv[i], "--every") == 0 && ++i)
            fits = ko_bench_number(value, 1, 1e6, &every);
        else if (strcmp(argv[i], "--jsonl") == 0 && ++i)
            fits = (o->jsonl = value) != NULL;
        else if (strcmp(argv[i], "--plot") == 0 && ++i)
            fits = (o->plots = value) != NULL;
        else
            fits = false;
    }
    o->jobs = (unsigned)jobs;
    o->every = (size_t)every;
    return fits && o->folder;
}

/* The program itself, and with --peers the others. */
static ko_status run_trials(const options *o, const ko_bench_truth *truth, ko_bench_trial *trials,
                            size_t *n, ko_error *err)
{
    ko_status st = ko_bench_trial_run(&ko_bench_product, truth, o->jobs, &trials[(*n)++], err);
    if (!o->peers || st != KO_OK)
        return st;
    if (ko_bench_peers() == 0)
        (void)fputs("peers: built without OpenCV\n", stderr);
    st = ko_bench_trial_run(&ko_bench_pdq, truth, o->jobs, &trials[(*n)++], err);
    for (size_t i = 0; i < ko_bench_peers() && *n < TRIALS_MAX && st == KO_OK; i++)
        st = ko_bench_trial_run(ko_bench_peer(i), truth, o->jobs, &trials[(*n)++], err);
    return st;
}

/* Plots come last, since they leave smaller indexes behind. */
static ko_status tell(const options *o, ko_bench_trial *trials, size_t n, ko_error *err)
{
    const ko_bench_report report = {trials, n, o->threshold, o->every};
    ko_status st =
        o->json ? ko_bench_report_json(&report, err) : ko_bench_report_text(&report, err);
    (void)fflush(stdout);
    if (st == KO_OK && o->jsonl)
        st = ko_bench_report_claims(&trials[0], o->jsonl, err);
    if (st == KO_OK && o->plots)
        st = ko_bench_match_plots(trials, n, o->plots, err);
    return st;
}

int main(int argc, char **argv)
{
    options o = {.threshold = KO_SCORE_DEFAULT};
    if (!read_arguments(&o, argc, argv))
        return ko_bench_usage(usage, argc, argv);
    ko_bench_truth truth = {0};
    ko_bench_trial trials[TRIALS_MAX] = {0};
    size_t n = 0;
    ko_error err = {0};
    ko_status st = ko_bench_truth_read(o.folder, o.every, &truth, &err);
    if (st == KO_OK)
        st = run_trials(&o, &truth, trials, &n, &err);
    if (st == KO_OK)
        st = tell(&o, trials, n, &err);
    if (st != KO_OK)
        (void)fprintf(stderr, "bench_match: %s\n", err.text);
    for (size_t i = 0; i < n; i++)
        ko_bench_trial_free(&trials[i]);
    ko_bench_truth_free(&truth);
    return st == KO_OK ? 0 : 3;
}
