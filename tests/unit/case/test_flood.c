/* What is held back, and what is not. Time is the test's own. */
#include "base/alloc.h"
#include "base/clock.h"
#include "base/limits.h"
#include "case/flood.h"
#include "case/hold.h"
#include "store/aside.h"
#include "store/decision.h"
#include "store/fixture.h"
#include "store/negative.h"
#include "store/source.h"

#define HOUR ((int64_t)3600)
#define DAY (24 * HOUR)

static int64_t the_time;

static int64_t now(void)
{
    return the_time;
}

static int begin(void **state)
{
    the_time = 20000 * DAY;
    ko_clock_use(now);
    return set_up(state);
}

static int end(void **state)
{
    ko_clock_use(NULL);
    return tear_down(state);
}

/* --- short ways --- */

static int64_t new_work(ko_store *store)
{
    static uint8_t picture = 0;
    const int64_t work = add_work(store, "Wolf");
    (void)add_view(store, work, ++picture);
    return work;
}

/* What a scan finds at once: n listings of a source that show a work, each by a photo of its own or
 * all by one. */
typedef struct find {
    int64_t work;
    const char *source;
    size_t n;
    bool one_picture;
} find;

/* Finds and sorts, as a scan does; the first of those that show one picture leads the others. */
static void found(ko_store *store, find f)
{
    char sql[4096];
    const int64_t base = number(store, "SELECT ifnull(max(id), 0) FROM listing");
    const int64_t photo = number(store, "SELECT ifnull(max(id), 0) FROM photo");
    const int64_t last = number(store, "SELECT ifnull(max(id), 0) FROM candidate");
    (void)snprintf(
        sql, sizeof sql,
        "BEGIN; CREATE TEMP TABLE i AS WITH RECURSIVE i(n) AS (SELECT 1 UNION ALL SELECT n + 1"
        " FROM i WHERE n < %zu) SELECT n FROM i;"
        "INSERT INTO listing (id, key, url, title, seller, price, currency, source, first_seen,"
        " last_seen) SELECT %lld + n, 'k' || (%lld + n), 'https://m.example/' || (%lld + n),"
        " '', '', '', '', '%s', %lld, %lld FROM i;"
        "INSERT INTO photo (id, path, bytes, modified_at, state, sha256, width, height, quality,"
        " fp, seen_at) SELECT %lld + n, '/p/' || (%lld + n), 1, 1, 1, randomblob(32), 9, 9, 90,"
        " randomblob(32), 1 FROM i WHERE %d = 0 OR n = 1;"
        "INSERT INTO listing_photo (listing_id, photo_id, position)"
        " SELECT %lld + n, %lld + iif(%d, 1, n), 0 FROM i;"
        "INSERT INTO evidence (work_id, photo_id, view_id, method, score, distance, orientation,"
        " cropped, n_fingerprints, found_at) SELECT %lld, id, (SELECT min(id) FROM view"
        "  WHERE work_id = %lld), 'whole', 20, 5, 0, 0, 8, 1 FROM photo WHERE id > %lld;"
        "INSERT INTO candidate (work_id, listing_id, found_at) SELECT %lld, %lld + n, %lld FROM i;"
        "UPDATE candidate SET leader = iif(%d, %lld + 1, id) WHERE leader IS NULL;"
        "DROP TABLE i; COMMIT",
        f.n, (long long)base, (long long)base, (long long)base, f.source, (long long)the_time,
        (long long)the_time, (long long)photo, (long long)photo, f.one_picture, (long long)base,
        (long long)photo, f.one_picture, (long long)f.work, (long long)f.work, (long long)photo,
        (long long)f.work, (long long)base, (long long)the_time, f.one_picture, (long long)last);
    execute(store, sql);
}

static ko_flood look(ko_store *store)
{
    ko_flood flood;
    ko_error err = {0};
    if (ko_flood_look(store, &flood, &err) != KO_OK)
        fail_msg("%s", err.text);
    return flood;
}

/* Finds, and looks; how many were held. */
static size_t held_of(ko_store *store, find f)
{
    found(store, f);
    return look(store).held;
}

typedef struct counting {
    size_t n_in[KO_CANDIDATE_STATES];
} counting;

static ko_status count(void *context, const ko_candidate *c)
{
    ((counting *)context)->n_in[c->state]++;
    return KO_OK;
}

static size_t in_state(ko_store *store, ko_candidate_state state)
{
    counting c = {{0}};
    const ko_candidate_filter any = {0};
    assert_int_equal(ko_candidate_each(store, &any, count, &c, NULL), KO_OK);
    return c.n_in[state];
}

