#include "watch/units.h"

#include "base/file.h"
#include "base/text.h"

#include <assert.h>
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define NAME "knockoff-watch"
#define HOUR_S ((int64_t)3600)
#define DAY_S ((int64_t)86400)

/* FNV-1a: the same name each time, another one for each path, and hours that differ between
 * people, so that sites are not asked by all of them at once. */
static uint32_t number_of(const char *text)
{
    uint32_t hash = 2166136261U;
    for (const char *c = text; *c; c++)
        hash = (hash ^ (unsigned char)*c) * 16777619U;
    return hash;
}

void ko_unit_name(const ko_unit *unit, char out_name[KO_UNIT_NAME_SIZE])
{
    char word[33];
    size_t n = 0;
    if (unit->is_default) {
        (void)snprintf(out_name, KO_UNIT_NAME_SIZE, NAME);
        return;
    }
    for (const char *c = ko_path_name(unit->database); *c && *c != '.' && n + 1 < sizeof word; c++)
        word[n++] = isalnum((unsigned char)*c) ? *c : '_';
    word[n] = '\0';
    (void)snprintf(out_name, KO_UNIT_NAME_SIZE, NAME "-%s-%08" PRIx32, word,
                   number_of(unit->database));
}

/* A line break would be another line of the file, and systemd takes nothing but UTF-8. */
static ko_status check_path(const char *path, ko_error *err)
{
    bool fits = path[0] == '/' && ko_text_is_utf8(path, strlen(path));
    for (const char *c = path; *c; c++)
        fits = fits && (unsigned char)*c >= ' ' && *c != 0x7f;
    return fits ? KO_OK
                : ko_fail(err, KO_E_USAGE, "%.300s: a schedule cannot name this path", path);
}

static ko_status check(const ko_unit *unit, ko_error *err)
{
    const ko_status st = check_path(unit->program, err);
    return st == KO_OK ? check_path(unit->database, err) : st;
}

/* A buffer that failed to grow is empty, which tells. */
static ko_status finished(const ko_buf *out, ko_status st, ko_error *err)
{
    return st == KO_OK ? KO_OK : ko_fail(err, st, "a schedule of more than %zu bytes", out->max);
}

/* --- systemd --- */

/* One word of a command line: in quotes, with what would be a specifier doubled (systemd.unit(5)).
 * Variables are not looked for, as the line begins with a colon. */
static ko_status add_word(ko_buf *out, const char *word)
{
    ko_status st = ko_buf_text(out, "\"");
    for (const char *c = word; st == KO_OK && *c; c++)
        st = ko_buf_printf(out, "%s%c", *c == '%' ? "%" : *c == '"' || *c == '\\' ? "\\" : "", *c);
    return st == KO_OK ? ko_buf_text(out, "\"") : st;
}

/* What holds without a mount namespace: in units of a user those need user namespaces, which
 * not every kernel gives to everybody, and then the service would not start. */
static const char service_rest[] = "Nice=10\n"
                                   "IOSchedulingClass=idle\n"
                                   "UMask=0077\n"
                                   "NoNewPrivileges=yes\n"
                                   "LockPersonality=yes\n"
                                   "RestrictNamespaces=yes\n"
                                   "RestrictRealtime=yes\n"
                                   "RestrictSUIDSGID=yes\n"
                                   "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK\n"
                                   "SystemCallArchitectures=native\n"
                                   "SystemCallFilter=@system-service\n"
                                   "SystemCallErrorNumber=EPERM\n";

ko_status ko_unit_service(const ko_unit *unit, bool once, ko_buf *out, ko_error *err)
{
    ko_status st = check(unit, err);
    if (st != KO_OK)
        return st;
    st = ko_buf_printf(out,
                       KO_UNIT_MARK "\n"
                                    "[Unit]\n"
                                    "Description=Knockoff keeps watch\n"
                                    "\n"
                                    "[Service]\n"
                                    "Type=%s\n"
                                    "ExecStart=:",
                       once ? "oneshot" : "exec");
    if (st == KO_OK)
        st = add_word(out, unit->program);
    if (st == KO_OK)
        st = ko_buf_printf(out, " watch%s --db ", once ? " --once" : "");
    if (st == KO_OK)
        st = add_word(out, unit->database);
    if (st == KO_OK) /* stopped by SIGTERM; some inputs were refused */
        st = ko_buf_text(out, once ? "\nSuccessExitStatus=1 130\n"
                                   : "\nRestart=on-failure\nRestartSec=60\n");
    if (st == KO_OK)
        st = ko_buf_text(out, service_rest);
    if (st == KO_OK && !once)
        st = ko_buf_text(out, "\n[Install]\nWantedBy=default.target\n");
    return finished(out, st, err);
}

static ko_status no_such_interval(int64_t every_s, ko_error *err)
{
    return ko_fail(err, KO_E_USAGE,
                   "every %" PRId64
                   " s: a schedule goes by minutes that divide an hour, hours that "
                   "divide a day, 1d or 7d",
                   every_s);
}

/* The local times that are so far apart (systemd.time(7)): only they are caught up when the machine
 * was off. */
static ko_status add_times(ko_buf *out, int64_t every_s, ko_error *err)
{
    if (every_s == 7 * DAY_S)
        return ko_buf_text(out, "Mon *-*-* 00:00:00");
    if (every_s == DAY_S)
        return ko_buf_text(out, "*-*-* 00:00:00");
    if (every_s % HOUR_S == 0 && DAY_S % every_s == 0)
        return ko_buf_printf(out, "*-*-* 00/%" PRId64 ":00:00", every_s / HOUR_S);
    if (every_s % 60 == 0 && HOUR_S % every_s == 0)
        return ko_buf_printf(out, "*-*-* *:00/%" PRId64 ":00", every_s / 60);
    return no_such_interval(every_s, err);
}

