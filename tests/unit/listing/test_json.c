/* JSON Lines and JSON arrays of listings. */
#include "sheet_log.h"

static void one_object_a_line(void **state)
{
    (void)state;
    assert_listings(
        "{\"url\": \"https://a.com/1\", \"title\": \"Owl\", \"price\": 9.9}\n"
        "\n"
        "{\"listingUrl\": \"https://a.com/2\", \"image_path\": \"o.jpg\", \"price\": 12, "
        "\"seller\": null}\r\n"
        "{\"id\": 7, \"url\": \"https://a.com/3\"}",
        "1: https://a.com/1 | Owl |  | 9.9 |  |\n"
        "3: https://a.com/2 |  |  | 12 |  | ./o.jpg\n"
        "4: https://a.com/3 |  |  |  |  |\n"
        "* columns url, listingUrl all hold the url: the first that is filled counts\n"
        "* ignored columns: id\n");
}

static void an_array_of_objects(void **state)
{
    (void)state;
    assert_listings("[\n  {\"url\": \"https://a.com/1\",\n   \"title\": \"a ] } , \\\" b\"},\n"
                    "  {\"url\": \"https://a.com/2\"}\n]\n",
                    "2: https://a.com/1 | a ] } , \" b |  |  |  |\n"
                    "4: https://a.com/2 |  |  |  |  |\n");
    assert_listings("[]", "");
}

static void lists_and_inner_objects(void **state)
{
    (void)state;
    assert_listings(
        "{\"url\": \"https://a.com/1\", \"images\": [\"a.jpg\", {\"src\": \"b.jpg\"}], "
        "\"seller\": {\"name\": \"S\", \"rating\": 5}, \"price\": {\"value\": 3, \"currency\": "
        "\"EUR\"}}\n",
        "1: https://a.com/1 |  | S | 3 | EUR | ./a.jpg ./b.jpg\n"
        "* ignored columns: seller rating\n");
}

static void a_broken_line_costs_itself_alone(void **state)
{
    (void)state;
    sheet_log log = log_listings("{\"url\": \"https://a.com/1\"}\n{\"url\": \n[1]\n5\n"
                                 "{\"url\": \"a\\u0000b\"}\n{\"url\": \"https://a.com/2\"}\n");
    assert_int_equal(log.status, KO_OK);
    assert_int_equal(log.counts.records, 2);
    assert_int_equal(log.counts.left_out, 4);
    assert_non_null(strstr(log.text.data, "\n2! not JSON: "));
    assert_non_null(strstr(log.text.data, "\n3! not a JSON object\n4! not a JSON object\n5! "));
    assert_non_null(strstr(log.text.data, "\n6: https://a.com/2 "));
    ko_buf_free(&log.text);
}

static void a_broken_element_costs_itself_alone(void **state)
{
    (void)state;
    sheet_log log = log_listings("[{\"url\": https},\n 5,\n {\"url\": \"https://a.com/2\"}");
    assert_int_equal(log.status, KO_OK);
    assert_non_null(strstr(log.text.data, "1! not JSON: "));
    assert_non_null(strstr(log.text.data, "\n2! not a JSON object\n3: https://a.com/2 "));
    assert_non_null(strstr(log.text.data, "\n3! the array is never closed\n"));
    ko_buf_free(&log.text);
}

static void text_behind_the_array_is_told(void **state)
{
    (void)state;
    assert_listings("[{\"url\": \"https://a.com/1\"}]\n[{\"url\": \"https://a.com/2\"}]\n",
                    "1: https://a.com/1 |  |  |  |  |\n"
                    "1! text after the end of the array\n");
}

static void many_keys_that_mean_nothing(void **state)
{
    (void)state;
    ko_buf sheet = KO_BUF(1 << 20);
    assert_int_equal(ko_buf_text(&sheet, "{"), KO_OK);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(ko_buf_printf(&sheet, "\"k%d\": %d, ", i, i), KO_OK);
    assert_int_equal(ko_buf_text(&sheet, "\"url\": 1}\n{\"url\": \"https://a.com/1\", \"tags\": ["),
                     KO_OK);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(ko_buf_printf(&sheet, "%d, ", i), KO_OK);
    assert_int_equal(ko_buf_text(&sheet, "1]}\n{\"k0\": 1, \"url\": \"https://a.com/2\"}"), KO_OK);
    sheet_log log = log_sheet("s", sheet.data, sheet.size, false);
    assert_int_equal(log.status, KO_OK);
    /* the names that count are found however many others came before */
    assert_non_null(strstr(log.text.data, "2: https://a.com/1 "));
    assert_non_null(strstr(log.text.data, "3: https://a.com/2 "));
    ko_buf_free(&log.text);
    ko_buf_free(&sheet);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_object_a_line),
        cmocka_unit_test(an_array_of_objects),
        cmocka_unit_test(lists_and_inner_objects),
        cmocka_unit_test(a_broken_line_costs_itself_alone),
        cmocka_unit_test(a_broken_element_costs_itself_alone),
        cmocka_unit_test(text_behind_the_array_is_told),
        cmocka_unit_test(many_keys_that_mean_nothing),
    };
    return cmocka_run_group_tests_name("listing.json", tests, NULL, NULL);
}
