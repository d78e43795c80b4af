/* notify/setup.h - where news go, and when: settings of the database, by name. */
#ifndef KO_NOTIFY_SETUP_H
#define KO_NOTIFY_SETUP_H

#include "notify/quiet.h"
#include "store/store.h"

typedef enum ko_notify_setting {
    KO_NOTIFY_MAIL_SERVER = 0, /* "smtps://mail.example" or "smtp://mail.example:587" */
    KO_NOTIFY_MAIL_USER,       /* "": the server asks for none */
    KO_NOTIFY_MAIL_FROM,       /* an address; "": the first one of mail.to */
    KO_NOTIFY_MAIL_TO,         /* addresses, with commas between; "": no mail */
    KO_NOTIFY_WEBHOOK,         /* "https://..."; "": none */
    KO_NOTIFY_ATOM,            /* path of a file; "": none */
    KO_NOTIFY_DESKTOP,         /* "yes" or "" */
    KO_NOTIFY_QUIET,           /* "22:00-07:30"; "": never */
    KO_NOTIFY_EVERY,           /* between two digests at least: "6h"; "": KO_NOTIFY_EVERY_S */
    KO_NOTIFY_SETTINGS
} ko_notify_setting;

#define KO_NOTIFY_EVERY_S ((int64_t)6 * 3600)

typedef enum ko_notify_channel {
    KO_NOTIFY_BY_MAIL = 0,
    KO_NOTIFY_BY_WEBHOOK,
    KO_NOTIFY_BY_ATOM,
    KO_NOTIFY_BY_DESKTOP,
    KO_NOTIFY_CHANNELS
} ko_notify_channel;

/* Owns its texts. */
typedef struct ko_notify_setup {
    char *text[KO_NOTIFY_SETTINGS];
    ko_quiet quiet;
    int64_t every_s;
} ko_notify_setup;

/* "mail.server", ... */
const char *ko_notify_setting_name(ko_notify_setting setting);
/* By name, also with "notify." before it; KO_E_USAGE names those that there are. */
KO_NODISCARD ko_status ko_notify_setting_find(const char *name, ko_notify_setting *out_setting,
                                              ko_error *err);

/* "mail", "webhook", ... */
const char *ko_notify_channel_name(ko_notify_channel channel);
/* KO_E_USAGE names those that there are. */
KO_NODISCARD ko_status ko_notify_channel_find(const char *name, ko_notify_channel *out_channel,
                                              ko_error *err);
/* Is all set that a channel needs? */
bool ko_notify_is_set(const ko_notify_setup *setup, ko_notify_channel channel);

/* Keeps a setting; "" forgets it. KO_E_USAGE: the value is none for it, with what is wrong. */
KO_NODISCARD ko_status ko_notify_set(ko_store *store, ko_notify_setting setting, const char *value,
                                     ko_error *err);
/* Free with ko_notify_setup_free, also after an error. */
KO_NODISCARD ko_status ko_notify_setup_read(ko_store *store, ko_notify_setup *out_setup,
                                            ko_error *err);
void ko_notify_setup_free(ko_notify_setup *setup); /* zeroed ones are fine */

/* What kind of address a server has, "smtp://host:port" or "https://host/path". */
typedef struct ko_notify_address {
    char scheme[8]; /* lower case */
    char host[256]; /* without brackets */
    bool local;     /* this machine: localhost, 127.x.x.x or ::1, which no network lies before */
} ko_notify_address;

/* KO_E_USAGE: it is none, or has a user or a password in it, which do not belong there. */
KO_NODISCARD ko_status ko_notify_address_read(const char *url, ko_notify_address *out_address,
                                              ko_error *err);

#endif
