/* knockoff quarantine - works, pictures and sources that yield far too many candidates. */
#include "cli/commands.h"

#include "base/clock.h"
#include "case/aside_told.h"
#include "case/hold.h"
#include "store/profile.h"

typedef struct quarantine_options {
    ko_common common;
    bool all;
} quarantine_options;

static const ko_option options[] = {
    {"all", 'a', KO_OPT_FLAG, offsetof(quarantine_options, all), NULL,
     "list: also what was released"},
    {0},
};

/* --- list --- */

typedef struct printing {
    ko_store *store;
    bool json;
    size_t n;
    ko_error *err;
} printing;

static void print_words(const ko_hold *hold, size_t aside)
{
    char at[KO_TIME_SIZE], decided[KO_TIME_SIZE];
    ko_clock_text(hold->at, at);
    ko_clock_text(hold->decided_at, decided);
    ko_print("%lld  %s %s: %s\n", (long long)hold->id, ko_hold_kind_name(hold->kind), hold->name,
             hold->note);
    ko_print("     %zu candidate%s set aside, since %s", aside, ko_plural(aside), at);
    if (hold->state != KO_HOLD_HELD)
        ko_print("; %s %s by %s", ko_hold_state_name(hold->state), decided,
                 hold->decided_by[0] ? hold->decided_by : "-");
    ko_print("\n");
}

static ko_status print_hold(void *context, const ko_hold *hold)
{
    printing *p = context;
    size_t aside = 0;
    const ko_status st = ko_aside_count(p->store, &(ko_aside){.hold_id = hold->id}, &aside, p->err);
    p->n++;
    if (st == KO_OK && p->json)
        ko_json_line(stdout, ko_hold_json(hold, aside));
    else if (st == KO_OK)
        print_words(hold, aside);
    return st;
}

static ko_status list(const ko_job *job, ko_error *err)
{
    const quarantine_options *o = job->options;
    printing p = {.store = job->store, .json = o->common.json, .err = err};
    const unsigned states =
        1U << KO_HOLD_HELD | 1U << KO_HOLD_BLOCKED | (o->all ? 1U << KO_HOLD_RELEASED : 0);
    const ko_status st = ko_hold_each(job->store, 0, states, print_hold, &p, err);
    if (st == KO_OK && p.n == 0 && !p.json)
        ko_print("nothing is held back\n");
    return st;
}

/* --- release and block --- */

typedef ko_status hold_fn(const ko_job *job, int64_t id, const char *who, ko_error *err);

static ko_status each_hold(const ko_job *job, hold_fn *fn, ko_error *err)
{
    const quarantine_options *o = job->options;
    const ko_words *words = &o->common.operands;
    ko_user user = {0};
    ko_status st = ko_profile_read(job->store, &user, err);
    for (size_t i = 1; st == KO_OK && i < words->count; i++) {
        printing p = {.store = job->store, .json = o->common.json, .err = err};
        int64_t id = 0;
        st = ko_read_number("quarantine", words->word[i], &id, err);
        if (st == KO_OK)
            st = fn(job, id, ko_profile_signature(&user), err);
        if (st == KO_OK)
            st = ko_hold_each(job->store, id, 0, print_hold, &p, err);
    }
    ko_profile_free(&user);
    return st;
}

static ko_status release_one(const ko_job *job, int64_t id, const char *who, ko_error *err)
{
    const quarantine_options *o = job->options;
    size_t back = 0;
    const ko_status st = ko_hold_release(job->store, id, who, &back, err);
    if (st == KO_OK && !o->common.json)
        ko_print("%zu candidate%s put back; as many in a day are usual from now on\n", back,
                 ko_plural(back));
    return st;
}

static ko_status release(const ko_job *job, ko_error *err)
{
    return each_hold(job, release_one, err);
}

static ko_status block_one(const ko_job *job, int64_t id, const char *who, ko_error *err)
{
    return ko_hold_block(job->store, id, who, err);
}

static ko_status block(const ko_job *job, ko_error *err)
{
    return each_hold(job, block_one, err);
}

/* --- the command --- */

static const ko_verb verbs[] = {
    {"list", NULL, list},
    {"release", "the number of a hold", release},
    {"block", "the number of a hold", block},
    {0},
};

static ko_status quarantine(const ko_job *job, ko_error *err)
{
    return ko_run_verb(&ko_cmd_quarantine, verbs, "list", job, err);
}

static ko_exit run(char **words, size_t n)
{
    quarantine_options o = {0};
    return ko_run_job(&ko_cmd_quarantine, words, n, &o, NULL, quarantine);
}

const ko_command ko_cmd_quarantine = {
    .name = "quarantine",
    .summary = "works, pictures and sources that yield far more than they should",
    .usage = "[list] [--all] | release N... | block N...",
    .description =
        "When one of them yields far more candidates in a day than the four weeks before let\n"
        "expect, it is held: what is new of it is set aside instead of burying the queue. What is\n"
        "two days old or younger may yield 300 (a source 1,000) before it is held, and what goes\n"
        "on with an earlier case always stays in the queue.\n"
        "release puts all back, and as many in a day are usual from then on. block keeps them\n"
        "away, and what is like them: a picture never counts any more (knockoff negative), a\n"
        "source is paused (knockoff source), of a work what shows the same pictures is set aside.\n"
        "release takes back a block, too.",
    .options = options,
    .run = run,
};
