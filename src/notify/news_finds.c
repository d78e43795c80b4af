/* Rows come by work and leader, so one walk counts the decisions; only the sellers of a work have
 * to be remembered until its end. */
#include "notify/gather.h"

#include "base/alloc.h"
#include "store/fresh.h"

#include <stdio.h>
#include <stdlib.h>

/* What was counted of one work, of those that go on with an earlier case or of the others. */
typedef struct tally {
    size_t finds, listings;
    int64_t leader; /* of the last row */
    double best;
    int64_t notice_id; /* the latest earlier one */
    uint64_t *sellers; /* a hash for each listing whose seller is known */
    size_t n_sellers, capacity;
} tally;

typedef struct counting {
    ko_gathering *g;
    int64_t work_id; /* 0 before the first row */
    const char *serial, *title;
    tally others, returned;
} counting;

/* FNV-1a with 64 bits: to count, not to defend. */
static uint64_t hash_of(const char *platform, const char *seller)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (const char *c = platform; *c; c++)
        hash = (hash ^ (unsigned char)*c) * 0x100000001b3u;
    hash *= 0x100000001b3u; /* the zero between them */
    for (const char *c = seller; *c; c++)
        hash = (hash ^ (unsigned char)*c) * 0x100000001b3u;
    return hash;
}

static int compare_hashes(const void *left, const void *right)
{
    const uint64_t *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

static size_t count_sellers(tally *t)
{
    size_t n = 0;
    if (t->n_sellers > 1)
        qsort(t->sellers, t->n_sellers, sizeof *t->sellers, compare_hashes);
    for (size_t i = 0; i < t->n_sellers; i++)
        n += i == 0 || t->sellers[i] != t->sellers[i - 1];
    return n;
}

/* Makes an item of what was counted, and begins anew. */
static ko_status end_tally(counting *c, tally *t, ko_news_kind kind)
{
    ko_news *news = c->g->news;
    if (t->listings > 0) {
        ko_news_item *item = ko_news_add(news, kind);
        char number[24] = "";
        if (!item)
            return KO_E_NOMEM;
        if (t->notice_id)
            (void)snprintf(number, sizeof number, "%lld", (long long)t->notice_id);
        item->id = c->work_id;
        item->name = c->title;
        item->serial = c->serial;
        item->notices = ko_texts_keep(&news->texts, number);
        item->finds = t->finds;
        item->listings = t->listings;
        item->sellers = count_sellers(t);
        item->best = t->best;
    }
    *t = (tally){.sellers = t->sellers, .capacity = t->capacity};
    return KO_OK;
}

static ko_status end_work(counting *c)
{
    const ko_status st = end_tally(c, &c->returned, KO_NEWS_RETURNED);
    return st == KO_OK ? end_tally(c, &c->others, KO_NEWS_FIND) : st;
}

static ko_status count_row(tally *t, const ko_fresh_find *find)
{
    t->finds += t->listings == 0 || t->leader != find->leader;
    t->listings++;
    t->leader = find->leader;
    t->best = find->score > t->best ? find->score : t->best;
    t->notice_id = find->notice_id > t->notice_id ? find->notice_id : t->notice_id;
    if (!find->seller[0])
        return KO_OK;
    uint64_t *sellers = ko_grown(t->sellers, t->n_sellers, &t->capacity, sizeof *sellers);
    if (!sellers)
        return KO_E_NOMEM;
    t->sellers = sellers;
    sellers[t->n_sellers++] = hash_of(find->platform, find->seller);
    return KO_OK;
}

static ko_status on_find(void *context, const ko_fresh_find *find)
{
    counting *c = context;
    ko_news *news = c->g->news;
    int64_t *ids =
        ko_grown(news->candidates, news->n_candidates, &news->candidates_capacity, sizeof *ids);
    if (!ids)
        return KO_E_NOMEM;
    news->candidates = ids;
    ids[news->n_candidates++] = find->id;
    if (find->work_id != c->work_id) {
        const ko_status st = end_work(c);
        if (st != KO_OK)
            return st;
        c->work_id = find->work_id;
        c->serial = ko_news_text(news, find->serial);
        c->title = ko_news_text(news, find->title);
    }
    return count_row(find->notice_id ? &c->returned : &c->others, find);
}

ko_status ko_news_finds(ko_gathering *g, ko_error *err)
{
    counting c = {.g = g, .serial = "", .title = ""};
    ko_status st = ko_fresh_find_each(g->store, on_find, &c, err);
    if (st == KO_OK)
        st = end_work(&c);
    ko_free(c.others.sellers);
    ko_free(c.returned.sellers);
    return st;
}
