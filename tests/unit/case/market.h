/* Offers with pictures of our own making, and notices about them, under a clock that stands. */
#ifndef KO_TESTS_CASE_MARKET_H
#define KO_TESTS_CASE_MARKET_H

#include "base/clock.h"
#include "case/sort.h"
#include "fingerprint/turned.h"
#include "store/fixture.h"
#include "store/leader.h"
#include "store/tie.h"
#include "told.h"

static int64_t now;

static inline int64_t clock_now(void)
{
    return now;
}

/* 2026-01-01 and so many days. */
static inline void set_day(int days)
{
    now = ((int64_t)day_of("2026-01-01") + days) * 86400 + 43200;
    ko_clock_use(clock_now);
}

/* A picture with half of its bits set, and quality 90; another seed is another picture. */
static inline ko_traits picture_of(unsigned seed)
{
    ko_traits p = {.quality = 90, .sha256 = {(uint8_t)seed, (uint8_t)(seed >> 8), 1}};
    uint64_t x = 0x9E3779B97F4A7C15u * (seed + 1);
    for (size_t i = 0; i < KO_FP_WORDS; i++) {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        p.fp.w[i] = x;
    }
    return p;
}

/* The same in other bytes, so many bits away. */
static inline ko_traits copy_of(const ko_traits *picture, unsigned bits)
{
    static uint8_t copies;
    ko_traits copy = *picture;
    copy.sha256[31] = ++copies;
    for (unsigned i = 0; i < bits; i++)
        copy.fp.w[i / 16] ^= UINT64_C(1) << (i % 16 * 3);
    return copy;
}

typedef struct offer {
    int64_t listing_id, candidate_id;
} offer;

/* A listing of today that shows the work by this picture. */
static inline offer put_offer_of(ko_store *store, int64_t work_id, const char *url,
                                 const char *seller, const ko_traits *picture)
{
    ko_listing record = plain_record(url);
    ko_ingested what;
    char path[32], sql[96];
    record.seller = (char *)seller;
    (void)snprintf(path, sizeof path, "/p/%02x%02x%02x.jpg", picture->sha256[0], picture->sha256[1],
                   picture->sha256[31]);
    const ko_photo_file file = file_photo(path, 10, 20);
    assert_int_equal(ko_seen_add(store, &record, "", &file, 1, 0, &what, NULL), KO_OK);
    ko_photo photo = {.state = KO_PHOTO_READ,
                      .reason = "",
                      .width = 9,
                      .height = 9,
                      .quality = picture->quality,
                      .fp = picture->fp};
    (void)snprintf(sql, sizeof sql, "SELECT photo_id FROM listing_photo WHERE listing_id = %lld",
                   (long long)what.listing_id);
    photo.id = number(store, sql);
    memcpy(photo.sha256, picture->sha256, KO_SHA256_SIZE);
    assert_int_equal(ko_photo_update(store, &photo, NULL), KO_OK);
    ko_match match = plain_match(work_id, work_id, photo.id, 20);
    size_t fresh = 0;
    match.found_at = now;
    assert_int_equal(ko_match_add(store, &match, &fresh, NULL), KO_OK);
    (void)snprintf(sql, sizeof sql,
                   "SELECT id FROM candidate WHERE work_id = %lld AND listing_id = %lld",
                   (long long)work_id, (long long)what.listing_id);
    return (offer){what.listing_id, number(store, sql)};
}

/* A notice of today about one candidate, filed; its item has the same number as the notice. */
static inline int64_t file_notice(ko_store *store, int64_t work_id, const offer *of,
                                  const char *url, const char *seller, const ko_traits *picture)
{
    ko_notice_item item = {.candidate_id = of->candidate_id,
                           .listing_id = of->listing_id,
                           .url = url,
                           .item = "",
                           .platform = "",
                           .seller = seller,
                           .seller_id = "",
                           .title = "",
                           .has_evidence = picture != NULL};
    ko_notice notice = plain_notice("host", "", work_id);
    int64_t id = 0;
    notice.built_at = now;
    if (picture)
        memcpy(item.photo_sha256, picture->sha256, KO_SHA256_SIZE);
    keep_notice(store, &notice, &item, 1, &id);
    return id;
}

/* Tells it of the notice today, with a number of the platform. */
static inline void tell_now(ko_store *store, int64_t notice_id, ko_notice_state state)
{
    size_t changed = 0;
    ko_error err = {0};
    const ko_notice_event event = {
        .notice_id = notice_id, .state = state, .on = (ko_day)(now / 86400), .ref = "N-77"};
    if (ko_notice_tell(store, &event, NULL, 0, &changed, &err) != KO_OK)
        fail_msg("%s", err.text);
    assert_int_equal(changed, 1);
}

static inline ko_sorted sort_all(ko_store *store)
{
    ko_sorted sorted = {0};
    ko_error err = {0};
    if (ko_sort_candidates(store, &sorted, &err) != KO_OK)
        fail_msg("%s", err.text);
    return sorted;
}

typedef struct ties {
    size_t n;
    char words[256]; /* "picture of 1 removed; " */
    ko_tie of[KO_TIES_MOST];
} ties;

static inline ko_status take_tie(void *context, const ko_tie *tie)
{
    ties *t = context;
    const size_t used = strlen(t->words);
    (void)snprintf(t->words + used, sizeof t->words - used, "%s%s of %lld %s", used ? "; " : "",
                   ko_tie_kind_name(tie->kind), (long long)tie->notice_id,
                   ko_notice_state_name(tie->state));
    assert_true(t->n < KO_TIES_MOST);
    t->of[t->n++] = *tie;
    return KO_OK;
}

static inline ties ties_of(ko_store *store, int64_t candidate_id)
{
    ties t = {0};
    assert_int_equal(ko_tie_each(store, candidate_id, take_tie, &t, NULL), KO_OK);
    return t;
}

static inline int64_t leader_of(ko_store *store, int64_t candidate_id)
{
    char sql[64];
    (void)snprintf(sql, sizeof sql, "SELECT ifnull(leader, 0) FROM candidate WHERE id = %lld",
                   (long long)candidate_id);
    return number(store, sql);
}

#endif
