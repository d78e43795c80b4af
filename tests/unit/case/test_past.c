/* Complaints of before, from the rows of the artist's own sheet. */
#include "store/fixture.h"

#include "base/alloc.h"
#include "case/past.h"
#include "listing/remarks.h"
#include "store/alias.h"
#include "store/remark.h"

/* --- short ways --- */

#define TODAY 19700 /* 2023-12-09 */

typedef struct said {
    ko_buf text;
} said;

static void say(void *context, const char *line)
{
    said *s = context;
    assert_int_equal(ko_buf_printf(&s->text, "%s\n", line), KO_OK);
}

static void put_offer(ko_store *store, const char *url, const char *platform, const char *seller)
{
    ko_ingested what;
    ko_listing record = plain_record(url);
    record.platform = (char *)platform;
    record.seller = (char *)seller;
    assert_int_equal(ko_seen_add(store, &record, "sheet.csv", NULL, 0, 0, &what, NULL), KO_OK);
}

/* One cell of the row about a work in the listing with this number. */
static void put(ko_store *store, int64_t listing, const char *work, ko_remark_kind kind,
                const char *text)
{
    const ko_remark remark = {listing, work, ko_remark_name(kind), text};
    assert_int_equal(ko_remark_put(store, &remark, NULL), KO_OK);
}

/* Works 1 "Owl" and 2 "Cat"; listings 1 to 4 on AliExpress, 5 in a shop of its own. */
static void fill(ko_store *store)
{
    add_work(store, "Owl");
    add_work(store, "Cat");
    put_offer(store, "https://www.aliexpress.com/item/1.html", "aliexpress", "Shop A");
    put_offer(store, "https://www.aliexpress.com/item/2.html", "aliexpress", "Shop A");
    put_offer(store, "https://www.aliexpress.com/item/3.html", "aliexpress", "Shop B");
    put_offer(store, "https://www.aliexpress.com/item/4.html", "aliexpress", "Shop B");
    put_offer(store, "https://shop.example/5", "", "Shop C");
}

static ko_status try_take(ko_store *store, ko_past_counts *counts, said *problems, int64_t since,
                          ko_error *err)
{
    ko_kit kit;
    ko_problems told = {.say = say, .context = problems};
    ko_status st = ko_kit_open("/nonexistent", &kit, err);
    const ko_past_request request = {
        .kit = &kit, .today = TODAY, .since = since, .problems = &told};
    if (st == KO_OK)
        st = ko_past_take(store, &request, counts, err);
    ko_kit_close(&kit);
    return st;
}

static ko_past_counts take_saying(ko_store *store, const char *problems)
{
    ko_error err = {0};
    ko_past_counts counts = {0};
    said s = {KO_BUF(1 << 16)};
    assert_int_equal(ko_buf_text(&s.text, ""), KO_OK);
    if (try_take(store, &counts, &s, 0, &err) != KO_OK)
        fail_msg("%s", err.text);
    assert_string_equal(s.text.data, problems);
    ko_buf_free(&s.text);
    return counts;
}

static ko_past_counts take(ko_store *store)
{
    return take_saying(store, "");
}

static ko_status write_event(void *context, const ko_notice_event *event, int64_t item_id)
{
    ko_buf *log = context;
    char day[KO_DAY_TEXT_SIZE];
    ko_day_text(event->on, day);
    if (item_id)
        return ko_buf_printf(log, " %lld", (long long)item_id);
    return ko_buf_printf(log, "%s%lld %s %s%s%s%s:", log->size ? "\n" : "",
                         (long long)event->notice_id, ko_notice_state_name(event->state), day,
                         event->ref[0] ? " " : "", event->ref, event->note[0] ? "?" : "");
}

/* A line an event: notice, state, day, number, "?" for a day that was made up, items. */
static void assert_events(ko_store *store, const char *expected)
{
    ko_buf log = KO_BUF(1 << 16);
    assert_int_equal(ko_buf_text(&log, ""), KO_OK);
    assert_int_equal(ko_notice_event_each(store, 0, write_event, &log, NULL), KO_OK);
    assert_string_equal(log.data, expected);
    ko_buf_free(&log);
}

