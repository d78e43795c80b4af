#include "case/spreadsheet.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/text.h"
#include "case/due.h"
#include "case/ledger.h"
#include "case/spreadsheet_rows.h"
#include "case/status_words.h"
#include "report/csv.h"
#include "report/json.h"

#include <assert.h>
#include <string.h>

/* --- columns --- */

/* Those of the listing, behind the kinds of remarks. */
enum {
    CELL_URL = KO_REMARK_KINDS,
    CELL_TITLE,
    CELL_SELLER,
    CELL_PRICE,
    CELL_CURRENCY,
    CELL_IMAGE,
    CELLS
};

static const int columns[CELLS] = {KO_REMARK_WORK,       KO_REMARK_OWN_URL,
                                   KO_REMARK_PUBLISHED,  KO_REMARK_NUMBER,
                                   KO_REMARK_PLATFORM,   CELL_URL,
                                   KO_REMARK_ITEM,       CELL_TITLE,
                                   KO_REMARK_PRODUCT,    CELL_SELLER,
                                   KO_REMARK_STORE,      KO_REMARK_CODE,
                                   KO_REMARK_LICENCE,    KO_REMARK_FOUND_ON,
                                   KO_REMARK_FOUND_HOW,  CELL_PRICE,
                                   CELL_CURRENCY,        KO_REMARK_SOLD,
                                   KO_REMARK_REVIEWS,    CELL_IMAGE,
                                   KO_REMARK_MATCH,      KO_REMARK_REPORTED_ON,
                                   KO_REMARK_NOTICE,     KO_REMARK_REASON,
                                   KO_REMARK_STATUS,     KO_REMARK_COUNTERED_ON,
                                   KO_REMARK_DEADLINE,   KO_REMARK_ANSWER,
                                   KO_REMARK_REMOVED_ON, KO_REMARK_RECHECKED,
                                   KO_REMARK_REAPPEARED, KO_REMARK_POINTS,
                                   KO_REMARK_HOURS,      KO_REMARK_LOSS,
                                   KO_REMARK_NOTES};

/* Names by which listing/columns.c knows them. */
static const char *heading(int column)
{
    static const char *const names[] = {"listing url", "listing title", "seller",
                                        "price",       "currency",      "image"};
    return column < KO_REMARK_KINDS ? ko_remark_name((ko_remark_kind)column)
                                    : names[column - KO_REMARK_KINDS];
}

/* One row to be written. Texts are borrowed, or the row's own. */
typedef struct cells {
    const char *text[CELLS];
    char day[KO_REMARK_KINDS][KO_DAY_TEXT_SIZE];
    char points[16];
    ko_buf price, images;
} cells;

typedef struct writing {
    const ko_spreadsheet_options *options;
    const ko_spreadsheet_rows *rows;
    ko_duties duties;
    ko_ledger *ledger;
    size_t at; /* row to be written next */
    FILE *file;
    ko_csv csv;
    ko_error *err;
} writing;

/* --- cells of one row --- */

/* Ours, when there is something. */
static void put(cells *c, int column, const char *text)
{
    if (text[0])
        c->text[column] = text;
}

/* Ours, where the sheet says nothing. */
static void put_missing(cells *c, int column, const char *text)
{
    if (!c->text[column][0])
        c->text[column] = text;
}

static const char *day_text(cells *c, ko_remark_kind kind, ko_day day)
{
    ko_day_text(day, c->day[kind]);
    return c->day[kind];
}

static void fill_work(cells *c, const ko_spreadsheet_row *row)
{
    put(c, KO_REMARK_WORK, ko_spreadsheet_row_work(row));
    if (!row->work)
        return;
    put(c, KO_REMARK_OWN_URL, row->work->published_url);
    put(c, KO_REMARK_PUBLISHED, row->work->published_on);
    put_missing(c, KO_REMARK_NUMBER, ko_work_name_number(row->work));
}

/* What is known of the seller from other listings, too. */
static void fill_seller(const writing *w, cells *c, const char *platform, const char *seller_id)
{
    static const ko_remark_kind kinds[KO_ALIAS_KINDS] = {[KO_ALIAS_STORE] = KO_REMARK_STORE,
                                                         [KO_ALIAS_CODE] = KO_REMARK_CODE,
                                                         [KO_ALIAS_LICENCE] = KO_REMARK_LICENCE};
    const ko_ledger_seller *seller =
        ko_ledger_of(w->ledger, platform, c->text[CELL_URL], seller_id, c->text[CELL_SELLER]);
    for (size_t i = 0; seller && i < seller->n_names; i++)
        if (seller->names[i].kind != KO_ALIAS_NAME)
            put_missing(c, kinds[seller->names[i].kind], seller->names[i].text);
    if (!seller || !seller->penalty || seller->points.points == 0)
        return;
    (void)snprintf(c->points, sizeof c->points, "%d", seller->points.points);
    put(c, KO_REMARK_POINTS, c->points);
}

