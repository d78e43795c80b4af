#include "notify/gather.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "base/text.h"
#include "case/removal.h"
#include "platform/url.h"
#include "store/fresh.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A site that lets us look again and blocks us again is told no oftener. */
#define WALL_AGAIN_S ((int64_t)7 * 86400)

/* --- putting together --- */

/* Bytes of the first n characters. */
static size_t bytes_of(const char *text, size_t n)
{
    size_t i = 0;
    for (; text[i] && (n > 0 || (text[i] & 0xC0) == 0x80); i++)
        n -= (text[i] & 0xC0) != 0x80;
    return i;
}

const char *ko_news_text(ko_news *news, const char *text)
{
    char *clean = ko_text_clean_dup(text);
    if (!clean) {
        news->texts.no_memory = true;
        return "";
    }
    const size_t n = bytes_of(clean, KO_MAX_DIGEST_NAME);
    const bool cut = clean[n];
    clean[n] = '\0';
    ko_buf whole = KO_BUF(n + 4);
    if (ko_buf_printf(&whole, "%s%s", clean, cut ? "\xE2\x80\xA6" : "") != KO_OK)
        news->texts.no_memory = true;
    const char *kept = ko_texts_keep(&news->texts, whole.data);
    ko_buf_free(&whole);
    ko_free(clean);
    return kept;
}

ko_news_item *ko_news_add(ko_news *news, ko_news_kind kind)
{
    ko_news_item *items = ko_grown(news->items, news->n, &news->capacity, sizeof *items);
    if (!items)
        return NULL;
    news->items = items;
    items[news->n] =
        (ko_news_item){.kind = kind, .name = "", .serial = "", .text = "", .notices = ""};
    return &items[news->n++];
}

ko_news_item *ko_news_named(ko_news *news, ko_news_kind kind, const char *name)
{
    for (size_t i = 0; i < news->n; i++)
        if (news->items[i].kind == kind && strcmp(news->items[i].name, name) == 0)
            return &news->items[i];
    ko_news_item *item = ko_news_add(news, kind);
    if (item)
        item->name = ko_news_text(news, name);
    return item;
}

ko_status ko_news_note(ko_news *news, const char *key, const char *value, int64_t at)
{
    ko_told *facts = ko_grown(news->facts, news->n_facts, &news->facts_capacity, sizeof *facts);
    if (!facts)
        return KO_E_NOMEM;
    news->facts = facts;
    ko_told *fact = &facts[news->n_facts++];
    *fact = (ko_told){.key = ko_texts_keep(&news->texts, key), .at = at};
    assert(strlen(value) < sizeof fact->value);
    (void)snprintf(fact->value, sizeof fact->value, "%s", value);
    return KO_OK;
}

/* --- rows that are only added --- */

/* The number up to which rows of a kind were told. */
static ko_status told_up_to(ko_gathering *g, const char *key, int64_t *out_number, ko_error *err)
{
    ko_told told;
    bool found = false;
    const ko_status st = ko_told_find(g->store, key, &told, &found, err);
    *out_number = st == KO_OK && found ? strtoll(told.value, NULL, 10) : 0;
    return st;
}

static ko_status note_up_to(ko_gathering *g, const char *key, int64_t before, int64_t number)
{
    char value[KO_TOLD_VALUE_SIZE];
    (void)snprintf(value, sizeof value, "%lld", (long long)number);
    return number > before ? ko_news_note(g->news, key, value, g->now) : KO_OK;
}

typedef struct walk {
    ko_gathering *g;
    ko_error *err;
    int64_t last; /* number of the last row */
} walk;

/* Items of one notice that came to one state on one day are one line, however often it was told. */
static ko_status on_event(void *context, const ko_fresh_event *event)
{
    walk *w = context;
    ko_news *news = w->g->news;
    const bool back = event->state == KO_NOTICE_REAPPEARED;
    w->last = event->id;
    if (!back && event->state != KO_NOTICE_REMOVED)
        return KO_OK;
    const ko_news_kind kind = back ? KO_NEWS_REAPPEARED : KO_NEWS_REMOVED;
    for (size_t i = 0; i < news->n; i++) {
        ko_news_item *item = &news->items[i];
        if (item->kind == kind && item->id == event->notice_id && item->day == event->on) {
            item->listings += event->n_items;
            return KO_OK;
        }
    }
    ko_news_item *item = ko_news_add(news, kind);
    if (!item)
        return KO_E_NOMEM;
    char number[24];
    (void)snprintf(number, sizeof number, "%lld", (long long)event->notice_id);
    item->id = event->notice_id;
    item->name = ko_news_text(news, event->title);
    item->serial = ko_news_text(news, event->serial);
    item->notices = ko_texts_keep(&news->texts, number);
    item->listings = event->n_items;
    item->day = event->on;
    item->has_day = true;
    return KO_OK;
}

static ko_status gather_events(ko_gathering *g, ko_error *err)
{
    int64_t before = 0;
    ko_status st = told_up_to(g, "event", &before, err);
    walk w = {.g = g, .err = err, .last = before};
    if (st == KO_OK)
        st = ko_fresh_event_each(g->store, before, KO_REMOVAL_WHO, on_event, &w, err);
    return st == KO_OK ? note_up_to(g, "event", before, w.last) : st;
}

