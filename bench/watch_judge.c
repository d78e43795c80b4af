#include "watch_judge.h"

#include "base/alloc.h"
#include "store/look.h"
#include "store/notice.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HOUR_S ((int64_t)3600)
#define DAY_S (24 * HOUR_S)
/* From when on what is not noticed is a fault: a listing is looked at once a day at least, and
 * twice until it is gone for sure. */
#define NOTICED_S (4 * DAY_S)

/* What the database has of an offer; number 0: nothing. */
typedef struct known {
    int64_t listing, candidate;
    bool sorted, tied, tied_own, read, hidden;
    int64_t removed_at, reappeared_at, changed_at; /* told; 0: not */
    int64_t looked_at;
    ko_look_outcome outcome;
    ko_notice_state state; /* of its item */
    bool noticed;          /* there is one */
} known;

typedef struct judge {
    const ko_watch_trial *trial;
    ko_verdicts *v;
    living *world;
    known *known; /* of each offer */
    size_t n;
    int64_t begin, end;
    bool failed;
} judge;

/* --- rows --- */

typedef void row_fn(judge *j, sqlite3_stmt *row);

static void each(judge *j, const char *sql, row_fn *fn)
{
    sqlite3_stmt *statement = NULL;
    int rc = sqlite3_prepare_v2(j->trial->db, sql, -1, &statement, NULL);
    while (rc == SQLITE_OK && (rc = sqlite3_step(statement)) == SQLITE_ROW) {
        fn(j, statement);
        rc = SQLITE_OK;
    }
    if (rc != SQLITE_DONE) {
        (void)fprintf(stderr, "bench_watch: %s: %s\n", sql, sqlite3_errmsg(j->trial->db));
        j->failed = true;
    }
    (void)sqlite3_finalize(statement);
}

static int64_t number(sqlite3_stmt *row, int column)
{
    return sqlite3_column_int64(row, column);
}

/* The offer whose URL is in a column; false when it is none of the market's. */
static bool offer_of(const judge *j, sqlite3_stmt *row, int column, size_t *out_index)
{
    const unsigned char *url = sqlite3_column_text(row, column);
    unsigned shop, of_market;
    return url && living_read_url((const char *)url, &shop, &of_market) &&
           living_find(j->world, shop, of_market, out_index) && *out_index < j->n;
}

/* --- what is true --- */

/* Nothing could be reached or kept at some time in the span. */
static bool was_out(const judge *j, int64_t from, int64_t to)
{
    const ko_watch_trial *t = j->trial;
    return (t->away_from && t->away_from < to && t->away_to > from) ||
           (t->full_from && t->full_from < to && t->full_to > from);
}

/* Whether an offer was in a state when it was looked at: a round of looks takes up to an hour. */
static bool was(const judge *j, size_t offer, int64_t at, living_state state)
{
    return living_state_at(j->world, offer, at) == state ||
           living_state_at(j->world, offer, at - HOUR_S / 2) == state ||
           living_state_at(j->world, offer, at - HOUR_S) == state;
}

static bool was_gone(const judge *j, size_t offer, int64_t at)
{
    return was(j, offer, at, LIVING_GONE) || was(j, offer, at, LIVING_SHOP_CLOSED);
}

/* Nothing kept anybody from seeing this shop between. */
static bool was_plain(const judge *j, unsigned shop, int64_t from, int64_t to)
{
    return living_troubled_s(j->world, shop, from, to) == 0 && !was_out(j, from, to);
}

/* --- reading --- */

static void on_listing(judge *j, sqlite3_stmt *row)
{
    size_t i;
    if (!offer_of(j, row, 1, &i)) {
        ko_verdict_wrong(j->v, "listings", "%s is none of the market's",
                         (const char *)sqlite3_column_text(row, 1));
        return;
    }
    if (j->known[i].listing)
        ko_verdict_wrong(j->v, "listings", "%s is there twice",
                         (const char *)sqlite3_column_text(row, 1));
    j->known[i].listing = number(row, 0);
    j->known[i].read = number(row, 2) > 0;
}

