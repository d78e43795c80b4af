/* Pictures of works, of listings and of both. What a browser gets was decoded and encoded again
 * here, so that it never sees the bytes of a stranger. */
#include "serve/handlers.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "base/text.h"
#include "proof/jpeg.h"
#include "report/candidate.h"
#include "report/evidence.h"
#include "report/exhibit.h"
#include "report/side.h"

#include <assert.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h> /* free */
#include <string.h>

#define WIDTH_DEFAULT 800u
#define JPEG_QUALITY 88 /* thin lines of a work stay sharp */

typedef enum side { LISTING, WORK, SHAPE, PATCH, EXHIBIT, SIDES } side;
static const char *const sides[SIDES] = {"listing", "work", "shape", "patch", "exhibit"};

/* What the picture is made of; NULL what it does not need. */
typedef struct subject {
    const ko_photo *photo;
    const ko_view *view;
    const ko_candidate *candidate;
} subject;

typedef struct wish wish;

struct wish {
    ko_desk *desk;
    const ko_serve_request *request;
    ko_serve_answer *answer;
    ko_error *err;
    const char *noun; /* what is asked for by number */
    ko_status (*find)(wish *w);
    side side;
    uint32_t side_px;
    int64_t view_id; /* of a work; 0: its first view */

    ko_store *store;
    ko_status (*use)(wish *w, const subject *s); /* what is done with the subject */
    bool found, known;                           /* there is one; the browser has the picture */
};

static ko_status read_width(const ko_target *target, uint32_t *out_px, ko_error *err)
{
    const char *width = ko_target_query(target, "width");
    *out_px = WIDTH_DEFAULT;
    if (!width)
        return KO_OK;
    char *end;
    const long px = strtol(width, &end, 10);
    if (width[0] < '0' || width[0] > '9' || *end || px < (long)KO_MIN_SERVE_SIDE_PX ||
        px > (long)KO_MAX_SERVE_SIDE_PX)
        return ko_fail(err, KO_E_USAGE, "width is a number of pixels from %u to %u",
                       KO_MIN_SERVE_SIDE_PX, KO_MAX_SERVE_SIDE_PX);
    *out_px = (uint32_t)px;
    return KO_OK;
}

static ko_status read_view(const ko_target *target, int64_t *out_id, ko_error *err)
{
    const char *view = ko_target_query(target, "view");
    char *end = NULL;
    if (!view)
        return KO_OK;
    *out_id = view[0] >= '1' && view[0] <= '9' ? strtoll(view, &end, 10) : 0;
    return end && *end == '\0' ? KO_OK : ko_fail(err, KO_E_USAGE, "view is the number of one");
}

static ko_status read_side(const ko_target *target, side *out, ko_error *err)
{
    const char *name = ko_target_query(target, "side");
    for (side s = 0; name && s < SIDES; s++)
        if (strcmp(name, sides[s]) == 0) {
            *out = s;
            return KO_OK;
        }
    return ko_fail(err, KO_E_USAGE, "side is listing, work, shape, patch or exhibit");
}

/* --- what it is --- */

/* What the picture shows besides the files, as text. */
static char *words_of(const wish *w, const ko_candidate *c)
{
    json_t *all = w->side == EXHIBIT ? ko_candidate_json(c)
                                     : ko_evidence_json(json_object(), &c->match.evidence);
    char *text = all ? json_dumps(all, JSON_COMPACT) : NULL;
    json_decref(all);
    return text;
}

static bool add_subject(EVP_MD_CTX *digest, const wish *w, const subject *s)
{
    bool added = true;
    if (s->photo)
        added = EVP_DigestUpdate(digest, s->photo->sha256, KO_SHA256_SIZE);
    if (added && s->view)
        added = EVP_DigestUpdate(digest, s->view->sha256, KO_SHA256_SIZE);
    if (!added || !s->candidate)
        return added;
    char *text = words_of(w, s->candidate);
    added = text && EVP_DigestUpdate(digest, text, strlen(text));
    free(text); /* jansson's: not ours */
    return added;
}

/* Of all that the picture is made of. */
static ko_status make_etag(const wish *w, const subject *s, char out[KO_ETAG_SIZE])
{
    uint8_t sha256[KO_SHA256_SIZE];
    char digits[2 * KO_SHA256_SIZE + 1];
    EVP_MD_CTX *digest = EVP_MD_CTX_new();
    const bool made = digest && EVP_DigestInit_ex(digest, EVP_sha256(), NULL) &&
                      EVP_DigestUpdate(digest, w->desk->version, strlen(w->desk->version)) &&
                      EVP_DigestUpdate(digest, &w->side, sizeof w->side) &&
                      EVP_DigestUpdate(digest, &w->side_px, sizeof w->side_px) &&
                      add_subject(digest, w, s) && EVP_DigestFinal_ex(digest, sha256, NULL);
    EVP_MD_CTX_free(digest);
    if (!made)
        return KO_E_NOMEM;
    ko_text_hex(sha256, sizeof sha256, digits);
    (void)snprintf(out, KO_ETAG_SIZE, "\"%s\"", digits);
    return KO_OK;
}

/* --- drawing it --- */

static ko_status draw_pixels(const wish *w, const subject *s, ko_report_pixels *out)
{
    switch (w->side) {
    case LISTING:
        return ko_side_photo(s->photo, w->side_px, out, w->err);
    case WORK:
        return ko_side_work(s->view, w->side_px, out, w->err);
    case SHAPE:
        return ko_side_shape(s->view, w->side_px, out, w->err);
    default:
        assert(w->side == PATCH);
        return ko_side_patch(w->store, s->candidate, w->side_px, out, w->err);
    }
}

