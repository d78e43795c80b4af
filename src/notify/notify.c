#include "notify/notify.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/limits.h"
#include "notify/delivery.h"
#include "notify/digest.h"
#include "notify/news.h"
#include "notify/uid.h"
#include "report/json.h"

#include <stdlib.h>

/* --- a digest --- */

/* The texts of a digest that is being made. */
typedef struct draft {
    char uid[KO_UID_SIZE];
    ko_buf subject, body;
    char *json; /* jansson's */
} draft;

static void free_draft(draft *d)
{
    ko_buf_free(&d->subject);
    ko_buf_free(&d->body);
    free(d->json); /* jansson's, not ours */
}

static ko_status write_draft(const ko_news *news, int64_t now, draft *d, ko_error *err)
{
    *d = (draft){.subject = KO_BUF(KO_MAX_DIGEST_BYTES), .body = KO_BUF(KO_MAX_DIGEST_BYTES)};
    ko_status st = ko_uid_make(d->uid, err);
    if (st != KO_OK)
        return st;
    st = ko_digest_subject(news, &d->subject);
    if (st == KO_OK)
        st = ko_digest_body(news, &d->body);
    json_t *json = st == KO_OK ? ko_digest_json(news, d->uid, now, d->subject.data) : NULL;
    d->json = json ? json_dumps(json, KO_JSON_FLAGS) : NULL;
    json_decref(json);
    return d->json ? KO_OK : ko_fail(err, KO_E_NOMEM, "no memory for a digest");
}

/* Keeps a digest of the news, to be delivered by all ways that are set up. */
static ko_status keep_digest(ko_store *store, const ko_notify_setup *setup, const ko_news *news,
                             int64_t after, int64_t now, ko_error *err)
{
    const char *channels[KO_NOTIFY_CHANNELS];
    ko_digest_told told = {.after = after,
                           .facts = news->facts,
                           .n_facts = news->n_facts,
                           .candidates = news->candidates,
                           .n_candidates = news->n_candidates,
                           .channels = channels};
    draft d;
    int64_t id = 0;
    for (int c = 0; c < KO_NOTIFY_CHANNELS; c++)
        if (ko_notify_is_set(setup, (ko_notify_channel)c))
            channels[told.n_channels++] = ko_notify_channel_name((ko_notify_channel)c);
    ko_status st = write_draft(news, now, &d, err);
    const ko_digest digest = {.uid = d.uid,
                              .made_at = now,
                              .subject = d.subject.data,
                              .body = d.body.data,
                              .json = d.json};
    if (st == KO_OK)
        st = ko_digest_keep(store, &digest, &told, &id, err);
    free_draft(&d);
    return st;
}

/* Nothing is to be told: only where it was looked up to is noted. */
static ko_status note_facts(ko_store *store, const ko_news *news, ko_error *err)
{
    if (news->n_facts == 0)
        return KO_OK;
    ko_status st = ko_store_begin(store, err);
    if (st != KO_OK)
        return st;
    for (size_t i = 0; st == KO_OK && i < news->n_facts; i++)
        st = ko_told_note(store, &news->facts[i], err);
    if (st == KO_OK)
        return ko_store_commit(store, err);
    ko_store_rollback(store);
    return st;
}

/* --- when --- */

typedef struct last_digest {
    int64_t id, made_at; /* 0: there was none */
} last_digest;

static ko_status on_last(void *context, const ko_digest *digest)
{
    *(last_digest *)context = (last_digest){digest->id, digest->made_at};
    return KO_OK;
}

/* The moment before which no digest is made that can wait; 0: there is none. A clock that was set
 * back since the last one holds nothing up. */
static int64_t next_digest(const last_digest *last, const ko_notify_setup *setup, int64_t now)
{
    return last->id && last->made_at <= now ? last->made_at + setup->every_s : 0;
}

static void sooner(int64_t *at, int64_t other)
{
    if (other && (*at == 0 || other < *at))
        *at = other;
}

/* Keeps what was found. Another process that was quicker has told it, or will the next time. */
static ko_status keep_news(ko_store *store, const ko_notify_setup *setup, const ko_news *news,
                           int64_t after, int64_t now, ko_notify_counts *counts, ko_error *err)
{
    ko_error own = {0};
    if (news->n == 0)
        return note_facts(store, news, err);
    const ko_status st = keep_digest(store, setup, news, after, now, &own);
    if (st == KO_E_EXISTS)
        return KO_OK;
    counts->news = st == KO_OK ? news->n : 0;
    return st == KO_OK ? st : ko_fail(err, st, "%s", own.text);
}

/* Makes a digest if there is something to tell that may be told now. */
static ko_status make_news(ko_store *store, const ko_notify_setup *setup,
                           const ko_notify_options *options, int64_t now, ko_notify_counts *counts,
                           ko_error *err)
{
    ko_news news = {0};
    last_digest last = {0};
    ko_status st = ko_digest_each(store, 1, on_last, &last, err);
    const int64_t at = next_digest(&last, setup, now);
    bool soon = at > now && !options->at_once;
    if (st == KO_OK && soon)
        st = ko_news_gather_dates(store, options->kit, now, &news, err);
    soon = soon && !news.urgent;
    if (st == KO_OK && !soon) {
        ko_news_free(&news);
        st = ko_news_gather(store, options->kit, now, &news, err);
    }
    if (st == KO_OK && !soon)
        st = keep_news(store, setup, &news, last.id, now, counts, err);
    sooner(&counts->next_at, soon ? at : 0);
    sooner(&counts->next_at, news.next_at);
    ko_news_free(&news);
    return st;
}

/* --- a round --- */

static bool is_any_set(const ko_notify_setup *setup)
{
    bool any = false;
    for (int c = 0; c < KO_NOTIFY_CHANNELS; c++)
        any |= ko_notify_is_set(setup, (ko_notify_channel)c);
    return any;
}

static ko_status run(ko_store *store, const ko_notify_setup *setup,
                     const ko_notify_options *options, ko_problems *problems,
                     ko_notify_counts *counts, ko_error *err)
{
    ko_delivery_counts waiting = {0};
    const int64_t now = ko_clock_now(), quiet_end = ko_quiet_end(&setup->quiet, now);
    ko_status st = KO_OK;
    if (quiet_end > now && !options->at_once) {
        counts->next_at = quiet_end;
        return KO_OK;
    }
    if (options->at_once)
        st = ko_deliveries_renew(store, now - KO_NOTIFY_RENEW_S, err);
    if (st == KO_OK && is_any_set(setup))
        st = make_news(store, setup, options, now, counts, err);
    if (st == KO_OK)
        st = ko_deliver(store, setup, options, problems, counts, err);
    if (st == KO_OK)
        st = ko_delivery_count(store, &waiting, err);
    counts->waiting = waiting.waiting;
    sooner(&counts->next_at, waiting.next_at);
    return st;
}

ko_status ko_notify_run(ko_store *store, const ko_notify_options *options, ko_problems *problems,
                        ko_notify_counts *out_counts, ko_error *err)
{
    ko_notify_setup setup;
    *out_counts = (ko_notify_counts){0};
    ko_status st = ko_notify_setup_read(store, &setup, err);
    if (st == KO_OK)
        st = run(store, &setup, options, problems, out_counts, err);
    ko_notify_setup_free(&setup);
    return st;
}
