/* knockoff crawl [SOURCE...] - listings and their pictures from the web, politely. */
#include "cli/commands.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/progress.h"
#include "base/stop.h"
#include "cli/keys.h"
#include "cli/source_words.h"
#include "cli/web.h"
#include "crawl/crawl.h"
#include "crawl/due.h"
#include "platform/url.h"
#include "store/web.h"

#include <stdio.h>
#include <string.h>

typedef struct crawl_options {
    ko_common common;
    ko_online_options online;
} crawl_options;

static const ko_option options[] = {
    KO_ONLINE_OPTIONS(offsetof(crawl_options, online)),
    {0},
};

/* --- which sources --- */

typedef struct chosen {
    int64_t *ids;
    size_t n, capacity;
} chosen;

static ko_status choose(void *context, const ko_source *source)
{
    chosen *c = context;
    for (size_t i = 0; i < c->n; i++)
        if (c->ids[i] == source->id)
            return KO_OK;
    int64_t *ids = ko_grown(c->ids, c->n, &c->capacity, sizeof *ids);
    if (!ids)
        return KO_E_NOMEM;
    c->ids = ids;
    c->ids[c->n++] = source->id;
    return KO_OK;
}

/* A word names a source, or is made one. */
static ko_status choose_named(ko_store *store, const char *word, chosen *c, ko_error *err)
{
    int64_t id;
    ko_error own = {0};
    ko_url url;
    if (ko_is_web_url(word) && ko_url_parse(word, strlen(word), NULL, &url, NULL) == KO_OK)
        word = url.text; /* as sources are kept */
    ko_status st = ko_source_each(store, word, choose, c, &own);
    if (st != KO_E_NOT_FOUND || !ko_source_can_be(word))
        return st == KO_OK ? st : ko_fail(err, st, "%s", own.text);
    st = ko_source_make(store, word, "", 0, &id, err);
    if (st != KO_OK)
        return st;
    char number[24];
    (void)snprintf(number, sizeof number, "%lld", (long long)id);
    return ko_source_each(store, number, choose, c, err);
}

static ko_status choose_due(ko_store *store, chosen *c, ko_error *err)
{
    ko_due_sources due;
    const ko_status st = ko_due_find(store, ko_clock_now(), &due, err);
    *c = (chosen){.ids = due.ids, .n = due.n, .capacity = due.capacity};
    return st;
}

static ko_status choose_all(ko_store *store, const ko_words *words, chosen *c, ko_error *err)
{
    ko_status st = KO_OK;
    if (words->count == 0)
        return choose_due(store, c, err);
    for (size_t i = 0; st == KO_OK && i < words->count; i++)
        st = choose_named(store, words->word[i], c, err);
    return st;
}

/* --- what is said --- */

static void on_progress(void *context, const ko_crawl_counts *counts, size_t waiting)
{
    ko_progress *progress = context;
    const size_t done = counts->requests + counts->pictures;
    progress->total = done + waiting;
    ko_progress_show(progress, done);
}

typedef struct results {
    json_t *json; /* an array, or NULL for people */
} results;

static ko_status on_result(void *context, const ko_source *source)
{
    results *r = context;
    if (!r->json) {
        ko_print("%s: %s\n", source->name, source->last_result);
        return KO_OK;
    }
    json_t *object = json_pack("{s:o, s:o, s:o, s:b}", "name", ko_json_string(source->name), "kind",
                               ko_json_string(source->kind), "result",
                               ko_json_string(source->last_result), "running", source->running);
    return json_array_append_new(r->json, object) == 0 ? KO_OK : KO_E_NOMEM;
}

static ko_status tell_sources(ko_store *store, const chosen *c, json_t *json, ko_error *err)
{
    results r = {.json = json};
    ko_status st = KO_OK;
    for (size_t i = 0; st == KO_OK && i < c->n; i++) {
        char number[24];
        (void)snprintf(number, sizeof number, "%lld", (long long)c->ids[i]);
        st = ko_source_each(store, number, on_result, &r, err);
    }
    return st;
}

