/* platform/robots.h - what a robots.txt lets a crawler fetch (RFC 9309).
 *
 * Parsed once, asked often; asking changes nothing, so several threads may. Bytes come from
 * strangers: there is no input that is refused, and what makes no sense is passed over. */
#ifndef KO_PLATFORM_ROBOTS_H
#define KO_PLATFORM_ROBOTS_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>

typedef struct ko_robots ko_robots;

typedef struct ko_robots_verdict {
    bool allowed;
    size_t line;          /* of the rule that decided, from 1; 0 when none speaks of the URL */
    const char *rule;     /* that line as written, borrowed from the ko_robots; "" when none */
    size_t rule_bytes;    /* rule is not ended by a zero */
    double crawl_delay_s; /* seconds between requests that the agent is asked for; 0: none */
} ko_robots_verdict;

/* Reads bytes[0..size), of which all beyond KO_MAX_ROBOTS_BYTES is left out with the line that
 * it cuts. Free *out with ko_robots_free. KO_E_NOMEM only. */
KO_NODISCARD ko_status ko_robots_parse(const void *bytes, size_t size, ko_robots **out,
                                       ko_error *err);
void ko_robots_free(ko_robots *robots); /* NULL is fine */

/* May the crawler that calls itself agent fetch url? Of agent counts the product token it
 * begins with ("Knockoff" of "Knockoff/1.0 (+mail)"). Of url counts what follows the host, as
 * written; a URL that is a path alone begins with "/". */
ko_robots_verdict ko_robots_ask(const ko_robots *robots, const char *agent, const char *url);

#endif
