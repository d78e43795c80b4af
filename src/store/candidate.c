/* A candidate's score is not kept with it: it is looked up among the matches whenever it
 * is asked for, so there is one truth and nothing to bring in line. */
#include "store/candidate.h"

#include "base/clock.h"
#include "store/candidate_sql.h"

#include <assert.h>
#include <math.h>
#include <string.h>

/* --- writing --- */

static void bind_evidence(ko_query *q, const ko_evidence *e)
{
    const ko_whole_evidence *whole = &e->whole;
    const ko_part_evidence *part = &e->part;
    ko_query_bind_text(q, ko_method_name(e->method));
    ko_query_bind_real(q, e->score);
    ko_query_bind_int_if(q, e->has_whole, whole->distance);
    ko_query_bind_int_if(q, e->has_whole, whole->orientation);
    ko_query_bind_int_if(q, e->has_whole && whole->ground >= 0, whole->ground);
    ko_query_bind_int_if(q, e->has_whole, whole->cropped);
    for (size_t i = 0; i < 8; i++)
        ko_query_bind_real_if(q, e->has_part, part->quad[i]);
    ko_query_bind_int_if(q, e->has_part, part->mirrored);
    ko_query_bind_int_if(q, e->has_part, part->inverted);
    ko_query_bind_real_if(q, e->has_part, part->turn);
    ko_query_bind_real_if(q, e->has_part, part->share);
    ko_query_bind_int_if(q, e->has_part, part->inliers);
}

/* One statement replaces a row as a whole, so that no part of an older match stays. Of equal ones
 * that which tells a place (its corners begin with ?7) is better than one that does not. */
