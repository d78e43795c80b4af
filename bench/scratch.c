#include "scratch.h"

#include "child.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool ko_scratch_complain(const ko_scratch *scratch, const char *what, const char *why)
{
    (void)fprintf(stderr, "%s: %s: %s\n", scratch->bench, what, why);
    return false;
}

bool ko_scratch_make(ko_scratch *scratch)
{
    const char *temporary = getenv("TMPDIR");
    (void)snprintf(scratch->folder, sizeof scratch->folder, "%.40s/knockoff.XXXXXX",
                   temporary ? temporary : "/tmp");
    if (!mkdtemp(scratch->folder)) {
        (void)ko_scratch_complain(scratch, scratch->folder, strerror(errno));
        scratch->folder[0] = '\0';
        return false;
    }
    if (!ko_child_program(scratch->program, sizeof scratch->program))
        return ko_scratch_complain(scratch, "knockoff", "not beside this program");
    (void)snprintf(scratch->database, sizeof scratch->database, "%s/knockoff.db", scratch->folder);
    (void)snprintf(scratch->says, sizeof scratch->says, "%s/says.txt", scratch->folder);
    return setenv("KNOCKOFF_DB", scratch->database, 1) == 0;
}

bool ko_scratch_open(ko_scratch *scratch, int flags)
{
    return sqlite3_open_v2(scratch->database, &scratch->db, flags, NULL) == SQLITE_OK ||
           ko_scratch_complain(scratch, scratch->database, sqlite3_errmsg(scratch->db));
}

int64_t ko_scratch_count(const ko_scratch *scratch, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    int64_t n = -1;
    if (sqlite3_prepare_v2(scratch->db, sql, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        n = sqlite3_column_int64(statement, 0);
    else
        (void)ko_scratch_complain(scratch, sql, sqlite3_errmsg(scratch->db));
    (void)sqlite3_finalize(statement);
    return n;
}

void ko_scratch_leave(ko_scratch *scratch)
{
    ko_child_cost cost = {0};
    int status = 0;
    const char *argv[] = {"/bin/rm", "-rf", scratch->folder, NULL};
    (void)sqlite3_close(scratch->db);
    scratch->db = NULL;
    if (scratch->keep)
        (void)fprintf(stderr, "kept in %s\n", scratch->folder);
    else if (scratch->folder[0])
        (void)ko_child_run(argv, "/dev/null", 0, &cost, &status);
}
