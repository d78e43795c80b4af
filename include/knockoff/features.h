/* knockoff/features.h - keypoints of a picture and what surrounds them.
 *
 * A keypoint is a corner with a scale and a direction. Its descriptor is a histogram of
 * gradient directions, 4 x 4 cells of 8 directions, in the square around it turned into the
 * keypoint's own frame; its code is 256 bits made of the descriptor, compared by Hamming
 * distance. Coordinates are pixels of the raster the pyramid was built from, x right, y
 * down, the centre of the first pixel at 0. */
#ifndef KNOCKOFF_FEATURES_H
#define KNOCKOFF_FEATURES_H

#include <knockoff/raster.h>
#include <knockoff/status.h>

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define KO_DESCRIPTOR_BINS 128 /* 4 x 4 cells x 8 directions, direction fastest */
#define KO_CODE_WORDS 4

typedef struct ko_keypoint {
    float x, y;
    float angle;    /* radians, -pi..pi, of the patch's own x axis, x towards y */
    float scale;    /* pixels per pixel of the level it was found on; at least 1 for a photo */
    float response; /* Harris's; above 0 */
    uint8_t level;
} ko_keypoint;

typedef struct ko_descriptor {
    uint8_t bin[KO_DESCRIPTOR_BINS]; /* 512 * sqrt(share of all gradient), at most 127 */
} ko_descriptor;

typedef struct ko_code {
    uint64_t w[KO_CODE_WORDS];
} ko_code;

/* A picture at several sizes; immutable once built. */
typedef struct ko_pyramid ko_pyramid;

/* Resizes the borrowed luma so that its longer side has long_side_px, 1 to 4096 (enlarging
 * at most KO_PYRAMID_ENLARGE_MAX times), and builds the levels; a picture whose shorter side
 * is then below 20 px has none. KO_E_LIMIT for a side of 0 or above the decoder's cap, or
 * for long_side_px; KO_E_NOMEM. */
#define KO_PYRAMID_ENLARGE_MAX 2.5f
KO_API KO_NODISCARD ko_status ko_pyramid_build(const ko_grey *luma, uint32_t long_side_px,
                                               ko_pyramid **out_pyramid, ko_error *err);
KO_API void ko_pyramid_free(ko_pyramid *pyramid); /* NULL is fine */

typedef struct ko_features_options {
    uint32_t max_keypoints;
} ko_features_options;

/* Keypoints of one picture, by level and place; owns its arrays, each n long. */
typedef struct ko_features {
    size_t n;
    ko_keypoint *keypoints; /* in pixels of the pyramid's first level */
    ko_descriptor *descriptors;
    ko_code *codes;
} ko_features;

/* Finds at most options->max_keypoints: corners of FAST on every level, ranked by Harris's
 * response and spread over levels and picture. The same bits on every machine. A plain
 * picture has none: n may be 0. KO_E_NOMEM. */
KO_API KO_NODISCARD ko_status ko_features_find(const ko_pyramid *pyramid,
                                               const ko_features_options *options,
                                               ko_features *out_features, ko_error *err);
KO_API void ko_features_free(ko_features *features);

/* How the picture that is looked for may have been changed. */
enum { KO_VARIANT_PLAIN = 0, KO_VARIANT_MIRRORED = 1, KO_VARIANT_INVERTED = 2, KO_VARIANTS = 4 };

/* The descriptor that the same patch has in the mirror (flipped about its own x axis), with
 * tones inverted (the patch turned by half, and its gradients with it), or both:
 * permutations of the bins. variant is a sum of KO_VARIANT_; in and out are two. */
KO_API void ko_descriptor_variant(const ko_descriptor *in, unsigned variant, ko_descriptor *out);

/* The code of a descriptor, whose bins are at most 127. */
KO_API void ko_descriptor_code(const ko_descriptor *descriptor, ko_code *out_code);

#ifdef __cplusplus
}
#endif
#endif
