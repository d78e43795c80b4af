#include "watch/sources.h"

#include <assert.h>

const char *ko_source_state_name(ko_source_state state)
{
    static const char *const names[KO_SOURCE_STATES] = {"new",     "running", "ok",
                                                        "blocked", "failed",  "paused"};
    assert(state < KO_SOURCE_STATES);
    return names[state];
}

static ko_source_state judge(const ko_source *source, const ko_request_counts *counts)
{
    if (source->paused)
        return KO_SOURCE_PAUSED;
    if (counts->blocked > 0)
        return KO_SOURCE_BLOCKED;
    if (source->last_run == 0)
        return source->last_result[0] ? KO_SOURCE_FAILED : KO_SOURCE_NEW;
    if (counts->failed > 0 && counts->done == 0)
        return KO_SOURCE_FAILED;
    return source->running ? KO_SOURCE_RUNNING : KO_SOURCE_OK;
}

ko_status ko_source_state_find(ko_store *store, const ko_source *source, ko_source_state *out_state,
                               ko_error *err)
{
    ko_request_counts counts = {0};
    const ko_status st = ko_request_count(store, source->id, &counts, err);
    if (st == KO_OK)
        *out_state = judge(source, &counts);
    return st;
}
