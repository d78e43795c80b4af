#include "market.h"

#include "base/stop.h"
#include "store/alias.h"

static int begin(void **state)
{
    const int failed = set_up(state);
    set_day(0);
    if (!failed) {
        const fixture *f = *state;
        add_view(f->store, add_work(f->store, "Fox"), 1);
        add_view(f->store, add_work(f->store, "Owl"), 2);
    }
    return failed;
}

static int64_t put(ko_store *store, int64_t work_id, const ko_traits *picture)
{
    static int listings;
    char url[64];
    (void)snprintf(url, sizeof url, "https://shop%d.example/x", ++listings);
    return put_offer_of(store, work_id, url, "", picture).candidate_id;
}

static void test_the_same_picture_has_one_leader(void **state)
{
    const fixture *f = *state;
    const ko_traits a = picture_of(1), b = picture_of(2);
    const ko_traits near = copy_of(&a, 31), far = copy_of(&a, 32), again = copy_of(&a, 0);
    const int64_t first = put(f->store, 1, &a), other = put(f->store, 1, &b);
    const int64_t same = put(f->store, 1, &a), copy = put(f->store, 1, &near);
    const int64_t beyond = put(f->store, 1, &far), of_owl = put(f->store, 2, &again);
    const ko_sorted sorted = sort_all(f->store);
    assert_int_equal(sorted.n, 6);
    assert_int_equal(sorted.alike, 2);
    assert_int_equal(leader_of(f->store, first), first);
    assert_int_equal(leader_of(f->store, other), other);
    assert_int_equal(leader_of(f->store, same), first);
    assert_int_equal(leader_of(f->store, copy), first);
    assert_int_equal(leader_of(f->store, beyond), beyond);
    assert_int_equal(leader_of(f->store, of_owl), of_owl);
}

static void test_turned_copies_are_alike(void **state)
{
    const fixture *f = *state;
    const ko_traits a = picture_of(1);
    ko_fp turned[KO_ORIENT_COUNT];
    const int64_t first = put(f->store, 1, &a);
    ko_fp_turned(&a.fp, turned);
    for (unsigned o = 1; o < KO_ORIENT_COUNT; o++) {
        ko_traits copy = copy_of(&a, 0);
        copy.fp = turned[o];
        const int64_t id = put(f->store, 1, &copy);
        assert_int_equal(sort_all(f->store).alike, 1);
        assert_int_equal(leader_of(f->store, id), first);
    }
}

/* The bytes of a blank shirt are the same, its fingerprint is everybody's. */
static void test_of_plain_pictures_only_bytes_count(void **state)
{
    const fixture *f = *state;
    ko_traits plain = picture_of(1);
    plain.quality = KO_FP_QUALITY_MIN - 1;
    const ko_traits like = copy_of(&plain, 0);
    const int64_t first = put(f->store, 1, &plain), copy = put(f->store, 1, &like);
    const int64_t same = put(f->store, 1, &plain);
    (void)sort_all(f->store);
    assert_int_equal(leader_of(f->store, copy), copy);
    assert_int_equal(leader_of(f->store, same), first);
}

/* Each is like the one before, and all have to be like the first. */
static void test_likeness_does_not_travel(void **state)
{
    const fixture *f = *state;
    const ko_traits a = picture_of(1), b = copy_of(&a, 20);
    ko_traits c = copy_of(&b, 0);
    for (unsigned i = 0; i < 20; i++)
        c.fp.w[3] ^= UINT64_C(1) << (63 - i);
    const int64_t first = put(f->store, 1, &a), second = put(f->store, 1, &b);
    const int64_t third = put(f->store, 1, &c);
    (void)sort_all(f->store);
    assert_int_equal(leader_of(f->store, second), first);
    assert_int_equal(leader_of(f->store, third), third);
}

/* Also over what an earlier sorting left, and only once. */
static void test_what_comes_later_joins(void **state)
{
    const fixture *f = *state;
    const ko_traits a = picture_of(1);
    const int64_t first = put(f->store, 1, &a);
    assert_int_equal(sort_all(f->store).n, 1);
    const int64_t later = put(f->store, 1, &a);
    const ko_sorted sorted = sort_all(f->store);
    assert_int_equal(sorted.n, 1);
    assert_int_equal(leader_of(f->store, later), first);
    assert_int_equal(sort_all(f->store).n, 0);
}

