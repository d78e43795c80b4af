/* How it goes: what counts as found, filed and removed, and in which week. */
#include "case/overview.h"

#include "case/told.h"

#include "base/alloc.h"
#include "store/decision.h"
#include "store/remark.h"

#include <stdlib.h>
#include <time.h>

/* --- short ways --- */

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

/* A listing of a seller on Etsy whose own photo shows the work; candidates, listings and photos
 * are numbered as they come. */
static void find(ko_store *store, int64_t work, int n, const char *seller, int64_t found_at)
{
    char url[64], path[16];
    ko_ingested what;
    size_t fresh = 0;
    (void)snprintf(url, sizeof url, "https://www.etsy.com/listing/%d", n);
    (void)snprintf(path, sizeof path, "/p/%d", n);
    ko_listing record = plain_record(url);
    record.platform = (char *)"etsy";
    record.seller = (char *)seller;
    const ko_photo_file file = file_photo(path, 10, 20);
    assert_int_equal(ko_seen_add(store, &record, "test", &file, 1, 0, &what, NULL), KO_OK);
    ko_match match = plain_match(work, work, n, 9);
    match.found_at = found_at;
    assert_int_equal(ko_match_add(store, &match, &fresh, NULL), KO_OK);
}

static int64_t complain(ko_store *store, int64_t work, int64_t listing)
{
    int64_t id = 0;
    const ko_notice notice = plain_notice("etsy", "copy", work);
    const ko_notice_item item = {.listing_id = listing,
                                 .url = "https://www.etsy.com/listing/1",
                                 .item = "",
                                 .platform = "etsy",
                                 .seller = "Moon",
                                 .seller_id = "",
                                 .title = ""};
    keep_notice(store, &notice, &item, 1, &id);
    return id;
}

static ko_kit kit; /* of the overview that is looked at */

static ko_overview look(ko_store *store, const char *day, size_t weeks)
{
    ko_overview o;
    ko_error err = {0};
    open_kit(&kit);
    if (ko_overview_read(store, &kit, day_of(day), weeks, &o, &err) != KO_OK)
        fail_msg("%s", err.text);
    return o;
}

static void drop(ko_overview *o)
{
    ko_overview_free(o);
    ko_kit_close(&kit);
}

static int64_t noon(const char *day)
{
    return (int64_t)day_of(day) * 86400 + 43200;
}

/* --- weeks --- */

static void weeks_begin_on_mondays(void **state)
{
    static const struct {
        const char *day, *week;
    } known[] = {
        {"2026-01-01", "2026-W01"}, {"2027-01-01", "2026-W53"}, {"2024-12-30", "2025-W01"},
        {"2021-01-03", "2020-W53"}, {"2021-01-04", "2021-W01"}, {"2026-11-22", "2026-W47"},
    };
    fixture *f = *state;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        char text[KO_WEEK_TEXT_SIZE];
        ko_week_text(day_of(known[i].day), text);
        assert_string_equal(text, known[i].week);
    }
    ko_overview o = look(f->store, "2026-11-22", 3); /* a Sunday */
    assert_int_equal(o.n_weeks, 3);
    assert_day(o.weeks[0].from, "2026-11-02");
    assert_day(o.weeks[2].from, "2026-11-16");
    drop(&o);
    o = look(f->store, "2026-11-23", 1);
    assert_day(o.weeks[0].from, "2026-11-23");
    drop(&o);
}

/* --- what is found --- */

static void accepted_ones_are_found(void **state)
{
    fixture *f = *state;
    (void)add_view(f->store, add_work(f->store, "Fox"), 1);
    (void)add_view(f->store, add_work(f->store, "Owl"), 2);
    find(f->store, 1, 1, "Moon", noon("2026-11-15"));
    find(f->store, 1, 2, "Moon", noon("2026-11-16"));
    find(f->store, 1, 3, "Moon", noon("2026-11-16"));     /* stays open */
    find(f->store, 1, 4, "Sun", noon("2026-11-16"));      /* is rejected */
    find(f->store, 1, 5, "Sun", noon("2026-10-01"));      /* before the weeks that are asked for */
    assert_int_equal(add_match(f->store, 2, 2, 1, 9), 1); /* the first listing shows two works */
    for (int64_t id = 1; id <= 6; id++)
        if (id != 3)
            decide(f->store, id, id == 4 ? KO_CANDIDATE_REJECTED : KO_CANDIDATE_ACCEPTED);
    ko_overview o = look(f->store, "2026-11-22", 2);
    assert_int_equal(o.all.found, 4);
    assert_int_equal(o.weeks[0].found, 1);
    assert_int_equal(o.weeks[1].found, 1);
    assert_int_equal(o.n_sellers, 2);
    assert_int_equal(o.n_repeat, 1);
    assert_int_equal(o.sellers[0].found, 3);
    assert_string_equal(o.sellers[0].seller->names[0].text, "Moon");
    assert_int_equal(o.estimate.listings, 3); /* what a listing sold is asked once */
    assert_int_equal(o.n_platforms, 1);
    drop(&o);
}

