#include "crawl/state.h"

#include "base/file.h"
#include "base/limits.h"
#include "ingest/source.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Adds the pages that a text of URLs names; *out_is is false of any other file. */
static ko_status add_urls(ko_crawl *crawl, ko_crawl_source *s, bool *out_is)
{
    ko_buf bytes = KO_BUF(KO_MAX_PAGE_BYTES);
    ko_page page = {0};
    ko_status st = KO_OK;
    *out_is = ko_file_read(s->address, &bytes, NULL) == KO_OK &&
              ko_page_read(&(ko_page_source){.bytes = bytes.data, .size = bytes.size}, &page,
                           NULL) == KO_OK &&
              page.format == KO_FORMAT_URLS;
    for (size_t i = 0; st == KO_OK && *out_is && i < page.n_links; i++)
        st = ko_crawl_source_add(crawl, s, page.links[i].url, KO_REQUEST_PAGE);
    ko_page_free(&page);
    ko_buf_free(&bytes);
    return st;
}

/* Something that can be read at all: what cannot is this source's trouble and no one else's. */
static ko_status look_at(const char *path, ko_error *err)
{
    struct stat about;
    if (stat(path, &about) != 0)
        return ko_fail(err, KO_E_NOT_FOUND, "%s: %s", path, strerror(errno));
    if (!S_ISREG(about.st_mode) && !S_ISDIR(about.st_mode))
        return ko_fail(err, KO_E_UNSUPPORTED, "%s: not a regular file", path);
    if (access(path, R_OK) != 0)
        return ko_fail(err, KO_E_UNSUPPORTED, "%s: %s", path, strerror(errno));
    return KO_OK;
}

ko_status ko_crawl_file(ko_crawl *crawl, ko_crawl_source *source)
{
    const ko_crawl_options *o = crawl->options;
    const ko_ingest_source_options plain = {0};
    ko_ingest *ingest = NULL;
    ko_ingest_counts got = {0};
    ko_error own = {0};
    bool urls;
    ko_status st = add_urls(crawl, source, &urls);
    if (st != KO_OK || urls)
        return st;
    st = ko_ingest_begin(o->store, o->archive, source->address, o->problems, &ingest, crawl->err);
    if (st != KO_OK)
        return st;
    st = look_at(source->address, &own);
    if (st == KO_OK)
        st = ko_ingest_source(ingest, source->address, &plain, &own);
    if (st != KO_OK && st != KO_E_NOT_FOUND && !ko_crawl_is_of_input(st)) {
        ko_ingest_abandon(ingest);
        return ko_fail(crawl->err, st, "%s", own.text);
    }
    if (st != KO_OK) {
        ko_problem(o->problems, "%s", own.text);
        source->failed++;
        crawl->counts->failed++;
    }
    st = ko_ingest_end(ingest, &got, crawl->err);
    ko_crawl_source_found(crawl, source, &got);
    return st;
}