/* --- notices --- */

static void rows_of_one_report_are_one_notice(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    fill(store);
    put(store, 1, "owl", KO_REMARK_REPORTED_ON, "3.5.2023");
    put(store, 1, "owl", KO_REMARK_NOTICE, "CN-1");
    put(store, 2, "KO-000001", KO_REMARK_REPORTED_ON, "May 4, 2023"); /* the same by its number */
    put(store, 2, "KO-000001", KO_REMARK_NOTICE, "CN-1");
    put(store, 3, "Owl", KO_REMARK_REPORTED_ON, "3.5.2023");
    put(store, 3, "Cat", KO_REMARK_REPORTED_ON, "3.5.2023");
    put(store, 4, "Cat", KO_REMARK_REPORTED_ON, "2023-05-03");
    put(store, 5, "Cat", KO_REMARK_REPORTED_ON, "2023-05-03");
    const ko_past_counts counts = take(store);
    assert_int_equal(counts.rows, 6);
    assert_int_equal(counts.notices, 4);
    assert_events(store, "1 filed 2023-05-03 CN-1: 1 2\n"
                         "2 filed 2023-05-03: 3 4\n"
                         "3 filed 2023-05-03: 5\n"
                         "4 filed 2023-05-03: 6");
    assert_int_equal(number(store, "SELECT count(*) FROM notice WHERE channel = 'alibaba-ipp'"), 3);
    assert_int_equal(number(store, "SELECT count(*) FROM notice WHERE host = 'shop.example'"), 1);
    assert_int_equal(number(store, "SELECT count(*) FROM notice WHERE authority OR good_faith_at"),
                     0);
}

static void what_became_of_them_is_told_in_its_order(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    fill(store);
    for (int64_t i = 1; i <= 4; i++)
        put(store, i, "Owl", KO_REMARK_REPORTED_ON, "3.5.2023");
    put(store, 1, "Owl", KO_REMARK_REMOVED_ON, "9.5.2023");
    put(store, 2, "Owl", KO_REMARK_REMOVED_ON, "9.5.2023");
    put(store, 2, "Owl", KO_REMARK_COUNTERED_ON, "7.5.2023");
    put(store, 2, "Owl", KO_REMARK_ANSWER, "8.5.2023");
    put(store, 2, "Owl", KO_REMARK_REAPPEARED, "https://www.aliexpress.com/item/9.html");
    put(store, 3, "Owl", KO_REMARK_STATUS, "counter-notice refused");
    put(store, 3, "Owl", KO_REMARK_RECHECKED, "1.6.2023");
    put(store, 4, "Owl", KO_REMARK_STATUS, "Unable to process");
    const ko_past_counts counts = take(store);
    assert_events(store, "1 filed 2023-05-03: 1 2 3 4\n"
                         "1 removed 2023-05-09: 1\n"
                         "1 countered 2023-05-07: 2\n"
                         "1 answered 2023-05-08: 2\n"
                         "1 removed 2023-05-09: 2\n"
                         "1 reappeared 2023-05-09?: 2\n"
                         "1 countered 2023-06-01?: 3\n"
                         "1 upheld 2023-06-01?: 3\n"
                         "1 unable 2023-05-03?: 4");
    assert_int_equal(counts.told[KO_NOTICE_REMOVED], 1);
    assert_int_equal(counts.told[KO_NOTICE_REAPPEARED], 1);
    assert_int_equal(counts.told[KO_NOTICE_UPHELD], 1);
    assert_int_equal(counts.told[KO_NOTICE_UNABLE], 1);
}

static void taking_twice_changes_nothing_and_more_is_added(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    fill(store);
    put(store, 1, "Owl", KO_REMARK_REPORTED_ON, "3.5.2023");
    put(store, 1, "Owl", KO_REMARK_REMOVED_ON, "9.5.2023");
    put(store, 1, "Owl", KO_REMARK_COUNTERED_ON, "7.5.2023");
    put(store, 2, "Owl", KO_REMARK_REPORTED_ON, "3.5.2023");
    (void)take(store);
    ko_past_counts counts = take(store);
    assert_int_equal(counts.rows + counts.notices + counts.more, 0);
    put(store, 2, "Owl", KO_REMARK_STATUS, "removed");
    counts = take(store);
    assert_int_equal(counts.more, 1);
    assert_int_equal(counts.told[KO_NOTICE_REMOVED], 1);
    assert_int_equal(counts.rows, 0);
    assert_events(store, "1 filed 2023-05-03: 1 2\n"
                         "1 countered 2023-05-07: 1\n"
                         "1 removed 2023-05-09: 1\n"
                         "1 removed 2023-05-03?: 2");
}

