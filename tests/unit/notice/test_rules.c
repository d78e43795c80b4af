/* The rules of the program, and those that users lay over them. */
#include "notice/rules.h"

#include "notice/rules_open.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "notice/letter.h"

#include <string.h>

static void each_platform_has_a_channel(void **state)
{
    (void)state;
    static const struct {
        const char *platform, *channel;
        int most; /* listings in a notice */
    } expected[] = {
        {"aliexpress", "alibaba-ipp", 300},
        {"1688", "alibaba-ipp", 300},
        {"aliexpress", "alibaba-guest", 10},
        {"lazada", "lazada", 300},
        {"amazon", "amazon", 50},
        {"temu", "temu", 200},
        {"ebay", "ebay-vero-api", 150},
        {"ebay", "ebay-noci", 0},
        {"etsy", "etsy", 0},
        {"redbubble", "redbubble", 0},
        {"shopify", "shopify", 0},
        {"", "dmca-host", 0},
    };
    ko_rules *rules = rules_open();
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        const ko_channel *channel = ko_rules_channel(rules, expected[i].channel);
        assert_non_null(channel);
        assert_true(ko_channel_takes(channel, expected[i].platform));
        assert_int_equal(channel->list.most, expected[i].most);
    }
    assert_false(ko_channel_takes(ko_rules_channel(rules, "alibaba-ipp"), "ebay"));
    assert_false(ko_channel_takes(ko_rules_channel(rules, "temu"), ""));
    ko_rules_free(rules);
}

/* The form for those without an account, interfaces and letters to shops are asked for by name;
 * what takes any site comes after those who know theirs, also the user's own. */
static void usual_channels_come_first_that_know_the_platform(void **state)
{
    (void)state;
    static const char mine[] =
        "{\"channels\": [{\"id\": \"mine\", \"name\": \"Mine\", \"filed_at\": \"x\","
        "  \"filed_at_source\": \"artists\", \"platforms\": [\"woocommerce\"],"
        "  \"platforms_source\": \"artists\", \"facts\": [], \"papers\": [],"
        "  \"list\": {\"of\": \"urls\", \"join\": \"lines\", \"per\": \"work\","
        "             \"source\": \"artists\"}, \"needs_source\": \"artists\","
        "  \"letter\": \"form.txt\", \"reasons\": [], \"steps\": []}]}";
    static const char *const expected[] = {"alibaba-ipp", "lazada",    "ebay-noci", "amazon",
                                           "etsy",        "redbubble", "temu",      "shopify",
                                           "mine",        "dmca-host"};
    const size_t n = sizeof expected / sizeof *expected;
    ko_rules *rules = rules_open();
    assert_int_equal(ko_rules_add(rules, mine, strlen(mine), NULL), KO_OK);
    const ko_channel *usual[32];
    assert_true(ko_rules_count(rules) <= 32);
    assert_int_equal(ko_rules_usual(rules, usual), n);
    for (size_t i = 0; i < n; i++)
        assert_string_equal(usual[i]->id, expected[i]);
    ko_rules_free(rules);
}

/* What a rule says can be looked up, and its letter written. */
static void each_rule_has_a_source_and_a_letter(void **state)
{
    (void)state;
    ko_rules *rules = rules_open();
    for (size_t i = 0; i < ko_rules_count(rules); i++) {
        const ko_channel *channel = ko_rules_at(rules, i);
        assert_non_null(ko_letter_template(channel->letter));
        assert_true(channel->n_reasons > 0);
        for (size_t k = 0; k < channel->n_steps; k++)
            assert_ptr_equal(ko_channel_step(channel, channel->steps[k].id), &channel->steps[k]);
        const ko_rule_source *source = ko_rules_source(rules, channel->list.source);
        assert_non_null(source);
        assert_true(source->checked_on >= day_of("2026-11-21"));
    }
    ko_rules_free(rules);
}

