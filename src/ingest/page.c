#include "ingest/page.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/limits.h"
#include "capture/archive.h"
#include "image/sniff.h"
#include "ingest/inline.h"
#include "page/record.h"
#include "page/web.h"
#include "platform/canonical.h"
#include "platform/escape.h"
#include "store/web.h"

#include <knockoff/image.h>

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* --- kinds --- */

static const struct page_kind {
    const char *word; /* of --as */
    ko_page_format format;
} kinds[] = {
    {"html", KO_FORMAT_HTML},
    {"shopify", KO_FORMAT_SHOPIFY},
    {"woocommerce", KO_FORMAT_WOOCOMMERCE},
    {"feed", KO_FORMAT_FEED_XML},
    {"feed", KO_FORMAT_FEED_TSV},
    {"sitemap", KO_FORMAT_SITEMAP},
    {"urls", KO_FORMAT_URLS},
    {"ebay", KO_FORMAT_EBAY},
    {"etsy", KO_FORMAT_ETSY},
    {"aliexpress", KO_FORMAT_ALIEXPRESS},
};
#define N_KINDS (sizeof kinds / sizeof *kinds)

bool ko_ingest_is_page_kind(const char *word)
{
    for (size_t i = 0; i < N_KINDS; i++)
        if (strcmp(kinds[i].word, word) == 0)
            return true;
    return false;
}

static bool is_kind(const char *word, ko_page_format format)
{
    for (size_t i = 0; i < N_KINDS; i++)
        if (kinds[i].format == format && strcmp(kinds[i].word, word) == 0)
            return true;
    return false;
}

/* --- one answer --- */

/* An answer while it is kept. */
typedef struct keeping {
    ko_ingest *ingest;
    const ko_reply *reply;
    const ko_ingest_page_options *options;
    const ko_page *page;
    const char *url;   /* of the page, or its file as URL: where its pictures are archived */
    int64_t answer_id; /* in the store; 0: not kept */
    ko_web_body body;  /* the same one, archived before; without its file */
    size_t inlined;    /* pictures that the page held itself */
    size_t unknown;    /* listings that could not be kept: nothing tells their URL */
    ko_error *err;
} keeping;

/* Whether an answer with this status is the one that was asked for. */
static bool is_success(int status)
{
    return status == 0 || (status >= 200 && status < 300);
}

ko_status ko_ingest_read(const ko_reply *reply, const ko_ingest_page_options *options,
                         ko_page *out_page, ko_error *err)
{
    const char *as = options ? options->as : NULL;
    ko_page page = {0};
    const ko_page_source source = {
        .bytes = reply->body,
        .size = reply->size,
        .url = reply->final_url[0] ? reply->final_url : NULL,
        .content_type = reply->content_type[0] ? reply->content_type : NULL,
        .status = reply->status,
        .saved = options && options->saved_at,
        .insist = as && strcmp(as, "html") == 0,
    };
    ko_status st = ko_page_read(&source, &page, err);
    if (st == KO_OK && as && !is_kind(as, page.format)) {
        st = ko_fail(err, KO_E_UNSUPPORTED, "not what --as %s says, but: %s", as, page.kind);
        ko_page_free(&page);
    }
    if (st == KO_OK && !is_success(reply->status))
        ko_offers_cut(&page.offers, 0);
    if (st == KO_OK)
        *out_page = page;
    return st;
}

/* One that had the same body, the latest first. A file that is not where it was written keeps
 * nothing any more. */
static ko_status on_archived(void *context, const ko_web_answer *answer)
{
    keeping *k = context;
    const ko_reply *reply = k->reply;
    const char *url = reply->final_url[0] ? reply->url : k->url;
    const bool same_time = !reply->at || reply->at == answer->at;
    if (access(answer->body.warc, R_OK) != 0)
        return KO_OK;
    if (!k->body.answer_id)
        k->body = answer->body;
    k->body.warc = NULL; /* of a row that goes */
    if (same_time && strcmp(answer->url, url) == 0)
        k->answer_id = answer->id;
    return KO_OK;
}

/* Archives the answer, whole or as seen again when the body is there from the same URL, and writes
 * down where. */
static ko_status archive_answer(keeping *k, const ko_reply *reply)
{
    ko_archive *archive = ko_ingest_archive(k->ingest);
    ko_archived where = {0};
    const ko_status st = k->body.answer_id
                             ? ko_archive_revisit(archive, reply, k->body.at, &where, k->err)
                             : ko_archive_page(archive, reply, &where, k->err);
    if (st != KO_OK)
        return st;
    ko_web_answer answer = {.url = reply->url,
                            .final_url = reply->final_url,
                            .status = reply->status,
                            .content_type = reply->content_type,
                            .at = reply->at,
                            .warc = where.path,
                            .record = where.record,
                            .length = where.length,
                            .body = k->body};
    memcpy(answer.sha256, where.sha256, sizeof answer.sha256);
    return ko_web_answer_add(ko_ingest_store(k->ingest), &answer, &k->answer_id, k->err);
}

