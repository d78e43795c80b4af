/* watch/plan.h - when a job is done again, by a clock that may jump. */
#ifndef KO_WATCH_PLAN_H
#define KO_WATCH_PLAN_H

#include "store/job.h"

/* Between two times of one job at least, whatever it says. */
#define KO_WATCH_LEAST_S 60

/* How long a job waits after so many failures in a row: none, five minutes, and twice as long each
 * time up to six hours. */
int64_t ko_watch_backoff_s(int64_t failures);

/* It was done: asks to be done again at wanted_at, 0 for whenever its interval is over, and never
 * waits longer than that. */
void ko_plan_done(ko_job_plan *plan, int64_t now, int64_t wanted_at);
/* It failed. */
void ko_plan_failed(ko_job_plan *plan, int64_t now);
/* Something happened that it should see to at moment; a job that failed waits all the same. */
void ko_plan_bring_forward(ko_job_plan *plan, int64_t moment);

/* It began and never ended: its process was killed, or the machine went down. Once is no fault of
 * the job's, and it is taken up at once; a job that ends its process again and again has to wait.
 */
void ko_plan_cut_off(ko_job_plan *plan, int64_t now);
/* Mends a plan that is read back: one that lies further off than it ever may was made by a clock
 * that was wrong, or is now. */
void ko_plan_take_up(ko_job_plan *plan, int64_t now);

#endif
