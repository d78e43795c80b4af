/* When listings are looked at again, by their case and by what looks found. */
#include "store/look.h"

#include "base/clock.h"
#include "store/decision.h"
#include "store/fixture.h"
#include "store/notice.h"

#define HOUR ((int64_t)3600)
#define DAY (24 * HOUR)
#define AT "https://m.example/item/"

static int64_t now_is;
static int64_t now(void)
{
    return now_is;
}

static int begin(void **state)
{
    now_is = 20500 * DAY + 12 * HOUR;
    ko_clock_use(now);
    return set_up(state);
}

static int end(void **state)
{
    ko_clock_use(NULL);
    return tear_down(state);
}

/* --- cases --- */

static ko_status accept_one(void *context, const ko_candidate *candidate)
{
    const fixture *f = context;
    int64_t act = 0;
    bool changed = false;
    const ko_act accepting = {.verb = "accept", .subject = "", .who = ""};
    assert_int_equal(ko_act_add(f->store, &accepting, &act, NULL), KO_OK);
    return ko_decision_add(f->store, act, candidate, KO_CANDIDATE_ACCEPTED, &changed, NULL);
}

/* n listings that show a work, all accepted; they are numbered from 1 on. */
static void accept_listings(fixture *f, int n)
{
    char url[64];
    const int64_t work = add_work(f->store, "Fox"), view = add_view(f->store, work, 1);
    for (int i = 1; i <= n; i++) {
        (void)snprintf(url, sizeof url, AT "%d", i);
        (void)add_listing(f->store, url, "a");
    }
    (void)add_match(f->store, work, view, 1, 9);
    assert_int_equal(ko_store_begin(f->store, NULL), KO_OK);
    assert_int_equal(
        ko_candidate_each(f->store, &(ko_candidate_filter){.all = true}, accept_one, f, NULL),
        KO_OK);
    assert_int_equal(ko_store_commit(f->store, NULL), KO_OK);
}

/* A notice about listing 1. */
static int64_t build_notice(fixture *f)
{
    int64_t id = 0;
    const ko_notice notice = {.channel = "etsy",
                              .work_id = 1,
                              .serial = "KO-000001",
                              .work_title = "Fox",
                              .host = "",
                              .reason = "copy",
                              .part = 1,
                              .parts = 1,
                              .who = "",
                              .folder = "",
                              .built_at = now_is};
    const ko_notice_item item = {.listing_id = 1,
                                 .url = AT "1",
                                 .item = "",
                                 .platform = "",
                                 .seller = "",
                                 .seller_id = "",
                                 .title = ""};
    assert_int_equal(ko_store_begin(f->store, NULL), KO_OK);
    assert_int_equal(ko_notice_add(f->store, &notice, &item, 1, &id, NULL), KO_OK);
    assert_int_equal(ko_store_commit(f->store, NULL), KO_OK);
    return id;
}

static void tell(fixture *f, ko_notice_state state)
{
    size_t changed = 0;
    const ko_notice_event event = {.notice_id = 1, .state = state, .on = (ko_day)(now_is / DAY)};
    ko_error err = {0};
    if (ko_notice_tell(f->store, &event, NULL, 0, &changed, &err) != KO_OK)
        fail_msg("%s", err.text);
}

/* --- looks --- */

static void enrol(fixture *f)
{
    for (bool more = true; more;) {
        assert_int_equal(ko_store_begin(f->store, NULL), KO_OK);
        assert_int_equal(ko_looks_enrol(f->store, &more, NULL), KO_OK);
        assert_int_equal(ko_store_commit(f->store, NULL), KO_OK);
    }
}

static bool look(fixture *f, ko_look_outcome outcome)
{
    bool changed = false;
    const ko_look_found found = {
        .listing_id = 1, .outcome = outcome, .reason = "said so", .at = now_is};
    assert_int_equal(ko_store_begin(f->store, NULL), KO_OK);
    assert_int_equal(ko_look_add(f->store, &found, &changed, NULL), KO_OK);
    assert_int_equal(ko_store_commit(f->store, NULL), KO_OK);
    return changed;
}

static ko_status keep(void *context, const ko_look *found)
{
    *(ko_look *)context = *found;
    return KO_OK;
}

static ko_look look_of(fixture *f, int64_t listing)
{
    ko_look found = {0};
    assert_int_equal(ko_look_one(f->store, listing, keep, &found, NULL), KO_OK);
    return found;
}

/* The next look comes after so many seconds, and not an eighth later. */
static void assert_waits(fixture *f, int64_t seconds)
{
    const int64_t wait = look_of(f, 1).next_at - now_is;
    if (wait < seconds || wait > seconds + seconds / 8)
        fail_msg("waits %lld seconds, not %lld", (long long)wait, (long long)seconds);
}

/* --- tests --- */

static void what_was_accepted_is_looked_at_until_nothing_calls_for_it(void **state)
{
    fixture *f = *state;
    enrol(f);
    assert_int_equal(number(f->store, "SELECT count(*) FROM look"), 0);
    accept_listings(f, 2);
    (void)put_listing(f->store, "/p/b", "", "b", &(ko_ingested){0}, NULL); /* has no URL */
    enrol(f);
    assert_int_equal(number(f->store, "SELECT count(*) FROM look"), 2);
    now_is += 10; /* seen when it was taken in */
    assert_int_equal(look_of(f, 1).outcome, KO_LOOK_NONE);
    assert_waits(f, 3 * DAY - 10);
    ko_undone undone;
    assert_int_equal(ko_act_undo(f->store, "", &undone, NULL), KO_OK);
    assert_int_equal(ko_act_undo(f->store, "", &undone, NULL), KO_OK);
    enrol(f);
    assert_true(look_of(f, 1).next_at == KO_LOOK_NEVER);
    ko_look_counts counts;
    assert_int_equal(ko_look_count(f->store, now_is, &counts, NULL), KO_OK);
    assert_int_equal(counts.next_at, 0);
    assert_int_equal(counts.due, 0);
}

