/* crawl/visit.h - an address that somebody wants to look at: it is asked by itself, and is a
 * picture or a page that shows some. */
#ifndef KO_CRAWL_VISIT_H
#define KO_CRAWL_VISIT_H

#include "base/file.h"
#include "net/net.h"

/* Asks for one address. The answer is handed to fn and, unless it is data, is an error with the
 * address in its line: KO_E_STOPPED, KO_E_NOT_FOUND (gone), else KO_E_FORMAT. */
KO_NODISCARD ko_status ko_visit_fetch(ko_net *net, const char *url, size_t max_bytes, ko_net_fn *fn,
                                      void *context, ko_error *err);

/* What came. */
typedef struct ko_visited {
    bool is_picture;   /* else a page */
    ko_paths pictures; /* URLs of those that it shows of what it offers, one or more */
    size_t left_out;   /* beyond KO_MAX_LISTING_IMAGES */
} ko_visited;

/* Tells it by the answer's bytes. KO_E_FORMAT: it is neither, or a wall. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_visit_read(const ko_reply *reply, ko_visited *out_visited, ko_error *err);
void ko_visited_free(ko_visited *visited); /* zeroed ones are fine */

#endif
