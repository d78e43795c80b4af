/* What is kept how long: what shows nothing of the user's goes in its time, a case never. */
#include "fixture.h"

#include "store/decision.h"
#include "store/negative.h"
#include "store/notice.h"
#include "store/remark.h"
#include "store/retention.h"
#include "store/web.h"

#define DAY ((int64_t)86400)
#define NOW (20000 * DAY)

static ko_status take_one(void *context, const ko_candidate *candidate)
{
    ko_store *store = context;
    int64_t act = 0;
    bool changed;
    const bool accept = strstr(candidate->listing->record.url, "accepted") != NULL;
    const ko_act words = {.verb = accept ? "accept" : "reject", .who = "Ann"};
    assert_int_equal(ko_act_add(store, &words, &act, NULL), KO_OK);
    return ko_decision_add(store, act, candidate,
                           accept ? KO_CANDIDATE_ACCEPTED : KO_CANDIDATE_REJECTED, &changed, NULL);
}

static void decide(ko_store *store, int64_t candidate)
{
    const ko_candidate_filter one = {.id = candidate};
    assert_int_equal(ko_store_begin(store, NULL), KO_OK);
    assert_int_equal(ko_candidate_each(store, &one, take_one, store, NULL), KO_OK);
    assert_int_equal(ko_store_commit(store, NULL), KO_OK);
}

/* A listing with one archived picture, which came in an answer of its own; letter tells its bytes.
 */
static int64_t add_archived(ko_store *store, const char *url, char letter)
{
    char picture_url[64];
    int64_t answer = 0;
    (void)snprintf(picture_url, sizeof picture_url, "https://c.example/%c.jpg", letter);
    const ko_web_answer page = {.url = url,
                                .final_url = url,
                                .status = 200,
                                .content_type = "text/html",
                                .sha256 = {(uint8_t)letter},
                                .at = NOW - 3000 * DAY,
                                .warc = "/a/pages-1.warc.gz",
                                .record = letter};
    assert_int_equal(ko_web_answer_add(store, &page, &answer, NULL), KO_OK);
    const ko_listing record = plain_record(url);
    const ko_photo_file picture = {.path = "", .url = picture_url};
    ko_ingested what;
    assert_int_equal(ko_seen_add(store, &record, "s", &picture, 1, answer, &what, NULL), KO_OK);
    ko_web_picture found;
    assert_int_equal(ko_web_picture_find(store, picture_url, &found, NULL), KO_OK);
    const ko_photo_file file = {.path = "/a/pictures-1.warc",
                                .offset = letter * 100,
                                .bytes = 50,
                                .archived = true,
                                .sha256 = {(uint8_t)letter},
                                .url = picture_url};
    assert_int_equal(ko_web_picture_arrived(store, found.id, &file, NULL), KO_OK);
    const ko_photo photo = {.id = number(store, "SELECT max(id) FROM photo"),
                            .state = KO_PHOTO_READ,
                            .reason = "",
                            .sha256 = {(uint8_t)letter}};
    assert_int_equal(ko_photo_update(store, &photo, NULL), KO_OK);
    return what.listing_id;
}

static void all_are_from(ko_store *store, int64_t days_ago)
{
    char sql[400];
    const long long at = (long long)(NOW - days_ago * DAY);
    (void)snprintf(sql, sizeof sql,
                   "UPDATE listing SET first_seen = %lld, last_seen = %lld;"
                   "UPDATE photo SET seen_at = %lld; UPDATE act SET at = %lld;"
                   "UPDATE web_answer SET at = %lld",
                   at, at, at, at, at);
    execute(store, sql);
}

typedef size_t purged[KO_PURGE_KINDS];

static void purge(ko_store *store, bool dry, purged out)
{
    ko_retention_times times;
    assert_int_equal(ko_retention_times_read(store, NOW, &times, NULL), KO_OK);
    for (ko_purge_kind kind = 0; kind < KO_PURGE_KINDS; kind++) {
        int64_t cursor = 0;
        out[kind] = 0;
        do
            assert_int_equal(ko_purge_some(store, kind, &times, dry, &cursor, &out[kind], NULL),
                             KO_OK);
        while (cursor);
    }
}

