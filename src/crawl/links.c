#include "crawl/state.h"

#include "base/limits.h"
#include "crawl/kind.h"

/* A list that holds nothing is a calendar, or a trap: where it goes on to is not followed. */
static bool is_barren(const ko_page *page)
{
    bool pages = page->offers.count > 0 || page->format == KO_FORMAT_SITEMAP;
    for (size_t i = 0; i < page->n_links && !pages; i++)
        pages = page->links[i].role == KO_LINK_PAGE;
    return !pages;
}

static ko_status add_links(ko_crawl *crawl, ko_crawl_source *s, const ko_page *page,
                           ko_page_link_role role)
{
    const ko_request_role as = role == KO_LINK_PAGE ? KO_REQUEST_PAGE : KO_REQUEST_LIST;
    ko_status st = KO_OK;
    for (size_t i = 0; st == KO_OK && i < page->n_links; i++)
        if (page->links[i].role == role)
            st = ko_crawl_source_add(crawl, s, page->links[i].url, as);
    return st;
}

/* Lists that go on and on with what was there before are a trap, too, however they do it: after
 * some in a row the next new one is not followed. Those that a former run knew are no measure. */
ko_status ko_crawl_follow(ko_crawl *crawl, ko_crawl_source *source, const ko_crawl_list *list)
{
    char next[KO_MAX_URL_BYTES + 1];
    if (!ko_kind_follows(source->kind) || is_barren(list->page))
        return KO_OK;
    const int64_t before = source->known;
    ko_status st = add_links(crawl, source, list->page, KO_LINK_PAGE);
    const int64_t pages = source->known;
    if (list->news || pages > before)
        source->idle_lists = 0;
    if (st != KO_OK || source->idle_lists >= KO_MAX_IDLE_LISTS)
        return st;
    st = add_links(crawl, source, list->page, KO_LINK_MORE);
    if (st == KO_OK && ko_kind_next(source->kind, list->url, list->page, list->headers, next))
        st = ko_crawl_source_add(crawl, source, next, KO_REQUEST_LIST);
    source->idle_lists += !list->news && pages == before && source->known > pages;
    return st;
}
