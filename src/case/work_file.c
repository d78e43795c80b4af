#include "case/work_file.h"

#include "base/alloc.h"
#include "base/file.h"
#include "base/limits.h"

#include <openssl/evp.h>
#include <string.h>

/* The path and digest of the first view that comes. */
static ko_status take_first(void *context, const ko_view *view)
{
    ko_work_file *first = context;
    if (first->path)
        return KO_OK;
    first->path = ko_strdup(view->path);
    memcpy(first->sha256, view->sha256, sizeof first->sha256);
    return first->path ? KO_OK : KO_E_NOMEM;
}

static ko_status find_first(ko_store *store, int64_t work_id, ko_work_file *f, ko_error *err)
{
    const ko_status st = ko_view_each(store, work_id, false, take_first, f, err);
    if (st != KO_OK)
        return ko_fail(err, st, "files of a work");
    if (f->path)
        return KO_OK;
    char serial[KO_SERIAL_SIZE];
    ko_work_serial(work_id, serial);
    return ko_fail(err, KO_E_NOT_FOUND, "%s has no file", serial);
}

ko_status ko_work_file_read(ko_store *store, int64_t work_id, ko_work_file *out_file, ko_error *err)
{
    ko_work_file *f = out_file;
    uint8_t now[KO_SHA256_SIZE];
    *f = (ko_work_file){.bytes = KO_BUF(KO_MAX_IMAGE_BYTES)};
    ko_status st = find_first(store, work_id, f, err);
    if (st == KO_OK)
        st = ko_file_read(f->path, &f->bytes, err);
    if (st == KO_OK && !EVP_Digest(f->bytes.data, f->bytes.size, now, NULL, EVP_sha256(), NULL))
        st = ko_fail(err, KO_E_NOMEM, "%s: its SHA-256", f->path);
    if (st == KO_OK && memcmp(now, f->sha256, sizeof now) != 0)
        st = ko_fail(err, KO_E_FORMAT, "%s: changed since it was added", f->path);
    return st;
}

void ko_work_file_free(ko_work_file *file)
{
    ko_free(file->path);
    ko_buf_free(&file->bytes);
    *file = (ko_work_file){0};
}
