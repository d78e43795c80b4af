/* scan/album.h - the photos seen before, by their fingerprints, in memory: which of them look like
 * a picture?
 *
 * Forty bytes a photo. One thread follows the store while any number ask. */
#ifndef KO_SCAN_ALBUM_H
#define KO_SCAN_ALBUM_H

#include "store/store.h"

#include <knockoff/fingerprint.h>

typedef struct ko_album ko_album;

/* Makes an empty one. Free it with ko_album_free. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_album_make(ko_album **out_album, ko_error *err);
void ko_album_free(ko_album *album); /* NULL is fine */

/* Takes in the photos that scans have read since. It is one thread's at a time. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_album_follow(ko_album *album, ko_store *store, ko_error *err);

/* A photo that looks like the picture. */
typedef struct ko_album_found {
    int64_t photo_id;
    double score; /* against all photos seen */
    unsigned distance;
    ko_orientation orientation; /* of the picture against the photo */
} ko_album_found;

/* Looks for a picture, given in its eight orientations, by score threshold. *out_found holds
 * *out_n photos in order of id; ko_free it. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_album_ask(ko_album *album, const ko_fp fps[KO_ORIENT_COUNT],
                                    double threshold, ko_album_found **out_found, size_t *out_n,
                                    ko_error *err);

#endif
