/* Connections are pairs of sockets; one that was turned out reads as ended at the other end. */
#include "serve/visitors.h"

#include "base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

typedef struct guest {
    int ours, theirs;
    ko_visitor *visitor;
} guest;

static guest come(ko_visitors *visitors)
{
    int ends[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    const guest g = {ends[0], ends[1], ko_visitors_enter(visitors, ends[0])};
    assert_non_null(g.visitor);
    return g;
}

static bool is_out(const guest *g)
{
    char byte;
    return recv(g->theirs, &byte, 1, MSG_DONTWAIT) == 0;
}

static void go(ko_visitors *visitors, const guest *g)
{
    ko_visitors_leave(visitors, g->visitor);
    (void)close(g->ours);
    (void)close(g->theirs);
}

static void the_oldest_stranger_makes_room(void **state)
{
    (void)state;
    ko_visitors visitors;
    guest g[KO_MAX_SERVE_STRANGERS + 3];
    ko_visitors_init(&visitors);
    g[0] = come(&visitors); /* the user's browser, which was there first */
    ko_visitors_know(&visitors, g[0].visitor);
    for (size_t i = 1; i <= KO_MAX_SERVE_STRANGERS; i++)
        g[i] = come(&visitors);
    for (size_t i = 0; i <= KO_MAX_SERVE_STRANGERS; i++)
        assert_false(is_out(&g[i]));
    g[KO_MAX_SERVE_STRANGERS + 1] = come(&visitors);
    assert_true(is_out(&g[1]));
    g[KO_MAX_SERVE_STRANGERS + 2] = come(&visitors);
    assert_true(is_out(&g[2]));
    assert_false(is_out(&g[0]));
    for (size_t i = 3; i < KO_MAX_SERVE_STRANGERS + 3; i++)
        assert_false(is_out(&g[i]));
    for (size_t i = 0; i < KO_MAX_SERVE_STRANGERS + 3; i++)
        go(&visitors, &g[i]);
    assert_int_equal(visitors.n_strangers, 0);
    ko_visitors_end(&visitors);
}

static void who_is_late_has_to_go(void **state)
{
    (void)state;
    ko_visitors visitors;
    ko_visitors_init(&visitors);
    const int64_t before = ko_clock_ms();
    const guest slow = come(&visitors), quick = come(&visitors), sending = come(&visitors);
    const int64_t after = ko_clock_ms();
    ko_visitors_expect(&visitors, quick.visitor, 0);
    ko_visitors_expect(&visitors, sending.visitor, after + KO_MAX_SERVE_BODY_MS);
    ko_visitors_sweep(&visitors, before + KO_MAX_SERVE_HEAD_MS - 1);
    assert_false(is_out(&slow));
    ko_visitors_sweep(&visitors, after + KO_MAX_SERVE_HEAD_MS);
    assert_true(is_out(&slow));
    assert_false(is_out(&sending));
    ko_visitors_sweep(&visitors, after + KO_MAX_SERVE_BODY_MS);
    assert_true(is_out(&sending));
    assert_false(is_out(&quick));
    go(&visitors, &quick); /* in whatever order */
    go(&visitors, &slow);
    go(&visitors, &sending);
    ko_visitors_end(&visitors);
}

static void bodies_share_a_room(void **state)
{
    (void)state;
    ko_visitors visitors;
    ko_visitors_init(&visitors);
    const guest first = come(&visitors), second = come(&visitors);
    assert_true(ko_visitors_make_room(&visitors, first.visitor, KO_MAX_SERVE_BODIES - 9));
    assert_false(ko_visitors_make_room(&visitors, second.visitor, 10));
    assert_true(ko_visitors_make_room(&visitors, second.visitor, 9));
    /* What comes next on a connection takes the place of what was there. */
    assert_true(ko_visitors_make_room(&visitors, first.visitor, KO_MAX_SERVE_BODIES - 10));
    assert_true(ko_visitors_make_room(&visitors, second.visitor, 10));
    assert_false(ko_visitors_make_room(&visitors, second.visitor, UINT64_MAX));
    go(&visitors, &first);
    assert_true(ko_visitors_make_room(&visitors, second.visitor, KO_MAX_SERVE_BODIES));
    go(&visitors, &second);
    assert_int_equal(visitors.room, 0);
    ko_visitors_end(&visitors);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_oldest_stranger_makes_room),
        cmocka_unit_test(who_is_late_has_to_go),
        cmocka_unit_test(bodies_share_a_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
