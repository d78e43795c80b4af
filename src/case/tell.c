#include "case/tell.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "base/text.h"
#include "case/due_json.h"
#include "case/packet.h"
#include "report/json.h"

#include <string.h>

/* --- what is told --- */

ko_status ko_tell_text(const char *name, const char *text, char **out_text, ko_error *err)
{
    *out_text = NULL;
    if (!text)
        return KO_OK;
    if (strlen(text) > KO_MAX_NOTICE_TEXT)
        return ko_fail(err, KO_E_LIMIT, "%s: %zu bytes, limit %zu", name, strlen(text),
                       KO_MAX_NOTICE_TEXT);
    *out_text = ko_text_clean_dup(text);
    return *out_text ? KO_OK : ko_fail(err, KO_E_NOMEM, "%s", name);
}

ko_status ko_tell_day(ko_day on, ko_day today, ko_error *err)
{
    char text[KO_DAY_TEXT_SIZE];
    if (on <= today)
        return KO_OK;
    ko_day_text(on, text);
    return ko_fail(err, KO_E_USAGE, "%s is still to come", text);
}

/* --- what follows --- */

typedef struct dropping {
    ko_store *store;
    ko_told *told;
} dropping;

/* No packet may name what is withdrawn, and none may lack what is put back. */
static ko_status drop_packet(void *context, const ko_notice *notice)
{
    const dropping *d = context;
    if (notice->is_filed || !notice->folder[0])
        return KO_OK;
    if (ko_packet_remove(d->store, notice->id, &d->told->why) != KO_OK)
        d->told->packet = KO_TOLD_PACKET_STUCK;
    else
        d->told->packet =
            notice->n_in[KO_NOTICE_BUILT] ? KO_TOLD_PACKET_OUTDATED : KO_TOLD_PACKET_REMOVED;
    return KO_OK;
}

static ko_status after_withdrawal(ko_store *store, int64_t notice_id, ko_told *told, ko_error *err)
{
    dropping d = {store, told};
    return ko_notice_each(store, &(ko_notice_filter){.id = notice_id}, drop_packet, &d, err);
}

ko_status ko_tell(ko_store *store, const ko_kit *kit, const ko_tell_request *request,
                  ko_told *out_told, ko_error *err)
{
    const ko_notice_event *event = &request->event;
    const ko_duties_request due = {
        .day = request->today, .notice_id = event->notice_id, .all = true, .within_days = -1};
    *out_told = (ko_told){0};
    ko_status st =
        ko_notice_tell(store, event, request->items, request->n_items, &out_told->changed, err);
    if (st == KO_OK)
        st = ko_duties_find(store, kit, &due, &out_told->next, err);
    if (st == KO_OK && event->state == KO_NOTICE_FILED)
        st = ko_doubts_find(store, event->notice_id, 1U << KO_NOTICE_FILED, &out_told->doubts, err);
    if (st == KO_OK && event->state == KO_NOTICE_WITHDRAWN)
        st = after_withdrawal(store, event->notice_id, out_told, err);
    return st;
}

void ko_told_free(ko_told *told)
{
    ko_duties_free(&told->next);
    ko_doubts_free(&told->doubts);
}

static const char *const packet_names[] = {[KO_TOLD_PACKET_KEPT] = "kept",
                                           [KO_TOLD_PACKET_REMOVED] = "removed",
                                           [KO_TOLD_PACKET_OUTDATED] = "outdated",
                                           [KO_TOLD_PACKET_STUCK] = "stuck"};

json_t *ko_told_json(const ko_tell_request *request, const ko_told *told, const ko_kit *kit)
{
    const ko_notice_event *event = &request->event;
    json_t *doubts = json_array();
    for (size_t i = 0; i < told->doubts.n; i++)
        (void)json_array_append_new(doubts, json_integer(told->doubts.doubts[i].candidate_id));
    return json_pack("{s:I, s:s, s:o, s:o, s:o, s:I, s:o, s:s, s:o}", "notice",
                     (json_int_t)event->notice_id, "state", ko_notice_state_name(event->state),
                     "on", ko_json_day(event->on), "ref",
                     ko_json_string(event->ref ? event->ref : ""), "note",
                     ko_json_string(event->note ? event->note : ""), "listings",
                     (json_int_t)told->changed, "next", ko_duties_json(&told->next, kit), "packet",
                     packet_names[told->packet], "doubts", doubts);
}

/* --- taking back --- */

static ko_status take_back(ko_store *store, int64_t notice_id, int64_t event_id,
                           ko_notice_event *out_event, ko_error *err)
{
    ko_status st = ko_store_begin(store, err);
    if (st != KO_OK)
        return st;
    st = ko_notice_undo(store, notice_id, out_event, err);
    if (st == KO_OK && event_id && out_event->id != event_id)
        st = ko_fail(err, KO_E_EXISTS, "something else was told of notice %lld since: %s",
                     (long long)notice_id, ko_notice_state_name(out_event->state));
    if (st == KO_OK)
        return ko_store_commit(store, err);
    ko_store_rollback(store);
    return st;
}

ko_status ko_tell_undo(ko_store *store, int64_t notice_id, int64_t event_id,
                       ko_notice_event *out_event, ko_told *out_told, ko_error *err)
{
    *out_told = (ko_told){0};
    const ko_status st = take_back(store, notice_id, event_id, out_event, err);
    return st == KO_OK && out_event->state == KO_NOTICE_WITHDRAWN
               ? after_withdrawal(store, notice_id, out_told, err)
               : st;
}

json_t *ko_told_undo_json(const ko_notice_event *event, const ko_told *told)
{
    return json_pack("{s:I, s:s, s:s, s:o, s:I, s:s}", "notice", (json_int_t)event->notice_id,
                     "verb", "undo", "state", ko_notice_state_name(event->state), "on",
                     ko_json_day(event->on), "listings", (json_int_t)event->n_items, "packet",
                     packet_names[told->packet]);
}
