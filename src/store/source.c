#include "store/source.h"

#include "base/buf.h"
#include "platform/url.h"
#include "store/query.h"

#include <assert.h>
#include <string.h>

/* --- names --- */

#define NAME_MAX_BYTES 300 /* a host, a file's name, and a number behind it */

/* What a source is called by itself: its host, the file's name, or the interface before the
 * colon. Borrowed from address or url. */
static ko_slice own_name(const char *address, ko_url *url)
{
    if (ko_url_parse(address, strlen(address), NULL, url, NULL) == KO_OK) {
        const ko_slice host = ko_url_host(url);
        const size_t www = host.n > 4 && memcmp(host.at, "www.", 4) == 0 ? 4 : 0;
        return (ko_slice){host.at + www, host.n - www};
    }
    const char *slash = strrchr(address, '/');
    const char *name = slash && slash[1] ? slash + 1 : address;
    return (ko_slice){name, strcspn(name, ":?")};
}

static ko_status is_taken(ko_store *store, const char *name, bool *out_taken, ko_error *err)
{
    ko_query q = ko_query_start(store, "SELECT id FROM source WHERE name = ?");
    int64_t id = 0;
    ko_query_bind_text(&q, name);
    const ko_status st = ko_query_first(&q, &id, err);
    *out_taken = id != 0;
    return st;
}

/* The source's own name, with a number behind it when others have it. */
static ko_status make_name(ko_store *store, const char *address, ko_buf *out, ko_error *err)
{
    ko_url url;
    const ko_slice name = own_name(address, &url);
    const size_t n = name.n < NAME_MAX_BYTES - 32 ? name.n : NAME_MAX_BYTES - 32;
    bool taken = true;
    ko_status st = KO_OK;
    for (unsigned number = 1; st == KO_OK && taken; number++) {
        ko_buf_clear(out);
        st = ko_buf_append(out, name.at, n);
        if (st == KO_OK && number > 1)
            st = ko_buf_printf(out, "-%u", number);
        st = st == KO_OK ? is_taken(store, out->data, &taken, err)
                         : ko_fail(err, st, "a name for %s", address);
    }
    return st;
}

/* --- sources --- */

/* KO_E_EXISTS with a line when another source has the name or the address. */
static ko_status refuse_taken(ko_store *store, const char *name, const char *address, ko_error *err)
{
    static const char sql[] = "SELECT name, url FROM source WHERE name = ?1 OR url = ?2"
                              " ORDER BY url = ?2 DESC LIMIT 1";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_text(&q, name);
    ko_query_bind_text(&q, address);
    if (ko_query_row(&q)) {
        const char *its_name = ko_query_text(&q), *its_url = ko_query_text(&q);
        if (ko_query_intact(&q) && strcmp(its_url, address) == 0)
            q.handed = ko_fail(err, KO_E_EXISTS, "%s is the source %s already", address, its_name);
        else if (ko_query_intact(&q))
            q.handed = ko_fail(err, KO_E_EXISTS, "the name %s is taken by %s", its_name, its_url);
    }
    return ko_query_end(&q, err);
}

static ko_status insert(ko_store *store, const ko_source *source, const char *name, int64_t *out_id,
                        ko_error *err)
{
    static const char sql[] =
        "INSERT INTO source (name, url, kind, every_s, paused, added_at) VALUES (?, ?, ?, ?, ?, ?)";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_text(&q, name);
    ko_query_bind_text(&q, source->url);
    ko_query_bind_text(&q, source->kind);
    ko_query_bind_int(&q, source->every_s);
    ko_query_bind_int(&q, source->paused);
    ko_query_bind_int(&q, source->added_at);
    const ko_status st = ko_query_run(&q, err);
    *out_id = sqlite3_last_insert_rowid(store->db);
    return st;
}

ko_status ko_source_add(ko_store *store, const ko_source *source, int64_t *out_id, ko_error *err)
{
    assert(source->url[0] && source->kind && source->every_s >= 0);
    ko_buf made = KO_BUF(NAME_MAX_BYTES);
    bool own;
    ko_status st = ko_store_enter(store, &own, err);
    if (st != KO_OK)
        return st;
    int64_t id = 0;
    st = refuse_taken(store, source->name, source->url, err);
    if (st == KO_OK && !source->name[0])
        st = make_name(store, source->url, &made, err);
    if (st == KO_OK)
        st = insert(store, source, source->name[0] ? source->name : made.data, &id, err);
    st = ko_store_leave(store, own, st, err);
    if (st == KO_OK)
        *out_id = id;
    ko_buf_free(&made);
    return st;
}

