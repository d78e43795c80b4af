/* knockoff add - originals in. */
#include "cli/commands.h"

#include "base/file.h"
#include "base/limits.h"
#include "base/parallel.h"
#include "case/search.h"
#include "cli/past.h"
#include "ingest/files.h"
#include "listing/sheet.h"
#include "scan/register.h"
#include "store/profile.h"
#include "store/seen.h"

typedef struct add_options {
    ko_common common;
    const char *work, *csv;
    const char *title, *registration, *holder, *published_on, *published_url;
    ko_number threshold;
    unsigned jobs;
    bool later;
} add_options;

static const ko_option options[] = {
    {"work", 'w', KO_OPT_TEXT, offsetof(add_options, work), "SERIAL",
     "add the files as further views of this work"},
    {"csv", 0, KO_OPT_TEXT, offsetof(add_options, csv), "FILE",
     "a sheet of works: file or serial, title, author, kind, completed on, published on, "
     "published url, ..."},
    {"title", 0, KO_OPT_TEXT, offsetof(add_options, title), "TEXT",
     "title (default: from the file's metadata, else its name)"},
    {"registration", 0, KO_OPT_TEXT, offsetof(add_options, registration), "TEXT",
     "number at a copyright office"},
    {"holder", 0, KO_OPT_TEXT, offsetof(add_options, holder), "TEXT", "who owns the right"},
    {"published-on", 0, KO_OPT_TEXT, offsetof(add_options, published_on), "DATE",
     "first publication, YYYY-MM-DD"},
    {"published-url", 0, KO_OPT_TEXT, offsetof(add_options, published_url), "URL",
     "first publication, where"},
    {"threshold", 't', KO_OPT_NUMBER, offsetof(add_options, threshold), "S",
     "own score threshold of these works"},
    {"jobs", 'j', KO_OPT_COUNT, offsetof(add_options, jobs), "N",
     "threads (default: one a processor)"},
    {"later", 0, KO_OPT_FLAG, offsetof(add_options, later), NULL,
     "leave it to the next scan to look for them in what was seen before"},
    {0},
};

/* One run of the command. */
typedef struct adding {
    const add_options *options;
    ko_store *store;
    ko_problems *problems;
    size_t added, known, plain, updated;
    int64_t last_work; /* that the last registered file belongs to */
    ko_error *err;
} adding;

static ko_status on_registered(void *context, const ko_registered *r)
{
    adding *a = context;
    a->added += !r->known;
    a->known += r->known;
    a->plain += r->plain;
    a->last_work = r->work_id;
    if (a->options->common.json) {
        ko_json_line(stdout, json_pack("{s:o, s:s, s:o, s:b, s:b, s:i, s:I, s:i}", "path",
                                       ko_json_string(r->path), "serial", r->serial, "title",
                                       ko_json_string(r->title), "known", r->known, "plain",
                                       r->plain, "quality", r->reading->picture.quality,
                                       "fingerprints", (json_int_t)r->reading->n_variants,
                                       "robustness", r->reading->robustness));
        return KO_OK;
    }
    if (r->known)
        ko_print("%s  known already: %s\n", r->serial, r->path);
    else
        ko_print("%s  %s\n", r->serial, r->title);
    if (r->plain)
        ko_say("%s: too plain to be told from other pictures: stored, but not looked for", r->path);
    else if (!r->known && r->reading->robustness <= KO_ROBUSTNESS_POOR)
        ko_say("%s: hard to recognise on products (found in %d %% of trial prints): expect some "
               "to be missed",
               r->path, r->reading->robustness);
    return KO_OK;
}

static ko_work_fields fields_of(const add_options *o)
{
    return (ko_work_fields){
        .title = o->title,
        .registration = o->registration,
        .holder = o->holder,
        .published_on = o->published_on,
        .published_url = o->published_url,
        .threshold = o->threshold.given ? &o->threshold.value : NULL,
    };
}

static ko_status add_files(adding *a, const ko_paths *files, int64_t work_id,
                           const ko_work_fields *fields)
{
    const ko_register_options how = {
        .jobs = a->options->jobs,
        .work_id = work_id,
        .fields = *fields,
        .on_registered = on_registered,
        .context = a,
        .problems = a->problems,
    };
    return ko_register(a->store, files, &how, a->err);
}

/* A cell that is not stated leaves the field as it is. */
static const char *stated(const char *cell)
{
    return cell[0] ? cell : NULL;
}

/* One that is none is said, and left as it is. */
static const char *country(const adding *a, const ko_sheet_work *row, const char *cell)
{
    if (!cell[0] || ko_profile_is_country(cell))
        return stated(cell);
    ko_problem(a->problems,
               "%s: line %zu: a country is two letters of ISO 3166 such as DE, not '%s'",
               a->options->csv, row->line, cell);
    return NULL;
}

/* One row of a sheet of works: its files are views of one work, new or named by serial;
 * what the row states is then written into it. */
