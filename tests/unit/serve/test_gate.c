#include "serve/gate.h"

#include "base/limits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static ko_gate gate;
static char cookie[160]; /* of the session */

static int set_up(void **state)
{
    (void)state;
    if (ko_gate_init(&gate, 7447, NULL) != KO_OK)
        return -1;
    (void)snprintf(cookie, sizeof cookie, "knockoff-7447=%s", gate.session);
    return 0;
}

/* What a page of ours sends when it reads, and when it changes something. */
static ko_gate_claim reading(void)
{
    return (ko_gate_claim){
        .method = "GET", .host = "127.0.0.1:7447", .fetch_site = "same-origin", .cookie = cookie};
}

static ko_gate_claim changing(void)
{
    ko_gate_claim c = reading();
    c.method = "POST";
    c.origin = "http://127.0.0.1:7447";
    c.token = gate.page;
    c.content_type = "application/json";
    c.content_length = "120";
    return c;
}

/* What is shown to the browser, and changed by our page in it. */
static unsigned judge(ko_gate_claim claim)
{
    const unsigned may =
        strcmp(claim.method, "POST") == 0 ? KO_ASKER_PAGE : KO_ASKER_PAGE | KO_ASKER_SESSION;
    const ko_gate_verdict v = ko_gate_judge(&gate, &claim, may, KO_SENT_JSON);
    assert_int_equal(v.refused == 0, v.why[0] == '\0');
    return v.refused;
}

static void our_own_pages_are_let_in(void **state)
{
    (void)state;
    const ko_gate_claim change = changing();
    const ko_gate_verdict v = ko_gate_judge(&gate, &change, KO_ASKER_PAGE, KO_SENT_JSON);
    assert_int_equal(v.refused, 0);
    assert_int_equal(v.asker, KO_ASKER_PAGE);
    assert_int_equal(v.method, KO_HTTP_POST);
    assert_int_equal(v.body_bytes, 120);
    ko_gate_claim c = reading();
    assert_int_equal(judge(c), 0);
    c.fetch_site = "none"; /* typed by the user */
    assert_int_equal(judge(c), 0);
    c.fetch_site = NULL; /* an older browser */
    assert_int_equal(judge(c), 0);
    c.host = "localhost:7447";
    c.method = "HEAD";
    assert_int_equal(judge(c), 0);
}

static void only_our_exact_names_are_answered_to(void **state)
{
    (void)state;
    static const char *const hosts[] = {
        "",
        "evil.example",
        "evil.example:7447",
        "127.0.0.1",
        "127.0.0.1:80",
        "127.0.0.1:74470",
        "127.0.0.1:7447.",
        "127.0.0.1:7447 ",
        "127.1:7447",
        "0.0.0.0:7447",
        "[::1]:7447",
        "localhost",
        "LOCALHOST:7447",
        "localhost.:7447",
        "localhost:7447@evil.example",
        "x.localhost:7447",
        "127.0.0.1:7447, evil.example",
    };
    ko_gate_claim c = changing();
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        c.host = hosts[i];
        assert_int_equal(judge(c), 421);
    }
    c.host = NULL;
    assert_int_equal(judge(c), 421);
    /* Nor when everybody may ask. */
    assert_int_equal(ko_gate_judge(&gate, &c, KO_ASKER_STRANGER, KO_SENT_JSON).refused, 421);
    c = changing();
    c.doubled = "Host";
    assert_int_equal(judge(c), 400);
}

static void other_sites_are_not(void **state)
{
    (void)state;
    static const char *const origins[] = {"null",
                                          "",
                                          "http://evil.example",
                                          "https://127.0.0.1:7447",
                                          "http://127.0.0.1:7448",
                                          "http://127.0.0.1:7447/",
                                          "http://127.0.0.1:7447.evil.example"};
    static const char *const sites[] = {"cross-site", "same-site", "", "SAME-ORIGIN"};
    for (size_t i = 0; i < sizeof origins / sizeof *origins; i++) {
        ko_gate_claim r = reading(), c = changing();
        r.origin = c.origin = origins[i];
        assert_int_equal(judge(r), 403);
        assert_int_equal(judge(c), 403);
    }
    for (size_t i = 0; i < sizeof sites / sizeof *sites; i++) {
        ko_gate_claim r = reading(), c = changing();
        r.fetch_site = c.fetch_site = sites[i];
        assert_int_equal(judge(r), 403);
        assert_int_equal(judge(c), 403);
    }
}

