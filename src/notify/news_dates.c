#include "notify/gather.h"

#include "base/clock.h"
#include "base/limits.h"
#include "case/due.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define NEAR_DAYS 3   /* a counter-notice is answered within three (Alibaba) */
#define URGENT_DAYS 1 /* what is due so soon does not wait for the next digest */

/* How near a date is. Each stage is told once. */
typedef enum stage { FAR, NEAR, LAST, OVER } stage;

/* Whose day is later counts: that of the user, or that where the platform is. */
static ko_day day_of(const ko_gathering *g, const ko_duty *duty)
{
    const ko_day here = ko_day_here(g->now);
    const ko_day there = ko_holidays_day_at(g->kit->holidays, duty->step->country, g->now);
    return there > here ? there : here;
}

static stage stage_of(const ko_gathering *g, const ko_duty *duty)
{
    const ko_day today = day_of(g, duty);
    if (duty->overdue)
        return OVER;
    if (duty->when.last <= today)
        return LAST;
    return duty->when.last <= today + NEAR_DAYS ? NEAR : FAR;
}

/* Which date of which notice it is: another day makes another one. */
typedef struct date_key {
    char text[160];
} date_key;

static date_key key_of(const ko_duty *duty, stage at)
{
    static const char *const stages[] = {
        [FAR] = "", [NEAR] = "near", [LAST] = "last", [OVER] = "over"};
    date_key key;
    char day[KO_DAY_TEXT_SIZE];
    ko_day_text(duty->when.last, day);
    (void)snprintf(key.text, sizeof key.text, "due/%lld/%.80s/%s/%s", (long long)duty->notice->id,
                   duty->step->id, day, stages[at]);
    return key;
}

/* Whether it is news; then it is noted. What was told on its last day is not told again when that
 * is over. */
static ko_status is_news(ko_gathering *g, const ko_duty *duty, bool *out_is, ko_error *err)
{
    *out_is = false;
    /* Whether listings are gone is looked at by the watch itself. */
    const bool counts = duty->step && duty->step->from != KO_FROM_TOLD;
    const stage at = counts ? stage_of(g, duty) : FAR;
    if (at == FAR)
        return KO_OK;
    const date_key own = key_of(duty, at), last = key_of(duty, LAST);
    ko_told told;
    bool known = false;
    ko_status st = ko_told_find(g->store, own.text, &told, &known, err);
    if (st == KO_OK && !known && at == OVER)
        st = ko_told_find(g->store, last.text, &told, &known, err);
    if (st == KO_OK && !known)
        st = ko_news_note(g->news, own.text, "", g->now);
    *out_is = st == KO_OK && !known;
    g->news->urgent |= *out_is && (duty->state == KO_NOTICE_COUNTERED ||
                                   duty->when.last <= day_of(g, duty) + URGENT_DAYS);
    return st;
}

static ko_status add_item(ko_gathering *g, const ko_duties *duties, size_t place, size_t n)
{
    const ko_duty *duty = &duties->duties[place];
    ko_buf numbers = KO_BUF(KO_MAX_CALENDAR_BYTES);
    ko_news_item *item = ko_news_add(g->news, KO_NEWS_DUE);
    if (!item || ko_duties_numbers(duties, place, n, &numbers) != KO_OK)
        return KO_E_NOMEM;
    const ko_channel *channel = duty->notice->channel;
    item->id = duty->notice->id;
    item->name = ko_news_text(g->news, channel ? channel->name : duty->notice->channel_id);
    item->text = ko_news_text(g->news, ko_duty_words(duty));
    item->notices = ko_news_text(g->news, numbers.data);
    item->serial = n == 1 ? ko_news_text(g->news, duty->notice->serial) : "";
    for (size_t i = 0; i < n; i++)
        item->listings += duty[i].n_items;
    item->day = duty->when.last;
    item->has_day = true;
    item->overdue = duty->overdue;
    ko_buf_free(&numbers);
    return KO_OK;
}

/* The first second of tomorrow by the user's clock, which may be 23 or 25 hours after today's. */
static int64_t tomorrow(int64_t now)
{
    const time_t moment = (time_t)now;
    struct tm local;
    if (!localtime_r(&moment, &local))
        return now + 86400;
    local.tm_mday++;
    local.tm_hour = local.tm_min = local.tm_sec = 0;
    local.tm_isdst = -1;
    return (int64_t)mktime(&local);
}

/* Leaves only what is news in the list, so that what is alike stands together. */
static ko_status keep_news(ko_gathering *g, ko_duties *duties, ko_error *err)
{
    size_t kept = 0;
    ko_status st = KO_OK;
    for (size_t i = 0; st == KO_OK && i < duties->n; i++) {
        bool is = false;
        st = is_news(g, &duties->duties[i], &is, err);
        if (duties->duties[i].step)
            g->news->next_at = tomorrow(g->now);
        if (is)
            duties->duties[kept++] = duties->duties[i];
    }
    duties->n = kept;
    return st;
}

ko_status ko_news_dates(ko_gathering *g, ko_error *err)
{
    ko_duties duties = {0};
    const ko_duties_request request = {.day = ko_day_here(g->now), .at = g->now, .within_days = -1};
    ko_status st = ko_duties_find(g->store, g->kit, &request, &duties, err);
    if (st == KO_OK)
        st = keep_news(g, &duties, err);
    for (size_t i = 0, n; st == KO_OK && i < duties.n; i += n) {
        n = ko_duties_alike(&duties, i);
        st = add_item(g, &duties, i, n);
    }
    ko_duties_free(&duties);
    return st;
}
