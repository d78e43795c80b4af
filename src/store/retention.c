#include "store/retention.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/limits.h"
#include "store/query.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY_S 86400

/* Sellers are people as often as not: what is known of them stays as long as it may still serve a
 * complaint, and no longer. */
const ko_retention_rule ko_retention_rules[KO_RETENTIONS] = {
    [KO_RETAIN_PICTURES] = {"pictures", 365,
                            "pictures of listings without candidates, since these were last seen",
                            "a work added within a year is looked for in them, part by part"},
    [KO_RETAIN_PAGES] = {"pages", 180, "pages that show no candidate, since they came",
                         "they prove nothing, and name sellers who did nothing"},
    [KO_RETAIN_REJECTED] = {"rejected", 365,
                            "pages and pictures of what was rejected, since the decision",
                            "the decision may be asked about for a while"},
    [KO_RETAIN_CANDIDATES] = {"candidates", 1095,
                              "listings with candidates that were not accepted, since last seen",
                              "what was not seen for three years is sold no more"},
    [KO_RETAIN_LISTINGS] = {"listings", 730,
                            "listings without candidates, since they were last seen",
                            "a kilobyte each: works added later are compared with the prints"},
    [KO_RETAIN_LOOKS] = {"looks", 365, "what looks found at listings that are in no case",
                         "only cases need a history"},
    [KO_RETAIN_RUNS] = {"runs", 90, "what was done when, save the last of each kind",
                        "to see what failed this season"},
    [KO_RETAIN_DIGESTS] = {"digests", 365, "news that were sent", "to look them up for a year"},
    [KO_RETAIN_HOSTS] = {"hosts", 30, "robots.txt of sites, since they were last asked",
                         "it is asked for anew each day anyway"},
};

/* --- days --- */

static ko_status read_days(ko_store *store, const ko_retention_rule *rule, int *out_days,
                           ko_error *err)
{
    char key[64];
    char *text = NULL, *end = NULL;
    (void)snprintf(key, sizeof key, "keep.%s", rule->name);
    ko_status st = ko_store_setting(store, key, &text, err);
    if (st != KO_OK)
        return st;
    const long days = text[0] ? strtol(text, &end, 10) : rule->days;
    if ((end && *end) || days < 0 || days > KO_MAX_RETENTION_DAYS)
        st = ko_fail(err, KO_E_DAMAGED, "%s: setting %s is no number of days: '%s'", store->path,
                     key, text);
    else
        *out_days = (int)days;
    ko_free(text);
    return st;
}

ko_status ko_retention_read(ko_store *store, int out_days[KO_RETENTIONS], ko_error *err)
{
    ko_status st = KO_OK;
    for (size_t i = 0; st == KO_OK && i < KO_RETENTIONS; i++)
        st = read_days(store, &ko_retention_rules[i], &out_days[i], err);
    return st;
}

ko_status ko_retention_set(ko_store *store, const char *name, int days, ko_error *err)
{
    char key[64], text[16] = "";
    const ko_retention_rule *rule = ko_retention_rules;
    const ko_retention_rule *end = rule + KO_RETENTIONS;
    while (rule < end && strcmp(rule->name, name) != 0)
        rule++;
    if (rule == end)
        return ko_fail(err, KO_E_NOT_FOUND, "no rule '%s' about what is kept", name);
    if (days != KO_RETAIN_FOREVER && (days < 1 || days > KO_MAX_RETENTION_DAYS))
        return ko_fail(err, KO_E_LIMIT, "%s: %d days; it takes 1 to %d, or forever", name, days,
                       KO_MAX_RETENTION_DAYS);
    (void)snprintf(key, sizeof key, "keep.%s", name);
    if (days != rule->days)
        (void)snprintf(text, sizeof text, "%d", days);
    return ko_store_set_setting(store, key, text, err);
}

ko_status ko_retention_times_read(ko_store *store, int64_t now, ko_retention_times *out_times,
                                  ko_error *err)
{
    int days[KO_RETENTIONS] = {0};
    const ko_status st = ko_retention_read(store, days, err);
    for (size_t i = 0; i < KO_RETENTIONS; i++)
        out_times->since[i] =
            days[i] == KO_RETAIN_FOREVER ? INT64_MIN : now - (int64_t)days[i] * DAY_S;
    return st;
}

/* --- what goes ---
 *
 * In all of these ?1 < id <= ?2, and ?3 on are the times in the order of ko_retention. What is
 * cheap to tell comes first: most rows are too young, which their own columns say. */