static void changes_need_more_than_a_cookie(void **state)
{
    (void)state;
    char wrong[KO_SECRET_SIZE + 1];
    ko_gate_claim c = changing();
    c.origin = NULL;
    assert_int_equal(judge(c), 403);
    c = changing();
    c.fetch_site = "none";
    assert_int_equal(judge(c), 403);
    c = changing();
    c.token = NULL;
    assert_int_equal(judge(c), 403);
    c.token = "";
    assert_int_equal(judge(c), 403);
    c.token = gate.session; /* what the cookie has */
    assert_int_equal(judge(c), 403);
    (void)snprintf(wrong, sizeof wrong, "%s", gate.page);
    wrong[KO_SECRET_SIZE - 2] ^= 1;
    c.token = wrong;
    assert_int_equal(judge(c), 403);
    (void)snprintf(wrong, sizeof wrong, "%s0", gate.page);
    assert_int_equal(judge(c), 403);
    /* What a form can send. */
    static const char *const types[] = {"text/plain", "application/x-www-form-urlencoded",
                                        "multipart/form-data; boundary=x", "application/jsonp", ""};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        c = changing();
        c.content_type = types[i];
        assert_int_equal(judge(c), 415);
    }
    c.content_type = NULL;
    assert_int_equal(judge(c), 415);
    c.content_type = "Application/JSON; charset=utf-8";
    assert_int_equal(judge(c), 0);
}

static void cookies_are_not_guessed(void **state)
{
    (void)state;
    char text[400];
    ko_gate_claim c = reading();
    const char *const others[] = {gate.start, gate.once, gate.page, "", "0"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        (void)snprintf(text, sizeof text, "knockoff-7447=%s", others[i]);
        c.cookie = text;
        assert_int_equal(judge(c), 401);
    }
    c.cookie = NULL;
    assert_int_equal(judge(c), 401);
    c.cookie = text;
    (void)snprintf(text, sizeof text, "knockoff-7447=%.63s", gate.session);
    assert_int_equal(judge(c), 401);
    (void)snprintf(text, sizeof text, "knockoff-7447=%s0", gate.session);
    assert_int_equal(judge(c), 401);
    (void)snprintf(text, sizeof text, "knockoff-7448=%s", gate.session);
    assert_int_equal(judge(c), 401);
    (void)snprintf(text, sizeof text, "xknockoff-7447=%s", gate.session);
    assert_int_equal(judge(c), 401);
    /* One of the same name that another server set does not keep the user out. */
    (void)snprintf(text, sizeof text, "a=b; knockoff-7447=planted; %s; c", cookie);
    assert_int_equal(judge(c), 0);
}

static void what_is_no_plain_request_is_refused(void **state)
{
    (void)state;
    static const char *const methods[] = {"OPTIONS", "PUT", "DELETE", "PATCH", "TRACE",
                                          "CONNECT", "get", "GETX",   "",      "PRI"};
    ko_gate_claim c = reading();
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        c.method = methods[i];
        assert_int_equal(judge(c), 405);
    }
    c = changing();
    c.transfer_encoding = "chunked";
    assert_int_equal(judge(c), 411);
    c = reading();
    c.head_bytes = KO_MAX_SERVE_HEAD + 1;
    assert_int_equal(judge(c), 431);
    c = changing();
    c.doubled = "Cookie";
    assert_int_equal(judge(c), 400);
    c = changing();
    c.content_length = "99999999999999999999999";
    const ko_gate_verdict v = ko_gate_judge(&gate, &c, KO_ASKER_PAGE, KO_SENT_JSON);
    assert_true(v.body_bytes > KO_MAX_SERVE_JSON);
}

