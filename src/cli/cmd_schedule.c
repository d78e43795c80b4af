/* knockoff schedule install|remove|show - a watch that the system starts. */
#include "cli/commands.h"

#include "base/alloc.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/span.h"
#include "cli/spawn.h"
#include "watch/units.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define EVERY_DEFAULT_S 3600

typedef struct schedule_options {
    ko_common common;
    bool timer, cron, now;
    const char *every;
} schedule_options;

static const ko_option options[] = {
    {"timer", 0, KO_OPT_FLAG, offsetof(schedule_options, timer), NULL,
     "install: a timer of systemd that starts watch --once, instead of a service"},
    {"cron", 0, KO_OPT_FLAG, offsetof(schedule_options, cron), NULL,
     "install: a line in your table of cron that does the same"},
    {"every", 0, KO_OPT_TEXT, offsetof(schedule_options, every), "TIME",
     "install: how often these do, as 30m, 6h or 1d (default: 1h)"},
    {"now", 0, KO_OPT_FLAG, offsetof(schedule_options, now), NULL,
     "install, remove: have systemd start or stop it, too"},
    {0},
};

/* --- what is meant --- */

typedef struct place {
    ko_unit unit;
    char program[PATH_MAX];
    char *database;
    char name[KO_UNIT_NAME_SIZE];
    char *service, *timer; /* paths of the units */
    ko_buf table;          /* of cron */
} place;

/* Absolute, whether the file is there or not; its folder is. To free. */
static char *find_file(char *path, ko_error *err)
{
    char *folder = path ? ko_path_folder(path) : NULL;
    char *real = folder ? realpath(folder, NULL) : NULL;
    char *whole = real ? ko_path_join(real, ko_path_name(path)) : NULL;
    if (!whole && path)
        (void)ko_fail(err, real || !folder ? KO_E_NOMEM : KO_E_NOT_FOUND, "%s: %s", path,
                      real ? "no memory" : strerror(errno));
    free(real); /* realpath's memory, not ours */
    ko_free(folder);
    ko_free(path);
    return whole;
}

static bool is_default(const char *database)
{
    ko_error err = {0};
    char *usual = find_file(ko_default_database_path(&err), &err);
    const bool same = usual && strcmp(usual, database) == 0;
    ko_free(usual);
    return same;
}

static ko_status find_units(place *p, ko_error *err)
{
    const char *config = getenv("XDG_CONFIG_HOME"); /* systemd.unit(5), user unit search path */
    const char *home = getenv("HOME");
    ko_buf service = KO_BUF(KO_MAX_PATH_BYTES), timer = KO_BUF(KO_MAX_PATH_BYTES);
    const bool configured = config && config[0] == '/';
    if (!configured && (!home || !*home))
        return ko_fail(err, KO_E_NOT_FOUND, "no home folder for units of systemd");
    const char *root = configured ? config : home, *below = configured ? "" : "/.config";
    ko_status st = ko_buf_printf(&service, "%s%s/systemd/user/%s.service", root, below, p->name);
    if (st == KO_OK)
        st = ko_buf_printf(&timer, "%s%s/systemd/user/%s.timer", root, below, p->name);
    p->service = service.data;
    p->timer = timer.data;
    return st == KO_OK ? KO_OK : ko_fail(err, st, "the path of a unit");
}

/* The user's table of cron. Without cron, or without a table, it is empty. */
static ko_status read_table(ko_buf *out, ko_error *err)
{
    static const char *const words[] = {"crontab", "-l", NULL};
    int code = 0;
    *out = KO_BUF(KO_MAX_CRONTAB_BYTES);
    ko_status st = ko_spawn(words, NULL, out, &code, err);
    if (st == KO_E_NOT_FOUND || (st == KO_OK && code != 0)) {
        *err = (ko_error){0};
        ko_buf_clear(out);
        st = KO_OK;
    }
    return st == KO_OK ? ko_buf_text(out, "") : st;
}

static void close_place(place *p)
{
    ko_free(p->database);
    ko_free(p->service);
    ko_free(p->timer);
    ko_buf_free(&p->table);
}

