/* knockoff/fingerprint.h - the 256-bit perceptual fingerprint (PDQ) of one picture.
 *
 * A fingerprint is a plain value: copy it, compare it, keep it on the stack. Pure
 * functions; any thread may call. Algorithm: "The TMK+PDQF Video-Hashing Algorithm and
 * the PDQ Image-Hashing Algorithm", Facebook, 2019, section "PDQ". */
#ifndef KNOCKOFF_FINGERPRINT_H
#define KNOCKOFF_FINGERPRINT_H

#include <knockoff/raster.h>
#include <knockoff/status.h>

#ifdef __cplusplus
extern "C" {
#endif

#define KO_FP_BITS 256
#define KO_FP_WORDS 4
#define KO_FP_HEX_SIZE 65 /* 64 digits and the final zero */

/* Below this quality a picture is so plain that its fingerprint is mostly chance. PDQ's
 * authors draw the line at 50 for photographs; between 10 and that chance matches are no
 * more frequent, and many a line drawing lies there. */
#define KO_FP_QUALITY_MIN 10

typedef struct ko_fp {
    uint64_t w[KO_FP_WORDS]; /* bit k is (w[k/64] >> k%64) & 1; same order in the store */
} ko_fp;

/* The eight ways a picture can be turned and mirrored: what was done to the work to
 * get the picture that was seen. */
typedef enum ko_orientation {
    KO_ORIENT_NONE = 0,
    KO_ORIENT_ROT90, /* turned clockwise */
    KO_ORIENT_ROT180,
    KO_ORIENT_ROT270,
    KO_ORIENT_MIRROR,     /* left and right swapped */
    KO_ORIENT_FLIP,       /* top and bottom swapped */
    KO_ORIENT_TRANSPOSE,  /* mirrored about the diagonal from top left */
    KO_ORIENT_TRANSVERSE, /* mirrored about the other diagonal */
    KO_ORIENT_COUNT
} ko_orientation;

/* "none", "rot90", ..., "mirror", "flip", "transpose", "transverse"; never NULL. */
KO_API const char *ko_orientation_name(ko_orientation orientation);

/* Number of differing bits, 0..256. */
KO_API unsigned ko_fp_distance(const ko_fp *a, const ko_fp *b);

/* Writes 64 lower-case digits, most significant bit (255) first, and a final zero. */
KO_API void ko_fp_to_hex(const ko_fp *fp, char out_hex[KO_FP_HEX_SIZE]);

/* Reads exactly 64 hexadecimal digits; KO_E_FORMAT otherwise. */
KO_API KO_NODISCARD ko_status ko_fp_from_hex(const char *hex, ko_fp *out_fp, ko_error *err);

/* Fingerprint of a borrowed luma raster, the production path: exact integer filtering,
 * tens of microseconds, no memory. On the pixels that the reference program sees it is
 * within two bits of it, but for pictures so symmetric that rounding decides their bits.
 * full says that a decoder shrank the picture, and from what: the reference's pixels are
 * then looked up in the blocks they went into; NULL when it did not.
 * out_quality (0..100) says how much structure there was; may be NULL. A picture whose
 * longer side is at most 512 px and whose shorter one is below 5 has quality 0 and no bit.
 * KO_E_LIMIT when a side is 0 or above the decoder's cap. */
KO_API KO_NODISCARD ko_status ko_fp_from_grey(const ko_grey *luma, const ko_extent *full,
                                              ko_fp *out_fp, int *out_quality, ko_error *err);

/* The same in all eight orientations, indexed by ko_orientation, at half as much again. */
KO_API KO_NODISCARD ko_status ko_fp_orientations(const ko_grey *luma, const ko_extent *full,
                                                 ko_fp out_fps[KO_ORIENT_COUNT], int *out_quality,
                                                 ko_error *err);

/* Bit for bit what the PDQ reference program prints for these pixels, in all eight
 * orientations: its rotate90 is a turn to the left and so stands at KO_ORIENT_ROT270, its
 * flipx at KO_ORIENT_FLIP, flipy at MIRROR, flipplus1 at TRANSPOSE, flipminus1 at
 * TRANSVERSE. As it does, 512 x 512 of the pixels stand for a picture with a longer side.
 * Milliseconds: for exchange with others and for tests, not for scans.
 * KO_E_LIMIT as above, KO_E_NOMEM. */
KO_API KO_NODISCARD ko_status ko_fp_reference(const ko_rgb *rgb, ko_fp out_fps[KO_ORIENT_COUNT],
                                              int *out_quality, ko_error *err);

/* What a work may be lying on, and how it was cut, when it was fingerprinted. */
typedef struct ko_fp_variant {
    ko_fp fp;
    uint8_t orientation; /* ko_orientation */
    uint8_t ground;      /* grey level behind transparent parts; 255 for opaque works */
    uint8_t cropped;     /* 1: cut to the opaque box; 0: the whole canvas */
    uint8_t has_ground;  /* 0: the work is opaque, ground means nothing */
} ko_fp_variant;

/* Upper bound of what ko_fp_work writes. */
#define KO_FP_VARIANTS_MAX 256

/* All fingerprints under which a work is looked for: what is seen of it and its whole
 * canvas, each on so many grounds that every other ground is near one of them, each in
 * eight orientations, without repetitions and without grounds on which it is too plain.
 * The work is given in full size; alpha, of the same size, may be NULL or have px NULL
 * (opaque). Writes 0..KO_FP_VARIANTS_MAX variants, 0 when the work is below
 * KO_FP_QUALITY_MIN on every ground; out_quality (may be NULL) is that of the best.
 * KO_E_LIMIT as for ko_fp_from_grey, KO_E_NOMEM. */
KO_API KO_NODISCARD ko_status ko_fp_work(const ko_grey *luma, const ko_grey *alpha,
                                         ko_fp_variant *out_variants, size_t *out_count,
                                         int *out_quality, ko_error *err);

#ifdef __cplusplus
}
#endif
#endif
