#include "store/found.h"

#include "store/candidate.h"
#include "store/rows.h"

#include <assert.h>

/* Accepted ones stay so whatever scans find and lists say (KO_CANDIDATE_STATE). */
#define FROM_ACCEPTED                                                                              \
    " FROM candidate JOIN decision ON decision.id = candidate.decided AND decision.state = 1"
static_assert(KO_CANDIDATE_ACCEPTED == 1, "see FROM_ACCEPTED");

ko_status ko_found_each(ko_store *store, ko_found_fn *fn, void *context, ko_error *err)
{
    static const char sql[] =
        "SELECT candidate.listing_id, candidate.work_id, candidate.found_at" FROM_ACCEPTED
        " ORDER BY candidate.listing_id, candidate.work_id";
    ko_query q = ko_query_start(store, sql);
    while (ko_query_row(&q)) {
        ko_found found = {.listing_id = ko_query_int(&q)};
        found.work_id = ko_query_int(&q);
        found.at = ko_query_int(&q);
        if (ko_query_intact(&q))
            q.handed = fn(context, &found);
    }
    return ko_query_end(&q, err);
}

ko_status ko_found_listing_each(ko_store *store, ko_seen_fn *fn, void *context, ko_error *err)
{
    static const char sql[] = "SELECT " KO_SEEN_COLUMNS
                              " FROM listing WHERE id IN (SELECT candidate.listing_id" FROM_ACCEPTED
                              " UNION SELECT listing_id FROM notice_item) ORDER BY id";
    ko_query q = ko_query_start(store, sql);
    while (ko_query_row(&q)) {
        ko_seen seen;
        ko_seen_read(&q, &seen);
        if (ko_query_intact(&q))
            q.handed = fn(context, &seen);
    }
    return ko_query_end(&q, err);
}
