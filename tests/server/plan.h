/* tests/server/plan.h - what a market of a given size and seed has, and what goes wrong there.
 *
 * Nothing is drawn at random while the market serves: each answer follows from the plan, the
 * address and how often it was asked, so what can be found is known beforehand. */
#ifndef KO_TESTS_SERVER_PLAN_H
#define KO_TESTS_SERVER_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct plan {
    unsigned shops;
    unsigned listings; /* in all shops together */
    unsigned pictures; /* of each listing, at most 99 */
    unsigned faults_percent;
    uint64_t seed;
    double delay_s; /* Crawl-delay of every fourth shop; 0: none states one */
    bool tls;
    unsigned port;
} plan;

/* How a shop shows what it sells. */
typedef enum plan_kind {
    PLAN_SHOPIFY,     /* /products.json */
    PLAN_WOOCOMMERCE, /* the Store API */
    PLAN_SITEMAP,     /* a sitemap of pages with JSON-LD */
    PLAN_FEED,        /* RSS or a table */
    PLAN_PAGES,       /* lists with next pages, and pages with Open Graph */
    PLAN_KINDS
} plan_kind;

plan_kind plan_shop_kind(unsigned shop);
bool plan_feed_is_table(unsigned shop);
/* Shops that show robots a wall and nothing else. */
bool plan_walled(const plan *p, unsigned shop);
/* Shops whose list has a next page after the last one, for ever. */
bool plan_endless(const plan *p, unsigned shop);
double plan_crawl_delay_s(const plan *p, unsigned shop);

/* Each shop sells number 0 to n - 1, and one thing more, the trap: number n. Its pictures may
 * not be asked for, nor its page where listings are found on pages. */
unsigned plan_listings(const plan *p, unsigned shop);
/* What distinguishes this picture from all others of the market. */
uint64_t plan_picture(const plan *p, unsigned shop, unsigned listing, unsigned picture);

#define PLAN_ADDRESS_SIZE 128

/* "shop007.localhost:8080", "img007.localhost:8080" */
void plan_host(const plan *p, unsigned shop, bool pictures, char out[PLAN_ADDRESS_SIZE]);
/* Reads them; false when host is none of the market's. */
bool plan_host_read(const plan *p, const char *host, unsigned *out_shop, bool *out_pictures);
/* Pictures lie on the shop's own host, or on another. */
bool plan_pictures_apart(unsigned shop);
/* The paths, from their slash on. */
void plan_listing_path(const plan *p, unsigned shop, unsigned listing, char out[PLAN_ADDRESS_SIZE]);
void plan_picture_path(const plan *p, unsigned shop, unsigned listing, unsigned picture,
                       char out[PLAN_ADDRESS_SIZE]);
/* Absolute URLs of them, and what a user would name as the shop's address. */
void plan_listing_url(const plan *p, unsigned shop, unsigned listing, char out[PLAN_ADDRESS_SIZE]);
void plan_picture_url(const plan *p, unsigned shop, unsigned listing, unsigned picture,
                      char out[PLAN_ADDRESS_SIZE]);
void plan_source_url(const plan *p, unsigned shop, char out[PLAN_ADDRESS_SIZE]);

typedef enum plan_fault {
    PLAN_SOUND,
    PLAN_SLOW,  /* in small pieces, but whole */
    PLAN_RESET, /* the next four end after an attempt or two */
    PLAN_CUT,
    PLAN_BUSY, /* 429 */
    PLAN_DOWN, /* 503 */
    PLAN_LOOP, /* these never end */
    PLAN_BOMB,
    PLAN_FAULTS
} plan_fault;

const char *plan_fault_name(plan_fault fault);
/* What goes wrong when path is asked of host for the nth time, n from 0. Lists, which much
 * depends on, have no faults that never end, and robots.txt has none. */
plan_fault plan_fault_of(const plan *p, const char *host, const char *path, unsigned nth);

/* Why it cannot be found: "wall", "forbidden", "loop", "bomb", or, of a picture, "page" when its
 * listing cannot be. NULL when it can. */
const char *plan_listing_lost(const plan *p, unsigned shop, unsigned listing);
const char *plan_picture_lost(const plan *p, unsigned shop, unsigned listing, unsigned picture);

uint64_t plan_hash(uint64_t seed, const char *text);
uint64_t plan_mix(uint64_t number);

#endif
