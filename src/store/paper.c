#include "store/paper.h"

#include "base/clock.h"
#include "store/query.h"

#include <string.h>

const char *ko_paper_role_name(ko_paper_role role)
{
    return role == KO_PAPER_CERTIFICATE ? "certificate" : "evidence";
}

ko_status ko_paper_add(ko_store *store, int64_t work_id, const ko_paper *paper, ko_error *err)
{
    static const char sql[] =
        "INSERT INTO work_paper (work_id, role, path, sha256, bytes, added_at)"
        " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET path = excluded.path";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, work_id);
    ko_query_bind_text(&q, ko_paper_role_name(paper->role));
    ko_query_bind_text(&q, paper->path);
    ko_query_bind_blob(&q, paper->sha256, KO_SHA256_SIZE);
    ko_query_bind_int(&q, paper->bytes);
    ko_query_bind_int(&q, ko_clock_now());
    return ko_query_run(&q, err);
}

ko_status ko_paper_each(ko_store *store, int64_t work_id, ko_paper_fn *fn, void *context,
                        ko_error *err)
{
    static const char sql[] = "SELECT role, path, sha256, bytes, added_at FROM work_paper"
                              " WHERE work_id = ? ORDER BY id";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, work_id);
    while (ko_query_row(&q)) {
        ko_paper paper;
        const bool certificate = strcmp(ko_query_text(&q), "certificate") == 0;
        paper.role = certificate ? KO_PAPER_CERTIFICATE : KO_PAPER_EVIDENCE;
        paper.path = ko_query_text(&q);
        ko_query_bytes(&q, paper.sha256, KO_SHA256_SIZE);
        paper.bytes = ko_query_int_within(&q, 0, INT64_MAX / 2);
        paper.added_at = ko_query_int(&q);
        if (ko_query_intact(&q))
            q.handed = fn(context, &paper);
    }
    return ko_query_end(&q, err);
}
