#include "cli/web.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "crawl/crawl.h"
#include "crawl/hosts.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

bool ko_is_web_url(const char *word)
{
    return strncasecmp(word, "http://", 7) == 0 || strncasecmp(word, "https://", 8) == 0;
}

/* --- who asks --- */

ko_status ko_contact_read(const char *text, char **out_contact, ko_error *err)
{
    ko_buf contact = KO_BUF(KO_MAX_URL_BYTES);
    const bool url = ko_is_web_url(text) || strncasecmp(text, "mailto:", 7) == 0;
    bool fits = (url || strchr(text, '@')) && strlen(text) <= 200;
    /* It stands in a header, in a comment in brackets (RFC 9110, section 5.6.5). */
    for (const char *c = text; *c; c++)
        fits = fits && *c > ' ' && *c < 0x7f && !strchr("()\\\"<>", *c);
    if (!fits)
        return ko_fail(err, KO_E_USAGE,
                       "a contact is a mail address or a URL without blanks and brackets, not '%s'",
                       text);
    if (ko_buf_printf(&contact, "%s%s", url ? "" : "mailto:", text) != KO_OK)
        return ko_fail(err, KO_E_NOMEM, "contact");
    *out_contact = contact.data;
    return KO_OK;
}

static ko_status find_contact(const ko_online_options *options, ko_store *store, ko_online *online,
                              ko_error *err)
{
    const char *named = options->contact ? options->contact : getenv("KNOCKOFF_CONTACT");
    if (named && *named)
        return ko_contact_read(named, &online->contact, err);
    if (store)
        return ko_store_setting(store, KO_CONTACT_SETTING, &online->contact, err);
    online->contact = ko_strdup("");
    return online->contact ? KO_OK : ko_fail(err, KO_E_NOMEM, "contact");
}

static ko_status name_agent(ko_online *online, ko_error *err)
{
    ko_buf name = KO_BUF(KO_MAX_URL_BYTES);
    ko_status st = ko_buf_printf(&name, "Knockoff/%s", KO_VERSION);
    if (st == KO_OK && online->contact[0])
        st = ko_buf_printf(&name, " (+%s)", online->contact);
    online->user_agent = name.data;
    return st == KO_OK ? st : ko_fail(err, st, "user agent");
}

/* --- open and close --- */

ko_status ko_archive_folder(const ko_common *common, ko_buf *out, ko_error *err)
{
    *out = KO_BUF(KO_MAX_PATH_BYTES);
    char *path = ko_database_path(common, err);
    ko_status st = path ? ko_buf_printf(out, "%s-archive", path) : err->code;
    if (path && st != KO_OK)
        (void)ko_fail(err, st, "the path of the archive");
    ko_free(path);
    return st;
}

ko_status ko_open_archive(const ko_common *common, const char *software, ko_archive **out_archive,
                          ko_error *err)
{
    ko_buf folder;
    ko_status st = ko_archive_folder(common, &folder, err);
    if (st == KO_OK)
        st = ko_archive_open(folder.data, software, out_archive, err);
    ko_buf_free(&folder);
    return st;
}

ko_status ko_online_lock(const ko_common *common, ko_online *online, ko_error *err)
{
    ko_buf folder;
    int lock = -1;
    ko_status st = ko_archive_folder(common, &folder, err);
    if (st == KO_OK)
        st = ko_crawl_lock(folder.data, &lock, err);
    online->lock = lock + 1;
    ko_buf_free(&folder);
    return st;
}

ko_status ko_online_describe(const ko_online_options *options, ko_store *store, ko_online *online,
                             ko_net_options *out_net, ko_error *err)
{
    ko_status st = find_contact(options, store, online, err);
    if (st == KO_OK)
        st = name_agent(online, err);
    if (st != KO_OK)
        return st;
    ko_net_options_init(out_net);
    out_net->user_agent = online->user_agent;
    out_net->allow_hosts = (const char *const *)options->allow_hosts.word;
    out_net->n_allow_hosts = options->allow_hosts.count;
    out_net->ca_file = options->ca_file;
    out_net->budget = options->budget;
    out_net->proxy_from_environment = options->proxy_from_env;
    if (options->rate.given)
        out_net->rate = options->rate.value;
    if (!(out_net->rate > 0))
        return ko_fail(err, KO_E_USAGE, "--rate takes a number above 0, not %g", out_net->rate);
    return KO_OK;
}

ko_status ko_online_open(const ko_common *common, const ko_online_options *options, ko_store *store,
                         ko_online *out_online, ko_error *err)
{
    ko_net_options net;
    ko_status st = ko_online_describe(options, store, out_online, &net, err);
    if (st == KO_OK && store)
        ko_hosts_in_store(&net, store);
    if (st == KO_OK)
        st = ko_net_open(&net, &out_online->net, err);
    if (st == KO_OK && store)
        st = ko_open_archive(common, out_online->user_agent, &out_online->archive, err);
    return st;
}

void ko_online_close(ko_online *online)
{
    ko_net_close(online->net);
    ko_archive_close(online->archive);
    if (online->lock)
        (void)close(online->lock - 1);
    ko_free(online->contact);
    ko_free(online->user_agent);
    *online = (ko_online){0};
}
