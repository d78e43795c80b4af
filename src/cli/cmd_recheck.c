/* knockoff recheck [URL|N...] - are the listings still there that were complained about? */
#include "cli/commands.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "case/removal.h"
#include "cli/kit.h"
#include "cli/notice_choice.h"
#include "cli/web.h"
#include "crawl/recheck.h"
#include "platform/canonical.h"
#include "report/look.h"
#include "store/candidate.h"
#include "store/look.h"
#include "store/seen.h"

#include <string.h>

typedef struct recheck_options {
    ko_common common;
    ko_online_options online;
} recheck_options;

static const ko_option options[] = {
    KO_ONLINE_OPTIONS(offsetof(recheck_options, online)),
    {0},
};

/* --- which --- */

static ko_status keep_id(void *context, int64_t id, ko_error *err)
{
    ko_ids *ids = context;
    for (size_t i = 0; i < ids->n; i++)
        if (ids->ids[i] == id)
            return KO_OK;
    const ko_status st = ko_ids_add(ids, id);
    return st == KO_OK ? KO_OK : ko_fail(err, st, "%zu listings", ids->n);
}

static ko_status on_candidate(void *context, const ko_candidate *candidate)
{
    *(int64_t *)context = candidate->listing->id;
    return KO_OK;
}

static ko_status find_candidate(ko_store *store, const char *word, int64_t *out_id, ko_error *err)
{
    ko_candidate_filter one = {.all = true};
    ko_status st = ko_read_number("recheck", word, &one.id, err);
    if (st == KO_OK)
        st = ko_candidate_each(store, &one, on_candidate, out_id, err);
    return st == KO_OK && !*out_id ? ko_fail(err, KO_E_NOT_FOUND, "no candidate %s", word) : st;
}

static ko_status find_url(ko_store *store, const char *word, int64_t *out_id, ko_error *err)
{
    ko_url url;
    ko_canonical canonical;
    ko_status st = ko_url_parse(word, strlen(word), NULL, &url, err);
    if (st == KO_OK)
        st = ko_canonical_listing(&url, &canonical, err);
    return st == KO_OK ? ko_seen_find(store, ko_canonical_key(&canonical), out_id, err) : st;
}

static ko_status choose(ko_store *store, const ko_words *words, ko_ids *out, ko_error *err)
{
    ko_status st = KO_OK;
    for (size_t i = 0; st == KO_OK && i < words->count; i++) {
        int64_t id = 0;
        const char *word = words->word[i];
        st = ko_is_web_url(word) ? find_url(store, word, &id, err)
                                 : find_candidate(store, word, &id, err);
        if (st == KO_OK)
            st = keep_id(out, id, err);
    }
    return st;
}

/* --- what is said --- */

typedef struct saying {
    ko_store *store;
    json_t *json;    /* an array, or NULL for people */
    const char *url; /* of the listing */
    ko_error *err;
} saying;

static ko_status say_look(void *context, const ko_look *look)
{
    const saying *s = context;
    ko_buf words = KO_BUF((size_t)4096);
    if (s->json) {
        json_t *object = json_pack("{s:I, s:o, s:o}", "listing", (json_int_t)look->listing_id,
                                   "url", ko_json_string(s->url), "look", ko_look_json(look));
        return json_array_append_new(s->json, object) == 0
                   ? KO_OK
                   : ko_fail(s->err, KO_E_NOMEM, "%s", s->url);
    }
    const ko_status st = ko_look_words(&words, look);
    ko_print("%s\n", s->url);
    if (st == KO_OK)
        ko_print("  %s\n", words.data);
    ko_buf_free(&words);
    return st == KO_OK ? KO_OK : ko_fail(s->err, st, "%s", s->url);
}

static ko_status say_listing(void *context, const ko_look_due *listing)
{
    saying *s = context;
    s->url = listing->url;
    return ko_look_one(s->store, listing->listing_id, say_look, s, s->err);
}

static ko_status say_all(ko_store *store, const ko_ids *ids, json_t *json, ko_error *err)
{
    saying s = {.store = store, .json = json, .err = err};
    ko_status st = KO_OK;
    for (size_t i = 0; st == KO_OK && i < ids->n; i++)
        st = ko_look_due_one(store, ids->ids[i], say_listing, &s, err);
    return st;
}

static void print_counts(const ko_recheck_counts *c, const ko_removals *removals)
{
    const struct {
        size_t n;
        const char *what;
    } parts[] = {{c->alive, "alive"},
                 {c->gone, "gone"},
                 {c->changed, "changed"},
                 {c->blocked, "blocked"},
                 {c->unreachable, "unreachable"},
                 {removals->removed, "told removed"},
                 {removals->reappeared, "told reappeared"},
                 {c->left, "to be asked later"}};
    char next[KO_TIME_SIZE];
    ko_print("%zu listing%s looked at", c->looked, ko_plural(c->looked));
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (parts[i].n)
            ko_print(", %zu %s", parts[i].n, parts[i].what);
    ko_clock_text(c->next_at, next);
    if (c->next_at)
        ko_print("; the next one is due %s", next);
    ko_print("\n");
}

