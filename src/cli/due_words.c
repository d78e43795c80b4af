#include "cli/due_words.h"

#include "base/limits.h"

/* "2026-11-30", "2026-12-07 to 2026-12-11", or "-". */
typedef struct span_text {
    char text[2 * KO_DAY_TEXT_SIZE + 4];
} span_text;

static span_text span_of(const ko_duty *duty)
{
    span_text span = {"-"};
    char first[KO_DAY_TEXT_SIZE], last[KO_DAY_TEXT_SIZE];
    if (!duty->step)
        return span;
    ko_day_text(duty->when.first, first);
    ko_day_text(duty->when.last, last);
    const bool one = duty->step->least == 0 || duty->when.first == duty->when.last;
    (void)snprintf(span.text, sizeof span.text, "%s%s%s", one ? "" : first, one ? "" : " to ",
                   last);
    return span;
}

void ko_duty_print(const ko_duty *duty)
{
    const char *note = duty->step && !duty->when.sure
                           ? " (or later: not all days off until then are announced)"
                           : "";
    ko_print("  %-10s  %s%s\n", span_of(duty).text, ko_duty_words(duty), note);
}

/* Where to go for what is the user's own to do. */
static void print_place(const ko_duty *duty, size_t n)
{
    const ko_duty_notice *notice = duty->notice;
    if (duty->who != KO_WHO_HOLDER)
        return;
    if (n == 1 && duty->state == KO_NOTICE_BUILT && notice->folder[0])
        ko_print("%14s%s\n", "", notice->folder);
    else if (notice->channel)
        ko_print("%14s%s\n", "", notice->channel->filed_at);
}

static void print_one(const ko_duty *duty)
{
    const ko_duty_notice *notice = duty->notice;
    char since[KO_DAY_TEXT_SIZE];
    ko_day_text(duty->since, since);
    ko_print("%14snotice %lld, %s, %s: %zu listing%s %s since %s%s%s\n", "", (long long)notice->id,
             notice->channel ? notice->channel->name : notice->channel_id, notice->serial,
             duty->n_items, ko_plural(duty->n_items), ko_notice_state_name(duty->state), since,
             notice->ref[0] ? ", number " : "", notice->ref);
}

static ko_status print_many(const ko_duties *duties, size_t place, size_t n)
{
    const ko_duty *duty = &duties->duties[place];
    const ko_duty_notice *notice = duty->notice;
    size_t n_items = 0;
    for (size_t i = 0; i < n; i++)
        n_items += duty[i].n_items;
    ko_buf numbers = KO_BUF(KO_MAX_CALENDAR_BYTES);
    const ko_status st = ko_duties_numbers(duties, place, n, &numbers);
    if (st == KO_OK)
        ko_print("%14snotices %s, %s: %zu listings\n", "", numbers.data,
                 notice->channel ? notice->channel->name : notice->channel_id, n_items);
    ko_buf_free(&numbers);
    return st;
}

ko_status ko_duties_print(const ko_duties *duties, size_t place, size_t n, ko_error *err)
{
    const ko_duty *duty = &duties->duties[place];
    ko_status st = KO_OK;
    ko_duty_print(duty);
    if (n == 1)
        print_one(duty);
    else
        st = print_many(duties, place, n);
    print_place(duty, n);
    return st == KO_OK ? st : ko_fail(err, st, "numbers of %zu notices", n);
}