/* Tells first what it would take away, and holds it to that. */
static void purge_as_told(ko_store *store, purged out)
{
    purged told;
    purge(store, true, told);
    purge(store, false, out);
    told[KO_PURGE_ADDRESSES] = out[KO_PURGE_ADDRESSES]; /* which nobody is told */
    assert_memory_equal(told, out, sizeof(purged));
    assert_whole(store);
}

static void add_notice_about(ko_store *store, int64_t listing_id)
{
    int64_t id;
    const ko_notice notice = {.channel = "etsy",
                              .work_id = 1,
                              .serial = "KO-000001",
                              .work_title = "cat",
                              .host = "",
                              .reason = "",
                              .part = 1,
                              .parts = 1,
                              .who = "Ann",
                              .folder = ""};
    const ko_notice_item item = {.listing_id = listing_id,
                                 .url = "https://m.example/noticed",
                                 .item = "",
                                 .platform = "",
                                 .seller = "",
                                 .seller_id = "",
                                 .title = ""};
    assert_int_equal(ko_store_begin(store, NULL), KO_OK);
    assert_int_equal(ko_notice_add(store, &notice, &item, 1, &id, NULL), KO_OK);
    assert_int_equal(ko_store_commit(store, NULL), KO_OK);
}

enum { ACCEPTED, REJECTED, UNDECIDED, NOTICED, NOTED, NOTHING, LISTINGS };

/* One listing of each kind. */
static void fill(ko_store *store)
{
    static const char *const urls[LISTINGS] = {
        "https://m.example/accepted", "https://m.example/rejected", "https://m.example/undecided",
        "https://m.example/noticed",  "https://m.example/noted",    "https://m.example/nothing"};
    int64_t ids[LISTINGS];
    const int64_t work = add_work(store, "cat");
    const int64_t view = add_view(store, work, 1);
    for (int i = 0; i < LISTINGS; i++)
        ids[i] = add_archived(store, urls[i], (char)('a' + i));
    for (int i = ACCEPTED; i <= UNDECIDED; i++)
        assert_int_equal(add_match(store, work, view, i + 1, 9), 1);
    decide(store, 1);
    decide(store, 2);
    add_notice_about(store, ids[NOTICED]);
    const ko_remark remark = {.listing_id = ids[NOTED], .work = "", .name = "status", .text = "ok"};
    assert_int_equal(ko_remark_put(store, &remark, NULL), KO_OK);
}

static bool is_kept(ko_store *store, int listing)
{
    char sql[100];
    (void)snprintf(sql, sizeof sql, "SELECT count(*) FROM listing WHERE id = %d", listing + 1);
    return number(store, sql) == 1;
}

static bool has_bytes(ko_store *store, int photo)
{
    char sql[100];
    (void)snprintf(sql, sizeof sql, "SELECT count(*) FROM photo WHERE id = %d AND path <> ''",
                   photo + 1);
    return number(store, sql) == 1;
}

static bool has_page(ko_store *store, int listing)
{
    char sql[100];
    (void)snprintf(sql, sizeof sql, "SELECT count(*) FROM listing_answer WHERE listing_id = %d",
                   listing + 1);
    return number(store, sql) == 1;
}

