#include "cli/proof_files.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/limits.h"
#include "cli/kit.h"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <string.h>
#include <unistd.h>

ko_status ko_proof_folder(const ko_common *common, char **out_folder, ko_error *err)
{
    return ko_beside_database(common, KO_BESIDE_PROOF, out_folder, err);
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

ko_status ko_open_signer(const char *path, const char *passphrase_file, ko_signer **out_signer,
                         ko_error *err)
{
    ko_buf key = KO_BUF(KO_MAX_KEY_STORE_BYTES), passphrase = KO_BUF(KO_MAX_PASSPHRASE_BYTES);
    ko_status st = ko_file_read(path, &key, err);
    if (st == KO_OK)
        st = ko_passphrase_read(passphrase_file, path, &passphrase, err);
    if (st == KO_OK) {
        st = ko_signer_open(key.data, key.size, passphrase.data, ko_clock_now(), out_signer, err);
        ko_error_prefix(err, path);
    }
    ko_passphrase_free(&passphrase);
    ko_buf_free(&key);
    return st;
}
