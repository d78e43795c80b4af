#include "store/store.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/limits.h"
#include "store/query.h"
#include "store/schema.h"

#include <knockoff/match.h>

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- failures --- */

static ko_status status_of(int rc)
{
    if (rc == SQLITE_IOERR_NOMEM)
        return KO_E_NOMEM;
    if (rc == SQLITE_CONSTRAINT_FOREIGNKEY)
        return KO_E_NOT_FOUND;
    switch (rc & 0xff) {
    case SQLITE_NOMEM:
        return KO_E_NOMEM;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
        return KO_E_BUSY;
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
        return KO_E_IO;
    case SQLITE_TOOBIG:
        return KO_E_LIMIT;
    default: /* damaged, no database, or without the tables that it says it has */
        return KO_E_DAMAGED;
    }
}

ko_status ko_store_fail(const ko_store *store, int rc, ko_error *err)
{
    assert(rc != SQLITE_OK);
    const ko_status status = status_of(rc);
    const int os_code = status == KO_E_IO ? sqlite3_system_errno(store->db) : 0;
    if (status == KO_E_BUSY)
        return ko_fail(err, status, "%s: held by another process for more than %d s", store->path,
                       KO_STORE_WAIT_MS / 1000);
    if (status == KO_E_NOT_FOUND)
        return ko_fail(err, status, "%s: refers to a row that is not there", store->path);
    /* The connection has the fuller text, unless the fault was found by us. */
    const bool told = sqlite3_extended_errcode(store->db) == rc;
    const char *text = told ? sqlite3_errmsg(store->db) : sqlite3_errstr(rc);
    if (os_code != 0)
        return ko_fail(err, status, "%s: %s (%s)", store->path, text, strerror(os_code));
    return ko_fail(err, status, "%s: %s", store->path, text);
}

static ko_status fail_errno(const char *path, ko_error *err)
{
    const int code = errno;
    const ko_status status = code == ENOENT || code == ENOTDIR ? KO_E_NOT_FOUND : KO_E_IO;
    return ko_fail(err, status, "%s: %s", path, strerror(code));
}

/* --- open and close --- */

/* Makes the file before SQLite does, for its mode, which -wal and -shm inherit. A file
 * that is there is left alone, and also not opened: closing it would drop the locks that
 * another ko_store of this process may hold on it. */
static ko_status create_file(const char *path, ko_error *err)
{
    char *folder = ko_path_folder(path);
    if (!folder)
        return ko_fail(err, KO_E_NOMEM, "%s: no memory for its folder", path);
    ko_status st = ko_folder_make(folder, err);
    ko_free(folder);
    if (st != KO_OK)
        return st;
    const int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return errno == EEXIST ? KO_OK : fail_errno(path, err);
    if (fchmod(fd, 0600) != 0) /* whatever the umask */
        st = fail_errno(path, err);
    (void)close(fd);
    return st;
}

static ko_status connect_file(ko_store *store, ko_error *err)
{
    /* An absolute path is never taken for an URI or ":memory:". */
    char absolute[PATH_MAX];
    struct stat info;
    if (!realpath(store->path, absolute) || stat(absolute, &info) != 0)
        return fail_errno(store->path, err);
    if (!S_ISREG(info.st_mode))
        return ko_fail(err, KO_E_DAMAGED, "%s: not a regular file", store->path);
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    const int rc = sqlite3_open_v2(absolute, &store->db, flags, NULL);
    if (rc != SQLITE_OK)
        return ko_store_fail(store, rc, err);
    if (sqlite3_db_readonly(store->db, "main"))
        return ko_fail(err, KO_E_IO, "%s: no permission to write", store->path);
    return KO_OK;
}

/* What waits looks again so often, and what wrote for long leaves so much more time before it
 * writes again: nobody is kept out by one that writes batch after batch. */
#define LOOK_MS 4
#define GIVE_WAY_MS ((int64_t)2 * LOOK_MS)
#define LONG_MS 50

/* SQLite's own looks ever more rarely. */
static int on_busy(void *context, int looked)
{
    ko_store *store = context;
    if (looked == 0)
        store->waits_since_ms = ko_clock_ms();
    if (ko_clock_ms() - store->waits_since_ms >= store->patience_ms)
        return 0;
    (void)sqlite3_sleep(LOOK_MS);
    return 1;
}

