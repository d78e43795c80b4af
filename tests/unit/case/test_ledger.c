#include "store/fixture.h"

#include "case/ledger.h"

#include "notice/rules_open.h"

#include "base/alloc.h"
#include "store/decision.h"
#include "store/notice.h"

/* --- short ways --- */

#define DAY ((ko_day)20000) /* notices are built */

static void offer(ko_store *store, const char *platform, const char *url, const char *id,
                  const char *name, const char *photo)
{
    ko_ingested what;
    ko_listing record = plain_record(url);
    record.platform = (char *)platform;
    record.seller_id = (char *)id;
    record.seller = (char *)name;
    const ko_photo_file file = file_photo(photo, 10, 20);
    assert_int_equal(ko_seen_add(store, &record, "test", &file, 1, 0, &what, NULL), KO_OK);
}

typedef struct deciding {
    ko_store *store;
    int64_t act_id;
    ko_candidate_state state;
} deciding;

static ko_status on_candidate(void *context, const ko_candidate *c)
{
    const deciding *d = context;
    bool changed;
    return ko_decision_add(d->store, d->act_id, c, d->state, &changed, NULL);
}

static void decide(ko_store *store, int64_t candidate, ko_candidate_state state)
{
    deciding d = {.store = store, .state = state};
    const ko_act act = {.verb = "decide", .who = ""};
    const ko_candidate_filter filter = {.id = candidate};
    assert_int_equal(ko_store_begin(store, NULL), KO_OK);
    assert_int_equal(ko_act_add(store, &act, &d.act_id, NULL), KO_OK);
    assert_int_equal(ko_candidate_each(store, &filter, on_candidate, &d, NULL), KO_OK);
    assert_int_equal(ko_store_commit(store, NULL), KO_OK);
}

/* Photo n shows the work of this number; candidates are numbered as they come. */
static void find_in(ko_store *store, int64_t work, int64_t photo)
{
    assert_int_equal(add_match(store, work, work, photo, 9), 1);
}

/* A notice about one listing of a seller, who is told by name; its item has the same number. */
static int64_t complain(ko_store *store, int64_t work, const char *platform, const char *name,
                        int64_t listing)
{
    int64_t id = 0;
    const ko_notice notice = {.channel = "x",
                              .work_id = work,
                              .serial = "",
                              .work_title = "",
                              .host = "",
                              .reason = "",
                              .part = 1,
                              .parts = 1,
                              .who = "",
                              .built_at = (int64_t)DAY * 86400,
                              .folder = ""};
    const ko_notice_item item = {.listing_id = listing,
                                 .url = "https://x.example/1",
                                 .item = "",
                                 .platform = platform,
                                 .seller = name,
                                 .seller_id = "",
                                 .title = ""};
    assert_int_equal(ko_store_begin(store, NULL), KO_OK);
    assert_int_equal(ko_notice_add(store, &notice, &item, 1, &id, NULL), KO_OK);
    assert_int_equal(ko_store_commit(store, NULL), KO_OK);
    return id;
}

static void tell(ko_store *store, int64_t notice, ko_notice_state state, ko_day on)
{
    size_t changed = 0;
    const ko_notice_event event = {.notice_id = notice, .state = state, .on = on};
    assert_int_equal(ko_notice_tell(store, &event, NULL, 0, &changed, NULL), KO_OK);
}

/* Filed and removed on that day. */
static int64_t take_down(ko_store *store, int64_t work, const char *platform, const char *name,
                         ko_day on)
{
    const int64_t id = complain(store, work, platform, name, 0);
    tell(store, id, KO_NOTICE_FILED, on);
    tell(store, id, KO_NOTICE_REMOVED, on);
    return id;
}

typedef struct ledger {
    ko_rules *rules;
    ko_ledger *of;
} ledger;

static ledger make(ko_store *store, ko_day day)
{
    ledger l = {.rules = rules_open()};
    assert_int_equal(ko_ledger_make(store, l.rules, day, &l.of, NULL), KO_OK);
    return l;
}

static void drop(ledger *l)
{
    ko_ledger_free(l->of);
    ko_rules_free(l->rules);
}

typedef struct text {
    char words[1024];
} text;

static void say(text *t, const char *fmt, ...) KO_PRINTF(2, 3);
static void say(text *t, const char *fmt, ...)
{
    const size_t used = strlen(t->words);
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(t->words + used, sizeof t->words - used, fmt, args);
    va_end(args);
}

