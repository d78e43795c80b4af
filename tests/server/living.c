#include "living.h"

#include "base/alloc.h"
#include "plan.h"

#include <assert.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HOUR_S ((int64_t)3600)
#define DAY_S (24 * HOUR_S)
#define SPELLS 2               /* of trouble, of a shop at most, before it closes */
#define COPIES_PERCENT 30      /* of listings show a work */
#define SHARED_PERCENT 35      /* of these show a picture that other sellers show, too, */
#define SHARED_SCENES 3        /* one of so many of each work */
#define BIRTHS_A_SHOP_DAY 0.04 /* listings that come */
#define VANISH_PERCENT 6       /* of listings go by themselves */
#define CROP_PX 3
#define FLOOD_SPAN_S (2 * HOUR_S)
#define FLOOD_SHOPS 3

typedef struct spell {
    int64_t from, to;
    living_trouble what;
} spell;

struct living {
    living_plan plan;
    spell (*spells)[SPELLS + 1]; /* of each shop */
    pthread_mutex_t lock;        /* of all that follows */
    living_offer *offers;
    size_t n, capacity;
};

/* --- chance --- */

/* Numbers that follow from a seed and what they are about, one after the other (SplitMix64: Steele,
 * Lea, Flood, OOPSLA 2014). */
typedef struct chance {
    uint64_t state;
} chance;

static chance chance_of(const living *l, const char *what, uint64_t number)
{
    return (chance){plan_hash(l->plan.seed, what) ^ plan_mix(number)};
}

static uint64_t draw(chance *c)
{
    c->state += 0x9e3779b97f4a7c15U;
    return plan_mix(c->state);
}

static bool percent(chance *c, unsigned n)
{
    return draw(c) % 100 < n;
}

static int64_t between(chance *c, int64_t least, int64_t most)
{
    return least + (int64_t)(draw(c) % (uint64_t)(most - least + 1));
}

/* --- shops --- */

static void choose_spell(const living *l, chance *c, spell *out)
{
    static const struct {
        unsigned below;
        living_trouble what;
        int64_t least_s, most_s;
    } kinds[] = {{35, LIVING_WALL, DAY_S, 4 * DAY_S},
                 {55, LIVING_DOWN, 2 * HOUR_S, 14 * HOUR_S},
                 {75, LIVING_RESET, 2 * HOUR_S, 14 * HOUR_S},
                 {94, LIVING_LOST, HOUR_S, 12 * HOUR_S},
                 {100, LIVING_SILENT, 2 * HOUR_S, 8 * HOUR_S}};
    const unsigned kind = (unsigned)(draw(c) % 100);
    size_t i = 0;
    while (kind >= kinds[i].below)
        i++;
    /* The first day is quiet: what was there before is found. */
    out->from = between(c, l->plan.begin + DAY_S, l->plan.end);
    out->to = out->from + between(c, kinds[i].least_s, kinds[i].most_s);
    out->what = kinds[i].what;
}

static void choose_spells(living *l, unsigned shop)
{
    chance c = chance_of(l, "shop", shop);
    for (size_t i = 0; i < SPELLS; i++)
        if (percent(&c, 45))
            choose_spell(l, &c, &l->spells[shop][i]);
    if (percent(&c, 4))
        l->spells[shop][SPELLS] =
            (spell){between(&c, (l->plan.begin + l->plan.end) / 2, l->plan.end), LIVING_NEVER,
                    LIVING_CLOSED};
}

living_trouble living_trouble_at(const living *l, unsigned shop, int64_t at)
{
    for (size_t i = SPELLS + 1; i-- > 0;) { /* a shop that is closed is nothing else */
        const spell *s = &l->spells[shop][i];
        if (s->what != LIVING_OPEN && at >= s->from && at < s->to)
            return s->what;
    }
    return LIVING_OPEN;
}

