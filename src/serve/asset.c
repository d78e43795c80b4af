#include "serve/asset.h"

#include "base/text.h"
#include "serve/data.h"
#include "store/store.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

/* What a browser may take a file for; files of no such kind are not served. */
static const char *type_of(const char *name)
{
    static const char *const types[][2] = {
        {".html", "text/html; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".json", "application/json"},
        {".svg", "image/svg+xml"},
        {".zip", "application/zip"},
    };
    const char *dot = strrchr(name, '.');
    for (size_t i = 0; dot && i < sizeof types / sizeof *types; i++)
        if (strcmp(dot, types[i][0]) == 0)
            return types[i][1];
    return NULL;
}

ko_status ko_asset_answer(const char *name, const char *if_none_match, ko_serve_answer *answer,
                          ko_error *err)
{
    const ko_embedded *file = ko_embedded_find(ko_serve_files, name);
    uint8_t sha256[KO_SHA256_SIZE];
    char digits[2 * KO_SHA256_SIZE + 1], etag[KO_ETAG_SIZE];
    answer->type = file ? type_of(name) : NULL;
    if (!answer->type)
        return ko_fail(err, KO_E_NOT_FOUND, "there is no file %s", name);
    if (!EVP_Digest(file->bytes, file->size, sha256, NULL, EVP_sha256(), NULL))
        return ko_fail(err, KO_E_NOMEM, "%s: no memory for SHA-256", name);
    ko_text_hex(sha256, sizeof sha256, digits);
    (void)snprintf(etag, sizeof etag, "\"%s\"", digits);
    if (ko_serve_answer_is_known(answer, etag, if_none_match))
        return KO_OK;
    answer->constant = file->bytes;
    answer->constant_size = file->size;
    return KO_OK;
}
