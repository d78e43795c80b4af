/* News are what changed, told once: finds by work, what became of notices, dates, troubles. */
#include "notify/news.h"

#include "case/accepted.h"
#include "case/removal.h"
#include "case/told.h"
#include "store/hold.h"
#include "store/look.h"
#include "store/source.h"
#include "store/tie.h"

#include <time.h>

#define NOON(day) ((int64_t)day_of(day) * 86400 + 12 * 3600)

/* --- gathering --- */

typedef struct desk {
    fixture *f;
    ko_kit kit;
    ko_news news;
    unsigned digests;
} desk;

static int open_desk(void **state)
{
    desk *d = calloc(1, sizeof *d);
    void *opened = NULL;
    (void)setenv("TZ", "UTC", 1);
    tzset();
    if (!d || set_up(&opened) != 0)
        return -1;
    d->f = opened;
    open_kit(&d->kit);
    *state = d;
    return 0;
}

static int close_desk(void **state)
{
    desk *d = *state;
    void *opened = d->f;
    ko_news_free(&d->news);
    ko_kit_close(&d->kit);
    free(d);
    return tear_down(&opened);
}

/* What is new at a moment; it counts as told from then on. Returns how many items there are. */
static size_t tell_news(desk *d, int64_t now)
{
    char uid[KO_UID_SIZE];
    ko_error err = {0};
    int64_t id = 0;
    ko_news_free(&d->news);
    if (ko_news_gather(d->f->store, &d->kit, now, &d->news, &err) != KO_OK)
        fail_msg("%s", err.text);
    (void)snprintf(uid, sizeof uid, "u-%u", ++d->digests);
    const ko_digest digest = {
        .uid = uid, .made_at = now, .subject = "s", .body = "b", .json = "{}"};
    const ko_digest_told told = {.after =
                                     number(d->f->store, "SELECT ifnull(max(id), 0) FROM digest"),
                                 .facts = d->news.facts,
                                 .n_facts = d->news.n_facts,
                                 .candidates = d->news.candidates,
                                 .n_candidates = d->news.n_candidates};
    assert_int_equal(ko_digest_keep(d->f->store, &digest, &told, &id, NULL), KO_OK);
    return d->news.n;
}

/* --- finds --- */

static int64_t put_find(desk *d, int64_t work, int64_t view, const char *seller, int64_t leader,
                        double score)
{
    char url[64];
    ko_store *store = d->f->store;
    const int64_t n = number(store, "SELECT count(*) FROM listing") + 1;
    (void)snprintf(url, sizeof url, "https://m.example/%lld", (long long)n);
    ko_listing record = plain_record(url);
    record.seller = (char *)seller;
    const ko_photo_file photo = file_photo(url, 10, 20);
    ko_ingested what;
    assert_int_equal(ko_seen_add(store, &record, "/sheet.csv", &photo, 1, 0, &what, NULL), KO_OK);
    assert_int_equal(
        add_match(store, work, view, number(store, "SELECT max(id) FROM photo"), score), 1);
    const int64_t id = number(store, "SELECT max(id) FROM candidate");
    ko_query q = ko_query_start(store, "UPDATE candidate SET leader = ? WHERE id = ?");
    ko_query_bind_int_if(&q, leader >= 0, leader ? leader : id);
    ko_query_bind_int(&q, id);
    assert_int_equal(ko_query_run(&q, NULL), KO_OK);
    return id;
}

static void finds_are_told_by_work_and_once(void **state)
{
    desk *d = *state;
    ko_store *store = d->f->store;
    const int64_t cat = add_work(store, "Cat"), fox = add_work(store, "Fox");
    const int64_t cat_view = add_view(store, cat, 1), fox_view = add_view(store, fox, 2);
    const int64_t first = put_find(d, cat, cat_view, "Pins", 0, 9);
    (void)put_find(d, cat, cat_view, "Pins", first, 8); /* the same picture: one decision */
    (void)put_find(d, cat, cat_view, "Moon", 0, 10);
    (void)put_find(d, fox, fox_view, "", 0, 12);
    (void)put_find(d, fox, fox_view, "Pins", -1, 12); /* not sorted yet */
    (void)put_find(d, fox, fox_view, "Pins", 0, 0.5); /* below the threshold */
    assert_int_equal(tell_news(d, NOON("2026-11-20")), 2);
    const ko_news_item *items = d->news.items;
    assert_string_equal(items[0].name, "Fox"); /* the best first */
    assert_int_equal(items[0].listings, 1);
    assert_int_equal(items[0].sellers, 0);
    assert_string_equal(items[1].serial, "KO-000001");
    assert_int_equal(items[1].kind, KO_NEWS_FIND);
    assert_int_equal(items[1].finds, 2);
    assert_int_equal(items[1].listings, 3);
    assert_int_equal(items[1].sellers, 2);
    assert_true(items[1].best > 9.9);
    assert_int_equal(tell_news(d, NOON("2026-11-20")), 0);
    /* What comes to be shown later is news then. */
    execute(store, "UPDATE candidate SET leader = id WHERE leader IS NULL");
    assert_int_equal(ko_store_set_threshold(store, 0.25, NULL), KO_OK);
    assert_int_equal(tell_news(d, NOON("2026-11-21")), 1);
    assert_int_equal(d->news.items[0].listings, 2);
}

