/* scan/lookup.h - pictures one by one, like a reverse image search: what does each show, and
 * where was it seen? */
#ifndef KO_SCAN_LOOKUP_H
#define KO_SCAN_LOOKUP_H

#include "scan/album.h"
#include "scan/picture.h"
#include "scan/problems.h"

/* All works of the store as they were when it was opened, ready to be looked for. It is never
 * changed, and any number of threads may ask it. */
typedef struct ko_lookup ko_lookup;

/* Loads all works. threshold is the score from which on things are told; NAN: each work's own, and
 * the collection's for photos. KO_E_NOMEM, KO_E_STOPPED. */
KO_NODISCARD ko_status ko_lookup_open(ko_store *store, double threshold, unsigned jobs,
                                      ko_problems *problems, ko_lookup **out_lookup, ko_error *err);
void ko_lookup_close(ko_lookup *lookup); /* NULL is fine */

/* A work that the picture shows. */
typedef struct ko_lookup_work {
    int64_t id;
    ko_evidence evidence;
} ko_lookup_work;

/* What was found out about a picture. */
typedef struct ko_looked {
    ko_picture picture;
    double threshold;      /* the score from which on photos are told */
    ko_lookup_work *works; /* best first */
    size_t n_works;
    ko_album_found *photos; /* in order of id */
    size_t n_photos;
} ko_looked;

void ko_looked_free(ko_looked *looked); /* zeroed ones are fine */

/* Looks up a picture in memory, which messages call by its name; bytes NULL: the file of that name
 * ("-": standard input). Nothing is stored. Errors of the picture are KO_E_NOT_FOUND, KO_E_FORMAT,
 * KO_E_LIMIT, KO_E_UNSUPPORTED with a line that names it. A picture too plain to be compared as a
 * whole (picture.quality tells) may still show a work in a part. *out_looked is to be freed after
 * KO_OK alone. */
KO_NODISCARD ko_status ko_lookup_ask(const ko_lookup *lookup, ko_album *album, const char *name,
                                     const void *bytes, size_t size, ko_looked *out_looked,
                                     ko_error *err);

#endif
