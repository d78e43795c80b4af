#include "watch/backup_files.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/stop.h"
#include "base/text.h"
#include "case/beside.h"
#include "report/digest.h"
#include "report/json.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define COPY_BYTES ((size_t)1 << 20)

const char *const ko_backup_beside[] = {KO_BESIDE_ARCHIVE,
                                        KO_BESIDE_PROOF,
                                        KO_BESIDE_NOTICES,
                                        KO_BESIDE_WORKS,
                                        KO_BESIDE_LISTINGS,
                                        KO_BESIDE_RULES,
                                        NULL};

void ko_backup_stamp(int64_t seconds, char out[KO_STAMP_SIZE])
{
    char text[KO_TIME_SIZE];
    ko_clock_text(seconds, text);
    (void)snprintf(out, KO_STAMP_SIZE, "%.4s%.2s%.2sT%.2s%.2s%.2sZ", text, text + 5, text + 8,
                   text + 11, text + 14, text + 17);
}

static ko_status fail_errno(const char *path, ko_error *err)
{
    const int code = errno;
    const ko_status status = code == ENOENT || code == ENOTDIR ? KO_E_NOT_FOUND
                             : code == EEXIST                  ? KO_E_EXISTS
                                                               : KO_E_IO;
    return ko_fail(err, status, "%s: %s", path, strerror(code));
}

/* --- copying --- */

static bool write_all(int fd, const char *bytes, size_t size)
{
    while (size) {
        const ssize_t n = write(fd, bytes, size);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        bytes += n;
        size -= (size_t)n;
    }
    return true;
}

static ko_status copy_opened(const char *from, int in, const char *to, int out, ko_error *err)
{
    char *room = ko_alloc(COPY_BYTES);
    ko_status st = room ? KO_OK : ko_fail(err, KO_E_NOMEM, "copying %s", from);
    while (st == KO_OK) {
        const ssize_t n = read(in, room, COPY_BYTES);
        if (n == 0)
            break;
        if (n < 0 && errno != EINTR)
            st = fail_errno(from, err);
        else if (n > 0 && !write_all(out, room, (size_t)n))
            st = fail_errno(to, err);
    }
    if (st == KO_OK && fsync(out) != 0)
        st = fail_errno(to, err);
    ko_free(room);
    return st;
}

ko_status ko_backup_copy(const char *from, const char *to, ko_error *err)
{
    const int in = open(from, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (in < 0)
        return fail_errno(from, err);
    const int out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    ko_status st = out < 0 ? fail_errno(to, err) : copy_opened(from, in, to, out, err);
    (void)close(in);
    if (out >= 0 && close(out) != 0 && st == KO_OK)
        st = fail_errno(to, err);
    if (out >= 0 && st != KO_OK)
        (void)unlink(to);
    return st;
}

/* A process that writes to a file of the archive holds a lock on it. */
static bool is_being_written(const char *path)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    const bool is = fd < 0 || flock(fd, LOCK_SH | LOCK_NB) != 0;
    if (fd >= 0)
        (void)close(fd);
    return is;
}

ko_status ko_backup_take(const char *from, const char *to, bool linked, ko_error *err)
{
    if (linked && !is_being_written(from) && link(from, to) == 0)
        return KO_OK;
    return ko_backup_copy(from, to, err);
}

/* Takes the file, with the folders that it lies in below to. */
static ko_status take_below(const char *from, const char *below, const char *to, bool linked,
                            ko_error *err)
{
    char *path = ko_path_join(to, below);
    char *folder = path ? ko_path_folder(path) : NULL;
    ko_status st = folder ? ko_folder_make(folder, err) : ko_fail(err, KO_E_NOMEM, "%s", from);
    if (st == KO_OK && path)
        st = ko_backup_take(from, path, linked, err);
    ko_free(folder);
    ko_free(path);
    return st;
}

ko_status ko_backup_take_folder(const char *from, const char *to, bool linked, size_t *n,
                                ko_error *err)
{
    ko_paths paths = {0};
    ko_status st = ko_paths_walk(&paths, from, NULL, err);
    if (st == KO_OK)
        st = ko_folder_make(to, err);
    for (size_t i = 0; st == KO_OK && i < paths.count; i++) {
        st = ko_stop_asked()
                 ? ko_fail(err, KO_E_STOPPED, "stopped; nothing was changed")
                 : take_below(paths.path[i], paths.path[i] + strlen(from) + 1, to, linked, err);
        *n += st == KO_OK;
    }
    ko_paths_free(&paths);
    return st;
}

/* --- removing --- */

static bool remove_entries(int folder, unsigned depth);

