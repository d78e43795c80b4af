#include "crawl/state.h"

#include "base/clock.h"

#include <string.h>

#define BATCH_ANSWERS 100
#define BATCH_MS 250 /* what a kill may cost: asked again */

ko_status ko_crawl_write(ko_crawl *crawl)
{
    if (crawl->writing)
        return KO_OK;
    const ko_status st = ko_store_begin(crawl->options->store, crawl->err);
    crawl->writing = st == KO_OK;
    crawl->in_batch = 0;
    crawl->batch_ms = ko_clock_ms();
    return st;
}

ko_status ko_crawl_settle(ko_crawl *crawl, bool now)
{
    if (!crawl->writing ||
        (!now && crawl->in_batch < BATCH_ANSWERS && ko_clock_ms() - crawl->batch_ms < BATCH_MS))
        return KO_OK;
    crawl->writing = false;
    /* First what the rows will speak of: after a crash they must find it. */
    const ko_status st = ko_archive_sync(crawl->options->archive, crawl->err);
    if (st == KO_OK)
        return ko_store_commit(crawl->options->store, crawl->err);
    ko_store_rollback(crawl->options->store);
    return st;
}

void ko_crawl_say(const ko_crawl *crawl, const char *url, const char *text)
{
    if (strstr(text, url))
        ko_problem(crawl->options->problems, "%s", text);
    else
        ko_problem(crawl->options->problems, "%s: %s", url, text);
}

bool ko_crawl_is_of_input(ko_status status)
{
    return status == KO_E_FORMAT || status == KO_E_UNSUPPORTED || status == KO_E_LIMIT;
}

ko_status ko_crawl_keep(ko_crawl *crawl, const char *source, const ko_reply *reply,
                        ko_page *out_page, ko_ingest_counts *counts, ko_error *own)
{
    const ko_crawl_options *o = crawl->options;
    ko_ingest *ingest = NULL;
    ko_status st = ko_crawl_write(crawl);
    if (st == KO_OK)
        st = ko_ingest_begin(o->store, o->archive, source, o->problems, &ingest, crawl->err);
    if (st != KO_OK)
        return st;
    st = ko_ingest_reply(ingest, reply, NULL, out_page, own);
    if (st != KO_OK && !ko_crawl_is_of_input(st)) {
        ko_ingest_abandon(ingest);
        return ko_fail(crawl->err, st, "%s", own->text);
    }
    const ko_status end = ko_ingest_end(ingest, counts, crawl->err);
    return end == KO_OK ? st : end;
}
