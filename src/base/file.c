#include "base/file.h"

#include "base/alloc.h"
#include "base/limits.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static ko_status fail_errno(ko_error *err, const char *path)
{
    const int code = errno;
    const ko_status status = code == ENOENT || code == ENOTDIR ? KO_E_NOT_FOUND : KO_E_IO;
    return ko_fail(err, status, "%s: %s", path, strerror(code));
}

/* Reads to the end; expected is a hint of how much will come. */
static ko_status read_all(int fd, size_t expected, const char *name, ko_buf *out, ko_error *err)
{
    const size_t max = out->max;
    size_t step = expected + 1; /* one more, so that the end is seen at once */
    for (;;) {
        const size_t before = out->size;
        const size_t room = max - before;
        const size_t want = step < room ? step : room;
        char *start = ko_buf_extend(out, want);
        if (!start)
            return ko_fail(err, KO_E_NOMEM, "%s: no memory for %zu bytes", name, before + want);
        ssize_t got;
        do
            got = read(fd, start, want);
        while (got < 0 && errno == EINTR);
        if (got < 0) {
            ko_buf_free(out);
            return fail_errno(err, name);
        }
        out->size = before + (size_t)got;
        out->data[out->size] = '\0';
        if (got == 0 && want > 0)
            return KO_OK;
        if (want == 0) { /* full: one byte more is one too many */
            char beyond;
            if (read(fd, &beyond, 1) == 1) {
                ko_buf_free(out);
                return ko_fail(err, KO_E_LIMIT, "%s: more than %zu bytes", name, max);
            }
            return KO_OK;
        }
        step = 64 << 10;
    }
}

/* Opens a regular file; *out_fd is to be closed unless that fails. */
static ko_status open_regular(const char *path, int *out_fd, int64_t *out_size, ko_error *err)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0)
        return fail_errno(err, path);
    struct stat info;
    ko_status st = KO_OK;
    if (fstat(fd, &info) != 0)
        st = fail_errno(err, path);
    else if (!S_ISREG(info.st_mode))
        st = ko_fail(err, KO_E_IO, "%s: %s", path,
                     S_ISDIR(info.st_mode) ? "is a folder" : "not a regular file");
    if (st != KO_OK) {
        (void)close(fd);
        return st;
    }
    *out_fd = fd;
    *out_size = (int64_t)info.st_size;
    return KO_OK;
}

ko_status ko_file_read(const char *path, ko_buf *out, ko_error *err)
{
    int fd = -1;
    int64_t size = 0;
    ko_status st = open_regular(path, &fd, &size, err);
    if (st != KO_OK)
        return st;
    if ((uint64_t)size > out->max - out->size)
        st = ko_fail(err, KO_E_LIMIT, "%s: %lld bytes, limit %zu", path, (long long)size, out->max);
    else
        st = read_all(fd, (size_t)size, path, out, err);
    (void)close(fd);
    return st;
}

static ko_status fail_end(const ko_file_part *part, int64_t size, ko_error *err)
{
    const int64_t end = part->offset + part->bytes;
    return ko_fail(err, KO_E_FORMAT, "%s: ends at byte %lld, before %lld", part->path,
                   (long long)size, (long long)end);
}

/* Fills out with the part. */
static ko_status read_at(int fd, const ko_file_part *part, char *out, ko_error *err)
{
    const size_t n = (size_t)part->bytes;
    for (size_t done = 0; done < n;) {
        const ssize_t got = pread(fd, out + done, n - done, (off_t)(part->offset + (int64_t)done));
        if (got < 0 && errno != EINTR)
            return fail_errno(err, part->path);
        if (got == 0)
            return fail_end(part, part->offset + (int64_t)done, err);
        done += got > 0 ? (size_t)got : 0;
    }
    return KO_OK;
}

ko_status ko_file_read_part(const ko_file_part *part, ko_buf *out, ko_error *err)
{
    assert(part->offset >= 0 && part->bytes >= 0);
    if (part->bytes == 0)
        return strcmp(part->path, "-") == 0 ? ko_stdin_read(out, err)
                                            : ko_file_read(part->path, out, err);
    if ((uint64_t)part->bytes > out->max - out->size)
        return ko_fail(err, KO_E_LIMIT, "%s: part of %lld bytes, limit %zu", part->path,
                       (long long)part->bytes, out->max);
    int fd = -1;
    int64_t size = 0;
    ko_status st = open_regular(part->path, &fd, &size, err);
    if (st != KO_OK)
        return st;
    char *start = NULL;
    if (size - part->offset < part->bytes)
        st = fail_end(part, size, err);
    else
        start = ko_buf_extend(out, (size_t)part->bytes);
    if (start)
        st = read_at(fd, part, start, err);
    else if (st == KO_OK)
        st = ko_fail(err, KO_E_NOMEM, "%s: no memory for %lld bytes", part->path,
                     (long long)part->bytes);
    if (st != KO_OK)
        ko_buf_free(out);
    (void)close(fd);
    return st;
}