static bool remove_entry(int folder, const char *name, unsigned depth)
{
    if (unlinkat(folder, name, 0) == 0)
        return true;
    if (errno != EISDIR && errno != EPERM) /* what a folder is answered with */
        return false;
    const int below = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    return below >= 0 && remove_entries(below, depth + 1) &&
           unlinkat(folder, name, AT_REMOVEDIR) == 0;
}

/* Takes the descriptor over. */
static bool remove_entries(int folder, unsigned depth)
{
    DIR *entries = depth > KO_MAX_WALK_DEPTH ? NULL : fdopendir(folder);
    if (!entries) {
        (void)close(folder);
        return false;
    }
    bool done = true;
    for (const struct dirent *entry; done && (entry = readdir(entries));)
        done = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
               remove_entry(dirfd(entries), entry->d_name, depth);
    (void)closedir(entries);
    return done;
}

ko_status ko_backup_remove_folder(const char *path, ko_error *err)
{
    const int folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder < 0 && errno == ENOENT)
        return KO_OK;
    if (folder < 0 || !remove_entries(folder, 0) || rmdir(path) != 0)
        return ko_fail(err, KO_E_IO, "%s: %s", path, strerror(errno));
    return KO_OK;
}

/* --- the list --- */

static ko_status list_one(const char *path, const char *below, json_t *files, ko_error *err)
{
    uint8_t sha256[32];
    char hex[65];
    int64_t bytes = 0;
    const ko_status st = ko_file_digest(path, SIZE_MAX, sha256, &bytes, err);
    if (st != KO_OK)
        return st;
    ko_text_hex(sha256, sizeof sha256, hex);
    json_t *file = json_pack("{s:o, s:I, s:s}", "path", ko_json_string(below), "bytes",
                             (json_int_t)bytes, "sha256", hex);
    return json_array_append_new(files, file) == 0 ? KO_OK : ko_fail(err, KO_E_NOMEM, "%s", path);
}

ko_status ko_backup_list(const char *folder, json_t **out_files, ko_error *err)
{
    ko_paths paths = {0};
    json_t *files = json_array();
    ko_status st = files ? ko_paths_walk(&paths, folder, NULL, err)
                         : ko_fail(err, KO_E_NOMEM, "the list of %s", folder);
    for (size_t i = 0; st == KO_OK && i < paths.count; i++)
        st = ko_stop_asked()
                 ? ko_fail(err, KO_E_STOPPED, "stopped; nothing was changed")
                 : list_one(paths.path[i], paths.path[i] + strlen(folder) + 1, files, err);
    ko_paths_free(&paths);
    if (st == KO_OK)
        *out_files = files;
    else
        json_decref(files);
    return st;
}

/* A path that stays below the folder, whoever wrote the list. */
static bool stays_below(const char *path)
{
    for (const char *at = path; at; at = strchr(at, '/')) {
        at += at != path;
        const size_t n = strcspn(at, "/");
        if (n == 0 || at[0] == '.')
            return false;
    }
    return true;
}

static ko_status verify_one(const char *folder, const json_t *file, ko_error *err)
{
    const char *below = json_string_value(json_object_get(file, "path"));
    const char *wanted = json_string_value(json_object_get(file, "sha256"));
    uint8_t sha256[32];
    char hex[65];
    int64_t bytes = 0;
    if (!below || !wanted || !stays_below(below))
        return ko_fail(err, KO_E_DAMAGED, "%s: " KO_BACKUP_MANIFEST " names no file of its own",
                       folder);
    ko_error own = {0};
    char *path = ko_path_join(folder, below);
    ko_status st = path ? ko_file_digest(path, SIZE_MAX, sha256, &bytes, &own)
                        : ko_fail(&own, KO_E_NOMEM, "%s", folder);
    if (st == KO_OK) {
        ko_text_hex(sha256, sizeof sha256, hex);
        if (strcmp(hex, wanted) != 0)
            st = ko_fail(&own, KO_E_DAMAGED, "%s: not the bytes that " KO_BACKUP_MANIFEST " names",
                         path);
    }
    ko_free(path);
    if (st == KO_OK)
        return KO_OK;
    return ko_fail(err, st == KO_E_NOT_FOUND ? KO_E_DAMAGED : st, "%s", own.text);
}

ko_status ko_backup_verify(const char *folder, const json_t *files, size_t *n, ko_error *err)
{
    size_t i;
    const json_t *file;
    ko_status st =
        json_is_array(files)
            ? KO_OK
            : ko_fail(err, KO_E_DAMAGED, "%s: " KO_BACKUP_MANIFEST " lists no files", folder);
    json_array_foreach(files, i, file)
    {
        if (st == KO_OK && ko_stop_asked())
            st = ko_fail(err, KO_E_STOPPED, "stopped; nothing was changed");
        if (st == KO_OK)
            st = verify_one(folder, file, err);
        *n += st == KO_OK;
    }
    return st;
}
