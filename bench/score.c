#include "score.h"

#include "base/alloc.h"
#include "base/status.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* --- judging --- */

static bool shows(const ko_bench_photo *photo, uint32_t work)
{
    for (size_t i = 0; i < photo->n_works; i++)
        if (photo->works[i] == work)
            return true;
    return false;
}

ko_bench_verdict ko_bench_judge(const ko_bench_truth *truth, const ko_bench_photo *photo,
                                uint32_t work)
{
    if (shows(photo, work))
        return KO_BENCH_RIGHT;
    const ko_bench_membership *m = truth->memberships;
    for (size_t i = 0; photo->n_works && i < truth->n_memberships; i++)
        for (size_t k = 0; m[i].work == work && k < truth->n_memberships; k++)
            if (strcmp(m[i].group, m[k].group) == 0 && shows(photo, m[k].work))
                return KO_BENCH_SISTER;
    return KO_BENCH_FALSE;
}

/* --- places --- */

typedef struct point {
    double x, y;
} point;

#define CORNERS_MAX 16

/* Twice the area of the triangle a b c; positive when c lies on the inner side of a b. */
static double side_of(point a, point b, point c)
{
    return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

static double area(const point *p, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        const point a = p[i], b = p[(i + 1) % n];
        sum += a.x * b.y - b.x * a.y;
    }
    return sum / 2;
}

/* Reads the corners so that the area is positive; false when they are not convex. */
static bool read_quad(const float quad[8], point p[4])
{
    for (size_t i = 0; i < 4; i++)
        p[i] = (point){quad[2 * i], quad[2 * i + 1]};
    if (area(p, 4) < 0) {
        const point t = p[1];
        p[1] = p[3];
        p[3] = t;
    }
    for (size_t i = 0; i < 4; i++)
        if (side_of(p[i], p[(i + 1) % 4], p[(i + 2) % 4]) < 0)
            return false;
    return area(p, 4) > 0;
}

/* Keeps what of p lies on the inner side of the line a b (Sutherland and Hodgman, 1974). */
static size_t clip(const point *p, size_t n, point a, point b, point *out)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        assert(kept + 2 <= CORNERS_MAX);
        const point u = p[i], v = p[(i + 1) % n];
        const double su = side_of(a, b, u), sv = side_of(a, b, v);
        if (su >= 0)
            out[kept++] = u;
        if ((su >= 0) != (sv >= 0)) {
            const double t = su / (su - sv);
            out[kept++] = (point){u.x + t * (v.x - u.x), u.y + t * (v.y - u.y)};
        }
    }
    return kept;
}

double ko_bench_iou(const float a[8], const float b[8])
{
    point p[4], q[4], x[2][CORNERS_MAX];
    if (!read_quad(a, p) || !read_quad(b, q))
        return 0;
    memcpy(x[0], p, sizeof p);
    size_t n = 4;
    for (size_t i = 0; i < 4; i++)
        n = clip(x[i % 2], n, q[i], q[(i + 1) % 4], x[(i + 1) % 2]);
    const double both = area(x[0], n);
    return both / (area(p, 4) + area(q, 4) - both);
}

static const ko_bench_place *place_of(const ko_bench_truth *truth, size_t photo, uint32_t work)
{
    for (size_t i = 0; i < truth->n_places; i++)
        if (truth->places[i].photo == photo && truth->places[i].work == work)
            return &truth->places[i];
    return NULL;
}

/* --- counting --- */

static bool is_distractor(const ko_bench_photo *photo)
{
    return photo->n_works == 0;
}

ko_bench_highest ko_bench_highest_false(const ko_bench_truth *truth, const ko_bench_answer *answers)
{
    ko_bench_highest highest = {-INFINITY, -INFINITY};
    for (size_t i = 0; i < truth->n_photos; i++)
        for (size_t k = 0; k < answers[i].n; k++) {
            const ko_bench_claim *c = &answers[i].claims[k];
            if (ko_bench_judge(truth, &truth->photos[i], c->work) != KO_BENCH_FALSE)
                continue;
            highest.anywhere = fmax(highest.anywhere, c->score);
            if (is_distractor(&truth->photos[i]))
                highest.on_distractors = fmax(highest.on_distractors, c->score);
        }
    return highest;
}

/* Score of the surest right claim, -INFINITY when there is none. */
static double best_right(const ko_bench_photo *photo, const ko_bench_answer *answer)
{
    double best = -INFINITY;
    for (size_t k = 0; k < answer->n; k++)
        if (shows(photo, answer->claims[k].work))
            best = fmax(best, answer->claims[k].score);
    return best;
}

/* Counts the claims at the threshold; the IoU of those with a place goes to ious. */
static void count_claims(const ko_bench_truth *truth, size_t i, const ko_bench_answer *answer,
                         double threshold, ko_bench_count *out, double *ious)
{
    const ko_bench_photo *photo = &truth->photos[i];
    size_t n_false = 0;
    for (size_t k = 0; k < answer->n; k++) {
        const ko_bench_claim *c = &answer->claims[k];
        if (c->score < threshold)
            continue;
        const ko_bench_verdict verdict = ko_bench_judge(truth, photo, c->work);
        const ko_bench_place *place =
            verdict == KO_BENCH_RIGHT && c->placed ? place_of(truth, i, c->work) : NULL;
        if (place)
            ious[out->placed++] = ko_bench_iou(place->quad, c->quad);
        out->found += verdict == KO_BENCH_RIGHT;
        out->sisters += verdict == KO_BENCH_SISTER;
        n_false += verdict == KO_BENCH_FALSE;
    }
    *(is_distractor(photo) ? &out->false_on_distractors : &out->wrong_works) += n_false;
    out->distractors_hit += is_distractor(photo) && n_false;
}

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void summarise(double *ious, ko_bench_count *out)
{
    const size_t n = out->placed;
    if (n == 0)
        return;
    qsort(ious, n, sizeof *ious, by_size);
    for (size_t i = 0; i < n; i++)
        out->iou_mean += ious[i] / (double)n;
    out->iou_median = (ious[(n - 1) / 2] + ious[n / 2]) / 2;
}

