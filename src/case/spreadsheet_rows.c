#include "case/spreadsheet_rows.h"

#include "base/alloc.h"
#include "case/past.h"

#include <stdlib.h>
#include <string.h>

typedef struct reading {
    ko_store *store;
    ko_spreadsheet_rows *rows;
    const ko_notice *notice; /* whose items come */
    ko_error *err;
} reading;

static ko_status no_memory(const reading *r)
{
    return ko_fail(r->err, KO_E_NOMEM, "no memory for the rows of a sheet");
}

/* --- what is known --- */

static ko_status on_candidate(void *context, const ko_candidate *c)
{
    const reading *r = context;
    ko_spreadsheet_rows *rows = r->rows;
    ko_row_candidate *all =
        ko_grown(rows->candidate, rows->n_candidates, &rows->candidates_capacity, sizeof *all);
    if (!all)
        return no_memory(r);
    rows->candidate = all;
    all[rows->n_candidates++] = (ko_row_candidate){.listing_id = c->listing->id,
                                                   .work_id = c->work->id,
                                                   .state = c->state,
                                                   .found_at = c->found_at,
                                                   .method = c->match.evidence.method};
    return KO_OK;
}

static char **text_at(ko_row_item *item, size_t i)
{
    char **const texts[] = {&item->url,       &item->item,  &item->platform,   &item->seller,
                            &item->seller_id, &item->title, &item->work_title, &item->channel,
                            &item->reason,    &item->ref};
    return i < sizeof texts / sizeof *texts ? texts[i] : NULL;
}

static void clear_item(ko_row_item *item)
{
    for (size_t i = 0; text_at(item, i); i++)
        ko_free(*text_at(item, i));
}

static ko_status on_item(void *context, const ko_notice_item *item)
{
    const reading *r = context;
    const ko_notice *n = r->notice;
    ko_spreadsheet_rows *rows = r->rows;
    ko_row_item *all = ko_grown(rows->item, rows->n_items, &rows->items_capacity, sizeof *all);
    if (!all)
        return no_memory(r);
    rows->item = all;
    ko_row_item *own = &all[rows->n_items++];
    *own = (ko_row_item){.id = item->id,
                         .notice_id = item->notice_id,
                         .listing_id = item->listing_id,
                         .work_id = n->work_id,
                         .url = ko_strdup(item->url),
                         .item = ko_strdup(item->item),
                         .platform = ko_strdup(item->platform),
                         .seller = ko_strdup(item->seller),
                         .seller_id = ko_strdup(item->seller_id),
                         .title = ko_strdup(item->title),
                         .work_title = ko_strdup(n->work_title[0] ? n->work_title : n->serial),
                         .channel = ko_strdup(n->channel),
                         .reason = ko_strdup(n->reason),
                         .ref = ko_strdup(n->ref),
                         .state = item->state,
                         .state_on = item->state_on};
    for (size_t i = 0; text_at(own, i); i++)
        if (!*text_at(own, i))
            return no_memory(r);
    return KO_OK;
}

static ko_status on_notice(void *context, const ko_notice *notice)
{
    reading *r = context;
    r->notice = notice;
    return ko_notice_item_each(r->store, notice->id, 0, on_item, r, r->err);
}

static int compare_item_ids(const void *a, const void *b)
{
    const int64_t x = ((const ko_row_item *)a)->id, y = ((const ko_row_item *)b)->id;
    return (x > y) - (x < y);
}

/* What a sheet told stands there already, as it was written. */
static ko_status on_event(void *context, const ko_notice_event *event, int64_t item_id)
{
    const reading *r = context;
    const ko_row_item key = {.id = item_id};
    if (item_id == 0 || event->undone)
        return KO_OK;
    ko_row_item *item =
        bsearch(&key, r->rows->item, r->rows->n_items, sizeof key, compare_item_ids);
    if (!item)
        return KO_OK;
    if (strcmp(event->who, KO_PAST_WHO) == 0) {
        item->told &= ~(1U << event->state);
    } else {
        item->told |= 1U << event->state;
        item->told_on[event->state] = event->on;
    }
    return KO_OK;
}

static ko_status read_items(reading *r)
{
    ko_spreadsheet_rows *rows = r->rows;
    const ko_status st = ko_notice_each(r->store, &(ko_notice_filter){0}, on_notice, r, r->err);
    if (st != KO_OK || rows->n_items == 0)
        return st;
    qsort(rows->item, rows->n_items, sizeof *rows->item, compare_item_ids);
    return ko_notice_event_each(r->store, 0, on_event, r, r->err);
}

/* --- rows --- */

const char *ko_spreadsheet_row_work(const ko_spreadsheet_row *row)
{
    if (row->remarks && row->remarks->text[KO_REMARK_WORK][0])
        return row->remarks->text[KO_REMARK_WORK];
    if (row->work)
        return row->work->title[0] ? row->work->title : row->work->serial;
    if (row->remarks)
        return row->remarks->work;
    return row->item ? row->item->work_title : "";
}

static ko_status add_row(reading *r, const ko_spreadsheet_row *row)
{
    ko_spreadsheet_rows *rows = r->rows;
    ko_spreadsheet_row *all = ko_grown(rows->row, rows->n, &rows->capacity, sizeof *all);
    if (!all)
        return no_memory(r);
    rows->row = all;
    all[rows->n++] = *row;
    return KO_OK;
}

