/* Notices that a channel will take: nothing lost, nothing doubled. */
#include "notice/pack.h"

#include "notice/rules_open.h"

#include "base/alloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static ko_pack pack_of(const ko_pack_row *rows, size_t n, const ko_channel *const *channels,
                       size_t n_channels)
{
    const ko_pack_request request = {
        .rows = rows, .n_rows = n, .channels = channels, .n_channels = n_channels};
    ko_pack pack = {0};
    ko_error err = {0};
    if (ko_pack_make(&request, &pack, &err) != KO_OK)
        fail_msg("%s", err.text);
    return pack;
}

static void assert_list(const ko_pack_notice *notice, const char *expected)
{
    ko_buf list = KO_BUF(1 << 20);
    assert_int_equal(ko_pack_list(notice, &list), KO_OK);
    assert_string_equal(list.data, expected);
    ko_buf_free(&list);
}

static void by_work_and_canonical(void **state)
{
    (void)state;
    ko_rules *rules = rules_open();
    const ko_channel *ipp = ko_rules_channel(rules, "alibaba-ipp");
    const ko_pack_row rows[] = {
        {"KO-2", "https://de.aliexpress.com/item/1005003145192016.html?spm=a2g0o", ""},
        {"KO-1", "https://www.alibaba.com/product-detail/Pin-badge_62000000001.html", ""},
        {"KO-2", "https://item.taobao.com/item.htm?id=600000000001&skuId=7", ""},
    };
    ko_pack pack = pack_of(rows, 3, &ipp, 1);
    assert_int_equal(pack.n_left, 0);
    assert_int_equal(pack.n_notices, 2);
    assert_string_equal(pack.notices[1].work, "KO-2");
    assert_list(&pack.notices[1], "https://www.aliexpress.com/item/1005003145192016.html\n"
                                  "https://item.taobao.com/item.htm?id=600000000001\n");
    assert_list(&pack.notices[0], "https://www.alibaba.com/product-detail/x_62000000001.html\n");
    ko_pack_free(&pack);
    ko_rules_free(rules);
}

static void what_is_left_out_and_why(void **state)
{
    (void)state;
    ko_rules *rules = rules_open();
    const ko_channel *ipp = ko_rules_channel(rules, "alibaba-ipp");
    const ko_pack_row rows[] = {
        {"KO-1", "https://www.aliexpress.us/item/3256802958877264.html", ""},
        {"KO-1", "https://www.aliexpress.com/item/1005003145192016.html", ""},
        {"KO-1", "", ""},
        {"KO-1", "not a link", ""},
        {"KO-1", "https://a.aliexpress.com/_mKq", ""},
        {"KO-1", "https://www.aliexpress.com/store/912345", ""},
        {"KO-1", "https://www.etsy.com/listing/123456789/pin", ""},
        {"KO-1", "https://www.aliexpress.com/item/1005009999999999.html", ""},
        {"KO-1", "https://www.aliexpress.com/item/1005009999999998.html", ""},
        {"KO-1", "https://www.aliexpress.com/item/1005009999999997.html", ""},
    };
    static const ko_pack_left expected[] = {
        {1, KO_LEFT_TWICE, 0},      {2, KO_LEFT_NO_URL, 0},  {3, KO_LEFT_BAD_URL, 0},
        {4, KO_LEFT_SHORT_LINK, 0}, {5, KO_LEFT_NO_ITEM, 0}, {6, KO_LEFT_NO_CHANNEL, 0},
        {7, KO_LEFT_ACTIVE, 2},     {8, KO_LEFT_CLOSED, 5},
    };
    static const ko_pack_known known[] = {
        {"nonsense", 1, KO_PAST_ACTIVE},
        {"https://www.aliexpress.com/item/1005009999999999.html", 9, KO_PAST_CLOSED},
        {"https://m.aliexpress.com/item/1005009999999999.html?x=1", 3, KO_PAST_ACTIVE},
        {"https://www.aliexpress.com/item/1005009999999997.html", 3, KO_PAST_CLOSED},
        {"https://www.aliexpress.com/item/1005009999999998.html", 3, KO_PAST_FREE},
        {"https://www.aliexpress.com/item/1005009999999998.html", 4, KO_PAST_CLOSED},
        {"https://www.aliexpress.com/item/1005009999999997.html", 4, KO_PAST_FREE},
    };
    const ko_pack_request request = {.rows = rows,
                                     .n_rows = 10,
                                     .channels = &ipp,
                                     .n_channels = 1,
                                     .known = known,
                                     .n_known = sizeof known / sizeof *known};
    ko_pack pack = {0};
    assert_int_equal(ko_pack_make(&request, &pack, NULL), KO_OK);
    assert_list(&pack.notices[0], "https://www.aliexpress.com/item/1005003145192016.html\n"
                                  "https://www.aliexpress.com/item/1005009999999997.html\n");
    assert_int_equal(pack.n_left, 8);
    for (size_t i = 0; i < 8; i++) {
        assert_int_equal(pack.left[i].row, expected[i].row);
        assert_int_equal(pack.left[i].reason, expected[i].reason);
        assert_int_equal(pack.left[i].other, expected[i].other);
        assert_non_null(ko_left_words(pack.left[i].reason));
    }
    ko_pack_free(&pack);
    ko_rules_free(rules);
}