static ko_status found(ko_store *store, ko_status outcome, int64_t id, ko_error *err)
{
    if (outcome == KO_OK && sqlite3_changes(store->db) == 0)
        return ko_fail(err, KO_E_NOT_FOUND, "no source %lld", (long long)id);
    return outcome;
}

ko_status ko_source_remove(ko_store *store, int64_t id, ko_error *err)
{
    ko_query q = ko_query_start(store, "DELETE FROM source WHERE id = ?");
    ko_query_bind_int(&q, id);
    return found(store, ko_query_run(&q, err), id, err);
}

ko_status ko_source_update(ko_store *store, const ko_source *source, ko_error *err)
{
    static const char sql[] = "UPDATE source SET kind = ?, last_run = ?, last_result = ?,"
                              " running = ?, listings = ? WHERE id = ?";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_text(&q, source->kind);
    ko_query_bind_int(&q, source->last_run);
    ko_query_bind_text(&q, source->last_result);
    ko_query_bind_int(&q, source->running);
    ko_query_bind_int(&q, source->listings);
    ko_query_bind_int(&q, source->id);
    return found(store, ko_query_run(&q, err), source->id, err);
}

ko_status ko_source_pause(ko_store *store, int64_t id, bool paused, ko_error *err)
{
    ko_query q = ko_query_start(store, "UPDATE source SET paused = ? WHERE id = ?");
    ko_query_bind_int(&q, paused);
    ko_query_bind_int(&q, id);
    return found(store, ko_query_run(&q, err), id, err);
}

#define SOURCE_COLUMNS                                                                             \
    "id, name, url, kind, every_s, paused, added_at, last_run, last_result, running, listings"

static void read_source(ko_query *q, ko_source *out)
{
    out->id = ko_query_int(q);
    out->name = ko_query_text(q);
    out->url = ko_query_text(q);
    out->kind = ko_query_text(q);
    out->every_s = ko_query_int(q);
    out->paused = ko_query_int_within(q, 0, 1) == 1;
    out->added_at = ko_query_int(q);
    out->last_run = ko_query_int(q);
    out->last_result = ko_query_text(q);
    out->running = ko_query_int_within(q, 0, 1) == 1;
    out->listings = ko_query_int(q);
}

ko_status ko_source_each(ko_store *store, const char *name_or_url, ko_source_fn *fn, void *context,
                         ko_error *err)
{
    static const char all[] = "SELECT " SOURCE_COLUMNS " FROM source ORDER BY id";
    static const char one[] = "SELECT " SOURCE_COLUMNS " FROM source"
                              " WHERE name = ?1 OR url = ?1 OR CAST(id AS TEXT) = ?1"
                              " ORDER BY name = ?1 DESC, url = ?1 DESC LIMIT 1";
    size_t n = 0;
    ko_query q = ko_query_start(store, name_or_url ? one : all);
    if (name_or_url)
        ko_query_bind_text(&q, name_or_url);
    while (ko_query_row(&q)) {
        ko_source source;
        read_source(&q, &source);
        n++;
        if (ko_query_intact(&q))
            q.handed = fn(context, &source);
    }
    const ko_status st = ko_query_end(&q, err);
    if (st == KO_OK && name_or_url && n == 0)
        return ko_fail(err, KO_E_NOT_FOUND, "no source %s", name_or_url);
    return st;
}

/* --- requests --- */

ko_status ko_request_add(ko_store *store, int64_t source_id, const char *url, ko_request_role role,
                         bool *out_new, ko_error *err)
{
    /* Looked for first: a refused insert would still use up a number. */
    static const char sql[] = "INSERT INTO request (source_id, url, role) SELECT ?1, ?2, ?3"
                              " WHERE NOT EXISTS"
                              " (SELECT 1 FROM request WHERE source_id = ?1 AND url = ?2)";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, source_id);
    ko_query_bind_text(&q, url);
    ko_query_bind_int(&q, role);
    const ko_status st = ko_query_run(&q, err);
    if (st == KO_OK)
        *out_new = sqlite3_changes(store->db) > 0;
    return st;
}

