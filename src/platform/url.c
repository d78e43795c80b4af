#include "platform/url.h"

#include "platform/escape.h"
#include "platform/host.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define SHOWN 80 /* bytes of a faulty URL in a message */

/* A URL being written. What does not fit is dropped and remembered. */
typedef struct writer {
    ko_url *url;
    bool full;
} writer;

static void put(writer *w, const char *bytes, size_t n)
{
    if (w->full || n > KO_MAX_URL_BYTES - w->url->size) {
        w->full = true;
        return;
    }
    memcpy(w->url->text + w->url->size, bytes, n);
    w->url->size = (uint16_t)(w->url->size + n);
}

/* Puts the first character of text[0..n), or its %XX, in normal form; kept are the
 * characters that may stand there as they are. Returns how many bytes it took. */
static size_t put_normal(writer *w, const char *text, size_t n, const char *kept)
{
    const int value = ko_escape_value(text, n);
    const unsigned char c = value >= 0 ? (unsigned char)value : (unsigned char)text[0];
    const bool as_is = ko_escape_unreserved(c) || (value < 0 && c && strchr(kept, c));
    char escaped[3];
    ko_escape_write(c, escaped);
    put(w, as_is ? (const char *)&c : escaped, as_is ? 1 : 3);
    return value >= 0 ? 3 : 1;
}

static bool is_slash(char c)
{
    return c == '/' || c == '\\';
}

/* Drops the segment from offset start on when it is "." or "..", and with ".." the one
 * before it. Returns true when it was one of them. */
static bool drop_dots(ko_url *url, size_t start)
{
    const size_t n = url->size - start;
    const bool one = n == 1 && url->text[start] == '.';
    const bool two = n == 2 && url->text[start] == '.' && url->text[start + 1] == '.';
    if (!one && !two)
        return false;
    size_t end = start; /* behind the slash that the segment follows */
    if (two && end > (size_t)url->path + 1)
        for (end--; url->text[end - 1] != '/';)
            end--;
    url->size = (uint16_t)end;
    return true;
}

/* Adds text[0..n) to a path that ends in "/". */
static void put_path(writer *w, const char *text, size_t n)
{
    size_t start = w->url->size;
    for (size_t i = 0; i < n && !w->full;) {
        if (!is_slash(text[i])) {
            i += put_normal(w, text + i, n - i, "!$&'()*+,;=:@");
            continue;
        }
        if (!drop_dots(w->url, start))
            put(w, "/", 1);
        start = w->url->size;
        i++;
    }
    if (!w->full)
        (void)drop_dots(w->url, start);
}

static void put_query(writer *w, ko_slice query)
{
    w->url->query = w->url->size;
    if (query.n == 0)
        return;
    put(w, "?", 1);
    for (size_t i = 0; i < query.n;)
        i += put_normal(w, query.at + i, query.n - i, "!$&()*+,;=:@/?");
}

/* The parts of a reference (RFC 3986 section 4.1), as written. */
typedef struct reference {
    bool has_scheme, secure; /* secure only with a scheme */
    bool has_authority, has_query;
    ko_slice authority, path, query;
} reference;

static ko_slice cut(const char **at, const char *end, const char *until)
{
    const char *start = *at;
    while (*at < end && !(**at && strchr(until, **at)))
        ++*at;
    return (ko_slice){start, (size_t)(*at - start)};
}

/* Length of "scheme:" or 0. */
static size_t scheme_length(const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const char lower = (char)(text[i] | 0x20);
        if (text[i] == ':')
            return i ? i + 1 : 0;
        const bool letter = lower >= 'a' && lower <= 'z';
        const bool other = (text[i] >= '0' && text[i] <= '9') || strchr("+-.", text[i]);
        if (!letter && !(i > 0 && other))
            return 0;
    }
    return 0;
}

static ko_status fail(const char *text, size_t n, const char *why, ko_error *err)
{
    return ko_fail(err, KO_E_FORMAT, "%s: %.*s", why, (int)(n < SHOWN ? n : SHOWN), text);
}

/* Slashes before the authority are two, or as many as were typed behind a scheme that the
 * base does not have. */
static ko_status split(const char *text, size_t n, const ko_url *base, reference *out,
                       ko_error *err)
{
    reference r = {0};
    const size_t scheme = scheme_length(text, n);
    if (scheme) {
        r.has_scheme = true;
        r.secure = scheme == 6 && strncasecmp(text, "https:", 6) == 0;
        if (!r.secure && (scheme != 5 || strncasecmp(text, "http:", 5) != 0))
            return fail(text, n, "not an http or https URL", err);
    } else if (!base) {
        return fail(text, n, "not a whole URL", err);
    }
    const char *at = text + scheme, *end = text + n;
    const bool relative = base && (!scheme || r.secure == base->secure);
    if (!relative || (end - at >= 2 && is_slash(at[0]) && is_slash(at[1]))) {
        while (at < end && is_slash(*at))
            at++;
        r.has_authority = true;
        r.authority = cut(&at, end, "/\\?#");
    }
    r.path = cut(&at, end, "?#");
    if (at < end && *at == '?') {
        at++;
        r.has_query = true;
        r.query = cut(&at, end, "#");
    }
    *out = r;
    return KO_OK;
}

