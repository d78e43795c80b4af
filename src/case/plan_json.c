#include "case/plan_json.h"

#include "report/json.h"

json_t *ko_planned_json(const ko_plan_notice *planned)
{
    const ko_notice *notice = &planned->notice;
    return json_pack("{s:s, s:o, s:o, s:o, s:i, s:i, s:I}", "planned", notice->channel, "work",
                     ko_json_string(notice->serial), "title", ko_json_string(notice->work_title),
                     "host", ko_json_string(notice->host), "part", notice->part, "parts",
                     notice->parts, "listings", (json_int_t)notice->n_items);
}

json_t *ko_built_json(const ko_notice *notice)
{
    return json_pack("{s:I, s:o, s:o, s:o, s:o, s:i, s:i, s:I, s:o}", "notice",
                     (json_int_t)notice->id, "channel", ko_json_string(notice->channel), "work",
                     ko_json_string(notice->serial), "title", ko_json_string(notice->work_title),
                     "host", ko_json_string(notice->host), "part", notice->part, "parts",
                     notice->parts, "listings", (json_int_t)notice->n_in[KO_NOTICE_BUILT], "folder",
                     ko_json_string(notice->folder));
}

json_t *ko_plan_left_json(const ko_plan_left *left)
{
    return json_pack("{s:I, s:o, s:o, s:o, s:s, s:o}", "left_out", (json_int_t)left->candidate_id,
                     "work", ko_json_string(left->serial), "url", ko_json_string(left->url),
                     "seller", ko_json_string(left->seller), "why", ko_plan_why_name(left->why),
                     "words", ko_json_string(left->words));
}
