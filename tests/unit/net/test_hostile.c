/* Hostile URLs and redirects: nothing in the user's own network is connected to. */
#include "net/fetch.h"

#include "base/alloc.h"
#include "net/transfer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

/* Of what every machine has in it, "PORT" being that of the trap. */
static const char *const hostile[] = {
    "http://127.0.0.1:PORT/",
    "http://127.255.255.254:PORT/",
    "http://2130706433:PORT/",
    "http://0x7f000001:PORT/",
    "http://017700000001:PORT/",
    "http://0177.0.0.1:PORT/",
    "http://0x7f.1:PORT/",
    "http://0x7F.0x0.0x0.0x1:PORT/",
    "http://127.1:PORT/",
    "http://127.0.1:PORT/",
    "http://127.0.0.1.:PORT/",
    "http://0.0.0.0:PORT/",
    "http://0:PORT/",
    "http://%31%32%37.0.0.1:PORT/",
    "http://\xE2\x91\xA0\xE2\x91\xA1\xE2\x91\xA6.0.0.1:PORT/", /* digits in circles */
    "http://127。0。0。1:PORT/",                               /* stops of Chinese */
    "http://[::1]:PORT/",
    "http://[0:0:0:0:0:0:0:1]:PORT/",
    "http://[::]:PORT/",
    "http://[::127.0.0.1]:PORT/",
    "http://[::ffff:127.0.0.1]:PORT/",
    "http://[::ffff:7f00:1]:PORT/",
    "http://[64:ff9b::127.0.0.1]:PORT/",
    "http://[64:ff9b:1::7f00:1]:PORT/",
    "http://[2002:7f00:1::]:PORT/",
    "http://[2001:0:7f00:1::]:PORT/",
    "http://[fe80::1]:PORT/",
    "http://[fe80::1%25lo]:PORT/",
    "http://[fc00::1]:PORT/",
    "http://[ff02::1]:PORT/",
    "http://localhost:PORT/",
    "http://LocalHost.:PORT/",
    "http://loc%61lhost:PORT/",
    "http://a.localhost:PORT/",
    "http://x.y.localhost:PORT/",
    "https://localhost:PORT/",
    "http://user:password@127.0.0.1:PORT/",
    "http://shop.example:80@127.0.0.1:PORT/",
    "http://shop.example%2F@127.0.0.1:PORT/",
    "http://127.0.0.1:PORT\\@shop.example/",
    "http:\\\\127.0.0.1:PORT\\",
    "http:///127.0.0.1:PORT/",
    "ht\ntp://127.0.0.1:PORT/",
    " \thttp://127.0.0.1:PORT/",
    "http://169.254.169.254/latest/meta-data/",
    "http://2852039166/latest/meta-data/",
    "http://[fd00:ec2::254]/latest/meta-data/",
    "http://100.100.100.200/latest/meta-data/",
    "http://192.0.0.192/opc/v2/",
    "http://10.0.0.1/",
    "http://100.64.0.1/",
    "http://172.16.0.1/",
    "http://192.168.1.1/",
    "http://198.18.0.1/",
    "http://224.0.0.1/",
    "http://255.255.255.255/",
    "http://shop.example:22/",
    "http://shop.example:25/",
    "http://shop.example:6000/",
    "http://shop.example:0/",
    "http://shop.example:65536/",
    "http://256.0.0.1/",
    "http:///",
    "file:///etc/passwd",
    "gopher://127.0.0.1:PORT/_GET%20/",
    "dict://127.0.0.1:PORT/",
    "ftp://127.0.0.1:PORT/",
    "unix:///run/service",
    "data:text/html,x",
    "javascript:alert(1)",
};

enum { N = sizeof hostile / sizeof *hostile };

/* A socket on every address of this machine at which nobody looks: whoever connects to it stays
 * to be seen. */
