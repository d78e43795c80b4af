/* How safely a work will be found, said before the first photo of it is seen.
 *
 * The work is printed into some photos made here: small, turned, tilted, in the mirror,
 * inverted, on dark and light woven ground, softly focused. An index of this one view is
 * asked for it. What few of these show is easily missed: plain drawings, outlines without
 * corners, fine lines that do not survive being small. */
#include "base/alloc.h"
#include "base/status.h"
#include "features/resize.h"
#include "match/part_view.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#define PHOTO_WIDTH 640u
#define PHOTO_HEIGHT 480u
#define PRINT_SIDE_MIN 4u
#define WEAVE 6u /* grey levels, all that a thread's tone may differ from the ground's */
#define PI 3.14159265f

typedef struct trial {
    float size; /* of the print's longer side, to that of the photo */
    float tilt; /* its width, to what it is when seen from the front */
    float turn; /* degrees */
    float soft; /* its resolution, to the photo's */
    uint8_t ground;
    unsigned variant;
} trial;

static const trial trials[] = {
    {.5f, .6f, 30, .5f, 60, KO_VARIANT_PLAIN},    {.3f, .8f, -15, .4f, 120, KO_VARIANT_PLAIN},
    {.25f, .5f, 20, .7f, 200, KO_VARIANT_PLAIN},  {.2f, .9f, 8, .5f, 30, KO_VARIANT_PLAIN},
    {.15f, .8f, -6, .8f, 225, KO_VARIANT_PLAIN},  {.12f, .9f, 160, .8f, 90, KO_VARIANT_PLAIN},
    {.3f, .8f, 5, .4f, 240, KO_VARIANT_MIRRORED}, {.25f, .9f, -8, .5f, 20, KO_VARIANT_INVERTED},
};
#define TRIALS (sizeof trials / sizeof *trials)

/* A work's tones and what of it is opaque, as large as its print. */
typedef struct sheet {
    ko_grey tone, opaque; /* opaque.px is NULL where all is */
} sheet;

static ko_status shrunk(const ko_grey *in, uint32_t width, uint32_t height, ko_grey *out,
                        ko_error *err)
{
    *out = (ko_grey){ko_alloc_array(height, width), width, height, width};
    if (!out->px)
        return ko_fail(err, KO_E_NOMEM, "print of %u x %u px", width, height);
    return ko_resize(in, out, err);
}

static uint32_t side(float px)
{
    return px > (float)PRINT_SIDE_MIN ? (uint32_t)(px + .5f) : PRINT_SIDE_MIN;
}

static ko_status sheet_make(const ko_grey *luma, const ko_grey *alpha, const trial *t, sheet *out,
                            ko_error *err)
{
    const uint32_t longest = luma->width > luma->height ? luma->width : luma->height;
    const float scale = t->size * t->soft * (float)PHOTO_WIDTH / (float)longest;
    const uint32_t width = side((float)luma->width * scale * t->tilt);
    const uint32_t height = side((float)luma->height * scale);
    ko_status st = shrunk(luma, width, height, &out->tone, err);
    if (st == KO_OK && alpha)
        st = shrunk(alpha, width, height, &out->opaque, err);
    return st;
}

static void sheet_free(sheet *s)
{
    ko_free(s->tone.px);
    ko_free(s->opaque.px);
}

/* Between four pixels; x and y are inside by half a pixel at least. */
static float sample(const ko_grey *p, float x, float y)
{
    const uint32_t column = (uint32_t)x, row = (uint32_t)y;
    const float ax = x - (float)column, ay = y - (float)row;
    const uint8_t *q = p->px + row * p->stride + column;
    return (1 - ay) * ((1 - ax) * (float)q[0] + ax * (float)q[1]) +
           ay * ((1 - ax) * (float)q[p->stride] + ax * (float)q[p->stride + 1]);
}

static float printed(const sheet *s, const trial *t, float x, float y, float ground)
{
    if (!(x >= 0 && y >= 0 && x < (float)(s->tone.width - 1) && y < (float)(s->tone.height - 1)))
        return ground;
    const float tone = sample(&s->tone, x, y);
    const float ink = t->variant & KO_VARIANT_INVERTED ? UINT8_MAX - tone : tone;
    const float cover = s->opaque.px ? sample(&s->opaque, x, y) / UINT8_MAX : 1;
    return ground + cover * (ink - ground);
}

/* Prints the sheet onto the middle of a photo. */
static void print(const sheet *s, const trial *t, const ko_grey *photo)
{
    const float angle = t->turn * (PI / 180), flip = t->variant & KO_VARIANT_MIRRORED ? -1.f : 1.f;
    const float c = t->soft * cosf(angle), n = t->soft * sinf(angle);
    const float middle_x = .5f * (float)s->tone.width, middle_y = .5f * (float)s->tone.height;
    uint32_t thread = 1;
    for (uint32_t y = 0; y < photo->height; y++)
        for (uint32_t x = 0; x < photo->width; x++) {
            const float dx = (float)x - .5f * (float)photo->width;
            const float dy = (float)y - .5f * (float)photo->height;
            thread = thread * 1664525u + 1013904223u;
            const float weave = (float)(thread >> 16) * (WEAVE / 65536.f) - WEAVE / 2.f;
            const float grey = weave + printed(s, t, flip * (c * dx + n * dy) + middle_x,
                                               c * dy - n * dx + middle_y, t->ground);
            photo->px[y * photo->stride + x] = (uint8_t)fminf(fmaxf(grey + .5f, 0), UINT8_MAX);
        }
}

static ko_status try_one(const ko_parts *parts, ko_parts_scratch *scratch, const ko_grey *luma,
                         const ko_grey *alpha, const trial *t, const ko_grey *photo, double floor,
                         size_t *out_found, ko_error *err)
{
    ko_part_found found[KO_PARTS_FOUND_MAX];
    sheet s = {0};
    ko_status st = sheet_make(luma, alpha, t, &s, err);
    if (st == KO_OK) {
        print(&s, t, photo);
        st = ko_parts_find(parts, scratch, photo, floor, found, out_found, err);
    }
    sheet_free(&s);
    return st;
}

ko_status ko_part_view_robustness(const ko_part_view *view, const ko_grey *luma,
                                  const ko_grey *alpha, double floor, unsigned *out_percent,
                                  ko_error *err)
{
    if (alpha && !alpha->px)
        alpha = NULL;
    assert(!alpha || (alpha->width == luma->width && alpha->height == luma->height));
    ko_parts *parts = NULL;
    ko_parts_scratch *scratch = NULL;
    const ko_grey photo = {ko_alloc_array(PHOTO_HEIGHT, PHOTO_WIDTH), PHOTO_WIDTH, PHOTO_HEIGHT,
                           PHOTO_WIDTH};
    unsigned found = 0;
    if (!photo.px)
        return ko_fail(err, KO_E_NOMEM, "trial photo");
    ko_status st = ko_parts_build(&view, &(uint32_t){0}, 1, 1, 1, 1, &parts, err);
    if (st == KO_OK)
        st = ko_parts_scratch_make(&scratch, err);
    for (size_t i = 0; i < TRIALS && st == KO_OK; i++) {
        size_t n = 0;
        st = try_one(parts, scratch, luma, alpha, &trials[i], &photo, floor, &n, err);
        found += n > 0;
    }
    if (st == KO_OK)
        *out_percent = found * 100 / (unsigned)TRIALS;
    ko_parts_scratch_free(scratch);
    ko_parts_free(parts);
    ko_free(photo.px);
    return st;
}
