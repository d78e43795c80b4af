/* knockoff candidates [VERB N...] - the queue of complaint candidates, and what is decided. */
#include "case/alike.h"
#include "case/aside_told.h"
#include "case/candidate_told.h"
#include "cli/candidate_warc.h"
#include "cli/choice.h"
#include "cli/clusters.h"
#include "cli/commands.h"
#include "cli/decide.h"
#include "cli/doubt_words.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/text.h"
#include "report/candidate.h"
#include "report/evidence.h"
#include "report/exhibit.h"
#include "report/history.h"
#include "report/look.h"
#include "report/pages.h"
#include "store/candidate.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct candidates_options {
    ko_common common;
    ko_choice_options listed;
    bool clusters;
    const char *picture, *warc;
    ko_decide_options decide;
} candidates_options;

static const ko_option options[] = {
    {"work", 'w', KO_OPT_TEXT, offsetof(candidates_options, listed.work), "SERIAL",
     "only this work"},
    {"seller", 's', KO_OPT_TEXT, offsetof(candidates_options, listed.seller), "NAME",
     "only listings of this seller, by name or id"},
    {"state", 0, KO_OPT_TEXT, offsetof(candidates_options, listed.state), "STATE",
     "open (default), accepted, rejected, unsure, licensed, set-aside or one of allowed, negative, "
     "ruled, held; all"},
    {"all", 'a', KO_OPT_FLAG, offsetof(candidates_options, listed.all), NULL,
     "also those below the threshold now in force"},
    {"clusters", 'c', KO_OPT_FLAG, offsetof(candidates_options, clusters), NULL,
     "one of those that show the same picture, with how many more there are"},
    {"picture", 'p', KO_OPT_TEXT, offsetof(candidates_options, picture), "FILE",
     "show: also draw the evidence of one candidate as a PNG"},
    {"warc", 0, KO_OPT_TEXT, offsetof(candidates_options, warc), "FILE",
     "show: also write the archived pages and pictures of its listing as WARC (x.warc.gz)"},
    {"all-shown", 0, KO_OPT_FLAG, offsetof(candidates_options, decide.all_shown), NULL,
     "accept, reject, ...: all that the other options list"},
    {"alike", 0, KO_OPT_FLAG, offsetof(candidates_options, decide.alike), NULL,
     "accept, reject, ...: also all that show the same picture"},
    {"confirm-good-faith", 0, KO_OPT_FLAG, offsetof(candidates_options, decide.good_faith), NULL,
     "accept: I looked at each listing, none is licensed, I considered fair use"},
    {"always", 0, KO_OPT_FLAG, offsetof(candidates_options, decide.always), NULL,
     "reject: this picture never counts (a blank shirt, a size chart)"},
    {"shop", 0, KO_OPT_FLAG, offsetof(candidates_options, decide.shop), NULL,
     "licensed: the whole site, not this seller alone"},
    {0},
};

/* --- the queue --- */

/* The queue as it is printed. */
typedef struct queue {
    int64_t work_id; /* whose heading was printed last */
    size_t n, n_works;
    ko_clusters clusters; /* of all that are listed */
    bool json;
} queue;

static void print_state(const ko_candidate *c)
{
    const double then = c->decision.score, now = c->match.evidence.score;
    char at[KO_TIME_SIZE];
    ko_clock_text(c->decision.at, at);
    ko_print("         %s", ko_candidate_state_name(c->state));
    if (c->decision.at && c->state <= KO_CANDIDATE_LICENSED)
        ko_print(" %s by %s", at, c->decision.who[0] ? c->decision.who : "-");
    if (c->state == KO_CANDIDATE_ACCEPTED && now > then)
        ko_print("; a better match since: score %.1f then, %.1f now", then, now);
    ko_print("\n");
}

static void print_line(queue *q, const ko_candidate *c)
{
    if (c->match.work_id != q->work_id) {
        if (q->n_works)
            ko_print("\n");
        ko_print("%s  %s\n", c->work->serial, c->work->fields.title);
        q->work_id = c->match.work_id;
        q->n_works++;
    }
    const ko_listing *listing = &c->listing->record;
    char how[KO_EVIDENCE_HOW_SIZE];
    ko_evidence_how(&c->match.evidence, how);
    ko_print("  %5lld  score %4.1f  %-13s  %-16s %-10s %s\n", (long long)c->id,
             c->match.evidence.score, how, listing->seller, listing->price, listing->title);
    ko_print("         %s\n", listing->url[0] ? listing->url : c->photo->path);
    if (c->state != KO_CANDIDATE_OPEN)
        print_state(c);
    if (c->returned)
        ko_print("         goes on with an earlier case\n");
}

