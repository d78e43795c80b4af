/* What people write into the cells of their sheets. */
#include "listing/words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void assert_fold(const char *text, const char *expected)
{
    char words[KO_WORDS_SIZE];
    assert_true(ko_words_fold(text, words));
    assert_string_equal(words, expected);
}

static void words_are_told_apart_from_their_looks(void **state)
{
    (void)state;
    assert_fold("  REMOVED!! ", "removed");
    assert_fold("Gel\xC3\xB6scht \xE2\x9C\x93", "geloscht");
    assert_fold("Gelo\xCC\x88scht", "geloscht");
    assert_fold("counter-notice\xE2\x80\x94refused", "counter notice refused");
    assert_fold("n'est pas", "nest pas");
    assert_fold("\xE2\x9C\x93", "");
    assert_fold("\xE5\xB7\xB2\xE5\x88\xA0\xE9\x99\xA4", "\xE5\xB7\xB2\xE5\x88\xA0\xE9\x99\xA4");
    assert_fold("\xC5\x92uvre", "oeuvre");
    assert_fold("\xE2", "\xE2");
    assert_fold("\xE2\x80", "");
    assert_fold("x\xC3", "x\xC3");
    char words[KO_WORDS_SIZE], text[KO_WORDS_SIZE + 1];
    memset(text, 'a', sizeof text);
    text[KO_WORDS_SIZE] = '\0';
    assert_false(ko_words_fold(text, words));
    text[KO_WORDS_SIZE - 3] = '\0';
    assert_true(ko_words_fold(text, words));
    assert_string_equal(words, text);
}

static void assert_day(const char *text, const char *expected)
{
    ko_day day = 0;
    char iso[KO_DAY_TEXT_SIZE];
    ko_error why = {0};
    assert_int_equal(ko_words_day(text, KO_ORDER_UNKNOWN, &day, &why), KO_OK);
    ko_day_text(day, iso);
    assert_string_equal(iso, expected);
}

static void assert_no_day(const char *text, const char *expected)
{
    ko_day day = 0;
    ko_error why = {0};
    assert_int_equal(ko_words_day(text, KO_ORDER_UNKNOWN, &day, &why), KO_E_FORMAT);
    assert_string_equal(why.text, expected);
}

static void days_are_read_as_people_write_them(void **state)
{
    (void)state;
    assert_day("2026-05-03", "2026-05-03");
    assert_day("2026-05-03 14:10", "2026-05-03");
    assert_day("3.5.2026", "2026-05-03");
    assert_day("03.05.26", "2026-05-03");
    assert_day("5/14/26", "2026-05-14");
    assert_day("14/5/2026", "2026-05-14");
    assert_day("3 May 2026", "2026-05-03");
    assert_day("May 3rd, 2026", "2026-05-03");
    assert_day("the 3rd of may 26", "2026-05-03");
    assert_day("3. Mai 2026", "2026-05-03");
    assert_day("12. M\xC3\xA4rz 2026", "2026-03-12");
    assert_day("12. Maerz 2026", "2026-03-12");
    assert_day("1er juin 2026", "2026-06-01");
    assert_day("14 juillet 2026", "2026-07-14");
    assert_day("3 ao\xC3\xBBt 2026", "2026-08-03");
    assert_day("3 de mayo de 2026", "2026-05-03");
    assert_day("Dez. 24 2026", "2026-12-24");
}

static void the_order_of_others_tells_what_one_does_not(void **state)
{
    (void)state;
    ko_day day = 0, other = 0;
    assert_int_equal(ko_words_day_order("5/14/2026"), KO_ORDER_MONTH_FIRST);
    assert_int_equal(ko_words_day_order("14/5/26"), KO_ORDER_DAY_FIRST);
    assert_int_equal(ko_words_day_order("5/6/2026"), KO_ORDER_UNKNOWN);
    assert_int_equal(ko_words_day_order("14.5.2026"), KO_ORDER_UNKNOWN);
    assert_int_equal(ko_words_day_order("5/14"), KO_ORDER_UNKNOWN);
    assert_int_equal(ko_words_day_order("x/14/2026"), KO_ORDER_UNKNOWN);
    assert_int_equal(ko_words_day("5/6/2026", KO_ORDER_MONTH_FIRST, &day, NULL), KO_OK);
    assert_int_equal(ko_words_day("6 May 2026", KO_ORDER_MONTH_FIRST, &other, NULL), KO_OK);
    assert_int_equal(day, other);
    assert_int_equal(ko_words_day("5/6/26", KO_ORDER_DAY_FIRST, &day, NULL), KO_OK);
    assert_int_equal(ko_words_day("5 June 2026", KO_ORDER_DAY_FIRST, &other, NULL), KO_OK);
    assert_int_equal(day, other);
    assert_int_equal(ko_words_day("5/14/2026", KO_ORDER_DAY_FIRST, &day, NULL), KO_OK);
    assert_int_equal(ko_words_day("5/6/20261", KO_ORDER_DAY_FIRST, &day, NULL), KO_E_FORMAT);
}

static void what_is_no_day_is_told(void **state)
{
    (void)state;
    assert_no_day("5/6/2026", "day and month cannot be told apart: 5/6/2026; write YYYY-MM-DD");
    assert_no_day("5/6/26", "day and month cannot be told apart: 5/6/2026; write YYYY-MM-DD");
    assert_no_day("2026-05", "not a whole day from 1970 on: 2026-05");
    assert_no_day("1.1.1950", "not a whole day from 1970 on: 1.1.1950");
    assert_no_day("3 May", "not a date: 3 May");
    assert_no_day("May 2026", "not a date: May 2026");
    assert_no_day("30 Feb 2026", "not a date: 2026-02-30");
    assert_no_day("early May 2026", "not a date: early May 2026");
    assert_no_day("yes", "not a date: yes");
    assert_no_day("", "not a date: ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_told_apart_from_their_looks),
        cmocka_unit_test(days_are_read_as_people_write_them),
        cmocka_unit_test(the_order_of_others_tells_what_one_does_not),
        cmocka_unit_test(what_is_no_day_is_told),
    };
    return cmocka_run_group_tests_name("listing.words", tests, NULL, NULL);
}
