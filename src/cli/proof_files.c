#include "cli/proof_files.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "cli/kit.h"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <string.h>
#include <unistd.h>

/* --- files --- */

ko_status ko_proof_folder(const ko_common *common, char **out_folder, ko_error *err)
{
    return ko_beside_database(common, "-proof", out_folder, err);
}

typedef struct first_view {
    char *path;
    uint8_t sha256[KO_SHA256_SIZE];
} first_view;

static ko_status on_view(void *context, const ko_view *view)
{
    first_view *first = context;
    if (first->path)
        return KO_OK;
    first->path = ko_strdup(view->path);
    memcpy(first->sha256, view->sha256, sizeof first->sha256);
    return first->path ? KO_OK : KO_E_NOMEM;
}

ko_status ko_proof_original(ko_store *store, int64_t work_id, char **out_path,
                            uint8_t out_sha256[KO_SHA256_SIZE], ko_error *err)
{
    first_view first = {0};
    ko_status st = ko_view_each(store, work_id, false, on_view, &first, err);
    if (st == KO_OK && !first.path) {
        char serial[KO_SERIAL_SIZE];
        ko_work_serial(work_id, serial);
        st = ko_fail(err, KO_E_NOT_FOUND, "%s has no file", serial);
    }
    if (st != KO_OK) {
        ko_free(first.path);
        return ko_fail(err, st, "files of a work");
    }
    *out_path = first.path;
    memcpy(out_sha256, first.sha256, sizeof first.sha256);
    return KO_OK;
}

ko_status ko_proof_read(const char *path, ko_buf *out, uint8_t out_sha256[KO_SHA256_SIZE],
                        ko_error *err)
{
    const ko_status st = ko_file_read(path, out, err);
    if (st == KO_OK &&
        !EVP_Digest(out->size ? out->data : "", out->size, out_sha256, NULL, EVP_sha256(), NULL))
        return ko_fail(err, KO_E_NOMEM, "%s: no memory for SHA-256", path);
    return st;
}

/* --- the passphrase --- */

static ko_status ask(const char *what, ko_buf *out, ko_error *err)
{
    char typed[KO_MAX_PASSPHRASE_BYTES], question[256];
    const int terminal = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (terminal < 0)
        return ko_fail(err, KO_E_USAGE,
                       "%s: no terminal to ask for its passphrase; name --passphrase-file FILE",
                       what);
    (void)close(terminal);
    (void)snprintf(question, sizeof question, "passphrase of %s: ", what);
    ko_status st = KO_OK;
    if (EVP_read_pw_string(typed, (int)sizeof typed, question, 0) != 0)
        st = ko_fail(err, KO_E_STOPPED, "%s: no passphrase was given", what);
    else
        st = ko_buf_text(out, typed);
    OPENSSL_cleanse(typed, sizeof typed);
    return st == KO_OK ? st : ko_fail(err, st, "passphrase");
}

ko_status ko_passphrase_read(const char *path, const char *what, ko_buf *out, ko_error *err)
{
    if (!path)
        return ask(what, out, err);
    ko_status st = ko_file_read(path, out, err);
    if (st == KO_OK)
        st = ko_buf_append(out, "", 0); /* an empty file is an empty passphrase */
    if (st == KO_OK)
        out->data[strcspn(out->data, "\r\n")] = '\0';
    return st == KO_OK ? st : ko_fail(err, st, "%s: passphrase", path);
}

void ko_passphrase_free(ko_buf *passphrase)
{
    if (passphrase->data)
        OPENSSL_cleanse(passphrase->data, passphrase->capacity);
    ko_buf_free(passphrase);
}
