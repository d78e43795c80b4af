/* Addresses are taken apart by libcurl, which will read them again to connect: two readers that
 * understand one text differently are how checks are passed by. */
#include "notify/setup.h"

#include "base/alloc.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/span.h"
#include "base/text.h"

#include <assert.h>
#include <ctype.h>
#include <curl/curl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define PREFIX "notify."
#define NAME_SIZE 32

/* --- names --- */

static const char *const names[KO_NOTIFY_SETTINGS] = {
    [KO_NOTIFY_MAIL_SERVER] = "mail.server",
    [KO_NOTIFY_MAIL_USER] = "mail.user",
    [KO_NOTIFY_MAIL_FROM] = "mail.from",
    [KO_NOTIFY_MAIL_TO] = "mail.to",
    [KO_NOTIFY_WEBHOOK] = "webhook",
    [KO_NOTIFY_ATOM] = "atom",
    [KO_NOTIFY_DESKTOP] = "desktop",
    [KO_NOTIFY_QUIET] = "quiet",
    [KO_NOTIFY_EVERY] = "every",
};

static const char *const channels[KO_NOTIFY_CHANNELS] = {
    [KO_NOTIFY_BY_MAIL] = "mail",
    [KO_NOTIFY_BY_WEBHOOK] = "webhook",
    [KO_NOTIFY_BY_ATOM] = "atom",
    [KO_NOTIFY_BY_DESKTOP] = "desktop",
};

const char *ko_notify_setting_name(ko_notify_setting setting)
{
    assert(setting < KO_NOTIFY_SETTINGS);
    return names[setting];
}

const char *ko_notify_channel_name(ko_notify_channel channel)
{
    assert(channel < KO_NOTIFY_CHANNELS);
    return channels[channel];
}

/* The place of a name among n; n when it is none of them, with a line that has them all. */
static size_t find(const char *const *all, size_t n, const char *name, const char *what,
                   ko_error *err)
{
    char list[160] = "";
    for (size_t i = 0; i < n; i++) {
        if (strcmp(name, all[i]) == 0)
            return i;
        const size_t at = strlen(list);
        (void)snprintf(list + at, sizeof list - at, "%s%s", i ? ", " : "", all[i]);
    }
    (void)ko_fail(err, KO_E_USAGE, "'%.40s' is no %s; there are %s", name, what, list);
    return n;
}

ko_status ko_notify_setting_find(const char *name, ko_notify_setting *out_setting, ko_error *err)
{
    const size_t prefix = strlen(PREFIX);
    const char *own = strncmp(name, PREFIX, prefix) == 0 ? name + prefix : name;
    const size_t i = find(names, KO_NOTIFY_SETTINGS, own, "setting of news", err);
    if (i == KO_NOTIFY_SETTINGS)
        return KO_E_USAGE;
    *out_setting = (ko_notify_setting)i;
    return KO_OK;
}

ko_status ko_notify_channel_find(const char *name, ko_notify_channel *out_channel, ko_error *err)
{
    const size_t i = find(channels, KO_NOTIFY_CHANNELS, name, "way to send news", err);
    if (i == KO_NOTIFY_CHANNELS)
        return KO_E_USAGE;
    *out_channel = (ko_notify_channel)i;
    return KO_OK;
}

/* --- addresses --- */

static bool is_local(const char *host)
{
    /* 127.1 and the like were made four numbers by libcurl. */
    const bool four = strspn(host, "0123456789.") == strlen(host);
    return strcasecmp(host, "localhost") == 0 || strcmp(host, "::1") == 0 ||
           (four && strncmp(host, "127.", 4) == 0);
}

/* One part into out, lower case and without the brackets of IPv6; false when there is none, or it
 * is too long. */
static bool take_part(CURLU *url, CURLUPart part, char *out, size_t out_size)
{
    char *text = NULL;
    if (curl_url_get(url, part, &text, 0) != CURLUE_OK)
        return false;
    const bool six = text[0] == '[';
    const size_t n = strlen(text) - 2 * (size_t)six;
    const bool fits = n > 0 && n < out_size;
    for (size_t i = 0; fits && i < n; i++)
        out[i] = (char)tolower((unsigned char)text[i + six]);
    if (fits)
        out[n] = '\0';
    curl_free(text);
    return fits;
}

