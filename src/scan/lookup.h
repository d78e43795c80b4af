/* scan/lookup.h - one picture, like a reverse image search: what does it show, and where
 * was it seen? */
#ifndef KO_SCAN_LOOKUP_H
#define KO_SCAN_LOOKUP_H

#include "scan/picture.h"
#include "store/seen.h"
#include "store/work.h"

/* A work that the picture shows. */
typedef struct ko_lookup_work {
    const char *serial, *title;
    double score;
    unsigned distance;          /* bits */
    ko_orientation orientation; /* of the picture against the work */
    int ground;                 /* grey level behind the work, -1 when it is opaque */
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
    void *context;
    ko_status (*on_work)(void *context, const ko_lookup_work *work);    /* best first */
    ko_status (*on_photo)(void *context, const ko_lookup_photo *photo); /* in order of id */
} ko_lookup_options;

/* Looks the picture at path up ("-": standard input) and fills out_picture. Nothing is
 * stored. Errors of the picture are KO_E_NOT_FOUND, KO_E_FORMAT, KO_E_LIMIT,
 * KO_E_UNSUPPORTED with a line that names it. A picture too plain to match finds nothing:
 * out_picture->quality tells. */
KO_NODISCARD ko_status ko_lookup(ko_store *store, const char *path,
                                 const ko_lookup_options *options, ko_picture *out_picture,
                                 ko_error *err);

#endif
