/* Which notices accepted candidates make: nothing that a channel would refuse, nothing lost. */
#include "case/plan.h"

#include "case/accepted.h"
#include "case/told.h"
#include "store/look.h"

/* A store with two works, whose views are 1 and 2, and the rules of the program. */
typedef struct desk {
    fixture *f;
    ko_store *store;
    ko_kit kit;
    ko_user user;
    int64_t work[2], view[2];
    int n_offers;
} desk;

static desk open_desk(void **state)
{
    desk d = {.f = *state, .user = full_user()};
    d.store = d.f->store;
    open_kit(&d.kit);
    for (int i = 0; i < 2; i++) {
        d.work[i] = full_work(d.store, i ? "Owl" : "Fox");
        d.view[i] = add_view(d.store, d.work[i], (uint8_t)(1 + i));
    }
    return d;
}

static void close_desk(desk *d)
{
    ko_kit_close(&d->kit);
}

/* A listing that shows a work, and so a candidate, numbered as they come. */
static void offer(desk *d, int work, const char *url, double score)
{
    put_offer(d->store, url, "pin", "shop", ++d->n_offers);
    assert_int_equal(add_match(d->store, d->work[work], d->view[work], d->n_offers, score), 1);
}

static ko_plan *plan_of(desk *d, ko_plan_request *request)
{
    ko_plan *plan = NULL;
    ko_error err = {0};
    if (ko_plan_make(d->store, &d->kit, &d->user, request, &plan, &err) != KO_OK)
        fail_msg("%s", err.text);
    return plan;
}

static void assert_notice(const ko_plan *plan, size_t index, const char *channel,
                          const char *serial, const char *urls)
{
    ko_buf list = KO_BUF(1 << 16);
    const ko_plan_notice *planned = ko_plan_at(plan, index);
    assert_string_equal(planned->notice.channel, channel);
    assert_string_equal(planned->notice.serial, serial);
    for (size_t i = 0; i < planned->notice.n_items; i++)
        assert_int_equal(ko_buf_printf(&list, "%s\n", planned->items[i].url), KO_OK);
    assert_string_equal(list.data, urls);
    ko_buf_free(&list);
}

static void assert_left(const ko_plan *plan, size_t index, int64_t candidate, ko_plan_why why,
                        const char *words)
{
    const ko_plan_left *left = ko_plan_left_at(plan, index);
    assert_int_equal(left->candidate_id, candidate);
    assert_string_equal(left->words, words);
    assert_int_equal(left->why, why);
}

/* --- what is planned --- */

static void a_notice_a_platform_and_a_work(void **state)
{
    desk d = open_desk(state);
    offer(&d, 0, "https://de.aliexpress.com/item/1005003145192016.html?spm=a2g0o", 9);
    offer(&d, 0, "https://www.etsy.com/listing/11/pin?ref=search", 9);
    offer(&d, 0, "https://item.taobao.com/item.htm?id=600000000001&skuId=7", 20);
    offer(&d, 1, "https://www.aliexpress.us/item/3256802958877265.html", 12);
    offer(&d, 1, "https://art-copies.example/p/7", 8);
    offer(&d, 1, "https://www.etsy.com/listing/12", 8); /* not accepted */
    for (int64_t id = 1; id <= 5; id++)
        accept(d.store, id, true);
    ko_plan *plan = plan_of(&d, &(ko_plan_request){0});
    assert_int_equal(ko_plan_left_count(plan), 0);
    assert_int_equal(ko_plan_count(plan), 4);
    assert_notice(plan, 0, "alibaba-ipp", "KO-000001",
                  "https://item.taobao.com/item.htm?id=600000000001\n"
                  "https://www.aliexpress.com/item/1005003145192016.html\n");
    assert_notice(plan, 1, "alibaba-ipp", "KO-000002",
                  "https://www.aliexpress.com/item/1005003145192017.html\n");
    assert_notice(plan, 2, "etsy", "KO-000001", "https://www.etsy.com/listing/11\n");
    assert_notice(plan, 3, "dmca-host", "KO-000002", "https://art-copies.example/p/7\n");
    assert_string_equal(ko_plan_at(plan, 3)->notice.host, "art-copies.example");
    assert_string_equal(ko_plan_at(plan, 0)->notice.reason, "copy");
    assert_string_equal(ko_plan_at(plan, 2)->items[0].item, "11");
    ko_plan_free(plan);
    close_desk(&d);
}

