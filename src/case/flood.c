#include "case/flood.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/stop.h"
#include "store/aside.h"
#include "store/yield.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>

#define DAY_S ((int64_t)24 * 60 * 60)
#define NOTE_SIZE 512

size_t ko_flood_limit(double mean)
{
    assert(mean > 0);
    return (size_t)ceil(log(KO_FLOOD_CHANCE) / log(mean / (1 + mean)));
}

/* --- subjects --- */

/* Some, as kept while the database is written. */
typedef struct subjects {
    ko_hold *items; /* names owned */
    size_t n, room;
} subjects;

static void free_subjects(subjects *s)
{
    for (size_t i = 0; i < s->n; i++)
        ko_free((char *)s->items[i].name);
    ko_free(s->items);
}

static ko_status keep_subject(void *context, const ko_hold *hold)
{
    subjects *s = context;
    ko_hold *items = ko_grown(s->items, s->n, &s->room, sizeof *items);
    if (!items)
        return KO_E_NOMEM;
    s->items = items;
    items[s->n] = *hold;
    items[s->n].note = items[s->n].decided_by = "";
    items[s->n].name = ko_strdup(hold->name);
    return items[s->n].name ? (s->n++, KO_OK) : KO_E_NOMEM;
}

/* --- setting aside --- */

typedef struct guard {
    ko_store *store;
    int64_t now;
    ko_yield_round round;
    ko_flood flood;
    ko_error *err;
} guard;

static ko_status hold_some(guard *g, const ko_aside *with, const int64_t *ids, size_t n)
{
    ko_aside aside = *with;
    size_t held = 0;
    ko_status st = ko_store_begin(g->store, g->err);
    if (st != KO_OK)
        return st;
    for (size_t i = 0; st == KO_OK && i < n; i++) {
        bool fresh = false;
        aside.candidate_id = ids[i];
        st = ko_aside_add(g->store, &aside, &fresh, g->err);
        held += fresh;
    }
    if (st == KO_OK) {
        g->flood.held += held;
        return ko_store_commit(g->store, g->err);
    }
    ko_store_rollback(g->store);
    return st;
}

/* Sets aside what is new of a subject. */
static ko_status hold_new(guard *g, const ko_hold *hold)
{
    char why[NOTE_SIZE];
    int64_t *ids = NULL;
    size_t n = 0;
    (void)snprintf(why, sizeof why, "%s %s is %s", ko_hold_kind_name(hold->kind), hold->name,
                   hold->state == KO_HOLD_BLOCKED ? "blocked" : "held back");
    const ko_aside aside = {.hold_id = hold->id, .why = why};
    ko_status st = ko_yield_held(g->store, hold, &g->round, &ids, &n, g->err);
    for (size_t i = 0; st == KO_OK && i < n; i += KO_ASIDE_BATCH) {
        st = ko_stop_asked() ? KO_E_STOPPED : KO_OK;
        if (st == KO_OK)
            st = hold_some(g, &aside, ids + i, n - i < KO_ASIDE_BATCH ? n - i : KO_ASIDE_BATCH);
    }
    ko_free(ids);
    return st;
}

/* --- judging --- */

/* What a subject yielded. */
typedef struct tally {
    int64_t since;    /* what is counted as of one day */
    size_t found;     /* since then */
    size_t settled;   /* of them, by a work and a source that are not new */
    size_t before;    /* in the days before */
    int64_t *leaders; /* of those found, as many */
    size_t room;
} tally;

static ko_status count(void *context, const ko_yield *y)
{
    tally *t = context;
    if (y->found_at <= t->since) {
        t->before += !y->held;
        return KO_OK;
    }
    if (!y->waits)
        return KO_OK;
    int64_t *leaders = ko_grown(t->leaders, t->found, &t->room, sizeof *leaders);
    if (!leaders)
        return KO_E_NOMEM;
    t->leaders = leaders;
    leaders[t->found++] = y->leader;
    t->settled += y->settled;
    return KO_OK;
}

/* The candidate whose picture nearly all show; 0: there is none. If one has more than half of the
 * votes it is left when each vote has met one for another (Boyer and Moore, 1981). */
static int64_t one_picture(const tally *t)
{
    int64_t leader = 0;
    size_t votes = 0, n = 0;
    for (size_t i = 0; i < t->found; i++) {
        if (votes == 0)
            leader = t->leaders[i];
        votes = t->leaders[i] == leader ? votes + 1 : votes - 1;
    }
    for (size_t i = 0; i < t->found; i++)
        n += t->leaders[i] == leader;
    return 100 * n >= KO_FLOOD_ONE_PICTURE * t->found ? leader : 0;
}

/* What a subject may yield. */
typedef struct allowance {
    double mean;
    size_t usual, first; /* in a day; while it is new */
    bool is_new;
} allowance;

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

