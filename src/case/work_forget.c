#include "case/work_forget.h"

#include "store/notice.h"

static ko_status count_filed(void *context, const ko_notice *notice)
{
    *(size_t *)context += notice->is_filed;
    return KO_OK;
}

/* A counter-notice is answered with what is known of the work. */
ko_status ko_work_forget(ko_store *store, int64_t id, ko_error *err)
{
    size_t n = 0;
    const ko_notice_filter open = {.work_id = id, .open = true};
    const ko_status st = ko_notice_each(store, &open, count_filed, &n, err);
    if (st == KO_OK && n)
        return ko_fail(err, KO_E_EXISTS,
                       "KO-%06lld is needed to answer for %zu notice%s that %s filed and not "
                       "closed",
                       (long long)id, n, n == 1 ? "" : "s", n == 1 ? "is" : "are");
    return st == KO_OK ? ko_work_remove(store, id, err) : st;
}
