/* watch/units.h - a watch that the system starts: units of systemd for one user, or a line of cron.
 *
 * Everything here is text; nothing is started and no file is touched. */
#ifndef KO_WATCH_UNITS_H
#define KO_WATCH_UNITS_H

#include "base/buf.h"
#include "platform/url.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct ko_unit {
    const char *program;  /* absolute path of this program */
    const char *database; /* absolute path */
    bool is_default;      /* it is the one that is used without being named */
    int64_t every_s;      /* of a timer or a line of cron */
} ko_unit;

/* The first line of each file: without it a file is somebody else's. */
#define KO_UNIT_MARK "# Written by knockoff schedule, which takes it away again."

#define KO_UNIT_NAME_SIZE 80
/* The units' name without ".service": "knockoff-watch", and for another database than the default
 * one "knockoff-watch-NAME-1a2b3c4d", of its file's name and a digest of its path. */
void ko_unit_name(const ko_unit *unit, char out_name[KO_UNIT_NAME_SIZE]);

/* Append the text of a file to an empty out (systemd.service(5), systemd.timer(5)). The service
 * runs until it is stopped; with once it does what is due when its timer starts it. KO_E_USAGE: a
 * path that no schedule can name, an interval that none can keep: minutes that divide an hour,
 * hours that divide a day, one day and seven can. KO_E_LIMIT, KO_E_NOMEM. */
KO_NODISCARD ko_status ko_unit_service(const ko_unit *unit, bool once, ko_buf *out, ko_error *err);
KO_NODISCARD ko_status ko_unit_timer(const ko_unit *unit, ko_buf *out, ko_error *err);

/* The lines of this database in a table of cron (crontab(5)), between marks; borrowed from table.
 * False: there are none. */
bool ko_unit_crontab_find(const ko_unit *unit, const char *table, ko_slice *out_lines);
/* Appends the table to an empty out with these lines renewed, or with line false without them. All
 * others stay to the byte. Errors as above. */
KO_NODISCARD ko_status ko_unit_crontab(const ko_unit *unit, const char *table, bool line,
                                       ko_buf *out, ko_error *err);

#endif
