#include "serve/target.h"

#include "base/text.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Decodes escapes of the n bytes at raw to out, which holds n and a zero. What is not plain text
 * then is refused. */
static bool decode(const char *raw, size_t n, bool in_query, char *out)
{
    size_t size = 0;
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)raw[i];
        if (c == '%') {
            const int high = i + 2 < n ? hex_digit(raw[i + 1]) : -1;
            const int low = i + 2 < n ? hex_digit(raw[i + 2]) : -1;
            if (high < 0 || low < 0)
                return false;
            c = (unsigned char)(high * 16 + low);
            if (!in_query && strchr("/\\%", c)) /* also zero */
                return false;
            i += 2;
        } else if (c == '+' && in_query) {
            c = ' ';
        } else if (c == '\\') {
            return false;
        }
        if (c < 0x20 || c == 0x7f)
            return false;
        out[size++] = (char)c;
    }
    out[size] = '\0';
    return ko_text_is_utf8(out, size);
}

/* Each segment is a name. */
static bool is_plain_path(const char *path)
{
    if (path[0] != '/')
        return false;
    if (path[1] == '\0')
        return true;
    while (*path == '/') {
        const char *segment = ++path;
        path += strcspn(path, "/");
        const size_t n = (size_t)(path - segment);
        if (n == 0 || (segment[0] == '.' && (n == 1 || (n == 2 && segment[1] == '.'))))
            return false;
    }
    return true;
}

/* Decodes one pair to *at, which goes behind it. */
static ko_status read_pair(const char *raw, size_t n, ko_target *target, char **at, ko_error *err)
{
    const char *equals = memchr(raw, '=', n);
    const size_t name_size = equals ? (size_t)(equals - raw) : n;
    char *name = *at, *value = name + name_size + 1;
    if (target->n_query == KO_MAX_SERVE_QUERY)
        return ko_fail(err, KO_E_LIMIT, "more than %u pairs in the query", KO_MAX_SERVE_QUERY);
    value[0] = '\0';
    if (name_size == 0 || !decode(raw, name_size, true, name) ||
        (equals && !decode(equals + 1, n - name_size - 1, true, value)))
        return ko_fail(err, KO_E_FORMAT, "the query is malformed");
    if (ko_target_query(target, name))
        return ko_fail(err, KO_E_FORMAT, "a name comes twice in the query");
    target->query[target->n_query].name = name;
    target->query[target->n_query].value = value;
    target->n_query++;
    *at += n + 1 + !equals;
    return KO_OK;
}

ko_status ko_target_read(const char *raw, ko_target *out_target, ko_error *err)
{
    const size_t size = strnlen(raw, KO_MAX_SERVE_TARGET + 1);
    if (size > KO_MAX_SERVE_TARGET)
        return ko_fail(err, KO_E_LIMIT, "the address has more than %u bytes", KO_MAX_SERVE_TARGET);
    const size_t path_size = strcspn(raw, "?");
    char *at = out_target->text;
    out_target->path = at;
    out_target->n_query = 0;
    if (!decode(raw, path_size, false, at) || !is_plain_path(at))
        return ko_fail(err, KO_E_FORMAT, "the path is malformed");
    at += path_size + 1;
    const char *rest = raw + path_size + (raw[path_size] == '?');
    ko_status st = KO_OK;
    while (st == KO_OK && *rest) {
        const size_t n = strcspn(rest, "&");
        st = read_pair(rest, n, out_target, &at, err);
        rest += n + (rest[n] == '&');
    }
    return st;
}

const char *ko_target_query(const ko_target *target, const char *name)
{
    for (size_t i = 0; i < target->n_query; i++)
        if (strcmp(target->query[i].name, name) == 0)
            return target->query[i].value;
    return NULL;
}

/* Is it one of the names, which "&" parts? */
static bool is_among(const char *names, const char *name)
{
    const size_t size = strlen(name);
    for (const char *at = names; *at; at += *at == '&') {
        const size_t n = strcspn(at, "&");
        if (n == size && memcmp(at, name, n) == 0)
            return true;
        at += n;
    }
    return false;
}

ko_status ko_target_knows(const ko_target *target, const char *names, ko_error *err)
{
    for (size_t i = 0; i < target->n_query; i++)
        if (!is_among(names, target->query[i].name))
            return ko_fail(err, KO_E_USAGE, "'%s' means nothing in this query",
                           target->query[i].name);
    return KO_OK;
}

ko_status ko_target_number(const ko_target *target, const char *name, int64_t least, int64_t most,
                           int64_t *out_number, ko_error *err)
{
    const char *text = ko_target_query(target, name);
    char *end = NULL;
    if (!text)
        return KO_OK;
    errno = 0;
    const long long value = text[0] >= '0' && text[0] <= '9' ? strtoll(text, &end, 10) : -1;
    if (!end || *end || errno || value < least || value > most)
        return ko_fail(err, KO_E_USAGE, "%s is a number from %lld to %lld, not '%s'", name,
                       (long long)least, (long long)most, text);
    *out_number = value;
    return KO_OK;
}
