/* Paired browsers: their tokens open what is for them alone, until they are revoked. */
#include "serve/pairing.h"

#include "base/alloc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

typedef struct fixture {
    char path[64];
    ko_store *store;
    ko_pairings *pairings;
    ko_pairing firefox, chromium;
    char firefox_token[KO_SECRET_SIZE], chromium_token[KO_SECRET_SIZE];
    ko_gate gate;
    char bearer[KO_SECRET_SIZE + 8];
} fixture;

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    if (!f)
        return -1;
    (void)snprintf(f->path, sizeof f->path, "pairing-%d.db", (int)getpid());
    (void)remove(f->path);
    *state = f;
    if (ko_store_open(f->path, KO_STORE_CREATE, &f->store, NULL) != KO_OK ||
        ko_pairings_open(f->store, &f->pairings, NULL) != KO_OK ||
        ko_pairings_add(f->pairings, f->store, "Firefox", &f->firefox, f->firefox_token, NULL) !=
            KO_OK ||
        ko_pairings_add(f->pairings, f->store, "Chromium", &f->chromium, f->chromium_token, NULL) !=
            KO_OK ||
        ko_gate_init(&f->gate, 7447, NULL) != KO_OK)
        return -1;
    f->gate.pairings = f->pairings;
    (void)snprintf(f->bearer, sizeof f->bearer, "Bearer %s", f->firefox_token);
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    ko_pairings_close(f->pairings);
    ko_store_close(f->store);
    (void)remove(f->path);
    free(f);
    return 0;
}

static ko_paired check(fixture *f, const char *token, int64_t *out_id)
{
    return ko_pairings_check(f->pairings, token, 1000, out_id);
}

/* --- tokens --- */

static void each_browser_has_its_own_token(void **state)
{
    fixture *f = *state;
    int64_t id = 0;
    assert_string_not_equal(f->firefox_token, f->chromium_token);
    assert_int_equal(check(f, f->firefox_token, &id), KO_PAIRED);
    assert_int_equal(id, f->firefox.id);
    assert_int_equal(check(f, f->chromium_token, &id), KO_PAIRED);
    assert_int_equal(id, f->chromium.id);
}

static void what_is_no_token_is_refused(void **state)
{
    fixture *f = *state;
    char near[KO_SECRET_SIZE + 1];
    char hash[2 * KO_SHA256_SIZE + 1];
    int64_t id = 7;
    (void)snprintf(near, sizeof near, "%s", f->firefox_token);
    near[KO_SECRET_SIZE - 2] ^= 1;
    assert_int_equal(check(f, near, &id), KO_PAIRED_NOT);
    (void)snprintf(near, sizeof near, "%.63s", f->firefox_token);
    assert_int_equal(check(f, near, &id), KO_PAIRED_NOT);
    (void)snprintf(near, sizeof near, "%s0", f->firefox_token);
    assert_int_equal(check(f, near, &id), KO_PAIRED_NOT);
    assert_int_equal(check(f, "", &id), KO_PAIRED_NOT);
    for (size_t i = 0; i < KO_SHA256_SIZE; i++) /* who reads the database knows no token */
        (void)snprintf(hash + 2 * i, 3, "%02x", f->firefox.sha256[i]);
    assert_int_equal(check(f, hash, &id), KO_PAIRED_NOT);
    assert_int_equal(id, 7);
}

static void the_database_has_no_token(void **state)
{
    fixture *f = *state;
    char *text = NULL;
    assert_int_equal(ko_store_setting(f->store, "pairings", &text, NULL), KO_OK);
    assert_non_null(strstr(text, "Firefox"));
    assert_null(strstr(text, f->firefox_token));
    ko_free(text);
    json_t *told = ko_pairings_json(f->pairings);
    char *shown = json_dumps(told, 0);
    assert_non_null(strstr(shown, "Firefox"));
    assert_null(strstr(shown, f->firefox_token));
    assert_null(strstr(shown, "sha256"));
    free(shown);
    json_decref(told);
}

static void a_revoked_token_is_worth_nothing(void **state)
{
    fixture *f = *state;
    ko_pairing used;
    int64_t id = 0;
    assert_int_equal(ko_pairings_revoke(f->pairings, f->store, f->firefox.id, NULL), KO_OK);
    assert_int_equal(check(f, f->firefox_token, &id), KO_PAIRED_NOT);
    assert_int_equal(check(f, f->chromium_token, &id), KO_PAIRED);
    assert_int_equal(ko_pairings_revoke(f->pairings, f->store, f->firefox.id, NULL),
                     KO_E_NOT_FOUND);
    assert_int_equal(ko_pairings_use(f->pairings, f->store, f->firefox.id, &used, NULL),
                     KO_E_NOT_FOUND);
    /* Its number is not that of the next one. */
    assert_int_equal(ko_pairings_revoke(f->pairings, f->store, f->chromium.id, NULL), KO_OK);
    char token[KO_SECRET_SIZE];
    ko_pairing next;
    assert_int_equal(ko_pairings_add(f->pairings, f->store, "Next", &next, token, NULL), KO_OK);
    assert_true(next.id > f->chromium.id);
}

