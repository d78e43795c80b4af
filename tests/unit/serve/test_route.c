/* Targets as they are sent, and what they lead to. */
#include "serve/route.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static ko_status read_target(const char *raw, ko_target *out)
{
    ko_error err = {0};
    const ko_status st = ko_target_read(raw, out, &err);
    assert_int_equal(st == KO_OK, err.text[0] == '\0');
    return st;
}

static void targets_are_decoded_once(void **state)
{
    (void)state;
    ko_target t;
    assert_int_equal(read_target("/", &t), KO_OK);
    assert_string_equal(t.path, "/");
    assert_int_equal(t.n_query, 0);
    assert_int_equal(read_target("/a%62c/d%20%C3%A9", &t), KO_OK);
    assert_string_equal(t.path, "/abc/d \xC3\xA9");
    assert_int_equal(read_target("/x?seller=A%26B+C%25&state=&all&z=/%2F\xC3\xA9", &t), KO_OK);
    assert_string_equal(t.path, "/x");
    assert_string_equal(ko_target_query(&t, "seller"), "A&B C%");
    assert_string_equal(ko_target_query(&t, "state"), "");
    assert_string_equal(ko_target_query(&t, "all"), "");
    assert_string_equal(ko_target_query(&t, "z"), "//\xC3\xA9");
    assert_null(ko_target_query(&t, "sell"));
    assert_int_equal(read_target("/x?", &t), KO_OK);
}

static void ways_around_are_refused(void **state)
{
    (void)state;
    static const char *const raw[] = {
        "",
        "x",
        "*",
        "//",
        "//evil.example/",
        "http://127.0.0.1:7447/",
        "/..",
        "/../etc/passwd",
        "/a/../b",
        "/a/./b",
        "/.",
        "/a/",
        "/a//b",
        "/%2e%2e/etc/passwd",
        "/%2E%2e",
        "/..%2fetc",
        "/a%2Fb",
        "/a\\b",
        "/a%5cb",
        "/a%00b",
        "/%00",
        "/%2500",
        "/%252e%252e/etc",
        "/a%0d%0aSet-Cookie:x",
        "/a%7f",
        "/a\tb",
        "/a%",
        "/a%2",
        "/a%zz",
        "/a%+1",
        "/%c0%ae%c0%ae/", /* overlong dots */
        "/%ff",
        "/%ed%a0%80",
        "/x?a=%00",
        "/x?a=%0a",
        "/x?a=%ff",
        "/x?=1",
        "/x?&",
        "/x?a=1&a=2",
        "/x?a=1&%61=2",
        "/x?a=%2",
    };
    ko_target t;
    for (size_t i = 0; i < sizeof raw / sizeof *raw; i++)
        if (read_target(raw[i], &t) != KO_E_FORMAT)
            fail_msg("taken: %s", raw[i]);
}

/* The longest there may be, in a block of its own so that a byte too much shows. */
static void targets_end_somewhere(void **state)
{
    (void)state;
    char *raw = malloc(KO_MAX_SERVE_TARGET + 2);
    ko_target *t = malloc(sizeof *t);
    if (!raw || !t)
        abort();
    memset(raw, 'a', KO_MAX_SERVE_TARGET + 1);
    raw[0] = '/';
    raw[KO_MAX_SERVE_TARGET + 1] = '\0';
    assert_int_equal(read_target(raw, t), KO_E_LIMIT);
    raw[KO_MAX_SERVE_TARGET] = '\0';
    assert_int_equal(read_target(raw, t), KO_OK);
    assert_int_equal(strlen(t->path), KO_MAX_SERVE_TARGET);
    /* As many pairs without "=" as there may be, which take the most room. */
    char *at = raw + 2;
    raw[1] = '?';
    for (unsigned i = 0; i < KO_MAX_SERVE_QUERY; i++)
        *at++ = (char)('a' + i), *at++ = '&';
    memset(at, 'z', KO_MAX_SERVE_TARGET - (size_t)(at - raw));
    assert_int_equal(read_target(raw, t), KO_E_LIMIT); /* and one more */
    at[-1] = 'z';
    assert_int_equal(read_target(raw, t), KO_OK);
    assert_int_equal(t->n_query, KO_MAX_SERVE_QUERY);
    assert_int_equal(strlen(t->query[KO_MAX_SERVE_QUERY - 1].name),
                     KO_MAX_SERVE_TARGET - 2 * KO_MAX_SERVE_QUERY);
    free(raw);
    free(t);
}