static void only_what_is_asked_for(void **state)
{
    desk d = open_desk(state);
    static const char *const guest[] = {"alibaba-guest"};
    offer(&d, 0, "https://www.temu.com/goods.html?goods_id=601091", 9);
    offer(&d, 1, "https://www.temu.com/goods.html?goods_id=601092", 9);
    offer(&d, 1, "https://www.aliexpress.com/item/1005003145192016.html", 9);
    accept(d.store, 0, true);
    ko_plan *plan = plan_of(&d, &(ko_plan_request){.platform = "temu", .work_id = d.work[1]});
    assert_int_equal(ko_plan_left_count(plan), 0); /* what was not asked for is not left out */
    assert_int_equal(ko_plan_count(plan), 1);
    assert_notice(plan, 0, "temu", "KO-000002",
                  "https://www.temu.com/goods.html?goods_id=601092\n");
    ko_plan_free(plan);
    plan = plan_of(&d, &(ko_plan_request){.channels = guest, .n_channels = 1});
    assert_int_equal(ko_plan_count(plan), 1);
    assert_notice(plan, 0, "alibaba-guest", "KO-000002",
                  "https://www.aliexpress.com/item/1005003145192016.html\n");
    assert_int_equal(ko_plan_left_count(plan), 2);
    assert_left(plan, 0, 1, KO_PLAN_OTHER_PLATFORM,
                "is on a platform that the channel does not take");
    ko_plan_free(plan);
    plan = plan_of(&d, &(ko_plan_request){.platform = "temu", .reason = "picture"});
    assert_string_equal(ko_plan_at(plan, 0)->notice.reason, "picture");
    ko_plan_free(plan);
    close_desk(&d);
}

static void assert_refused(desk *d, ko_plan_request request, const char *told)
{
    ko_plan *plan = NULL;
    ko_error err = {0};
    assert_int_equal(ko_plan_make(d->store, &d->kit, &d->user, &request, &plan, &err), KO_E_USAGE);
    assert_string_equal(err.text, told);
    assert_null(plan);
}

static void names_must_exist(void **state)
{
    desk d = open_desk(state);
    static const char *const channels[] = {"etsy", "esty"};
    offer(&d, 0, "https://www.etsy.com/listing/11", 9);
    accept(d.store, 0, true);
    assert_refused(&d, (ko_plan_request){.platform = "esty"}, "there is no platform 'esty'");
    assert_refused(&d, (ko_plan_request){.channels = channels, .n_channels = 2},
                   "there is no channel 'esty'");
    assert_refused(&d, (ko_plan_request){.reason = "theft"}, "channel etsy has no reason 'theft'");
    close_desk(&d);
}

static void what_does_not_fit_goes_into_the_next(void **state)
{
    desk d = open_desk(state);
    static const char *const guest[] = {"alibaba-guest"};
    for (int i = 0; i < 21; i++) {
        char url[64];
        (void)snprintf(url, sizeof url, "https://www.aliexpress.com/item/10050000000%02d.html", i);
        offer(&d, 0, url, 9);
    }
    accept(d.store, 0, true);
    ko_plan *plan = plan_of(&d, &(ko_plan_request){.channels = guest, .n_channels = 1});
    assert_int_equal(ko_plan_count(plan), 3);
    assert_int_equal(ko_plan_at(plan, 1)->notice.part, 2);
    assert_int_equal(ko_plan_at(plan, 1)->notice.parts, 3);
    assert_int_equal(ko_plan_at(plan, 1)->notice.n_items, 10);
    assert_int_equal(ko_plan_at(plan, 2)->items[0].candidate_id, 21);
    ko_plan_free(plan);
    close_desk(&d);
}

/* --- what is left out --- */

