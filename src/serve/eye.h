/* serve/eye.h - looks at a picture: which works does it show, and which photos seen before look
 * like it?
 *
 * Works and photos are kept in memory, ready to be looked for, so that a picture takes tens of
 * milliseconds. They are loaded in the background, and loaded anew when works change; a look waits
 * until what it looks for is no older than the look. Any thread may look. */
#ifndef KO_SERVE_EYE_H
#define KO_SERVE_EYE_H

#include "scan/lookup.h"
#include "serve/live.h"

typedef struct ko_eye ko_eye;

/* Opens the database at path and begins to load in the background. live, which must outlive it,
 * tells when something changed. */
KO_NODISCARD ko_status ko_eye_open(const char *path, ko_live *live, ko_eye **out_eye,
                                   ko_error *err);
/* When nobody looks any more. What is being loaded is given up. */
void ko_eye_close(ko_eye *eye); /* NULL is fine */

/* Looks at a picture in memory (report/lookup.h makes JSON of what is seen); messages call it by
 * its name. Works are told by their own thresholds, photos by the collection's. Waits while
 * KO_MAX_SERVE_PICTURES others look. Errors and *out_looked as ko_lookup_ask. */
KO_NODISCARD ko_status ko_eye_look(ko_eye *eye, const char *name, const void *bytes, size_t size,
                                   ko_looked *out_looked, ko_error *err);

/* Looks for photos seen before that look like a picture, given in its eight orientations, as
 * ko_album_ask does; out_found is to be freed so. No store may be lent to whoever calls, as it may
 * wait until something is loaded. */
KO_NODISCARD ko_status ko_eye_photos(ko_eye *eye, const ko_fp fps[KO_ORIENT_COUNT],
                                     double threshold, ko_album_found **out_found, size_t *out_n,
                                     ko_error *err);

#endif
