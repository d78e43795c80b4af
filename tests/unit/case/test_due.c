/* What is due follows from what was told, by the rules of the channel. */
#include "case/due.h"

#include "case/told.h"

#include "base/alloc.h"
#include "base/limits.h"

static ko_duties found(fixture *f, const ko_kit *kit, const char *day, bool all)
{
    ko_duties duties;
    ko_error err = {0};
    const ko_duties_request request = {.day = day_of(day), .all = all, .within_days = -1};
    if (ko_duties_find(f->store, kit, &request, &duties, &err) != KO_OK)
        fail_msg("%s", err.text);
    return duties;
}

/* The only duty of this step. */
static const ko_duty *only(const ko_duties *duties, const char *step)
{
    const ko_duty *one = NULL;
    for (size_t i = 0; i < duties->n; i++) {
        if (!duties->duties[i].step || strcmp(duties->duties[i].step->id, step) != 0)
            continue;
        assert_null(one);
        one = &duties->duties[i];
    }
    if (!one)
        fail_msg("nothing is due by %s", step);
    return one;
}

static void a_counter_notice_is_answered_in_time(void **state)
{
    fixture *f = *state;
    ko_kit kit;
    open_kit(&kit);
    const int64_t id = add_notice(f->store, "alibaba-ipp", "aliexpress", "copy", 3);
    tell(f->store, id, KO_NOTICE_FILED, "2026-11-16", 0, 0);
    tell(f->store, id, KO_NOTICE_COUNTERED, "2026-11-20", 2, 2);
    ko_duties duties = found(f, &kit, "2026-11-23", true);
    const ko_duty *mine = only(&duties, "own-answer"); /* three days of any kind */
    assert_day(mine->when.last, "2026-11-23");
    assert_false(mine->overdue);
    assert_int_equal(mine->who, KO_WHO_HOLDER);
    assert_int_equal(mine->n_items, 2);
    assert_string_equal(ko_duty_url(mine), "https://ipp.alibabagroup.com");
    const ko_duty *theirs = only(&duties, "answer"); /* three working days, for the other one */
    assert_day(theirs->when.last, "2026-11-19");
    assert_true(theirs->overdue);
    assert_int_equal(theirs->who, KO_WHO_SELLER);
    assert_int_equal(theirs->n_items, 1);
    ko_duties_free(&duties);

    tell(f->store, id, KO_NOTICE_ANSWERED, "2026-11-21", 0, 0);
    tell(f->store, id, KO_NOTICE_UPHELD, "2026-11-24", 0, 0);
    duties = found(f, &kit, "2026-11-24", true);
    assert_day(only(&duties, "second-counter")->when.last, "2026-12-03"); /* seven working days */
    ko_duties_free(&duties);
    ko_kit_close(&kit);
}

/* It is the platform's clock that a day ends by: in China at 16:00 UTC. */
static void a_day_is_over_where_the_platform_is(void **state)
{
    fixture *f = *state;
    ko_kit kit;
    open_kit(&kit);
    const int64_t id = add_notice(f->store, "alibaba-ipp", "aliexpress", "copy", 1);
    tell(f->store, id, KO_NOTICE_FILED, "2026-11-16", 0, 0);
    tell(f->store, id, KO_NOTICE_COUNTERED, "2026-11-20", 0, 0);
    const int64_t noon = (int64_t)day_of("2026-11-23") * 86400 + 12 * 3600;
    for (int hours = 3; hours <= 4; hours++) {
        ko_duties duties;
        const ko_duties_request request = {
            .day = day_of("2026-11-23"), .at = noon + hours * 3600, .within_days = -1};
        assert_int_equal(ko_duties_find(f->store, &kit, &request, &duties, NULL), KO_OK);
        assert_int_equal(only(&duties, "own-answer")->overdue, hours == 4);
        ko_duties_free(&duties);
    }
    ko_kit_close(&kit);
}

/* Around the week of 1 October, in which China does not work. */
static void days_off_of_the_platforms_country_count(void **state)
{
    fixture *f = *state;
    ko_kit kit;
    open_kit(&kit);
    const int64_t chinese = add_notice(f->store, "alibaba-ipp", "aliexpress", "copy", 1);
    const int64_t american = add_notice(f->store, "etsy", "etsy", "copy", 1);
    tell(f->store, chinese, KO_NOTICE_FILED, "2026-09-29", 0, 0);
    tell(f->store, american, KO_NOTICE_FILED, "2026-11-20", 0, 0);
    tell(f->store, american, KO_NOTICE_COUNTERED, "2026-11-20", 0, 0);
    ko_duties duties = found(f, &kit, "2026-11-20", true);
    assert_day(only(&duties, "review")->when.last, "2026-10-09");
    assert_day(only(&duties, "own-answer")->when.last, "2026-12-07"); /* Thanksgiving is off */
    const ko_duty *back = only(&duties, "restore");
    assert_day(back->when.first, "2026-12-07");
    assert_day(back->when.last, "2026-12-11");
    ko_duties_free(&duties);
    ko_kit_close(&kit);
}