static void another_server_learns_of_it(void **state)
{
    fixture *f = *state;
    ko_pairings *other = NULL;
    ko_pairing used;
    int64_t id = 0;
    assert_int_equal(ko_pairings_open(f->store, &other, NULL), KO_OK);
    assert_int_equal(ko_pairings_check(other, f->firefox_token, 1000, &id), KO_PAIRED);
    assert_int_equal(ko_pairings_use(other, f->store, id, &used, NULL), KO_OK);
    assert_string_equal(used.name, "Firefox");
    assert_true(used.used_at > 0);
    assert_int_equal(ko_pairings_revoke(f->pairings, f->store, f->firefox.id, NULL), KO_OK);
    assert_int_equal(ko_pairings_use(other, f->store, id, &used, NULL), KO_E_NOT_FOUND);
    assert_int_equal(ko_pairings_check(other, f->firefox_token, 1000, &id), KO_PAIRED_NOT);
    ko_pairings_close(other);
}

static void guesses_keep_nobody_out(void **state)
{
    fixture *f = *state;
    int64_t id = 0;
    for (unsigned i = 0; i < KO_MAX_PAIRING_FAILURES; i++)
        assert_int_equal(ko_pairings_check(f->pairings, "0", 1000000, &id), KO_PAIRED_NOT);
    assert_int_equal(ko_pairings_check(f->pairings, "0", 1000000, &id), KO_PAIRED_TOO_OFTEN);
    assert_int_equal(ko_pairings_check(f->pairings, f->firefox_token, 1000000, &id), KO_PAIRED);
    assert_int_equal(ko_pairings_check(f->pairings, "0", 1060000, &id), KO_PAIRED_NOT);
    json_t *told = ko_pairings_json(f->pairings);
    assert_int_equal(json_integer_value(json_object_get(told, "wrong")),
                     KO_MAX_PAIRING_FAILURES + 2);
    json_decref(told);
}

