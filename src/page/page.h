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
} ko_page_source;

typedef struct ko_page {
    const char *kind;     /* static: "HTML page", "Shopify products", "sitemap", ... */
    const char *encoding; /* static, as iconv names it */
    const char *blocked;  /* static: "a captcha"; then there are no offers. Else NULL */
    ko_page_offers offers;
} ko_page;

/* Reads all offers. A page about one product gives one; one that lists several with
 * structured data gives them all; any other page with a title and pictures gives one, with
 * a warning that nothing calls it a product.
 * KO_E_FORMAT: empty. KO_E_UNSUPPORTED: neither a page nor a reply or feed that we know.
 * KO_E_LIMIT: beyond KO_MAX_PAGE_BYTES. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_page_read(const ko_page_source *source, ko_page *out_page, ko_error *err);

void ko_page_free(ko_page *page); /* zeroed ones are fine */

#endif
