#include "watch/backup.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/text.h"
#include "case/beside.h"
#include "report/digest.h"
#include "report/json.h"
#include "store/work.h"
#include "watch/backup_files.h"

#include <assert.h>
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PART ".part" /* of the name while it is made */

typedef struct making {
    const ko_backup_options *options;
    ko_backup_made *made;
    char *folder; /* of all backups; NULL: to is the path of this one */
    char *stem;   /* what the names of backups in it begin with, "knockoff-" */
    char *part;   /* the path of the backup while it is made */
    bool whole;   /* a folder */
    json_t *works;
    ko_error *err;
} making;

static ko_status no_memory(ko_error *err)
{
    return ko_fail(err, KO_E_NOMEM, "a backup");
}

static char *joined(const char *a, const char *b)
{
    ko_buf text = KO_BUF(KO_MAX_PATH_BYTES);
    return ko_buf_printf(&text, "%s%s", a, b) == KO_OK ? text.data : NULL;
}

/* --- names --- */

static bool is_folder_named(const char *path)
{
    const size_t n = strlen(path);
    return ko_is_folder(path) || (n && path[n - 1] == '/');
}

/* "knockoff-" of "/home/ann/knockoff.db". */
static char *make_stem(const char *database)
{
    ko_buf stem = KO_BUF(KO_MAX_PATH_BYTES);
    const char *name = ko_path_name(database);
    const size_t n = strlen(name), end = n > 3 && strcmp(name + n - 3, ".db") == 0 ? n - 3 : n;
    return ko_buf_printf(&stem, "%.*s-", (int)end, name) == KO_OK ? stem.data : NULL;
}

/* Whether it is a name that a backup of this database has: its stem, a time and what it is. */
static bool is_backup_name(const char *name, const char *stem)
{
    static const char shape[] = "00000000T000000Z";
    const size_t n = strlen(stem);
    if (strncmp(name, stem, n) != 0)
        return false;
    name += n;
    for (size_t i = 0; shape[i]; i++, name++)
        if (shape[i] == '0' ? !isdigit((unsigned char)*name) : *name != shape[i])
            return false;
    return *name == '\0' || strcmp(name, ".db") == 0;
}

/* The folder of all backups, without the slashes that it ends in. */
static char *copy_folder(const char *to)
{
    size_t n = strlen(to);
    while (n > 1 && to[n - 1] == '/')
        n--;
    return ko_strndup(to, n);
}

/* By the time; of two in a second the other one has the next. */
static ko_status write_path(const making *m, ko_buf *path)
{
    ko_status st = KO_OK;
    for (int64_t at = ko_clock_now(); st == KO_OK; at++) {
        char stamp[KO_STAMP_SIZE];
        ko_backup_stamp(at, stamp);
        ko_buf_clear(path);
        st = ko_buf_printf(path, "%s/%s%s%s", m->folder, m->stem, stamp, m->whole ? "" : ".db");
        if (st == KO_OK && access(path->data, F_OK) != 0)
            break;
    }
    return st;
}

static ko_status name_backup(making *m)
{
    const ko_backup_options *o = m->options;
    const bool in_folder = is_folder_named(o->to);
    ko_buf path = KO_BUF(KO_MAX_PATH_BYTES);
    if (o->keep && !in_folder)
        return ko_fail(m->err, KO_E_USAGE, "%s: only in a folder older backups can be told", o->to);
    m->whole = o->archive || o->works;
    m->stem = make_stem(o->database);
    m->folder = in_folder ? copy_folder(o->to) : NULL;
    if (!m->stem || (in_folder && !m->folder))
        return no_memory(m->err);
    const ko_status st = in_folder ? write_path(m, &path) : ko_buf_text(&path, o->to);
    m->made->path = path.data;
    if (st == KO_OK)
        m->part = joined(path.data, PART);
    return m->part ? KO_OK : no_memory(m->err);
}

/* --- a folder --- */

static ko_status take_beside(making *m, const char *suffix)
{
    char *from = NULL;
    char *to = ko_path_join(m->part, suffix + 1);
    const bool linked = strcmp(suffix, KO_BESIDE_ARCHIVE) == 0; /* where nothing is changed */
    ko_status st = ko_beside(m->options->database, suffix, &from, m->err);
    if (st == KO_OK && !to)
        st = no_memory(m->err);
    if (st == KO_OK && ko_is_folder(from))
        st = ko_backup_take_folder(from, to, linked, &m->made->files, m->err);
    ko_free(from);
    ko_free(to);
    return st;
}

