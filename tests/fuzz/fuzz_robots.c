/* Fuzzes the reader of robots.txt: any bytes give an answer, and a line of the file with
 * it. The first line of the input is what is asked about. */
#include "base/alloc.h"
#include "base/limits.h"
#include "platform/robots.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void check(bool holds)
{
    if (!holds)
        abort();
}

static void ask(const ko_robots *robots, const char *agent, const char *url)
{
    const ko_robots_verdict verdict = ko_robots_ask(robots, agent, url);
    check((verdict.line == 0) == (verdict.rule_bytes == 0));
    check(verdict.rule_bytes == 0 || !memchr(verdict.rule, '\n', verdict.rule_bytes));
    check(verdict.crawl_delay_s >= 0 && verdict.crawl_delay_s <= KO_MAX_CRAWL_DELAY_S);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    ko_robots *robots = NULL;
    ko_error err = {0};
    if (ko_robots_parse(bytes, size, &robots, &err) != KO_OK)
        return 0;
    const uint8_t *end = size ? memchr(bytes, '\n', size) : NULL;
    char *line = ko_strndup((const char *)bytes, end ? (size_t)(end - bytes) : size);
    if (line) {
        ask(robots, "Knockoff/1.0", line);
        ask(robots, line, "https://shop.example/a/b.html?c=d");
    }
    ask(robots, "", "/");
    ko_free(line);
    ko_robots_free(robots);
    return 0;
}