static void give_way(const ko_store *store)
{
    const int64_t since_ms = ko_clock_ms() - store->ended_ms;
    if (store->ended_ms - store->began_ms >= LONG_MS && since_ms < GIVE_WAY_MS)
        (void)sqlite3_sleep((int)(GIVE_WAY_MS - since_ms));
}

/* A file from elsewhere may be anything, so nothing that it could bring along is run. */
static ko_status configure(ko_store *store, ko_error *err)
{
    static const struct {
        int option, value;
    } settings[] = {
        {SQLITE_DBCONFIG_ENABLE_FKEY, 1},    {SQLITE_DBCONFIG_DEFENSIVE, 1},
        {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0}, {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0},
        {SQLITE_DBCONFIG_ENABLE_VIEW, 0},
    };
    static const char pragmas[] =
        "PRAGMA cell_size_check = ON;"
        "PRAGMA synchronous = NORMAL;" /* with WAL: whole after any crash */
        "PRAGMA cache_size = -65536;"  /* KiB, taken as it is used */
        /* Pages. Keys are scattered, so much of the file changes again and again before it
         * is worth writing out: a quarter off the time of a large ingest. */
        "PRAGMA wal_autocheckpoint = 16384;"
        /* Bytes: what a long reader made the journal grow beyond that is given back. */
        "PRAGMA journal_size_limit = 67108864;";
    int rc = sqlite3_busy_handler(store->db, on_busy, store);
    for (size_t i = 0; rc == SQLITE_OK && i < sizeof settings / sizeof settings[0]; i++)
        rc = sqlite3_db_config(store->db, settings[i].option, settings[i].value, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_exec(store->db, pragmas, NULL, NULL, NULL);
    return rc == SQLITE_OK ? KO_OK : ko_store_fail(store, rc, err);
}

static ko_status prepare(ko_store *store, const char *sql, sqlite3_stmt **out_stmt, ko_error *err)
{
    const int rc =
        sqlite3_prepare_v3(store->db, sql, -1, SQLITE_PREPARE_PERSISTENT, out_stmt, NULL);
    return rc == SQLITE_OK ? KO_OK : ko_store_fail(store, rc, err);
}

static ko_status open_file(ko_store *store, ko_error *err)
{
    ko_status st = connect_file(store, err);
    if (st == KO_OK)
        st = configure(store, err);
    if (st == KO_OK)
        st = ko_schema_update(store, err);
    /* After the schema, whose changes would have them prepared once more on first use. */
    if (st == KO_OK)
        st = prepare(store, "BEGIN IMMEDIATE", &store->begin, err);
    if (st == KO_OK)
        st = prepare(store, "COMMIT", &store->commit, err);
    if (st == KO_OK)
        st = prepare(store, "ROLLBACK", &store->rollback, err);
    return st;
}

ko_status ko_store_open(const char *path, ko_store_mode mode, ko_store **out_store, ko_error *err)
{
    assert(path && out_store);
    if (mode == KO_STORE_CREATE) {
        const ko_status st = create_file(path, err);
        if (st != KO_OK)
            return st;
    }
    ko_store *store = ko_alloc_zero(1, sizeof *store);
    if (store) {
        store->patience_ms = KO_STORE_WAIT_MS;
        store->path = ko_strdup(path);
        store->lent_picture = KO_BUF(KO_MAX_URL_BYTES + KO_ERROR_TEXT_SIZE + 16);
        store->lent_host = KO_BUF(KO_MAX_URL_BYTES + KO_MAX_ROBOTS_BYTES + 16);
    }
    ko_status st;
    if (store && store->path)
        st = open_file(store, err);
    else
        st = ko_fail(err, KO_E_NOMEM, "%s: no memory to open it", path);
    if (st == KO_OK)
        *out_store = store;
    else
        ko_store_close(store);
    return st;
}

const char *ko_store_path(const ko_store *store)
{
    return store->path;
}

void ko_store_close(ko_store *store)
{
    if (!store)
        return;
    for (size_t i = 0; i < store->n_idle; i++)
        (void)sqlite3_finalize(store->idle[i].stmt);
    (void)sqlite3_finalize(store->begin);
    (void)sqlite3_finalize(store->commit);
    (void)sqlite3_finalize(store->rollback);
    const int rc = sqlite3_close(store->db); /* takes back what was not committed */
    assert(rc == SQLITE_OK);
    (void)rc;
    ko_buf_free(&store->lent_picture);
    ko_buf_free(&store->lent_host);
    ko_free(store->path);
    ko_free(store);
}

/* --- transactions --- */

static int run(sqlite3_stmt *stmt)
{
    (void)sqlite3_step(stmt);
    return sqlite3_reset(stmt); /* the result of the step */
}

ko_status ko_store_begin(ko_store *store, ko_error *err)
{
    assert(sqlite3_get_autocommit(store->db));
    give_way(store);
    const int rc = run(store->begin);
    store->began_ms = store->ended_ms = ko_clock_ms();
    return rc == SQLITE_OK ? KO_OK : ko_store_fail(store, rc, err);
}

ko_status ko_store_begin_reading(ko_store *store, ko_error *err)
{
    assert(sqlite3_get_autocommit(store->db));
    ko_query q = ko_query_start(store, "BEGIN DEFERRED");
    return ko_query_run(&q, err);
}

ko_status ko_store_commit(ko_store *store, ko_error *err)
{
    const int rc = run(store->commit);
    store->ended_ms = ko_clock_ms();
    if (rc == SQLITE_OK)
        return KO_OK;
    const ko_status st = ko_store_fail(store, rc, err);
    ko_store_rollback(store);
    return st;
}

void ko_store_rollback(ko_store *store)
{
    if (!sqlite3_get_autocommit(store->db))
        (void)run(store->rollback);
}

bool ko_store_is_writing(const ko_store *store)
{
    return !sqlite3_get_autocommit(store->db);
}

ko_status ko_store_enter(ko_store *store, bool *out_own, ko_error *err)
{
    *out_own = sqlite3_get_autocommit(store->db);
    return *out_own ? ko_store_begin(store, err) : KO_OK;
}

ko_status ko_store_leave(ko_store *store, bool own, ko_status outcome, ko_error *err)
{
    if (own && outcome == KO_OK)
        return ko_store_commit(store, err);
    if (own)
        ko_store_rollback(store);
    return outcome;
}

ko_status ko_store_changes(ko_store *store, int64_t *out_number, ko_error *err)
{
    ko_query q = ko_query_start(store, "PRAGMA data_version");
    return ko_query_first(&q, out_number, err);
}

/* --- settings --- */

ko_status ko_store_threshold(ko_store *store, double *out_threshold, ko_error *err)
{
    static const char sql[] = "SELECT value FROM setting WHERE key = 'threshold'";
    double threshold = KO_SCORE_DEFAULT;
    ko_query q = ko_query_start(store, sql);
    if (ko_query_row(&q))
        threshold = ko_query_real(&q);
    const ko_status st = ko_query_end(&q, err);
    if (st == KO_OK)
        *out_threshold = threshold;
    return st;
}

ko_status ko_store_set_threshold(ko_store *store, double threshold, ko_error *err)
{
    static const char sql[] = "INSERT INTO setting (key, value) VALUES ('threshold', ?)"
                              " ON CONFLICT DO UPDATE SET value = excluded.value";
    assert(isfinite(threshold));
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_real(&q, threshold);
    return ko_query_run(&q, err);
}

ko_status ko_store_setting(ko_store *store, const char *name, char **out_text, ko_error *err)
{
    char *text = NULL;
    ko_query q = ko_query_start(store, "SELECT value FROM setting WHERE key = ?");
    ko_query_bind_text(&q, name);
    if (ko_query_row(&q))
        text = ko_strdup(ko_query_text(&q));
    else
        text = ko_strdup("");
    ko_status st = ko_query_end(&q, err);
    if (st == KO_OK && !text)
        st = ko_fail(err, KO_E_NOMEM, "setting %s", name);
    if (st == KO_OK)
        *out_text = text;
    else
        ko_free(text);
    return st;
}

ko_status ko_store_set_setting(ko_store *store, const char *name, const char *text, ko_error *err)
{
    static const char set[] = "INSERT INTO setting (key, value) VALUES (?, ?)"
                              " ON CONFLICT DO UPDATE SET value = excluded.value";
    ko_query q = ko_query_start(store, text[0] ? set : "DELETE FROM setting WHERE key = ?");
    ko_query_bind_text(&q, name);
    if (text[0])
        ko_query_bind_text(&q, text);
    return ko_query_run(&q, err);
}