static void what_a_person_told_stays(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    fill(store);
    put(store, 1, "Owl", KO_REMARK_REPORTED_ON, "3.5.2023");
    put(store, 1, "Owl", KO_REMARK_STATUS, "removed");
    (void)take(store);
    ko_notice_event undone;
    size_t changed;
    assert_int_equal(ko_notice_undo(store, 1, &undone, NULL), KO_OK);
    const ko_notice_event told = {
        .notice_id = 1, .state = KO_NOTICE_WITHDRAWN, .on = TODAY, .who = "Ann"};
    assert_int_equal(ko_notice_tell(store, &told, NULL, 0, &changed, NULL), KO_OK);
    const ko_past_counts counts = take(store);
    assert_int_equal(counts.more, 0);
    assert_int_equal(counts.notices, 0);
}

static void another_number_after_a_refusal_is_another_notice(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    fill(store);
    put(store, 1, "Owl", KO_REMARK_REPORTED_ON, "3.5.2023");
    put(store, 1, "Owl", KO_REMARK_NOTICE, "CN-1");
    (void)take(store);
    put(store, 1, "Owl", KO_REMARK_NOTICE, "CN-1b"); /* open: a slip of the pen */
    assert_int_equal(take(store).notices, 0);
    put(store, 1, "Owl", KO_REMARK_STATUS, "refused");
    (void)take(store);
    put(store, 1, "Owl", KO_REMARK_NOTICE, "CN-2");
    put(store, 1, "Owl", KO_REMARK_REPORTED_ON, "20.5.2023");
    put(store, 1, "Owl", KO_REMARK_STATUS, "filed");
    assert_int_equal(take(store).notices, 1);
    assert_int_equal(take(store).notices, 0);
    assert_events(store, "1 filed 2023-05-03 CN-1: 1\n"
                         "1 refused 2023-05-03?: 1\n"
                         "2 filed 2023-05-20 CN-2: 2");
}

static void a_notice_that_was_built_here_is_filed_by_the_sheet(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    fill(store);
    const ko_notice notice = {.channel = "alibaba-ipp",
                              .work_id = 1,
                              .serial = "KO-000001",
                              .work_title = "Owl",
                              .host = "",
                              .reason = "copy",
                              .part = 1,
                              .parts = 1,
                              .who = "Ann",
                              .built_at = (int64_t)(TODAY - 9) * 86400,
                              .folder = "/packet"};
    const ko_notice_item items[] = {{.listing_id = 1,
                                     .url = "https://www.aliexpress.com/item/1.html",
                                     .item = "1",
                                     .platform = "aliexpress",
                                     .seller = "",
                                     .seller_id = "",
                                     .title = ""},
                                    {.listing_id = 2,
                                     .url = "https://www.aliexpress.com/item/2.html",
                                     .item = "2",
                                     .platform = "aliexpress",
                                     .seller = "",
                                     .seller_id = "",
                                     .title = ""}};
    int64_t id;
    assert_int_equal(ko_store_begin(store, NULL), KO_OK);
    assert_int_equal(ko_notice_add(store, &notice, items, 2, &id, NULL), KO_OK);
    assert_int_equal(ko_store_commit(store, NULL), KO_OK);
    for (int64_t i = 1; i <= 2; i++) {
        put(store, i, "Owl", KO_REMARK_REPORTED_ON, "2023-12-01");
        put(store, i, "Owl", KO_REMARK_NOTICE, "CN-7");
    }
    const ko_past_counts counts = take(store);
    assert_int_equal(counts.notices, 0);
    assert_int_equal(counts.more, 2);
    assert_events(store, "1 filed 2023-12-01 CN-7: 1 2");
}

