/* knockoff due - what is to be answered, filed or looked at, and by when. */
#include "cli/commands.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/limits.h"
#include "case/due_json.h"
#include "cli/due_words.h"
#include "cli/kit.h"
#include "cli/today.h"

#include <string.h>

typedef struct due_options {
    ko_common common;
    const char *on, *ics;
    ko_number days;
    bool all;
} due_options;

static const ko_option options[] = {
    {"all", 'a', KO_OPT_FLAG, offsetof(due_options, all), NULL,
     "also what platforms and sellers are expected to do"},
    {"days", 0, KO_OPT_NUMBER, offsetof(due_options, days), "N", "only what is due within N days"},
    {"on", 0, KO_OPT_TEXT, offsetof(due_options, on), "DATE",
     "as of this day, YYYY-MM-DD (default: today)"},
    {"ics", 0, KO_OPT_TEXT, offsetof(due_options, ics), "FILE",
     "write the dates as iCalendar, - for standard output"},
    {0},
};

/* --- for people --- */

/* Under which heading a duty stands. */
static const char *heading_of(const ko_duty *duty, ko_day today)
{
    if (!duty->step)
        return duty->who == KO_WHO_HOLDER ? "to be filed" : "awaited";
    if (duty->overdue)
        return "overdue";
    if (duty->when.last == today)
        return "today";
    return duty->when.last <= today + 7 ? "within a week" : "later";
}

static ko_status print(const ko_duties *duties, ko_day today, ko_error *err)
{
    const char *heading = "";
    ko_status st = KO_OK;
    for (size_t i = 0, n; i < duties->n && st == KO_OK; i += n) {
        const char *own = heading_of(&duties->duties[i], today);
        n = ko_duties_alike(duties, i);
        if (strcmp(own, heading) != 0)
            ko_print("%s\n", own);
        heading = own;
        st = ko_duties_print(duties, i, n, err);
    }
    if (duties->n == 0)
        ko_print("nothing is due\n");
    if (duties->n_others)
        ko_print("%zu more of others: knockoff due --all\n", duties->n_others);
    return st;
}

/* --- for calendars --- */

static ko_status write_calendar(const ko_duties *duties, const char *path, ko_error *err)
{
    ko_buf text = KO_BUF(KO_MAX_CALENDAR_BYTES);
    ko_status st = ko_duties_calendar(duties, ko_clock_now(), &text, err);
    if (st == KO_OK && strcmp(path, "-") == 0)
        (void)fwrite(text.data, 1, text.size, stdout); /* whether it arrived is seen at the end */
    else if (st == KO_OK)
        st = ko_file_write(path, text.data, text.size, err);
    ko_buf_free(&text);
    return st;
}

/* --- the command --- */

static ko_status fits(const void *read, ko_error *err)
{
    const due_options *o = read;
    if (o->days.given && !(o->days.value >= 0 && o->days.value <= KO_MAX_NOTICE_DAYS))
        return ko_fail(err, KO_E_USAGE, "--days takes 0 to %d", KO_MAX_NOTICE_DAYS);
    if (o->ics && o->common.json)
        return ko_fail(err, KO_E_USAGE, "--ics and --json are two ways, one at a time");
    return ko_takes_no_operands(&ko_cmd_due, &o->common, err);
}

static ko_status show(const ko_duties *duties, const ko_kit *kit, const due_options *o,
                      ko_day today, ko_error *err)
{
    if (o->ics)
        return write_calendar(duties, o->ics, err);
    if (!o->common.json)
        return print(duties, today, err);
    for (size_t i = 0; i < duties->n; i++)
        ko_json_line(stdout, ko_duty_json(&duties->duties[i], kit));
    return KO_OK;
}

static ko_status due(const ko_job *job, ko_error *err)
{
    const due_options *o = job->options;
    ko_kit kit = {0};
    ko_duties duties = {0};
    ko_duties_request request = {.all = o->all,
                                 .at = o->on ? 0 : ko_clock_now(),
                                 .within_days = o->days.given ? (int)o->days.value : -1};
    ko_status st = ko_day_option("on", o->on, &request.day, err);
    if (st == KO_OK)
        st = ko_open_kit(&o->common, &kit, err);
    if (st == KO_OK)
        st = ko_duties_find(job->store, &kit, &request, &duties, err);
    if (st == KO_OK)
        st = show(&duties, &kit, o, request.day, err);
    ko_duties_free(&duties);
    ko_kit_close(&kit);
    return st;
}

static ko_exit run(char **words, size_t n)
{
    due_options o = {0};
    return ko_run_job(&ko_cmd_due, words, n, &o, fits, due);
}

const ko_command ko_cmd_due = {
    .name = "due",
    .summary = "what is to be answered, filed or looked at, and by when",
    .usage = "[--all] [--days N] [--ics FILE]",
    .description =
        "Dates run from what was told with knockoff notice filed and update, by the rules and the\n"
        "days off of each platform's country; a date is the last day there. Where it is not known\n"
        "whether a day is off it is taken to be worked, so that a date of yours comes too early\n"
        "and never too late. A date written again replaces itself in calendars.",
    .options = options,
    .run = run,
};
