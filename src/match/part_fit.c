#include "match/part_fit.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#define UNKNOWNS KO_PART_HOMOGRAPHY

/* --- the normal equations --- */

/* Sums of a symmetric system a x = b, filled pair by pair. */
typedef struct equations {
    size_t n;
    double a[UNKNOWNS][UNKNOWNS], b[UNKNOWNS];
} equations;

static void swap_rows(equations *e, size_t i, size_t k)
{
    for (size_t j = 0; j < e->n; j++) {
        const double t = e->a[i][j];
        e->a[i][j] = e->a[k][j];
        e->a[k][j] = t;
    }
    const double t = e->b[i];
    e->b[i] = e->b[k];
    e->b[k] = t;
}

/* In units of about one, a pivot below this means that the pairs lie on a line or a point. */
#define PIVOT_MIN 1e-9

/* Gaussian elimination with partial pivoting; the answer stands in b. */
static bool solve(equations *e)
{
    for (size_t i = 0; i < e->n; i++) {
        size_t pivot = i;
        for (size_t k = i + 1; k < e->n; k++)
            if (fabs(e->a[k][i]) > fabs(e->a[pivot][i]))
                pivot = k;
        if (fabs(e->a[pivot][i]) < PIVOT_MIN)
            return false;
        swap_rows(e, i, pivot);
        for (size_t k = i + 1; k < e->n; k++) {
            const double f = e->a[k][i] / e->a[i][i];
            for (size_t j = i; j < e->n; j++)
                e->a[k][j] -= f * e->a[i][j];
            e->b[k] -= f * e->b[i];
        }
    }
    for (size_t i = e->n; i-- > 0;) {
        for (size_t k = i + 1; k < e->n; k++)
            e->b[i] -= e->a[i][k] * e->b[k];
        e->b[i] /= e->a[i][i];
    }
    return true;
}

static void add_equation(equations *e, const double row[UNKNOWNS], double value, double weight)
{
    for (size_t j = 0; j < e->n; j++) {
        for (size_t k = 0; k < e->n; k++)
            e->a[j][k] += weight * row[j] * row[k];
        e->b[j] += weight * row[j] * value;
    }
}

/* Both coordinates of a pair, linear in the unknowns: a similarity's are a, b (of its matrix
 * a -b, b a) and the shift; the others' are the matrix row by row, its last entry 1. */
static void add_pair(equations *e, double x, double y, double u, double v, double weight)
{
    double row_u[UNKNOWNS] = {x, y, 1, 0, 0, 0, -x * u, -y * u};
    double row_v[UNKNOWNS] = {0, 0, 0, x, y, 1, -x * v, -y * v};
    if (e->n == KO_PART_SIMILARITY) {
        memcpy(row_u, (const double[4]){x, -y, 1, 0}, 4 * sizeof(double));
        memcpy(row_v, (const double[4]){y, x, 0, 1}, 4 * sizeof(double));
    }
    add_equation(e, row_u, u, weight);
    add_equation(e, row_v, v, weight);
}

/* --- fitting --- */

/* Weighted centres of both sides: coordinates are taken from there, in half sides, as
 * Hartley and Zisserman (Multiple View Geometry, 2nd ed., 4.4) ask for. */
typedef struct frame {
    double x, y, u, v, unit, weight;
} frame;

static frame frame_of(const ko_part_pair *p, size_t n, float side_px)
{
    frame f = {.unit = .5 * side_px};
    for (size_t i = 0; i < n; i++) {
        const double w = p[i].weight;
        f.weight += w;
        f.x += w * p[i].x;
        f.y += w * p[i].y;
        f.u += w * p[i].u;
        f.v += w * p[i].v;
    }
    if (f.weight > 0) {
        f.x /= f.weight;
        f.y /= f.weight;
        f.u /= f.weight;
        f.v /= f.weight;
    }
    return f;
}

/* From the frame's coordinates back to pixels, on both sides. */
static ko_part_model out_of_frame(const double h[9], const frame *f)
{
    double k[9];
    for (size_t r = 0; r < 9; r += 3) {
        k[r] = h[r] / f->unit;
        k[r + 1] = h[r + 1] / f->unit;
        k[r + 2] = h[r + 2] - (h[r] * f->x + h[r + 1] * f->y) / f->unit;
    }
    ko_part_model m;
    for (size_t c = 0; c < 3; c++) {
        m.h[c] = k[c] * f->unit + k[6 + c] * f->u;
        m.h[3 + c] = k[3 + c] * f->unit + k[6 + c] * f->v;
        m.h[6 + c] = k[6 + c];
    }
    return m;
}

/* A pull of the two perspective unknowns towards 0, in pairs: what few pairs do not tell
 * about perspective shall not come from their noise. */
#define FLATNESS .02
#define WEIGHT_MIN 1e-6

