/* Sources, and the requests by which a run goes on where the last one ended. */
#include "store/source.h"

#include "fixture.h"

static int64_t add(ko_store *store, const char *name, const char *url)
{
    int64_t id = 0;
    const ko_source source = {
        .name = name, .url = url, .kind = "", .every_s = 3600, .added_at = 1000};
    ko_error err = {0};
    if (ko_source_add(store, &source, &id, &err) != KO_OK)
        fail_msg("%s", err.text);
    return id;
}

static void assert_not_added(ko_store *store, const char *name, const char *url, const char *why)
{
    int64_t id = 0;
    const ko_source source = {.name = name, .url = url, .kind = ""};
    ko_error err = {0};
    assert_int_equal(ko_source_add(store, &source, &id, &err), KO_E_EXISTS);
    assert_string_equal(err.text, why);
}

static ko_status write_source(void *context, const ko_source *s)
{
    char *text = context;
    const size_t at = strlen(text);
    (void)snprintf(text + at, 1024 - at, "%lld %s %s '%s' %lld%s %lld '%s'%s %lld\n",
                   (long long)s->id, s->name, s->url, s->kind, (long long)s->every_s,
                   s->paused ? " paused" : "", (long long)s->last_run, s->last_result,
                   s->running ? " running" : "", (long long)s->listings);
    return KO_OK;
}

static void assert_sources(ko_store *store, const char *name_or_url, const char *expected)
{
    char text[1024] = "";
    assert_int_equal(ko_source_each(store, name_or_url, write_source, text, NULL), KO_OK);
    assert_string_equal(text, expected);
}

static void sources_are_known_by_name_address_and_number(void **state)
{
    fixture *f = *state;
    (void)add(f->store, "", "https://www.shop.test/products.json");
    (void)add(f->store, "", "https://shop.test/sitemap.xml");
    (void)add(f->store, "", "ebay:search?q=owl%20mug");
    (void)add(f->store, "", "/home/me/list.csv");
    (void)add(f->store, "1", "https://other.test/");
    assert_sources(f->store, NULL,
                   "1 shop.test https://www.shop.test/products.json '' 3600 0 '' 0\n"
                   "2 shop.test-2 https://shop.test/sitemap.xml '' 3600 0 '' 0\n"
                   "3 ebay ebay:search?q=owl%20mug '' 3600 0 '' 0\n"
                   "4 list.csv /home/me/list.csv '' 3600 0 '' 0\n"
                   "5 1 https://other.test/ '' 3600 0 '' 0\n");
    const char *const second = "2 shop.test-2 https://shop.test/sitemap.xml '' 3600 0 '' 0\n";
    assert_sources(f->store, "2", second);
    assert_sources(f->store, "shop.test-2", second);
    assert_sources(f->store, "https://shop.test/sitemap.xml", second);
    assert_sources(f->store, "1", "5 1 https://other.test/ '' 3600 0 '' 0\n");
    char text[1024] = "";
    ko_error err = {0};
    assert_int_equal(ko_source_each(f->store, "7", write_source, text, &err), KO_E_NOT_FOUND);
    assert_string_equal(err.text, "no source 7");
    assert_not_added(f->store, "", "https://shop.test/sitemap.xml",
                     "https://shop.test/sitemap.xml is the source shop.test-2 already");
    assert_not_added(f->store, "ebay", "https://e.test/",
                     "the name ebay is taken by ebay:search?q=owl%20mug");
}

static void what_a_run_said_is_kept(void **state)
{
    fixture *f = *state;
    const int64_t id = add(f->store, "s", "https://shop.test/");
    ko_source source = {.id = id,
                        .kind = "shopify",
                        .last_run = 2000,
                        .last_result = "3 listings",
                        .running = true,
                        .listings = 3};
    assert_int_equal(ko_source_update(f->store, &source, NULL), KO_OK);
    open_store(f, KO_STORE_OPEN);
    assert_sources(f->store, "s",
                   "1 s https://shop.test/ 'shopify' 3600 2000 '3 listings' running 3\n");
    source.id = 9;
    assert_int_equal(ko_source_update(f->store, &source, NULL), KO_E_NOT_FOUND);
}

/* Whoever runs it has read it before it was paused. */
static void a_pause_outlives_the_run_that_is_under_way(void **state)
{
    fixture *f = *state;
    const ko_source running = {.id = add(f->store, "s", "https://shop.test/"),
                               .kind = "shopify",
                               .last_run = 2000,
                               .last_result = "done"};
    assert_int_equal(ko_source_pause(f->store, running.id, true, NULL), KO_OK);
    assert_int_equal(ko_source_update(f->store, &running, NULL), KO_OK);
    assert_sources(f->store, "s", "1 s https://shop.test/ 'shopify' 3600 paused 2000 'done' 0\n");
    assert_int_equal(ko_source_pause(f->store, running.id, false, NULL), KO_OK);
    assert_sources(f->store, "s", "1 s https://shop.test/ 'shopify' 3600 2000 'done' 0\n");
    assert_int_equal(ko_source_pause(f->store, 9, true, NULL), KO_E_NOT_FOUND);
}

/* --- requests --- */