typedef struct one_hold {
    ko_hold hold;
    char name[256], note[512], by[64];
} one_hold;

static ko_status copy(void *context, const ko_hold *hold)
{
    one_hold *o = context;
    o->hold = *hold;
    (void)snprintf(o->name, sizeof o->name, "%s", hold->name);
    (void)snprintf(o->note, sizeof o->note, "%s", hold->note);
    (void)snprintf(o->by, sizeof o->by, "%s", hold->decided_by);
    return KO_OK;
}

static one_hold hold_of(ko_store *store, int64_t id)
{
    one_hold o = {0};
    assert_int_equal(ko_hold_each(store, id, 0, copy, &o, NULL), KO_OK);
    assert_int_equal(o.hold.id, id);
    return o;
}

/* A month in which the source and the work are known, and something is found now and then. */
static void quiet_month(ko_store *store, int64_t work, const char *source)
{
    for (int day = 0; day < 28; day++, the_time += DAY)
        assert_int_equal(
            held_of(store, (find){work, source, day == 0 ? 40 : (size_t)day % 3, false}), 0);
}

/* --- what is to be expected --- */

static void a_day_may_bring_what_chance_brings(void **state)
{
    (void)state;
    assert_int_equal(ko_flood_limit(1), 20);  /* a half to the 20th is under a millionth */
    assert_int_equal(ko_flood_limit(7), 104); /* 14.86 weeks at once */
    assert_int_equal(ko_flood_limit(100), 1389);
}

static void a_first_import_is_no_flood(void **state)
{
    fixture *f = *state;
    int64_t works[112];
    for (size_t i = 0; i < 112; i++)
        works[i] = new_work(f->store);
    found(f->store, (find){works[0], "/links.csv", 200, true});
    for (size_t i = 1; i < 112; i++)
        found(f->store, (find){works[i], "/links.csv", i < 6 ? 5 : 4, false});
    const ko_flood flood = look(f->store);
    assert_int_equal(number(f->store, "SELECT count(*) FROM candidate") >= 649, 1);
    assert_int_equal(flood.new_holds + flood.held, 0);
}

static void neither_is_a_sheet_that_is_read_after_months(void **state)
{
    fixture *f = *state;
    const int64_t work = new_work(f->store);
    quiet_month(f->store, work, "https://shop.example/");
    assert_int_equal(held_of(f->store, (find){work, "/links.csv", 200, true}), 0);
}

static void neither_is_a_work_that_is_new(void **state)
{
    fixture *f = *state;
    quiet_month(f->store, new_work(f->store), "https://shop.example/");
    const int64_t work = new_work(f->store);
    assert_int_equal(held_of(f->store, (find){work, "https://shop.example/", 250, false}), 0);
}

static void steady_growth_and_weekly_readings_are_none(void **state)
{
    fixture *f = *state;
    const int64_t work = new_work(f->store);
    size_t n = 10;
    for (int day = 0; day < 70; day++, the_time += DAY) {
        if (day % 7 == 0)
            assert_int_equal(held_of(f->store, (find){work, "/weekly.xml", n += 8, false}), 0);
        assert_int_equal(held_of(f->store, (find){work, "/daily.xml", (size_t)day / 2, true}), 0);
    }
}

static void what_is_older_than_the_guard_is_none(void **state)
{
    fixture *f = *state;
    found(f->store, (find){new_work(f->store), "/links.csv", 2000, true});
    the_time += 400 * DAY;
    const ko_flood flood = look(f->store);
    assert_int_equal(flood.new_holds + flood.held, 0);
}

/* --- floods --- */

static void a_flood_of_a_picture_is_held(void **state)
{
    fixture *f = *state;
    const int64_t work = new_work(f->store);
    quiet_month(f->store, work, "/feed.xml");
    const size_t before = in_state(f->store, KO_CANDIDATE_OPEN);
    assert_int_equal(held_of(f->store, (find){work, "/feed.xml", 412, true}), 412);
    assert_int_equal(in_state(f->store, KO_CANDIDATE_OPEN), before);
    assert_int_equal(in_state(f->store, KO_CANDIDATE_HELD), 412);
    const one_hold o = hold_of(f->store, 1);
    assert_int_equal(o.hold.kind, KO_HOLD_PICTURE);
    assert_int_equal(o.hold.subject_id, number(f->store, "SELECT max(leader) FROM candidate"));
    assert_int_equal(o.hold.found, 412);
    assert_string_equal(o.note, "412 candidates in one day; while it is new, up to 300 pass");
    assert_int_equal(number(f->store, "SELECT count(*) FROM hold"), 1); /* and no work for it */
}