static ko_status open_place(const schedule_options *o, place *p, ko_error *err)
{
    p->database = find_file(ko_database_path(&o->common, err), err);
    if (!p->database)
        return ko_fail(err, KO_E_NOT_FOUND, "no database");
    const ssize_t n = readlink("/proc/self/exe", p->program, sizeof p->program - 1);
    if (n <= 0)
        return ko_fail(err, KO_E_IO, "where this program lies: %s", strerror(errno));
    p->unit = (ko_unit){.program = p->program,
                        .database = p->database,
                        .is_default = is_default(p->database),
                        .every_s = EVERY_DEFAULT_S};
    ko_unit_name(&p->unit, p->name);
    if (o->every && !ko_span_read(o->every, &p->unit.every_s))
        return ko_fail(err, KO_E_USAGE, "--every takes 30m, 6h or 1d, not '%s'", o->every);
    const ko_status st = find_units(p, err);
    return st == KO_OK ? read_table(&p->table, err) : st;
}

/* --- files --- */

/* Was it written by install? Then *out_text is the file's, else empty; to free in both cases. */
static bool is_ours(const char *path, ko_buf *out_text)
{
    *out_text = KO_BUF(KO_MAX_UNIT_BYTES);
    if (path && ko_file_read(path, out_text, NULL) == KO_OK && out_text->size &&
        strncmp(out_text->data, KO_UNIT_MARK, strlen(KO_UNIT_MARK)) == 0)
        return true;
    ko_buf_free(out_text);
    return false;
}

static bool is_there(const char *path)
{
    ko_buf text;
    const bool ours = is_ours(path, &text);
    ko_buf_free(&text);
    return ours;
}

static ko_status write_unit(const char *path, const ko_buf *text, ko_error *err)
{
    char *folder = ko_path_folder(path);
    ko_status st = folder ? ko_folder_make(folder, err) : ko_fail(err, KO_E_NOMEM, "%s", path);
    if (st == KO_OK && !is_there(path) && access(path, F_OK) == 0)
        st = ko_fail(err, KO_E_EXISTS,
                     "%s: was not written by knockoff schedule, and is left alone", path);
    if (st == KO_OK)
        st = ko_file_write(path, text->data, text->size, err);
    ko_free(folder);
    return st;
}

/* By which systemd has a unit started, once it is enabled; without its unit it would lead nowhere.
 */
static void remove_link(const char *path, const char *target)
{
    char *folder = ko_path_folder(path);
    ko_buf link = KO_BUF(KO_MAX_PATH_BYTES);
    if (folder &&
        ko_buf_printf(&link, "%s/%s.target.wants/%s", folder, target, ko_path_name(path)) == KO_OK)
        (void)unlink(link.data);
    ko_buf_free(&link);
    ko_free(folder);
}

static ko_status remove_unit(const char *path, const char *target, bool *out_was, ko_error *err)
{
    if (!is_there(path))
        return KO_OK;
    *out_was = true;
    remove_link(path, target);
    return unlink(path) == 0 ? KO_OK : ko_fail(err, KO_E_IO, "%s: %s", path, strerror(errno));
}

static ko_status remove_timer(const place *p, bool *out_was, ko_error *err)
{
    return remove_unit(p->timer, "timers", out_was, err);
}

static ko_status remove_units(const place *p, bool *out_was, ko_error *err)
{
    const ko_status st = remove_timer(p, out_was, err);
    return st == KO_OK ? remove_unit(p->service, "default", out_was, err) : st;
}

/* Writes the table of cron with our line or without it, if that is a change. */
static ko_status write_table(const place *p, bool line, bool *out_was, ko_error *err)
{
    static const char *const words[] = {"crontab", "-", NULL};
    ko_buf table = KO_BUF(KO_MAX_CRONTAB_BYTES);
    ko_slice lines;
    int code = 0;
    const bool was = ko_unit_crontab_find(&p->unit, p->table.data, &lines);
    if (!was && !line)
        return KO_OK;
    *out_was = was;
    ko_status st = ko_unit_crontab(&p->unit, p->table.data, line, &table, err);
    if (st == KO_OK)
        st = ko_spawn(words, table.size ? table.data : "", NULL, &code, err);
    if (st == KO_OK && code != 0)
        st = ko_fail(err, KO_E_IO, "crontab: ended with %d", code);
    ko_buf_free(&table);
    return st;
}

/* --- systemd --- */