/* A kill ends it between two transactions: the next one goes on there, and comes to the same. */
static void test_it_goes_on_where_it_was_stopped(void **state)
{
    fixture *f = *state;
    enum { N = 450 };
    for (unsigned i = 0; i < N; i++) {
        const ko_traits p = picture_of(i % 50);
        (void)put(f->store, 1, &p);
    }
    execute(f->store, "CREATE UNIQUE INDEX kill"
                      " ON candidate (iif(id = 301 AND leader IS NOT NULL, 1, id))");
    ko_sorted sorted;
    assert_int_not_equal(ko_sort_candidates(f->store, &sorted, NULL), KO_OK);
    assert_int_equal(sorted.n, 200);
    assert_int_equal(number(f->store, "SELECT count(leader) FROM candidate"), 200);
    open_store(f, KO_STORE_OPEN);
    execute(f->store, "DROP INDEX kill");
    assert_int_equal(sort_all(f->store).n, N - 200);
    assert_int_equal(number(f->store, "SELECT count(*) FROM candidate AS c WHERE leader <>"
                                      " (SELECT min(id) FROM candidate WHERE id % 50 = c.id % 50)"),
                     0);
}

static void test_a_wish_to_stop_is_seen(void **state)
{
    const fixture *f = *state;
    const atomic_bool wish = true;
    ko_sorted sorted;
    const ko_traits a = picture_of(1);
    (void)put(f->store, 1, &a);
    (void)ko_stop_follow(&wish);
    assert_int_equal(ko_sort_candidates(f->store, &sorted, NULL), KO_E_STOPPED);
    (void)ko_stop_follow(NULL);
    assert_int_equal(sorted.n, 0);
}

/* --- earlier cases --- */

static void test_the_same_picture_goes_on_with_its_case(void **state)
{
    const fixture *f = *state;
    const ko_traits a = picture_of(1), near = copy_of(&a, 9), other = picture_of(2);
    const offer old = put_offer_of(f->store, 1, "https://a.example/1", "Ann", &a);
    (void)sort_all(f->store);
    const int64_t notice = file_notice(f->store, 1, &old, "https://a.example/1", "Ann", &a);
    const offer waits = put_offer_of(f->store, 1, "https://h.example/1", "", &a);
    assert_int_equal(sort_all(f->store).returned, 0); /* it was only built */
    tell_now(f->store, notice, KO_NOTICE_FILED);
    set_day(3);
    tell_now(f->store, notice, KO_NOTICE_REMOVED);
    set_day(5);
    const offer same = put_offer_of(f->store, 1, "https://b.example/1", "", &a);
    const offer like = put_offer_of(f->store, 1, "https://c.example/1", "", &near);
    const offer none = put_offer_of(f->store, 1, "https://d.example/1", "", &other);
    const offer owl = put_offer_of(f->store, 2, "https://b.example/1", "", &a);
    assert_int_equal(sort_all(f->store).returned, 2);
    const ties t = ties_of(f->store, same.candidate_id);
    assert_string_equal(t.words, "picture of 1 removed");
    assert_true(t.of[0].is_filed && t.of[0].is_removed);
    assert_int_equal(t.of[0].filed_on, day_of("2026-01-01"));
    assert_int_equal(t.of[0].removed_on, day_of("2026-01-04"));
    assert_string_equal(ties_of(f->store, like.candidate_id).words, "looks of 1 removed");
    assert_int_equal(ties_of(f->store, waits.candidate_id).n, 0);
    assert_int_equal(ties_of(f->store, none.candidate_id).n, 0);
    assert_int_equal(ties_of(f->store, owl.candidate_id).n, 0);
    assert_int_equal(ties_of(f->store, old.candidate_id).n, 0);
}

/* Under another URL, by another picture, and under another name that is known. */
static void test_the_same_seller_goes_on_with_the_work(void **state)
{
    const fixture *f = *state;
    const ko_traits a = picture_of(1), b = picture_of(2), c = picture_of(3), d = picture_of(4);
    const offer old = put_offer_of(f->store, 1, "https://shops.example/1", "Ann", &a);
    (void)sort_all(f->store);
    const int64_t notice = file_notice(f->store, 1, &old, "https://shops.example/1", "Ann", &a);
    tell_now(f->store, notice, KO_NOTICE_FILED);
    const ko_alias alias = {.platform = "shops.example",
                            .kind = {KO_ALIAS_NAME, KO_ALIAS_NAME},
                            .text = {"Ann", "Totally Bob"},
                            .who = ""};
    int64_t alias_id;
    assert_int_equal(ko_alias_add(f->store, &alias, &alias_id, NULL), KO_OK);
    set_day(2);
    const offer ann = put_offer_of(f->store, 1, "https://shops.example/2", "Ann", &b);
    const offer bob = put_offer_of(f->store, 1, "https://shops.example/3", "Totally Bob", &c);
    const offer cid = put_offer_of(f->store, 1, "https://shops.example/4", "Cid", &d);
    const offer away = put_offer_of(f->store, 1, "https://other.example/1", "Ann", &d);
    const offer owl = put_offer_of(f->store, 2, "https://shops.example/5", "Ann", &d);
    assert_int_equal(sort_all(f->store).returned, 2);
    assert_string_equal(ties_of(f->store, ann.candidate_id).words, "seller of 1 filed");
    assert_string_equal(ties_of(f->store, bob.candidate_id).words, "seller of 1 filed");
    assert_int_equal(ties_of(f->store, cid.candidate_id).n, 0);
    assert_int_equal(ties_of(f->store, away.candidate_id).n, 0);
    assert_int_equal(ties_of(f->store, owl.candidate_id).n, 0);
}