static void looking_counts_from_what_was_told_last(void **state)
{
    fixture *f = *state;
    ko_kit kit;
    open_kit(&kit);
    const int64_t id = add_notice(f->store, "alibaba-ipp", "aliexpress", "copy", 2);
    tell(f->store, id, KO_NOTICE_FILED, "2026-11-16", 0, 0);
    ko_duties duties = found(f, &kit, "2026-11-25", false);
    assert_int_equal(duties.n, 1);
    assert_int_equal(duties.n_others, 2);
    assert_day(only(&duties, "look")->when.last, "2026-11-20");
    assert_true(only(&duties, "look")->overdue);
    ko_duties_free(&duties);

    tell(f->store, id, KO_NOTICE_IN_PROGRESS, "2026-11-25", 0, 0);
    duties = found(f, &kit, "2026-11-25", true);
    assert_day(only(&duties, "look")->when.last, "2026-12-01");
    assert_day(only(&duties, "review")->when.last, "2026-11-19"); /* still from the filing */
    ko_duties_free(&duties);

    tell(f->store, id, KO_NOTICE_REMOVED, "2026-11-26", 0, 0);
    duties = found(f, &kit, "2026-11-27", true);
    assert_int_equal(duties.n, 0);
    ko_duties_free(&duties);
    ko_kit_close(&kit);
}

static void what_has_no_day_comes_last(void **state)
{
    fixture *f = *state;
    ko_kit kit;
    open_kit(&kit);
    const int64_t gone = add_notice(f->store, "a-channel-of-old", "etsy", "", 1);
    const int64_t waits = add_notice(f->store, "ebay-noci", "ebay", "item", 1);
    const int64_t filed = add_notice(f->store, "temu", "temu", "product", 1);
    (void)add_notice(f->store, "etsy", "etsy", "copy", 4);
    tell(f->store, gone, KO_NOTICE_FILED, "2026-11-02", 0, 0);
    tell(f->store, waits, KO_NOTICE_FILED, "2026-11-02", 0, 0);
    tell(f->store, filed, KO_NOTICE_FILED, "2026-11-02", 0, 0);
    ko_duties duties = found(f, &kit, "2026-11-03", true);
    assert_int_equal(duties.n, 5);
    assert_string_equal(duties.duties[0].step->id, "answer"); /* 5 days; the review has 10 */
    assert_string_equal(duties.duties[1].step->id, "review");
    const ko_duty *last = &duties.duties[2]; /* the user's own first */
    assert_null(last[0].step);
    assert_int_equal(last[0].state, KO_NOTICE_BUILT);
    assert_int_equal(last[0].n_items, 4);
    assert_string_equal(last[1].notice->channel_id, "a-channel-of-old");
    assert_null(last[1].notice->channel);
    assert_int_equal(last[2].notice->id, waits);
    assert_int_equal(last[2].who, KO_WHO_PLATFORM);
    ko_duties_free(&duties);

    const ko_duties_request near = {.day = day_of("2026-11-03"), .all = true, .within_days = 4};
    assert_int_equal(ko_duties_find(f->store, &kit, &near, &duties, NULL), KO_OK);
    assert_int_equal(duties.n, 4); /* 2026-11-07 is near, 2026-11-16 is not */
    ko_duties_free(&duties);
    const ko_duties_request none = {.notice_id = 99};
    ko_error err = {0};
    assert_int_equal(ko_duties_find(f->store, &kit, &none, &duties, &err), KO_E_NOT_FOUND);
    assert_string_equal(err.text, "no notice 99");
    ko_duties_free(&duties);
    ko_kit_close(&kit);
}

/* Many notices of a day are one look; counter-notices are not one answer. */
static void what_is_one_thing_to_do(void **state)
{
    fixture *f = *state;
    ko_kit kit;
    ko_buf numbers = KO_BUF(100);
    open_kit(&kit);
    for (int i = 0; i < 5; i++) {
        const int64_t id = add_notice(f->store, "alibaba-ipp", "aliexpress", "copy", 2);
        tell(f->store, id, KO_NOTICE_FILED, i == 1 ? "2026-11-22" : "2026-11-21", 0, 0);
    }
    tell(f->store, 3, KO_NOTICE_REMOVED, "2026-11-23", 0, 0);
    ko_duties duties = found(f, &kit, "2026-11-23", false);
    assert_int_equal(duties.n, 4);
    assert_int_equal(ko_duties_alike(&duties, 0), 4); /* also of a Saturday and a Sunday */
    assert_int_equal(ko_duties_numbers(&duties, 0, 4, &numbers), KO_OK);
    assert_string_equal(numbers.data, "1-2, 4-5");
    ko_buf_free(&numbers);
    ko_duties_free(&duties);

    tell(f->store, 1, KO_NOTICE_COUNTERED, "2026-11-23", 0, 0);
    tell(f->store, 2, KO_NOTICE_COUNTERED, "2026-11-23", 0, 0);
    duties = found(f, &kit, "2026-11-23", false);
    assert_int_equal(duties.n, 4);
    assert_int_equal(ko_duties_alike(&duties, 0), 1);
    assert_int_equal(ko_duties_alike(&duties, 1), 1);
    assert_int_equal(ko_duties_alike(&duties, 2), 2);
    ko_duties_free(&duties);
    ko_kit_close(&kit);
}

