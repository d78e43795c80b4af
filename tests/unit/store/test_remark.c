#include "fixture.h"

#include "store/remark.h"

static ko_status put(ko_store *store, int64_t listing, const char *work, const char *name,
                     const char *text)
{
    const ko_remark remark = {.listing_id = listing, .work = work, .name = name, .text = text};
    return ko_remark_put(store, &remark, NULL);
}

static ko_status say(void *context, const ko_remark *remark)
{
    char *words = context;
    const size_t used = strlen(words);
    (void)snprintf(words + used, 256 - used, "%lld %s %s=%s; ", (long long)remark->listing_id,
                   remark->work, remark->name, remark->text);
    return KO_OK;
}

static void assert_remarks(ko_store *store, int64_t listing, const char *expected)
{
    char words[256] = "";
    assert_int_equal(ko_remark_each(store, listing, say, words, NULL), KO_OK);
    assert_string_equal(words, expected);
}

static void remarks_come_by_listing_work_and_column(void **state)
{
    fixture *f = *state;
    (void)add_listing(f->store, "https://m.example/1", "a");
    (void)add_listing(f->store, "https://m.example/2", "a");
    assert_int_equal(put(f->store, 2, "Owl", "status", "gone"), KO_OK);
    assert_int_equal(put(f->store, 1, "Owl", "status", "filed"), KO_OK);
    assert_int_equal(put(f->store, 1, "Owl", "hours", "2.5"), KO_OK);
    assert_int_equal(put(f->store, 1, "Cat", "notes", "see mail"), KO_OK);
    assert_int_equal(put(f->store, 1, "", "My column", "=1+1"), KO_OK);
    open_store(f, KO_STORE_OPEN);
    assert_remarks(f->store, 0,
                   "1  My column==1+1; 1 Cat notes=see mail; 1 Owl status=filed; "
                   "1 Owl hours=2.5; 2 Owl status=gone; ");
    assert_remarks(f->store, 2, "2 Owl status=gone; ");
    assert_remarks(f->store, 3, "");
}

static void a_cell_is_replaced_in_its_place_and_an_empty_one_goes(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    (void)add_listing(store, "https://m.example/1", "a");
    assert_int_equal(put(store, 1, "Owl", "status", "filed"), KO_OK);
    assert_int_equal(put(store, 1, "Owl", "hours", "2"), KO_OK);
    assert_int_equal(put(store, 1, "Cat", "status", "found"), KO_OK);
    assert_int_equal(put(store, 1, "Owl", "status", "removed"), KO_OK);
    assert_remarks(store, 1, "1 Cat status=found; 1 Owl status=removed; 1 Owl hours=2; ");
    assert_int_equal(put(store, 1, "Owl", "status", ""), KO_OK);
    assert_int_equal(put(store, 1, "Owl", "status", ""), KO_OK); /* it is gone */
    assert_remarks(store, 1, "1 Cat status=found; 1 Owl hours=2; ");
}

static void a_remark_is_about_a_listing_that_there_is(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    assert_int_equal(put(store, 5, "Owl", "status", "filed"), KO_E_NOT_FOUND);
    assert_remarks(store, 0, "");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(remarks_come_by_listing_work_and_column),
        TEST(a_cell_is_replaced_in_its_place_and_an_empty_one_goes),
        TEST(a_remark_is_about_a_listing_that_there_is),
    };
    return cmocka_run_group_tests_name("remark", tests, NULL, NULL);
}