static void a_flood_of_a_work_is_held(void **state)
{
    fixture *f = *state;
    const int64_t work = new_work(f->store), other = new_work(f->store);
    quiet_month(f->store, work, "/feed.xml");
    found(f->store, (find){other, "/feed.xml", 20, false});
    assert_int_equal(held_of(f->store, (find){work, "/feed.xml", 90, false}), 90);
    const one_hold o = hold_of(f->store, 1);
    assert_int_equal(o.hold.kind, KO_HOLD_WORK);
    assert_int_equal(o.hold.subject_id, work);
    assert_string_equal(o.name, "KO-000001 Wolf");
    assert_string_equal(o.note, "90 candidates in one day, 1 expected; up to 60 pass");
    /* More of it is held without being judged again; what shows another work is not. */
    the_time += DAY;
    assert_int_equal(held_of(f->store, (find){work, "/feed.xml", 3, false}), 3);
    assert_int_equal(held_of(f->store, (find){other, "/feed.xml", 3, false}), 0);
    assert_int_equal(number(f->store, "SELECT count(*) FROM hold"), 1);
}

static void the_note_tells_when_nearly_all_show_one_picture(void **state)
{
    fixture *f = *state;
    const int64_t work = new_work(f->store);
    quiet_month(f->store, work, "/feed.xml");
    found(f->store, (find){work, "/feed.xml", 90, true});
    found(f->store, (find){work, "/feed.xml", 10, false});
    assert_int_equal(look(f->store).held, 100);
    assert_non_null(
        strstr(hold_of(f->store, 1).note, "; nearly all show the picture of candidate"));
}

static void a_flood_of_a_source_is_held(void **state)
{
    fixture *f = *state;
    int64_t works[20];
    for (size_t i = 0; i < 20; i++)
        works[i] = new_work(f->store);
    quiet_month(f->store, works[0], "/feed.xml");
    for (size_t i = 0; i < 20; i++)
        found(f->store, (find){works[i], "/feed.xml", 18, false});
    found(f->store, (find){works[0], "/other.xml", 5, false});
    const ko_flood flood = look(f->store);
    assert_int_equal(flood.new_holds, 1);
    assert_int_equal(flood.held, 360);
    assert_int_equal(hold_of(f->store, 1).hold.kind, KO_HOLD_SOURCE);
    assert_string_equal(hold_of(f->store, 1).name, "/feed.xml");
}

/* Each of them brought less than what makes a source known, but they were asked for days. */
static void a_flood_of_small_shops_is_held(void **state)
{
    static const char *const shops[] = {"https://a.example/", "https://b.example/",
                                        "https://c.example/"};
    fixture *f = *state;
    const int64_t work = new_work(f->store);
    for (size_t i = 0; i < 3; i++) {
        const ko_source shop = {
            .name = "", .url = shops[i], .kind = "", .added_at = the_time, .last_result = ""};
        int64_t id = 0;
        assert_int_equal(ko_source_add(f->store, &shop, &id, NULL), KO_OK);
        assert_int_equal(held_of(f->store, (find){work, shops[i], 5, false}), 0);
    }
    the_time += 5 * DAY;
    for (size_t i = 0; i < 3; i++)
        found(f->store, (find){work, shops[i], 30, true});
    assert_int_equal(look(f->store).held, 90);
}

static void what_waits_already_stays_in_the_queue(void **state)
{
    fixture *f = *state;
    const int64_t work = new_work(f->store);
    quiet_month(f->store, work, "/feed.xml");
    const size_t before = in_state(f->store, KO_CANDIDATE_OPEN);
    assert_int_equal(held_of(f->store, (find){work, "/feed.xml", 50, false}), 0);
    the_time += HOUR;
    assert_int_equal(held_of(f->store, (find){work, "/feed.xml", 50, false}), 50);
    assert_int_equal(in_state(f->store, KO_CANDIDATE_OPEN), before + 50);
}

static void what_goes_on_with_an_earlier_case_is_never_held(void **state)
{
    fixture *f = *state;
    const int64_t work = new_work(f->store);
    quiet_month(f->store, work, "/feed.xml");
    found(f->store, (find){work, "/feed.xml", 412, true});
    execute(f->store,
            "INSERT INTO notice (channel, work_id, serial, work_title, host, reason, part, parts,"
            " who, good_faith_at, authority, built_at) VALUES ('', 1, '', '', '', '', 1, 1, '', 1,"
            " 1, 1); INSERT INTO notice_item (notice_id, candidate_id, listing_id, url, item,"
            " platform, seller, seller_id, title, score) VALUES (1, 1, 1, '', '', '', '', '', '',"
            " 9); INSERT INTO tie SELECT max(id), 1, 1, 1 FROM candidate");
    assert_int_equal(look(f->store).held, 411);
    assert_int_equal(number(f->store, "SELECT count(*) FROM aside WHERE candidate_id ="
                                      " (SELECT max(id) FROM candidate)"),
                     0);
}