/* A picture's file, or its address when it has none of its own. */
static ko_status add_image(ko_buf *out, const ko_gallery_picture *picture)
{
    const bool own_file = picture->path[0] && picture->bytes == 0;
    const char *name = own_file ? picture->path : picture->url;
    if (!name[0])
        return KO_OK;
    return ko_buf_printf(out, "%s%s", out->size ? "|" : "", name);
}

static ko_status fill_listing(cells *c, const ko_listing *r)
{
    put(c, KO_REMARK_PLATFORM, r->platform);
    put(c, KO_REMARK_ITEM, r->item_id);
    put_missing(c, KO_REMARK_STORE, r->seller_id);
    c->text[CELL_URL] = r->url;
    c->text[CELL_TITLE] = r->title;
    c->text[CELL_SELLER] = r->seller;
    c->text[CELL_CURRENCY] = r->currency;
    c->text[CELL_PRICE] = r->price;
    ko_status st = KO_OK;
    if (r->price_max[0] && strcmp(r->price, r->price_max) != 0) {
        st = ko_buf_printf(&c->price, "%s%s%s", r->price, r->price[0] ? " - " : "", r->price_max);
        c->text[CELL_PRICE] = c->price.data;
    }
    for (size_t i = 0; st == KO_OK && i < r->n_pictures; i++)
        st = add_image(&c->images, &r->pictures[i]);
    put(c, CELL_IMAGE, c->images.data ? c->images.data : "");
    return st;
}

/* Of a listing that is gone: what its notice said. */
static void fill_gone(cells *c, const ko_row_item *item)
{
    put(c, KO_REMARK_PLATFORM, item->platform);
    put(c, KO_REMARK_ITEM, item->item);
    put_missing(c, KO_REMARK_STORE, item->seller_id);
    c->text[CELL_URL] = item->url;
    c->text[CELL_TITLE] = item->title;
    c->text[CELL_SELLER] = item->seller;
}

static void fill_candidate(cells *c, const ko_row_candidate *candidate)
{
    static const char *const methods[KO_METHODS] = {
        [KO_METHOD_WHOLE] = "whole picture", [KO_METHOD_PART] = "part of the picture"};
    put_missing(c, KO_REMARK_FOUND_ON,
                day_text(c, KO_REMARK_FOUND_ON, ko_day_at(candidate->found_at, 0)));
    put_missing(c, KO_REMARK_MATCH, methods[candidate->method]);
    if (candidate->state != KO_CANDIDATE_OPEN)
        put(c, KO_REMARK_STATUS, ko_status_of_candidate(candidate->state));
    put_missing(c, KO_REMARK_STATUS, ko_status_of_candidate(candidate->state));
}

/* The user's own word stays when it means the same, or could not be read. */
static void fill_status(cells *c, const ko_row_item *item)
{
    ko_notice_state said = KO_NOTICE_BUILT;
    const ko_said read = ko_status_read(c->text[KO_REMARK_STATUS], &said);
    const bool same = (read == KO_SAID_STATE && said == item->state) ||
                      (read == KO_SAID_UNKNOWN && item->state == KO_NOTICE_FILED);
    if (!same)
        put(c, KO_REMARK_STATUS, ko_status_of_notice(item->state));
}

/* The day until which the user has to do something about it. */
static void fill_deadline(const writing *w, cells *c, const ko_row_item *item)
{
    for (size_t i = 0; i < w->duties.n; i++) {
        const ko_duty *duty = &w->duties.duties[i];
        if (duty->notice->id != item->notice_id || duty->state != item->state ||
            duty->since != item->state_on || !duty->step)
            continue;
        put(c, KO_REMARK_DEADLINE, day_text(c, KO_REMARK_DEADLINE, duty->when.last));
        return;
    }
}

static void fill_item(const writing *w, cells *c, const ko_row_item *item)
{
    static const struct {
        ko_remark_kind kind;
        ko_notice_state state;
    } days[] = {{KO_REMARK_REPORTED_ON, KO_NOTICE_FILED},
                {KO_REMARK_COUNTERED_ON, KO_NOTICE_COUNTERED},
                {KO_REMARK_ANSWER, KO_NOTICE_ANSWERED},
                {KO_REMARK_REMOVED_ON, KO_NOTICE_REMOVED}};
    const ko_channel *channel = ko_rules_channel(w->options->kit->rules, item->channel);
    const ko_reason *reason = channel ? ko_channel_reason(channel, item->reason) : NULL;
    for (size_t i = 0; i < sizeof days / sizeof *days; i++)
        if (item->told >> days[i].state & 1)
            put(c, days[i].kind, day_text(c, days[i].kind, item->told_on[days[i].state]));
    if (item->told >> KO_NOTICE_REAPPEARED & 1)
        put_missing(c, KO_REMARK_REAPPEARED,
                    day_text(c, KO_REMARK_REAPPEARED, item->told_on[KO_NOTICE_REAPPEARED]));
    put(c, KO_REMARK_NOTICE, item->ref);
    put_missing(c, KO_REMARK_REASON, reason ? reason->text : "");
    fill_status(c, item);
    fill_deadline(w, c, item);
}

