#include "store/rule.h"

#include "base/clock.h"
#include "store/query.h"

#include <assert.h>
#include <stdio.h>

/* What a rule states, from the first parameter on. */
static void bind_conditions(ko_query *q, const ko_rule *rule)
{
    ko_query_bind_int(q, rule->work_id);
    ko_query_bind_real(q, rule->score_below);
    ko_query_bind_text(q, rule->country);
    ko_query_bind_text(q, rule->seller.platform);
    ko_query_bind_text(q, rule->seller.host);
    ko_query_bind_text(q, rule->seller.seller_id);
    ko_query_bind_text(q, rule->seller.seller);
    ko_query_bind_text(q, rule->currency);
    ko_query_bind_int(q, rule->price_below);
    ko_query_bind_int(q, rule->price_above);
}

static ko_status find_same(ko_store *store, const ko_rule *rule, int64_t *out_id, ko_error *err)
{
    static const char sql[] =
        "SELECT id FROM rule WHERE removed_at IS NULL AND work_id = ? AND score_below = ?"
        " AND country = ? AND platform = ? AND host = ? AND seller_id = ? AND seller = ?"
        " AND currency = ? AND price_below = ? AND price_above = ?";
    ko_query q = ko_query_start(store, sql);
    bind_conditions(&q, rule);
    return ko_query_first(&q, out_id, err);
}

static ko_status insert(ko_store *store, const ko_rule *rule, int64_t *out_id, ko_error *err)
{
    static const char sql[] =
        "INSERT INTO rule (work_id, score_below, country, platform, host, seller_id, seller,"
        " currency, price_below, price_above, who, added_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    ko_query q = ko_query_start(store, sql);
    bind_conditions(&q, rule);
    ko_query_bind_text(&q, rule->who);
    ko_query_bind_int(&q, ko_clock_now());
    const ko_status st = ko_query_run(&q, err);
    if (st == KO_OK)
        *out_id = sqlite3_last_insert_rowid(store->db);
    return st;
}

ko_status ko_rule_add(ko_store *store, const ko_rule *rule, int64_t *out_id, bool *out_new,
                      ko_error *err)
{
    bool own;
    ko_status st = ko_store_enter(store, &own, err);
    if (st != KO_OK)
        return st;
    int64_t id = 0;
    st = find_same(store, rule, &id, err);
    *out_new = st == KO_OK && id == 0;
    if (*out_new)
        st = insert(store, rule, &id, err);
    *out_id = id;
    return ko_store_leave(store, own, st, err);
}

ko_status ko_rule_remove(ko_store *store, int64_t id, ko_error *err)
{
    static const char sql[] = "UPDATE rule SET removed_at = ? WHERE id = ? AND removed_at IS NULL";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, ko_clock_now());
    ko_query_bind_int(&q, id);
    const ko_status st = ko_query_run(&q, err);
    if (st == KO_OK && sqlite3_changes(store->db) == 0)
        return ko_fail(err, KO_E_NOT_FOUND, "no rule %lld", (long long)id);
    return st;
}

static void read_rule(ko_query *q, ko_rule *out)
{
    *out = (ko_rule){.id = ko_query_int(q)};
    out->work_id = ko_query_int(q);
    out->score_below = ko_query_real(q);
    out->country = ko_query_text(q);
    out->seller.platform = ko_query_text(q);
    (void)snprintf(out->seller.host, sizeof out->seller.host, "%s", ko_query_text(q));
    out->seller.seller_id = ko_query_text(q);
    out->seller.seller = ko_query_text(q);
    out->seller.who = "";
    out->currency = ko_query_text(q);
    out->price_below = ko_query_int(q);
    out->price_above = ko_query_int(q);
    out->who = ko_query_text(q);
    out->added_at = ko_query_int(q);
    out->removed_at = ko_query_int(q);
}

ko_status ko_rule_each(ko_store *store, int64_t id, ko_rule_fn *fn, void *context, ko_error *err)
{
    static const char sql[] =
        "SELECT id, work_id, score_below, country, platform, host, seller_id, seller, currency,"
        " price_below, price_above, who, added_at, ifnull(removed_at, 0)"
        " FROM rule WHERE id = ?1 OR (?1 = 0 AND removed_at IS NULL) ORDER BY id";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, id);
    while (ko_query_row(&q)) {
        ko_rule rule;
        read_rule(&q, &rule);
        if (ko_query_intact(&q))
            q.handed = fn(context, &rule);
    }
    return ko_query_end(&q, err);
}
