#include "report/digest.h"

#include "base/file.h"

#include <openssl/evp.h>

ko_status ko_file_digest(const char *path, size_t max, uint8_t out_sha256[32], int64_t *out_bytes,
                         ko_error *err)
{
    ko_buf bytes = KO_BUF(max);
    ko_status st = ko_file_read(path, &bytes, err);
    if (st == KO_OK && !EVP_Digest(bytes.data, bytes.size, out_sha256, NULL, EVP_sha256(), NULL))
        st = ko_fail(err, KO_E_NOMEM, "%s: its SHA-256", path);
    if (st == KO_OK)
        *out_bytes = (int64_t)bytes.size;
    ko_buf_free(&bytes);
    return st;
}