#define SINCE_PICTURES "?3"
#define SINCE_PAGES "?4"
#define SINCE_REJECTED "?5"
#define SINCE_CANDIDATES "?6"
#define SINCE_LISTINGS "?7"
#define SINCE_LOOKS "?8"
#define SINCE_RUNS "?9"
#define SINCE_DIGESTS "?10"
#define SINCE_HOSTS "?11"
#define FIRST_TIME 3
static_assert(KO_RETAIN_PICTURES == 0 && KO_RETAIN_REJECTED == 2 && KO_RETAIN_LISTINGS == 4 &&
                  KO_RETAIN_HOSTS + FIRST_TIME == 11,
              "see SINCE_");

/* Of listing: what became of its candidates. 3: one was accepted; 2: one is undecided or unsure;
 * 1: all were rejected or have a licence; NULL: it has none. */
#define RANK                                                                                       \
    "(SELECT max(CASE ifnull(decision.state, 0) WHEN 1 THEN 3 WHEN 2 THEN 1 WHEN 4 THEN 1 ELSE 2"  \
    "   END) FROM candidate LEFT JOIN decision ON decision.id = candidate.decided"                 \
    "  WHERE candidate.listing_id = listing.id)"

/* Of listing: the user complained about it, or wrote something to it. */
#define IS_CASE                                                                                    \
    "(EXISTS (SELECT 1 FROM notice_item WHERE notice_item.listing_id = listing.id)"                \
    " OR EXISTS (SELECT 1 FROM remark WHERE remark.listing_id = listing.id))"

#define REJECTED_LATELY                                                                            \
    "EXISTS (SELECT 1 FROM candidate JOIN decision ON decision.id = candidate.decided"             \
    "  JOIN act ON act.id = decision.act_id"                                                       \
    "  WHERE candidate.listing_id = listing.id AND act.at >= " SINCE_REJECTED ")"

/* Of listing: nobody needs what was archived of it, other being said of one without candidates. */
#define IS_SPENT(other)                                                                            \
    "(NOT " IS_CASE " AND CASE " RANK " WHEN 3 THEN 0 WHEN 2 THEN listing.last_seen"               \
    "  < " SINCE_CANDIDATES " WHEN 1 THEN NOT " REJECTED_LATELY " ELSE " other " END)"

/* Of listing: it goes. */
#define IS_PAST                                                                                    \
    "(listing.last_seen < max(" SINCE_CANDIDATES ", " SINCE_LISTINGS ") AND NOT " IS_CASE          \
    " AND CASE " RANK " WHEN 3 THEN 0 WHEN 2 THEN listing.last_seen < " SINCE_CANDIDATES           \
    "  WHEN 1 THEN listing.last_seen < " SINCE_CANDIDATES                                          \
    "  ELSE listing.last_seen < " SINCE_LISTINGS " END)"

#define NO_LISTING_OF_PHOTO(so)                                                                    \
    "NOT EXISTS (SELECT 1 FROM listing_photo CROSS JOIN listing"                                   \
    "  ON listing.id = listing_photo.listing_id"                                                   \
    "  WHERE listing_photo.photo_id = photo.id AND NOT " so ")"

#define IN_RANGE(id) id " > ?1 AND " id " <= ?2 AND "

#define LOOK_GOES                                                                                  \
    IN_RANGE("look_change.id")                                                                     \
    "look_change.at < " SINCE_LOOKS " AND NOT EXISTS (SELECT 1 FROM notice_item"                   \
    "  WHERE notice_item.listing_id = look_change.listing_id)"                                     \
    " AND NOT EXISTS (SELECT 1 FROM candidate JOIN decision ON decision.id = candidate.decided"    \
    "  WHERE candidate.listing_id = look_change.listing_id AND decision.state = 1)"

/* Of the answer called by that name, whatever was seen again since. */
#define IS_OLD_ANSWER(answer)                                                                      \
    answer ".at < " SINCE_PAGES " AND NOT EXISTS (SELECT 1 FROM listing_answer CROSS JOIN listing" \
           "  ON listing.id = listing_answer.listing_id"                                           \
           "  WHERE listing_answer.answer_id = " answer ".id AND NOT " IS_SPENT(                   \
               "1") ")"                                                                            \
                    " AND NOT EXISTS (SELECT 1 FROM look WHERE look.answer_id = " answer ".id)"    \
                    " AND NOT EXISTS (SELECT 1 FROM look_change WHERE look_change.answer_id "      \
                    "= " answer ".id)"

