/* knockoff rules - what platforms ask for, who says so, and when that was read. */
#include "cli/commands.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/file.h"
#include "cli/kit.h"
#include "cli/rules_json.h"
#include "cli/rules_words.h"
#include "notice/data.h"
#include "notice/letter.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

typedef struct rules_options {
    ko_common common;
} rules_options;

static const ko_option options[] = {{0}};

/* --- list and show --- */

static void print_own_file(const ko_kit *kit, const char *name, bool *any)
{
    if (!ko_kit_has_own(kit, name))
        return;
    ko_print("%s%s", *any ? ", " : "your own: ", name);
    *any = true;
}

/* Which files of the user's own are used, and where they lie. */
static void print_own_files(const ko_kit *kit)
{
    bool any = false;
    for (const ko_embedded *file = ko_notice_files; file->name; file++)
        print_own_file(kit, file->name, &any);
    for (size_t i = 0; i < ko_rules_count(kit->rules); i++) {
        const char *letter = ko_rules_at(kit->rules, i)->letter;
        if (!ko_letter_template(letter))
            print_own_file(kit, letter, &any);
    }
    if (any)
        ko_print(" in %s\n", kit->folder);
    else
        ko_print(
            "none is your own: knockoff rules export FOLDER writes these out, and what lies in "
            "%s goes before them\n",
            kit->folder);
}

static ko_status list(const ko_kit *kit, const ko_job *job, ko_error *err)
{
    const rules_options *o = job->options;
    const ko_penalty *penalty;
    (void)err;
    for (size_t i = 0; i < ko_rules_count(kit->rules); i++) {
        const ko_channel *channel = ko_rules_at(kit->rules, i);
        if (o->common.json)
            ko_json_line(stdout, ko_channel_json(kit, channel));
        else
            ko_channel_print(kit, channel);
    }
    for (size_t i = 0; (penalty = ko_rules_penalty_at(kit->rules, i)) != NULL; i++) {
        if (o->common.json)
            ko_json_line(stdout, ko_penalty_json(kit, penalty));
        else
            ko_penalty_print(kit, penalty);
    }
    if (!o->common.json)
        print_own_files(kit);
    return KO_OK;
}

static ko_status show(const ko_kit *kit, const ko_job *job, ko_error *err)
{
    const rules_options *o = job->options;
    const ko_words *words = &o->common.operands;
    for (size_t i = 1; i < words->count; i++) {
        const ko_channel *channel = ko_rules_channel(kit->rules, words->word[i]);
        if (!channel)
            return ko_fail(err, KO_E_NOT_FOUND, "no channel '%s': knockoff rules lists them",
                           words->word[i]);
        if (o->common.json)
            ko_json_line(stdout, ko_channel_json(kit, channel));
        else
            ko_channel_print_all(kit, channel);
    }
    return KO_OK;
}

/* --- sources --- */

/* Counts the old ones. */
typedef struct aging {
    ko_day today;
    size_t n, old;
} aging;

static void print_age(aging *a, const char *name, ko_day checked_on, const char *text,
                      const char *origin)
{
    char day[KO_DAY_TEXT_SIZE];
    const int age = a->today - checked_on;
    ko_day_text(checked_on, day);
    a->n++;
    a->old += age > KO_RULE_OLD_DAYS;
    ko_print("%-17s  %s  %4d day%s%s  %s  %s%s\n", name, day, age, ko_plural((size_t)age),
             age == 1 ? " " : "", age > KO_RULE_OLD_DAYS ? "old" : "   ", text, origin);
}

static void print_sources(const ko_kit *kit)
{
    aging a = {.today = ko_today()};
    const ko_rule_source *source;
    ko_holiday_year year;
    for (size_t i = 0; (source = ko_rules_source_at(kit->rules, i)) != NULL; i++)
        print_age(&a, source->id, source->checked_on, source->text,
                  ko_origin_words(ko_rules_source_origin(kit->rules, source->id)));
    for (size_t i = 0; ko_holidays_year_at(kit->holidays, i, &year); i++) {
        char name[64];
        (void)snprintf(name, sizeof name, "days off %s %d", year.country, year.year);
        print_age(&a, name, year.checked_on, year.source, year.own ? " (yours)" : "");
    }
    if (a.old)
        ko_print("%zu of %zu were read more than %d days ago: look again before you rely on them\n",
                 a.old, a.n, KO_RULE_OLD_DAYS);
}