static bool ask(ko_store *store, int64_t source_id, const char *url, ko_request_role role)
{
    bool fresh = false;
    assert_int_equal(ko_request_add(store, source_id, url, role, &fresh, NULL), KO_OK);
    return fresh;
}

static ko_status write_request(void *context, const ko_request *r)
{
    char *text = context;
    const size_t at = strlen(text);
    (void)snprintf(text + at, 256 - at, " %s%s%s%s", r->url, r->role == KO_REQUEST_LIST ? "+" : "",
                   r->etag, r->last_modified);
    return KO_OK;
}

static void assert_open(ko_store *store, int64_t source_id, int64_t after, int64_t now,
                        size_t limit, const char *expected)
{
    char text[256] = "";
    assert_int_equal(
        ko_request_each_new(store, source_id, after, now, limit, write_request, text, NULL), KO_OK);
    assert_string_equal(text, expected);
}

static ko_request answered(int64_t id, ko_request_state state)
{
    return (ko_request){.id = id,
                        .state = state,
                        .reason = "",
                        .tries = 1,
                        .etag = "\"x\"",
                        .last_modified = "Sat",
                        .fetched_at = 5000};
}

static void a_run_goes_on_with_what_is_open(void **state)
{
    fixture *f = *state;
    const int64_t id = add(f->store, "s", "https://shop.test/");
    const int64_t other = add(f->store, "t", "https://stall.test/");
    assert_true(ask(f->store, id, "p1", KO_REQUEST_PAGE));
    assert_true(ask(f->store, id, "l1", KO_REQUEST_LIST));
    assert_true(ask(f->store, id, "p2", KO_REQUEST_PAGE));
    assert_true(ask(f->store, id, "l2", KO_REQUEST_LIST));
    assert_false(ask(f->store, id, "p1", KO_REQUEST_PAGE));
    assert_true(ask(f->store, other, "p1", KO_REQUEST_PAGE));
    assert_open(f->store, id, 0, 0, 9, " l1+ l2+ p1 p2");
    assert_open(f->store, id, 0, 0, 3, " l1+ l2+ p1");

    ko_request request = answered(2, KO_REQUEST_DONE);
    assert_int_equal(ko_request_update(f->store, &request, NULL), KO_OK);
    request = answered(1, KO_REQUEST_NEW);
    request.not_before = 700;
    assert_int_equal(ko_request_update(f->store, &request, NULL), KO_OK);
    request = answered(3, KO_REQUEST_BLOCKED);
    assert_int_equal(ko_request_update(f->store, &request, NULL), KO_OK);
    open_store(f, KO_STORE_OPEN);
    assert_open(f->store, id, 0, 699, 9, " l2+");
    assert_open(f->store, id, 0, 700, 9, " l2+ p1\"x\"Sat");
    ko_request_counts counts;
    assert_int_equal(ko_request_count(f->store, id, &counts, NULL), KO_OK);
    assert_int_equal(counts.fresh, 2);
    assert_int_equal(counts.done, 1);
    assert_int_equal(counts.failed, 0);
    assert_int_equal(counts.blocked, 1);
    assert_int_equal(counts.next_at, 700);
}

static void the_next_run_asks_all_again_but_only_for_changes(void **state)
{
    fixture *f = *state;
    const int64_t id = add(f->store, "s", "https://shop.test/");
    const int64_t other = add(f->store, "t", "https://stall.test/");
    (void)ask(f->store, id, "l1", KO_REQUEST_LIST);
    (void)ask(f->store, other, "l2", KO_REQUEST_LIST);
    for (int64_t i = 1; i <= 2; i++) {
        const ko_request request = answered(i, KO_REQUEST_DONE);
        assert_int_equal(ko_request_update(f->store, &request, NULL), KO_OK);
    }
    assert_int_equal(ko_requests_renew(f->store, id, NULL), KO_OK);
    assert_open(f->store, id, 0, 0, 9, " l1+\"x\"Sat");
    assert_open(f->store, other, 0, 0, 9, "");
}

static void a_source_goes_with_its_requests(void **state)
{
    fixture *f = *state;
    const int64_t id = add(f->store, "s", "https://shop.test/");
    (void)ask(f->store, id, "l1", KO_REQUEST_LIST);
    (void)add_listing(f->store, "https://shop.test/1", "a");
    assert_int_equal(ko_source_remove(f->store, id, NULL), KO_OK);
    assert_int_equal(number(f->store, "SELECT count(*) FROM request"), 0);
    assert_int_equal(number(f->store, "SELECT count(*) FROM listing"), 1);
    assert_int_equal(ko_source_remove(f->store, id, NULL), KO_E_NOT_FOUND);
    bool fresh;
    assert_int_equal(ko_request_add(f->store, id, "l1", KO_REQUEST_LIST, &fresh, NULL),
                     KO_E_NOT_FOUND);
    assert_int_equal(add(f->store, "s", "https://shop.test/"), 2); /* numbers are not reused */
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(sources_are_known_by_name_address_and_number),
        TEST(what_a_run_said_is_kept),
        TEST(a_pause_outlives_the_run_that_is_under_way),
        TEST(a_run_goes_on_with_what_is_open),
        TEST(the_next_run_asks_all_again_but_only_for_changes),
        TEST(a_source_goes_with_its_requests),
    };
    return cmocka_run_group_tests_name("source", tests, NULL, NULL);
}