static void what_goes_on_with_a_case_stands_apart(void **state)
{
    desk *d = *state;
    ko_store *store = d->f->store;
    const int64_t cat = add_work(store, "Cat"), view = add_view(store, cat, 1);
    const int64_t notice = add_notice(store, "etsy", "etsy", "copy", 1);
    tell(store, notice, KO_NOTICE_FILED, "2026-11-16", 0, 0);
    (void)put_find(d, cat, view, "Pins", 0, 10);
    const int64_t back = put_find(d, cat, view, "Pins", 0, 9);
    assert_int_equal(ko_tie_add(store, back, 1, KO_TIE_PICTURE, NULL), KO_OK);
    assert_int_equal(tell_news(d, NOON("2026-11-20")), 2);
    assert_int_equal(d->news.items[0].kind, KO_NEWS_RETURNED);
    assert_int_equal(d->news.items[0].listings, 1);
    assert_string_equal(d->news.items[0].notices, "1");
    assert_int_equal(d->news.items[1].kind, KO_NEWS_FIND);
    assert_int_equal(d->news.items[1].listings, 1);
}

static void what_was_decided_is_no_news(void **state)
{
    desk *d = *state;
    ko_store *store = d->f->store;
    const int64_t cat = add_work(store, "Cat"), view = add_view(store, cat, 1);
    accept(store, put_find(d, cat, view, "Pins", 0, 10), true);
    assert_int_equal(tell_news(d, NOON("2026-11-20")), 0);
}

/* --- notices --- */

static void tell_as(ko_store *store, const char *who, int64_t notice, ko_notice_state state,
                    int64_t item)
{
    size_t changed = 0;
    const ko_notice_event event = {
        .notice_id = notice, .state = state, .on = day_of("2026-11-20"), .who = who};
    assert_int_equal(ko_notice_tell(store, &event, &item, 1, &changed, NULL), KO_OK);
}

static void what_the_watch_saw_is_news_and_not_what_the_user_told(void **state)
{
    desk *d = *state;
    ko_store *store = d->f->store;
    const int64_t id = add_notice(store, "ebay-noci", "ebay", "item", 4);
    tell(store, id, KO_NOTICE_FILED, "2026-11-16", 0, 0);
    tell_as(store, KO_REMOVAL_WHO, id, KO_NOTICE_REMOVED, 1);
    tell_as(store, KO_REMOVAL_WHO, id, KO_NOTICE_REMOVED, 2);
    tell_as(store, "Ann", id, KO_NOTICE_REMOVED, 3);
    assert_int_equal(tell_news(d, NOON("2026-11-20")), 1);
    assert_int_equal(d->news.items[0].kind, KO_NEWS_REMOVED);
    assert_int_equal(d->news.items[0].listings, 2);
    assert_string_equal(d->news.items[0].notices, "1");
    assert_int_equal(tell_news(d, NOON("2026-11-20")), 0);
    tell_as(store, KO_REMOVAL_WHO, id, KO_NOTICE_REAPPEARED, 1);
    tell_as(store, KO_REMOVAL_WHO, id, KO_NOTICE_REMOVED, 4);
    ko_notice_event undone;
    assert_int_equal(ko_notice_undo(store, id, &undone, NULL), KO_OK); /* it was a mistake */
    assert_int_equal(tell_news(d, NOON("2026-11-20")), 1);
    assert_int_equal(d->news.items[0].kind, KO_NEWS_REAPPEARED);
}

/* --- dates --- */