static void print_counts(const ko_crawl_counts *c, const ko_web_picture_counts *pictures)
{
    ko_print("%zu answer%s, %zu listing%s (%zu new), %zu picture%s", c->requests,
             ko_plural(c->requests), c->listings, ko_plural(c->listings), c->new_listings,
             c->pictures, ko_plural(c->pictures));
    if (c->unchanged)
        ko_print(", %zu unchanged", c->unchanged);
    if (c->gone)
        ko_print(", %zu gone", c->gone);
    if (c->forbidden)
        ko_print(", %zu forbidden by robots.txt", c->forbidden);
    if (c->blocked)
        ko_print(", %zu blocked", c->blocked);
    if (c->failed)
        ko_print(", %zu failed", c->failed);
    if (pictures->fresh)
        ko_print("; %lld pictures still to come", (long long)pictures->fresh);
    ko_print("\n");
}

static ko_status tell(const crawl_options *o, ko_store *store, const chosen *c,
                      const ko_crawl_counts *counts, ko_error *err)
{
    ko_web_picture_counts pictures = {0};
    json_t *sources = o->common.json ? json_array() : NULL;
    ko_status st = tell_sources(store, c, sources, err);
    if (st == KO_OK)
        st = ko_web_picture_count(store, &pictures, err);
    if (st != KO_OK) {
        json_decref(sources);
        return st;
    }
    if (!sources) {
        print_counts(counts, &pictures);
        return KO_OK;
    }
    ko_json_line(
        stdout,
        json_pack("{s:o, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "sources", sources,
                  "answers", (json_int_t)counts->requests, "listings", (json_int_t)counts->listings,
                  "new_listings", (json_int_t)counts->new_listings, "pictures",
                  (json_int_t)counts->pictures, "unchanged", (json_int_t)counts->unchanged, "gone",
                  (json_int_t)counts->gone, "forbidden", (json_int_t)counts->forbidden, "blocked",
                  (json_int_t)counts->blocked, "failed", (json_int_t)counts->failed,
                  "pictures_to_come", (json_int_t)pictures.fresh));
    return KO_OK;
}

/* --- the command --- */

static ko_status crawl_chosen(const crawl_options *o, ko_store *store, ko_online *online,
                              const chosen *c, ko_problems *problems, ko_error *err)
{
    ko_crawl_counts counts = {0};
    ko_progress progress;
    ko_api_keys *keys = NULL;
    ko_status st = ko_open_keys(&keys, err);
    if (st != KO_OK)
        return st;
    const ko_crawl_options how = {.store = store,
                                  .archive = online->archive,
                                  .net = online->net,
                                  .keys = keys,
                                  .problems = problems,
                                  .on_progress = on_progress,
                                  .context = &progress};
    ko_progress_start(&progress, "pages and pictures", 0);
    st = ko_crawl_run(&how, c->ids, c->n, &counts, err);
    ko_progress_end(&progress);
    ko_api_keys_free(keys);
    if (st == KO_OK || st == KO_E_STOPPED) {
        const ko_status told = tell(o, store, c, &counts, err);
        st = told == KO_OK ? st : told;
    }
    return st;
}

static ko_status crawl(const ko_job *job, ko_error *err)
{
    const crawl_options *o = job->options;
    ko_online online = {0};
    chosen c = {0};
    ko_status st = ko_online_open(&o->common, &o->online, job->store, &online, err);
    if (st == KO_OK)
        st = ko_online_lock(&o->common, &online, err);
    if (st == KO_OK)
        st = choose_all(job->store, &o->common.operands, &c, err);
    if (st == KO_OK && !online.contact[0])
        ko_say("sites are not told whom to write to: knockoff init --contact you@example.com");
    if (st == KO_OK)
        st = crawl_chosen(o, job->store, &online, &c, job->problems, err);
    ko_online_close(&online);
    ko_free(c.ids);
    return st;
}

static ko_exit run(char **words, size_t n)
{
    crawl_options o = {0};
    return ko_run_job(&ko_cmd_crawl, words, n, &o, NULL, crawl);
}

const ko_command ko_cmd_crawl = {
    .name = "crawl",
    .summary = "fetch listings and their pictures from sources",
    .usage = "[options] [SOURCE|URL|FILE...]",
    .description =
        "Runs the sources that are due and not paused, or those named, and fetches the pictures "
        "of\n"
        "all listings that are not here yet. A URL or file that is no source yet becomes one.\n"
        "Each host is asked one thing at a time, no faster than --rate and its robots.txt say. A\n"
        "site that shows a captcha or a login is left alone. What came is kept: stop it, or kill\n"
        "it, and the next crawl goes on from there.",
    .options = options,
    .run = run,
};
