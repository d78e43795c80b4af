/* robots.txt: what RFC 9309 lets a crawler fetch. */
#include "platform/robots.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/limits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static ko_robots *parse(const char *text)
{
    ko_robots *robots = NULL;
    assert_int_equal(ko_robots_parse(text, strlen(text), &robots, NULL), KO_OK);
    return robots;
}

/* line 0: no rule speaks of the path. */
static void assert_verdict(const char *text, const char *agent, const char *path, bool allowed,
                           size_t line)
{
    ko_robots *robots = parse(text);
    const ko_robots_verdict verdict = ko_robots_ask(robots, agent, path);
    assert_int_equal(verdict.allowed, allowed);
    assert_int_equal(verdict.line, line);
    ko_robots_free(robots);
}

static void the_group_of_the_agent_counts(void **state)
{
    (void)state;
    const char *text = "User-agent: *\nDisallow: /\n\nUser-Agent: owl\nUser-agent: Knockoff/2\n\n"
                       "Disallow: /a\nSitemap: /s\nAllow: /a/b\nuser-agent: other\nDisallow: /c\n"
                       "User-agent: KNOCKOFF\nDisallow: /d\n";
    assert_verdict(text, "Knockoff/1.0 (+mail)", "/x", true, 0);
    assert_verdict(text, "knockoff", "/a", false, 7);
    assert_verdict(text, "knockoff", "/a/b", true, 9);
    assert_verdict(text, "knockoff", "/c", true, 0);
    assert_verdict(text, "knockoff", "/d", false, 13); /* groups of one name are one */
    assert_verdict(text, "Owl", "/d", true, 0);
    assert_verdict(text, "stranger", "/d", false, 2);
    assert_verdict(text, "knock", "/d", false, 2);
}

static void the_longest_rule_decides(void **state)
{
    (void)state;
    assert_verdict("user-agent:*\ndisallow: /a\nallow: /a/b", "x", "/a/b/c", true, 3);
    assert_verdict("user-agent:*\nallow: /a\ndisallow: /a/b", "x", "/a/b/c", false, 3);
    assert_verdict("user-agent:*\ndisallow: /a\nallow: /a", "x", "/a", true, 3);
    assert_verdict("user-agent:*\ndisallow:\nallow:", "x", "/a", true, 0);
    assert_verdict("user-agent:*\ndisallow: /", "x", "https://a.example", false, 2);
    assert_verdict("user-agent:*\ndisallow: /", "x", "https://a.example/robots.txt", true, 0);
    assert_verdict("user-agent:*\ndisallow: /?a", "x", "https://a.example?a=http://b/", false, 2);
    assert_verdict("disallow: /", "x", "/a", true, 0);
    assert_verdict("", "x", "/a", true, 0);
}

static void stars_and_the_end_are_special(void **state)
{
    (void)state;
    const char *text = "user-agent: *\ndisallow: /*.php$\ndisallow: /a*b*c\ndisallow: /x$y";
    assert_verdict(text, "x", "/i.php", false, 2);
    assert_verdict(text, "x", "/i.php.php", false, 2);
    assert_verdict(text, "x", "/i.php?q", true, 0);
    assert_verdict(text, "x", "/a1b2c3", false, 3);
    assert_verdict(text, "x", "/a1c2b", true, 0);
    assert_verdict(text, "x", "/x$yz", false, 4);
    assert_verdict(text, "x", "/x%24yz", false, 4);
    assert_verdict("user-agent:*\ndisallow: /a%2A", "x", "/a*", false, 2);
    assert_verdict("user-agent:*\ndisallow: /a%2A", "x", "/ab", true, 0);
    assert_verdict("user-agent:*\ndisallow: /$", "x", "/", false, 2);
    assert_verdict("user-agent:*\ndisallow: /$", "x", "/a", true, 0);
}

static void octets_are_compared(void **state)
{
    (void)state;
    assert_verdict("user-agent:*\ndisallow: /\xC3\xBC", "x", "/%c3%bc", false, 2);
    assert_verdict("user-agent:*\ndisallow: /%c3%bc", "x", "/\xC3\xBC", false, 2);
    assert_verdict("user-agent:*\ndisallow: /%61", "x", "/a", false, 2);
    assert_verdict("user-agent:*\ndisallow: /a", "x", "/%61", false, 2);
    assert_verdict("user-agent:*\ndisallow: /a/b", "x", "/a%2Fb", true, 0);
    assert_verdict("user-agent:*\ndisallow: /A", "x", "/a", true, 0);
}

