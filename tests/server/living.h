/* tests/server/living.h - a market that lives: what its shops offer follows from a seed, from the
 * time, and from what was complained about.
 *
 * Shops come to be walled, fail for hours, or close. Listings come at a steady rate, and once in a
 * flood; they vanish, or show another picture. One that a notice was filed about is taken down some
 * days later, or not, or its seller counters; after that the seller offers the same again. All that
 * is decided when a listing comes, or when it is filed: the state of everything is known at any
 * moment. Several threads may ask. */
#ifndef KO_TESTS_SERVER_LIVING_H
#define KO_TESTS_SERVER_LIVING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LIVING_NEVER INT64_MAX
#define LIVING_NO_ORIGIN SIZE_MAX
#define LIVING_ADDRESS_SIZE 128

typedef struct living_plan {
    unsigned shops;
    unsigned listings; /* of each shop when it begins */
    unsigned works;    /* that are copied, by number from 0 */
    unsigned flood;    /* listings that come at once */
    int64_t begin, end;
    uint64_t seed;
} living_plan;

/* What is wrong with a whole shop. */
typedef enum living_trouble {
    LIVING_OPEN,   /* nothing */
    LIVING_WALL,   /* a captcha instead of every page */
    LIVING_DOWN,   /* 503 */
    LIVING_RESET,  /* connections end */
    LIVING_SILENT, /* no answer comes */
    LIVING_LOST,   /* 404, as of a shop that somebody broke; all of it comes back */
    LIVING_CLOSED, /* the same for good */
    LIVING_TROUBLES
} living_trouble;

/* How a listing that is gone answers. */
typedef enum living_end {
    LIVING_404,
    LIVING_410,
    LIVING_WORDS, /* 200 and a page that says so */
    LIVING_HOME,  /* a redirect to the front page */
    LIVING_ENDS
} living_end;

/* How a seller offers again what was taken down. */
typedef enum living_again {
    LIVING_FIRST,   /* not at all: it never was taken down */
    LIVING_SAME,    /* the same bytes */
    LIVING_CROPPED, /* the same picture, cropped and coded anew */
    LIVING_OTHER,   /* another picture of the work */
    LIVING_AGAINS
} living_again;

/* One listing. Moments are seconds since 1970, or LIVING_NEVER. */
typedef struct living_offer {
    unsigned shop, number; /* the number is the market's, from 1, in the address */
    int work;              /* that its first picture shows; -1: none */
    uint64_t scene;        /* what that picture was drawn from */
    unsigned cropped;      /* pixels at each side */
    bool in_flood;
    size_t origin; /* the offer that it goes on with, or LIVING_NO_ORIGIN */
    living_again how;
    int64_t born, swapped, gone;
    int64_t back; /* alive again, at the same address */
    living_end end;
    int64_t filed, countered, decided; /* of the last notice; decided: on the counter-notice */
    bool upheld;                       /* for the holder, else for the seller */
} living_offer;

/* What a visitor finds. */
typedef enum living_state {
    LIVING_UNBORN,
    LIVING_ALIVE,
    LIVING_SWAPPED,     /* alive, with another picture */
    LIVING_GONE,        /* nobody can buy it */
    LIVING_SHOP_CLOSED, /* the same, with the whole shop */
    LIVING_BLOCKED,
    LIVING_AWAY, /* the shop fails */
} living_state;

typedef struct living living;

/* NULL without memory. */
living *living_make(const living_plan *p);
void living_free(living *l); /* NULL is fine */
const living_plan *living_planned(const living *l);

/* The offers so far, the unborn included; they get more by living_file alone. */
size_t living_count(living *l);
living_offer living_at(living *l, size_t index);
/* By shop and number; false when there is none. */
bool living_find(living *l, unsigned shop, unsigned number, size_t *out_index);

living_trouble living_trouble_at(const living *l, unsigned shop, int64_t at);
/* Seconds within a span in which a shop was in any trouble. */
int64_t living_troubled_s(const living *l, unsigned shop, int64_t from, int64_t to);
living_state living_state_at(living *l, size_t index, int64_t at);

/* A notice is filed about an offer: decides what becomes of it, and what is offered after it.
 * False without memory. */
bool living_file(living *l, size_t index, int64_t at);

/* "/item/12.html": the page of a listing, and its pictures: 0 the first, 1 what it is swapped for,
 * 2 one beside them. */
void living_path(const living_offer *offer, char out[LIVING_ADDRESS_SIZE]);
void living_picture_path(const living_offer *offer, unsigned picture,
                         char out[LIVING_ADDRESS_SIZE]);
/* What such a path, a host, or the whole address of a page on whatever port names; false when it is
 * none. */
bool living_read_path(const char *path, unsigned *out_number);
bool living_read_picture_path(const char *path, unsigned *out_number, unsigned *out_picture);
bool living_read_host(const char *host, unsigned *out_shop);
bool living_read_url(const char *url, unsigned *out_shop, unsigned *out_number);

#endif
