/* What the clipping helper sends: the page that its user looks at, and the pictures that it shows.
 *
 * Both are kept as a page that was saved by hand would be: the document and the bytes in the
 * archive, the listing in the store, where the next scan makes candidates of it. The answer does
 * not wait for that: each picture is looked at when it comes. Nothing is kept between requests but
 * that, so a helper may stop anywhere. */
#include "serve/handlers.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/limits.h"
#include "capture/archive.h"
#include "case/beside.h"
#include "image/sniff.h"
#include "ingest/page.h"
#include "page/record.h"
#include "platform/canonical.h"
#include "report/evidence.h"
#include "report/json.h"
#include "report/lookup.h"

#include <stdlib.h>
#include <string.h>

/* Who sends, as paired; another server may have been told that it is no more. */
static ko_status note_use(ko_desk *desk, const ko_serve_request *request, ko_pairing *out_pairing,
                          ko_error *err)
{
    ko_store *store = NULL;
    ko_status st = ko_pool_take(desk->pool, &store, err);
    if (st == KO_OK)
        st = ko_pairings_use(desk->pairings, store, request->pairing, out_pairing, err);
    ko_pool_give(desk->pool, store);
    return st;
}

/* --- keeping --- */

/* With the lock. It is one for all clips, so that an afternoon of them is one file. */
static ko_status open_archive(ko_desk *desk, ko_error *err)
{
    char *folder = NULL;
    ko_buf software = KO_BUF(KO_ERROR_TEXT_SIZE);
    if (desk->archive)
        return KO_OK;
    ko_status st = ko_beside(desk->path, KO_BESIDE_ARCHIVE, &folder, err);
    if (st == KO_OK)
        st = ko_buf_printf(&software, "Knockoff/%s", desk->version);
    if (st == KO_OK)
        st = ko_archive_open(folder, software.data, &desk->archive, err);
    ko_buf_free(&software);
    ko_free(folder);
    return st;
}

/* Keeps something of a page with this address. */
typedef ko_status keep_fn(ko_ingest *ingest, void *context, ko_error *err);

static ko_status keep_in(ko_desk *desk, ko_store *store, const char *url, keep_fn *fn,
                         void *context, ko_error *err)
{
    ko_problems problems = {0};
    ko_ingest_counts counts = {0};
    ko_ingest *ingest = NULL;
    ko_status st = ko_ingest_begin(store, desk->archive, url, &problems, &ingest, err);
    if (st != KO_OK)
        return st;
    st = fn(ingest, context, err);
    if (st == KO_OK)
        return ko_ingest_end(ingest, &counts, err);
    ko_ingest_abandon(ingest);
    return st;
}

/* One at a time: who waits for the archive has no store, which others may need meanwhile. */
static ko_status keep(ko_desk *desk, const char *url, keep_fn *fn, void *context, ko_error *err)
{
    ko_store *store = NULL;
    (void)pthread_mutex_lock(&desk->archiving);
    ko_status st = open_archive(desk, err);
    if (st == KO_OK)
        st = ko_pool_take(desk->pool, &store, err);
    if (st == KO_OK)
        st = keep_in(desk, store, url, fn, context, err);
    ko_pool_give(desk->pool, store);
    (void)pthread_mutex_unlock(&desk->archiving);
    return st;
}

/* --- a page --- */

/* A picture that the page shows: its address there, and the one by which it is known. */
typedef struct shown {
    const char *at; /* in the body, n bytes */
    size_t n;
    char *canonical; /* owned; NULL: it has none */
} shown;

typedef struct clipping {
    ko_url url;
    shown shown[KO_MAX_CLIP_ADDRESSES];
    size_t n_shown;
    const char *document;
    size_t size;
    ko_ingest_page_options options;
    ko_reply reply; /* that the document is */
    ko_page page;   /* that was read */
    ko_store *store;
    size_t n_wanted, n_left; /* pictures asked for, and those beyond the limit */
    json_t *listings;
    ko_error *err;
} clipping;