static void each_goes_in_its_time_and_cases_never(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    purged gone;
    fill(store);
    all_are_from(store, 179);
    purge_as_told(store, gone);
    for (ko_purge_kind kind = 0; kind < KO_PURGE_KINDS; kind++)
        assert_int_equal(gone[kind], 0);

    all_are_from(store, 181); /* pages that prove nothing */
    purge_as_told(store, gone);
    assert_int_equal(gone[KO_PURGE_ANSWERS], 1);
    assert_false(has_page(store, NOTHING));

    all_are_from(store, 366); /* and pictures, and what was rejected */
    purge_as_told(store, gone);
    assert_int_equal(gone[KO_PURGE_ANSWERS], 1);
    assert_false(has_page(store, REJECTED));
    assert_int_equal(gone[KO_PURGE_PICTURES], 2);
    assert_false(has_bytes(store, REJECTED));
    assert_false(has_bytes(store, NOTHING));
    assert_int_equal(gone[KO_PURGE_LISTINGS] + gone[KO_PURGE_PHOTOS], 0);

    all_are_from(store, 731); /* what is left of what shows nothing */
    purge_as_told(store, gone);
    assert_int_equal(gone[KO_PURGE_PHOTOS], 1);
    assert_int_equal(gone[KO_PURGE_LISTINGS], 1);
    assert_false(is_kept(store, NOTHING));

    all_are_from(store, 1096); /* what nobody accepted in three years */
    purge_as_told(store, gone);
    assert_int_equal(gone[KO_PURGE_LISTINGS], 2);
    assert_false(is_kept(store, REJECTED) || is_kept(store, UNDECIDED));

    all_are_from(store, 15000);
    purge_as_told(store, gone);
    static const int cases[] = {ACCEPTED, NOTICED, NOTED};
    for (size_t i = 0; i < 3; i++) {
        assert_true(is_kept(store, cases[i]));
        assert_true(has_bytes(store, cases[i]));
        assert_true(has_page(store, cases[i]));
    }
    assert_int_equal(number(store, "SELECT count(*) FROM decision"), 2);
    assert_int_equal(number(store, "SELECT count(*) FROM web_picture"), 3);
}

static void numbers_of_candidates_are_not_given_again(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    purged gone;
    fill(store);
    all_are_from(store, 1096);
    purge(store, false, gone);
    (void)add_listing(store, "https://m.example/new", "z");
    assert_int_equal(
        add_match(store, 1, 1, number(store, "SELECT max(id) FROM photo WHERE path = '/p/z'"), 9),
        1);
    assert_int_equal(number(store, "SELECT max(id) FROM candidate"), 4);
}

/* The same picture comes again: there is nothing to show any more but its fingerprint, so it is
 * kept anew. */
static void a_picture_that_was_let_go_is_taken_when_it_comes_again(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    purged gone;
    const int64_t old = add_archived(store, "https://m.example/old", 'a');
    all_are_from(store, 366);
    purge(store, false, gone);
    assert_int_equal(gone[KO_PURGE_PICTURES], 1);
    assert_int_equal(number(store, "SELECT count(*) FROM listing_photo"), 1); /* its print stays */
    const int64_t again = add_archived(store, "https://m.example/again", 'a');
    assert_int_not_equal(again, old);
    assert_int_equal(number(store, "SELECT count(*) FROM photo"), 2);
    assert_int_equal(number(store, "SELECT count(*) FROM photo WHERE path <> ''"), 1);
}

static void a_photo_stays_as_long_as_one_listing_needs_it(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    purged gone;
    (void)add_listing(store, "https://m.example/old", "ab");
    (void)add_listing(store, "https://m.example/young", "b");
    all_are_from(store, 731);
    execute(store, "UPDATE listing SET last_seen = last_seen + 86400 * 5 WHERE id = 2");
    purge_as_told(store, gone);
    assert_int_equal(gone[KO_PURGE_LISTINGS], 1);
    assert_int_equal(gone[KO_PURGE_PHOTOS], 1);
    assert_int_equal(number(store, "SELECT count(*) FROM photo WHERE path = '/p/b'"), 1);
}

static ko_status take_photo(void *context, const ko_photo *photo)
{
    *(ko_photo *)context = *photo;
    return KO_OK;
}