/* Puts the answer into the archive, unless it lies there: the same body at the same moment, or at
 * a moment that nobody knows, tells nothing new. A page whose URL nobody knows is kept under that
 * of its file. */
static ko_status keep_answer(keeping *k)
{
    ko_reply reply = *k->reply;
    uint8_t sha256[KO_SHA256_SIZE];
    if (!reply.final_url[0])
        reply.url = reply.final_url = k->url;
    ko_status st = ko_archive_digest(reply.body, reply.size, sha256, k->err);
    if (st == KO_OK)
        st = ko_web_answer_each_of(ko_ingest_store(k->ingest), reply.final_url, sha256, reply.at,
                                   on_archived, k, k->err);
    if (st != KO_OK || k->answer_id)
        return st;
    if (!reply.at)
        reply.at = ko_clock_now();
    return archive_answer(k, &reply);
}

/* A path that a saved page names is relative to where the page lies. */
static ko_status place(const keeping *k, ko_gallery_picture *picture)
{
    if (!picture->path[0] || picture->path[0] == '/' || !k->options->saved_at)
        return KO_OK;
    char *folder = ko_path_folder(k->options->saved_at);
    char *path = folder ? ko_path_join(folder, picture->path) : NULL;
    ko_free(folder);
    if (!path)
        return ko_fail(k->err, KO_E_NOMEM, "a picture of %s", k->url);
    ko_free(picture->path);
    picture->path = path;
    return KO_OK;
}

/* Settles where each picture of a record lies. */
static ko_status place_all(keeping *k, ko_listing *record)
{
    ko_status st = KO_OK;
    for (size_t i = 0; st == KO_OK && i < record->n_pictures;) {
        ko_gallery_picture *picture = &record->pictures[i];
        bool kept = true;
        if (ko_web_is_data(picture->url))
            st = ko_ingest_inline(k->ingest, k->url, ++k->inlined, picture, &kept, k->err);
        else
            st = place(k, picture);
        if (kept)
            i++;
        else
            ko_listing_drop_picture(record, i);
    }
    return st;
}

/* A listing is known by its URL, or by a picture that is here. */
static bool can_be_kept(const ko_listing *record)
{
    bool here = record->key[0] != '\0';
    for (size_t i = 0; i < record->n_pictures; i++)
        here |= record->pictures[i].path[0] != '\0';
    return here;
}

static ko_status keep_offer(keeping *k, const ko_page_offer *offer)
{
    ko_listing record = {0};
    ko_status st = ko_offer_record(offer, &record, k->err);
    if (st == KO_OK)
        st = place_all(k, &record);
    if (st == KO_OK && can_be_kept(&record))
        st = ko_ingest_listing(k->ingest, &record, k->answer_id, k->err);
    else if (st == KO_OK)
        k->unknown++;
    ko_listing_free(&record);
    return st;
}

static ko_status keep_page(keeping *k)
{
    const ko_page *page = k->page;
    ko_status st = KO_OK;
    if (page->offers.count || page->blocked)
        st = keep_answer(k);
    for (size_t i = 0; st == KO_OK && i < page->offers.count; i++)
        st = keep_offer(k, &page->offers.offer[i]);
    if (k->unknown)
        ko_problem(ko_ingest_problems(k->ingest),
                   "%s: %zu listing%s left out, whose URL is not known: --url URL tells it",
                   k->options->saved_at ? k->options->saved_at : k->url, k->unknown,
                   k->unknown == 1 ? "" : "s");
    return st;
}

/* --- its URL --- */

/* The path of a file as URL (RFC 8089). */
static ko_status write_file_url(const char *path, ko_buf *out)
{
    char *whole = realpath(path, NULL);
    ko_status st = ko_buf_text(out, "file://");
    for (const char *at = whole ? whole : path; st == KO_OK && *at; at++) {
        char escaped[3] = {*at};
        const bool plain = *at == '/' || ko_escape_unreserved((unsigned char)*at);
        if (!plain)
            ko_escape_write((unsigned char)*at, escaped);
        st = ko_buf_append(out, escaped, plain ? 1 : 3);
    }
    free(whole); /* realpath's memory, not ours */
    return st;
}

/* Under which URL a page and what is in it are archived: its own; that of the only thing that it
 * offers; that of its file. */
static ko_status write_url(const keeping *k, ko_buf *out)
{
    const ko_page_offers *offers = &k->page->offers;
    if (k->reply->final_url[0])
        return ko_buf_text(out, k->reply->final_url);
    if (offers->count == 1 && ko_offer_get(offers->offer, KO_OFFER_URL)[0])
        return ko_buf_text(out, ko_offer_get(offers->offer, KO_OFFER_URL));
    return write_file_url(k->options->saved_at ? k->options->saved_at : "/dev/stdin", out);
}

/* --- the door --- */

