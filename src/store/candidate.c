/* A candidate's score is not kept with it: it is looked up among the matches whenever it
 * is asked for, so there is one truth and nothing to bring in line. */
#include "store/candidate.h"

#include "base/clock.h"
#include "store/rows.h"

#include <assert.h>
#include <math.h>

/* --- writing --- */

static ko_status put_match(ko_store *store, const ko_match *match, ko_error *err)
{
    static const char sql[] =
        "INSERT INTO evidence (work_id, photo_id, view_id, method, score, distance, orientation,"
        " ground, cropped, n_fingerprints, found_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET view_id = excluded.view_id, method = excluded.method,"
        " score = excluded.score, distance = excluded.distance,"
        " orientation = excluded.orientation, ground = excluded.ground,"
        " cropped = excluded.cropped, n_fingerprints = excluded.n_fingerprints,"
        " found_at = excluded.found_at WHERE excluded.score > evidence.score";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, match->work_id);
    ko_query_bind_int(&q, match->photo_id);
    ko_query_bind_int(&q, match->view_id);
    ko_query_bind_text(&q, match->method);
    ko_query_bind_real(&q, match->score);
    ko_query_bind_int(&q, match->distance);
    ko_query_bind_int(&q, match->orientation);
    if (match->ground < 0)
        ko_query_bind_null(&q);
    else
        ko_query_bind_int(&q, match->ground);
    ko_query_bind_int(&q, match->cropped);
    ko_query_bind_int(&q, match->n_fingerprints);
    ko_query_bind_int(&q, match->found_at);
    return ko_query_run(&q, err);
}

/* Candidates that are there are looked for, not run into: a refused insert would still
 * use up a number. */
static ko_status put_candidates(ko_store *store, const ko_match *match, size_t *out_new,
                                ko_error *err)
{
    static const char sql[] =
        "INSERT INTO candidate (work_id, listing_id, found_at)"
        " SELECT ?1, listing_id, ?2 FROM listing_photo WHERE photo_id = ?3 AND NOT EXISTS"
        "  (SELECT 1 FROM candidate"
        "   WHERE candidate.work_id = ?1 AND candidate.listing_id = listing_photo.listing_id)"
        " ORDER BY listing_id";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, match->work_id);
    ko_query_bind_int(&q, match->found_at);
    ko_query_bind_int(&q, match->photo_id);
    const ko_status st = ko_query_run(&q, err);
    if (st == KO_OK)
        *out_new = (size_t)sqlite3_changes(store->db);
    return st;
}

ko_status ko_match_add(ko_store *store, const ko_match *match, size_t *out_new_candidates,
                       ko_error *err)
{
    assert(isfinite(match->score) && match->distance <= KO_FP_BITS);
    assert((unsigned)match->orientation < KO_ORIENT_COUNT && match->ground <= 255);
    bool own;
    ko_status st = ko_store_enter(store, &own, err);
    if (st != KO_OK)
        return st;
    size_t fresh = 0;
    st = put_match(store, match, err);
    if (st == KO_OK)
        st = put_candidates(store, match, &fresh, err);
    st = ko_store_leave(store, own, st, err);
    if (st == KO_OK)
        *out_new_candidates += fresh;
    return st;
}

ko_status ko_candidates_complete(ko_store *store, size_t *out_new_candidates, ko_error *err)
{
    static const char sql[] =
        "INSERT INTO candidate (work_id, listing_id, found_at)"
        " SELECT DISTINCT evidence.work_id, listing_photo.listing_id, ?"
        " FROM evidence CROSS JOIN listing_photo ON listing_photo.photo_id = evidence.photo_id"
        " WHERE NOT EXISTS (SELECT 1 FROM candidate WHERE candidate.work_id = evidence.work_id"
        "  AND candidate.listing_id = listing_photo.listing_id)"
        " ORDER BY evidence.work_id, listing_photo.listing_id";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, ko_clock_now());
    const ko_status st = ko_query_run(&q, err);
    if (st == KO_OK)
        *out_new_candidates += (size_t)sqlite3_changes(store->db);
    return st;
}

/* --- reading --- */