/* --- what cannot be taken --- */

static void what_is_not_understood_is_said(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    fill(store);
    put(store, 1, "Owl", KO_REMARK_REPORTED_ON, "5/6/2023");
    put(store, 1, "Owl", KO_REMARK_STATUS, "hmm");
    put(store, 2, "Owl", KO_REMARK_STATUS, "hmm");
    put(store, 3, "Owl", KO_REMARK_REPORTED_ON, "2024-01-01");
    put(store, 4, "Owl", KO_REMARK_REPORTED_ON, "2023-05-03");
    put(store, 4, "Owl", KO_REMARK_REMOVED_ON, "Ostern");
    const ko_past_counts counts = take_saying(
        store,
        "https://www.aliexpress.com/item/1.html: status: not understood: hmm\n"
        "https://www.aliexpress.com/item/1.html: date reported: day and month cannot be told "
        "apart: 5/6/2023; write YYYY-MM-DD\n"
        "https://www.aliexpress.com/item/2.html: status: not understood: hmm\n"
        "https://www.aliexpress.com/item/3.html: date reported: 2024-01-01 is yet to come\n"
        "https://www.aliexpress.com/item/4.html: date removed: not a date: Ostern\n");
    assert_int_equal(counts.rows, 3);
    assert_events(store, "1 filed 2023-12-09?: 1 2\n"
                         "2 filed 2023-05-03: 3\n"
                         "2 removed 2023-05-03?: 3");
}

static void the_order_of_day_and_month_shows_in_other_rows(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    fill(store);
    put(store, 1, "Owl", KO_REMARK_FOUND_ON, "5/14/2023");
    put(store, 1, "Owl", KO_REMARK_REPORTED_ON, "5/6/2023");
    (void)take(store);
    assert_events(store, "1 filed 2023-05-06: 1");
    put(store, 2, "Owl", KO_REMARK_FOUND_ON, "14/5/2023"); /* another hand */
    put(store, 2, "Owl", KO_REMARK_REPORTED_ON, "5/6/2023");
    const ko_past_counts counts = take_saying(
        store,
        "https://www.aliexpress.com/item/1.html: date reported: day and month cannot be told "
        "apart: 5/6/2023; write YYYY-MM-DD\n"
        "https://www.aliexpress.com/item/2.html: date reported: day and month cannot be told "
        "apart: 5/6/2023; write YYYY-MM-DD\n");
    assert_int_equal(counts.rows, 1);
}

static void problems_are_said_of_what_just_came(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    fill(store);
    put(store, 1, "Owl", KO_REMARK_STATUS, "hmm");
    ko_past_counts counts;
    said s = {KO_BUF(1 << 16)};
    assert_int_equal(try_take(store, &counts, &s, INT64_MAX, NULL), KO_OK);
    assert_null(s.text.data);
}

static void works_are_told_for_certain_or_not_at_all(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    int64_t id;
    char serial[KO_SERIAL_SIZE];
    fill(store);
    add_work(store, "Cat");
    assert_int_equal(ko_work_add(store, &(ko_work_fields){.title = "Fox", .registration = "VAu 1"},
                                 &id, serial, NULL),
                     KO_OK);
    for (int64_t i = 1; i <= 5; i++)
        put(store, i, i == 5 ? "VAu 1" : i == 4 ? "" : "Cat", KO_REMARK_REPORTED_ON, "3.5.2023");
    put(store, 2, "Cat", KO_REMARK_NUMBER, "ko-000003");
    put(store, 3, "Cat", KO_REMARK_NUMBER, "vau 1");
    const ko_past_counts counts = take(store);
    assert_int_equal(counts.unknown_works, 2); /* two cats, and no work */
    assert_int_equal(counts.rows, 3);
    assert_int_equal(number(store, "SELECT work_id FROM notice_item JOIN notice ON notice.id ="
                                   " notice_id WHERE listing_id = 2"),
                     3);
    assert_int_equal(number(store, "SELECT work_id FROM notice_item JOIN notice ON notice.id ="
                                   " notice_id WHERE listing_id = 3"),
                     id);
    put(store, 1, "Owl", KO_REMARK_NUMBER, "VAu 1");
    put(store, 1, "Owl", KO_REMARK_STATUS, "filed");
    assert_int_equal(
        take_saying(store, "https://www.aliexpress.com/item/1.html: work Owl and number VAu 1 are "
                           "two works\n")
            .rows,
        0);
}