ko_status ko_ingest_page(ko_ingest *ingest, const ko_reply *reply,
                         const ko_ingest_page_options *options, const ko_page *page, ko_error *err)
{
    static const ko_ingest_page_options none = {0};
    assert(ingest && reply && page && ko_ingest_archive(ingest));
    ko_buf url = KO_BUF(KO_MAX_CAPTURE_HEAD);
    keeping k = {.ingest = ingest,
                 .reply = reply,
                 .options = options ? options : &none,
                 .page = page,
                 .err = err};
    ko_status st = write_url(&k, &url);
    k.url = url.data;
    st = st == KO_OK ? keep_page(&k) : ko_fail(err, st, "a page");
    ko_buf_free(&url);
    return st;
}

ko_status ko_ingest_answer(ko_ingest *ingest, const ko_reply *reply, int64_t *out_id, ko_error *err)
{
    assert(ingest && reply && reply->final_url[0] && ko_ingest_archive(ingest));
    keeping k = {.ingest = ingest, .reply = reply, .url = reply->final_url, .err = err};
    const ko_status st = keep_answer(&k);
    *out_id = k.answer_id;
    return st;
}

ko_status ko_ingest_reply(ko_ingest *ingest, const ko_reply *reply,
                          const ko_ingest_page_options *options, ko_page *out_page, ko_error *err)
{
    ko_page page = {0};
    ko_status st = ko_ingest_read(reply, options, &page, err);
    if (st == KO_OK)
        st = ko_ingest_page(ingest, reply, options, &page, err);
    if (st == KO_OK)
        *out_page = page;
    else
        ko_page_free(&page);
    return st;
}

/* --- pictures --- */

/* The picture that a gallery is waiting for under this URL; KO_E_NOT_FOUND for none. */
static ko_status find_awaited(ko_ingest *ingest, const char *address, ko_web_picture *out_picture,
                              ko_error *err)
{
    ko_url url;
    ko_status st = ko_url_parse(address, strlen(address), NULL, &url, NULL);
    if (st == KO_OK)
        st = ko_canonical_image(&url, &url, NULL);
    if (st != KO_OK)
        return KO_E_NOT_FOUND; /* what has no normal form is in no gallery */
    st = ko_web_picture_find(ko_ingest_store(ingest), url.text, out_picture, err);
    return st == KO_OK && out_picture->state == KO_WEB_PICTURE_HERE ? KO_E_NOT_FOUND : st;
}

/* What came instead of a picture, or which kind of one it is. */
static ko_status refuse_picture(const ko_reply *reply, ko_error *err)
{
    const char *kind = ko_image_unread_kind(reply->body, reply->size);
    if (kind)
        return ko_fail(err, KO_E_FORMAT, "%s: %s, which is not read", reply->url, kind);
    return ko_fail(err, KO_E_FORMAT, "%s: no picture, but %s", reply->url,
                   reply->content_type[0] ? reply->content_type : "something else");
}

ko_status ko_ingest_picture_reply(ko_ingest *ingest, const ko_reply *reply, bool *out_taken,
                                  ko_error *err)
{
    assert(ingest && reply && out_taken && ko_ingest_archive(ingest));
    ko_web_picture picture = {0};
    ko_archived where = {0};
    *out_taken = false;
    ko_status st = find_awaited(ingest, reply->url, &picture, err);
    if (st == KO_E_NOT_FOUND)
        return KO_OK;
    if (st == KO_OK && ko_image_sniff(reply->body, reply->size) == KO_IMAGE_UNKNOWN)
        return refuse_picture(reply, err);
    if (st == KO_OK)
        st = ko_archive_picture(ko_ingest_archive(ingest), reply, &where, err);
    if (st != KO_OK)
        return st;
    ko_photo_file file = {.path = where.path,
                          .offset = where.offset,
                          .bytes = where.bytes,
                          .archived = true,
                          .url = picture.url};
    memcpy(file.sha256, where.sha256, sizeof file.sha256);
    st = ko_web_picture_arrived(ko_ingest_store(ingest), picture.id, &file, err);
    *out_taken = st == KO_OK;
    return st;
}

ko_status ko_ingest_shown_picture(ko_ingest *ingest, const char *listing_url, const ko_reply *reply,
                                  ko_error *err)
{
    assert(ingest && listing_url[0] && reply && ko_ingest_archive(ingest));
    ko_listing record = {.url = ko_strdup(listing_url)};
    if (ko_image_sniff(reply->body, reply->size) == KO_IMAGE_UNKNOWN) {
        ko_listing_free(&record);
        return refuse_picture(reply, err);
    }
    ko_status st = record.url ? ko_listing_add_picture(&record, "", "", err)
                              : ko_fail(err, KO_E_NOMEM, "a picture of %s", listing_url);
    if (st == KO_OK)
        st = ko_ingest_archive_picture(ingest, reply, record.pictures, err);
    if (st == KO_OK)
        st = ko_listing_settle(&record, err);
    if (st == KO_OK)
        st = ko_ingest_listing(ingest, &record, 0, err);
    ko_listing_free(&record);
    return st;
}
