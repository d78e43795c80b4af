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
    bool insist;              /* the user says that it is a listing: a page that nothing calls a
                                 product gives one all the same, with a warning */
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
    const char *ended;    /* static: in which words the page says that the listing, or the page that
                             was asked for, is there no more; then there are no offers unless the
                             source insists. Else NULL */
    const char *note;     /* static: what to say of the page as a whole, such as why it gives no
                             listing; else NULL */
    ko_page_offers offers;
    ko_page_link *links; /* each URL once, in order */
    size_t n_links, links_capacity;
} ko_page;

/* Reads all offers and links; bytes may be in gzip. A page about one product gives one offer and
 * leads nowhere; one that lists several, with structured data or as cards of a marketplace that
 * it belongs to, gives them all, and leads to their pages and to the next page of the list. A page
 * that nothing calls a product gives a note instead, unless the source insists. A page that tells
 * its own URL (a browser's copy) needs none in the source. KO_E_FORMAT: empty. KO_E_UNSUPPORTED:
 * neither a page nor a reply or feed that we know. KO_E_LIMIT: beyond KO_MAX_PAGE_BYTES, out of
 * gzip too. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_page_read(const ko_page_source *source, ko_page *out_page, ko_error *err);

void ko_page_free(ko_page *page); /* zeroed ones are fine */

#endif