static allowance allow(const guard *g, const ko_hold *subject, const ko_yield_past *past,
                       const tally *t)
{
    const bool source = subject->kind == KO_HOLD_SOURCE;
    const int64_t first_day = g->now - KO_FLOOD_DAYS * DAY_S;
    const int64_t from = past->known_since > first_day ? past->known_since : first_day;
    const double days = from < t->since ? (double)(t->since - from) / (double)DAY_S : 0;
    allowance a = {.mean = (KO_FLOOD_PRIOR + (double)t->before) / (1 + days),
                   .is_new = past->known_since > g->now - KO_FLOOD_NEW_DAYS * DAY_S};
    a.usual = larger(source ? KO_FLOOD_LEAST_SOURCE : KO_FLOOD_LEAST,
                     larger(ko_flood_limit(a.mean), 2 * past->released_found));
    a.first = larger(a.usual, source ? KO_FLOOD_FIRST_SOURCE : KO_FLOOD_FIRST);
    return a;
}

/* Keeps a hold with the reason in words, and sets aside what is new. */
static ko_status begin_hold(guard *g, ko_hold *subject, const tally *t, const allowance *a,
                            bool unusual)
{
    char note[NOTE_SIZE];
    const int64_t leader = subject->kind == KO_HOLD_PICTURE ? 0 : one_picture(t);
    const int n = unusual ? snprintf(note, sizeof note,
                                     "%zu candidates in one day, %.0f expected; up to %zu pass",
                                     t->settled, a->mean, a->usual)
                          : snprintf(note, sizeof note,
                                     "%zu candidates in one day; while it is new, up to %zu pass",
                                     t->found, a->first);
    if (leader)
        (void)snprintf(note + n, sizeof note - (size_t)n,
                       "; nearly all show the picture of candidate %lld", (long long)leader);
    subject->expected = a->mean;
    subject->found = unusual ? t->settled : t->found;
    subject->note = note;
    ko_status st = ko_hold_add(g->store, subject, &subject->id, g->err);
    if (st != KO_OK || subject->id == 0) /* another process was faster */
        return st;
    g->flood.new_holds++;
    st = hold_new(g, subject);
    subject->note = "";
    return st;
}

static ko_status judge(guard *g, ko_hold *subject)
{
    const int64_t settled_before = g->now - KO_FLOOD_NEW_DAYS * DAY_S;
    tally t = {.since = g->now - DAY_S};
    ko_yield_past past;
    ko_status st = ko_yield_past_read(g->store, subject, &past, g->err);
    if (st != KO_OK || past.known_since == 0)
        return st;
    if (past.released_at > t.since)
        t.since = past.released_at;
    st = ko_yield_each(g->store, subject, g->now - KO_FLOOD_DAYS * DAY_S, settled_before, count, &t,
                       g->err);
    if (st == KO_OK) {
        const allowance a = allow(g, subject, &past, &t);
        const bool unusual = !a.is_new && t.settled > a.usual;
        if (unusual || t.found > a.first)
            st = begin_hold(g, subject, &t, &a, unusual);
    }
    ko_free(t.leaders);
    return st;
}

/* --- a look --- */

static ko_status keep_to_holds(guard *g)
{
    subjects held = {0};
    ko_status st = ko_hold_each(g->store, 0, 1U << KO_HOLD_HELD | 1U << KO_HOLD_BLOCKED,
                                keep_subject, &held, g->err);
    for (size_t i = 0; st == KO_OK && i < held.n; i++)
        st = hold_new(g, &held.items[i]);
    free_subjects(&held);
    return st;
}

static ko_status judge_all(guard *g, ko_hold_kind kind)
{
    const size_t least = kind == KO_HOLD_SOURCE ? KO_FLOOD_LEAST_SOURCE : KO_FLOOD_LEAST;
    subjects busy = {0};
    ko_status st =
        ko_yield_busy(g->store, kind, g->now - DAY_S, least, keep_subject, &busy, g->err);
    for (size_t i = 0; st == KO_OK && i < busy.n; i++)
        st = ko_stop_asked() ? KO_E_STOPPED : judge(g, &busy.items[i]);
    free_subjects(&busy);
    return st;
}

ko_status ko_flood_look(ko_store *store, ko_flood *out_flood, ko_error *err)
{
    static const ko_hold_kind order[] = {KO_HOLD_PICTURE, KO_HOLD_WORK, KO_HOLD_SOURCE};
    guard g = {.store = store, .now = ko_clock_now(), .err = err};
    *out_flood = g.flood;
    ko_status st = ko_yield_round_read(store, &g.round, err);
    if (st != KO_OK || g.round.last == g.round.after)
        return st;
    st = keep_to_holds(&g);
    for (size_t i = 0; st == KO_OK && i < sizeof order / sizeof *order; i++)
        st = judge_all(&g, order[i]);
    if (st == KO_OK)
        st = ko_yield_round_end(store, &g.round, err);
    *out_flood = g.flood;
    if (st == KO_E_NOMEM || st == KO_E_STOPPED)
        return ko_fail(err, st, "looking for floods");
    return st;
}
