#include "notify/setup_json.h"

#include "base/clock.h"
#include "report/json.h"
#include "store/outbox.h"

static json_t *json_moment(int64_t at)
{
    char moment[KO_TIME_SIZE];
    ko_clock_text(at, moment);
    return at ? json_string(moment) : json_null();
}

json_t *ko_notify_setting_json(const ko_notify_setup *setup, ko_notify_setting setting)
{
    return json_pack("{s:s, s:o}", "setting", ko_notify_setting_name(setting), "value",
                     ko_json_string(setup->text[setting]));
}

static ko_status describe(void *context, const ko_delivery *d)
{
    static const char *const states[] = {[KO_DELIVERY_WAITS] = "waiting",
                                         [KO_DELIVERY_SENT] = "sent",
                                         [KO_DELIVERY_GIVEN_UP] = "given up"};
    *(json_t **)context =
        json_pack("{s:I, s:s, s:i, s:o, s:o, s:o}", "digest", (json_int_t)d->digest_id, "state",
                  states[d->state], "tries", d->tries, "sent", json_moment(d->sent_at), "next_try",
                  json_moment(d->next_at), "reason", ko_json_string(d->reason));
    return *(json_t **)context ? KO_OK : KO_E_NOMEM;
}

ko_status ko_notify_channel_json(ko_store *store, const ko_notify_setup *setup,
                                 ko_notify_channel channel, json_t **out_object, ko_error *err)
{
    const char *name = ko_notify_channel_name(channel);
    json_t *last = NULL;
    ko_status st = ko_delivery_last(store, name, describe, &last, err);
    if (st == KO_OK && !last)
        last = json_pack("{s:i, s:s, s:i, s:n, s:n, s:s}", "digest", 0, "state", "", "tries", 0,
                         "sent", "next_try", "reason", "");
    json_t *object =
        json_pack("{s:s, s:b}", "channel", name, "set", ko_notify_is_set(setup, channel));
    if (st == KO_OK && json_object_update(object, last) != 0)
        st = KO_E_NOMEM;
    json_decref(last);
    if (st == KO_OK)
        *out_object = object;
    else
        json_decref(object);
    return st == KO_E_NOMEM ? ko_fail(err, st, "%s", name) : st;
}
