/* What looks at listings mean for their cases, once each, and what the user takes back. */
#include "case/removal.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "case/tell.h"
#include "case/told.h"
#include "store/look.h"
#include "store/look_shown.h"

#define HOUR 3600
#define DAY (24 * HOUR)

static int64_t now_is;
static int64_t now(void)
{
    return now_is;
}

static int begin(void **state)
{
    ko_clock_use(now);
    return set_up(state);
}

static int end(void **state)
{
    ko_clock_use(NULL);
    return tear_down(state);
}

/* Noon of a day, wherever clocks are up to eleven hours off. */
static void go_to(const char *day, int hours)
{
    now_is = (int64_t)day_of(day) * 86400 + (12 + hours) * HOUR;
}

/* A filed notice about two listings, which have the numbers of its items. */
static int64_t file_notice(fixture *f)
{
    static const char *const urls[] = {"https://m.example/item/1", "https://m.example/item/2"};
    ko_notice_item items[2];
    int64_t id = 0;
    const ko_notice notice = plain_notice("alibaba-ipp", "copy", 1);
    for (size_t i = 0; i < 2; i++)
        items[i] = (ko_notice_item){.listing_id = add_listing(f->store, urls[i], "").listing_id,
                                    .url = urls[i],
                                    .item = "",
                                    .platform = "aliexpress",
                                    .seller = "",
                                    .seller_id = "",
                                    .title = ""};
    keep_notice(f->store, &notice, items, 2, &id);
    return id;
}

static void look(fixture *f, int64_t listing, ko_look_outcome outcome, const char *reason)
{
    bool changed;
    const ko_look_found found = {
        .listing_id = listing, .outcome = outcome, .reason = reason, .at = now_is};
    assert_int_equal(ko_store_begin(f->store, NULL), KO_OK);
    assert_int_equal(ko_look_add(f->store, &found, &changed, NULL), KO_OK);
    assert_int_equal(ko_store_commit(f->store, NULL), KO_OK);
}

static ko_removals take_in(fixture *f)
{
    ko_kit kit;
    ko_removals removals;
    ko_error err = {0};
    open_kit(&kit);
    if (ko_removals_tell(f->store, &kit, &removals, &err) != KO_OK)
        fail_msg("%s", err.text);
    ko_kit_close(&kit);
    return removals;
}

static ko_notice_state state_of(fixture *f, int64_t item)
{
    char sql[160];
    (void)snprintf(sql, sizeof sql,
                   "SELECT state FROM notice_item JOIN notice_told ON notice_told.id = told"
                   " JOIN notice_event ON notice_event.id = event_id WHERE notice_item.id = %lld",
                   (long long)item);
    return (ko_notice_state)number(f->store, sql);
}

static void vanish(fixture *f, int64_t listing)
{
    go_to("2026-02-03", 0);
    look(f, listing, KO_LOOK_GONE, "HTTP 404");
    go_to("2026-02-04", 0);
    look(f, listing, KO_LOOK_GONE, "HTTP 404");
}

static void what_is_gone_for_sure_was_removed(void **state)
{
    fixture *f = *state;
    const int64_t id = file_notice(f);
    tell(f->store, id, KO_NOTICE_FILED, "2026-02-01", 0, 0);
    go_to("2026-02-03", 0);
    look(f, 1, KO_LOOK_GONE, "HTTP 404");
    look(f, 2, KO_LOOK_ALIVE, "");
    assert_int_equal(take_in(f).removed, 0); /* once is not enough */
    go_to("2026-02-04", 0);
    look(f, 1, KO_LOOK_GONE, "HTTP 410");
    assert_int_equal(take_in(f).removed, 1);
    assert_int_equal(state_of(f, 1), KO_NOTICE_REMOVED);
    assert_int_equal(state_of(f, 2), KO_NOTICE_FILED);
    assert_int_equal(number(f->store, "SELECT count(*) FROM notice_event WHERE who ="
                                      " 'knockoff watch' AND on_day = 20487 AND note ="
                                      " 'HTTP 404 on 2026-02-03, HTTP 410 on 2026-02-04'"),
                     1);
    /* Nothing more follows from the same, looked at or taken in again. */
    assert_int_equal(take_in(f).removed, 0);
    go_to("2026-02-06", 0);
    look(f, 1, KO_LOOK_GONE, "HTTP 410");
    assert_int_equal(take_in(f).removed, 0);
    assert_int_equal(number(f->store, "SELECT count(*) FROM notice_event WHERE state = 6"), 1);
}

static void walls_and_silence_mean_nothing(void **state)
{
    fixture *f = *state;
    const int64_t id = file_notice(f);
    tell(f->store, id, KO_NOTICE_FILED, "2026-02-01", 0, 0);
    for (int i = 0; i < 40; i++) {
        go_to("2026-02-03", 24 * i);
        look(f, 1, i % 2 ? KO_LOOK_BLOCKED : KO_LOOK_UNREACHABLE, "HTTP 403");
        assert_int_equal(take_in(f).removed, 0);
    }
    assert_int_equal(state_of(f, 1), KO_NOTICE_FILED);
}