/* "etsy name=Pins store=7: 2 listings; ": all sellers as they are ranked. */
static text sellers(ko_store *store)
{
    text t = {0};
    ledger l = make(store, DAY);
    for (size_t i = 0; i < ko_ledger_count(l.of); i++) {
        const ko_ledger_seller *s = ko_ledger_at(l.of, i);
        say(&t, "%s", s->place);
        for (size_t k = 0; k < s->n_names; k++)
            say(&t, " %s=%s", ko_alias_kind_name(s->names[k].kind), s->names[k].text);
        say(&t, ": %zu; ", s->listings);
    }
    if (ko_ledger_untold(l.of))
        say(&t, "untold: %zu", ko_ledger_untold(l.of));
    drop(&l);
    return t;
}

/* The ledger without suspects says the same of the first seller as that with them. */
static void assert_found_alike(ko_store *store, const ledger *whole)
{
    ko_ledger *found = NULL;
    assert_int_equal(ko_ledger_make_found(store, whole->rules, DAY + 30, &found, NULL), KO_OK);
    assert_int_equal(ko_ledger_count(found), ko_ledger_count(whole->of));
    const ko_ledger_seller *a = ko_ledger_at(found, 0), *b = ko_ledger_at(whole->of, 0);
    assert_string_equal(a->names[0].text, b->names[0].text);
    assert_int_equal(a->suspects, 0);
    assert_int_equal(a->accepted, b->accepted);
    assert_int_equal(a->works, b->works);
    assert_int_equal(a->removed, b->removed);
    assert_int_equal(a->reappeared, b->reappeared);
    ko_ledger_free(found);
}

/* What the first seller has; the numbers that are not 0. */
static text first(ko_store *store)
{
    text t = {0};
    ledger l = make(store, DAY + 30);
    const ko_ledger_seller *s = ko_ledger_at(l.of, 0);
    assert_found_alike(store, &l);
    const struct {
        const char *name;
        size_t n;
    } counts[] = {
        {"suspects", s->suspects}, {"accepted", s->accepted},   {"works", s->works},
        {"notices", s->notices},   {"filed", s->filed},         {"open", s->open},
        {"removed", s->removed},   {"countered", s->countered}, {"reappeared", s->reappeared}};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
        if (counts[i].n)
            say(&t, "%zu %s; ", counts[i].n, counts[i].name);
    drop(&l);
    return t;
}

/* --- who is who --- */

static void names_that_listings_show_together_are_one_sellers(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    offer(store, "etsy", "https://www.etsy.com/listing/1", "7", "Pins", "/p/1");
    offer(store, "etsy", "https://www.etsy.com/listing/2", "7", "Pins & More", "/p/2");
    offer(store, "etsy", "https://www.etsy.com/listing/3", "", "Pins & More", "/p/3");
    offer(store, "etsy", "https://www.etsy.com/listing/4", "", "Other", "/p/4");
    offer(store, "ebay", "https://www.ebay.com/itm/5", "", "Pins", "/p/5");
    offer(store, "etsy", "https://www.etsy.com/listing/6", "", "", "/p/6");
    assert_string_equal(sellers(store).words, "etsy name=Pins & More name=Pins store=7: 3; "
                                              "ebay name=Pins: 1; etsy name=Other: 1; untold: 1");
}

static void a_number_is_not_taken_for_a_name(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    offer(store, "etsy", "https://www.etsy.com/listing/1", "77", "", "/p/1");
    offer(store, "etsy", "https://www.etsy.com/listing/2", "", "77", "/p/2");
    assert_string_equal(sellers(store).words, "etsy name=77: 1; etsy store=77: 1; ");
}

static void aliases_join_what_hangs_together(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    int64_t id = 0;
    offer(store, "etsy", "https://www.etsy.com/listing/1", "", "A", "/p/1");
    offer(store, "etsy", "https://www.etsy.com/listing/2", "", "B", "/p/2");
    offer(store, "ebay", "https://www.ebay.com/itm/3", "", "B", "/p/3");
    static const ko_alias aliases[] = {
        {.platform = "etsy",
         .kind = {KO_ALIAS_NAME, KO_ALIAS_LICENCE},
         .text = {"A", "Co"},
         .who = ""},
        {.platform = "etsy",
         .kind = {KO_ALIAS_LICENCE, KO_ALIAS_CODE},
         .text = {"Co", "c"},
         .who = ""},
        {.platform = "etsy", .kind = {KO_ALIAS_CODE, KO_ALIAS_NAME}, .text = {"c", "B"}, .who = ""},
    };
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(ko_alias_add(store, &aliases[i], &id, NULL), KO_OK);
    assert_string_equal(sellers(store).words,
                        "etsy name=A name=B code=c licence=Co: 2; ebay name=B: 1; ");
    assert_int_equal(ko_alias_remove(store, 2, NULL), KO_OK);
    assert_string_equal(sellers(store).words, "ebay name=B: 1; etsy name=A licence=Co: 1; "
                                              "etsy name=B code=c: 1; ");
}

