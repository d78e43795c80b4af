#include "store/tally.h"

#include "store/candidate_sql.h"
#include "store/query.h"

static ko_status count_rows(ko_store *store, ko_tally *t, ko_error *err)
{
    static const char sql[] =
        "SELECT (SELECT count(*) FROM work), (SELECT count(*) FROM listing),"
        " (SELECT count(*) FROM photo), (SELECT count(*) FROM photo WHERE state = 0),"
        " (SELECT count(*) FROM candidate WHERE leader IS NULL), (SELECT count(*) FROM notice),"
        " (SELECT page_count * page_size FROM pragma_page_count, pragma_page_size)";
    ko_query q = ko_query_start(store, sql);
    if (ko_query_row(&q)) {
        t->works = ko_query_int(&q);
        t->listings = ko_query_int(&q);
        t->photos = ko_query_int(&q);
        t->unread = ko_query_int(&q);
        t->unsorted = ko_query_int(&q);
        t->notices = ko_query_int(&q);
        t->bytes = ko_query_int(&q);
    }
    return ko_query_end(&q, err);
}

/* Rows of a state and a number. */
static ko_status read_states(ko_query *q, int64_t *counts, int64_t n, ko_error *err)
{
    while (ko_query_row(q)) {
        const int64_t state = ko_query_int_within(q, 0, n - 1);
        counts[state] = ko_query_int(q);
    }
    return ko_query_end(q, err);
}

static ko_status count_candidates(ko_store *store, ko_tally *t, ko_error *err)
{
    static const char sql[] =
        "SELECT " KO_CANDIDATE_STATE ", count(*)" KO_CANDIDATE_FROM
        " WHERE in_force.state > 0 OR best.score >= " KO_THRESHOLD " GROUP BY 1";
    double threshold = 0;
    const ko_status st = ko_store_threshold(store, &threshold, err);
    if (st != KO_OK)
        return st;
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_real(&q, threshold);
    return read_states(&q, t->candidates, KO_CANDIDATE_STATES, err);
}

static ko_status count_items(ko_store *store, ko_tally *t, ko_error *err)
{
    static const char sql[] =
        "SELECT ifnull(notice_event.state, 0), count(*) FROM notice_item"
        " LEFT JOIN notice_told ON notice_told.id = notice_item.told"
        " LEFT JOIN notice_event ON notice_event.id = notice_told.event_id GROUP BY 1";
    ko_query q = ko_query_start(store, sql);
    return read_states(&q, t->items, KO_NOTICE_STATES, err);
}

ko_status ko_tally_read(ko_store *store, ko_tally *out_tally, ko_error *err)
{
    *out_tally = (ko_tally){0};
    ko_status st = ko_store_begin_reading(store, err);
    if (st != KO_OK)
        return st;
    st = count_rows(store, out_tally, err);
    if (st == KO_OK)
        st = count_candidates(store, out_tally, err);
    if (st == KO_OK)
        st = count_items(store, out_tally, err);
    ko_store_rollback(store);
    return st;
}
