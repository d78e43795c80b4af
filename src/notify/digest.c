#include "notify/digest.h"

#include "base/clock.h"
#include "base/limits.h"
#include "report/json.h"

#include <assert.h>
#include <stdio.h>

/* How a kind is told: its name for programs, its heading, and in a subject what one of it is, and
 * more. */
static const struct {
    const char *name, *heading, *one, *many;
} kinds[KO_NEWS_KINDS] = {
    [KO_NEWS_DUE] = {"due", "To be done", "answer due", "answers due"},
    [KO_NEWS_RETURNED] = {"returned", "Back again: they go on with an earlier case",
                          "find of an earlier case", "finds of earlier cases"},
    [KO_NEWS_FIND] = {"find", "New finds", "new find", "new finds"},
    [KO_NEWS_REAPPEARED] = {"reappeared", "Removed before, and offered again", "reappeared",
                            "reappeared"},
    [KO_NEWS_REMOVED] = {"removed", "Removed", "removed", "removed"},
    [KO_NEWS_CHANGED] = {"changed", "Listings that show another picture now", "changed picture",
                         "changed pictures"},
    [KO_NEWS_HELD] = {"held", "Held back: far more than was to be expected", "flood held back",
                      "floods held back"},
    [KO_NEWS_WALL] = {"wall", "Sites that do not let us look again", "site closed to us",
                      "sites closed to us"},
    [KO_NEWS_SOURCE] = {"source", "Sources in trouble", "source in trouble", "sources in trouble"},
};

/* --- the subject --- */

/* What is counted of a kind. */
static size_t worth(const ko_news_item *item)
{
    switch (item->kind) {
    case KO_NEWS_RETURNED:
    case KO_NEWS_FIND:
        return item->finds;
    case KO_NEWS_REAPPEARED:
    case KO_NEWS_REMOVED:
    case KO_NEWS_CHANGED:
        return item->listings;
    case KO_NEWS_DUE:
    case KO_NEWS_HELD:
    case KO_NEWS_WALL:
    case KO_NEWS_SOURCE:
    case KO_NEWS_KINDS:
        break;
    }
    return 1;
}

/* The first item of a kind, and how much there is of it; NULL when there is none. */
static const ko_news_item *count(const ko_news *news, ko_news_kind kind, size_t *out_n)
{
    const ko_news_item *first = NULL;
    *out_n = 0;
    for (size_t i = 0; i < news->n; i++) {
        if (news->items[i].kind != kind)
            continue;
        first = first ? first : &news->items[i];
        *out_n += worth(&news->items[i]);
    }
    return first;
}

/* The earliest date of several. */
static ko_status add_date(const ko_news_item *due, ko_buf *out)
{
    static const char *const months[] = {"January",   "February", "March",    "April",
                                         "May",       "June",     "July",     "August",
                                         "September", "October",  "November", "December"};
    const ko_date date = ko_day_date(due->day);
    assert(date.month >= 1 && date.month <= 12);
    return ko_buf_printf(out, " by %d %s", date.date, months[date.month - 1]);
}

ko_status ko_digest_subject(const ko_news *news, ko_buf *out)
{
    const char *before = "Knockoff: ";
    ko_status st = KO_OK;
    for (int kind = 0; st == KO_OK && kind < KO_NEWS_KINDS; kind++) {
        size_t n = 0;
        const ko_news_item *first = count(news, (ko_news_kind)kind, &n);
        if (!first)
            continue;
        st = ko_buf_printf(out, "%s%zu %s", before, n, n == 1 ? kinds[kind].one : kinds[kind].many);
        if (st == KO_OK && kind == KO_NEWS_DUE)
            st = add_date(first, out);
        before = ", ";
    }
    return st;
}

/* --- the text --- */

static const char *s_of(size_t n)
{
    return n == 1 ? "" : "s";
}

static ko_status say_finds(const ko_news_item *item, ko_buf *out)
{
    ko_status st = ko_buf_printf(out, "  %s (%s)\n      %zu find%s", item->name, item->serial,
                                 item->finds, s_of(item->finds));
    if (st == KO_OK && item->listings != item->finds)
        st = ko_buf_printf(out, " in %zu listings", item->listings);
    if (st == KO_OK && item->sellers)
        st = ko_buf_printf(out, " of %zu seller%s", item->sellers, s_of(item->sellers));
    if (st == KO_OK)
        st = ko_buf_printf(out, ", best score %.1f", item->best);
    if (st == KO_OK && item->notices[0])
        st = ko_buf_printf(out, ", earlier notice %s", item->notices);
    return st == KO_OK ? ko_buf_text(out, "\n") : st;
}

