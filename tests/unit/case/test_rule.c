/* Whom rules mean, and what they set aside. */
#include "base/alloc.h"
#include "case/rule.h"
#include "case/rule_said.h"
#include "store/aside.h"
#include "store/decision.h"
#include "store/fixture.h"

/* --- short ways --- */

/* A listing with a price as written, whose photo shows work 1 or 2 with that score. */
static void offer(ko_store *store, const char *url, const char *price, const char *seller,
                  int64_t work, double score)
{
    static int photos = 0;
    char path[32];
    (void)snprintf(path, sizeof path, "/p/%d.jpg", ++photos);
    const ko_photo_file file = file_photo(path, 10, 20);
    ko_listing record = {
        .url = ko_strdup(url), .price = ko_strdup(price), .seller = ko_strdup(seller)};
    ko_ingested what;
    assert_int_equal(ko_listing_settle(&record, NULL), KO_OK);
    assert_int_equal(ko_seen_add(store, &record, "/sheet.csv", &file, 1, 0, &what, NULL), KO_OK);
    ko_listing_free(&record);
    if (work)
        (void)add_match(store, work, work, number(store, "SELECT max(id) FROM photo"), score);
}

static int set_up_works(void **state)
{
    const int result = set_up(state);
    const fixture *f = *state;
    for (uint8_t i = 1; i <= 2; i++)
        (void)add_view(f->store, add_work(f->store, "Wolf"), i);
    return result;
}

static ko_rule read_rule(ko_store *store, ko_rule_said *said)
{
    ko_rule rule;
    ko_error err = {0};
    if (ko_rule_read(store, said, &rule, &err) != KO_OK)
        fail_msg("%s", err.text);
    return rule;
}

static ko_status append(void *context, const ko_candidate *c, const char *why)
{
    char *out = context;
    const size_t used = strlen(out);
    (void)snprintf(out + used, 512 - used, "%s%lld: %s", used ? "; " : "", (long long)c->id, why);
    return KO_OK;
}

/* Whom a rule means now, and why. */
static const char *meant(ko_store *store, ko_rule_said said)
{
    static char out[512];
    const ko_rule rule = read_rule(store, &said);
    out[0] = '\0';
    assert_int_equal(ko_rule_try(store, &rule, append, out, NULL), KO_OK);
    return out;
}

static size_t make(ko_store *store, ko_rule_said said)
{
    ko_rule_made made;
    const ko_rule rule = read_rule(store, &said);
    assert_int_equal(ko_rule_make(store, &rule, &made, NULL), KO_OK);
    return made.aside;
}

static ko_status keep_state(void *context, const ko_candidate *c)
{
    *(ko_candidate_state *)context = c->state;
    return KO_OK;
}

static ko_candidate_state state_of(ko_store *store, int64_t id)
{
    ko_candidate_state state = KO_CANDIDATE_STATES;
    const ko_candidate_filter one = {.id = id};
    assert_int_equal(ko_candidate_each(store, &one, keep_state, &state, NULL), KO_OK);
    return state;
}

static ko_status keep_ended(void *context, const ko_aside *aside)
{
    (void)snprintf(context, 64, "%s", aside->ended_why);
    return KO_OK;
}

/* --- whom a rule means --- */

static void prices_count_in_their_currency_alone(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    offer(store, "https://shop.example/1", "US $0.49", "", 1, 20);
    offer(store, "https://shop.example/2", "0.50 USD", "", 1, 20);
    offer(store, "https://shop.example/3", "EUR 0.10", "", 1, 20);
    offer(store, "https://shop.example/4", "", "", 1, 20);
    offer(store, "https://shop.example/5", "0 USD", "", 1, 20); /* on request */
    offer(store, "https://shop.example/6", "USD 0.20 - 0.60", "", 1, 20);
    offer(store, "https://shop.example/7", "USD 0.20 - 0.40", "", 1, 20);
    offer(store, "https://shop.example/8", "JPY 900", "", 1, 20);
    assert_string_equal(meant(store, (ko_rule_said){.price_below = "0.50 USD"}),
                        "1: price 0.49 USD is below 0.50 USD;"
                        " 7: price 0.20 USD to 0.40 USD is below 0.50 USD");
    assert_string_equal(meant(store, (ko_rule_said){.price_above = "USD 0.3"}),
                        "1: price 0.49 USD is above 0.30 USD;"
                        " 2: price 0.50 USD is above 0.30 USD");
    assert_string_equal(
        meant(store, (ko_rule_said){.price_above = "0.10 USD", .price_below = "0.45 USD"}),
        "7: price 0.20 USD to 0.40 USD is below 0.45 USD, price 0.20 USD to 0.40 USD is above"
        " 0.10 USD");
    assert_string_equal(meant(store, (ko_rule_said){.price_below = "1000 JPY"}),
                        "8: price 900 JPY is below 1000 JPY");
}

