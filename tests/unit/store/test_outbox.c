/* Digests are kept with what they told and where they go, and deliveries wait until they are done.
 */
#include "store/outbox.h"

#include "fixture.h"

static const char *const ways[] = {"atom", "mail"};

static ko_digest plain_digest(const char *uid, int64_t made_at)
{
    return (ko_digest){
        .uid = uid, .made_at = made_at, .subject = "Knockoff: news", .body = "New\n", .json = "{}"};
}

static int64_t keep(ko_store *store, const char *uid, int64_t made_at)
{
    const ko_digest digest = plain_digest(uid, made_at);
    const ko_digest_told told = {.after = number(store, "SELECT ifnull(max(id), 0) FROM digest"),
                                 .channels = ways,
                                 .n_channels = 2};
    int64_t id = 0;
    assert_int_equal(ko_digest_keep(store, &digest, &told, &id, NULL), KO_OK);
    return id;
}

static size_t waiting(ko_store *store)
{
    ko_delivery_counts counts;
    assert_int_equal(ko_delivery_count(store, &counts, NULL), KO_OK);
    return counts.waiting;
}

/* --- what was told --- */

static void what_is_told_is_kept_with_its_digest(void **state)
{
    fixture *f = *state;
    const int64_t work = add_work(f->store, "Cat");
    const int64_t view = add_view(f->store, work, 1);
    (void)add_listing(f->store, "https://m.example/1", "a");
    assert_int_equal(add_match(f->store, work, view, 1, 9), 1);
    const ko_told facts[] = {{.key = "event", .value = "12", .at = 5}};
    const int64_t candidates[] = {1, 77}; /* there is no candidate 77 any more */
    const ko_digest digest = plain_digest("u-1", 5);
    const ko_digest_told told = {.facts = facts,
                                 .n_facts = 1,
                                 .candidates = candidates,
                                 .n_candidates = 2,
                                 .channels = ways,
                                 .n_channels = 2};
    ko_told found;
    bool known = true;
    int64_t id = 0;
    assert_int_equal(ko_told_find(f->store, "event", &found, &known, NULL), KO_OK);
    assert_false(known);
    assert_string_equal(found.value, "");
    assert_int_equal(ko_digest_keep(f->store, &digest, &told, &id, NULL), KO_OK);
    assert_int_equal(ko_told_find(f->store, "event", &found, &known, NULL), KO_OK);
    assert_true(known);
    assert_string_equal(found.value, "12");
    assert_int_equal(found.at, 5);
    assert_int_equal(number(f->store, "SELECT count(*) FROM told_candidate"), 1);
    assert_int_equal(waiting(f->store), 2);
    assert_whole(f->store);
}

/* Two processes found the same news: one tells them. */
static void what_another_one_told_meanwhile_is_not_told(void **state)
{
    fixture *f = *state;
    (void)keep(f->store, "u-1", 5);
    const ko_told facts[] = {{.key = "event", .value = "12", .at = 5}};
    const ko_digest digest = plain_digest("u-2", 6);
    const ko_digest_told told = {.facts = facts, .n_facts = 1, .channels = ways, .n_channels = 2};
    int64_t id = 42;
    assert_int_equal(ko_digest_keep(f->store, &digest, &told, &id, NULL), KO_E_EXISTS);
    assert_int_equal(id, 42);
    assert_int_equal(number(f->store, "SELECT count(*) FROM told"), 0);
    assert_int_equal(waiting(f->store), 2);
}

/* --- digests --- */

typedef struct list {
    int64_t ids[8];
    size_t n;
} list;

static ko_status on_digest(void *context, const ko_digest *digest)
{
    list *l = context;
    l->ids[l->n++] = digest->id;
    return KO_OK;
}

static void the_newest_digest_comes_first(void **state)
{
    fixture *f = *state;
    list l = {0};
    const int64_t first = keep(f->store, "u-1", 9), second = keep(f->store, "u-2", 7);
    (void)keep(f->store, "u-3", 8);
    assert_int_equal(ko_digest_each(f->store, 2, on_digest, &l, NULL), KO_OK);
    assert_int_equal(l.n, 2);
    assert_int_equal(l.ids[1], second);
    ko_texts texts = {0};
    ko_digest digest;
    assert_int_equal(ko_digest_find(f->store, first, &texts, &digest, NULL), KO_OK);
    assert_string_equal(digest.uid, "u-1");
    assert_int_equal(digest.made_at, 9);
    ko_texts_free(&texts);
    assert_int_equal(ko_digest_find(f->store, 99, &texts, &digest, NULL), KO_E_NOT_FOUND);
    ko_texts_free(&texts);
}