static ko_status put_match(ko_store *store, const ko_match *match, ko_error *err)
{
    static const char sql[] =
        "INSERT OR REPLACE INTO evidence (" KO_EVIDENCE_COLUMNS ", view_id, n_fingerprints,"
        " n_works, found_at, work_id, photo_id)"
        " SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?24, ?25"
        " WHERE NOT EXISTS (SELECT 1 FROM evidence WHERE work_id = ?24 AND photo_id = ?25"
        "  AND (score > ?2 OR (score = ?2 AND (x1 IS NOT NULL OR ?7 IS NULL))))";
    ko_query q = ko_query_start(store, sql);
    bind_evidence(&q, &match->evidence);
    ko_query_bind_int(&q, match->view_id);
    ko_query_bind_int(&q, match->n_fingerprints);
    ko_query_bind_int(&q, match->n_works);
    ko_query_bind_int(&q, match->found_at);
    ko_query_bind_int(&q, match->work_id);
    ko_query_bind_int(&q, match->photo_id);
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
    const ko_evidence *e = &match->evidence;
    assert(isfinite(e->score) && (e->method == KO_METHOD_PART ? e->has_part : e->has_whole));
    assert(!e->has_whole || (e->whole.distance <= KO_FP_BITS && e->whole.ground <= 255));
    (void)e; /* without assertions */
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

/* Listings that show a photo of a work, and have no candidate of it. */
#define INCOMPLETE                                                                                 \
    " FROM evidence CROSS JOIN listing_photo ON listing_photo.photo_id = evidence.photo_id"        \
    " WHERE evidence.work_id = ?1"                                                                 \
    " AND NOT EXISTS (SELECT 1 FROM candidate WHERE candidate.work_id = evidence.work_id"          \
    "  AND candidate.listing_id = listing_photo.listing_id)"

static ko_status complete_work(ko_store *store, int64_t work_id, size_t *new_candidates,
                               ko_error *err)
{
    static const char any[] = "SELECT EXISTS (SELECT 1" INCOMPLETE ")";
    static const char add[] =
        "INSERT INTO candidate (work_id, listing_id, found_at)"
        " SELECT DISTINCT evidence.work_id, listing_photo.listing_id, ?2" INCOMPLETE
        " ORDER BY listing_photo.listing_id";
    int64_t incomplete = 0;
    ko_query q = ko_query_start(store, any);
    ko_query_bind_int(&q, work_id);
    ko_status st = ko_query_first(&q, &incomplete, err);
    if (st != KO_OK || !incomplete)
        return st;
    q = ko_query_start(store, add);
    ko_query_bind_int(&q, work_id);
    ko_query_bind_int(&q, ko_clock_now());
    st = ko_query_run(&q, err);
    if (st == KO_OK)
        *new_candidates += (size_t)sqlite3_changes(store->db);
    return st;
}

/* Work by work, so that others can write in between, and need not wait while nothing is found. */
ko_status ko_candidates_complete(ko_store *store, size_t *out_new_candidates, ko_error *err)
{
    static const char next[] = "SELECT ifnull(min(id), 0) FROM work WHERE id > ?";
    int64_t work_id = 0;
    ko_status st;
    do {
        ko_query q = ko_query_start(store, next);
        ko_query_bind_int(&q, work_id);
        st = ko_query_first(&q, &work_id, err);
        if (st == KO_OK && work_id)
            st = complete_work(store, work_id, out_new_candidates, err);
    } while (st == KO_OK && work_id);
    return st;
}

/* --- reading --- */

const char *ko_candidate_state_name(ko_candidate_state state)
{
    static const char *const names[KO_CANDIDATE_STATES] = {"open",     "accepted", "rejected",
                                                           "unsure",   "licensed", "allowed",
                                                           "negative", "ruled",    "held"};
    assert(state < KO_CANDIDATE_STATES);
    return names[state];
}

unsigned ko_candidate_states_named(const char *word)
{
    if (strcmp(word, "all") == 0)
        return (1U << KO_CANDIDATE_STATES) - 1;
    if (strcmp(word, "set-aside") == 0)
        return 1U << KO_CANDIDATE_ALLOWED | 1U << KO_CANDIDATE_NEGATIVE | 1U << KO_CANDIDATE_RULED |
               1U << KO_CANDIDATE_HELD;
    for (int i = KO_CANDIDATE_OPEN; i < KO_CANDIDATE_STATES; i++)
        if (strcmp(word, ko_candidate_state_name((ko_candidate_state)i)) == 0)
            return 1U << i;
    return 0;
}

#define MATCH_COLUMNS                                                                              \
    "best.work_id, best.photo_id, " KO_EVIDENCE_COLUMNS ", best.view_id, best.n_fingerprints,"     \
    " best.n_works, best.found_at"

static void read_whole(ko_query *q, ko_evidence *e)
{
    double distance = 0, ground = -1;
    e->has_whole = ko_query_real_if_any(q, &distance);
    e->whole.distance = (unsigned)distance;
    e->whole.orientation = (ko_orientation)ko_query_int_within(q, 0, KO_ORIENT_COUNT - 1);
    (void)ko_query_real_if_any(q, &ground);
    e->whole.ground = (int)ground;
    e->whole.cropped = ko_query_int_within(q, 0, 1) == 1;
}

static void read_part(ko_query *q, ko_evidence *e)
{
    e->has_part = true;
    for (size_t i = 0; i < 8; i++) {
        double value = 0;
        e->has_part &= ko_query_real_if_any(q, &value);
        e->part.quad[i] = (float)value;
    }
    e->part.mirrored = ko_query_int_within(q, 0, 1) == 1;
    e->part.inverted = ko_query_int_within(q, 0, 1) == 1;
    e->part.turn = (float)ko_query_real(q);
    e->part.share = (float)ko_query_real(q);
    e->part.inliers = (unsigned)ko_query_int_within(q, 0, UINT32_MAX);
}

static void read_match(ko_query *q, ko_match *out_match)
{
    ko_evidence *e = &out_match->evidence;
    out_match->work_id = ko_query_int(q);
    out_match->photo_id = ko_query_int(q);
    e->method = strcmp(ko_query_text(q), "part") == 0 ? KO_METHOD_PART : KO_METHOD_WHOLE;
    e->score = ko_query_real(q);
    read_whole(q, e);
    read_part(q, e);
    out_match->view_id = ko_query_int(q);
    out_match->n_fingerprints = ko_query_int(q);
    out_match->n_works = ko_query_int(q);
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
    candidate.state =
        (ko_candidate_state)ko_query_int_within(q, KO_CANDIDATE_OPEN, KO_CANDIDATE_STATES - 1);
    candidate.decision.at = ko_query_int(q);
    candidate.decision.who = ko_query_text(q);
    candidate.decision.good_faith = ko_query_int_within(q, 0, 1) == 1;
    candidate.decision.score = ko_query_real(q);
    candidate.decision.photo_id = ko_query_int(q);
    candidate.found_at = ko_query_int(q);
    candidate.leader = ko_query_int(q);
    candidate.returned = ko_query_int_within(q, 0, 1) == 1;
    candidate.threshold = ko_query_real(q);
    candidate.n_photos_matched = (size_t)ko_query_int(q);
    candidate.photo_url = ko_query_text(q);
    read_match(q, &candidate.match);
    ko_work_read(q, &work);
    ko_view_read(q, &view);
    ko_seen_read(q, &listing);
    ko_photo_read(q, &photo);
    if (ko_query_intact(q))
        q->handed = fn(context, &candidate);
}

static void bind_filter(ko_query *q, const ko_candidate_filter *filter, double threshold)
{
    ko_query_bind_real(q, threshold);
    ko_query_bind_int(q, filter->id ? filter->id : 1);
    ko_query_bind_int(q, filter->id ? filter->id : INT64_MAX);
    ko_query_bind_int(q, filter->work_id ? filter->work_id : 1);
    ko_query_bind_int(q, filter->work_id ? filter->work_id : INT64_MAX);
    ko_query_bind_int(q, filter->all || filter->id != 0);
    ko_query_bind_int(q, filter->states ? filter->states : ~0U);
    ko_query_bind_text(q, filter->seller);
}

/* The unary plus keeps the planner with the candidate's own number. */
#define SELECT                                                                                     \
    "SELECT candidate.id, " KO_CANDIDATE_STATE ", ifnull(act.at, 0), ifnull(act.who, ''),"         \
    " ifnull(act.good_faith, 0), ifnull(in_force.by_score, 0), ifnull(in_force.photo_id, 0),"      \
    " candidate.found_at, ifnull(candidate.leader, 0), " KO_IS_RETURNED ", " KO_THRESHOLD ","      \
    " (SELECT count(*) FROM listing_photo CROSS JOIN evidence"                                     \
    "  ON evidence.work_id = candidate.work_id AND evidence.photo_id = listing_photo.photo_id"     \
    "  WHERE listing_photo.listing_id = candidate.listing_id),"                                    \
    " ifnull((SELECT web_picture.url FROM web_picture JOIN listing_picture"                        \
    "  ON listing_picture.picture_id = web_picture.id"                                             \
    "  AND listing_picture.listing_id = candidate.listing_id"                                      \
    "  WHERE web_picture.photo_id = best.photo_id"                                                 \
    "  ORDER BY listing_picture.position LIMIT 1), ''),"                                           \
    " " MATCH_COLUMNS ", " KO_WORK_COLUMNS ", " KO_VIEW_COLUMNS ", " KO_SEEN_COLUMNS               \
    ", " KO_PHOTO_COLUMNS KO_CANDIDATE_FROM " CROSS JOIN view ON view.id = best.view_id"           \
    " CROSS JOIN photo ON photo.id = best.photo_id"                                                \
    " LEFT JOIN act ON act.id = in_force.act_id"                                                   \
    " WHERE candidate.id BETWEEN ?2 AND ?3 AND +candidate.work_id BETWEEN ?4 AND ?5"               \
    " AND (?6 OR in_force.state > 0 OR best.score >= " KO_THRESHOLD ")"                            \
    " AND (?7 >> (" KO_CANDIDATE_STATE ")) & 1"                                                    \
    " AND (?8 IS NULL OR ?8 IN (listing.seller, listing.seller_id))"

ko_status ko_candidate_each(ko_store *store, const ko_candidate_filter *filter, ko_candidate_fn *fn,
                            void *context, ko_error *err)
{
    static const char all[] = SELECT
        " ORDER BY max(CASE WHEN " KO_IS_RETURNED " THEN " KO_CANDIDATE_STATE " = 0 ELSE 0 END)"
        "  OVER (PARTITION BY candidate.work_id) DESC,"
        " max(best.score) OVER (PARTITION BY candidate.work_id) DESC, candidate.work_id,"
        " " KO_IS_RETURNED " DESC, best.score DESC, candidate.id";
    static const char one[] = SELECT; /* a page asks for hundreds: nothing to sort */
    double threshold;
    const ko_status st = ko_store_threshold(store, &threshold, err);
    if (st != KO_OK)
        return st;
    ko_query q = ko_query_start(store, filter->id ? one : all);
    bind_filter(&q, filter, threshold);
    while (ko_query_row(&q))
        hand_candidate(&q, fn, context);
    return ko_query_end(&q, err);
}

/* What is shown by each threshold rests on photos that count, so the best of these is looked for,
 * which need not be the best photo under the threshold in force. */
#define SELECT_UNDECIDED                                                                           \
    "SELECT candidate.id, max(evidence.score) AS score FROM candidate"                             \
    " CROSS JOIN listing ON listing.id = candidate.listing_id"                                     \
    " LEFT JOIN decision AS in_force ON in_force.id = candidate.decided"                           \
    " CROSS JOIN listing_photo ON listing_photo.listing_id = candidate.listing_id"                 \
    " CROSS JOIN evidence ON evidence.work_id = candidate.work_id"                                 \
    "  AND evidence.photo_id = listing_photo.photo_id"                                             \
    " WHERE ifnull(in_force.state, 0) = 0 AND NOT " KO_IS_ALLOWED                                  \
    " AND NOT " KO_IS_NEGATIVE("evidence.photo_id") " AND " KO_ASIDE_STATE " IS NULL"
#define BEST_FIRST " GROUP BY candidate.id ORDER BY score DESC, candidate.id"

ko_status ko_candidate_undecided_each(ko_store *store, int64_t work_id,
                                      ko_candidate_undecided_fn *fn, void *context, ko_error *err)
{
    static const char of_one[] = SELECT_UNDECIDED " AND candidate.work_id = ?1" BEST_FIRST;
    static const char of_all[] =
        SELECT_UNDECIDED " AND (SELECT threshold FROM work WHERE work.id = candidate.work_id)"
                         " IS NULL" BEST_FIRST;
    ko_query q = ko_query_start(store, work_id ? of_one : of_all);
    if (work_id)
        ko_query_bind_int(&q, work_id);
    while (ko_query_row(&q)) {
        ko_candidate_undecided candidate;
        candidate.id = ko_query_int(&q);
        candidate.score = ko_query_real(&q);
        if (ko_query_intact(&q))
            q.handed = fn(context, &candidate);
    }
    return ko_query_end(&q, err);
}

/* Candidates are indexed by work and listing: there are few works. */
ko_status ko_candidate_each_of(ko_store *store, int64_t listing_id, ko_candidate_fn *fn,
                               void *context, ko_error *err)
{
    ko_query q = ko_query_start(store, "SELECT candidate.id FROM work CROSS JOIN candidate"
                                       " ON candidate.work_id = work.id AND listing_id = ?"
                                       " ORDER BY work.id");
    ko_query_bind_int(&q, listing_id);
    while (ko_query_row(&q)) {
        const ko_candidate_filter one = {.id = ko_query_int(&q), .all = true};
        if (ko_query_intact(&q))
            q.handed = ko_candidate_each(store, &one, fn, context, err);
    }
    return ko_query_end(&q, err);
}
