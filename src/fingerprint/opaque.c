#include "fingerprint/opaque.h"

/* Below this alpha somewhere a work has a ground; what is above is compression. */
#define CLEAR_BELOW 247

bool ko_fp_is_transparent(const ko_grey *alpha)
{
    for (uint32_t y = 0; y < alpha->height; y++)
        for (uint32_t x = 0; x < alpha->width; x++)
            if (alpha->px[alpha->stride * y + x] < CLEAR_BELOW)
                return true;
    return false;
}

ko_fp_box ko_fp_opaque_box(const ko_grey *alpha, uint8_t seen_from)
{
    uint32_t left = alpha->width, right = 0, top = alpha->height, bottom = 0;
    for (uint32_t y = 0; y < alpha->height; y++)
        for (uint32_t x = 0; x < alpha->width; x++) {
            if (alpha->px[alpha->stride * y + x] < seen_from)
                continue;
            left = x < left ? x : left;
            right = x > right ? x : right;
            top = y < top ? y : top;
            bottom = y;
        }
    if (left > right)
        return (ko_fp_box){0, 0, alpha->width, alpha->height};
    return (ko_fp_box){left, top, right - left + 1, bottom - top + 1};
}