static json_t *counts_json(const ko_recheck_counts *c, const ko_removals *removals,
                           json_t *listings)
{
    char next[KO_TIME_SIZE];
    ko_clock_text(c->next_at, next);
    return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:o, s:o}", "looked",
                     (json_int_t)c->looked, "alive", (json_int_t)c->alive, "gone",
                     (json_int_t)c->gone, "changed", (json_int_t)c->changed, "blocked",
                     (json_int_t)c->blocked, "unreachable", (json_int_t)c->unreachable, "changes",
                     (json_int_t)c->changes, "removed", (json_int_t)removals->removed, "reappeared",
                     (json_int_t)removals->reappeared, "left", (json_int_t)c->left, "next_at",
                     c->next_at ? json_string(next) : json_null(), "listings", listings);
}

/* --- the command --- */

typedef struct changed {
    ko_ids *ids;
    ko_error *err;
} changed;

static ko_status on_change(void *context, const ko_look_change *change)
{
    const changed *c = context;
    return keep_id(c->ids, change->listing_id, c->err);
}

/* Of what was not named, what changed is told. */
static ko_status tell(const ko_job *job, const ko_recheck_counts *counts,
                      const ko_removals *removals, ko_ids *ids, int64_t last_change, ko_error *err)
{
    const recheck_options *o = job->options;
    json_t *json = o->common.json ? json_array() : NULL;
    ko_status st = KO_OK;
    if (ids->n == 0)
        st = ko_look_change_each(job->store, last_change, on_change, &(changed){ids, err}, err);
    if (st == KO_OK)
        st = say_all(job->store, ids, json, err);
    if (st == KO_OK && json)
        ko_json_line(stdout, counts_json(counts, removals, json_incref(json)));
    else if (st == KO_OK)
        print_counts(counts, removals);
    json_decref(json);
    return st;
}

static ko_status look(const ko_job *job, ko_online *online, ko_ids *ids, ko_error *err)
{
    const recheck_options *o = job->options;
    const ko_crawl_options how = {.store = job->store,
                                  .archive = online->archive,
                                  .net = online->net,
                                  .problems = job->problems};
    ko_recheck_counts counts = {0};
    ko_removals removals = {0};
    ko_kit kit = {0};
    int64_t last_change = 0;
    ko_status st = ko_open_kit(&o->common, &kit, err);
    if (st == KO_OK)
        st = ko_look_change_last(job->store, &last_change, err);
    if (st == KO_OK)
        st = ko_recheck_run(&how, ids->ids, ids->n, &counts, err);
    if (st == KO_OK || st == KO_E_STOPPED) {
        ko_status told = ko_removals_tell(job->store, &kit, &removals, err);
        if (told == KO_OK)
            told = tell(job, &counts, &removals, ids, last_change, err);
        st = told == KO_OK ? st : told;
    }
    ko_kit_close(&kit);
    return st;
}

static ko_status recheck(const ko_job *job, ko_error *err)
{
    const recheck_options *o = job->options;
    ko_online online = {0};
    ko_ids ids = {0};
    ko_status st = choose(job->store, &o->common.operands, &ids, err);
    if (st == KO_OK)
        st = ko_online_open(&o->common, &o->online, job->store, &online, err);
    if (st == KO_OK)
        st = ko_online_lock(&o->common, &online, err);
    if (st == KO_OK)
        st = look(job, &online, &ids, err);
    ko_online_close(&online);
    ko_ids_free(&ids);
    return st;
}

static ko_exit run(char **words, size_t n)
{
    recheck_options o = {0};
    return ko_run_job(&ko_cmd_recheck, words, n, &o, NULL, recheck);
}

const ko_command ko_cmd_recheck = {
    .name = "recheck",
    .summary = "look again at listings that were complained about: are they still there?",
    .usage = "[options] [URL|N...]",
    .description = "Looks at the listings of notices and accepted candidates that are due, or at "
                   "those named, by\n"
                   "their URL or the number of a candidate, and prints what changed. How often one "
                   "is due follows\n"
                   "from its case: each day while a notice is open, within 2, 7, 14 and 30 days "
                   "after a removal.\n"
                   "\n"
                   "alive        it is offered, and shows the picture\n"
                   "gone         404, 410, or its page says so: sure when a look six hours later "
                   "finds the same,\n"
                   "             or seven days later where the whole site is gone\n"
                   "changed      it is offered with other pictures: the bait was swapped\n"
                   "blocked      a captcha, a login, robots.txt: never taken for gone\n"
                   "unreachable  no answer, or none that tells anything: never taken for gone\n"
                   "\n"
                   "A listing that is gone for sure is told removed in its notices, and one that "
                   "was removed and\n"
                   "shows its picture again, reappeared; knockoff notice undo takes that back. "
                   "What came is kept\n"
                   "as evidence beside the database. New pictures need knockoff scan before they "
                   "tell anything.",
    .options = options,
    .run = run,
};