/* One that holds the body of others goes after them. */
#define ANSWER_GOES                                                                                \
    IN_RANGE("web_answer.id")                                                                      \
    IS_OLD_ANSWER("web_answer")                                                                    \
    " AND NOT EXISTS (SELECT 1 FROM web_answer AS again WHERE again.body_id = web_answer.id)"
#define ANSWER_WOULD_GO                                                                            \
    IN_RANGE("web_answer.id")                                                                      \
    IS_OLD_ANSWER("web_answer")                                                                    \
    " AND NOT EXISTS (SELECT 1 FROM web_answer AS again WHERE again.body_id = web_answer.id"       \
    "  AND NOT (" IS_OLD_ANSWER("again") "))"

#define PICTURE_GOES                                                                               \
    IN_RANGE("photo.id")                                                                           \
    "photo.archived AND photo.path <> '' AND photo.state <> 0 AND photo.seen_at"                   \
    " < max(" SINCE_PICTURES ", " SINCE_REJECTED ", " SINCE_CANDIDATES ")"                         \
    " AND NOT EXISTS (SELECT 1 FROM negative WHERE negative.photo_id = photo.id)"                  \
    " AND " NO_LISTING_OF_PHOTO(IS_SPENT("listing.last_seen < " SINCE_PICTURES))

#define PHOTO_GOES                                                                                 \
    IN_RANGE("photo.id")                                                                           \
    "photo.seen_at < max(" SINCE_CANDIDATES ", " SINCE_LISTINGS ")"                                \
    " AND NOT EXISTS (SELECT 1 FROM negative WHERE negative.photo_id = photo.id)"                  \
    " AND " NO_LISTING_OF_PHOTO(IS_PAST)

#define LISTING_GOES IN_RANGE("listing.id") IS_PAST

#define ADDRESS_GOES                                                                               \
    IN_RANGE("web_picture.id")                                                                     \
    "NOT EXISTS (SELECT 1 FROM listing_picture"                                                    \
    " WHERE listing_picture.picture_id = web_picture.id)"                                          \
    " AND NOT EXISTS (SELECT 1 FROM look_picture WHERE look_picture.picture_id = web_picture.id)"

#define RUN_GOES                                                                                   \
    IN_RANGE("run.id")                                                                             \
    "run.began_at < " SINCE_RUNS " AND run.id < (SELECT max(id) FROM run AS other"                 \
    "  WHERE other.job = run.job)"

#define DIGEST_GOES                                                                                \
    IN_RANGE("digest.id")                                                                          \
    "digest.made_at < " SINCE_DIGESTS " AND NOT EXISTS (SELECT 1 FROM delivery"                    \
    "  WHERE delivery.digest_id = digest.id AND delivery.state = 0)"

#define HOST_GOES                                                                                  \
    IN_RANGE("web_host.id") "max(web_host.robots_at, web_host.not_before) < " SINCE_HOSTS

/* find: which would go; step: what is done about them, and last what takes the row itself away or
 * makes it what it is to be. */