static void pictures_that_never_count_stay(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    ko_photo photo;
    int64_t id, act;
    purged gone;
    (void)add_archived(store, "https://m.example/old", 'a');
    assert_int_equal(ko_photo_each(store, 0, 9, 9, take_photo, &photo, NULL), KO_OK);
    assert_int_equal(ko_store_begin(store, NULL), KO_OK);
    assert_int_equal(ko_act_add(store, &(ko_act){.verb = "never", .who = "Ann"}, &act, NULL),
                     KO_OK);
    assert_int_equal(ko_negative_add(store, act, &photo, &id, NULL), KO_OK);
    assert_int_equal(ko_store_commit(store, NULL), KO_OK);
    all_are_from(store, 2000);
    purge_as_told(store, gone);
    assert_int_equal(gone[KO_PURGE_LISTINGS], 1);
    assert_int_equal(gone[KO_PURGE_PHOTOS], 0);
    assert_true(has_bytes(store, 0));
}

/* A page that was seen again refers to the record that has its body. */
static void a_body_stays_as_long_as_somebody_refers_to_it(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    int64_t first = 0, second = 0;
    purged gone;
    ko_web_answer page = {.url = "u",
                          .final_url = "u",
                          .content_type = "",
                          .at = NOW - 900 * DAY,
                          .warc = "/a/pages-1.warc.gz"};
    assert_int_equal(ko_web_answer_add(store, &page, &first, NULL), KO_OK);
    page.at = NOW - 10 * DAY;
    page.body.answer_id = first;
    assert_int_equal(ko_web_answer_add(store, &page, &second, NULL), KO_OK);
    purge_as_told(store, gone);
    assert_int_equal(gone[KO_PURGE_ANSWERS], 0);
    execute(store, "UPDATE web_answer SET at = at - 86400 * 300");
    purge_as_told(store, gone);
    assert_int_equal(gone[KO_PURGE_ANSWERS], 2);
}

static void logs_go_but_what_is_still_to_be_sent(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    purged gone;
    char sql[1000];
    const long long old = (long long)(NOW - 400 * DAY), young = (long long)(NOW - DAY);
    (void)snprintf(sql, sizeof sql,
                   "INSERT INTO run (job, began_at) VALUES ('scan', %lld), ('scan', %lld),"
                   " ('keep', %lld);"
                   "INSERT INTO digest (uid, made_at, subject, body, json)"
                   " VALUES ('1', %lld, '', '', ''), ('2', %lld, '', '', '');"
                   "INSERT INTO delivery (digest_id, channel, state) VALUES (1, 'mail', 1),"
                   " (2, 'mail', 0);"
                   "INSERT INTO web_host (origin, robots_status, robots_at, not_before, robots)"
                   " VALUES ('a', 200, %lld, 0, x''), ('b', 200, %lld, 0, x'');",
                   old, young, old, old, old, old, young);
    execute(store, sql);
    purge_as_told(store, gone);
    assert_int_equal(gone[KO_PURGE_RUNS], 1); /* not the last one of its job */
    assert_int_equal(gone[KO_PURGE_DIGESTS], 1);
    assert_int_equal(number(store, "SELECT min(id) FROM digest"), 2);
    assert_int_equal(gone[KO_PURGE_HOSTS], 1);
}

static void days_are_the_users(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    int days[KO_RETENTIONS];
    purged gone;
    ko_error err = {0};
    (void)add_listing(store, "https://m.example/old", "a");
    all_are_from(store, 5000);
    assert_int_equal(ko_retention_set(store, "listings", KO_RETAIN_FOREVER, NULL), KO_OK);
    purge_as_told(store, gone);
    assert_int_equal(gone[KO_PURGE_LISTINGS] + gone[KO_PURGE_PHOTOS], 0);
    assert_int_equal(ko_retention_set(store, "listings", 5001, NULL), KO_OK);
    purge_as_told(store, gone);
    assert_int_equal(gone[KO_PURGE_LISTINGS], 0);
    assert_int_equal(ko_retention_set(store, "listings", 4999, NULL), KO_OK);
    purge_as_told(store, gone);
    assert_int_equal(gone[KO_PURGE_LISTINGS], 1);

    assert_int_equal(ko_retention_set(store, "listings", 730, NULL), KO_OK);
    assert_int_equal(number(store, "SELECT count(*) FROM setting WHERE key = 'keep.listings'"), 0);
    assert_int_equal(ko_retention_set(store, "listing", 7, &err), KO_E_NOT_FOUND);
    assert_non_null(strstr(err.text, "'listing'"));
    assert_int_equal(ko_retention_set(store, "listings", -1, NULL), KO_E_LIMIT);
    assert_int_equal(ko_retention_set(store, "listings", 36501, NULL), KO_E_LIMIT);
    execute(store, "INSERT INTO setting VALUES ('keep.pages', 'soon')");
    assert_int_equal(ko_retention_read(store, days, NULL), KO_E_DAMAGED);
}

