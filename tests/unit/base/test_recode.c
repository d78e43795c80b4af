/* Text of any encoding becomes UTF-8, and what means nothing there costs one character. */
#include "base/recode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void assert_recoded(const char *from, const char *bytes, size_t size, const char *expected)
{
    ko_buf out = KO_BUF(64);
    assert_int_equal(ko_recode(from, bytes, size, &out, NULL), KO_OK);
    assert_string_equal(out.data, expected);
    ko_buf_free(&out);
}

static void what_means_nothing_is_replaced_and_the_rest_stays(void **state)
{
    (void)state;
    assert_recoded("GB18030", "\xC4\xE3\xBA\xC3", 4, "\u4F60\u597D");
    assert_recoded("UTF-8",
                   "a\xFF"
                   "b",
                   3, "a\uFFFDb");
    /* a low surrogate alone: both its bytes go, or all that follows would be out of step */
    assert_recoded("UTF-16LE",
                   "a\0\0\xDC"
                   "b\0c\0",
                   8, "a\uFFFDbc");
    assert_recoded("UTF-16BE", "\0a\xDC\0\0b", 6, "a\uFFFDb");
    assert_recoded("UTF-16LE", "a\0b", 3, "a\uFFFD"); /* cut in a unit */
}

static void limits_and_unknown_encodings_are_told(void **state)
{
    (void)state;
    ko_buf out = KO_BUF(4);
    assert_int_equal(ko_recode("WINDOWS-1252", "12345", 5, &out, NULL), KO_E_LIMIT);
    assert_int_equal(ko_recode("no such encoding", "1", 1, &out, NULL), KO_E_UNSUPPORTED);
    ko_buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_means_nothing_is_replaced_and_the_rest_stays),
        cmocka_unit_test(limits_and_unknown_encodings_are_told),
    };
    return cmocka_run_group_tests_name("base/recode", tests, NULL, NULL);
}