static ko_status write_alias(void *context, const ko_alias *alias)
{
    return ko_buf_printf(context, "%s: %s %s = %s %s by %s\n", alias->platform,
                         ko_alias_kind_name(alias->kind[0]), alias->text[0],
                         ko_alias_kind_name(alias->kind[1]), alias->text[1], alias->who);
}

static void names_in_a_row_are_one_sellers(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    fill(store);
    put(store, 1, "Owl", KO_REMARK_STORE, "110234");
    put(store, 1, "Owl", KO_REMARK_CODE, "cn77");
    put(store, 5, "", KO_REMARK_LICENCE, "Yiwu Pin Co.");
    (void)take(store);
    (void)take(store);
    ko_buf log = KO_BUF(1 << 12);
    assert_int_equal(ko_alias_each(store, write_alias, &log, NULL), KO_OK);
    assert_string_equal(log.data, "aliexpress: name Shop A = store 110234 by sheet\n"
                                  "aliexpress: name Shop A = code cn77 by sheet\n"
                                  "shop.example: name Shop C = licence Yiwu Pin Co. by sheet\n");
    ko_buf_free(&log);
}

static void without_memory_nothing_is_half_done(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    fill(store);
    put(store, 1, "Owl", KO_REMARK_REPORTED_ON, "3.5.2023");
    put(store, 1, "Owl", KO_REMARK_STATUS, "hmm");
    put(store, 2, "Cat", KO_REMARK_REMOVED_ON, "9.5.2023");
    put(store, 2, "Cat", KO_REMARK_STATUS, "removed");
    put(store, 2, "Cat", KO_REMARK_STORE, "7");
    const ko_remark own = {2, "Cat", "Colour", "red"};
    assert_int_equal(ko_remark_put(store, &own, NULL), KO_OK);
    ko_problems silent = {0};
    ko_kit kit;
    assert_int_equal(ko_kit_open("/nonexistent", &kit, NULL), KO_OK);
    const ko_past_request request = {.kit = &kit, .today = TODAY, .problems = &silent};
    const long before = ko_alloc_live();
    for (unsigned nth = 1;; nth++) {
        ko_past_counts counts;
        ko_alloc_fault(nth, 0);
        const ko_status st = ko_past_take(store, &request, &counts, NULL);
        const unsigned fired = ko_alloc_fault_hits();
        ko_alloc_fault(0, 0);
        assert_int_equal(ko_alloc_live(), before);
        if (!fired) {
            assert_int_equal(st, KO_OK);
            break;
        }
        if (st == KO_OK) /* a word that was not folded for want of memory would be a guess */
            fail_msg("allocation %u was refused and not missed", nth);
        assert_int_equal(st, KO_E_NOMEM);
        assert_int_equal(number(store, "SELECT count(*) FROM notice"), 0);
        assert_int_equal(number(store, "SELECT count(*) FROM alias"), 0);
    }
    assert_int_equal(number(store, "SELECT count(*) FROM notice"), 2);
    ko_kit_close(&kit);
}

int main(void)
{
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(rows_of_one_report_are_one_notice),
        TEST(what_became_of_them_is_told_in_its_order),
        TEST(taking_twice_changes_nothing_and_more_is_added),
        TEST(what_a_person_told_stays),
        TEST(another_number_after_a_refusal_is_another_notice),
        TEST(a_notice_that_was_built_here_is_filed_by_the_sheet),
        TEST(what_is_not_understood_is_said),
        TEST(the_order_of_day_and_month_shows_in_other_rows),
        TEST(problems_are_said_of_what_just_came),
        TEST(works_are_told_for_certain_or_not_at_all),
        TEST(names_in_a_row_are_one_sellers),
        TEST(without_memory_nothing_is_half_done),
    };
    return cmocka_run_group_tests_name("case.past", tests, NULL, NULL);
}
