#include "suites.h"

#include "base/alloc.h"
#include "base/file.h"
#include "base/limits.h"
#include "page/entities.h"
#include "page/picture.h"
#include "platform/price.h"
#include "platform/robots.h"
#include "platform/url.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_BYTES ((size_t)4 << 20) /* a case of robots.txt holds the whole file */
#define MAX_KINDS 8

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

static void tell(const ko_suites *suites, const char *suite, const char *text)
{
    if (suites->on_wrong)
        suites->on_wrong(suites->context, suite, text);
}

static FILE *open_in(const char *folder, const char *name)
{
    char path[KO_MAX_PATH_BYTES];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    return fopen(path, "r");
}

/* Calls fn with each line of a file that is an object of JSON; false when there is no file. */
static bool each_line(const char *folder, const char *name,
                      void (*fn)(void *context, const json_t *object), void *context)
{
    FILE *file = open_in(folder, name);
    char *line = file ? ko_alloc(LINE_BYTES) : NULL;
    while (line && fgets(line, (int)LINE_BYTES, file)) {
        json_t *object = json_loads(line, 0, NULL);
        if (object)
            fn(context, object);
        json_decref(object);
    }
    ko_free(line);
    if (file)
        (void)fclose(file);
    return file != NULL;
}

/* --- robots --- */

typedef struct robots_suite {
    const ko_suites *suites;
    struct {
        char name[32];
        ko_share share;
    } kind[MAX_KINDS];
    size_t n_kinds;
} robots_suite;

/* The file is written out, or in hexadecimal when it is no text. */
static size_t robots_bytes(const json_t *test, const char **out_text, char **out_made)
{
    const char *hex = text_of(test, "robots_hex");
    *out_text = text_of(test, "robots");
    if (!*hex)
        return json_string_length(json_object_get(test, "robots"));
    const size_t n = strlen(hex) / 2;
    char *made = ko_alloc(n + 1);
    for (size_t i = 0; made && i < n; i++) {
        const char digits[3] = {hex[2 * i], hex[2 * i + 1], '\0'};
        made[i] = (char)strtoul(digits, NULL, 16);
    }
    *out_text = *out_made = made;
    return made ? n : 0;
}

static void run_robots(void *context, const json_t *test)
{
    robots_suite *suite = context;
    const char *kind = text_of(test, "kind"), *text = NULL;
    char *made = NULL;
    size_t k = 0;
    while (k < suite->n_kinds && strcmp(suite->kind[k].name + 7, kind) != 0)
        k++;
    if (k == MAX_KINDS)
        return;
    if (k == suite->n_kinds) {
        (void)snprintf(suite->kind[k].name, sizeof suite->kind[k].name, "robots %s", kind);
        suite->n_kinds++;
    }
    ko_robots *robots = NULL;
    const size_t n = robots_bytes(test, &text, &made);
    if (ko_robots_parse(text, n, &robots, NULL) == KO_OK) {
        const ko_robots_verdict verdict =
            ko_robots_ask(robots, text_of(test, "useragent"), text_of(test, "url"));
        const bool right = verdict.allowed == json_is_true(json_object_get(test, "allowed"));
        suite->kind[k].share.all++;
        suite->kind[k].share.right += right;
        if (!right)
            tell(suite->suites, suite->kind[k].name, text_of(test, "group"));
    }
    ko_robots_free(robots);
    ko_free(made);
}

static void robots(const ko_suites *suites, const char *folder)
{
    robots_suite suite = {.suites = suites};
    (void)each_line(folder, "robots/verdicts.jsonl", run_robots, &suite);
    for (size_t i = 0; i < suite.n_kinds; i++)
        suites->on_suite(suites->context, suite.kind[i].name, suite.kind[i].share);
}

/* --- srcset and prices --- */

typedef struct line_suite {
    const ko_suites *suites;
    ko_share share;
    ko_share currencies;
} line_suite;

/* Character references, control characters too, which ko_entities_decode leaves alone. */
static void decode(char *text)
{
    char *out = text;
    for (char *at = text; *at;) {
        char *end = NULL;
        const unsigned long c = strncmp(at, "&#x", 3) == 0 ? strtoul(at + 3, &end, 16) : 0;
        if (c == 0 || c > 0x7F) {
            *out++ = *at++;
            continue;
        }
        *out++ = (char)c;
        at = end + (*end == ';');
    }
    *out = '\0';
    ko_entities_decode(text);
}