static void free_clipping(clipping *c)
{
    for (size_t i = 0; i < c->n_shown; i++)
        ko_free(c->shown[i].canonical);
    ko_page_free(&c->page);
    json_decref(c->listings);
    ko_free(c);
}

static ko_status take_shown(clipping *c, const char *line, size_t n, ko_error *err)
{
    ko_url url;
    if (c->n_shown == KO_MAX_CLIP_ADDRESSES)
        return ko_fail(err, KO_E_LIMIT, "more than %u pictures are named", KO_MAX_CLIP_ADDRESSES);
    shown *s = &c->shown[c->n_shown++];
    *s = (shown){.at = line, .n = n};
    if (ko_url_parse(line, n, &c->url, &url, NULL) != KO_OK ||
        ko_canonical_image(&url, &url, NULL) != KO_OK)
        return KO_OK; /* not from the web, such as "blob:" */
    s->canonical = ko_strdup(url.text);
    return s->canonical ? KO_OK : ko_fail(err, KO_E_NOMEM, "clipping");
}

static ko_status read_kind(const ko_serve_request *request, clipping *c, ko_error *err)
{
    const char *as = ko_target_query(request->target, "as");
    c->options.as = as ? "html" : NULL; /* the user says that it is a listing */
    if (as && strcmp(as, "listing") != 0)
        return ko_fail(err, KO_E_USAGE, "as is listing, or is not said");
    return KO_OK;
}

/* A body is lines: the page's address, and those of the pictures that it shows; an empty one; and
 * the document. */
static ko_status read_body(const ko_serve_request *request, clipping *c, ko_error *err)
{
    const char *at = request->body, *end = at + request->body_size;
    ko_status st = KO_OK;
    for (size_t line = 0; st == KO_OK; line++) {
        const char *to = memchr(at, '\n', (size_t)(end - at));
        if (!to)
            return ko_fail(err, KO_E_FORMAT, "no document follows the addresses");
        const size_t n = (size_t)(to - at);
        if (line == 0)
            st = ko_url_parse(at, n, NULL, &c->url, err);
        else if (n)
            st = take_shown(c, at, n, err);
        at = to + 1;
        if (line && n == 0)
            break;
    }
    c->document = at;
    c->size = (size_t)(end - at);
    if (st == KO_OK && c->size > KO_MAX_CLIP_PAGE)
        return ko_fail(err, KO_E_LIMIT, "a document of %zu bytes, limit %zu", c->size,
                       KO_MAX_CLIP_PAGE);
    return st;
}

/* No server sent this: it is what became of the page in the browser, so there is no head. One is
 * read at a time: a hostile one takes two seconds and 400 MB. */
static ko_status read_page(ko_desk *desk, clipping *c, ko_error *err)
{
    c->reply = (ko_reply){.url = c->url.text,
                          .final_url = c->url.text,
                          .content_type = "text/html; charset=utf-8",
                          .headers = "",
                          .body = c->document,
                          .size = c->size,
                          .at = ko_clock_now()};
    (void)pthread_mutex_lock(&desk->archiving);
    const ko_status st = ko_ingest_read(&c->reply, &c->options, &c->page, err);
    (void)pthread_mutex_unlock(&desk->archiving);
    return st;
}

static ko_status keep_page(ko_ingest *ingest, void *context, ko_error *err)
{
    clipping *c = context;
    return ko_ingest_page(ingest, &c->reply, &c->options, &c->page, err);
}

/* The address by which the page shows the picture; null when it does not. */
static json_t *shown_json(const clipping *c, const char *canonical)
{
    for (size_t i = 0; i < c->n_shown; i++)
        if (c->shown[i].canonical && strcmp(c->shown[i].canonical, canonical) == 0)
            return json_stringn(c->shown[i].at, c->shown[i].n);
    return json_null();
}