static ko_status draw_jpeg(const wish *w, const subject *s)
{
    ko_report_pixels picture = {0};
    ko_status st = draw_pixels(w, s, &picture);
    if (st == KO_OK)
        st = ko_proof_jpeg(picture.rows, picture.stride, picture.width, picture.height,
                           JPEG_QUALITY, &w->answer->body, w->err);
    ko_free(picture.rows);
    w->answer->type = "image/jpeg";
    return st;
}

static ko_status draw_exhibit(const wish *w, const ko_candidate *c)
{
    char software[64];
    (void)snprintf(software, sizeof software, "Knockoff %s", w->desk->version);
    w->answer->body = KO_BUF(KO_MAX_EXHIBIT_BYTES);
    w->answer->type = "image/png";
    return ko_exhibit_png(w->store, c, software, &w->answer->body, w->err);
}

void ko_serve_begin_drawing(ko_desk *desk)
{
    (void)pthread_mutex_lock(&desk->drawing);
    while (desk->n_drawing == KO_MAX_SERVE_PICTURES)
        (void)pthread_cond_wait(&desk->drawn, &desk->drawing);
    desk->n_drawing++;
    (void)pthread_mutex_unlock(&desk->drawing);
}

void ko_serve_end_drawing(ko_desk *desk)
{
    (void)pthread_mutex_lock(&desk->drawing);
    desk->n_drawing--;
    (void)pthread_cond_signal(&desk->drawn);
    (void)pthread_mutex_unlock(&desk->drawing);
}

/* --- uses of a subject --- */

static ko_status look(wish *w, const subject *s)
{
    char etag[KO_ETAG_SIZE];
    const ko_status st = make_etag(w, s, etag);
    if (st == KO_OK)
        w->known = ko_serve_answer_is_known(w->answer, etag, w->request->if_none_match);
    return st;
}

static ko_status draw(wish *w, const subject *s)
{
    /* Another photo may show the work better by now. */
    const ko_status st = make_etag(w, s, w->answer->etag);
    if (st != KO_OK)
        return st;
    return w->side == EXHIBIT ? draw_exhibit(w, s->candidate) : draw_jpeg(w, s);
}

/* --- finding it --- */

static ko_status on_candidate(void *context, const ko_candidate *c)
{
    wish *w = context;
    const subject s = {.photo = w->side == WORK || w->side == SHAPE ? NULL : c->photo,
                       .view = w->side == LISTING ? NULL : c->view,
                       .candidate = w->side == PATCH || w->side == EXHIBIT ? c : NULL};
    w->found = true;
    return w->use(w, &s);
}

static ko_status find_candidate(wish *w)
{
    const ko_candidate_filter one = {.id = w->request->id};
    return ko_candidate_each(w->store, &one, on_candidate, w, w->err);
}

/* The first of the work's views is what it is known by. */
static ko_status on_view(void *context, const ko_view *view)
{
    wish *w = context;
    const subject s = {.view = view};
    if (w->found || (w->view_id && view->id != w->view_id))
        return KO_OK;
    w->found = true;
    return w->use(w, &s);
}

static ko_status find_work(wish *w)
{
    return ko_view_each(w->store, w->request->id, false, on_view, w, w->err);
}

static ko_status on_photo(void *context, const ko_photo *photo)
{
    wish *w = context;
    const subject s = {.photo = photo};
    w->found = true;
    return w->use(w, &s);
}

static ko_status find_photo(wish *w)
{
    const int64_t id = w->request->id;
    return ko_photo_each(w->store, id - 1, id, 1, on_photo, w, w->err);
}

/* Does so to the subject, with a store that is lent meanwhile. */
static ko_status with_subject(wish *w, ko_status (*use)(wish *w, const subject *s))
{
    ko_status st = ko_pool_take(w->desk->pool, &w->store, w->err);
    if (st != KO_OK)
        return st;
    w->found = false;
    w->use = use;
    st = w->find(w);
    if (st == KO_OK && !w->found)
        st = ko_fail(w->err, KO_E_NOT_FOUND, "no %s %lld", w->noun, (long long)w->request->id);
    ko_pool_give(w->desk->pool, w->store);
    return st;
}

static ko_status answer_picture(wish *w)
{
    ko_status st = read_width(w->request->target, &w->side_px, w->err);
    if (st == KO_OK)
        st = with_subject(w, look);
    if (st == KO_OK && !w->known) {
        ko_serve_begin_drawing(w->desk);
        st = with_subject(w, draw);
        ko_serve_end_drawing(w->desk);
    }
    return st == KO_E_NOMEM
               ? ko_fail(w->err, st, "picture of %s %lld", w->noun, (long long)w->request->id)
               : st;
}

ko_status ko_serve_picture(ko_desk *desk, const ko_serve_request *request, ko_serve_answer *answer,
                           ko_error *err)
{
    wish w = {desk, request, answer, err, .noun = "candidate", .find = find_candidate};
    ko_status st = read_side(request->target, &w.side, err);
    return st == KO_OK ? answer_picture(&w) : st;
}

ko_status ko_serve_work_picture(ko_desk *desk, const ko_serve_request *request,
                                ko_serve_answer *answer, ko_error *err)
{
    wish w = {desk, request, answer, err, .noun = "work", .find = find_work, .side = WORK};
    ko_status st = read_view(request->target, &w.view_id, err);
    return st == KO_OK ? answer_picture(&w) : st;
}

ko_status ko_serve_photo_picture(ko_desk *desk, const ko_serve_request *request,
                                 ko_serve_answer *answer, ko_error *err)
{
    wish w = {desk, request, answer, err, .noun = "photo", .find = find_photo, .side = LISTING};
    return answer_picture(&w);
}