ko_status ko_bench_count_photos(const ko_bench_truth *truth, const ko_bench_answer *answers,
                                double threshold, const char *set, const char *kind,
                                ko_bench_count *out_count, ko_error *err)
{
    const ko_bench_highest highest = ko_bench_highest_false(truth, answers);
    ko_bench_count count = {0};
    double *ious = ko_alloc_array(truth->n_places, sizeof *ious);
    if (!ious)
        return ko_fail(err, KO_E_NOMEM, "%zu places", truth->n_places);
    for (size_t i = 0; i < truth->n_photos; i++) {
        const ko_bench_photo *photo = &truth->photos[i];
        if ((set && strcmp(photo->set, set) != 0) || (kind && strcmp(photo->kind, kind) != 0))
            continue;
        const double best = best_right(photo, &answers[i]);
        count.distractors += is_distractor(photo);
        count.positives += !is_distractor(photo);
        count.shown += photo->n_works;
        count.recognised += best > -INFINITY && best >= threshold;
        count.above_distractors += best > highest.on_distractors;
        count.above_all += best > highest.anywhere;
        count_claims(truth, i, &answers[i], threshold, &count, ious);
    }
    summarise(ious, &count);
    ko_free(ious);
    *out_count = count;
    return KO_OK;
}

/* --- thresholds --- */

static int by_threshold_down(const void *a, const void *b)
{
    const double x = ((const ko_bench_tradeoff *)a)->threshold;
    const double y = ((const ko_bench_tradeoff *)b)->threshold;
    return (x < y) - (x > y);
}

/* Steps are tradeoffs that say what one claim adds: a recognised photo, or a false claim. */
static size_t collect_steps(const ko_bench_truth *truth, const ko_bench_answer *answers,
                            double a_positive, double a_distractor, ko_bench_tradeoff *steps)
{
    size_t n = 0;
    for (size_t i = 0; i < truth->n_photos; i++) {
        const ko_bench_photo *photo = &truth->photos[i];
        const double best = best_right(photo, &answers[i]);
        if (best > -INFINITY)
            steps[n++] = (ko_bench_tradeoff){.threshold = best, .recall = a_positive};
        for (size_t k = 0; is_distractor(photo) && k < answers[i].n; k++)
            steps[n++] = (ko_bench_tradeoff){.threshold = answers[i].claims[k].score,
                                             .false_a_photo = a_distractor};
    }
    return n;
}

/* Sums up steps from the highest score down; equal scores become one point. */
static size_t accumulate(ko_bench_tradeoff *steps, size_t n)
{
    size_t n_points = 0;
    ko_bench_tradeoff sum = {0};
    for (size_t i = 0; i < n; i++) {
        sum.threshold = steps[i].threshold;
        sum.recall += steps[i].recall;
        sum.false_a_photo += steps[i].false_a_photo;
        if (i + 1 == n || steps[i + 1].threshold < sum.threshold)
            steps[n_points++] = sum;
    }
    return n_points;
}

ko_status ko_bench_tradeoffs(const ko_bench_truth *truth, const ko_bench_answer *answers,
                             ko_bench_tradeoff **out_points, size_t *out_count, ko_error *err)
{
    size_t positives = 0, room = 0;
    for (size_t i = 0; i < truth->n_photos; i++) {
        positives += !is_distractor(&truth->photos[i]);
        room += answers[i].n + 1;
    }
    const size_t distractors = truth->n_photos - positives;
    ko_bench_tradeoff *steps = ko_alloc_array(room, sizeof *steps);
    if (!steps)
        return ko_fail(err, KO_E_NOMEM, "%zu claims", room);
    const size_t n = collect_steps(truth, answers, 1 / fmax((double)positives, 1),
                                   1 / fmax((double)distractors, 1), steps);
    qsort(steps, n, sizeof *steps, by_threshold_down);
    *out_count = accumulate(steps, n);
    *out_points = steps;
    return KO_OK;
}

/* --- promises --- */

size_t ko_bench_poisson_quantile(double mean, double probability)
{
    assert(mean >= 0 && probability > 0 && probability < 1);
    if (mean <= 0)
        return 0;
    double sum = 0;
    size_t k = 0;
    for (;; k++) {
        const double x = (double)k;
        sum += exp(x * log(mean) - mean - lgamma(x + 1));
        /* far beyond the mean rounding may keep the sum below the probability for ever */
        if (sum >= probability || x > 2 * mean + 100)
            return k;
    }
}

ko_bench_promise ko_bench_promise_at(const ko_bench_truth *truth, const ko_bench_answer *answers,
                                     double score)
{
    size_t photos = 0, made = 0;
    for (size_t i = 0; i < truth->n_photos; i++) {
        if (!is_distractor(&truth->photos[i]))
            continue;
        photos++;
        for (size_t k = 0; k < answers[i].n; k++)
            made += answers[i].claims[k].score >= score;
    }
    const double promised = (double)photos * pow(10, -score);
    return (ko_bench_promise){.score = score,
                              .promised = promised,
                              .low = ko_bench_poisson_quantile(promised, .025),
                              .high = ko_bench_poisson_quantile(promised, .975),
                              .made = made};
}
