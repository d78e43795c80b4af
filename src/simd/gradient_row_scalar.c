#include "simd/kernels.h"

#define CHUNK ((size_t)64) /* pixels at a time */
#define REACH ((size_t)2)

/* 1 4 6 4 1 */
static inline int smoothed(int a, int b, int c, int d, int e)
{
    return a + 4 * (b + d) + 6 * c + e;
}

/* 1 2 0 -2 -1 */
static inline int difference(int a, int b, int d, int e)
{
    return e - a + 2 * (d - b);
}

/* Columns first, then rows of what they make. */
static void chunk(const uint8_t *px, ptrdiff_t stride, size_t n, ko_gradient *restrict out)
{
    int16_t smooth[CHUNK + 2 * REACH], differ[CHUNK + 2 * REACH];
    const uint8_t *a = px - 2 * stride - REACH, *b = a + stride, *c = b + stride, *d = c + stride;
    const uint8_t *e = d + stride;
    for (size_t x = 0; x < n + 2 * REACH; x++) {
        smooth[x] = (int16_t)smoothed(a[x], b[x], c[x], d[x], e[x]);
        differ[x] = (int16_t)difference(a[x], b[x], d[x], e[x]);
    }
    for (size_t x = 0; x < n; x++) {
        const int16_t *s = smooth + x, *t = differ + x;
        out[x].x = (int16_t)difference(s[0], s[1], s[3], s[4]);
        out[x].y = (int16_t)smoothed(t[0], t[1], t[2], t[3], t[4]);
    }
}

void ko_gradient_row_scalar(const uint8_t *px, ptrdiff_t stride, size_t n, ko_gradient *out)
{
    for (size_t x = 0; x < n; x += CHUNK)
        chunk(px + x, stride, n - x < CHUNK ? n - x : CHUNK, out + x);
}