static ko_status sources(const ko_kit *kit, const ko_job *job, ko_error *err)
{
    const rules_options *o = job->options;
    const ko_rule_source *source;
    ko_holiday_year year;
    (void)err;
    if (!o->common.json) {
        print_sources(kit);
        return KO_OK;
    }
    for (size_t i = 0; (source = ko_rules_source_at(kit->rules, i)) != NULL; i++)
        ko_json_line(stdout, ko_rule_source_json(kit, source, ko_today()));
    for (size_t i = 0; ko_holidays_year_at(kit->holidays, i, &year); i++)
        ko_json_line(stdout, ko_holiday_year_json(&year, ko_today()));
    return KO_OK;
}

/* --- export --- */

/* Writes a file that is not there yet. */
static ko_status write_new(const char *path, const ko_embedded *file, ko_error *err)
{
    const int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return ko_fail(err, errno == EEXIST ? KO_E_EXISTS : KO_E_IO, "%s: %s", path,
                       errno == EEXIST ? "is there already and stays as it is" : strerror(errno));
    (void)close(fd);
    return ko_file_write(path, file->bytes, file->size, err);
}

static ko_status export_file(const char *folder, const ko_embedded *file, const ko_job *job,
                             ko_error *err)
{
    const rules_options *o = job->options;
    ko_error own = {0};
    char *path = ko_path_join(folder, file->name);
    if (!path)
        return ko_fail(err, KO_E_NOMEM, "path of %s", file->name);
    const ko_status st = write_new(path, file, &own);
    if (st == KO_OK && o->common.json)
        ko_json_line(stdout, json_pack("{s:o}", "written", ko_json_string(path)));
    else if (st == KO_OK)
        ko_print("written: %s\n", path);
    else if (st == KO_E_EXISTS)
        ko_problem(job->problems, "%s", own.text);
    ko_free(path);
    return st == KO_OK || st == KO_E_EXISTS ? KO_OK : ko_fail(err, st, "%s", own.text);
}

/* Needs no rules: those that are to be put right may be wrong. */
static ko_status export(const ko_job *job, ko_error *err)
{
    const ko_words *words = &((const ko_common *)job->options)->operands;
    ko_status st = words->count == 2 ? ko_folder_make(words->word[1], err)
                                     : ko_fail(err, KO_E_USAGE, "rules export takes one folder");
    for (const ko_embedded *file = ko_notice_files; st == KO_OK && file->name; file++)
        st = export_file(words->word[1], file, job, err);
    return st;
}

/* --- the command --- */

static ko_status with_kit(const ko_job *job,
                          ko_status (*fn)(const ko_kit *kit, const ko_job *job, ko_error *err),
                          ko_error *err)
{
    ko_kit kit;
    ko_status st = ko_open_kit(job->options, &kit, err);
    if (st == KO_OK)
        st = fn(&kit, job, err);
    ko_kit_close(&kit);
    return st;
}

static ko_status run_list(const ko_job *job, ko_error *err)
{
    return with_kit(job, list, err);
}

static ko_status run_show(const ko_job *job, ko_error *err)
{
    return with_kit(job, show, err);
}

static ko_status run_sources(const ko_job *job, ko_error *err)
{
    return with_kit(job, sources, err);
}

static const ko_verb verbs[] = {
    {"list", NULL, run_list},
    {"show", "a channel such as etsy", run_show},
    {"sources", NULL, run_sources},
    {"export", "a folder", export},
    {0},
};

static ko_exit run(char **words, size_t n)
{
    rules_options o = {0};
    ko_problems problems = ko_problems_said();
    const ko_job job = {.options = &o, .problems = &problems}; /* works without a database */
    ko_error err = {0};
    ko_exit code = KO_EXIT_OK;
    if (ko_begin(&ko_cmd_rules, words, n, &o, &code)) {
        if (ko_run_verb(&ko_cmd_rules, verbs, "list", &job, &err) != KO_OK)
            code = ko_give_up(&err);
        else if (problems.count)
            code = KO_EXIT_REFUSED;
    }
    ko_options_free(options, &o);
    return code;
}

const ko_command ko_cmd_rules = {
    .name = "rules",
    .summary = "what platforms ask of a complaint, who says so, and when that was read",
    .usage = "[list] | show CHANNEL... | sources | export FOLDER",
    .description =
        "A channel is a way to complain. Each rule names its source and the day on which it was\n"
        "read; sources gives their age, and marks those older than 180 days. Platforms change\n"
        "their rules: files of the same shape in the folder DATABASE-rules go before those of the\n"
        "program. Of rules.json keep there only the channels, penalties and sources that you\n"
        "change or add, of holidays.json the years, of letters whole files. export writes the\n"
        "program's files to start from, and never over a file that is there.",
    .options = options,
    .run = run,
};
