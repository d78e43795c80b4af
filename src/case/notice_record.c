#include "case/notice_record.h"

#include "base/clock.h"
#include "report/json.h"
#include "report/look.h"

static json_t *states_json(const ko_notice *notice)
{
    json_t *object = json_object();
    for (int i = 0; i < KO_NOTICE_STATES; i++)
        if (notice->n_in[i])
            (void)json_object_set_new(object, ko_notice_state_name((ko_notice_state)i),
                                      json_integer((json_int_t)notice->n_in[i]));
    return object;
}

json_t *ko_notice_record(const ko_notice *notice)
{
    char built[KO_TIME_SIZE];
    ko_clock_text(notice->built_at, built);
    return json_pack(
        "{s:I, s:s, s:o, s:I, s:o, s:o, s:o, s:o, s:o, s:i, s:i, s:o, s:o, s:s, s:b, s:o, s:o, "
        "s:o}",
        "notice", (json_int_t)notice->id, "state", ko_notice_state_name(ko_notice_state_of(notice)),
        "states", states_json(notice), "listings", (json_int_t)notice->n_items, "channel",
        ko_json_string(notice->channel), "work", ko_json_string(notice->serial), "work_id",
        notice->work_id ? json_integer(notice->work_id) : json_null(), "title",
        ko_json_string(notice->work_title), "host", ko_json_string(notice->host), "part",
        notice->part, "parts", notice->parts, "reason", ko_json_string(notice->reason), "who",
        ko_json_string(notice->who), "built_at", built, "authority", notice->authority, "filed_on",
        notice->is_filed ? ko_json_day(notice->filed_on) : json_null(), "ref",
        ko_json_string(notice->ref), "folder", ko_json_string(notice->folder));
}

/* --- all of one --- */

static json_t *item_json(const ko_notice_item *item, json_t *look)
{
    return json_pack(
        "{s:I, s:o, s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "item", (json_int_t)item->id,
        "url", ko_json_string(item->url), "number", ko_json_string(item->item), "state",
        ko_notice_state_name(item->state), "on", ko_json_day(item->state_on), "candidate",
        item->candidate_id ? json_integer(item->candidate_id) : json_null(), "platform",
        ko_json_string(item->platform), "seller", ko_json_string(item->seller), "seller_id",
        ko_json_string(item->seller_id), "title", ko_json_string(item->title), "look", look);
}

static json_t *event_json(const ko_notice_event *event)
{
    char at[KO_TIME_SIZE];
    ko_clock_text(event->at, at);
    return json_pack("{s:I, s:s, s:o, s:I, s:o, s:o, s:o, s:s, s:b}", "event",
                     (json_int_t)event->id, "state", ko_notice_state_name(event->state), "on",
                     ko_json_day(event->on), "listings", (json_int_t)event->n_items, "ref",
                     ko_json_string(event->ref), "note", ko_json_string(event->note), "who",
                     ko_json_string(event->who), "at", at, "undone", event->undone);
}

static ko_status on_notice(void *context, const ko_notice *notice)
{
    json_t **object = context;
    *object = ko_notice_record(notice);
    return *object ? KO_OK : KO_E_NOMEM;
}

typedef struct itemizing {
    ko_store *store;
    json_t *items;
    ko_error *err;
} itemizing;

static ko_status on_item(void *context, const ko_notice_item *item)
{
    const itemizing *to = context;
    json_t *look = NULL;
    const ko_status st = ko_look_of_json(to->store, item->listing_id, &look, to->err);
    if (st != KO_OK)
        return st;
    return json_array_append_new(to->items, item_json(item, look)) == 0 ? KO_OK : KO_E_NOMEM;
}

static ko_status on_event(void *context, const ko_notice_event *event, int64_t item_id)
{
    if (item_id)
        return KO_OK;
    return json_array_append_new(context, event_json(event)) == 0 ? KO_OK : KO_E_NOMEM;
}

ko_status ko_notice_record_whole(ko_store *store, int64_t notice_id, json_t **out_object,
                                 ko_error *err)
{
    json_t *object = NULL, *items = json_array(), *events = json_array();
    itemizing to = {store, items, err};
    ko_status st =
        ko_notice_each(store, &(ko_notice_filter){.id = notice_id}, on_notice, &object, err);
    if (st == KO_OK && !object)
        st = ko_fail(err, KO_E_NOT_FOUND, "there is no notice %lld", (long long)notice_id);
    if (st == KO_OK)
        st = ko_notice_item_each(store, notice_id, 0, on_item, &to, err);
    if (st == KO_OK)
        st = ko_notice_event_each(store, notice_id, on_event, events, err);
    if (st == KO_OK && (json_object_set(object, "items", items) != 0 ||
                        json_object_set(object, "events", events) != 0))
        st = KO_E_NOMEM;
    json_decref(items);
    json_decref(events);
    if (st == KO_OK)
        *out_object = object;
    else
        json_decref(object);
    return st == KO_E_NOMEM ? ko_fail(err, st, "no memory for a notice") : st;
}
