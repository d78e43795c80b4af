#include "store/remark.h"

#include "store/query.h"

static ko_status remove_remark(ko_store *store, const ko_remark *remark, ko_error *err)
{
    ko_query q =
        ko_query_start(store, "DELETE FROM remark WHERE listing_id = ? AND work = ? AND name = ?");
    ko_query_bind_int(&q, remark->listing_id);
    ko_query_bind_text(&q, remark->work);
    ko_query_bind_text(&q, remark->name);
    return ko_query_run(&q, err);
}

ko_status ko_remark_put(ko_store *store, const ko_remark *remark, ko_error *err)
{
    /* A row that is there keeps its number, which is its place. */
    static const char sql[] = "INSERT INTO remark (listing_id, work, name, text)"
                              " VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET text = excluded.text";
    if (!remark->text[0])
        return remove_remark(store, remark, err);
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, remark->listing_id);
    ko_query_bind_text(&q, remark->work);
    ko_query_bind_text(&q, remark->name);
    ko_query_bind_text(&q, remark->text);
    return ko_query_run(&q, err);
}

ko_status ko_remark_each(ko_store *store, int64_t listing_id, ko_remark_fn *fn, void *context,
                         ko_error *err)
{
    static const char sql[] = "SELECT listing_id, work, name, text FROM remark"
                              " WHERE listing_id BETWEEN ? AND ? ORDER BY listing_id, work, id";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, listing_id ? listing_id : 1);
    ko_query_bind_int(&q, listing_id ? listing_id : INT64_MAX);
    while (ko_query_row(&q)) {
        ko_remark remark = {.listing_id = ko_query_int(&q)};
        remark.work = ko_query_text(&q);
        remark.name = ko_query_text(&q);
        remark.text = ko_query_text(&q);
        if (ko_query_intact(&q))
            q.handed = fn(context, &remark);
    }
    return ko_query_end(&q, err);
}
