#include "report/digest.h"

#include "base/alloc.h"

#include <errno.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define READ_BYTES ((size_t)1 << 20)

static ko_status digest(const char *path, FILE *file, size_t max, EVP_MD_CTX *ctx, void *room,
                        int64_t *out_bytes, ko_error *err)
{
    size_t sum = 0;
    for (size_t n; (n = fread(room, 1, READ_BYTES, file)) > 0;) {
        if (n > max - sum)
            return ko_fail(err, KO_E_LIMIT, "%s: more than %zu bytes", path, max);
        sum += n;
        if (!EVP_DigestUpdate(ctx, room, n))
            return ko_fail(err, KO_E_NOMEM, "%s: its SHA-256", path);
    }
    if (ferror(file))
        return ko_fail(err, KO_E_IO, "%s: %s", path, strerror(errno));
    *out_bytes = (int64_t)sum;
    return KO_OK;
}

static ko_status digest_opened(const char *path, FILE *file, size_t max, uint8_t out_sha256[32],
                               int64_t *out_bytes, ko_error *err)
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    void *room = ko_alloc(READ_BYTES);
    ko_status st = KO_E_NOMEM;
    if (ctx && room && EVP_DigestInit_ex(ctx, EVP_sha256(), NULL))
        st = digest(path, file, max, ctx, room, out_bytes, err);
    if (st == KO_OK && !EVP_DigestFinal_ex(ctx, out_sha256, NULL))
        st = KO_E_NOMEM;
    EVP_MD_CTX_free(ctx);
    ko_free(room);
    return st == KO_OK ? KO_OK : ko_fail(err, st, "%s: its SHA-256", path);
}

ko_status ko_file_digest(const char *path, size_t max, uint8_t out_sha256[32], int64_t *out_bytes,
                         ko_error *err)
{
    struct stat info;
    if (stat(path, &info) != 0)
        return ko_fail(err, errno == ENOENT || errno == ENOTDIR ? KO_E_NOT_FOUND : KO_E_IO,
                       "%s: %s", path, strerror(errno));
    if (!S_ISREG(info.st_mode)) /* opening a pipe would wait for its other end */
        return ko_fail(err, KO_E_IO, "%s: not a regular file", path);
    if ((uint64_t)info.st_size > max)
        return ko_fail(err, KO_E_LIMIT, "%s: %lld bytes, limit %zu", path, (long long)info.st_size,
                       max);
    FILE *file = fopen(path, "rbe");
    if (!file)
        return ko_fail(err, KO_E_IO, "%s: %s", path, strerror(errno));
    const ko_status st = digest_opened(path, file, max, out_sha256, out_bytes, err);
    (void)fclose(file);
    return st;
}
