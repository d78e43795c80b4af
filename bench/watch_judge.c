#include "watch_known.h"

#include "base/alloc.h"

#define DAY_S ((int64_t)86400)

/* --- listings and candidates --- */

static void judge_listings(ko_judge *j)
{
    const int64_t all = ko_judge_count(j, "SELECT count(*) FROM listing");
    const int64_t urls = ko_judge_count(j, "SELECT count(DISTINCT url) FROM listing");
    size_t known_offers = 0, missing = 0;
    for (size_t i = 0; i < j->n; i++) {
        const living_offer o = living_at(j->world, i);
        const int64_t seen_by = o.born + 2 * j->trial->every_s;
        known_offers += j->known[i].listing != 0;
        if (j->known[i].listing || seen_by > j->end || o.gone < seen_by ||
            !ko_judge_was_plain(j, o.shop, o.born > j->begin ? o.born : j->begin, seen_by + DAY_S))
            continue;
        missing++;
        ko_verdict_wrong(j->v, "listings", "offer %u of shop %u was not seen", o.number, o.shop);
    }
    ko_verdict_add(j->v, "listings", (size_t)(all - urls) + (size_t)all - known_offers + missing,
                   "%lld, %lld doubled, %lld strange, %zu missed", (long long)all,
                   (long long)(all - urls), (long long)all - (long long)known_offers, missing);
}

