/* Where news go while nobody looks at the page, and a try whether they arrive. */
#include "serve/handlers.h"

#include "notify/delivery.h"
#include "notify/setup_json.h"
#include "report/json.h"
#include "serve/sent.h"

/* --- what is set up --- */

static ko_status read_setup(ko_store *store, const ko_notify_setup *setup, json_t *settings,
                            json_t *channels, ko_error *err)
{
    ko_status st = KO_OK;
    for (int s = 0; s < KO_NOTIFY_SETTINGS; s++)
        (void)json_array_append_new(settings, ko_notify_setting_json(setup, (ko_notify_setting)s));
    for (int c = 0; st == KO_OK && c < KO_NOTIFY_CHANNELS; c++) {
        json_t *channel = NULL;
        st = ko_notify_channel_json(store, setup, (ko_notify_channel)c, &channel, err);
        if (st == KO_OK)
            (void)json_array_append_new(channels, channel);
    }
    return st;
}

ko_status ko_serve_news(ko_desk *desk, const ko_serve_request *request, ko_serve_answer *answer,
                        ko_error *err)
{
    (void)request;
    ko_notify_setup setup = {0};
    ko_store *store = NULL;
    json_t *settings = json_array(), *channels = json_array();
    ko_status st = ko_pool_take(desk->pool, &store, err);
    if (st == KO_OK)
        st = ko_notify_setup_read(store, &setup, err);
    if (st == KO_OK)
        st = read_setup(store, &setup, settings, channels, err);
    ko_pool_give(desk->pool, store);
    if (st == KO_OK)
        st = ko_serve_answer_json(
            answer, json_pack("{s:O, s:O}", "settings", settings, "channels", channels), err);
    json_decref(settings);
    json_decref(channels);
    ko_notify_setup_free(&setup);
    return st;
}

/* --- a try --- */

static ko_status read_channel(const ko_serve_request *request, ko_notify_channel *out_channel,
                              ko_error *err)
{
    static const char *const names[] = {"channel", NULL};
    json_t *sent = NULL;
    const char *name = NULL;
    ko_status st = ko_sent_object(request, names, &sent, err);
    if (st == KO_OK)
        st = ko_sent_text(sent, "channel", &name, err);
    if (st == KO_OK)
        st = ko_notify_channel_find(name ? name : "", out_channel, err);
    json_decref(sent);
    return st;
}

/* A server may let us wait, so the connection to the database is one of its own. */
static ko_status try_channel(const ko_desk *desk, ko_notify_channel channel, json_t **out_told,
                             ko_error *err)
{
    ko_notify_setup setup = {0};
    ko_store *store = NULL;
    char reason[200] = "";
    bool sent = false;
    ko_status st = ko_store_open(desk->path, KO_STORE_OPEN, &store, err);
    if (st == KO_OK)
        st = ko_notify_setup_read(store, &setup, err);
    if (st == KO_OK && !ko_notify_is_set(&setup, channel))
        st = ko_fail(err, KO_E_USAGE, "%s is not set up", ko_notify_channel_name(channel));
    if (st == KO_OK)
        st = ko_deliver_sample(store, &setup, desk->notify, channel, &sent, reason, err);
    if (st == KO_OK)
        *out_told = json_pack("{s:s, s:b, s:o}", "channel", ko_notify_channel_name(channel), "sent",
                              sent, "reason", ko_json_string(reason));
    ko_notify_setup_free(&setup);
    ko_store_close(store);
    return st;
}

ko_status ko_serve_news_test(ko_desk *desk, const ko_serve_request *request,
                             ko_serve_answer *answer, ko_error *err)
{
    ko_notify_channel channel;
    json_t *told = NULL;
    ko_status st = read_channel(request, &channel, err);
    if (st == KO_OK && !desk->notify)
        st = ko_fail(err, KO_E_UNSUPPORTED, "this server sends no news");
    if (st == KO_OK)
        st = try_channel(desk, channel, &told, err);
    return st == KO_OK ? ko_serve_answer_json(answer, told, err) : st;
}