int64_t living_troubled_s(const living *l, unsigned shop, int64_t from, int64_t to)
{
    int64_t sum = 0;
    for (size_t i = 0; i <= SPELLS; i++) {
        const spell *s = &l->spells[shop][i];
        const int64_t first = s->from > from ? s->from : from;
        const int64_t last = s->to < to ? s->to : to;
        if (s->what != LIVING_OPEN && last > first)
            sum += last - first;
    }
    return sum;
}

/* --- offers --- */

/* Under lock, or before others know of it. */
static living_offer *add(living *l, const living_offer *offer)
{
    living_offer *grown = ko_grown(l->offers, l->n, &l->capacity, sizeof *grown);
    if (!grown)
        return NULL;
    l->offers = grown;
    grown[l->n] = *offer;
    grown[l->n].number = (unsigned)l->n + 1;
    return &grown[l->n++];
}

static uint64_t shared_scene(const living *l, int work, uint64_t which)
{
    return plan_hash(l->plan.seed, "shared") + (uint64_t)work * 16 + which;
}

/* An offer of a shop that comes at a moment. */
static living_offer new_offer(const living *l, chance *c, unsigned shop, int64_t born)
{
    living_offer offer = {.shop = shop,
                          .work = -1,
                          .scene = draw(c),
                          .origin = LIVING_NO_ORIGIN,
                          .born = born,
                          .swapped = LIVING_NEVER,
                          .gone = LIVING_NEVER,
                          .back = LIVING_NEVER,
                          .end = (living_end)(draw(c) % LIVING_ENDS),
                          .filed = LIVING_NEVER,
                          .countered = LIVING_NEVER,
                          .decided = LIVING_NEVER};
    if (l->plan.works > 0 && percent(c, COPIES_PERCENT))
        offer.work = (int)(draw(c) % l->plan.works);
    if (offer.work >= 0 && percent(c, SHARED_PERCENT))
        offer.scene = shared_scene(l, offer.work, draw(c) % SHARED_SCENES);
    if (percent(c, VANISH_PERCENT))
        offer.gone =
            between(c, (born > l->plan.begin ? born : l->plan.begin) + DAY_S, l->plan.end + DAY_S);
    return offer;
}

/* What a shop has when the market begins, and what it gets. */
static bool stock_shop(living *l, unsigned shop)
{
    chance c = chance_of(l, "stock", shop);
    const int64_t span_s = l->plan.end - l->plan.begin;
    const double births = BIRTHS_A_SHOP_DAY * (double)span_s / (double)DAY_S;
    const unsigned whole = (unsigned)births;
    const unsigned n = whole + percent(&c, (unsigned)(100 * (births - whole)));
    for (unsigned i = 0; i < l->plan.listings + n; i++) {
        const int64_t born = i < l->plan.listings ? l->plan.begin - DAY_S
                                                  : between(&c, l->plan.begin, l->plan.end - 1);
        const living_offer offer = new_offer(l, &c, shop, born);
        if (!add(l, &offer))
            return false;
    }
    return true;
}

/* Shops that a flood comes by: open then, without a copy of the work so far, and not of the kind
 * that is read page by page. */
static bool is_for_flood(const living *l, unsigned shop, int work, int64_t from)
{
    if (plan_shop_kind(shop) == PLAN_SITEMAP ||
        living_troubled_s(l, shop, from, from + 2 * DAY_S) > 0)
        return false;
    for (size_t i = 0; i < l->n; i++)
        if (l->offers[i].shop == shop && l->offers[i].work == work)
            return false;
    return true;
}

static unsigned choose_flooded(const living *l, chance *c, int work, int64_t from,
                               unsigned shops[FLOOD_SHOPS])
{
    unsigned n = 0;
    const unsigned first = (unsigned)(draw(c) % l->plan.shops);
    for (unsigned i = 0; i < l->plan.shops && n < FLOOD_SHOPS; i++) {
        const unsigned shop = (first + i) % l->plan.shops;
        if (is_for_flood(l, shop, work, from))
            shops[n++] = shop;
    }
    return n;
}