static void what_does_not_fit_goes_into_the_next(void **state)
{
    (void)state;
    ko_rules *rules = rules_open();
    const ko_channel *guest = ko_rules_channel(rules, "alibaba-guest");
    char urls[21][64];
    ko_pack_row rows[21];
    for (size_t i = 0; i < 21; i++) {
        (void)snprintf(urls[i], sizeof urls[i], "https://www.aliexpress.com/item/%zu.html",
                       1005000000000000 + i);
        rows[i] = (ko_pack_row){"KO-1", urls[i], ""};
    }
    ko_pack pack = pack_of(rows, 20, &guest, 1);
    assert_int_equal(pack.n_notices, 2); /* full, and no empty one behind */
    ko_pack_free(&pack);
    pack = pack_of(rows, 21, &guest, 1);
    assert_int_equal(pack.n_notices, 3);
    assert_int_equal(pack.notices[1].part, 2);
    assert_int_equal(pack.notices[1].parts, 3);
    assert_int_equal(pack.notices[2].n_items, 1);
    assert_list(&pack.notices[2], "https://www.aliexpress.com/item/1005000000000020.html\n");
    ko_pack_free(&pack);
    ko_rules_free(rules);
}

/* Each country of Amazon has its own form, and each site its own host; eBay's numbers are one. */
static void hosts_apart_where_that_matters(void **state)
{
    (void)state;
    ko_rules *rules = rules_open();
    const ko_channel *const channels[] = {ko_rules_channel(rules, "amazon"),
                                          ko_rules_channel(rules, "ebay-noci"),
                                          ko_rules_channel(rules, "dmca-host")};
    const ko_pack_row rows[] = {
        {"KO-1", "https://shop.example/a", ""},
        {"KO-1", "https://www.amazon.de/gp/product/B0ABCDEFGH", ""},
        {"KO-1", "https://www.ebay.de/itm/Pin/123456789012?var=1", ""},
        {"KO-1", "https://www.amazon.com/dp/B0ABCDEFGH", ""},
        {"KO-1", "https://www.ebay.com/itm/223456789012", ""},
        {"KO-1", "https://other.example/b", ""},
    };
    ko_pack pack = pack_of(rows, 6, channels, 3);
    assert_int_equal(pack.n_notices, 5);
    assert_string_equal(pack.notices[0].host, "www.amazon.com");
    assert_string_equal(pack.notices[1].host, "www.amazon.de");
    assert_list(&pack.notices[1], "B0ABCDEFGH\n");
    assert_list(&pack.notices[2], "123456789012\n223456789012\n");
    assert_string_equal(pack.notices[2].host, "");
    assert_string_equal(pack.notices[4].host, "shop.example");
    assert_list(&pack.notices[3], "https://other.example/b\n");
    ko_pack_free(&pack);
    ko_rules_free(rules);
}

/* A shop is written to about its own listings alone. */
static void sellers_apart_where_that_matters(void **state)
{
    (void)state;
    ko_rules *rules = rules_open();
    const ko_channel *friendly = ko_rules_channel(rules, "friendly");
    const ko_pack_row rows[] = {
        {"KO-1", "https://www.etsy.com/listing/1", "Ann"},
        {"KO-1", "https://www.etsy.com/listing/2", "Bob"},
        {"KO-1", "https://www.etsy.com/listing/3", "Ann"},
        {"KO-1", "https://www.ebay.com/itm/223456789012", "Ann"},
    };
    ko_pack pack = pack_of(rows, 4, &friendly, 1);
    assert_int_equal(pack.n_notices, 3);
    assert_string_equal(pack.notices[0].host, "www.ebay.com");
    assert_list(&pack.notices[1],
                "https://www.etsy.com/listing/1\nhttps://www.etsy.com/listing/3\n");
    assert_string_equal(pack.notices[2].host, "www.etsy.com");
    ko_pack_free(&pack);
    ko_rules_free(rules);
}

/* --- for rows of any kind --- */

