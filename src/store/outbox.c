#include "store/outbox.h"

#include "store/query.h"

#include <stdio.h>

/* --- what was told --- */

ko_status ko_told_find(ko_store *store, const char *key, ko_told *out_told, bool *out_found,
                       ko_error *err)
{
    ko_query q = ko_query_start(store, "SELECT value, at FROM told WHERE key = ?");
    ko_told told = {.key = key};
    ko_query_bind_text(&q, key);
    const bool found = ko_query_row(&q);
    if (found) {
        (void)snprintf(told.value, sizeof told.value, "%s", ko_query_text(&q));
        told.at = ko_query_int(&q);
    }
    const ko_status st = ko_query_end(&q, err);
    if (st == KO_OK) {
        *out_told = told;
        *out_found = found;
    }
    return st;
}

ko_status ko_told_note(ko_store *store, const ko_told *told, ko_error *err)
{
    static const char sql[] = "INSERT INTO told (key, value, at) VALUES (?, ?, ?)"
                              " ON CONFLICT DO UPDATE SET value = excluded.value, at = excluded.at";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_text(&q, told->key);
    ko_query_bind_text(&q, told->value);
    ko_query_bind_int(&q, told->at);
    return ko_query_run(&q, err);
}

/* --- digests --- */

/* Nobody may have told anything since the news were looked for: it could be the same. */
static ko_status check_last(ko_store *store, int64_t after, ko_error *err)
{
    int64_t last = 0;
    ko_query q = ko_query_start(store, "SELECT ifnull(max(id), 0) FROM digest");
    const ko_status st = ko_query_first(&q, &last, err);
    return st != KO_OK || last == after
               ? st
               : ko_fail(err, KO_E_EXISTS, "digest %lld came first", (long long)last);
}

static ko_status add_digest(ko_store *store, const ko_digest *digest, int64_t *out_id,
                            ko_error *err)
{
    ko_query q = ko_query_start(store, "INSERT INTO digest (uid, made_at, subject, body, json)"
                                       " VALUES (?, ?, ?, ?, ?)");
    ko_query_bind_text(&q, digest->uid);
    ko_query_bind_int(&q, digest->made_at);
    ko_query_bind_text(&q, digest->subject);
    ko_query_bind_text(&q, digest->body);
    ko_query_bind_text(&q, digest->json);
    const ko_status st = ko_query_run(&q, err);
    if (st == KO_OK)
        *out_id = sqlite3_last_insert_rowid(store->db);
    return st;
}

/* A candidate that was removed meanwhile is passed over. */
static ko_status add_candidates(ko_store *store, int64_t digest_id, const int64_t *candidates,
                                size_t n, ko_error *err)
{
    static const char sql[] = "INSERT OR IGNORE INTO told_candidate (candidate_id, digest_id)"
                              " SELECT id, ?2 FROM candidate WHERE id = ?1";
    ko_status st = KO_OK;
    for (size_t i = 0; st == KO_OK && i < n; i++) {
        ko_query q = ko_query_start(store, sql);
        ko_query_bind_int(&q, candidates[i]);
        ko_query_bind_int(&q, digest_id);
        st = ko_query_run(&q, err);
    }
    return st;
}

static ko_status add_delivery(ko_store *store, int64_t digest_id, const char *channel,
                              ko_error *err)
{
    ko_query q =
        ko_query_start(store, "INSERT INTO delivery (digest_id, channel, state) VALUES (?, ?, 0)");
    ko_query_bind_int(&q, digest_id);
    ko_query_bind_text(&q, channel);
    return ko_query_run(&q, err);
}

static ko_status keep(ko_store *store, const ko_digest *digest, const ko_digest_told *told,
                      int64_t *out_id, ko_error *err)
{
    ko_status st = check_last(store, told->after, err);
    if (st == KO_OK)
        st = add_digest(store, digest, out_id, err);
    if (st == KO_OK)
        st = add_candidates(store, *out_id, told->candidates, told->n_candidates, err);
    for (size_t i = 0; st == KO_OK && i < told->n_facts; i++)
        st = ko_told_note(store, &told->facts[i], err);
    for (size_t i = 0; st == KO_OK && i < told->n_channels; i++)
        st = add_delivery(store, *out_id, told->channels[i], err);
    return st;
}

ko_status ko_digest_keep(ko_store *store, const ko_digest *digest, const ko_digest_told *told,
                         int64_t *out_id, ko_error *err)
{
    bool own = false;
    int64_t id = 0;
    ko_status st = ko_store_enter(store, &own, err);
    if (st != KO_OK)
        return st;
    st = ko_store_leave(store, own, keep(store, digest, told, &id, err), err);
    if (st == KO_OK)
        *out_id = id;
    return st;
}

#define DIGEST_COLUMNS "id, uid, made_at, subject, body, json"

static ko_digest read_digest(ko_query *q)
{
    ko_digest digest;
    digest.id = ko_query_int(q);
    digest.uid = ko_query_text(q);
    digest.made_at = ko_query_int(q);
    digest.subject = ko_query_text(q);
    digest.body = ko_query_text(q);
    digest.json = ko_query_text(q);
    return digest;
}

