#include "simd/disc.h"
#include "simd/kernels.h"

#include <stdlib.h>

void ko_disc_moment_scalar(const uint8_t *centre, ptrdiff_t stride, ko_moment *out)
{
    ko_moment sum = {0};
    for (int y = -KO_DISC_RADIUS; y <= KO_DISC_RADIUS; y++) {
        const int reach = ko_disc_reach[abs(y)];
        const uint8_t *row = centre + y * stride;
        int32_t grey = 0;
        for (int x = -reach; x <= reach; x++) {
            grey += row[x];
            sum.x += x * row[x];
        }
        sum.y += y * grey;
    }
    *out = sum;
}
