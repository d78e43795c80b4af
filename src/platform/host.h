/* platform/host.h - the host of a URL in its normal form. */
#ifndef KO_PLATFORM_HOST_H
#define KO_PLATFORM_HOST_H

#include "base/status.h"

#include <stddef.h>

#define KO_HOST_SIZE 256 /* a name has 253 bytes at most (RFC 1035 section 3.1) */

/* Writes the host text[0..n), as it stands in a URL, to out (WHATWG URL Standard, "host
 * parsing"): percent-encoding undone, other scripts in Punycode, lower case; a name whose
 * last label is a number is an IPv4 address, one in brackets an IPv6 address.
 * KO_E_FORMAT, KO_E_LIMIT (longer than a host may be), KO_E_NOMEM. */
KO_NODISCARD ko_status ko_host_normal(const char *text, size_t n, char out[KO_HOST_SIZE],
                                      ko_error *err);

#endif
