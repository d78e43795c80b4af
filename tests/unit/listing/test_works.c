/* Sheets of works. */
#include "sheet_log.h"

#include <stdio.h>

static void all_fields(void **state)
{
    (void)state;
    assert_works("file,title,registration no.,copyright holder,first published,published url,"
                 "threshold,notes\n"
                 "owl.png,Owl,VAu 1-2-3,A. Artist,2024-05-01,https://me.com/owl,7.5,x\n",
                 "2:  | Owl | VAu 1-2-3 | A. Artist | 2024-05-01 | https://me.com/owl | 7.5 | "
                 "./owl.png\n"
                 "* ignored columns: notes\n");
    assert_works("Datei;Titel;Urheberin;Ver\xC3\xB6"
                 "ffentlicht am;Schwelle\nowl.png|back.png;Eule;K;1.5.2024;6,5\n",
                 "2:  | Eule |  |  | 2024-05-01 |  | 6.5 | ./owl.png ./back.png\n"
                 "   K\n");
    assert_works("file,artist,medium,created,published in,registered in,description\n"
                 "owl.png,A. Artist,ink,2024-04,DE,US,an owl\n",
                 "2:  |  |  |  |  |  | -1 | ./owl.png\n"
                 "   A. Artist\n   ink\n   2024-04\n   DE\n   US\n   an owl\n");
}

static void a_work_is_named_by_serial_or_file(void **state)
{
    (void)state;
    assert_works("serial,file,title\nKO-000007,,Owl\n,owl.png,\n,,Cat\n",
                 "2: KO-000007 | Owl |  |  |  |  | -1 |\n"
                 "3:  |  |  |  |  |  | -1 | ./owl.png\n"
                 "4! neither file nor serial\n");
    sheet_log log = log_sheet("s.csv", "title,id\nOwl,7\n", 15, true);
    assert_int_equal(log.status, KO_E_FORMAT);
    assert_string_equal(log.err.text, "line 1: no column is named file or serial, and what the "
                                      "columns hold is not certain");
    ko_buf_free(&log.text);
}

static void json_too(void **state)
{
    (void)state;
    assert_works("{\"file\": \"owl.png\", \"threshold\": 8, \"published\": 2019}\n",
                 "1:  |  |  |  | 2019 |  | 8 | ./owl.png\n");
}

/* What a cell with a date is read as; "!" and the problem when it is none. */
static void assert_date(const char *cell, const char *expected)
{
    char sheet[256], wanted[256];
    (void)snprintf(sheet, sizeof sheet, "serial;published\nKO-1;%s\n", cell);
    if (expected[0] == '!')
        (void)snprintf(wanted, sizeof wanted, "2%s\n", expected);
    else
        (void)snprintf(wanted, sizeof wanted, "2: KO-1 |  |  |  | %s |  | -1 |\n", expected);
    assert_log("s.csv", sheet, strlen(sheet), true, wanted);
}

static void dates_are_read_only_when_they_are_certain(void **state)
{
    (void)state;
    assert_date("2024-05-01", "2024-05-01");
    assert_date("2024/5/1", "2024-05-01");
    assert_date("2024-05", "2024-05");
    assert_date("1999", "1999");
    assert_date("2024-05-01T12:00:00Z", "2024-05-01");
    assert_date("2024-05-01 12:00", "2024-05-01");
    assert_date("01.05.2024", "2024-05-01");
    assert_date("12/25/2024", "2024-12-25");
    assert_date("25/12/2024", "2024-12-25");
    assert_date("5/5/2024", "2024-05-05");
    assert_date("29.2.2024", "2024-02-29");
    assert_date("5/6/2024", "! day and month cannot be told apart: 5/6/2024; write YYYY-MM-DD");
    assert_date("29.2.2023", "! not a date: 29.2.2023");
    assert_date("29.2.1900", "! not a date: 29.2.1900");
    assert_date("2024-13-01", "! not a date: 2024-13-01");
    assert_date("2024-00-10", "! not a date: 2024-00-10");
    assert_date("13/13/2024", "! not a date: 13/13/2024");
    assert_date("1.5.24", "! not a date: 1.5.24");
    assert_date("2024-05.01", "! not a date: 2024-05.01");
    assert_date("2024-05-", "! not a date: 2024-05-");
    assert_date("20240501", "! not a date: 20240501");
    assert_date("May 2024", "! not a date: May 2024");
}

static void assert_threshold(const char *cell, const char *expected)
{
    char sheet[256];
    (void)snprintf(sheet, sizeof sheet, "serial;threshold\nKO-1;%s\n", cell);
    assert_log("s.csv", sheet, strlen(sheet), true, expected);
}

static void thresholds_are_plain_numbers(void **state)
{
    (void)state;
    assert_threshold("0", "2: KO-1 |  |  |  |  |  | 0 |\n");
    assert_threshold("12.25", "2: KO-1 |  |  |  |  |  | 12.25 |\n");
    assert_threshold("-1", "2! not a number: -1\n");
    assert_threshold("nan", "2! not a number: nan\n");
    assert_threshold("1e9", "2! not a number: 1e9\n");
    assert_threshold("6.5.1", "2! not a number: 6.5.1\n");
    assert_threshold(".", "2! not a number: .\n");
    assert_threshold("1000000", "2! not a number: 1000000\n");
}

static void an_address_that_is_none_is_told(void **state)
{
    (void)state;
    assert_works("file,published url\nowl.png,soon\n",
                 "2! published_url is not http or https: soon\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_fields),
        cmocka_unit_test(a_work_is_named_by_serial_or_file),
        cmocka_unit_test(json_too),
        cmocka_unit_test(dates_are_read_only_when_they_are_certain),
        cmocka_unit_test(thresholds_are_plain_numbers),
        cmocka_unit_test(an_address_that_is_none_is_told),
    };
    return cmocka_run_group_tests_name("listing.works", tests, NULL, NULL);
}
