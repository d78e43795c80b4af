/* Each level is made from the one before: resizing by less than two looks only at its
 * neighbours, and the triangles of all steps so far add up to a smooth bell. */
#include "features/pyramid.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "base/status.h"
#include "features/resize.h"

#include <assert.h>
#include <string.h>

#define MARGIN KO_PYRAMID_MARGIN
#define ROW_ALIGNMENT 64 /* pixels: a cache line */

/* Lays out the levels of a first one of width x height and returns the pixels of all. */
static size_t lay_out(ko_pyramid *p, uint32_t width, uint32_t height)
{
    float scale = 1.f;
    size_t size = 0;
    for (p->n = 0; p->n < KO_PYRAMID_LEVELS; p->n++) {
        ko_level *level = &p->level[p->n];
        *level = (ko_level){.width = (int32_t)((float)width / scale + .5f),
                            .height = (int32_t)((float)height / scale + .5f),
                            .scale = scale};
        if (level->width < KO_PYRAMID_SIDE_MIN || level->height < KO_PYRAMID_SIDE_MIN)
            break;
        const ptrdiff_t row = (ptrdiff_t)level->width + (ptrdiff_t)2 * MARGIN;
        level->stride = (row + ROW_ALIGNMENT - 1) / ROW_ALIGNMENT * ROW_ALIGNMENT;
        size += (size_t)level->stride * (size_t)(level->height + 2 * MARGIN);
        scale *= KO_PYRAMID_STEP;
    }
    return size;
}

static void repeat_border(const ko_level *level, uint8_t *px)
{
    const size_t width = (size_t)level->width;
    const size_t right = (size_t)level->stride - MARGIN - width;
    for (int32_t y = 0; y < level->height; y++) {
        uint8_t *row = px + y * level->stride;
        memset(row - MARGIN, row[0], MARGIN);
        memset(row + width, row[width - 1], right);
    }
    uint8_t *top = px - MARGIN;
    uint8_t *bottom = top + (level->height - 1) * level->stride;
    for (int32_t y = 1; y <= MARGIN; y++) {
        memcpy(top - y * level->stride, top, (size_t)level->stride);
        memcpy(bottom + y * level->stride, bottom, (size_t)level->stride);
    }
}

static ko_status fill_levels(ko_pyramid *p, const ko_grey *luma, ko_error *err)
{
    ko_grey from = *luma;
    size_t at = 0;
    for (size_t i = 0; i < p->n; i++) {
        ko_level *level = &p->level[i];
        uint8_t *px = p->px_memory + at + MARGIN * level->stride + MARGIN;
        const ko_grey to = {px, (uint32_t)level->width, (uint32_t)level->height,
                            (size_t)level->stride};
        const ko_status st = ko_resize(&from, &to, err);
        if (st != KO_OK)
            return st;
        level->px = px;
        repeat_border(level, px);
        from = to;
        at += (size_t)level->stride * (size_t)(level->height + 2 * MARGIN);
    }
    return KO_OK;
}

static uint32_t resized(uint32_t side_px, double factor)
{
    const uint32_t px = (uint32_t)(side_px * factor + .5);
    return px ? px : 1;
}

static ko_status check(const ko_grey *luma, uint32_t long_side_px, ko_error *err)
{
    const uint32_t longer = luma->width > luma->height ? luma->width : luma->height;
    if (!luma->width || !luma->height || longer > KO_MAX_IMAGE_SIDE_PX)
        return ko_fail(err, KO_E_LIMIT, "picture of %u x %u px, limit 1 to %u a side", luma->width,
                       luma->height, KO_MAX_IMAGE_SIDE_PX);
    if (!long_side_px || long_side_px > KO_MAX_PYRAMID_SIDE_PX)
        return ko_fail(err, KO_E_LIMIT, "pyramid of %u px, limit 1 to %u", long_side_px,
                       KO_MAX_PYRAMID_SIDE_PX);
    return KO_OK;
}

ko_status ko_pyramid_build(const ko_grey *luma, uint32_t long_side_px, ko_pyramid **out_pyramid,
                           ko_error *err)
{
    ko_status st = check(luma, long_side_px, err);
    if (st != KO_OK)
        return st;
    const uint32_t longer = luma->width > luma->height ? luma->width : luma->height;
    const double wanted = (double)long_side_px / longer;
    const double factor = wanted < KO_PYRAMID_ENLARGE_MAX ? wanted : KO_PYRAMID_ENLARGE_MAX;
    ko_pyramid *p = ko_alloc_zero(1, sizeof *p);
    if (!p)
        return ko_fail(err, KO_E_NOMEM, "pyramid");
    const size_t size = lay_out(p, resized(luma->width, factor), resized(luma->height, factor));
    p->px_memory = ko_alloc_array(size, sizeof *p->px_memory);
    if (!p->px_memory) {
        st = ko_fail(err, KO_E_NOMEM, "pyramid of %zu px", size);
        goto done;
    }
    st = fill_levels(p, luma, err);
    if (st != KO_OK)
        goto done;
    *out_pyramid = p;
    p = NULL;
done:
    ko_pyramid_free(p);
    return st;
}

void ko_pyramid_free(ko_pyramid *pyramid)
{
    if (!pyramid)
        return;
    ko_free(pyramid->px_memory);
    ko_free(pyramid);
}
