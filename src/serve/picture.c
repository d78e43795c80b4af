/* The pictures of a candidate. What a browser gets was decoded and encoded again here, so that it
 * never sees the bytes of a stranger. */
#include "serve/handlers.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "base/text.h"
#include "proof/jpeg.h"
#include "report/candidate.h"
#include "report/evidence.h"
#include "report/exhibit.h"
#include "report/side.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h> /* free */
#include <string.h>

#define WIDTH_DEFAULT 800u
#define JPEG_QUALITY 88 /* thin lines of a work stay sharp */
#define EXHIBIT 3       /* behind the ko_sides */

typedef struct wish {
    ko_desk *desk;
    const ko_serve_request *request;
    ko_store *store;
    int side; /* a ko_side, or EXHIBIT */
    uint32_t side_px;
    bool found, known; /* the candidate is there; the browser has the picture */
    ko_serve_answer *answer;
    ko_error *err;
} wish;

static ko_status read_query(const ko_target *target, wish *w, ko_error *err)
{
    static const char *const names[] = {"side", "width", NULL};
    static const char *const sides[] = {"listing", "work", "patch", "exhibit"};
    const char *side = ko_target_query(target, "side");
    const char *width = ko_target_query(target, "width");
    const ko_status st = ko_target_knows(target, names, err);
    if (st != KO_OK)
        return st;
    for (w->side = 0; side && w->side <= EXHIBIT && strcmp(side, sides[w->side]) != 0;)
        w->side++;
    if (!side || w->side > EXHIBIT)
        return ko_fail(err, KO_E_USAGE, "side is listing, work, patch or exhibit");
    w->side_px = WIDTH_DEFAULT;
    if (!width)
        return KO_OK;
    char *end;
    const long px = strtol(width, &end, 10);
    if (width[0] < '0' || width[0] > '9' || *end || px < (long)KO_MIN_SERVE_SIDE_PX ||
        px > (long)KO_MAX_SERVE_SIDE_PX)
        return ko_fail(err, KO_E_USAGE, "width is a number of pixels from %u to %u",
                       KO_MIN_SERVE_SIDE_PX, KO_MAX_SERVE_SIDE_PX);
    w->side_px = (uint32_t)px;
    return KO_OK;
}

/* What the picture shows besides the two files, as text. */
static char *words_of(const wish *w, const ko_candidate *c)
{
    json_t *all = w->side == EXHIBIT ? ko_candidate_json(c)
                                     : ko_evidence_json(json_object(), &c->match.evidence);
    char *text = all ? json_dumps(all, JSON_COMPACT) : NULL;
    json_decref(all);
    return text;
}

/* Of all that the picture is made of. */
static ko_status make_etag(const wish *w, const ko_candidate *c, char out[KO_ETAG_SIZE])
{
    uint8_t sha256[KO_SHA256_SIZE];
    char digits[2 * KO_SHA256_SIZE + 1];
    char *text = words_of(w, c);
    EVP_MD_CTX *digest = EVP_MD_CTX_new();
    const bool made = text && digest && EVP_DigestInit_ex(digest, EVP_sha256(), NULL) &&
                      EVP_DigestUpdate(digest, w->desk->version, strlen(w->desk->version)) &&
                      EVP_DigestUpdate(digest, &w->side, sizeof w->side) &&
                      EVP_DigestUpdate(digest, &w->side_px, sizeof w->side_px) &&
                      EVP_DigestUpdate(digest, c->photo->sha256, KO_SHA256_SIZE) &&
                      EVP_DigestUpdate(digest, c->view->sha256, KO_SHA256_SIZE) &&
                      EVP_DigestUpdate(digest, text, strlen(text)) &&
                      EVP_DigestFinal_ex(digest, sha256, NULL);
    EVP_MD_CTX_free(digest);
    free(text); /* jansson's: not ours */
    if (!made)
        return KO_E_NOMEM;
    ko_text_hex(sha256, sizeof sha256, digits);
    (void)snprintf(out, KO_ETAG_SIZE, "\"%s\"", digits);
    return KO_OK;
}

static ko_status draw_side(const wish *w, const ko_candidate *c)
{
    ko_report_pixels picture = {0};
    ko_status st = ko_side_draw(w->store, c, (ko_side)w->side, w->side_px, &picture, w->err);
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

/* Waits until few enough others are drawing. */
static void begin_drawing(ko_desk *desk)
{
    (void)pthread_mutex_lock(&desk->drawing);
    while (desk->n_drawing == KO_MAX_SERVE_PICTURES)
        (void)pthread_cond_wait(&desk->drawn, &desk->drawing);
    desk->n_drawing++;
    (void)pthread_mutex_unlock(&desk->drawing);
}

static void end_drawing(ko_desk *desk)
{
    (void)pthread_mutex_lock(&desk->drawing);
    desk->n_drawing--;
    (void)pthread_cond_signal(&desk->drawn);
    (void)pthread_mutex_unlock(&desk->drawing);
}

static ko_status look(void *context, const ko_candidate *c)
{
    wish *w = context;
    char etag[KO_ETAG_SIZE];
    const ko_status st = make_etag(w, c, etag);
    w->found = true;
    if (st == KO_OK)
        w->known = ko_serve_answer_is_known(w->answer, etag, w->request->if_none_match);
    return st;
}

static ko_status draw(void *context, const ko_candidate *c)
{
    wish *w = context;
    /* Another may show the work better by now. */
    const ko_status st = make_etag(w, c, w->answer->etag);
    if (st != KO_OK)
        return st;
    return w->side == EXHIBIT ? draw_exhibit(w, c) : draw_side(w, c);
}

/* Does so to the candidate, with a store that is lent meanwhile. */
static ko_status with_candidate(wish *w, ko_candidate_fn *fn)
{
    const ko_candidate_filter one = {.id = w->request->id};
    ko_status st = ko_pool_take(w->desk->pool, &w->store, w->err);
    if (st != KO_OK)
        return st;
    st = ko_candidate_each(w->store, &one, fn, w, w->err);
    ko_pool_give(w->desk->pool, w->store);
    return st;
}

/* Who waits for its turn to draw has no store, which others may need meanwhile. */
ko_status ko_serve_picture(ko_desk *desk, const ko_serve_request *request, ko_serve_answer *answer,
                           ko_error *err)
{
    wish w = {.desk = desk, .request = request, .answer = answer, .err = err};
    ko_status st = read_query(request->target, &w, err);
    if (st == KO_OK)
        st = with_candidate(&w, look);
    if (st == KO_OK && !w.found)
        st = ko_fail(err, KO_E_NOT_FOUND, "no candidate %lld", (long long)request->id);
    if (st == KO_OK && !w.known) {
        begin_drawing(desk);
        st = with_candidate(&w, draw);
        end_drawing(desk);
    }
    return st == KO_E_NOMEM ? ko_fail(err, st, "picture of candidate %lld", (long long)request->id)
                            : st;
}
