/* knockoff inspect - what the program makes of things that sites say. */
#include "cli/cmd_inspect_file.h"
#include "cli/cmd_inspect_url.h"
#include "cli/commands.h"

#include "base/file.h"
#include "base/limits.h"
#include "platform/robots.h"
#include "platform/url.h"

#include <string.h>

typedef struct inspect_options {
    ko_common common;
    const char *robots, *agent, *url;
    ko_online_options online;
    bool insist;
} inspect_options;

static const ko_option options[] = {
    {"robots", 'r', KO_OPT_TEXT, offsetof(inspect_options, robots), "FILE",
     "tell which URLs this robots.txt lets be fetched (- for standard input)"},
    {"agent", 'a', KO_OPT_TEXT, offsetof(inspect_options, agent), "UA",
     "for the crawler that calls itself so (default: Knockoff)"},
    {"url", 'u', KO_OPT_TEXT, offsetof(inspect_options, url), "URL", "where the page came from"},
    {"insist", 'i', KO_OPT_FLAG, offsetof(inspect_options, insist), NULL,
     "take a page for a listing that nothing on it says it is"},
    KO_ONLINE_OPTIONS(offsetof(inspect_options, online)),
    {0},
};

/* The rule is printed as bytes of known length: it stands in the middle of a file. */
static void print_verdict(const inspect_options *o, const char *url, const ko_robots_verdict *v)
{
    char rule[256];
    (void)snprintf(rule, sizeof rule, "%.*s", (int)(v->rule_bytes < 255 ? v->rule_bytes : 255),
                   v->rule);
    if (o->common.json)
        ko_json_line(stdout, json_pack("{s:o, s:b, s:I, s:o, s:f}", "url", ko_json_string(url),
                                       "allowed", v->allowed, "line", (json_int_t)v->line, "rule",
                                       ko_json_string(rule), "crawl_delay_s", v->crawl_delay_s));
    else if (v->line)
        ko_print("%s %s  line %zu: %s\n", v->allowed ? "allow" : "deny", url, v->line, rule);
    else
        ko_print("%s %s  no rule\n", v->allowed ? "allow" : "deny", url);
}

static ko_exit inspect_robots(const inspect_options *o)
{
    ko_problems problems = ko_problems_said();
    ko_buf bytes = KO_BUF(KO_MAX_SHEET_BYTES);
    ko_robots *robots = NULL;
    ko_error err = {0};
    ko_status st = strcmp(o->robots, "-") == 0 ? ko_stdin_read(&bytes, &err)
                                               : ko_file_read(o->robots, &bytes, &err);
    if (st == KO_OK)
        st = ko_robots_parse(bytes.data, bytes.size, &robots, &err);
    for (size_t i = 0; st == KO_OK && i < o->common.operands.count; i++) {
        const char *word = o->common.operands.word[i];
        ko_error own = {0};
        ko_url url;
        if (ko_url_parse(word, strlen(word), NULL, &url, &own) != KO_OK) {
            ko_problem(&problems, "%s", own.text);
            continue;
        }
        const ko_robots_verdict verdict = ko_robots_ask(robots, o->agent, word);
        print_verdict(o, word, &verdict);
    }
    ko_robots_free(robots);
    ko_buf_free(&bytes);
    if (st != KO_OK)
        return ko_give_up(&err);
    return problems.count ? KO_EXIT_REFUSED : KO_EXIT_OK;
}

/* Shows one file or address; online is opened for the first of these. */
static ko_status inspect_word(const inspect_options *o, const ko_inspect *how, const char *word,
                              ko_online *online, ko_error *err)
{
    if (!ko_is_web_url(word)) {
        const ko_inspect_file file = {.path = word, .url = o->url, .insist = o->insist};
        return ko_inspect_file_show(how, &file, err);
    }
    const ko_inspect_url at = {.url = word, .insist = o->insist};
    const ko_status st =
        online->net ? KO_OK : ko_online_open(&o->common, &o->online, NULL, online, err);
    return st == KO_OK ? ko_inspect_url_show(how, online, &at, err) : st;
}

static ko_exit inspect_words(const inspect_options *o)
{
    ko_problems problems = ko_problems_said();
    const ko_inspect how = {.json = o->common.json, .problems = &problems};
    ko_online online = {0};
    ko_error err = {0};
    ko_exit code = KO_EXIT_OK;
    for (size_t i = 0; i < o->common.operands.count && code == KO_EXIT_OK; i++) {
        err = (ko_error){0};
        const ko_status st = inspect_word(o, &how, o->common.operands.word[i], &online, &err);
        if (st == KO_E_USAGE || st == KO_E_STOPPED)
            code = ko_give_up(&err);
        else if (st != KO_OK)
            ko_problem(&problems, "%s", err.text);
    }
    ko_online_close(&online);
    return code == KO_EXIT_OK && problems.count ? KO_EXIT_REFUSED : code;
}

static ko_exit run(char **words, size_t n)
{
    inspect_options o = {.agent = "Knockoff"};
    ko_exit code = KO_EXIT_OK;
    if (ko_begin(&ko_cmd_inspect, words, n, &o, &code)) {
        if (o.common.operands.count == 0) {
            ko_say(
                "inspect needs files or URLs, or --robots FILE and URLs (knockoff help inspect)");
            code = KO_EXIT_USAGE;
        } else {
            code = o.robots ? inspect_robots(&o) : inspect_words(&o);
        }
    }
    ko_options_free(options, &o);
    return code;
}

const ko_command ko_cmd_inspect = {
    .name = "inspect",
    .summary = "tell what a page holds, or what a robots.txt lets be fetched",
    .usage = "FILE|URL... [options] | --robots FILE [--agent UA] URL...",
    .description =
        "Shows the listings in saved pages, replies of shops' interfaces, feeds, captures of\n"
        "browsers and sheets (- for standard input), and stores nothing. A page that a bot wall\n"
        "put before the real one is told as blocked; one that sells nothing gives no listing. "
        "URLs\n"
        "are fetched as politely as crawl does.\n"
        "With --robots it prints a line for each URL: allow or deny, the URL, and the line of the "
        "robots.txt that\n"
        "decides (RFC 9309: of the rules for the agent, or else for all, the longest that fits\n"
        "the URL; of two as long, the one that allows), and nothing is fetched.",
    .options = options,
    .run = run,
};