static void names_are_lines_and_pairings_few(void **state)
{
    fixture *f = *state;
    char token[KO_SECRET_SIZE], longest[KO_MAX_PAIRING_NAME + 2];
    ko_pairing made;
    const char *const bad[] = {"", "  ", "two\nlines", "bad \xff", "\x1b[31m"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(ko_pairings_add(f->pairings, f->store, bad[i], &made, token, NULL),
                         KO_E_FORMAT);
    memset(longest, 'x', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    assert_int_equal(ko_pairings_add(f->pairings, f->store, longest, &made, token, NULL),
                     KO_E_FORMAT);
    longest[sizeof longest - 2] = '\0';
    for (unsigned i = 2; i < KO_MAX_PAIRINGS; i++)
        assert_int_equal(ko_pairings_add(f->pairings, f->store, longest, &made, token, NULL),
                         KO_OK);
    assert_int_equal(ko_pairings_add(f->pairings, f->store, "One more", &made, token, NULL),
                     KO_E_LIMIT);
}

static void a_damaged_setting_is_said(void **state)
{
    fixture *f = *state;
    static const char *const damaged[] = {
        "x", "[]", "{\"last\":1}",
        "{\"last\":1,\"pairings\":[{\"pairing\":1,\"name\":\"x\",\"sha256\":\"0\"}]}",
        "{\"last\":1,\"pairings\":[{\"pairing\":0,\"name\":\"x\",\"sha256\":\"0\"}]}"};
    for (size_t i = 0; i < sizeof damaged / sizeof *damaged; i++) {
        ko_pairings *none = NULL;
        assert_int_equal(ko_store_set_setting(f->store, "pairings", damaged[i], NULL), KO_OK);
        assert_int_equal(ko_pairings_open(f->store, &none, NULL), KO_E_DAMAGED);
        assert_null(none);
    }
}

/* --- at the gate --- */

static ko_gate_claim clipping(const fixture *f)
{
    return (ko_gate_claim){.method = "POST",
                           .host = "127.0.0.1:7447",
                           .origin = "chrome-extension://abcdefghijklmnop",
                           .fetch_site = "none",
                           .authorization = f->bearer,
                           .content_type = "application/octet-stream",
                           .content_length = "9"};
}

static unsigned judge(const fixture *f, ko_gate_claim claim)
{
    return ko_gate_judge(&f->gate, &claim, KO_ASKER_HELPER, KO_SENT_BYTES).refused;
}

static void the_helper_is_let_in(void **state)
{
    fixture *f = *state;
    ko_gate_claim c = clipping(f);
    const ko_gate_verdict v = ko_gate_judge(&f->gate, &c, KO_ASKER_HELPER, KO_SENT_BYTES);
    assert_int_equal(v.refused, 0);
    assert_int_equal(v.asker, KO_ASKER_HELPER);
    assert_int_equal(v.pairing, f->firefox.id);
    assert_int_equal(v.body_bytes, 9);
    c.origin = "moz-extension://0f1e2d3c-0000-4000-8000-000000000000";
    c.fetch_site = "cross-site";
    assert_int_equal(judge(f, c), 0);
    c.method = "GET";
    c.origin = c.content_type = c.content_length = NULL;
    assert_int_equal(judge(f, c), 0);
}

static void pages_of_the_web_are_not_even_with_a_token(void **state)
{
    fixture *f = *state;
    static const char *const origins[] = {"http://shop.example",
                                          "https://shop.example",
                                          "http://127.0.0.1:7447",
                                          "null",
                                          "",
                                          "file://",
                                          "https://chrome-extension://abcdefghijklmnop",
                                          "CHROME-EXTENSION://abcdefghijklmnop",
                                          " chrome-extension://abcdefghijklmnop"};
    ko_gate_claim c = clipping(f);
    for (size_t i = 0; i < sizeof origins / sizeof *origins; i++) {
        c.origin = origins[i];
        assert_int_equal(judge(f, c), 403);
    }
    c = clipping(f);
    c.host = "evil.example:7447";
    assert_int_equal(judge(f, c), 421);
    c = clipping(f);
    c.method = "OPTIONS";
    assert_int_equal(judge(f, c), 405);
    c = clipping(f);
    c.content_type = "text/plain";
    assert_int_equal(judge(f, c), 415);
    c = clipping(f);
    c.doubled = "Authorization";
    assert_int_equal(judge(f, c), 400);
}

static void only_a_bearer_is_a_token(void **state)
{
    fixture *f = *state;
    char text[KO_SECRET_SIZE + 16];
    static const char *const schemes[] = {"%s",       "Basic %s",   "bearer %s",
                                          "Bearer%s", "Bearer  %s", "Bearer %s, Bearer x"};
    ko_gate_claim c = clipping(f);
    c.authorization = NULL;
    assert_int_equal(judge(f, c), 401);
    c.authorization = text;
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        const char *hole = strstr(schemes[i], "%s");
        (void)snprintf(text, sizeof text, "%.*s%s%s", (int)(hole - schemes[i]), schemes[i],
                       f->firefox_token, hole + 2);
        assert_int_equal(judge(f, c), 401);
    }
    f->gate.pairings = NULL;
    assert_int_equal(judge(f, clipping(f)), 401);
}

static void what_opens_the_page_does_not_open_this(void **state)
{
    fixture *f = *state;
    char cookie[160], bearer[KO_SECRET_SIZE + 8];
    const char *const secrets[] = {f->gate.start, f->gate.once, f->gate.session, f->gate.page};
    ko_gate_claim c = clipping(f);
    (void)snprintf(cookie, sizeof cookie, "knockoff-7447=%s", f->gate.session);
    c.cookie = cookie;
    c.token = f->gate.page;
    c.authorization = NULL;
    assert_int_equal(judge(f, c), 401);
    c.authorization = bearer;
    for (size_t i = 0; i < 4; i++) {
        (void)snprintf(bearer, sizeof bearer, "Bearer %s", secrets[i]);
        assert_int_equal(judge(f, c), 401);
    }
}

static void a_token_opens_nothing_else(void **state)
{
    fixture *f = *state;
    static const unsigned others[] = {KO_ASKER_PAGE, KO_ASKER_SESSION | KO_ASKER_PAGE};
    char cookie[160];
    for (size_t i = 0; i < 2; i++) {
        ko_gate_claim c = clipping(f);
        c.method = "GET";
        c.origin = NULL;
        assert_int_equal(ko_gate_judge(&f->gate, &c, others[i], KO_SENT_JSON).refused, 401);
        (void)snprintf(cookie, sizeof cookie, "knockoff-7447=%s", f->firefox_token);
        c.cookie = cookie;
        c.token = f->firefox_token;
        assert_int_equal(ko_gate_judge(&f->gate, &c, others[i], KO_SENT_JSON).refused, 401);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_browser_has_its_own_token),
        TEST(what_is_no_token_is_refused),
        TEST(the_database_has_no_token),
        TEST(a_revoked_token_is_worth_nothing),
        TEST(another_server_learns_of_it),
        TEST(guesses_keep_nobody_out),
        TEST(names_are_lines_and_pairings_few),
        TEST(a_damaged_setting_is_said),
        TEST(the_helper_is_let_in),
        TEST(pages_of_the_web_are_not_even_with_a_token),
        TEST(only_a_bearer_is_a_token),
        TEST(what_opens_the_page_does_not_open_this),
        TEST(a_token_opens_nothing_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
