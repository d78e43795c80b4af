#include "store/web.h"

#include "store/gallery.h"

#include <assert.h>
#include <string.h>

/* --- pictures --- */

#define PICTURE_COLUMNS "id, url, state, reason, tries, not_before, photo_id"

static void read_picture(ko_query *q, ko_web_picture *out)
{
    out->id = ko_query_int(q);
    out->url = ko_query_text(q);
    out->state =
        (ko_web_picture_state)ko_query_int_within(q, KO_WEB_PICTURE_NEW, KO_WEB_PICTURE_FAILED);
    out->reason = ko_query_text(q);
    out->tries = (int)ko_query_int_within(q, 0, INT32_MAX);
    out->not_before = ko_query_int(q);
    out->photo_id = ko_query_int(q); /* 0 for NULL */
}

ko_status ko_web_picture_each_new(ko_store *store, int64_t after, int64_t now, size_t limit,
                                  ko_web_picture_fn *fn, void *context, ko_error *err)
{
    static const char sql[] = "SELECT " PICTURE_COLUMNS " FROM web_picture"
                              " WHERE state = 0 AND id > ? AND not_before <= ? ORDER BY id LIMIT ?";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, after);
    ko_query_bind_int(&q, now);
    ko_query_bind_int(&q, limit < INT64_MAX ? (int64_t)limit : INT64_MAX);
    while (ko_query_row(&q)) {
        ko_web_picture picture;
        read_picture(&q, &picture);
        if (ko_query_intact(&q))
            q.handed = fn(context, &picture);
    }
    return ko_query_end(&q, err);
}

ko_status ko_web_picture_each_missing(ko_store *store, int64_t listing_id, ko_web_picture_fn *fn,
                                      void *context, ko_error *err)
{
    static const char sql[] = "SELECT " PICTURE_COLUMNS " FROM listing_picture"
                              " CROSS JOIN web_picture ON id = picture_id"
                              " WHERE listing_id = ? AND photo_id IS NULL ORDER BY position";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, listing_id);
    while (ko_query_row(&q)) {
        ko_web_picture picture;
        read_picture(&q, &picture);
        if (ko_query_intact(&q))
            q.handed = fn(context, &picture);
    }
    return ko_query_end(&q, err);
}

/* Copies the texts, which would go with the row: url, zero, reason. */
static ko_status lend_picture(ko_store *store, ko_web_picture *picture)
{
    ko_buf *lent = &store->lent_picture;
    const size_t reason_at = strlen(picture->url) + 1;
    ko_buf_clear(lent);
    ko_status st = ko_buf_append(lent, picture->url, reason_at);
    if (st == KO_OK)
        st = ko_buf_text(lent, picture->reason);
    if (st != KO_OK)
        return st;
    picture->url = lent->data;
    picture->reason = lent->data + reason_at;
    return KO_OK;
}

ko_status ko_web_picture_find(ko_store *store, const char *url, ko_web_picture *out_picture,
                              ko_error *err)
{
    static const char sql[] = "SELECT " PICTURE_COLUMNS " FROM web_picture WHERE url = ?";
    ko_web_picture picture = {0};
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_text(&q, url);
    if (ko_query_row(&q)) {
        read_picture(&q, &picture);
        if (ko_query_intact(&q))
            q.handed = lend_picture(store, &picture);
    }
    const ko_status st = ko_query_end(&q, err);
    if (st != KO_OK)
        return st == KO_E_NOMEM ? ko_fail(err, st, "picture %s", url) : st;
    if (!picture.id)
        return KO_E_NOT_FOUND;
    *out_picture = picture;
    return KO_OK;
}

ko_status ko_web_picture_update(ko_store *store, const ko_web_picture *picture, ko_error *err)
{
    static const char sql[] = "UPDATE web_picture SET state = ?, reason = ?, tries = ?,"
                              " not_before = ?, photo_id = NULL WHERE id = ?";
    assert(picture->state != KO_WEB_PICTURE_HERE);
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, picture->state);
    ko_query_bind_text(&q, picture->reason);
    ko_query_bind_int(&q, picture->tries);
    ko_query_bind_int(&q, picture->not_before);
    ko_query_bind_int(&q, picture->id);
    const ko_status st = ko_query_run(&q, err);
    if (st == KO_OK && sqlite3_changes(store->db) == 0)
        return ko_fail(err, KO_E_NOT_FOUND, "no picture %lld", (long long)picture->id);
    return st;
}

ko_status ko_web_picture_arrived(ko_store *store, int64_t picture_id, const ko_photo_file *file,
                                 ko_error *err)
{
    int64_t photo_id;
    bool own, fresh;
    ko_status st = ko_store_enter(store, &own, err);
    if (st != KO_OK)
        return st;
    st = ko_photo_put(store, file, &photo_id, &fresh, err);
    if (st == KO_OK)
        st = ko_seen_picture_arrived(store, picture_id, photo_id, err);
    return ko_store_leave(store, own, st, err);
}

