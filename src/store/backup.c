#include "store/backup.h"

#include "base/alloc.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/stop.h"
#include "store/schema.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define STEP_PAGES 2048 /* copied between two looks whether the user wants to stop */
#define MAX_TABLES 64
#define HOLD_MS 1000 /* for which a process that is just ending is waited for */

static ko_status fail_errno(const char *path, ko_error *err)
{
    return ko_fail(err, errno == ENOENT ? KO_E_NOT_FOUND : KO_E_IO, "%s: %s", path,
                   strerror(errno));
}

static bool is_there(const char *path)
{
    struct stat info;
    return lstat(path, &info) == 0;
}

/* path and what follows it; ko_free it. */
static char *with_suffix(const char *path, const char *suffix)
{
    ko_buf name = KO_BUF(KO_MAX_PATH_BYTES);
    return ko_buf_printf(&name, "%s%s", path, suffix) == KO_OK ? name.data : NULL;
}

/* What is written is on the disk, as the name of a file is when its folder is. */
static ko_status sync_path(const char *path, ko_error *err)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    const bool done = fd >= 0 && fsync(fd) == 0;
    const ko_status st = done ? KO_OK : fail_errno(path, err);
    if (fd >= 0)
        (void)close(fd);
    return st;
}

static ko_status sync_folder_of(const char *path, ko_error *err)
{
    char *folder = ko_path_folder(path);
    const ko_status st = folder ? sync_path(folder, err) : ko_fail(err, KO_E_NOMEM, "%s", path);
    ko_free(folder);
    return st;
}

/* --- counts --- */

typedef struct counts {
    size_t n;
    int64_t rows[MAX_TABLES];
} counts;

