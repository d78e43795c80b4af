#include "case/overview.h"

#include "report/json.h"

/* --- counts --- */

static json_t *weeks_json(const ko_overview *o)
{
    json_t *weeks = json_array();
    for (size_t i = 0; i < o->n_weeks; i++) {
        const ko_overview_week *w = &o->weeks[i];
        char name[KO_WEEK_TEXT_SIZE];
        ko_week_text(w->from, name);
        (void)json_array_append_new(
            weeks, json_pack("{s:s, s:o, s:I, s:I, s:I}", "week", name, "from",
                             ko_json_day(w->from), "found", (json_int_t)w->found, "filed",
                             (json_int_t)w->filed, "removed", (json_int_t)w->removed));
    }
    return weeks;
}

static json_t *counts_json(const ko_overview_counts *c)
{
    return json_pack("{s:I, s:I, s:I, s:I, s:o, s:I}", "found", (json_int_t)c->found, "filed",
                     (json_int_t)c->filed, "open", (json_int_t)c->open, "removed",
                     (json_int_t)c->removed, "median_days",
                     c->n_days ? json_real(c->median_days) : json_null(), "median_of",
                     (json_int_t)c->n_days);
}

static json_t *platforms_json(const ko_overview *o)
{
    json_t *platforms = json_array();
    for (size_t i = 0; i < o->n_platforms; i++) {
        const ko_overview_platform *p = &o->platforms[i];
        json_t *object =
            json_pack("{s:o}", "platform", p->name[0] ? ko_json_string(p->name) : json_null());
        json_t *counts = counts_json(&p->counts);
        if (object && counts)
            (void)json_object_update(object, counts);
        json_decref(counts);
        (void)json_array_append_new(platforms, object);
    }
    return platforms;
}

static json_t *sellers_json(const ko_overview *o)
{
    json_t *sellers = json_array();
    for (size_t i = 0; i < o->n_named; i++) {
        const ko_ledger_seller *s = o->sellers[i].seller;
        (void)json_array_append_new(
            sellers,
            json_pack("{s:o, s:o, s:I, s:I, s:I}", "on", ko_json_string(s->place), "seller",
                      ko_json_string(s->names[0].text), "found", (json_int_t)o->sellers[i].found,
                      "removed", (json_int_t)s->removed, "reappeared", (json_int_t)s->reappeared));
    }
    return sellers;
}

/* --- money --- */

static json_t *sums_json(const ko_estimate *e)
{
    json_t *sums = json_array();
    for (size_t i = 0; i < e->n_sums; i++) {
        const ko_estimate_sum *s = &e->sums[i];
        (void)json_array_append_new(
            sums, json_pack("{s:o, s:f, s:I, s:I}", "currency", ko_json_string(s->currency),
                            "amount", s->amount, "by_price_and_sold", (json_int_t)s->by_sold,
                            "by_statement", (json_int_t)s->by_each));
    }
    return sums;
}

static json_t *rates_json(const ko_estimate_wish *wish)
{
    if (!wish->into[0])
        return json_null();
    json_t *worth = json_object();
    for (size_t i = 0; i < wish->n_rates; i++)
        (void)json_object_set_new(worth, wish->rates[i].currency, json_real(wish->rates[i].rate));
    return json_pack("{s:s, s:o}", "into", wish->into, "worth", worth);
}

static json_t *together_json(const ko_estimate *e)
{
    if (!e->wish.into[0])
        return json_null();
    json_t *left_out = json_array();
    for (size_t i = 0; i < e->n_sums; i++)
        if (ko_estimate_rate_of(&e->wish, e->sums[i].currency) == 0)
            (void)json_array_append_new(left_out, ko_json_string(e->sums[i].currency));
    return json_pack("{s:s, s:f, s:o}", "currency", e->wish.into, "amount", e->total, "left_out",
                     left_out);
}

static json_t *money_json(const ko_estimate *e)
{
    json_t *each = e->wish.each_currency[0] ? json_pack("{s:f, s:s}", "amount", e->wish.each,
                                                        "currency", e->wish.each_currency)
                                            : json_null();
    return json_pack("{s:b, s:I, s:I, s:o, s:o, s:o, s:o}", "estimate", 1, "listings",
                     (json_int_t)e->listings, "not_counted", (json_int_t)e->not_counted, "sums",
                     sums_json(e), "per_listing", each, "rates", rates_json(&e->wish), "together",
                     together_json(e));
}

json_t *ko_overview_json(const ko_overview *o)
{
    return json_pack("{s:o, s:o, s:I, s:I, s:I, s:o, s:o, s:o}", "weeks", weeks_json(o), "total",
                     counts_json(&o->all), "reappeared", (json_int_t)o->reappeared, "sellers",
                     (json_int_t)o->n_sellers, "repeat_sellers", (json_int_t)o->n_repeat, "repeat",
                     sellers_json(o), "platforms", platforms_json(o), "money",
                     money_json(&o->estimate));
}
