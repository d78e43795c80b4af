/* knockoff match - which of these originals do these pictures show? No database. */
#include "cli/commands.h"

#include "base/parallel.h"
#include "scan/gather.h"
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

static ko_status print_json(void *context, const ko_claim *claim)
{
    (void)context;
    json_t *object = json_pack(
        "{s:o, s:o, s:f, s:s, s:s, s:i}", "listing", ko_json_string(claim->listing), "original",
        ko_json_string(claim->original), "score", claim->score, "method", claim->method,
        "orientation", ko_orientation_name(claim->orientation), "distance", (int)claim->distance);
    if (object && claim->ground >= 0)
        (void)json_object_set_new(object, "ground", json_integer(claim->ground));
    ko_json_line(stdout, object);
    return KO_OK;
}

static ko_status print_text(void *context, const ko_claim *claim)
{
    (void)context;
    ko_print("%s shows %s: score %.1f, %u bits, %s\n", claim->listing, claim->original,
             claim->score, claim->distance, ko_orientation_name(claim->orientation));
    return KO_OK;
}

static ko_status match(const match_options *o, double threshold, ko_problems *problems,
                       ko_pairs_counts *out_counts, ko_error *err)
{
    ko_gathered originals = {0}, listings = {0};
    ko_status st = ko_gather(o->originals.word, o->originals.count, problems, &originals, err);
    if (st == KO_OK)
        st = ko_gather(o->listings.word, o->listings.count, problems, &listings, err);
    const ko_pairs_options pairs = {
        .threshold = threshold,
        .jobs = o->jobs,
        .on_claim = o->common.json ? print_json : print_text,
        .problems = problems,
    };
    if (st == KO_OK)
        st = ko_pairs(&originals.pictures, &listings.pictures, &pairs, out_counts, err);
    ko_gathered_free(&originals);
    ko_gathered_free(&listings);
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
        "  {\"listing\": PATH, \"original\": PATH, \"score\": S, \"method\": \"whole\",\n"
        "   \"orientation\": \"none|rot90|rot180|rot270|mirror|flip|transpose|transverse\",\n"
        "   \"distance\": BITS}\n"
        "and \"ground\", the grey level assumed behind a transparent work. Paths are printed as\n"
        "given plus what lies below them.",
    .options = options,
    .run = run,
};
