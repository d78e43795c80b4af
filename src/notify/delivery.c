#include "notify/delivery.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/stop.h"
#include "notify/atom.h"
#include "notify/desktop.h"
#include "notify/mail.h"
#include "notify/uid.h"
#include "notify/webhook.h"

#include <stdio.h>
#include <string.h>

/* While it is tried nobody else does; when the process is killed in it, it is tried again then. */
#define TAKEN_S ((int64_t)2 * KO_MAX_NOTIFY_SEND_S)

static ko_send_fn *const senders[KO_NOTIFY_CHANNELS] = {
    [KO_NOTIFY_BY_MAIL] = ko_mail_send,
    [KO_NOTIFY_BY_WEBHOOK] = ko_webhook_send,
    [KO_NOTIFY_BY_ATOM] = ko_atom_send,
    [KO_NOTIFY_BY_DESKTOP] = ko_desktop_send,
};

/* --- one --- */

/* When a delivery that did not arrive is tried again, after so many tries. */
static int64_t later(int tries, const ko_sent *sent, int64_t now)
{
    int64_t wait_s = KO_NOTIFY_LATER_S;
    for (int i = 1; i < tries && wait_s < KO_MAX_NOTIFY_LATER_S; i++)
        wait_s *= 2;
    wait_s = wait_s < KO_MAX_NOTIFY_LATER_S ? wait_s : KO_MAX_NOTIFY_LATER_S;
    return sent->not_before > now + wait_s ? sent->not_before : now + wait_s;
}

/* What a try changes about a delivery; the reason is borrowed from sent. */
static void settle(ko_delivery *d, const ko_sent *sent, int64_t now)
{
    d->tries++;
    d->reason = sent->reason;
    d->next_at = 0;
    if (sent->how == KO_SENT) {
        d->state = KO_DELIVERY_SENT;
        d->sent_at = now;
    } else if (sent->how == KO_SENT_NEVER || d->tries >= KO_MAX_NOTIFY_TRIES) {
        d->state = KO_DELIVERY_GIVEN_UP;
    } else {
        d->next_at = later(d->tries, sent, now);
    }
}

/* A channel that is set up no more takes nothing. */
static ko_status try_channel(const ko_sending *s, const char *name, const ko_digest *digest,
                             ko_sent *out_sent, ko_error *err)
{
    ko_notify_channel channel;
    if (ko_notify_channel_find(name, &channel, NULL) != KO_OK ||
        !ko_notify_is_set(s->setup, channel)) {
        ko_sent_say(out_sent, KO_SENT_NEVER, "it is set up no more");
        return KO_OK;
    }
    return senders[channel](s, digest, out_sent, err);
}

static ko_status deliver_one(const ko_sending *s, ko_delivery *d, ko_problems *problems,
                             ko_notify_counts *counts, ko_error *err)
{
    ko_texts texts = {0};
    ko_digest digest;
    ko_sent sent = {0};
    bool taken = false;
    ko_status st = ko_delivery_take(s->store, d, s->now + TAKEN_S, &taken, err);
    if (st != KO_OK || !taken)
        return st;
    st = ko_digest_find(s->store, d->digest_id, &texts, &digest, err);
    if (st == KO_OK)
        st = try_channel(s, d->channel, &digest, &sent, err);
    ko_texts_free(&texts);
    if (st != KO_OK) {
        const ko_status given_back = ko_delivery_update(s->store, d, err);
        return given_back == KO_OK ? st : given_back;
    }
    settle(d, &sent, s->now);
    counts->delivered += d->state == KO_DELIVERY_SENT;
    counts->given_up += d->state == KO_DELIVERY_GIVEN_UP;
    if (d->state != KO_DELIVERY_SENT)
        ko_problem(problems, "news by %s: %s; %s", d->channel, sent.reason,
                   d->state == KO_DELIVERY_WAITS ? "it is tried again later" : "given up");
    return ko_delivery_update(s->store, d, err);
}

/* --- all --- */

/* Those whose time has come, copied: while a server is waited for nothing is read. */
typedef struct waiting {
    ko_delivery *items;
    size_t n, capacity;
    ko_texts texts;
    int64_t now;
} waiting;

static ko_status on_waiting(void *context, const ko_delivery *delivery)
{
    waiting *w = context;
    if (delivery->next_at > w->now)
        return KO_OK;
    ko_delivery *items = ko_grown(w->items, w->n, &w->capacity, sizeof *items);
    if (!items)
        return KO_E_NOMEM;
    w->items = items;
    items[w->n] = *delivery;
    items[w->n].channel = ko_texts_keep(&w->texts, delivery->channel);
    items[w->n++].reason = "";
    return w->texts.no_memory ? KO_E_NOMEM : KO_OK;
}

ko_status ko_deliver(ko_store *store, const ko_notify_setup *setup,
                     const ko_notify_options *options, ko_problems *problems,
                     ko_notify_counts *counts, ko_error *err)
{
    waiting w = {.now = ko_clock_now()};
    ko_status st = ko_delivery_each_waiting(store, on_waiting, &w, err);
    if (st == KO_E_NOMEM)
        (void)ko_fail(err, st, "no memory for deliveries");
    for (size_t i = 0; st == KO_OK && i < w.n; i++) {
        const ko_sending s = {
            .store = store, .setup = setup, .options = options, .now = ko_clock_now()};
        st = ko_stop_asked() ? ko_fail(err, KO_E_STOPPED, "stopped")
                             : deliver_one(&s, &w.items[i], problems, counts, err);
    }
    ko_free(w.items);
    ko_texts_free(&w.texts);
    return st;
}

/* --- a sample --- */

ko_status ko_deliver_sample(ko_store *store, const ko_notify_setup *setup,
                            const ko_notify_options *options, ko_notify_channel channel,
                            bool *out_sent, char out_reason[200], ko_error *err)
{
    static const char json[] = "{\"digest\":\"%s\",\"made\":\"%s\",\"subject\":\"%s\","
                               "\"news\":[],\"candidates\":[]}";
    char uid[KO_UID_SIZE], made[KO_TIME_SIZE], text[sizeof json + 200];
    ko_digest digest = {.uid = uid,
                        .made_at = ko_clock_now(),
                        .subject = "Knockoff: a sample",
                        .body = "This is a sample: news arrive here.\n",
                        .json = text};
    const ko_sending s = {
        .store = store, .setup = setup, .options = options, .now = digest.made_at};
    ko_sent sent = {0};
    ko_status st = ko_uid_make(uid, err);
    if (st != KO_OK)
        return st;
    ko_clock_text(digest.made_at, made);
    (void)snprintf(text, sizeof text, json, uid, made, digest.subject);
    st = senders[channel](&s, &digest, &sent, err);
    *out_sent = sent.how == KO_SENT;
    (void)snprintf(out_reason, 200, "%s", sent.reason);
    return st;
}
