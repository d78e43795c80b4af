#include "watch_news.h"

#include "base/alloc.h"
#include "store/notice.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define HOUR_S ((int64_t)3600)
/* What is found is decided a day later at most, and told within hours: not for longer than a night.
 */
#define TOLD_S (18 * HOUR_S)
#define FEED_MAX ((size_t)16 << 20)

typedef struct judge {
    const ko_watch_trial *trial;
    ko_verdicts *v;
    const ko_receiver *receiver;
    json_t *digests;    /* by uid: the whole document */
    json_t *candidates; /* by number: the uid that told it */
    size_t wrong, again, removed, reappeared, returned;
    bool failed;
} judge;

static void wrong(judge *j, const char *what, const char *which)
{
    j->wrong++;
    ko_verdict_wrong(j->v, "news", "%s: %s", what, which);
}

/* --- what came --- */

static size_t listings_of(const json_t *digest, const char *kind)
{
    size_t i, sum = 0;
    json_t *item;
    json_array_foreach(json_object_get(digest, "news"), i, item)
    {
        if (strcmp(json_string_value(json_object_get(item, "kind")), kind) == 0)
            sum += (size_t)json_integer_value(json_object_get(item, "listings"));
    }
    return sum;
}

static void take_candidates(judge *j, const json_t *digest, const char *uid)
{
    size_t i;
    json_t *candidate;
    json_array_foreach(json_object_get(digest, "candidates"), i, candidate)
    {
        char number[32];
        (void)snprintf(number, sizeof number, "%lld", (long long)json_integer_value(candidate));
        if (json_object_get(j->candidates, number))
            wrong(j, "a candidate told twice", number);
        j->failed |= json_object_set_new(j->candidates, number, json_string(uid)) != 0;
    }
}

static void take(judge *j, const ko_received *came)
{
    json_t *digest = json_loads(came->body, 0, NULL);
    const char *uid = json_string_value(json_object_get(digest, "digest"));
    if (!came->genuine)
        wrong(j, "not signed as it should be", came->id);
    if (!uid || strcmp(uid, came->id) != 0) {
        wrong(j, "no digest", came->id);
    } else if (json_object_get(j->digests, uid)) {
        j->again++; /* delivered again, as after a kill; the uid tells */
        if (!json_equal(json_object_get(j->digests, uid), digest))
            wrong(j, "one digest in two ways", uid);
    } else {
        j->removed += listings_of(digest, "removed");
        j->reappeared += listings_of(digest, "reappeared");
        j->returned += listings_of(digest, "returned");
        take_candidates(j, digest, uid);
        j->failed |= json_object_set(j->digests, uid, digest) != 0;
    }
    json_decref(digest);
}

/* --- what should have come --- */

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

/* Digests that were made and never came; those that wait for their channel may. */
static void look_for_lost(judge *j)
{
    sqlite3_stmt *row = NULL;
    const char *sql = "SELECT uid FROM digest JOIN delivery ON digest_id = digest.id"
                      " WHERE channel = 'webhook' AND state <> 0";
    if (sqlite3_prepare_v2(j->trial->db, sql, -1, &row, NULL) != SQLITE_OK)
        j->failed = true;
    while (!j->failed && sqlite3_step(row) == SQLITE_ROW) {
        const char *uid = (const char *)sqlite3_column_text(row, 0);
        if (!json_object_get(j->digests, uid))
            wrong(j, "a digest that was sent and did not come", uid);
    }
    (void)sqlite3_finalize(row);
}

/* Candidates that waited long to be decided, and were never told. */
static size_t look_for_untold(judge *j)
{
    size_t untold = 0;
    sqlite3_stmt *row = NULL;
    const char *sql =
        "SELECT candidate.id, found_at, act.at FROM candidate"
        " JOIN decision ON decision.id = decided JOIN act ON act.id = act_id"
        " WHERE NOT EXISTS (SELECT 1 FROM aside WHERE aside.candidate_id = candidate.id)";
    if (sqlite3_prepare_v2(j->trial->db, sql, -1, &row, NULL) != SQLITE_OK)
        j->failed = true;
    while (!j->failed && sqlite3_step(row) == SQLITE_ROW) {
        const int64_t found = sqlite3_column_int64(row, 1), decided = sqlite3_column_int64(row, 2);
        const ko_watch_trial *t = j->trial;
        const bool out = (t->away_from && found < t->away_to && decided > t->away_from) ||
                         (t->full_from && found < t->full_to && decided > t->full_from);
        const char *number = (const char *)sqlite3_column_text(row, 0);
        if (decided - found < TOLD_S || out || json_object_get(j->candidates, number))
            continue;
        untold++;
        wrong(j, "a candidate that was never told", number);
    }
    (void)sqlite3_finalize(row);
    return untold;
}

