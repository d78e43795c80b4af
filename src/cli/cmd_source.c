/* knockoff source add|list|rm|pause|resume - where listings come from again and again. */
#include "cli/commands.h"

#include "base/clock.h"
#include "base/file.h"
#include "cli/source_words.h"
#include "store/source.h"
#include "watch/source_json.h"

#include <stdio.h>
#include <string.h>

typedef struct source_options {
    ko_common common;
    const char *every, *name;
} source_options;

static const ko_option options[] = {
    {"every", 0, KO_OPT_TEXT, offsetof(source_options, every), "TIME",
     "add: when to run it again, as 30m, 6h or 7d (default: only when told to)"},
    {"name", 0, KO_OPT_TEXT, offsetof(source_options, name), "NAME",
     "add: what to call it (default: its host)"},
    {0},
};

/* --- list --- */

typedef struct listing_sources {
    ko_store *store;
    bool json;
    size_t n;
    ko_error *err;
} listing_sources;

static ko_status print_json(ko_store *store, const ko_source *source, ko_error *err)
{
    json_t *object = NULL;
    const ko_status st = ko_source_json(store, source, &object, err);
    if (st == KO_OK)
        ko_json_line(stdout, object);
    return st;
}

static void print_text(const ko_source *s)
{
    char every[KO_EVERY_SIZE], last[KO_TIME_SIZE];
    ko_every_text(s->every_s, every);
    ko_print("%lld  %s  %s  %s  %s%s%s\n", (long long)s->id, s->name, s->url,
             s->kind[0] ? s->kind : "not asked yet", every, s->paused ? ", paused" : "",
             s->running ? ", to be gone on with" : "");
    if (!s->last_run)
        return;
    ko_clock_text(s->last_run, last);
    ko_print("    %s  %s\n", last, s->last_result);
}

static ko_status on_source(void *context, const ko_source *source)
{
    listing_sources *l = context;
    l->n++;
    if (l->json)
        return print_json(l->store, source, l->err);
    print_text(source);
    return KO_OK;
}

static ko_status list(const ko_job *job, ko_error *err)
{
    const source_options *o = job->options;
    listing_sources l = {.store = job->store, .json = o->common.json, .err = err};
    const ko_status st = ko_source_each(job->store, NULL, on_source, &l, err);
    if (st == KO_OK && l.n == 0 && !l.json)
        ko_print("no sources yet: knockoff source add URL\n");
    return st;
}

/* --- add --- */

static ko_status add(const ko_job *job, ko_error *err)
{
    const source_options *o = job->options;
    int64_t every_s = 0, id = 0;
    ko_status st = o->every ? ko_every_read(o->every, &every_s, err) : KO_OK;
    for (size_t i = 1; st == KO_OK && i < o->common.operands.count; i++) {
        const char *name = o->name ? o->name : "";
        st = ko_source_make(job->store, o->common.operands.word[i], name, every_s, &id, err);
        if (st != KO_OK)
            break;
        char number[24];
        (void)snprintf(number, sizeof number, "%lld", (long long)id);
        listing_sources l = {.store = job->store, .json = o->common.json, .err = err};
        st = ko_source_each(job->store, number, on_source, &l, err);
    }
    return st;
}

/* --- one that is there --- */

typedef struct change {
    ko_store *store;
    const char *verb;
    const source_options *options;
    ko_error *err;
} change;

static ko_status apply(void *context, const ko_source *found)
{
    const change *c = context;
    ko_source source = *found;
    if (strcmp(c->verb, "rm") == 0) {
        const ko_status st = ko_source_remove(c->store, source.id, c->err);
        if (st == KO_OK && !c->options->common.json)
            ko_print("%s removed; its listings stay\n", source.name);
        return st;
    }
    source.paused = strcmp(c->verb, "pause") == 0;
    const ko_status st = ko_source_pause(c->store, source.id, source.paused, c->err);
    if (st != KO_OK)
        return st;
    if (c->options->common.json)
        return print_json(c->store, &source, c->err);
    print_text(&source);
    return KO_OK;
}

static ko_status change_named(const ko_job *job, ko_error *err)
{
    const source_options *o = job->options;
    change c = {.store = job->store, .verb = o->common.operands.word[0], .options = o, .err = err};
    ko_status st = KO_OK;
    for (size_t i = 1; st == KO_OK && i < o->common.operands.count; i++)
        st = ko_source_each(job->store, o->common.operands.word[i], apply, &c, err);
    return st;
}

/* --- the command --- */

static const ko_verb verbs[] = {
    {"add", "a URL or a file", add},
    {"list", NULL, list},
    {"rm", "a source's name or number", change_named},
    {"pause", "a source's name or number", change_named},
    {"resume", "a source's name or number", change_named},
    {0},
};

static ko_status source(const ko_job *job, ko_error *err)
{
    return ko_run_verb(&ko_cmd_source, verbs, "list", job, err);
}

static ko_exit run(char **words, size_t n)
{
    source_options o = {0};
    return ko_run_job(&ko_cmd_source, words, n, &o, NULL, source);
}

const ko_command ko_cmd_source = {
    .name = "source",
    .summary = "places that listings come from again and again",
    .usage = "[list] | add URL|FILE [--every TIME] [--name NAME] | rm|pause|resume SOURCE...",
    .description =
        "A source is a shop, a feed, a sitemap, a page, a text file of URLs, or a search:\n"
        "  https://shop.example                  a shop: its interface or its sitemaps\n"
        "  https://shop.example/collections/cats a part of it\n"
        "  https://site.example/feed.xml         a feed, sitemap or reply\n"
        "  urls.txt                              a URL a line\n"
        "  \"ebay:search?q=cat pin\"               a search with your own key; also "
        "ebay:image?work=,\n"
        "                                        etsy:search?q=, etsy:shop?id=, "
        "aliexpress:search?q=,\n"
        "                                        aliexpress:image?work=\n"
        "Keys are read from the environment or from a file that only you can read, lines of\n"
        "NAME=VALUE at $KNOCKOFF_KEYS, else ~/.config/knockoff/keys: KNOCKOFF_EBAY_ID and "
        "_SECRET,\n"
        "KNOCKOFF_ETSY_KEY and _SECRET, KNOCKOFF_ALIEXPRESS_KEY, _SECRET and _SESSION. The "
        "licence\n"
        "of an interface may limit for how long its data may be kept.\n"
        "What it is shows when it is asked: knockoff crawl runs the sources that are due.\n"
        "A SOURCE is named by its name, its number or its URL. Removing one keeps its listings.",
    .options = options,
    .run = run,
};
