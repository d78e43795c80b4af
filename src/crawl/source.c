#include "crawl/state.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/stop.h"
#include "crawl/api.h"
#include "crawl/kind.h"

#include <stdio.h>
#include <string.h>

/* --- loading --- */

static ko_status on_row(void *context, const ko_source *row)
{
    ko_crawl_source *s = context;
    s->row = *row;
    s->row.name = s->name = ko_strdup(row->name);
    s->row.url = s->address = ko_strdup(row->url);
    (void)snprintf(s->kind, sizeof s->kind, "%s", row->kind);
    (void)snprintf(s->result, sizeof s->result, "%s", row->last_result);
    s->row.kind = s->kind;
    s->row.last_result = s->result;
    return s->name && s->address ? KO_OK : KO_E_NOMEM;
}

ko_status ko_crawl_source_load(ko_crawl *crawl, int64_t id, ko_crawl_source *out)
{
    char number[24];
    (void)snprintf(number, sizeof number, "%lld", (long long)id);
    ko_crawl_ring_init(&out->asked);
    return ko_source_each(crawl->options->store, number, on_row, out, crawl->err);
}

void ko_crawl_source_free(ko_crawl_source *source)
{
    ko_crawl_ring_free(&source->asked);
    ko_page_free(&source->front);
    ko_api_close(source->api);
    ko_buf_free(&source->picture);
    ko_free(source->name);
    ko_free(source->address);
}

/* --- beginning --- */

static ko_status count_requests(ko_crawl *crawl, ko_crawl_source *s, ko_request_counts *out)
{
    const ko_status st = ko_request_count(crawl->options->store, s->row.id, out, crawl->err);
    s->known = out->fresh + out->done + out->failed + out->blocked;
    return st;
}

static bool is_file(const ko_crawl_source *s)
{
    return s->address[0] == '/';
}

/* A run that ended begins anew; one that was interrupted goes on with what is open. */
static ko_status begin_run(ko_crawl *crawl, ko_crawl_source *s)
{
    ko_store *store = crawl->options->store;
    ko_request_counts counts = {0};
    ko_status st = KO_OK;
    if (!s->row.running) {
        st = ko_requests_renew(store, s->row.id, crawl->err);
        s->row.running = true;
        s->row.last_run = ko_clock_now();
        if (st == KO_OK)
            st = ko_source_update(store, &s->row, crawl->err);
    }
    if (st == KO_OK)
        st = count_requests(crawl, s, &counts);
    if (st != KO_OK)
        return st;
    s->lists = (size_t)counts.lists;
    return is_file(s) ? ko_crawl_file(crawl, s)
                      : ko_crawl_source_add(crawl, s, s->address, KO_REQUEST_LIST);
}

/* Something about the source itself that only the user can mend. */
static ko_status refuse(ko_crawl *crawl, ko_crawl_source *s, const ko_error *why)
{
    ko_problem(crawl->options->problems, "%s: %s", s->name, why->text);
    (void)snprintf(s->result, sizeof s->result, "%s", why->text);
    crawl->counts->failed++;
    s->row.running = false;
    return ko_source_update(crawl->options->store, &s->row, crawl->err);
}

static ko_status understand(ko_crawl *crawl, ko_crawl_source *s, ko_error *own)
{
    if (is_file(s))
        return KO_OK;
    if (!ko_api_is(s->address))
        return ko_url_parse(s->address, strlen(s->address), NULL, &s->url, own);
    (void)snprintf(s->kind, sizeof s->kind, "%s", KO_KIND_API);
    return ko_crawl_search_open(crawl, s, own);
}

ko_status ko_crawl_source_begin(ko_crawl *crawl, ko_crawl_source *source)
{
    ko_error own = {0};
    ko_status st = ko_crawl_write(crawl);
    if (st != KO_OK)
        return st;
    st = understand(crawl, source, &own);
    if (st == KO_E_USAGE || st == KO_E_NOT_FOUND || ko_crawl_is_of_input(st))
        return refuse(crawl, source, &own);
    if (st != KO_OK)
        return ko_fail(crawl->err, st, "%s", own.text);
    st = begin_run(crawl, source);
    return st == KO_OK ? ko_crawl_source_ask(crawl, source) : st;
}

void ko_crawl_source_found(ko_crawl *crawl, ko_crawl_source *source, const ko_ingest_counts *got)
{
    source->listings += got->listings;
    source->new_listings += got->new_listings;
    source->row.listings += (int64_t)got->new_listings;
    crawl->counts->listings += got->listings;
    crawl->counts->new_listings += got->new_listings;
}

/* --- asking --- */

ko_status ko_crawl_source_add(ko_crawl *crawl, ko_crawl_source *source, const char *url,
                              ko_request_role role)
{
    bool fresh = false;
    if (source->known >= KO_MAX_SOURCE_REQUESTS) {
        if (!source->known_cut)
            ko_problem(crawl->options->problems,
                       "%s: leads to more than %u addresses; the rest is left out", source->name,
                       KO_MAX_SOURCE_REQUESTS);
        source->known_cut = true;
        return KO_OK;
    }
    const ko_status st =
        ko_request_add(crawl->options->store, source->row.id, url, role, &fresh, crawl->err);
    source->known += fresh;
    return st;
}

static bool is_asked(const ko_crawl_source *source, int64_t id)
{
    for (const ko_crawl_asked *a = source->asked.next; a != &source->asked; a = a->next)
        if (a->request.id == id)
            return true;
    return false;
}

