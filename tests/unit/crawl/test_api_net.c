/* Searches over the wire, from a server that wants keys. */
#include "crawl/api_talk.h"

#include "crawl/crawl.h"
#include "server/server.h"
#include "store/fixture.h"

#include <openssl/evp.h>
#include <pthread.h>
#include <zlib.h>

/* The interface: hands out tokens and takes the last one, for a few pages each. */
typedef struct shop {
    pthread_mutex_t lock;
    unsigned tokens, pages_left;
    unsigned port;
    char seen[16][200]; /* "GET /path", in order */
    size_t n_seen;
    unsigned char picture[2000];
} shop;

/* The pictures of the reply are moved to this server, which has none. */
static bool answer_file(const shop *s, const test_request *request, const char *name)
{
    static const char pictures[] = "https://i.ebayimg.example";
    ko_buf body = KO_BUF(1 << 20);
    char path[512], here[sizeof pictures + 1];
    (void)snprintf(path, sizeof path, "%s/api/%s.json", KO_FIXTURES, name);
    (void)snprintf(here, sizeof here, "http://127.0.0.1:%05u//", s->port);
    const bool found = ko_file_read(path, &body, NULL) == KO_OK;
    for (char *at = found ? strstr(body.data, pictures) : NULL; at; at = strstr(at, pictures))
        memcpy(at, here, strlen(here));
    const bool kept = test_answer(request, found ? 200 : 500, "Content-Type: application/json\r\n",
                                  body.data, body.size);
    ko_buf_free(&body);
    return kept;
}

static bool answer_token(shop *s, const test_request *request)
{
    char basic[200], token[200];
    test_header(request, "Authorization", basic, sizeof basic);
    if (strncmp(basic, "Basic SGVyb24t", 14) != 0 || request->body_bytes < 29 ||
        memcmp(request->body, "grant_type=client_credentials", 29) != 0)
        return test_answer_text(request, 401, "", "{\"error\":\"invalid_client\"}");
    s->tokens++;
    s->pages_left = 1;
    (void)snprintf(token, sizeof token, "{\"access_token\":\"invented-token-%u\"}", s->tokens);
    return test_answer_text(request, 200, "", token);
}

/* Repeats the key that it was sent, as some interfaces do. */
static bool answer_etsy(const test_request *request)
{
    char key[200], body[300];
    test_header(request, "x-api-key", key, sizeof key);
    (void)snprintf(body, sizeof body, "{\"error\":\"%s is not active\"}", key);
    return test_answer_text(request, 403, "", body);
}

/* Keeps the picture of an image search. */
static void note_picture(shop *s, const test_request *request)
{
    static const char before[] = "{\"image\":\"";
    const size_t head = sizeof before - 1;
    if (request->body_bytes > head + 2 && memcmp(request->body, before, head) == 0)
        (void)EVP_DecodeBlock(s->picture, (const unsigned char *)request->body + head,
                              (int)(request->body_bytes - head - 2));
}

static bool on_request(void *context, const test_request *request)
{
    shop *s = context;
    char bearer[200], wanted[200];
    bool kept = false;
    test_header(request, "Authorization", bearer, sizeof bearer);
    (void)pthread_mutex_lock(&s->lock);
    if (s->n_seen < 16)
        (void)snprintf(s->seen[s->n_seen++], sizeof *s->seen, "%s %s", request->method,
                       request->target);
    (void)snprintf(wanted, sizeof wanted, "Bearer invented-token-%u", s->tokens);
    if (strcmp(request->target, "/identity/v1/oauth2/token") == 0) {
        kept = answer_token(s, request);
    } else if (strncmp(request->target, "/v3/", 4) == 0) {
        kept = answer_etsy(request);
    } else if (strncmp(request->target, "/buy/", 5) != 0) {
        kept = test_answer_text(request, 404, "", "");
    } else if (strcmp(bearer, wanted) != 0 || s->pages_left == 0) {
        kept = test_answer_text(request, 401, "Content-Type: application/json\r\n",
                                "{\"errors\":[{\"message\":\"Invalid access token\"}]}");
    } else {
        s->pages_left--;
        note_picture(s, request);
        kept = answer_file(s, request,
                           strstr(request->target, "offset=0") ? "ebay-page-1" : "ebay-page-2");
    }
    (void)pthread_mutex_unlock(&s->lock);
    return kept;
}