/* An answer to be given to eBay by 2026-12-07. */
static void counter(desk *d)
{
    const int64_t id = add_notice(d->f->store, "ebay-noci", "ebay", "item", 2);
    tell(d->f->store, id, KO_NOTICE_FILED, "2026-11-20", 0, 0);
    tell(d->f->store, id, KO_NOTICE_COUNTERED, "2026-11-20", 0, 0);
}

static void a_date_is_told_when_it_comes_near_and_on_its_last_day(void **state)
{
    desk *d = *state;
    counter(d);
    assert_int_equal(tell_news(d, NOON("2026-12-03")), 0);
    assert_int_equal(d->news.next_at, (int64_t)day_of("2026-12-04") * 86400);
    assert_int_equal(tell_news(d, NOON("2026-12-04")), 1);
    const ko_news_item *item = &d->news.items[0];
    assert_int_equal(item->kind, KO_NEWS_DUE);
    assert_day(item->day, "2026-12-07");
    assert_int_equal(item->listings, 2);
    assert_string_equal(item->text, "tell eBay that an action was filed in court");
    assert_true(d->news.urgent);
    assert_int_equal(tell_news(d, NOON("2026-12-04")), 0);
    assert_false(d->news.urgent);
    assert_int_equal(tell_news(d, NOON("2026-12-06")), 0);
    assert_int_equal(tell_news(d, NOON("2026-12-07")), 1);
    assert_false(d->news.items[0].overdue);
    assert_int_equal(tell_news(d, NOON("2026-12-09")), 0);
}

static void a_date_that_passed_while_nobody_watched_is_told(void **state)
{
    desk *d = *state;
    counter(d);
    assert_int_equal(tell_news(d, NOON("2026-12-09")), 1);
    assert_true(d->news.items[0].overdue);
    assert_int_equal(tell_news(d, NOON("2026-12-10")), 0);
}

/* China is ahead: its last day begins while it is the day before in New York. */
static void the_last_day_is_the_platforms(void **state)
{
    desk *d = *state;
    const int64_t id = add_notice(d->f->store, "alibaba-ipp", "aliexpress", "copy", 1);
    tell(d->f->store, id, KO_NOTICE_FILED, "2026-11-16", 0, 0);
    tell(d->f->store, id, KO_NOTICE_COUNTERED, "2026-11-20", 0, 0); /* by 2026-11-23 */
    (void)setenv("TZ", "America/New_York", 1);
    tzset();
    assert_int_equal(tell_news(d, NOON("2026-11-20") + 6 * 3600), 1);
    assert_int_equal(tell_news(d, NOON("2026-11-22")), 0);
    assert_int_equal(tell_news(d, NOON("2026-11-22") + 5 * 3600), 1); /* 01:00 in China */
}

/* --- troubles --- */

static void run_source(desk *d, int64_t id, ko_request_state state, int64_t now)
{
    const ko_request request = {
        .id = 1, .source_id = id, .state = state, .reason = "", .etag = "", .last_modified = ""};
    const ko_source source = {
        .id = id, .kind = "page", .last_run = now, .last_result = "a captcha"};
    assert_int_equal(ko_request_update(d->f->store, &request, NULL), KO_OK);
    assert_int_equal(ko_source_update(d->f->store, &source, NULL), KO_OK);
}

static void a_source_in_trouble_is_told_when_that_begins(void **state)
{
    desk *d = *state;
    int64_t id = 0;
    bool fresh = false;
    const ko_source source = {
        .name = "Pins", .url = "https://m.example/", .kind = "page", .last_result = ""};
    assert_int_equal(ko_source_add(d->f->store, &source, &id, NULL), KO_OK);
    assert_int_equal(ko_request_add(d->f->store, id, source.url, KO_REQUEST_LIST, &fresh, NULL),
                     KO_OK);
    const int64_t day = NOON("2026-11-20");
    run_source(d, id, KO_REQUEST_DONE, day);
    assert_int_equal(tell_news(d, day), 0);
    run_source(d, id, KO_REQUEST_BLOCKED, day);
    assert_int_equal(tell_news(d, day), 1);
    assert_int_equal(d->news.items[0].kind, KO_NEWS_SOURCE);
    assert_string_equal(d->news.items[0].name, "Pins");
    assert_string_equal(d->news.items[0].text, "a captcha");
    assert_int_equal(tell_news(d, day + 86400), 0);
    run_source(d, id, KO_REQUEST_DONE, day);
    assert_int_equal(tell_news(d, day + 86400), 0);
    run_source(d, id, KO_REQUEST_FAILED, day); /* it comes and goes: not every time */
    assert_int_equal(tell_news(d, day + 2 * 86400), 0);
    assert_int_equal(tell_news(d, day + 3 * 86400), 1);
    assert_int_equal(tell_news(d, day + 30 * 86400), 0);
}

