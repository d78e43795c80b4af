#include "store/work.h"

#include "base/clock.h"
#include "base/text.h"
#include "store/rows.h"
#include "store/schema.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* --- serials --- */

void ko_work_serial(int64_t id, char out_serial[KO_SERIAL_SIZE])
{
    (void)snprintf(out_serial, KO_SERIAL_SIZE, "KO-%06lld", (long long)id);
}

/* The number in "KO-000042", "ko-42" or "42"; 0 when it is none of them. */
static int64_t parse_serial(const char *serial)
{
    if ((serial[0] | 0x20) == 'k' && (serial[1] | 0x20) == 'o' && serial[2] == '-')
        serial += 3;
    const size_t n = strlen(serial);
    if (n == 0 || n > 18 || strspn(serial, "0123456789") != n)
        return 0;
    int64_t id = 0;
    for (; *serial; serial++)
        id = 10 * id + (*serial - '0');
    return id;
}

/* --- writing --- */

static void bind_fields(ko_query *q, const ko_work_fields *fields, const char *when_null)
{
    const char *const texts[] = {fields->title,         fields->registration,  fields->holder,
                                 fields->published_on,  fields->published_url, fields->author,
                                 fields->kind,          fields->completed_on,  fields->published_in,
                                 fields->registered_in, fields->description};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        ko_query_bind_text(q, texts[i] ? texts[i] : when_null);
    assert(!fields->threshold || isfinite(*fields->threshold));
    if (fields->threshold)
        ko_query_bind_real(q, *fields->threshold);
    else
        ko_query_bind_null(q);
}

ko_status ko_work_add(ko_store *store, const ko_work_fields *fields, int64_t *out_id,
                      char out_serial[KO_SERIAL_SIZE], ko_error *err)
{
    static const char sql[] = "INSERT INTO work (title, registration, holder, published_on,"
                              " published_url, author, kind, completed_on, published_in,"
                              " registered_in, description, threshold, added_at)"
                              " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    ko_query q = ko_query_start(store, sql);
    bind_fields(&q, fields, "");
    ko_query_bind_int(&q, ko_clock_now());
    const ko_status st = ko_query_run(&q, err);
    if (st == KO_OK) {
        *out_id = sqlite3_last_insert_rowid(store->db);
        ko_work_serial(*out_id, out_serial);
    }
    return st;
}

static ko_status fail_no_work(ko_error *err, int64_t id)
{
    return ko_fail(err, KO_E_NOT_FOUND, "no work KO-%06lld", (long long)id);
}

ko_status ko_work_set(ko_store *store, int64_t id, const ko_work_fields *fields,
                      bool clear_threshold, ko_error *err)
{
    static const char sql[] =
        "UPDATE work SET title = coalesce(?1, title), registration = coalesce(?2, registration),"
        " holder = coalesce(?3, holder), published_on = coalesce(?4, published_on),"
        " published_url = coalesce(?5, published_url), author = coalesce(?6, author),"
        " kind = coalesce(?7, kind), completed_on = coalesce(?8, completed_on),"
        " published_in = coalesce(?9, published_in), registered_in = coalesce(?10, registered_in),"
        " description = coalesce(?11, description),"
        " threshold = coalesce(?12, iif(?13, NULL, threshold)) WHERE id = ?14";
    ko_query q = ko_query_start(store, sql);
    bind_fields(&q, fields, NULL);
    ko_query_bind_int(&q, clear_threshold);
    ko_query_bind_int(&q, id);
    const ko_status st = ko_query_run(&q, err);
    return st == KO_OK && sqlite3_changes(store->db) == 0 ? fail_no_work(err, id) : st;
}

ko_status ko_work_remove(ko_store *store, int64_t id, ko_error *err)
{
    static const char sql[] = "DELETE FROM work WHERE id = ?";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, id);
    const ko_status st = ko_query_run(&q, err);
    return st == KO_OK && sqlite3_changes(store->db) == 0 ? fail_no_work(err, id) : st;
}

static void pack_variants(const ko_view *view, uint8_t *out)
{
    for (size_t i = 0; i < view->n_variants; i++, out += KO_VARIANT_BYTES) {
        const ko_fp_variant *variant = &view->variants[i];
        ko_store_pack_fp(&variant->fp, out);
        out[KO_FP_BYTES] = variant->orientation;
        out[KO_FP_BYTES + 1] = variant->ground;
        out[KO_FP_BYTES + 2] = variant->cropped;
        out[KO_FP_BYTES + 3] = variant->has_ground;
    }
}

