#include "store/look_shown.h"

#include "base/alloc.h"
#include "store/alike.h"
#include "store/candidate.h"
#include "store/look_plan.h"
#include "store/query.h"
#include "store/rows.h"

#include <assert.h>

/* --- the gallery --- */

/* A photo of a listing's gallery. */
typedef struct gallery_photo {
    ko_traits picture;
    ko_photo_state state;
    bool shows; /* one of the works that the listing was accepted or complained about for */
} gallery_photo;

typedef struct gallery {
    gallery_photo *photos;
    size_t n, capacity;
    bool known; /* some photo shows a work */
} gallery;

/* Works that the listing ?2 was accepted or complained about for. */
#define ITS_WORKS                                                                                  \
    " SELECT candidate.work_id FROM work CROSS JOIN candidate"                                     \
    "  ON candidate.work_id = work.id AND candidate.listing_id = ?2 CROSS JOIN decision"           \
    "  ON decision.id = candidate.decided AND decision.state = 1"                                  \
    " UNION SELECT notice.work_id FROM notice_item CROSS JOIN notice"                              \
    "  ON notice.id = notice_item.notice_id WHERE notice_item.listing_id = ?2"
/* The pictures on which that rested. */
#define ITS_DIGESTS                                                                                \
    " SELECT decision.photo_sha256 FROM work CROSS JOIN candidate"                                 \
    "  ON candidate.work_id = work.id AND candidate.listing_id = ?2 CROSS JOIN decision"           \
    "  ON decision.id = candidate.decided AND decision.state = 1"                                  \
    " UNION SELECT photo_sha256 FROM notice_item WHERE listing_id = ?2"
static_assert(KO_CANDIDATE_ACCEPTED == 1, "see ITS_WORKS");

static void read_photo(ko_query *q, gallery_photo *out)
{
    uint8_t packed[KO_FP_BYTES];
    out->picture.photo_id = ko_query_int(q);
    out->state = (ko_photo_state)ko_query_int_within(q, KO_PHOTO_NEW, KO_PHOTO_REFUSED);
    ko_query_bytes(q, out->picture.sha256, KO_SHA256_SIZE);
    out->picture.quality = (int)ko_query_int_within(q, 0, 100);
    ko_query_bytes(q, packed, sizeof packed);
    out->picture.fp = ko_store_unpack_fp(packed);
    out->shows = ko_query_int(q) == 1;
}

/* ?1 is the collection's threshold. */
static ko_status load_gallery(ko_store *store, int64_t listing_id, gallery *g, ko_error *err)
{
    static const char sql[] =
        "SELECT photo.id, state, photo.sha256, quality, fp, ifnull(photo.sha256 IN (" ITS_DIGESTS
        "), 0)"
        "  OR EXISTS (SELECT 1 FROM (" ITS_WORKS ") AS its CROSS JOIN work ON work.id = its.work_id"
        "   CROSS JOIN evidence ON evidence.work_id = work.id AND evidence.photo_id = photo.id"
        "   WHERE evidence.score >= " KO_THRESHOLD ")"
        " FROM listing_photo CROSS JOIN photo ON photo.id = listing_photo.photo_id"
        " WHERE listing_photo.listing_id = ?2";
    double threshold = 0;
    ko_status st = ko_store_threshold(store, &threshold, err);
    if (st != KO_OK)
        return st;
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_real(&q, threshold);
    ko_query_bind_int(&q, listing_id);
    while (ko_query_row(&q)) {
        gallery_photo *grown = ko_grown(g->photos, g->n, &g->capacity, sizeof *grown);
        if (!grown) {
            q.handed = ko_fail(err, KO_E_NOMEM, "pictures of listing %lld", (long long)listing_id);
            continue;
        }
        g->photos = grown;
        read_photo(&q, &grown[g->n]);
        g->known |= grown[g->n++].shows;
    }
    return ko_query_end(&q, err);
}

/* True for one that shows a work, or is one picture with one that does. */
static bool shows(const gallery *g, const gallery_photo *photo)
{
    ko_traits_turned turned;
    bool same = photo->shows;
    if (photo->state != KO_PHOTO_READ || same)
        return same;
    ko_traits_turn(&photo->picture, &turned);
    for (size_t i = 0; i < g->n && !same; i++)
        same = g->photos[i].shows && g->photos[i].state == KO_PHOTO_READ &&
               ko_traits_alike(&turned, &g->photos[i].picture) != KO_ALIKE_NOT;
    return same;
}

/* --- one listing --- */

static ko_status forget(ko_store *store, int64_t listing_id, ko_error *err)
{
    ko_query q = ko_query_start(store, "DELETE FROM look_picture WHERE listing_id = ?");
    ko_query_bind_int(&q, listing_id);
    return ko_query_run(&q, err);
}

/* A picture that will not come, or cannot be read, tells nothing. */
static void count_picture(const gallery *g, int64_t web_state, int64_t photo_id,
                          size_t in[KO_SHOWN_WAITS + 1])
{
    const gallery_photo *photo = NULL;
    for (size_t i = 0; i < g->n && web_state == 1; i++)
        if (g->photos[i].picture.photo_id == photo_id)
            photo = &g->photos[i];
    if (web_state == 0 || (photo && photo->state == KO_PHOTO_NEW && !photo->shows))
        in[KO_SHOWN_WAITS]++;
    else if (photo && shows(g, photo))
        in[KO_SHOWN_SAME]++;
    else if (photo && photo->state == KO_PHOTO_READ)
        in[KO_SHOWN_OTHER]++;
}