ko_status ko_request_update(ko_store *store, const ko_request *request, ko_error *err)
{
    static const char sql[] = "UPDATE request SET state = ?, reason = ?, tries = ?, not_before = ?,"
                              " etag = ?, last_modified = ?, fetched_at = ? WHERE id = ?";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, request->state);
    ko_query_bind_text(&q, request->reason);
    ko_query_bind_int(&q, request->tries);
    ko_query_bind_int(&q, request->not_before);
    ko_query_bind_text(&q, request->etag);
    ko_query_bind_text(&q, request->last_modified);
    ko_query_bind_int(&q, request->fetched_at);
    ko_query_bind_int(&q, request->id);
    const ko_status st = ko_query_run(&q, err);
    if (st == KO_OK && sqlite3_changes(store->db) == 0)
        return ko_fail(err, KO_E_NOT_FOUND, "no request %lld", (long long)request->id);
    return st;
}

ko_status ko_requests_renew(ko_store *store, int64_t source_id, ko_error *err)
{
    static const char sql[] = "UPDATE request SET state = 0, reason = '', tries = 0, not_before = 0"
                              " WHERE source_id = ?";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, source_id);
    return ko_query_run(&q, err);
}

static void read_request(ko_query *q, ko_request *out)
{
    out->id = ko_query_int(q);
    out->source_id = ko_query_int(q);
    out->url = ko_query_text(q);
    out->role = (ko_request_role)ko_query_int_within(q, 0, KO_REQUEST_PAGE);
    out->state = (ko_request_state)ko_query_int_within(q, 0, KO_REQUEST_BLOCKED);
    out->reason = ko_query_text(q);
    out->tries = (int)ko_query_int_within(q, 0, INT32_MAX);
    out->not_before = ko_query_int(q);
    out->etag = ko_query_text(q);
    out->last_modified = ko_query_text(q);
    out->fetched_at = ko_query_int(q);
}

ko_status ko_request_each_new(ko_store *store, int64_t source_id, int64_t after, int64_t now,
                              size_t limit, ko_request_fn *fn, void *context, ko_error *err)
{
    static const char sql[] =
        "SELECT id, source_id, url, role, state, reason, tries, not_before, etag, last_modified,"
        " fetched_at FROM request WHERE source_id = ? AND state = 0 AND id > ? AND not_before <= ?"
        " ORDER BY role, id LIMIT ?";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, source_id);
    ko_query_bind_int(&q, after);
    ko_query_bind_int(&q, now);
    ko_query_bind_int(&q, limit < INT64_MAX ? (int64_t)limit : INT64_MAX);
    while (ko_query_row(&q)) {
        ko_request request;
        read_request(&q, &request);
        if (ko_query_intact(&q))
            q.handed = fn(context, &request);
    }
    return ko_query_end(&q, err);
}

ko_status ko_request_count(ko_store *store, int64_t source_id, ko_request_counts *out_counts,
                           ko_error *err)
{
    static const char sql[] = "SELECT count(*) FILTER (WHERE state = 0),"
                              " count(*) FILTER (WHERE state = 1),"
                              " count(*) FILTER (WHERE state = 2),"
                              " count(*) FILTER (WHERE state = 3),"
                              " count(*) FILTER (WHERE state > 0 AND role = 0),"
                              " ifnull(min(not_before) FILTER (WHERE state = 0 AND not_before > 0),"
                              " 0) FROM request WHERE source_id = ?";
    ko_request_counts counts = {0};
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, source_id);
    if (ko_query_row(&q)) {
        counts.fresh = ko_query_int(&q);
        counts.done = ko_query_int(&q);
        counts.failed = ko_query_int(&q);
        counts.blocked = ko_query_int(&q);
        counts.lists = ko_query_int(&q);
        counts.next_at = ko_query_int(&q);
    }
    const ko_status st = ko_query_end(&q, err);
    if (st == KO_OK)
        *out_counts = counts;
    return st;
}
