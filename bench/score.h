/* bench/score.h - counts what was claimed against what is true.
 *
 * Pure: answers in, numbers out. A photo that shows no work is a distractor, all others are
 * positives. A claim is right when the photo shows the work, of a sister when the work shares
 * a group with one that is shown, and otherwise false. */
#ifndef KO_BENCH_SCORE_H
#define KO_BENCH_SCORE_H

#include "truth.h"

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A work that is said to be in a photo; of one work at most one an answer. */
typedef struct ko_bench_claim {
    uint32_t work;
    double score;       /* more is surer */
    const char *method; /* how it was found; static */
    bool placed;        /* quad is known */
    float quad[8];      /* the work's corners in pixels of the photo: x1, y1, ... x4, y4 */
} ko_bench_claim;

#define KO_BENCH_CLAIMS_MAX 24
#define KO_BENCH_STAGES_MAX 8

/* What was said about one photo, in any order, and the CPU time it took. */
typedef struct ko_bench_answer {
    ko_bench_claim claims[KO_BENCH_CLAIMS_MAX];
    size_t n;
    double stage_ms[KO_BENCH_STAGES_MAX];
    double decode_ms;
    bool refused; /* the photo could not be read, or its search failed */
} ko_bench_answer;

typedef enum ko_bench_verdict { KO_BENCH_RIGHT, KO_BENCH_SISTER, KO_BENCH_FALSE } ko_bench_verdict;

ko_bench_verdict ko_bench_judge(const ko_bench_truth *truth, const ko_bench_photo *photo,
                                uint32_t work);

/* Intersection over union of two quads, whichever way round each runs; 0 when one of them is
 * not convex or has no area. */
double ko_bench_iou(const float a[8], const float b[8]);

/* The highest scores of false claims; -INFINITY when there is none. A threshold just above
 * is the lowest without a false claim. */
typedef struct ko_bench_highest {
    double on_distractors, anywhere;
} ko_bench_highest;

ko_bench_highest ko_bench_highest_false(const ko_bench_truth *truth,
                                        const ko_bench_answer *answers);

typedef struct ko_bench_count {
    size_t positives, distractors;
    size_t recognised;        /* positives with a right claim at the threshold or above */
    size_t above_distractors; /* positives with one above every false claim on distractors */
    size_t above_all;         /* positives with one above every false claim */
    size_t shown, found;      /* pairs of photo and work, and those claimed at the threshold */
    /* claims at the threshold or above: */
    size_t false_on_distractors, wrong_works, sisters;
    size_t distractors_hit; /* with one false claim or more */
    size_t placed;          /* right claims whose place is known and was given */
    double iou_mean, iou_median;
} ko_bench_count;

/* Counts the photos of a set and kind; NULL means all. answers[i] is about photos[i]. */
KO_NODISCARD ko_status ko_bench_count_photos(const ko_bench_truth *truth,
                                             const ko_bench_answer *answers, double threshold,
                                             const char *set, const char *kind,
                                             ko_bench_count *out_count, ko_error *err);

/* Recall and false claims at one threshold. */
typedef struct ko_bench_tradeoff {
    double threshold;
    double recall;        /* of the positives, 0..1 */
    double false_a_photo; /* claims on distractors, per distractor */
} ko_bench_tradeoff;

/* The tradeoff at every score that any claim has, from the highest down; out_points is for
 * ko_free. */
KO_NODISCARD ko_status ko_bench_tradeoffs(const ko_bench_truth *truth,
                                          const ko_bench_answer *answers,
                                          ko_bench_tradeoff **out_points, size_t *out_count,
                                          ko_error *err);

/* False claims on distractors at a score: how many it promises (-log10 of those expected a
 * photo), within which bounds chance leaves 95 of 100 counts, and how many there were. */
typedef struct ko_bench_promise {
    double score;
    double promised;
    size_t low, high;
    size_t made;
} ko_bench_promise;

ko_bench_promise ko_bench_promise_at(const ko_bench_truth *truth, const ko_bench_answer *answers,
                                     double score);

/* Smallest k that a Poisson variable of this mean exceeds with at most the given
 * probability's complement: P(X <= k) >= probability. mean >= 0, 0 < probability < 1. */
size_t ko_bench_poisson_quantile(double mean, double probability);

#ifdef __cplusplus
}
#endif
#endif
