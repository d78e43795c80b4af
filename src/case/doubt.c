#include "case/doubt.h"

#include "base/alloc.h"

static ko_status on_item(void *context, const ko_notice_item *item)
{
    ko_doubts *out = context;
    if (item->candidate_id == 0 || item->is_accepted)
        return KO_OK;
    ko_doubt *grown = ko_grown(out->doubts, out->n, &out->capacity, sizeof *out->doubts);
    if (!grown)
        return KO_E_NOMEM;
    out->doubts = grown;
    out->doubts[out->n++] = (ko_doubt){item->notice_id, item->id, item->candidate_id};
    return KO_OK;
}

ko_status ko_doubts_find(ko_store *store, int64_t notice_id, unsigned states, ko_doubts *out_doubts,
                         ko_error *err)
{
    *out_doubts = (ko_doubts){0};
    const ko_status st = ko_notice_item_each(store, notice_id, states, on_item, out_doubts, err);
    return st == KO_E_NOMEM ? ko_fail(err, st, "no memory for candidates of notices") : st;
}

void ko_doubts_free(ko_doubts *doubts)
{
    ko_free(doubts->doubts);
    *doubts = (ko_doubts){0};
}
