/* tests/server/market.h - a whole market on loopback, from which all that can be had is known.
 *
 * Its shops have names of their own (shop007.localhost) on one port, tell robots what they may
 * not ask for, and fail as plan.h says. It writes down what it was asked, and judges it. */
#ifndef KO_TESTS_SERVER_MARKET_H
#define KO_TESTS_SERVER_MARKET_H

#include "plan.h"

#include <knockoff/status.h>

typedef struct market market;

/* p->port 0: any that is free. works: a folder of pictures that some of the market's show
 * (pictures.h); NULL: none. log: a file to write a line into for every request: seconds since
 * the start at which it came, host, path, and what was answered; NULL: none. NULL with a line in
 * err when something of that cannot be had. */
market *market_start(const plan *p, const char *works, const char *log, ko_error *err);
void market_stop(market *m); /* NULL is fine */

const plan *market_plan(const market *m); /* with the port */
const char *market_ca(const market *m);   /* PEM file of who signs for it; NULL without TLS */

/* One thing that is to be found, or why it is not. */
typedef struct market_truth {
    const char *what; /* "source", "listing", "picture" */
    const char *url;
    const char *lost; /* as plan_listing_lost says; "" when it is to be found */
    const char *work; /* the file name of the work that a picture shows; "" */
} market_truth;
typedef void market_truth_fn(void *context, const market_truth *truth);
void market_each_truth(const market *m, market_truth_fn *fn, void *context);

/* What a visitor asked so far. */
typedef struct market_audit {
    size_t requests;
    size_t strange;   /* of them, those to hosts that are none of the market's */
    size_t whole;     /* answers that came with all their bytes */
    size_t repeated;  /* whole answers to an address that had one before */
    size_t unchanged; /* answers that said that nothing changed */
    size_t forbidden; /* requests that robots.txt forbids */
    size_t walled;    /* the most requests that a host got after it had shown its wall */
    size_t busiest;   /* the most requests that a host got within any second */
    size_t over;      /* hosts that were asked three times in less than is due between two */
    size_t unasked;   /* hosts asked for something before their robots.txt */
} market_audit;
/* rate: requests a second and host that were allowed, where no Crawl-delay says fewer. A request
 * may be noticed late, as other threads may run first; hence three. */
void market_judge(market *m, double rate, market_audit *out_audit);

#endif