static ko_status on_hold(void *context, const ko_fresh_hold *hold)
{
    walk *w = context;
    w->last = hold->id;
    ko_news_item *item = ko_news_add(w->g->news, KO_NEWS_HELD);
    if (!item)
        return KO_E_NOMEM;
    item->id = hold->id;
    item->name = ko_news_text(w->g->news, hold->name);
    item->listings = hold->found;
    return KO_OK;
}

static ko_status gather_holds(ko_gathering *g, ko_error *err)
{
    int64_t before = 0;
    ko_status st = told_up_to(g, "hold", &before, err);
    walk w = {.g = g, .err = err, .last = before};
    if (st == KO_OK)
        st = ko_fresh_hold_each(g->store, before, on_hold, &w, err);
    return st == KO_OK ? note_up_to(g, "hold", before, w.last) : st;
}

/* --- looks --- */

/* Was a wall of this site told within days? */
static ko_status was_told(walk *w, const char *host, bool *out_told)
{
    char key[KO_MAX_URL_BYTES + 8];
    ko_told told;
    bool found = false;
    (void)snprintf(key, sizeof key, "wall/%s", host);
    ko_status st = ko_told_find(w->g->store, key, &told, &found, w->err);
    *out_told = found && w->g->now - told.at < WALL_AGAIN_S;
    if (st == KO_OK && !*out_told)
        st = ko_news_note(w->g->news, key, "", w->g->now);
    return st;
}

static ko_status on_look(void *context, const ko_fresh_look *look)
{
    walk *w = context;
    ko_url url;
    char host[KO_MAX_URL_BYTES + 1];
    bool told = false;
    w->last = look->id;
    if (ko_url_parse(look->url, strlen(look->url), NULL, &url, NULL) != KO_OK)
        return KO_OK;
    (void)snprintf(host, sizeof host, "%.*s", (int)ko_url_host(&url).n, ko_url_host(&url).at);
    const ko_news_kind kind = look->blocked ? KO_NEWS_WALL : KO_NEWS_CHANGED;
    const size_t n = w->g->news->n;
    ko_news_item *item = ko_news_named(w->g->news, kind, host);
    if (!item)
        return KO_E_NOMEM;
    const bool fresh = w->g->news->n > n;
    item->listings++;
    const ko_status st = fresh && look->blocked ? was_told(w, host, &told) : KO_OK;
    w->g->news->n -= told; /* it was added last */
    return st;
}

static ko_status gather_looks(ko_gathering *g, ko_error *err)
{
    int64_t before = 0;
    ko_status st = told_up_to(g, "look", &before, err);
    walk w = {.g = g, .err = err, .last = before};
    if (st == KO_OK)
        st = ko_fresh_look_each(g->store, before, on_look, &w, err);
    return st == KO_OK ? note_up_to(g, "look", before, w.last) : st;
}

/* --- all of it --- */

static int by_kind(const void *left, const void *right)
{
    const ko_news_item *a = left, *b = right;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    if (a->has_day && a->day != b->day)
        return a->day < b->day ? -1 : 1;
    if (a->best != b->best)
        return a->best > b->best ? -1 : 1;
    const int names = strcmp(a->name, b->name);
    return names ? names : (a->id > b->id) - (a->id < b->id);
}

typedef ko_status gather_fn(ko_gathering *g, ko_error *err);

static ko_status gather(ko_gathering *g, gather_fn *const *parts, ko_error *err)
{
    ko_news *news = g->news;
    ko_status st = KO_OK;
    for (; *parts && st == KO_OK; parts++)
        st = (*parts)(g, err);
    if (st == KO_E_NOMEM || (st == KO_OK && news->texts.no_memory))
        return ko_fail(err, KO_E_NOMEM, "no memory for news");
    if (st == KO_OK && news->n > 1)
        qsort(news->items, news->n, sizeof *news->items, by_kind);
    return st;
}

ko_status ko_news_gather(ko_store *store, const ko_kit *kit, int64_t now, ko_news *out_news,
                         ko_error *err)
{
    static gather_fn *const all[] = {ko_news_dates, ko_news_finds,   gather_events, gather_holds,
                                     gather_looks,  ko_news_sources, NULL};
    ko_gathering g = {.store = store, .kit = kit, .now = now, .news = out_news};
    *out_news = (ko_news){0};
    return gather(&g, all, err);
}

ko_status ko_news_gather_dates(ko_store *store, const ko_kit *kit, int64_t now, ko_news *out_news,
                               ko_error *err)
{
    static gather_fn *const dates[] = {ko_news_dates, NULL};
    ko_gathering g = {.store = store, .kit = kit, .now = now, .news = out_news};
    *out_news = (ko_news){0};
    return gather(&g, dates, err);
}

void ko_news_free(ko_news *news)
{
    ko_texts_free(&news->texts);
    ko_free(news->items);
    ko_free(news->facts);
    ko_free(news->candidates);
    *news = (ko_news){0};
}
