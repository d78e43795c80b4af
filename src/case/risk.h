/* case/risk.h - how much is to be expected of a seller, by what was found in half a year.
 *
 * Up to 100 points, whose parts are told beside them: up to 50 for what was confirmed, where a find
 * counts half as much every two months; up to 20 for how many works it reaches; up to 30 for coming
 * back after a removal. Each part goes half of the way that is left with so many more. Our own
 * measure: it says in which order to look, and nothing about law. */
#ifndef KO_CASE_RISK_H
#define KO_CASE_RISK_H

#include "base/day.h"

#define KO_RISK_DAYS 180     /* that are looked back over */
#define KO_RISK_HALF_DAYS 60 /* after which a find counts half */
#define KO_RISK_OF_FINDS 50
#define KO_RISK_OF_REACH 20
#define KO_RISK_OF_RETURNS 30

typedef struct ko_risk {
    /* within those days */
    size_t confirmed; /* listings accepted as copies, or complained about in the user's sheet */
    double recent;    /* the same, each by its age */
    ko_day last;      /* the latest of them was first seen; meaningful when there is one */
    size_t works;     /* that they show */
    size_t returned;  /* times that something came back after its removal */
    /* points, when weighed */
    int of_finds, of_reach, of_returns, points;
} ko_risk;

/* Takes in a find, or that something came back, on a day; today is the day that it is. What is too
 * long ago, or still to come, is left out: false. */
bool ko_risk_find(ko_risk *risk, ko_day on, ko_day today);
bool ko_risk_return(ko_risk *risk, ko_day on, ko_day today);

/* Works out the points, all being taken in and the works counted. */
void ko_risk_weigh(ko_risk *risk);

#endif