static json_t *wanted_json(clipping *c, const ko_listing *record)
{
    json_t *wanted = json_array();
    for (size_t i = 0; i < record->n_pictures; i++) {
        const ko_gallery_picture *picture = &record->pictures[i];
        if (c->n_wanted == KO_MAX_CLIP_PICTURES) {
            c->n_left++;
            continue;
        }
        c->n_wanted++;
        (void)json_array_append_new(wanted, json_pack("{s:I, s:o, s:o, s:b}", "n", (json_int_t)i,
                                                      "url", ko_json_string(picture->url), "shown",
                                                      shown_json(c, picture->url), "here",
                                                      picture->path[0] != '\0'));
    }
    return wanted;
}

static ko_status add_listing(void *context, const ko_seen *seen)
{
    clipping *c = context;
    const ko_listing *r = &seen->record;
    json_t *object =
        json_pack("{s:I, s:o, s:o, s:o, s:o, s:o, s:o}", "listing", (json_int_t)seen->id, "url",
                  ko_json_string(r->url), "title", ko_json_string(r->title), "seller",
                  ko_json_string(r->seller), "price", ko_json_string(r->price), "currency",
                  ko_json_string(r->currency), "wanted", wanted_json(c, r));
    return json_array_append_new(c->listings, object) == 0 ? KO_OK : KO_E_NOMEM;
}

/* The listings that the page's offers were kept as, with what of their galleries is wanted. */
static ko_status tell_listings(clipping *c, ko_error *err)
{
    ko_status st = KO_OK;
    for (size_t i = 0; st == KO_OK && i < c->page.offers.count; i++) {
        ko_listing record = {0};
        int64_t id = 0;
        st = ko_offer_record(&c->page.offers.offer[i], &record, err);
        if (st == KO_OK && record.key[0])
            st = ko_seen_find(c->store, record.key, &id, err);
        if (st == KO_OK && id)
            st = ko_seen_one(c->store, id, add_listing, c, err);
        ko_listing_free(&record);
    }
    return st;
}

static json_t *text_or_null(const char *text)
{
    return text ? json_string(text) : json_null();
}

ko_status ko_serve_clip(ko_desk *desk, const ko_serve_request *request, ko_serve_answer *answer,
                        ko_error *err)
{
    ko_pairing pairing;
    clipping *c = ko_alloc_zero(1, sizeof *c);
    if (!c)
        return ko_fail(err, KO_E_NOMEM, "clipping");
    c->listings = json_array();
    ko_status st = read_kind(request, c, err);
    if (st == KO_OK)
        st = read_body(request, c, err);
    if (st == KO_OK)
        st = note_use(desk, request, &pairing, err);
    if (st == KO_OK)
        st = read_page(desk, c, err);
    if (st == KO_OK)
        st = keep(desk, c->url.text, keep_page, c, err);
    if (st == KO_OK)
        st = ko_pool_take(desk->pool, &c->store, err);
    if (st == KO_OK)
        st = tell_listings(c, err);
    ko_pool_give(desk->pool, c->store);
    if (st == KO_OK)
        st = ko_serve_answer_json(answer,
                                  json_pack("{s:o, s:o, s:I, s:O}", "blocked",
                                            text_or_null(c->page.blocked), "note",
                                            text_or_null(c->page.note), "left_out",
                                            (json_int_t)c->n_left, "listings", c->listings),
                                  err);
    free_clipping(c);
    return st;
}

/* --- a picture of it --- */

/* One picture of a listing's gallery, and its bytes. */
typedef struct pictured {
    int64_t listing_id;
    size_t n; /* its place in the gallery */
    bool found;
    bool screen; /* what a screen showed of it, instead of the picture */
    bool sent;   /* else it was here */
    char *listing_url, *url, *path;
    int64_t offset, bytes;
    ko_buf read; /* what was here */
    const void *data;
    size_t size;
    bool kept;
} pictured;

static void free_pictured(pictured *p)
{
    ko_free(p->listing_url);
    ko_free(p->url);
    ko_free(p->path);
    ko_buf_free(&p->read);
}