ko_status ko_stdin_read(ko_buf *out, ko_error *err)
{
    return read_all(STDIN_FILENO, 64 << 10, "standard input", out, err);
}

ko_status ko_file_write(const char *path, const void *bytes, size_t size, ko_error *err)
{
    FILE *file = fopen(path, "wb");
    if (!file)
        return ko_fail(err, KO_E_IO, "%s: %s", path, strerror(errno));
    const bool written = fwrite(bytes, 1, size, file) == size;
    const int failure = errno;
    const bool arrived = fclose(file) == 0;
    if (!written || !arrived)
        return ko_fail(err, KO_E_IO, "%s: %s", path, strerror(written ? errno : failure));
    return KO_OK;
}

bool ko_is_folder(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

ko_status ko_paths_add(ko_paths *paths, const char *path, ko_error *err)
{
    char **grown = ko_grown(paths->path, paths->count, &paths->capacity, sizeof *grown);
    if (grown)
        paths->path = grown;
    char *copy = grown ? ko_strdup(path) : NULL;
    if (!copy)
        return ko_fail(err, KO_E_NOMEM, "list of %zu paths", paths->count + 1);
    paths->path[paths->count++] = copy;
    return KO_OK;
}

void ko_paths_free(ko_paths *paths)
{
    for (size_t i = 0; i < paths->count; i++)
        ko_free(paths->path[i]);
    ko_free(paths->path);
    *paths = (ko_paths){0};
}

char *ko_path_join(const char *folder, const char *name)
{
    const size_t n = strlen(folder);
    const char *slash = n > 0 && folder[n - 1] != '/' ? "/" : "";
    const size_t size = n + strlen(slash) + strlen(name) + 1;
    char *path = ko_alloc(size);
    if (path)
        (void)snprintf(path, size, "%s%s%s", folder, slash, name);
    return path;
}

const char *ko_path_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

char *ko_path_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    if (!slash)
        return ko_strdup(".");
    return slash == path ? ko_strdup("/") : ko_strndup(path, (size_t)(slash - path));
}

static ko_status walk(ko_paths *paths, const char *path, unsigned depth, size_t *unread,
                      ko_error *err);

/* Walks one entry of a folder: links to folders are not followed, so no loop can start. */
static ko_status walk_entry(ko_paths *paths, const char *folder, const char *name, unsigned depth,
                            size_t *unread, ko_error *err)
{
    char *path = ko_path_join(folder, name);
    if (!path)
        return ko_fail(err, KO_E_NOMEM, "path below %s", folder);
    struct stat link, info;
    ko_status st = KO_OK;
    if (lstat(path, &link) == 0 && stat(path, &info) == 0) {
        if (S_ISREG(info.st_mode))
            st = ko_paths_add(paths, path, err);
        else if (S_ISDIR(link.st_mode))
            st = walk(paths, path, depth + 1, unread, err);
    }
    ko_free(path);
    return st;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static ko_status walk(ko_paths *paths, const char *path, unsigned depth, size_t *unread,
                      ko_error *err)
{
    struct dirent **entries = NULL;
    const int n = depth > KO_MAX_WALK_DEPTH ? -1 : scandir(path, &entries, visible, by_name);
    if (n < 0) {
        ++*unread;
        return KO_OK;
    }
    ko_status st = KO_OK;
    for (int i = 0; i < n; i++) {
        if (st == KO_OK)
            st = walk_entry(paths, path, entries[i]->d_name, depth, unread, err);
        free(entries[i]); /* scandir's memory, not ours */
    }
    free(entries); /* scandir's, not ours */
    return st;
}

ko_status ko_paths_walk(ko_paths *paths, const char *root, size_t *out_unread, ko_error *err)
{
    struct stat info;
    if (stat(root, &info) != 0)
        return fail_errno(err, root);
    if (!S_ISDIR(info.st_mode))
        return ko_paths_add(paths, root, err);
    size_t unread = 0;
    const ko_status st = walk(paths, root, 0, &unread, err);
    if (out_unread)
        *out_unread += unread;
    return st;
}

ko_status ko_folder_make(const char *path, ko_error *err)
{
    char *partial = ko_strdup(path);
    if (!partial)
        return ko_fail(err, KO_E_NOMEM, "folder %s", path);
    ko_status st = KO_OK;
    for (char *slash = partial + 1; st == KO_OK; slash++) {
        slash += strcspn(slash, "/");
        const char end = *slash;
        *slash = '\0';
        if (mkdir(partial, 0700) != 0 && errno != EEXIST)
            st = fail_errno(err, partial);
        *slash = end;
        if (!end)
            break;
    }
    if (st == KO_OK && !ko_is_folder(path))
        st = ko_fail(err, KO_E_IO, "%s: not a folder", path);
    ko_free(partial);
    return st;
}
