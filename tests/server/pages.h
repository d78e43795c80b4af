/* tests/server/pages.h - what the shops of a market say, by the interfaces that shops have. */
#ifndef KO_TESTS_SERVER_PAGES_H
#define KO_TESTS_SERVER_PAGES_H

#include "base/buf.h"
#include "plan.h"

/* Puts what stands at target ("/path?query") of the shop's own host into out, and its type into
 * *out_type (static). KO_E_NOT_FOUND: nothing does. robots.txt is one of both hosts of a shop. */
ko_status pages_get(const plan *p, unsigned shop, const char *target, ko_buf *out,
                    const char **out_type);
ko_status pages_robots(const plan *p, unsigned shop, ko_buf *out);

/* What robots get of a shop that shows them a wall. */
extern const char pages_wall[];

#endif