static int trap_open(unsigned *out_port)
{
    const int trap = socket(AF_INET6, SOCK_STREAM, 0);
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6};
    struct sockaddr_in in = {.sin_family = AF_INET};
    if (trap >= 0) {
        const int off = 0;
        socklen_t size = sizeof in6;
        assert_int_equal(setsockopt(trap, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off), 0);
        assert_int_equal(bind(trap, (const struct sockaddr *)&in6, size), 0);
        assert_int_equal(getsockname(trap, (struct sockaddr *)&in6, &size), 0);
        *out_port = ntohs(in6.sin6_port);
        assert_int_equal(listen(trap, 128), 0);
        return trap;
    }
    const int plain = socket(AF_INET, SOCK_STREAM, 0); /* a machine without IPv6 */
    socklen_t size = sizeof in;
    assert_int_equal(bind(plain, (const struct sockaddr *)&in, size), 0);
    assert_int_equal(getsockname(plain, (struct sockaddr *)&in, &size), 0);
    *out_port = ntohs(in.sin_port);
    assert_int_equal(listen(plain, 128), 0);
    return plain;
}

static bool was_touched(int trap)
{
    struct pollfd p = {.fd = trap, .events = POLLIN};
    return poll(&p, 1, 0) != 0;
}

static void fill_port(const char *text, unsigned port, char out[256])
{
    const char *mark = strstr(text, "PORT");
    if (mark)
        (void)snprintf(out, 256, "%.*s%u%s", (int)(mark - text), text, port, mark + strlen("PORT"));
    else
        (void)snprintf(out, 256, "%s", text);
}

/* Redirects from /N to the URL of that number. */
typedef struct gate {
    unsigned trap_port;
} gate;

static bool on_gate(void *context, const test_request *request)
{
    const gate *g = context;
    char *end = NULL;
    const unsigned long i = strtoul(request->target + 1, &end, 10);
    if (end == request->target + 1 || i >= N)
        return test_answer_text(request, 404, "", "");
    char url[256], location[300];
    fill_port(hostile[i], g->trap_port, url);
    for (char *c = url; *c; c++) /* a line break would end the header */
        if (*c == '\n')
            *c = '\t';
    (void)snprintf(location, sizeof location, "Location: %s\r\n", url);
    return test_answer_text(request, 302, location, "");
}

static void hostile_urls_are_refused(void **state)
{
    (void)state;
    unsigned port = 0;
    const int trap = trap_open(&port);
    static fetch f;
    f.n = 0;
    ko_net_options options = quick_options();
    options.n_allow_hosts = 0;
    ko_net *net = open_net(&options);
    for (int i = 0; i < N; i++) {
        char url[256];
        fill_port(hostile[i], port, url);
        add_url(net, url, i);
    }
    run_net(net, &f);
    ko_net_counts counts;
    ko_net_count(net, &counts);
    ko_net_close(net);
    assert_int_equal(f.n, N);
    for (int i = 0; i < N; i++) {
        if (f.got[i].outcome != KO_NET_ADDRESS)
            print_error("%s: %s\n", hostile[f.got[i].id], f.got[i].text);
        assert_int_equal(f.got[i].outcome, KO_NET_ADDRESS);
        assert_true(strlen(f.got[i].text) > 10);
    }
    assert_int_equal(counts.requests, 0);
    assert_false(was_touched(trap));
    (void)close(trap);
}

/* The gate's host is allowed to be in the user's own network, and that is all it is. */
static void redirects_to_hostile_urls_are_refused(void **state)
{
    (void)state;
    gate g = {0};
    const int trap = trap_open(&g.trap_port);
    test_server *server =
        test_server_start(&(test_server_options){.handler = on_gate, .context = &g});
    assert_non_null(server);
    const char *allowed[] = {"gate.localhost"};
    static fetch f;
    f.n = 0;
    ko_net_options options = quick_options();
    options.rate = 1000;
    options.allow_hosts = allowed;
    options.n_allow_hosts = 1;
    ko_net *net = open_net(&options);
    for (int i = 0; i < N; i++) {
        char url[64];
        (void)snprintf(url, sizeof url, "http://gate.localhost:%u/%d", test_server_port(server), i);
        add_url(net, url, i);
    }
    run_net(net, &f);
    ko_net_close(net);
    assert_int_equal(f.n, N);
    for (int i = 0; i < N; i++) {
        if (f.got[i].outcome != KO_NET_ADDRESS)
            print_error("%s: %s\n", hostile[f.got[i].id], f.got[i].text);
        assert_int_equal(f.got[i].outcome, KO_NET_ADDRESS);
    }
    assert_int_equal(test_server_requests(server), N + 1); /* with robots.txt */
    assert_false(was_touched(trap));
    test_server_stop(server);
    (void)close(trap);
}

