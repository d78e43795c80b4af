#include "store/tie.h"

#include "base/clock.h"
#include "store/candidate.h"
#include "store/rows.h"

#include <assert.h>

const char *ko_tie_kind_name(ko_tie_kind kind)
{
    static const char *const names[KO_TIE_KINDS] = {"listing", "picture", "looks", "seller"};
    assert(kind < KO_TIE_KINDS);
    return names[kind];
}

/* Of notice_item, a column of the last event in force that told such a state of it; NULL: none
 * did. What was told of an item is a chain, from the last thing back (store/notice.c). */
#define LAST_TOLD(column, state)                                                                   \
    "(WITH RECURSIVE back (id) AS (SELECT notice_item.told UNION ALL SELECT notice_told.was"       \
    "  FROM back CROSS JOIN notice_told ON notice_told.id = back.id)"                              \
    " SELECT told." column " FROM back CROSS JOIN notice_told ON notice_told.id = back.id"         \
    "  CROSS JOIN notice_event AS told ON told.id = notice_told.event_id"                          \
    "  WHERE told.state = " state " ORDER BY told.id DESC LIMIT 1)"

#define FILED "1"
#define REMOVED "6"
static_assert(KO_NOTICE_FILED == 1 && KO_NOTICE_REMOVED == 6, "see FILED and REMOVED");

#define IN_FORCE                                                                                   \
    " CROSS JOIN notice_told ON notice_told.id = notice_item.told"                                 \
    " CROSS JOIN notice_event AS event ON event.id = notice_told.event_id"

/* --- cases --- */

static void hand_case(ko_query *q, ko_tie_case_fn *fn, void *context)
{
    ko_tie_case item = {.item_id = ko_query_int(q)};
    uint8_t fp[KO_FP_BYTES];
    item.work_id = ko_query_int(q);
    item.listing_id = ko_query_int(q);
    item.platform = ko_query_text(q);
    item.url = ko_query_text(q);
    item.seller = ko_query_text(q);
    item.seller_id = ko_query_text(q);
    item.built_at = ko_query_int(q);
    item.removed_at = ko_query_int(q);
    item.state = (ko_notice_state)ko_query_int_within(q, KO_NOTICE_FILED, KO_NOTICE_STATES - 1);
    item.picture.photo_id = ko_query_int(q);
    ko_query_bytes(q, item.picture.sha256, KO_SHA256_SIZE);
    item.picture.quality = (int)ko_query_int_within(q, 0, 100);
    ko_query_bytes(q, fp, KO_FP_BYTES);
    item.picture.fp = ko_store_unpack_fp(fp);
    if (ko_query_intact(q))
        q->handed = fn(context, &item);
}

/* The picture of an item from a sheet, which tells none, is the one that its listing shows now. */
ko_status ko_tie_case_each(ko_store *store, ko_tie_case_fn *fn, void *context, ko_error *err)
{
    static const char sql[] =
        "SELECT notice_item.id, notice.work_id, notice_item.listing_id, platform, url, seller,"
        " seller_id, notice.built_at, ifnull(" LAST_TOLD(
            "at", REMOVED) ", 0), event.state,"
                           " ifnull(photo.id, 0), photo.sha256, ifnull(photo.quality, 0), photo.fp"
                           " FROM notice_item CROSS JOIN notice ON notice.id = "
                           "notice_item.notice_id" IN_FORCE
                           " LEFT JOIN candidate ON candidate.work_id = notice.work_id"
                           "  AND candidate.listing_id = notice_item.listing_id"
                           " LEFT JOIN work ON work.id = notice.work_id"
                           " LEFT JOIN photo ON photo.fp IS NOT NULL AND photo.id ="
                           "  ifnull((SELECT id FROM photo AS same WHERE same.sha256 = "
                           "notice_item.photo_sha256"
                           "   AND same.fp IS NOT NULL LIMIT 1), " KO_BEST_PHOTO ")"
                           " WHERE event.state <> ?2 AND " LAST_TOLD(
                               "id", FILED) " IS NOT NULL"
                                            " ORDER BY notice.work_id, notice_item.id";
    double threshold;
    const ko_status st = ko_store_threshold(store, &threshold, err);
    if (st != KO_OK)
        return st;
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_real(&q, threshold);
    ko_query_bind_int(&q, KO_NOTICE_WITHDRAWN);
    while (ko_query_row(&q))
        hand_case(&q, fn, context);
    return ko_query_end(&q, err);
}

