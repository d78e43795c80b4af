/* page/feed.h - replies of shops' interfaces and feeds, which hold many offers each.
 *
 * The kind is told from the content. JSON: Shopify's products.json, WooCommerce's Store
 * API, eBay Browse, Etsy v3, AliExpress' affiliate and dropshipping replies, JSON-LD. XML:
 * RSS and Atom with Google Merchant's elements, sitemaps with the image extension. Text:
 * Google Merchant's tab-separated values. */
#ifndef KO_PAGE_FEED_H
#define KO_PAGE_FEED_H

#include "page/offer.h"

#include <jansson.h>

/* Each appends the offers of one document, names its kind in *out_kind (static text), or
 * sets that to NULL when it is none of those. base resolves URLs, may be NULL.
 * KO_E_NOMEM. */
KO_NODISCARD ko_status ko_feed_json(const json_t *root, const char *base, ko_page_offers *offers,
                                    const char **out_kind);
/* text is UTF-8. External entities are never loaded. */
KO_NODISCARD ko_status ko_feed_xml(const char *text, size_t size, const char *base,
                                   ko_page_offers *offers, const char **out_kind);
KO_NODISCARD ko_status ko_feed_tsv(const char *text, size_t size, const char *base,
                                   ko_page_offers *offers, const char **out_kind);

#endif
