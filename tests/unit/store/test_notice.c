#include "fixture.h"

#include "store/notice.h"

/* --- short ways --- */

#define DAY ((ko_day)20000) /* 2024-10-04, on which notices are built at noon */

static ko_notice plain_notice(int64_t work_id)
{
    return (ko_notice){.channel = "etsy",
                       .work_id = work_id,
                       .serial = "KO-000001",
                       .work_title = "Cat",
                       .host = "",
                       .reason = "copy",
                       .part = 1,
                       .parts = 1,
                       .who = "Ann",
                       .good_faith_at = 5,
                       .built_at = (int64_t)DAY * 86400 + 43200,
                       .folder = ""};
}

static ko_notice_item plain_item(const char *url)
{
    return (ko_notice_item){.candidate_id = 7,
                            .listing_id = 8,
                            .url = url,
                            .item = "1",
                            .platform = "etsy",
                            .seller = "Pins",
                            .seller_id = "",
                            .title = "A pin",
                            .score = 9.5,
                            .has_evidence = true,
                            .photo_sha256 = {3},
                            .view_sha256 = {4}};
}

static int64_t keep(ko_store *store, const ko_notice *notice, const ko_notice_item *items, size_t n)
{
    int64_t id = 0;
    assert_int_equal(ko_store_begin(store, NULL), KO_OK);
    assert_int_equal(ko_notice_add(store, notice, items, n, &id, NULL), KO_OK);
    assert_int_equal(ko_store_commit(store, NULL), KO_OK);
    return id;
}

/* A notice with three listings, whose items are numbered from 1 in the first notice. */
static int64_t add_notice(ko_store *store)
{
    const ko_notice notice = plain_notice(1);
    const ko_notice_item items[] = {plain_item("https://m.example/1"),
                                    plain_item("https://m.example/2"),
                                    plain_item("https://m.example/3")};
    return keep(store, &notice, items, 3);
}

static size_t tell_of(ko_store *store, int64_t notice, ko_notice_state state, ko_day on,
                      const int64_t *items, size_t n)
{
    const ko_notice_event event = {.notice_id = notice, .state = state, .on = on};
    size_t changed = 0;
    assert_int_equal(ko_notice_tell(store, &event, items, n, &changed, NULL), KO_OK);
    return changed;
}

static size_t tell(ko_store *store, int64_t notice, ko_notice_state state, ko_day on)
{
    return tell_of(store, notice, state, on, NULL, 0);
}

static size_t tell_one(ko_store *store, int64_t notice, ko_notice_state state, ko_day on,
                       int64_t item)
{
    return tell_of(store, notice, state, on, &item, 1);
}

/* Telling that is refused changes nothing; returns what is said of it. */
static ko_error refused(ko_store *store, const ko_notice_event *event, const int64_t *items,
                        size_t n, ko_status status)
{
    ko_error err = {0};
    size_t changed = 77;
    assert_int_equal(ko_notice_tell(store, event, items, n, &changed, &err), status);
    assert_int_equal(changed, 77);
    return err;
}

typedef struct text {
    char words[2048];
} text;

static void say(text *t, const char *fmt, ...) KO_PRINTF(2, 3);
static void say(text *t, const char *fmt, ...)
{
    const size_t used = strlen(t->words);
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(t->words + used, sizeof t->words - used, fmt, args);
    va_end(args);
}

static ko_status say_item(void *context, const ko_notice_item *item)
{
    say(context, "%lld %s +%d; ", (long long)item->id, ko_notice_state_name(item->state),
        (int)(item->state_on - DAY));
    return KO_OK;
}

/* "1 filed +2; ": each item, its state, and since how many days after DAY. */
static text items(ko_store *store, int64_t notice, unsigned states)
{
    text t = {0};
    assert_int_equal(ko_notice_item_each(store, notice, states, say_item, &t, NULL), KO_OK);
    return t;
}