static const struct purge {
    const char *last, *find, *step[3];
} purges[KO_PURGE_KINDS] = {
    [KO_PURGE_LOOKS] = {"SELECT ifnull(max(id), 0) FROM look_change",
                        "SELECT id FROM look_change WHERE " LOOK_GOES " ORDER BY id DESC",
                        {"DELETE FROM look_change WHERE " LOOK_GOES}},
    [KO_PURGE_ANSWERS] = {"SELECT ifnull(max(id), 0) FROM web_answer",
                          "SELECT id FROM web_answer WHERE " ANSWER_WOULD_GO " ORDER BY id DESC",
                          {"DELETE FROM web_answer WHERE " ANSWER_GOES}},
    /* The address is forgotten: a listing that shows it has the picture fetched anew. */
    [KO_PURGE_PICTURES] = {"SELECT ifnull(max(id), 0) FROM photo",
                           "SELECT id FROM photo WHERE " PICTURE_GOES " ORDER BY id DESC",
                           {"DELETE FROM web_picture WHERE photo_id IN (SELECT id FROM photo"
                            " WHERE " PICTURE_GOES ")",
                            "UPDATE photo SET path = '', offset = id WHERE " PICTURE_GOES}},
    [KO_PURGE_PHOTOS] = {"SELECT ifnull(max(id), 0) FROM photo",
                         "SELECT id FROM photo WHERE " PHOTO_GOES " ORDER BY id DESC",
                         {"DELETE FROM web_picture WHERE photo_id IN (SELECT id FROM photo"
                          " WHERE " PHOTO_GOES ")",
                          "DELETE FROM photo WHERE " PHOTO_GOES}},
    /* Candidates that were sorted behind one of these are sorted anew. */
    [KO_PURGE_LISTINGS] =
        {"SELECT ifnull(max(id), 0) FROM listing",
         "SELECT id FROM listing WHERE " LISTING_GOES " ORDER BY id DESC",
         {"UPDATE candidate SET leader = NULL WHERE leader IN (SELECT candidate.id"
          " FROM listing CROSS JOIN candidate ON candidate.listing_id = listing.id"
          " WHERE " LISTING_GOES ")",
          "DELETE FROM listing WHERE " LISTING_GOES}},
    [KO_PURGE_ADDRESSES] = {"SELECT ifnull(max(id), 0) FROM web_picture",
                            "SELECT id FROM web_picture WHERE " ADDRESS_GOES " ORDER BY id DESC",
                            {"DELETE FROM web_picture WHERE " ADDRESS_GOES}},
    [KO_PURGE_RUNS] = {"SELECT ifnull(max(id), 0) FROM run",
                       "SELECT id FROM run WHERE " RUN_GOES " ORDER BY id DESC",
                       {"DELETE FROM run WHERE " RUN_GOES}},
    [KO_PURGE_DIGESTS] = {"SELECT ifnull(max(id), 0) FROM digest",
                          "SELECT id FROM digest WHERE " DIGEST_GOES " ORDER BY id DESC",
                          {"DELETE FROM digest WHERE " DIGEST_GOES}},
    [KO_PURGE_HOSTS] = {"SELECT ifnull(max(id), 0) FROM web_host",
                        "SELECT id FROM web_host WHERE " HOST_GOES " ORDER BY id DESC",
                        {"DELETE FROM web_host WHERE " HOST_GOES}},
};

#define RANGE 4000   /* numbers looked at in one call: some milliseconds */
#define WRITE_MS 100 /* of one transaction; the rest of a range waits for the next */

static ko_query start(ko_store *store, const char *sql, int64_t low, int64_t high,
                      const ko_retention_times *times)
{
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, low);
    ko_query_bind_int(&q, high);
    const int n = sqlite3_bind_parameter_count(q.statement.stmt); /* 0 without a statement */
    for (int i = FIRST_TIME; i <= n && i < FIRST_TIME + KO_RETENTIONS; i++)
        ko_query_bind_int(&q, times->since[i - FIRST_TIME]);
    return q;
}

/* What to do to one row, which may have become worth keeping since it was found. */
static ko_status purge_one(ko_store *store, const struct purge *p, int64_t id,
                           const ko_retention_times *times, size_t *count, ko_error *err)
{
    ko_status st = KO_OK;
    for (size_t i = 0; st == KO_OK && i < sizeof p->step / sizeof *p->step && p->step[i]; i++) {
        ko_query q = start(store, p->step[i], id - 1, id, times);
        st = ko_query_run(&q, err);
    }
    if (st == KO_OK)
        *count += (size_t)sqlite3_changes(store->db);
    return st;
}

/* Numbers of one range, the latest first. */
typedef struct numbers {
    int64_t id[RANGE];
    size_t n;
} numbers;

static ko_status find(ko_store *store, const struct purge *p, int64_t low, int64_t high,
                      const ko_retention_times *times, numbers *out, ko_error *err)
{
    ko_query q = start(store, p->find, low, high, times);
    out->n = 0;
    while (ko_query_row(&q))
        out->id[out->n++] = ko_query_int(&q);
    return ko_query_end(&q, err);
}

/* *low is where it ended, before all of them when time was up. */
static ko_status purge_found(ko_store *store, const struct purge *p, const numbers *found,
                             const ko_retention_times *times, int64_t *low, size_t *count,
                             ko_error *err)
{
    ko_status st = ko_store_begin(store, err);
    const int64_t began_ms = ko_clock_ms();
    size_t gone = 0;
    for (size_t i = 0; st == KO_OK && i < found->n; i++) {
        if (ko_clock_ms() - began_ms >= WRITE_MS) {
            *low = found->id[i];
            break;
        }
        st = purge_one(store, p, found->id[i], times, &gone, err);
    }
    if (st == KO_OK)
        st = ko_store_commit(store, err);
    else
        ko_store_rollback(store);
    *count += st == KO_OK ? gone : 0;
    return st;
}

