/* page/page.h - from the bytes of a page, a reply or a feed to the offers in it.
 *
 * The door to this folder. Nothing here touches the network or the disk: bytes come from
 * whoever saved or fetched them. Reentrant; any thread may call. */
#ifndef KO_PAGE_PAGE_H
#define KO_PAGE_PAGE_H

#include "page/offer.h"

typedef struct ko_page_source {
    const void *bytes;
    size_t size;
    const char *url;          /* where they come from; NULL when that is not known */
    const char *content_type; /* the header of this name; NULL when there was none */
    int status;               /* of HTTP: walls answer 403, 429, 503; 0 when not known */
    bool saved;               /* by a browser: pictures may be in files beside it (images are
                                 relative paths then) or in "data:" URLs, and are kept so */
} ko_page_source;

/* Where a page, feed or sitemap leads. */
typedef enum ko_page_link_role {
    KO_LINK_MORE, /* another part of the same list: a next page, a sitemap of the index */
    KO_LINK_PAGE  /* the page of what may be a listing, of which the list tells less */
} ko_page_link_role;

typedef struct ko_page_link {
    ko_page_link_role role;
    char *url; /* absolute */
} ko_page_link;

/* What kind of thing the bytes are; how a source is asked for more depends on it. */
typedef enum ko_page_format {
    KO_FORMAT_HTML = 0,
    KO_FORMAT_SHOPIFY,
    KO_FORMAT_WOOCOMMERCE,
    KO_FORMAT_FEED_XML, /* RSS, Atom */
    KO_FORMAT_FEED_TSV,
    KO_FORMAT_SITEMAP,
    KO_FORMAT_URLS, /* a text of URLs, one a line */
    KO_FORMAT_EBAY,
    KO_FORMAT_ETSY,
    KO_FORMAT_ALIEXPRESS
} ko_page_format;

typedef struct ko_page {
    ko_page_format format;
    const char *kind;     /* static: "HTML page", "Shopify products", "sitemap", ... */
    const char *encoding; /* static, as iconv names it */
    const char *blocked;  /* static: "a captcha"; then there are no offers. Else NULL */
    ko_page_offers offers;
    ko_page_link *links; /* each URL once, in order */
    size_t n_links, links_capacity;
} ko_page;

/* Reads all offers. A page about one product gives one; one that lists several with
 * structured data gives them all; any other page with a title and pictures gives one, with
 * a warning that nothing calls it a product.
 * KO_E_FORMAT: empty. KO_E_UNSUPPORTED: neither a page nor a reply or feed that we know.
 * KO_E_LIMIT: beyond KO_MAX_PAGE_BYTES. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_page_read(const ko_page_source *source, ko_page *out_page, ko_error *err);

void ko_page_free(ko_page *page); /* zeroed ones are fine */

#endif