/* What was told of listings is what the cases were told, up to what waits for the next digest. */
static void compare_events(judge *j, ko_notice_state state, size_t told, const char *what)
{
    char sql[512], words[96];
    (void)snprintf(sql, sizeof sql,
                   "SELECT count(*) FROM notice_told JOIN notice_event ON notice_event.id ="
                   " event_id WHERE state = %d AND notice_event.at + %lld <"
                   " (SELECT ifnull(max(made_at), 0) FROM digest)",
                   (int)state, (long long)TOLD_S);
    const int64_t least = count(j, sql);
    (void)snprintf(sql, sizeof sql,
                   "SELECT count(*) FROM notice_told JOIN notice_event ON notice_event.id ="
                   " event_id WHERE state = %d",
                   (int)state);
    const int64_t most = count(j, sql);
    (void)snprintf(words, sizeof words, "%zu told, %lld to %lld happened", told, (long long)least,
                   (long long)most);
    if ((int64_t)told < least || (int64_t)told > most)
        wrong(j, what, words);
}

/* --- when --- */

/* Nothing comes between 23 and 7, with the time that a round takes. */
static size_t count_at_night(judge *j)
{
    size_t n = 0;
    for (size_t i = 0; i < ko_receiver_count(j->receiver); i++) {
        const ko_received *came = ko_receiver_at(j->receiver, i);
        const time_t at = (time_t)came->at;
        struct tm tm;
        if (!localtime_r(&at, &tm) || (tm.tm_hour >= 7 && tm.tm_hour < 23) ||
            (tm.tm_hour == 23 && tm.tm_min < 45))
            continue;
        n++;
        wrong(j, "in the quiet hours", came->id);
    }
    return n;
}

/* --- the feed --- */

static size_t judge_feed(judge *j, const char *path)
{
    char *text = ko_alloc_zero(FEED_MAX, 1);
    FILE *f = fopen(path, "r");
    size_t n = 0;
    if (text && f) {
        text[fread(text, 1, FEED_MAX - 1, f)] = '\0';
        json_t *ids = json_object();
        for (char *entry = text; (entry = strstr(entry, "<entry")); entry++) {
            char *id = strstr(entry, "<id>");
            char *end = id ? strstr(id, "</id>") : NULL;
            if (!end)
                break;
            *end = '\0';
            n++;
            if (json_object_get(ids, id + 4))
                wrong(j, "an entry of the feed is there twice", id + 4);
            (void)json_object_set_new(ids, id + 4, json_true());
            *end = '<';
        }
        if (!strstr(text, "</feed>"))
            wrong(j, "the feed is torn", path);
        json_decref(ids);
    } else if (json_object_size(j->digests) > 0) {
        wrong(j, "no feed", path);
    }
    if (f)
        (void)fclose(f);
    ko_free(text);
    return n;
}

bool ko_watch_judge_news(const ko_watch_trial *trial, const ko_receiver *receiver, const char *feed)
{
    judge j = {.trial = trial,
               .v = trial->verdicts,
               .receiver = receiver,
               .digests = json_object(),
               .candidates = json_object()};
    for (size_t i = 0; i < ko_receiver_count(receiver); i++)
        take(&j, ko_receiver_at(receiver, i));
    look_for_lost(&j);
    const size_t untold = look_for_untold(&j);
    compare_events(&j, KO_NOTICE_REMOVED, j.removed, "removals");
    compare_events(&j, KO_NOTICE_REAPPEARED, j.reappeared, "reappearances");
    const size_t nightly = count_at_night(&j);
    const size_t entries = judge_feed(&j, feed);
    const int64_t waiting =
        count(&j, "SELECT count(*) FROM delivery WHERE state = 0 AND channel = 'webhook'");
    const int64_t given_up =
        count(&j, "SELECT count(*) FROM delivery WHERE state = 2 AND channel = 'webhook'");
    ko_verdict_add(j.v, "news", j.wrong + (size_t)given_up,
                   "%zu digests came, %zu once more after a kill, %lld wait, %lld given up; %zu"
                   " candidates, %zu listings removed, %zu reappeared; %zu never told, %zu at"
                   " night; %zu in the feed",
                   json_object_size(j.digests), j.again, (long long)waiting, (long long)given_up,
                   json_object_size(j.candidates), j.removed, j.reappeared, untold, nightly,
                   entries);
    json_decref(j.digests);
    json_decref(j.candidates);
    return !j.failed;
}