static ko_status read_query(const ko_serve_request *request, pictured *p, ko_error *err)
{
    const char *n = ko_target_query(request->target, "n");
    const char *as = ko_target_query(request->target, "as");
    char *end = NULL;
    p->n = n && n[0] >= '0' && n[0] <= '9' && strlen(n) < 5 ? strtoul(n, &end, 10) : 0;
    if (!end || *end)
        return ko_fail(err, KO_E_USAGE, "n is the place of a picture in its gallery, from 0 on");
    if (as && strcmp(as, "screen") != 0)
        return ko_fail(err, KO_E_USAGE, "as is screen, or is not said");
    p->listing_id = request->id;
    p->screen = as != NULL;
    p->sent = request->body_size > 0;
    p->data = request->body;
    p->size = request->body_size;
    return KO_OK;
}

static ko_status on_listing(void *context, const ko_seen *seen)
{
    pictured *p = context;
    const ko_listing *record = &seen->record;
    if (p->n >= record->n_pictures)
        return KO_OK;
    const ko_gallery_picture *picture = &record->pictures[p->n];
    p->found = true;
    p->listing_url = ko_strdup(record->url);
    p->url = ko_strdup(picture->url);
    p->path = ko_strdup(picture->path);
    p->offset = picture->offset;
    p->bytes = picture->bytes;
    return p->listing_url && p->url && p->path ? KO_OK : KO_E_NOMEM;
}

static ko_status find_picture(ko_desk *desk, pictured *p, ko_error *err)
{
    ko_store *store = NULL;
    ko_status st = ko_pool_take(desk->pool, &store, err);
    if (st == KO_OK)
        st = ko_seen_one(store, p->listing_id, on_listing, p, err);
    ko_pool_give(desk->pool, store);
    if (st == KO_OK && !p->found)
        st = ko_fail(err, KO_E_NOT_FOUND, "listing %lld has no picture %zu",
                     (long long)p->listing_id, p->n);
    return st;
}

/* Nothing was sent: the picture must be here. */
static ko_status read_picture(pictured *p, ko_error *err)
{
    const ko_file_part part = {p->path, p->offset, p->bytes};
    p->read = KO_BUF(KO_MAX_WEB_PICTURE_BYTES);
    if (!p->path[0])
        return ko_fail(err, KO_E_FORMAT, "picture %zu of listing %lld is not here: send it", p->n,
                       (long long)p->listing_id);
    const ko_status st = ko_file_read_part(&part, &p->read, err);
    p->data = p->read.data ? p->read.data : "";
    p->size = p->read.size;
    return st;
}

static ko_status keep_picture(ko_ingest *ingest, void *context, ko_error *err)
{
    pictured *p = context;
    ko_buf screen = KO_BUF(2 * KO_MAX_URL_BYTES);
    ko_reply reply = {.url = p->url,
                      .final_url = p->url,
                      .content_type = ko_image_media_type(ko_image_sniff(p->data, p->size)),
                      .headers = "",
                      .body = p->data,
                      .size = p->size,
                      .at = ko_clock_now()};
    if (!p->screen)
        return ko_ingest_picture_reply(ingest, &reply, &p->kept, err);
    ko_status st = ko_buf_printf(&screen, "%s#screen-%zu", p->listing_url, p->n);
    reply.url = reply.final_url = screen.data;
    st = st == KO_OK ? ko_ingest_shown_picture(ingest, p->listing_url, &reply, err)
                     : ko_fail(err, st, "a picture of %s", p->listing_url);
    p->kept = st == KO_OK;
    ko_buf_free(&screen);
    return st;
}

/* What people read of each score goes with it. */
static ko_status add_odds(json_t *works)
{
    size_t i;
    json_t *work;
    json_array_foreach(works, i, work)
    {
        char odds[KO_EVIDENCE_ODDS_SIZE];
        ko_evidence_odds(json_number_value(json_object_get(work, "score")), odds);
        if (json_object_set_new(work, "odds", json_string(odds)) != 0)
            return KO_E_NOMEM;
    }
    return KO_OK;
}