static void look(desk *d, const char *url, ko_look_outcome outcome, int64_t at)
{
    bool changed = false;
    char sql[128];
    (void)snprintf(sql, sizeof sql, "SELECT id FROM listing WHERE url = '%s'", url);
    const ko_look_found found = {
        .listing_id = number(d->f->store, sql), .outcome = outcome, .reason = "", .at = at};
    assert_int_equal(ko_store_begin(d->f->store, NULL), KO_OK);
    assert_int_equal(ko_look_add(d->f->store, &found, &changed, NULL), KO_OK);
    assert_int_equal(ko_store_commit(d->f->store, NULL), KO_OK);
}

static void a_wall_is_told_by_site(void **state)
{
    desk *d = *state;
    static const char *const urls[] = {"https://a.example/1", "https://a.example/2",
                                       "https://b.example/1"};
    const int64_t day = NOON("2026-11-20");
    for (size_t i = 0; i < 3; i++) {
        (void)add_listing(d->f->store, urls[i], "a");
        look(d, urls[i], KO_LOOK_ALIVE, day);
    }
    assert_int_equal(tell_news(d, day), 0);
    look(d, urls[0], KO_LOOK_BLOCKED, day);
    look(d, urls[1], KO_LOOK_BLOCKED, day);
    look(d, urls[2], KO_LOOK_CHANGED, day);
    assert_int_equal(tell_news(d, day), 2);
    assert_int_equal(d->news.items[0].kind, KO_NEWS_CHANGED);
    assert_string_equal(d->news.items[0].name, "b.example");
    assert_int_equal(d->news.items[1].kind, KO_NEWS_WALL);
    assert_string_equal(d->news.items[1].name, "a.example");
    assert_int_equal(d->news.items[1].listings, 2);
    look(d, urls[0], KO_LOOK_ALIVE, day);
    look(d, urls[0], KO_LOOK_BLOCKED, day);
    assert_int_equal(tell_news(d, day + 86400), 0);
    look(d, urls[0], KO_LOOK_ALIVE, day);
    look(d, urls[0], KO_LOOK_BLOCKED, day);
    assert_int_equal(tell_news(d, day + 7 * 86400), 1);
}

static void what_is_held_back_is_told_while_it_is(void **state)
{
    desk *d = *state;
    const ko_hold work = {.kind = KO_HOLD_WORK,
                          .subject_id = 1,
                          .name = "Cat (KO-000001)",
                          .expected = 2,
                          .found = 412,
                          .note = "412 in a day"};
    const ko_hold source = {.kind = KO_HOLD_SOURCE, .name = "/sheet.csv", .note = ""};
    int64_t id = 0;
    assert_int_equal(ko_hold_add(d->f->store, &source, &id, NULL), KO_OK);
    const ko_hold released = {.id = id, .state = KO_HOLD_RELEASED, .decided_by = "Ann"};
    assert_int_equal(ko_hold_decide(d->f->store, &released, NULL), KO_OK);
    assert_int_equal(ko_hold_add(d->f->store, &work, &id, NULL), KO_OK);
    assert_int_equal(tell_news(d, NOON("2026-11-20")), 1);
    assert_int_equal(d->news.items[0].kind, KO_NEWS_HELD);
    assert_string_equal(d->news.items[0].name, "Cat (KO-000001)");
    assert_int_equal(d->news.items[0].listings, 412);
    assert_int_equal(tell_news(d, NOON("2026-11-20")), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_desk, close_desk)
    const struct CMUnitTest tests[] = {
        TEST(finds_are_told_by_work_and_once),
        TEST(what_goes_on_with_a_case_stands_apart),
        TEST(what_was_decided_is_no_news),
        TEST(what_the_watch_saw_is_news_and_not_what_the_user_told),
        TEST(a_date_is_told_when_it_comes_near_and_on_its_last_day),
        TEST(a_date_that_passed_while_nobody_watched_is_told),
        TEST(the_last_day_is_the_platforms),
        TEST(a_source_in_trouble_is_told_when_that_begins),
        TEST(a_wall_is_told_by_site),
        TEST(what_is_held_back_is_told_while_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
