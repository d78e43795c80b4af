/* knockoff purge - takes away what is kept no longer, and says how long what is kept. */
#include "cli/commands.h"

#include "base/alloc.h"
#include "cli/web.h"
#include "store/retention.h"
#include "store/upkeep.h"
#include "watch/keep.h"

#include <stdlib.h>
#include <string.h>

typedef struct purge_options {
    ko_common common;
    bool dry_run, show, shrink;
} purge_options;

static const ko_option options[] = {
    {"dry-run", 'n', KO_OPT_FLAG, offsetof(purge_options, dry_run), NULL,
     "only tell what would be taken away"},
    {"show", 0, KO_OPT_FLAG, offsetof(purge_options, show), NULL, "tell what is kept how long"},
    {"shrink", 0, KO_OPT_FLAG, offsetof(purge_options, shrink), NULL,
     "also write the database anew, without the room that it does not need; others wait"},
    {0},
};

/* --- how long --- */

static ko_status show(ko_store *store, bool json, ko_error *err)
{
    int days[KO_RETENTIONS] = {0};
    const ko_status st = ko_retention_read(store, days, err);
    for (size_t i = 0; st == KO_OK && i < KO_RETENTIONS; i++) {
        const ko_retention_rule *rule = &ko_retention_rules[i];
        if (json)
            ko_json_line(stdout, json_pack("{s:s, s:o, s:i, s:s, s:s}", "keep", rule->name, "days",
                                           days[i] ? json_integer(days[i]) : json_null(), "default",
                                           rule->days, "what", rule->what, "why", rule->why));
        else if (days[i])
            ko_print("%-10s  %5d days  %s\n", rule->name, days[i], rule->what);
        else
            ko_print("%-10s     forever  %s\n", rule->name, rule->what);
        if (!json)
            ko_print("%25s%s\n", "", rule->why);
    }
    if (st == KO_OK && !json) {
        ko_print("%-10s     forever  what you accepted, what is in notices, what you wrote to "
                 "listings,\n",
                 "");
        ko_print("%25severy decision, and the pictures that never count\n", "");
    }
    return st;
}

/* word is NAME=DAYS or NAME=forever. */
static ko_status keep_one(ko_store *store, const char *word, ko_error *err)
{
    const char *equals = strchr(word, '=');
    char *end = NULL;
    if (!equals || !equals[1])
        return ko_fail(err, KO_E_USAGE, "purge keep takes NAME=DAYS or NAME=forever, not '%s'",
                       word);
    const bool forever = strcmp(equals + 1, "forever") == 0;
    const long days = forever ? KO_RETAIN_FOREVER : strtol(equals + 1, &end, 10);
    if (!forever && (*end || days < 1 || days > INT32_MAX))
        return ko_fail(err, KO_E_USAGE, "purge keep: '%s' is no number of days", equals + 1);
    char *name = ko_strndup(word, (size_t)(equals - word));
    const ko_status st =
        name ? ko_retention_set(store, name, (int)days, err) : ko_fail(err, KO_E_NOMEM, "a name");
    ko_free(name);
    return st;
}

/* All of them or none. */
static ko_status keep(ko_store *store, const ko_words *words, ko_error *err)
{
    if (words->count < 2)
        return ko_fail(err, KO_E_USAGE, "purge keep needs NAME=DAYS");
    ko_status st = ko_store_begin(store, err);
    if (st != KO_OK)
        return st;
    for (size_t i = 1; st == KO_OK && i < words->count; i++)
        st = keep_one(store, words->word[i], err);
    if (st == KO_OK)
        return ko_store_commit(store, err);
    ko_store_rollback(store);
    return st;
}

/* --- what goes --- */