/* The works that it shows, and how often it was seen before. */
static ko_status tell_looked(ko_desk *desk, const pictured *p, const ko_looked *looked,
                             ko_serve_answer *answer, ko_error *err)
{
    ko_store *store = NULL;
    json_t *told = NULL;
    ko_status st = ko_pool_take(desk->pool, &store, err);
    if (st == KO_OK)
        st = ko_lookup_json(store, p->url, looked, 0, &told, err);
    ko_pool_give(desk->pool, store);
    json_t *works = json_object_get(told, "works");
    if (st == KO_OK && add_odds(works) != KO_OK)
        st = ko_fail(err, KO_E_NOMEM, "works of a picture");
    if (st == KO_OK)
        st = ko_serve_answer_json(answer,
                                  json_pack("{s:O, s:O, s:b, s:I}", "works", works, "plain",
                                            json_object_get(told, "plain"), "kept", p->kept, "seen",
                                            (json_int_t)looked->n_photos),
                                  err);
    json_decref(told);
    return st;
}

ko_status ko_serve_clip_picture(ko_desk *desk, const ko_serve_request *request,
                                ko_serve_answer *answer, ko_error *err)
{
    pictured p = {0};
    ko_looked looked = {0};
    ko_status st = read_query(request, &p, err);
    if (st == KO_OK)
        st = find_picture(desk, &p, err);
    if (st == KO_OK && !p.sent)
        st = read_picture(&p, err);
    if (st == KO_OK)
        st = ko_eye_look(desk->eye, "the picture", p.data, p.size, &looked, err);
    if (st == KO_OK && p.sent)
        st = keep(desk, p.listing_url, keep_picture, &p, err);
    if (st == KO_OK)
        st = tell_looked(desk, &p, &looked, answer, err);
    ko_looked_free(&looked);
    free_pictured(&p);
    return st;
}

/* --- before and after --- */

ko_status ko_serve_clip_hello(ko_desk *desk, const ko_serve_request *request,
                              ko_serve_answer *answer, ko_error *err)
{
    ko_pairing pairing;
    ko_status st = note_use(desk, request, &pairing, err);
    if (st != KO_OK)
        return st;
    return ko_serve_answer_json(
        answer, json_pack("{s:s, s:s}", "name", pairing.name, "version", desk->version), err);
}

ko_status ko_serve_clip_end(ko_desk *desk, const ko_serve_request *request, ko_serve_answer *answer,
                            ko_error *err)
{
    (void)request;
    ko_error busy = {0};
    int64_t task;
    ko_status st = ko_serve_scan_start(desk, &task, &busy);
    if (st != KO_OK && st != KO_E_BUSY)
        return ko_fail(err, st, "%s", busy.text);
    return ko_serve_answer_json(answer, json_pack("{s:b}", "scan", st == KO_OK), err);
}

static ko_status add_candidate(void *context, const ko_candidate *c)
{
    json_t *object = json_pack("{s:I, s:s, s:o, s:s}", "candidate", (json_int_t)c->id, "work",
                               c->work->serial, "title", ko_json_string(c->work->fields.title),
                               "state", ko_candidate_state_name(c->state));
    return json_array_append_new(context, object) == 0 ? KO_OK : KO_E_NOMEM;
}

ko_status ko_serve_clip_candidates(ko_desk *desk, const ko_serve_request *request,
                                   ko_serve_answer *answer, ko_error *err)
{
    ko_store *store = NULL;
    json_t *candidates = json_array();
    ko_status st = ko_pool_take(desk->pool, &store, err);
    if (st == KO_OK)
        st = ko_candidate_each_of(store, request->id, add_candidate, candidates, err);
    ko_pool_give(desk->pool, store);
    if (st == KO_OK)
        st = ko_serve_answer_json(answer, json_pack("{s:O}", "candidates", candidates), err);
    json_decref(candidates);
    return st;
}
