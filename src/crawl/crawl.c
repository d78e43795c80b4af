#include "crawl/crawl.h"

#include "base/alloc.h"
#include "base/file.h"
#include "base/stop.h"
#include "crawl/state.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

/* What happens by the clock: what came is committed though nothing else comes. */
static ko_status on_tick(void *context)
{
    ko_crawl *crawl = context;
    const ko_crawl_options *o = crawl->options;
    if (o->on_progress)
        o->on_progress(o->context, crawl->counts, ko_net_pending(o->net));
    return ko_crawl_settle(crawl, false);
}

static ko_status on_answer(void *context, const ko_net_answer *answer)
{
    ko_crawl *crawl = context;
    const ko_crawl_options *o = crawl->options;
    ko_crawl_asked *asked = answer->owner;
    ko_status st = asked->source ? ko_crawl_answer(crawl, asked, answer)
                                 : ko_pictures_answer(crawl, asked, answer);
    if (st == KO_OK)
        st = ko_pictures_ask(crawl);
    if (st == KO_OK)
        st = ko_crawl_settle(crawl, false);
    if (o->on_progress)
        o->on_progress(o->context, crawl->counts, ko_net_pending(o->net));
    return st;
}

static ko_status run(ko_crawl *crawl)
{
    ko_net *net = crawl->options->net;
    ko_status st = KO_OK;
    for (size_t i = 0; st == KO_OK && i < crawl->n_sources && !ko_stop_asked(); i++)
        st = ko_crawl_source_begin(crawl, &crawl->sources[i]);
    if (st == KO_OK)
        st = ko_pictures_ask(crawl);
    if (st == KO_OK)
        st = ko_crawl_settle(crawl, true);
    ko_net_on_tick(net, on_tick, crawl);
    if (st == KO_OK)
        st = ko_net_run(net, on_answer, crawl, crawl->err);
    ko_net_on_tick(net, NULL, NULL);
    if (st == KO_OK || st == KO_E_STOPPED) {
        const ko_status kept = ko_crawl_settle(crawl, true);
        st = kept == KO_OK ? st : kept;
    } else if (crawl->writing) {
        ko_store_rollback(crawl->options->store);
    }
    if (st == KO_OK && ko_stop_asked())
        st = KO_E_STOPPED;
    if (st == KO_E_STOPPED)
        (void)ko_fail(crawl->err, st, "stopped; what came is kept, and crawl goes on from here");
    return st;
}

ko_status ko_crawl_run(const ko_crawl_options *options, const int64_t *sources, size_t n,
                       ko_crawl_counts *counts, ko_error *err)
{
    assert(options->store && options->archive && options->net && options->problems && counts);
    ko_error own = {0};
    ko_crawl crawl = {.options = options, .counts = counts, .err = &own};
    ko_pictures_init(&crawl.pictures);
    crawl.sources = ko_alloc_zero(n, sizeof *crawl.sources);
    ko_status st = crawl.sources ? KO_OK : ko_fail(&own, KO_E_NOMEM, "%zu sources", n);
    for (; st == KO_OK && crawl.n_sources < n; crawl.n_sources++)
        st =
            ko_crawl_source_load(&crawl, sources[crawl.n_sources], &crawl.sources[crawl.n_sources]);
    if (st == KO_OK)
        st = run(&crawl);
    for (size_t i = 0; i < crawl.n_sources; i++)
        ko_crawl_source_free(&crawl.sources[i]);
    ko_free(crawl.sources);
    ko_pictures_free(&crawl.pictures);
    return st == KO_OK ? KO_OK : ko_fail(err, st, "%s", own.text);
}

ko_status ko_crawl_pictures(const ko_crawl_options *options, ko_crawl_counts *counts, ko_error *err)
{
    return ko_crawl_run(options, NULL, 0, counts, err);
}

ko_status ko_crawl_lock(const char *archive_folder, int *out_lock, ko_error *err)
{
    const ko_status st = ko_folder_make(archive_folder, err);
    if (st != KO_OK)
        return st;
    const int fd = open(archive_folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return ko_fail(err, KO_E_IO, "%s: %s", archive_folder, strerror(errno));
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        (void)close(fd);
        return ko_fail(err, KO_E_BUSY, "%s: another crawl is running", archive_folder);
    }
    *out_lock = fd;
    return KO_OK;
}