static void all_conditions_must_hold(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    offer(store, "https://shop.example.de/1", "", "", 1, 7.25);
    offer(store, "https://shop.example.de/2", "", "", 2, 7.25);
    offer(store, "https://shop.example.de/3", "", "", 2, 8);
    offer(store, "https://shop.example.co.uk/4", "", "", 2, 7);
    offer(store, "https://www.etsy.com/listing/5", "", "Sun", 2, 7);
    offer(store, "https://www.ebay.com/itm/223456789006", "", "Sun", 2, 7);
    assert_string_equal(
        meant(store, (ko_rule_said){.work = "2", .country = "DE", .score_below = 8}),
        "2: score 7.2 is below 8, shop.example.de is a site for DE");
    assert_string_equal(meant(store, (ko_rule_said){.country = "GB"}),
                        "4: shop.example.co.uk is a site for GB");
    assert_string_equal(meant(store, (ko_rule_said){.seller = "Sun", .on = "etsy"}),
                        "5: offered by Sun on etsy");
    assert_string_equal(meant(store, (ko_rule_said){.on = "shop.example.co.uk"}),
                        "4: offered by shop.example.co.uk");
}

static void what_is_below_the_threshold_is_meant_too(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    offer(store, "https://shop.example/1", "1 USD", "", 1, 2);
    assert_string_equal(meant(store, (ko_rule_said){.price_below = "2 USD"}),
                        "1: price 1.00 USD is below 2.00 USD");
}

static void refuse(ko_store *store, ko_rule_said said, ko_status expected)
{
    ko_rule rule;
    ko_error err = {0};
    assert_int_equal(ko_rule_read(store, &said, &rule, &err), expected);
    assert_int_not_equal(err.text[0], 0);
}

static void what_states_nothing_is_no_rule(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    refuse(store, (ko_rule_said){0}, KO_E_USAGE);
    refuse(store, (ko_rule_said){.work = "1"}, KO_E_USAGE);
    refuse(store, (ko_rule_said){.work = "9", .country = "DE"}, KO_E_NOT_FOUND);
    refuse(store, (ko_rule_said){.price_below = "-1 USD"}, KO_E_USAGE);
    refuse(store, (ko_rule_said){.price_below = "1 - 2 USD"}, KO_E_USAGE);
    refuse(store, (ko_rule_said){.price_below = "0 USD"}, KO_E_USAGE);
    refuse(store, (ko_rule_said){.country = "D E"}, KO_E_USAGE);
    refuse(store, (ko_rule_said){.country = "A "}, KO_E_USAGE);
}

/* --- what becomes of it --- */

static void a_rule_sets_aside_what_waits_and_puts_it_back(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    const ko_rule_said cheap = {.price_below = "2 USD"}, from_de = {.country = "DE"};
    size_t back = 0;
    offer(store, "https://shop.example.de/1", "1 USD", "", 1, 20);
    offer(store, "https://shop.example.de/2", "9 USD", "", 1, 20);
    assert_int_equal(make(store, cheap), 1);
    assert_int_equal(make(store, cheap), 0);
    assert_int_equal(make(store, from_de), 2);
    assert_int_equal(state_of(store, 1), KO_CANDIDATE_RULED);
    assert_int_equal(ko_rule_drop(store, 2, &back, NULL), KO_OK);
    assert_int_equal(back, 2);
    assert_int_equal(state_of(store, 1), KO_CANDIDATE_RULED); /* by the other one */
    assert_int_equal(state_of(store, 2), KO_CANDIDATE_OPEN);
    assert_int_equal(ko_rule_undo(store, 1, "Ann", &back, NULL), KO_OK);
    assert_int_equal(back, 1);
    assert_int_equal(state_of(store, 1), KO_CANDIDATE_OPEN);
    assert_int_equal(make(store, cheap), 0); /* left alone for good */
    assert_int_equal(ko_rule_drop(store, 2, &back, NULL), KO_E_NOT_FOUND);
}

static void new_candidates_meet_all_rules(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    const int64_t ids[] = {1, 2, 3, 99};
    size_t ruled = 9;
    offer(store, "https://shop.example.de/1", "1 USD", "", 1, 20);
    assert_int_equal(ko_rules_apply(store, ids, 1, &ruled, NULL), KO_OK);
    assert_int_equal(ruled, 0);
    (void)make(store, (ko_rule_said){.price_below = "2 USD"});
    (void)make(store, (ko_rule_said){.country = "DE"});
    offer(store, "https://shop.example.de/2", "1 USD", "", 1, 20);
    offer(store, "https://shop.example/3", "9 USD", "", 1, 20);
    assert_int_equal(ko_rules_apply(store, ids, 4, &ruled, NULL), KO_OK);
    assert_int_equal(ruled, 1);
    assert_int_equal(number(store, "SELECT count(*) FROM aside WHERE candidate_id = 2"), 2);
    assert_int_equal(state_of(store, 3), KO_CANDIDATE_OPEN);
}