static void on_candidate(judge *j, sqlite3_stmt *row)
{
    size_t i;
    if (!offer_of(j, row, 1, &i))
        return;
    const living_offer o = living_at(j->world, i);
    const char *path = (const char *)sqlite3_column_text(row, 2);
    const char *name = path ? strrchr(path, '/') : NULL;
    if (o.work < 0 || !name ||
        strcmp(name + 1, living_market_work(j->trial->market, (unsigned)o.work)) != 0)
        return;
    j->known[i].candidate = number(row, 0);
    j->known[i].sorted = number(row, 3) != 0;
    j->known[i].hidden = number(row, 4) != 0;
}

static void on_tie(judge *j, sqlite3_stmt *row)
{
    size_t i, to;
    if (!offer_of(j, row, 0, &i))
        return;
    const living_offer o = living_at(j->world, i);
    j->known[i].tied = true;
    if (offer_of(j, row, 1, &to))
        j->known[i].tied_own |= to == o.origin;
}

static void on_look(judge *j, sqlite3_stmt *row)
{
    size_t i;
    if (offer_of(j, row, 0, &i)) {
        j->known[i].outcome = (ko_look_outcome)number(row, 1);
        j->known[i].looked_at = number(row, 2);
    }
}

static void on_item(judge *j, sqlite3_stmt *row)
{
    size_t i;
    if (offer_of(j, row, 0, &i)) {
        j->known[i].noticed = true;
        j->known[i].state = (ko_notice_state)number(row, 1);
    }
}

/* What was told of items: the first time of each. */
static void on_event(judge *j, sqlite3_stmt *row)
{
    size_t i;
    if (!offer_of(j, row, 0, &i))
        return;
    known *k = &j->known[i];
    if (number(row, 1) == KO_NOTICE_REMOVED && !k->removed_at)
        k->removed_at = number(row, 2);
    if (number(row, 1) == KO_NOTICE_REAPPEARED && !k->reappeared_at)
        k->reappeared_at = number(row, 2);
}

static void read_all(judge *j)
{
    each(j,
         "SELECT id, url, (SELECT count(*) FROM listing_photo JOIN photo ON photo.id = photo_id"
         " WHERE listing_id = listing.id AND photo.state = 1) FROM listing",
         on_listing);
    each(j,
         "SELECT candidate.id, listing.url, (SELECT path FROM view WHERE view.work_id ="
         " candidate.work_id LIMIT 1), leader IS NOT NULL, EXISTS (SELECT 1 FROM aside WHERE"
         " aside.candidate_id = candidate.id AND ended_at IS NULL) FROM candidate"
         " JOIN listing ON listing.id = listing_id",
         on_candidate);
    each(j,
         "SELECT listing.url, notice_item.url FROM tie"
         " JOIN candidate ON candidate.id = tie.candidate_id"
         " JOIN listing ON listing.id = candidate.listing_id"
         " JOIN notice_item ON notice_item.id = tie.item_id",
         on_tie);
    each(j, "SELECT url, outcome, look.at FROM look JOIN listing ON listing.id = listing_id",
         on_look);
    each(j,
         "SELECT url, ifnull(notice_event.state, 0) FROM notice_item"
         " LEFT JOIN notice_told ON notice_told.id = told"
         " LEFT JOIN notice_event ON notice_event.id = event_id ORDER BY notice_item.id",
         on_item);
    each(j,
         "SELECT url, notice_event.state, notice_event.at FROM notice_told"
         " JOIN notice_event ON notice_event.id = event_id"
         " JOIN notice_item ON notice_item.id = item_id ORDER BY notice_told.id",
         on_event);
}