static ko_status collect(void *context, const ko_candidate *candidate)
{
    queue *q = context;
    q->n++;
    return ko_clusters_add(&q->clusters, candidate);
}

static ko_status on_candidate(void *context, const ko_candidate *candidate)
{
    queue *q = context;
    if (q->json)
        ko_json_line(stdout, ko_candidate_json(candidate));
    else
        print_line(q, candidate);
    return collect(q, candidate);
}

static json_t *cluster_json(const ko_candidate *c, const ko_cluster_place *all, size_t n)
{
    json_t *object = ko_candidate_json(c), *alike = json_array();
    for (size_t i = 1; i < n; i++)
        (void)json_array_append_new(alike, json_integer(all[i].id));
    (void)json_object_set_new(object, "alike", alike);
    return object;
}

static ko_status on_cluster(void *context, const ko_candidate *candidate)
{
    queue *q = context;
    size_t n;
    const ko_cluster_place *all = ko_clusters_of(&q->clusters, candidate, &n);
    if (all->id != candidate->id)
        return KO_OK; /* the first one stands for it */
    if (q->json) {
        ko_json_line(stdout, cluster_json(candidate, all, n));
        return KO_OK;
    }
    print_line(q, candidate);
    if (n > 1)
        ko_print("         and %zu alike\n", n - 1);
    return KO_OK;
}

static ko_status count_one(void *context, const ko_candidate *candidate)
{
    (void)candidate;
    ++*(size_t *)context;
    return KO_OK;
}

/* What the queue leaves out is told, so that it is not forgotten. */
static ko_status print_set_aside(ko_store *store, const ko_candidate_filter *shown, ko_error *err)
{
    size_t n = 0;
    ko_candidate_filter filter = *shown;
    filter.states = ko_candidate_states_named("set-aside");
    const ko_status st = ko_candidate_each(store, &filter, count_one, &n, err);
    if (st == KO_OK && n)
        ko_print("%zu set aside: knockoff candidates --state set-aside\n", n);
    return st;
}

static ko_status walk(ko_store *store, const ko_candidate_filter *filter, bool clusters, queue *q,
                      ko_error *err)
{
    ko_status st = ko_candidate_each(store, filter, clusters ? collect : on_candidate, q, err);
    ko_clusters_settle(&q->clusters);
    if (st == KO_OK && clusters)
        st = ko_candidate_each(store, filter, on_cluster, q, err);
    return st == KO_E_NOMEM ? ko_fail(err, st, "%zu candidates", q->n) : st;
}

static void print_count(const queue *q, const candidates_options *o,
                        const ko_candidate_filter *filter)
{
    const size_t alike = ko_clusters_alike(&q->clusters);
    if (q->n == 0) {
        ko_print("no candidates%s\n", o->listed.all || filter->states != 1U << KO_CANDIDATE_OPEN
                                          ? ""
                                          : " at the threshold in force");
        return;
    }
    ko_print("\n%zu candidate%s for %zu work%s; knockoff candidates show N tells why\n", q->n,
             ko_plural(q->n), q->n_works, ko_plural(q->n_works));
    if (alike)
        ko_print("%zu of them show%s the picture of another: knockoff candidates %s\n", alike,
                 alike == 1 ? "s" : "", o->clusters ? "accept N --alike" : "--clusters");
}

static ko_status list(ko_store *store, const candidates_options *o, ko_error *err)
{
    queue q = {.json = o->common.json};
    ko_candidate_filter filter;
    ko_status st = ko_choice_filter(store, &o->listed, &filter, err);
    if (st == KO_OK)
        st = walk(store, &filter, o->clusters, &q, err);
    if (st == KO_OK && !q.json)
        print_count(&q, o, &filter);
    if (st == KO_OK && !q.json && filter.states & 1U << KO_CANDIDATE_OPEN && !o->listed.state)
        st = print_set_aside(store, &filter, err);
    ko_clusters_free(&q.clusters);
    return st;
}

/* --- one candidate --- */

/* What is to be shown of candidates, and how. */
typedef struct showing {
    ko_store *store;
    const candidates_options *options;
    ko_problems *problems;
    size_t n; /* shown */
    ko_error *err;
} showing;

