/* knockoff match - which of these originals do these pictures show? No database. */
#include "cli/commands.h"

#include "base/parallel.h"
#include "ingest/files.h"
#include "report/evidence.h"
#include "scan/pairs.h"

#include <knockoff/match.h>

typedef struct match_options {
    ko_common common;
    ko_words originals, listings;
    ko_number threshold;
    unsigned jobs;
} match_options;

static const ko_option options[] = {
    {"originals", 'o', KO_OPT_LIST, offsetof(match_options, originals), "PATH",
     "the works: files or folders"},
    {"listings", 'l', KO_OPT_LIST, offsetof(match_options, listings), "PATH",
     "the listing pictures: files or folders"},
    {"threshold", 't', KO_OPT_NUMBER, offsetof(match_options, threshold), "S",
     "lowest score to claim (default 6: one false claim in a million pictures)"},
    {"jobs", 'j', KO_OPT_COUNT, offsetof(match_options, jobs), "N",
     "threads (default: one a processor)"},
    {0},
};

static ko_status print_json(void *context, const ko_pair *pair)
{
    (void)context;
    json_t *object = json_pack("{s:o, s:o}", "listing", ko_json_string(pair->listing), "original",
                               ko_json_string(pair->original));
    ko_json_line(stdout, ko_evidence_json(object, pair->evidence));
    return KO_OK;
}

static ko_status print_text(void *context, const ko_pair *pair)
{
    (void)context;
    char brief[KO_EVIDENCE_BRIEF_SIZE];
    ko_evidence_brief(pair->evidence, brief);
    ko_print("%s shows %s: score %.1f, %s\n", pair->listing, pair->original, pair->evidence->score,
             brief);
    return KO_OK;
}

static ko_status match(const match_options *o, double threshold, ko_problems *problems,
                       ko_pairs_counts *out_counts, ko_error *err)
{
    ko_ingest_files originals = {0}, listings = {0};
    ko_status st =
        ko_ingest_files_find(o->originals.word, o->originals.count, problems, &originals, err);
    if (st == KO_OK)
        st = ko_ingest_files_find(o->listings.word, o->listings.count, problems, &listings, err);
    const ko_pairs_options pairs = {
        .threshold = threshold,
        .jobs = o->jobs,
        .on_pair = o->common.json ? print_json : print_text,
        .problems = problems,
    };
    if (st == KO_OK)
        st = ko_pairs(&originals.pictures, &listings.pictures, &pairs, out_counts, err);
    ko_ingest_files_free(&originals);
    ko_ingest_files_free(&listings);
    return st;
}

static ko_exit run(char **words, size_t n)
{
    match_options o = {.jobs = ko_parallel_processors()};
    ko_problems problems = ko_problems_said();
    ko_pairs_counts counts = {0};
    ko_error err = {0};
    ko_exit code = KO_EXIT_OK;
    if (!ko_begin(&ko_cmd_match, words, n, &o, &code))
        goto done;
    if (o.common.operands.count || !o.originals.count || !o.listings.count) {
        ko_say("match needs --originals PATH... and --listings PATH... (knockoff help match)");
        code = KO_EXIT_USAGE;
        goto done;
    }
    const double threshold = o.threshold.given ? o.threshold.value : KO_SCORE_DEFAULT;
    const ko_status st = match(&o, threshold, &problems, &counts, &err);
    if (st != KO_OK) {
        err.code = st;
        code = ko_give_up(&err);
        goto done;
    }
    if (!o.common.json)
        ko_print("%zu claims at threshold %g: %zu listing pictures against %zu originals "
                 "(%zu fingerprints)\n",
                 counts.claims, threshold, counts.listings, counts.originals, counts.fingerprints);
    if (counts.plain)
        ko_say("%zu of the originals too plain to look for", counts.plain);
    code = problems.count ? KO_EXIT_REFUSED : KO_EXIT_OK;
done:
    ko_options_free(options, &o);
    return code;
}

const ko_command ko_cmd_match = {
    .name = "match",
    .summary = "compare folders without a database",
    .usage = "--originals PATH... --listings PATH... [--threshold S] [--json]",
    .description =
        "Compares every listing picture with every original and prints a line for each claimed\n"
        "match, nothing for none. With --json each line is an object:\n"
        "  {\"listing\": PATH, \"original\": PATH, \"score\": S, \"method\": \"whole|part\"}\n"
        "When the whole picture looks like the work, it also has\n"
        "  \"distance\": BITS, \"cropped\": BOOL,\n"
        "  \"orientation\": \"none|rot90|rot180|rot270|mirror|flip|transpose|transverse\"\n"
        "and \"ground\", the grey level assumed behind a transparent work; when a part of it "
        "does,\n"
        "  \"quad\": [X1, Y1, ..., X4, Y4], \"mirrored\": BOOL, \"inverted\": BOOL,\n"
        "  \"turn\": DEGREES, \"share\": 0..1, \"inliers\": N\n"
        "with the work's top left, top right, bottom right and bottom left corner in pixels of "
        "the\n"
        "listing picture. method says which of the two has the score. Paths are printed as given\n"
        "plus what lies below them.",
    .options = options,
    .run = run,
};