/* A search under way. */
typedef struct search {
    ko_net *net;
    ko_api *api;
    char cursor[256];
    size_t offers;
    ko_status status;
    ko_error err;
} search;

static ko_status ask(search *s)
{
    ko_net_request request = {0};
    const ko_status st = ko_api_next(s->api, s->cursor, &request, &s->err);
    if (st != KO_OK)
        return st == KO_E_NOT_FOUND ? KO_OK : st;
    return ko_net_add(s->net, &request, &s->err);
}

static ko_status on_answer(void *context, const ko_net_answer *answer)
{
    search *s = context;
    ko_page page = {0};
    assert_no_keys(answer->reply.url);
    assert_no_keys(answer->reply.headers);
    s->status = ko_api_take(s->api, answer, &page, s->cursor, &s->err);
    s->offers += page.offers.count;
    ko_page_free(&page);
    return s->status == KO_OK ? ask(s) : KO_OK;
}

/* Starts the interface; base_url is where it is. */
static test_server *start(shop *s, char base_url[64])
{
    *s = (shop){.lock = PTHREAD_MUTEX_INITIALIZER};
    test_server *server =
        test_server_start(&(test_server_options){.handler = on_request, .context = s});
    assert_non_null(server);
    s->port = test_server_port(server);
    (void)snprintf(base_url, 64, "http://127.0.0.1:%u", s->port);
    return server;
}

static ko_net *open_net(void)
{
    static const char *const allowed[] = {"127.0.0.1"};
    ko_net *net = NULL;
    ko_net_options options;
    ko_net_options_init(&options);
    options.user_agent = "Knockoff/1.0 (+mailto:me@example.com)";
    options.rate = 200;
    options.allow_hosts = allowed;
    options.n_allow_hosts = 1;
    assert_int_equal(ko_net_open(&options, &net, NULL), KO_OK);
    return net;
}

/* Runs a search against the server to its end. */
static search run(shop *shop_of, const char *url, const void *picture, size_t picture_bytes)
{
    search s = {.net = open_net()};
    char base_url[64];
    test_server *server = start(shop_of, base_url);
    ko_api_keys *keys = talk_keys_read();
    const ko_api_options options = {.keys = keys,
                                    .base_url = base_url,
                                    .picture = picture,
                                    .picture_bytes = picture_bytes,
                                    .now = 1790000000};
    s.api = talk_open(url, &options);
    assert_int_equal(ask(&s), KO_OK);
    assert_int_equal(ko_net_run(s.net, on_answer, &s, &s.err), KO_OK);
    ko_api_close(s.api);
    ko_api_keys_free(keys);
    ko_net_close(s.net);
    test_server_stop(server);
    return s;
}

static void a_search_gets_a_token_and_a_new_one_when_it_expires(void **state)
{
    (void)state;
    shop asked;
    const search s = run(&asked, "ebay:search?q=lantern fox", NULL, 0);
    assert_string_equal(s.err.text, "");
    assert_int_equal(s.offers, 3);
    static const char token[] = "POST /identity/v1/oauth2/token";
    assert_int_equal(asked.n_seen, 5); /* no robots.txt */
    assert_string_equal(asked.seen[0], token);
    assert_string_equal(asked.seen[1], "GET /buy/browse/v1/item_summary/search?"
                                       "q=lantern%20fox&limit=200&offset=0");
    assert_string_equal(asked.seen[2], "GET /buy/browse/v1/item_summary/search?"
                                       "q=lantern%20fox&limit=200&offset=200");
    assert_string_equal(asked.seen[3], token);
    assert_string_equal(asked.seen[4], asked.seen[2]);
}