ko_status ko_unit_timer(const ko_unit *unit, ko_buf *out, ko_error *err)
{
    ko_status st = check(unit, err);
    if (st != KO_OK)
        return st;
    st = ko_buf_text(out, KO_UNIT_MARK "\n"
                                       "[Unit]\n"
                                       "Description=When Knockoff watches\n"
                                       "\n"
                                       "[Timer]\n"
                                       "OnCalendar=");
    if (st == KO_OK)
        st = add_times(out, unit->every_s, err);
    if (st == KO_OK)
        st = ko_buf_printf(out,
                           "\nPersistent=true\n"
                           "RandomizedDelaySec=%" PRId64 "\n"
                           "FixedRandomDelay=true\n"
                           "\n"
                           "[Install]\n"
                           "WantedBy=timers.target\n",
                           unit->every_s / 10);
    return finished(out, st, err);
}

/* --- cron --- */

/* For sh, with the percent sign that cron would make a line break of (crontab(5)). */
static ko_status add_cron_word(ko_buf *out, const char *word)
{
    ko_status st = ko_buf_text(out, "'");
    for (const char *c = word; st == KO_OK && *c; c++)
        st = *c == '\'' ? ko_buf_text(out, "'\\''")
                        : ko_buf_printf(out, "%s%c", *c == '%' ? "\\" : "", *c);
    return st == KO_OK ? ko_buf_text(out, "'") : st;
}

static ko_status add_cron_times(const ko_unit *unit, ko_buf *out, ko_error *err)
{
    const int64_t every_s = unit->every_s;
    const unsigned number = number_of(unit->database);
    const unsigned minute = number % 60, hour = number / 60 % 24;
    if (every_s == 7 * DAY_S)
        return ko_buf_printf(out, "%u %u * * 1", minute, hour);
    if (every_s == DAY_S)
        return ko_buf_printf(out, "%u %u * * *", minute, hour);
    if (every_s == HOUR_S)
        return ko_buf_printf(out, "%u * * * *", minute);
    if (every_s % HOUR_S == 0 && DAY_S % every_s == 0)
        return ko_buf_printf(out, "%u */%" PRId64 " * * *", minute, every_s / HOUR_S);
    if (every_s % 60 == 0 && HOUR_S % every_s == 0)
        return ko_buf_printf(out, "*/%" PRId64 " * * * *", every_s / 60);
    return no_such_interval(every_s, err);
}

static ko_status add_cron_line(const ko_unit *unit, ko_buf *out, ko_error *err)
{
    ko_status st = check(unit, err);
    if (st == KO_OK)
        st = add_cron_times(unit, out, err);
    if (st == KO_OK)
        st = ko_buf_text(out, " nice ");
    if (st == KO_OK)
        st = add_cron_word(out, unit->program);
    if (st == KO_OK)
        st = ko_buf_text(out, " watch --once --db ");
    if (st == KO_OK)
        st = add_cron_word(out, unit->database);
    /* What is refused is mailed by cron; what was done is told by status. */
    return st == KO_OK ? ko_buf_text(out, " >/dev/null\n") : st;
}

/* Where a line begins that is text and nothing more; NULL when there is none. */
static const char *find_line(const char *table, const char *text)
{
    const size_t n = strlen(text);
    for (const char *line = table; line; line = strchr(line, '\n'), line += line != NULL)
        if (strncmp(line, text, n) == 0 && (line[n] == '\n' || line[n] == '\0'))
            return line;
    return NULL;
}

bool ko_unit_crontab_find(const ko_unit *unit, const char *table, ko_slice *out_lines)
{
    char name[KO_UNIT_NAME_SIZE], begin[KO_UNIT_NAME_SIZE + 32], end[KO_UNIT_NAME_SIZE + 32];
    ko_unit_name(unit, name);
    (void)snprintf(begin, sizeof begin, "# %s: begin", name);
    (void)snprintf(end, sizeof end, "# %s: end", name);
    const char *first = find_line(table, begin);
    const char *last = first ? find_line(first, end) : NULL;
    if (!last) /* somebody took a mark away: then the lines are theirs */
        return false;
    last += strlen(end);
    last += *last == '\n';
    *out_lines = (ko_slice){first, (size_t)(last - first)};
    return true;
}

ko_status ko_unit_crontab(const ko_unit *unit, const char *table, bool line, ko_buf *out,
                          ko_error *err)
{
    char name[KO_UNIT_NAME_SIZE];
    ko_slice ours = {table + strlen(table), 0};
    ko_unit_name(unit, name);
    (void)ko_unit_crontab_find(unit, table, &ours);
    ko_status st = ko_buf_append(out, table, (size_t)(ours.at - table));
    if (st == KO_OK && line && out->size && out->data[out->size - 1] != '\n')
        st = ko_buf_text(out, "\n");
    if (st == KO_OK && line)
        st = ko_buf_printf(out, "# %s: begin\n", name);
    if (st == KO_OK && line)
        st = add_cron_line(unit, out, err);
    if (st == KO_OK && line)
        st = ko_buf_printf(out, "# %s: end\n", name);
    if (st == KO_OK)
        st = ko_buf_text(out, ours.at + ours.n);
    return finished(out, st, err);
}
