/* The lines that matter are kept in the order of the file, and a question walks them: the
 * file of a site has some hundred, and one that is hostile at most half a million bytes.
 *
 * Patterns and paths are compared as octets. Encoded letters of the URL are decoded first
 * ("%62" is "b", RFC 9309 section 2.2.2). Whether those of a pattern are, too, crawlers in
 * use disagree; here they are where that forbids: an allow fits only as it is written. */
#include "platform/robots.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/limits.h"
#include "platform/escape.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

typedef enum line_kind { LINE_OTHER, LINE_AGENT, LINE_ALLOW, LINE_DISALLOW, LINE_DELAY } line_kind;

typedef struct entry {
    line_kind kind;
    size_t line;         /* from 1 */
    size_t start, bytes; /* of the line in text */
    size_t value;        /* in values, ended by a zero: a token, a pattern, seconds */
    size_t decoded;      /* of a disallow: the pattern with letters decoded */
} entry;

struct ko_robots {
    ko_buf text;
    ko_buf values;
    entry *entries;
    size_t n, capacity;
};

typedef struct span {
    const char *at, *end;
} span;

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\f' || c == '\v' || c == '\0';
}

static span trim(span s)
{
    while (s.at < s.end && is_blank(*s.at))
        s.at++;
    while (s.end > s.at && is_blank(s.end[-1]))
        s.end--;
    return s;
}

/* Keys and the ways in which they are often misspelt. */
static const struct key {
    const char *text;
    line_kind kind;
} keys[] = {
    {"user-agent", LINE_AGENT},  {"useragent", LINE_AGENT},   {"user agent", LINE_AGENT},
    {"allow", LINE_ALLOW},       {"disallow", LINE_DISALLOW}, {"dissallow", LINE_DISALLOW},
    {"dissalow", LINE_DISALLOW}, {"disalow", LINE_DISALLOW},  {"diasllow", LINE_DISALLOW},
    {"disallaw", LINE_DISALLOW}, {"crawl-delay", LINE_DELAY},
};

static line_kind kind_of(span key)
{
    const size_t n = (size_t)(key.end - key.at);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (strlen(keys[i].text) == n && strncasecmp(keys[i].text, key.at, n) == 0)
            return keys[i].kind;
    return LINE_OTHER;
}

/* Splits "key: value # comment". Where the colon was forgotten, a blank stands for it when
 * the line has two words. */
static line_kind split(span line, span *out_value)
{
    const char *mark = memchr(line.at, '#', (size_t)(line.end - line.at));
    if (mark)
        line.end = mark;
    line = trim(line);
    const char *colon = memchr(line.at, ':', (size_t)(line.end - line.at));
    if (!colon) {
        const char *blank = line.at;
        while (blank < line.end && !is_blank(*blank))
            blank++;
        for (const char *c = trim((span){blank, line.end}).at; c < line.end; c++)
            if (is_blank(*c))
                return LINE_OTHER;
        colon = blank;
    }
    if (colon == line.end)
        return LINE_OTHER;
    *out_value = trim((span){colon + 1, line.end});
    return kind_of(trim((span){line.at, colon}));
}

/* The product token that a text begins with: letters, "_" and "-". */
static span token(const char *at, const char *end)
{
    const char *start = at;
    while (at < end && *at &&
           (((*at | 0x20) >= 'a' && (*at | 0x20) <= 'z') || *at == '_' || *at == '-'))
        at++;
    return (span){start, at};
}

/* Appends s as it is compared: what may not stand in a URL as %XX with capital digits; with
 * decode, unreserved characters as themselves. "*" and "$" are special in patterns only,
 * where "$" is so at the end, and %2A and %24 everywhere else (RFC 9309 section 2.2.3). */
static ko_status put_octets(ko_buf *out, span s, bool is_pattern, bool decode)
{
    ko_status st = KO_OK;
    while (st == KO_OK && s.at < s.end) {
        const int value = ko_escape_value(s.at, (size_t)(s.end - s.at));
        const unsigned char c = value >= 0 ? (unsigned char)value : (unsigned char)*s.at;
        const bool special = is_pattern && (c == '*' || (c == '$' && s.end - s.at == 1));
        const bool never = c <= ' ' || c >= 0x7f || strchr("\"<>\\^`{|}", c);
        const bool encode = value >= 0 ? !decode || !ko_escape_unreserved(c)
                                       : never || (!special && (c == '*' || c == '$'));
        char escaped[3];
        ko_escape_write(c, escaped);
        st = encode ? ko_buf_append(out, escaped, 3) : ko_buf_append(out, &c, 1);
        s.at += value >= 0 ? 3 : 1;
    }
    return st;
}

