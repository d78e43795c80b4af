/* Everything that takes long or may fail is done under names that end in ".part". What is left are
 * renames: first of the database, as only that can be held by somebody. */
#include "watch/restore.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/limits.h"
#include "case/beside.h"
#include "crawl/crawl.h"
#include "watch/backup_files.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WORKS "-originals" /* beside the database: those that were missing */

typedef struct restoring {
    const char *backup;
    char *target;     /* the database, absolute */
    char *part;       /* its copy until it is in place */
    char *from;       /* the database in the backup */
    json_t *manifest; /* NULL: the backup is one file */
    ko_restored *done;
    ko_error *err;
} restoring;

static ko_status no_memory(const restoring *r)
{
    return ko_fail(r->err, KO_E_NOMEM, "restoring %s", r->backup);
}

static ko_status fail_errno(const restoring *r, const char *path)
{
    return ko_fail(r->err, KO_E_IO, "%s: %s", path, strerror(errno));
}

static char *joined(const char *a, const char *b, const char *c)
{
    ko_buf text = KO_BUF(KO_MAX_PATH_BYTES);
    return ko_buf_printf(&text, "%s%s%s", a, b, c) == KO_OK ? text.data : NULL;
}

/* --- looking through it --- */

static ko_status read_manifest(restoring *r)
{
    ko_buf text = KO_BUF(KO_MAX_MANIFEST_BYTES);
    ko_error own = {0};
    char *path = ko_path_join(r->backup, KO_BACKUP_MANIFEST);
    ko_status st = path ? ko_file_read(path, &text, &own) : no_memory(r);
    ko_free(path);
    if (st == KO_E_NOT_FOUND)
        return ko_fail(r->err, KO_E_DAMAGED, "%s: no backup: there is no " KO_BACKUP_MANIFEST,
                       r->backup);
    if (st != KO_OK)
        return ko_fail(r->err, st, "%s", own.text);
    r->manifest = json_loadb(text.data, text.size, 0, NULL);
    ko_buf_free(&text);
    const json_t *format = json_object_get(r->manifest, "knockoff_backup");
    if (!json_is_integer(format))
        return ko_fail(r->err, KO_E_DAMAGED, "%s: no backup by its " KO_BACKUP_MANIFEST, r->backup);
    if (json_integer_value(format) != KO_BACKUP_FORMAT)
        return ko_fail(r->err, KO_E_VERSION, "%s: a backup of format %lld; this Knockoff knows %d",
                       r->backup, (long long)json_integer_value(format), KO_BACKUP_FORMAT);
    return KO_OK;
}

static ko_status look_through(restoring *r)
{
    ko_status st = KO_OK;
    const bool folder = ko_is_folder(r->backup);
    if (folder)
        st = read_manifest(r);
    if (st == KO_OK && folder)
        st = ko_backup_verify(r->backup, json_object_get(r->manifest, "files"), &r->done->files,
                              r->err);
    if (st != KO_OK)
        return st;
    r->done->files -= folder; /* the database itself */
    r->from = folder ? ko_path_join(r->backup, KO_BACKUP_DATABASE) : ko_strdup(r->backup);
    return r->from ? ko_store_check(r->from, &r->done->facts, r->err) : no_memory(r);
}

/* --- copies beside where they go --- */

/* The target by its absolute path; its folder is made. */
static ko_status find_target(restoring *r, const char *database)
{
    char *folder = ko_path_folder(database);
    ko_status st = folder ? ko_folder_make(folder, r->err) : no_memory(r);
    char *whole = st == KO_OK ? realpath(folder, NULL) : NULL;
    if (st == KO_OK && !whole)
        st = fail_errno(r, folder);
    if (whole)
        r->target = ko_path_join(whole, ko_path_name(database));
    free(whole); /* realpath's memory, not ours */
    ko_free(folder);
    if (st == KO_OK && r->target)
        r->part = joined(r->target, ".part", "");
    return st != KO_OK || r->part ? st : no_memory(r);
}

static void remove_part(const char *part)
{
    static const char *const suffixes[] = {"", "-wal", "-shm", "-journal"};
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        char *path = joined(part, suffixes[i], "");
        if (path)
            (void)unlink(path);
        ko_free(path);
    }
}

/* An original that is not where it was comes to lie beside the database. */
static ko_status bring_work(restoring *r, ko_store *store, const json_t *work)
{
    const char *path = json_string_value(json_object_get(work, "path"));
    const char *copy = json_string_value(json_object_get(work, "copy"));
    if (!path || !copy || access(path, F_OK) == 0)
        return KO_OK;
    const char *name = ko_path_name(copy);
    char *from = joined(r->backup, "/" KO_BACKUP_WORKS "/", name);
    char *to = joined(r->target, WORKS "/", name), *folder = joined(r->target, WORKS, "");
    const bool named = from && to && folder;
    ko_status st = named ? ko_folder_make(folder, r->err) : no_memory(r);
    if (st == KO_OK && named && access(to, F_OK) != 0)
        st = ko_backup_copy(from, to, r->err);
    if (st == KO_OK)
        st = ko_store_repoint(store, path, to, true, r->err);
    r->done->works += st == KO_OK;
    ko_free(from);
    ko_free(folder);
    ko_free(to);
    return st;
}

