#include "cli/seller_words.h"

#include "cli/cli.h"

#include <string.h>

static void print_name(const char *before, const ko_name *name)
{
    const bool plain = name->kind == KO_ALIAS_NAME;
    ko_print("%s%s%s%s", before, plain ? "" : ko_alias_kind_name(name->kind), plain ? "" : " ",
             name->text);
}

void ko_seller_print_names(const ko_ledger_seller *seller)
{
    print_name("", &seller->names[0]);
    if (strcmp(seller->names[0].text, seller->place) != 0)
        ko_print(" on %s", seller->place);
    for (size_t i = 1; i < seller->n_names; i++)
        print_name(i == 1 ? ", also " : ", ", &seller->names[i]);
    ko_print("\n");
}

/* Its points with what each part of them is for. */
static void print_risk(const ko_risk *r)
{
    char last[KO_DAY_TEXT_SIZE];
    ko_print("  risk %d of 100", r->points);
    if (r->confirmed) {
        ko_day_text(r->last, last);
        ko_print(": %d for %zu confirmed in %d days, the last first seen on %s", r->of_finds,
                 r->confirmed, KO_RISK_DAYS, last);
    }
    if (r->of_reach)
        ko_print("; %d for %zu works", r->of_reach, r->works);
    if (r->of_returns)
        ko_print("%s %d for coming back %s", r->confirmed ? ";" : ":", r->of_returns,
                 r->returned == 1 ? "once" : "again and again");
    ko_print("\n");
}

void ko_seller_print_counts(const ko_ledger_seller *s)
{
    ko_print("  %zu listing%s", s->listings, ko_plural(s->listings));
    if (s->suspects)
        ko_print(", %zu with candidates", s->suspects);
    if (s->accepted)
        ko_print("; %zu accepted", s->accepted);
    if (s->works)
        ko_print("; %zu work%s copied", s->works, ko_plural(s->works));
    if (s->filed)
        ko_print("; %zu filed in %zu notice%s: %zu removed, %zu countered, %zu open", s->filed,
                 s->notices, ko_plural(s->notices), s->removed, s->countered, s->open);
    if (s->reappeared)
        ko_print("; %zu reappeared", s->reappeared);
    ko_print("\n");
    if (s->risk.points)
        print_risk(&s->risk);
    if (!s->penalty || !s->points.any_ends)
        return;
    char ends[KO_DAY_TEXT_SIZE];
    ko_day_text(s->points.ends_on, ends);
    ko_print("  estimate: %d of %d points", s->points.points, s->penalty->closes_at);
    if (s->points.closes)
        ko_print(", enough to close the account");
    else
        ko_print(", %d more day%s with a removal until the account is closed", s->points.days_to_go,
                 ko_plural((size_t)s->points.days_to_go));
    ko_print("; the earliest end on %s\n", ends);
}

void ko_seller_print_rule(const ko_penalty *rule, const ko_rules *rules)
{
    const ko_rule_source *source = ko_rules_source(rules, rule->source);
    char checked[KO_DAY_TEXT_SIZE];
    ko_print("points on %s: %d for a removal, at most %d a day, for %d days. %s\n", rule->platform,
             rule->points_each, rule->points_a_day, rule->life_days, rule->note ? rule->note : "");
    if (!source)
        return;
    ko_day_text(source->checked_on, checked);
    ko_print("  by %s (checked on %s)\n", source->text, checked);
}
