/* match/evidence.h - why a photo is held to show a work. */
#ifndef KO_MATCH_EVIDENCE_H
#define KO_MATCH_EVIDENCE_H

#include <knockoff/fingerprint.h>

#include <stdbool.h>

typedef enum ko_method {
    KO_METHOD_WHOLE = 0, /* the photo as a whole looks like the work */
    KO_METHOD_PART       /* the work was found somewhere inside the photo */
} ko_method;

#define KO_METHODS 2

const char *ko_method_name(ko_method method); /* "whole", "part" */

/* Two fingerprints that lie near. */
typedef struct ko_whole_evidence {
    unsigned distance;          /* bits of 256 */
    ko_orientation orientation; /* of the photo against the work */
    int ground;                 /* grey level behind the work, -1 when it is opaque */
    bool cropped;               /* the work was cut to its opaque box */
} ko_whole_evidence;

/* A place where keypoints agree and the picture looks like the work. */
typedef struct ko_part_evidence {
    float quad[8]; /* x, y of the work's corners: top left, top right, bottom right, bottom
                    * left of the work as its file shows it, in pixels of the photo as displayed */
    bool mirrored, inverted; /* inverted: light and dark are swapped */
    float turn;              /* degrees clockwise, -180..180 */
    float share;             /* of the work that is inside the photo and looks like it, 0..1 */
    unsigned inliers;        /* matches of keypoints that agree */
} ko_part_evidence;

/* What speaks for one pair of photo and work. */
typedef struct ko_evidence {
    double score;     /* the higher one of what was found; three decimals, rounded down */
    ko_method method; /* that gave it */
    bool has_whole, has_part;
    ko_whole_evidence whole;
    ko_part_evidence part;
} ko_evidence;

#endif