/* --- deliveries --- */

typedef struct deliveries {
    struct {
        int64_t digest_id;
        char channel[8];
        int tries;
    } of[8];
    size_t n;
} deliveries;

static ko_status on_delivery(void *context, const ko_delivery *delivery)
{
    deliveries *d = context;
    d->of[d->n].digest_id = delivery->digest_id;
    d->of[d->n].tries = delivery->tries;
    (void)snprintf(d->of[d->n++].channel, 8, "%s", delivery->channel);
    return KO_OK;
}

static void finish(ko_store *store, int64_t id, const char *channel, ko_delivery_state state)
{
    const ko_delivery delivery = {
        .digest_id = id, .channel = channel, .state = state, .tries = 3, .reason = "why"};
    assert_int_equal(ko_delivery_update(store, &delivery, NULL), KO_OK);
}

static void deliveries_wait_until_they_are_done(void **state)
{
    fixture *f = *state;
    deliveries d = {0};
    const int64_t first = keep(f->store, "u-1", 5), second = keep(f->store, "u-2", 6);
    finish(f->store, first, "mail", KO_DELIVERY_SENT);
    const ko_delivery later = {
        .digest_id = first, .channel = "atom", .tries = 1, .next_at = 900, .reason = "full"};
    assert_int_equal(ko_delivery_update(f->store, &later, NULL), KO_OK);
    assert_int_equal(ko_delivery_each_waiting(f->store, on_delivery, &d, NULL), KO_OK);
    assert_int_equal(d.n, 3);
    assert_int_equal(d.of[0].digest_id, first);
    assert_string_equal(d.of[0].channel, "atom");
    assert_int_equal(d.of[0].tries, 1);
    assert_int_equal(d.of[2].digest_id, second);
    finish(f->store, second, "atom", KO_DELIVERY_GIVEN_UP);
    finish(f->store, second, "mail", KO_DELIVERY_SENT);
    ko_delivery_counts counts;
    assert_int_equal(ko_delivery_count(f->store, &counts, NULL), KO_OK);
    assert_int_equal(counts.waiting, 1);
    assert_int_equal(counts.next_at, 900);
    d.n = 0;
    assert_int_equal(ko_delivery_last(f->store, "mail", on_delivery, &d, NULL), KO_OK);
    assert_int_equal(d.n, 1);
    assert_int_equal(d.of[0].digest_id, second);
    assert_int_equal(ko_delivery_last(f->store, "pigeon", on_delivery, &d, NULL), KO_OK);
    assert_int_equal(d.n, 1);
}

static void a_delivery_is_taken_on_by_one(void **state)
{
    fixture *f = *state;
    const int64_t id = keep(f->store, "u-1", 5);
    const ko_delivery waits = {.digest_id = id, .channel = "mail"};
    bool taken = false;
    assert_int_equal(ko_delivery_take(f->store, &waits, 60, &taken, NULL), KO_OK);
    assert_true(taken);
    assert_int_equal(ko_delivery_take(f->store, &waits, 70, &taken, NULL), KO_OK);
    assert_false(taken);
    assert_int_equal(number(f->store, "SELECT next_at FROM delivery WHERE channel = 'mail'"), 60);
}

static void what_was_given_up_lately_can_be_tried_again(void **state)
{
    fixture *f = *state;
    deliveries d = {0};
    const int64_t old = keep(f->store, "u-1", 50), young = keep(f->store, "u-2", 60);
    finish(f->store, old, "mail", KO_DELIVERY_GIVEN_UP);
    finish(f->store, old, "atom", KO_DELIVERY_SENT);
    finish(f->store, young, "mail", KO_DELIVERY_GIVEN_UP);
    finish(f->store, young, "atom", KO_DELIVERY_SENT);
    assert_int_equal(ko_deliveries_renew(f->store, 60, NULL), KO_OK);
    assert_int_equal(ko_delivery_each_waiting(f->store, on_delivery, &d, NULL), KO_OK);
    assert_int_equal(d.n, 1);
    assert_int_equal(d.of[0].digest_id, young);
    assert_string_equal(d.of[0].channel, "mail");
    assert_int_equal(d.of[0].tries, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(what_is_told_is_kept_with_its_digest),
        TEST(what_another_one_told_meanwhile_is_not_told),
        TEST(the_newest_digest_comes_first),
        TEST(deliveries_wait_until_they_are_done),
        TEST(a_delivery_is_taken_on_by_one),
        TEST(what_was_given_up_lately_can_be_tried_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
