#include "notice/calendar.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/text.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define LINE_OCTETS 75 /* longer lines are folded (section 3.1) */

/* Appends one content line, folded so that no character is cut. */
static ko_status write_line(ko_buf *out, const char *line, size_t n)
{
    ko_status st = KO_OK;
    assert(n > 0);
    for (size_t at = 0, room = LINE_OCTETS; st == KO_OK; room = LINE_OCTETS - 1) {
        size_t end = n - at < room ? n : at + room;
        while (end < n && ((unsigned char)line[end] & 0xC0) == 0x80)
            end--; /* into a character: before it */
        st = ko_buf_append(out, line + at, end - at);
        at = end;
        if (at == n)
            break;
        if (st == KO_OK)
            st = ko_buf_text(out, "\r\n "); /* the blank counts in the next line's length */
    }
    return st == KO_OK ? ko_buf_text(out, "\r\n") : st;
}

/* Appends text as a value of type TEXT (section 3.3.11): line breaks become \n. */
static ko_status escape(ko_buf *out, const char *text)
{
    ko_buf clean = KO_BUF(KO_MAX_CALENDAR_BYTES);
    ko_status st = KO_OK;
    for (const char *line = text; st == KO_OK;) {
        const size_t n = strcspn(line, "\r\n");
        ko_buf_clear(&clean);
        st = ko_text_clean(&clean, line, n);
        for (size_t i = 0; i < clean.size && st == KO_OK; i++) {
            if (strchr("\\;,", clean.data[i]))
                st = ko_buf_text(out, "\\");
            if (st == KO_OK)
                st = ko_buf_append(out, clean.data + i, 1);
        }
        line += n;
        if (!*line)
            break;
        line += line[0] == '\r' && line[1] == '\n' ? 2 : 1;
        if (st == KO_OK)
            st = ko_buf_text(out, "\\n");
    }
    ko_buf_free(&clean);
    return st;
}

/* A property whose value is text, or nothing when there is none. */
static ko_status write_text(ko_buf *out, const char *name, const char *text)
{
    if (!text || !*text)
        return KO_OK;
    ko_buf line = KO_BUF(KO_MAX_CALENDAR_BYTES);
    ko_status st = ko_buf_printf(&line, "%s:", name);
    if (st == KO_OK)
        st = escape(&line, text);
    if (st == KO_OK)
        st = write_line(out, line.data, line.size);
    ko_buf_free(&line);
    return st;
}

/* An URI is not escaped; what could end its line is not written. */
static ko_status write_url(ko_buf *out, const char *url)
{
    if (!url || !*url || strlen(url) > KO_MAX_URL_BYTES)
        return KO_OK;
    for (const char *c = url; *c; c++)
        if (!isgraph((unsigned char)*c))
            return KO_OK;
    char line[KO_MAX_URL_BYTES + sizeof "URL:"];
    const int n = snprintf(line, sizeof line, "URL:%s", url);
    return write_line(out, line, (size_t)n);
}

static ko_status write_day(ko_buf *out, const char *name, ko_day day)
{
    const ko_date date = ko_day_date(day);
    return ko_buf_printf(out, "%s;VALUE=DATE:%04d%02d%02d\r\n", name, date.year, date.month,
                         date.date);
}

/* "2026-11-21T19:50:00Z" without what separates. */
static ko_status write_stamp(ko_buf *out, int64_t seconds)
{
    char text[KO_TIME_SIZE];
    ko_clock_text(seconds, text);
    ko_status st = ko_buf_text(out, "DTSTAMP:");
    for (const char *c = text; *c && st == KO_OK; c++)
        if (*c != '-' && *c != ':')
            st = ko_buf_append(out, c, 1);
    return st == KO_OK ? ko_buf_text(out, "\r\n") : st;
}

/* An event of a whole day ends on the next (section 3.6.1), and takes no time from anybody. */
static ko_status write_due(ko_buf *out, const ko_due *due, int64_t written_at)
{
    assert(due->uid && *due->uid && due->summary);
    ko_status st = ko_buf_text(out, "BEGIN:VEVENT\r\n");
    if (st == KO_OK)
        st = write_text(out, "UID", due->uid);
    if (st == KO_OK)
        st = write_stamp(out, written_at);
    if (st == KO_OK)
        st = write_day(out, "DTSTART", due->on);
    if (st == KO_OK)
        st = write_day(out, "DTEND", due->on + 1);
    if (st == KO_OK)
        st = write_text(out, "SUMMARY", due->summary);
    if (st == KO_OK)
        st = write_text(out, "DESCRIPTION", due->description);
    if (st == KO_OK)
        st = write_url(out, due->url);
    if (st == KO_OK)
        st = ko_buf_text(out, "TRANSP:TRANSPARENT\r\n"
                              "BEGIN:VALARM\r\n"
                              "ACTION:DISPLAY\r\n"
                              "TRIGGER:-P1D\r\n");
    if (st == KO_OK)
        st = write_text(out, "DESCRIPTION", due->summary);
    return st == KO_OK ? ko_buf_text(out, "END:VALARM\r\nEND:VEVENT\r\n") : st;
}

ko_status ko_calendar_write(const ko_due *dates, size_t n, int64_t written_at, ko_buf *out,
                            ko_error *err)
{
    ko_status st = ko_buf_text(out, "BEGIN:VCALENDAR\r\n"
                                    "VERSION:2.0\r\n"
                                    "PRODID:-//Knockoff//Notices//EN\r\n");
    for (size_t i = 0; i < n && st == KO_OK; i++)
        st = write_due(out, &dates[i], written_at);
    if (st == KO_OK)
        st = ko_buf_text(out, "END:VCALENDAR\r\n");
    return st == KO_OK ? KO_OK : ko_fail(err, st, "no room for a calendar of %zu dates", n);
}