/* More than one call looks at. */
static void many_rows_go_in_several_calls(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    purged gone;
    execute(store, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9001)"
                   " INSERT INTO listing (key, url, title, seller, price, currency, source,"
                   "  first_seen, last_seen) SELECT 'k' || i, '', '', '', '', '', '', 1, i % 2 *"
                   "  1728000000 FROM n");
    purge_as_told(store, gone);
    assert_int_equal(gone[KO_PURGE_LISTINGS], 4500);
    assert_int_equal(number(store, "SELECT count(*) FROM listing"), 4501);
}

typedef struct seen_records {
    ko_kept_record records[9];
    size_t n;
} seen_records;

static ko_status take_record(void *context, const ko_kept_record *record)
{
    seen_records *all = context;
    assert_true(all->n < 9);
    all->records[all->n++] = *record;
    return KO_OK;
}

static void records_of_a_file_are_listed_and_move(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    static const char pictures[] = "/a/pictures-1.warc";
    seen_records all = {.n = 0}, left = {.n = 0}, moved = {.n = 0};
    ko_retention_times times;
    bool elsewhere = true;
    fill(store);
    all_are_from(store, 366);
    assert_int_equal(ko_kept_record_each(store, pictures, NULL, take_record, &all, NULL), KO_OK);
    assert_int_equal(all.n, LISTINGS);
    assert_true(all.records[0].is_photo && all.records[0].at == 'a' * 100);
    assert_int_equal(ko_retention_times_read(store, NOW, &times, NULL), KO_OK);
    assert_int_equal(ko_kept_record_each(store, pictures, &times, take_record, &left, NULL), KO_OK);
    assert_int_equal(left.n, LISTINGS - 2); /* without the rejected one and that of nothing */

    assert_int_equal(
        ko_kept_record_move(store, &all.records[0], pictures, "/a/pictures-2.warc", 77, NULL),
        KO_OK);
    assert_int_equal(
        ko_kept_record_each(store, "/a/pictures-2.warc", NULL, take_record, &moved, NULL), KO_OK);
    assert_int_equal(moved.n, 1);
    assert_int_equal(moved.records[0].at, 77);

    assert_int_equal(ko_kept_elsewhere(store, "/a", &elsewhere, NULL), KO_OK);
    assert_false(elsewhere);
    assert_int_equal(ko_kept_elsewhere(store, "/a/b", &elsewhere, NULL), KO_OK);
    assert_true(elsewhere);
    assert_int_equal(ko_kept_elsewhere(store, "/", &elsewhere, NULL), KO_OK);
    assert_true(elsewhere);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
        TEST(each_goes_in_its_time_and_cases_never),
        TEST(numbers_of_candidates_are_not_given_again),
        TEST(a_picture_that_was_let_go_is_taken_when_it_comes_again),
        TEST(a_photo_stays_as_long_as_one_listing_needs_it),
        TEST(pictures_that_never_count_stay),
        TEST(a_body_stays_as_long_as_somebody_refers_to_it),
        TEST(logs_go_but_what_is_still_to_be_sent),
        TEST(days_are_the_users),
        TEST(many_rows_go_in_several_calls),
        TEST(records_of_a_file_are_listed_and_move),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
