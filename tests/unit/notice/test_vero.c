/* Reports as eBay's interface takes them. */
#include "notice/vero.h"

#include "notice/rules_open.h"

#include "base/alloc.h"

#include <jansson.h>
#include <string.h>

static char urls[2][40] = {"https://www.ebay.com/itm/123456789012",
                           "https://www.ebay.com/itm/223456789012"};
static char numbers[2][13] = {"123456789012", "223456789012"};
static ko_pack_item items[] = {
    {0, urls[0], numbers[0]},
    {1, urls[1], numbers[1]},
};
static const ko_pack_notice notice = {.work = "KO-1", .items = items, .n_items = 2};

static void each_item_with_its_code(void **state)
{
    (void)state;
    const ko_vero_report report = {.reason_code = "9052",
                                   .detailed_message = "My \"Fox\"\x01 is printed on it",
                                   .no_copy = true};
    ko_buf out = KO_BUF(1 << 16);
    assert_int_equal(ko_vero_write(&notice, &report, &out, NULL), KO_OK);
    json_t *json = json_loads(out.data, 0, NULL);
    const json_t *list = json_object_get(json, "reportItems");
    assert_int_equal(json_array_size(list), 2);
    for (size_t i = 0; i < 2; i++) {
        const json_t *item = json_array_get(list, i);
        assert_string_equal(json_string_value(json_object_get(item, "itemId")), items[i].item);
        assert_string_equal(json_string_value(json_object_get(item, "veroReasonCodeId")), "9052");
        assert_string_equal(json_string_value(json_object_get(item, "detailedMessage")),
                            "My \"Fox\"\xEF\xBF\xBD is printed on it");
        assert_true(json_is_false(json_object_get(item, "copyEmailToRightsOwner")));
        assert_null(json_object_get(item, "brand"));
    }
    json_decref(json);
    ko_buf_free(&out);
}

static void assert_refused(const ko_pack_notice *of, const ko_vero_report *report,
                           ko_status expected, const char *told)
{
    ko_buf out = KO_BUF(1 << 16);
    ko_error err = {0};
    assert_int_equal(ko_vero_write(of, report, &out, &err), expected);
    assert_string_equal(err.text, told);
    assert_null(out.data);
}

static void what_ebay_refuses_is_not_written(void **state)
{
    (void)state;
    static const char accented[] = "\xC3\xA9";
    const size_t most = KO_VERO_MESSAGE_CHARACTERS;
    char text[2 * KO_VERO_MESSAGE_CHARACTERS + 3];
    for (size_t i = 0; i <= most; i++)
        memcpy(text + 2 * i, accented, sizeof accented);
    ko_vero_report report = {.reason_code = "9052"};
    assert_refused(&notice, &report, KO_E_NOT_FOUND, "code 9052 needs a detailed message");
    report.detailed_message = text;
    assert_refused(&notice, &report, KO_E_LIMIT,
                   "detailedMessage has 1001 characters, eBay takes 1000");
    text[2 * most] = '\0';
    ko_buf out = KO_BUF(1 << 16);
    assert_int_equal(ko_vero_write(&notice, &report, &out, NULL), KO_OK);
    ko_buf_free(&out);
    report.brand = "123456789012345678901234567890123456789012345678901";
    assert_refused(&notice, &report, KO_E_LIMIT, "brand has 51 characters, eBay takes 50");
    assert_refused(&notice, &(ko_vero_report){0}, KO_E_NOT_FOUND, "a report needs a reason code");
    char no_number[] = "";
    ko_pack_item none[] = {{0, urls[0], no_number}};
    const ko_pack_notice bad = {.items = none, .n_items = 1};
    assert_refused(&bad, &(ko_vero_report){.reason_code = "1"}, KO_E_NOT_FOUND,
                   "no item number in https://www.ebay.com/itm/123456789012");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_item_with_its_code),
        cmocka_unit_test(what_ebay_refuses_is_not_written),
    };
    return cmocka_run_group_tests_name("notice.vero", tests, NULL, NULL);
}