static ko_status put_value(ko_buf *values, line_kind kind, span value, entry *out)
{
    out->value = values->size;
    if (kind == LINE_AGENT && (value.at == value.end || *value.at != '*'))
        value = token(value.at, value.end);
    else if (kind == LINE_AGENT && value.end - value.at > 1 && !is_blank(value.at[1]))
        value = (span){value.at, value.at}; /* "*bot" is no agent */
    else if (kind == LINE_AGENT)
        value.end = value.at + 1;
    ko_status st = put_octets(values, value, true, false);
    if (st == KO_OK)
        st = ko_buf_append(values, "", 1);
    out->decoded = values->size;
    if (st == KO_OK && kind == LINE_DISALLOW)
        st = put_octets(values, value, true, true);
    return st == KO_OK ? ko_buf_append(values, "", 1) : st;
}

static ko_status add(ko_robots *robots, size_t line, span text)
{
    span value = {0};
    const line_kind kind = split(text, &value);
    if (kind == LINE_OTHER)
        return KO_OK;
    entry *grown = ko_grown(robots->entries, robots->n, &robots->capacity, sizeof *grown);
    if (!grown)
        return KO_E_NOMEM;
    robots->entries = grown;
    entry *e = &robots->entries[robots->n];
    *e = (entry){.kind = kind,
                 .line = line,
                 .start = (size_t)(text.at - robots->text.data),
                 .bytes = (size_t)(text.end - text.at)};
    const ko_status st = put_value(&robots->values, kind, value, e);
    robots->n += st == KO_OK;
    return st;
}

/* Lines end in LF, CR LF or CR. */
static ko_status add_lines(ko_robots *robots)
{
    const char *at = robots->text.data, *end = at + robots->text.size;
    ko_status st = KO_OK;
    for (size_t line = 1; st == KO_OK && at < end; line++) {
        const char *stop = at;
        while (stop < end && *stop != '\n' && *stop != '\r')
            stop++;
        st = add(robots, line, (span){at, stop});
        at = stop + (stop < end);
        if (stop < end && *stop == '\r' && at < end && *at == '\n')
            at++;
    }
    return st;
}

/* Bytes that are read: without a byte order mark or what is left of one, and not beyond the last
 * whole line when there are too many. */
static span readable(const char *bytes, size_t size)
{
    span s = {bytes, bytes + size};
    if (size > KO_MAX_ROBOTS_BYTES) {
        s.end = bytes + KO_MAX_ROBOTS_BYTES;
        while (s.end > s.at && s.end[-1] != '\n' && s.end[-1] != '\r')
            s.end--;
    }
    const char *mark = "\xEF\xBB\xBF";
    while (s.at < s.end && *mark && *s.at == *mark++)
        s.at++;
    return s;
}

ko_status ko_robots_parse(const void *bytes, size_t size, ko_robots **out, ko_error *err)
{
    const span s = size ? readable(bytes, size) : (span){"", ""};
    ko_status st = KO_E_NOMEM;
    ko_robots *robots = ko_alloc_zero(1, sizeof *robots);
    if (!robots)
        goto done;
    robots->text = KO_BUF(KO_MAX_ROBOTS_BYTES);
    /* Every octet may become three, twice over, with zeros between. */
    robots->values = KO_BUF(8 * KO_MAX_ROBOTS_BYTES);
    st = ko_buf_append(&robots->text, s.at, (size_t)(s.end - s.at));
    if (st == KO_OK)
        st = add_lines(robots);
    if (st == KO_OK) {
        *out = robots;
        robots = NULL;
    }
done:
    ko_robots_free(robots);
    return st == KO_OK ? st : ko_fail(err, st, "no memory for a robots.txt of %zu bytes", size);
}

void ko_robots_free(ko_robots *robots)
{
    if (!robots)
        return;
    ko_buf_free(&robots->text);
    ko_buf_free(&robots->values);
    ko_free(robots->entries);
    ko_free(robots);
}

/* Where the n bytes of piece are found first in text, or NULL. */
static const char *find(const char *text, const char *piece, size_t n)
{
    if (n == 0)
        return text;
    for (; (text = strchr(text, *piece)); text++)
        if (strncmp(text, piece, n) == 0)
            return text;
    return NULL;
}

/* Does the pattern fit the beginning of path, or with "$" at its end all of it? The pieces
 * between the stars are looked for one after the other, each as early as it comes. */
