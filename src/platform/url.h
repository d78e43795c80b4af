/* platform/url.h - http and https URLs in one normal form.
 *
 * Read as browsers do (WHATWG URL Standard, "URL parsing"), and written in the normal form
 * of RFC 3986 section 6.2.2, so that two ways to write one URL give the same text:
 *   scheme and host in lower case, names of other scripts in Punycode, IPv4 addresses as
 *   four decimal numbers whatever they were written in, no port where it is the scheme's
 *   own, no dot behind the host, no "." and ".." segments, an empty path as "/", no empty
 *   query; unreserved characters as themselves, all that may not stand in a URL as %XX
 *   with capital digits. Credentials and the fragment are dropped: they name no page.
 *
 * A ko_url is a plain value: copy it, keep it on the stack. Any thread may call. */
#ifndef KO_PLATFORM_URL_H
#define KO_PLATFORM_URL_H

#include "base/limits.h"
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct ko_url {
    char text[KO_MAX_URL_BYTES + 1]; /* the whole URL, ASCII without blanks */
    uint16_t host, host_end;         /* offsets into text; an IPv6 host has its brackets */
    uint16_t path;                   /* of the first "/" after host and port */
    uint16_t query;                  /* of "?"; size when there is none */
    uint16_t size;
    uint16_t port; /* the one written, or the scheme's own */
    bool secure;   /* https */
} ko_url;

/* n bytes of a text that another object owns; not ended by a zero. */
typedef struct ko_slice {
    const char *at;
    size_t n;
} ko_slice;

/* Reads text[0..n), relative to base unless that is NULL; out may be base. KO_E_FORMAT (no
 * http or https URL, and why), KO_E_LIMIT (more than KO_MAX_URL_BYTES, as it came or in its
 * normal form), KO_E_NOMEM. */
KO_NODISCARD ko_status ko_url_parse(const char *text, size_t n, const ko_url *base, ko_url *out,
                                    ko_error *err);

ko_slice ko_url_host(const ko_url *url);
ko_slice ko_url_path(const ko_url *url);  /* from "/", without the query */
ko_slice ko_url_query(const ko_url *url); /* without "?" */

/* Walks the parameters of the query: name=value and name, as written, empty ones left out.
 * Set *rest to the query first; false when there is none left. */
bool ko_url_next_parameter(ko_slice *rest, ko_slice *out_name, ko_slice *out_whole);

#endif
