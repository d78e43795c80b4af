/* scan/picture.h - one picture, from where it lies to its fingerprints.
 *
 * The two kinds differ in trust and in effort: a photo of a listing is hostile and one of
 * millions, an original is the artist's own and registered once. */
#ifndef KO_SCAN_PICTURE_H
#define KO_SCAN_PICTURE_H

#include "base/file.h"
#include "match/finder.h"

#include <knockoff/image.h>

#include <stdbool.h>
#include <stdint.h>

/* A photo is decoded at no less than this many pixels on its shorter and on its longer
 * side: JPEG comes out of the decoder shrunk. Below the one, fingerprints start to differ
 * from those of the full picture by more than a few bits; the other is the size at which
 * works are looked for in its parts. */
#define KO_PHOTO_SIDE_PX 256u
#define KO_PHOTO_LONG_SIDE_PX 800u

/* What a file turned out to be. */
typedef struct ko_picture {
    uint8_t sha256[32];
    int64_t bytes;
    ko_image_kind kind;
    uint32_t width, height; /* as displayed */
    bool has_alpha;
    int quality; /* 0..100 */
} ko_picture;

/* A photo and the works it shows, or why it could not be read. The caller says where it lies:
 * in a file or in memory. */
typedef struct ko_photo_reading {
    const char *name;  /* for messages */
    ko_file_part file; /* only looked at when bytes is NULL */
    const void *bytes;
    size_t size;
    ko_status status;
    ko_error error;
    ko_picture picture;
    ko_fp fps[KO_ORIENT_COUNT];
    ko_claims claims;
} ko_photo_reading;

/* Reads and fingerprints n photos with up to jobs threads and asks the finder, if any, about
 * each. Each one's failure stays with it; KO_E_STOPPED when the user asked to stop, with the rest
 * unread. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_photos_read(ko_photo_reading *photos, size_t n, const ko_finder *finder,
                                      unsigned jobs);

void ko_photo_reading_free(ko_photo_reading *photo); /* zeroed ones are fine */

/* An original with all that it will be looked for by. */
typedef struct ko_original_reading {
    const char *path; /* set by the caller */
    ko_status status;
    ko_error error;
    ko_picture picture;
    char *title;             /* from XMP, IPTC or PNG text; NULL when there is none */
    ko_fp_variant *variants; /* n_variants of them */
    size_t n_variants;
    ko_part_view *part; /* what it is looked for by inside pictures */
    bool with_trial;    /* set by the caller: also tell its robustness */
    int robustness;     /* percent of trial prints in which it was found; 0 when not asked */
} ko_original_reading;

KO_NODISCARD ko_status ko_originals_read(ko_original_reading *originals, size_t n, unsigned jobs);

/* It has neither fingerprints nor keypoints: there is nothing to look for. */
bool ko_original_is_plain(const ko_original_reading *original);

void ko_original_free(ko_original_reading *original); /* zeroed ones are fine */

#endif