/* One row for each thing that is known: a remark's, a candidate's, an item's. */
static ko_status add_rows(reading *r)
{
    const ko_spreadsheet_rows *rows = r->rows;
    ko_status st = KO_OK;
    for (size_t i = 0; st == KO_OK && i < rows->remarks.n; i++) {
        const ko_remark_row *remarks = &rows->remarks.row[i];
        bool two;
        const ko_work_name *work =
            ko_work_names_find(&rows->works, remarks->work, remarks->text[KO_REMARK_NUMBER], &two);
        const ko_spreadsheet_row row = {.listing_id = remarks->listing_id,
                                        .work_id = work ? work->id : 0,
                                        .work = work,
                                        .remarks = remarks};
        st = add_row(r, &row);
    }
    for (size_t i = 0; st == KO_OK && i < rows->n_candidates; i++) {
        const ko_row_candidate *c = &rows->candidate[i];
        const ko_spreadsheet_row row = {.listing_id = c->listing_id,
                                        .work_id = c->work_id,
                                        .work = ko_work_names_by_id(&rows->works, c->work_id),
                                        .candidate = c};
        st = add_row(r, &row);
    }
    for (size_t i = 0; st == KO_OK && i < rows->n_items; i++) {
        const ko_row_item *item = &rows->item[i];
        const ko_work_name *work = ko_work_names_by_id(&rows->works, item->work_id);
        const ko_spreadsheet_row row = {.listing_id = item->listing_id,
                                        .work_id = work ? work->id : 0,
                                        .work = work,
                                        .item = item};
        st = add_row(r, &row);
    }
    return st;
}

static int compare_ids(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

/* What is known of one listing and work comes together, remarks before the candidate before items
 * in the order in which they were made. */
static int compare_rows(const void *a, const void *b)
{
    const ko_spreadsheet_row *x = a, *y = b;
    int order = compare_ids(x->listing_id, y->listing_id);
    if (order == 0)
        order =
            compare_ids(x->work_id ? x->work_id : INT64_MAX, y->work_id ? y->work_id : INT64_MAX);
    if (order == 0 && x->work_id == 0)
        order = strcmp(ko_spreadsheet_row_work(x), ko_spreadsheet_row_work(y));
    if (order == 0)
        order = (x->remarks == NULL) - (y->remarks == NULL);
    if (order == 0 && x->remarks)
        return compare_ids(x->remarks - y->remarks, 0);
    if (order == 0)
        order = (x->candidate == NULL) - (y->candidate == NULL);
    if (order == 0 && x->item && y->item)
        order = compare_ids(x->item->id, y->item->id);
    return order;
}

static bool is_same(const ko_spreadsheet_row *a, const ko_spreadsheet_row *b)
{
    return a->listing_id == b->listing_id && a->work_id == b->work_id &&
           (a->listing_id || (a->item && b->item && strcmp(a->item->url, b->item->url) == 0)) &&
           (a->work_id || strcmp(ko_spreadsheet_row_work(a), ko_spreadsheet_row_work(b)) == 0);
}

/* Makes one row of what is known of the same listing and work, or one a row of the sheet where
 * that has several. */
static void join_same(ko_spreadsheet_rows *rows)
{
    size_t n = 0;
    for (size_t i = 0; i < rows->n;) {
        ko_spreadsheet_row known = rows->row[i];
        size_t end = i, first = n;
        for (; end < rows->n && is_same(&known, &rows->row[end]); end++) {
            const ko_spreadsheet_row *row = &rows->row[end];
            known.candidate = row->candidate ? row->candidate : known.candidate;
            known.item = row->item ? row->item : known.item;
            if (row->remarks || end == i)
                rows->row[n++] = *row;
        }
        for (; first < n; first++) {
            rows->row[first].candidate = known.candidate;
            rows->row[first].item = known.item;
        }
        i = end;
    }
    rows->n = n;
}

/* A sheet that names no work is about the one that was found in the listing. */
static void join_unnamed(ko_spreadsheet_rows *rows)
{
    size_t n = 0;
    for (size_t i = 0; i < rows->n; i++) {
        const ko_spreadsheet_row *row = &rows->row[i];
        ko_spreadsheet_row *before = n ? &rows->row[n - 1] : NULL;
        const bool two = n > 1 && rows->row[n - 2].listing_id == row->listing_id;
        const bool joins = before && row->listing_id && before->listing_id == row->listing_id &&
                           !two && before->work && !before->remarks && row->remarks &&
                           !row->remarks->work[0];
        if (joins)
            before->remarks = row->remarks;
        else
            rows->row[n++] = *row;
    }
    rows->n = n;
}

ko_status ko_spreadsheet_rows_read(ko_store *store, bool all, ko_spreadsheet_rows *out_rows,
                                   ko_error *err)
{
    *out_rows = (ko_spreadsheet_rows){0};
    reading r = {.store = store, .rows = out_rows, .err = err};
    const ko_candidate_filter filter = {.all = all};
    ko_status st = ko_remark_rows_read(store, &out_rows->remarks, err);
    if (st == KO_OK)
        st = ko_work_names_read(store, &out_rows->works, err);
    if (st == KO_OK)
        st = ko_candidate_each(store, &filter, on_candidate, &r, err);
    if (st == KO_OK)
        st = read_items(&r);
    if (st == KO_OK)
        st = add_rows(&r);
    if (st != KO_OK || out_rows->n == 0)
        return st;
    qsort(out_rows->row, out_rows->n, sizeof *out_rows->row, compare_rows);
    join_same(out_rows);
    join_unnamed(out_rows);
    return KO_OK;
}

void ko_spreadsheet_rows_free(ko_spreadsheet_rows *rows)
{
    for (size_t i = 0; i < rows->n_items; i++)
        clear_item(&rows->item[i]);
    ko_free(rows->item);
    ko_free(rows->candidate);
    ko_free(rows->row);
    ko_work_names_free(&rows->works);
    ko_remark_rows_free(&rows->remarks);
    *rows = (ko_spreadsheet_rows){0};
}
