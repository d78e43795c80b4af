/* bench/report.h - what came of trials, as tables for people and as one JSON object. */
#ifndef KO_BENCH_REPORT_H
#define KO_BENCH_REPORT_H

#include "trial.h"

/* trials[0] is the program's own, told in full at the threshold; the others are set beside
 * it. All are about one truth. Both write to standard output. KO_E_NOMEM. */
typedef struct ko_bench_report {
    const ko_bench_trial *trials;
    size_t n_trials;
    double threshold;
    size_t every; /* of the folder's photos one in so many was asked about */
} ko_bench_report;

KO_NODISCARD ko_status ko_bench_report_text(const ko_bench_report *report, ko_error *err);
KO_NODISCARD ko_status ko_bench_report_json(const ko_bench_report *report, ko_error *err);

/* Every claim of a trial as a line of JSON: listing, original, score, method and, where it is
 * known, quad. KO_E_IO. */
KO_NODISCARD ko_status ko_bench_report_claims(const ko_bench_trial *trial, const char *path,
                                              ko_error *err);

/* Scores at which promises are held against what was made. */
#define KO_BENCH_PROMISES 8
extern const double ko_bench_promise_scores[KO_BENCH_PROMISES];

#endif
