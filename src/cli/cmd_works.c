/* knockoff works [show|set|rm] - the artist's works. */
#include "cli/commands.h"

#include "base/clock.h"
#include "base/text.h"
#include "store/work.h"

#include <math.h>
#include <string.h>

typedef struct works_options {
    ko_common common;
    const char *title, *registration, *holder, *published_on, *published_url;
    ko_number threshold;
    bool no_threshold;
} works_options;

static const ko_option options[] = {
    {"title", 0, KO_OPT_TEXT, offsetof(works_options, title), "TEXT", "set: title"},
    {"registration", 0, KO_OPT_TEXT, offsetof(works_options, registration), "TEXT",
     "set: number at a copyright office"},
    {"holder", 0, KO_OPT_TEXT, offsetof(works_options, holder), "TEXT", "set: who owns the right"},
    {"published-on", 0, KO_OPT_TEXT, offsetof(works_options, published_on), "DATE",
     "set: first publication, YYYY-MM-DD"},
    {"published-url", 0, KO_OPT_TEXT, offsetof(works_options, published_url), "URL",
     "set: first publication, where"},
    {"threshold", 't', KO_OPT_NUMBER, offsetof(works_options, threshold), "S",
     "set: own threshold of the work, or of the collection with no serial"},
    {"no-threshold", 0, KO_OPT_FLAG, offsetof(works_options, no_threshold), NULL,
     "set: back to the collection's threshold"},
    {0},
};

static json_t *view_json(const ko_view *view)
{
    char sha256[2 * KO_SHA256_SIZE + 1], added[KO_TIME_SIZE];
    ko_text_hex(view->sha256, sizeof view->sha256, sha256);
    ko_clock_text(view->added_at, added);
    return json_pack("{s:o, s:s, s:s, s:i, s:i, s:I, s:b, s:i, s:I, s:I, s:i, s:s}", "path",
                     ko_json_string(view->path), "sha256", sha256, "kind", view->kind, "width",
                     (int)view->width, "height", (int)view->height, "bytes",
                     (json_int_t)view->bytes, "alpha", view->has_alpha, "quality", view->quality,
                     "fingerprints", (json_int_t)view->n_variants, "part_bytes",
                     (json_int_t)view->part_bytes, "robustness", view->robustness, "added", added);
}

typedef struct listing_works {
    ko_store *store;
    const works_options *options;
    bool show;
    double threshold;
    size_t n;
    ko_error *err;
} listing_works;

static ko_status add_view_json(void *context, const ko_view *view)
{
    return json_array_append_new(context, view_json(view)) == 0 ? KO_OK : KO_E_NOMEM;
}

static ko_status print_work_json(listing_works *l, const ko_work *work)
{
    char added[KO_TIME_SIZE];
    ko_clock_text(work->added_at, added);
    const ko_work_fields *f = &work->fields;
    json_t *views = json_array();
    const ko_status st = ko_view_each(l->store, work->id, true, add_view_json, views, l->err);
    ko_json_line(
        stdout,
        json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:f, s:b, s:i, s:b, s:I, s:I, s:s, s:o}",
                  "serial", work->serial, "title", ko_json_string(f->title), "registration",
                  ko_json_string(f->registration), "holder", ko_json_string(f->holder),
                  "published_on", ko_json_string(f->published_on), "published_url",
                  ko_json_string(f->published_url), "threshold",
                  f->threshold ? *f->threshold : l->threshold, "own_threshold",
                  f->threshold != NULL, "quality", work->quality, "plain",
                  work->quality < KO_FP_QUALITY_MIN, "fingerprints", (json_int_t)work->n_variants,
                  "candidates", (json_int_t)work->n_candidates, "added", added, "views", views));
    return st;
}

static ko_status print_view(void *context, const ko_view *view)
{
    (void)context;
    char sha256[2 * KO_SHA256_SIZE + 1];
    ko_text_hex(view->sha256, sizeof view->sha256, sha256);
    ko_print("  view          %s\n", view->path);
    ko_print("                %s %ux%u%s\n", view->kind, view->width, view->height,
             view->has_alpha ? " with transparency" : "");
    ko_print("                quality %d, %zu fingerprints (%zu bytes), keypoints and looks (%zu "
             "bytes)\n",
             view->quality, view->n_variants, view->n_variants * sizeof(ko_fp), view->part_bytes);
    ko_print("                found in %d %% of trial prints\n", view->robustness);
    ko_print("                SHA-256 %s\n", sha256);
    return KO_OK;
}

static void print_field(const char *name, const char *value)
{
    ko_print("  %-13s %s\n", name, value[0] ? value : "-");
}