static void each_is_left_out_for_its_reason(void **state)
{
    desk d = open_desk(state);
    offer(&d, 0, "https://www.etsy.com/listing/11", 9);
    offer(&d, 0, "", 9);
    offer(&d, 0, "javascript:alert(1)", 9);
    offer(&d, 0, "https://a.aliexpress.com/_mKq", 9);
    offer(&d, 0, "https://www.aliexpress.com/store/912345", 9);
    offer(&d, 0, "https://www.etsy.com/listing/17", 9);
    for (int64_t id = 1; id <= 5; id++)
        accept(d.store, id, true);
    accept(d.store, 6, false);
    ko_plan *plan = plan_of(&d, &(ko_plan_request){0});
    assert_int_equal(ko_plan_count(plan), 1);
    assert_notice(plan, 0, "etsy", "KO-000001", "https://www.etsy.com/listing/11\n");
    assert_int_equal(ko_plan_left_count(plan), 5);
    assert_left(plan, 0, 2, KO_PLAN_NO_URL, "has no URL");
    assert_left(plan, 1, 3, KO_PLAN_BAD_URL, "its URL is none");
    assert_left(plan, 2, 4, KO_PLAN_SHORT_LINK,
                "is a short link: open it and take the URL it leads to");
    assert_left(plan, 3, 5, KO_PLAN_NO_ITEM, "is a page of the platform, but no listing");
    assert_left(plan, 4, 6, KO_PLAN_NOT_CONFIRMED, "not confirmed (knockoff candidates accept 6)");
    ko_plan_free(plan);
    close_desk(&d);
}

/* A platform takes a listing in one notice at a time: in that of the work that it shows best. */
static void a_listing_that_shows_two_works(void **state)
{
    desk d = open_desk(state);
    offer(&d, 0, "https://www.etsy.com/listing/11", 9);
    assert_int_equal(add_match(d.store, d.work[1], d.view[1], 1, 17), 1);
    accept(d.store, 0, true);
    ko_plan *plan = plan_of(&d, &(ko_plan_request){0});
    assert_int_equal(ko_plan_count(plan), 1);
    assert_notice(plan, 0, "etsy", "KO-000002", "https://www.etsy.com/listing/11\n");
    assert_left(plan, 0, 1, KO_PLAN_TWICE, "the same listing as candidate 2 of KO-000002");
    ko_plan_free(plan);
    close_desk(&d);
}

static void what_a_channel_asks_for_must_be_known(void **state)
{
    desk d = open_desk(state);
    const int64_t bare = add_work(d.store, "");
    const int64_t view = add_view(d.store, bare, 3);
    offer(&d, 0, "https://www.etsy.com/listing/11", 9);
    offer(&d, 0, "https://www.ebay.com/itm/223456789012", 9);
    put_offer(d.store, "https://www.ebay.com/itm/223456789013", "pin", "shop", 3);
    assert_int_equal(add_match(d.store, bare, view, 3, 9), 1);
    accept(d.store, 0, true);
    d.user.text[KO_PROFILE_PUBLIC_PHONE] = (char *)"";
    ko_plan *plan = plan_of(&d, &(ko_plan_request){0});
    assert_int_equal(ko_plan_count(plan), 1);
    assert_notice(plan, 0, "ebay-noci", "KO-000001", "https://www.ebay.com/itm/223456789012\n");
    assert_int_equal(ko_plan_left_count(plan), 2);
    assert_left(plan, 0, 1, KO_PLAN_FACT_MISSING,
                "etsy needs your telephone number (knockoff profile set public_phone=...)");
    assert_left(plan, 1, 3, KO_PLAN_FACT_MISSING,
                "ebay-noci needs the title of the work (knockoff works set KO-000003 --title ...)");
    ko_plan_free(plan);
    close_desk(&d);
}

/* The statement in the packet says who made the work, whatever the form asks for. */
static void an_agent_has_to_say_who_made_it(void **state)
{
    desk d = open_desk(state);
    offer(&d, 0, "https://www.etsy.com/listing/11", 9);
    accept(d.store, 0, true);
    d.user.text[KO_PROFILE_ROLE] = (char *)"agent";
    d.user.text[KO_PROFILE_HOLDER] = (char *)"Ben Brush";
    ko_plan *plan = plan_of(&d, &(ko_plan_request){0});
    assert_int_equal(ko_plan_count(plan), 0);
    assert_left(plan, 0, 1, KO_PLAN_FACT_MISSING,
                "etsy needs the author of the work (knockoff works set KO-000001 --author ...)");
    ko_plan_free(plan);
    close_desk(&d);
}

/* --- earlier notices --- */

static void keep(desk *d, const ko_plan *plan)
{
    ko_error err = {0};
    if (ko_plan_keep(d->store, plan, "Ann Artist", &err) != KO_OK)
        fail_msg("%s", err.text);
}

