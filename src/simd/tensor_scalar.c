#include "simd/kernels.h"

void ko_tensor_scalar(const ko_gradient *centre, ptrdiff_t stride, ko_tensor *out)
{
    const int reach = KO_TENSOR_SIDE / 2;
    *out = (ko_tensor){0};
    for (int y = -reach; y <= reach; y++)
        for (int x = -reach; x <= reach; x++) {
            const ko_gradient g = centre[y * stride + x];
            out->xx += (int64_t)g.x * g.x;
            out->xy += (int64_t)g.x * g.y;
            out->yy += (int64_t)g.y * g.y;
        }
}
