/* Every orientation is a walk over the source that starts in one corner and takes one
 * step for each pixel to the right and another for each row down. */
#include "image/turn.h"

#include "base/alloc.h"

#include <assert.h>

/* Square that source and target share in the first-level cache when sides swap. */
#define TILE 32u

typedef struct walk {
    const uint8_t *start;
    ptrdiff_t right, down;  /* bytes in the source per target pixel and row */
    uint32_t width, height; /* of the target */
} walk;

bool ko_image_turn_swaps(unsigned orientation)
{
    return orientation >= 5;
}

static walk walk_of(const ko_grey *source, unsigned px_size, unsigned orientation)
{
    const bool swap = ko_image_turn_swaps(orientation);
    const bool from_right = orientation == 2 || orientation == 3 || orientation >= 7;
    const bool from_bottom =
        orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
    const ptrdiff_t column = from_right ? -(ptrdiff_t)px_size : (ptrdiff_t)px_size;
    const ptrdiff_t row = from_bottom ? -(ptrdiff_t)source->stride : (ptrdiff_t)source->stride;
    return (walk){
        .start = source->px + (from_right ? (size_t)(source->width - 1) * px_size : 0) +
                 (from_bottom ? (source->height - 1) * source->stride : 0),
        .right = swap ? row : column,
        .down = swap ? column : row,
        .width = swap ? source->height : source->width,
        .height = swap ? source->width : source->height,
    };
}

static void copy_run(uint8_t *out, const uint8_t *in, ptrdiff_t step, uint32_t n, unsigned px_size)
{
    if (px_size == 1) {
        for (uint32_t i = 0; i < n; i++)
            out[i] = in[(ptrdiff_t)i * step];
        return;
    }
    for (uint32_t i = 0; i < n; i++) {
        const uint8_t *p = in + (ptrdiff_t)i * step;
        for (size_t c = 0; c < px_size; c++)
            out[i * (size_t)px_size + c] = p[c];
    }
}

/* Planes of any kind are seen as ko_grey of px_size bytes a pixel. */
static bool turn(ko_grey *plane, unsigned px_size, unsigned orientation)
{
    assert(orientation >= 1 && orientation <= 8);
    if (!plane->px || orientation == 1)
        return true;
    const walk w = walk_of(plane, px_size, orientation);
    const size_t stride = (size_t)w.width * px_size;
    uint8_t *out = ko_alloc_array(w.height, stride);
    if (!out)
        return false;
    for (uint32_t y0 = 0; y0 < w.height; y0 += TILE) {
        const uint32_t y1 = w.height - y0 < TILE ? w.height : y0 + TILE;
        for (uint32_t x = 0; x < w.width; x += TILE) {
            const uint32_t n = w.width - x < TILE ? w.width - x : TILE;
            for (uint32_t y = y0; y < y1; y++)
                copy_run(out + y * stride + (size_t)x * px_size,
                         w.start + (ptrdiff_t)y * w.down + (ptrdiff_t)x * w.right, w.right, n,
                         px_size);
        }
    }
    ko_free(plane->px);
    *plane = (ko_grey){out, w.width, w.height, stride};
    return true;
}

bool ko_image_turn_grey(ko_grey *plane, unsigned orientation)
{
    return turn(plane, 1, orientation);
}

bool ko_image_turn_rgb(ko_rgb *plane, unsigned orientation)
{
    ko_grey bytes = {plane->px, plane->width, plane->height, plane->stride};
    if (!turn(&bytes, 3, orientation))
        return false;
    *plane = (ko_rgb){bytes.px, bytes.width, bytes.height, bytes.stride};
    return true;
}

bool ko_image_turn_rgba(ko_rgba *plane, unsigned orientation)
{
    ko_grey bytes = {plane->px, plane->width, plane->height, plane->stride};
    if (!turn(&bytes, 4, orientation))
        return false;
    *plane = (ko_rgba){bytes.px, bytes.width, bytes.height, bytes.stride};
    return true;
}
