/* bench/trial.h - one engine asked about all photos of a folder, with what it took. */
#ifndef KO_BENCH_TRIAL_H
#define KO_BENCH_TRIAL_H

#include "engine.h"

typedef struct ko_bench_trial {
    const ko_bench_engine *engine;
    const ko_bench_truth *truth;
    unsigned jobs;
    void *self; /* the engine, built over all works */
    /* CPU ms: of adding a work, decoding apart; of building the index */
    double add_ms, build_ms;
    size_t index_bytes, works_bytes;
    ko_bench_answer *answers; /* one a photo of the truth */
} ko_bench_trial;

/* Adds all works and asks about all photos on so many threads. Pictures that cannot be read
 * are told on standard error: works are then never found, photos refused. */
KO_NODISCARD ko_status ko_bench_trial_run(const ko_bench_engine *engine,
                                          const ko_bench_truth *truth, unsigned jobs,
                                          ko_bench_trial *out_trial, ko_error *err);

/* Mean CPU ms a photo: of every stage (as many as the engine has), of all of them, and of
 * decoding. */
typedef struct ko_bench_cost {
    double stage_ms[KO_BENCH_STAGES_MAX], all_ms, decode_ms;
} ko_bench_cost;

ko_bench_cost ko_bench_trial_cost(const ko_bench_trial *trial);

/* The same with an index of works 0, step, 2 * step, ... on at most max_photos photos, evenly
 * taken. The trial's answers stay; its engine keeps that index. */
KO_NODISCARD ko_status ko_bench_trial_again(ko_bench_trial *trial, uint32_t step, size_t max_photos,
                                            ko_bench_cost *out_cost, ko_error *err);

void ko_bench_trial_free(ko_bench_trial *trial); /* a zeroed one is fine */

#endif