static ko_status add_alike(const showing *s, const ko_candidate *c, ko_buf *text)
{
    ko_alikes alikes = {0};
    const ko_chosen chosen = ko_chosen_of(c);
    ko_status st = ko_alikes_add(&alikes, s->store, &chosen, KO_CANDIDATE_ACCEPTED, s->err);
    if (st == KO_OK && alikes.n)
        st = ko_buf_printf(text, "  %-11s %zu more that %s open\n", "alike", alikes.n,
                           alikes.n == 1 ? "is" : "are");
    ko_alikes_free(&alikes);
    return st;
}

static ko_status print_json(const showing *s, const ko_candidate *c, const ko_photo_origin *origin)
{
    json_t *object = ko_candidate_json(c);
    if (!object)
        return ko_fail(s->err, KO_E_NOMEM, "candidate %lld", (long long)c->id);
    ko_status st = ko_candidate_told(s->store, c, object, s->err);
    if (st == KO_OK && !ko_photo_origin_json(json_object_get(object, "image"), origin))
        st = ko_fail(s->err, KO_E_NOMEM, "candidate %lld", (long long)c->id);
    if (st == KO_OK)
        ko_json_line(stdout, object);
    else
        json_decref(object);
    return st;
}

static ko_status print_words(const showing *s, const ko_candidate *c, const ko_photo_origin *origin)
{
    ko_buf text = KO_BUF(KO_MAX_EVIDENCE_TEXT);
    ko_status st = ko_candidate_words(&text, c, origin);
    if (st != KO_OK)
        st = ko_fail(s->err, st, "candidate %lld", (long long)c->id);
    if (st == KO_OK)
        st = add_alike(s, c, &text);
    if (st == KO_OK)
        st = ko_history_words(&text, s->store, c->id, s->err);
    if (st == KO_OK)
        st = ko_look_field(&text, s->store, c->listing->id, s->err);
    if (st == KO_OK)
        st = ko_asides_field(&text, s->store, c->id, s->err);
    if (st == KO_OK)
        st = ko_pages_words(&text, s->store, c->listing->id, s->err);
    if (st == KO_OK)
        (void)fputs(text.data, stdout); /* clean already, and of several lines */
    ko_buf_free(&text);
    return st;
}

static ko_status print_evidence(const showing *s, const ko_candidate *c)
{
    ko_warc_record record = {0};
    bool known = false;
    ko_status st = ko_candidate_photo_record(c, s->problems, &record, &known, s->err);
    const ko_photo_origin origin = {record.offset, record.at, record.url};
    if (st == KO_OK)
        st = s->options->common.json ? print_json(s, c, known ? &origin : NULL)
                                     : print_words(s, c, known ? &origin : NULL);
    ko_warc_record_free(&record);
    return st;
}

static ko_status draw(const showing *s, const ko_candidate *c)
{
    ko_buf png = KO_BUF(KO_MAX_EXHIBIT_BYTES);
    ko_status st = ko_exhibit_png(s->store, c, "Knockoff " KO_VERSION, &png, s->err);
    if (st == KO_OK)
        st = ko_file_write(s->options->picture, png.data, png.size, s->err);
    ko_buf_free(&png);
    return st;
}

static ko_status hand_on(const showing *s, const ko_candidate *c)
{
    const char *path = s->options->warc;
    ko_candidate_warc_counts counts;
    const ko_status st = ko_candidate_warc(s->store, c, path, s->problems, &counts, s->err);
    if (st != KO_OK || s->options->common.json)
        return st;
    ko_print("  %-11s %s: %zu page%s, %zu picture%s", "written", path, counts.pages,
             ko_plural(counts.pages), counts.pictures, ko_plural(counts.pictures));
    if (counts.left_out)
        ko_print("; %zu left out", counts.left_out);
    ko_print("\n");
    return KO_OK;
}

static ko_status show_one(void *context, const ko_candidate *candidate)
{
    showing *s = context;
    s->n++;
    ko_status st = print_evidence(s, candidate);
    if (st == KO_OK && s->options->picture)
        st = draw(s, candidate);
    return st == KO_OK && s->options->warc ? hand_on(s, candidate) : st;
}

static ko_status show(ko_store *store, const candidates_options *o, ko_problems *problems,
                      ko_error *err)
{
    const ko_words *words = &o->common.operands;
    for (size_t i = 1; i < words->count; i++) {
        showing s = {.store = store, .options = o, .problems = problems, .err = err};
        ko_candidate_filter filter = {.all = true};
        ko_status st = ko_read_number("candidates show", words->word[i], &filter.id, err);
        if (st == KO_OK)
            st = ko_candidate_each(store, &filter, show_one, &s, err);
        if (st != KO_OK)
            return st;
        if (s.n == 0)
            return ko_fail(err, KO_E_NOT_FOUND, "no candidate %s", words->word[i]);
    }
    return KO_OK;
}

