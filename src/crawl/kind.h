/* crawl/kind.h - what a source is, and how the next part of it is asked for.
 *
 * A source is known by its kind, a word kept in the database. Most tell theirs by the first
 * answer. The front page of a shop does not: then the interfaces that shop software has are
 * tried one after the other, and until one answers the kind has a question mark behind it
 * ("shopify?"). Nothing here fetches; any thread may call. */
#ifndef KO_CRAWL_KIND_H
#define KO_CRAWL_KIND_H

#include "page/page.h"
#include "platform/url.h"

#include <stdbool.h>

#define KO_KIND_PAGE "page"
#define KO_KIND_API "api"
#define KO_KIND_FILE "file"

/* "shopify" of "shopify?" and "shopify". */
bool ko_kind_is(const char *kind, const char *name);
/* False of "" and of a kind with a question mark. */
bool ko_kind_is_known(const char *kind);

/* What the source at url is after an answer. kind is what was thought so far; page is the
 * answer's, NULL when it was none (refused, gone, not readable). Static text; the same kind
 * when the answer says nothing. */
const char *ko_kind_after(const char *kind, const ko_url *url, const ko_page *page);

/* Where the interface of a kind with a question mark is asked for, of the source at url. False
 * when that is no fixed address: the sitemaps that the host's robots.txt names. */
bool ko_kind_probe(const char *kind, const ko_url *url, char out[KO_MAX_URL_BYTES + 1]);

/* False of the requests of a source that are not asked (again): its front page once the kind is
 * found elsewhere, and the addresses where other kinds were looked for. */
bool ko_kind_asks(const char *kind, const ko_url *source, const char *request_url);

/* True of the answer of an interface that has no more: an empty list. */
bool ko_kind_is_end(const char *kind, const void *body, size_t size);

/* The address of the part after the one at request_url, of kinds that count their pages; headers
 * are those of its answer. False at the end, and of all other kinds. */
bool ko_kind_next(const char *kind, const char *request_url, const ko_page *page,
                  const char *headers, char out[KO_MAX_URL_BYTES + 1]);

/* True when the links of its pages lead to more listings. */
bool ko_kind_follows(const char *kind);

#endif