static void judge_candidates(ko_judge *j)
{
    const int64_t all = ko_judge_count(j, "SELECT count(*) FROM candidate");
    const int64_t pairs =
        ko_judge_count(j, "SELECT count(*) FROM (SELECT DISTINCT work_id, url FROM candidate"
                          " JOIN listing ON listing.id = listing_id)");
    const int64_t unsorted =
        ko_judge_count(j, "SELECT count(*) FROM candidate WHERE leader IS NULL");
    size_t copies = 0, found = 0, unlike = 0;
    for (size_t i = 0; i < j->n; i++) {
        const living_offer o = living_at(j->world, i);
        const ko_known *k = &j->known[i];
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

/* Bits by which two pictures differ that are one picture, at most (store/alike.h). */
#define ALIKE_BITS 31

static bool looks_alike(const ko_known *a, const ko_known *b)
{
    unsigned apart = 0;
    for (size_t i = 0; i < sizeof a->fp; i++)
        for (unsigned differ = a->fp[i] ^ b->fp[i]; differ; differ &= differ - 1)
            apart++;
    return apart <= ALIKE_BITS;
}

/* Why a listing that goes on with an earlier case is not tied to it; NULL: for no reason. */
static const char *why_not_tied(const ko_judge *j, const living_offer *o, const ko_known *k)
{
    if (!k->listing)
        return "not seen yet";
    if (!k->read)
        return "picture not here yet";
    if (!k->candidate)
        return "picture not recognised";
    if (!k->sorted)
        return "not sorted yet";
    if (o->shop != living_at(j->world, o->origin).shop && !looks_alike(k, &j->known[o->origin]))
        return "another picture in another shop";
    return NULL;
}

static void judge_returns(ko_judge *j)
{
    size_t all = 0, tied = 0, own = 0, unseen = 0, unlike = 0, other = 0, wrong = 0, hidden = 0;
    for (size_t i = 0; i < j->n; i++) {
        const living_offer o = living_at(j->world, i);
        const ko_known *k = &j->known[i];
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
static void judge_backs(ko_judge *j)
{
    size_t all = 0, told = 0, waiting = 0, early = 0, wrong = 0;
    for (size_t i = 0; i < j->n; i++) {
        const living_offer o = living_at(j->world, i);
        const ko_known *k = &j->known[i];
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

/* --- floods --- */

static void on_hold(ko_judge *j, sqlite3_stmt *row)
{
    ko_verdict_line *line = &j->v->lines[j->v->n - 1];
    const int64_t flood = ko_judge_number(row, 1), others = ko_judge_number(row, 2);
    if (flood > 0)
        return;
    line->wrong++;
    ko_verdict_wrong(j->v, "floods", "%s (%lld candidates) was held, and is no flood",
                     (const char *)sqlite3_column_text(row, 0), (long long)others);
}

static void is_flood(sqlite3_context *context, int n, sqlite3_value **values)
{
    const ko_judge *j = sqlite3_user_data(context);
    const unsigned char *url = sqlite3_value_text(values[0]);
    unsigned shop, of_market;
    size_t i;
    (void)n;
    const bool flood = url && living_read_url((const char *)url, &shop, &of_market) &&
                       living_find(j->world, shop, of_market, &i) &&
                       living_at(j->world, i).in_flood;
    sqlite3_result_int(context, flood);
}

static void judge_floods(ko_judge *j)
{
    const unsigned planned = living_planned(j->world)->flood;
    if (sqlite3_create_function(j->trial->db, "is_flood", 1, SQLITE_UTF8, j, is_flood, NULL,
                                NULL) != SQLITE_OK) {
        j->failed = true;
        return;
    }
    const int64_t flood =
        ko_judge_count(j, "SELECT count(*) FROM candidate JOIN listing ON listing.id ="
                          " listing_id WHERE is_flood(url)");
    const int64_t held = ko_judge_count(j, "SELECT count(DISTINCT candidate_id) FROM aside"
                                           " JOIN candidate ON candidate.id = candidate_id"
                                           " JOIN listing ON listing.id = listing_id"
                                           " WHERE hold_id IS NOT NULL AND is_flood(url)");
    const int64_t others = ko_judge_count(j, "SELECT count(DISTINCT candidate_id) FROM aside"
                                             " JOIN candidate ON candidate.id = candidate_id"
                                             " JOIN listing ON listing.id = listing_id"
                                             " WHERE hold_id IS NOT NULL AND NOT is_flood(url)");
    ko_verdict_add(j->v, "floods", flood > 0 && planned > 0 && held * 10 < flood * 8,
                   "%u listings came at once, %lld candidates, %lld of them held; %lld holds, %lld"
                   " others held with them",
                   planned, (long long)flood, (long long)held,
                   (long long)ko_judge_count(j, "SELECT count(*) FROM hold"), (long long)others);
    ko_judge_each(j,
                  "SELECT note, sum(is_flood(url)), sum(NOT is_flood(url)) FROM hold"
                  " JOIN aside ON hold_id = hold.id JOIN candidate ON candidate.id = candidate_id"
                  " JOIN listing ON listing.id = listing_id GROUP BY hold.id",
                  on_hold);
}

/* --- the loop itself --- */

#define CUT_OFF "result LIKE 'cut off%' OR ended_at IS NULL"

static void judge_jobs(ko_judge *j)
{
    const int64_t failing = ko_judge_count(j, "SELECT count(*) FROM job WHERE failures > 0");
    ko_verdict_add(
        j->v, "jobs", (size_t)failing,
        "%lld runs, %lld failed, %lld cut off by a kill; %lld jobs fail at the end",
        (long long)ko_judge_count(j, "SELECT count(*) FROM run"),
        (long long)ko_judge_count(j, "SELECT count(*) FROM run WHERE failed AND NOT (" CUT_OFF ")"),
        (long long)ko_judge_count(j, "SELECT count(*) FROM run WHERE " CUT_OFF),
        (long long)failing);
}

static void judge_file(ko_judge *j)
{
    const int64_t errors = ko_judge_count(j, "SELECT count(*) FROM pragma_integrity_check WHERE"
                                             " integrity_check <> 'ok'") +
                           ko_judge_count(j, "SELECT count(*) FROM pragma_foreign_key_check");
    const int64_t torn = ko_judge_count(j, "SELECT count(*) FROM photo WHERE state = 2");
    ko_verdict_add(j->v, "database", (size_t)(errors + torn),
                   "%lld faults by SQLite's own checks, %lld pictures that could not be read",
                   (long long)errors, (long long)torn);
}

bool ko_watch_judge(const ko_watch_trial *trial)
{
    ko_judge j = {.trial = trial,
                  .v = trial->verdicts,
                  .world = living_market_world(trial->market),
                  .n = living_count(living_market_world(trial->market))};
    j.begin = living_planned(j.world)->begin;
    j.end = living_planned(j.world)->end;
    j.known = ko_alloc_zero(j.n + 1, sizeof *j.known);
    if (!j.known)
        return false;
    ko_judge_read(&j);
    judge_listings(&j);
    judge_candidates(&j);
    judge_returns(&j);
    judge_backs(&j);
    ko_judge_looks(&j);
    judge_floods(&j);
    judge_jobs(&j);
    judge_file(&j);
    ko_free(j.known);
    return !j.failed;
}