/* --- writing --- */

ko_status ko_tie_add(ko_store *store, int64_t candidate_id, int64_t item_id, ko_tie_kind kind,
                     ko_error *err)
{
    static const char sql[] = "INSERT INTO tie (candidate_id, item_id, kind, at)"
                              " VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, candidate_id);
    ko_query_bind_int(&q, item_id);
    ko_query_bind_int(&q, kind);
    ko_query_bind_int(&q, ko_clock_now());
    return ko_query_run(&q, err);
}

ko_status ko_tie_own(ko_store *store, int64_t item_id, ko_error *err)
{
    static const char sql[] =
        "INSERT INTO tie (candidate_id, item_id, kind, at) SELECT candidate.id, notice_item.id, ?2,"
        " ?3 FROM notice_item CROSS JOIN notice ON notice.id = notice_item.notice_id"
        " CROSS JOIN candidate ON candidate.work_id = notice.work_id"
        "  AND candidate.listing_id = notice_item.listing_id"
        " WHERE notice_item.id = ?1 ON CONFLICT DO NOTHING";
    assert(ko_store_is_writing(store));
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, item_id);
    ko_query_bind_int(&q, KO_TIE_LISTING);
    ko_query_bind_int(&q, ko_clock_now());
    return ko_query_run(&q, err);
}

ko_status ko_tie_end_own(ko_store *store, int64_t event_id, ko_error *err)
{
    static const char sql[] =
        "DELETE FROM tie WHERE kind = ?"
        " AND item_id IN (SELECT item_id FROM notice_told WHERE event_id = ?)";
    assert(ko_store_is_writing(store));
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, KO_TIE_LISTING);
    ko_query_bind_int(&q, event_id);
    return ko_query_run(&q, err);
}

/* --- reading --- */

static void hand_tie(ko_query *q, ko_tie_fn *fn, void *context)
{
    ko_tie tie = {.kind = (ko_tie_kind)ko_query_int_within(q, 0, KO_TIE_KINDS - 1)};
    int64_t filed_on = 0, removed_on = 0;
    tie.item_id = ko_query_int(q);
    tie.notice_id = ko_query_int(q);
    tie.channel = ko_query_text(q);
    tie.host = ko_query_text(q);
    tie.ref = ko_query_text(q);
    tie.url = ko_query_text(q);
    tie.title = ko_query_text(q);
    tie.seller = ko_query_text(q);
    tie.state = (ko_notice_state)ko_query_int_within(q, KO_NOTICE_BUILT, KO_NOTICE_STATES - 1);
    tie.state_on = (ko_day)ko_query_int_within(q, INT32_MIN, INT32_MAX);
    tie.is_filed = ko_query_int_if_any(q, &filed_on);
    tie.is_removed = ko_query_int_if_any(q, &removed_on);
    tie.filed_on = (ko_day)filed_on;
    tie.removed_on = (ko_day)removed_on;
    if (ko_query_intact(q))
        q->handed = fn(context, &tie);
}

ko_status ko_tie_each(ko_store *store, int64_t candidate_id, ko_tie_fn *fn, void *context,
                      ko_error *err)
{
    static const char sql[] =
        "SELECT tie.kind, notice_item.id, notice.id, channel, notice.host,"
        " ifnull((SELECT ref FROM notice_event WHERE notice_id = notice.id AND NOT undone"
        "  AND ref <> '' ORDER BY id DESC LIMIT 1), ''),"
        " url, title, iif(seller <> '', seller, seller_id), ifnull(event.state, 0),"
        " ifnull(event.on_day, 0), " LAST_TOLD("on_day", FILED) ", " LAST_TOLD(
            "on_day",
            REMOVED) " FROM tie CROSS JOIN notice_item ON notice_item.id = tie.item_id"
                     " CROSS JOIN notice ON notice.id = notice_item.notice_id"
                     " LEFT JOIN notice_told ON notice_told.id = notice_item.told"
                     " LEFT JOIN notice_event AS event ON event.id = notice_told.event_id"
                     " WHERE tie.candidate_id = ?"
                     " ORDER BY ifnull(event.state, 0) = ? DESC, tie.kind, notice_item.id DESC";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, candidate_id);
    ko_query_bind_int(&q, KO_NOTICE_RESTORED);
    while (ko_query_row(&q))
        hand_tie(&q, fn, context);
    return ko_query_end(&q, err);
}