/* systemctl --user and up to three words more. */
static ko_status run_systemctl(const char *verb, const char *option, const char *unit,
                               ko_error *err)
{
    const char *const words[] = {"systemctl", "--user", verb, option, unit, NULL};
    int code = 0;
    (void)fflush(stdout); /* what it prints comes after ours */
    const ko_status st = ko_spawn(words, NULL, NULL, &code, err);
    if (st == KO_OK && code != 0)
        return ko_fail(err, KO_E_IO, "systemctl --user %s: ended with %d", verb, code);
    return st;
}

/* Has systemd start the unit, or says how. */
static ko_status start(const schedule_options *o, const char *unit, ko_error *err)
{
    if (!o->now && !o->common.json) {
        ko_print("start it: systemctl --user daemon-reload && systemctl --user enable --now %s\n",
                 unit);
        ko_print("for when you are not logged in: loginctl enable-linger\n");
    }
    if (!o->now)
        return KO_OK;
    const ko_status st = run_systemctl("daemon-reload", NULL, NULL, err);
    return st == KO_OK ? run_systemctl("enable", "--now", unit, err) : st;
}

/* --- install --- */

static void tell_written(const schedule_options *o, const place *p, const char *kind)
{
    if (o->common.json)
        ko_json_line(stdout, json_pack("{s:s, s:s, s:o}", "kind", kind, "name", p->name, "database",
                                       ko_json_string(p->database)));
}

static ko_status install_service(const schedule_options *o, const place *p, ko_error *err)
{
    ko_buf service = KO_BUF(KO_MAX_UNIT_BYTES), timer = KO_BUF(KO_MAX_UNIT_BYTES);
    char unit[KO_UNIT_NAME_SIZE + 16];
    bool was;
    (void)snprintf(unit, sizeof unit, "%s.%s", p->name, o->timer ? "timer" : "service");
    ko_status st = ko_unit_service(&p->unit, o->timer, &service, err);
    if (st == KO_OK && o->timer)
        st = ko_unit_timer(&p->unit, &timer, err);
    if (st == KO_OK)
        st = write_unit(p->service, &service, err);
    if (st == KO_OK)
        st = o->timer ? write_unit(p->timer, &timer, err) : remove_timer(p, &was, err);
    if (st == KO_OK)
        st = write_table(p, false, &was, err);
    ko_buf_free(&service);
    ko_buf_free(&timer);
    if (st != KO_OK)
        return st;
    tell_written(o, p, o->timer ? "timer" : "service");
    if (!o->common.json)
        ko_print("written: %s\n", p->service);
    if (!o->common.json && o->timer)
        ko_print("written: %s\n", p->timer);
    return start(o, unit, err);
}

static ko_status install_line(const schedule_options *o, const place *p, ko_error *err)
{
    bool was;
    ko_status st = write_table(p, true, &was, err);
    if (st == KO_OK)
        st = remove_units(p, &was, err);
    if (st != KO_OK)
        return st;
    tell_written(o, p, "cron");
    if (!o->common.json)
        ko_print("written: a line in your table of cron (crontab -l)\n");
    return KO_OK;
}

static ko_status install(const ko_job *job, ko_error *err)
{
    const schedule_options *o = job->options;
    place p = {0};
    ko_status st = KO_OK;
    if (o->timer && o->cron)
        return ko_fail(err, KO_E_USAGE, "schedule: either --timer or --cron");
    if (o->every && !o->timer && !o->cron)
        return ko_fail(
            err, KO_E_USAGE,
            "schedule: --every is for --timer and --cron; a service goes by its sources");
    st = open_place(o, &p, err);
    if (st == KO_OK && access(p.database, F_OK) != 0)
        st = ko_fail(err, KO_E_NOT_FOUND, "no database at %s: knockoff init makes one", p.database);
    if (st == KO_OK)
        st = o->cron ? install_line(o, &p, err) : install_service(o, &p, err);
    close_place(&p);
    return st;
}

/* --- remove --- */

static ko_status stop(const schedule_options *o, const place *p, ko_error *err)
{
    char unit[KO_UNIT_NAME_SIZE + 16];
    const bool timer = is_there(p->timer);
    if (!timer && !is_there(p->service))
        return KO_OK;
    (void)snprintf(unit, sizeof unit, "%s.%s", p->name, timer ? "timer" : "service");
    if (o->now)
        return run_systemctl("stop", unit, NULL, err);
    if (!o->common.json)
        ko_print("if it runs: systemctl --user stop %s\n", unit);
    return KO_OK;
}