static void what_was_not_sorted_yet_is_looked_at_later(void **state)
{
    fixture *f = *state;
    const int64_t work = new_work(f->store);
    quiet_month(f->store, work, "/feed.xml");
    found(f->store, (find){work, "/feed.xml", 412, true});
    execute(f->store, "CREATE TEMP TABLE later AS SELECT id, leader FROM candidate;"
                      "UPDATE candidate SET leader = NULL WHERE id > (SELECT max(id) - 12"
                      " FROM candidate)");
    assert_int_equal(look(f->store).held, 400);
    execute(f->store, "UPDATE candidate SET leader = (SELECT later.leader FROM temp.later"
                      " WHERE later.id = candidate.id); DROP TABLE temp.later");
    assert_int_equal(look(f->store).held, 12);
}

/* --- what the user decides --- */

static void released_ones_are_back_and_as_much_is_usual(void **state)
{
    fixture *f = *state;
    const int64_t work = new_work(f->store);
    size_t back = 0;
    quiet_month(f->store, work, "/feed.xml");
    assert_int_equal(held_of(f->store, (find){work, "/feed.xml", 250, false}), 250);
    assert_int_equal(ko_hold_release(f->store, 1, "Ann", &back, NULL), KO_OK);
    assert_int_equal(back, 250);
    assert_int_equal(in_state(f->store, KO_CANDIDATE_HELD), 0);
    assert_int_equal(hold_of(f->store, 1).hold.state, KO_HOLD_RELEASED);
    assert_string_equal(hold_of(f->store, 1).by, "Ann");
    the_time += HOUR; /* on the same day, and whenever it comes again */
    assert_int_equal(held_of(f->store, (find){work, "/feed.xml", 250, false}), 0);
    the_time += 40 * DAY;
    assert_int_equal(held_of(f->store, (find){work, "/feed.xml", 250, false}), 0);
    the_time += 40 * DAY;
    assert_int_equal(held_of(f->store, (find){work, "/feed.xml", 2500, false}), 2500);
    assert_int_equal(ko_hold_release(f->store, 1, "Ann", &back, NULL), KO_E_NOT_FOUND);
    assert_int_equal(ko_hold_release(f->store, 9, "Ann", &back, NULL), KO_E_NOT_FOUND);
}

static void a_blocked_picture_never_counts_until_it_is_released(void **state)
{
    fixture *f = *state;
    const int64_t work = new_work(f->store);
    size_t back = 0;
    quiet_month(f->store, work, "/feed.xml");
    assert_int_equal(held_of(f->store, (find){work, "/feed.xml", 400, true}), 400);
    assert_int_equal(ko_hold_block(f->store, 1, "Ann", NULL), KO_OK);
    assert_int_equal(ko_hold_block(f->store, 1, "Ann", NULL), KO_E_NOT_FOUND);
    assert_int_equal(number(f->store, "SELECT count(*) FROM negative WHERE removed_by IS NULL"), 1);
    assert_int_equal(in_state(f->store, KO_CANDIDATE_NEGATIVE), 400);
    assert_int_equal(ko_hold_release(f->store, 1, "Ann", &back, NULL), KO_OK);
    assert_int_equal(in_state(f->store, KO_CANDIDATE_NEGATIVE), 0);
    assert_int_equal(in_state(f->store, KO_CANDIDATE_HELD), 0);
}

static void a_picture_that_counts_again_by_undo_can_be_released(void **state)
{
    fixture *f = *state;
    const int64_t work = new_work(f->store);
    ko_undone undone;
    size_t back = 0;
    quiet_month(f->store, work, "/feed.xml");
    assert_int_equal(held_of(f->store, (find){work, "/feed.xml", 400, true}), 400);
    assert_int_equal(ko_hold_block(f->store, 1, "Ann", NULL), KO_OK);
    assert_int_equal(ko_act_undo(f->store, "Ann", &undone, NULL), KO_OK);
    assert_string_equal(undone.verb, "quarantine block");
    assert_int_equal(in_state(f->store, KO_CANDIDATE_HELD), 400);
    assert_int_equal(ko_hold_release(f->store, 1, "Ann", &back, NULL), KO_OK);
    assert_int_equal(back, 400);
}