/* Tells it from the pictures in look_picture. */
static ko_status judge(ko_store *store, int64_t listing_id, ko_shown_verdict *out, ko_error *err)
{
    static const char sql[] = "SELECT state, ifnull(photo_id, 0) FROM look_picture"
                              " CROSS JOIN web_picture ON web_picture.id = picture_id"
                              " WHERE listing_id = ?";
    gallery g = {0};
    size_t in[KO_SHOWN_WAITS + 1] = {0};
    ko_status st = load_gallery(store, listing_id, &g, err);
    if (st == KO_OK) {
        ko_query q = ko_query_start(store, sql);
        ko_query_bind_int(&q, listing_id);
        while (ko_query_row(&q)) {
            const int64_t state = ko_query_int_within(&q, 0, 2);
            const int64_t photo_id = ko_query_int(&q);
            if (ko_query_intact(&q))
                count_picture(&g, state, photo_id, in);
        }
        st = ko_query_end(&q, err);
    }
    ko_free(g.photos);
    *out = in[KO_SHOWN_SAME]               ? KO_SHOWN_SAME
           : in[KO_SHOWN_WAITS]            ? KO_SHOWN_WAITS
           : in[KO_SHOWN_OTHER] && g.known ? KO_SHOWN_OTHER
                                           : KO_SHOWN_UNKNOWN;
    return st;
}

ko_status ko_look_is_new(ko_store *store, int64_t listing_id, const char *const *urls, size_t n,
                         bool *out_is, ko_error *err)
{
    static const char sql[] =
        "SELECT 1 FROM web_picture CROSS JOIN listing_picture"
        " ON picture_id = web_picture.id AND listing_id = ?1 WHERE url = ?2 AND added_at <="
        " (SELECT ifnull(min(found_at), added_at) FROM candidate WHERE listing_id = ?1)";
    ko_status st = KO_OK;
    *out_is = false;
    for (size_t i = 0; st == KO_OK && i < n && !*out_is; i++) {
        int64_t known = 0;
        ko_query q = ko_query_start(store, sql);
        ko_query_bind_int(&q, listing_id);
        ko_query_bind_text(&q, urls[i]);
        st = ko_query_first(&q, &known, err);
        *out_is = !known;
    }
    return st;
}

static ko_status add_picture(ko_store *store, int64_t listing_id, const char *url, ko_error *err)
{
    static const char sql[] = "INSERT INTO look_picture (listing_id, picture_id)"
                              " SELECT ?, id FROM web_picture WHERE url = ? ON CONFLICT DO NOTHING";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, listing_id);
    ko_query_bind_text(&q, url);
    return ko_query_run(&q, err);
}

ko_status ko_look_compare(ko_store *store, int64_t listing_id, const char *const *urls, size_t n,
                          bool swapped, ko_shown_verdict *out_verdict, ko_error *err)
{
    assert(ko_store_is_writing(store));
    ko_status st = forget(store, listing_id, err);
    for (size_t i = 0; st == KO_OK && i < n; i++)
        st = add_picture(store, listing_id, urls[i], err);
    if (st == KO_OK)
        st = judge(store, listing_id, out_verdict, err);
    if (!swapped && *out_verdict != KO_SHOWN_SAME)
        *out_verdict = KO_SHOWN_UNKNOWN;
    return st == KO_OK && *out_verdict != KO_SHOWN_WAITS ? forget(store, listing_id, err) : st;
}

/* --- those that waited --- */

static ko_status settle(ko_store *store, int64_t listing_id, size_t *out_changed, ko_error *err)
{
    ko_shown_verdict verdict = KO_SHOWN_UNKNOWN;
    bool changed = false;
    ko_status st = judge(store, listing_id, &verdict, err);
    if (st != KO_OK || verdict == KO_SHOWN_WAITS)
        return st;
    st = forget(store, listing_id, err);
    if (st == KO_OK && verdict == KO_SHOWN_OTHER)
        st =
            ko_look_turn(store, listing_id, KO_LOOK_CHANGED, KO_LOOK_OTHER_PICTURES, &changed, err);
    else if (st == KO_OK && verdict == KO_SHOWN_SAME)
        st = ko_look_turn(store, listing_id, KO_LOOK_ALIVE, "", &changed, err);
    *out_changed += changed;
    return st == KO_OK && verdict != KO_SHOWN_SAME ? ko_look_taken(store, listing_id, err) : st;
}

ko_status ko_looks_settle(ko_store *store, size_t *out_changed, ko_error *err)
{
    static const char sql[] =
        "SELECT listing_id FROM look_picture WHERE listing_id > ? ORDER BY listing_id LIMIT 1";
    assert(ko_store_is_writing(store));
    ko_status st = KO_OK;
    for (int64_t last = 0, id = 0; st == KO_OK; last = id) {
        ko_query q = ko_query_start(store, sql);
        ko_query_bind_int(&q, last);
        st = ko_query_first(&q, &id, err);
        if (st == KO_OK && id == last)
            return KO_OK;
        if (st == KO_OK)
            st = settle(store, id, out_changed, err);
    }
    return st;
}