static void a_host_of_shop_software_is_one_seller_and_any_other_may_be_many(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    offer(store, "shopify", "https://a.example/products/1", "", "Brand", "/p/1");
    offer(store, "shopify", "https://a.example/products/2", "", "Label", "/p/2");
    offer(store, "", "https://b.example:8080/1", "", "Brand", "/p/3");
    offer(store, "", "https://b.example:8080/2", "", "", "/p/4");
    assert_string_equal(sellers(store).words,
                        "a.example name=a.example name=Brand name=Label: 2; "
                        "b.example:8080 name=Brand: 1; b.example:8080 name=b.example:8080: 1; ");
}

static void who_changed_the_name_since_a_notice_is_the_same(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    offer(store, "etsy", "https://www.etsy.com/listing/1", "", "New", "/p/1");
    const int64_t notice = complain(store, 1, "etsy", "Old", 1);
    assert_string_equal(sellers(store).words, "etsy name=New name=Old: 1; ");
    tell(store, notice, KO_NOTICE_FILED, DAY);
    assert_string_equal(first(store).words, "1 works; 1 notices; 1 filed; 1 open; ");
}

static void a_seller_is_found_by_any_name(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    const ko_ledger_seller *found = NULL;
    ko_error err = {0};
    offer(store, "etsy", "https://www.etsy.com/listing/1", "7", "Pins", "/p/1");
    offer(store, "ebay", "https://www.ebay.com/itm/2", "", "Pins", "/p/2");
    ledger l = make(store, DAY);
    assert_int_equal(ko_ledger_find(l.of, NULL, "7", &found, NULL), KO_OK);
    assert_string_equal(found->names[0].text, "Pins");
    assert_int_equal(ko_ledger_find(l.of, "ebay", "Pins", &found, NULL), KO_OK);
    assert_string_equal(found->place, "ebay");
    assert_int_equal(ko_ledger_find(l.of, NULL, "Pins", &found, &err), KO_E_USAGE);
    assert_non_null(strstr(err.text, "on ebay and another one on etsy"));
    err = (ko_error){0};
    assert_int_equal(ko_ledger_find(l.of, "ebay", "7", &found, &err), KO_E_NOT_FOUND);
    assert_string_equal(err.text, "no seller '7' on ebay");
    assert_ptr_equal(ko_ledger_of(l.of, "ebay", "https://www.ebay.com/itm/2", "", "Pins"), found);
    assert_null(ko_ledger_of(l.of, "etsy", "https://www.etsy.com/listing/9", "", ""));
    drop(&l);
}

/* --- what is counted --- */

static void candidates_count_unless_they_were_dismissed(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    for (int64_t work = 1; work <= 2; work++)
        assert_int_equal(add_view(store, add_work(store, "art"), (uint8_t)work), work);
    offer(store, "etsy", "https://www.etsy.com/listing/1", "", "Pins", "/p/1");
    offer(store, "etsy", "https://www.etsy.com/listing/2", "", "Pins", "/p/2");
    offer(store, "etsy", "https://www.etsy.com/listing/3", "", "Pins", "/p/3");
    find_in(store, 1, 1); /* candidate 1 */
    find_in(store, 2, 1);
    find_in(store, 1, 2);
    find_in(store, 1, 3);
    assert_string_equal(first(store).words, "3 suspects; ");
    decide(store, 1, KO_CANDIDATE_ACCEPTED);
    decide(store, 2, KO_CANDIDATE_ACCEPTED); /* another work in the same listing */
    decide(store, 3, KO_CANDIDATE_ACCEPTED);
    decide(store, 4, KO_CANDIDATE_REJECTED);
    assert_string_equal(first(store).words, "2 suspects; 3 accepted; 2 works; ");
}

