/* The artist's sheet as it is written. What goes round is tested with the program (tests/cli). */
#include "store/fixture.h"

#include "base/alloc.h"
#include "case/past.h"
#include "case/spreadsheet.h"
#include "listing/remarks.h"
#include "store/remark.h"

#include <jansson.h>

#define TODAY 19700 /* 2023-12-09 */

static void put(ko_store *store, int64_t listing, const char *work, ko_remark_kind kind,
                const char *text)
{
    const ko_remark remarks[] = {{listing, work, ko_remark_name(KO_REMARK_WORK), work},
                                 {listing, work, ko_remark_name(kind), text}};
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(ko_remark_put(store, &remarks[i], NULL), KO_OK);
}

static void take(ko_store *store, const ko_kit *kit)
{
    ko_problems silent = {0};
    ko_past_counts counts;
    const ko_past_request request = {.kit = kit, .today = TODAY, .problems = &silent};
    assert_int_equal(ko_past_take(store, &request, &counts, NULL), KO_OK);
}

static ko_status write_json(ko_store *store, const ko_kit *kit, char **out_text)
{
    size_t size;
    FILE *file = open_memstream(out_text, &size);
    assert_non_null(file);
    const ko_spreadsheet_options options = {
        .kit = kit, .today = TODAY, .format = KO_EXPORT_JSON, .all = true};
    const ko_status st = ko_spreadsheet_write(store, &options, file, NULL);
    (void)fclose(file);
    return st;
}

/* These columns of all rows, between bars, a row a line. */
static void assert_sheet(ko_store *store, const char *const *names, const char *expected)
{
    ko_kit kit;
    char *text = NULL, *rest = NULL;
    ko_buf found = KO_BUF(1 << 16);
    assert_int_equal(ko_kit_open("/nonexistent", &kit, NULL), KO_OK);
    assert_int_equal(write_json(store, &kit, &text), KO_OK);
    assert_int_equal(ko_buf_text(&found, ""), KO_OK);
    for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        json_t *row = json_loads(line, 0, NULL);
        assert_non_null(row);
        for (const char *const *name = names; *name; name++)
            assert_int_equal(ko_buf_printf(&found, "%s%s", name == names ? "" : "|",
                                           json_string_value(json_object_get(row, *name))),
                             KO_OK);
        assert_int_equal(ko_buf_text(&found, "\n"), KO_OK);
        json_decref(row);
    }
    assert_string_equal(found.data, expected);
    ko_buf_free(&found);
    free(text);
    ko_kit_close(&kit);
}

/* Works 1 "Owl" and 2 "Cat"; listings 1 and 2 show the owl and are candidates 1 and 2. */
static void fill(ko_store *store)
{
    const int64_t owl = add_work(store, "Owl");
    const int64_t view = add_view(store, owl, 1);
    (void)add_work(store, "Cat");
    (void)add_listing(store, "https://shop.example/1", "a");
    (void)add_listing(store, "https://shop.example/2", "b");
    (void)add_match(store, owl, view, 1, 20);
    (void)add_match(store, owl, view, 2, 20);
}

static void what_a_sheet_says_of_no_work_is_about_the_one_found(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    static const char *const names[] = {"work", "listing url", "status", "notes", NULL};
    fill(store);
    put(store, 1, "", KO_REMARK_NOTES, "mean");
    put(store, 2, "", KO_REMARK_NOTES, "one of two");
    put(store, 2, "Cat", KO_REMARK_NOTES, "cat");
    assert_sheet(store, names,
                 "Owl|https://shop.example/1|to decide|mean\n"
                 "Owl|https://shop.example/2|to decide|\n"
                 "Cat|https://shop.example/2||cat\n"
                 "|https://shop.example/2||one of two\n");
}

static void what_is_known_goes_before_what_the_sheet_said(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    static const char *const names[] = {"work",       "status",       "date reported",
                                        "notice no.", "date removed", NULL};
    ko_kit kit;
    size_t changed;
    fill(store);
    put(store, 1, "OWL", KO_REMARK_REPORTED_ON, "3.5.2023");
    put(store, 1, "OWL", KO_REMARK_STATUS, "weg!");
    put(store, 1, "OWL", KO_REMARK_NOTICE, "N-1");
    put(store, 2, "OWL", KO_REMARK_STATUS, "gemeldet");
    put(store, 2, "OWL", KO_REMARK_REPORTED_ON, "x");
    assert_int_equal(ko_kit_open("/nonexistent", &kit, NULL), KO_OK);
    take(store, &kit);
    ko_kit_close(&kit);
    assert_sheet(store, names,
                 "OWL|weg!|3.5.2023|N-1|\n" /* no day is made up */
                 "OWL|gemeldet|x||\n");
    const ko_notice_event removed = {
        .notice_id = 2, .state = KO_NOTICE_REMOVED, .on = TODAY, .ref = "N-2", .who = "Ann"};
    assert_int_equal(ko_notice_tell(store, &removed, NULL, 0, &changed, NULL), KO_OK);
    assert_sheet(store, names,
                 "OWL|weg!|3.5.2023|N-1|\n"
                 "OWL|removed|x|N-2|2023-12-09\n");
}

static void what_was_reported_outlives_its_listing_and_work(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    static const char *const names[] = {"work", "listing url", "status", "registration no.", NULL};
    ko_kit kit;
    fill(store);
    put(store, 1, "Owl", KO_REMARK_STATUS, "removed");
    put(store, 2, "Cat", KO_REMARK_STATUS, "removed");
    assert_int_equal(ko_kit_open("/nonexistent", &kit, NULL), KO_OK);
    take(store, &kit);
    ko_kit_close(&kit);
    execute(store, "DELETE FROM listing WHERE id = 1");
    assert_int_equal(ko_work_remove(store, 2, NULL), KO_OK);
    assert_sheet(store, names,
                 "Owl|https://shop.example/1|removed|KO-000001\n"
                 "Owl|https://shop.example/2|to decide|KO-000001\n"
                 "Cat|https://shop.example/2|removed|\n");
}

static void no_memory_is_said_and_nothing_leaks(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    ko_kit kit;
    fill(store);
    put(store, 1, "Owl", KO_REMARK_STATUS, "removed");
    const ko_remark own = {1, "Owl", "Colour", "red"};
    assert_int_equal(ko_remark_put(store, &own, NULL), KO_OK);
    assert_int_equal(ko_kit_open("/nonexistent", &kit, NULL), KO_OK);
    take(store, &kit);
    const long before = ko_alloc_live();
    for (unsigned nth = 1;; nth++) {
        char *text = NULL;
        ko_alloc_fault(nth, 0);
        const ko_status st = write_json(store, &kit, &text);
        const unsigned fired = ko_alloc_fault_hits();
        ko_alloc_fault(0, 0);
        free(text);
        assert_int_equal(ko_alloc_live(), before);
        assert_int_equal(st, fired ? KO_E_NOMEM : KO_OK);
        if (!fired)
            break;
    }
    ko_kit_close(&kit);
}

int main(void)
{
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(what_a_sheet_says_of_no_work_is_about_the_one_found),
        TEST(what_is_known_goes_before_what_the_sheet_said),
        TEST(what_was_reported_outlives_its_listing_and_work),
        TEST(no_memory_is_said_and_nothing_leaks),
    };
    return cmocka_run_group_tests_name("case.spreadsheet", tests, NULL, NULL);
}