static void what_comes_back_reappears_on_a_later_day(void **state)
{
    fixture *f = *state;
    const int64_t id = file_notice(f);
    tell(f->store, id, KO_NOTICE_FILED, "2026-02-01", 0, 0);
    vanish(f, 1);
    assert_int_equal(take_in(f).removed, 1);
    go_to("2026-02-03", 6); /* a page that lags behind, by the day that was told */
    look(f, 1, KO_LOOK_ALIVE, "");
    assert_int_equal(take_in(f).reappeared, 0);
    go_to("2026-02-09", 0);
    look(f, 1, KO_LOOK_ALIVE, "");
    assert_int_equal(take_in(f).reappeared, 1);
    assert_int_equal(take_in(f).reappeared, 0);
    assert_int_equal(state_of(f, 1), KO_NOTICE_REAPPEARED);
    /* And goes again. */
    go_to("2026-02-12", 0);
    look(f, 1, KO_LOOK_GONE, "HTTP 404");
    go_to("2026-02-13", 0);
    look(f, 1, KO_LOOK_GONE, "HTTP 404");
    assert_int_equal(take_in(f).removed, 1);
    assert_int_equal(state_of(f, 1), KO_NOTICE_REMOVED);
}

static void what_shows_nothing_known_does_not_reappear(void **state)
{
    fixture *f = *state;
    const int64_t id = file_notice(f);
    tell(f->store, id, KO_NOTICE_FILED, "2026-02-01", 0, 0);
    vanish(f, 1);
    (void)take_in(f);
    go_to("2026-02-09", 0);
    look(f, 1, KO_LOOK_CHANGED, "shows other pictures");
    assert_int_equal(take_in(f).reappeared, 0);
    assert_int_equal(state_of(f, 1), KO_NOTICE_REMOVED);
}

static void what_the_user_takes_back_stays_so(void **state)
{
    fixture *f = *state;
    ko_notice_event undone;
    const int64_t id = file_notice(f);
    tell(f->store, id, KO_NOTICE_FILED, "2026-02-01", 0, 0);
    vanish(f, 1);
    (void)take_in(f);
    assert_int_equal(ko_notice_undo(f->store, id, &undone, NULL), KO_OK);
    assert_int_equal(take_in(f).removed, 0);
    go_to("2026-02-05", 0);
    look(f, 1, KO_LOOK_GONE, "HTTP 404"); /* the same still */
    assert_int_equal(take_in(f).removed, 0);
    assert_int_equal(state_of(f, 1), KO_NOTICE_FILED);
    go_to("2026-02-06", 0);
    look(f, 1, KO_LOOK_ALIVE, "");
    (void)take_in(f);
    go_to("2026-02-10", 0);
    look(f, 1, KO_LOOK_GONE, "HTTP 404"); /* anew */
    go_to("2026-02-11", 0);
    look(f, 1, KO_LOOK_GONE, "HTTP 404");
    assert_int_equal(take_in(f).removed, 1);
}

static void packets_that_are_only_built_are_the_users(void **state)
{
    fixture *f = *state;
    const int64_t id = file_notice(f);
    vanish(f, 1);
    assert_int_equal(take_in(f).removed, 0);
    assert_int_equal(number(f->store, "SELECT count(*) FROM notice_event"), 0);
    /* Filed all the same: that it is gone is told with the next look, on no earlier day. */
    tell(f->store, id, KO_NOTICE_FILED, "2026-02-05", 0, 0);
    go_to("2026-02-06", 0);
    look(f, 1, KO_LOOK_GONE, "HTTP 404");
    assert_int_equal(take_in(f).removed, 1);
    assert_int_equal(number(f->store, "SELECT on_day FROM notice_event WHERE state = 6"),
                     day_of("2026-02-05"));
}

/* What was told and that the look was taken in are one: memory that runs out anywhere on the way
 * leaves neither, or both. */
static void what_fails_on_the_way_tells_nothing_twice(void **state)
{
    fixture *f = *state;
    ko_kit kit;
    ko_removals removals;
    ko_status st = KO_E_NOMEM;
    const int64_t id = file_notice(f);
    tell(f->store, id, KO_NOTICE_FILED, "2026-02-01", 0, 0);
    vanish(f, 1);
    vanish(f, 2);
    open_kit(&kit);
    unsigned nth = 0;
    while (st != KO_OK) {
        ko_alloc_fault(++nth, 0);
        st = ko_removals_tell(f->store, &kit, &removals, NULL);
        ko_alloc_fault(0, 0);
        assert_int_equal(number(f->store, "SELECT count(*) FROM notice_event WHERE state = 6"),
                         number(f->store, "SELECT count(*) FROM look WHERE taken"));
    }
    ko_kit_close(&kit);
    assert_true(nth > 3);
    assert_int_equal(state_of(f, 1), KO_NOTICE_REMOVED);
    assert_int_equal(state_of(f, 2), KO_NOTICE_REMOVED);
    assert_whole(f->store);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_gone_for_sure_was_removed),
        TEST(walls_and_silence_mean_nothing),
        TEST(what_comes_back_reappears_on_a_later_day),
        TEST(what_shows_nothing_known_does_not_reappear),
        TEST(what_the_user_takes_back_stays_so),
        TEST(packets_that_are_only_built_are_the_users),
        TEST(what_fails_on_the_way_tells_nothing_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