ko_status ko_web_pictures_renew(ko_store *store, ko_error *err)
{
    static const char sql[] = "UPDATE web_picture SET state = 0, reason = '', tries = 0,"
                              " not_before = 0 WHERE state = 2";
    ko_query q = ko_query_start(store, sql);
    return ko_query_run(&q, err);
}

ko_status ko_web_picture_count(ko_store *store, ko_web_picture_counts *out_counts, ko_error *err)
{
    static const char sql[] = "SELECT (SELECT count(*) FROM web_picture WHERE state = 0),"
                              " (SELECT count(*) FROM web_picture WHERE state = 1),"
                              " (SELECT count(*) FROM web_picture WHERE state = 2),"
                              " (SELECT ifnull(min(not_before), 0) FROM web_picture"
                              "  WHERE state = 0 AND not_before > 0)";
    ko_web_picture_counts counts = {0};
    ko_query q = ko_query_start(store, sql);
    if (ko_query_row(&q)) {
        counts.fresh = ko_query_int(&q);
        counts.here = ko_query_int(&q);
        counts.failed = ko_query_int(&q);
        counts.next_at = ko_query_int(&q);
    }
    const ko_status st = ko_query_end(&q, err);
    if (st == KO_OK)
        *out_counts = counts;
    return st;
}

/* --- evidence --- */

ko_status ko_web_answer_add(ko_store *store, const ko_web_answer *answer, int64_t *out_id,
                            ko_error *err)
{
    static const char sql[] =
        "INSERT INTO web_answer (url, final_url, status, content_type, sha256, at, warc, record,"
        " length, body_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_text(&q, answer->url);
    ko_query_bind_text(&q, answer->final_url);
    ko_query_bind_int(&q, answer->status);
    ko_query_bind_text(&q, answer->content_type);
    ko_query_bind_blob(&q, answer->sha256, KO_SHA256_SIZE);
    ko_query_bind_int(&q, answer->at);
    ko_query_bind_text(&q, answer->warc);
    ko_query_bind_int(&q, answer->record);
    ko_query_bind_int(&q, answer->length);
    ko_query_bind_int_if(&q, answer->body.answer_id != 0, answer->body.answer_id);
    const ko_status st = ko_query_run(&q, err);
    if (st == KO_OK)
        *out_id = sqlite3_last_insert_rowid(store->db);
    return st;
}

#define ANSWER_COLUMNS                                                                             \
    "answer.id, answer.url, answer.final_url, answer.status, answer.content_type, answer.sha256,"  \
    " answer.at, answer.warc, answer.record, answer.length, body.id, body.at, body.warc, "         \
    "body.record"
#define JOIN_BODY " CROSS JOIN web_answer body ON body.id = ifnull(answer.body_id, answer.id)"

static void read_answer(ko_query *q, ko_web_answer *out)
{
    out->id = ko_query_int(q);
    out->url = ko_query_text(q);
    out->final_url = ko_query_text(q);
    out->status = (int)ko_query_int_within(q, 0, INT32_MAX);
    out->content_type = ko_query_text(q);
    ko_query_bytes(q, out->sha256, KO_SHA256_SIZE);
    out->at = ko_query_int(q);
    out->warc = ko_query_text(q);
    out->record = ko_query_int(q);
    out->length = ko_query_int(q);
    out->body.answer_id = ko_query_int(q);
    out->body.at = ko_query_int(q);
    out->body.warc = ko_query_text(q);
    out->body.record = ko_query_int(q);
}

static ko_status hand_answers(ko_query *q, ko_web_answer_fn *fn, void *context, ko_error *err)
{
    while (ko_query_row(q)) {
        ko_web_answer answer;
        read_answer(q, &answer);
        if (ko_query_intact(q))
            q->handed = fn(context, &answer);
    }
    return ko_query_end(q, err);
}

ko_status ko_web_answer_each_of(ko_store *store, const char *final_url,
                                const uint8_t sha256[KO_SHA256_SIZE], int64_t at,
                                ko_web_answer_fn *fn, void *context, ko_error *err)
{
    static const char sql[] =
        "SELECT " ANSWER_COLUMNS " FROM web_answer answer" JOIN_BODY
        " WHERE answer.sha256 = ? AND answer.final_url = ?"
        " AND (answer.body_id IS NULL OR answer.at = ?) ORDER BY answer.id DESC";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_blob(&q, sha256, KO_SHA256_SIZE);
    ko_query_bind_text(&q, final_url);
    ko_query_bind_int(&q, at);
    return hand_answers(&q, fn, context, err);
}

ko_status ko_web_answer_each(ko_store *store, int64_t listing_id, ko_web_answer_fn *fn,
                             void *context, ko_error *err)
{
    static const char sql[] =
        "SELECT " ANSWER_COLUMNS
        " FROM listing_answer CROSS JOIN web_answer answer ON answer.id = answer_id" JOIN_BODY
        " WHERE listing_id = ? ORDER BY answer.at, answer.id";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, listing_id);
    return hand_answers(&q, fn, context, err);
}

