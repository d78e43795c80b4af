/* bench/match_plots.h - the three charts of bench_match. */
#ifndef KO_BENCH_MATCH_PLOTS_H
#define KO_BENCH_MATCH_PLOTS_H

#include "trial.h"

/* Writes recall.svg (recall against false candidates), cost.svg (CPU time against the number
 * of works: every engine is asked again with smaller indexes) and promises.svg (promised
 * against measured false candidates of trials[0]) into a folder, which is made when it is
 * missing. KO_E_IO, KO_E_NOMEM, KO_E_STOPPED. */
KO_NODISCARD ko_status ko_bench_match_plots(ko_bench_trial *trials, size_t n_trials,
                                            const char *folder, ko_error *err);

#endif