static char *calendar(const ko_duties *duties)
{
    ko_buf out = KO_BUF(KO_MAX_CALENDAR_BYTES);
    ko_error err = {0};
    if (ko_duties_calendar(duties, 0, &out, &err) != KO_OK)
        fail_msg("%s", err.text);
    return out.data;
}

static size_t times(const char *text, const char *word)
{
    size_t n = 0;
    for (const char *at = text; (at = strstr(at, word)); at++)
        n++;
    return n;
}

/* A counter-notice told anew moves its date; two in one notice have two. */
static void dates_keep_their_names(void **state)
{
    fixture *f = *state;
    ko_kit kit;
    open_kit(&kit);
    const int64_t id = add_notice(f->store, "alibaba-ipp", "aliexpress", "copy", 3);
    tell(f->store, id, KO_NOTICE_FILED, "2026-11-16", 0, 0);
    tell(f->store, id, KO_NOTICE_COUNTERED, "2026-11-20", 1, 1);
    ko_duties duties = found(f, &kit, "2026-11-20", false);
    char *text = calendar(&duties);
    assert_non_null(strstr(text, "UID:notice-1-own-answer-1@knockoff\r\n"));
    assert_non_null(strstr(text, "DTSTART;VALUE=DATE:20261123\r\n"));
    assert_int_equal(times(text, "BEGIN:VEVENT"), 2); /* the other two are to be looked at */
    ko_free(text);
    ko_duties_free(&duties);

    ko_notice_event undone;
    assert_int_equal(ko_notice_undo(f->store, id, &undone, NULL), KO_OK);
    tell(f->store, id, KO_NOTICE_COUNTERED, "2026-11-19", 1, 1);
    tell(f->store, id, KO_NOTICE_COUNTERED, "2026-11-20", 2, 1);
    duties = found(f, &kit, "2026-11-20", false);
    text = calendar(&duties);
    const char *first = strstr(text, "UID:notice-1-own-answer-1@knockoff\r\n");
    assert_non_null(first);
    assert_non_null(strstr(first, "DTSTART;VALUE=DATE:20261122\r\n"));
    assert_int_equal(times(text, "UID:notice-1-own-answer-2@knockoff\r\n"), 1);
    ko_free(text);
    ko_duties_free(&duties);
    ko_kit_close(&kit);
}

static void no_memory_is_told(void **state)
{
    fixture *f = *state;
    ko_kit kit;
    open_kit(&kit);
    const int64_t id = add_notice(f->store, "alibaba-ipp", "aliexpress", "copy", 3);
    tell(f->store, id, KO_NOTICE_FILED, "2026-11-16", 0, 0);
    const ko_duties_request request = {.day = day_of("2026-11-20"), .all = true, .within_days = -1};
    const long before = ko_alloc_live();
    for (unsigned nth = 1;; nth++) {
        ko_duties duties;
        ko_buf out = KO_BUF(KO_MAX_CALENDAR_BYTES);
        ko_alloc_fault(nth, 0);
        ko_status st = ko_duties_find(f->store, &kit, &request, &duties, NULL);
        if (st == KO_OK)
            st = ko_duties_calendar(&duties, 0, &out, NULL);
        const unsigned fired = ko_alloc_fault_hits();
        ko_alloc_fault(0, 0);
        ko_buf_free(&out);
        ko_duties_free(&duties);
        assert_int_equal(ko_alloc_live(), before);
        assert_int_equal(st, fired ? KO_E_NOMEM : KO_OK);
        if (!fired)
            break;
    }
    ko_kit_close(&kit);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_counter_notice_is_answered_in_time),
        TEST(a_day_is_over_where_the_platform_is),
        TEST(days_off_of_the_platforms_country_count),
        TEST(looking_counts_from_what_was_told_last),
        TEST(what_has_no_day_comes_last),
        TEST(what_is_one_thing_to_do),
        TEST(dates_keep_their_names),
        TEST(no_memory_is_told),
    };
    return cmocka_run_group_tests_name("case.due", tests, NULL, NULL);
}
