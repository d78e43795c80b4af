/* What is due, for the page and for calendars. */
#include "serve/handlers.h"

#include "base/clock.h"
#include "base/limits.h"
#include "case/beside.h"
#include "case/due_json.h"
#include "report/json.h"

#include <stdio.h>

static ko_status find(ko_desk *desk, bool all, ko_kit *out_kit, ko_duties *out_duties,
                      ko_error *err)
{
    const ko_duties_request request = {
        .day = ko_today(), .at = ko_clock_now(), .all = all, .within_days = -1};
    ko_store *store = NULL;
    ko_status st = ko_beside_kit(desk->path, out_kit, err);
    if (st == KO_OK)
        st = ko_pool_take(desk->pool, &store, err);
    if (st == KO_OK)
        st = ko_duties_find(store, out_kit, &request, out_duties, err);
    ko_pool_give(desk->pool, store);
    return st;
}

/* n duties from this place on are one thing to do. */
static json_t *alike_json(const ko_duties *duties, size_t place, size_t n, const ko_kit *kit,
                          ko_day today)
{
    const ko_duty *first = &duties->duties[place];
    const ko_channel *channel = first->notice->channel;
    json_t *object = ko_duty_json(first, kit), *notices = json_array();
    size_t listings = 0;
    for (size_t i = 0; i < n; i++) {
        (void)json_array_append_new(notices, json_integer(first[i].notice->id));
        listings += first[i].n_items;
    }
    (void)json_object_set_new(object, "channel_name",
                              ko_json_string(channel ? channel->name : first->notice->channel_id));
    (void)json_object_set_new(object, "days_left",
                              first->step ? json_integer(first->when.last - today) : json_null());
    (void)json_object_set_new(object, "notices", notices);
    (void)json_object_set_new(object, "all_listings", json_integer((json_int_t)listings));
    return object;
}

static json_t *duties_json(const ko_duties *duties, const ko_kit *kit)
{
    const ko_day today = ko_today();
    json_t *due = json_array();
    for (size_t i = 0, n; i < duties->n; i += n) {
        n = ko_duties_alike(duties, i);
        (void)json_array_append_new(due, alike_json(duties, i, n, kit, today));
    }
    return json_pack("{s:o, s:o, s:I}", "today", ko_json_day(today), "due", due, "others",
                     (json_int_t)duties->n_others);
}

ko_status ko_serve_due(ko_desk *desk, const ko_serve_request *request, ko_serve_answer *answer,
                       ko_error *err)
{
    ko_kit kit = {0};
    ko_duties duties = {0};
    ko_status st = find(desk, ko_target_query(request->target, "all") != NULL, &kit, &duties, err);
    if (st == KO_OK)
        st = ko_serve_answer_json(answer, duties_json(&duties, &kit), err);
    ko_duties_free(&duties);
    ko_kit_close(&kit);
    return st;
}

ko_status ko_serve_due_calendar(ko_desk *desk, const ko_serve_request *request,
                                ko_serve_answer *answer, ko_error *err)
{
    (void)request;
    ko_kit kit = {0};
    ko_duties duties = {0};
    ko_status st = find(desk, false, &kit, &duties, err);
    if (st == KO_OK) {
        answer->type = "text/calendar; charset=utf-8";
        (void)snprintf(answer->save_as, sizeof answer->save_as, "knockoff.ics");
        answer->body = KO_BUF(KO_MAX_CALENDAR_BYTES);
        st = ko_duties_calendar(&duties, ko_clock_now(), &answer->body, err);
    }
    ko_duties_free(&duties);
    ko_kit_close(&kit);
    return st;
}