/* One picture of the first work, in a few shops at once. */
static bool stock_flood(living *l)
{
    chance c = chance_of(l, "flood", 0);
    const int64_t from = l->plan.begin + (l->plan.end - l->plan.begin) * 6 / 10;
    const uint64_t scene = draw(&c);
    unsigned shops[FLOOD_SHOPS];
    const unsigned n = choose_flooded(l, &c, 0, from, shops);
    if (l->plan.works == 0 || n == 0)
        return true;
    for (unsigned i = 0; i < l->plan.flood; i++) {
        living_offer offer = new_offer(l, &c, shops[i % n], between(&c, from, from + FLOOD_SPAN_S));
        offer.work = 0;
        offer.scene = scene;
        offer.in_flood = true;
        offer.gone = LIVING_NEVER;
        if (!add(l, &offer))
            return false;
    }
    return true;
}

living *living_make(const living_plan *p)
{
    assert(p->shops > 0 && p->end > p->begin);
    living *l = ko_alloc_zero(1, sizeof *l);
    if (!l)
        return NULL;
    l->plan = *p;
    (void)pthread_mutex_init(&l->lock, NULL);
    l->spells = ko_alloc_zero(p->shops, sizeof *l->spells);
    bool made = l->spells != NULL;
    for (unsigned shop = 0; made && shop < p->shops; shop++) {
        choose_spells(l, shop);
        made = stock_shop(l, shop);
    }
    if (made && stock_flood(l))
        return l;
    living_free(l);
    return NULL;
}

void living_free(living *l)
{
    if (!l)
        return;
    (void)pthread_mutex_destroy(&l->lock);
    ko_free(l->spells);
    ko_free(l->offers);
    ko_free(l);
}

const living_plan *living_planned(const living *l)
{
    return &l->plan;
}

size_t living_count(living *l)
{
    (void)pthread_mutex_lock(&l->lock);
    const size_t n = l->n;
    (void)pthread_mutex_unlock(&l->lock);
    return n;
}

living_offer living_at(living *l, size_t index)
{
    (void)pthread_mutex_lock(&l->lock);
    assert(index < l->n);
    const living_offer offer = l->offers[index];
    (void)pthread_mutex_unlock(&l->lock);
    return offer;
}

bool living_find(living *l, unsigned shop, unsigned number, size_t *out_index)
{
    if (number == 0 || number > living_count(l) || living_at(l, number - 1).shop != shop)
        return false;
    *out_index = number - 1;
    return true;
}

living_state living_state_at(living *l, size_t index, int64_t at)
{
    const living_offer o = living_at(l, index);
    const living_trouble trouble = living_trouble_at(l, o.shop, at);
    if (at < o.born)
        return LIVING_UNBORN;
    if (trouble == LIVING_CLOSED)
        return LIVING_SHOP_CLOSED;
    if (trouble == LIVING_WALL)
        return LIVING_BLOCKED;
    if (trouble != LIVING_OPEN)
        return LIVING_AWAY;
    if (at >= o.gone && at < o.back)
        return LIVING_GONE;
    return at >= o.swapped ? LIVING_SWAPPED : LIVING_ALIVE;
}

/* --- complaints --- */

/* What the seller offers after this one is gone: the same picture or another, there or in the shop
 * of a friend. */
static living_offer offer_again(const living *l, chance *c, const living_offer *old, size_t index)
{
    living_offer next = new_offer(l, c, old->shop, old->gone + between(c, 12 * HOUR_S, 4 * DAY_S));
    const unsigned how = (unsigned)(draw(c) % 100);
    if (percent(c, 30))
        next.shop = (old->shop + 1 + (unsigned)(draw(c) % 7)) % l->plan.shops;
    next.gone = LIVING_NEVER;
    next.work = old->work;
    next.origin = index;
    next.how = how < 40 ? LIVING_SAME : how < 70 ? LIVING_CROPPED : LIVING_OTHER;
    next.scene = next.how == LIVING_OTHER ? draw(c) : old->scene;
    next.cropped = next.how == LIVING_CROPPED ? old->cropped + CROP_PX
                   : next.how == LIVING_SAME  ? old->cropped
                                              : 0;
    return next;
}

