#include "report/work.h"

#include "base/clock.h"
#include "base/text.h"
#include "report/json.h"
#include "store/paper.h"

/* --- what is said of it --- */

static json_t *fields_json(const ko_work *work)
{
    const ko_work_fields *f = &work->fields;
    return json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "title",
        ko_json_string(f->title), "registration", ko_json_string(f->registration), "registered_in",
        ko_json_string(f->registered_in), "holder", ko_json_string(f->holder), "author",
        ko_json_string(f->author), "kind", ko_json_string(f->kind), "description",
        ko_json_string(f->description), "completed_on", ko_json_string(f->completed_on),
        "published_on", ko_json_string(f->published_on), "published_url",
        ko_json_string(f->published_url), "published_in", ko_json_string(f->published_in), "number",
        ko_json_string(ko_work_number(work)));
}

json_t *ko_work_json(const ko_work *work, double threshold)
{
    const double *own = work->fields.threshold;
    char added[KO_TIME_SIZE];
    ko_clock_text(work->added_at, added);
    json_t *fields = fields_json(work);
    json_t *object = json_pack(
        "{s:I, s:s, s:f, s:b, s:i, s:b, s:I, s:I, s:s}", "id", (json_int_t)work->id, "serial",
        work->serial, "threshold", own ? *own : threshold, "own_threshold", own != NULL, "quality",
        work->quality, "plain", work->quality < KO_FP_QUALITY_MIN, "fingerprints",
        (json_int_t)work->n_variants, "candidates", (json_int_t)work->n_candidates, "added", added);
    if (!fields || !object || json_object_update(object, fields) != 0) {
        json_decref(object);
        object = NULL;
    }
    json_decref(fields);
    return object;
}

/* --- its files --- */

static json_t *view_json(const ko_view *view)
{
    char sha256[2 * KO_SHA256_SIZE + 1], added[KO_TIME_SIZE];
    ko_text_hex(view->sha256, sizeof view->sha256, sha256);
    ko_clock_text(view->added_at, added);
    return json_pack("{s:I, s:o, s:s, s:s, s:i, s:i, s:I, s:b, s:i, s:I, s:I, s:i, s:s}", "view",
                     (json_int_t)view->id, "path", ko_json_string(view->path), "sha256", sha256,
                     "kind", view->kind, "width", (int)view->width, "height", (int)view->height,
                     "bytes", (json_int_t)view->bytes, "alpha", view->has_alpha, "quality",
                     view->quality, "fingerprints", (json_int_t)view->n_variants, "part_bytes",
                     (json_int_t)view->part_bytes, "robustness", view->robustness, "added", added);
}

static json_t *paper_json(const ko_paper *paper)
{
    char sha256[2 * KO_SHA256_SIZE + 1], added[KO_TIME_SIZE];
    ko_text_hex(paper->sha256, sizeof paper->sha256, sha256);
    ko_clock_text(paper->added_at, added);
    return json_pack("{s:s, s:o, s:s, s:I, s:s}", "role", ko_paper_role_name(paper->role), "path",
                     ko_json_string(paper->path), "sha256", sha256, "bytes",
                     (json_int_t)paper->bytes, "added", added);
}

static ko_status add_view(void *context, const ko_view *view)
{
    return json_array_append_new(context, view_json(view)) == 0 ? KO_OK : KO_E_NOMEM;
}

static ko_status add_paper(void *context, const ko_paper *paper)
{
    return json_array_append_new(context, paper_json(paper)) == 0 ? KO_OK : KO_E_NOMEM;
}

ko_status ko_work_files_json(ko_store *store, int64_t work_id, json_t *object, ko_error *err)
{
    json_t *views = json_array(), *papers = json_array();
    ko_status st = views && papers ? KO_OK : KO_E_NOMEM;
    if (st == KO_OK)
        st = ko_view_each(store, work_id, true, add_view, views, err);
    if (st == KO_OK)
        st = ko_paper_each(store, work_id, add_paper, papers, err);
    if (st == KO_OK && (json_object_set(object, "views", views) != 0 ||
                        json_object_set(object, "papers", papers) != 0))
        st = KO_E_NOMEM;
    json_decref(views);
    json_decref(papers);
    return st == KO_E_NOMEM ? ko_fail(err, st, "files of a work") : st;
}
