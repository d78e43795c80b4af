/* knockoff works [show|set|check|rm] - the artist's works. */
#include "cli/commands.h"

#include "base/alloc.h"
#include "base/text.h"
#include "case/work_forget.h"
#include "cli/doubt_words.h"
#include "cli/kit.h"
#include "cli/proof_files.h"
#include "cli/work_fields.h"
#include "cli/works_check.h"
#include "report/work.h"
#include "store/paper.h"

#include <math.h>
#include <string.h>

typedef struct works_options {
    ko_common common;
    ko_work_options given;
    ko_words channels;
    bool all;
} works_options;

#define GIVEN(field) offsetof(works_options, given.field)
static const ko_option options[] = {
    {"title", 0, KO_OPT_TEXT, GIVEN(title), "TEXT", "set: title"},
    {"author", 0, KO_OPT_TEXT, GIVEN(author), "TEXT", "set: who made it"},
    {"holder", 0, KO_OPT_TEXT, GIVEN(holder), "TEXT", "set: who owns the right"},
    {"kind", 0, KO_OPT_TEXT, GIVEN(kind), "TEXT", "set: illustration, photograph, ..."},
    {"description", 0, KO_OPT_TEXT, GIVEN(description), "TEXT", "set: what it shows"},
    {"completed-on", 0, KO_OPT_TEXT, GIVEN(completed_on), "DATE", "set: made, YYYY-MM-DD"},
    {"published-on", 0, KO_OPT_TEXT, GIVEN(published_on), "DATE",
     "set: first publication, YYYY-MM-DD"},
    {"published-url", 0, KO_OPT_TEXT, GIVEN(published_url), "URL", "set: first publication, where"},
    {"published-in", 0, KO_OPT_TEXT, GIVEN(published_in), "COUNTRY",
     "set: first publication, two letters (DE)"},
    {"registration", 0, KO_OPT_TEXT, GIVEN(registration), "TEXT",
     "set: number at a copyright office"},
    {"registered-in", 0, KO_OPT_TEXT, GIVEN(registered_in), "COUNTRY", "set: of that office"},
    {"certificate", 0, KO_OPT_EACH, GIVEN(certificates), "FILE",
     "set: adds a certificate of registration"},
    {"evidence", 0, KO_OPT_EACH, GIVEN(evidence), "FILE",
     "set: adds what shows that it is yours: a dated post, a sketch"},
    {"threshold", 't', KO_OPT_NUMBER, GIVEN(threshold), "S",
     "set: own threshold of the work, or of the collection with no serial"},
    {"no-threshold", 0, KO_OPT_FLAG, GIVEN(no_threshold), NULL,
     "set: back to the collection's threshold"},
    {"channel", 0, KO_OPT_EACH, offsetof(works_options, channels), "NAME",
     "check: only this one (default: those that are usual)"},
    {"all", 'a', KO_OPT_FLAG, offsetof(works_options, all), NULL, "check: all channels"},
    {0},
};
#undef GIVEN

typedef struct listing_works {
    ko_store *store;
    const works_options *options;
    bool show;
    double threshold;
    size_t n;
    ko_error *err;
} listing_works;

