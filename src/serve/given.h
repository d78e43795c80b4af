/* serve/given.h - a file that the page was given, kept in a folder of ours.
 *
 * What the browser says is its name goes into a name that we make: it begins with the digest of the
 * bytes, so that the same file given twice is one, and it names no folder. */
#ifndef KO_SERVE_GIVEN_H
#define KO_SERVE_GIVEN_H

#include "base/status.h"

#include <stddef.h>

typedef struct ko_given {
    char *path;
    const char *name; /* in path: what people know it by */
} ko_given;

/* Writes the bytes into the folder, which is made (mode 0700); a file that is there already stays
 * as it is. KO_E_USAGE: name is "" or has more than KO_MAX_SERVE_NAME bytes. KO_E_IO, KO_E_NOMEM.
 * Free with ko_given_free, also after an error. */
KO_NODISCARD ko_status ko_given_keep(const char *folder, const char *name, const void *bytes,
                                     size_t size, ko_given *out_given, ko_error *err);
/* Removes the file. */
void ko_given_remove(const ko_given *given);
void ko_given_free(ko_given *given); /* zeroed ones are fine */

#endif
