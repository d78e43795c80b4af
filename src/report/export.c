/* A row is built once, as a flat JSON object, and written in either format: so the two
 * formats cannot come to hold different things. */
#include "report/export.h"

#include "base/clock.h"
#include "base/text.h"
#include "report/csv.h"
#include "report/evidence.h"
#include "report/json.h"
#include "report/listing.h"
#include "store/candidate.h"

#include <jansson.h>
#include <string.h>

typedef struct table {
    ko_store *store;
    ko_export_format format;
    FILE *file;
    ko_csv csv;
    ko_error *err;
} table;

static const char *const work_columns[] = {"serial",
                                           "title",
                                           "registration",
                                           "holder",
                                           "published_on",
                                           "published_url",
                                           "own_threshold",
                                           "quality",
                                           "candidates",
                                           "added",
                                           "files",
                                           "sha256",
                                           NULL};
/* Columns keep their places: new ones come behind. */
static const char *const listing_columns[] = {
    "listing",    "url",       "title",  "seller",           "price",      "currency", "source",
    "first_seen", "last_seen", "images", KO_LISTING_COLUMNS, "image_urls", NULL};
static const char *const candidate_columns[] = {"candidate",
                                                "work",
                                                "work_title",
                                                "url",
                                                "listing_title",
                                                "seller",
                                                "price",
                                                "currency",
                                                "score",
                                                "threshold",
                                                "method",
                                                "distance",
                                                "orientation",
                                                "quad",
                                                "mirrored",
                                                "inverted",
                                                "turn",
                                                "share",
                                                "inliers",
                                                "image",
                                                "image_sha256",
                                                "found_at",
                                                "first_seen",
                                                "last_seen",
                                                KO_LISTING_COLUMNS,
                                                "image_url",
                                                "image_offset",
                                                "state",
                                                "decided_at",
                                                "decided_by",
                                                NULL};

/* Numbers and truth as JSON writes them, an array's with spaces between. */
static void add_value(ko_buf *cell, const json_t *value)
{
    ko_status st = KO_OK;
    if (json_is_integer(value))
        st = ko_buf_printf(cell, "%lld", (long long)json_integer_value(value));
    else if (json_is_real(value))
        st = ko_buf_printf(cell, "%.10g", json_real_value(value));
    else if (json_is_boolean(value))
        st = ko_buf_text(cell, json_is_true(value) ? "true" : "false");
    for (size_t i = 0; i < json_array_size(value) && st == KO_OK; i++) {
        st = ko_buf_text(cell, i ? " " : "");
        add_value(cell, json_array_get(value, i));
    }
}

static void write_cell(ko_csv *csv, const json_t *value)
{
    ko_buf cell = KO_BUF(1 << 10);
    add_value(&cell, value);
    ko_csv_cell(csv, json_is_string(value) ? json_string_value(value) : cell.data ? cell.data : "");
    ko_buf_free(&cell);
}

/* Writes and frees the row; NULL means there was no memory for it. */
static ko_status write_row(table *t, const char *const *columns, json_t *row)
{
    if (!row)
        return ko_fail(t->err, KO_E_NOMEM, "a row of the table");
    if (t->format == KO_EXPORT_JSON) {
        ko_json_line(t->file, row);
        return KO_OK;
    }
    for (; *columns; columns++)
        write_cell(&t->csv, json_object_get(row, *columns));
    ko_csv_row_end(&t->csv);
    json_decref(row);
    return KO_OK;
}

static void write_heading(table *t, const char *const *columns)
{
    if (t->format != KO_EXPORT_CSV)
        return;
    for (; *columns; columns++)
        ko_csv_cell(&t->csv, *columns);
    ko_csv_row_end(&t->csv);
}

static json_t *moment(int64_t seconds)
{
    char text[KO_TIME_SIZE];
    ko_clock_text(seconds, text);
    return json_string(text);
}

static json_t *digest(const uint8_t sha256[KO_SHA256_SIZE])
{
    char text[2 * KO_SHA256_SIZE + 1];
    ko_text_hex(sha256, KO_SHA256_SIZE, text);
    return json_string(text);
}

/* --- works --- */

typedef struct files {
    ko_buf paths, digests;
} files;

static ko_status add_view(void *context, const ko_view *view)
{
    files *f = context;
    char sha256[2 * KO_SHA256_SIZE + 1];
    ko_text_hex(view->sha256, sizeof view->sha256, sha256);
    const char *divider = f->paths.size ? "|" : "";
    const ko_status st = ko_buf_printf(&f->paths, "%s%s", divider, view->path);
    return st == KO_OK ? ko_buf_printf(&f->digests, "%s%s", divider, sha256) : st;
}

