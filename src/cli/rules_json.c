#include "cli/rules_json.h"

#include "report/json.h"

#include <stdio.h>

static json_t *day_json(ko_day day)
{
    char text[KO_DAY_TEXT_SIZE];
    ko_day_text(day, text);
    return json_string(text);
}

/* The source of a rule: {"id": ..., "checked_on": ...}. */
static json_t *source_json(const ko_kit *kit, const char *id)
{
    const ko_rule_source *source = ko_rules_source(kit->rules, id);
    return json_pack("{s:o, s:o}", "id", ko_json_string(id), "checked_on",
                     day_json(source->checked_on));
}

static const char *origin_name(ko_rule_origin origin)
{
    static const char *const names[] = {[KO_RULE_OF_PROGRAM] = "program",
                                        [KO_RULE_REPLACED] = "replaced",
                                        [KO_RULE_ADDED] = "added"};
    return names[origin];
}

/* --- a channel --- */

static json_t *texts_json(const char *const *texts, size_t n)
{
    json_t *array = json_array();
    for (size_t i = 0; i < n; i++)
        (void)json_array_append_new(array, ko_json_string(texts[i]));
    return array;
}

static json_t *list_json(const ko_kit *kit, const ko_channel_list *list)
{
    static const char *const of[] = {[KO_LIST_URLS] = "urls", [KO_LIST_ITEMS] = "items"};
    static const char *const join[] = {[KO_LIST_LINES] = "lines", [KO_LIST_COMMAS] = "commas"};
    static const char *const per[] = {[KO_LIST_PER_WORK] = "work",
                                      [KO_LIST_PER_WORK_AND_HOST] = "work-and-host",
                                      [KO_LIST_PER_WORK_AND_SELLER] = "work-and-seller"};
    return json_pack("{s:o, s:s, s:s, s:s, s:o}", "most",
                     list->most ? json_integer(list->most) : json_null(), "of", of[list->of],
                     "join", join[list->join], "per", per[list->per], "source",
                     source_json(kit, list->source));
}

static json_t *step_json(const ko_kit *kit, const ko_step *step)
{
    static const char *const from[] = {[KO_FROM_PAPERS] = "papers",
                                       [KO_FROM_FILED] = "filed",
                                       [KO_FROM_COUNTERED] = "countered",
                                       [KO_FROM_REFUSED] = "refused",
                                       [KO_FROM_TOLD] = "told"};
    static const char *const who[] = {
        [KO_WHO_PLATFORM] = "platform", [KO_WHO_SELLER] = "seller", [KO_WHO_HOLDER] = "you"};
    return json_pack("{s:o, s:o, s:s, s:s, s:i, s:i, s:s, s:o, s:o}", "step",
                     ko_json_string(step->id), "words", ko_json_string(step->text), "from",
                     from[step->from], "who", who[step->who], "least", step->least, "most",
                     step->most, "days", step->days == KO_DAYS_WORKING ? "working" : "calendar",
                     "country", ko_json_string(step->country), "source",
                     source_json(kit, step->source));
}

static json_t *reason_json(const ko_kit *kit, const ko_reason *reason)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:o}", "reason", ko_json_string(reason->id), "code",
                     reason->code ? ko_json_string(reason->code) : json_null(), "name",
                     ko_json_string(reason->name), "text", ko_json_string(reason->text), "source",
                     source_json(kit, reason->source));
}

static json_t *steps_json(const ko_kit *kit, const ko_channel *channel)
{
    json_t *array = json_array();
    for (size_t i = 0; i < channel->n_steps; i++)
        (void)json_array_append_new(array, step_json(kit, &channel->steps[i]));
    return array;
}

static json_t *reasons_json(const ko_kit *kit, const ko_channel *channel)
{
    json_t *array = json_array();
    for (size_t i = 0; i < channel->n_reasons; i++)
        (void)json_array_append_new(array, reason_json(kit, &channel->reasons[i]));
    return array;
}

static json_t *notes_json(const ko_kit *kit, const ko_channel *channel)
{
    json_t *array = json_array();
    for (size_t i = 0; i < channel->n_notes; i++)
        (void)json_array_append_new(
            array, json_pack("{s:o, s:o}", "text", ko_json_string(channel->notes[i].text), "source",
                             source_json(kit, channel->notes[i].source)));
    return array;
}

static json_t *standing_json(const ko_kit *kit, const ko_standing_rule *rule)
{
    if (!rule->source)
        return json_null();
    return json_pack(
        "{s:i, s:i, s:i, s:i, s:b, s:o}", "success_least_percent", rule->success_least_percent,
        "counter_most_percent", rule->counter_most_percent, "months", rule->months, "out_months",
        rule->out_months, "per_reason", rule->per_reason, "source", source_json(kit, rule->source));
}

json_t *ko_channel_json(const ko_kit *kit, const ko_channel *c)
{
    return json_pack(
        "{s:o, s:o, s:s, s:b, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:o, s:o, s:b, s:o, s:o, "
        "s:o, s:o}",
        "channel", ko_json_string(c->id), "name", ko_json_string(c->name), "origin",
        origin_name(ko_rules_channel_origin(kit->rules, c->id)), "usual", c->usual, "filed_at",
        ko_json_string(c->filed_at), "filed_at_source", source_json(kit, c->filed_at_source),
        "platforms", texts_json(c->platforms, c->n_platforms), "platforms_source",
        source_json(kit, c->platforms_source), "list", list_json(kit, &c->list), "facts",
        texts_json(c->facts, c->n_facts), "papers", texts_json(c->papers, c->n_papers), "proof",
        c->proof, "needs_source", source_json(kit, c->needs_source), "letter",
        ko_json_string(c->letter), "own_letter", ko_kit_has_own(kit, c->letter), "reasons",
        reasons_json(kit, c), "steps", steps_json(kit, c), "notes", notes_json(kit, c), "standing",
        standing_json(kit, &c->standing));
}

json_t *ko_penalty_json(const ko_kit *kit, const ko_penalty *p)
{
    return json_pack("{s:o, s:s, s:i, s:i, s:i, s:i, s:i, s:i, s:o, s:o}", "penalty_on",
                     ko_json_string(p->platform), "origin",
                     origin_name(ko_rules_penalty_origin(kit->rules, p->platform)), "points_each",
                     p->points_each, "points_a_day", p->points_a_day, "life_days", p->life_days,
                     "closes_at", p->closes_at, "serious_window_days", p->serious_window_days,
                     "serious_close_at", p->serious_close_at, "note", ko_json_string(p->note),
                     "source", source_json(kit, p->source));
}

/* --- sources --- */

json_t *ko_rule_source_json(const ko_kit *kit, const ko_rule_source *source, ko_day today)
{
    const int age = today - source->checked_on;
    return json_pack("{s:o, s:o, s:o, s:i, s:b, s:s}", "source", ko_json_string(source->id), "text",
                     ko_json_string(source->text), "checked_on", day_json(source->checked_on),
                     "age_days", age, "old", age > KO_RULE_OLD_DAYS, "origin",
                     origin_name(ko_rules_source_origin(kit->rules, source->id)));
}

json_t *ko_holiday_year_json(const ko_holiday_year *year, ko_day today)
{
    const int age = today - year->checked_on;
    return json_pack("{s:o, s:i, s:b, s:o, s:o, s:i, s:b, s:s}", "days_off",
                     ko_json_string(year->country), "year", year->year, "announced",
                     year->announced, "text", ko_json_string(year->source), "checked_on",
                     day_json(year->checked_on), "age_days", age, "old", age > KO_RULE_OLD_DAYS,
                     "origin", year->own ? "own" : "program");
}