static void users_lay_their_rules_over(void **state)
{
    (void)state;
    static const char mine[] =
        "{\"sources\": [{\"id\": \"seen\", \"text\": \"the form\", \"checked_on\": "
        "\"2027-01-05\"}],"
        " \"channels\": [{\"id\": \"temu\", \"name\": \"Temu\", \"filed_at\": \"https://x.test\","
        "  \"filed_at_source\": \"seen\", \"platforms\": [\"temu\"], \"platforms_source\": "
        "\"seen\","
        "  \"list\": {\"most\": 20, \"of\": \"urls\", \"join\": \"commas\", \"per\": \"work\","
        "             \"source\": \"temu-guide\"},"
        "  \"facts\": [\"profile.name\"], \"papers\": [], \"needs_source\": \"seen\","
        "  \"letter\": \"temu.txt\", \"reasons\": [], \"steps\": []}]}";
    ko_rules *rules = rules_open();
    const size_t before = ko_rules_count(rules);
    ko_error err = {0};
    assert_int_equal(ko_rules_add(rules, mine, strlen(mine), &err), KO_OK);
    assert_int_equal(ko_rules_count(rules), before);
    const ko_channel *temu = ko_rules_channel(rules, "temu");
    assert_int_equal(temu->list.most, 20);
    assert_int_equal(temu->list.join, KO_LIST_COMMAS);
    assert_int_equal(ko_rules_channel(rules, "amazon")->list.most, 50);
    assert_string_equal(ko_rules_source(rules, "seen")->text, "the form");
    ko_rules_free(rules);
}

/* All sources and penalties are gone through once, as they stand, and it is known whose they are.
 */
static void whose_a_rule_is(void **state)
{
    (void)state;
    static const char mine[] =
        "{\"sources\": ["
        "  {\"id\": \"seen\", \"text\": \"the form\", \"checked_on\": \"2027-01-05\"},"
        "  {\"id\": \"gftm\", \"text\": \"read anew\", \"checked_on\": \"2027-01-06\"}],"
        " \"penalties\": [{\"platform\": \"temu\", \"points_each\": 1, \"points_a_day\": 1,"
        "  \"life_days\": 1, \"closes_at\": 1, \"serious_window_days\": 1,"
        "  \"serious_close_at\": 1, \"note\": \"a guess\", \"source\": \"seen\"}]}";
    ko_rules *rules = rules_open();
    size_t before = 0, after = 0, read_anew = 0;
    while (ko_rules_source_at(rules, before))
        before++;
    assert_int_equal(ko_rules_add(rules, mine, strlen(mine), NULL), KO_OK);
    for (; ko_rules_source_at(rules, after); after++)
        read_anew += strcmp(ko_rules_source_at(rules, after)->text, "read anew") == 0;
    assert_int_equal(after, before + 1);
    assert_int_equal(read_anew, 1);
    assert_string_equal(ko_rules_source_at(rules, before)->id, "seen");
    assert_int_equal(ko_rules_source_origin(rules, "seen"), KO_RULE_ADDED);
    assert_int_equal(ko_rules_source_origin(rules, "gftm"), KO_RULE_REPLACED);
    assert_int_equal(ko_rules_source_origin(rules, "dmca-512c"), KO_RULE_OF_PROGRAM);
    assert_int_equal(ko_rules_channel_origin(rules, "temu"), KO_RULE_OF_PROGRAM);
    assert_string_equal(ko_rules_penalty_at(rules, 0)->platform, "aliexpress");
    assert_string_equal(ko_rules_penalty_at(rules, 1)->note, "a guess");
    assert_null(ko_rules_penalty_at(rules, 2));
    assert_int_equal(ko_rules_penalty_origin(rules, "temu"), KO_RULE_ADDED);
    ko_rules_free(rules);
}

static void mistakes_are_told_with_their_place(void **state)
{
    (void)state;
#define PENALTY(points) "{\"penalties\": [{\"platform\": \"x\", \"points_each\": " points "}]}"
    static const struct {
        const char *text, *told;
    } bad[] = {
        {"", "line 1, column 0"},
        {"{\"channels\": [}", "line 1, column 15"},
        {"[]", "the whole: expected an object"},
        {"{\"chanels\": []}", "chanels: expected a field that is known"},
        {"{\"channels\": {}}", "channels: expected a list"},
        {"{\"channels\": [{}]}", "channels[0].id: expected it to be there"},
        {"{\"channels\": [{\"id\": \"a\\nb\"}]}",
         "channels[0].id: expected one line without control characters"},
        {"{\"channels\": [{\"id\": \"\"}]}", "channels[0].id: expected a text"},
        {"{\"sources\": [{\"id\": \"a\", \"text\": \"b\", \"checked_on\": \"2027-02-29\"}]}",
         "sources[0].checked_on: expected a day such as 2026-11-21"},
        {PENALTY("0"), "penalties[0].points_each: expected a whole number from 1 to 3650"},
        {PENALTY("6.0"), "penalties[0].points_each: expected a whole number from 1 to 3650"},
        {PENALTY("99999999999"),
         "penalties[0].points_each: expected a whole number from 1 to 3650"},
    };
    ko_rules *rules = rules_open();
    const size_t before = ko_rules_count(rules);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ko_error err = {0};
        assert_int_equal(ko_rules_add(rules, bad[i].text, strlen(bad[i].text), &err), KO_E_FORMAT);
        if (strncmp(err.text, bad[i].told, strlen(bad[i].told)) != 0)
            fail_msg("%s: told \"%s\"", bad[i].text, err.text);
        assert_int_equal(ko_rules_count(rules), before);
    }
    ko_rules_free(rules);
}