#define assert_items(store, notice, expected)                                                      \
    assert_string_equal(items(store, notice, 0).words, expected)

static ko_status say_notice(void *context, const ko_notice *notice)
{
    say(context, "%lld %s '%s' %s%d, %zu; ", (long long)notice->id,
        ko_notice_state_name(ko_notice_state_of(notice)), notice->ref,
        notice->is_filed ? "filed +" : "not filed ",
        notice->is_filed ? (int)(notice->filed_on - DAY) : 0, notice->n_items);
    return KO_OK;
}

static text notices(ko_store *store, ko_notice_filter filter)
{
    text t = {0};
    assert_int_equal(ko_notice_each(store, &filter, say_notice, &t, NULL), KO_OK);
    return t;
}

/* --- what is kept --- */

static ko_status take_notice(void *context, const ko_notice *n)
{
    (*(int *)context)++;
    const ko_notice plain = plain_notice(1);
    assert_string_equal(n->channel, plain.channel);
    assert_int_equal(n->work_id, 1);
    assert_string_equal(n->serial, plain.serial);
    assert_string_equal(n->work_title, plain.work_title);
    assert_string_equal(n->host, "");
    assert_string_equal(n->reason, "copy");
    assert_true(n->part == 1 && n->parts == 1 && n->good_faith_at == 5 && !n->authority);
    assert_string_equal(n->who, "Ann");
    assert_int_equal(n->built_at, plain.built_at);
    assert_string_equal(n->folder, "/packets/1");
    assert_string_equal(n->ref, "");
    assert_true(!n->is_filed && n->n_items == 1 && n->n_in[KO_NOTICE_BUILT] == 1);
    return KO_OK;
}

static ko_status take_item(void *context, const ko_notice_item *item)
{
    (*(int *)context)++;
    const ko_notice_item plain = plain_item("https://m.example/1");
    assert_true(item->candidate_id == 7 && item->listing_id == 8 && item->score == 9.5);
    assert_string_equal(item->url, plain.url);
    assert_string_equal(item->item, "1");
    assert_string_equal(item->platform, "etsy");
    assert_string_equal(item->seller, "Pins");
    assert_string_equal(item->seller_id, "");
    assert_string_equal(item->title, "A pin");
    assert_true(item->has_evidence);
    assert_memory_equal(item->photo_sha256, plain.photo_sha256, KO_SHA256_SIZE);
    assert_memory_equal(item->view_sha256, plain.view_sha256, KO_SHA256_SIZE);
    assert_true(item->state == KO_NOTICE_BUILT && item->state_on == DAY);
    return KO_OK;
}

static void a_notice_holds_what_it_said(void **state)
{
    fixture *f = *state;
    int n = 0;
    const ko_notice notice = plain_notice(1);
    const ko_notice_item item = plain_item("https://m.example/1");
    assert_int_equal(keep(f->store, &notice, &item, 1), 1);
    assert_int_equal(ko_notice_set_folder(f->store, 1, "/packets/1", NULL), KO_OK);
    assert_int_equal(ko_notice_set_folder(f->store, 2, "/packets/2", NULL), KO_E_NOT_FOUND);
    open_store(f, KO_STORE_OPEN);
    assert_int_equal(ko_notice_each(f->store, &(ko_notice_filter){0}, take_notice, &n, NULL),
                     KO_OK);
    assert_int_equal(ko_notice_item_each(f->store, 1, 0, take_item, &n, NULL), KO_OK);
    assert_int_equal(n, 2);
}

static void what_is_told_is_in_force_until_the_next(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    const int64_t notice = add_notice(store);
    assert_items(store, notice, "1 built +0; 2 built +0; 3 built +0; ");
    assert_int_equal(tell(store, notice, KO_NOTICE_FILED, DAY + 1), 3);
    assert_int_equal(tell_one(store, notice, KO_NOTICE_COUNTERED, DAY + 3, 2), 1);
    assert_items(store, notice, "1 filed +1; 2 countered +3; 3 filed +1; ");
    assert_int_equal(tell(store, notice, KO_NOTICE_REMOVED, DAY + 4), 3);
    assert_items(store, notice, "1 removed +4; 2 removed +4; 3 removed +4; ");
}

