#include "features/gradients.h"

#include "base/alloc.h"
#include "simd/simd.h"

#include <assert.h>
#include <string.h>

#define MARGIN KO_PYRAMID_MARGIN
#define REACH KO_HISTOGRAM_REACH
#define BORDER KO_GRADIENTS_BORDER

_Static_assert(KO_HISTOGRAM_ROWS > 2 * REACH, "a patch reaches over more rows");
_Static_assert(MARGIN >= REACH + BORDER, "samples beyond the gradients");

ko_status ko_gradients_make(const ko_pyramid *pyramid, ko_gradients *out, ko_error *err)
{
    *out = (ko_gradients){0};
    const size_t n = pyramid->n ? (size_t)pyramid->level[0].stride * KO_HISTOGRAM_ROWS : 0;
    out->memory = ko_alloc_array(n, sizeof *out->memory);
    return out->memory ? KO_OK : ko_fail(err, KO_E_NOMEM, "%zu gradients", n);
}

void ko_gradients_free(ko_gradients *gradients)
{
    ko_free(gradients->memory);
    *gradients = (ko_gradients){0};
}

void ko_gradients_start(ko_gradients *gradients, const ko_level *level)
{
    gradients->level = level;
    gradients->at0 = gradients->memory + MARGIN;
    gradients->next = -REACH;
}

static void make_row(const ko_gradients *g, int32_t y)
{
    const ko_level *level = g->level;
    const size_t n = (size_t)level->width + (size_t)2 * BORDER, before = MARGIN - BORDER;
    ko_gradient *row = g->memory + (y & (KO_HISTOGRAM_ROWS - 1)) * level->stride;
    if (y < -BORDER || y >= level->height + BORDER) {
        memset(row, 0, (size_t)level->stride * sizeof *row);
        return;
    }
    memset(row, 0, before * sizeof *row);
    ko_simd_get()->features.gradient_row(level->px + y * level->stride - BORDER, level->stride, n,
                                         row + before);
    memset(row + before + n, 0, before * sizeof *row);
}

void ko_gradients_reach(ko_gradients *gradients, int32_t y)
{
    assert(y >= 0 && y < gradients->level->height);
    if (gradients->next < y - REACH)
        gradients->next = y - REACH;
    for (; gradients->next <= y + REACH; gradients->next++)
        make_row(gradients, gradients->next);
}
