#include "ingest/inline.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "capture/archive.h"
#include "capture/coding.h"
#include "store/seen.h"

#include <knockoff/image.h>

#include <string.h>
#include <strings.h>

/* Whether what stands between "data:" and the comma ends in ";base64". */
static bool is_base64(const char *head, size_t n)
{
    static const char mark[] = ";base64";
    const size_t length = sizeof mark - 1;
    return n >= length && strncasecmp(head + n - length, mark, length) == 0;
}

/* The bytes in a "data:" URL. Base64 may have been percent-encoded on top. */
static ko_status decode(const char *url, ko_buf *out, ko_error *why)
{
    const char *head = url + strlen("data:");
    const char *comma = strchr(head, ',');
    if (!comma)
        return ko_fail(why, KO_E_FORMAT, "a \"data:\" URL without a comma");
    if (!is_base64(head, (size_t)(comma - head)))
        return ko_capture_unpercent(comma + 1, strlen(comma + 1), out, why);
    ko_buf plain = KO_BUF(KO_MAX_PAGE_BYTES);
    ko_status st = ko_capture_unpercent(comma + 1, strlen(comma + 1), &plain, why);
    if (st == KO_OK)
        st = ko_capture_unbase64(plain.data, plain.size, out, why);
    ko_buf_free(&plain);
    return st;
}

/* The media type that the URL states, as far as it fits; "" when it states none. */
static void media_type(const char *url, char *out, size_t size)
{
    const char *head = url + strlen("data:");
    const size_t n = strcspn(head, ";,");
    const size_t kept = n < size ? n : size - 1;
    memcpy(out, head, kept);
    out[kept] = '\0';
}

/* Lets a picture be a range of the archive. */
static ko_status place(ko_gallery_picture *picture, const char *path, int64_t offset, int64_t bytes,
                       const uint8_t sha256[KO_SHA256_SIZE])
{
    char *own = ko_strdup(path);
    char *none = ko_strdup("");
    if (!own || !none) {
        ko_free(own);
        ko_free(none);
        return KO_E_NOMEM;
    }
    ko_free(picture->path);
    ko_free(picture->url);
    picture->path = own;
    picture->url = none;
    picture->offset = offset;
    picture->bytes = bytes;
    memcpy(picture->sha256, sha256, sizeof picture->sha256);
    return KO_OK;
}

static ko_status on_archived(void *context, const ko_photo *photo)
{
    return place(context, photo->path, photo->offset, photo->bytes, photo->sha256);
}

ko_status ko_ingest_archive_picture(ko_ingest *ingest, const ko_reply *reply,
                                    ko_gallery_picture *picture, ko_error *err)
{
    ko_archived where = {0};
    ko_status st = ko_archive_digest(reply->body, reply->size, where.sha256, err);
    if (st == KO_OK)
        st = ko_photo_archived(ko_ingest_store(ingest), where.sha256, on_archived, picture, err);
    if (st == KO_OK && picture->bytes == 0) {
        st = ko_archive_picture(ko_ingest_archive(ingest), reply, &where, err);
        if (st == KO_OK)
            st = place(picture, where.path, where.offset, where.bytes, where.sha256);
    }
    return st == KO_E_NOMEM ? ko_fail(err, st, "a picture of %s", reply->url) : st;
}

ko_status ko_ingest_inline(ko_ingest *ingest, const char *page_url, size_t n,
                           ko_gallery_picture *picture, bool *out_kept, ko_error *err)
{
    ko_buf bytes = KO_BUF(KO_MAX_CAPTURE_BODY);
    ko_buf url = KO_BUF(KO_MAX_CAPTURE_HEAD);
    char type[64];
    ko_error why = {0};
    *out_kept = false;
    ko_status st = decode(picture->url, &bytes, &why);
    if (st == KO_OK && ko_image_sniff(bytes.data, bytes.size) == KO_IMAGE_UNKNOWN)
        st = ko_fail(&why, KO_E_FORMAT, "not a picture that we read");
    if (st == KO_E_NOMEM) {
        st = ko_fail(err, st, "%s", why.text);
    } else if (st != KO_OK) {
        ko_problem(ko_ingest_problems(ingest), "%s: picture %zu: %s", page_url, n, why.text);
        st = KO_OK;
    } else if (ko_buf_printf(&url, "%s#picture-%zu", page_url, n) != KO_OK) {
        st = ko_fail(err, KO_E_NOMEM, "a picture of %s", page_url);
    } else {
        media_type(picture->url, type, sizeof type);
        const ko_reply reply = {.url = url.data,
                                .final_url = url.data,
                                .content_type = type,
                                .headers = "",
                                .body = bytes.data,
                                .size = bytes.size};
        st = ko_ingest_archive_picture(ingest, &reply, picture, err);
        *out_kept = st == KO_OK;
    }
    ko_buf_free(&bytes);
    ko_buf_free(&url);
    return st;
}
