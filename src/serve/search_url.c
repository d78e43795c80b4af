/* Reverse search by an address: it is asked as politely as a crawl would, and forgotten. */
#include "serve/handlers.h"

#include "base/clock.h"
#include "base/limits.h"
#include "crawl/hosts.h"
#include "crawl/visit.h"
#include "report/json.h"
#include "serve/sent.h"

#include <string.h>
#include <sys/socket.h>

/* An address that is being asked. */
typedef struct visit {
    ko_desk *desk;
    const ko_serve_request *request;
    const char *url;
    int64_t deadline_ms;
    ko_serve_answer *answer;
    ko_error *err;
} visit;

/* Called a few times a second: nobody is waited for any longer, or nobody waits. */
static ko_status watch(void *context)
{
    const visit *v = context;
    char byte;
    if (ko_clock_ms() > v->deadline_ms)
        return ko_fail(v->err, KO_E_LIMIT, "%s: no answer within %d seconds", v->url,
                       KO_MAX_SERVE_FETCH_MS / 1000);
    if (v->request->socket >= 0 && recv(v->request->socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0)
        return ko_fail(v->err, KO_E_STOPPED, "nobody waits for %s any more", v->url);
    return KO_OK;
}

static ko_status tell_page(const visit *v, const ko_visited *visited)
{
    json_t *pictures = json_array();
    bool whole = pictures != NULL;
    for (size_t i = 0; whole && i < visited->pictures.count; i++)
        whole = json_array_append_new(pictures, ko_json_string(visited->pictures.path[i])) == 0;
    ko_status st = whole ? KO_OK : ko_fail(v->err, KO_E_NOMEM, "pictures of a page");
    if (st == KO_OK)
        st = ko_serve_answer_json(v->answer,
                                  json_pack("{s:o, s:O, s:I}", "page", ko_json_string(v->url),
                                            "pictures", pictures, "left_out",
                                            (json_int_t)visited->left_out),
                                  v->err);
    json_decref(pictures);
    return st;
}

static ko_status on_answer(void *context, const ko_net_answer *got)
{
    const visit *v = context;
    ko_visited visited = {0};
    ko_status st = ko_visit_read(&got->reply, &visited, v->err);
    if (st != KO_OK)
        ko_error_prefix(v->err, v->url);
    else if (visited.is_picture)
        st = ko_serve_look(v->desk, v->url, got->reply.body, got->reply.size, v->answer, v->err);
    else
        st = tell_page(v, &visited);
    ko_visited_free(&visited);
    return st;
}

/* With a connection to the database of its own, as it may take long. */
static ko_status ask(visit *v, ko_store *store)
{
    ko_net_options options = *v->desk->net;
    ko_net *net = NULL;
    options.tries = 1; /* whoever waits may try again */
    options.total_ms = KO_MAX_SERVE_FETCH_MS;
    ko_hosts_in_store(&options, store);
    ko_status st = ko_net_open(&options, &net, v->err);
    if (st == KO_OK) {
        ko_net_on_tick(net, watch, v);
        st = ko_visit_fetch(net, v->url, KO_MAX_WEB_PICTURE_BYTES, on_answer, v, v->err);
    }
    ko_net_close(net);
    return st;
}

/* One after the other, so that no host is asked more often than it was promised. */
static ko_status ask_in_turn(visit *v)
{
    ko_store *store = NULL;
    ko_status st = ko_store_open(v->desk->path, KO_STORE_OPEN, &store, v->err);
    if (st != KO_OK)
        return st;
    (void)pthread_mutex_lock(&v->desk->fetching);
    v->deadline_ms = ko_clock_ms() + KO_MAX_SERVE_FETCH_MS;
    st = ask(v, store);
    (void)pthread_mutex_unlock(&v->desk->fetching);
    ko_store_close(store);
    return st;
}

static ko_status read_url(const ko_serve_request *request, json_t **out_sent, const char **out_url,
                          ko_error *err)
{
    static const char *const names[] = {"url", NULL};
    ko_status st = ko_sent_object(request, names, out_sent, err);
    if (st == KO_OK)
        st = ko_sent_text(*out_sent, "url", out_url, err);
    if (st != KO_OK)
        return st;
    if (!*out_url)
        return ko_fail(err, KO_E_USAGE, "an address to look at is missing: url");
    const size_t n = strlen(*out_url);
    if (n > KO_MAX_URL_BYTES)
        return ko_fail(err, KO_E_LIMIT, "an address of %zu bytes, limit %zu", n, KO_MAX_URL_BYTES);
    return KO_OK;
}

ko_status ko_serve_search_url(ko_desk *desk, const ko_serve_request *request,
                              ko_serve_answer *answer, ko_error *err)
{
    visit v = {.desk = desk, .request = request, .answer = answer, .err = err};
    json_t *sent = NULL;
    ko_status st = read_url(request, &sent, &v.url, err);
    if (st == KO_OK && !desk->net)
        st = ko_fail(err, KO_E_UNSUPPORTED, "this server asks no other");
    if (st == KO_OK)
        st = ask_in_turn(&v);
    json_decref(sent);
    return st;
}
