#include "crawl/visit.h"

#include "base/limits.h"
#include "page/page.h"
#include "page/record.h"

#include <knockoff/image.h>

#include <string.h>

/* --- asking --- */

typedef struct fetching {
    const char *url;
    ko_net_fn *fn;
    void *context;
    ko_error *err;
} fetching;

static ko_status on_answer(void *context, const ko_net_answer *answer)
{
    const fetching *f = context;
    if (answer->outcome == KO_NET_DATA)
        return f->fn(f->context, answer);
    if (answer->outcome == KO_NET_STOPPED)
        return ko_fail(f->err, KO_E_STOPPED, "stopped");
    const ko_status st = answer->outcome == KO_NET_GONE ? KO_E_NOT_FOUND : KO_E_FORMAT;
    if (strstr(answer->text, f->url)) /* it says already what it is about */
        return ko_fail(f->err, st, "%s", answer->text);
    return ko_fail(f->err, st, "%s: %s", f->url, answer->text);
}

ko_status ko_visit_fetch(ko_net *net, const char *url, size_t max_bytes, ko_net_fn *fn,
                         void *context, ko_error *err)
{
    fetching f = {.url = url, .fn = fn, .context = context, .err = err};
    const ko_net_request request = {.url = url, .max_bytes = max_bytes};
    const ko_status st = ko_net_add(net, &request, err);
    return st == KO_OK ? ko_net_run(net, on_answer, &f, err) : st;
}

/* --- what came --- */

static ko_status take_gallery(const ko_page *page, ko_visited *out, ko_error *err)
{
    ko_status st = KO_OK;
    for (size_t i = 0; st == KO_OK && i < page->offers.count; i++) {
        ko_listing record = {0};
        st = ko_offer_record(&page->offers.offer[i], &record, err);
        for (size_t p = 0; st == KO_OK && p < record.n_pictures; p++) {
            if (out->pictures.count < KO_MAX_LISTING_IMAGES)
                st = ko_paths_add(&out->pictures, record.pictures[p].url, err);
            else
                out->left_out++;
        }
        ko_listing_free(&record);
    }
    return st;
}

ko_status ko_visit_read(const ko_reply *reply, ko_visited *out_visited, ko_error *err)
{
    const ko_page_source source = {.bytes = reply->body,
                                   .size = reply->size,
                                   .url = reply->final_url,
                                   .content_type = reply->content_type,
                                   .status = reply->status};
    ko_visited visited = {.is_picture =
                              ko_image_sniff(reply->body, reply->size) != KO_IMAGE_UNKNOWN};
    ko_page page = {0};
    ko_status st = visited.is_picture ? KO_OK : ko_page_read(&source, &page, err);
    if (st == KO_OK && page.blocked)
        st = ko_fail(err, KO_E_FORMAT, "blocked by %s", page.blocked);
    if (st == KO_OK && !visited.is_picture)
        st = take_gallery(&page, &visited, err);
    if (st == KO_OK && !visited.is_picture && visited.pictures.count == 0)
        st = ko_fail(err, KO_E_FORMAT, "a page without pictures of a listing");
    ko_page_free(&page);
    if (st == KO_OK)
        *out_visited = visited;
    else
        ko_visited_free(&visited);
    return st;
}

void ko_visited_free(ko_visited *visited)
{
    ko_paths_free(&visited->pictures);
    *visited = (ko_visited){0};
}