static ko_status insert_view(ko_store *store, const ko_view *view, ko_error *err)
{
    static const char sql[] =
        "INSERT INTO view (work_id, path, sha256, bytes, width, height, kind, has_alpha, quality,"
        " added_at, n_variants, variants) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    uint8_t packed[KO_FP_VARIANTS_MAX * KO_VARIANT_BYTES];
    pack_variants(view, packed);
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, view->work_id);
    ko_query_bind_text(&q, view->path);
    ko_query_bind_blob(&q, view->sha256, KO_SHA256_SIZE);
    ko_query_bind_int(&q, view->bytes);
    ko_query_bind_int(&q, view->width);
    ko_query_bind_int(&q, view->height);
    ko_query_bind_text(&q, view->kind);
    ko_query_bind_int(&q, view->has_alpha);
    ko_query_bind_int(&q, view->quality);
    ko_query_bind_int(&q, ko_clock_now());
    ko_query_bind_int(&q, (int64_t)view->n_variants);
    ko_query_bind_blob(&q, packed, view->n_variants * KO_VARIANT_BYTES);
    return ko_query_run(&q, err);
}

ko_status ko_view_set_part(ko_store *store, int64_t id, const void *part, size_t part_bytes,
                           int robustness, ko_error *err)
{
    static const char sql[] =
        "INSERT INTO view_part (view_id, robustness, packed) SELECT id, ?2, ?3 FROM view"
        " WHERE id = ?1 ON CONFLICT DO UPDATE"
        " SET robustness = excluded.robustness, packed = excluded.packed";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, id);
    ko_query_bind_int(&q, robustness);
    ko_query_bind_blob(&q, part, part_bytes);
    return ko_query_run(&q, err);
}

static ko_status forget_comparisons(ko_store *store, int64_t work_id, ko_error *err)
{
    static const char sql[] = "UPDATE work SET compared_to = 0 WHERE id = ?";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, work_id);
    return ko_query_run(&q, err);
}

static ko_status refuse_double(ko_store *store, const ko_view *view, ko_error *err)
{
    int64_t work_id;
    char serial[KO_SERIAL_SIZE];
    const ko_status st = ko_work_by_sha256(store, view->sha256, &work_id, serial, err);
    if (st == KO_E_NOT_FOUND)
        return KO_OK;
    if (st != KO_OK)
        return st;
    return ko_fail(err, KO_E_EXISTS, "%s: these bytes are a view of %s already", view->path,
                   serial);
}

ko_status ko_view_add(ko_store *store, const ko_view *view, int64_t *out_id, ko_error *err)
{
    assert(view->n_variants <= KO_FP_VARIANTS_MAX); /* 0: too plain to be looked for */
    bool own;
    ko_status st = ko_store_enter(store, &own, err);
    if (st != KO_OK)
        return st;
    int64_t id = 0;
    st = refuse_double(store, view, err);
    if (st == KO_OK)
        st = insert_view(store, view, err);
    if (st == KO_OK) {
        id = sqlite3_last_insert_rowid(store->db);
        st = forget_comparisons(store, view->work_id, err);
    }
    if (st == KO_OK && view->part)
        st = ko_view_set_part(store, id, view->part, view->part_bytes, view->robustness, err);
    st = ko_store_leave(store, own, st, err);
    if (st == KO_OK)
        *out_id = id;
    return st;
}

static ko_status set_compared(ko_store *store, int64_t work_id, double score, int64_t photo_id,
                              int64_t last_view_id, ko_error *err)
{
    static const char sql[] =
        "UPDATE work SET compared_to = ?1, compared_score = ?2 WHERE id = ?3 AND NOT EXISTS"
        " (SELECT 1 FROM view WHERE view.work_id = work.id AND view.id > ?4)";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, photo_id);
    ko_query_bind_real(&q, score);
    ko_query_bind_int(&q, work_id);
    ko_query_bind_int(&q, last_view_id);
    return ko_query_run(&q, err);
}

ko_status ko_work_compared(ko_store *store, const int64_t *work_ids, const double *scores, size_t n,
                           int64_t photo_id, int64_t last_view_id, ko_error *err)
{
    bool own;
    ko_status st = ko_store_enter(store, &own, err);
    if (st != KO_OK)
        return st;
    for (size_t i = 0; st == KO_OK && i < n; i++)
        st = set_compared(store, work_ids[i], scores[i], photo_id, last_view_id, err);
    return ko_store_leave(store, own, st, err);
}

/* --- finding --- */

ko_status ko_work_by_sha256(ko_store *store, const uint8_t sha256[KO_SHA256_SIZE],
                            int64_t *out_work_id, char out_serial[KO_SERIAL_SIZE], ko_error *err)
{
    static const char sql[] = "SELECT work_id FROM view WHERE sha256 = ?";
    int64_t id = 0;
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_blob(&q, sha256, KO_SHA256_SIZE);
    const ko_status st = ko_query_first(&q, &id, err);
    if (st != KO_OK)
        return st;
    if (id == 0)
        return KO_E_NOT_FOUND;
    *out_work_id = id;
    ko_work_serial(id, out_serial);
    return KO_OK;
}

