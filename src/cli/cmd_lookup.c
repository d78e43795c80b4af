/* knockoff lookup IMAGE|URL... - which works does it show, and where was it seen? */
#include "cli/commands.h"

#include "base/alloc.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/parallel.h"
#include "cli/web.h"
#include "crawl/visit.h"
#include "report/evidence.h"
#include "report/lookup.h"
#include "store/seen.h"
#include "store/work.h"

#include <math.h>

typedef struct lookup_options {
    ko_common common;
    ko_number threshold;
    ko_online_options online;
} lookup_options;

static const ko_option options[] = {
    {"threshold", 't', KO_OPT_NUMBER, offsetof(lookup_options, threshold), "S",
     "lowest score to tell (default: each work's own)"},
    KO_ONLINE_OPTIONS(offsetof(lookup_options, online)),
    {0},
};

typedef struct answer {
    const lookup_options *options;
    ko_store *store;
    ko_lookup *lookup;
    ko_album *album;
    ko_online online; /* opened for the first URL */
    ko_problems *problems;
    const char *path;
} answer;

/* --- words for people --- */

/* Something that was found, on its way to being printed. */
typedef struct telling {
    const answer *answer;
    const ko_lookup_work *work;
    const ko_album_found *photo;
    ko_error *err;
} telling;

static ko_status print_work(void *context, const ko_work *work)
{
    const telling *t = context;
    char brief[KO_EVIDENCE_BRIEF_SIZE];
    ko_evidence_brief(&t->work->evidence, brief);
    ko_print("%s shows %s %s: score %.1f, %s\n", t->answer->path, work->serial, work->fields.title,
             t->work->evidence.score, brief);
    return KO_OK;
}

static ko_status print_listing(void *context, const ko_seen *seen)
{
    (void)context;
    if (seen->record.url[0])
        ko_print("    %s  %s  %s\n", seen->record.url, seen->record.seller, seen->record.title);
    return KO_OK;
}

static ko_status print_photo(void *context, const ko_photo *photo)
{
    const telling *t = context;
    char *name = ko_photo_name(photo);
    if (!name)
        return KO_E_NOMEM;
    ko_print("%s was seen as %s: score %.1f, %u bits, %s\n", t->answer->path, name, t->photo->score,
             t->photo->distance, ko_orientation_name(t->photo->orientation));
    ko_free(name);
    return ko_seen_each(t->answer->store, photo->id, print_listing, NULL, t->err);
}

/* When there is nothing else to say. */
static void print_nothing(const answer *a, const ko_looked *looked)
{
    if (looked->picture.quality < KO_FP_QUALITY_MIN)
        ko_print("%s: shows no work; too plain to be told from other pictures seen (quality %d)\n",
                 a->path, looked->picture.quality);
    else
        ko_print("%s: shows no work and was not seen before (threshold %g)\n", a->path,
                 looked->threshold);
}

static ko_status print_words(const answer *a, const ko_looked *looked, ko_error *err)
{
    ko_status st = KO_OK;
    telling t = {.answer = a, .err = err};
    for (size_t i = 0; st == KO_OK && i < looked->n_works; i++) {
        t.work = &looked->works[i];
        st = ko_work_brief_each(a->store, t.work->id, print_work, &t, err);
    }
    for (size_t i = 0; st == KO_OK && i < looked->n_photos; i++) {
        const int64_t id = looked->photos[i].photo_id;
        t.photo = &looked->photos[i];
        st = ko_photo_each(a->store, id - 1, id, 1, print_photo, &t, err);
    }
    if (looked->n_works == 0 && looked->n_photos == 0)
        print_nothing(a, looked);
    return st == KO_E_NOMEM ? ko_fail(err, st, "%s: what was found", a->path) : st;
}

static ko_status print_json(const answer *a, const ko_looked *looked, ko_error *err)
{
    json_t *object = NULL;
    const ko_status st = ko_lookup_json(a->store, a->path, looked, SIZE_MAX, &object, err);
    ko_json_line(stdout, object);
    return st;
}

/* --- one picture --- */

/* Errors of one picture, page or host: the rest goes on. */
static bool is_of_input(ko_status st)
{
    return st == KO_E_FORMAT || st == KO_E_UNSUPPORTED || st == KO_E_LIMIT || st == KO_E_NOT_FOUND;
}

/* Looks up the file at a->path, or a picture of that name in memory. */
static ko_status look_up(answer *a, const void *bytes, size_t size, ko_error *err)
{
    ko_error own = {0};
    ko_looked looked = {0};
    ko_status st = ko_lookup_ask(a->lookup, a->album, a->path, bytes, size, &looked, &own);
    if (is_of_input(st)) {
        ko_problem(a->problems, "%s", own.text);
        return KO_OK;
    }
    if (st == KO_OK)
        st = a->options->common.json ? print_json(a, &looked, &own) : print_words(a, &looked, &own);
    ko_looked_free(&looked);
    return st == KO_OK ? st : ko_fail(err, st, "%s", own.text);
}