static ko_status say_due(const ko_news_item *item, ko_buf *out)
{
    char day[KO_DAY_TEXT_SIZE];
    ko_day_text(item->day, day);
    return ko_buf_printf(out, "  %s%s  %s\n      %s, notice %s: %zu listing%s\n", day,
                         item->overdue ? " (over)" : "", item->text, item->name, item->notices,
                         item->listings, s_of(item->listings));
}

static ko_status say_notice(const ko_news_item *item, ko_buf *out)
{
    char day[KO_DAY_TEXT_SIZE];
    ko_day_text(item->day, day);
    return ko_buf_printf(out, "  %s (%s)\n      %zu listing%s of notice %s, on %s\n", item->name,
                         item->serial, item->listings, s_of(item->listings), item->notices, day);
}

static ko_status say_item(const ko_news_item *item, ko_buf *out)
{
    switch (item->kind) {
    case KO_NEWS_DUE:
        return say_due(item, out);
    case KO_NEWS_RETURNED:
    case KO_NEWS_FIND:
        return say_finds(item, out);
    case KO_NEWS_REAPPEARED:
    case KO_NEWS_REMOVED:
        return say_notice(item, out);
    case KO_NEWS_CHANGED:
    case KO_NEWS_WALL:
        return ko_buf_printf(out, "  %s: %zu listing%s\n", item->name, item->listings,
                             s_of(item->listings));
    case KO_NEWS_HELD:
        return ko_buf_printf(out, "  %s: %zu candidates\n      knockoff quarantine\n", item->name,
                             item->listings);
    case KO_NEWS_SOURCE:
        return ko_buf_printf(out, "  %s\n      %s\n", item->name, item->text);
    case KO_NEWS_KINDS:
        break;
    }
    return KO_OK;
}

/* The items of one kind, of which the first stands at place. *out_n is how many there are. */
static ko_status say_kind(const ko_news *news, size_t place, size_t *out_n, ko_buf *out)
{
    const ko_news_kind kind = news->items[place].kind;
    size_t n = 0;
    ko_status st = ko_buf_printf(out, "%s%s\n", place ? "\n" : "", kinds[kind].heading);
    for (; place + n < news->n && news->items[place + n].kind == kind; n++)
        if (st == KO_OK && n < KO_MAX_DIGEST_ITEMS)
            st = say_item(&news->items[place + n], out);
    if (st == KO_OK && n > KO_MAX_DIGEST_ITEMS)
        st = ko_buf_printf(out, "  and %zu more\n", n - KO_MAX_DIGEST_ITEMS);
    *out_n = n;
    return st;
}

ko_status ko_digest_body(const ko_news *news, ko_buf *out)
{
    ko_status st = KO_OK;
    for (size_t place = 0, n; st == KO_OK && place < news->n; place += n)
        st = say_kind(news, place, &n, out);
    return st == KO_OK ? ko_buf_text(out, "\nTo see them: knockoff candidates, knockoff due,\n"
                                          "or the page of knockoff serve.\n")
                       : st;
}

/* --- for programs --- */

static json_t *json_item(const ko_news_item *item)
{
    return json_pack(
        "{s:s, s:I, s:o, s:o, s:o, s:o, s:I, s:I, s:I, s:f, s:o, s:b}", "kind",
        kinds[item->kind].name, "id", (json_int_t)item->id, "name", ko_json_string(item->name),
        "work", ko_json_string(item->serial), "text", ko_json_string(item->text), "notices",
        ko_json_string(item->notices), "finds", (json_int_t)item->finds, "listings",
        (json_int_t)item->listings, "sellers", (json_int_t)item->sellers, "best", item->best, "day",
        item->has_day ? ko_json_day(item->day) : json_null(), "overdue", item->overdue);
}

json_t *ko_digest_json(const ko_news *news, const char *uid, int64_t made_at, const char *subject)
{
    char made[KO_TIME_SIZE];
    json_t *items = json_array(), *candidates = json_array();
    int failed = !items || !candidates;
    for (size_t i = 0; !failed && i < news->n; i++)
        failed = json_array_append_new(items, json_item(&news->items[i]));
    for (size_t i = 0; !failed && i < news->n_candidates && i < KO_MAX_DIGEST_CANDIDATES; i++)
        failed = json_array_append_new(candidates, json_integer((json_int_t)news->candidates[i]));
    ko_clock_text(made_at, made);
    if (!failed)
        return json_pack("{s:s, s:s, s:s, s:o, s:o}", "digest", uid, "made", made, "subject",
                         subject, "news", items, "candidates", candidates);
    json_decref(items);
    json_decref(candidates);
    return NULL;
}