static ko_status print_work(void *context, const ko_work *work)
{
    listing_works *l = context;
    l->n++;
    if (l->options->common.json)
        return print_work_json(l, work);
    const bool plain = work->quality < KO_FP_QUALITY_MIN;
    if (!l->show) {
        ko_print("%s  %3zu candidate%s  %s%s\n", work->serial, work->n_candidates,
                 work->n_candidates == 1 ? " " : "s", work->fields.title,
                 plain ? "  (too plain to match)" : "");
        return KO_OK;
    }
    ko_print("%s  %s\n", work->serial, work->fields.title);
    print_field("registration", work->fields.registration);
    print_field("holder", work->fields.holder);
    print_field("published", work->fields.published_on);
    print_field("at", work->fields.published_url);
    ko_print("  %-13s %g%s\n", "threshold",
             work->fields.threshold ? *work->fields.threshold : l->threshold,
             work->fields.threshold ? " (its own)" : "");
    ko_print("  %-13s %zu\n", "candidates", work->n_candidates);
    if (plain)
        ko_print("  %-13s too plain to be told from other pictures: it is not looked for\n",
                 "warning");
    return ko_view_each(l->store, work->id, true, print_view, NULL, l->err);
}

static ko_status list(ko_store *store, const works_options *o, int64_t id, bool show, ko_error *err)
{
    listing_works l = {.store = store, .options = o, .show = show, .err = err};
    ko_status st = ko_store_threshold(store, &l.threshold, err);
    if (st == KO_OK)
        st = ko_work_each(store, id, print_work, &l, err);
    if (st == KO_OK && l.n == 0 && !o->common.json)
        ko_print("no works yet: knockoff add FOLDER-OF-YOUR-ART\n");
    return st;
}

static ko_status set(ko_store *store, const works_options *o, int64_t id, ko_error *err)
{
    const double *threshold = o->threshold.given ? &o->threshold.value : NULL;
    const ko_work_fields fields = {
        .title = o->title,
        .registration = o->registration,
        .holder = o->holder,
        .published_on = o->published_on,
        .published_url = o->published_url,
        .threshold = threshold,
    };
    return ko_work_set(store, id, &fields, o->no_threshold, err);
}

/* "works set --threshold S" without a serial sets the collection's. */
static ko_status set_collection(ko_store *store, const works_options *o, ko_error *err)
{
    if (!o->threshold.given)
        return ko_fail(err, KO_E_USAGE, "works set needs a serial, or --threshold alone");
    return ko_store_set_threshold(store, o->threshold.value, err);
}

static ko_status each_serial(ko_store *store, const works_options *o, const char *verb,
                             ko_error *err)
{
    const ko_words *words = &o->common.operands;
    ko_status st = KO_OK;
    for (size_t i = 1; st == KO_OK && i < words->count; i++) {
        int64_t id = 0;
        st = ko_work_find(store, words->word[i], &id, err);
        if (st != KO_OK)
            break;
        if (strcmp(verb, "show") == 0)
            st = list(store, o, id, true, err);
        else if (strcmp(verb, "set") == 0)
            st = set(store, o, id, err);
        else
            st = ko_work_remove(store, id, err);
    }
    return st;
}

static ko_status works(ko_store *store, const works_options *o, ko_error *err)
{
    const ko_words *words = &o->common.operands;
    if (words->count == 0)
        return list(store, o, 0, false, err);
    const char *verb = words->word[0];
    if (strcmp(verb, "show") != 0 && strcmp(verb, "set") != 0 && strcmp(verb, "rm") != 0)
        return ko_fail(err, KO_E_USAGE, "works: '%s' is not show, set or rm", verb);
    if (words->count > 1)
        return each_serial(store, o, verb, err);
    if (strcmp(verb, "set") == 0)
        return set_collection(store, o, err);
    return ko_fail(err, KO_E_USAGE, "works %s needs a serial such as KO-000001", verb);
}

static ko_exit run(char **words, size_t n)
{
    works_options o = {0};
    ko_store *store = NULL;
    ko_error err = {0};
    ko_exit code = KO_EXIT_OK;
    if (ko_begin(&ko_cmd_works, words, n, &o, &code)) {
        ko_status st = ko_open_database(&o.common, KO_STORE_OPEN, &store, &err);
        if (st == KO_OK)
            st = works(store, &o, &err);
        if (st != KO_OK)
            code = ko_give_up(&err);
    }
    ko_store_close(store);
    ko_options_free(options, &o);
    return code;
}

const ko_command ko_cmd_works = {
    .name = "works",
    .summary = "list, show, change or remove works",
    .usage = "[show SERIAL... | set [SERIAL...] --FIELD VALUE... | rm SERIAL...]",
    .description =
        "A serial (KO-000042; 42 will do) is never given twice and can stand as the number of an\n"
        "unregistered work on a platform's form. \"works set --threshold S\" sets the "
        "collection's\n"
        "threshold, with a serial that of the work; the next scan honours it.\n"
        "rm forgets a work, its fingerprints and its candidates; your files stay.",
    .options = options,
    .run = run,
};
