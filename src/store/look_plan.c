#include "store/look_plan.h"

#include "base/clock.h"
#include "store/candidate.h"
#include "store/notice.h"
#include "store/query.h"

#include <assert.h>

#define HOUR ((int64_t)3600)
#define DAY (24 * HOUR)

/* --- the table --- */

/* Why a listing is looked at. */
typedef enum why {
    NO_REASON,
    TO_FILE, /* accepted, and not filed yet */
    FILED,   /* somebody else has to do something */
    COUNTERED,
    GONE,   /* was taken down, or found gone: does it come back? */
    BACK,   /* came back, and is to be filed anew */
    REFUSED /* was not taken down for that notice: maybe for another one */
} why;

static const why why_of_state[KO_NOTICE_STATES] = {
    [KO_NOTICE_BUILT] = TO_FILE,       [KO_NOTICE_FILED] = FILED,
    [KO_NOTICE_IN_PROGRESS] = FILED,   [KO_NOTICE_COUNTERED] = COUNTERED,
    [KO_NOTICE_ANSWERED] = FILED,      [KO_NOTICE_UPHELD] = FILED,
    [KO_NOTICE_REMOVED] = GONE,        [KO_NOTICE_UNABLE] = REFUSED,
    [KO_NOTICE_REFUSED] = REFUSED,     [KO_NOTICE_RESTORED] = NO_REASON,
    [KO_NOTICE_WITHDRAWN] = NO_REASON, [KO_NOTICE_REAPPEARED] = BACK,
};

/* How often, in days, by for how many days it has been so. */
#define EVER INT64_MAX
/* clang-format off */
static const struct pace {
    int64_t until, every;
} paces[][5] = {
    [TO_FILE] = {{14, 3}, {EVER, 7}},
    [FILED] = {{14, 1}, {44, 3}, {EVER, 7}},
    [COUNTERED] = {{EVER, 1}},
    [GONE] = {{2, 2}, {7, 5}, {14, 7}, {30, 16}, {EVER, 30}},
    [BACK] = {{14, 3}, {EVER, 7}},
    [REFUSED] = {{14, 7}, {EVER, 30}},
};
/* clang-format on */

/* How long after the nth look in a row that told nothing, whatever the reason to look. */
static const int64_t blocked[] = {1 * DAY, 2 * DAY, 4 * DAY, 8 * DAY, 14 * DAY};
static const int64_t unreachable[] = {6 * HOUR, 12 * HOUR, 1 * DAY, 2 * DAY, 4 * DAY, 7 * DAY};
#define N_BLOCKED ((int64_t)(sizeof blocked / sizeof *blocked))
#define N_UNREACHABLE ((int64_t)(sizeof unreachable / sizeof *unreachable))

static int64_t pace_of(why reason, int64_t age)
{
    const struct pace *pace = paces[reason];
    while (age / DAY >= pace->until)
        pace++;
    return pace->every * DAY;
}

/* Seconds to wait for one reason, which has held since a moment. */
static int64_t wait_for(const ko_look *look, why reason, int64_t since, int64_t from)
{
    const bool gone = look->outcome == KO_LOOK_GONE;
    if (look->outcome == KO_LOOK_BLOCKED)
        return blocked[(look->times < N_BLOCKED ? look->times : N_BLOCKED) - 1];
    if (look->outcome == KO_LOOK_UNREACHABLE)
        return unreachable[(look->times < N_UNREACHABLE ? look->times : N_UNREACHABLE) - 1];
    if (gone && !look->sure)
        return look->at - look->gone_since < KO_LOOK_SURE_S ? KO_LOOK_SURE_S : DAY;
    return gone ? pace_of(GONE, from - look->gone_since) : pace_of(reason, from - since);
}

/* What is due at the same moment is spread over an eighth of the time it waits for, by number: the
 * same each time, and no site is asked for all of its listings in one hour. */
static int64_t spread(int64_t listing_id, int64_t wait_s)
{
    const uint64_t mixed = (uint64_t)listing_id * 0x9E3779B97F4A7C15U; /* 2^64 / golden ratio */
    return wait_s / 8 * (int64_t)(mixed >> 54) / 1024;
}

/* --- why a listing is looked at --- */

typedef struct planning {
    const ko_look *look;
    int64_t from; /* when it was last seen or looked at */
    int64_t wait_s;
} planning;

static void weigh(planning *p, why reason, int64_t since)
{
    if (reason == NO_REASON)
        return;
    const int64_t wait_s = wait_for(p->look, reason, since, p->from);
    if (!p->wait_s || wait_s < p->wait_s)
        p->wait_s = wait_s;
}

static ko_status weigh_items(ko_store *store, planning *p, bool *out_any, ko_error *err)
{
    static const char sql[] =
        "SELECT ifnull(event.state, 0), ifnull(event.on_day * 86400, notice.built_at)"
        " FROM notice_item CROSS JOIN notice ON notice.id = notice_item.notice_id"
        " LEFT JOIN notice_told AS told ON told.id = notice_item.told"
        " LEFT JOIN notice_event AS event ON event.id = told.event_id"
        " WHERE notice_item.listing_id = ?";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, p->look->listing_id);
    while (ko_query_row(&q)) {
        const int64_t state = ko_query_int_within(&q, KO_NOTICE_BUILT, KO_NOTICE_STATES - 1);
        const int64_t since = ko_query_int(&q);
        *out_any = true;
        if (ko_query_intact(&q))
            weigh(p, why_of_state[state], since);
    }
    return ko_query_end(&q, err);
}

static ko_status weigh_candidates(ko_store *store, planning *p, ko_error *err)
{
    static const char sql[] = "SELECT act.at FROM work CROSS JOIN candidate"
                              " ON candidate.work_id = work.id AND candidate.listing_id = ?"
                              " CROSS JOIN decision ON decision.id = candidate.decided"
                              " AND decision.state = ?"
                              " CROSS JOIN act ON act.id = decision.act_id";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, p->look->listing_id);
    ko_query_bind_int(&q, KO_CANDIDATE_ACCEPTED);
    while (ko_query_row(&q)) {
        const int64_t since = ko_query_int(&q);
        if (ko_query_intact(&q))
            weigh(p, TO_FILE, since);
    }
    return ko_query_end(&q, err);
}

ko_status ko_look_plan(ko_store *store, const ko_look *look, int64_t seen_at, int64_t *out_next,
                       ko_error *err)
{
    planning p = {.look = look, .from = look->at ? look->at : seen_at};
    bool noticed = false;
    ko_status st = weigh_items(store, &p, &noticed, err);
    if (st == KO_OK && !noticed)
        st = weigh_candidates(store, &p, err);
    if (st != KO_OK)
        return st;
    const int64_t now = ko_clock_now(), next = p.from + p.wait_s;
    assert(p.wait_s >= 0);
    *out_next =
        p.wait_s ? (next > now ? next : now) + spread(look->listing_id, p.wait_s) : KO_LOOK_NEVER;
    return KO_OK;
}