static ko_status count_table(ko_store *store, const char *table, int64_t *out_rows, ko_error *err)
{
    ko_buf sql = KO_BUF(256);
    sqlite3_stmt *stmt = NULL;
    if (ko_buf_printf(&sql, "SELECT count(*) FROM \"%s\"", table) != KO_OK)
        return ko_fail(err, KO_E_NOMEM, "%s: its rows", table);
    int rc = sqlite3_prepare_v2(store->db, sql.data, -1, &stmt, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(stmt);
    if (rc == SQLITE_ROW)
        *out_rows = sqlite3_column_int64(stmt, 0);
    (void)sqlite3_finalize(stmt);
    ko_buf_free(&sql);
    return rc == SQLITE_ROW ? KO_OK : ko_store_fail(store, rc, err);
}

/* The rows of each table, by name. */
static ko_status count_all(ko_store *store, counts *out, ko_error *err)
{
    ko_query q = ko_query_start(store, "SELECT name FROM sqlite_schema WHERE type = 'table'"
                                       " ORDER BY name");
    out->n = 0;
    while (ko_query_row(&q)) {
        const char *table = ko_query_text(&q);
        if (!ko_query_intact(&q))
            break;
        assert(out->n < MAX_TABLES);
        q.handed = count_table(store, table, &out->rows[out->n++], err);
    }
    return ko_query_end(&q, err);
}

static bool are_same(const counts *a, const counts *b)
{
    return a->n == b->n && memcmp(a->rows, b->rows, a->n * sizeof *a->rows) == 0;
}

/* --- looking through a copy --- */

/* An URI of a file that does not change while it is read: SQLite makes nothing beside it. */
static ko_status write_uri(const char *path, ko_buf *out)
{
    ko_status st = ko_buf_text(out, "file:");
    for (const char *at = path; st == KO_OK && *at; at++)
        st = strchr("%?#", *at) ? ko_buf_printf(out, "%%%02x", (unsigned)*at)
                                : ko_buf_append(out, at, 1);
    return st == KO_OK ? ko_buf_text(out, "?immutable=1") : st;
}

/* A journal that holds something belongs to a database in use, of which the file is a part. */
static ko_status has_no_journal(const char *path, ko_error *err)
{
    static const char *const suffixes[] = {"-wal", "-journal"};
    ko_status st = KO_OK;
    for (size_t i = 0; st == KO_OK && i < 2; i++) {
        struct stat info;
        char *journal = with_suffix(path, suffixes[i]);
        if (!journal)
            st = ko_fail(err, KO_E_NOMEM, "%s", path);
        else if (lstat(journal, &info) == 0 && info.st_size > 0)
            st = ko_fail(err, KO_E_DAMAGED,
                         "%s: a database in use, with %s beside it, and no backup", path,
                         suffixes[i]);
        ko_free(journal);
    }
    return st;
}

/* For reading alone; closed with ko_store_close, also after an error. */
static ko_status open_copy(const char *path, ko_store **out_store, ko_error *err)
{
    static const int flags =
        SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    ko_buf uri = KO_BUF((size_t)4 * KO_MAX_PATH_BYTES);
    char *absolute = realpath(path, NULL);
    struct stat info;
    if (!absolute || stat(absolute, &info) != 0) {
        free(absolute); /* realpath's memory, not ours */
        return fail_errno(path, err);
    }
    ko_status st = S_ISREG(info.st_mode) ? has_no_journal(absolute, err)
                                         : ko_fail(err, KO_E_DAMAGED, "%s: not a file", path);
    ko_store *store = *out_store = ko_alloc_zero(1, sizeof *store);
    if (store)
        store->path = ko_strdup(path);
    if (!store || !store->path || write_uri(absolute, &uri) != KO_OK) {
        st = ko_fail(err, KO_E_NOMEM, "%s: no memory to open it", path);
    } else if (st == KO_OK) {
        const int rc = sqlite3_open_v2(uri.data, &store->db, flags, NULL);
        st = rc == SQLITE_OK ? KO_OK : ko_store_fail(store, rc, err);
    }
    ko_buf_free(&uri);
    free(absolute); /* realpath's memory, not ours */
    return st;
}

static ko_status fail_damaged(const ko_store *store, const char *how, ko_error *err)
{
    return ko_fail(err, KO_E_DAMAGED, "%s: damaged: %s", store->path, how);
}

static ko_status look_through(ko_store *store, ko_error *err)
{
    ko_query q = ko_query_start(store, "PRAGMA integrity_check(1)");
    if (ko_query_row(&q)) {
        const char *said = ko_query_text(&q);
        if (strcmp(said, "ok") != 0)
            q.handed = fail_damaged(store, said, err);
    }
    ko_status st = ko_query_end(&q, err);
    if (st != KO_OK)
        return st;
    q = ko_query_start(store, "SELECT \"table\" FROM pragma_foreign_key_check LIMIT 1");
    if (ko_query_row(&q))
        q.handed = fail_damaged(store, ko_query_text(&q), err);
    return ko_query_end(&q, err);
}

static ko_status read_facts(ko_store *store, ko_backup_facts *out, ko_error *err)
{
    static const struct {
        const char *table;
        size_t at;
    } counted[] = {{"work", offsetof(ko_backup_facts, works)},
                   {"listing", offsetof(ko_backup_facts, listings)},
                   {"photo", offsetof(ko_backup_facts, photos)},
                   {"candidate", offsetof(ko_backup_facts, candidates)}};
    ko_status st = ko_schema_read(store, &out->schema, err);
    if (st == KO_OK && out->schema == 0)
        st = ko_fail(err, KO_E_DAMAGED, "%s: empty", store->path);
    for (size_t i = 0; st == KO_OK && i < sizeof counted / sizeof *counted; i++)
        st = count_table(store, counted[i].table, (int64_t *)((char *)out + counted[i].at), err);
    if (st == KO_OK && out->schema >= 5) /* that brought them */
        st = count_table(store, "notice", &out->notices, err);
    return st;
}

/* wanted: NULL, or what it must have. */
static ko_status read_all(ko_store *store, const counts *wanted, ko_backup_facts *out,
                          ko_error *err)
{
    counts found = {0};
    ko_status st = read_facts(store, out, err);
    if (st == KO_OK)
        st = look_through(store, err);
    if (st == KO_OK && wanted)
        st = count_all(store, &found, err);
    if (st == KO_OK && wanted && !are_same(&found, wanted))
        st = fail_damaged(store, "not as many rows as were copied", err);
    return st;
}

static ko_status check(const char *path, const counts *wanted, ko_backup_facts *out, ko_error *err)
{
    ko_store *store = NULL;
    ko_backup_facts facts = {0};
    ko_status st = open_copy(path, &store, err);
    if (st == KO_OK && store)
        st = read_all(store, wanted, &facts, err);
    ko_store_close(store);
    if (st == KO_OK)
        *out = facts;
    return st;
}

ko_status ko_store_check(const char *path, ko_backup_facts *out_facts, ko_error *err)
{
    assert(path && out_facts);
    return check(path, NULL, out_facts, err);
}

/* --- copying --- */

static ko_status copy_pages(ko_store *store, ko_store *copy, ko_error *err)
{
    sqlite3_backup *backup = sqlite3_backup_init(copy->db, "main", store->db, "main");
    if (!backup)
        return ko_store_fail(copy, sqlite3_extended_errcode(copy->db), err);
    int rc = SQLITE_OK;
    bool stopped = false;
    while (rc == SQLITE_OK && !stopped) {
        rc = sqlite3_backup_step(backup, STEP_PAGES);
        stopped = rc == SQLITE_OK && ko_stop_asked();
    }
    const int ended = sqlite3_backup_finish(backup);
    if (stopped)
        return ko_fail(err, KO_E_STOPPED, "stopped; no backup was made");
    if (rc == SQLITE_DONE && ended == SQLITE_OK)
        return KO_OK;
    return ko_store_fail(copy, ended == SQLITE_OK ? rc : ended, err);
}

/* One that is thrown away after any failure needs no journal. At the end it says that it has
 * none, or opening it would make one beside it. */
static ko_status write_copy(ko_store *store, const char *path, ko_error *err)
{
    ko_store copy = {.path = (char *)path};
    int rc = sqlite3_open_v2(
        path, &copy.db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_exec(copy.db, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF", NULL,
                          NULL, NULL);
    ko_status st = rc == SQLITE_OK ? copy_pages(store, &copy, err) : ko_store_fail(&copy, rc, err);
    if (st == KO_OK) {
        rc = sqlite3_exec(copy.db, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL);
        st = rc == SQLITE_OK ? KO_OK : ko_store_fail(&copy, rc, err);
    }
    rc = sqlite3_close(copy.db);
    assert(rc == SQLITE_OK);
    (void)rc;
    return st == KO_OK ? sync_path(path, err) : st;
}

static ko_status copy_and_check(ko_store *store, const char *path, ko_backup_facts *out_facts,
                                ko_error *err)
{
    counts rows;
    ko_status st = count_all(store, &rows, err);
    if (st == KO_OK)
        st = write_copy(store, path, err);
    return st == KO_OK ? check(path, &rows, out_facts, err) : st;
}

ko_status ko_store_backup(ko_store *store, const char *path, ko_backup_facts *out_facts,
                          ko_error *err)
{
    assert(store && path && out_facts);
    const bool own = !ko_store_is_writing(store);
    const int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0 && errno == EEXIST)
        return ko_fail(err, KO_E_EXISTS, "%s: is there already", path);
    if (fd < 0)
        return fail_errno(path, err);
    ko_status st = fchmod(fd, 0600) == 0 ? KO_OK : fail_errno(path, err); /* whatever the umask */
    (void)close(fd);
    if (st == KO_OK && own)
        st = ko_store_begin_reading(store, err);
    if (st == KO_OK)
        st = copy_and_check(store, path, out_facts, err);
    if (own)
        ko_store_rollback(store);
    if (st != KO_OK)
        (void)unlink(path);
    return st;
}

/* --- the way back --- */

ko_status ko_store_repoint(ko_store *store, const char *from, const char *to, bool whole,
                           ko_error *err)
{
#define REPOINT(table, column)                                                                     \
    "UPDATE " table " SET " column " = ?2 || substr(" column ", length(?1) + 1)"                   \
    " WHERE substr(" column ", 1, length(?1)) = ?1 AND (NOT ?3 OR " column " = ?1)"
    static const char *const all[] = {REPOINT("photo", "path"), REPOINT("web_answer", "warc"),
                                      REPOINT("view", "path"), REPOINT("work_paper", "path"),
                                      REPOINT("notice", "folder")};
    bool own;
    ko_status st = ko_store_enter(store, &own, err);
    if (st != KO_OK)
        return st;
    for (size_t i = 0; st == KO_OK && i < sizeof all / sizeof *all; i++) {
        ko_query q = ko_query_start(store, all[i]);
        ko_query_bind_text(&q, from);
        ko_query_bind_text(&q, to);
        ko_query_bind_int(&q, whole);
        st = ko_query_run(&q, err);
    }
    return ko_store_leave(store, own, st, err);
}

/* Holds the database at path for us alone, with all that its journal held in the file: no other
 * connection can be there, or SQLite would not leave WAL. What is no sound database nobody uses.
 * The connection is closed with sqlite3_close. */
static ko_status hold(const char *path, sqlite3 **out_db, ko_error *err)
{
    static const char take[] = "PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE";
    char absolute[PATH_MAX];
    if (!realpath(path, absolute))
        return fail_errno(path, err);
    int rc =
        sqlite3_open_v2(absolute, out_db,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_busy_timeout(*out_db, HOLD_MS);
    if (rc == SQLITE_OK)
        rc = sqlite3_exec(*out_db, take, NULL, NULL, NULL);
    if ((rc & 0xff) == SQLITE_BUSY || (rc & 0xff) == SQLITE_LOCKED)
        return ko_fail(err, KO_E_BUSY, "%s: another Knockoff has it open; end that first", path);
    if ((rc & 0xff) == SQLITE_NOTADB || (rc & 0xff) == SQLITE_CORRUPT)
        rc = SQLITE_OK;
    return rc == SQLITE_OK ? KO_OK : ko_fail(err, KO_E_IO, "%s: %s", path, sqlite3_errmsg(*out_db));
}

/* Moves the journal of a database that could not be opened along with it, where there is one. */
static ko_status move_journal(const char *path, const char *aside, const char *suffix,
                              ko_error *err)
{
    char *from = with_suffix(path, suffix), *to = with_suffix(aside, suffix);
    ko_status st = KO_OK;
    if (!from || !to)
        st = ko_fail(err, KO_E_NOMEM, "%s", path);
    else if (is_there(from) && rename(from, to) != 0)
        st = fail_errno(from, err);
    ko_free(from);
    ko_free(to);
    return st;
}

static ko_status set_aside(const char *path, const char *aside, ko_error *err)
{
    char *index = with_suffix(path, "-shm"); /* of the journal: made anew where it is needed */
    ko_status st =
        index ? move_journal(path, aside, "-wal", err) : ko_fail(err, KO_E_NOMEM, "%s", path);
    if (st == KO_OK)
        st = move_journal(path, aside, "-journal", err);
    if (st == KO_OK && index)
        (void)unlink(index);
    ko_free(index);
    if (st == KO_OK && is_there(path) && link(path, aside) != 0 && rename(path, aside) != 0)
        st = fail_errno(aside, err);
    return st;
}

ko_status ko_store_replace(const char *path, const char *with, const char *aside, ko_error *err)
{
    assert(path && with && aside);
    sqlite3 *held = NULL;
    ko_status st = is_there(path) ? hold(path, &held, err) : KO_OK;
    if (st == KO_OK && is_there(aside))
        st = ko_fail(err, KO_E_EXISTS, "%s: is there already", aside);
    if (st == KO_OK)
        st = set_aside(path, aside, err);
    if (st == KO_OK && rename(with, path) != 0)
        st = fail_errno(path, err);
    if (st == KO_OK)
        st = sync_folder_of(path, err);
    (void)sqlite3_close(held); /* which takes back the transaction, in which nothing was written */
    return st;
}
