#include "case/plan_rows.h"

#include "base/alloc.h"
#include "store/candidate.h"
#include "store/look.h"

#include <stdlib.h>
#include <string.h>

typedef struct reading {
    ko_store *store;
    ko_plan_rows *out;
    const ko_plan_request *request;
    ko_error *err;
} reading;

/* --- accepted candidates --- */

static ko_plan_row row_of(const ko_candidate *c, ko_texts *texts)
{
    const ko_listing *listing = &c->listing->record;
    ko_plan_row row = {.item = {.candidate_id = c->id,
                                .listing_id = c->listing->id,
                                .url = ko_texts_keep(texts, listing->url),
                                .item = "",
                                .platform = ko_texts_keep(texts, listing->platform),
                                .seller = ko_texts_keep(texts, listing->seller),
                                .seller_id = ko_texts_keep(texts, listing->seller_id),
                                .title = ko_texts_keep(texts, listing->title),
                                .score = c->match.evidence.score,
                                .has_evidence = true},
                       .work_id = c->work->id,
                       .accepted_at = c->decision.at,
                       .confirmed = c->decision.good_faith,
                       .serial = ko_texts_keep(texts, c->work->serial),
                       .work_title = ko_texts_keep(texts, c->work->fields.title)};
    memcpy(row.item.photo_sha256, c->photo->sha256, KO_SHA256_SIZE);
    memcpy(row.item.view_sha256, c->view->sha256, KO_SHA256_SIZE);
    return row;
}

static ko_status on_look(void *context, const ko_look *look)
{
    ko_plan_row *row = context;
    if (look->outcome == KO_LOOK_GONE && look->sure)
        row->gone_since = look->gone_since;
    return KO_OK;
}

static ko_status on_candidate(void *context, const ko_candidate *candidate)
{
    const reading *in = context;
    ko_plan_rows *out = in->out;
    const char *platform = in->request->platform;
    if (platform && strcmp(candidate->listing->record.platform, platform) != 0)
        return KO_OK;
    ko_plan_row *grown = ko_grown(out->rows, out->n_rows, &out->rows_capacity, sizeof *out->rows);
    if (!grown)
        return KO_E_NOMEM;
    out->rows = grown;
    ko_plan_row *row = &out->rows[out->n_rows++];
    *row = row_of(candidate, &out->texts);
    const ko_status st = ko_look_one(in->store, candidate->listing->id, on_look, row, in->err);
    row->ready = row->confirmed && !row->gone_since;
    out->n_ready += row->ready;
    return st;
}

static int compare_rows(const void *a, const void *b)
{
    const ko_plan_row *x = a;
    const ko_plan_row *y = b;
    if (x->ready != y->ready)
        return y->ready - x->ready;
    if (x->item.score < y->item.score || x->item.score > y->item.score)
        return x->item.score < y->item.score ? 1 : -1;
    return (x->item.candidate_id > y->item.candidate_id) -
           (x->item.candidate_id < y->item.candidate_id);
}

/* --- earlier notices --- */

/* Does a notice of that state stand in the way of another one? What came back never does. */
static ko_pack_past past_of(ko_notice_state state, bool again)
{
    if (ko_notice_is_open(state))
        return KO_PAST_ACTIVE;
    if (state == KO_NOTICE_REAPPEARED)
        return KO_PAST_FREE;
    return again && state != KO_NOTICE_REMOVED ? KO_PAST_FREE : KO_PAST_CLOSED;
}

static ko_status on_item(void *context, const ko_notice_item *item)
{
    const reading *in = context;
    ko_plan_rows *out = in->out;
    ko_pack_known *known =
        ko_grown(out->known, out->n_known, &out->known_capacity, sizeof *out->known);
    if (!known)
        return KO_E_NOMEM;
    out->known = known;
    ko_plan_past *pasts =
        ko_grown(out->pasts, out->n_known, &out->pasts_capacity, sizeof *out->pasts);
    if (!pasts)
        return KO_E_NOMEM;
    out->pasts = pasts;
    known[out->n_known] = (ko_pack_known){ko_texts_keep(&out->texts, item->url), item->notice_id,
                                          past_of(item->state, in->request->again)};
    pasts[out->n_known++] = (ko_plan_past){item->state, item->state_on};
    return KO_OK;
}

/* --- both --- */

ko_status ko_plan_rows_read(ko_store *store, const ko_plan_request *request, ko_plan_rows *out_rows,
                            ko_error *err)
{
    *out_rows = (ko_plan_rows){0};
    reading in = {store, out_rows, request, err};
    const ko_candidate_filter accepted = {.work_id = request->work_id,
                                          .states = 1U << KO_CANDIDATE_ACCEPTED};
    ko_status st = ko_candidate_each(store, &accepted, on_candidate, &in, err);
    if (st == KO_OK)
        st = ko_notice_item_each(store, 0, 0, on_item, &in, err);
    if (st == KO_E_NOMEM || (st == KO_OK && out_rows->texts.no_memory))
        return ko_fail(err, KO_E_NOMEM, "no memory for %zu candidates", out_rows->n_rows);
    if (st == KO_OK && out_rows->n_rows)
        qsort(out_rows->rows, out_rows->n_rows, sizeof *out_rows->rows, compare_rows);
    return st;
}

void ko_plan_rows_free(ko_plan_rows *rows)
{
    ko_free(rows->rows);
    ko_free(rows->known);
    ko_free(rows->pasts);
    ko_texts_free(&rows->texts);
    *rows = (ko_plan_rows){0};
}
