#include "simd/disc.h"
#include "simd/kernels.h"

#include <stdlib.h>

void ko_disc_moment_scalar(const uint8_t *centre, ptrdiff_t stride, ko_moment *out)
{
    *out = (ko_moment){0};
    for (int y = -KO_DISC_RADIUS; y <= KO_DISC_RADIUS; y++) {
        const int reach = ko_disc_reach[abs(y)];
        for (int x = -reach; x <= reach; x++) {
            const int grey = centre[y * stride + x];
            out->x += x * grey;
            out->y += y * grey;
        }
    }
}
