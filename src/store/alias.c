#include "store/alias.h"

#include "base/clock.h"
#include "store/query.h"

#include <assert.h>
#include <string.h>

static const char *const names[KO_ALIAS_KINDS] = {"name", "store", "code", "licence"};

const char *ko_alias_kind_name(ko_alias_kind kind)
{
    assert(kind < KO_ALIAS_KINDS);
    return names[kind];
}

ko_status ko_alias_kind_find(const char *name, ko_alias_kind *out_kind, ko_error *err)
{
    for (unsigned i = 0; i < KO_ALIAS_KINDS; i++)
        if (strcmp(names[i], name) == 0) {
            *out_kind = (ko_alias_kind)i;
            return KO_OK;
        }
    return ko_fail(err, KO_E_USAGE, "'%.60s' is no kind of name: %s, %s, %s or %s", name, names[0],
                   names[1], names[2], names[3]);
}

/* Two names join in whatever order they are given; they are kept in this one. */
static int compare(const ko_alias *alias)
{
    if (alias->kind[0] != alias->kind[1])
        return alias->kind[0] < alias->kind[1] ? -1 : 1;
    return strcmp(alias->text[0], alias->text[1]);
}

ko_status ko_alias_add(ko_store *store, const ko_alias *alias, int64_t *out_id, ko_error *err)
{
    static const char sql[] =
        "INSERT INTO alias (platform, kind_1, text_1, kind_2, text_2, who, at)"
        " SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7 WHERE NOT EXISTS (SELECT 1 FROM alias"
        "  WHERE platform = ?1 AND kind_1 = ?2 AND text_1 = ?3 AND kind_2 = ?4 AND text_2 = ?5)";
    const int order = compare(alias);
    const int first = order > 0;
    if (!alias->text[0][0] || !alias->text[1][0])
        return ko_fail(err, KO_E_USAGE, "a name of a seller may not be empty");
    if (order == 0)
        return ko_fail(err, KO_E_USAGE, "%s '%.200s' is one name, and there are two to be joined",
                       names[alias->kind[0]], alias->text[0]);
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_text(&q, alias->platform);
    ko_query_bind_int(&q, alias->kind[first]);
    ko_query_bind_text(&q, alias->text[first]);
    ko_query_bind_int(&q, alias->kind[!first]);
    ko_query_bind_text(&q, alias->text[!first]);
    ko_query_bind_text(&q, alias->who);
    ko_query_bind_int(&q, ko_clock_now());
    const ko_status st = ko_query_run(&q, err);
    if (st == KO_OK)
        *out_id = sqlite3_changes(store->db) ? sqlite3_last_insert_rowid(store->db) : 0;
    return st;
}

ko_status ko_alias_remove(ko_store *store, int64_t id, ko_error *err)
{
    ko_query q = ko_query_start(store, "DELETE FROM alias WHERE id = ?");
    ko_query_bind_int(&q, id);
    const ko_status st = ko_query_run(&q, err);
    if (st == KO_OK && sqlite3_changes(store->db) == 0)
        return ko_fail(err, KO_E_NOT_FOUND, "no alias %lld", (long long)id);
    return st;
}

ko_status ko_alias_each(ko_store *store, ko_alias_fn *fn, void *context, ko_error *err)
{
    static const char sql[] = "SELECT id, platform, kind_1, text_1, kind_2, text_2, who, at"
                              " FROM alias ORDER BY id";
    ko_query q = ko_query_start(store, sql);
    while (ko_query_row(&q)) {
        ko_alias alias = {.id = ko_query_int(&q)};
        alias.platform = ko_query_text(&q);
        for (size_t i = 0; i < 2; i++) {
            alias.kind[i] = (ko_alias_kind)ko_query_int_within(&q, 0, KO_ALIAS_KINDS - 1);
            alias.text[i] = ko_query_text(&q);
        }
        alias.who = ko_query_text(&q);
        alias.at = ko_query_int(&q);
        if (ko_query_intact(&q))
            q.handed = fn(context, &alias);
    }
    return ko_query_end(&q, err);
}
