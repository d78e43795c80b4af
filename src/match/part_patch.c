#include "match/part_patch.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#define STRIDE KO_PART_PATCH_STRIDE
/* A look that is this much of the print's longer side still has its details. */
#define FINE_ENOUGH .6f
/* A level of the photo this much finer than the look does not alias yet. */
#define LEVEL_NEAR 1.05f
/* Above this clearness a pixel shows the ground; its neighbours' edge still counts. */
#define CLEAR_FROM 239
/* Squared gradients, 8 for one grey level a pixel, of noise and JPEG on a block's pixel. */
#define NOISE_BLOCK (64 * 400.f)

/* The loops over pixels have no branches, so that the compiler may take many at a time. */

/* --- the photo --- */

/* From pixels of the patch to pixels of a level of the photo: both have pixel centres at
 * whole numbers, so scaling shifts by half pixels. */
static void chain(const ko_part_view *view, const ko_part_look *k, const ko_part_claim *c,
                  const ko_level *level, uint32_t margin, float out[9])
{
    const double *h = c->model.h;
    const double f = 1 / (double)k->scale, o = (.5 - (double)margin) * f - .5;
    const bool mirrored = c->variant & KO_VARIANT_MIRRORED;
    const double fx = mirrored ? -f : f, ox = mirrored ? (double)view->width - 1 - o : o;
    const double g = 1 / (double)level->scale, og = .5 * g - .5;
    double m[9];
    for (size_t r = 0; r < 9; r += 3) {
        m[r] = h[r] * fx;
        m[r + 1] = h[r + 1] * f;
        m[r + 2] = h[r] * ox + h[r + 1] * o + h[r + 2];
    }
    for (size_t i = 0; i < 3; i++) {
        out[i] = (float)(g * m[i] + og * m[6 + i]);
        out[3 + i] = (float)(g * m[3 + i] + og * m[6 + i]);
        out[6 + i] = (float)m[6 + i];
    }
}

static const ko_level *level_for(const ko_pyramid *pyramid, float scale)
{
    size_t i = 0;
    while (i + 1 < pyramid->n && pyramid->level[i + 1].scale < scale * LEVEL_NEAR)
        i++;
    return &pyramid->level[i];
}

/* Sobel's gradients, 8 for one grey level a pixel; 0 on the border. */
static void slopes(const uint8_t *restrict in, uint32_t width, uint32_t height,
                   ko_slope *restrict out)
{
    memset(out, 0, (size_t)height * STRIDE * sizeof *out);
    for (size_t y = 1; y + 1 < height; y++) {
        const uint8_t *a = in + (y - 1) * STRIDE, *b = a + STRIDE, *c = b + STRIDE;
        ko_slope *o = out + y * STRIDE;
        for (size_t x = 1; x + 1 < width; x++) {
            o[x].x =
                (int16_t)(2 * (b[x + 1] - b[x - 1]) + a[x + 1] - a[x - 1] + c[x + 1] - c[x - 1]);
            o[x].y = (int16_t)(2 * (c[x] - a[x]) + c[x - 1] - a[x - 1] + c[x + 1] - a[x + 1]);
        }
    }
}

/* Clears the gradients that a pixel outside of the photo went into. */
static void clear_outside(const uint8_t *restrict inside, uint32_t width, uint32_t height,
                          ko_slope *restrict out)
{
    for (size_t y = 1; y + 1 < height; y++)
        for (size_t i = y * STRIDE + 1; i + 1 < y * STRIDE + width; i++) {
            const int all = inside[i] & inside[i - STRIDE - 1] & inside[i - STRIDE + 1] &
                            inside[i + STRIDE - 1] & inside[i + STRIDE + 1];
            out[i].x = (int16_t)(out[i].x & -all);
            out[i].y = (int16_t)(out[i].y & -all);
        }
}

void ko_part_patch_photo(const ko_part_view *view, const ko_part_look *look,
                         const ko_part_claim *claim, uint32_t margin, ko_parts_scratch *s)
{
    const uint32_t width = look->width + 2 * margin, height = look->height + 2 * margin;
    assert(width <= STRIDE && height <= STRIDE);
    const float per_view = claim->side_px / sqrtf((float)view->width * (float)view->height);
    const ko_level *level = level_for(s->photo.pyramid, per_view / look->scale);
    ko_rectify r = {.px = level->px,
                    .stride = (size_t)level->stride,
                    .right = (float)(level->width - 2),
                    .below = (float)(level->height - 2)};
    chain(view, look, claim, level, margin, r.h);
    uint8_t *const inside = s->patch.inside;
    for (uint32_t y = 0; y < height; y++)
        ko_simd_get()->parts.rectify_row(&r, y, width, s->patch.px + (size_t)y * STRIDE,
                                         inside + (size_t)y * STRIDE);
    slopes(s->patch.px, width, height, s->patch.photo);
    clear_outside(inside, width, height, s->patch.photo);
}

/* --- the view --- */

static uint8_t lesser(uint8_t a, uint8_t b)
{
    return a < b ? a : b;
}

/* Whether a pixel of the view or one beside it is opaque. */
static bool is_opaque_near(const uint8_t *clear, size_t stride)
{
    const uint8_t beside = lesser(clear[-1], clear[1]);
    const uint8_t above_or_below = lesser(*(clear - stride), clear[stride]);
    return lesser(lesser(clear[0], beside), above_or_below) < CLEAR_FROM;
}

static void draw_on_ground(const ko_part_look *k, uint8_t ground, uint8_t *restrict out)
{
    for (size_t y = 0; y < k->height; y++, out += STRIDE) {
        const uint8_t *light = k->light + y * k->width;
        if (!k->clear) {
            memcpy(out, light, k->width);
            continue;
        }
        const uint8_t *clear = k->clear + y * k->width;
        for (size_t x = 0; x < k->width; x++) {
            const unsigned sum = light[x] + (ground * (unsigned)clear[x] + 127) / 255;
            out[x] = (uint8_t)(sum > UINT8_MAX ? UINT8_MAX : sum);
        }
    }
}

static void mark_opaque(const ko_part_look *k, int32_t *restrict seen)
{
    memset(seen, 0, (size_t)k->height * STRIDE * sizeof *seen);
    for (size_t y = 1; y + 1 < k->height; y++) {
        const uint8_t *clear = k->clear ? k->clear + y * k->width : NULL;
        int32_t *out = seen + y * STRIDE;
        for (size_t x = 1; x + 1 < k->width; x++)
            out[x] = clear ? -is_opaque_near(clear + x, k->width) : -1;
    }
}

void ko_part_patch_view(const ko_part_look *look, uint32_t ground, ko_parts_scratch *s)
{
    draw_on_ground(look, ko_part_ground(ground), s->patch.px);
    slopes(s->patch.px, look->width, look->height, s->patch.view);
    mark_opaque(look, s->patch.seen);
}

float ko_part_patch_alike(const ko_gradient_sums *block)
{
    const float aa = (float)block->aa;
    return fabsf((float)block->ab) / sqrtf(aa * (float)block->bb + NOISE_BLOCK * aa + 1);
}

size_t ko_part_patch_finest(const ko_part_view *view, const ko_part_claim *claim)
{
    const float width = (float)view->width, height = (float)view->height;
    const float longest = claim->side_px * sqrtf(fmaxf(width, height) / fminf(width, height));
    size_t i = KO_PART_LOOKS - 2;
    while (i > 0 &&
           fmaxf((float)view->looks[i].width, (float)view->looks[i].height) < longest * FINE_ENOUGH)
        i--;
    return i;
}
