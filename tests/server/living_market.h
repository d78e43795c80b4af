/* tests/server/living_market.h - a living market (living.h) on loopback, by a clock of the
 * caller's, with a book of what it was asked.
 *
 * Its shops are shop000.localhost, shop001.localhost, ... on one port. */
#ifndef KO_TESTS_SERVER_LIVING_MARKET_H
#define KO_TESTS_SERVER_LIVING_MARKET_H

#include "living.h"

#include <knockoff/status.h>

typedef struct living_market living_market;

typedef struct living_market_options {
    living_plan plan;  /* its works are those of the folder */
    const char *works; /* folder of picture files */
    /* The moment that it is, seconds since 1970, at each request: several threads call it. */
    int64_t (*now)(void);
} living_market_options;

/* NULL with a line in err. */
living_market *living_market_start(const living_market_options *options, ko_error *err);
void living_market_stop(living_market *m); /* NULL is fine */

unsigned living_market_port(const living_market *m);
living *living_market_world(const living_market *m);
/* The file name of a work. */
const char *living_market_work(const living_market *m, unsigned work);
/* The URL of a shop that a user would name as a source. */
void living_market_source(const living_market *m, unsigned shop, char out[LIVING_ADDRESS_SIZE]);

/* Whether anything listens at its port: while it does not, connections are refused. Not while
 * others call this. */
bool living_market_connect(living_market *m, bool connected);

typedef struct living_audit {
    size_t requests, whole, unchanged;
    int64_t bytes_whole; /* of bodies that were sent */
    int64_t bytes_new;   /* of them, those that were sent for the first time */
    size_t forbidden;    /* requests that robots.txt forbids */
    size_t unasked;      /* shops that were asked before their robots.txt */
    size_t busiest;      /* the most requests that a shop got within a second of real time */
    size_t over;         /* shops asked three times in less than is due between two */
    int64_t over_at;     /* the third time, of the last of them */
    size_t walls;        /* the most walls that a shop had to show within a day of its own */
} living_audit;
/* rate: requests a second and host that were allowed. */
void living_market_judge(living_market *m, double rate, living_audit *out_audit);

#endif
