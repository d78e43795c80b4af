#include "case/due_json.h"

#include "report/json.h"

/* Where a rule is from; null without one. */
static json_t *json_source(const ko_step *step, const ko_kit *kit)
{
    const ko_rule_source *source = step ? ko_rules_source(kit->rules, step->source) : NULL;
    if (!source)
        return json_null();
    return json_pack("{s:o, s:o}", "text", ko_json_string(source->text), "checked_on",
                     ko_json_day(source->checked_on));
}

json_t *ko_duty_json(const ko_duty *duty, const ko_kit *kit)
{
    static const char *const who[] = {
        [KO_WHO_PLATFORM] = "platform", [KO_WHO_SELLER] = "seller", [KO_WHO_HOLDER] = "you"};
    const ko_duty_notice *notice = duty->notice;
    const bool dated = duty->step != NULL;
    return json_pack(
        "{s:o, s:o, s:o, s:b, s:o, s:s, s:o, s:I, s:o, s:o, s:o, s:s, s:o, s:I, s:I, s:o, s:o}",
        "due", dated ? ko_json_day(duty->when.last) : json_null(), "not_before",
        dated ? ko_json_day(duty->when.first) : json_null(), "sure",
        dated ? json_boolean(duty->when.sure) : json_null(), "overdue", duty->overdue, "step",
        dated ? ko_json_string(duty->step->id) : json_null(), "who", who[duty->who], "words",
        ko_json_string(ko_duty_words(duty)), "notice", (json_int_t)notice->id, "channel",
        ko_json_string(notice->channel_id), "work", ko_json_string(notice->serial), "ref",
        ko_json_string(notice->ref), "state", ko_notice_state_name(duty->state), "since",
        ko_json_day(duty->since), "listings", (json_int_t)duty->n_items, "of",
        (json_int_t)notice->n_items, "url", ko_json_string(ko_duty_url(duty)), "source",
        json_source(duty->step, kit));
}

json_t *ko_duties_json(const ko_duties *duties, const ko_kit *kit)
{
    json_t *array = json_array();
    for (size_t i = 0; i < duties->n; i++)
        (void)json_array_append_new(array, ko_duty_json(&duties->duties[i], kit));
    return array;
}
