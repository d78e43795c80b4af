/* iCalendar that calendars read: lines, folds, escapes (RFC 5545). */
#include "notice/calendar.h"

#include "notice/rules_open.h"

#include "base/alloc.h"
#include "base/limits.h"

#include <stdio.h>
#include <string.h>

#define WRITTEN_AT ((int64_t)1795305600) /* 2026-11-22 00:00 UTC */

static char *written(const ko_due *dates, size_t n)
{
    ko_buf out = KO_BUF(KO_MAX_CALENDAR_BYTES);
    ko_error err = {0};
    if (ko_calendar_write(dates, n, WRITTEN_AT, &out, &err) != KO_OK)
        fail_msg("%s", err.text);
    return out.data;
}

static void one_date_whole(void **state)
{
    (void)state;
    const ko_due due = {.uid = "notice-12-answer@knockoff",
                        .on = day_of("2026-12-31"),
                        .summary = "AliExpress: answer due",
                        .description = "Notice 12\nKO-1; \"Fox\", 3 listings \\ 1 seller",
                        .url = "https://ipp.alibabagroup.com"};
    char *text = written(&due, 1);
    assert_string_equal(text,
                        "BEGIN:VCALENDAR\r\n"
                        "VERSION:2.0\r\n"
                        "PRODID:-//Knockoff//Notices//EN\r\n"
                        "BEGIN:VEVENT\r\n"
                        "UID:notice-12-answer@knockoff\r\n"
                        "DTSTAMP:20261122T000000Z\r\n"
                        "DTSTART;VALUE=DATE:20261231\r\n"
                        "DTEND;VALUE=DATE:20270101\r\n"
                        "SUMMARY:AliExpress: answer due\r\n"
                        "DESCRIPTION:Notice 12\\nKO-1\\; \"Fox\"\\, 3 listings \\\\ 1 seller\r\n"
                        "URL:https://ipp.alibabagroup.com\r\n"
                        "TRANSP:TRANSPARENT\r\n"
                        "BEGIN:VALARM\r\n"
                        "ACTION:DISPLAY\r\n"
                        "TRIGGER:-P1D\r\n"
                        "DESCRIPTION:AliExpress: answer due\r\n"
                        "END:VALARM\r\n"
                        "END:VEVENT\r\n"
                        "END:VCALENDAR\r\n");
    ko_free(text);
}

/* Undoes what section 3.1 does. */
static void unfold(char *text)
{
    char *to = text;
    for (const char *from = text; *from;) {
        if (strncmp(from, "\r\n ", 3) == 0)
            from += 3;
        else
            *to++ = *from++;
    }
    *to = '\0';
}

static void lines_are_folded_between_characters(void **state)
{
    (void)state;
    static const char wide[] = "\xE7\x9A\x84";
    char long_text[401] = "";
    for (size_t n = 0; n <= 100; n++) { /* each place of a character of three bytes */
        char summary[sizeof long_text + 16];
        memset(long_text, 'a', n);
        for (size_t i = n; i + 3 < 300; i += 3)
            memcpy(long_text + i, wide, sizeof wide);
        const ko_due due = {.uid = "u", .on = 0, .summary = long_text};
        char *text = written(&due, 1);
        for (const char *line = text; *line;) {
            const char *end = strstr(line, "\r\n");
            assert_non_null(end);
            assert_true(end - line <= 75);
            assert_true(((unsigned char)*line & 0xC0) != 0x80);
            assert_true(line[0] != ' ' || ((unsigned char)line[1] & 0xC0) != 0x80);
            line = end + 2;
        }
        unfold(text);
        (void)snprintf(summary, sizeof summary, "SUMMARY:%s\r\n", long_text);
        assert_non_null(strstr(text, summary));
        ko_free(text);
    }
}

static void hostile_texts_make_no_lines(void **state)
{
    (void)state;
    const ko_due due = {.uid = "u",
                        .on = day_of("2028-02-29"),
                        .summary = "shop\r\nATTACH:http://x\x1b\xE2\x80\xAE",
                        .url = "https://x\r\nATTACH:y"};
    char *text = written(&due, 1);
    assert_null(strstr(text, "\nATTACH"));
    assert_null(strstr(text, "URL"));
    assert_non_null(strstr(text, "SUMMARY:shop\\nATTACH:http://x\xEF\xBF\xBD\xEF\xBF\xBD\r\n"));
    assert_non_null(strstr(text, "DTEND;VALUE=DATE:20280301\r\n"));
    ko_free(text);
}

static void no_room_is_told(void **state)
{
    (void)state;
    const ko_due due = {.uid = "u", .summary = "s"};
    ko_buf out = KO_BUF(100);
    ko_error err = {0};
    assert_int_equal(ko_calendar_write(&due, 1, WRITTEN_AT, &out, &err), KO_E_NOMEM);
    assert_string_equal(err.text, "no room for a calendar of 1 dates");
    assert_null(out.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_date_whole),
        cmocka_unit_test(lines_are_folded_between_characters),
        cmocka_unit_test(hostile_texts_make_no_lines),
        cmocka_unit_test(no_room_is_told),
    };
    return cmocka_run_group_tests_name("notice.calendar", tests, NULL, NULL);
}