static void run_srcset(void *context, const json_t *test)
{
    line_suite *suite = context;
    char *srcset = ko_strdup(text_of(test, "srcset")),
         *expected = ko_strdup(text_of(test, "expect"));
    const char *url = "";
    double size = 0;
    if (srcset && expected) {
        decode(srcset);
        decode(expected);
        const size_t n = ko_picture_srcset(srcset, &url, &size);
        const bool right = n == strlen(expected) && memcmp(url, expected, n) == 0;
        suite->share.all++;
        suite->share.right += right;
        if (!right)
            tell(suite->suites, "srcset", text_of(test, "srcset"));
    }
    ko_free(srcset);
    ko_free(expected);
}

bool ko_suites_same_currency(const char *written, const char *code)
{
    size_t n = strlen(written);
    while (n > 0 && strchr("~ .", written[n - 1]))
        n--;
    if (n == 0 || n > 20)
        return false;
    char before[40], after[40];
    ko_price price;
    (void)snprintf(before, sizeof before, "%.*s 1", (int)n, written);
    (void)snprintf(after, sizeof after, "1 %.*s", (int)n, written);
    if (ko_price_read(before, code, &price) == KO_OK && strcmp(price.currency, code) == 0)
        return *code != '\0';
    return *code && ko_price_read(after, code, &price) == KO_OK &&
           strcmp(price.currency, code) == 0;
}

static void run_price(void *context, const json_t *test)
{
    line_suite *suite = context;
    const char *raw = text_of(test, "price_raw"), *near = text_of(test, "currency_raw");
    const char *amount = text_of(test, "amount"), *currency = text_of(test, "currency");
    ko_price price = {0};
    const bool read = ko_price_read(*raw ? raw : near, near, &price) == KO_OK;
    const double unit = pow(10, price.minor_digits);
    const bool right =
        *amount ? read && fabs((double)price.low_minor - strtod(amount, NULL) * unit) < 0.501
                : !read;
    suite->share.all++;
    suite->share.right += right;
    if (!right)
        tell(suite->suites, "prices", *raw ? raw : near);
    if (!read || !*currency)
        return;
    suite->currencies.all++;
    suite->currencies.right += ko_suites_same_currency(currency, price.currency);
}

static void lines(const ko_suites *suites, const char *folder)
{
    line_suite srcset = {.suites = suites}, prices = {.suites = suites};
    if (each_line(folder, "srcset/srcset.jsonl", run_srcset, &srcset))
        suites->on_suite(suites->context, "srcset", srcset.share);
    if (each_line(folder, "prices/price-parser.jsonl", run_price, &prices)) {
        suites->on_suite(suites->context, "price amounts", prices.share);
        suites->on_suite(suites->context, "price currencies", prices.currencies);
    }
}

/* --- URLs --- */

/* Both texts in our normal form, which says less than the standard's own: no credentials and no
 * fragment. What is no URL of the web, expected or not, is left out. */
static void run_url(line_suite *suite, const json_t *test)
{
    const char *input = text_of(test, "input"), *base = text_of(test, "base");
    const char *href = text_of(test, "href");
    const bool fails = json_is_true(json_object_get(test, "failure"));
    ko_url from, found, expected;
    const bool based = *base && ko_url_parse(base, strlen(base), NULL, &from, NULL) == KO_OK;
    const bool web = ko_url_parse(href, strlen(href), NULL, &expected, NULL) == KO_OK;
    if (!json_is_object(test) || (!fails && !web) || (*base && !based))
        return;
    const bool read = ko_url_parse(input, json_string_length(json_object_get(test, "input")),
                                   based ? &from : NULL, &found, NULL) == KO_OK;
    const bool right = fails ? !read : read && strcmp(found.text, expected.text) == 0;
    suite->share.all++;
    suite->share.right += right;
    if (!right)
        tell(suite->suites, "URLs", input);
}

static void urls(const ko_suites *suites, const char *folder)
{
    line_suite suite = {.suites = suites};
    char path[KO_MAX_PATH_BYTES];
    ko_buf text = KO_BUF(LINE_BYTES);
    (void)snprintf(path, sizeof path, "%s/url/wpt-urltestdata.json", folder);
    const bool there = ko_file_read(path, &text, NULL) == KO_OK && text.size > 0;
    json_t *tests = there ? json_loadb(text.data, text.size, JSON_ALLOW_NUL, NULL) : NULL;
    ko_buf_free(&text);
    for (size_t i = 0; i < json_array_size(tests); i++)
        run_url(&suite, json_array_get(tests, i));
    if (there)
        suites->on_suite(suites->context, "URLs of the web", suite.share);
    json_decref(tests);
}

void ko_suites_run(const ko_suites *suites, const char *folder)
{
    robots(suites, folder);
    lines(suites, folder);
    urls(suites, folder);
}
