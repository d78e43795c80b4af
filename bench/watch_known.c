#include "watch_known.h"

#include <stdio.h>
#include <string.h>

#define HOUR_S ((int64_t)3600)

/* --- rows --- */

void ko_judge_each(ko_judge *j, const char *sql, ko_judge_fn *fn)
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

int64_t ko_judge_number(sqlite3_stmt *row, int column)
{
    return sqlite3_column_int64(row, column);
}

bool ko_judge_offer(const ko_judge *j, sqlite3_stmt *row, int column, size_t *out_index)
{
    const unsigned char *url = sqlite3_column_text(row, column);
    unsigned shop, of_market;
    return url && living_read_url((const char *)url, &shop, &of_market) &&
           living_find(j->world, shop, of_market, out_index) && *out_index < j->n;
}

/* --- what is true --- */

/* Nothing could be reached or kept at some time in the span. */
static bool was_out(const ko_judge *j, int64_t from, int64_t to)
{
    const ko_watch_trial *t = j->trial;
    return (t->away_from && t->away_from < to && t->away_to > from) ||
           (t->full_from && t->full_from < to && t->full_to > from);
}

bool ko_judge_was(const ko_judge *j, size_t offer, int64_t at, living_state state)
{
    return living_state_at(j->world, offer, at) == state ||
           living_state_at(j->world, offer, at - HOUR_S / 2) == state ||
           living_state_at(j->world, offer, at - HOUR_S) == state;
}

bool ko_judge_was_gone(const ko_judge *j, size_t offer, int64_t at)
{
    return ko_judge_was(j, offer, at, LIVING_GONE) ||
           ko_judge_was(j, offer, at, LIVING_SHOP_CLOSED);
}

bool ko_judge_was_plain(const ko_judge *j, unsigned shop, int64_t from, int64_t to)
{
    return living_troubled_s(j->world, shop, from, to) == 0 && !was_out(j, from, to);
}

/* --- reading --- */

static void on_listing(ko_judge *j, sqlite3_stmt *row)
{
    size_t i;
    if (!ko_judge_offer(j, row, 1, &i)) {
        ko_verdict_wrong(j->v, "listings", "%s is none of the market's",
                         (const char *)sqlite3_column_text(row, 1));
        return;
    }
    if (j->known[i].listing)
        ko_verdict_wrong(j->v, "listings", "%s is there twice",
                         (const char *)sqlite3_column_text(row, 1));
    j->known[i].listing = ko_judge_number(row, 0);
    j->known[i].read = ko_judge_number(row, 2) > 0;
    if (sqlite3_column_bytes(row, 3) == sizeof j->known[i].fp)
        memcpy(j->known[i].fp, sqlite3_column_blob(row, 3), sizeof j->known[i].fp);
}

static void on_candidate(ko_judge *j, sqlite3_stmt *row)
{
    size_t i;
    if (!ko_judge_offer(j, row, 1, &i))
        return;
    const living_offer o = living_at(j->world, i);
    const char *path = (const char *)sqlite3_column_text(row, 2);
    const char *name = path ? strrchr(path, '/') : NULL;
    if (o.work < 0 || !name ||
        strcmp(name + 1, living_market_work(j->trial->market, (unsigned)o.work)) != 0)
        return;
    j->known[i].candidate = ko_judge_number(row, 0);
    j->known[i].sorted = ko_judge_number(row, 3) != 0;
    j->known[i].hidden = ko_judge_number(row, 4) != 0;
}

static void on_tie(ko_judge *j, sqlite3_stmt *row)
{
    size_t i, to;
    if (!ko_judge_offer(j, row, 0, &i))
        return;
    const living_offer o = living_at(j->world, i);
    j->known[i].tied = true;
    if (ko_judge_offer(j, row, 1, &to))
        j->known[i].tied_own |= to == o.origin;
}

static void on_look(ko_judge *j, sqlite3_stmt *row)
{
    size_t i;
    if (ko_judge_offer(j, row, 0, &i)) {
        j->known[i].outcome = (ko_look_outcome)ko_judge_number(row, 1);
        j->known[i].looked_at = ko_judge_number(row, 2);
    }
}

static void on_item(ko_judge *j, sqlite3_stmt *row)
{
    size_t i;
    if (ko_judge_offer(j, row, 0, &i)) {
        j->known[i].noticed = true;
        j->known[i].state = (ko_notice_state)ko_judge_number(row, 1);
    }
}

/* What was told of items: the first time of each. */
static void on_event(ko_judge *j, sqlite3_stmt *row)
{
    size_t i;
    if (!ko_judge_offer(j, row, 0, &i))
        return;
    ko_known *k = &j->known[i];
    if (ko_judge_number(row, 1) == KO_NOTICE_REMOVED && !k->removed_at)
        k->removed_at = ko_judge_number(row, 2);
    if (ko_judge_number(row, 1) == KO_NOTICE_REAPPEARED && !k->reappeared_at)
        k->reappeared_at = ko_judge_number(row, 2);
}

void ko_judge_read(ko_judge *j)
{
    ko_judge_each(j,
                  "SELECT id, url, (SELECT count(*) FROM listing_photo JOIN photo ON "
                  "photo.id = photo_id"
                  " WHERE listing_id = listing.id AND photo.state = 1),"
                  " (SELECT fp FROM listing_photo JOIN photo ON photo.id = photo_id"
                  " WHERE listing_id = listing.id ORDER BY position LIMIT 1) FROM listing",
                  on_listing);
    ko_judge_each(
        j,
        "SELECT candidate.id, listing.url, (SELECT path FROM view WHERE view.work_id ="
        " candidate.work_id LIMIT 1), leader IS NOT NULL, EXISTS (SELECT 1 FROM aside WHERE"
        " aside.candidate_id = candidate.id AND ended_at IS NULL) FROM candidate"
        " JOIN listing ON listing.id = listing_id",
        on_candidate);
    ko_judge_each(j,
                  "SELECT listing.url, notice_item.url FROM tie"
                  " JOIN candidate ON candidate.id = tie.candidate_id"
                  " JOIN listing ON listing.id = candidate.listing_id"
                  " JOIN notice_item ON notice_item.id = tie.item_id",
                  on_tie);
    ko_judge_each(j,
                  "SELECT url, outcome, look.at FROM look JOIN listing ON listing.id = listing_id",
                  on_look);
    ko_judge_each(j,
                  "SELECT url, ifnull(notice_event.state, 0) FROM notice_item"
                  " LEFT JOIN notice_told ON notice_told.id = told"
                  " LEFT JOIN notice_event ON notice_event.id = event_id ORDER BY notice_item.id",
                  on_item);
    ko_judge_each(j,
                  "SELECT url, notice_event.state, notice_event.at FROM notice_told"
                  " JOIN notice_event ON notice_event.id = event_id"
                  " JOIN notice_item ON notice_item.id = item_id ORDER BY notice_told.id",
                  on_event);
}

int64_t ko_judge_count(ko_judge *j, const char *sql)
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
