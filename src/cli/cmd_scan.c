/* knockoff scan - compare all listing pictures with all works. */
#include "cli/commands.h"

#include "base/clock.h"
#include "base/parallel.h"
#include "case/search.h"
#include "store/candidate.h"

typedef struct scan_options {
    ko_common common;
    unsigned jobs;
} scan_options;

static const ko_option options[] = {
    {"jobs", 'j', KO_OPT_COUNT, offsetof(scan_options, jobs), "N",
     "threads (default: one a processor)"},
    {0},
};

/* Accepted candidates for which this scan found a better match than that they were accepted on. */
typedef struct improved {
    int64_t since; /* the scan began */
    size_t n;
} improved;

static ko_status look_for_better(void *context, const ko_candidate *c)
{
    improved *i = context;
    i->n += c->match.found_at >= i->since && c->match.evidence.score > c->decision.score;
    return KO_OK;
}

static ko_status print_improved(ko_store *store, improved *i, ko_error *err)
{
    const ko_candidate_filter accepted = {.states = 1U << KO_CANDIDATE_ACCEPTED};
    const ko_status st = ko_candidate_each(store, &accepted, look_for_better, i, err);
    if (st == KO_OK && i->n)
        ko_print("%zu accepted candidate%s a better match now: knockoff candidates --state "
                 "accepted\n",
                 i->n, i->n == 1 ? " has" : "s have");
    return st;
}

static void print(const scan_options *o, const ko_searched *searched)
{
    const ko_scan_counts *c = &searched->scan;
    char words[KO_SORTED_WORDS_SIZE];
    if (o->common.json) {
        ko_json_line(stdout, ko_searched_json(searched));
        return;
    }
    ko_print("%zu new photo%s read", c->photos_read, ko_plural(c->photos_read));
    if (c->photos_refused)
        ko_print(", %zu refused", c->photos_refused);
    ko_print("; %zu work%s, %zu fingerprints, threshold %g\n", c->works, ko_plural(c->works),
             c->fingerprints, searched->threshold);
    if (c->photos_gone)
        ko_print("%zu older photo%s gone: compared as whole pictures alone\n", c->photos_gone,
                 c->photos_gone == 1 ? " is" : "s are");
    ko_print("%zu new candidate%s", c->new_candidates, ko_plural(c->new_candidates));
    if (c->new_candidates)
        ko_print(": knockoff candidates");
    ko_print("\n");
    ko_sorted_words(&searched->sorted, words);
    if (words[0])
        ko_print("%s\n", words);
    if (c->works == 0)
        ko_print("no works yet: knockoff add FOLDER-OF-YOUR-ART\n");
}

static ko_status scan(const ko_job *job, ko_error *err)
{
    const scan_options *o = job->options;
    improved better = {.since = ko_clock_now()};
    ko_searched searched;
    ko_status st = ko_search(job->store, o->jobs, job->problems, &searched, err);
    if (st == KO_OK || st == KO_E_STOPPED)
        print(o, &searched);
    if (st == KO_OK && !o->common.json)
        st = print_improved(job->store, &better, err);
    return st;
}

static ko_status fits(const void *read, ko_error *err)
{
    return ko_takes_no_operands(&ko_cmd_scan, read, err);
}

static ko_exit run(char **words, size_t n)
{
    scan_options o = {.jobs = ko_parallel_processors()};
    return ko_run_job(&ko_cmd_scan, words, n, &o, fits, scan);
}

const ko_command ko_cmd_scan = {
    .name = "scan",
    .summary = "compare listings with works and queue candidates",
    .usage = "[--jobs N]",
    .description =
        "Looks at listing pictures that are new, compares all of them with all works, old\n"
        "listings with new works too, and queues what reaches the threshold. What was done is\n"
        "kept batch by batch: stop it, or kill it, and the next scan goes on from there.",
    .options = options,
    .run = run,
};
