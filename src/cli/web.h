/* cli/web.h - what the commands share that ask sites: the options, and all that must be open. */
#ifndef KO_CLI_WEB_H
#define KO_CLI_WEB_H

#include "base/buf.h"
#include "capture/archive.h"
#include "cli/cli.h"
#include "net/net.h"

#define KO_CONTACT_SETTING "contact" /* of the database (store/store.h) */

typedef struct ko_online_options {
    ko_words allow_hosts;
    ko_number rate;
    unsigned budget;
    const char *contact, *ca_file;
    bool proxy_from_env;
} ko_online_options;

/* The rows of the options, for the table of a command; at is the offset of its ko_online_options.
 */
#define KO_ONLINE_OPTIONS(at)                                                                      \
    {"rate",        0,                                                                             \
     KO_OPT_NUMBER, (at) + offsetof(ko_online_options, rate),                                      \
     "N",           "requests a second to one host at most (default: 1)"},                         \
        {"budget",     0,                                                                          \
         KO_OPT_COUNT, (at) + offsetof(ko_online_options, budget),                                 \
         "N",          "requests to one host at most (default: any number)"},                      \
        {"contact",   0,                                                                           \
         KO_OPT_TEXT, (at) + offsetof(ko_online_options, contact),                                 \
         "URL",       "how sites can reach you (default: $KNOCKOFF_CONTACT, else that of init)"},  \
        {"allow-host", 0,                                                                          \
         KO_OPT_EACH,  (at) + offsetof(ko_online_options, allow_hosts),                            \
         "HOST",       "may be in your own network; *.x allows all below x"},                      \
        {"ca-file",   0,                                                                           \
         KO_OPT_TEXT, (at) + offsetof(ko_online_options, ca_file),                                 \
         "FILE",      "whose certificates are trusted (default: the system's)"},                   \
    {                                                                                              \
        "proxy-from-env", 0, KO_OPT_FLAG, (at) + offsetof(ko_online_options, proxy_from_env),      \
            NULL, "ask through the proxy of the environment"                                       \
    }

typedef struct ko_online {
    ko_net *net;
    ko_archive *archive; /* NULL without a database */
    char *contact, *user_agent;
    int lock; /* a descriptor that is locked, plus 1; 0: none */
} ko_online;

/* The path of the archive's folder, beside the database; ko_buf_free *out also on errors.
 * KO_E_NOT_FOUND: no home folder. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_archive_folder(const ko_common *common, ko_buf *out, ko_error *err);
/* Opens the archive beside the database. software: see ko_archive_open. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_open_archive(const ko_common *common, const char *software,
                                       ko_archive **out_archive, ko_error *err);

/* What a net is opened with, without the memory of hosts; borrowed from options and *online, which
 * is closed with ko_online_close. KO_E_USAGE: a contact or a rate that is none. */
KO_NODISCARD ko_status ko_online_describe(const ko_online_options *options, ko_store *store,
                                          ko_online *online, ko_net_options *out_net,
                                          ko_error *err);
/* Opens the net and, beside the database, the archive. Without store nothing is kept between
 * runs. What came before an error is closed with ko_online_close.
 * Errors as ko_online_describe. */
KO_NODISCARD ko_status ko_online_open(const ko_common *common, const ko_online_options *options,
                                      ko_store *store, ko_online *out_online, ko_error *err);
/* As ko_crawl_lock. */
KO_NODISCARD ko_status ko_online_lock(const ko_common *common, ko_online *online, ko_error *err);
void ko_online_close(ko_online *online); /* zeroed ones are fine */

/* A contact as people write it, made a URL: "me@example.com" becomes "mailto:me@example.com".
 * KO_E_USAGE when it cannot stand in a header; ko_free *out_contact. */
KO_NODISCARD ko_status ko_contact_read(const char *text, char **out_contact, ko_error *err);

/* True of "http://..." and "https://...". */
bool ko_is_web_url(const char *word);

#endif