/* A day begins where the user is. */
static void days_are_the_users(void **state)
{
    fixture *f = *state;
    (void)add_view(f->store, add_work(f->store, "Fox"), 1);
    find(f->store, 1, 1, "Moon", noon("2026-11-15")); /* a Sunday; in New Zealand it is Monday */
    decide(f->store, 1, KO_CANDIDATE_ACCEPTED);
    ko_overview o = look(f->store, "2026-11-22", 2);
    assert_int_equal(o.weeks[0].found, 1);
    drop(&o);
    (void)setenv("TZ", "NZDT-13", 1);
    tzset();
    o = look(f->store, "2026-11-22", 2);
    (void)setenv("TZ", "UTC", 1);
    tzset();
    assert_int_equal(o.weeks[1].found, 1);
    drop(&o);
}

/* Filed before it was queued, and once for both. */
static void a_find_has_its_first_day(void **state)
{
    fixture *f = *state;
    (void)add_view(f->store, add_work(f->store, "Fox"), 1);
    find(f->store, 1, 1, "Moon", noon("2026-11-16"));
    decide(f->store, 1, KO_CANDIDATE_ACCEPTED);
    const int64_t first = complain(f->store, 1, 1), second = complain(f->store, 1, 1);
    (void)complain(f->store, 1, 0); /* is not filed */
    tell(f->store, first, KO_NOTICE_FILED, "2026-11-09", 0, 0);
    tell(f->store, second, KO_NOTICE_FILED, "2026-11-17", 0, 0);
    ko_overview o = look(f->store, "2026-11-22", 2);
    assert_int_equal(o.all.found, 1);
    assert_int_equal(o.weeks[0].found, 1);
    assert_int_equal(o.weeks[1].found, 0);
    assert_int_equal(o.all.filed, 2);
    assert_int_equal(o.all.open, 2);
    drop(&o);
}

/* --- what became of it --- */

static void days_to_removal(void **state)
{
    fixture *f = *state;
    const int64_t id = add_notice(f->store, "etsy", "etsy", "copy", 5);
    tell(f->store, id, KO_NOTICE_FILED, "2026-11-02", 0, 0);
    tell(f->store, id, KO_NOTICE_REMOVED, "2026-11-03", 1, 1);
    tell(f->store, id, KO_NOTICE_REMOVED, "2026-11-06", 2, 1);
    tell(f->store, id, KO_NOTICE_REFUSED, "2026-11-06", 3, 1);
    ko_overview o = look(f->store, "2026-11-22", 3);
    assert_int_equal(o.all.filed, 5);
    assert_int_equal(o.all.open, 2);
    assert_int_equal(o.all.removed, 2);
    assert_int_equal(o.all.n_days, 2);
    assert_true(o.all.median_days == 2.5);
    drop(&o);
    /* Filed once more, as an appeal: the days run from then. */
    tell(f->store, id, KO_NOTICE_FILED, "2026-11-09", 3, 1);
    tell(f->store, id, KO_NOTICE_REMOVED, "2026-11-19", 3, 1);
    o = look(f->store, "2026-11-22", 3);
    assert_int_equal(o.all.filed, 6);
    assert_int_equal(o.weeks[1].filed, 1);
    assert_int_equal(o.weeks[2].removed, 1);
    assert_true(o.all.median_days == 4);
    assert_int_equal(o.platforms[0].counts.removed, 3);
    drop(&o);
}

