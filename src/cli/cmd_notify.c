/* knockoff notify show|set|test|now - news, told once to who wants them. */
#include "cli/commands.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/span.h"
#include "cli/keys.h"
#include "cli/kit.h"
#include "notify/delivery.h"
#include "notify/notify.h"
#include "notify/setup_json.h"
#include "store/outbox.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

typedef struct notify_options {
    ko_common common;
    const char *ca_file;
} notify_options;

static const ko_option options[] = {
    {"ca-file", 0, KO_OPT_TEXT, offsetof(notify_options, ca_file), "FILE",
     "whose certificates are trusted (default: the system's)"},
    {0},
};

/* --- show --- */

typedef struct last_delivery {
    ko_delivery delivery; /* digest_id 0: there was none */
    char reason[256];
} last_delivery;

static ko_status on_delivery(void *context, const ko_delivery *delivery)
{
    last_delivery *last = context;
    last->delivery = *delivery;
    (void)snprintf(last->reason, sizeof last->reason, "%s", delivery->reason);
    last->delivery.reason = last->reason;
    last->delivery.channel = NULL;
    return KO_OK;
}

static const char *state_name(const ko_delivery *delivery)
{
    static const char *const names[] = {[KO_DELIVERY_WAITS] = "waiting",
                                        [KO_DELIVERY_SENT] = "sent",
                                        [KO_DELIVERY_GIVEN_UP] = "given up"};
    return delivery->digest_id ? names[delivery->state] : "";
}

static json_t *json_moment(int64_t at)
{
    char moment[KO_TIME_SIZE];
    ko_clock_text(at, moment);
    return at ? json_string(moment) : json_null();
}

static void print_channel(ko_notify_channel channel, bool set, const ko_delivery *d)
{
    char moment[KO_TIME_SIZE] = "";
    const int64_t at = d->state == KO_DELIVERY_SENT ? d->sent_at : d->next_at;
    if (at)
        ko_clock_text(at, moment);
    if (!set)
        ko_print("%-12s not set up\n", ko_notify_channel_name(channel));
    else if (!d->digest_id)
        ko_print("%-12s set up; nothing was told yet\n", ko_notify_channel_name(channel));
    else
        ko_print("%-12s digest %lld %s%s%s%s%s\n", ko_notify_channel_name(channel),
                 (long long)d->digest_id, state_name(d),
                 d->state == KO_DELIVERY_WAITS ? " until " : " ", moment, d->reason[0] ? ": " : "",
                 d->reason);
}

static ko_status show_channel(const ko_job *job, const ko_notify_setup *setup,
                              ko_notify_channel channel, ko_error *err)
{
    last_delivery last = {.delivery.reason = last.reason};
    const ko_status st =
        ko_delivery_last(job->store, ko_notify_channel_name(channel), on_delivery, &last, err);
    if (st == KO_OK)
        print_channel(channel, ko_notify_is_set(setup, channel), &last.delivery);
    return st;
}

static ko_status show_channel_json(const ko_job *job, const ko_notify_setup *setup,
                                   ko_notify_channel channel, ko_error *err)
{
    json_t *object = NULL;
    const ko_status st = ko_notify_channel_json(job->store, setup, channel, &object, err);
    if (st == KO_OK)
        ko_json_line(stdout, object);
    return st;
}

static ko_status show_channels(const ko_job *job, const ko_notify_setup *setup, ko_error *err)
{
    const notify_options *o = job->options;
    ko_status st = KO_OK;
    for (int c = 0; st == KO_OK && c < KO_NOTIFY_CHANNELS; c++)
        st = o->common.json ? show_channel_json(job, setup, (ko_notify_channel)c, err)
                            : show_channel(job, setup, (ko_notify_channel)c, err);
    return st;
}

static void show_settings(const notify_options *o, const ko_notify_setup *setup)
{
    for (int i = 0; i < KO_NOTIFY_SETTINGS; i++) {
        const char *name = ko_notify_setting_name((ko_notify_setting)i);
        const char *text = setup->text[i];
        if (o->common.json)
            ko_json_line(stdout, ko_notify_setting_json(setup, (ko_notify_setting)i));
        else if (text[0])
            ko_print("%-12s %s\n", name, text);
    }
}

