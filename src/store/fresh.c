#include "store/fresh.h"

#include "store/candidate_sql.h"
#include "store/look.h"

#include <assert.h>

/* What a digest told, and what a person decided, is passed over before a match is looked up. */
ko_status ko_fresh_find_each(ko_store *store, ko_fresh_find_fn *fn, void *context, ko_error *err)
{
    static const char sql[] = "SELECT candidate.id, work.id, candidate.leader, best.score,"
                              " ifnull((SELECT notice_item.notice_id FROM tie"
                              "  JOIN notice_item ON notice_item.id = tie.item_id"
                              "  WHERE tie.candidate_id = candidate.id"
                              "  ORDER BY tie.kind, notice_item.notice_id DESC LIMIT 1), 0),"
                              " work.title, listing.seller, listing.platform" KO_CANDIDATE_FROM
                              " WHERE candidate.leader IS NOT NULL AND NOT EXISTS"
                              "  (SELECT 1 FROM told_candidate WHERE candidate_id = candidate.id)"
                              " AND ifnull(in_force.state, 0) = 0 AND best.score >= " KO_THRESHOLD
                              " AND " KO_CANDIDATE_STATE " = 0"
                              " ORDER BY work.id, candidate.leader, candidate.id";
    double threshold = 0;
    const ko_status st = ko_store_threshold(store, &threshold, err);
    if (st != KO_OK)
        return st;
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_real(&q, threshold);
    while (ko_query_row(&q)) {
        char serial[KO_SERIAL_SIZE];
        ko_fresh_find find = {.serial = serial};
        find.id = ko_query_int(&q);
        find.work_id = ko_query_int(&q);
        find.leader = ko_query_int(&q);
        find.score = ko_query_real(&q);
        find.notice_id = ko_query_int(&q);
        find.title = ko_query_text(&q);
        find.seller = ko_query_text(&q);
        find.platform = ko_query_text(&q);
        ko_work_serial(find.work_id, serial);
        if (ko_query_intact(&q))
            q.handed = fn(context, &find);
    }
    return ko_query_end(&q, err);
}

ko_status ko_fresh_event_each(ko_store *store, int64_t after, const char *who,
                              ko_fresh_event_fn *fn, void *context, ko_error *err)
{
    static const char sql[] =
        "SELECT notice_event.id, notice.id, notice_event.state, notice_event.on_day,"
        " (SELECT count(*) FROM notice_told WHERE event_id = notice_event.id),"
        " notice.serial, notice.work_title"
        " FROM notice_event JOIN notice ON notice.id = notice_event.notice_id"
        " WHERE notice_event.id > ? AND NOT notice_event.undone AND notice_event.who = ?"
        " ORDER BY notice_event.id";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, after);
    ko_query_bind_text(&q, who);
    while (ko_query_row(&q)) {
        ko_fresh_event event;
        event.id = ko_query_int(&q);
        event.notice_id = ko_query_int(&q);
        event.state = (ko_notice_state)ko_query_int_within(&q, 0, KO_NOTICE_STATES - 1);
        event.on = (ko_day)ko_query_int_within(&q, INT32_MIN, INT32_MAX);
        event.n_items = (size_t)ko_query_int(&q);
        event.serial = ko_query_text(&q);
        event.title = ko_query_text(&q);
        if (ko_query_intact(&q))
            q.handed = fn(context, &event);
    }
    return ko_query_end(&q, err);
}

ko_status ko_fresh_look_each(ko_store *store, int64_t after, ko_fresh_look_fn *fn, void *context,
                             ko_error *err)
{
    static const char sql[] =
        "SELECT look_change.id, look_change.outcome = 4, listing.url FROM look_change"
        " JOIN look ON look.listing_id = look_change.listing_id"
        "  AND look.outcome = look_change.outcome"
        " JOIN listing ON listing.id = look_change.listing_id"
        " WHERE look_change.id > ? AND look_change.outcome IN (3, 4) ORDER BY look_change.id";
    static_assert(KO_LOOK_CHANGED == 3 && KO_LOOK_BLOCKED == 4, "see the statement");
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, after);
    while (ko_query_row(&q)) {
        ko_fresh_look look;
        look.id = ko_query_int(&q);
        look.blocked = ko_query_int_within(&q, 0, 1) == 1;
        look.url = ko_query_text(&q);
        if (ko_query_intact(&q))
            q.handed = fn(context, &look);
    }
    return ko_query_end(&q, err);
}

ko_status ko_fresh_hold_each(ko_store *store, int64_t after, ko_fresh_hold_fn *fn, void *context,
                             ko_error *err)
{
    ko_query q = ko_query_start(store, "SELECT id, name, note, found FROM hold"
                                       " WHERE id > ? AND state = 0 ORDER BY id");
    ko_query_bind_int(&q, after);
    while (ko_query_row(&q)) {
        ko_fresh_hold hold;
        hold.id = ko_query_int(&q);
        hold.name = ko_query_text(&q);
        hold.note = ko_query_text(&q);
        hold.found = (size_t)ko_query_int(&q);
        if (ko_query_intact(&q))
            q.handed = fn(context, &hold);
    }
    return ko_query_end(&q, err);
}
