#include "case/risk.h"

#include <math.h>

/* So many go half of the way that is left. */
#define HALF_FINDS 3.0
#define HALF_WORKS 2.0
#define HALF_RETURNS 1.0

static bool is_within(ko_day on, ko_day today)
{
    return on <= today && today - on < KO_RISK_DAYS;
}

bool ko_risk_find(ko_risk *risk, ko_day on, ko_day today)
{
    if (!is_within(on, today))
        return false;
    if (risk->confirmed++ == 0 || on > risk->last)
        risk->last = on;
    risk->recent += exp2(-(double)(today - on) / KO_RISK_HALF_DAYS);
    return true;
}

bool ko_risk_return(ko_risk *risk, ko_day on, ko_day today)
{
    const bool within = is_within(on, today);
    risk->returned += within;
    return within;
}

static int part(int most, double n, double half)
{
    return (int)lround(most * (1 - exp2(-n / half)));
}

void ko_risk_weigh(ko_risk *risk)
{
    const double more_works = risk->works > 1 ? (double)(risk->works - 1) : 0;
    risk->of_finds = part(KO_RISK_OF_FINDS, risk->recent, HALF_FINDS);
    risk->of_reach = part(KO_RISK_OF_REACH, more_works, HALF_WORKS);
    risk->of_returns = part(KO_RISK_OF_RETURNS, (double)risk->returned, HALF_RETURNS);
    risk->points = risk->of_finds + risk->of_reach + risk->of_returns;
}
