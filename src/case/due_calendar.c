#include "base/alloc.h"
#include "base/limits.h"
#include "case/due.h"
#include "notice/calendar.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define UID_SIZE 96
#define UID_STEP 40 /* characters of the step's id */

/* The texts of one date. */
typedef struct entry {
    char uid[UID_SIZE];
    ko_buf summary, description;
} entry;

/* Told apart by listing: what was told on one day for some, on another for others, has several
 * clocks in one notice. Ids of steps may come from the user's own rules. */
static void write_uid(const ko_duty *duty, char out[UID_SIZE])
{
    char step[UID_STEP + 1];
    (void)snprintf(step, sizeof step, "%s", duty->step->id);
    for (char *c = step; *c; c++)
        if (!isascii((unsigned char)*c) || !isalnum((unsigned char)*c))
            *c = '-';
    (void)snprintf(out, UID_SIZE, "notice-%lld-%s-%lld@knockoff", (long long)duty->notice->id, step,
                   (long long)duty->first_item);
}

static ko_status write_texts(const ko_duty *duty, entry *out)
{
    const ko_duty_notice *notice = duty->notice;
    char since[KO_DAY_TEXT_SIZE];
    ko_day_text(duty->since, since);
    ko_status st = ko_buf_printf(&out->summary, "%s (notice %lld, %s)", ko_duty_words(duty),
                                 (long long)notice->id, notice->serial);
    if (st == KO_OK)
        st = ko_buf_printf(&out->description, "%s\n%s %s\n%zu of %zu listings: %s since %s",
                           notice->channel->name, notice->serial, notice->work_title, duty->n_items,
                           notice->n_items, ko_notice_state_name(duty->state), since);
    if (st == KO_OK && notice->ref[0])
        st = ko_buf_printf(&out->description, "\nnumber there: %s", notice->ref);
    if (st == KO_OK && !ko_duty_url(duty)[0])
        st = ko_buf_printf(&out->description, "\n%s", notice->channel->filed_at);
    if (st == KO_OK && !duty->when.sure)
        st = ko_buf_text(&out->description,
                         "\nNot all days off until then are announced: it may be later.");
    return st;
}

ko_status ko_duties_calendar(const ko_duties *duties, int64_t written_at, ko_buf *out,
                             ko_error *err)
{
    ko_status st = KO_OK;
    size_t n = 0;
    entry *entries = ko_alloc_zero(duties->n, sizeof *entries);
    ko_due *dates = ko_alloc_zero(duties->n, sizeof *dates);
    if (!entries || !dates) {
        st = ko_fail(err, KO_E_NOMEM, "no memory for %zu dates", duties->n);
        goto done;
    }
    for (; n < duties->n && duties->duties[n].step && st == KO_OK; n++) {
        const ko_duty *duty = &duties->duties[n];
        entries[n] = (entry){.summary = KO_BUF(KO_MAX_CALENDAR_BYTES),
                             .description = KO_BUF(KO_MAX_CALENDAR_BYTES)};
        write_uid(duty, entries[n].uid);
        st = write_texts(duty, &entries[n]);
        dates[n] = (ko_due){.uid = entries[n].uid,
                            .on = duty->when.last,
                            .summary = entries[n].summary.data,
                            .description = entries[n].description.data,
                            .url = ko_duty_url(duty)};
    }
    if (st == KO_OK)
        st = ko_calendar_write(dates, n, written_at, out, err);
    else
        st = ko_fail(err, st, "no memory for %zu dates", duties->n);
done:
    for (size_t i = 0; i < n; i++) {
        ko_buf_free(&entries[i].summary);
        ko_buf_free(&entries[i].description);
    }
    ko_free(entries);
    ko_free(dates);
    return st;
}
