/* Which photos are a negative picture is kept (photo_negative), not told by every query: it
 * takes a look at fingerprints, and only changes when a picture is added or a photo read. */
#include "store/negative.h"

#include "store/rows.h"

#include <assert.h>
#include <string.h>

static bool is_same(const ko_photo *photo, const uint8_t sha256[KO_SHA256_SIZE], const ko_fp *fp,
                    int quality)
{
    if (memcmp(photo->sha256, sha256, KO_SHA256_SIZE) == 0)
        return true;
    return photo->quality >= KO_FP_QUALITY_MIN && quality >= KO_FP_QUALITY_MIN &&
           ko_fp_distance(&photo->fp, fp) <= KO_NEGATIVE_BITS;
}

static ko_status join(ko_store *store, int64_t photo_id, int64_t negative_id, ko_error *err)
{
    static const char sql[] = "INSERT INTO photo_negative (photo_id, negative_id) VALUES (?, ?)"
                              " ON CONFLICT DO NOTHING";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, photo_id);
    ko_query_bind_int(&q, negative_id);
    return ko_query_run(&q, err);
}

/* Those out of force too, as they may come back. */
ko_status ko_negative_look(ko_store *store, const ko_photo *photo, ko_error *err)
{
    ko_query q = ko_query_start(store, "SELECT id, sha256, quality, fp FROM negative");
    while (ko_query_row(&q)) {
        uint8_t sha256[KO_SHA256_SIZE], packed[KO_FP_BYTES];
        const int64_t id = ko_query_int(&q);
        ko_query_bytes(&q, sha256, sizeof sha256);
        const int quality = (int)ko_query_int_within(&q, 0, 100);
        ko_query_bytes(&q, packed, sizeof packed);
        const ko_fp fp = ko_store_unpack_fp(packed);
        if (ko_query_intact(&q) && is_same(photo, sha256, &fp, quality))
            q.handed = join(store, photo->id, id, err);
    }
    return ko_query_end(&q, err);
}

/* --- adding and removing --- */

static ko_status insert(ko_store *store, int64_t act_id, const ko_photo *photo, int64_t *out_id,
                        ko_error *err)
{
    static const char sql[] = "INSERT INTO negative (photo_id, sha256, quality, fp, added_by)"
                              " VALUES (?, ?, ?, ?, ?)";
    uint8_t packed[KO_FP_BYTES];
    ko_store_pack_fp(&photo->fp, packed);
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, photo->id);
    ko_query_bind_blob(&q, photo->sha256, KO_SHA256_SIZE);
    ko_query_bind_int(&q, photo->quality);
    ko_query_bind_blob(&q, packed, sizeof packed);
    ko_query_bind_int(&q, act_id);
    const ko_status st = ko_query_run(&q, err);
    if (st == KO_OK)
        *out_id = sqlite3_last_insert_rowid(store->db);
    return st;
}

static ko_status is_known(ko_store *store, int64_t photo_id, bool *out_known, ko_error *err)
{
    int64_t known = 0;
    ko_query q = ko_query_start(store, "SELECT " KO_IS_NEGATIVE("?"));
    ko_query_bind_int(&q, photo_id);
    const ko_status st = ko_query_first(&q, &known, err);
    *out_known = known != 0;
    return st;
}

typedef struct marking {
    ko_store *store;
    const ko_photo *picture;
    int64_t negative_id;
    ko_error *err;
} marking;

static ko_status mark(void *context, const ko_photo *photo)
{
    const marking *m = context;
    const ko_photo *picture = m->picture;
    if (photo->state != KO_PHOTO_READ ||
        !is_same(photo, picture->sha256, &picture->fp, picture->quality))
        return KO_OK;
    return join(m->store, photo->id, m->negative_id, m->err);
}

ko_status ko_negative_add(ko_store *store, int64_t act_id, const ko_photo *photo, int64_t *out_id,
                          ko_error *err)
{
    assert(ko_store_is_writing(store));
    bool known = false;
    marking m = {.store = store, .picture = photo, .err = err};
    *out_id = 0;
    ko_status st = is_known(store, photo->id, &known, err);
    if (st != KO_OK || known)
        return st;
    st = insert(store, act_id, photo, &m.negative_id, err);
    if (st == KO_OK)
        st = ko_photo_each(store, 0, INT64_MAX, SIZE_MAX, mark, &m, err);
    if (st == KO_OK)
        *out_id = m.negative_id;
    return st;
}

ko_status ko_negative_remove(ko_store *store, int64_t act_id, int64_t id, ko_error *err)
{
    static const char sql[] =
        "UPDATE negative SET removed_by = ? WHERE id = ? AND removed_by IS NULL";
    assert(ko_store_is_writing(store));
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, act_id);
    ko_query_bind_int(&q, id);
    const ko_status st = ko_query_run(&q, err);
    if (st == KO_OK && sqlite3_changes(store->db) == 0)
        return ko_fail(err, KO_E_NOT_FOUND, "no negative picture %lld", (long long)id);
    return st;
}

/* --- reading --- */

ko_status ko_negative_each(ko_store *store, int64_t id, ko_negative_fn *fn, void *context,
                           ko_error *err)
{
    static const char sql[] =
        "SELECT negative.id, photo_id, photo.path, negative.sha256, (SELECT count(*)"
        "  FROM photo_negative WHERE negative_id = negative.id), act.at, act.who"
        " FROM negative CROSS JOIN photo ON photo.id = negative.photo_id"
        " CROSS JOIN act ON act.id = negative.added_by"
        " WHERE removed_by IS NULL AND ?1 IN (0, negative.id) ORDER BY negative.id";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, id);
    while (ko_query_row(&q)) {
        ko_negative negative;
        negative.id = ko_query_int(&q);
        negative.photo_id = ko_query_int(&q);
        negative.path = ko_query_text(&q);
        ko_query_bytes(&q, negative.sha256, KO_SHA256_SIZE);
        negative.n_photos = (size_t)ko_query_int(&q);
        negative.at = ko_query_int(&q);
        negative.who = ko_query_text(&q);
        if (ko_query_intact(&q))
            q.handed = fn(context, &negative);
    }
    return ko_query_end(&q, err);
}