static void a_blocked_source_is_paused_until_it_is_released(void **state)
{
    fixture *f = *state;
    int64_t works[20], id = 0;
    size_t back = 0;
    const ko_source source = {
        .name = "feed", .url = "https://shop.example/feed.xml", .kind = "", .last_result = ""};
    assert_int_equal(ko_source_add(f->store, &source, &id, NULL), KO_OK);
    for (size_t i = 0; i < 20; i++)
        works[i] = new_work(f->store);
    quiet_month(f->store, works[0], source.url);
    for (size_t i = 0; i < 20; i++)
        found(f->store, (find){works[i], source.url, 18, false});
    assert_int_equal(look(f->store).new_holds, 1);
    assert_int_equal(ko_hold_block(f->store, 1, "", NULL), KO_OK);
    assert_int_equal(number(f->store, "SELECT paused FROM source"), 1);
    assert_int_equal(held_of(f->store, (find){works[3], source.url, 1, false}), 1);
    assert_int_equal(ko_hold_release(f->store, 1, "", &back, NULL), KO_OK);
    assert_int_equal(back, 361);
    assert_int_equal(number(f->store, "SELECT paused FROM source"), 0);
}

static void of_a_blocked_work_other_pictures_come_through(void **state)
{
    fixture *f = *state;
    const int64_t work = new_work(f->store);
    quiet_month(f->store, work, "/feed.xml");
    assert_int_equal(held_of(f->store, (find){work, "/feed.xml", 90, true}), 90);
    assert_int_equal(hold_of(f->store, 1).hold.kind, KO_HOLD_WORK);
    assert_int_equal(ko_hold_block(f->store, 1, "", NULL), KO_OK);
    assert_int_equal(in_state(f->store, KO_CANDIDATE_HELD), 90);
    the_time += 3 * DAY;
    assert_int_equal(held_of(f->store, (find){work, "/feed.xml", 5, false}), 0);
    found(f->store, (find){work, "/feed.xml", 1, false});
    execute(f->store, "UPDATE candidate SET leader = (SELECT leader FROM candidate JOIN aside"
                      " ON aside.candidate_id = candidate.id LIMIT 1)"
                      " WHERE id = (SELECT max(id) FROM candidate)");
    assert_int_equal(look(f->store).held, 1);
    /* And a flood of others is one of its own. */
    assert_int_equal(held_of(f->store, (find){work, "/feed.xml", 99, false}), 99);
    assert_int_equal(number(f->store, "SELECT count(*) FROM hold"), 2);
}

static void what_a_person_decided_is_not_touched(void **state)
{
    fixture *f = *state;
    const int64_t work = new_work(f->store);
    quiet_month(f->store, work, "/feed.xml");
    found(f->store, (find){work, "/feed.xml", 412, true});
    execute(f->store,
            "INSERT INTO act (verb, subject, who, at, good_faith) VALUES ('reject', '', '', 1, 0);"
            "INSERT INTO decision (act_id, candidate_id, state, serial, url, seller, by_method,"
            " by_score, photo_id, photo_sha256, view_sha256) SELECT 1, max(id), 2, '', '', '',"
            " 'whole', 20, 1, zeroblob(32), zeroblob(32) FROM candidate;"
            "UPDATE candidate SET decided = 1 WHERE id = (SELECT max(id) FROM candidate)");
    assert_int_equal(look(f->store).held, 411);
    assert_int_equal(in_state(f->store, KO_CANDIDATE_REJECTED), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_day_may_bring_what_chance_brings),
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
        TEST(a_first_import_is_no_flood),
        TEST(neither_is_a_sheet_that_is_read_after_months),
        TEST(neither_is_a_work_that_is_new),
        TEST(steady_growth_and_weekly_readings_are_none),
        TEST(what_is_older_than_the_guard_is_none),
        TEST(a_flood_of_a_picture_is_held),
        TEST(a_flood_of_a_work_is_held),
        TEST(the_note_tells_when_nearly_all_show_one_picture),
        TEST(a_flood_of_a_source_is_held),
        TEST(a_flood_of_small_shops_is_held),
        TEST(what_waits_already_stays_in_the_queue),
        TEST(what_goes_on_with_an_earlier_case_is_never_held),
        TEST(what_was_not_sorted_yet_is_looked_at_later),
        TEST(released_ones_are_back_and_as_much_is_usual),
        TEST(a_blocked_picture_never_counts_until_it_is_released),
        TEST(a_picture_that_counts_again_by_undo_can_be_released),
        TEST(a_blocked_source_is_paused_until_it_is_released),
        TEST(of_a_blocked_work_other_pictures_come_through),
        TEST(what_a_person_decided_is_not_touched),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
