/* page/unzip.h - feeds and sitemaps that are kept in gzip ("sitemap.xml.gz"). */
#ifndef KO_PAGE_UNZIP_H
#define KO_PAGE_UNZIP_H

#include "base/buf.h"

#include <stdbool.h>

bool ko_page_is_gzip(const void *bytes, size_t size);

/* Appends what is in a gzip file (RFC 1952), of any number of members, to out, whose maximum is
 * the limit; of a torn file what can be read of it. KO_E_FORMAT: nothing can. KO_E_LIMIT,
 * KO_E_NOMEM. */
KO_NODISCARD ko_status ko_page_unzip(const void *bytes, size_t size, ko_buf *out, ko_error *err);

#endif
