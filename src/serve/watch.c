/* How the watch fares: what ran, what is next, and what waits. */
#include "serve/handlers.h"

#include "base/alloc.h"
#include "case/beside.h"
#include "watch/status.h"

ko_status ko_serve_watch(ko_desk *desk, const ko_serve_request *request, ko_serve_answer *answer,
                         ko_error *err)
{
    (void)request;
    ko_kit kit = {0};
    ko_store *store = NULL;
    char *archive = NULL;
    json_t *status = NULL;
    ko_status st = ko_beside_kit(desk->path, &kit, err);
    if (st == KO_OK)
        st = ko_beside(desk->path, KO_BESIDE_ARCHIVE, &archive, err);
    if (st == KO_OK)
        st = ko_pool_take(desk->pool, &store, err);
    if (st == KO_OK)
        st = ko_status_json(store, &kit, archive, &status, err);
    ko_pool_give(desk->pool, store);
    if (st == KO_OK)
        st = ko_serve_answer_json(answer, status, err);
    ko_free(archive);
    ko_kit_close(&kit);
    return st;
}