/* Paths that led beside the database where it was, "/home/ann/k.db-archive/...". */
static ko_status repoint(restoring *r, ko_store *store)
{
    const char *was = json_string_value(json_object_get(r->manifest, "database"));
    char *from = was ? joined(was, "-", "") : NULL, *to = joined(r->target, "-", "");
    const json_t *work;
    size_t i;
    ko_status st = to ? KO_OK : no_memory(r);
    if (to && from && strcmp(from, to) != 0)
        st = ko_store_repoint(store, from, to, false, r->err);
    json_array_foreach(json_object_get(r->manifest, "works"), i, work)
    {
        if (st == KO_OK)
            st = bring_work(r, store, work);
    }
    ko_free(from);
    ko_free(to);
    return st;
}

/* Opening it brings an older schema up to date. */
static ko_status copy_database(restoring *r)
{
    ko_store *store = NULL;
    remove_part(r->part);
    ko_status st = ko_backup_copy(r->from, r->part, r->err);
    if (st == KO_OK)
        st = ko_store_open(r->part, KO_STORE_OPEN, &store, r->err);
    if (st == KO_OK && r->manifest)
        st = repoint(r, store);
    ko_store_close(store);
    return st;
}

static char *part_of(const restoring *r, const char *suffix)
{
    return joined(r->target, suffix, ".part");
}

static ko_status copy_beside(restoring *r, const char *suffix)
{
    size_t n = 0;
    char *from = ko_path_join(r->backup, suffix + 1), *part = part_of(r, suffix);
    ko_status st = from && part ? ko_backup_remove_folder(part, r->err) : no_memory(r);
    if (st == KO_OK && ko_is_folder(from))
        st = ko_backup_take_folder(from, part, false, &n, r->err);
    ko_free(from);
    ko_free(part);
    return st;
}

static ko_status copy_all(restoring *r)
{
    ko_status st = copy_database(r);
    for (const char *const *s = ko_backup_beside; st == KO_OK && r->manifest && *s; s++)
        st = copy_beside(r, *s);
    return st;
}

/* --- in place --- */

static ko_status put_beside(const restoring *r, const char *suffix)
{
    char *part = part_of(r, suffix), *path = joined(r->target, suffix, "");
    char *aside = joined(r->done->aside, suffix, "");
    ko_status st = KO_OK;
    if (!part || !path || !aside) {
        st = no_memory(r);
    } else if (ko_is_folder(part)) {
        if (ko_is_folder(path) && rename(path, aside) != 0)
            st = fail_errno(r, path);
        else if (rename(part, path) != 0)
            st = fail_errno(r, part);
    }
    ko_free(part);
    ko_free(path);
    ko_free(aside);
    return st;
}

static ko_status put_in_place(restoring *r)
{
    char stamp[KO_STAMP_SIZE];
    const bool was_there = access(r->target, F_OK) == 0;
    ko_backup_stamp(ko_clock_now(), stamp);
    r->done->aside = joined(r->target, ".before-restore-", stamp);
    ko_status st = r->done->aside ? ko_store_replace(r->target, r->part, r->done->aside, r->err)
                                  : no_memory(r);
    for (const char *const *s = ko_backup_beside; st == KO_OK && r->manifest && *s; s++)
        st = put_beside(r, *s);
    if (!was_there && r->done->aside)
        r->done->aside[0] = '\0';
    return st;
}

/* Nobody may crawl meanwhile: its answers would be of the database that goes. */
static ko_status swap(restoring *r)
{
    int lock = -1;
    char *archive = joined(r->target, KO_BESIDE_ARCHIVE, "");
    ko_status st = archive ? KO_OK : no_memory(r);
    if (st == KO_OK && ko_is_folder(archive))
        st = ko_crawl_lock(archive, &lock, r->err);
    if (st == KO_OK)
        st = put_in_place(r);
    if (lock >= 0)
        (void)close(lock);
    ko_free(archive);
    return st;
}

static void clean_up(restoring *r)
{
    if (r->part)
        remove_part(r->part);
    for (const char *const *s = ko_backup_beside; r->part && r->manifest && *s; s++) {
        char *part = part_of(r, *s);
        if (part)
            (void)ko_backup_remove_folder(part, NULL);
        ko_free(part);
    }
    json_decref(r->manifest);
    ko_free(r->target);
    ko_free(r->part);
    ko_free(r->from);
}

ko_status ko_restore(const char *backup, const char *database, ko_restored *out_restored,
                     ko_error *err)
{
    assert(backup && database && out_restored);
    ko_restored done = {0};
    ko_error own = {0};
    restoring r = {.backup = backup, .done = &done, .err = &own};
    ko_status st = access(backup, F_OK) == 0
                       ? look_through(&r)
                       : ko_fail(&own, KO_E_NOT_FOUND, "%s: %s", backup, strerror(errno));
    if (st == KO_OK)
        st = find_target(&r, database);
    if (st == KO_OK)
        st = copy_all(&r);
    if (st == KO_OK && r.target)
        st = swap(&r);
    clean_up(&r);
    if (st == KO_OK) {
        *out_restored = done;
        return KO_OK;
    }
    ko_restored_free(&done);
    return ko_fail(err, st, "%s", own.text);
}

void ko_restored_free(ko_restored *restored)
{
    ko_free(restored->aside);
    *restored = (ko_restored){0};
}
