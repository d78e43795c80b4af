#include "plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PRIVATE "/private"

/* --- hashes --- */

/* The finalizer of MurmurHash3: every bit of number reaches every bit of the result. */
uint64_t plan_mix(uint64_t number)
{
    number = (number ^ number >> 33) * 0xff51afd7ed558ccdU;
    number = (number ^ number >> 33) * 0xc4ceb9fe1a85ec53U;
    return number ^ number >> 33;
}

uint64_t plan_hash(uint64_t seed, const char *text)
{
    uint64_t hash = 0xcbf29ce484222325U ^ plan_mix(seed); /* FNV-1a */
    for (; *text; text++)
        hash = (hash ^ (unsigned char)*text) * 0x100000001b3U;
    return plan_mix(hash);
}

/* --- shops --- */

plan_kind plan_shop_kind(unsigned shop)
{
    return (plan_kind)(shop % PLAN_KINDS);
}

bool plan_feed_is_table(unsigned shop)
{
    return shop / PLAN_KINDS % 2 == 1;
}

/* One in so many as the share of faults tells, an odd number so that all kinds have some. */
bool plan_walled(const plan *p, unsigned shop)
{
    return p->faults_percent > 0 && shop % (100 / p->faults_percent | 1) == 7;
}

bool plan_endless(const plan *p, unsigned shop)
{
    return p->faults_percent > 0 && plan_shop_kind(shop) == PLAN_PAGES &&
           shop / PLAN_KINDS % 4 == 0;
}

double plan_crawl_delay_s(const plan *p, unsigned shop)
{
    return shop % 4 == 1 ? p->delay_s : 0;
}

unsigned plan_listings(const plan *p, unsigned shop)
{
    return p->listings / p->shops + (shop < p->listings % p->shops);
}

uint64_t plan_picture(const plan *p, unsigned shop, unsigned listing, unsigned picture)
{
    const uint64_t most = p->listings / p->shops + 2; /* of a shop, with its trap */
    return (shop * most + listing) * p->pictures + picture;
}

/* --- addresses --- */

void plan_host(const plan *p, unsigned shop, bool pictures, char out[PLAN_ADDRESS_SIZE])
{
    (void)snprintf(out, PLAN_ADDRESS_SIZE, "%s%03u.localhost:%u", pictures ? "img" : "shop", shop,
                   p->port);
}

bool plan_host_read(const plan *p, const char *host, unsigned *out_shop, bool *out_pictures)
{
    *out_pictures = strncmp(host, "img", 3) == 0;
    *out_shop = (unsigned)strtoul(host + strcspn(host, "0123456789"), NULL, 10);
    char own[PLAN_ADDRESS_SIZE];
    plan_host(p, *out_shop, *out_pictures, own);
    return *out_shop < p->shops && strcmp(own, host) == 0;
}

bool plan_pictures_apart(unsigned shop)
{
    return plan_shop_kind(shop) == PLAN_SHOPIFY || plan_shop_kind(shop) == PLAN_FEED;
}

static bool is_trap(const plan *p, unsigned shop, unsigned listing)
{
    return listing == plan_listings(p, shop);
}

/* Whether the shop's listings are read from their pages, not from the list. */
static bool has_pages(unsigned shop)
{
    return plan_shop_kind(shop) == PLAN_SITEMAP || plan_shop_kind(shop) == PLAN_PAGES;
}

void plan_listing_path(const plan *p, unsigned shop, unsigned listing, char out[PLAN_ADDRESS_SIZE])
{
    static const struct {
        const char *before, *after;
    } shapes[PLAN_KINDS] = {[PLAN_SHOPIFY] = {"/products/item-", ""},
                            [PLAN_WOOCOMMERCE] = {"/product/item-", "/"},
                            [PLAN_SITEMAP] = {"/item/", ".html"},
                            [PLAN_FEED] = {"/goods/", ""},
                            [PLAN_PAGES] = {"/product/item-", "/"}};
    const plan_kind kind = plan_shop_kind(shop);
    const char *in = has_pages(shop) && is_trap(p, shop, listing) ? PRIVATE : "";
    (void)snprintf(out, PLAN_ADDRESS_SIZE, "%s%s%u%s", in, shapes[kind].before, listing,
                   shapes[kind].after);
}

void plan_picture_path(const plan *p, unsigned shop, unsigned listing, unsigned picture,
                       char out[PLAN_ADDRESS_SIZE])
{
    (void)snprintf(out, PLAN_ADDRESS_SIZE, "%s/picture/%u-%u.jpg",
                   is_trap(p, shop, listing) ? PRIVATE : "", listing, picture);
}

static void make_url(const plan *p, const char *host, const char *path, char out[PLAN_ADDRESS_SIZE])
{
    (void)snprintf(out, PLAN_ADDRESS_SIZE, "%s://%.50s%.60s", p->tls ? "https" : "http", host,
                   path);
}