static uint32_t next_number(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

#define ROWS 400

static void assert_whole(const ko_pack *pack, const ko_pack_row *rows, size_t n)
{
    unsigned seen[ROWS] = {0};
    for (size_t i = 0; i < pack->n_left; i++)
        seen[pack->left[i].row]++;
    size_t items = 0;
    for (size_t i = 0; i < pack->n_notices; i++) {
        const ko_pack_notice *notice = &pack->notices[i];
        assert_true(notice->n_items > 0);
        assert_true(notice->channel->list.most == 0 ||
                    notice->n_items <= (size_t)notice->channel->list.most);
        for (size_t k = 0; k < notice->n_items; k++) {
            seen[notice->items[k].row]++;
            assert_string_equal(rows[notice->items[k].row].work, notice->work);
            assert_true(k == 0 || notice->items[k].row > notice->items[k - 1].row);
        }
        items += notice->n_items;
    }
    assert_int_equal(items, pack->n_items);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(seen[i], 1);
    for (size_t i = 0; i < pack->n_items; i++)
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(pack->items[i].url, pack->items[k].url);
}

static void nothing_lost_nothing_doubled(void **state)
{
    (void)state;
    static const char *const works[] = {"KO-1", "KO-2", "KO-3"};
    static const char *const shapes[] = {
        "https://www.aliexpress.com/item/100500%u.html",
        "https://fr.aliexpress.com/i/100500%u.html?spm=%u",
        "https://www.temu.com/goods.html?goods_id=60109%u",
        "https://host%u.example/p",
        "https://www.aliexpress.com/store/%u",
        "nothing %u",
    };
    ko_rules *rules = rules_open();
    const ko_channel *const channels[] = {ko_rules_channel(rules, "temu"),
                                          ko_rules_channel(rules, "alibaba-guest"),
                                          ko_rules_channel(rules, "dmca-host")};
    uint32_t random = 1;
    for (unsigned round = 0; round < 50; round++) {
        char urls[ROWS][80];
        ko_pack_row rows[ROWS];
        const size_t n = next_number(&random) % (ROWS + 1);
        for (size_t i = 0; i < n; i++) {
            const unsigned number = next_number(&random) % 90 + 10;
            const char *shape = shapes[next_number(&random) % 6];
            const char *at = strchr(shape, '%');
            (void)snprintf(urls[i], sizeof urls[i], "%.*s%u%s", (int)(at - shape), shape, number,
                           strchr(at + 2, '%') ? ".html" : at + 2);
            rows[i] = (ko_pack_row){works[next_number(&random) % 3], urls[i], ""};
        }
        ko_pack pack = pack_of(rows, n, channels, 1 + round % 3);
        assert_whole(&pack, rows, n);
        ko_pack_free(&pack);
    }
    ko_rules_free(rules);
}

static void memory_may_run_out(void **state)
{
    (void)state;
    ko_rules *rules = rules_open();
    const ko_channel *ipp = ko_rules_channel(rules, "alibaba-ipp");
    const ko_pack_row rows[] = {
        {"KO-1", "https://www.aliexpress.com/item/1005003145192016.html", ""},
        {"KO-2", "https://www.aliexpress.com/item/1005003145192017.html", ""},
        {"KO-2", "x", ""}};
    static const ko_pack_known known = {"https://www.aliexpress.com/item/1.html", 1,
                                        KO_PAST_ACTIVE};
    const ko_pack_request request = {.rows = rows,
                                     .n_rows = 3,
                                     .channels = &ipp,
                                     .n_channels = 1,
                                     .known = &known,
                                     .n_known = 1};
    const long live = ko_alloc_live();
    for (unsigned nth = 1;; nth++) {
        ko_pack pack = {0};
        ko_alloc_fault(nth, 1);
        const ko_status st = ko_pack_make(&request, &pack, NULL);
        const unsigned fired = ko_alloc_fault_hits();
        ko_alloc_fault(0, 0);
        ko_pack_free(&pack);
        assert_int_equal(ko_alloc_live(), live);
        if (!fired) {
            assert_int_equal(st, KO_OK);
            break;
        }
        assert_int_equal(st, KO_E_NOMEM);
    }
    ko_rules_free(rules);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_work_and_canonical),
        cmocka_unit_test(what_is_left_out_and_why),
        cmocka_unit_test(what_does_not_fit_goes_into_the_next),
        cmocka_unit_test(hosts_apart_where_that_matters),
        cmocka_unit_test(sellers_apart_where_that_matters),
        cmocka_unit_test(nothing_lost_nothing_doubled),
        cmocka_unit_test(memory_may_run_out),
    };
    return cmocka_run_group_tests_name("notice.pack", tests, NULL, NULL);
}