#define MATCH_COLUMNS                                                                              \
    "best.work_id, best.view_id, best.photo_id, best.method, best.score, best.distance,"           \
    " best.orientation, best.ground, best.cropped, best.n_fingerprints, best.found_at"

static void read_match(ko_query *q, ko_match *out_match)
{
    double ground = -1;
    out_match->work_id = ko_query_int(q);
    out_match->view_id = ko_query_int(q);
    out_match->photo_id = ko_query_int(q);
    out_match->method = ko_query_text(q);
    out_match->score = ko_query_real(q);
    out_match->distance = (unsigned)ko_query_int_within(q, 0, KO_FP_BITS);
    out_match->orientation = (ko_orientation)ko_query_int_within(q, 0, KO_ORIENT_COUNT - 1);
    (void)ko_query_real_if_any(q, &ground);
    out_match->ground = (int)ground;
    out_match->cropped = ko_query_int_within(q, 0, 1) == 1;
    out_match->n_fingerprints = ko_query_int(q);
    out_match->found_at = ko_query_int(q);
}

static void hand_candidate(ko_query *q, ko_candidate_fn *fn, void *context)
{
    ko_work_row work;
    ko_view view;
    ko_seen listing;
    ko_photo photo;
    ko_candidate candidate = {
        .work = &work.work, .view = &view, .listing = &listing, .photo = &photo};
    candidate.id = ko_query_int(q);
    candidate.decision = (ko_decision)ko_query_int_within(q, KO_DECISION_OPEN, KO_DECISION_OPEN);
    candidate.found_at = ko_query_int(q);
    candidate.threshold = ko_query_real(q);
    candidate.n_photos_matched = (size_t)ko_query_int(q);
    read_match(q, &candidate.match);
    ko_work_read(q, &work);
    ko_view_read(q, &view);
    ko_seen_read(q, &listing);
    ko_photo_read(q, &photo);
    if (ko_query_intact(q))
        q->handed = fn(context, &candidate);
}

ko_status ko_candidate_each(ko_store *store, const ko_candidate_filter *filter, ko_candidate_fn *fn,
                            void *context, ko_error *err)
{
    /* The unary plus keeps the planner with the candidate's own number. */
    static const char sql[] =
        "SELECT candidate.id, candidate.decision, candidate.found_at, ifnull(work.threshold, ?1),"
        " (SELECT count(*) FROM listing_photo CROSS JOIN evidence"
        "  ON evidence.work_id = candidate.work_id AND evidence.photo_id = listing_photo.photo_id"
        "  WHERE listing_photo.listing_id = candidate.listing_id),"
        " " MATCH_COLUMNS ", " KO_WORK_COLUMNS ", " KO_VIEW_COLUMNS ", " KO_SEEN_COLUMNS
        ", " KO_PHOTO_COLUMNS " FROM candidate"
        " CROSS JOIN work ON work.id = candidate.work_id"
        " CROSS JOIN evidence AS best"
        "  ON best.work_id = candidate.work_id AND best.photo_id = " KO_BEST_PHOTO
        " CROSS JOIN view ON view.id = best.view_id"
        " CROSS JOIN listing ON listing.id = candidate.listing_id"
        " CROSS JOIN photo ON photo.id = best.photo_id"
        " WHERE candidate.id BETWEEN ?2 AND ?3 AND +candidate.work_id BETWEEN ?4 AND ?5"
        " AND (?6 OR best.score >= ifnull(work.threshold, ?1))"
        " ORDER BY max(best.score) OVER (PARTITION BY candidate.work_id) DESC, candidate.work_id,"
        " best.score DESC, candidate.id";
    double threshold;
    const ko_status st = ko_store_threshold(store, &threshold, err);
    if (st != KO_OK)
        return st;
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_real(&q, threshold);
    ko_query_bind_int(&q, filter->id ? filter->id : 1);
    ko_query_bind_int(&q, filter->id ? filter->id : INT64_MAX);
    ko_query_bind_int(&q, filter->work_id ? filter->work_id : 1);
    ko_query_bind_int(&q, filter->work_id ? filter->work_id : INT64_MAX);
    ko_query_bind_int(&q, filter->all || filter->id != 0);
    while (ko_query_row(&q))
        hand_candidate(&q, fn, context);
    return ko_query_end(&q, err);
}