/* What was withdrawn was perhaps no copy; what was restored must be known before all else. */
static void test_states_tell_what_a_tie_means(void **state)
{
    const fixture *f = *state;
    const ko_traits a = picture_of(1);
    for (int i = 0; i < 12; i++) {
        char url[32];
        (void)snprintf(url, sizeof url, "https://s%d.example/1", i);
        const offer old = put_offer_of(f->store, 1, url, "", &a);
        (void)sort_all(f->store);
        tell_now(f->store, file_notice(f->store, 1, &old, url, "", &a), KO_NOTICE_FILED);
    }
    tell_now(f->store, 12, KO_NOTICE_WITHDRAWN);
    tell_now(f->store, 1, KO_NOTICE_COUNTERED);
    tell_now(f->store, 1, KO_NOTICE_RESTORED);
    tell_now(f->store, 2, KO_NOTICE_REMOVED);
    set_day(1);
    const offer back = put_offer_of(f->store, 1, "https://new.example/1", "", &a);
    (void)sort_all(f->store);
    const ties t = ties_of(f->store, back.candidate_id);
    assert_int_equal(t.n, KO_TIES_MOST);
    bool restored = false, removed = false;
    for (size_t i = 0; i < t.n; i++) {
        restored |= t.of[i].notice_id == 1 && t.of[i].state == KO_NOTICE_RESTORED;
        removed |= t.of[i].notice_id == 2 && t.of[i].is_removed;
        assert_int_not_equal(t.of[i].notice_id, 12);
    }
    assert_true(restored && removed);
}

/* What waited in the queue when a database came here goes on with nothing. */
static void test_what_was_found_before_is_not_back(void **state)
{
    const fixture *f = *state;
    const ko_traits a = picture_of(1);
    const offer old = put_offer_of(f->store, 1, "https://a.example/1", "", &a);
    const offer waits = put_offer_of(f->store, 1, "https://b.example/1", "", &a);
    set_day(1);
    const int64_t notice = file_notice(f->store, 1, &old, "https://a.example/1", "", &a);
    tell_now(f->store, notice, KO_NOTICE_FILED);
    tell_now(f->store, notice, KO_NOTICE_REMOVED);
    const ko_sorted sorted = sort_all(f->store);
    assert_int_equal(sorted.n, 2);
    assert_int_equal(sorted.returned, 0);
    assert_int_equal(leader_of(f->store, waits.candidate_id), old.candidate_id);
}

/* A notice from a sheet has no picture and no candidate of its own. */
static void test_a_listing_of_a_sheet_is_back(void **state)
{
    const fixture *f = *state;
    const ko_traits a = picture_of(1);
    const offer known = {.listing_id = add_listing(f->store, "https://a.example/1", "").listing_id};
    const int64_t notice = file_notice(f->store, 1, &known, "https://a.example/1", "", NULL);
    tell_now(f->store, notice, KO_NOTICE_FILED);
    tell_now(f->store, notice, KO_NOTICE_REMOVED);
    set_day(9);
    const offer back = put_offer_of(f->store, 1, "https://a.example/1", "", &a);
    assert_int_equal(back.listing_id, known.listing_id);
    assert_int_equal(sort_all(f->store).returned, 1);
    assert_string_equal(ties_of(f->store, back.candidate_id).words, "listing of 1 removed");
    const offer copy = put_offer_of(f->store, 1, "https://b.example/1", "", &a);
    assert_int_equal(sort_all(f->store).returned, 1);
    assert_string_equal(ties_of(f->store, copy.candidate_id).words, "picture of 1 removed");
}

static int end(void **state)
{
    ko_clock_use(NULL);
    return tear_down(state);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_the_same_picture_has_one_leader),
        TEST(test_turned_copies_are_alike),
        TEST(test_of_plain_pictures_only_bytes_count),
        TEST(test_likeness_does_not_travel),
        TEST(test_what_comes_later_joins),
        TEST(test_it_goes_on_where_it_was_stopped),
        TEST(test_a_wish_to_stop_is_seen),
        TEST(test_the_same_picture_goes_on_with_its_case),
        TEST(test_the_same_seller_goes_on_with_the_work),
        TEST(test_states_tell_what_a_tie_means),
        TEST(test_what_was_found_before_is_not_back),
        TEST(test_a_listing_of_a_sheet_is_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