static void notices_count_once_they_are_filed(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    ko_notice_event undone;
    const int64_t notice = complain(store, 5, "etsy", "Pins", 0);
    assert_string_equal(first(store).words, "");
    tell(store, notice, KO_NOTICE_FILED, DAY);
    assert_string_equal(first(store).words, "1 works; 1 notices; 1 filed; 1 open; ");
    tell(store, notice, KO_NOTICE_COUNTERED, DAY + 1);
    tell(store, notice, KO_NOTICE_REMOVED, DAY + 2);
    assert_string_equal(first(store).words,
                        "1 works; 1 notices; 1 filed; 1 removed; 1 countered; ");
    assert_int_equal(ko_notice_undo(store, notice, &undone, NULL), KO_OK);
    assert_int_equal(ko_notice_undo(store, notice, &undone, NULL), KO_OK);
    assert_string_equal(first(store).words, "1 works; 1 notices; 1 filed; 1 open; ");
    const int64_t other = complain(store, 5, "etsy", "Pins", 0);
    tell(store, other, KO_NOTICE_WITHDRAWN, DAY); /* never filed */
    assert_string_equal(first(store).words, "1 works; 1 notices; 1 filed; 1 open; ");
}

static void a_restored_listing_was_not_removed(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    const int64_t notice = take_down(store, 1, "aliexpress", "Pins", DAY);
    ledger l = make(store, DAY + 9);
    assert_int_equal(ko_ledger_at(l.of, 0)->points.points, 6);
    drop(&l);
    tell(store, notice, KO_NOTICE_COUNTERED, DAY + 3);
    tell(store, notice, KO_NOTICE_RESTORED, DAY + 8);
    assert_string_equal(first(store).words, "1 works; 1 notices; 1 filed; 1 countered; ");
    l = make(store, DAY + 9);
    assert_int_equal(ko_ledger_at(l.of, 0)->points.points, 0);
    drop(&l);
}

static void what_comes_back_is_counted_each_time(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    const int64_t notice = take_down(store, 1, "etsy", "Pins", DAY);
    tell(store, notice, KO_NOTICE_REAPPEARED, DAY + 1);
    tell(store, notice, KO_NOTICE_REMOVED, DAY + 2);
    tell(store, notice, KO_NOTICE_REAPPEARED, DAY + 3);
    assert_string_equal(first(store).words,
                        "1 works; 1 notices; 1 filed; 1 removed; 2 reappeared; ");
}

static void a_new_listing_of_a_work_after_a_removal_is_a_return(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    for (int64_t work = 1; work <= 2; work++)
        assert_int_equal(add_view(store, add_work(store, "art"), (uint8_t)work), work);
    offer(store, "etsy", "https://www.etsy.com/listing/1", "", "Pins", "/p/1");
    offer(store, "etsy", "https://www.etsy.com/listing/2", "", "Pins", "/p/2");
    offer(store, "etsy", "https://www.etsy.com/listing/3", "", "Pins", "/p/3");
    offer(store, "etsy", "https://www.etsy.com/listing/4", "", "Tees", "/p/4");
    execute(store, "UPDATE listing SET first_seen = 86400 * (20000 + id)");
    find_in(store, 1, 1); /* seen a day before the removal */
    find_in(store, 1, 2); /* on that day */
    find_in(store, 1, 3); /* after it */
    find_in(store, 2, 3); /* another work */
    find_in(store, 1, 4); /* another seller */
    (void)take_down(store, 1, "etsy", "Pins", DAY + 2);
    for (int64_t candidate = 1; candidate <= 5; candidate++)
        decide(store, candidate, KO_CANDIDATE_ACCEPTED);
    assert_string_equal(first(store).words, "3 suspects; 4 accepted; 2 works; 1 notices; 1 filed; "
                                            "1 removed; 1 reappeared; ");
}

static void points_count_days_and_end(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    (void)take_down(store, 1, "aliexpress", "Pins", DAY + 1);
    (void)take_down(store, 2, "aliexpress", "Pins", DAY + 1); /* the day is capped */
    (void)take_down(store, 1, "aliexpress", "Pins", DAY + 3);
    (void)take_down(store, 1, "etsy", "Pins", DAY + 3);
    ledger l = make(store, DAY + 3);
    const ko_ledger_seller *s = ko_ledger_at(l.of, 0);
    assert_string_equal(s->place, "aliexpress");
    assert_int_equal(s->points.points, 12);
    assert_int_equal(s->points.days_to_go, 6);
    assert_true(s->points.any_ends && s->points.ends_on == DAY + 366);
    assert_null(ko_ledger_at(l.of, 1)->penalty);
    drop(&l);
    l = make(store, DAY + 368);
    assert_int_equal(ko_ledger_at(l.of, 0)->points.points, 0);
    assert_int_equal(ko_ledger_at(l.of, 0)->points.days_to_go, 8);
    drop(&l);
}

