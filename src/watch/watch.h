/* watch/watch.h - what runs when nobody looks: sources that are due, the scan of what came, another
 * look at listings, news, and what is kept no longer.
 *
 * When each was done, what is next and what came of it stands in the database (store/job.h), so a
 * watch may be killed at any moment: what was under way is taken up again. One watch runs for a
 * database. What was missed while none ran is done once, not as often as it was missed. */
#ifndef KO_WATCH_WATCH_H
#define KO_WATCH_WATCH_H

#include "case/kit.h"
#include "crawl/api.h"
#include "net/net.h"
#include "notify/notify.h"
#include "scan/problems.h"
#include "store/store.h"

typedef struct ko_watch_options {
    ko_store *store;
    const char *archive_folder; /* capture/archive.h */
    const char *software;       /* as ko_archive_open takes it */
    const ko_net_options *net;  /* without the memory of hosts; each job opens a net of its own */
    const ko_api_keys *keys;    /* NULL: none */
    const ko_kit *kit;
    const ko_notify_options *notify;
    unsigned jobs;       /* threads of a scan */
    const char *metrics; /* path of a file in OpenMetrics' text format that is written anew
                            after each round; NULL: none */
    bool once;           /* do what is due, and end */
    ko_problems *problems;
    /* Called with one line about each job that was done; may be NULL. */
    void (*on_done)(void *context, const char *job, const char *result, bool failed);
    /* Waits until that moment or a wish to stop, instead of ko_watch_wait; NULL: that one. */
    void (*wait)(void *context, int64_t until);
    void *context;
} ko_watch_options;

/* Runs until the user asks to stop, or with once until all that is due is done. A job that fails is
 * told and tried again later; the others go on. KO_E_BUSY: another watch runs. KO_E_STOPPED: the
 * user asked to stop; all is kept. Errors of the database that make going on senseless. */
KO_NODISCARD ko_status ko_watch_run(const ko_watch_options *options, ko_error *err);

#endif