static void counter_notices(void **state)
{
    fixture *f = *state;
    const int64_t id = add_notice(f->store, "etsy", "etsy", "copy", 3);
    tell(f->store, id, KO_NOTICE_FILED, "2026-11-02", 0, 0);
    tell(f->store, id, KO_NOTICE_REMOVED, "2026-11-03", 0, 0);
    tell(f->store, id, KO_NOTICE_COUNTERED, "2026-11-04", 1, 2);
    tell(f->store, id, KO_NOTICE_RESTORED, "2026-11-16", 1, 1);
    tell(f->store, id, KO_NOTICE_REMOVED, "2026-11-16", 2, 1); /* it came to nothing */
    tell(f->store, id, KO_NOTICE_REAPPEARED, "2026-11-17", 3, 1);
    ko_overview o = look(f->store, "2026-11-22", 3);
    assert_int_equal(o.all.removed, 2);
    assert_int_equal(o.weeks[0].removed, 2);
    assert_int_equal(o.weeks[2].removed, 0);
    assert_int_equal(o.all.n_days, 2);
    assert_int_equal(o.reappeared, 1);
    drop(&o);
    /* What was taken back was not told. */
    ko_notice_event undone;
    assert_int_equal(ko_notice_undo(f->store, id, &undone, NULL), KO_OK);
    o = look(f->store, "2026-11-22", 3);
    assert_int_equal(o.reappeared, 0);
    drop(&o);
}

/* --- money --- */

static void sold_by_the_own_sheet(void **state)
{
    fixture *f = *state;
    ko_ingested what;
    (void)add_view(f->store, add_work(f->store, "Fox"), 1);
    find(f->store, 1, 1, "Moon", 7);
    ko_listing record = plain_record("https://www.etsy.com/listing/1");
    record.price = (char *)"$2.50 - 9.00";
    record.currency = (char *)"USD";
    record.has_price = true;
    record.amount = (ko_price){.low_minor = 250, .high_minor = 900, .minor_digits = 2};
    assert_int_equal(ko_seen_add(f->store, &record, "test", NULL, 0, 0, &what, NULL), KO_OK);
    assert_false(what.new_listing);
    decide(f->store, 1, KO_CANDIDATE_ACCEPTED);
    const ko_remark remarks[] = {{1, "Fox", "sold count", "40"},
                                 {1, "Owl", "sold count", "30"}, /* of the same listing */
                                 {1, "Elk", "sold count", "?"},
                                 {1, "Elk", "notes", "5000"}};
    for (size_t i = 0; i < sizeof remarks / sizeof *remarks; i++)
        assert_int_equal(ko_remark_put(f->store, &remarks[i], NULL), KO_OK);
    ko_overview o = look(f->store, "2026-11-22", 1);
    assert_int_equal(o.estimate.n_sums, 1);
    assert_string_equal(o.estimate.sums[0].currency, "USD");
    assert_true(o.estimate.sums[0].amount == 100);
    assert_int_equal(o.estimate.not_counted, 0);
    drop(&o);
}

static void memory_runs_short(void **state)
{
    fixture *f = *state;
    const int64_t id = add_notice(f->store, "etsy", "etsy", "copy", 3);
    (void)add_view(f->store, add_work(f->store, "Fox"), 1);
    find(f->store, 1, 1, "Moon", 7);
    decide(f->store, 1, KO_CANDIDATE_ACCEPTED);
    tell(f->store, id, KO_NOTICE_FILED, "2026-11-02", 0, 0);
    tell(f->store, id, KO_NOTICE_REMOVED, "2026-11-03", 0, 0);
    open_kit(&kit);
    const long before = ko_alloc_live();
    for (unsigned nth = 1;; nth++) {
        ko_overview o = {0};
        ko_alloc_fault(nth, 0);
        const ko_status st = ko_overview_read(f->store, &kit, 20000, 4, &o, NULL);
        const unsigned fired = ko_alloc_fault_hits();
        ko_alloc_fault(0, 0);
        ko_overview_free(&o);
        assert_int_equal(ko_alloc_live(), before);
        if (!fired) {
            assert_int_equal(st, KO_OK);
            break;
        }
        assert_int_equal(st, KO_E_NOMEM);
    }
    ko_kit_close(&kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(weeks_begin_on_mondays, set_up, tear_down),
        cmocka_unit_test_setup_teardown(accepted_ones_are_found, set_up, tear_down),
        cmocka_unit_test_setup_teardown(days_are_the_users, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_find_has_its_first_day, set_up, tear_down),
        cmocka_unit_test_setup_teardown(days_to_removal, set_up, tear_down),
        cmocka_unit_test_setup_teardown(counter_notices, set_up, tear_down),
        cmocka_unit_test_setup_teardown(sold_by_the_own_sheet, set_up, tear_down),
        cmocka_unit_test_setup_teardown(memory_runs_short, set_up, tear_down),
    };
    (void)setenv("TZ", "UTC", 1);
    tzset();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
