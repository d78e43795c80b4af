#include "store/decision.h"

#include "base/clock.h"
#include "store/query.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* --- acts --- */

static ko_status insert_act(ko_store *store, const ko_act *act, int64_t *out_id, ko_error *err)
{
    static const char sql[] = "INSERT INTO act (verb, subject, who, at, good_faith, undoes)"
                              " VALUES (?, ?, ?, ?, ?, ?)";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_text(&q, act->verb);
    ko_query_bind_text(&q, act->subject ? act->subject : "");
    ko_query_bind_text(&q, act->who);
    ko_query_bind_int(&q, ko_clock_now());
    ko_query_bind_int(&q, act->good_faith);
    ko_query_bind_int_if(&q, act->undoes != 0, act->undoes);
    const ko_status st = ko_query_run(&q, err);
    if (st == KO_OK)
        *out_id = sqlite3_last_insert_rowid(store->db);
    return st;
}

ko_status ko_act_add(ko_store *store, const ko_act *act, int64_t *out_id, ko_error *err)
{
    assert(ko_store_is_writing(store) && act->undoes == 0);
    assert(strlen(act->verb) < KO_ACT_VERB_SIZE);
    return insert_act(store, act, out_id, err);
}

/* --- decisions --- */

static ko_status insert_decision(ko_store *store, int64_t act_id, const ko_candidate *c,
                                 ko_candidate_state state, int64_t *out_id, ko_error *err)
{
    static const char sql[] =
        "INSERT INTO decision (act_id, candidate_id, was, state, serial, url, seller, by_method,"
        " by_score, photo_id, photo_sha256, view_sha256)"
        " SELECT ?, id, decided, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM candidate WHERE id = ?";
    const ko_listing *listing = &c->listing->record;
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, act_id);
    ko_query_bind_int(&q, state);
    ko_query_bind_text(&q, c->work->serial);
    ko_query_bind_text(&q, listing->url[0] ? listing->url : c->photo->path);
    ko_query_bind_text(&q, listing->seller[0] ? listing->seller : listing->seller_id);
    ko_query_bind_text(&q, ko_method_name(c->match.evidence.method));
    ko_query_bind_real(&q, c->match.evidence.score);
    ko_query_bind_int(&q, c->photo->id);
    ko_query_bind_blob(&q, c->photo->sha256, KO_SHA256_SIZE);
    ko_query_bind_blob(&q, c->view->sha256, KO_SHA256_SIZE);
    ko_query_bind_int(&q, c->id);
    const ko_status st = ko_query_run(&q, err);
    if (st == KO_OK)
        *out_id = sqlite3_last_insert_rowid(store->db);
    return st;
}

static ko_status put_in_force(ko_store *store, int64_t candidate_id, int64_t decision_id,
                              ko_error *err)
{
    ko_query q = ko_query_start(store, "UPDATE candidate SET decided = ? WHERE id = ?");
    ko_query_bind_int(&q, decision_id);
    ko_query_bind_int(&q, candidate_id);
    return ko_query_run(&q, err);
}

static bool is_decided_so(const ko_candidate *c, ko_candidate_state state)
{
    const bool open = c->state == KO_CANDIDATE_OPEN || c->state >= KO_CANDIDATE_ALLOWED;
    if (state == KO_CANDIDATE_OPEN)
        return open;
    return c->state == state && c->decision.photo_id == c->photo->id &&
           c->decision.score >= c->match.evidence.score;
}

ko_status ko_decision_add(ko_store *store, int64_t act_id, const ko_candidate *candidate,
                          ko_candidate_state state, bool *out_changed, ko_error *err)
{
    assert(ko_store_is_writing(store) && state <= KO_CANDIDATE_LICENSED);
    int64_t id = 0;
    *out_changed = !is_decided_so(candidate, state);
    if (!*out_changed)
        return KO_OK;
    const ko_status st = insert_decision(store, act_id, candidate, state, &id, err);
    return st == KO_OK ? put_in_force(store, candidate->id, id, err) : st;
}

/* --- taking back --- */

static ko_status find_last(ko_store *store, ko_undone *out, ko_error *err)
{
    static const char sql[] =
        "SELECT id, verb FROM act WHERE undoes IS NULL AND NOT EXISTS"
        " (SELECT 1 FROM act AS later WHERE later.undoes = act.id) ORDER BY id DESC LIMIT 1";
    *out = (ko_undone){0};
    ko_query q = ko_query_start(store, sql);
    if (ko_query_row(&q)) {
        out->act_id = ko_query_int(&q);
        (void)snprintf(out->verb, sizeof out->verb, "%s", ko_query_text(&q));
    }
    const ko_status st = ko_query_end(&q, err);
    if (st == KO_OK && out->act_id == 0)
        return ko_fail(err, KO_E_NOT_FOUND, "nothing was decided that could be taken back");
    return st;
}

static ko_status run_for(ko_store *store, const char *sql, int64_t act, int64_t undo, ko_error *err)
{
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, act);
    if (undo)
        ko_query_bind_int(&q, undo);
    return ko_query_run(&q, err);
}

