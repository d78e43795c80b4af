/* page/web.h - addresses as pages write them, made whole. */
#ifndef KO_PAGE_WEB_H
#define KO_PAGE_WEB_H

#include "base/status.h"

#include <stdbool.h>

/* What the addresses of a page are relative to. */
typedef struct ko_web_base {
    const char *url; /* NULL when that is not known */
    bool saved;      /* the page is a browser's copy, with pictures in files beside it */
} ko_web_base;

/* Trims reference and resolves it against base (RFC 3986, 5; NULL or without URL: it must be
 * whole, or begin with two slashes, which is read as https). *out_url, to free with ko_free, is
 * NULL when that gives no http or https URL, or one beyond KO_MAX_URL_BYTES; blanks in it are
 * %20 and control characters are dropped, as browsers do. Of an address in a web archive
 * ("https://web.archive.org/web/20160913000000im_/http://...") it is the one archived.
 * KO_E_NOMEM. */
KO_NODISCARD ko_status ko_web_resolve(const char *reference, const ko_web_base *base,
                                      char **out_url);

/* The same for a picture's. Of a saved page it may also be the path of a file beside the page
 * (relative, percent-encoding undone) or a "data:" URL with a raster picture in it, as long as
 * a page may be. */
KO_NODISCARD ko_status ko_web_image(const char *reference, const ko_web_base *base, char **out_url);

/* True for what ko_web_image gives of a saved page: no address on the web. */
bool ko_web_is_local(const char *url);
bool ko_web_is_data(const char *url);

#endif
