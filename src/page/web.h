/* page/web.h - addresses as pages write them, made whole. */
#ifndef KO_PAGE_WEB_H
#define KO_PAGE_WEB_H

#include "base/status.h"

/* Trims reference and resolves it against base (RFC 3986, 5; NULL: it must be whole, or
 * begin with two slashes, which is read as https). *out_url, to free with ko_free, is NULL
 * when that gives no http or https URL, or one beyond KO_MAX_URL_BYTES; blanks in it are
 * %20 and control characters are dropped, as browsers do. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_web_resolve(const char *reference, const char *base, char **out_url);

#endif