ko_status ko_digest_find(ko_store *store, int64_t id, ko_texts *texts, ko_digest *out_digest,
                         ko_error *err)
{
    ko_query q = ko_query_start(store, "SELECT " DIGEST_COLUMNS " FROM digest WHERE id = ?");
    ko_digest digest = {0};
    ko_query_bind_int(&q, id);
    if (ko_query_row(&q)) {
        digest = read_digest(&q);
        digest.uid = ko_texts_keep(texts, digest.uid);
        digest.subject = ko_texts_keep(texts, digest.subject);
        digest.body = ko_texts_keep(texts, digest.body);
        digest.json = ko_texts_keep(texts, digest.json);
    }
    ko_status st = ko_query_end(&q, err);
    if (st == KO_OK && !digest.id)
        st = ko_fail(err, KO_E_NOT_FOUND, "no digest %lld", (long long)id);
    if (st == KO_OK && texts->no_memory)
        st = ko_fail(err, KO_E_NOMEM, "digest %lld", (long long)id);
    if (st == KO_OK)
        *out_digest = digest;
    return st;
}

ko_status ko_digest_each(ko_store *store, size_t limit, ko_digest_fn *fn, void *context,
                         ko_error *err)
{
    ko_query q =
        ko_query_start(store, "SELECT " DIGEST_COLUMNS " FROM digest ORDER BY id DESC LIMIT ?");
    ko_query_bind_int(&q, (int64_t)limit);
    while (ko_query_row(&q)) {
        const ko_digest digest = read_digest(&q);
        if (ko_query_intact(&q))
            q.handed = fn(context, &digest);
    }
    return ko_query_end(&q, err);
}

/* --- deliveries --- */

#define DELIVERY_COLUMNS "digest_id, channel, state, tries, next_at, reason, sent_at"

static ko_status hand_deliveries(ko_query *q, ko_delivery_fn *fn, void *context, ko_error *err)
{
    while (ko_query_row(q)) {
        ko_delivery delivery;
        delivery.digest_id = ko_query_int(q);
        delivery.channel = ko_query_text(q);
        delivery.state = (ko_delivery_state)ko_query_int_within(q, 0, KO_DELIVERY_GIVEN_UP);
        delivery.tries = (int)ko_query_int_within(q, 0, INT32_MAX);
        delivery.next_at = ko_query_int(q);
        delivery.reason = ko_query_text(q);
        delivery.sent_at = ko_query_int(q);
        if (ko_query_intact(q))
            q->handed = fn(context, &delivery);
    }
    return ko_query_end(q, err);
}

ko_status ko_delivery_each_waiting(ko_store *store, ko_delivery_fn *fn, void *context,
                                   ko_error *err)
{
    ko_query q = ko_query_start(store, "SELECT " DELIVERY_COLUMNS " FROM delivery WHERE state = 0"
                                       " ORDER BY digest_id, channel");
    return hand_deliveries(&q, fn, context, err);
}

ko_status ko_delivery_last(ko_store *store, const char *channel, ko_delivery_fn *fn, void *context,
                           ko_error *err)
{
    ko_query q = ko_query_start(store, "SELECT " DELIVERY_COLUMNS " FROM delivery WHERE channel = ?"
                                       " ORDER BY digest_id DESC LIMIT 1");
    ko_query_bind_text(&q, channel);
    return hand_deliveries(&q, fn, context, err);
}

ko_status ko_delivery_take(ko_store *store, const ko_delivery *delivery, int64_t until,
                           bool *out_taken, ko_error *err)
{
    ko_query q = ko_query_start(store, "UPDATE delivery SET next_at = ? WHERE digest_id = ?"
                                       " AND channel = ? AND state = 0 AND tries = ?"
                                       " AND next_at = ?");
    ko_query_bind_int(&q, until);
    ko_query_bind_int(&q, delivery->digest_id);
    ko_query_bind_text(&q, delivery->channel);
    ko_query_bind_int(&q, delivery->tries);
    ko_query_bind_int(&q, delivery->next_at);
    const ko_status st = ko_query_run(&q, err);
    if (st == KO_OK)
        *out_taken = sqlite3_changes(store->db) == 1;
    return st;
}

ko_status ko_delivery_update(ko_store *store, const ko_delivery *delivery, ko_error *err)
{
    ko_query q = ko_query_start(store, "UPDATE delivery SET state = ?, tries = ?, next_at = ?,"
                                       " reason = ?, sent_at = ?"
                                       " WHERE digest_id = ? AND channel = ?");
    ko_query_bind_int(&q, delivery->state);
    ko_query_bind_int(&q, delivery->tries);
    ko_query_bind_int(&q, delivery->next_at);
    ko_query_bind_text(&q, delivery->reason);
    ko_query_bind_int(&q, delivery->sent_at);
    ko_query_bind_int(&q, delivery->digest_id);
    ko_query_bind_text(&q, delivery->channel);
    return ko_query_run(&q, err);
}

ko_status ko_deliveries_renew(ko_store *store, int64_t since, ko_error *err)
{
    ko_query q = ko_query_start(store, "UPDATE delivery SET state = 0, tries = 0, next_at = 0"
                                       " WHERE state = 0 OR (state = 2 AND digest_id IN"
                                       "  (SELECT id FROM digest WHERE made_at >= ?))");
    ko_query_bind_int(&q, since);
    return ko_query_run(&q, err);
}

ko_status ko_delivery_count(ko_store *store, ko_delivery_counts *out_counts, ko_error *err)
{
    ko_query q = ko_query_start(store, "SELECT count(*), ifnull(min(next_at), 0) FROM delivery"
                                       " WHERE state = 0");
    ko_delivery_counts counts = {0};
    if (ko_query_row(&q)) {
        counts.waiting = (size_t)ko_query_int(&q);
        counts.next_at = ko_query_int(&q);
    }
    const ko_status st = ko_query_end(&q, err);
    if (st == KO_OK)
        *out_counts = counts;
    return st;
}