/* Requests that are open and were not handed to the net, as the database gives them. */
typedef struct open_requests {
    ko_crawl_source *source;
    ko_crawl_asked *items[KO_MAX_CRAWL_WAITING];
    size_t n;
} open_requests;

static ko_status on_open(void *context, const ko_request *request)
{
    open_requests *open = context;
    if (is_asked(open->source, request->id) ||
        open->source->asking + open->n == KO_MAX_CRAWL_WAITING)
        return KO_OK;
    ko_crawl_asked *asked = ko_crawl_asked_request(open->source, request);
    open->items[open->n] = asked;
    open->n += asked != NULL;
    return asked ? KO_OK : KO_E_NOMEM;
}

/* A request that this run does without. While the kind is being found out it stays open: what
 * the front page leads to may be all there is. */
static ko_status pass_over(ko_crawl *crawl, ko_crawl_asked *asked, const char *reason)
{
    ko_status st = ko_crawl_write(crawl);
    const ko_request passed = {.id = asked->request.id,
                               .state = KO_REQUEST_DONE,
                               .reason = reason,
                               .etag = asked->request.etag,
                               .last_modified = asked->request.last_modified,
                               .fetched_at = asked->request.fetched_at};
    if (st == KO_OK)
        st = ko_request_update(crawl->options->store, &passed, crawl->err);
    ko_crawl_asked_free(asked);
    return st;
}

static bool lists_used_up(ko_crawl *crawl, ko_crawl_source *s)
{
    if (s->lists < KO_MAX_SOURCE_LISTS)
        return false;
    if (!s->lists_cut)
        ko_problem(crawl->options->problems,
                   "%s: has more than %u lists; the rest is left out of this run", s->name,
                   KO_MAX_SOURCE_LISTS);
    s->lists_cut = true;
    return true;
}

/* Asks for one open request, or settles it without. */
static ko_status ask_one(ko_crawl *crawl, ko_crawl_source *s, ko_crawl_asked *asked,
                         bool *out_settled)
{
    const bool list = asked->request.role == KO_REQUEST_LIST;
    if (s->url.size && !ko_kind_asks(s->kind, &s->url, asked->request.url)) {
        if (ko_kind_is_known(s->kind)) {
            *out_settled = true;
            return pass_over(crawl, asked, "");
        }
        ko_crawl_asked_free(asked);
        return KO_OK;
    }
    if (list && lists_used_up(crawl, s)) {
        *out_settled = true;
        return pass_over(crawl, asked, "beyond the lists of a run");
    }
    s->lists += list;
    s->asking++;
    return s->api ? ko_crawl_search_ask(crawl, asked) : ko_crawl_hand_over(crawl, asked);
}

/* --- ending --- */

static void say_result(ko_crawl_source *s, int64_t later)
{
    size_t at = 0;
    const struct {
        size_t n;
        const char *what;
    } parts[] = {{s->unchanged, "unchanged"},
                 {s->gone, "gone"},
                 {s->failed, "failed"},
                 {s->forbidden, "forbidden by robots.txt"},
                 {(size_t)later, "to be asked later"}};
    const int n = snprintf(s->result, sizeof s->result, "%zu listing%s, %zu new", s->listings,
                           s->listings == 1 ? "" : "s", s->new_listings);
    at = n > 0 ? (size_t)n : 0;
    const char *between = "; ";
    for (size_t i = 0; i < sizeof parts / sizeof *parts && at < sizeof s->result; i++) {
        if (parts[i].n == 0)
            continue;
        const int more = snprintf(s->result + at, sizeof s->result - at, "%s%zu page%s %s", between,
                                  parts[i].n, parts[i].n == 1 ? "" : "s", parts[i].what);
        at += more > 0 ? (size_t)more : 0;
        between = ", ";
    }
    if (s->wall && at < sizeof s->result)
        (void)snprintf(s->result + at, sizeof s->result - at,
                       "; blocked by %s; lawful ways in: " KO_CRAWL_LAWFUL_WAYS, s->wall);
}

/* Nothing is under way. What was put off belongs to the same run still. */
static ko_status end_run(ko_crawl *crawl, ko_crawl_source *s)
{
    ko_request_counts counts = {0};
    ko_status st = ko_crawl_write(crawl);
    if (st == KO_OK)
        st = count_requests(crawl, s, &counts);
    if (st != KO_OK)
        return st;
    const bool waits = counts.next_at > 0;
    s->row.running = waits;
    say_result(s, waits ? counts.fresh : 0);
    return ko_source_update(crawl->options->store, &s->row, crawl->err);
}

ko_status ko_crawl_source_ask(ko_crawl *crawl, ko_crawl_source *source)
{
    bool settled;
    ko_status st = KO_OK;
    if (ko_stop_asked() || source->asking > KO_MAX_CRAWL_WAITING / 2)
        return KO_OK;
    do {
        open_requests open = {.source = source};
        settled = false;
        /* As many as are in the net come first, being open too. */
        st = ko_request_each_new(crawl->options->store, source->row.id, 0, ko_clock_now(),
                                 (size_t)2 * KO_MAX_CRAWL_WAITING, on_open, &open, crawl->err);
        for (size_t i = 0; i < open.n && st == KO_OK; i++)
            st = ask_one(crawl, source, open.items[i], &settled);
    } while (st == KO_OK && settled);
    return st == KO_OK && source->asking == 0 ? end_run(crawl, source) : st;
}
