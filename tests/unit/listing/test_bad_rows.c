/* Rows of a CSV sheet that cannot be used: each is told once, and the others are read. */
#include "sheet_log.h"

#include <stdio.h>

/* Reads a sheet whose second line is the row, and expects one problem on it and the row
 * behind it. */
static void assert_left_out(const char *row, size_t size, const char *problem)
{
    static const char before[] = "url,title\n", after[] = "\nhttps://a.com/9,after\n";
    ko_buf sheet = KO_BUF((size_t)4 << 20);
    assert_int_equal(ko_buf_text(&sheet, before), KO_OK);
    assert_int_equal(ko_buf_append(&sheet, row, size), KO_OK);
    assert_int_equal(ko_buf_text(&sheet, after), KO_OK);
    char expected[512];
    (void)snprintf(expected, sizeof expected, "2! %s\n3: https://a.com/9 | after |  |  |  |\n",
                   problem);
    assert_log("s.csv", sheet.data, sheet.size, false, expected);
    ko_buf_free(&sheet);
}

#define assert_bad(row, problem) assert_left_out(row, sizeof(row) - 1, problem)

static void urls_that_are_none(void **state)
{
    (void)state;
    assert_bad("ftp://a.com/x,Owl", "url is not http or https: ftp://a.com/x");
    assert_bad("javascript:alert(1),Owl", "url is not http or https: javascript:alert(1)");
    assert_bad("owl.jpg,Owl", "url is not http or https: owl.jpg");
    assert_bad("../x/y,Owl", "url is not http or https: ../x/y");
    assert_bad("https://,Owl", "url: a URL without a host");
    assert_bad("https://a.com:99999/,Owl", "url: no port up to 65535: a.com:99999");
    assert_bad("https://a.com/x y,Owl",
               "url holds a space or a control character: https://a.com/x y");
    assert_bad("https://a.com/\x1b[2J,Owl",
               "url holds a space or a control character: https://a.com/\xEF\xBF\xBD[2J");
    assert_bad("https://a.com/\xE2\x80\xAEx,Owl",
               "url holds a space or a control character: https://a.com/\xEF\xBF\xBDx");
    assert_bad(",Owl", "neither url nor image");
}

/* The text and then n times 'x'. */
static ko_buf long_text(const char *text, size_t n)
{
    ko_buf buf = KO_BUF((size_t)2 << 20);
    assert_int_equal(ko_buf_text(&buf, text), KO_OK);
    char *rest = ko_buf_extend(&buf, n);
    assert_non_null(rest);
    memset(rest, 'x', n);
    return buf;
}

static void an_url_of_2048_bytes_is_the_longest(void **state)
{
    (void)state;
    ko_buf row = long_text("https://a.com/", 2049 - 14);
    assert_left_out(row.data, row.size, "url: a URL of 2049 bytes, limit 2048");
    ko_buf_free(&row);
    ko_buf sheet = long_text("url\nhttps://a.com/", 2048 - 14);
    sheet_log log = log_sheet("s.csv", sheet.data, sheet.size, false);
    assert_int_equal(log.counts.records, 1);
    ko_buf_free(&log.text);
    ko_buf_free(&sheet);
}

static void cells_beyond_the_named_columns(void **state)
{
    (void)state;
    assert_bad("https://a.com/1,Owl, blue", "cell in column 3, but only 2 columns are named");
    ko_buf row = KO_BUF(1024);
    assert_int_equal(ko_buf_printf(&row, "https://a.com/1,Owl"), KO_OK);
    for (int i = 0; i < 300; i++)
        assert_int_equal(ko_buf_text(&row, ","), KO_OK);
    ko_buf sheet = KO_BUF(1024);
    /* what a spreadsheet adds where its used area is wide does no harm */
    assert_int_equal(ko_buf_printf(&sheet, "url,title\n%s\n", row.data), KO_OK);
    assert_log("s.csv", sheet.data, sheet.size, false, "2: https://a.com/1 | Owl |  |  |  |\n");
    assert_int_equal(ko_buf_text(&row, "x"), KO_OK);
    assert_left_out(row.data, row.size, "more than 256 cells");
    ko_buf_free(&sheet);
    ko_buf_free(&row);
}

static void nul_bytes(void **state)
{
    (void)state;
    assert_bad("https://a.com/1,O\0wl", "a cell holds a NUL byte");
    assert_bad("https://a.com/1,\"O\0wl\"", "a cell holds a NUL byte");
}

static void a_cell_of_64_kib_is_the_longest(void **state)
{
    (void)state;
    static const char over[] = "a cell is over the limit of 65536 bytes; is a quote not closed?";
    ko_buf row = long_text("https://a.com/1,", 1 << 20);
    assert_left_out(row.data, row.size, over); /* 1 MB in one line */
    ko_buf_free(&row);
    row = long_text("https://a.com/1,\"", 1 << 20);
    assert_left_out(row.data, row.size, over);
    assert_int_equal(ko_buf_text(&row, "\""), KO_OK);
    assert_left_out(row.data, row.size, over);
    ko_buf_free(&row);
    row = long_text("https://a.com/1,", 65537);
    assert_left_out(row.data, row.size, "cell of 65537 bytes, limit 65536");
    ko_buf_free(&row);
    row = long_text("https://a.com/1,", 100000);
    assert_left_out(row.data, row.size, "cell of 100000 bytes, limit 65536");
    ko_buf_free(&row);
    row = long_text("url,sku\nhttps://a.com/1,", 65536);
    assert_log("s.csv", row.data, row.size, false,
               "2: https://a.com/1 |  |  |  |  |\n* ignored columns: sku\n");
    ko_buf_free(&row);
}