static void unknown_names_of_a_query_are_told(void **state)
{
    (void)state;
    ko_target t;
    ko_error err = {0};
    assert_int_equal(read_target("/x?limit=1", &t), KO_OK);
    assert_int_equal(ko_target_knows(&t, "state&limit", &err), KO_OK);
    assert_int_equal(read_target("/x?limit=1&sate=open", &t), KO_OK);
    assert_int_equal(ko_target_knows(&t, "state&limit", &err), KO_E_USAGE);
    assert_string_equal(err.text, "'sate' means nothing in this query");
    static const char *const others[] = {"", "limits&state", "sta&limit", "state&mit", "te&lim"};
    assert_int_equal(read_target("/x?limit&state", &t), KO_OK);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_int_equal(ko_target_knows(&t, others[i], NULL), KO_E_USAGE);
}

/* --- routes --- */

static const ko_serve_route table[] = {
    {KO_HTTP_GET, KO_SENT_JSON, "/", KO_ASKER_SESSION, 0, NULL},
    {KO_HTTP_GET, KO_SENT_JSON, "/api/candidates?state&limit", KO_ASKER_SESSION, 0, NULL},
    {KO_HTTP_GET, KO_SENT_JSON, "/api/candidates/{id}/picture", KO_ASKER_SESSION, 0, NULL},
    {KO_HTTP_POST, KO_SENT_JSON, "/api/undo", KO_ASKER_SESSION, 9, NULL},
    {KO_HTTP_GET, KO_SENT_JSON, "/assets/{name}?size", KO_ASKER_SESSION, 0, NULL},
    {0},
};

static void paths_lead_to_their_route(void **state)
{
    (void)state;
    assert_ptr_equal(ko_serve_route_find(table, KO_HTTP_GET, "/").route, &table[0]);
    assert_ptr_equal(ko_serve_route_find(table, KO_HTTP_HEAD, "/api/candidates").route, &table[1]);
    assert_ptr_equal(ko_serve_route_find(table, KO_HTTP_POST, "/api/undo").route, &table[3]);
    ko_serve_routed r = ko_serve_route_find(table, KO_HTTP_GET, "/api/candidates/42/picture");
    assert_ptr_equal(r.route, &table[2]);
    assert_int_equal(r.id, 42);
    r = ko_serve_route_find(table, KO_HTTP_GET, "/api/candidates/999999999999999999/picture");
    assert_true(r.id == 999999999999999999);
    r = ko_serve_route_find(table, KO_HTTP_GET, "/assets/page.js");
    assert_ptr_equal(r.route, &table[4]);
    assert_string_equal(r.name, "page.js");
    assert_string_equal(r.query, "size");
    r = ko_serve_route_find(table, KO_HTTP_GET, "/api/candidates");
    assert_string_equal(r.query, "state&limit");
    assert_string_equal(ko_serve_route_find(table, KO_HTTP_GET, "/").query, "");
}

static void other_paths_lead_nowhere(void **state)
{
    (void)state;
    static const char *const paths[] = {
        "/api",
        "/api/candidatesx",
        "/api/candidate",
        "/API/candidates",
        "/api/candidates/42",
        "/api/candidates/42/picture/x",
        "/api/candidates/0/picture",
        "/api/candidates/01/picture",
        "/api/candidates/-1/picture",
        "/api/candidates/+1/picture",
        "/api/candidates/4x/picture",
        "/api/candidates/1e3/picture",
        "/api/candidates/9999999999999999999/picture",
        "/api/candidates/{id}/picture",
        "/assets",
        "/assets/a/b",
        "/api/candidates?state",
    };
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        const ko_serve_routed r = ko_serve_route_find(table, KO_HTTP_GET, paths[i]);
        if (r.route || r.allow)
            fail_msg("there is something at %s", paths[i]);
    }
}

static void the_other_method_is_named(void **state)
{
    (void)state;
    ko_serve_routed r = ko_serve_route_find(table, KO_HTTP_GET, "/api/undo");
    assert_null(r.route);
    assert_string_equal(r.allow, "POST");
    r = ko_serve_route_find(table, KO_HTTP_POST, "/api/candidates");
    assert_null(r.route);
    assert_string_equal(r.allow, "GET, HEAD");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(targets_are_decoded_once),
        cmocka_unit_test(ways_around_are_refused),
        cmocka_unit_test(targets_end_somewhere),
        cmocka_unit_test(unknown_names_of_a_query_are_told),
        cmocka_unit_test(paths_lead_to_their_route),
        cmocka_unit_test(other_paths_lead_nowhere),
        cmocka_unit_test(the_other_method_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
