/* notice/points.h - how close a seller is to losing the account, as far as it can be told.
 *
 * Platforms do not show their points. What is counted here are the complaints that succeeded and
 * that are known, by the rule as it was published (ko_penalty, with its source): the seller has
 * at least this many when that rule is still in force, and more when others complain, too. */
#ifndef KO_NOTICE_POINTS_H
#define KO_NOTICE_POINTS_H

#include "notice/rules.h"

#include <stdbool.h>
#include <stddef.h>

/* A complaint that succeeded. */
typedef struct ko_complaint {
    ko_day on;    /* when the penalty was given */
    bool serious; /* the platform calls it that; selling one's work on a product is general */
} ko_complaint;

typedef struct ko_points {
    int points;     /* of general complaints, each day capped */
    int days;       /* that gave them: what counts is days, not links */
    int serious;    /* strikes, each window counted once */
    bool closes;    /* enough of either to close the account */
    int days_to_go; /* further days with a complaint until then; 0 when it closes */
    bool any_ends;  /* ends_on is set */
    ko_day ends_on; /* when the earliest of them counts no more */
} ko_points;

/* The points on a day; complaints may come in any order, later ones do not count. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_points_on(const ko_penalty *rule, const ko_complaint *complaints,
                                    size_t n, ko_day day, ko_points *out_points, ko_error *err);

#endif
