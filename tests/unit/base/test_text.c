/* Text from outside: what reaches a terminal or a table is harmless and valid UTF-8. */
#include "base/alloc.h"
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#define BAD "\xEF\xBF\xBD"

static void assert_cleaned(const char *text, const char *expected)
{
    char *clean = ko_text_clean_dup(text);
    assert_non_null(clean);
    assert_string_equal(clean, expected);
    assert_true(ko_text_is_utf8(clean, strlen(clean)));
    ko_free(clean);
}

static void plain_text_stays(void **state)
{
    (void)state;
    assert_cleaned("", "");
    assert_cleaned("Grenouille r\xC3\xAAveuse \xE7\x8C\xAB \xF0\x9F\x90\xB1",
                   "Grenouille r\xC3\xAAveuse \xE7\x8C\xAB \xF0\x9F\x90\xB1");
}

static void control_characters_are_shown_as_replaced(void **state)
{
    (void)state;
    assert_cleaned("a\x1B[31mred", "a" BAD "[31mred");
    assert_cleaned("one\r\ntwo\tthree", "one  two three");
    assert_cleaned("\x7F\xC2\x9B", BAD BAD); /* DEL and the C1 CSI */
    assert_cleaned("\xE2\x80\xAE"
                   "gpj.exe",
                   BAD "gpj.exe");                       /* right-to-left override */
    assert_cleaned("\xE2\x80\x8B\xEF\xBB\xBF", BAD BAD); /* zero-width space, BOM */
}

static void malformed_bytes_are_replaced_one_by_one(void **state)
{
    (void)state;
    assert_cleaned("\xC3(", BAD "(");            /* a sequence cut short */
    assert_cleaned("\xE2\x82", BAD BAD);         /* at the end of the text */
    assert_cleaned("\xC0\xAF", BAD BAD);         /* overlong slash */
    assert_cleaned("\xED\xA0\x80", BAD BAD BAD); /* a surrogate */
    assert_cleaned("\xF5\x80\x80\x80", BAD BAD BAD BAD);
    assert_cleaned("\xE9t\xE9", BAD "t" BAD); /* Latin-1 */
}

static void trimming_and_comparing_are_ascii(void **state)
{
    (void)state;
    char text[] = " \t Seller Name \r\n";
    assert_string_equal(ko_text_trim(text), "Seller Name");
    char blank[] = "  \n";
    assert_string_equal(ko_text_trim(blank), "");
    assert_true(ko_text_same("URL", "url"));
    assert_false(ko_text_same("URL", "urls"));
}

static void hex_is_lower_case(void **state)
{
    (void)state;
    const unsigned char bytes[] = {0x00, 0xAB, 0xFF};
    char out[7];
    ko_text_hex(bytes, 3, out);
    assert_string_equal(out, "00abff");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_text_stays),
        cmocka_unit_test(control_characters_are_shown_as_replaced),
        cmocka_unit_test(malformed_bytes_are_replaced_one_by_one),
        cmocka_unit_test(trimming_and_comparing_are_ascii),
        cmocka_unit_test(hex_is_lower_case),
    };
    return cmocka_run_group_tests_name("base.text", tests, NULL, NULL);
}