static ko_status on_work(void *context, const ko_work *work)
{
    table *t = context;
    files f = {.paths = KO_BUF(1 << 20), .digests = KO_BUF(1 << 20)};
    ko_status st = ko_view_each(t->store, work->id, false, add_view, &f, t->err);
    if (st == KO_OK) {
        const ko_work_fields *w = &work->fields;
        st = write_row(t, work_columns,
                       json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:i, s:I, s:o, s:o, s:s}",
                                 "serial", work->serial, "title", ko_json_string(w->title),
                                 "registration", ko_json_string(w->registration), "holder",
                                 ko_json_string(w->holder), "published_on",
                                 ko_json_string(w->published_on), "published_url",
                                 ko_json_string(w->published_url), "own_threshold",
                                 w->threshold ? json_real(*w->threshold) : json_null(), "quality",
                                 work->quality, "candidates", (json_int_t)work->n_candidates,
                                 "added", moment(work->added_at), "files",
                                 ko_json_string(f.paths.data ? f.paths.data : ""), "sha256",
                                 f.digests.data ? f.digests.data : ""));
    }
    ko_buf_free(&f.paths);
    ko_buf_free(&f.digests);
    return st;
}

/* --- listings --- */

/* What to call a picture: its file, or its URL when it has none of its own. */
static const char *name_of(const ko_gallery_picture *picture)
{
    const bool own_file = picture->path[0] && picture->bytes == 0;
    return own_file || !picture->url[0] ? picture->path : picture->url;
}

static const char *url_of(const ko_gallery_picture *picture)
{
    return picture->url;
}

/* One text for each picture of a gallery, empty ones too, so that two such columns go together. */
static json_t *joined(const ko_listing *record, const char *(*text_of)(const ko_gallery_picture *))
{
    ko_buf text = KO_BUF(1 << 20);
    ko_status st = ko_buf_text(&text, "");
    for (size_t i = 0; st == KO_OK && i < record->n_pictures; i++)
        st = ko_buf_printf(&text, "%s%s", i ? "|" : "", text_of(&record->pictures[i]));
    json_t *string = st == KO_OK ? ko_json_string(text.data) : NULL;
    ko_buf_free(&text);
    return string;
}

static ko_status on_listing(void *context, const ko_seen *seen)
{
    table *t = context;
    const ko_listing *r = &seen->record;
    json_t *row = json_pack(
        "{s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "listing", (json_int_t)seen->id,
        "url", ko_json_string(r->url), "title", ko_json_string(r->title), "seller",
        ko_json_string(r->seller), "price", ko_json_string(r->price), "source",
        ko_json_string(seen->source), "first_seen", moment(seen->first_seen), "last_seen",
        moment(seen->last_seen), "images", joined(r, name_of), "image_urls", joined(r, url_of));
    return write_row(t, listing_columns, ko_listing_json(row, r));
}

/* --- candidates --- */

static json_t *add_decision(json_t *row, const ko_candidate *c)
{
    const ko_candidate_decision *d = &c->decision;
    json_t *fields =
        json_pack("{s:s, s:o, s:o}", "state", ko_candidate_state_name(c->state), "decided_at",
                  d->at ? moment(d->at) : json_string(""), "decided_by", ko_json_string(d->who));
    if (row && fields)
        (void)json_object_update(row, fields);
    json_decref(fields);
    return row;
}

static ko_status on_candidate(void *context, const ko_candidate *c)
{
    table *t = context;
    const ko_listing *r = &c->listing->record;
    json_t *row =
        json_pack("{s:I, s:s, s:o, s:o, s:o, s:o, s:o, s:f, s:o, s:o, s:I, s:o, s:o, s:o, s:o}",
                  "candidate", (json_int_t)c->id, "work", c->work->serial, "work_title",
                  ko_json_string(c->work->fields.title), "url", ko_json_string(r->url),
                  "listing_title", ko_json_string(r->title), "seller", ko_json_string(r->seller),
                  "price", ko_json_string(r->price), "threshold", c->threshold, "image",
                  ko_json_string(c->photo->path), "image_url", ko_json_string(c->photo_url),
                  "image_offset", (json_int_t)c->photo->offset, "image_sha256",
                  digest(c->photo->sha256), "found_at", moment(c->found_at), "first_seen",
                  moment(c->listing->first_seen), "last_seen", moment(c->listing->last_seen));
    row = ko_evidence_json(ko_listing_json(row, r), &c->match.evidence);
    return write_row(t, candidate_columns, add_decision(row, c));
}

static table begin(ko_store *store, ko_export_format format, FILE *file, ko_error *err)
{
    return (table){
        .store = store, .format = format, .file = file, .csv = {.file = file}, .err = err};
}

ko_status ko_export_works(ko_store *store, ko_export_format format, FILE *file, ko_error *err)
{
    table t = begin(store, format, file, err);
    write_heading(&t, work_columns);
    const ko_status st = ko_work_each(store, 0, on_work, &t, err);
    return st == KO_OK ? ko_csv_end(&t.csv, err) : st;
}

ko_status ko_export_listings(ko_store *store, ko_export_format format, FILE *file, ko_error *err)
{
    table t = begin(store, format, file, err);
    write_heading(&t, listing_columns);
    const ko_status st = ko_seen_each(store, 0, on_listing, &t, err);
    return st == KO_OK ? ko_csv_end(&t.csv, err) : st;
}

ko_status ko_export_candidates(ko_store *store, ko_export_format format, bool all, FILE *file,
                               ko_error *err)
{
    table t = begin(store, format, file, err);
    write_heading(&t, candidate_columns);
    const ko_candidate_filter filter = {.all = all};
    const ko_status st = ko_candidate_each(store, &filter, on_candidate, &t, err);
    return st == KO_OK ? ko_csv_end(&t.csv, err) : st;
}
