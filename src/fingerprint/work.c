/* The fingerprints under which a work is looked for.
 *
 * A seller puts a work with transparent parts on paper, cloth or wood, whole or cut to
 * what is seen of it. Filtering is linear, so the thumbnail on any ground is that of the
 * light the work gives plus the ground times that of its transparency: two passes over
 * the pixels serve every ground. */
#include "base/alloc.h"
#include "base/status.h"
#include "fingerprint/pdq.h"

#include <assert.h>
#include <string.h>

/* --- the recipe --- */

/* Levels of grey that a work is laid on: white paper, black cloth, and between. */
static const uint8_t grounds[] = {255, 0, 128};
/* Alpha from which a pixel counts as part of the work: fainter glows and stray specks do
 * not widen the box. */
#define OPAQUE_MIN 16
/* The box is a cut of its own when one of its sides is below this share of the canvas. */
#define BOX_MAX_PERCENT 95
/* A variant this near an earlier one of the same orientation finds nothing new. */
#define NEAR_BITS 4

#define GROUNDS (sizeof grounds / sizeof *grounds)
#define CUTS 2
_Static_assert(CUTS *GROUNDS *KO_ORIENT_COUNT <= KO_FP_VARIANTS_MAX, "room for all variants");

/* --- where the work lies on its canvas --- */

typedef struct box {
    uint32_t x, y, width, height;
} box;

static bool is_opaque(const ko_grey *alpha)
{
    for (uint32_t y = 0; y < alpha->height; y++)
        for (uint32_t x = 0; x < alpha->width; x++)
            if (alpha->px[alpha->stride * y + x] != UINT8_MAX)
                return false;
    return true;
}

/* The smallest box around what is seen of the work; the canvas when that is nothing. */
static box opaque_box(const ko_grey *alpha)
{
    uint32_t left = alpha->width;
    uint32_t right = 0;
    uint32_t top = alpha->height;
    uint32_t bottom = 0;
    for (uint32_t y = 0; y < alpha->height; y++)
        for (uint32_t x = 0; x < alpha->width; x++) {
            if (alpha->px[alpha->stride * y + x] < OPAQUE_MIN)
                continue;
            left = x < left ? x : left;
            right = x > right ? x : right;
            top = y < top ? y : top;
            bottom = y;
        }
    if (left > right)
        return (box){0, 0, alpha->width, alpha->height};
    return (box){left, top, right - left + 1, bottom - top + 1};
}

static bool clearly_smaller(uint64_t side, uint64_t of)
{
    return side * 100 < of * BOX_MAX_PERCENT;
}

/* --- one cut --- */

/* A cut of the work, filtered: on ground g its thumbnail is light + g * clear. */
typedef struct layers {
    ko_fp_thumb light;
    ko_fp_thumb clear;
} layers;

/* Looks up the grid pixels of a cut: premultiplied luma, and transparency. */
static void split(const ko_grey *luma, const ko_grey *alpha, box cut, const ko_grey *out_light,
                  const ko_grey *out_clear)
{
    size_t k = 0;
    for (uint32_t y = 0; y < out_light->height; y++) {
        const size_t from_y = cut.y + ko_fp_grid_at(y, cut.height, out_light->height);
        for (uint32_t x = 0; x < out_light->width; x++, k++) {
            const size_t from_x = cut.x + ko_fp_grid_at(x, cut.width, out_light->width);
            const unsigned a = alpha->px[alpha->stride * from_y + from_x];
            const unsigned l = luma->px[luma->stride * from_y + from_x];
            out_light->px[k] = (uint8_t)((a * l + UINT8_MAX / 2) / UINT8_MAX);
            out_clear->px[k] = (uint8_t)(UINT8_MAX - a);
        }
    }
}

static ko_status filter_cut(const ko_grey *luma, const ko_grey *alpha, box cut, layers *out_layers,
                            ko_error *err)
{
    *out_layers = (layers){.light = {{{0}}}};
    const ko_fp_grid grid = ko_fp_grid_of(cut.width, cut.height);
    if (!ko_fp_hashable(grid))
        return KO_OK;
    const ko_extent full = {grid.width, grid.height, 1};
    const size_t n = (size_t)grid.width * grid.height;
    uint8_t *planes = ko_alloc_array(2, n);
    if (!planes)
        return ko_fail(err, KO_E_NOMEM, "layers of %u x %u px", grid.width, grid.height);
    const ko_grey light = {planes, grid.width, grid.height, grid.width};
    const ko_grey clear = {planes + n, grid.width, grid.height, grid.width};
    split(luma, alpha, cut, &light, &clear);
    ko_fp_thumbnail(ko_simd_get(), &light, &full, &out_layers->light);
    ko_fp_thumbnail(ko_simd_get(), &clear, &full, &out_layers->clear);
    ko_free(planes);
    return KO_OK;
}