ko_status ko_notify_address_read(const char *url, ko_notify_address *out_address, ko_error *err)
{
    ko_notify_address address = {0};
    ko_status st = KO_OK;
    CURLU *parts = curl_url();
    if (!parts)
        return ko_fail(err, KO_E_NOMEM, "no memory for an address");
    if (curl_url_set(parts, CURLUPART_URL, url, CURLU_DISALLOW_USER) != CURLUE_OK ||
        !take_part(parts, CURLUPART_SCHEME, address.scheme, sizeof address.scheme) ||
        !take_part(parts, CURLUPART_HOST, address.host, sizeof address.host))
        st = ko_fail(err, KO_E_USAGE,
                     "no address of a server, or one with a user or password in it");
    curl_url_cleanup(parts);
    if (st != KO_OK)
        return st;
    address.local = is_local(address.host);
    *out_address = address;
    return KO_OK;
}

/* --- values --- */

static ko_status check_server(const char *value, ko_error *err)
{
    ko_notify_address address = {0};
    const ko_status st = ko_notify_address_read(value, &address, err);
    if (st != KO_OK)
        return st;
    if (strcmp(address.scheme, "smtp") != 0 && strcmp(address.scheme, "smtps") != 0)
        return ko_fail(err, KO_E_USAGE, "not smtps://HOST or smtp://HOST:587");
    return KO_OK;
}

static ko_status check_webhook(const char *value, ko_error *err)
{
    ko_notify_address address = {0};
    const ko_status st = ko_notify_address_read(value, &address, err);
    if (st != KO_OK)
        return st;
    const bool plain = strcmp(address.scheme, "http") == 0;
    if (!plain && strcmp(address.scheme, "https") != 0)
        return ko_fail(err, KO_E_USAGE, "not https://...");
    if (plain && !address.local)
        return ko_fail(err, KO_E_USAGE, "http is for this machine itself; others need https");
    return KO_OK;
}

/* An address that needs no quotes (RFC 5321 section 4.1.2, Dot-string): what else there may be
 * could end a line of SMTP or a header early. */