static void what_may_not_follow_is_refused_in_words(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    const int64_t notice = add_notice(store);
    ko_notice_event event = {.notice_id = notice, .state = KO_NOTICE_REMOVED, .on = DAY};
    ko_error err = refused(store, &event, NULL, 0, KO_E_USAGE);
    assert_string_equal(err.text,
                        "notice 1 is not filed yet: knockoff notice filed 1 --ref NUMBER");
    (void)tell(store, notice, KO_NOTICE_FILED, DAY + 1);
    event.state = KO_NOTICE_FILED;
    err = refused(store, &event, NULL, 0, KO_E_USAGE);
    assert_string_equal(err.text, "notice 1 is filed already");
    (void)tell_one(store, notice, KO_NOTICE_REMOVED, DAY + 2, 2);
    event.state = KO_NOTICE_ANSWERED;
    err = refused(store, &event, (const int64_t[]){2}, 1, KO_E_USAGE);
    assert_string_equal(err.text, "https://m.example/2 of notice 1 is in state removed: what may "
                                  "follow is countered or reappeared, not answered");
    event.state = KO_NOTICE_COUNTERED;
    err = refused(store, &event, (const int64_t[]){1, 4}, 2, KO_E_NOT_FOUND);
    assert_string_equal(err.text, "notice 1 has no listing 4");
    event.notice_id = 9;
    err = refused(store, &event, NULL, 0, KO_E_NOT_FOUND);
    assert_string_equal(err.text, "no notice 9");
    assert_items(store, notice, "1 filed +1; 2 removed +2; 3 filed +1; ");
}

static void notices_are_found_by_what_they_are(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    const ko_notice_item item = plain_item("https://m.example/1");
    ko_notice other = plain_notice(2);
    other.channel = "ebay";
    (void)add_notice(store);
    assert_int_equal(keep(store, &other, &item, 1), 2);
    const ko_notice_event filed = {
        .notice_id = 2, .state = KO_NOTICE_FILED, .on = DAY + 1, .ref = "R-2"};
    size_t changed = 0;
    assert_int_equal(ko_notice_tell(store, &filed, NULL, 0, &changed, NULL), KO_OK);
    const char *first = "1 built '' not filed 0, 3; ", *second = "2 filed 'R-2' filed +1, 1; ";
    const char *both = "1 built '' not filed 0, 3; 2 filed 'R-2' filed +1, 1; ";
    assert_string_equal(notices(store, (ko_notice_filter){0}).words, both);
    assert_string_equal(notices(store, (ko_notice_filter){.id = 2}).words, second);
    assert_string_equal(notices(store, (ko_notice_filter){.work_id = 1}).words, first);
    assert_string_equal(notices(store, (ko_notice_filter){.channel = "ebay"}).words, second);
    assert_string_equal(notices(store, (ko_notice_filter){.without_packet = true}).words, first);
    assert_int_equal(ko_notice_set_folder(store, 1, "/packets/1", NULL), KO_OK);
    assert_string_equal(notices(store, (ko_notice_filter){.without_packet = true}).words, "");
    assert_string_equal(notices(store, (ko_notice_filter){.open = true}).words, both);
    (void)tell(store, 2, KO_NOTICE_REFUSED, DAY + 2);
    assert_string_equal(notices(store, (ko_notice_filter){.open = true}).words, first);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_notice_holds_what_it_said),
        TEST(what_is_told_is_in_force_until_the_next),
        TEST(what_may_not_follow_is_refused_in_words),
        TEST(notices_are_found_by_what_they_are),
    };
    return cmocka_run_group_tests_name("notice", tests, NULL, NULL);
}
