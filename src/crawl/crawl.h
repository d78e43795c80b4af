/* crawl/crawl.h - from a source's address to listings with pictures, politely and resumably.
 *
 * Everything that is known of a run stands in the database: which addresses it led to, which of
 * them were answered, which pictures are still to come. A crawl fetches what is open there, keeps
 * each answer in the archive, and writes down what it said in the same transaction in which the
 * request becomes done. So it may be killed at any moment. */
#ifndef KO_CRAWL_CRAWL_H
#define KO_CRAWL_CRAWL_H

#include "capture/archive.h"
#include "net/net.h"
#include "scan/problems.h"
#include "store/source.h"

typedef struct ko_crawl_counts {
    size_t requests;               /* answered, pages and lists */
    size_t listings, new_listings; /* found, and those of them not known before */
    size_t pictures;               /* that arrived */
    size_t unchanged;              /* answers that said nothing changed */
    /* requests and pictures */
    size_t gone;
    size_t forbidden; /* by robots.txt */
    size_t blocked;   /* by a wall */
    size_t failed;    /* for any other reason */
} ko_crawl_counts;

typedef struct ko_crawl_options {
    ko_store *store;
    ko_archive *archive;
    ko_net *net;
    const struct ko_api_keys *keys; /* crawl/api.h; NULL: none */
    const char *api_base_url;       /* crawl/api.h; NULL */
    ko_problems *problems;
    /* Called now and then with what was reached; may be NULL. */
    void (*on_progress)(void *context, const ko_crawl_counts *counts, size_t waiting);
    void *context;
} ko_crawl_options;

/* Runs n sources at once until nothing is open that can be asked now, pictures included; each
 * one's result is written to it. A source that was interrupted goes on; any other begins anew,
 * asking only for what changed. Adds to *counts also when it ends early.
 * KO_E_STOPPED: the user asked to stop; what came is kept. Errors of the database and disk. */
KO_NODISCARD ko_status ko_crawl_run(const ko_crawl_options *options, const int64_t *sources,
                                    size_t n, ko_crawl_counts *counts, ko_error *err);

/* Fetches the pictures that are known and not here, whichever listings they belong to. */
KO_NODISCARD ko_status ko_crawl_pictures(const ko_crawl_options *options, ko_crawl_counts *counts,
                                         ko_error *err);

/* Makes sure that no other process crawls for the same database, which would ask each site twice
 * as much as it was promised: locks the folder of the archive, which is made, until *out_lock, a
 * descriptor, is closed or the process ends. KO_E_BUSY: another one crawls. KO_E_IO. */
KO_NODISCARD ko_status ko_crawl_lock(const char *archive_folder, int *out_lock, ko_error *err);

#endif
