#include "store/job.h"

#include "store/query.h"

#include <assert.h>

ko_status ko_job_put(ko_store *store, const ko_job_plan *plan, ko_error *err)
{
    static const char sql[] =
        "INSERT INTO job (name, every_s, next_at, failures) VALUES (?, ?, ?, ?) ON CONFLICT (name)"
        " DO UPDATE SET every_s = excluded.every_s, next_at = excluded.next_at,"
        " failures = excluded.failures";
    assert(plan->name[0] && plan->every_s > 0 && plan->failures >= 0);
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_text(&q, plan->name);
    ko_query_bind_int(&q, plan->every_s);
    ko_query_bind_int(&q, plan->next_at);
    ko_query_bind_int(&q, plan->failures);
    return ko_query_run(&q, err);
}

ko_status ko_job_get(ko_store *store, ko_job_plan *out_plan, ko_error *err)
{
    ko_query q = ko_query_start(store, "SELECT every_s, next_at, failures FROM job WHERE name = ?");
    bool found = false;
    ko_query_bind_text(&q, out_plan->name);
    if (ko_query_row(&q)) {
        out_plan->every_s = ko_query_int(&q);
        out_plan->next_at = ko_query_int(&q);
        out_plan->failures = ko_query_int(&q);
        found = true;
    }
    const ko_status st = ko_query_end(&q, err);
    return st == KO_OK && !found ? KO_E_NOT_FOUND : st;
}

ko_status ko_job_each(ko_store *store, ko_job_history_fn *fn, void *context, ko_error *err)
{
    static const char sql[] =
        "SELECT job.name, job.every_s, job.next_at, job.failures, ifnull(last.id, 0),"
        " ifnull(last.began_at, 0), ifnull(last.ended_at, 0), ifnull(last.failed, 0),"
        " ifnull(last.result, ''), job.succeeded_at, job.succeeded_s, job.runs, job.failed"
        " FROM job LEFT JOIN run AS last ON last.id ="
        "  (SELECT max(id) FROM run WHERE run.job = job.name) ORDER BY job.name";
    ko_query q = ko_query_start(store, sql);
    while (ko_query_row(&q)) {
        ko_job_history h = {.plan.name = ko_query_text(&q)};
        h.plan.every_s = ko_query_int(&q);
        h.plan.next_at = ko_query_int(&q);
        h.plan.failures = ko_query_int(&q);
        h.last.id = ko_query_int(&q);
        h.last.began_at = ko_query_int(&q);
        h.last.ended_at = ko_query_int(&q);
        h.last.failed = ko_query_int_within(&q, 0, 1) == 1;
        h.last.result = ko_query_text(&q);
        h.succeeded_at = ko_query_int(&q);
        h.succeeded_s = ko_query_int(&q);
        h.runs = ko_query_int(&q);
        h.failed = ko_query_int(&q);
        if (ko_query_intact(&q))
            q.handed = fn(context, &h);
    }
    return ko_query_end(&q, err);
}

ko_status ko_run_begin(ko_store *store, const char *job, int64_t at, int64_t *out_id, ko_error *err)
{
    bool own;
    ko_status st = ko_store_enter(store, &own, err);
    if (st != KO_OK)
        return st;
    ko_query q = ko_query_start(store, "INSERT INTO run (job, began_at) VALUES (?, ?)");
    ko_query_bind_text(&q, job);
    ko_query_bind_int(&q, at);
    st = ko_query_run(&q, err);
    const int64_t id = sqlite3_last_insert_rowid(store->db);
    if (st == KO_OK) {
        q = ko_query_start(store, "UPDATE job SET runs = runs + 1 WHERE name = ?");
        ko_query_bind_text(&q, job);
        st = ko_query_run(&q, err);
    }
    st = ko_store_leave(store, own, st, err);
    if (st == KO_OK)
        *out_id = id;
    return st;
}

static ko_status count_end(ko_store *store, const ko_run *run, ko_error *err)
{
    static const char failed[] = "UPDATE job SET failed = failed + 1"
                                 " WHERE name = (SELECT job FROM run WHERE id = ?)";
    static const char succeeded[] =
        "UPDATE job SET succeeded_at = ended_at, succeeded_s = max(0, ended_at - began_at)"
        " FROM run WHERE run.id = ? AND job.name = run.job";
    ko_query q = run->failed ? ko_query_start(store, failed) : ko_query_start(store, succeeded);
    ko_query_bind_int(&q, run->id);
    return ko_query_run(&q, err);
}

ko_status ko_run_end(ko_store *store, const ko_run *run, ko_error *err)
{
    bool own;
    ko_status st = ko_store_enter(store, &own, err);
    if (st != KO_OK)
        return st;
    ko_query q =
        ko_query_start(store, "UPDATE run SET ended_at = ?, failed = ?, result = ? WHERE id = ?");
    ko_query_bind_int(&q, run->ended_at);
    ko_query_bind_int(&q, run->failed);
    ko_query_bind_text(&q, run->result);
    ko_query_bind_int(&q, run->id);
    st = ko_query_run(&q, err);
    if (st == KO_OK && sqlite3_changes(store->db) == 0)
        st = ko_fail(err, KO_E_NOT_FOUND, "no run %lld", (long long)run->id);
    if (st == KO_OK)
        st = count_end(store, run, err);
    return ko_store_leave(store, own, st, err);
}

static ko_status count_failed(ko_store *store, const char *job, size_t n, ko_error *err)
{
    ko_query q = ko_query_start(store, "UPDATE job SET failed = failed + ? WHERE name = ?");
    ko_query_bind_int(&q, (int64_t)n);
    ko_query_bind_text(&q, job);
    return ko_query_run(&q, err);
}

ko_status ko_runs_cut_off(ko_store *store, const char *job, int64_t at, const char *result,
                          size_t *out_n, ko_error *err)
{
    static const char sql[] = "UPDATE run SET ended_at = max(?, began_at), failed = 1, result = ?"
                              " WHERE job = ? AND ended_at IS NULL";
    bool own;
    ko_status st = ko_store_enter(store, &own, err);
    if (st != KO_OK)
        return st;
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, at);
    ko_query_bind_text(&q, result);
    ko_query_bind_text(&q, job);
    st = ko_query_run(&q, err);
    const size_t n = (size_t)sqlite3_changes(store->db);
    if (st == KO_OK && n > 0)
        st = count_failed(store, job, n, err);
    st = ko_store_leave(store, own, st, err);
    if (st == KO_OK)
        *out_n = n;
    return st;
}