static ko_status print_work_json(const listing_works *l, const ko_work *work)
{
    json_t *object = ko_work_json(work, l->threshold);
    const ko_status st = ko_work_files_json(l->store, work->id, object, l->err);
    if (st == KO_OK)
        ko_json_line(stdout, object);
    else
        json_decref(object);
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

static ko_status print_paper(void *context, const ko_paper *paper)
{
    (void)context;
    char sha256[2 * KO_SHA256_SIZE + 1];
    ko_text_hex(paper->sha256, sizeof paper->sha256, sha256);
    ko_print("  %-13s %s\n", ko_paper_role_name(paper->role), paper->path);
    ko_print("                SHA-256 %s\n", sha256);
    return KO_OK;
}

static void print_stated(const char *name, const char *value)
{
    if (value[0])
        print_field(name, value);
}

static void print_right(const ko_work *work)
{
    const ko_work_fields *f = &work->fields;
    print_field("registration",
                f->registration[0] ? f->registration : "none; the serial stands for it on forms");
    print_stated("registered in", f->registered_in);
    print_stated("author", f->author);
    print_field("holder", f->holder);
    print_stated("kind", f->kind);
    print_stated("description", f->description);
    print_stated("completed", f->completed_on);
    print_field("published", f->published_on);
    print_stated("in", f->published_in);
    print_field("at", f->published_url);
}

static ko_status show_work(const listing_works *l, const ko_work *work)
{
    const double *own = work->fields.threshold;
    ko_print("%s  %s\n", work->serial, work->fields.title);
    print_right(work);
    ko_print("  %-13s %g%s\n", "threshold", own ? *own : l->threshold, own ? " (its own)" : "");
    ko_print("  %-13s %zu\n", "candidates", work->n_candidates);
    if (work->quality < KO_FP_QUALITY_MIN)
        ko_print("  %-13s too plain to be told from other pictures: it is not looked for\n",
                 "warning");
    const ko_status st = ko_paper_each(l->store, work->id, print_paper, NULL, l->err);
    return st == KO_OK ? ko_view_each(l->store, work->id, true, print_view, NULL, l->err) : st;
}

static ko_status print_work(void *context, const ko_work *work)
{
    listing_works *l = context;
    l->n++;
    if (l->options->common.json)
        return print_work_json(l, work);
    if (l->show)
        return show_work(l, work);
    ko_print("%s  %3zu candidate%s  %s%s\n", work->serial, work->n_candidates,
             work->n_candidates == 1 ? " " : "s", work->fields.title,
             work->quality < KO_FP_QUALITY_MIN ? "  (too plain to match)" : "");
    return KO_OK;
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

/* Fields and papers, all or none. */
static ko_status set(ko_store *store, const works_options *o, int64_t id, ko_error *err)
{
    ko_work_given given;
    ko_status st = ko_work_options_read(&o->given, &given, err);
    if (st == KO_OK)
        st = ko_store_begin(store, err);
    if (st == KO_OK)
        st = ko_work_set(store, id, &given.fields, o->given.no_threshold, err);
    if (st == KO_OK)
        st = ko_work_papers_add(store, id, &o->given, err);
    if (st == KO_OK)
        st = ko_store_commit(store, err);
    else
        ko_store_rollback(store);
    ko_work_given_free(&given);
    return st;
}

/* --- check --- */

/* The channels that are named, else the usual ones, or all. */
static ko_status choose_channels(const works_options *o, const ko_rules *rules,
                                 const ko_channel **out, size_t *out_n, ko_error *err)
{
    *out_n = o->all ? ko_rules_count(rules) : ko_rules_usual(rules, out);
    for (size_t i = 0; o->all && i < *out_n; i++)
        out[i] = ko_rules_at(rules, i);
    if (o->channels.count)
        *out_n = 0;
    for (size_t i = 0; i < o->channels.count; i++) {
        const ko_channel *channel = ko_rules_channel(rules, o->channels.word[i]);
        if (!channel)
            return ko_fail(err, KO_E_USAGE, "no channel '%s': knockoff rules lists them",
                           o->channels.word[i]);
        out[(*out_n)++] = channel;
    }
    return KO_OK;
}

typedef struct checking {
    const ko_works_check *how;
    ko_error *err;
} checking;

static ko_status check_work(void *context, const ko_work *work)
{
    const checking *c = context;
    return ko_works_check_one(c->how, work, c->err);
}

/* id 0: all works. */
static ko_status check_with(const works_options *o, const ko_works_check *check, int64_t id,
                            ko_error *err)
{
    const ko_rules *rules = check->with.kit->rules;
    ko_works_check how = *check;
    checking c = {&how, err};
    const ko_channel **channels =
        ko_alloc_array(ko_rules_count(rules) + o->channels.count, sizeof(ko_channel *));
    if (!channels)
        return ko_fail(err, KO_E_NOMEM, "channels to look at");
    how.channels = channels;
    ko_status st = choose_channels(o, rules, channels, &how.n_channels, err);
    if (st == KO_OK)
        st = id ? ko_work_each(how.with.store, id, check_work, &c, err)
                : ko_works_check_all(&how, err);
    ko_free((void *)channels);
    return st;
}

static ko_status check(ko_store *store, const works_options *o, int64_t id, ko_error *err)
{
    ko_kit kit = {0};
    ko_user user = {0};
    char *folder = NULL;
    ko_status st = ko_open_kit(&o->common, &kit, err);
    if (st == KO_OK)
        st = ko_proof_folder(&o->common, &folder, err);
    if (st == KO_OK)
        st = ko_profile_read(store, &user, err);
    const ko_works_check how = {
        .with = {.store = store, .kit = &kit, .user = &user, .proof_folder = folder},
        .json = o->common.json};
    if (st == KO_OK)
        st = check_with(o, &how, id, err);
    ko_profile_free(&user);
    ko_free(folder);
    ko_kit_close(&kit);
    return st;
}

/* "works set --threshold S" without a serial sets the collection's. */
static ko_status set_collection(ko_store *store, const works_options *o, ko_error *err)
{
    if (!o->given.threshold.given)
        return ko_fail(err, KO_E_USAGE, "works set needs a serial, or --threshold alone");
    return ko_store_set_threshold(store, o->given.threshold.value, err);
}

static ko_status forget(ko_store *store, int64_t id, ko_error *err)
{
    ko_error why = {0};
    const ko_status st = ko_work_forget(store, id, &why);
    if (st == KO_E_EXISTS)
        return ko_fail(err, st, "%s (knockoff notice list --open --work %lld)", why.text,
                       (long long)id);
    return st == KO_OK ? KO_OK : ko_fail(err, st, "%s", why.text);
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
        else if (strcmp(verb, "check") == 0)
            st = check(store, o, id, err);
        else
            st = forget(store, id, err);
    }
    return st == KO_OK && strcmp(verb, "rm") == 0 ? ko_say_doubts(store, err) : st;
}

static bool is_verb(const char *word)
{
    static const char *const verbs[] = {"show", "set", "check", "rm"};
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (strcmp(word, verbs[i]) == 0)
            return true;
    return false;
}

static ko_status works(const ko_job *job, ko_error *err)
{
    const works_options *o = job->options;
    const ko_words *words = &o->common.operands;
    if (words->count == 0)
        return list(job->store, o, 0, false, err);
    const char *verb = words->word[0];
    if (!is_verb(verb))
        return ko_fail(err, KO_E_USAGE, "works: '%s' is none of show, set, check and rm", verb);
    if (words->count > 1)
        return each_serial(job->store, o, verb, err);
    if (strcmp(verb, "check") == 0)
        return check(job->store, o, 0, err);
    if (strcmp(verb, "set") == 0)
        return set_collection(job->store, o, err);
    return ko_fail(err, KO_E_USAGE, "works %s needs a serial such as KO-000001", verb);
}

static ko_exit run(char **words, size_t n)
{
    works_options o = {0};
    return ko_run_job(&ko_cmd_works, words, n, &o, NULL, works);
}

const ko_command ko_cmd_works = {
    .name = "works",
    .summary = "list, show, change, check or remove works",
    .usage =
        "[show SERIAL... | set [SERIAL...] --FIELD VALUE... | check [SERIAL...] | rm SERIAL...]",
    .description =
        "A serial (KO-000042; 42 will do) is never given twice and can stand as the number of an\n"
        "unregistered work on a platform's form. \"works set --threshold S\" sets the "
        "collection's\n"
        "threshold, with a serial that of the work; the next scan honours it.\n"
        "check tells what the forms and letters of platforms (knockoff rules) would still miss, "
        "and\n"
        "the commands that state it: of one work by channel, of all in groups that lack the same.\n"
        "Files given as --certificate and --evidence stay where they are; their SHA-256 is kept.\n"
        "rm forgets a work, its fingerprints and its candidates; your files stay. A work about "
        "which\n"
        "a notice is filed and not closed stays, too: its answer would need it.",
    .options = options,
    .run = run,
};