static void decide(ko_store *store, int64_t candidate, ko_candidate_state to)
{
    char sql[512];
    (void)snprintf(
        sql, sizeof sql,
        "INSERT INTO act (verb, subject, who, at, good_faith) VALUES ('x', '', '', 1, 0);"
        "INSERT INTO decision (act_id, candidate_id, state, serial, url, seller, by_method,"
        " by_score, photo_id, photo_sha256, view_sha256) SELECT max(id), %lld, %d, '', '', '',"
        " 'whole', 20, 1, zeroblob(32), zeroblob(32) FROM act;"
        "UPDATE candidate SET decided = (SELECT max(id) FROM decision) WHERE id = %lld",
        (long long)candidate, (int)to, (long long)candidate);
    execute(store, sql);
}

static void decisions_are_not_touched(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    offer(store, "https://shop.example/1", "1 USD", "", 1, 20);
    offer(store, "https://shop.example/2", "1 USD", "", 1, 20);
    offer(store, "https://shop.example/3", "1 USD", "", 1, 20);
    decide(store, 1, KO_CANDIDATE_ACCEPTED);
    decide(store, 2, KO_CANDIDATE_OPEN); /* reopened: somebody wants to see it */
    assert_int_equal(make(store, (ko_rule_said){.price_below = "2 USD"}), 1);
    assert_int_equal(state_of(store, 1), KO_CANDIDATE_ACCEPTED);
    assert_int_equal(state_of(store, 2), KO_CANDIDATE_OPEN);
    decide(store, 3, KO_CANDIDATE_ACCEPTED); /* also of what a rule set aside */
    assert_int_equal(state_of(store, 3), KO_CANDIDATE_ACCEPTED);
}

static void what_the_rule_means_no_more_comes_back(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    const ko_aside_filter first = {.candidate_id = 1}, second = {.candidate_id = 2};
    char why[64] = "";
    size_t back = 0;
    offer(store, "https://shop.example/1", "1 USD", "", 1, 7);
    offer(store, "https://shop.example/2", "1 USD", "", 1, 7);
    assert_int_equal(make(store, (ko_rule_said){.price_below = "2 USD", .score_below = 8}), 2);
    assert_int_equal(ko_rules_review(store, &back, NULL), KO_OK);
    assert_int_equal(back, 0);
    offer(store, "https://shop.example/1", "3 USD", "", 0, 0); /* it costs more now */
    assert_int_equal(ko_rules_review(store, &back, NULL), KO_OK);
    assert_int_equal(back, 1);
    assert_int_equal(ko_aside_each(store, &first, keep_ended, why, NULL), KO_OK);
    assert_string_equal(why, "the rule means it no more");
    offer(store, "https://shop.example/2", "1 USD", "", 1, 9); /* a better photo */
    assert_int_equal(ko_rules_review(store, &back, NULL), KO_OK);
    assert_int_equal(back, 1);
    assert_int_equal(state_of(store, 2), KO_CANDIDATE_OPEN);
    /* A kill while a rule was removed left this. */
    assert_int_equal(make(store, (ko_rule_said){.price_above = "2 USD"}), 1);
    execute(store, "UPDATE rule SET removed_at = 1 WHERE id = 2");
    assert_int_equal(ko_rules_review(store, &back, NULL), KO_OK);
    assert_int_equal(back, 1);
    assert_int_equal(ko_aside_each(store, &second, keep_ended, why, NULL), KO_OK);
}

static void thousands_are_set_aside_and_put_back(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    size_t back = 0;
    offer(store, "https://shop.example/1", "1 USD", "", 1, 20);
    execute(store, "WITH RECURSIVE i(n) AS (SELECT 1001 UNION ALL SELECT n + 1 FROM i LIMIT 1200)"
                   " INSERT INTO listing (id, key, url, title, seller, price, currency, source,"
                   " first_seen, last_seen, price_minor, price_max_minor, minor_digits, ask)"
                   " SELECT n, n, 'https://shop.example/x', '', '', '1', 'USD', '', 1, 1, 100,"
                   " 100, 2, 0 FROM i;"
                   "INSERT INTO listing_photo (listing_id, photo_id, position)"
                   " SELECT id, 1, 0 FROM listing WHERE id > 1000;"
                   "INSERT INTO candidate (work_id, listing_id, found_at)"
                   " SELECT 1, id, 1 FROM listing WHERE id > 1000");
    assert_int_equal(make(store, (ko_rule_said){.price_below = "2 USD"}), 1201);
    assert_int_equal(ko_rule_drop(store, 1, &back, NULL), KO_OK);
    assert_int_equal(back, 1201);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up_works, tear_down)
        TEST(prices_count_in_their_currency_alone),
        TEST(all_conditions_must_hold),
        TEST(what_is_below_the_threshold_is_meant_too),
        TEST(what_states_nothing_is_no_rule),
        TEST(a_rule_sets_aside_what_waits_and_puts_it_back),
        TEST(new_candidates_meet_all_rules),
        TEST(decisions_are_not_touched),
        TEST(what_the_rule_means_no_more_comes_back),
        TEST(thousands_are_set_aside_and_put_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
