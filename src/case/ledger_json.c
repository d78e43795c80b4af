#include "case/ledger_json.h"

#include "base/clock.h"
#include "report/json.h"

static json_t *points_json(const ko_ledger_seller *s, const ko_rules *rules)
{
    if (!s->penalty)
        return json_null();
    const ko_points *p = &s->points;
    const ko_rule_source *source = ko_rules_source(rules, s->penalty->source);
    return json_pack("{s:b, s:i, s:i, s:i, s:i, s:b, s:o, s:o, s:o}", "estimate", 1, "points",
                     p->points, "closes_at", s->penalty->closes_at, "days", p->days, "days_to_go",
                     p->days_to_go, "closes", p->closes, "ends_on",
                     p->any_ends ? ko_json_day(p->ends_on) : json_null(), "source",
                     source ? ko_json_string(source->text) : json_null(), "checked_on",
                     source ? ko_json_day(source->checked_on) : json_null());
}

static json_t *names_json(const ko_ledger_seller *s)
{
    json_t *names = json_array();
    for (size_t i = 0; i < s->n_names; i++)
        (void)json_array_append_new(names, json_pack("{s:s, s:o}", "kind",
                                                     ko_alias_kind_name(s->names[i].kind), "text",
                                                     ko_json_string(s->names[i].text)));
    return names;
}

static json_t *risk_json(const ko_risk *r)
{
    return json_pack("{s:i, s:i, s:i, s:i, s:i, s:I, s:o, s:I, s:I}", "points", r->points, "finds",
                     r->of_finds, "reach", r->of_reach, "returns", r->of_returns, "days",
                     KO_RISK_DAYS, "confirmed", (json_int_t)r->confirmed, "last",
                     r->confirmed ? ko_json_day(r->last) : json_null(), "works",
                     (json_int_t)r->works, "returned", (json_int_t)r->returned);
}

json_t *ko_seller_json(const ko_ledger_seller *s, const ko_rules *rules)
{
    char seen[KO_TIME_SIZE];
    ko_clock_text(s->last_seen, seen);
    return json_pack(
        "{s:o, s:o, s:I, s:o, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:o, s:o}", "on",
        ko_json_string(s->place), "names", names_json(s), "listings", (json_int_t)s->listings,
        "last_seen", s->last_seen ? json_string(seen) : json_null(), "with_candidates",
        (json_int_t)s->suspects, "accepted", (json_int_t)s->accepted, "works", (json_int_t)s->works,
        "notices", (json_int_t)s->notices, "filed", (json_int_t)s->filed, "removed",
        (json_int_t)s->removed, "countered", (json_int_t)s->countered, "open", (json_int_t)s->open,
        "reappeared", (json_int_t)s->reappeared, "points", points_json(s, rules), "risk",
        risk_json(&s->risk));
}