ko_status ko_web_answer_each_instead(ko_store *store, int64_t listing_id, ko_web_answer_fn *fn,
                                     void *context, ko_error *err)
{
    static const char sql[] =
        "SELECT " ANSWER_COLUMNS " FROM (SELECT answer_id FROM look_change WHERE listing_id = ?1"
        "  UNION SELECT answer_id FROM look WHERE listing_id = ?1) AS looks"
        " CROSS JOIN web_answer answer ON answer.id = looks.answer_id" JOIN_BODY
        " WHERE NOT EXISTS (SELECT 1 FROM listing_answer"
        "  WHERE listing_id = ?1 AND answer_id = answer.id) ORDER BY answer.at, answer.id";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, listing_id);
    return hand_answers(&q, fn, context, err);
}

/* --- hosts --- */

/* Copies origin, zero, robots, as texts would go with the row. */
static ko_status lend_host(ko_store *store, ko_web_host *host)
{
    ko_buf *lent = &store->lent_host;
    const size_t robots_at = strlen(host->origin) + 1;
    ko_buf_clear(lent);
    ko_status st = ko_buf_append(lent, host->origin, robots_at);
    if (st == KO_OK && host->robots_bytes)
        st = ko_buf_append(lent, host->robots, host->robots_bytes);
    if (st != KO_OK)
        return st;
    host->origin = lent->data;
    host->robots = lent->data + robots_at;
    return KO_OK;
}

ko_status ko_web_host_get(ko_store *store, const char *origin, ko_web_host *out_host, ko_error *err)
{
    static const char sql[] = "SELECT origin, robots_status, robots_at, not_before, robots FROM "
                              "web_host WHERE origin = ?";
    ko_web_host host = {0};
    bool known = false;
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_text(&q, origin);
    if (ko_query_row(&q)) {
        known = true;
        host.origin = ko_query_text(&q);
        host.robots_status = (int)ko_query_int_within(&q, INT32_MIN, INT32_MAX);
        host.robots_at = ko_query_int(&q);
        host.not_before = ko_query_int(&q);
        host.robots = ko_query_blob(&q, &host.robots_bytes);
        if (ko_query_intact(&q))
            q.handed = lend_host(store, &host);
    }
    const ko_status st = ko_query_end(&q, err);
    if (st != KO_OK)
        return st == KO_E_NOMEM ? ko_fail(err, st, "what is known of %s", origin) : st;
    if (!known)
        return KO_E_NOT_FOUND;
    *out_host = host;
    return KO_OK;
}

ko_status ko_web_host_put(ko_store *store, const ko_web_host *host, ko_error *err)
{
    static const char sql[] =
        "INSERT INTO web_host (origin, robots_status, robots_at, not_before, robots)"
        " VALUES (?, ?, ?, ?, ?) ON CONFLICT (origin) DO UPDATE SET"
        " robots_status = excluded.robots_status, robots_at = excluded.robots_at,"
        " not_before = excluded.not_before, robots = excluded.robots";
    assert(host->robots || host->robots_bytes == 0);
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_text(&q, host->origin);
    ko_query_bind_int(&q, host->robots_status);
    ko_query_bind_int(&q, host->robots_at);
    ko_query_bind_int(&q, host->not_before);
    ko_query_bind_blob(&q, host->robots ? host->robots : "", host->robots_bytes);
    return ko_query_run(&q, err);
}

/* --- quotas --- */

static ko_status read_used(ko_store *store, const char *interface, int64_t day, int64_t *out_used,
                           ko_error *err)
{
    ko_query q =
        ko_query_start(store, "SELECT used FROM web_quota WHERE interface = ? AND day = ?");
    ko_query_bind_text(&q, interface);
    ko_query_bind_int(&q, day);
    return ko_query_first(&q, out_used, err);
}

static ko_status count_use(ko_store *store, const char *interface, int64_t day, ko_error *err)
{
    static const char sql[] = "INSERT INTO web_quota (interface, day, used) VALUES (?, ?, 1)"
                              " ON CONFLICT DO UPDATE SET used = used + 1";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_text(&q, interface);
    ko_query_bind_int(&q, day);
    return ko_query_run(&q, err);
}

ko_status ko_web_quota_use(ko_store *store, const char *interface, int64_t day, int64_t quota,
                           int64_t *out_left, ko_error *err)
{
    int64_t used = 0;
    bool own;
    ko_status st = ko_store_enter(store, &own, err);
    if (st != KO_OK)
        return st;
    st = read_used(store, interface, day, &used, err);
    if (st == KO_OK && used < quota)
        st = count_use(store, interface, day, err);
    st = ko_store_leave(store, own, st, err);
    if (st == KO_OK)
        *out_left = used < quota ? quota - used - 1 : -1;
    return st;
}
