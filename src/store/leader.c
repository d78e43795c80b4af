#include "store/leader.h"

#include "store/rows.h"

/* Of a photo that may be NULL; read_picture reads them. */
#define PICTURE_COLUMNS "ifnull(photo.id, 0), photo.sha256, ifnull(photo.quality, 0), photo.fp"

static void read_picture(ko_query *q, ko_traits *out)
{
    uint8_t fp[KO_FP_BYTES];
    out->photo_id = ko_query_int(q);
    ko_query_bytes(q, out->sha256, KO_SHA256_SIZE);
    out->quality = (int)ko_query_int_within(q, 0, 100);
    ko_query_bytes(q, fp, KO_FP_BYTES);
    out->fp = ko_store_unpack_fp(fp);
}

ko_status ko_unsorted_last(ko_store *store, int64_t *out_id, ko_error *err)
{
    ko_query q =
        ko_query_start(store, "SELECT ifnull(max(id), 0) FROM candidate WHERE leader IS NULL");
    return ko_query_first(&q, out_id, err);
}

ko_status ko_unsorted_each(ko_store *store, int64_t after, int64_t up_to, size_t limit,
                           ko_unsorted_fn *fn, void *context, ko_error *err)
{
    static const char sql[] =
        "SELECT candidate.id, candidate.work_id, listing.id, candidate.found_at, listing.last_seen,"
        " listing.platform, listing.url, listing.seller, listing.seller_id, " PICTURE_COLUMNS
        " FROM candidate CROSS JOIN work ON work.id = candidate.work_id"
        " CROSS JOIN listing ON listing.id = candidate.listing_id"
        " LEFT JOIN photo ON photo.id = " KO_BEST_PHOTO " AND photo.fp IS NOT NULL"
        " WHERE candidate.leader IS NULL AND candidate.id > ?2 AND candidate.id <= ?3"
        " ORDER BY candidate.id LIMIT ?4";
    double threshold;
    const ko_status st = ko_store_threshold(store, &threshold, err);
    if (st != KO_OK)
        return st;
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_real(&q, threshold);
    ko_query_bind_int(&q, after);
    ko_query_bind_int(&q, up_to);
    ko_query_bind_int(&q, (int64_t)limit);
    while (ko_query_row(&q)) {
        ko_unsorted u = {.id = ko_query_int(&q)};
        u.work_id = ko_query_int(&q);
        u.listing_id = ko_query_int(&q);
        u.found_at = ko_query_int(&q);
        u.last_seen = ko_query_int(&q);
        u.platform = ko_query_text(&q);
        u.url = ko_query_text(&q);
        u.seller = ko_query_text(&q);
        u.seller_id = ko_query_text(&q);
        read_picture(&q, &u.picture);
        if (ko_query_intact(&q))
            q.handed = fn(context, &u);
    }
    return ko_query_end(&q, err);
}

ko_status ko_leader_each(ko_store *store, int64_t work_id, ko_leader_fn *fn, void *context,
                         ko_error *err)
{
    static const char sql[] =
        "SELECT candidate.id, " PICTURE_COLUMNS " FROM candidate"
        " LEFT JOIN photo ON photo.id = candidate.sorted_photo AND photo.fp IS NOT NULL"
        " WHERE candidate.work_id = ? AND candidate.leader = candidate.id ORDER BY candidate.id";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, work_id);
    while (ko_query_row(&q)) {
        ko_traits picture;
        const int64_t id = ko_query_int(&q);
        read_picture(&q, &picture);
        if (ko_query_intact(&q))
            q.handed = fn(context, id, &picture);
    }
    return ko_query_end(&q, err);
}

ko_status ko_leader_of(ko_store *store, int64_t candidate_id, int64_t *out_leader, ko_error *err)
{
    *out_leader = 0;
    ko_query q = ko_query_start(store, "SELECT ifnull(leader, 0) FROM candidate WHERE id = ?");
    ko_query_bind_int(&q, candidate_id);
    return ko_query_first(&q, out_leader, err);
}

ko_status ko_leader_set(ko_store *store, int64_t candidate_id, int64_t leader, int64_t photo_id,
                        bool *out_set, ko_error *err)
{
    static const char sql[] =
        "UPDATE candidate SET leader = ?, sorted_photo = ? WHERE id = ? AND leader IS NULL";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, leader);
    ko_query_bind_int(&q, photo_id);
    ko_query_bind_int(&q, candidate_id);
    const ko_status st = ko_query_run(&q, err);
    *out_set = st == KO_OK && sqlite3_changes(store->db) > 0;
    return st;
}

ko_status ko_cluster_each(ko_store *store, int64_t candidate_id, ko_cluster_fn *fn, void *context,
                          ko_error *err)
{
    static const char sql[] =
        "SELECT id, sorted_photo FROM candidate"
        " WHERE leader = (SELECT leader FROM candidate AS one WHERE one.id = ?) ORDER BY id";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, candidate_id);
    while (ko_query_row(&q)) {
        const int64_t id = ko_query_int(&q);
        const int64_t photo_id = ko_query_int(&q);
        if (ko_query_intact(&q))
            q.handed = fn(context, id, photo_id);
    }
    return ko_query_end(&q, err);
}