/* --- URLs --- */

/* An address being looked up, and what it is. */
typedef struct visit {
    answer *answer;
    ko_visited visited;
    ko_error *err;
} visit;

static ko_status on_address(void *context, const ko_net_answer *got)
{
    visit *v = context;
    const answer *a = v->answer;
    const ko_status st = ko_visit_read(&got->reply, &v->visited, v->err);
    if (st != KO_OK)
        ko_error_prefix(v->err, a->path);
    else if (v->visited.is_picture)
        return look_up(v->answer, got->reply.body, got->reply.size, v->err);
    if (v->visited.left_out)
        ko_say("%s: the first %u pictures are looked up, %zu are left out", a->path,
               KO_MAX_LISTING_IMAGES, v->visited.left_out);
    return st;
}

static ko_status on_picture(void *context, const ko_net_answer *got)
{
    visit *v = context;
    if (got->reply.size == 0)
        return ko_fail(v->err, KO_E_FORMAT, "%s: empty", v->answer->path);
    return look_up(v->answer, got->reply.body, got->reply.size, v->err);
}

/* Fetches a->path; what is wrong with it alone is said. */
static ko_status fetch(visit *v, ko_net_fn *fn, ko_error *err)
{
    ko_error own = {0};
    answer *a = v->answer;
    v->err = &own;
    const ko_status st =
        ko_visit_fetch(a->online.net, a->path, KO_MAX_WEB_PICTURE_BYTES, fn, v, &own);
    if (is_of_input(st))
        ko_problem(a->problems, "%s", own.text);
    return st == KO_OK || is_of_input(st) ? KO_OK : ko_fail(err, st, "%s", own.text);
}

static ko_status look_up_url(answer *a, ko_error *err)
{
    visit v = {.answer = a};
    ko_status st = KO_OK;
    if (!a->online.net)
        st = ko_online_open(&a->options->common, &a->options->online, a->store, &a->online, err);
    if (st == KO_OK)
        st = fetch(&v, on_address, err);
    for (size_t i = 0; st == KO_OK && i < v.visited.pictures.count; i++) {
        a->path = v.visited.pictures.path[i];
        st = fetch(&v, on_picture, err);
    }
    ko_visited_free(&v.visited);
    return st;
}

static ko_status look_all_up(answer *a, ko_error *err)
{
    const ko_words *words = &a->options->common.operands;
    ko_status st = KO_OK;
    for (size_t i = 0; st == KO_OK && i < words->count; i++) {
        a->path = words->word[i];
        st = ko_is_web_url(a->path) ? look_up_url(a, err) : look_up(a, NULL, 0, err);
    }
    return st;
}

static ko_status lookup(const ko_job *job, ko_error *err)
{
    const lookup_options *o = job->options;
    const double threshold = o->threshold.given ? o->threshold.value : NAN;
    answer a = {.options = o, .store = job->store, .problems = job->problems};
    ko_status st = ko_album_make(&a.album, err);
    if (st == KO_OK)
        st = ko_album_follow(a.album, job->store, err);
    if (st == KO_OK)
        st = ko_lookup_open(job->store, threshold, ko_parallel_processors(), job->problems,
                            &a.lookup, err);
    if (st == KO_OK)
        st = look_all_up(&a, err);
    ko_lookup_close(a.lookup);
    ko_album_free(a.album);
    ko_online_close(&a.online);
    return st;
}

static ko_status fits(const void *read, ko_error *err)
{
    const lookup_options *o = read;
    if (o->common.operands.count)
        return KO_OK;
    return ko_fail(err, KO_E_USAGE,
                   "lookup needs a picture or a URL, or - for standard input (knockoff help "
                   "lookup)");
}

static ko_exit run(char **words, size_t n)
{
    lookup_options o = {0};
    return ko_run_job(&ko_cmd_lookup, words, n, &o, fits, lookup);
}

const ko_command ko_cmd_lookup = {
    .name = "lookup",
    .summary = "look one picture up, like a reverse image search",
    .usage = "[options] IMAGE|URL...",
    .description =
        "Tells which works a picture shows and which listing pictures seen before look like it,\n"
        "turned or mirrored too, with the listings that showed them. \"-\" reads standard input.\n"
        "Of a URL the picture is fetched, or those of the listing that the page is about, as "
        "politely\n"
        "as crawl does. Nothing is stored, and no picture leaves this machine.",
    .options = options,
    .run = run,
};
