/* Notices that things were told of on fixed days, for tests of what follows from that. */
#ifndef KO_TESTS_CASE_TOLD_H
#define KO_TESTS_CASE_TOLD_H

#include "case/kit.h"
#include "notice/rules_open.h"
#include "store/fixture.h"
#include "store/notice.h"

/* The rules of the program. */
static inline void open_kit(ko_kit *kit)
{
    ko_error err = {0};
    if (ko_kit_open("/nowhere", kit, &err) != KO_OK)
        fail_msg("%s", err.text);
}

static inline void keep_notice(ko_store *store, const ko_notice *notice,
                               const ko_notice_item *items, size_t n, int64_t *out_id)
{
    assert_int_equal(ko_store_begin(store, NULL), KO_OK);
    assert_int_equal(ko_notice_add(store, notice, items, n, out_id, NULL), KO_OK);
    assert_int_equal(ko_store_commit(store, NULL), KO_OK);
}

static inline ko_notice plain_notice(const char *channel, const char *reason, int64_t work_id)
{
    return (ko_notice){.channel = channel,
                       .work_id = work_id,
                       .serial = "KO-000001",
                       .work_title = "Fox",
                       .host = "",
                       .reason = reason,
                       .part = 1,
                       .parts = 1,
                       .who = "Ann",
                       .built_at = (int64_t)day_of("2026-01-01") * 86400,
                       .authority = true,
                       .folder = ""};
}

/* A notice about n listings of a platform, built on 2026-01-01. */
static inline int64_t add_notice(ko_store *store, const char *channel, const char *platform,
                                 const char *reason, size_t n)
{
    static char urls[64][64];
    ko_notice_item items[64];
    int64_t id = 0;
    const ko_notice notice = plain_notice(channel, reason, 1);
    assert_true(n <= 64);
    for (size_t i = 0; i < n; i++) {
        (void)snprintf(urls[i], sizeof urls[i], "https://%s.example/item/%zu", platform, i);
        items[i] = (ko_notice_item){.url = urls[i],
                                    .item = "",
                                    .platform = platform,
                                    .seller = "",
                                    .seller_id = "",
                                    .title = ""};
    }
    keep_notice(store, &notice, items, n, &id);
    return id;
}

/* Tells it of n listings from the first-th on, 0 for all that may become so; notices' listings
 * have their ids in a row. */
static inline void tell(ko_store *store, int64_t notice_id, ko_notice_state state, const char *on,
                        int64_t first, size_t n)
{
    int64_t ids[64];
    size_t changed = 0;
    ko_error err = {0};
    const ko_notice_event event = {.notice_id = notice_id, .state = state, .on = day_of(on)};
    for (size_t i = 0; i < n; i++)
        ids[i] = first + (int64_t)i;
    if (ko_notice_tell(store, &event, ids, n, &changed, &err) != KO_OK)
        fail_msg("%s", err.text);
}

#endif
