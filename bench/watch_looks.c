#include "watch_known.h"

#include "base/alloc.h"

#include <stdlib.h>

#define HOUR_S ((int64_t)3600)
#define DAY_S (24 * HOUR_S)
/* From when on what is not noticed is a fault: a listing is looked at once a day at least, and
 * twice until it is gone for sure. */
#define NOTICED_S (4 * DAY_S)

/* --- looks --- */

/* All of its shop was lost: each listing seems to be gone, and none is for sure. */
static bool seemed_gone(const ko_judge *j, size_t offer, int64_t at)
{
    const unsigned shop = living_at(j->world, offer).shop;
    return living_trouble_at(j->world, shop, at) == LIVING_LOST ||
           living_trouble_at(j->world, shop, at - HOUR_S) == LIVING_LOST;
}

static bool agrees(const ko_judge *j, size_t offer, int64_t at, ko_look_outcome outcome, bool sure)
{
    switch (outcome) {
    case KO_LOOK_ALIVE:
        return ko_judge_was(j, offer, at, LIVING_ALIVE) ||
               ko_judge_was(j, offer, at, LIVING_SWAPPED);
    case KO_LOOK_GONE:
        return ko_judge_was_gone(j, offer, at) || (!sure && seemed_gone(j, offer, at));
    case KO_LOOK_CHANGED:
        return ko_judge_was(j, offer, at, LIVING_SWAPPED);
    default:
        return true; /* that nothing could be seen is never false */
    }
}

static void on_change(ko_judge *j, sqlite3_stmt *row)
{
    static const char *const names[] = {"none",    "alive",   "gone",
                                        "changed", "blocked", "unreachable"};
    size_t i;
    if (!ko_judge_offer(j, row, 0, &i))
        return;
    const ko_look_outcome outcome = (ko_look_outcome)ko_judge_number(row, 1);
    const int64_t at = ko_judge_number(row, 2);
    if (outcome == KO_LOOK_CHANGED && !j->known[i].changed_at)
        j->known[i].changed_at = at;
    if (!agrees(j, i, at, outcome, ko_judge_number(row, 3) == 1))
        ko_verdict_wrong(j->v, "looks", "offer %u told %s at %lld, true is %d", (unsigned)i + 1,
                         names[outcome], (long long)at, (int)living_state_at(j->world, i, at));
}

static void count_false(ko_judge *j, sqlite3_stmt *row)
{
    size_t i;
    if (ko_judge_offer(j, row, 0, &i) &&
        !agrees(j, i, ko_judge_number(row, 2), (ko_look_outcome)ko_judge_number(row, 1),
                ko_judge_number(row, 3) == 1))
        j->v->lines[j->v->n - 1].wrong++;
}

static void judge_changes(ko_judge *j)
{
    static const char changes[] = "SELECT url, outcome, look_change.at, sure FROM look_change"
                                  " JOIN listing ON listing.id = listing_id";
    ko_judge_each(j, changes, on_change);
    ko_verdict_add(
        j->v, "looks", 0,
        "%lld listings looked at, %lld changes: %lld gone, %lld blocked, %lld"
        " unreachable",
        (long long)ko_judge_count(j, "SELECT count(*) FROM look WHERE at > 0"),
        (long long)ko_judge_count(j, "SELECT count(*) FROM look_change"),
        (long long)ko_judge_count(j, "SELECT count(*) FROM look_change WHERE outcome = 2"),
        (long long)ko_judge_count(j, "SELECT count(*) FROM look_change WHERE outcome = 4"),
        (long long)ko_judge_count(j, "SELECT count(*) FROM look_change WHERE outcome = 5"));
    ko_judge_each(j, changes, count_false);
}

/* --- removals --- */

static int by_size(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static double hours(int64_t seconds)
{
    return (double)seconds / 3600;
}

static void judge_removals(ko_judge *j)
{
    int64_t *delays = ko_alloc_array(j->n + 1, sizeof *delays);
    size_t all = 0, told = 0, false_ones = 0, late = 0, troubled = 0;
    for (size_t i = 0; delays && i < j->n; i++) {
        const living_offer o = living_at(j->world, i);
        const ko_known *k = &j->known[i];
        const bool gone = o.filed != LIVING_NEVER && o.gone < j->end;
        all += gone;
        if (k->removed_at && !ko_judge_was_gone(j, i, k->removed_at)) {
            false_ones++;
            ko_verdict_wrong(j->v, "removals", "offer %u was told removed at %lld, true is %d",
                             o.number, (long long)k->removed_at,
                             (int)living_state_at(j->world, i, k->removed_at));
        } else if (k->removed_at && gone) {
            const int64_t since = o.gone > o.filed ? o.gone : o.filed;
            delays[told++] = k->removed_at > since ? k->removed_at - since : 0;
        } else if (gone && k->noticed && o.gone + NOTICED_S < j->end &&
                   o.filed + NOTICED_S < j->end && o.back > o.gone + NOTICED_S) {
            const bool plain = ko_judge_was_plain(j, o.shop, o.gone - NOTICED_S, j->end);
            late += plain;
            troubled += !plain;
            if (plain)
                ko_verdict_wrong(j->v, "removals", "offer %u is gone since %lld (%d), and not told",
                                 o.number, (long long)o.gone, (int)o.end);
        }
    }
    if (told > 0)
        qsort(delays, told, sizeof *delays, by_size);
    ko_verdict_add(j->v, "removals", false_ones + late,
                   "%zu true, %zu told, median after %.1f h, latest after %.1f h; %zu false, %zu"
                   " not told in time, %zu where the shop was in trouble",
                   all, told, told ? hours(delays[told / 2]) : 0,
                   told ? hours(delays[told - 1]) : 0, false_ones, late, troubled);
    ko_free(delays);
}

static void judge_swaps(ko_judge *j)
{
    size_t all = 0, found = 0, wrong = 0, troubled = 0;
    for (size_t i = 0; i < j->n; i++) {
        const living_offer o = living_at(j->world, i);
        const ko_known *k = &j->known[i];
        if (o.swapped > j->end || !k->noticed)
            continue;
        all++;
        found += k->changed_at != 0;
        if (k->changed_at || o.swapped + NOTICED_S > j->end)
            continue;
        const bool plain = ko_judge_was_plain(j, o.shop, o.swapped - NOTICED_S, j->end);
        wrong += plain;
        troubled += !plain;
        if (plain)
            ko_verdict_wrong(j->v, "swaps", "offer %u shows another picture since %lld", o.number,
                             (long long)o.swapped);
    }
    ko_verdict_add(j->v, "swaps", wrong,
                   "%zu listings show another picture: %zu found, %zu missed, %zu where the shop"
                   " was in trouble",
                   all, found, wrong, troubled);
}

void ko_judge_looks(ko_judge *j)
{
    judge_changes(j);
    judge_removals(j);
    judge_swaps(j);
}