static ko_status show(const ko_job *job, ko_error *err)
{
    ko_notify_setup setup;
    ko_status st = ko_notify_setup_read(job->store, &setup, err);
    if (st == KO_OK) {
        show_settings(job->options, &setup);
        st = show_channels(job, &setup, err);
    }
    ko_notify_setup_free(&setup);
    return st;
}

/* --- set --- */

/* A path as the user wrote it, from where he stands; ko_free it. */
static char *whole_path(const char *value)
{
    char *here = value[0] && value[0] != '/' ? realpath(".", NULL) : NULL;
    char *path = here ? ko_path_join(here, value) : ko_strdup(value);
    free(here); /* realpath's memory, not ours */
    return path;
}

static ko_status set_one(ko_store *store, const char *word, ko_error *err)
{
    const char *equals = strchr(word, '=');
    ko_notify_setting setting = KO_NOTIFY_SETTINGS;
    char *name = equals ? ko_strndup(word, (size_t)(equals - word)) : NULL;
    if (!equals)
        return ko_fail(err, KO_E_USAGE, "'%.40s' is not NAME=VALUE", word);
    ko_status st = name ? ko_notify_setting_find(name, &setting, err)
                        : ko_fail(err, KO_E_NOMEM, "no memory for a setting");
    ko_free(name);
    if (st != KO_OK)
        return st;
    char *value = setting == KO_NOTIFY_ATOM ? whole_path(equals + 1) : ko_strdup(equals + 1);
    st = value ? ko_notify_set(store, setting, value, err)
               : ko_fail(err, KO_E_NOMEM, "no memory for a setting");
    ko_free(value);
    return st;
}

/* All or none: half of a mail account tells nobody anything. */
static ko_status set(const ko_job *job, ko_error *err)
{
    const notify_options *o = job->options;
    ko_status st = ko_store_begin(job->store, err);
    if (st != KO_OK)
        return st;
    for (size_t i = 1; st == KO_OK && i < o->common.operands.count; i++)
        st = set_one(job->store, o->common.operands.word[i], err);
    if (st == KO_OK)
        st = ko_store_commit(job->store, err);
    else
        ko_store_rollback(job->store);
    return st == KO_OK ? show(job, err) : st;
}

/* --- test and now --- */

static ko_status test_one(const ko_job *job, const ko_notify_setup *setup,
                          const ko_notify_options *how, ko_notify_channel channel, ko_error *err)
{
    const notify_options *o = job->options;
    const char *name = ko_notify_channel_name(channel);
    char reason[200] = "";
    bool sent = false;
    const ko_status st = ko_deliver_sample(job->store, setup, how, channel, &sent, reason, err);
    if (st != KO_OK)
        return st;
    if (o->common.json)
        ko_json_line(stdout, json_pack("{s:s, s:b, s:o}", "channel", name, "sent", sent, "reason",
                                       ko_json_string(reason)));
    else if (sent)
        ko_print("%s: %s\n", name, reason);
    if (!sent)
        ko_problem(job->problems, "%s: %s", name, reason);
    return KO_OK;
}

/* What is named, else all that is set up. */
static ko_status test_all(const ko_job *job, const ko_notify_setup *setup,
                          const ko_notify_options *how, ko_error *err)
{
    const notify_options *o = job->options;
    const ko_words *words = &o->common.operands;
    ko_notify_channel named = KO_NOTIFY_CHANNELS;
    size_t n = 0;
    ko_status st = words->count > 1 ? ko_notify_channel_find(words->word[1], &named, err) : KO_OK;
    for (int c = 0; st == KO_OK && c < KO_NOTIFY_CHANNELS; c++) {
        const ko_notify_channel channel = (ko_notify_channel)c;
        if (words->count > 1 ? channel != named : !ko_notify_is_set(setup, channel))
            continue;
        n++;
        st = ko_notify_is_set(setup, channel)
                 ? test_one(job, setup, how, channel, err)
                 : ko_fail(err, KO_E_USAGE, "%s is not set up: knockoff help notify",
                           ko_notify_channel_name(channel));
    }
    if (st == KO_OK && n == 0)
        st = ko_fail(err, KO_E_USAGE, "no way to tell news is set up: knockoff help notify");
    return st;
}