static bool is_mail_address(const char *text, size_t n)
{
    static const char atoms[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "!#$%&'*+-/=?^_`{|}~.";
    const char *at = memchr(text, '@', n);
    if (!at || n > KO_MAX_MAIL_ADDRESS)
        return false;
    const size_t local = (size_t)(at - text), domain = n - local - 1;
    for (size_t i = 0; i < n; i++)
        if (text + i != at && !memchr(atoms, text[i], sizeof atoms - 1))
            return false;
    for (size_t i = local + 1; i < n; i++)
        if (!isalnum((unsigned char)text[i]) && text[i] != '-' && text[i] != '.')
            return false;
    return local > 0 && local <= 64 && domain > 0 && text[0] != '.' && at[1] != '.';
}

static ko_status check_addresses(const char *value, size_t most, ko_error *err)
{
    size_t count = 0;
    for (const char *at = value; *at; count++) {
        at += strspn(at, " ");
        const size_t n = strcspn(at, ", ");
        if (!is_mail_address(at, n))
            return ko_fail(err, KO_E_USAGE, "'%.*s' is no mail address", n < 80 ? (int)n : 80, at);
        at += n;
        at += strspn(at, " ");
        if (*at && *at != ',')
            return ko_fail(err, KO_E_USAGE, "between addresses stands a comma");
        at += *at == ',';
    }
    if (count > most)
        return ko_fail(err, KO_E_USAGE, "%zu addresses, at most %zu", count, most);
    return KO_OK;
}

/* A path that means the same wherever a watch runs. */
static ko_status check_file(const char *path, ko_error *err)
{
    if (path[0] != '/' || !*ko_path_name(path))
        return ko_fail(err, KO_E_USAGE, "not the whole path of a file");
    char *folder = ko_path_folder(path);
    if (!folder)
        return ko_fail(err, KO_E_NOMEM, "no memory for a path");
    const bool there = ko_is_folder(folder);
    ko_free(folder);
    return there ? KO_OK : ko_fail(err, KO_E_USAGE, "there is no such folder");
}

static ko_status read_every(const char *value, int64_t *out_seconds, ko_error *err)
{
    int64_t seconds = KO_NOTIFY_EVERY_S;
    if (value[0] &&
        (!ko_span_read(value, &seconds) || seconds < 60 || seconds > KO_MAX_NOTIFY_EVERY_S))
        return ko_fail(err, KO_E_USAGE, "not a time such as 30m, 6h or 7d, of 1m to %lldd",
                       (long long)(KO_MAX_NOTIFY_EVERY_S / 86400));
    *out_seconds = seconds;
    return KO_OK;
}

static ko_status check(ko_notify_setting setting, const char *value, ko_error *err)
{
    ko_quiet quiet;
    int64_t seconds;
    switch (setting) {
    case KO_NOTIFY_MAIL_SERVER:
        return check_server(value, err);
    case KO_NOTIFY_MAIL_FROM:
        return check_addresses(value, 1, err);
    case KO_NOTIFY_MAIL_TO:
        return check_addresses(value, KO_MAX_MAIL_TO, err);
    case KO_NOTIFY_WEBHOOK:
        return check_webhook(value, err);
    case KO_NOTIFY_ATOM:
        return check_file(value, err);
    case KO_NOTIFY_DESKTOP:
        return strcmp(value, "yes") == 0 ? KO_OK : ko_fail(err, KO_E_USAGE, "not yes");
    case KO_NOTIFY_QUIET:
        return ko_quiet_read(value, &quiet, err);
    case KO_NOTIFY_EVERY:
        return read_every(value, &seconds, err);
    case KO_NOTIFY_MAIL_USER: /* any text without control characters */
    case KO_NOTIFY_SETTINGS:
        break;
    }
    return KO_OK;
}

/* No value has control characters or more bytes than an address. */
static bool is_text(const char *value)
{
    for (const char *c = value; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            return false;
    return ko_text_is_utf8(value, strlen(value)) && strlen(value) <= KO_MAX_URL_BYTES;
}

static void key_of(ko_notify_setting setting, char out_key[NAME_SIZE])
{
    (void)snprintf(out_key, NAME_SIZE, PREFIX "%s", names[setting]);
}

ko_status ko_notify_set(ko_store *store, ko_notify_setting setting, const char *value,
                        ko_error *err)
{
    char key[NAME_SIZE];
    ko_error why = {0};
    ko_status st = KO_OK;
    key_of(setting, key);
    if (!is_text(value))
        st = ko_fail(&why, KO_E_USAGE, "not one line of text of at most %zu bytes",
                     KO_MAX_URL_BYTES);
    else if (value[0])
        st = check(setting, value, &why);
    if (st != KO_OK)
        return ko_fail(err, st, "%s: %s", names[setting], why.text);
    return ko_store_set_setting(store, key, value, err);
}

/* --- reading --- */

bool ko_notify_is_set(const ko_notify_setup *setup, ko_notify_channel channel)
{
    switch (channel) {
    case KO_NOTIFY_BY_MAIL:
        return setup->text[KO_NOTIFY_MAIL_SERVER][0] && setup->text[KO_NOTIFY_MAIL_TO][0];
    case KO_NOTIFY_BY_WEBHOOK:
        return setup->text[KO_NOTIFY_WEBHOOK][0];
    case KO_NOTIFY_BY_ATOM:
        return setup->text[KO_NOTIFY_ATOM][0];
    case KO_NOTIFY_BY_DESKTOP:
        return setup->text[KO_NOTIFY_DESKTOP][0];
    case KO_NOTIFY_CHANNELS:
        break;
    }
    return false;
}

ko_status ko_notify_setup_read(ko_store *store, ko_notify_setup *out_setup, ko_error *err)
{
    ko_status st = KO_OK;
    *out_setup = (ko_notify_setup){0};
    for (size_t i = 0; st == KO_OK && i < KO_NOTIFY_SETTINGS; i++) {
        char key[NAME_SIZE];
        key_of((ko_notify_setting)i, key);
        st = ko_store_setting(store, key, &out_setup->text[i], err);
    }
    if (st == KO_OK)
        st = ko_quiet_read(out_setup->text[KO_NOTIFY_QUIET], &out_setup->quiet, err);
    if (st == KO_OK)
        st = read_every(out_setup->text[KO_NOTIFY_EVERY], &out_setup->every_s, err);
    return st;
}

void ko_notify_setup_free(ko_notify_setup *setup)
{
    for (size_t i = 0; i < KO_NOTIFY_SETTINGS; i++)
        ko_free(setup->text[i]);
    *setup = (ko_notify_setup){0};
}