/* Past the look at the URL: what a name leads to is refused when the socket is to be opened. */
static void sockets_are_guarded_after_names_are_resolved(void **state)
{
    (void)state;
    unsigned port = 0;
    const int trap = trap_open(&port);
    const char *hosts[] = {"127.0.0.1", "[::1]", "localhost", "a.localhost", "[::ffff:127.0.0.1]"};
    const ko_guard none = {0};
    const ko_net_options options = quick_options();
    assert_int_equal(curl_global_init(CURL_GLOBAL_DEFAULT), CURLE_OK);
    CURLM *multi = curl_multi_init();
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        char url[64];
        (void)snprintf(url, sizeof url, "http://%s:%u/", hosts[i], port);
        ko_job *job = NULL;
        ko_transfer *transfer = NULL;
        assert_int_equal(ko_job_make(&(ko_net_request){.url = url}, &job, NULL), KO_OK);
        job->url = ko_strdup(url);
        assert_int_equal(ko_transfer_start(multi, &options, &none, job, &transfer, NULL), KO_OK);
        int running = 1, left = 0;
        while (running) {
            assert_int_equal(curl_multi_perform(multi, &running), CURLM_OK);
            if (running)
                assert_int_equal(curl_multi_poll(multi, NULL, 0, 1000, NULL), CURLM_OK);
        }
        const CURLMsg *done = curl_multi_info_read(multi, &left);
        assert_non_null(done);
        ko_verdict verdict;
        ko_transfer_judge(transfer, &options, done->data.result, &verdict);
        assert_int_equal(verdict.outcome, KO_NET_ADDRESS);
        assert_string_equal(verdict.text, "leads to a loopback address");
        ko_transfer_free(multi, transfer);
    }
    assert_int_equal(curl_multi_cleanup(multi), CURLM_OK);
    curl_global_cleanup();
    assert_false(was_touched(trap));
    (void)close(trap);
}

static void allowed_hosts_are_read_as_hosts(void **state)
{
    (void)state;
    const struct {
        const char *allowed, *url;
        bool may;
    } table[] = {
        {"127.0.0.1", "http://127.0.0.1/", true},
        {"127.1", "http://127.0.0.1/", true},
        {"127.0.0.1", "http://127.0.0.2/", false},
        {"127.0.0.1", "http://localhost/", false},
        {"::1", "http://[::1]/", true},
        {"[0::1]", "http://[::1]/", true},
        {"LOCALHOST", "http://localhost/", true},
        {"localhost", "http://a.localhost/", false},
        {"*.localhost", "http://a.b.localhost/", true},
        {"*.localhost", "http://localhost/", false},
        {"*.localhost", "http://127.0.0.1/", false},
        {"localhost", "http://localhost:25/", false},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        ko_net_options options = quick_options();
        options.allow_hosts = &table[i].allowed;
        options.n_allow_hosts = 1;
        ko_guard guard;
        ko_url url;
        assert_int_equal(ko_guard_init(&guard, &options, NULL), KO_OK);
        assert_int_equal(ko_url_parse(table[i].url, strlen(table[i].url), NULL, &url, NULL), KO_OK);
        assert_int_equal(ko_guard_refused(&guard, &url) == NULL, table[i].may);
        ko_guard_free(&guard);
    }
    const char *bad = "not a host";
    ko_net_options options = quick_options();
    options.allow_hosts = &bad;
    options.n_allow_hosts = 1;
    ko_net *net = NULL;
    assert_int_equal(ko_net_open(&options, &net, NULL), KO_E_USAGE);
    assert_null(net);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hostile_urls_are_refused),
        cmocka_unit_test(redirects_to_hostile_urls_are_refused),
        cmocka_unit_test(sockets_are_guarded_after_names_are_resolved),
        cmocka_unit_test(allowed_hosts_are_read_as_hosts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
