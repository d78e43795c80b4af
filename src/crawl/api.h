/* crawl/api.h - interfaces of marketplaces, asked with the user's own keys.
 *
 * A source of this kind has a URL that names what to ask, not where:
 *   ebay:search?q=WORDS[&marketplace=EBAY_US]   Browse API, item_summary/search
 *   ebay:image?work=SERIAL                      Browse API, search_by_image with the artwork
 *   etsy:search?q=WORDS                         Open API v3, listings/active
 *   etsy:shop?id=NAME                           Open API v3, shops/NUMBER/listings/active; or
 *                                               the number
 *   aliexpress:search?q=WORDS                   affiliate product query: what is advertised
 *   aliexpress:image?work=SERIAL                image search of the dropshipping interface
 * WORDS may hold blanks, "+" for them, and %XX. Keys come from the environment or from a file
 * that only the user can read; they are never printed and never stored:
 *   KNOCKOFF_EBAY_ID, KNOCKOFF_EBAY_SECRET
 *   KNOCKOFF_ETSY_KEY, KNOCKOFF_ETSY_SECRET
 *   KNOCKOFF_ALIEXPRESS_KEY, KNOCKOFF_ALIEXPRESS_SECRET, and for its image search
 *   KNOCKOFF_ALIEXPRESS_SESSION, an account's access token
 * The same file has what news are sent with (notify/notify.h):
 *   KNOCKOFF_MAIL_PASSWORD, KNOCKOFF_WEBHOOK_SECRET */
#ifndef KO_CRAWL_API_H
#define KO_CRAWL_API_H

#include "base/buf.h"
#include "net/net.h"
#include "page/page.h"

typedef struct ko_api_keys ko_api_keys;

/* Reads the keys of path (NULL or not there: only the environment, which goes before the file).
 * Lines are NAME=VALUE with the names of the environment, or begin with "#". KO_E_USAGE: others
 * may read the file (mode beyond 0700), or a line that is none; the text never holds a value.
 * KO_E_LIMIT, KO_E_IO, KO_E_NOMEM. */
KO_NODISCARD ko_status ko_api_keys_read(const char *path, ko_api_keys **out_keys, ko_error *err);
void ko_api_keys_free(ko_api_keys *keys); /* wiped; NULL is fine */

/* True of "ebay:...", "etsy:...", "aliexpress:...". */
bool ko_api_is(const char *url);
/* KO_E_USAGE: an address of an interface that means nothing, naming what it should be. Keys are
 * not looked at. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_api_check(const char *url, ko_error *err);

/* One search through its pages. */
typedef struct ko_api ko_api;

typedef struct ko_api_options {
    const ko_api_keys *keys;
    const char *base_url; /* "https://host" of all requests instead of the interface's own; NULL.
                             For tests and the sandboxes that eBay has */
    const void *picture;  /* the artwork of an image search as PNG or JPEG; else NULL */
    size_t picture_bytes;
    int64_t now; /* seconds since 1970 when it is opened, for what is signed */
} ko_api_options;

/* url is one that ko_api_is is true of; keys, base_url and picture are borrowed until
 * ko_api_close. KO_E_USAGE: an address that means nothing, naming what it should be, a missing
 * key, naming it, or an image search without a picture. KO_E_LIMIT: a picture beyond
 * KO_MAX_API_PICTURE_BYTES. */
KO_NODISCARD ko_status ko_api_open(const char *url, const ko_api_options *options, ko_api **out_api,
                                   ko_error *err);
void ko_api_close(ko_api *api); /* NULL is fine */

/* The interface's name, under which its uses are counted, and how many it grants a day. */
const char *ko_api_name(const ko_api *api);
int64_t ko_api_quota(const ko_api *api);

/* What to ask next: fills *out_request, borrowed from api until the next call. First a token
 * where the interface wants one, then the search page by page; Etsy is asked twice a page. cursor
 * "" begins; later it is what ko_api_take gave (kept in the database between two runs). The same
 * cursor asks the same again. KO_E_NOT_FOUND: no more. KO_E_FORMAT: no cursor of this search.
 * KO_E_LIMIT: words that make too long a URL. */
KO_NODISCARD ko_status ko_api_next(ko_api *api, const char *cursor, ko_net_request *out_request,
                                   ko_error *err);
/* Takes the answer to what ko_api_next gave last. *out_cursor is where to go on: "" at the end,
 * never before. *out_page is set to the offers of a page of results (to free with ko_page_free),
 * also to none, or left zero, with kind NULL, when there is more to ask before: then the answer
 * may hold a token, and must not be kept.
 * KO_E_FORMAT: what the interface said against it, without any key. KO_E_BUSY: the same, and it
 * may be asked again later (answer->not_before, or in a few seconds). KO_E_STOPPED. */
KO_NODISCARD ko_status ko_api_take(ko_api *api, const ko_net_answer *answer, ko_page *out_page,
                                   char out_cursor[256], ko_error *err);

#endif