/* --- writing --- */

static void write_text(writing *w, json_t *object, const char *name, const char *text)
{
    char *own = ko_strdup(text); /* texts of pages have blanks at their ends; cells that are read
                                    have none */
    if (!own)
        w->csv.no_memory = true;
    else if (object)
        w->csv.no_memory |=
            json_object_set_new(object, name, ko_json_string(ko_text_trim(own))) != 0;
    else
        ko_csv_cell(&w->csv, ko_text_trim(own));
    ko_free(own);
}

static const char *own_text(const ko_spreadsheet_row *row, size_t column)
{
    for (size_t i = 0; row->remarks && i < row->remarks->n_own; i++)
        if (row->remarks->own[i].column == column)
            return row->remarks->own[i].text;
    return "";
}

static ko_status write_cells(writing *w, const cells *c, const ko_spreadsheet_row *row)
{
    const bool json = w->options->format == KO_EXPORT_JSON;
    json_t *object = json ? json_object() : NULL;
    if (json && !object)
        return ko_fail(w->err, KO_E_NOMEM, "a row of the sheet");
    for (size_t i = 0; i < CELLS; i++)
        write_text(w, object, heading(columns[i]), c->text[columns[i]]);
    for (size_t i = 0; i < w->rows->remarks.n_columns; i++)
        write_text(w, object, w->rows->remarks.column[i], own_text(row, i));
    if (json)
        ko_json_line(w->file, object);
    else
        ko_csv_row_end(&w->csv);
    return KO_OK;
}

/* seen is NULL when the listing is gone. */
static ko_status write_row(writing *w, const ko_spreadsheet_row *row, const ko_seen *seen)
{
    cells c = {.price = KO_BUF(2 * KO_MAX_SHEET_FIELD + 8),
               .images = KO_BUF((size_t)KO_MAX_LISTING_IMAGES * (KO_MAX_PATH_BYTES + 1))};
    for (int i = 0; i < CELLS; i++)
        c.text[i] = row->remarks && i < KO_REMARK_KINDS ? row->remarks->text[i] : "";
    ko_status st = KO_OK;
    fill_work(&c, row);
    if (seen) {
        st = fill_listing(&c, &seen->record);
        fill_seller(w, &c, seen->record.platform, seen->record.seller_id);
    } else if (row->item) {
        fill_gone(&c, row->item);
        fill_seller(w, &c, row->item->platform, row->item->seller_id);
    }
    if (row->candidate)
        fill_candidate(&c, row->candidate);
    if (row->item)
        fill_item(w, &c, row->item);
    st = st == KO_OK ? write_cells(w, &c, row) : ko_fail(w->err, KO_E_NOMEM, "a row of the sheet");
    ko_buf_free(&c.price);
    ko_buf_free(&c.images);
    return st;
}

/* Writes the rows of listings before this one, which are gone, and then its own. */
static ko_status on_listing(void *context, const ko_seen *seen)
{
    writing *w = context;
    ko_status st = KO_OK;
    for (; st == KO_OK && w->at < w->rows->n && w->rows->row[w->at].listing_id <= seen->id;
         w->at++) {
        const ko_spreadsheet_row *row = &w->rows->row[w->at];
        st = write_row(w, row, row->listing_id == seen->id ? seen : NULL);
    }
    return st;
}

static void write_heading(writing *w)
{
    if (w->options->format != KO_EXPORT_CSV)
        return;
    for (size_t i = 0; i < CELLS; i++)
        ko_csv_cell(&w->csv, heading(columns[i]));
    for (size_t i = 0; i < w->rows->remarks.n_columns; i++)
        ko_csv_cell(&w->csv, w->rows->remarks.column[i]);
    ko_csv_row_end(&w->csv);
}

ko_status ko_spreadsheet_write(ko_store *store, const ko_spreadsheet_options *options, FILE *file,
                               ko_error *err)
{
    assert(store && options->kit && file);
    ko_spreadsheet_rows rows;
    writing w = {
        .options = options, .rows = &rows, .file = file, .csv = {.file = file}, .err = err};
    const ko_duties_request request = {.day = options->today, .within_days = -1};
    ko_status st = ko_spreadsheet_rows_read(store, options->all, &rows, err);
    if (st == KO_OK)
        st = ko_duties_find(store, options->kit, &request, &w.duties, err);
    if (st == KO_OK)
        st = ko_ledger_make(store, options->kit->rules, options->today, &w.ledger, err);
    if (st == KO_OK) {
        write_heading(&w);
        st = ko_seen_each(store, 0, on_listing, &w, err);
    }
    for (; st == KO_OK && w.at < rows.n; w.at++)
        st = write_row(&w, &rows.row[w.at], NULL);
    if (st == KO_OK)
        st = ko_csv_end(&w.csv, err);
    ko_ledger_free(w.ledger);
    ko_duties_free(&w.duties);
    ko_spreadsheet_rows_free(&rows);
    return st;
}