void plan_listing_url(const plan *p, unsigned shop, unsigned listing, char out[PLAN_ADDRESS_SIZE])
{
    char host[PLAN_ADDRESS_SIZE], path[PLAN_ADDRESS_SIZE];
    plan_host(p, shop, false, host);
    plan_listing_path(p, shop, listing, path);
    make_url(p, host, path, out);
}

void plan_picture_url(const plan *p, unsigned shop, unsigned listing, unsigned picture,
                      char out[PLAN_ADDRESS_SIZE])
{
    char host[PLAN_ADDRESS_SIZE], path[PLAN_ADDRESS_SIZE];
    plan_host(p, shop, plan_pictures_apart(shop), host);
    plan_picture_path(p, shop, listing, picture, path);
    make_url(p, host, path, out);
}

void plan_source_url(const plan *p, unsigned shop, char out[PLAN_ADDRESS_SIZE])
{
    char host[PLAN_ADDRESS_SIZE];
    plan_host(p, shop, false, host);
    const bool feed = plan_shop_kind(shop) == PLAN_FEED;
    make_url(p, host, !feed ? "/" : plan_feed_is_table(shop) ? "/feed.tsv" : "/feed.xml", out);
}

/* --- faults --- */

const char *plan_fault_name(plan_fault fault)
{
    static const char *const names[PLAN_FAULTS] = {
        [PLAN_SOUND] = "sound", [PLAN_SLOW] = "slow", [PLAN_RESET] = "reset", [PLAN_CUT] = "cut",
        [PLAN_BUSY] = "busy",   [PLAN_DOWN] = "down", [PLAN_LOOP] = "loop",   [PLAN_BOMB] = "bomb"};
    return names[fault];
}

/* Chances in a hundred. Bombs are dear to those who defuse them late. */
static plan_fault choose_fault(unsigned chance)
{
    static const struct {
        plan_fault fault;
        unsigned below;
    } shares[] = {{PLAN_SLOW, 20}, {PLAN_RESET, 40}, {PLAN_CUT, 60},  {PLAN_BUSY, 75},
                  {PLAN_DOWN, 92}, {PLAN_LOOP, 97},  {PLAN_BOMB, 100}};
    size_t i = 0;
    while (chance >= shares[i].below)
        i++;
    return shares[i].fault;
}

static bool never_ends(plan_fault fault)
{
    return fault == PLAN_LOOP || fault == PLAN_BOMB;
}

/* Pictures and pages of single things may be lost; all else leads to them. */
static bool may_be_lost(const char *path)
{
    static const char *const single[] = {"/picture/", "/product/", "/item/"};
    for (size_t i = 0; i < sizeof single / sizeof *single; i++)
        if (strncmp(path, single[i], strlen(single[i])) == 0)
            return true;
    return false;
}

plan_fault plan_fault_of(const plan *p, const char *host, const char *path, unsigned nth)
{
    char address[2 * PLAN_ADDRESS_SIZE];
    (void)snprintf(address, sizeof address, "%.*s%.150s", (int)strcspn(host, ":"), host, path);
    const uint64_t hash = plan_hash(p->seed, address);
    if (hash % 100 >= p->faults_percent || strcmp(path, "/robots.txt") == 0)
        return PLAN_SOUND;
    const plan_fault fault = choose_fault((unsigned)(hash / 100 % 100));
    if (never_ends(fault))
        return may_be_lost(path) ? fault : PLAN_SOUND;
    const unsigned attempts = hash / 10000 % 4 == 0 ? 2 : 1;
    return fault == PLAN_SLOW || nth < attempts ? fault : PLAN_SOUND;
}

static const char *lost_to_fault(const plan *p, unsigned shop, bool apart, const char *path)
{
    char host[PLAN_ADDRESS_SIZE];
    plan_host(p, shop, apart, host);
    const plan_fault fault = plan_fault_of(p, host, path, 0);
    return never_ends(fault) ? plan_fault_name(fault) : NULL;
}

const char *plan_listing_lost(const plan *p, unsigned shop, unsigned listing)
{
    if (plan_walled(p, shop))
        return "wall";
    if (!has_pages(shop))
        return NULL;
    if (is_trap(p, shop, listing))
        return "forbidden";
    char path[PLAN_ADDRESS_SIZE];
    plan_listing_path(p, shop, listing, path);
    return lost_to_fault(p, shop, false, path);
}

const char *plan_picture_lost(const plan *p, unsigned shop, unsigned listing, unsigned picture)
{
    if (plan_listing_lost(p, shop, listing))
        return "page";
    if (is_trap(p, shop, listing))
        return "forbidden";
    char path[PLAN_ADDRESS_SIZE];
    plan_picture_path(p, shop, listing, picture, path);
    return lost_to_fault(p, shop, plan_pictures_apart(shop), path);
}