static ko_status on_work(void *context, const ko_sheet_work *row)
{
    adding *a = context;
    const ko_work_fields fields = {
        .title = stated(row->title),
        .registration = stated(row->registration),
        .holder = stated(row->holder),
        .author = stated(row->author),
        .kind = stated(row->kind),
        .description = stated(row->description),
        .completed_on = stated(row->completed_on),
        .published_in = country(a, row, row->published_in),
        .registered_in = country(a, row, row->registered_in),
        .published_on = stated(row->published_on),
        .published_url = stated(row->published_url),
        .threshold = row->has_threshold ? &row->threshold : NULL,
    };
    a->last_work = 0;
    if (row->serial[0] && ko_work_find(a->store, row->serial, &a->last_work, NULL) != KO_OK) {
        ko_problem(a->problems, "%s: line %zu: no work %s", a->options->csv, row->line,
                   row->serial);
        return KO_OK;
    }
    ko_status st = KO_OK;
    for (size_t i = 0; st == KO_OK && i < row->n_files; i++) {
        const ko_paths file = {.path = &row->files[i], .count = 1};
        st = add_files(a, &file, a->last_work, &fields);
    }
    if (st == KO_OK && a->last_work) {
        a->updated++;
        st = ko_work_set(a->store, a->last_work, &fields, false, a->err);
    }
    return st;
}

static void on_problem(void *context, size_t line, const char *text)
{
    adding *a = context;
    ko_problem(a->problems, "%s: line %zu: %s", a->options->csv, line, text);
}

static void on_note(void *context, const char *text)
{
    const adding *a = context;
    ko_say("%s: %s", a->options->csv, text);
}

static ko_status add_sheet(adding *a)
{
    ko_buf bytes = KO_BUF(KO_MAX_SHEET_BYTES);
    const ko_sheet_sink sink = {
        .context = a, .on_work = on_work, .on_problem = on_problem, .on_note = on_note};
    ko_status st = ko_file_read(a->options->csv, &bytes, a->err);
    if (st == KO_OK) {
        st = ko_sheet_read_works(a->options->csv, bytes.data, bytes.size, &sink, NULL, a->err);
        ko_error_prefix(a->err, a->options->csv);
    }
    ko_buf_free(&bytes);
    return st;
}

static ko_status add_all(adding *a)
{
    const add_options *o = a->options;
    const ko_work_fields fields = fields_of(o);
    ko_ingest_files files = {0};
    int64_t work_id = 0;
    ko_status st = o->work ? ko_work_find(a->store, o->work, &work_id, a->err) : KO_OK;
    if (st == KO_OK)
        st = ko_ingest_files_find(o->common.operands.word, o->common.operands.count, a->problems,
                                  &files, a->err);
    if (st == KO_OK)
        st = add_files(a, &files.pictures, work_id, &fields);
    if (st == KO_OK && o->csv)
        st = add_sheet(a);
    ko_ingest_files_free(&files);
    return st;
}

static void print_summary(const adding *a)
{
    ko_print("%zu file%s registered", a->added, ko_plural(a->added));
    if (a->known)
        ko_print(", %zu known already", a->known);
    if (a->plain)
        ko_print(", %zu too plain to match", a->plain);
    if (a->updated)
        ko_print(", %zu rows of %s taken over", a->updated, a->options->csv);
    ko_print("\n");
}

/* New works are looked for in all that was ever seen, at once. */
static ko_status search_seen(const adding *a, ko_error *err)
{
    ko_photo_counts seen;
    ko_searched found;
    ko_status st = ko_photo_count(a->store, &seen, err);
    if (st != KO_OK || seen.photos == 0 || a->added == a->plain || a->options->later)
        return st;
    st = ko_search(a->store, a->options->jobs, a->problems, &found, err);
    if (st != KO_OK)
        return st;
    if (a->options->common.json)
        ko_json_line(stdout, json_pack("{s:o}", "search", ko_searched_json(&found)));
    else
        ko_print("searched %lld photo%s seen before: %zu new candidate%s%s\n",
                 (long long)seen.photos, ko_plural((size_t)seen.photos), found.scan.new_candidates,
                 ko_plural(found.scan.new_candidates),
                 found.scan.new_candidates ? ": knockoff candidates" : "");
    return KO_OK;
}

static ko_status add(const ko_job *job, ko_error *err)
{
    adding a = {
        .options = job->options, .store = job->store, .problems = job->problems, .err = err};
    ko_past_news past;
    ko_status st = add_all(&a);
    if (st == KO_OK)
        st = ko_take_past(&a.options->common, a.store, false, INT64_MAX, a.problems, &past, err);
    if (st == KO_OK && !a.options->common.json) {
        print_summary(&a);
        ko_print_past(&past);
    }
    return st == KO_OK ? search_seen(&a, err) : st;
}

static ko_status fits(const void *read, ko_error *err)
{
    const add_options *o = read;
    if (o->common.operands.count || o->csv)
        return KO_OK;
    return ko_fail(err, KO_E_USAGE,
                   "add needs files or folders of your art, or --csv FILE (knockoff help add)");
}

static ko_exit run(char **words, size_t n)
{
    add_options o = {.jobs = ko_parallel_processors()};
    return ko_run_job(&ko_cmd_add, words, n, &o, fits, add);
}

const ko_command ko_cmd_add = {
    .name = "add",
    .summary = "register works: files or folders of your art",
    .usage = "[--work SERIAL] [--csv FILE] [--FIELD VALUE...] PATH...",
    .description =
        "Reads PNG, JPEG, WebP, TIFF, GIF, AVIF, HEIC, SVG and PSD. Each file becomes a work with\n"
        "a serial of its own; --work adds them as views of one work instead. The same bytes twice\n"
        "are said and not stored. A picture too plain to be told from others is stored with a\n"
        "warning. Nothing is copied or sent anywhere: the database keeps the path, SHA-256, size\n"
        "and fingerprints. Listing pictures that were seen before are searched for new works at\n"
        "once; stopped, the next scan goes on with that.",
    .options = options,
    .run = run,
};
