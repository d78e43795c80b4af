/* scan/lookup.h - pictures one by one, like a reverse image search: what does each show, and
 * where was it seen? */
#ifndef KO_SCAN_LOOKUP_H
#define KO_SCAN_LOOKUP_H

#include "scan/picture.h"
#include "scan/problems.h"
#include "store/seen.h"

/* A work that the picture shows. */
typedef struct ko_lookup_work {
    const char *serial, *title;
    const ko_evidence *evidence;
} ko_lookup_work;

/* A photo seen earlier that looks like the picture. */
typedef struct ko_lookup_photo {
    const ko_photo *photo;
    double score; /* against all photos seen */
    unsigned distance;
    ko_orientation orientation; /* of the picture against the photo */
} ko_lookup_photo;

typedef struct ko_lookup_options {
    double threshold;
    unsigned jobs;
    void *context;
    ko_status (*on_work)(void *context, const ko_lookup_work *work);    /* best first */
    ko_status (*on_photo)(void *context, const ko_lookup_photo *photo); /* in order of id */
} ko_lookup_options;

/* Tells on_photo of all photos seen that look like a picture with these fingerprints, one for each
 * orientation; works are not asked about. A picture too plain to be compared is the caller's to
 * keep away. */
KO_NODISCARD ko_status ko_lookup_photos(ko_store *store, const ko_fp fps[KO_ORIENT_COUNT],
                                        const ko_lookup_options *options, ko_error *err);

/* All works of the store, loaded once for any number of pictures. */
typedef struct ko_lookup ko_lookup;

/* The store must outlive it. KO_E_NOMEM, KO_E_STOPPED. */
KO_NODISCARD ko_status ko_lookup_begin(ko_store *store, const ko_lookup_options *options,
                                       ko_problems *problems, ko_lookup **out_lookup,
                                       ko_error *err);
/* Looks the picture at path up ("-": standard input) and fills out_picture. Nothing is
 * stored. Errors of the picture are KO_E_NOT_FOUND, KO_E_FORMAT, KO_E_LIMIT,
 * KO_E_UNSUPPORTED with a line that names it. A picture too plain to be compared as a whole
 * (out_picture->quality tells) may still show a work in a part. */
KO_NODISCARD ko_status ko_lookup_picture(ko_lookup *lookup, const char *path,
                                         ko_picture *out_picture, ko_error *err);
/* The same for a picture in memory, which messages call by its name. */
KO_NODISCARD ko_status ko_lookup_bytes(ko_lookup *lookup, const char *name, const void *bytes,
                                       size_t size, ko_picture *out_picture, ko_error *err);
void ko_lookup_end(ko_lookup *lookup); /* NULL is fine */

#endif