static int64_t count(judge *j, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    int64_t n = 0;
    if (sqlite3_prepare_v2(j->trial->db, sql, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW) {
        n = sqlite3_column_int64(statement, 0);
    } else {
        (void)fprintf(stderr, "bench_watch: %s: %s\n", sql, sqlite3_errmsg(j->trial->db));
        j->failed = true;
    }
    (void)sqlite3_finalize(statement);
    return n;
}

/* --- listings and candidates --- */

static void judge_listings(judge *j)
{
    const int64_t all = count(j, "SELECT count(*) FROM listing");
    const int64_t urls = count(j, "SELECT count(DISTINCT url) FROM listing");
    size_t known_offers = 0, missing = 0;
    for (size_t i = 0; i < j->n; i++) {
        const living_offer o = living_at(j->world, i);
        const int64_t seen_by = o.born + 2 * j->trial->every_s;
        known_offers += j->known[i].listing != 0;
        if (j->known[i].listing || seen_by > j->end || o.gone < seen_by ||
            !was_plain(j, o.shop, o.born > j->begin ? o.born : j->begin, seen_by + DAY_S))
            continue;
        missing++;
        ko_verdict_wrong(j->v, "listings", "offer %u of shop %u was not seen", o.number, o.shop);
    }
    ko_verdict_add(j->v, "listings", (size_t)(all - urls) + (size_t)all - known_offers + missing,
                   "%lld, %lld doubled, %lld strange, %zu missed", (long long)all,
                   (long long)(all - urls), (long long)all - (long long)known_offers, missing);
}

static void judge_candidates(judge *j)
{
    const int64_t all = count(j, "SELECT count(*) FROM candidate");
    const int64_t pairs =
        count(j, "SELECT count(*) FROM (SELECT DISTINCT work_id, url FROM candidate"
                 " JOIN listing ON listing.id = listing_id)");
    const int64_t unsorted = count(j, "SELECT count(*) FROM candidate WHERE leader IS NULL");
    size_t copies = 0, found = 0, unlike = 0;
    for (size_t i = 0; i < j->n; i++) {
        const living_offer o = living_at(j->world, i);
        const known *k = &j->known[i];
        if (o.work < 0 || !k->read)
            continue;
        copies++;
        found += k->candidate != 0;
        if (!k->candidate)
            ko_verdict_wrong(j->v, "not recognised", "offer %u, %s, scene %llx", o.number,
                             living_market_work(j->trial->market, (unsigned)o.work),
                             (unsigned long long)o.scene);
        if (k->candidate || o.how == LIVING_FIRST || o.how == LIVING_OTHER ||
            !j->known[o.origin].candidate || o.how != LIVING_SAME)
            continue;
        unlike++;
        ko_verdict_wrong(j->v, "candidates", "offer %u has the bytes of offer %u, and is none",
                         o.number, (unsigned)o.origin + 1);
    }
    ko_verdict_add(j->v, "candidates", (size_t)(all - pairs) + unlike,
                   "%lld, %lld doubled, %lld not sorted; of %zu copies that were read %zu found",
                   (long long)all, (long long)(all - pairs), (long long)unsorted, copies, found);
}

/* --- what comes back --- */

/* Why a listing that goes on with an earlier case is not tied to it; NULL: for no reason. */
static const char *why_not_tied(const judge *j, const living_offer *o, const known *k)
{
    if (!k->listing)
        return "not seen yet";
    if (!k->read)
        return "picture not here yet";
    if (!k->candidate)
        return "picture not recognised";
    if (!k->sorted)
        return "not sorted yet";
    if (o->how == LIVING_OTHER && o->shop != living_at(j->world, o->origin).shop)
        return "another picture in another shop";
    return NULL;
}

static void judge_returns(judge *j)
{
    size_t all = 0, tied = 0, own = 0, unseen = 0, unlike = 0, other = 0, wrong = 0, hidden = 0;
    for (size_t i = 0; i < j->n; i++) {
        const living_offer o = living_at(j->world, i);
        const known *k = &j->known[i];
        if (o.origin == LIVING_NO_ORIGIN || o.born > j->end)
            continue;
        all++;
        tied += k->tied;
        own += k->tied_own;
        if (k->tied) {
            hidden += k->hidden;
            if (k->hidden)
                ko_verdict_wrong(j->v, "reappearances", "offer %u is tied, and hidden", o.number);
            continue;
        }
        const char *why = why_not_tied(j, &o, k);
        unseen += why && !k->read;
        unlike += why && k->read && !k->candidate;
        other += why && k->candidate;
        wrong += !why;
        if (!why)
            ko_verdict_wrong(j->v, "reappearances", "offer %u of shop %u goes on with %u (%d)",
                             o.number, o.shop, (unsigned)o.origin + 1, (int)o.how);
    }
    ko_verdict_add(j->v, "reappearances", wrong + hidden,
                   "%zu offered again: %zu tied, %zu of them to the very case; %zu not seen yet,"
                   " %zu not recognised, %zu other picture in other shop, %zu unexplained",
                   all, tied, own, unseen, unlike, other, wrong);
}

/* A listing that was removed and stands there again. */
static void judge_backs(judge *j)
{
    size_t all = 0, told = 0, waiting = 0, early = 0, wrong = 0;
    for (size_t i = 0; i < j->n; i++) {
        const living_offer o = living_at(j->world, i);
        const known *k = &j->known[i];
        if (o.back >= j->end)
            continue;
        all++;
        told += k->reappeared_at != 0;
        if (k->reappeared_at && k->reappeared_at < o.back) {
            wrong++;
            ko_verdict_wrong(j->v, "backs", "offer %u was told back before it was", o.number);
        } else if (k->reappeared_at) {
            continue;
        } else if (!k->removed_at || k->removed_at >= o.back) {
            early++; /* it was back before it was gone for sure */
        } else if (k->looked_at < o.back || k->outcome != KO_LOOK_ALIVE) {
            waiting++;
        } else {
            wrong++;
            ko_verdict_wrong(j->v, "backs", "offer %u is back since it was removed", o.number);
        }
    }
    ko_verdict_add(j->v, "backs", wrong,
                   "%zu listings were put back: %zu told, %zu before they were gone for sure,"
                   " %zu not looked at since",
                   all, told, early, waiting);
}

/* --- looks --- */

/* All of its shop was lost: each listing seems to be gone, and none is for sure. */
static bool seemed_gone(const judge *j, size_t offer, int64_t at)
{
    const unsigned shop = living_at(j->world, offer).shop;
    return living_trouble_at(j->world, shop, at) == LIVING_LOST ||
           living_trouble_at(j->world, shop, at - HOUR_S) == LIVING_LOST;
}

static bool agrees(const judge *j, size_t offer, int64_t at, ko_look_outcome outcome, bool sure)
{
    switch (outcome) {
    case KO_LOOK_ALIVE:
        return was(j, offer, at, LIVING_ALIVE) || was(j, offer, at, LIVING_SWAPPED);
    case KO_LOOK_GONE:
        return was_gone(j, offer, at) || (!sure && seemed_gone(j, offer, at));
    case KO_LOOK_CHANGED:
        return was(j, offer, at, LIVING_SWAPPED);
    default:
        return true; /* that nothing could be seen is never false */
    }
}

static void on_change(judge *j, sqlite3_stmt *row)
{
    static const char *const names[] = {"none",    "alive",   "gone",
                                        "changed", "blocked", "unreachable"};
    size_t i;
    if (!offer_of(j, row, 0, &i))
        return;
    const ko_look_outcome outcome = (ko_look_outcome)number(row, 1);
    const int64_t at = number(row, 2);
    if (outcome == KO_LOOK_CHANGED && !j->known[i].changed_at)
        j->known[i].changed_at = at;
    if (!agrees(j, i, at, outcome, number(row, 3) == 1))
        ko_verdict_wrong(j->v, "looks", "offer %u told %s at %lld, true is %d", (unsigned)i + 1,
                         names[outcome], (long long)at, (int)living_state_at(j->world, i, at));
}

static void count_false(judge *j, sqlite3_stmt *row)
{
    size_t i;
    if (offer_of(j, row, 0, &i) &&
        !agrees(j, i, number(row, 2), (ko_look_outcome)number(row, 1), number(row, 3) == 1))
        j->v->lines[j->v->n - 1].wrong++;
}

static void judge_looks(judge *j)
{
    static const char changes[] = "SELECT url, outcome, look_change.at, sure FROM look_change"
                                  " JOIN listing ON listing.id = listing_id";
    each(j, changes, on_change);
    ko_verdict_add(j->v, "looks", 0,
                   "%lld listings looked at, %lld changes: %lld gone, %lld blocked, %lld"
                   " unreachable",
                   (long long)count(j, "SELECT count(*) FROM look WHERE at > 0"),
                   (long long)count(j, "SELECT count(*) FROM look_change"),
                   (long long)count(j, "SELECT count(*) FROM look_change WHERE outcome = 2"),
                   (long long)count(j, "SELECT count(*) FROM look_change WHERE outcome = 4"),
                   (long long)count(j, "SELECT count(*) FROM look_change WHERE outcome = 5"));
    each(j, changes, count_false);
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

static void judge_removals(judge *j)
{
    int64_t *delays = ko_alloc_array(j->n + 1, sizeof *delays);
    size_t all = 0, told = 0, false_ones = 0, late = 0, troubled = 0;
    for (size_t i = 0; delays && i < j->n; i++) {
        const living_offer o = living_at(j->world, i);
        const known *k = &j->known[i];
        const bool gone = o.filed != LIVING_NEVER && o.gone < j->end;
        all += gone;
        if (k->removed_at && !was_gone(j, i, k->removed_at)) {
            false_ones++;
            ko_verdict_wrong(j->v, "removals", "offer %u was told removed at %lld, true is %d",
                             o.number, (long long)k->removed_at,
                             (int)living_state_at(j->world, i, k->removed_at));
        } else if (k->removed_at && gone) {
            const int64_t since = o.gone > o.filed ? o.gone : o.filed;
            delays[told++] = k->removed_at > since ? k->removed_at - since : 0;
        } else if (gone && k->noticed && o.gone + NOTICED_S < j->end &&
                   o.filed + NOTICED_S < j->end && o.back > o.gone + NOTICED_S) {
            const bool plain = was_plain(j, o.shop, o.gone - NOTICED_S, j->end);
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

static void judge_swaps(judge *j)
{
    size_t all = 0, found = 0, wrong = 0, troubled = 0;
    for (size_t i = 0; i < j->n; i++) {
        const living_offer o = living_at(j->world, i);
        const known *k = &j->known[i];
        if (o.swapped > j->end || !k->noticed)
            continue;
        all++;
        found += k->changed_at != 0;
        if (k->changed_at || o.swapped + NOTICED_S > j->end)
            continue;
        const bool plain = was_plain(j, o.shop, o.swapped - NOTICED_S, j->end);
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

/* --- floods --- */

static void on_hold(judge *j, sqlite3_stmt *row)
{
    ko_verdict_line *line = &j->v->lines[j->v->n - 1];
    const int64_t flood = number(row, 1), others = number(row, 2);
    if (flood > 0)
        return;
    line->wrong++;
    ko_verdict_wrong(j->v, "floods", "%s (%lld candidates) was held, and is no flood",
                     (const char *)sqlite3_column_text(row, 0), (long long)others);
}

static void is_flood(sqlite3_context *context, int n, sqlite3_value **values)
{
    const judge *j = sqlite3_user_data(context);
    const unsigned char *url = sqlite3_value_text(values[0]);
    unsigned shop, of_market;
    size_t i;
    (void)n;
    const bool flood = url && living_read_url((const char *)url, &shop, &of_market) &&
                       living_find(j->world, shop, of_market, &i) &&
                       living_at(j->world, i).in_flood;
    sqlite3_result_int(context, flood);
}

static void judge_floods(judge *j)
{
    const unsigned planned = living_planned(j->world)->flood;
    if (sqlite3_create_function(j->trial->db, "is_flood", 1, SQLITE_UTF8, j, is_flood, NULL,
                                NULL) != SQLITE_OK) {
        j->failed = true;
        return;
    }
    const int64_t flood = count(j, "SELECT count(*) FROM candidate JOIN listing ON listing.id ="
                                   " listing_id WHERE is_flood(url)");
    const int64_t held = count(j, "SELECT count(DISTINCT candidate_id) FROM aside"
                                  " JOIN candidate ON candidate.id = candidate_id"
                                  " JOIN listing ON listing.id = listing_id"
                                  " WHERE hold_id IS NOT NULL AND is_flood(url)");
    const int64_t others = count(j, "SELECT count(DISTINCT candidate_id) FROM aside"
                                    " JOIN candidate ON candidate.id = candidate_id"
                                    " JOIN listing ON listing.id = listing_id"
                                    " WHERE hold_id IS NOT NULL AND NOT is_flood(url)");
    ko_verdict_add(j->v, "floods", flood > 0 && planned > 0 && held * 10 < flood * 8,
                   "%u listings came at once, %lld candidates, %lld of them held; %lld holds, %lld"
                   " others held with them",
                   planned, (long long)flood, (long long)held,
                   (long long)count(j, "SELECT count(*) FROM hold"), (long long)others);
    each(j,
         "SELECT note, sum(is_flood(url)), sum(NOT is_flood(url)) FROM hold"
         " JOIN aside ON hold_id = hold.id JOIN candidate ON candidate.id = candidate_id"
         " JOIN listing ON listing.id = listing_id GROUP BY hold.id",
         on_hold);
}

/* --- the loop itself --- */

#define CUT_OFF "result LIKE 'cut off%' OR ended_at IS NULL"

static void judge_jobs(judge *j)
{
    const int64_t failing = count(j, "SELECT count(*) FROM job WHERE failures > 0");
    ko_verdict_add(
        j->v, "jobs", (size_t)failing,
        "%lld runs, %lld failed, %lld cut off by a kill; %lld jobs fail at the end",
        (long long)count(j, "SELECT count(*) FROM run"),
        (long long)count(j, "SELECT count(*) FROM run WHERE failed AND NOT (" CUT_OFF ")"),
        (long long)count(j, "SELECT count(*) FROM run WHERE " CUT_OFF), (long long)failing);
}

static void judge_file(judge *j)
{
    const int64_t errors = count(j, "SELECT count(*) FROM pragma_integrity_check WHERE"
                                    " integrity_check <> 'ok'") +
                           count(j, "SELECT count(*) FROM pragma_foreign_key_check");
    const int64_t torn = count(j, "SELECT count(*) FROM photo WHERE state = 2");
    ko_verdict_add(j->v, "database", (size_t)(errors + torn),
                   "%lld faults by SQLite's own checks, %lld pictures that could not be read",
                   (long long)errors, (long long)torn);
}

bool ko_watch_judge(const ko_watch_trial *trial)
{
    judge j = {.trial = trial,
               .v = trial->verdicts,
               .world = living_market_world(trial->market),
               .n = living_count(living_market_world(trial->market))};
    j.begin = living_planned(j.world)->begin;
    j.end = living_planned(j.world)->end;
    j.known = ko_alloc_zero(j.n + 1, sizeof *j.known);
    if (!j.known)
        return false;
    read_all(&j);
    judge_listings(&j);
    judge_candidates(&j);
    judge_returns(&j);
    judge_backs(&j);
    judge_looks(&j);
    judge_removals(&j);
    judge_swaps(&j);
    judge_floods(&j);
    judge_jobs(&j);
    judge_file(&j);
    ko_free(j.known);
    return !j.failed;
}
