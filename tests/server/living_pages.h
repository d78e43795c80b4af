/* tests/server/living_pages.h - what the shops of a living market say. */
#ifndef KO_TESTS_SERVER_LIVING_PAGES_H
#define KO_TESTS_SERVER_LIVING_PAGES_H

#include "base/buf.h"
#include "living.h"

/* A shop at a moment, on a port. */
typedef struct living_shop {
    living *market;
    unsigned shop, port;
    int64_t at;
} living_shop;

/* Appends robots.txt, the front page, or a list that the shop's kind has, to an empty out.
 * *out_type is static. KO_E_NOT_FOUND: nothing stands at target. */
ko_status living_pages_get(const living_shop *s, const char *target, ko_buf *out,
                           const char **out_type);
/* Appends the page of a listing that is there, with the first picture or what it was swapped for.
 */
ko_status living_pages_offer(const living_shop *s, const living_offer *offer, ko_buf *out);
/* Appends what a shop says in place of a listing that is no longer offered. */
ko_status living_pages_ended(const living_offer *offer, ko_buf *out);

#endif