/* No later act is in force, so each candidate that is still there has this act's decision. */
static ko_status take_back(ko_store *store, int64_t act, int64_t undo, size_t *out_candidates,
                           ko_error *err)
{
    static const char log[] =
        "INSERT INTO decision (act_id, candidate_id, was, state, serial, url, seller, by_method,"
        " by_score, photo_id, photo_sha256, view_sha256)"
        " SELECT ?2, candidate_id, id,"
        "  ifnull((SELECT state FROM decision AS before WHERE before.id = decision.was), 0),"
        "  serial, url, seller, by_method, by_score, photo_id, photo_sha256, view_sha256"
        " FROM decision WHERE act_id = ?1"
        " AND id IN (SELECT decided FROM candidate) ORDER BY id";
    static const char restore[] =
        "UPDATE candidate SET decided = (SELECT was FROM decision WHERE id = candidate.decided)"
        " WHERE decided IN (SELECT id FROM decision WHERE act_id = ?1)";
    static const char *const lists[] = {
        "UPDATE allow SET removed_by = ?2 WHERE added_by = ?1 AND removed_by IS NULL",
        "UPDATE negative SET removed_by = ?2 WHERE added_by = ?1 AND removed_by IS NULL",
    };
    static const char *const back[] = {
        "UPDATE allow SET removed_by = NULL WHERE removed_by = ?1",
        "UPDATE negative SET removed_by = NULL WHERE removed_by = ?1",
    };
    ko_status st = run_for(store, log, act, undo, err);
    if (st == KO_OK)
        st = run_for(store, restore, act, 0, err);
    if (st == KO_OK)
        *out_candidates = (size_t)sqlite3_changes(store->db);
    for (size_t i = 0; st == KO_OK && i < 2; i++)
        st = run_for(store, lists[i], act, undo, err);
    for (size_t i = 0; st == KO_OK && i < 2; i++)
        st = run_for(store, back[i], act, 0, err);
    return st;
}

ko_status ko_act_undo(ko_store *store, const char *who, ko_undone *out_undone, ko_error *err)
{
    bool own;
    int64_t id = 0;
    ko_status st = ko_store_enter(store, &own, err);
    if (st != KO_OK)
        return st;
    st = find_last(store, out_undone, err);
    if (st == KO_OK) {
        const ko_act undo = {.verb = "undo", .who = who, .undoes = out_undone->act_id};
        st = insert_act(store, &undo, &id, err);
    }
    if (st == KO_OK)
        st = take_back(store, out_undone->act_id, id, &out_undone->candidates, err);
    return ko_store_leave(store, own, st, err);
}

/* --- the log --- */

static void hand_act(ko_query *q, ko_act_fn *fn, void *context)
{
    ko_act act;
    ko_decision d;
    act.id = ko_query_int(q);
    act.verb = ko_query_text(q);
    act.subject = ko_query_text(q);
    act.who = ko_query_text(q);
    act.at = ko_query_int(q);
    act.good_faith = ko_query_int_within(q, 0, 1) == 1;
    act.undoes = ko_query_int(q);
    act.undone = ko_query_int_within(q, 0, 1) == 1;
    d.candidate_id = ko_query_int(q);
    d.was = (ko_candidate_state)ko_query_int_within(q, 0, KO_CANDIDATE_LICENSED);
    d.state = (ko_candidate_state)ko_query_int_within(q, 0, KO_CANDIDATE_LICENSED);
    d.serial = ko_query_text(q);
    d.url = ko_query_text(q);
    d.seller = ko_query_text(q);
    d.method = ko_query_text(q);
    d.score = ko_query_real(q);
    d.photo_id = ko_query_int(q);
    ko_query_bytes(q, d.photo_sha256, KO_SHA256_SIZE);
    ko_query_bytes(q, d.view_sha256, KO_SHA256_SIZE);
    if (ko_query_intact(q))
        q->handed = fn(context, &act, d.candidate_id ? &d : NULL);
}

ko_status ko_act_each(ko_store *store, int64_t candidate_id, ko_act_fn *fn, void *context,
                      ko_error *err)
{
    static const char sql[] =
        "SELECT act.id, act.verb, act.subject, act.who, act.at, act.good_faith,"
        " ifnull(act.undoes, 0), EXISTS (SELECT 1 FROM act AS later WHERE later.undoes = act.id),"
        " ifnull(decision.candidate_id, 0), ifnull(before.state, 0), ifnull(decision.state, 0),"
        " ifnull(decision.serial, ''), ifnull(decision.url, ''), ifnull(decision.seller, ''),"
        " ifnull(decision.by_method, ''), ifnull(decision.by_score, 0), ifnull(decision.photo_id, "
        "0),"
        " decision.photo_sha256, decision.view_sha256"
        " FROM act LEFT JOIN decision ON decision.act_id = act.id"
        " LEFT JOIN decision AS before ON before.id = decision.was"
        " WHERE ?1 IN (0, decision.candidate_id) ORDER BY act.id, decision.id";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, candidate_id);
    while (ko_query_row(&q))
        hand_act(&q, fn, context);
    return ko_query_end(&q, err);
}
