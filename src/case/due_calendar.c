#include "base/alloc.h"
#include "base/limits.h"
#include "case/due.h"
#include "notice/calendar.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define UID_SIZE 160
#define UID_PART 48 /* characters of an id of the rules */

/* The texts of one date. */
typedef struct entry {
    char uid[UID_SIZE];
    ko_buf summary, description;
} entry;

/* Ids may come from the user's own rules, and have any characters. */
static void clean_id(const char *id, char out[UID_PART])
{
    (void)snprintf(out, UID_PART, "%s", id);
    for (char *c = out; *c; c++)
        if (!isascii((unsigned char)*c) || !isalnum((unsigned char)*c))
            *c = '-';
}

/* A counter-notice has a date of its own, which may be told anew. What is done for many notices at
 * once is known by its day. */
static void write_uid(const ko_duty *duty, char out[UID_SIZE])
{
    char step[UID_PART], channel[UID_PART], day[KO_DAY_TEXT_SIZE];
    clean_id(duty->step->id, step);
    clean_id(duty->notice->channel_id, channel);
    ko_day_text(duty->when.last, day);
    if (duty->state == KO_NOTICE_COUNTERED)
        (void)snprintf(out, UID_SIZE, "notice-%lld-%s-%zu@knockoff", (long long)duty->notice->id,
                       step, duty->nth);
    else
        (void)snprintf(out, UID_SIZE, "%s-%s-%s@knockoff", channel, step, day);
}

/* Of one notice: what it is about, which a counter-notice is answered by. */
static ko_status describe_one(const ko_duty *duty, ko_buf *out)
{
    const ko_duty_notice *notice = duty->notice;
    char since[KO_DAY_TEXT_SIZE];
    ko_day_text(duty->since, since);
    ko_status st =
        ko_buf_printf(out, "\nnotice %lld: %s %s\n%zu of %zu listings %s since %s",
                      (long long)notice->id, notice->serial, notice->work_title, duty->n_items,
                      notice->n_items, ko_notice_state_name(duty->state), since);
    if (st == KO_OK && notice->ref[0])
        st = ko_buf_printf(out, "\nnumber there: %s", notice->ref);
    return st;
}

static ko_status describe_many(const ko_duties *duties, size_t place, size_t n, ko_buf *out)
{
    size_t n_items = 0;
    for (size_t i = 0; i < n; i++)
        n_items += duties->duties[place + i].n_items;
    ko_status st = ko_buf_printf(out, "\n%zu listings of notices ", n_items);
    return st == KO_OK ? ko_duties_numbers(duties, place, n, out) : st;
}

static ko_status write_texts(const ko_duties *duties, size_t place, size_t n, entry *out)
{
    const ko_duty *duty = &duties->duties[place];
    const ko_channel *channel = duty->notice->channel;
    ko_buf *more = &out->description;
    *out = (entry){.summary = KO_BUF(KO_MAX_CALENDAR_BYTES),
                   .description = KO_BUF(KO_MAX_CALENDAR_BYTES)};
    write_uid(duty, out->uid);
    ko_status st = ko_buf_text(&out->summary, ko_duty_words(duty));
    if (st == KO_OK && n == 1)
        st = ko_buf_printf(&out->summary, " (notice %lld, %s)", (long long)duty->notice->id,
                           duty->notice->serial);
    else if (st == KO_OK)
        st = ko_buf_printf(&out->summary, " (%zu notices)", n);
    if (st == KO_OK)
        st = ko_buf_text(more, channel->name);
    if (st == KO_OK)
        st = n == 1 ? describe_one(duty, more) : describe_many(duties, place, n, more);
    if (st == KO_OK && !ko_duty_url(duty)[0])
        st = ko_buf_printf(more, "\n%s", channel->filed_at);
    if (st == KO_OK && !duty->when.sure)
        st = ko_buf_text(more, "\nNot all days off until then are announced: it may be later.");
    return st;
}

ko_status ko_duties_calendar(const ko_duties *duties, int64_t written_at, ko_buf *out,
                             ko_error *err)
{
    ko_status st = KO_OK;
    size_t n = 0;
    entry *entries = ko_alloc_zero(duties->n, sizeof *entries);
    ko_due *dates = ko_alloc_zero(duties->n, sizeof *dates);
    if (!entries || !dates)
        st = KO_E_NOMEM;
    for (size_t place = 0; st == KO_OK && place < duties->n && duties->duties[place].step; n++) {
        const ko_duty *duty = &duties->duties[place];
        const size_t alike = ko_duties_alike(duties, place);
        st = write_texts(duties, place, alike, &entries[n]);
        dates[n] = (ko_due){.uid = entries[n].uid,
                            .on = duty->when.last,
                            .summary = entries[n].summary.data,
                            .description = entries[n].description.data,
                            .url = ko_duty_url(duty)};
        place += alike;
    }
    st = st == KO_OK ? ko_calendar_write(dates, n, written_at, out, err)
                     : ko_fail(err, st, "no memory for %zu dates", duties->n);
    for (size_t i = 0; i < n; i++) {
        ko_buf_free(&entries[i].summary);
        ko_buf_free(&entries[i].description);
    }
    ko_free(entries);
    ko_free(dates);
    return st;
}
