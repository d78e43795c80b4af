#include "watch/plan.h"

#define BACKOFF_FIRST_S 300
#define BACKOFF_LAST_S 21600

int64_t ko_watch_backoff_s(int64_t failures)
{
    int64_t wait = failures > 0 ? BACKOFF_FIRST_S : 0;
    for (int64_t i = 1; i < failures && wait < BACKOFF_LAST_S; i++)
        wait *= 2;
    return wait < BACKOFF_LAST_S ? wait : BACKOFF_LAST_S;
}

static int64_t within(int64_t moment, int64_t least, int64_t most)
{
    return moment < least ? least : moment > most ? most : moment;
}

void ko_plan_done(ko_job_plan *plan, int64_t now, int64_t wanted_at)
{
    const int64_t latest = now + plan->every_s;
    plan->failures = 0;
    plan->next_at = within(wanted_at ? wanted_at : latest, now + KO_WATCH_LEAST_S, latest);
}

void ko_plan_failed(ko_job_plan *plan, int64_t now)
{
    plan->failures++;
    plan->next_at = now + ko_watch_backoff_s(plan->failures);
}

void ko_plan_bring_forward(ko_job_plan *plan, int64_t moment)
{
    if (plan->failures == 0 && moment < plan->next_at)
        plan->next_at = moment;
}

void ko_plan_cut_off(ko_job_plan *plan, int64_t now)
{
    plan->failures++;
    if (plan->failures > 1)
        plan->next_at = now + ko_watch_backoff_s(plan->failures);
}

void ko_plan_take_up(ko_job_plan *plan, int64_t now)
{
    const int64_t backoff = ko_watch_backoff_s(plan->failures);
    const int64_t latest = now + (backoff > plan->every_s ? backoff : plan->every_s);
    if (plan->next_at > latest)
        plan->next_at = latest;
}
