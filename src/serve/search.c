/* Reverse search: a picture is looked for among works and photos seen before, and forgotten. */
#include "serve/handlers.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "proof/jpeg.h"
#include "report/json.h"
#include "report/lookup.h"
#include "report/side.h"

#include <openssl/evp.h>
#include <stdlib.h>

#define JPEG_QUALITY 85

/* --- the picture, as we show it --- */

static json_t *in_base64(const ko_buf *bytes)
{
    char *text = ko_alloc(4 * ((bytes->size + 2) / 3) + 1);
    if (!text)
        return NULL;
    (void)EVP_EncodeBlock((unsigned char *)text, (const unsigned char *)bytes->data,
                          (int)bytes->size);
    json_t *string = json_string(text);
    ko_free(text);
    return string;
}

static ko_status draw_preview(const void *bytes, size_t size, ko_buf *out, ko_error *err)
{
    ko_report_pixels picture = {0};
    ko_status st = ko_side_bytes(bytes, size, KO_SERVE_PREVIEW_PX, &picture, err);
    if (st == KO_OK)
        st = ko_proof_jpeg(picture.rows, picture.stride, picture.width, picture.height,
                           JPEG_QUALITY, out, err);
    ko_free(picture.rows);
    return st;
}

static ko_status add_preview(ko_desk *desk, const void *bytes, size_t size, json_t *object,
                             ko_error *err)
{
    ko_buf jpeg = KO_BUF(KO_MAX_SERVE_PREVIEW_BYTES);
    ko_serve_begin_drawing(desk);
    ko_status st = draw_preview(bytes, size, &jpeg, err);
    ko_serve_end_drawing(desk);
    if (st == KO_OK && json_object_set_new(object, "preview", in_base64(&jpeg)) != 0)
        st = KO_E_NOMEM;
    ko_buf_free(&jpeg);
    return st;
}

/* --- what is found --- */

static int by_score(const void *a, const void *b)
{
    const ko_album_found *x = a, *y = b;
    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    return (x->photo_id > y->photo_id) - (x->photo_id < y->photo_id);
}

/* Best first, and no more than anybody looks through. */
static void choose(ko_looked *looked)
{
    if (looked->n_photos)
        qsort(looked->photos, looked->n_photos, sizeof *looked->photos, by_score);
    if (looked->n_photos > KO_MAX_SERVE_SEEN)
        looked->n_photos = KO_MAX_SERVE_SEEN;
}

static ko_status tell(ko_desk *desk, const char *name, ko_looked *looked, json_t **out_object,
                      ko_error *err)
{
    ko_store *store = NULL;
    json_t *n_seen = json_integer((json_int_t)looked->n_photos);
    choose(looked);
    ko_status st = ko_pool_take(desk->pool, &store, err);
    if (st == KO_OK)
        st = ko_lookup_json(store, name, looked, KO_MAX_SERVE_SEEN_LISTINGS, out_object, err);
    ko_pool_give(desk->pool, store);
    if (st == KO_OK && json_object_set(*out_object, "n_seen", n_seen) != 0)
        st = ko_fail(err, KO_E_NOMEM, "%s: what was found", name);
    json_decref(n_seen);
    return st;
}

ko_status ko_serve_look(ko_desk *desk, const char *name, const void *bytes, size_t size,
                        ko_serve_answer *answer, ko_error *err)
{
    ko_looked looked = {0};
    json_t *object = NULL;
    ko_status st = ko_eye_look(desk->eye, name, bytes, size, &looked, err);
    if (st == KO_OK)
        st = tell(desk, name, &looked, &object, err);
    if (st == KO_OK)
        st = add_preview(desk, bytes, size, object, err);
    ko_looked_free(&looked);
    if (st == KO_OK)
        return ko_serve_answer_json(answer, object, err);
    json_decref(object);
    return st == KO_E_NOMEM ? ko_fail(err, st, "%s: what was found", name) : st;
}

ko_status ko_serve_search(ko_desk *desk, const ko_serve_request *request, ko_serve_answer *answer,
                          ko_error *err)
{
    const char *name = ko_target_query(request->target, "name");
    if (request->body_size == 0)
        return ko_fail(err, KO_E_USAGE, "there is nothing to look for: the file is empty");
    return ko_serve_look(desk, name && name[0] ? name : "the picture", request->body,
                         request->body_size, answer, err);
}