static void the_pace_follows_the_case(void **state)
{
    fixture *f = *state;
    accept_listings(f, 1);
    (void)build_notice(f);
    enrol(f);
    (void)look(f, KO_LOOK_ALIVE);
    assert_waits(f, 3 * DAY);
    tell(f, KO_NOTICE_FILED);
    enrol(f); /* what was told since counts at once */
    assert_waits(f, DAY);
    now_is += 20 * DAY;
    (void)look(f, KO_LOOK_ALIVE);
    assert_waits(f, 3 * DAY);
    now_is += 30 * DAY;
    (void)look(f, KO_LOOK_ALIVE);
    assert_waits(f, 7 * DAY);
    tell(f, KO_NOTICE_COUNTERED);
    enrol(f);
    assert_waits(f, DAY);
    tell(f, KO_NOTICE_REMOVED);
    static const int64_t days[] = {2, 5, 7, 16, 30, 30};
    for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
        (void)look(f, KO_LOOK_UNREACHABLE);
        (void)look(f, KO_LOOK_ALIVE);
        assert_waits(f, days[i] * DAY);
        now_is += days[i] * DAY;
    }
}

static void what_ended_for_good_is_left_alone(void **state)
{
    fixture *f = *state;
    accept_listings(f, 1);
    (void)build_notice(f);
    tell(f, KO_NOTICE_WITHDRAWN);
    enrol(f);
    assert_int_equal(number(f->store, "SELECT count(*) FROM look"), 0);
}

static void trouble_backs_off_and_gone_is_confirmed_soon(void **state)
{
    static const int64_t blocked[] = {24, 48, 96, 192, 336, 336};
    static const int64_t silent[] = {6, 12, 24, 48, 96, 168, 168};
    fixture *f = *state;
    accept_listings(f, 1);
    for (size_t i = 0; i < sizeof blocked / sizeof *blocked; i++) {
        (void)look(f, KO_LOOK_BLOCKED);
        assert_waits(f, blocked[i] * HOUR);
    }
    for (size_t i = 0; i < sizeof silent / sizeof *silent; i++) {
        (void)look(f, KO_LOOK_UNREACHABLE);
        assert_waits(f, silent[i] * HOUR);
    }
    (void)look(f, KO_LOOK_GONE);
    assert_waits(f, KO_LOOK_SURE_S);
    now_is = look_of(f, 1).next_at;
    assert_true(look(f, KO_LOOK_GONE));
    assert_true(look_of(f, 1).sure);
    assert_waits(f, 2 * DAY);
}

static void a_disappearance_is_told_once(void **state)
{
    fixture *f = *state;
    accept_listings(f, 1);
    assert_false(look(f, KO_LOOK_ALIVE)); /* as was to be expected */
    assert_true(look(f, KO_LOOK_GONE));
    now_is += DAY;
    assert_true(look(f, KO_LOOK_GONE));
    now_is += DAY;
    assert_false(look(f, KO_LOOK_GONE));
    assert_true(look(f, KO_LOOK_BLOCKED)); /* hides it for a while */
    assert_true(look(f, KO_LOOK_GONE));
    assert_true(look_of(f, 1).sure);
    assert_int_equal(number(f->store, "SELECT count(*) FROM look_change WHERE sure"), 1);
    assert_true(look(f, KO_LOOK_ALIVE));
    assert_false(look_of(f, 1).sure);
    assert_int_equal(look_of(f, 1).gone_since, 0);
}

static ko_status count_due(void *context, const ko_look_due *due)
{
    (void)due;
    ++*(int *)context;
    return KO_OK;
}

/* By number, so that another process settles the same. */
static void what_comes_at_once_is_spread(void **state)
{
    fixture *f = *state;
    accept_listings(f, 500); /* more than are taken note of at once */
    enrol(f);
    assert_int_equal(number(f->store, "SELECT count(*) FROM look"), 500);
    const int64_t first = number(f->store, "SELECT min(next_at) FROM look");
    const int64_t last = number(f->store, "SELECT max(next_at) FROM look");
    assert_in_range(last - first, 7 * HOUR, 9 * HOUR);
    int due = 0;
    assert_int_equal(ko_look_due_each(f->store, first + HOUR, 1000, count_due, &due, NULL), KO_OK);
    assert_in_range(due, 30, 90);
    due = 0;
    assert_int_equal(ko_look_due_each(f->store, last, 150, count_due, &due, NULL), KO_OK);
    assert_int_equal(due, 150);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_was_accepted_is_looked_at_until_nothing_calls_for_it),
        TEST(the_pace_follows_the_case),
        TEST(what_ended_for_good_is_left_alone),
        TEST(trouble_backs_off_and_gone_is_confirmed_soon),
        TEST(a_disappearance_is_told_once),
        TEST(what_comes_at_once_is_spread),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