static ko_status fail_no_serial(const char *serial, ko_error *err)
{
    ko_buf clean = KO_BUF(KO_ERROR_TEXT_SIZE);
    const ko_status st = ko_text_clean(&clean, serial, strnlen(serial, 80)) == KO_OK
                             ? ko_fail(err, KO_E_NOT_FOUND, "no work %s", clean.data)
                             : ko_fail(err, KO_E_NOT_FOUND, "no such work");
    ko_buf_free(&clean);
    return st;
}

ko_status ko_work_find(ko_store *store, const char *serial, int64_t *out_id, ko_error *err)
{
    static const char sql[] = "SELECT id FROM work WHERE id = ?";
    int64_t id = 0;
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, parse_serial(serial));
    const ko_status st = ko_query_first(&q, &id, err);
    if (st == KO_OK && id == 0)
        return fail_no_serial(serial, err);
    if (st == KO_OK)
        *out_id = id;
    return st;
}

/* --- reading --- */

void ko_work_read(ko_query *q, ko_work_row *out_row)
{
    *out_row = (ko_work_row){.work = {.serial = out_row->serial}};
    ko_work *work = &out_row->work;
    work->id = ko_query_int(q);
    ko_work_serial(work->id, out_row->serial);
    work->fields.title = ko_query_text(q);
    work->fields.registration = ko_query_text(q);
    work->fields.holder = ko_query_text(q);
    work->fields.published_on = ko_query_text(q);
    work->fields.published_url = ko_query_text(q);
    work->fields.author = ko_query_text(q);
    work->fields.kind = ko_query_text(q);
    work->fields.completed_on = ko_query_text(q);
    work->fields.published_in = ko_query_text(q);
    work->fields.registered_in = ko_query_text(q);
    work->fields.description = ko_query_text(q);
    if (ko_query_real_if_any(q, &out_row->threshold))
        work->fields.threshold = &out_row->threshold;
    work->added_at = ko_query_int(q);
    work->compared_to = ko_query_int(q);
    work->compared_score = ko_query_real(q);
}

ko_status ko_work_count(ko_store *store, int64_t *out_n, ko_error *err)
{
    ko_query q = ko_query_start(store, "SELECT count(*) FROM work");
    return ko_query_first(&q, out_n, err);
}

/* Runs a statement about works that ends in their four counts. */
static ko_status each_work(ko_store *store, const char *sql, int64_t id, ko_work_fn *fn,
                           void *context, ko_error *err)
{
    double threshold;
    const ko_status st = ko_store_threshold(store, &threshold, err);
    if (st != KO_OK)
        return st;
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_real(&q, threshold);
    ko_query_bind_int(&q, id ? id : 1);
    ko_query_bind_int(&q, id ? id : INT64_MAX);
    while (ko_query_row(&q)) {
        ko_work_row row;
        ko_work_read(&q, &row);
        row.work.n_views = (size_t)ko_query_int(&q);
        row.work.n_variants = (size_t)ko_query_int(&q);
        row.work.quality = (int)ko_query_int_within(&q, 0, 100);
        row.work.n_candidates = (size_t)ko_query_int(&q);
        if (ko_query_intact(&q))
            q.handed = fn(context, &row.work);
    }
    return ko_query_end(&q, err);
}

#define SELECT_WORKS(counts)                                                                       \
    "SELECT " KO_WORK_COLUMNS ", " counts                                                          \
    " FROM work WHERE work.id BETWEEN ?2 AND ?3 ORDER BY work.id"

ko_status ko_work_each(ko_store *store, int64_t id, ko_work_fn *fn, void *context, ko_error *err)
{
    static const char sql[] = SELECT_WORKS(
        "(SELECT count(*) FROM view WHERE work_id = work.id),"
        " (SELECT ifnull(sum(n_variants), 0) FROM view WHERE work_id = work.id),"
        " (SELECT ifnull(max(quality), 0) FROM view WHERE work_id = work.id),"
        " (SELECT count(*) FROM candidate WHERE candidate.work_id = work.id AND EXISTS"
        "  (SELECT 1 FROM listing_photo CROSS JOIN evidence"
        "    ON evidence.work_id = work.id AND evidence.photo_id = listing_photo.photo_id"
        "   WHERE listing_photo.listing_id = candidate.listing_id"
        "    AND evidence.score >= " KO_THRESHOLD "))");
    return each_work(store, sql, id, fn, context, err);
}