/* The name of an original's copy: its digest, and what the file is called. */
static ko_status copy_work(making *m, const ko_view *view, const char *hex, json_t *entry)
{
    ko_buf name = KO_BUF(KO_MAX_PATH_BYTES), to = KO_BUF(KO_MAX_PATH_BYTES);
    uint8_t sha256[KO_SHA256_SIZE];
    int64_t bytes;
    ko_error own = {0};
    ko_status st = ko_buf_printf(&name, KO_BACKUP_WORKS "/%.16s-%s", hex, ko_path_name(view->path));
    if (st == KO_OK)
        st = ko_buf_printf(&to, "%s/%s", m->part, name.data);
    if (st == KO_OK)
        st = ko_backup_copy(view->path, to.data, &own);
    const bool unread = st == KO_E_NOT_FOUND;
    if (st == KO_OK)
        st = ko_file_digest(to.data, SIZE_MAX, sha256, &bytes, &own);
    const bool changed = st == KO_OK && memcmp(sha256, view->sha256, sizeof sha256) != 0;
    if (changed)
        (void)unlink(to.data);
    if (unread || changed)
        ko_problem(m->options->problems, "%s: %s; not in the backup", view->path,
                   unread ? "not there" : "another file than the one that was added");
    else if (st == KO_OK && json_object_set_new(entry, "copy", json_string(name.data)) != 0)
        st = KO_E_NOMEM;
    m->made->works += st == KO_OK && !changed;
    ko_buf_free(&name);
    ko_buf_free(&to);
    return st == KO_OK || unread ? KO_OK : ko_fail(m->err, st, "%s", own.text);
}

static ko_status on_view(void *context, const ko_view *view)
{
    making *m = context;
    char hex[2 * KO_SHA256_SIZE + 1];
    ko_text_hex(view->sha256, sizeof view->sha256, hex);
    json_t *entry = json_pack("{s:o, s:s, s:I}", "path", ko_json_string(view->path), "sha256", hex,
                              "bytes", (json_int_t)view->bytes);
    if (json_array_append(m->works, entry) != 0) {
        json_decref(entry);
        return no_memory(m->err);
    }
    const ko_status st = m->options->works ? copy_work(m, view, hex, entry) : KO_OK;
    json_decref(entry);
    return st;
}

static ko_status take_works(making *m)
{
    char *folder = ko_path_join(m->part, KO_BACKUP_WORKS);
    m->works = json_array();
    ko_status st = folder && m->works ? KO_OK : no_memory(m->err);
    if (st == KO_OK && m->options->works)
        st = ko_folder_make(folder, m->err);
    if (st == KO_OK)
        st = ko_view_each(m->options->store, 0, false, on_view, m, m->err);
    ko_free(folder);
    return st;
}

/* Last of all: a folder without it is no backup. */
static ko_status write_manifest(making *m)
{
    json_t *files = NULL;
    char moment[KO_TIME_SIZE];
    ko_clock_text(ko_clock_now(), moment);
    char *database = realpath(m->options->database, NULL);
    char *path = ko_path_join(m->part, KO_BACKUP_MANIFEST);
    ko_status st = database && path ? ko_backup_list(m->part, &files, m->err) : no_memory(m->err);
    json_t *manifest = NULL;
    if (st == KO_OK)
        manifest = json_pack("{s:i, s:s, s:o, s:I, s:o, s:O}", "knockoff_backup", KO_BACKUP_FORMAT,
                             "made_at", moment, "database", ko_json_string(database), "schema",
                             (json_int_t)m->made->facts.schema, "files", files, "works", m->works);
    free(database); /* realpath's memory, not ours */
    char *text = manifest ? json_dumps(manifest, JSON_INDENT(1)) : NULL;
    json_decref(manifest);
    if (st == KO_OK)
        st = text ? ko_file_write(path, text, strlen(text), m->err) : no_memory(m->err);
    if (st == KO_OK && chmod(path, 0600) != 0)
        st = ko_fail(m->err, KO_E_IO, "%s: %s", path, strerror(errno));
    free(text); /* jansson's memory, not ours */
    ko_free(path);
    return st;
}

/* The database first: what it speaks of was in the archive before. */
static ko_status fill_folder(making *m)
{
    char *database = ko_path_join(m->part, KO_BACKUP_DATABASE);
    ko_status st = ko_backup_remove_folder(m->part, m->err);
    if (st == KO_OK)
        st = ko_folder_make(m->part, m->err);
    if (st == KO_OK)
        st = database ? ko_store_backup(m->options->store, database, &m->made->facts, m->err)
                      : no_memory(m->err);
    ko_free(database);
    for (const char *const *suffix = ko_backup_beside; st == KO_OK && *suffix; suffix++)
        st = take_beside(m, *suffix);
    if (st == KO_OK)
        st = take_works(m);
    return st;
}

/* --- one file or a folder --- */

