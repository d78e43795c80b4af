#include "crawl/state.h"

#include "base/alloc.h"

void ko_crawl_ring_init(ko_crawl_asked *ring)
{
    ring->next = ring->previous = ring;
}

void ko_crawl_ring_free(ko_crawl_asked *ring)
{
    while (ring->next && ring->next != ring)
        ko_crawl_asked_free(ring->next);
}

static ko_crawl_asked *make(ko_crawl_asked *ring)
{
    ko_crawl_asked *asked = ko_alloc_zero(1, sizeof *asked);
    if (!asked)
        return NULL;
    asked->next = ring->next;
    asked->previous = ring;
    ring->next->previous = asked;
    ring->next = asked;
    return asked;
}

ko_crawl_asked *ko_crawl_asked_request(ko_crawl_source *source, const ko_request *request)
{
    ko_crawl_asked *asked = make(&source->asked);
    if (!asked)
        return NULL;
    asked->source = source;
    asked->request = *request;
    asked->request.url = ko_strdup(request->url);
    asked->request.reason = ko_strdup(request->reason);
    asked->request.etag = ko_strdup(request->etag);
    asked->request.last_modified = ko_strdup(request->last_modified);
    if (asked->request.url && asked->request.reason && asked->request.etag &&
        asked->request.last_modified)
        return asked;
    ko_crawl_asked_free(asked);
    return NULL;
}

ko_crawl_asked *ko_crawl_asked_picture(ko_pictures *pictures, const ko_web_picture *picture)
{
    ko_crawl_asked *asked = make(&pictures->asked);
    if (!asked)
        return NULL;
    asked->picture = *picture;
    asked->picture.url = ko_strdup(picture->url);
    asked->picture.reason = NULL;
    if (asked->picture.url)
        return asked;
    ko_crawl_asked_free(asked);
    return NULL;
}

void ko_crawl_asked_free(ko_crawl_asked *asked)
{
    if (!asked)
        return;
    asked->next->previous = asked->previous;
    asked->previous->next = asked->next;
    ko_free((char *)asked->request.url);
    ko_free((char *)asked->request.reason);
    ko_free((char *)asked->request.etag);
    ko_free((char *)asked->request.last_modified);
    ko_free((char *)asked->picture.url);
    ko_free(asked);
}
