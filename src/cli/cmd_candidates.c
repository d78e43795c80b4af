/* knockoff candidates [show N] - the queue of complaint candidates. */
#include "cli/commands.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/text.h"
#include "report/candidate.h"
#include "report/evidence.h"
#include "report/exhibit.h"
#include "report/pages.h"
#include "store/candidate.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct candidates_options {
    ko_common common;
    const char *work, *picture;
    bool all;
} candidates_options;

static const ko_option options[] = {
    {"work", 'w', KO_OPT_TEXT, offsetof(candidates_options, work), "SERIAL", "only this work"},
    {"all", 'a', KO_OPT_FLAG, offsetof(candidates_options, all), NULL,
     "also those below the threshold now in force"},
    {"picture", 'p', KO_OPT_TEXT, offsetof(candidates_options, picture), "FILE",
     "show: also draw the evidence of one candidate as a PNG"},
    {0},
};

/* The queue as it is printed. */
typedef struct queue {
    ko_store *store;
    const char *picture; /* where to, or NULL */
    ko_error *err;
    bool json, show;
    int64_t work_id; /* whose heading was printed last */
    size_t n, n_works;
    double threshold;
} queue;

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
}

static ko_status print_evidence(const queue *q, const ko_candidate *c)
{
    ko_buf text = KO_BUF(128 << 10);
    ko_status st = ko_candidate_words(&text, c);
    if (st == KO_OK)
        st = ko_pages_words(&text, q->store, c->listing->id, q->err);
    if (st == KO_OK)
        (void)fputs(text.data, stdout); /* clean already, and of several lines */
    ko_buf_free(&text);
    return st;
}

/* Of one that is shown, also the pages that its listing was seen in. */
static ko_status print_json(const queue *q, const ko_candidate *c)
{
    json_t *object = ko_candidate_json(c), *pages = NULL;
    const ko_status st = q->show ? ko_pages_json(q->store, c->listing->id, &pages, q->err) : KO_OK;
    if (pages && object)
        (void)json_object_set_new(object, "pages", pages);
    else
        json_decref(pages);
    ko_json_line(stdout, object);
    return st;
}

static ko_status draw(const queue *q, const ko_candidate *c)
{
    ko_buf png = KO_BUF(KO_MAX_EXHIBIT_BYTES);
    ko_status st = ko_exhibit_png(q->store, c, "Knockoff " KO_VERSION, &png, q->err);
    if (st == KO_OK)
        st = ko_file_write(q->picture, png.data, png.size, q->err);
    ko_buf_free(&png);
    return st;
}

static ko_status on_candidate(void *context, const ko_candidate *candidate)
{
    queue *q = context;
    q->n++;
    q->threshold = candidate->threshold;
    ko_status st = KO_OK;
    if (q->json)
        st = print_json(q, candidate);
    else if (q->show)
        st = print_evidence(q, candidate);
    else
        print_line(q, candidate);
    return st == KO_OK && q->picture ? draw(q, candidate) : st;
}

static ko_status list(ko_store *store, const candidates_options *o, ko_error *err)
{
    queue q = {.json = o->common.json};
    ko_candidate_filter filter = {.all = o->all};
    ko_status st = o->work ? ko_work_find(store, o->work, &filter.work_id, err) : KO_OK;
    if (st == KO_OK)
        st = ko_candidate_each(store, &filter, on_candidate, &q, err);
    if (st != KO_OK || q.json)
        return st;
    if (q.n == 0)
        ko_print("no candidates%s\n", o->all ? "" : " at the threshold in force");
    else
        ko_print("\n%zu candidate%s for %zu work%s; knockoff candidates show N tells why\n", q.n,
                 ko_plural(q.n), q.n_works, ko_plural(q.n_works));
    return KO_OK;
}

static ko_status show(ko_store *store, const candidates_options *o, ko_error *err)
{
    const ko_words *words = &o->common.operands;
    for (size_t i = 1; i < words->count; i++) {
        char *end = NULL;
        queue q = {.store = store,
                   .picture = o->picture,
                   .err = err,
                   .json = o->common.json,
                   .show = true};
        const ko_candidate_filter filter = {.id = strtoll(words->word[i], &end, 10), .all = true};
        if (*end || filter.id <= 0)
            return ko_fail(err, KO_E_USAGE, "candidates show takes numbers, not '%s'",
                           words->word[i]);
        const ko_status st = ko_candidate_each(store, &filter, on_candidate, &q, err);
        if (st != KO_OK)
            return st;
        if (q.n == 0)
            return ko_fail(err, KO_E_NOT_FOUND, "no candidate %s", words->word[i]);
    }
    return KO_OK;
}

static ko_status candidates(ko_store *store, const candidates_options *o, ko_error *err)
{
    const ko_words *words = &o->common.operands;
    if (o->picture && words->count != 2)
        return ko_fail(err, KO_E_USAGE, "candidates: --picture goes with show and one number");
    if (words->count == 0)
        return list(store, o, err);
    if (strcmp(words->word[0], "show") != 0)
        return ko_fail(err, KO_E_USAGE, "candidates: '%s' is not show", words->word[0]);
    if (words->count == 1)
        return ko_fail(err, KO_E_USAGE, "candidates show needs a number");
    return show(store, o, err);
}

static ko_exit run(char **words, size_t n)
{
    candidates_options o = {0};
    ko_store *store = NULL;
    ko_error err = {0};
    ko_exit code = KO_EXIT_OK;
    if (ko_begin(&ko_cmd_candidates, words, n, &o, &code)) {
        ko_status st = ko_open_database(&o.common, KO_STORE_OPEN, &store, &err);
        if (st == KO_OK)
            st = candidates(store, &o, &err);
        if (st != KO_OK)
            code = ko_give_up(&err);
    }
    ko_store_close(store);
    ko_options_free(options, &o);
    return code;
}

const ko_command ko_cmd_candidates = {
    .name = "candidates",
    .summary = "print the queue of complaint candidates, or the evidence of one",
    .usage = "[--work SERIAL] [--all] | show N... [--picture FILE]",
    .description =
        "Grouped by work, best score first. A score of 6 means that one photo in a million of\n"
        "unrelated ones would be queued by chance. A candidate keeps its number. Nothing is ever\n"
        "filed by Knockoff: look at each one and decide. The picture shows the listing with the\n"
        "outline of the work, the work, what the listing shows at that place, and lines between\n"
        "points that agree.",
    .options = options,
    .run = run,
};