ko_status ko_purge_some(ko_store *store, ko_purge_kind kind, const ko_retention_times *times,
                        bool dry, int64_t *cursor, size_t *count, ko_error *err)
{
    assert(!ko_store_is_writing(store));
    const struct purge *p = &purges[kind];
    ko_status st = KO_OK;
    if (*cursor == 0) {
        ko_query q = ko_query_start(store, p->last);
        st = ko_query_first(&q, cursor, err);
    }
    if (st != KO_OK || *cursor == 0)
        return st;
    numbers *found = ko_alloc(sizeof *found);
    int64_t low = *cursor > RANGE ? *cursor - RANGE : 0;
    if (!found)
        return ko_fail(err, KO_E_NOMEM, "what is kept no longer");
    st = find(store, p, low, *cursor, times, found, err);
    if (st == KO_OK && dry)
        *count += found->n;
    else if (st == KO_OK && found->n)
        st = purge_found(store, p, found, times, &low, count, err);
    if (st == KO_OK)
        *cursor = low;
    ko_free(found);
    return st;
}

/* --- what lies in files of the archive --- */

#define RECORDS(photos, answers)                                                                   \
    "SELECT 1, photo.id, photo.offset AS at, photo.bytes, photo.sha256, photo.state = 0"           \
    " FROM photo WHERE photo.path = ?12 AND photo.archived" photos                                 \
    " UNION ALL SELECT 0, web_answer.id, web_answer.record, web_answer.length, web_answer.sha256," \
    " 0 FROM web_answer WHERE web_answer.warc = ?12" answers " ORDER BY at"

ko_status ko_kept_record_each(ko_store *store, const char *path, const ko_retention_times *times,
                              ko_kept_record_fn *fn, void *context, ko_error *err)
{
    static const ko_retention_times none = {{0}};
    static const char all[] = RECORDS("", "");
    static const char left[] = RECORDS(" AND NOT (" PICTURE_GOES ") AND NOT (" PHOTO_GOES ")",
                                       " AND NOT (" ANSWER_WOULD_GO ")");
    ko_query q = start(store, times ? left : all, 0, INT64_MAX, times ? times : &none);
    ko_query_bind_text(&q, path);
    while (ko_query_row(&q)) {
        ko_kept_record record = {.is_photo = ko_query_int(&q) == 1};
        record.id = ko_query_int(&q);
        record.at = ko_query_int_within(&q, 0, INT64_MAX / 2);
        record.length = ko_query_int_within(&q, 0, INT64_MAX / 2);
        ko_query_bytes(&q, record.sha256, sizeof record.sha256);
        record.fresh = ko_query_int(&q) == 1;
        if (ko_query_intact(&q))
            q.handed = fn(context, &record);
    }
    return ko_query_end(&q, err);
}

ko_status ko_kept_record_move(ko_store *store, const ko_kept_record *record, const char *path,
                              const char *new_path, int64_t new_at, ko_error *err)
{
    static const char photo[] = "UPDATE photo SET path = ?, offset = ?"
                                " WHERE id = ? AND path = ? AND offset = ?";
    static const char answer[] = "UPDATE web_answer SET warc = ?, record = ?"
                                 " WHERE id = ? AND warc = ? AND record = ?";
    ko_query q = ko_query_start(store, record->is_photo ? photo : answer);
    ko_query_bind_text(&q, new_path);
    ko_query_bind_int(&q, new_at);
    ko_query_bind_int(&q, record->id);
    ko_query_bind_text(&q, path);
    ko_query_bind_int(&q, record->at);
    return ko_query_run(&q, err);
}

ko_status ko_kept_elsewhere(ko_store *store, const char *folder, bool *out_elsewhere, ko_error *err)
{
    /* All below the folder lie between its name with a slash and with what follows a slash. */
    static const char sql[] =
        "SELECT EXISTS (SELECT 1 FROM web_answer WHERE warc < ?1 || '/')"
        " OR EXISTS (SELECT 1 FROM web_answer WHERE warc >= ?1 || '0')"
        " OR EXISTS (SELECT 1 FROM photo WHERE archived AND path <> '' AND path < ?1 || '/')"
        " OR EXISTS (SELECT 1 FROM photo WHERE archived AND path >= ?1 || '0')";
    int64_t any = 0;
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_text(&q, folder);
    const ko_status st = ko_query_first(&q, &any, err);
    *out_elsewhere = any != 0;
    return st;
}
