#include "simd/kernels.h"

static void add_pixel(ko_gradient_sums *s, ko_slope a, ko_slope b, int seen)
{
    const int32_t aa = a.x * a.x + a.y * a.y;
    s->all += aa;
    if (!seen)
        return;
    s->aa += aa;
    s->ab += a.x * b.x + a.y * b.y;
    s->bb += b.x * b.x + b.y * b.y;
}

void ko_gradient_sums_scalar(const ko_slope *a, const ko_slope *b, const int32_t *seen,
                             size_t stride, size_t n_rows, size_t n, ko_gradient_sums *out)
{
    for (size_t i = 0; i < n; i++) {
        out[i] = (ko_gradient_sums){0};
        for (size_t y = 0; y < n_rows; y++)
            for (size_t x = i * KO_GRADIENT_BLOCK; x < (i + 1) * KO_GRADIENT_BLOCK; x++)
                add_pixel(&out[i], a[y * stride + x], b[y * stride + x], seen[y * stride + x]);
    }
}
