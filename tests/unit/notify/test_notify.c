/* A round of news: when a digest is made, and how its deliveries fare. The clock is ours. */
#include "notify/notify.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/stop.h"
#include "case/told.h"
#include "notify/setup.h"
#include "server/server.h"
#include "store/hold.h"
#include "store/outbox.h"

#include <stdatomic.h>
#include <time.h>

/* --- the clock, and a receiver of webhooks --- */

static int64_t moment;

static int64_t now(void)
{
    return moment;
}

static atomic_int status; /* that it answers; 0: it never does, and wishes that all stops */
static atomic_bool stop;
static char digests[32][64]; /* the uid of each post */
static atomic_size_t n_posts;

static bool on_post(void *context, const test_request *request)
{
    (void)context;
    const size_t n = atomic_fetch_add(&n_posts, 1);
    if (n < sizeof digests / sizeof *digests)
        test_header(request, "X-Knockoff-Digest", digests[n], sizeof digests[n]);
    if (atomic_load(&status))
        return test_answer_text(request, atomic_load(&status), "", "");
    atomic_store(&stop, true);
    test_hold(request);
    return false;
}

/* --- a desk with news --- */

typedef struct desk {
    fixture *f;
    ko_kit kit;
    test_server *server;
    ko_problems problems;
    ko_notify_counts counts; /* of the last round */
} desk;

static void set_to(const desk *d, ko_notify_setting setting, const char *value)
{
    ko_error err = {0};
    if (ko_notify_set(d->f->store, setting, value, &err) != KO_OK)
        fail_msg("%s", err.text);
}

static int open_desk(void **state)
{
    desk *d = calloc(1, sizeof *d);
    void *opened = NULL;
    char url[64];
    if (!d || set_up(&opened) != 0)
        return -1;
    d->f = opened;
    open_kit(&d->kit);
    d->server = test_server_start(&(test_server_options){.handler = on_post});
    if (!d->server)
        return -1;
    (void)snprintf(url, sizeof url, "http://127.0.0.1:%u/", test_server_port(d->server));
    set_to(d, KO_NOTIFY_WEBHOOK, url);
    moment = (int64_t)day_of("2026-11-20") * 86400 + 12 * 3600;
    atomic_store(&status, 200);
    atomic_store(&n_posts, 0);
    atomic_store(&stop, false);
    *state = d;
    return 0;
}

static int close_desk(void **state)
{
    desk *d = *state;
    void *opened = d->f;
    test_server_stop(d->server);
    ko_kit_close(&d->kit);
    free(d);
    return tear_down(&opened);
}

/* Something that is news. */
static void happen(const desk *d)
{
    static int64_t subject;
    int64_t id = 0;
    const ko_hold hold = {
        .kind = KO_HOLD_WORK, .subject_id = ++subject, .name = "Cat", .found = 5, .note = ""};
    assert_int_equal(ko_hold_add(d->f->store, &hold, &id, NULL), KO_OK);
}

static ko_status run(desk *d, bool at_once)
{
    const ko_notify_options options = {.kit = &d->kit, .at_once = at_once};
    return ko_notify_run(d->f->store, &options, &d->problems, &d->counts, NULL);
}

static void round_gives(desk *d, size_t news, size_t delivered, size_t waiting, size_t given_up)
{
    assert_int_equal(run(d, false), KO_OK);
    assert_int_equal(d->counts.news, news);
    assert_int_equal(d->counts.delivered, delivered);
    assert_int_equal(d->counts.waiting, waiting);
    assert_int_equal(d->counts.given_up, given_up);
}

/* --- when --- */

static void without_news_or_a_way_to_tell_them_there_is_no_digest(void **state)
{
    desk *d = *state;
    round_gives(d, 0, 0, 0, 0);
    assert_int_equal(d->counts.next_at, 0);
    set_to(d, KO_NOTIFY_WEBHOOK, "");
    happen(d);
    round_gives(d, 0, 0, 0, 0);
    assert_int_equal(number(d->f->store, "SELECT count(*) FROM digest"), 0);
    assert_int_equal(atomic_load(&n_posts), 0);
}

static void news_wait_for_the_next_digest(void **state)
{
    desk *d = *state;
    const int64_t first = moment;
    happen(d);
    round_gives(d, 1, 1, 0, 0);
    happen(d);
    moment += 60;
    round_gives(d, 0, 0, 0, 0);
    assert_int_equal(d->counts.next_at, first + KO_NOTIFY_EVERY_S);
    moment = first + KO_NOTIFY_EVERY_S - 1;
    round_gives(d, 0, 0, 0, 0);
    moment++;
    round_gives(d, 1, 1, 0, 0);
    round_gives(d, 0, 0, 0, 0);
    assert_int_equal(atomic_load(&n_posts), 2);
    assert_string_not_equal(digests[0], digests[1]);
}

static void the_user_says_how_often(void **state)
{
    desk *d = *state;
    set_to(d, KO_NOTIFY_EVERY, "2d");
    happen(d);
    round_gives(d, 1, 1, 0, 0);
    happen(d);
    moment += 2 * 86400 - 1;
    round_gives(d, 0, 0, 0, 0);
    assert_int_equal(run(d, true), KO_OK); /* at once */
    assert_int_equal(d->counts.news, 1);
}

