/* knockoff negative - pictures that never count. */
#include "cli/commands.h"

#include "base/clock.h"
#include "cli/word_acts.h"
#include "report/settings.h"

typedef struct negative_options {
    ko_common common;
} negative_options;

static const ko_option options[] = {{0}};

typedef struct printing {
    bool json;
    size_t n;
} printing;

static ko_status print(void *context, const ko_negative *negative)
{
    printing *p = context;
    char at[KO_TIME_SIZE];
    p->n++;
    ko_clock_text(negative->at, at);
    if (p->json)
        ko_json_line(stdout, ko_negative_json(negative));
    else
        ko_print("%lld  %s  %zu picture%s, since %s by %s\n", (long long)negative->id,
                 negative->path, negative->n_photos, ko_plural(negative->n_photos), at,
                 negative->who[0] ? negative->who : "-");
    return KO_OK;
}

static ko_status list(const ko_job *job, ko_error *err)
{
    const negative_options *o = job->options;
    printing p = {.json = o->common.json};
    const ko_status st = ko_negative_each(job->store, 0, print, &p, err);
    if (st == KO_OK && p.n == 0 && !p.json)
        ko_print("every picture counts: knockoff candidates reject --always N adds one\n");
    return st;
}

static ko_status drop_one(const ko_job *job, int64_t act_id, const char *word, ko_error *err)
{
    int64_t id = 0;
    const ko_status st = ko_read_number("negative rm", word, &id, err);
    return st == KO_OK ? ko_negative_remove(job->store, act_id, id, err) : st;
}

static ko_status drop(const ko_job *job, ko_error *err)
{
    return ko_word_acts(job, "negative rm", drop_one, err);
}

static const ko_verb verbs[] = {
    {"list", NULL, list},
    {"rm", "the number of a picture", drop},
    {0},
};

static ko_status negative(const ko_job *job, ko_error *err)
{
    return ko_run_verb(&ko_cmd_negative, verbs, "list", job, err);
}

static ko_exit run(char **words, size_t n)
{
    negative_options o = {0};
    return ko_run_job(&ko_cmd_negative, words, n, &o, NULL, negative);
}

const ko_command ko_cmd_negative = {
    .name = "negative",
    .summary = "pictures that never count: a blank shirt, a size chart",
    .usage = "[list] | rm N...",
    .description =
        "knockoff candidates reject --always N adds the picture that a candidate rests on. It and\n"
        "pictures that look the same (31 of 256 bits) count for no work any more: candidates that\n"
        "rest on such pictures alone are set aside, and back when the picture is removed here.",
    .options = options,
    .run = run,
};