static void a_quote_that_is_never_closed(void **state)
{
    (void)state;
    assert_bad("https://a.com/1,\"Owl", "a quote is never closed");
    assert_listings(
        "url,title\nhttps://a.com/1,\"Owl\n\nhttps://a.com/2,Cat\nhttps://a.com/3,\"Dog",
        "2! a quote is never closed\n"
        "4: https://a.com/2 | Cat |  |  |  |\n"
        "5! a quote is never closed\n");
    /* with more text behind it than a cell may hold */
    ko_buf sheet = KO_BUF((size_t)1 << 20);
    assert_int_equal(ko_buf_text(&sheet, "url,title\n\"https://a.com/0,Owl\n"), KO_OK);
    for (int i = 0; i < 5000; i++)
        assert_int_equal(ko_buf_printf(&sheet, "https://a.com/%04d,Owl\n", i), KO_OK);
    sheet_log log = log_sheet("s.csv", sheet.data, sheet.size, false);
    assert_int_equal(log.status, KO_OK);
    assert_int_equal(log.counts.records, 5000);
    assert_int_equal(log.counts.left_out, 1);
    ko_buf_free(&log.text);
    ko_buf_free(&sheet);
}

static void quotes_open_everywhere_end_the_reading(void **state)
{
    (void)state;
    ko_buf sheet = KO_BUF((size_t)4 << 20);
    assert_int_equal(ko_buf_text(&sheet, "url,title\n"), KO_OK);
    for (int i = 0; i < 300000; i++)
        assert_int_equal(ko_buf_text(&sheet, "\"a\n"), KO_OK);
    sheet_log log = log_sheet("s.csv", sheet.data, sheet.size, false);
    assert_int_equal(log.status, KO_E_FORMAT);
    assert_string_equal(log.err.text, "line 1003: more than 1000 unclosed quotes");
    ko_buf_free(&log.text);
    ko_buf_free(&sheet);
}

static void images_that_are_none_are_left_out_of_their_row(void **state)
{
    (void)state;
    assert_listings("url,image\n"
                    "https://a.com/1,data:image/png;base64xx|o.jpg\n"
                    "https://a.com/2,php://filter/x\n"
                    ",file://server/o.jpg\n"
                    ",file:///a%00.jpg\n"
                    ",a\x01.jpg\n",
                    "2: https://a.com/1 |  |  |  |  | ./o.jpg\n"
                    "2! not a local file: data:image/png;base64xx\n"
                    "3: https://a.com/2 |  |  |  |  |\n"
                    "3! not a local file: php://filter/x\n"
                    "4! no url, and not a path on this machine: file://server/o.jpg\n"
                    "5! no url, and not a path on this machine: file:///a%00.jpg\n"
                    "6! no url, and not a path on this machine: a\xEF\xBF\xBD.jpg\n");
}

static void a_row_has_64_images_at_most(void **state)
{
    (void)state;
    ko_buf sheet = KO_BUF(4096);
    assert_int_equal(ko_buf_text(&sheet, "url,image\nhttps://a.com/1,a.jpg"), KO_OK);
    for (int i = 1; i < 70; i++)
        assert_int_equal(ko_buf_printf(&sheet, "|%d.jpg", i), KO_OK);
    sheet_log log = log_sheet("s.csv", sheet.data, sheet.size, false);
    assert_int_equal(log.status, KO_OK);
    assert_non_null(
        strstr(log.text.data, " ./63.jpg\n2! more than 64 images, the others are left out\n"));
    ko_buf_free(&log.text);
    ko_buf_free(&sheet);
}

static void hostile_text_is_cleaned(void **state)
{
    (void)state;
    assert_listings("url,title,\x1b[31mnotes\nhttps://a.com/1,O\x1b]0;w\xE2\x80\xAEl\x07,n\n",
                    "2: https://a.com/1 | O\xEF\xBF\xBD]0;w\xEF\xBF\xBDl\xEF\xBF\xBD |  |  |  |\n"
                    "* ignored columns: \xEF\xBF\xBD[31mnotes\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(urls_that_are_none),
        cmocka_unit_test(an_url_of_2048_bytes_is_the_longest),
        cmocka_unit_test(cells_beyond_the_named_columns),
        cmocka_unit_test(nul_bytes),
        cmocka_unit_test(a_cell_of_64_kib_is_the_longest),
        cmocka_unit_test(a_quote_that_is_never_closed),
        cmocka_unit_test(quotes_open_everywhere_end_the_reading),
        cmocka_unit_test(images_that_are_none_are_left_out_of_their_row),
        cmocka_unit_test(a_row_has_64_images_at_most),
        cmocka_unit_test(hostile_text_is_cleaned),
    };
    return cmocka_run_group_tests_name("listing.bad_rows", tests, NULL, NULL);
}