/* Whether a notice that was filed leads to a removal, to a counter-notice, to a swapped picture, or
 * to nothing. */
static void decide(chance *c, living_offer *o)
{
    const unsigned what = (unsigned)(draw(c) % 100);
    if (what < 72) {
        o->gone = o->filed + between(c, DAY_S, 6 * DAY_S);
    } else if (what < 84) {
        o->countered = o->filed + between(c, DAY_S, 3 * DAY_S);
        o->decided = o->countered + between(c, 3 * DAY_S, 6 * DAY_S);
        o->upheld = percent(c, 50);
        if (o->upheld)
            o->gone = o->decided + between(c, HOUR_S, DAY_S);
    } else if (what < 92) {
        o->swapped = o->filed + between(c, HOUR_S, 3 * DAY_S);
    }
}

bool living_file(living *l, size_t index, int64_t at)
{
    (void)pthread_mutex_lock(&l->lock);
    assert(index < l->n);
    living_offer *o = &l->offers[index];
    chance c = chance_of(l, "filed", o->number + (uint64_t)(at / DAY_S) * 1000003);
    bool filed = true;
    if (o->filed == LIVING_NEVER && o->gone == LIVING_NEVER) {
        o->filed = at;
        decide(&c, o);
        if (o->gone != LIVING_NEVER && percent(&c, 12)) {
            o->back = o->gone + between(&c, 2 * DAY_S, 6 * DAY_S);
        } else if (o->gone != LIVING_NEVER && percent(&c, 70)) {
            const living_offer next = offer_again(l, &c, o, index);
            filed = add(l, &next) != NULL;
        }
    } else {
        o->filed = at;
    }
    (void)pthread_mutex_unlock(&l->lock);
    return filed;
}

/* --- addresses --- */

void living_path(const living_offer *offer, char out[LIVING_ADDRESS_SIZE])
{
    const bool shopify = plan_shop_kind(offer->shop) == PLAN_SHOPIFY;
    (void)snprintf(out, LIVING_ADDRESS_SIZE, shopify ? "/products/item-%u" : "/item/%u.html",
                   offer->number);
}

void living_picture_path(const living_offer *offer, unsigned picture, char out[LIVING_ADDRESS_SIZE])
{
    (void)snprintf(out, LIVING_ADDRESS_SIZE, "/picture/%u-%u.jpg", offer->number, picture);
}

/* Steps over before and the number behind it. */
static bool read_number(const char **at, const char *before, unsigned *out)
{
    char *end;
    const size_t n = strlen(before);
    if (strncmp(*at, before, n) != 0 || (*at)[n] < '0' || (*at)[n] > '9')
        return false;
    const unsigned long number = strtoul(*at + n, &end, 10);
    *at = end;
    *out = (unsigned)number;
    return number <= UINT_MAX;
}

bool living_read_host(const char *host, unsigned *out_shop)
{
    return read_number(&host, "shop", out_shop) && strncmp(host, ".localhost", 10) == 0;
}

bool living_read_path(const char *path, unsigned *out_number)
{
    const char *at = path;
    if (read_number(&at, "/item/", out_number))
        return strcmp(at, ".html") == 0;
    at = path;
    return read_number(&at, "/products/item-", out_number) && *at == '\0';
}

bool living_read_picture_path(const char *path, unsigned *out_number, unsigned *out_picture)
{
    return read_number(&path, "/picture/", out_number) && read_number(&path, "-", out_picture) &&
           strcmp(path, ".jpg") == 0;
}

bool living_read_url(const char *url, unsigned *out_shop, unsigned *out_number)
{
    static const char scheme[] = "http://";
    if (strncmp(url, scheme, strlen(scheme)) != 0)
        return false;
    const char *host = url + strlen(scheme), *path = strchr(host, '/');
    return path && living_read_host(host, out_shop) && living_read_path(path, out_number);
}
