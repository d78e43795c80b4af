/* What a plan leaves out, put together: each kind once, each cause once, and every candidate below
 * all that is wrong with it. */
#include "case/left.h"

#include "case/accepted.h"
#include "case/told.h"

#include "notice/facts.h"

/* A store with three works, of which only the first has all that is asked for. */
typedef struct desk {
    ko_store *store;
    ko_kit kit;
    ko_user user;
    ko_plan_request request;
    int64_t work[3], view[3];
    int n_offers;
} desk;

static desk open_desk(void **state)
{
    fixture *f = *state;
    desk d = {.store = f->store, .user = full_user()};
    const ko_work_fields nothing = {.title = ""};
    open_kit(&d.kit);
    d.work[0] = full_work(d.store, "Fox");
    for (int i = 1; i < 3; i++) {
        char serial[KO_SERIAL_SIZE];
        assert_int_equal(ko_work_add(d.store, &nothing, &d.work[i], serial, NULL), KO_OK);
    }
    for (int i = 0; i < 3; i++)
        d.view[i] = add_view(d.store, d.work[i], (uint8_t)(1 + i));
    return d;
}

/* Candidates are numbered as they come. */
static void offer(desk *d, int work, const char *url)
{
    put_offer(d->store, url, "pin", "shop", ++d->n_offers);
    assert_int_equal(add_match(d->store, d->work[work], d->view[work], d->n_offers, 9), 1);
}

static ko_plan *plan_of(desk *d)
{
    ko_plan *plan = NULL;
    ko_error err = {0};
    if (ko_plan_make(d->store, &d->kit, &d->user, &d->request, &plan, &err) != KO_OK)
        fail_msg("%s", err.text);
    return plan;
}

static void assert_candidates(const ko_left_cause *cause, size_t n, const int64_t *ids,
                              size_t n_works)
{
    assert_int_equal(cause->n, n);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(cause->left[i]->candidate_id, ids[i]);
    assert_int_equal(cause->n_works, n_works);
}

static const ko_left_cause *lacking(const ko_left_kind *kind, const char *fact)
{
    for (size_t i = 0; i < kind->n_causes; i++)
        if (kind->causes[i].fact && strcmp(kind->causes[i].fact, fact) == 0)
            return &kind->causes[i];
    fail_msg("nothing lacks %s", fact);
    return NULL;
}

static void each_kind_and_each_cause_once(void **state)
{
    desk d = open_desk(state);
    offer(&d, 0, "https://a.aliexpress.com/_mKq");        /* a short link */
    offer(&d, 2, "https://www.ebay.com/itm/22345678901"); /* of works of which nothing is known */
    offer(&d, 1, "https://www.ebay.com/itm/22345678902");
    offer(&d, 1, "https://www.ebay.com/itm/22345678903");
    offer(&d, 0, "https://a.aliexpress.com/_mKr");
    offer(&d, 0, "https://www.etsy.com/listing/11"); /* lacks the telephone number */
    accept(d.store, 0, true);
    d.user.text[KO_PROFILE_PUBLIC_PHONE] = (char *)"";
    ko_plan *plan = plan_of(&d);
    ko_left left;
    assert_int_equal(ko_left_make(plan, &left, NULL), KO_OK);
    assert_int_equal(left.n_kinds, 2);

    const ko_left_kind *links = &left.kinds[0], *facts = &left.kinds[1];
    assert_int_equal(links->why, KO_PLAN_SHORT_LINK);
    assert_int_equal(links->n, 2);
    assert_int_equal(links->n_causes, 1);
    assert_null(links->causes[0].fact);
    assert_candidates(&links->causes[0], 2, (int64_t[]){1, 5}, 1);

    assert_int_equal(facts->why, KO_PLAN_FACT_MISSING);
    assert_int_equal(facts->n, 4);
    const ko_left_cause *phone = lacking(facts, "profile.phone");
    assert_string_equal(phone->words, "your telephone number");
    assert_candidates(phone, 1, (int64_t[]){6}, 1);
    assert_candidates(lacking(facts, "work.title"), 3, (int64_t[]){3, 4, 2}, 2);
    assert_int_equal(lacking(facts, "work.title")->left[2]->work_id, d.work[2]);
    ko_left_free(&left);
    ko_plan_free(plan);
    ko_kit_close(&d.kit);
}

static void nothing_is_left_out(void **state)
{
    desk d = open_desk(state);
    offer(&d, 0, "https://www.etsy.com/listing/11");
    accept(d.store, 0, true);
    ko_plan *plan = plan_of(&d);
    ko_left left;
    assert_int_equal(ko_left_make(plan, &left, NULL), KO_OK);
    assert_int_equal(left.n_kinds, 0);
    ko_left_free(&left);
    ko_plan_free(plan);
    ko_kit_close(&d.kit);
}

static void memory_may_run_out(void **state)
{
    desk d = open_desk(state);
    offer(&d, 0, "https://a.aliexpress.com/_mKq");
    offer(&d, 1, "https://www.ebay.com/itm/22345678902");
    accept(d.store, 0, true);
    ko_plan *plan = plan_of(&d);
    const long live = ko_alloc_live();
    for (unsigned nth = 1;; nth++) {
        ko_left left;
        ko_alloc_fault(nth, 1);
        const ko_status st = ko_left_make(plan, &left, NULL);
        const unsigned fired = ko_alloc_fault_hits();
        ko_alloc_fault(0, 0);
        ko_left_free(&left);
        assert_int_equal(ko_alloc_live(), live);
        if (!fired) {
            assert_int_equal(st, KO_OK);
            break;
        }
        assert_int_equal(st, KO_E_NOMEM);
    }
    ko_plan_free(plan);
    ko_kit_close(&d.kit);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(each_kind_and_each_cause_once),
        TEST(nothing_is_left_out),
        TEST(memory_may_run_out),
    };
    return cmocka_run_group_tests_name("case.left", tests, NULL, NULL);
}
