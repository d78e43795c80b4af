/* The user's wish to stop ends a run: one program, for it cannot be taken back. */
#include "net/fetch.h"

#include "base/stop.h"

#include <signal.h>
#include <unistd.h>

static bool on_wish(void *context, const test_request *request)
{
    (void)context;
    if (strcmp(request->target, "/wish") == 0)
        (void)kill(getpid(), SIGTERM);
    if (strcmp(request->target, "/robots.txt") != 0)
        test_hold(request);
    return test_answer_text(request, 404, "", "");
}

/* The deadlines are an hour away, so only the wish can end this. */
static void a_wish_to_stop_ends_the_run(void **state)
{
    (void)state;
    test_server *server = test_server_start(&(test_server_options){.handler = on_wish});
    assert_non_null(server);
    ko_stop_install();
    static fetch f;
    ko_net_options options = quick_options();
    options.connect_ms = options.idle_ms = options.total_ms = 3600000;
    ko_net *net = open_net(&options);
    const char *const hosts[] = {"127.0.0.1", "a.localhost", "b.localhost", "b.localhost"};
    const char *const paths[] = {"hold", "hold", "wish", "next"};
    for (int i = 0; i < 4; i++) {
        char url[64];
        (void)snprintf(url, sizeof url, "http://%s:%u/%s", hosts[i], test_server_port(server),
                       paths[i]);
        add_url(net, url, i);
    }
    run_net(net, &f);
    assert_int_equal(f.n, 4);
    for (size_t i = 0; i < f.n; i++)
        assert_int_equal(f.got[i].outcome, KO_NET_STOPPED);
    add_url(net, "http://127.0.0.1/", 5); /* and is not begun again */
    run_net(net, &f);
    assert_int_equal(f.got[4].outcome, KO_NET_STOPPED);
    ko_net_close(net);
    test_server_stop(server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wish_to_stop_ends_the_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