static void the_worst_come_first(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    for (int i = 0; i < 5; i++) {
        char url[64], photo[16];
        (void)snprintf(url, sizeof url, "https://www.etsy.com/listing/%d", i);
        (void)snprintf(photo, sizeof photo, "/p/%d", i);
        offer(store, "etsy", url, "", i < 2 ? "few" : "many", photo);
    }
    (void)take_down(store, 1, "etsy", "taken down", DAY);
    assert_string_equal(sellers(store).words,
                        "etsy name=taken down: 0; etsy name=many: 3; etsy name=few: 2; ");
}

/* One who sold long ago comes after one who does now and came back, though less was found. */
static void risk_goes_by_the_last_half_year(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    assert_int_equal(add_view(store, add_work(store, "art"), 1), 1);
    offer(store, "etsy", "https://www.etsy.com/listing/1", "", "long ago", "/p/1");
    offer(store, "etsy", "https://www.etsy.com/listing/2", "", "long ago", "/p/2");
    offer(store, "etsy", "https://www.etsy.com/listing/3", "", "now", "/p/3");
    execute(store, "UPDATE listing SET first_seen = 86400 * (20001 - 400 * (id < 3))");
    for (int64_t photo = 1; photo <= 3; photo++) {
        find_in(store, 1, photo);
        decide(store, photo, KO_CANDIDATE_ACCEPTED);
    }
    (void)take_down(store, 1, "etsy", "now", DAY);
    ledger l = make(store, DAY + 9);
    const ko_ledger_seller *now = ko_ledger_at(l.of, 0), *before = ko_ledger_at(l.of, 1);
    assert_string_equal(now->names[0].text, "now");
    assert_int_equal(now->risk.confirmed, 2); /* the notice is one of the user's sheet */
    assert_int_equal(now->risk.works, 1);
    assert_int_equal(now->risk.returned, 1);
    assert_int_equal(now->risk.last, DAY + 1);
    assert_int_equal(before->accepted, 2);
    assert_int_equal(before->risk.points, 0);
    drop(&l);
}

static void want_of_memory_is_told(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    ko_rules *rules = rules_open();
    assert_int_equal(add_view(store, add_work(store, "art"), 1), 1);
    for (int i = 1; i <= 20; i++) {
        char url[64], photo[16], name[32];
        (void)snprintf(url, sizeof url, "https://www.etsy.com/listing/%d", i);
        (void)snprintf(photo, sizeof photo, "/p/%d", i);
        (void)snprintf(name, sizeof name, "seller %d", i);
        offer(store, "etsy", url, "", name, photo);
        find_in(store, 1, i);
        decide(store, i, KO_CANDIDATE_ACCEPTED);
        (void)take_down(store, 1, "etsy", name, DAY);
    }
    const long before = ko_alloc_live();
    for (unsigned nth = 1;; nth++) {
        ko_ledger *made = NULL;
        ko_error err = {0};
        ko_alloc_fault(nth, 0);
        const ko_status st = ko_ledger_make(store, rules, DAY, &made, &err);
        const unsigned fired = ko_alloc_fault_hits();
        ko_alloc_fault(0, 0);
        ko_ledger_free(made);
        assert_int_equal(ko_alloc_live(), before);
        if (!fired) {
            assert_int_equal(st, KO_OK);
            assert_true(nth > 50);
            break;
        }
        assert_int_equal(st, KO_E_NOMEM);
        assert_string_not_equal(err.text, "");
    }
    ko_rules_free(rules);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(names_that_listings_show_together_are_one_sellers),
        TEST(a_number_is_not_taken_for_a_name),
        TEST(aliases_join_what_hangs_together),
        TEST(a_host_of_shop_software_is_one_seller_and_any_other_may_be_many),
        TEST(who_changed_the_name_since_a_notice_is_the_same),
        TEST(a_seller_is_found_by_any_name),
        TEST(candidates_count_unless_they_were_dismissed),
        TEST(notices_count_once_they_are_filed),
        TEST(a_restored_listing_was_not_removed),
        TEST(what_comes_back_is_counted_each_time),
        TEST(a_new_listing_of_a_work_after_a_removal_is_a_return),
        TEST(points_count_days_and_end),
        TEST(the_worst_come_first),
        TEST(risk_goes_by_the_last_half_year),
        TEST(want_of_memory_is_told),
    };
    return cmocka_run_group_tests_name("ledger", tests, NULL, NULL);
}
