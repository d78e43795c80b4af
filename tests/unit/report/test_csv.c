/* CSV that spreadsheets read back as it was meant, and run nothing of. */
#include "report/csv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

/* Writes one cell alone in its row and compares what stands in the file. */
static void assert_cell(const char *text, const char *expected)
{
    char *written = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&written, &size);
    assert_non_null(file);
    ko_csv csv = {.file = file};
    ko_csv_cell(&csv, text);
    ko_csv_row_end(&csv);
    assert_int_equal(ko_csv_end(&csv, NULL), KO_OK);
    assert_int_equal(fclose(file), 0);
    assert_true(size >= 2);
    assert_string_equal(written + size - 2, "\r\n");
    written[size - 2] = '\0';
    assert_string_equal(written, expected);
    free(written);
}

static void rows_of_cells(void **state)
{
    (void)state;
    char *written = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&written, &size);
    ko_csv csv = {.file = file};
    ko_csv_cell(&csv, "a");
    ko_csv_cell(&csv, "");
    ko_csv_cell(&csv, NULL);
    ko_csv_cell(&csv, "b");
    ko_csv_row_end(&csv);
    ko_csv_cell(&csv, "c");
    ko_csv_row_end(&csv);
    assert_int_equal(ko_csv_end(&csv, NULL), KO_OK);
    assert_int_equal(fclose(file), 0);
    assert_string_equal(written, "a,,,b\r\nc\r\n");
    free(written);
}

static void quotes_where_needed(void **state)
{
    (void)state;
    assert_cell("plain text", "plain text");
    assert_cell("a,b", "\"a,b\"");
    assert_cell("a;b", "\"a;b\"");
    assert_cell("say \"hi\"", "\"say \"\"hi\"\"\"");
    assert_cell(" a", "\" a\"");
    assert_cell("a ", "\"a \"");
}

static void formulas_are_made_text(void **state)
{
    (void)state;
    assert_cell("=1+1", "'=1+1");
    assert_cell("=HYPERLINK(\"http://x\",\"y\")", "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"");
    assert_cell("+49 170", "'+49 170");
    assert_cell("-cmd", "'-cmd");
    assert_cell("@SUM(A1)", "'@SUM(A1)");
    assert_cell("-", "'-");
    assert_cell("-1+1", "'-1+1");
    assert_cell("  =1", "\"'  =1\"");
    assert_cell("\t=1", "\"' =1\"");
    assert_cell("\r\n=1", "\"'  =1\"");
    assert_cell("\xC2\xA0=1", "'\xC2\xA0=1");
    assert_cell("\xEF\xBC\x9D"
                "1",
                "'\xEF\xBC\x9D"
                "1");
    assert_cell("\xE3\x80\x80\xEF\xBC\xA0x", "'\xE3\x80\x80\xEF\xBC\xA0x");
    assert_cell("a=b", "a=b");
}

static void numbers_stay_numbers(void **state)
{
    (void)state;
    assert_cell("-12.5", "-12.5");
    assert_cell("+3", "+3");
    assert_cell("-0", "-0");
    assert_cell("-1.", "'-1.");
    assert_cell("-.5", "'-.5");
}

static void hostile_text_is_cleaned(void **state)
{
    (void)state;
    assert_cell("a\x1b[2Jb\xFF", "a\xEF\xBF\xBD[2Jb\xEF\xBF\xBD");
}

static void a_full_disk_is_told(void **state)
{
    (void)state;
    FILE *file = fopen("/dev/full", "w");
    if (!file)
        skip();
    ko_csv csv = {.file = file};
    ko_csv_cell(&csv, "a");
    ko_csv_row_end(&csv);
    ko_error err = {0};
    assert_int_equal(ko_csv_end(&csv, &err), KO_E_IO);
    assert_string_equal(err.text, "No space left on device");
    (void)fclose(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_of_cells),           cmocka_unit_test(quotes_where_needed),
        cmocka_unit_test(formulas_are_made_text),  cmocka_unit_test(numbers_stay_numbers),
        cmocka_unit_test(hostile_text_is_cleaned), cmocka_unit_test(a_full_disk_is_told),
    };
    return cmocka_run_group_tests_name("report.csv", tests, NULL, NULL);
}