static void build(desk *d)
{
    ko_plan *plan = plan_of(d, &(ko_plan_request){0});
    assert_int_equal(ko_plan_count(plan), 1);
    keep(d, plan);
    ko_plan_free(plan);
}

static void find_gone(desk *d, int64_t listing, int64_t at)
{
    bool changed = false;
    const ko_look_found found = {
        .listing_id = listing, .outcome = KO_LOOK_GONE, .reason = "HTTP 404", .at = at};
    assert_int_equal(ko_store_begin(d->store, NULL), KO_OK);
    assert_int_equal(ko_look_add(d->store, &found, &changed, NULL), KO_OK);
    assert_int_equal(ko_store_commit(d->store, NULL), KO_OK);
}

static void none_that_is_gone_for_sure(void **state)
{
    const int64_t noon = (int64_t)day_of("2026-02-03") * 86400 + 43200;
    desk d = open_desk(state);
    offer(&d, 0, "https://www.etsy.com/listing/11", 9);
    offer(&d, 0, "https://www.etsy.com/listing/12", 9);
    accept(d.store, 0, true);
    find_gone(&d, 1, noon);
    find_gone(&d, 2, noon);
    find_gone(&d, 2, noon + KO_LOOK_SURE_S);
    ko_plan *plan = plan_of(&d, &(ko_plan_request){0});
    assert_int_equal(ko_plan_count(plan), 1);
    assert_notice(plan, 0, "etsy", "KO-000001", "https://www.etsy.com/listing/11\n");
    assert_left(plan, 0, 2, KO_PLAN_GONE, "gone since 2026-02-03");
    ko_plan_free(plan);
    close_desk(&d);
}

static size_t count_planned(desk *d, bool again)
{
    ko_plan *plan = plan_of(d, &(ko_plan_request){.again = again});
    const size_t n = ko_plan_count(plan);
    ko_plan_free(plan);
    return n;
}

static void none_that_is_in_an_active_notice(void **state)
{
    desk d = open_desk(state);
    offer(&d, 0, "https://www.etsy.com/listing/11", 9);
    accept(d.store, 0, true);
    build(&d);
    ko_plan *plan = plan_of(&d, &(ko_plan_request){.again = true});
    assert_int_equal(ko_plan_count(plan), 0);
    assert_int_equal(ko_plan_left_at(plan, 0)->why, KO_PLAN_ACTIVE);
    assert_memory_equal(ko_plan_left_at(plan, 0)->words, "in notice 1, built 20", 21);
    ko_plan_free(plan);
    close_desk(&d);
}

/* What came of an earlier notice decides whether there may be another one. */
static void after_a_notice_is_closed(void **state)
{
    static const struct {
        ko_notice_state state;
        size_t planned, planned_again;
    } cases[] = {
        {KO_NOTICE_REMOVED, 0, 0},   {KO_NOTICE_UNABLE, 0, 1},     {KO_NOTICE_REFUSED, 0, 1},
        {KO_NOTICE_WITHDRAWN, 0, 1}, {KO_NOTICE_REAPPEARED, 1, 1},
    };
    desk d = open_desk(state);
    offer(&d, 0, "https://www.etsy.com/listing/11", 9);
    accept(d.store, 0, true);
    build(&d);
    execute(d.store, "UPDATE notice SET built_at = 1767225600"); /* 2026-01-01 */
    tell(d.store, 1, KO_NOTICE_FILED, "2026-01-02", 1, 1);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ko_notice_event undone;
        const bool back = cases[i].state == KO_NOTICE_REAPPEARED;
        if (back)
            tell(d.store, 1, KO_NOTICE_REMOVED, "2026-01-03", 1, 1);
        tell(d.store, 1, cases[i].state, "2026-01-04", 1, 1);
        assert_int_equal(count_planned(&d, false), cases[i].planned);
        assert_int_equal(count_planned(&d, true), cases[i].planned_again);
        assert_int_equal(ko_notice_undo(d.store, 1, &undone, NULL), KO_OK);
        if (back)
            assert_int_equal(ko_notice_undo(d.store, 1, &undone, NULL), KO_OK);
    }
    tell(d.store, 1, KO_NOTICE_REFUSED, "2026-01-04", 1, 1);
    ko_plan *plan = plan_of(&d, &(ko_plan_request){0});
    assert_left(plan, 0, 1, KO_PLAN_CLOSED,
                "in notice 1, refused 2026-01-04 (--again builds another one)");
    ko_plan_free(plan);
    close_desk(&d);
}