static ko_status test(const ko_job *job, ko_error *err)
{
    const notify_options *o = job->options;
    ko_api_keys *keys = NULL;
    ko_notify_setup setup = {0};
    ko_status st = ko_open_keys(&keys, err);
    if (st == KO_OK)
        st = ko_notify_setup_read(job->store, &setup, err);
    if (st == KO_OK) {
        const ko_notify_options how = ko_news_options(keys, o->ca_file);
        st = test_all(job, &setup, &how, err);
    }
    ko_notify_setup_free(&setup);
    ko_api_keys_free(keys);
    return st;
}

static void tell(const notify_options *o, const ko_notify_counts *c)
{
    if (o->common.json)
        ko_json_line(stdout, json_pack("{s:I, s:I, s:I, s:I, s:o}", "news", (json_int_t)c->news,
                                       "delivered", (json_int_t)c->delivered, "waiting",
                                       (json_int_t)c->waiting, "given_up", (json_int_t)c->given_up,
                                       "next_at", json_moment(c->next_at)));
    else if (c->news + c->delivered + c->waiting + c->given_up == 0)
        ko_print("nothing is new\n");
    else
        ko_print("%zu new, %zu delivered, %zu waiting, %zu given up\n", c->news, c->delivered,
                 c->waiting, c->given_up);
}

static ko_status now(const ko_job *job, ko_error *err)
{
    const notify_options *o = job->options;
    ko_api_keys *keys = NULL;
    ko_kit kit = {0};
    ko_notify_counts counts = {0};
    ko_status st = ko_open_keys(&keys, err);
    if (st == KO_OK)
        st = ko_open_kit(&o->common, &kit, err);
    if (st == KO_OK) {
        ko_notify_options how = ko_news_options(keys, o->ca_file);
        how.kit = &kit;
        how.at_once = true;
        st = ko_notify_run(job->store, &how, job->problems, &counts, err);
    }
    if (st == KO_OK)
        tell(o, &counts);
    ko_kit_close(&kit);
    ko_api_keys_free(keys);
    return st;
}

/* --- the command --- */

static const ko_verb verbs[] = {
    {"show", NULL, show}, {"set", "NAME=VALUE", set}, {"test", NULL, test}, {"now", NULL, now}, {0},
};

static ko_status notify(const ko_job *job, ko_error *err)
{
    return ko_run_verb(&ko_cmd_notify, verbs, "show", job, err);
}

static ko_exit run(char **words, size_t n)
{
    notify_options o = {0};
    return ko_run_job(&ko_cmd_notify, words, n, &o, NULL, notify);
}

const ko_command ko_cmd_notify = {
    .name = "notify",
    .summary = "tell what is new by mail, webhook, feed or on the desktop",
    .usage = "[show] | set NAME=VALUE... | test [CHANNEL] | now",
    .description =
        "What is new (finds, removals, what is back, dates that come near, sites that block) is\n"
        "put into one digest, told once, by each way that is set up, while knockoff watch runs.\n"
        "Settings; an empty VALUE forgets one:\n"
        "  mail.server  smtps://mail.example, or smtp://mail.example:587 with STARTTLS\n"
        "  mail.user    name of the account; its password is KNOCKOFF_MAIL_PASSWORD\n"
        "  mail.from    an address (default: the first one of mail.to)\n"
        "  mail.to      one address, or several with commas between\n"
        "  webhook      https://...; JSON is posted there, signed with KNOCKOFF_WEBHOOK_SECRET\n"
        "  atom         a file for feed readers\n"
        "  desktop      yes: a note on the screen\n"
        "  quiet        22:00-07:30: in these hours nothing is told\n"
        "  every        6h: at least so long between two digests (the default). An answer that is\n"
        "               due tomorrow does not wait for that\n"
        "Passwords are never in the database: they come from the environment, or from the file\n"
        "that knockoff help source tells of. Mail goes only to servers with TLS and a trusted\n"
        "certificate, but to localhost. test sends a sample and shows what was answered; now "
        "tells\n"
        "what is new, and what failed before, at once. A digest keeps its name when it is sent\n"
        "again: as Message-ID, X-Knockoff-Digest or id of the entry.",
    .options = options,
    .run = run,
};
