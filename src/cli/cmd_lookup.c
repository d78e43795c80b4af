/* knockoff lookup IMAGE... - which works does it show, and where was it seen? */
#include "cli/commands.h"

#include "base/parallel.h"
#include "report/evidence.h"
#include "scan/lookup.h"

#include <knockoff/match.h>

#include <string.h>

typedef struct lookup_options {
    ko_common common;
    ko_number threshold;
} lookup_options;

static const ko_option options[] = {
    {"threshold", 't', KO_OPT_NUMBER, offsetof(lookup_options, threshold), "S",
     "lowest score to tell (default: the collection's)"},
    {0},
};

/* What was found for one picture; printed at once for people, gathered for JSON. */
typedef struct answer {
    const lookup_options *options;
    ko_store *store;
    const char *path;
    double threshold;
    json_t *works, *seen;
    size_t n_works, n_seen;
    ko_error *err;
} answer;

static ko_status on_work(void *context, const ko_lookup_work *work)
{
    answer *a = context;
    a->n_works++;
    if (!a->options->common.json) {
        char brief[KO_EVIDENCE_BRIEF_SIZE];
        ko_evidence_brief(work->evidence, brief);
        ko_print("%s shows %s %s: score %.1f, %s\n", a->path, work->serial, work->title,
                 work->evidence->score, brief);
        return KO_OK;
    }
    json_t *object =
        json_pack("{s:s, s:o}", "serial", work->serial, "title", ko_json_string(work->title));
    const int failed = json_array_append_new(a->works, ko_evidence_json(object, work->evidence));
    return failed ? KO_E_NOMEM : KO_OK;
}

static ko_status print_listing(void *context, const ko_seen *seen)
{
    json_t *listings = context;
    if (!listings) {
        if (seen->record.url[0])
            ko_print("    %s  %s  %s\n", seen->record.url, seen->record.seller, seen->record.title);
        return KO_OK;
    }
    json_t *object = json_pack(
        "{s:I, s:o, s:o, s:o, s:o}", "listing", (json_int_t)seen->id, "url",
        ko_json_string(seen->record.url), "title", ko_json_string(seen->record.title), "seller",
        ko_json_string(seen->record.seller), "price", ko_json_string(seen->record.price));
    return json_array_append_new(listings, object) == 0 ? KO_OK : KO_E_NOMEM;
}

static ko_status on_photo(void *context, const ko_lookup_photo *found)
{
    answer *a = context;
    a->n_seen++;
    if (!a->options->common.json) {
        ko_print("%s was seen as %s: score %.1f, %u bits, %s\n", a->path, found->photo->path,
                 found->score, found->distance, ko_orientation_name(found->orientation));
        return ko_seen_each(a->store, found->photo->id, print_listing, NULL, a->err);
    }
    json_t *listings = json_array();
    json_t *object = json_pack(
        "{s:I, s:o, s:f, s:i, s:s, s:o}", "photo", (json_int_t)found->photo->id, "path",
        ko_json_string(found->photo->path), "score", found->score, "distance", (int)found->distance,
        "orientation", ko_orientation_name(found->orientation), "listings", listings);
    const ko_status st = ko_seen_each(a->store, found->photo->id, print_listing, listings, a->err);
    if (json_array_append_new(a->seen, object) != 0)
        return KO_E_NOMEM;
    return st;
}

/* What people read when there is nothing else to say. */
static void print_nothing(const answer *a, const ko_picture *picture)
{
    if (a->n_works || a->n_seen)
        return;
    if (picture->quality < KO_FP_QUALITY_MIN)
        ko_print("%s: shows no work; too plain to be told from other pictures seen (quality %d)\n",
                 a->path, picture->quality);
    else
        ko_print("%s: shows no work and was not seen before (threshold %g)\n", a->path,
                 a->threshold);
}

static ko_status look_up(answer *a, ko_lookup *lookup, ko_problems *problems, ko_error *err)
{
    ko_error own = {0};
    ko_picture picture = {0};
    a->n_works = a->n_seen = 0;
    a->works = json_array();
    a->seen = json_array();
    a->err = &own;
    const ko_status st = ko_lookup_picture(lookup, a->path, &picture, &own);
    if (st == KO_OK && a->options->common.json)
        ko_json_line(stdout, json_pack("{s:o, s:i, s:b, s:f, s:O, s:O}", "image",
                                       ko_json_string(a->path), "quality", picture.quality, "plain",
                                       picture.quality < KO_FP_QUALITY_MIN, "threshold",
                                       a->threshold, "works", a->works, "seen", a->seen));
    else if (st == KO_OK)
        print_nothing(a, &picture);
    json_decref(a->works);
    json_decref(a->seen);
    a->err = NULL;
    if (st == KO_E_FORMAT || st == KO_E_UNSUPPORTED || st == KO_E_LIMIT || st == KO_E_NOT_FOUND) {
        ko_problem(problems, "%s", own.text);
        return KO_OK;
    }
    return st == KO_OK ? KO_OK : ko_fail(err, st, "%s", own.text);
}

static ko_status look_all_up(answer *a, ko_problems *problems, ko_error *err)
{
    const ko_words *pictures = &a->options->common.operands;
    const ko_lookup_options how = {.threshold = a->threshold,
                                   .jobs = ko_parallel_processors(),
                                   .context = a,
                                   .on_work = on_work,
                                   .on_photo = on_photo};
    ko_lookup *lookup = NULL;
    ko_status st = ko_lookup_begin(a->store, &how, problems, &lookup, err);
    for (size_t i = 0; st == KO_OK && i < pictures->count; i++) {
        a->path = pictures->word[i];
        st = look_up(a, lookup, problems, err);
    }
    ko_lookup_end(lookup);
    return st;
}

static ko_exit run(char **words, size_t n)
{
    lookup_options o = {0};
    answer a = {.options = &o};
    ko_problems problems = ko_problems_said();
    ko_error err = {0};
    ko_exit code = KO_EXIT_OK;
    if (!ko_begin(&ko_cmd_lookup, words, n, &o, &code))
        goto done;
    if (o.common.operands.count == 0) {
        ko_say("lookup needs a picture, or - for standard input (knockoff help lookup)");
        code = KO_EXIT_USAGE;
        goto done;
    }
    ko_status st = ko_open_database(&o.common, KO_STORE_OPEN, &a.store, &err);
    if (st == KO_OK)
        st = ko_store_threshold(a.store, &a.threshold, &err);
    if (o.threshold.given)
        a.threshold = o.threshold.value;
    if (st == KO_OK)
        st = look_all_up(&a, &problems, &err);
    if (st != KO_OK)
        code = ko_give_up(&err);
    else
        code = problems.count ? KO_EXIT_REFUSED : KO_EXIT_OK;
done:
    ko_store_close(a.store);
    ko_options_free(options, &o);
    return code;
}

const ko_command ko_cmd_lookup = {
    .name = "lookup",
    .summary = "look one picture up, like a reverse image search",
    .usage = "[--threshold S] IMAGE...",
    .description =
        "Tells which works a picture shows and which listing pictures seen before look like it,\n"
        "turned or mirrored too, with the listings that showed them. \"-\" reads standard input.\n"
        "Nothing is stored and nothing leaves this machine.",
    .options = options,
    .run = run,
};