static bool fits(const char *pattern, const char *path)
{
    size_t n = strcspn(pattern, "*");
    bool anchored = true; /* the first piece stands at the start */
    for (;;) {
        const bool last = pattern[n] == '\0';
        const bool to_end = last && n > 0 && pattern[n - 1] == '$';
        const size_t piece = n - to_end;
        if (to_end && !anchored) {
            const size_t left = strlen(path);
            return piece <= left && memcmp(path + left - piece, pattern, piece) == 0;
        }
        const char *found = anchored ? path : find(path, pattern, piece);
        if (!found || (anchored && strncmp(path, pattern, piece) != 0))
            return false;
        path = found + piece;
        if (last)
            return !to_end || !*path;
        pattern += n + 1;
        n = strcspn(pattern, "*");
        anchored = false;
    }
}

/* What follows the host, as octets to compare: from "/" up to the fragment. */
static ko_status target(const char *url, bool decode, ko_buf *out)
{
    const char *scheme = strstr(url, "://");
    const char *at = url;
    if (scheme && scheme < url + strcspn(url, "/?#") + 1)
        at = scheme + 3;
    else if (strncmp(url, "//", 2) == 0)
        at = url + 2;
    if (at != url)
        at += strcspn(at, "/?#");
    ko_status st = *at == '/' ? KO_OK : ko_buf_text(out, "/");
    if (st == KO_OK)
        st = put_octets(out, (span){at, at + strcspn(at, "#")}, false, decode);
    return st;
}

/* The answer so far, of the groups that name one agent. */
typedef struct question {
    const ko_robots *robots;
    span agent;
    const char *path, *decoded;
    bool named; /* a group names the agent */
    const entry *best;
    size_t best_length;
    double delay_s;
} question;

static bool names(const question *q, const char *value)
{
    const size_t n = (size_t)(q->agent.end - q->agent.at);
    return n > 0 && strlen(value) == n && strncasecmp(value, q->agent.at, n) == 0;
}

/* The longest pattern decides; of two as long, the one that allows. */
static void weigh(question *q, const entry *e)
{
    const char *pattern = q->robots->values.data + e->value;
    const size_t n = strlen(pattern);
    if (n == 0)
        return;
    const bool wins =
        !q->best || n > q->best_length ||
        (n == q->best_length && q->best->kind == LINE_DISALLOW && e->kind == LINE_ALLOW);
    if (!wins)
        return;
    const bool forbids = e->kind == LINE_DISALLOW;
    if (fits(pattern, q->path) || fits(pattern, q->decoded) ||
        (forbids && fits(q->robots->values.data + e->decoded, q->decoded))) {
        q->best = e;
        q->best_length = n;
    }
}

/* A group is a run of agents and the rules up to the next agent after a rule. */
static void walk(question *q)
{
    bool concerns = false, rules_begun = true;
    for (size_t i = 0; i < q->robots->n; i++) {
        const entry *e = &q->robots->entries[i];
        const char *value = q->robots->values.data + e->value;
        if (e->kind == LINE_AGENT) {
            concerns = (concerns && !rules_begun) || names(q, value);
            rules_begun = false;
            q->named |= concerns;
        } else if (e->kind == LINE_DELAY) {
            const double delay_s = strtod(value, NULL);
            if (concerns && delay_s > 0 && delay_s <= KO_MAX_CRAWL_DELAY_S)
                q->delay_s = delay_s;
        } else {
            rules_begun = true;
            if (concerns)
                weigh(q, e);
        }
    }
}

ko_robots_verdict ko_robots_ask(const ko_robots *robots, const char *agent, const char *url)
{
    ko_robots_verdict verdict = {.rule = ""};
    ko_buf path = KO_BUF(KO_MAX_ROBOTS_TARGET), decoded = KO_BUF(KO_MAX_ROBOTS_TARGET);
    if (target(url, false, &path) != KO_OK || target(url, true, &decoded) != KO_OK)
        goto done; /* no memory, or no URL that would be fetched: not allowed */
    static const char everybody[] = "*";
    question q = {.robots = robots,
                  .agent = token(agent, agent + strlen(agent)),
                  .path = path.data,
                  .decoded = decoded.data};
    walk(&q);
    if (!q.named) {
        q.agent = (span){everybody, everybody + 1};
        walk(&q);
    }
    if (strcmp(path.data, "/robots.txt") == 0)
        q.best = NULL; /* always allowed (RFC 9309 section 2.2.2) */
    verdict.crawl_delay_s = q.delay_s;
    verdict.allowed = !q.best || q.best->kind == LINE_ALLOW;
    if (q.best) {
        verdict.line = q.best->line;
        verdict.rule = robots->text.data + q.best->start;
        verdict.rule_bytes = q.best->bytes;
    }
done:
    ko_buf_free(&path);
    ko_buf_free(&decoded);
    return verdict;
}