static void lay_on(const layers *work, uint8_t ground, ko_fp_thumb *out_thumb)
{
    const float share = (float)ground / UINT8_MAX;
    for (size_t i = 0; i < KO_FP_THUMB_SIDE; i++)
        for (size_t j = 0; j < KO_FP_THUMB_SIDE; j++)
            out_thumb->px[i][j] = work->light.px[i][j] + share * work->clear.px[i][j];
}

/* --- the list --- */

/* One cut on one ground. */
typedef struct laid {
    uint8_t ground, cropped;
    int quality;
    ko_fp fps[KO_ORIENT_COUNT];
} laid;

static bool is_near(const ko_fp_variant *variants, size_t n, const ko_fp_variant *candidate)
{
    for (size_t i = 0; i < n; i++)
        if (variants[i].orientation == candidate->orientation &&
            ko_fp_distance(&variants[i].fp, &candidate->fp) <= NEAR_BITS)
            return true;
    return false;
}

/* Appends the orientations that are not near one of the n there are. */
static size_t append(ko_fp_variant *variants, size_t n, const laid *from, bool has_ground)
{
    for (unsigned o = 0; o < KO_ORIENT_COUNT; o++) {
        const ko_fp_variant candidate = {.fp = from->fps[o],
                                         .orientation = (uint8_t)o,
                                         .ground = from->ground,
                                         .cropped = from->cropped,
                                         .has_ground = has_ground};
        if (!is_near(variants, n, &candidate))
            variants[n++] = candidate;
    }
    return n;
}

/* Lays the work on every ground in every cut; writes up to CUTS * GROUNDS of them. */
static ko_status lay_out(const ko_grey *luma, const ko_grey *alpha, laid *out, size_t *out_n,
                         ko_error *err)
{
    const box canvas = {0, 0, alpha->width, alpha->height};
    const box seen = opaque_box(alpha);
    const bool crops =
        clearly_smaller(seen.width, canvas.width) || clearly_smaller(seen.height, canvas.height);
    const box cuts[CUTS] = {seen, canvas};
    size_t n = 0;
    for (size_t c = crops ? 0 : 1; c < CUTS; c++) {
        layers work;
        const ko_status st = filter_cut(luma, alpha, cuts[c], &work, err);
        if (st != KO_OK)
            return st;
        for (size_t g = 0; g < GROUNDS; g++, n++) {
            ko_fp_thumb thumb;
            ko_fp_dct dct;
            lay_on(&work, grounds[g], &thumb);
            ko_fp_dct_of(&thumb, &dct);
            ko_fp_bits_all(&dct, out[n].fps);
            out[n].quality = ko_fp_quality(&thumb);
            out[n].ground = grounds[g];
            out[n].cropped = c == 0;
        }
    }
    *out_n = n;
    return KO_OK;
}

ko_status ko_fp_work(const ko_grey *luma, const ko_grey *alpha, ko_fp_variant *out_variants,
                     size_t *out_count, int *out_quality, ko_error *err)
{
    ko_status st = ko_fp_check_size(luma->width, luma->height, err);
    if (st != KO_OK)
        return st;
    laid all[CUTS * GROUNDS] = {{.ground = UINT8_MAX}};
    size_t n = 1;
    const bool has_ground = alpha && alpha->px && !is_opaque(alpha);
    if (has_ground) {
        assert(alpha->width == luma->width && alpha->height == luma->height);
        st = lay_out(luma, alpha, all, &n, err);
    } else {
        st = ko_fp_orientations(luma, NULL, all[0].fps, &all[0].quality, err);
    }
    if (st != KO_OK)
        return st;
    int best = 0;
    for (size_t i = 0; i < n; i++)
        best = all[i].quality > best ? all[i].quality : best;
    /* A black drawing is nothing on black: a plain variant would only match by chance. */
    const int bar = best < KO_FP_QUALITY_MIN ? best : KO_FP_QUALITY_MIN;
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        if (all[i].quality >= bar)
            count = append(out_variants, count, &all[i], has_ground);
    *out_count = count;
    if (out_quality)
        *out_quality = best;
    return KO_OK;
}
