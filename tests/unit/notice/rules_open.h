/* The rules and holidays of the program, for tests. */
#ifndef KO_TESTS_NOTICE_RULES_OPEN_H
#define KO_TESTS_NOTICE_RULES_OPEN_H

#include "notice/deadline.h"
#include "notice/rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static inline ko_rules *rules_open(void)
{
    ko_rules *rules = NULL;
    ko_error err = {0};
    if (ko_rules_open(&rules, &err) != KO_OK)
        fail_msg("%s", err.text);
    return rules;
}

static inline ko_holidays *holidays_open(void)
{
    ko_holidays *holidays = NULL;
    ko_error err = {0};
    if (ko_holidays_open(&holidays, &err) != KO_OK)
        fail_msg("%s", err.text);
    return holidays;
}

static inline ko_day day_of(const char *text)
{
    ko_day day = 0;
    if (!ko_day_read(text, &day))
        fail_msg("%s is no day", text);
    return day;
}

static inline void assert_day(ko_day day, const char *expected)
{
    char text[KO_DAY_TEXT_SIZE];
    ko_day_text(day, text);
    assert_string_equal(text, expected);
}

#endif