ko_status ko_work_brief_each(ko_store *store, int64_t id, ko_work_fn *fn, void *context,
                             ko_error *err)
{
    static const char sql[] = SELECT_WORKS("0, 0, 0, 0");
    return each_work(store, sql, id, fn, context, err);
}

/* FNV-1a (Fowler, Noll and Vo) of one number more. */
static uint64_t mixed(uint64_t mark, const void *number)
{
    const unsigned char *bytes = number;
    for (size_t i = 0; i < 8; i++)
        mark = (mark ^ bytes[i]) * 0x100000001b3u;
    return mark;
}

ko_status ko_work_mark(ko_store *store, uint64_t *out_mark, ko_error *err)
{
    static const char sql[] =
        "SELECT work.id, ifnull(work.threshold, ?1), ifnull(view.id, 0) FROM work"
        " LEFT JOIN view INDEXED BY view_work ON view.work_id = work.id ORDER BY work.id, view.id";
    double threshold;
    const ko_status st = ko_store_threshold(store, &threshold, err);
    if (st != KO_OK)
        return st;
    uint64_t mark = mixed(0xcbf29ce484222325u, &threshold);
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_real(&q, threshold);
    while (ko_query_row(&q)) {
        const int64_t work = ko_query_int(&q);
        const double own = ko_query_real(&q);
        const int64_t view = ko_query_int(&q);
        mark = mixed(mixed(mixed(mark, &work), &own), &view);
    }
    const ko_status ended = ko_query_end(&q, err);
    if (ended == KO_OK)
        *out_mark = mark;
    return ended;
}

void ko_view_read(ko_query *q, ko_view *out_view)
{
    *out_view = (ko_view){0};
    out_view->id = ko_query_int(q);
    out_view->work_id = ko_query_int(q);
    out_view->path = ko_query_text(q);
    ko_query_bytes(q, out_view->sha256, KO_SHA256_SIZE);
    out_view->bytes = ko_query_int(q);
    out_view->width = (uint32_t)ko_query_int_within(q, 0, UINT32_MAX);
    out_view->height = (uint32_t)ko_query_int_within(q, 0, UINT32_MAX);
    out_view->kind = ko_query_text(q);
    out_view->has_alpha = ko_query_int_within(q, 0, 1) == 1;
    out_view->quality = (int)ko_query_int_within(q, 0, 100);
    out_view->added_at = ko_query_int(q);
}

/* Returns how many there are; 0 for NULL. */
static size_t read_variants(ko_query *q, ko_fp_variant out[KO_FP_VARIANTS_MAX])
{
    size_t size;
    const uint8_t *record = ko_query_blob(q, &size);
    const size_t n = size / KO_VARIANT_BYTES;
    bool sound = size % KO_VARIANT_BYTES == 0 && n <= KO_FP_VARIANTS_MAX;
    for (size_t i = 0; sound && i < n; i++, record += KO_VARIANT_BYTES) {
        out[i] = (ko_fp_variant){.fp = ko_store_unpack_fp(record),
                                 .orientation = record[KO_FP_BYTES],
                                 .ground = record[KO_FP_BYTES + 1],
                                 .cropped = record[KO_FP_BYTES + 2],
                                 .has_ground = record[KO_FP_BYTES + 3]};
        sound = out[i].orientation < KO_ORIENT_COUNT;
    }
    if (!sound)
        q->rc = SQLITE_CORRUPT;
    return sound ? n : 0;
}

ko_status ko_view_each(ko_store *store, int64_t work_id, bool with_variants, ko_view_fn *fn,
                       void *context, ko_error *err)
{
#define SELECT_VIEWS                                                                               \
    "SELECT " KO_VIEW_COLUMNS ", iif(?1, variants, NULL), iif(?1, packed, NULL),"                  \
    " ifnull(robustness, 0)"                                                                       \
    " FROM view LEFT JOIN view_part ON view_part.view_id = view.id"
    static const char of_all[] = SELECT_VIEWS " ORDER BY view.id";
    static const char of_one[] = SELECT_VIEWS " WHERE view.work_id = ?2 ORDER BY view.id";
    ko_fp_variant variants[KO_FP_VARIANTS_MAX];
    ko_query q = ko_query_start(store, work_id ? of_one : of_all);
    ko_query_bind_int(&q, with_variants);
    if (work_id)
        ko_query_bind_int(&q, work_id);
    while (ko_query_row(&q)) {
        ko_view view;
        ko_view_read(&q, &view);
        view.n_variants = read_variants(&q, variants);
        view.variants = view.n_variants ? variants : NULL;
        view.part = ko_query_blob(&q, &view.part_bytes);
        view.robustness = (int)ko_query_int_within(&q, 0, 100);
        if (ko_query_intact(&q))
            q.handed = fn(context, &view);
    }
    return ko_query_end(&q, err);
}
