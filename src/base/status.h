/* base/status.h - writing the one line of a ko_error. */
#ifndef KO_BASE_STATUS_H
#define KO_BASE_STATUS_H

#include <knockoff/status.h>

/* Fills err with code and text unless it holds an earlier failure; err may be NULL.
 * Returns code, so that callers can write: return ko_fail(err, KO_E_IO, ...).
 * The text names the object and the number that broke the rule, without a final stop. */
ko_status ko_fail(ko_error *err, ko_status code, const char *fmt, ...) KO_PRINTF(3, 4);

/* Puts "what: " before the text that err holds; for callers that know the name of the
 * thing the callee only saw as bytes. */
void ko_error_prefix(ko_error *err, const char *what);

#endif