static void words_and_names_must_exist(void **state)
{
    (void)state;
#define CHANNEL(source, fact, of, least)                                                           \
    "{\"sources\": [{\"id\": \"s\", \"text\": \"t\", \"checked_on\": \"2026-11-22\"}],"            \
    " \"channels\": [{\"id\": \"c\", \"name\": \"c\", \"filed_at\": \"c\","                        \
    " \"filed_at_source\": \"" source "\", \"platforms\": [\"*\"], \"platforms_source\": \"s\","   \
    " \"list\": {\"of\": \"" of "\", \"join\": \"lines\", \"per\": \"work\", \"source\": \"s\"},"  \
    " \"facts\": [\"" fact "\"], \"papers\": [], \"needs_source\": \"s\", \"letter\": \"l\","      \
    " \"reasons\": [], \"steps\": [{\"id\": \"i\", \"text\": \"t\", \"from\": \"filed\","          \
    " \"who\": \"seller\", \"least\": " least ", \"most\": 3, \"days\": \"working\","              \
    " \"country\": \"CN\", \"source\": \"s\"}]}]}"
    static const struct {
        const char *text, *told; /* NULL: nothing is wrong */
    } cases[] = {
        {CHANNEL("s", "work.title", "urls", "1"), NULL},
        {CHANNEL("x", "work.title", "urls", "1"),
         "channels[0].filed_at_source: expected the name of a source, there is no \"x\""},
        {CHANNEL("s", "work.titel", "urls", "1"),
         "channels[0].facts[0]: expected the name of a fact, there is no \"work.titel\""},
        {CHANNEL("s", "work.title", "links", "1"),
         "channels[0].list.of: expected one of urls, items"},
        {CHANNEL("s", "work.title", "urls", "4"),
         "channels[0].steps[0].least: expected no more than most, which is 3"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ko_rules *rules = rules_open();
        ko_error err = {0};
        const ko_status st = ko_rules_add(rules, cases[i].text, strlen(cases[i].text), &err);
        assert_int_equal(st, cases[i].told ? KO_E_FORMAT : KO_OK);
        assert_string_equal(err.text, cases[i].told ? cases[i].told : "");
        ko_rules_free(rules);
    }
}

static void a_file_has_a_limit(void **state)
{
    (void)state;
    ko_rules *rules = rules_open();
    ko_error err = {0};
    assert_int_equal(ko_rules_add(rules, "", KO_MAX_NOTICE_DATA_BYTES + 1, &err), KO_E_LIMIT);
    ko_rules_free(rules);
}

static void memory_may_run_out(void **state)
{
    (void)state;
    for (unsigned nth = 1;; nth += 17) {
        ko_rules *rules = NULL;
        ko_alloc_fault(nth, 1);
        const ko_status st = ko_rules_open(&rules, NULL);
        const unsigned fired = ko_alloc_fault_hits();
        ko_alloc_fault(0, 0);
        ko_rules_free(rules);
        assert_int_equal(ko_alloc_live(), 0);
        if (!fired) {
            assert_int_equal(st, KO_OK);
            break;
        }
        assert_int_equal(st, KO_E_NOMEM);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_platform_has_a_channel),
        cmocka_unit_test(usual_channels_come_first_that_know_the_platform),
        cmocka_unit_test(each_rule_has_a_source_and_a_letter),
        cmocka_unit_test(users_lay_their_rules_over),
        cmocka_unit_test(whose_a_rule_is),
        cmocka_unit_test(mistakes_are_told_with_their_place),
        cmocka_unit_test(words_and_names_must_exist),
        cmocka_unit_test(a_file_has_a_limit),
        cmocka_unit_test(memory_may_run_out),
    };
    return cmocka_run_group_tests_name("notice.rules", tests, NULL, NULL);
}