/* Takes ":digits" off the end of the authority. */
static ko_status take_port(ko_slice *authority, uint16_t *out_port, ko_error *err)
{
    size_t colon = authority->n;
    while (colon && authority->at[colon - 1] != ':' && authority->at[colon - 1] != ']')
        colon--;
    if (colon == 0 || authority->at[colon - 1] != ':')
        return KO_OK;
    unsigned port = 0;
    for (size_t i = colon; i < authority->n; i++) {
        const char c = authority->at[i];
        port = 10 * port + (unsigned)(c - '0');
        if (c < '0' || c > '9' || port > UINT16_MAX)
            return fail(authority->at, authority->n, "no port up to 65535", err);
    }
    if (colon < authority->n)
        *out_port = (uint16_t)port;
    authority->n = colon - 1;
    return KO_OK;
}

static ko_status put_authority(writer *w, ko_slice authority, ko_error *err)
{
    for (size_t i = authority.n; i-- > 0;)
        if (authority.at[i] == '@') { /* credentials */
            authority = (ko_slice){authority.at + i + 1, authority.n - i - 1};
            break;
        }
    const uint16_t own = w->url->secure ? 443 : 80;
    w->url->port = own;
    ko_status st = take_port(&authority, &w->url->port, err);
    if (st == KO_OK && authority.n == 0)
        st = ko_fail(err, KO_E_FORMAT, "a URL without a host");
    char host[KO_HOST_SIZE];
    if (st == KO_OK)
        st = ko_host_normal(authority.at, authority.n, host, err);
    if (st != KO_OK)
        return st;
    const char *scheme = w->url->secure ? "https://" : "http://";
    put(w, scheme, strlen(scheme));
    w->url->host = w->url->size;
    put(w, host, strlen(host));
    w->url->host_end = w->url->size;
    char port[8] = "";
    if (w->url->port != own)
        (void)snprintf(port, sizeof port, ":%u", (unsigned)w->url->port);
    put(w, port, strlen(port));
    w->url->path = w->url->size;
    return KO_OK;
}

/* Everything up to the path comes from base; so does the path's folder when the reference
 * does not begin with a slash, all of it when it has none, and the query when it has
 * nothing at all. */
static void put_rest(writer *w, const reference *r, const ko_url *base)
{
    ko_slice path = r->path, query = r->query;
    if (r->has_authority || (path.n && is_slash(path.at[0]))) {
        path.at += path.n > 0;
        path.n -= path.n > 0;
        put(w, "/", 1);
    } else {
        ko_slice folder = ko_url_path(base);
        while (path.n && folder.at[folder.n - 1] != '/')
            folder.n--;
        put(w, folder.at, folder.n);
        if (!path.n && !r->has_query)
            query = ko_url_query(base);
    }
    if (path.n)
        put_path(w, path.at, path.n);
    put_query(w, query);
}

static ko_status build(const reference *r, const ko_url *base, ko_url *out, ko_error *err)
{
    writer w = {.url = out};
    out->secure = r->has_scheme ? r->secure : base->secure;
    if (r->has_authority) {
        const ko_status st = put_authority(&w, r->authority, err);
        if (st != KO_OK)
            return st;
    } else {
        put(&w, base->text, base->path);
        out->host = base->host;
        out->host_end = base->host_end;
        out->path = base->path;
        out->port = base->port;
    }
    put_rest(&w, r, base);
    if (w.full)
        return ko_fail(err, KO_E_LIMIT, "a URL of more than %zu bytes", KO_MAX_URL_BYTES);
    out->text[out->size] = '\0';
    assert(out->path < out->size && out->text[out->path] == '/');
    return KO_OK;
}

/* Without blanks and control characters around it, and without tabs and line breaks. */
static size_t clean(const char *text, size_t n, char out[KO_MAX_URL_BYTES])
{
    while (n && (unsigned char)text[0] <= ' ') {
        text++;
        n--;
    }
    while (n && (unsigned char)text[n - 1] <= ' ')
        n--;
    size_t size = 0;
    for (size_t i = 0; i < n; i++)
        if (!strchr("\t\n\r", text[i]) || !text[i]) {
            if (size == KO_MAX_URL_BYTES)
                return size + 1;
            out[size++] = text[i];
        }
    return size;
}

ko_status ko_url_parse(const char *text, size_t n, const ko_url *base, ko_url *out, ko_error *err)
{
    char cleaned[KO_MAX_URL_BYTES];
    const size_t size = clean(text, n, cleaned);
    if (size > KO_MAX_URL_BYTES)
        return ko_fail(err, KO_E_LIMIT, "a URL of %zu bytes, limit %zu", n, KO_MAX_URL_BYTES);
    reference r = {0};
    ko_url url = {0};
    ko_status st = split(cleaned, size, base, &r, err);
    if (st == KO_OK)
        st = build(&r, base, &url, err);
    if (st == KO_OK)
        *out = url;
    return st;
}

ko_slice ko_url_host(const ko_url *url)
{
    return (ko_slice){url->text + url->host, (size_t)(url->host_end - url->host)};
}

ko_slice ko_url_path(const ko_url *url)
{
    return (ko_slice){url->text + url->path, (size_t)(url->query - url->path)};
}

ko_slice ko_url_query(const ko_url *url)
{
    const size_t mark = url->query < url->size;
    return (ko_slice){url->text + url->query + mark, url->size - url->query - mark};
}

bool ko_url_next_parameter(ko_slice *rest, ko_slice *out_name, ko_slice *out_whole)
{
    const char *at = rest->at, *end = at + rest->n;
    while (at < end && *at == '&')
        at++;
    const char *start = at;
    *out_whole = cut(&at, end, "&");
    *out_name = cut(&start, at, "=");
    *rest = (ko_slice){at, (size_t)(end - at)};
    return out_whole->n > 0;
}
