/* knockoff allow - sellers and shops that may sell the works. */
#include "cli/commands.h"

#include "base/clock.h"
#include "case/allow_word.h"
#include "cli/word_acts.h"
#include "report/settings.h"

typedef struct allow_options {
    ko_common common;
    const char *on;
} allow_options;

static const ko_option options[] = {
    {"on", 0, KO_OPT_TEXT, offsetof(allow_options, on), "SITE",
     "add: where the seller sells, a marketplace (etsy) or a host; without it the word is a host"},
    {0},
};

/* --- list --- */

typedef struct printing {
    bool json;
    size_t n;
} printing;

static ko_status print(void *context, const ko_allow *allow)
{
    printing *p = context;
    char at[KO_TIME_SIZE], words[KO_ALLOW_WORDS_SIZE];
    p->n++;
    ko_clock_text(allow->at, at);
    ko_allow_words(allow, words);
    if (p->json)
        ko_json_line(stdout, ko_allow_json(allow));
    else
        ko_print("%lld  %s  since %s by %s\n", (long long)allow->id, words, at,
                 allow->who[0] ? allow->who : "-");
    return KO_OK;
}

static ko_status list(const ko_job *job, ko_error *err)
{
    const allow_options *o = job->options;
    printing p = {.json = o->common.json};
    const ko_status st = ko_allow_each(job->store, 0, print, &p, err);
    if (st == KO_OK && p.n == 0 && !p.json)
        ko_print("nobody is allowed: knockoff candidates licensed N allows a seller\n");
    return st;
}

/* --- add and rm --- */

static ko_status add_one(const ko_job *job, int64_t act_id, const char *word, ko_error *err)
{
    const allow_options *o = job->options;
    ko_allow entry;
    int64_t id = 0;
    ko_status st = ko_allow_word(word, o->on, &entry, err);
    if (st == KO_OK)
        st = ko_allow_add(job->store, act_id, &entry, &id, err);
    if (st == KO_OK && id == 0)
        return ko_fail(err, KO_E_EXISTS, "%s is allowed already", word);
    printing p = {.json = o->common.json};
    return st == KO_OK ? ko_allow_each(job->store, id, print, &p, err) : st;
}

static ko_status add(const ko_job *job, ko_error *err)
{
    return ko_word_acts(job, "allow", add_one, err);
}

static ko_status drop_one(const ko_job *job, int64_t act_id, const char *word, ko_error *err)
{
    int64_t id = 0;
    const ko_status st = ko_read_number("allow rm", word, &id, err);
    return st == KO_OK ? ko_allow_remove(job->store, act_id, id, err) : st;
}

static ko_status drop(const ko_job *job, ko_error *err)
{
    return ko_word_acts(job, "allow rm", drop_one, err);
}

/* --- the command --- */

static const ko_verb verbs[] = {
    {"list", NULL, list},
    {"add", "a host, or a seller with --on SITE", add},
    {"rm", "the number of an entry", drop},
    {0},
};

static ko_status allow(const ko_job *job, ko_error *err)
{
    return ko_run_verb(&ko_cmd_allow, verbs, "list", job, err);
}

static ko_exit run(char **words, size_t n)
{
    allow_options o = {0};
    return ko_run_job(&ko_cmd_allow, words, n, &o, NULL, allow);
}

const ko_command ko_cmd_allow = {
    .name = "allow",
    .summary = "sellers and shops that may sell your works",
    .usage = "[list] | add SELLER --on SITE | add HOST | rm N...",
    .description =
        "What they offer is set aside: it is not in the queue and cannot be accepted. Decisions\n"
        "stay as they are. knockoff candidates licensed N adds the seller of a listing. To remove\n"
        "an entry puts its undecided candidates back; knockoff candidates undo takes back either.",
    .options = options,
    .run = run,
};
