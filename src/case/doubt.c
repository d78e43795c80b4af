#include "case/doubt.h"

#include "base/alloc.h"
#include "store/candidate.h"

#include <stdlib.h>

typedef struct finding {
    int64_t *accepted; /* candidates, in order once all are there */
    size_t n_accepted, capacity;
    ko_doubts *out;
} finding;

static ko_status on_accepted(void *context, const ko_candidate *candidate)
{
    finding *f = context;
    int64_t *grown = ko_grown(f->accepted, f->n_accepted, &f->capacity, sizeof *f->accepted);
    if (!grown)
        return KO_E_NOMEM;
    f->accepted = grown;
    f->accepted[f->n_accepted++] = candidate->id;
    return KO_OK;
}

static int compare_ids(const void *left, const void *right)
{
    const int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

static bool is_accepted(const finding *f, int64_t candidate_id)
{
    return f->n_accepted &&
           bsearch(&candidate_id, f->accepted, f->n_accepted, sizeof *f->accepted, compare_ids);
}

static ko_status on_item(void *context, const ko_notice_item *item)
{
    const finding *f = context;
    ko_doubts *out = f->out;
    if (item->candidate_id == 0 || is_accepted(f, item->candidate_id))
        return KO_OK;
    ko_doubt *grown = ko_grown(out->doubts, out->n, &out->capacity, sizeof *out->doubts);
    if (!grown)
        return KO_E_NOMEM;
    out->doubts = grown;
    out->doubts[out->n++] = (ko_doubt){item->notice_id, item->id, item->candidate_id};
    return KO_OK;
}

static ko_status on_notice(void *context, const ko_notice *notice)
{
    *(int64_t *)context = notice->work_id;
    return KO_OK;
}

ko_status ko_doubts_find(ko_store *store, int64_t notice_id, unsigned states, ko_doubts *out_doubts,
                         ko_error *err)
{
    finding f = {.out = out_doubts};
    ko_candidate_filter accepted = {.all = true, .states = 1U << KO_CANDIDATE_ACCEPTED};
    ko_status st = KO_OK;
    *out_doubts = (ko_doubts){0};
    if (notice_id)
        st = ko_notice_each(store, &(ko_notice_filter){.id = notice_id}, on_notice,
                            &accepted.work_id, err);
    if (st == KO_OK)
        st = ko_candidate_each(store, &accepted, on_accepted, &f, err);
    if (st == KO_OK && f.n_accepted > 1)
        qsort(f.accepted, f.n_accepted, sizeof *f.accepted, compare_ids);
    if (st == KO_OK)
        st = ko_notice_item_each(store, notice_id, states, on_item, &f, err);
    ko_free(f.accepted);
    return st == KO_E_NOMEM ? ko_fail(err, st, "no memory for candidates of notices") : st;
}

void ko_doubts_free(ko_doubts *doubts)
{
    ko_free(doubts->doubts);
    *doubts = (ko_doubts){0};
}