/* As another server of this machine brings it, which the browser sent it to. */
static void the_cookie_alone_reads_nothing(void **state)
{
    (void)state;
    ko_gate_claim c = reading();
    assert_int_equal(ko_gate_judge(&gate, &c, KO_ASKER_PAGE, KO_SENT_JSON).refused, 403);
    c.token = gate.session;
    assert_int_equal(ko_gate_judge(&gate, &c, KO_ASKER_PAGE, KO_SENT_JSON).refused, 403);
    c.token = gate.page;
    assert_int_equal(ko_gate_judge(&gate, &c, KO_ASKER_PAGE, KO_SENT_JSON).refused, 0);
    c.cookie = NULL;
    assert_int_equal(ko_gate_judge(&gate, &c, KO_ASKER_PAGE, KO_SENT_JSON).refused, 401);
}

static void a_file_is_sent_as_bytes_alone(void **state)
{
    (void)state;
    static const char *const others[] = {
        "application/json",          "text/plain", "multipart/form-data",
        "application/octet-streams", "",           "application/octet"};
    ko_gate_claim c = changing();
    c.content_type = "application/octet-stream";
    assert_int_equal(ko_gate_judge(&gate, &c, KO_ASKER_PAGE, KO_SENT_BYTES).refused, 0);
    assert_int_equal(judge(c), 415); /* where JSON is wanted */
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        c.content_type = others[i];
        assert_int_equal(ko_gate_judge(&gate, &c, KO_ASKER_PAGE, KO_SENT_BYTES).refused, 415);
    }
    c.content_type = NULL;
    assert_int_equal(ko_gate_judge(&gate, &c, KO_ASKER_PAGE, KO_SENT_BYTES).refused, 415);
}

static void the_page_is_entered_by_a_token(void **state)
{
    (void)state;
    char set[KO_GATE_COOKIE_SIZE] = "", place[KO_GATE_PLACE_SIZE] = "";
    char wanted[2 * KO_GATE_COOKIE_SIZE];
    ko_gate_claim c = {.method = "GET", .host = "127.0.0.1:7447", .fetch_site = "cross-site"};
    const ko_gate_verdict v = ko_gate_judge(&gate, &c, KO_ASKER_STRANGER | KO_ASKER_SESSION,
                                            KO_SENT_JSON); /* a link in a mail */
    assert_int_equal(v.refused, 0);
    assert_int_equal(v.asker, KO_ASKER_STRANGER);
    assert_false(ko_gate_enter(&gate, "", set, place));
    assert_false(ko_gate_enter(&gate, gate.session, set, place));
    assert_false(ko_gate_enter(&gate, gate.page, set, place));
    assert_string_equal(set, "");
    assert_string_equal(place, "");
    (void)snprintf(wanted, sizeof wanted, "%s; Path=/; HttpOnly; SameSite=Strict", cookie);
    assert_true(ko_gate_enter(&gate, gate.start, set, place));
    assert_string_equal(set, wanted);
    (void)snprintf(wanted, sizeof wanted, "/#token=%s", gate.page); /* behind "#": sent to nobody */
    assert_string_equal(place, wanted);
    assert_true(ko_gate_enter(&gate, gate.start, set, place)); /* in a second browser */
    assert_true(ko_gate_enter(&gate, gate.once, set, place));
    assert_false(ko_gate_enter(&gate, gate.once, set, place));
}

static void secrets_are_of_one_run(void **state)
{
    (void)state;
    ko_gate other;
    assert_int_equal(ko_gate_init(&other, 7447, NULL), KO_OK);
    const char *const secrets[] = {gate.start,  gate.once,  gate.session,  gate.page,
                                   other.start, other.once, other.session, other.page};
    for (size_t i = 0; i < 8; i++) {
        assert_int_equal(strlen(secrets[i]), 64);
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(secrets[i], secrets[k]);
    }
    const ko_gate_claim c = reading();
    assert_int_equal(ko_gate_judge(&other, &c, KO_ASKER_SESSION, KO_SENT_JSON).refused, 401);
}

#define TEST(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(our_own_pages_are_let_in),
        TEST(only_our_exact_names_are_answered_to),
        TEST(other_sites_are_not),
        TEST(changes_need_more_than_a_cookie),
        TEST(cookies_are_not_guessed),
        TEST(what_is_no_plain_request_is_refused),
        TEST(the_cookie_alone_reads_nothing),
        TEST(a_file_is_sent_as_bytes_alone),
        TEST(the_page_is_entered_by_a_token),
        TEST(secrets_are_of_one_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