static ko_status take_away(const ko_job *job, ko_error *err)
{
    const schedule_options *o = job->options;
    place p = {0};
    bool units = false, line = false;
    ko_status st = open_place(o, &p, err);
    if (st == KO_OK)
        st = stop(o, &p, err);
    if (st == KO_OK)
        st = remove_units(&p, &units, err);
    if (st == KO_OK && units && o->now)
        st = run_systemctl("daemon-reload", NULL, NULL, err);
    if (st == KO_OK)
        st = write_table(&p, false, &line, err);
    if (st == KO_OK && o->common.json)
        ko_json_line(stdout, json_pack("{s:b, s:s}", "removed", units || line, "name", p.name));
    else if (st == KO_OK)
        ko_print(units || line ? "%s is removed\n" : "%s: nothing is scheduled\n", p.name);
    close_place(&p);
    return st;
}

/* --- show --- */

static void show_text(bool json, const char *kind, const char *where, ko_slice text)
{
    if (json) {
        ko_json_line(stdout,
                     json_pack("{s:s, s:o, s:o}", "kind", kind, "where", ko_json_string(where),
                               "text", json_stringn(text.at, text.n)));
        return;
    }
    ko_print("%s\n", where);
    while (text.n > 0) {
        const char *end = memchr(text.at, '\n', text.n);
        const size_t n = end ? (size_t)(end - text.at) : text.n;
        const size_t all = n + (end != NULL);
        ko_print("    %.*s\n", (int)n, text.at);
        text = (ko_slice){text.at + all, text.n - all};
    }
}

static bool show_unit(bool json, const char *kind, const char *path)
{
    ko_buf text;
    const bool ours = is_ours(path, &text);
    if (ours)
        show_text(json, kind, path, (ko_slice){text.data, text.size});
    ko_buf_free(&text);
    return ours;
}

static ko_status show(const ko_job *job, ko_error *err)
{
    const schedule_options *o = job->options;
    const bool json = o->common.json;
    place p = {0};
    ko_slice lines;
    const ko_status st = open_place(o, &p, err);
    if (st == KO_OK) {
        const bool line = ko_unit_crontab_find(&p.unit, p.table.data, &lines);
        if (line)
            show_text(json, "cron", "crontab -l", lines);
        const bool service = show_unit(json, "service", p.service);
        const bool timer = show_unit(json, "timer", p.timer);
        if (!line && !service && !timer && !json)
            ko_print("nothing is scheduled: knockoff schedule install\n");
    }
    close_place(&p);
    return st;
}

/* --- the command --- */

static const ko_verb verbs[] = {
    {"install", NULL, install}, {"remove", NULL, take_away}, {"show", NULL, show}, {0}};

/* Without opening the database: what is left of one that is gone can be removed. */
static ko_exit run(char **words, size_t n)
{
    schedule_options o = {0};
    ko_error err = {0};
    ko_exit code = KO_EXIT_OK;
    if (ko_begin(&ko_cmd_schedule, words, n, &o, &code)) {
        const ko_job job = {.options = &o};
        if (ko_run_verb(&ko_cmd_schedule, verbs, "show", &job, &err) != KO_OK)
            code = ko_give_up(&err);
    }
    ko_options_free(options, &o);
    return code;
}

const ko_command ko_cmd_schedule = {
    .name = "schedule",
    .summary = "have the system start the watch, and take that back",
    .usage = "[show] | install [--timer|--cron] [--every TIME] [--now] | remove [--now]",
    .description =
        "install writes a service of systemd for your user, which runs knockoff watch from login "
        "to\n"
        "logout, or always with loginctl enable-linger. --timer and --cron have watch --once "
        "started\n"
        "again and again instead; a timer catches up once what it missed while the machine was "
        "off.\n"
        "Each database has a schedule of its own, and installing another kind replaces it. remove\n"
        "takes away what install wrote and nothing else. Keys are best kept in the file that\n"
        "knockoff help source names: what the system starts does not have your environment.",
    .options = options,
    .run = run,
};
