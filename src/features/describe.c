/* Direction and surroundings of a keypoint.
 *
 * The direction is that of the intensity centroid (Rosin, "Measuring corner properties",
 * 1999; Rublee et al., "ORB: an efficient alternative to SIFT or SURF", 2011). In its frame
 * 16 x 16 gradients are spread over 4 x 4 cells of 8 directions (Lowe, "Distinctive image
 * features from scale-invariant keypoints", 2004, section 6), and the shares' square roots
 * are kept. */
#include "features/describe.h"

#include "simd/simd.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

_Static_assert(KO_DESCRIPTOR_BINS == KO_HISTOGRAM_BINS, "one descriptor, one histogram");

#define CELLS 4 /* both ways */
#define DIRECTIONS ((size_t)8)

static float in_picture(int16_t place, float scale)
{
    return ((float)place + .5f) * scale - .5f;
}

/* Functions of double precision, rounded: those of single precision differ from one
 * mathematical library to the next. */
static ko_patch patch_of(const ko_corner *corner, const ko_moment *moment)
{
    const double x = moment->x, y = moment->y, length = sqrt(x * x + y * y);
    const double unit = KO_PATCH_ONE / (length > 0 ? length : 1);
    const int16_t cosine = (int16_t)(length > 0 ? lround(x * unit) : KO_PATCH_ONE);
    return (ko_patch){corner->x, corner->y, cosine, (int16_t)lround(y * unit)};
}

void ko_describe(ko_gradients *gradients, const ko_corner *corner, ko_keypoint *out_keypoint,
                 ko_descriptor *out_descriptor)
{
    const ko_features_kernels *kernels = &ko_simd_get()->features;
    const ko_level *level = gradients->level;
    assert(corner->x < level->width && corner->y < level->height);
    ko_moment moment;
    kernels->disc_moment(level->px + corner->y * level->stride + corner->x, level->stride, &moment);
    const ko_patch patch = patch_of(corner, &moment);
    ko_gradients_reach(gradients, corner->y);
    kernels->histogram(gradients->at0, level->stride, &patch, out_descriptor->bin);
    const float angle = (float)atan2(moment.y, moment.x);
    *out_keypoint = (ko_keypoint){.x = in_picture(corner->x, level->scale),
                                  .y = in_picture(corner->y, level->scale),
                                  .angle = angle,
                                  .scale = level->scale,
                                  .response = corner->response,
                                  .level = corner->level};
}

/* A mirror about the patch's x axis turns the rows of cells upside down and each direction
 * to its opposite angle; inverting turns the patch, whose centroid moves to the other side,
 * by half, and the gradients with it. A cell is eight bytes, and reversed as one word. */
void ko_descriptor_variant(const ko_descriptor *in, unsigned variant, ko_descriptor *out)
{
    static const size_t moved[KO_VARIANTS] = {
        [KO_VARIANT_MIRRORED] = (size_t)(CELLS - 1) * CELLS,
        [KO_VARIANT_INVERTED] = (size_t)CELLS * CELLS - 1,
        [KO_VARIANT_MIRRORED + KO_VARIANT_INVERTED] = CELLS - 1,
    };
    assert(variant < KO_VARIANTS && in != out);
    for (size_t cell = 0; cell < KO_DESCRIPTOR_BINS / DIRECTIONS; cell++) {
        const uint8_t *from = in->bin + (cell ^ moved[variant]) * DIRECTIONS;
        uint8_t *to = out->bin + cell * DIRECTIONS;
        uint64_t bins;
        memcpy(&bins, from, sizeof bins);
        if (variant & KO_VARIANT_MIRRORED) {
            bins = __builtin_bswap64(bins);
            to[0] = from[0];
            memcpy(to + 1, &bins, sizeof bins - 1);
        } else {
            memcpy(to, &bins, sizeof bins);
        }
    }
}
