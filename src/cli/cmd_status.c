/* knockoff status - what the watch did, what is next, what failed and why, and what waits. */
#include "cli/commands.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "cli/kit.h"
#include "watch/status.h"

#include <string.h>

typedef struct status_options {
    ko_common common;
} status_options;

static const ko_option options[] = {{0}};

/* --- for people --- */

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

static long long number_of(const json_t *object, const char *key)
{
    return (long long)json_integer_value(json_object_get(object, key));
}

static void print_watch(const json_t *watch)
{
    if (json_is_false(json_object_get(watch, "running")))
        ko_print("nobody watches: knockoff watch, or knockoff schedule install\n");
    else if (json_is_null(json_object_get(watch, "pid")))
        ko_print("a watch is running\n");
    else
        ko_print("a watch is running since %s (process %lld)\n", text_of(watch, "since"),
                 number_of(watch, "pid"));
}

/* What comes after it; now is a text like those of moments, which sort as they follow. */
static void print_next(const json_t *job, const char *now)
{
    const char *next = text_of(job, "next");
    if (number_of(job, "failures") > 1)
        ko_print(" (%lld times in a row)", number_of(job, "failures"));
    if (strcmp(next, now) > 0)
        ko_print("; next %s\n", next);
    else
        ko_print("; due\n");
}

static void print_job(const json_t *job, const char *now)
{
    const json_t *last = json_object_get(job, "last");
    const char *state = text_of(last, "state"), *name = text_of(job, "job");
    if (strcmp(state, "running") == 0) {
        ko_print("%-8s %s  is under way\n", name, text_of(last, "began"));
        return;
    }
    if (json_is_null(last))
        ko_print("%-8s not done yet", name);
    else if (strcmp(state, "cut off") == 0)
        ko_print("%-8s %s  was cut off", name, text_of(last, "began"));
    else
        ko_print("%-8s %s  %s%s", name, text_of(last, "ended"),
                 strcmp(state, "failed") == 0 ? "failed: " : "", text_of(last, "result"));
    print_next(job, now);
}

static void print_source(const json_t *source)
{
    const char *result = text_of(source, "result"), *next = text_of(source, "next");
    ko_print("%s: %s%s%s%s%s\n", text_of(source, "name"), text_of(source, "state"),
             result[0] ? ", " : "", result, next[0] ? "; next " : "", next);
}

typedef struct wait_words {
    const char *key, *one, *many, *command;
} wait_words;

static const wait_words waits[] = {
    {"overdue", "date is overdue", "dates are overdue", "knockoff due"},
    {"today", "date is due today", "dates are due today", "knockoff due"},
    {"open", "candidate to decide about", "candidates to decide about", "knockoff candidates"},
    {"held", "candidate held back", "candidates held back", "knockoff quarantine"},
    {"unsorted", "candidate to sort", "candidates to sort", NULL},
    {"unread", "photo to scan", "photos to scan", NULL},
    {"pictures", "picture to fetch", "pictures to fetch", NULL},
    {"listings", "listing to look at again", "listings to look at again", NULL},
    {"digests", "delivery of news to try again", "deliveries of news to try again",
     "knockoff notify"},
};

static void print_waiting(const json_t *waiting)
{
    for (size_t i = 0; i < sizeof waits / sizeof *waits; i++) {
        const wait_words *w = &waits[i];
        const long long n = number_of(waiting, w->key);
        if (n > 0)
            ko_print("%lld %s%s%s\n", n, n == 1 ? w->one : w->many, w->command ? ": " : "",
                     w->command ? w->command : "");
    }
}

static void print_status(const json_t *status)
{
    const json_t *bytes = json_object_get(status, "bytes");
    char now[KO_TIME_SIZE];
    size_t i;
    json_t *each;
    ko_clock_text(ko_clock_now(), now);
    print_watch(json_object_get(status, "watch"));
    json_array_foreach(json_object_get(status, "jobs"), i, each) print_job(each, now);
    json_array_foreach(json_object_get(status, "sources"), i, each) print_source(each);
    print_waiting(json_object_get(status, "waiting"));
    ko_print("%.1f MB in the database, %.1f MB in its archive\n",
             (double)number_of(bytes, "database") / 1e6, (double)number_of(bytes, "archive") / 1e6);
}

/* --- the command --- */

static ko_status status(const ko_job *job, ko_error *err)
{
    const status_options *o = job->options;
    char *archive = NULL;
    json_t *found = NULL;
    ko_kit kit = {0};
    ko_status st = ko_open_kit(&o->common, &kit, err);
    if (st == KO_OK)
        st = ko_beside_database(&o->common, KO_BESIDE_ARCHIVE, &archive, err);
    if (st == KO_OK)
        st = ko_status_json(job->store, &kit, archive, &found, err);
    if (st == KO_OK && o->common.json)
        ko_json_line(stdout, found);
    else if (st == KO_OK)
        print_status(found);
    if (st == KO_OK && !o->common.json)
        json_decref(found);
    ko_free(archive);
    ko_kit_close(&kit);
    return st;
}

static ko_status fits(const void *read, ko_error *err)
{
    return ko_takes_no_operands(&ko_cmd_status, read, err);
}

static ko_exit run(char **words, size_t n)
{
    status_options o = {0};
    return ko_run_job(&ko_cmd_status, words, n, &o, fits, status);
}

const ko_command ko_cmd_status = {
    .name = "status",
    .summary = "what the watch did, what is next, what failed, and what waits for you",
    .usage = "",
    .description =
        "Tells whether a watch is running, what came of each of its jobs and when it is next, how\n"
        "the sources fare, and what waits: dates, candidates, pictures, news that could not be\n"
        "delivered. Exits with 0 whatever it tells, unless the database cannot be read.",
    .options = options,
    .run = run,
};