/* --- the command --- */

static ko_status decide(ko_store *store, const candidates_options *o, ko_problems *problems,
                        ko_error *err)
{
    const ko_words *words = &o->common.operands;
    ko_decide_options how = o->decide;
    ko_candidate_filter filter;
    how.json = o->common.json;
    const ko_status st = ko_choice_filter(store, &o->listed, &filter, err);
    return st == KO_OK ? ko_decide(store, words->word[0], words->word + 1, words->count - 1,
                                   &filter, &how, problems, err)
                       : st;
}

static ko_status tell_log(ko_store *store, const candidates_options *o, ko_error *err)
{
    const ko_words *words = &o->common.operands;
    if (words->count == 1)
        return ko_decide_log(store, 0, o->common.json, err);
    ko_status st = KO_OK;
    for (size_t i = 1; st == KO_OK && i < words->count; i++) {
        int64_t id = 0;
        st = ko_read_number("candidates log", words->word[i], &id, err);
        if (st == KO_OK)
            st = ko_decide_log(store, id, o->common.json, err);
    }
    return st;
}

/* Says what a decision that was made means for notices. */
static ko_status then_doubt(ko_store *store, ko_status st, ko_error *err)
{
    return st == KO_OK ? ko_say_doubts(store, err) : st;
}

static ko_status candidates(const ko_job *job, ko_error *err)
{
    const candidates_options *o = job->options;
    const ko_words *words = &o->common.operands;
    const char *verb = words->count ? words->word[0] : "";
    ko_candidate_state state;
    if ((o->picture || o->warc) && (strcmp(verb, "show") != 0 || words->count != 2))
        return ko_fail(err, KO_E_USAGE, "candidates: %s goes with show and one number",
                       o->picture ? "--picture" : "--warc");
    if (words->count == 0)
        return list(job->store, o, err);
    if (ko_decide_state(verb, &state))
        return then_doubt(job->store, decide(job->store, o, job->problems, err), err);
    if (strcmp(verb, "log") == 0)
        return tell_log(job->store, o, err);
    if (strcmp(verb, "undo") == 0 && words->count == 1)
        return then_doubt(job->store, ko_decide_undo(job->store, o->common.json, err), err);
    if (strcmp(verb, "show") != 0)
        return ko_fail(err, KO_E_USAGE,
                       "candidates: '%s' is none of show, accept, reject, unsure, licensed, "
                       "reopen, undo and log",
                       verb);
    if (words->count == 1)
        return ko_fail(err, KO_E_USAGE, "candidates show needs a number");
    return show(job->store, o, job->problems, err);
}

static ko_exit run(char **words, size_t n)
{
    candidates_options o = {0};
    return ko_run_job(&ko_cmd_candidates, words, n, &o, NULL, candidates);
}

const ko_command ko_cmd_candidates = {
    .name = "candidates",
    .summary = "print the queue of complaint candidates, or the evidence of one, and decide",
    .usage = "[--work SERIAL] [--seller NAME] [--state STATE] [--all] [--clusters]\n"
             "       knockoff candidates show N... [--picture FILE] [--warc FILE]\n"
             "       knockoff candidates accept|reject|unsure|licensed|reopen N|N-N... [--alike]\n"
             "       knockoff candidates undo | log [N...]",
    .description =
        "Grouped by work, best score first. A score of 6 means that one photo in a million of\n"
        "unrelated ones would be queued by chance. A candidate keeps its number. Nothing is ever\n"
        "filed by Knockoff: look at each one and decide. The picture shows the listing with the\n"
        "outline of the work, the work, what the listing shows at that place, and lines between\n"
        "points that agree. The WARC holds every page in which the listing was seen and its\n"
        "pictures, as the servers sent them: look into it before you hand it on, as pages that "
        "you\n"
        "saved while you were logged in may show who you are.\n"
        "\n"
        "A decision stays, whatever later scans find; undo takes the last command back, log tells\n"
        "all. --alike also decides about all that show the same picture, each of which is told\n"
        "before you confirm. A range takes the candidates that the same options list, a number "
        "any. licensed "
        "sets\n"
        "aside all that the seller offers, reject --always all that rests on that picture alone:\n"
        "knockoff allow and knockoff negative list these and put them back.",
    .options = options,
    .run = run,
};
