#include "watch/keep.h"

#include "base/clock.h"
#include "base/stop.h"
#include "store/retention.h"
#include "store/upkeep.h"
#include "watch/keep_files.h"

#include <assert.h>

static ko_status purge_kind(ko_store *store, ko_purge_kind kind, const ko_retention_times *times,
                            bool dry, size_t *count, ko_error *err)
{
    int64_t cursor = 0;
    ko_status st;
    do {
        if (ko_stop_asked())
            return ko_fail(err, KO_E_STOPPED, "stopped; the next run goes on");
        st = ko_purge_some(store, kind, times, dry, &cursor, count, err);
    } while (st == KO_OK && cursor);
    return st;
}

static ko_status purge_rows(ko_store *store, const ko_retention_times *times, bool dry,
                            ko_keep_counts *counts, ko_error *err)
{
    size_t addresses = 0; /* which nobody knows of, and so are not told */
    size_t *const count[KO_PURGE_KINDS] = {
        [KO_PURGE_LOOKS] = &counts->looks,       [KO_PURGE_ANSWERS] = &counts->answers,
        [KO_PURGE_PICTURES] = &counts->pictures, [KO_PURGE_PHOTOS] = &counts->photos,
        [KO_PURGE_LISTINGS] = &counts->listings, [KO_PURGE_ADDRESSES] = &addresses,
        [KO_PURGE_RUNS] = &counts->runs,         [KO_PURGE_DIGESTS] = &counts->digests,
        [KO_PURGE_HOSTS] = &counts->hosts,
    };
    ko_status st = KO_OK;
    for (ko_purge_kind kind = 0; st == KO_OK && kind < KO_PURGE_KINDS; kind++)
        st = purge_kind(store, kind, times, dry, count[kind], err);
    return st;
}

ko_status ko_keep_run(ko_store *store, const char *archive_folder, const char *software, bool dry,
                      ko_problems *problems, ko_keep_counts *out_counts, ko_error *err)
{
    assert(store && archive_folder && software && problems && out_counts);
    ko_keep_counts counts = {0};
    ko_retention_times times;
    ko_status st = ko_retention_times_read(store, ko_clock_now(), &times, err);
    if (st == KO_OK)
        st = purge_rows(store, &times, dry, &counts, err);
    const ko_keep_files files = {.store = store,
                                 .archive_folder = archive_folder,
                                 .software = software,
                                 .times = dry ? &times : NULL,
                                 .problems = problems,
                                 .counts = &counts};
    if (st == KO_OK)
        st = ko_keep_files_run(&files, err);
    if (st == KO_OK && !dry)
        st = ko_store_settle(store, err);
    *out_counts = counts;
    return st;
}
