/* page/feed.h - replies of shops' interfaces and feeds, which hold many offers each.
 *
 * The kind is told from the content. JSON: Shopify's products.json, WooCommerce's Store
 * API, eBay Browse, Etsy v3, AliExpress' affiliate and dropshipping replies, JSON-LD. XML:
 * RSS and Atom with Google Merchant's elements, sitemaps with the image extension. Text:
 * Google Merchant's tab-separated values, and lists of URLs. */
#ifndef KO_PAGE_FEED_H
#define KO_PAGE_FEED_H

#include "page/page.h"

#include <jansson.h>

/* Each appends the offers of one document and the links of what it only names, and sets kind and
 * format; when it is none of those, kind stays NULL. base resolves URLs. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_feed_json(const json_t *root, const ko_web_base *base, ko_page *page);
/* text is UTF-8. External entities are never loaded. */
KO_NODISCARD ko_status ko_feed_xml(const char *text, size_t size, const ko_web_base *base,
                                   ko_page *page);
KO_NODISCARD ko_status ko_feed_tsv(const char *text, size_t size, const ko_web_base *base,
                                   ko_page *page);
/* A text of URLs, one a line, as sitemaps may also be (sitemaps.org); "#" begins a comment. */
KO_NODISCARD ko_status ko_feed_urls(const char *text, size_t size, ko_page *page);

#endif