static void careless_files_are_read(void **state)
{
    (void)state;
    assert_verdict("\xEF\xBB\xBFUser-agent: *\r\rDissallow : /a # not this\r", "x", "/a", false, 3);
    assert_verdict("user-agent *\n\tdisallow /a\n", "x", "/a", false, 2);
    assert_verdict("<html>\nuser-agent:*\ndisallow:/a", "x", "/a", false, 3);
    assert_verdict("user-agent: * bots\ndisallow: /a", "x", "/a", false, 2);
}

static void the_deciding_line_and_the_delay_are_told(void **state)
{
    (void)state;
    ko_robots *robots = parse("User-agent: *\nCrawl-delay: 2.5\n Disallow: /a # why\n"
                              "User-agent: owl\nCrawl-delay: 1e9\nDisallow: /\n");
    ko_robots_verdict verdict = ko_robots_ask(robots, "x", "/a");
    assert_int_equal(verdict.rule_bytes, strlen(" Disallow: /a # why"));
    assert_memory_equal(verdict.rule, " Disallow: /a # why", verdict.rule_bytes);
    assert_true(verdict.crawl_delay_s == 2.5);
    verdict = ko_robots_ask(robots, "owl", "/a");
    assert_true(verdict.crawl_delay_s == 0); /* longer than a day */
    ko_robots_free(robots);
}

static void what_lies_beyond_the_cap_is_not_read(void **state)
{
    (void)state;
    ko_buf text = KO_BUF(KO_MAX_ROBOTS_BYTES + 100);
    assert_int_equal(ko_buf_text(&text, "user-agent: *\ndisallow: /a\n#"), KO_OK);
    const size_t left = KO_MAX_ROBOTS_BYTES - text.size;
    char *padding = ko_buf_extend(&text, left);
    assert_non_null(padding);
    memset(padding, 'x', left);
    static const char rule[] = {'\n', 'd', 'i', 's', 'a', 'l', 'l', 'o', 'w', ':', '/', 'b', 'c'};
    memcpy(padding + left - sizeof rule, rule, sizeof rule);
    assert_int_equal(ko_buf_text(&text, "d\ndisallow: /e\n"), KO_OK);
    ko_robots *robots = NULL;
    assert_int_equal(ko_robots_parse(text.data, text.size, &robots, NULL), KO_OK);
    assert_false(ko_robots_ask(robots, "x", "/a").allowed);
    assert_true(ko_robots_ask(robots, "x", "/bcd").allowed); /* its line is cut */
    assert_true(ko_robots_ask(robots, "x", "/e").allowed);
    ko_robots_free(robots);
    ko_buf_free(&text);
}

static void without_memory_nothing_is_allowed(void **state)
{
    (void)state;
    const char *text = "user-agent: *\ndisallow: /a\n";
    const long before = ko_alloc_live();
    for (unsigned nth = 1;; nth++) {
        ko_robots *robots = NULL;
        ko_alloc_fault(nth, 0);
        const ko_status st = ko_robots_parse(text, strlen(text), &robots, NULL);
        const bool allowed = st == KO_OK && ko_robots_ask(robots, "x", "/b").allowed;
        const unsigned fired = ko_alloc_fault_hits();
        ko_alloc_fault(0, 0);
        ko_robots_free(robots);
        assert_int_equal(ko_alloc_live(), before);
        assert_int_equal(allowed, !fired);
        if (!fired)
            break;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_group_of_the_agent_counts),
        cmocka_unit_test(the_longest_rule_decides),
        cmocka_unit_test(stars_and_the_end_are_special),
        cmocka_unit_test(octets_are_compared),
        cmocka_unit_test(careless_files_are_read),
        cmocka_unit_test(the_deciding_line_and_the_delay_are_told),
        cmocka_unit_test(what_lies_beyond_the_cap_is_not_read),
        cmocka_unit_test(without_memory_nothing_is_allowed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
