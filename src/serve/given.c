#include "serve/given.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/text.h"
#include "capture/archive.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DIGEST_BYTES 8 /* of it in a name; ours alone are told apart by it */

/* --- its name --- */

/* What stands behind the last slash of either kind. */
static const char *last_part(const char *name)
{
    for (const char *at = name; *at; at++)
        if (*at == '/' || *at == '\\')
            name = at + 1;
    return name;
}

/* Letters of any script stay; of ASCII what means nothing to a shell or a file system. */
static bool is_plain(unsigned char c)
{
    return c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
           (c >= 'a' && c <= 'z') || c == '.' || c == '-' || c == '_' || c == ' ';
}

static ko_status write_path(const char *folder, const char *name, const void *bytes, size_t size,
                            ko_buf *out, ko_given *given, ko_error *err)
{
    uint8_t sha256[32];
    char digits[2 * DIGEST_BYTES + 1];
    ko_status st = ko_archive_digest(bytes, size, sha256, err);
    if (st != KO_OK)
        return st;
    ko_text_hex(sha256, DIGEST_BYTES, digits);
    st = ko_buf_printf(out, "%s/%s-", folder, digits);
    const size_t begin = out->size;
    if (st == KO_OK)
        st = ko_text_clean(out, name, strlen(name));
    if (st != KO_OK)
        return ko_fail(err, st, "the name of a file");
    for (size_t i = begin; i < out->size; i++)
        if (!is_plain((unsigned char)out->data[i]))
            out->data[i] = '_';
    given->path = out->data;
    given->name = out->data + begin;
    return KO_OK;
}

/* --- the file --- */

static ko_status fail_errno(const char *path, ko_error *err)
{
    return ko_fail(err, KO_E_IO, "%s: %s", path, strerror(errno));
}

static ko_status write_all(int fd, const char *path, const char *bytes, size_t size, ko_error *err)
{
    while (size > 0) {
        const ssize_t n = write(fd, bytes, size);
        if (n < 0 && errno != EINTR)
            return fail_errno(path, err);
        bytes += n > 0 ? n : 0;
        size -= n > 0 ? (size_t)n : 0;
    }
    return KO_OK;
}

/* Under a name of its own until it is whole: two may be given at once. */
static ko_status write_file(const char *path, const void *bytes, size_t size, ko_error *err)
{
    ko_buf part = KO_BUF(KO_MAX_PATH_BYTES);
    ko_status st = ko_buf_printf(&part, "%s.XXXXXX", path);
    if (st != KO_OK)
        return ko_fail(err, st, "the name of a file");
    const int fd = mkstemp(part.data); /* mode 0600 */
    if (fd < 0) {
        st = fail_errno(path, err);
        ko_buf_free(&part);
        return st;
    }
    st = write_all(fd, path, bytes, size, err);
    if (close(fd) != 0 && st == KO_OK)
        st = fail_errno(path, err);
    if (st == KO_OK && rename(part.data, path) != 0)
        st = fail_errno(path, err);
    if (st != KO_OK)
        (void)unlink(part.data);
    ko_buf_free(&part);
    return st;
}

ko_status ko_given_keep(const char *folder, const char *name, const void *bytes, size_t size,
                        ko_given *out_given, ko_error *err)
{
    struct stat info;
    ko_buf path = KO_BUF(KO_MAX_PATH_BYTES);
    *out_given = (ko_given){0};
    name = last_part(name);
    if (!name[0] || strlen(name) > KO_MAX_SERVE_NAME)
        return ko_fail(err, KO_E_USAGE, "a file has a name of 1 to %u bytes, not of %zu",
                       KO_MAX_SERVE_NAME, strlen(name));
    ko_status st = write_path(folder, name, bytes, size, &path, out_given, err);
    if (st != KO_OK) {
        ko_buf_free(&path);
        return st;
    }
    st = ko_folder_make(folder, err);
    if (st == KO_OK && (lstat(out_given->path, &info) != 0 || !S_ISREG(info.st_mode) ||
                        (uint64_t)info.st_size != size))
        st = write_file(out_given->path, bytes, size, err);
    return st;
}

void ko_given_remove(const ko_given *given)
{
    (void)unlink(given->path);
}

void ko_given_free(ko_given *given)
{
    ko_free(given->path);
    *given = (ko_given){0};
}