/* --- keeping it --- */

static ko_status on_notice(void *context, const ko_notice *notice)
{
    ++*(size_t *)context;
    assert_string_equal(notice->channel, "etsy");
    assert_string_equal(notice->who, "Ann Artist");
    assert_string_equal(notice->folder, "");
    assert_true(notice->authority);
    assert_true(notice->good_faith_at > 0);
    assert_int_equal(notice->n_items, 2);
    return KO_OK;
}

static void a_plan_is_kept_once(void **state)
{
    desk d = open_desk(state);
    size_t n = 0;
    ko_error err = {0};
    offer(&d, 0, "https://www.etsy.com/listing/11", 9);
    offer(&d, 0, "https://www.etsy.com/listing/12", 9);
    accept(d.store, 0, true);
    ko_plan *plan = plan_of(&d, &(ko_plan_request){0});
    keep(&d, plan);
    assert_int_equal(ko_plan_keep(d.store, plan, "Ann Artist", &err), KO_E_BUSY);
    assert_false(ko_store_is_writing(d.store));
    assert_int_equal(ko_notice_each(d.store, &(ko_notice_filter){0}, on_notice, &n, NULL), KO_OK);
    assert_int_equal(n, 1);
    ko_plan_free(plan);
    close_desk(&d);
}

static void a_decision_taken_back_meanwhile_counts(void **state)
{
    desk d = open_desk(state);
    ko_undone undone;
    ko_error err = {0};
    offer(&d, 0, "https://www.etsy.com/listing/11", 9);
    offer(&d, 0, "https://www.etsy.com/listing/12", 9);
    accept(d.store, 1, true);
    accept(d.store, 2, true);
    ko_plan *plan = plan_of(&d, &(ko_plan_request){0});
    assert_int_equal(ko_act_undo(d.store, "Ann Artist", &undone, NULL), KO_OK);
    assert_int_equal(ko_plan_keep(d.store, plan, "Ann Artist", &err), KO_E_BUSY);
    assert_int_equal(number(d.store, "SELECT count(*) FROM notice"), 0);
    ko_plan_free(plan);
    close_desk(&d);
}

static void memory_may_run_out(void **state)
{
    desk d = open_desk(state);
    offer(&d, 0, "https://www.etsy.com/listing/11", 9);
    offer(&d, 1, "https://www.temu.com/goods.html?goods_id=601091", 9);
    offer(&d, 1, "", 9);
    accept(d.store, 0, true);
    ko_plan_free(plan_of(&d, &(ko_plan_request){0})); /* statements are prepared */
    const long live = ko_alloc_live();
    for (unsigned nth = 1;; nth++) {
        ko_plan *plan = NULL;
        ko_alloc_fault(nth, 1);
        const ko_status st =
            ko_plan_make(d.store, &d.kit, &d.user, &(ko_plan_request){0}, &plan, NULL);
        const unsigned fired = ko_alloc_fault_hits();
        ko_alloc_fault(0, 0);
        ko_plan_free(plan);
        assert_int_equal(ko_alloc_live(), live);
        if (!fired) {
            assert_int_equal(st, KO_OK);
            break;
        }
        assert_int_equal(st, KO_E_NOMEM);
    }
    close_desk(&d);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_notice_a_platform_and_a_work),
        TEST(only_what_is_asked_for),
        TEST(names_must_exist),
        TEST(what_does_not_fit_goes_into_the_next),
        TEST(each_is_left_out_for_its_reason),
        TEST(a_listing_that_shows_two_works),
        TEST(what_a_channel_asks_for_must_be_known),
        TEST(an_agent_has_to_say_who_made_it),
        TEST(none_that_is_gone_for_sure),
        TEST(none_that_is_in_an_active_notice),
        TEST(after_a_notice_is_closed),
        TEST(a_plan_is_kept_once),
        TEST(a_decision_taken_back_meanwhile_counts),
        TEST(memory_may_run_out),
    };
    return cmocka_run_group_tests_name("case.plan", tests, NULL, NULL);
}
