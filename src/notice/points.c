#include "notice/points.h"

#include "base/alloc.h"

#include <assert.h>
#include <stdlib.h>

static int compare_days(const void *a, const void *b)
{
    const ko_day x = ((const ko_complaint *)a)->on;
    const ko_day y = ((const ko_complaint *)b)->on;
    return (x > y) - (x < y);
}

/* The complaints that count, in order of days: those of the last life_days. */
static size_t keep_alive(const ko_penalty *rule, const ko_complaint *complaints, size_t n,
                         ko_day day, ko_complaint *out)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (complaints[i].on <= day && day - complaints[i].on < rule->life_days)
            out[kept++] = complaints[i];
    qsort(out, kept, sizeof *out, compare_days);
    return kept;
}

static void add_general(const ko_penalty *rule, const ko_complaint *sorted, size_t n, ko_points *to)
{
    int today = 0;
    for (size_t i = 0, last = n; i < n; i++) {
        if (sorted[i].serious)
            continue;
        if (last == n || sorted[i].on != sorted[last].on) {
            today = 0;
            to->days++;
        }
        last = i;
        const int left = rule->points_a_day - today;
        const int more = rule->points_each < left ? rule->points_each : left;
        today += more;
        to->points += more;
    }
}

static void add_serious(const ko_penalty *rule, const ko_complaint *sorted, size_t n, ko_points *to)
{
    for (size_t i = 0, first = n; i < n; i++) {
        if (!sorted[i].serious)
            continue;
        if (first < n && sorted[i].on - sorted[first].on < rule->serious_window_days)
            continue;
        first = i;
        to->serious++;
    }
}

ko_status ko_points_on(const ko_penalty *rule, const ko_complaint *complaints, size_t n, ko_day day,
                       ko_points *out_points, ko_error *err)
{
    ko_complaint *sorted = ko_alloc_array(n, sizeof *sorted);
    if (!sorted)
        return ko_fail(err, KO_E_NOMEM, "no memory for %zu complaints", n);
    assert(rule->points_a_day > 0 && rule->life_days > 0);
    const size_t kept = keep_alive(rule, complaints, n, day, sorted);
    ko_points points = {.any_ends = kept > 0};
    add_general(rule, sorted, kept, &points);
    add_serious(rule, sorted, kept, &points);
    if (kept > 0)
        points.ends_on = sorted[0].on + rule->life_days;
    ko_free(sorted);
    points.closes = points.points >= rule->closes_at || points.serious >= rule->serious_close_at;
    if (!points.closes)
        points.days_to_go =
            (rule->closes_at - points.points + rule->points_a_day - 1) / rule->points_a_day;
    *out_points = points;
    return KO_OK;
}
