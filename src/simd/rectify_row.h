/* simd/rectify_row.h - one pixel seen through a homography; for the kernels.
 *
 * Every level does these operations in this order, each rounded by itself, so that all
 * give the same pixels. */
#ifndef KO_SIMD_RECTIFY_ROW_H
#define KO_SIMD_RECTIFY_ROW_H

#include "simd/simd.h"

/* What the picture has at u, v. */
static inline uint8_t ko_rectify_sample(const ko_rectify *r, float u, float v, uint8_t *inside)
{
    *inside = u > 0 && v > 0 && u < r->right && v < r->below;
    if (!*inside)
        return 0;
    const int32_t iu = (int32_t)u, iv = (int32_t)v;
    const float fu = u - (float)iu, fv = v - (float)iv;
    const uint8_t *a = r->px + (size_t)iv * r->stride + iu;
    const uint8_t *b = a + r->stride;
    const float top = fu * ((float)a[1] - (float)a[0]) + (float)a[0];
    const float low = fu * ((float)b[1] - (float)b[0]) + (float)b[0];
    return (uint8_t)(fv * (low - top) + top + .5f);
}

static inline uint8_t ko_rectify_pixel(const ko_rectify *r, float x, float y, uint8_t *inside)
{
    const float *h = r->h;
    const float d = 1.f / (h[6] * x + (h[7] * y + h[8]));
    const float u = d * (h[0] * x + (h[1] * y + h[2]));
    const float v = d * (h[3] * x + (h[4] * y + h[5]));
    return ko_rectify_sample(r, u, v, inside);
}

#endif