/* Which file it is, for whoever writes that down elsewhere. */
static ko_status digest_database(making *m)
{
    char *database = m->whole ? ko_path_join(m->part, KO_BACKUP_DATABASE) : ko_strdup(m->part);
    const ko_status st =
        database ? ko_file_digest(database, SIZE_MAX, m->made->sha256, &m->made->bytes, m->err)
                 : no_memory(m->err);
    ko_free(database);
    return st;
}

/* An earlier try that was killed may have left its part. */
static ko_status make_file(making *m)
{
    (void)unlink(m->part);
    return ko_store_backup(m->options->store, m->part, &m->made->facts, m->err);
}

static ko_status make(making *m)
{
    ko_status st = m->folder ? ko_folder_make(m->folder, m->err) : KO_OK;
    if (st == KO_OK && access(m->made->path, F_OK) == 0)
        st = ko_fail(m->err, KO_E_EXISTS, "%s: is there already", m->made->path);
    if (st != KO_OK)
        return st;
    st = m->whole ? fill_folder(m) : make_file(m);
    if (st == KO_OK)
        st = digest_database(m);
    if (st == KO_OK && m->whole)
        st = write_manifest(m);
    if (st == KO_OK && rename(m->part, m->made->path) != 0)
        st = ko_fail(m->err, KO_E_IO, "%s: %s", m->made->path, strerror(errno));
    if (st == KO_OK)
        return KO_OK;
    if (m->whole)
        (void)ko_backup_remove_folder(m->part, NULL);
    else
        (void)unlink(m->part);
    return st;
}

/* --- older ones --- */

static int later_first(const void *a, const void *b)
{
    return strcmp(*(char *const *)b, *(char *const *)a);
}

/* A file that begins as a database of ours, or a folder with our list: nothing else is counted or
 * removed, whatever it is called. */
static bool is_backup(const char *path)
{
    static const char format[] = "SQLite format 3", application[] = "Knof"; /* store/schema.c */
    char head[100] = "";
    char *manifest = ko_path_join(path, KO_BACKUP_MANIFEST);
    const bool listed = manifest && access(manifest, F_OK) == 0;
    ko_free(manifest);
    FILE *file = listed || ko_is_folder(path) ? NULL : fopen(path, "rbe");
    const bool read = file && fread(head, 1, sizeof head, file) == sizeof head;
    if (file)
        (void)fclose(file);
    return listed || (read && memcmp(head, format, sizeof format) == 0 &&
                      memcmp(head + 68, application, 4) == 0);
}

static ko_status remove_backup(const char *path, ko_error *err)
{
    if (ko_is_folder(path))
        return ko_backup_remove_folder(path, err);
    return unlink(path) == 0 ? KO_OK : ko_fail(err, KO_E_IO, "%s: %s", path, strerror(errno));
}

static ko_status list_backups(const making *m, ko_paths *out)
{
    DIR *entries = opendir(m->folder);
    if (!entries)
        return ko_fail(m->err, KO_E_IO, "%s: %s", m->folder, strerror(errno));
    ko_status st = KO_OK;
    for (const struct dirent *entry; st == KO_OK && (entry = readdir(entries));) {
        if (!is_backup_name(entry->d_name, m->stem))
            continue;
        char *path = ko_path_join(m->folder, entry->d_name);
        if (!path)
            st = no_memory(m->err);
        else if (is_backup(path))
            st = ko_paths_add(out, path, m->err);
        ko_free(path);
    }
    (void)closedir(entries);
    return st;
}

static ko_status remove_older(const making *m)
{
    ko_paths backups = {0};
    ko_status st = list_backups(m, &backups);
    if (st == KO_OK && backups.count)
        qsort(backups.path, backups.count, sizeof *backups.path, later_first);
    for (size_t i = m->options->keep; st == KO_OK && i < backups.count; i++) {
        st = remove_backup(backups.path[i], m->err);
        m->made->removed += st == KO_OK;
    }
    ko_paths_free(&backups);
    return st;
}

/* --- the door --- */

ko_status ko_backup_make(const ko_backup_options *options, ko_backup_made *out_made, ko_error *err)
{
    assert(options->store && options->database && options->to && options->problems && out_made);
    ko_backup_made made = {0};
    making m = {.options = options, .made = &made, .err = err};
    ko_status st = name_backup(&m);
    if (st == KO_OK && made.path && m.part)
        st = make(&m);
    if (st == KO_OK && options->keep && m.folder)
        st = remove_older(&m);
    json_decref(m.works);
    ko_free(m.folder);
    ko_free(m.stem);
    ko_free(m.part);
    if (st == KO_OK)
        *out_made = made;
    else
        ko_backup_made_free(&made);
    return st;
}

void ko_backup_made_free(ko_backup_made *made)
{
    ko_free(made->path);
    *made = (ko_backup_made){0};
}