/* Inhomogeneous linear equations of the direct linear transform (Hartley and Zisserman,
 * 4.1.2), weighted. */
bool ko_part_fit(const ko_part_pair *pairs, size_t n, ko_part_kind kind, float side_px,
                 ko_part_model *model)
{
    const frame f = frame_of(pairs, n, side_px);
    if (!(f.weight > WEIGHT_MIN))
        return false;
    equations e = {.n = kind};
    for (size_t i = 0; i < n; i++)
        add_pair(&e, (pairs[i].x - f.x) / f.unit, (pairs[i].y - f.y) / f.unit,
                 (pairs[i].u - f.u) / f.unit, (pairs[i].v - f.v) / f.unit, pairs[i].weight);
    if (kind == KO_PART_HOMOGRAPHY) {
        e.a[6][6] += FLATNESS * f.weight;
        e.a[7][7] += FLATNESS * f.weight;
    }
    if (!solve(&e))
        return false;
    const double *b = e.b;
    const double similarity[9] = {b[0], -b[1], b[2], b[1], b[0], b[3], 0, 0, 1};
    const double other[9] = {b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], 1};
    *model = out_of_frame(kind == KO_PART_SIMILARITY ? similarity : other, &f);
    return true;
}

#define ROUNDS 4

bool ko_part_refit(const ko_part_pair *pairs, size_t n, ko_part_kind kind, float side_px,
                   float tolerance_px, ko_part_pair *room, ko_part_model *model)
{
    for (int round = 0; round < ROUNDS; round++) {
        size_t kept = 0;
        for (size_t i = 0; i < n; i++) {
            const ko_part_spot s = ko_part_project(model, pairs[i].x, pairs[i].y);
            const float du = s.u - pairs[i].u, dv = s.v - pairs[i].v;
            const float e = (du * du + dv * dv) / (tolerance_px * tolerance_px);
            if (!(e < 4))
                continue;
            room[kept] = pairs[i];
            room[kept++].weight /= (1 + e) * (1 + e);
        }
        const ko_part_kind enough = kept < 4   ? KO_PART_SIMILARITY
                                    : kept < 5 ? KO_PART_AFFINE
                                               : KO_PART_HOMOGRAPHY;
        if (kept < 3 || !ko_part_fit(room, kept, kind < enough ? kind : enough, side_px, model))
            return false;
    }
    return true;
}

/* --- using a model --- */

ko_part_spot ko_part_project(const ko_part_model *model, float x, float y)
{
    const double *h = model->h;
    const double w = h[6] * x + h[7] * y + h[8];
    const double u = (h[0] * x + h[1] * y + h[2]) / w;
    const double v = (h[3] * x + h[4] * y + h[5]) / w;
    return (ko_part_spot){(float)u,
                          (float)v,
                          {(float)((h[0] - h[6] * u) / w), (float)((h[1] - h[7] * u) / w),
                           (float)((h[3] - h[6] * v) / w), (float)((h[4] - h[7] * v) / w)}};
}

ko_part_model ko_part_similarity(float x, float y, float u, float v, float turn, float scale)
{
    const double a = scale * cos((double)turn), b = scale * sin((double)turn);
    return (ko_part_model){{a, -b, u - a * x + b * y, b, a, v - b * x - a * y, 0, 0, 1}};
}

#define NEARNESS_MIN .2  /* of a corner's depth to that of the origin: not behind the camera */
#define SLANT_MAX 7.f    /* squared axes' sum to their product: axes up to 1 : 6.9 */
#define SPREAD_MAX 12.f  /* of enlargement over the view */
#define SIDE_MIN_PX 20.f /* of a print that can be told from chance */

bool ko_part_plausible(const ko_part_model *model, float width, float height, float *out_side_px)
{
    const float at[5][2] = {
        {0, 0}, {width, 0}, {width, height}, {0, height}, {width / 2, height / 2}};
    float least = INFINITY, most = 0, side = 0;
    for (size_t i = 0; i < 5; i++) {
        const double *h = model->h;
        if (!(h[6] * at[i][0] + h[7] * at[i][1] + h[8] >= NEARNESS_MIN))
            return false;
        const ko_part_spot s = ko_part_project(model, at[i][0], at[i][1]);
        const float *j = s.slope;
        const float area = j[0] * j[3] - j[1] * j[2]; /* negative when seen from behind */
        const float axes = j[0] * j[0] + j[1] * j[1] + j[2] * j[2] + j[3] * j[3];
        if (!(area > 1e-6f) || !(axes <= SLANT_MAX * area))
            return false;
        least = fminf(least, area);
        most = fmaxf(most, area);
        side = sqrtf(area * width * height);
    }
    if (most >= SPREAD_MAX * least || side <= SIDE_MIN_PX)
        return false;
    *out_side_px = side;
    return true;
}