static void the_picture_of_an_image_search_arrives(void **state)
{
    (void)state;
    shop asked;
    unsigned char picture[1500];
    for (size_t i = 0; i < sizeof picture; i++)
        picture[i] = (unsigned char)(i * 37 + i / 256);
    const search s = run(&asked, "ebay:image?work=KO-000007", picture, sizeof picture);
    assert_string_equal(s.err.text, "");
    assert_int_equal(s.offers, 3);
    assert_string_equal(asked.seen[1], "POST /buy/browse/v1/item_summary/search_by_image?"
                                       "limit=200&offset=0");
    assert_memory_equal(asked.picture, picture, sizeof picture);
}

static void a_refusal_is_told_without_the_key_that_it_repeats(void **state)
{
    (void)state;
    shop asked;
    const search s = run(&asked, "etsy:search?q=fox", NULL, 0);
    assert_int_equal(s.status, KO_E_FORMAT);
    assert_string_equal(s.err.text,
                        "Etsy: *****************:****************** is not active (HTTP 403)");
    assert_int_equal(asked.n_seen, 1);
}

/* --- what a crawl leaves on the disk --- */

/* How often keys and tokens stand in a file, packed or not. */
static size_t keys_in(const char *path)
{
    static char bytes[1 << 20];
    size_t found = 0;
    gzFile file = gzopen(path, "rb");
    assert_non_null(file);
    const int n = gzread(file, bytes, sizeof bytes);
    assert_in_range(n, 1, sizeof bytes - 1);
    for (int k = 0; k <= KO_KEYS; k++) {
        const char *key = k < KO_KEYS ? talk_keys[k] : "invented-token";
        for (int i = 0; i + (int)strlen(key) <= n; i++)
            found += memcmp(bytes + i, key, strlen(key)) == 0;
    }
    assert_int_equal(gzclose(file), Z_OK);
    return found;
}

static void a_crawl_keeps_listings_and_no_key(void **state)
{
    fixture *f = *state;
    shop asked;
    char base_url[64], folder[128];
    ko_error err = {0};
    ko_archive *archive = NULL;
    ko_problems problems = {0};
    ko_crawl_counts counts = {0};
    int64_t id = 0;
    test_server *server = start(&asked, base_url);
    ko_net *net = open_net();
    ko_api_keys *keys = talk_keys_read();
    (void)snprintf(folder, sizeof folder, "%s-archive", f->path);
    assert_int_equal(ko_archive_open(folder, "Knockoff/1.0", &archive, NULL), KO_OK);
    const ko_source source = {
        .name = "foxes", .url = "ebay:search?q=lantern fox", .kind = "", .last_result = ""};
    assert_int_equal(ko_source_add(f->store, &source, &id, &err), KO_OK);
    const ko_crawl_options options = {.store = f->store,
                                      .archive = archive,
                                      .net = net,
                                      .keys = keys,
                                      .api_base_url = base_url,
                                      .problems = &problems};
    const ko_status st = ko_crawl_run(&options, &id, 1, &counts, &err);
    assert_string_equal(err.text, "");
    assert_int_equal(st, KO_OK);
    assert_int_equal(counts.new_listings, 3);
    ko_archive_close(archive);
    ko_net_close(net);
    ko_api_keys_free(keys);
    test_server_stop(server);
    close_store(f);
    ko_paths left = {0};
    assert_int_equal(ko_paths_walk(&left, f->folder, NULL, NULL), KO_OK);
    assert_in_range(left.count, 2, 10); /* the database, and what was answered */
    for (size_t i = 0; i < left.count; i++) {
        assert_int_equal(keys_in(left.path[i]), 0);
        assert_int_equal(unlink(left.path[i]), 0);
    }
    assert_int_equal(rmdir(folder), 0);
    ko_paths_free(&left);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_search_gets_a_token_and_a_new_one_when_it_expires),
        cmocka_unit_test(the_picture_of_an_image_search_arrives),
        cmocka_unit_test(a_refusal_is_told_without_the_key_that_it_repeats),
        cmocka_unit_test_setup_teardown(a_crawl_keeps_listings_and_no_key, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
