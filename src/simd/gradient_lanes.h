/* simd/gradient_lanes.h - a row of gradients, many pixels at a time, for any machine whose
 * file defines LANES, vec and these on signed 16 bits: vec_load, vec_store, vec_widen (of
 * LANES bytes), vec_add, vec_sub and vec_store_gradients (x and y, in turns).
 *
 * Columns come first, into two short buffers that stay in the nearest cache: each column's
 * smoothed grey and its difference serve the five pixels around it. */
#ifndef KO_SIMD_GRADIENT_LANES_H
#define KO_SIMD_GRADIENT_LANES_H

#define CHUNK ((size_t)1024) /* pixels at a time: the widest row of a photo */
#define REACH ((size_t)2)

typedef struct columns {
    int16_t smooth[CHUNK + 2 * REACH], differ[CHUNK + 2 * REACH];
} columns;

static inline vec twice(vec a)
{
    return vec_add(a, a);
}

/* a + 4 b + 6 c + 4 d + e */
static inline vec smooth(vec a, vec b, vec c, vec d, vec e)
{
    const vec inner = twice(vec_add(vec_add(b, d), c)); /* 2 b + 2 c + 2 d */
    return vec_add(vec_add(a, e), vec_add(twice(inner), twice(c)));
}

/* e - a + 2 (d - b) */
static inline vec differ(vec a, vec b, vec d, vec e)
{
    return vec_add(vec_sub(e, a), twice(vec_sub(d, b)));
}

static inline void column_sums(const uint8_t *px, ptrdiff_t stride, size_t at, columns *c)
{
    const vec v = vec_widen(px - 2 * stride), w = vec_widen(px - stride), x = vec_widen(px);
    const vec y = vec_widen(px + stride), z = vec_widen(px + 2 * stride);
    vec_store(c->smooth + at, smooth(v, w, x, y, z));
    vec_store(c->differ + at, differ(v, w, y, z));
}

static inline void gradients(const columns *c, size_t at, ko_gradient *out)
{
    const int16_t *s = c->smooth + at, *d = c->differ + at;
    const vec x = differ(vec_load(s), vec_load(s + 1), vec_load(s + 3), vec_load(s + 4));
    const vec y =
        smooth(vec_load(d), vec_load(d + 1), vec_load(d + 2), vec_load(d + 3), vec_load(d + 4));
    vec_store_gradients(out, x, y);
}

/* Gradients of n pixels, LANES to CHUNK: the last ones again with the few left over. */
static inline void gradient_chunk(const uint8_t *px, ptrdiff_t stride, size_t n, ko_gradient *out)
{
    columns c;
    const size_t width = n + 2 * REACH;
    for (size_t at = 0; at < width; at += LANES) {
        const size_t x = at + LANES <= width ? at : width - LANES;
        column_sums(px + x - REACH, stride, x, &c);
    }
    for (size_t at = 0; at < n; at += LANES) {
        const size_t x = at + LANES <= n ? at : n - LANES;
        gradients(&c, x, out + x);
    }
}

/* A ko_gradient_row_fn, but for fewer than LANES pixels at the end of the row; returns how
 * many are done. */
static inline size_t gradient_row(const uint8_t *px, ptrdiff_t stride, size_t n, ko_gradient *out)
{
    size_t done = 0;
    while (n - done >= LANES) {
        const size_t now = n - done < CHUNK ? n - done : CHUNK;
        gradient_chunk(px + done, stride, now, out + done);
        done += now;
    }
    return done;
}

#endif