static void an_answer_that_is_due_tomorrow_does_not_wait(void **state)
{
    desk *d = *state;
    happen(d);
    round_gives(d, 1, 1, 0, 0);
    const int64_t id = add_notice(d->f->store, "alibaba-ipp", "aliexpress", "copy", 1);
    tell(d->f->store, id, KO_NOTICE_FILED, "2026-11-16", 0, 0);
    tell(d->f->store, id, KO_NOTICE_COUNTERED, "2026-11-18", 0, 0);
    happen(d); /* which comes along */
    moment += 60;
    round_gives(d, 2, 1, 0, 0);
    round_gives(d, 0, 0, 0, 0);
}

static void at_night_nothing_is_told(void **state)
{
    desk *d = *state;
    (void)setenv("TZ", "UTC", 1);
    tzset();
    set_to(d, KO_NOTIFY_QUIET, "11:30-13:00");
    happen(d);
    round_gives(d, 0, 0, 0, 0);
    assert_int_equal(d->counts.next_at, moment + 3600);
    moment += 3600;
    round_gives(d, 1, 1, 0, 0);
}

static void a_clock_that_was_set_back_holds_nothing_up(void **state)
{
    desk *d = *state;
    moment += 300 * 86400;
    happen(d);
    round_gives(d, 1, 1, 0, 0);
    moment -= 300 * 86400;
    happen(d);
    round_gives(d, 1, 1, 0, 0);
}

/* --- deliveries --- */

static void what_does_not_arrive_is_tried_ever_more_seldom_and_given_up(void **state)
{
    desk *d = *state;
    static const int64_t waits_s[] = {900, 1800, 3600, 7200, 14400, 21600}; /* the last goes on */
    const size_t n_waits = sizeof waits_s / sizeof *waits_s;
    atomic_store(&status, 503);
    happen(d);
    round_gives(d, 1, 0, 1, 0);
    for (size_t i = 0; i + 1 < KO_MAX_NOTIFY_TRIES; i++) {
        const int64_t wait_s = waits_s[i < n_waits ? i : n_waits - 1];
        const bool last = i + 2 == KO_MAX_NOTIFY_TRIES;
        assert_int_equal(number(d->f->store, "SELECT next_at FROM delivery"), moment + wait_s);
        moment += wait_s - 1;
        round_gives(d, 0, 0, 1, 0);
        assert_int_equal(atomic_load(&n_posts), i + 1);
        moment++;
        round_gives(d, 0, 0, !last, last);
    }
    assert_int_equal(atomic_load(&n_posts), KO_MAX_NOTIFY_TRIES);
    for (size_t i = 1; i < KO_MAX_NOTIFY_TRIES; i++)
        assert_string_equal(digests[i], digests[0]);
    assert_int_equal(d->problems.count, KO_MAX_NOTIFY_TRIES);
    /* Mended by the user: what was given up lately goes out. */
    atomic_store(&status, 200);
    assert_int_equal(run(d, true), KO_OK);
    assert_int_equal(d->counts.delivered, 1);
}

static void a_refusal_for_good_is_given_up_at_once(void **state)
{
    desk *d = *state;
    atomic_store(&status, 410);
    happen(d);
    round_gives(d, 1, 0, 0, 1);
    moment += 86400;
    round_gives(d, 0, 0, 0, 0);
    assert_int_equal(atomic_load(&n_posts), 1);
}

static void a_way_that_is_set_up_no_more_is_given_up(void **state)
{
    desk *d = *state;
    atomic_store(&status, 503);
    happen(d);
    round_gives(d, 1, 0, 1, 0);
    set_to(d, KO_NOTIFY_WEBHOOK, "");
    moment += 86400;
    round_gives(d, 0, 0, 0, 1);
}

/* Killed after the other side took it, before that was noted. */
static void what_is_sent_twice_has_one_name(void **state)
{
    desk *d = *state;
    happen(d);
    round_gives(d, 1, 1, 0, 0);
    execute(d->f->store, "UPDATE delivery SET state = 0, tries = 0, sent_at = 0");
    moment += 86400;
    round_gives(d, 0, 1, 0, 0);
    assert_int_equal(atomic_load(&n_posts), 2);
    assert_string_equal(digests[0], digests[1]);
    assert_int_equal(number(d->f->store, "SELECT count(*) FROM digest"), 1);
}

/* The server is silent, and the user wants to stop: no try, and nothing is lost. */
static void a_stop_leaves_the_digest_waiting(void **state)
{
    desk *d = *state;
    const atomic_bool *before = ko_stop_follow(&stop);
    atomic_store(&status, 0);
    happen(d);
    assert_int_equal(run(d, false), KO_E_STOPPED);
    (void)ko_stop_follow(before);
    assert_int_equal(number(d->f->store, "SELECT tries FROM delivery WHERE state = 0"), 0);
    atomic_store(&status, 200);
    round_gives(d, 0, 1, 0, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_desk, close_desk)
    const struct CMUnitTest tests[] = {
        TEST(without_news_or_a_way_to_tell_them_there_is_no_digest),
        TEST(news_wait_for_the_next_digest),
        TEST(the_user_says_how_often),
        TEST(an_answer_that_is_due_tomorrow_does_not_wait),
        TEST(at_night_nothing_is_told),
        TEST(a_clock_that_was_set_back_holds_nothing_up),
        TEST(what_does_not_arrive_is_tried_ever_more_seldom_and_given_up),
        TEST(a_refusal_for_good_is_given_up_at_once),
        TEST(a_way_that_is_set_up_no_more_is_given_up),
        TEST(what_is_sent_twice_has_one_name),
        TEST(a_stop_leaves_the_digest_waiting),
    };
    ko_clock_use(now);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