static void print_counts(const ko_keep_counts *c, bool dry)
{
    const struct {
        size_t n;
        const char *what;
    } lines[] = {
        {c->listings, "listings"},
        {c->photos, "photos"},
        {c->pictures, "pictures, of which the fingerprints stay"},
        {c->answers, "pages"},
        {c->looks, "looks"},
        {c->runs, "runs"},
        {c->digests, "digests"},
        {c->hosts, "sites' robots.txt"},
        {c->files, "files of the archive"},
        {c->moved, "files of the archive whose needed part was copied: they go next time"},
    };
    ko_print(dry ? "would be taken away:\n" : "taken away:\n");
    size_t n = 0;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        if (lines[i].n)
            ko_print("%10zu %s\n", lines[i].n, lines[i].what);
        n += lines[i].n;
    }
    if (!n)
        ko_print("   nothing\n");
    if (c->bytes)
        ko_print("%10.1f MB of the archive\n", (double)c->bytes / 1e6);
}

static void print_json(const ko_keep_counts *c, bool dry, int64_t bytes, int64_t unused)
{
    ko_json_line(stdout,
                 json_pack("{s:b, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}",
                           "dry_run", dry, "listings", (json_int_t)c->listings, "photos",
                           (json_int_t)c->photos, "pictures", (json_int_t)c->pictures, "pages",
                           (json_int_t)c->answers, "looks", (json_int_t)c->looks, "runs",
                           (json_int_t)c->runs, "digests", (json_int_t)c->digests, "hosts",
                           (json_int_t)c->hosts, "files", (json_int_t)c->files, "files_moved",
                           (json_int_t)c->moved, "bytes", (json_int_t)c->bytes, "database_bytes",
                           (json_int_t)bytes, "database_unused_bytes", (json_int_t)unused));
}

static ko_status take_away(const purge_options *o, const ko_job *job, ko_error *err)
{
    ko_keep_counts counts = {0};
    ko_buf folder;
    int64_t bytes = 0, unused = 0;
    ko_status st = ko_archive_folder(&o->common, &folder, err);
    if (st == KO_OK)
        st = ko_keep_run(job->store, folder.data, "Knockoff/" KO_VERSION, o->dry_run, job->problems,
                         &counts, err);
    ko_buf_free(&folder);
    if (st == KO_OK && o->shrink && !o->dry_run)
        st = ko_store_shrink(job->store, err);
    if (st == KO_OK)
        st = ko_store_size(job->store, &bytes, &unused, err);
    if (st == KO_OK && o->common.json)
        print_json(&counts, o->dry_run, bytes, unused);
    else if (st == KO_OK)
        print_counts(&counts, o->dry_run);
    return st;
}

static ko_status purge(const ko_job *job, ko_error *err)
{
    const purge_options *o = job->options;
    const ko_words *words = &o->common.operands;
    ko_status st = KO_OK;
    if (words->count && strcmp(words->word[0], "keep") != 0)
        return ko_takes_no_operands(&ko_cmd_purge, &o->common, err);
    if (words->count)
        st = keep(job->store, words, err);
    if (st == KO_OK && (words->count || o->show))
        return show(job->store, o->common.json, err);
    return st == KO_OK ? take_away(o, job, err) : st;
}

static ko_exit run(char **words, size_t n)
{
    purge_options o = {0};
    return ko_run_job(&ko_cmd_purge, words, n, &o, NULL, purge);
}

const ko_command ko_cmd_purge = {
    .name = "purge",
    .summary = "take away what is kept no longer",
    .usage = "[options] [keep NAME=DAYS|forever...]",
    .description =
        "Takes away what is older than it is kept: listings that show nothing of yours, their\n"
        "pictures, pages that prove nothing, and logs. What you accepted and what is in notices "
        "is\n"
        "kept for ever. Numbers of candidates are never given again. Files of yours are not\n"
        "touched. keep says how long; --show tells it. Other commands may run meanwhile: while "
        "one\n"
        "crawls, files of the archive wait for the next purge. Room inside the database is used\n"
        "for what comes next.",
    .options = options,
    .run = run,
};
