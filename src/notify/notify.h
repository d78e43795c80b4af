/* notify/notify.h - news, told once to who wants them: by mail, to a program, as a feed, on the
 * desktop.
 *
 * What is new is put into a digest, which is kept before anything is sent (store/outbox.h): a
 * digest that cannot be delivered waits for its next try, and is never made twice. Without news
 * there is no digest. Channels are set up by settings of the database (notify/setup.h); what is
 * secret is never kept there. */
#ifndef KO_NOTIFY_NOTIFY_H
#define KO_NOTIFY_NOTIFY_H

#include "case/kit.h"
#include "scan/problems.h"
#include "store/store.h"

#define KO_NOTIFY_RENEW_S ((int64_t)7 * 86400)

typedef struct ko_notify_options {
    const ko_kit *kit;
    const char *mail_password;  /* NULL: none */
    const char *webhook_secret; /* NULL: none */
    const char *ca_file;        /* NULL: the system's */
    const char *desktop;        /* program that shows a note: "notify-send"; NULL: none */
    bool at_once; /* whatever the hour, and however short a time ago the last digest was; what was
                     given up of the last KO_NOTIFY_RENEW_S is tried again */
} ko_notify_options;

typedef struct ko_notify_counts {
    size_t news;      /* put into a new digest; 0: there were none, or they wait */
    size_t delivered; /* digests, once for each channel */
    size_t waiting;   /* deliveries that failed and are tried again later */
    size_t given_up;
    int64_t next_at; /* when there may be something to do, seconds since 1970; 0: with new news */
} ko_notify_counts;

/* Makes a digest of what is new, unless it is quiet (notify/quiet.h) or the last one was too short
 * a time ago, and delivers what waits. What cannot be delivered is a problem. KO_E_STOPPED, and
 * errors of the database. */
KO_NODISCARD ko_status ko_notify_run(ko_store *store, const ko_notify_options *options,
                                     ko_problems *problems, ko_notify_counts *out_counts,
                                     ko_error *err);

#endif
