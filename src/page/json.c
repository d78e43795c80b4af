#include "page/json.h"

#include "base/alloc.h"
#include "base/limits.h"

#include <assert.h>
#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* One past the string whose quote is text[at]. */
static size_t string_end(const char *text, size_t size, size_t at)
{
    const char quote = text[at++];
    for (; at < size && text[at] != quote; at++)
        at += text[at] == '\\' && at + 1 < size;
    return at < size ? at + 1 : size;
}

/* One past the comment that begins at text[at], or at itself when none does. */
static size_t comment_end(const char *text, size_t size, size_t at)
{
    if (at + 1 >= size || text[at] != '/')
        return at;
    if (text[at + 1] == '*') {
        for (at += 2; at + 1 < size; at++)
            if (text[at] == '*' && text[at + 1] == '/')
                return at + 2;
        return size;
    }
    if (text[at + 1] == '/')
        while (at < size && text[at] != '\n')
            at++;
    return at;
}

static bool is_quote(char c)
{
    return c == '"' || c == '\'' || c == '`';
}

size_t ko_page_json_end(const char *text, size_t size, size_t at)
{
    size_t depth = 0;
    while (at < size) {
        const size_t comment = comment_end(text, size, at);
        if (comment > at) {
            at = comment;
            continue;
        }
        const char c = text[at];
        if (is_quote(c)) {
            at = string_end(text, size, at);
            continue;
        }
        depth += c == '{' || c == '[' || c == '(';
        at++;
        if ((c == '}' || c == ']' || c == ')') && --depth == 0)
            return at;
    }
    return size;
}

/* A literal of JavaScript on its way to JSON. */
typedef struct literal {
    const char *text;
    size_t size, at;
    ko_buf *out;
    char open[KO_MAX_PAGE_JSON_DEPTH]; /* the brackets around what is read */
    unsigned depth;
} literal;

static void skip_blank(literal *in)
{
    for (size_t before = SIZE_MAX; before != in->at;) {
        before = in->at;
        while (in->at < in->size && (unsigned char)in->text[in->at] <= ' ')
            in->at++;
        in->at = comment_end(in->text, in->size, in->at);
    }
}

static ko_status put(literal *in, const char *text)
{
    return ko_buf_text(in->out, text);
}

/* Copies a string to JSON's quotes and escapes. */
static ko_status put_string(literal *in)
{
    const size_t end = string_end(in->text, in->size, in->at);
    size_t from = in->at + 1;
    const size_t to = end > from ? end - 1 : from;
    ko_status st = put(in, "\"");
    while (st == KO_OK && from < to) {
        const unsigned char c = (unsigned char)in->text[from];
        char next = '\0';
        if (from + 1 < to)
            next = in->text[from + 1];
        if (c == '\\' && strchr("\"\\/bfnrtu", next) && next) {
            st = ko_buf_append(in->out, in->text + from, 2);
            from += 2;
        } else if (c == '\\' && next == 'x' && from + 3 < to) {
            st = ko_buf_printf(in->out, "\\u00%.2s", in->text + from + 2);
            from += 4;
        } else if (c == '\\') { /* an escape that means the character itself */
            from++;
            if (from < to && next != '"' && (unsigned char)next >= ' ')
                st = ko_buf_append(in->out, &in->text[from], 1);
            from++;
        } else if (c == '"' || c < ' ') {
            st = ko_buf_printf(in->out, "\\u%04x", c);
            from++;
        } else {
            st = ko_buf_append(in->out, &in->text[from++], 1);
        }
    }
    in->at = end;
    return st == KO_OK ? put(in, "\"") : st;
}

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '$' || c == '.' || c == '-' || c == '+';
}

/* Goes on to the comma or bracket that ends the value, over whatever else stands there. */
static void skip_expression(literal *in)
{
    while (in->at < in->size && !strchr(",}]", in->text[in->at])) {
        const char c = in->text[in->at];
        if (is_quote(c))
            in->at = string_end(in->text, in->size, in->at);
        else if (c == '{' || c == '[' || c == '(')
            in->at = ko_page_json_end(in->text, in->size, in->at);
        else
            in->at++;
    }
}

/* A bare word: a number, a name of JSON, or something that only a script can tell. Numbers
 * beyond 64 bits are kept as strings. */
static ko_status put_word(literal *in)
{
    const char *word = in->text + in->at;
    size_t n = 0, digits = 0;
    for (; in->at + n < in->size && is_word(word[n]); n++)
        digits += isdigit((unsigned char)word[n]) != 0;
    in->at += n;
    const size_t before = in->at;
    skip_blank(in);
    const bool alone = in->at == in->size || strchr(",}]", in->text[in->at]);
    in->at = before;
    const bool literal_name =
        (n == 4 && (memcmp(word, "true", 4) == 0)) || (n == 5 && memcmp(word, "false", 5) == 0);
    const bool number = n > 0 && digits == n && (n == 1 || word[0] != '0');
    if (alone && number && n > 18)
        return ko_buf_printf(in->out, "\"%.*s\"", (int)(n < 100 ? n : 100), word);
    if (alone && (literal_name || number))
        return ko_buf_append(in->out, word, n);
    char copy[64] = "";
    if (alone && n < sizeof copy - 1 && digits > 0) {
        memcpy(copy, word, n);
        json_t *value = json_loads(copy, JSON_DECODE_ANY, NULL);
        const bool valid = json_is_number(value);
        json_decref(value);
        if (valid)
            return put(in, copy);
    }
    return put(in, "null");
}

static ko_status put_key(literal *in)
{
    if (is_quote(in->text[in->at]))
        return put_string(in);
    const size_t from = in->at;
    while (in->at < in->size && is_word(in->text[in->at]))
        in->at++;
    return ko_buf_printf(in->out, "\"%.*s\"", (int)(in->at - from < 256 ? in->at - from : 256),
                         in->text + from);
}

/* Writes one member or element, or only its opening bracket. */
static ko_status put_member(literal *in)
{
    ko_status st = KO_OK;
    if (in->depth > 0 && in->open[in->depth - 1] == '{') {
        st = put_key(in);
        skip_blank(in);
        if (in->at < in->size && in->text[in->at] == ':')
            in->at++;
        skip_blank(in);
        if (st == KO_OK)
            st = put(in, ":");
    }
    if (st != KO_OK || in->at == in->size)
        return st != KO_OK ? st : put(in, "null");
    const char c = in->text[in->at];
    if (c == '{' || c == '[') {
        if (in->depth == KO_MAX_PAGE_JSON_DEPTH)
            return KO_E_LIMIT;
        in->open[in->depth++] = c;
        in->at++;
        return put(in, c == '{' ? "{" : "[");
    }
    st = is_quote(c) ? put_string(in) : put_word(in);
    skip_expression(in);
    return st;
}

/* Writes the literal as JSON; one that is not closed is closed. */
static ko_status put_literal(literal *in)
{
    ko_status st = put_member(in);
    bool first = true;
    while (st == KO_OK && in->depth > 0) {
        skip_blank(in);
        char c = ']';
        if (in->at < in->size)
            c = in->text[in->at];
        if (c == ',') {
            in->at++;
        } else if (c == '}' || c == ']') {
            st = put(in, in->open[--in->depth] == '{' ? "}" : "]");
            in->at += in->at < in->size;
            first = false;
        } else {
            const unsigned depth = in->depth;
            const size_t at = in->at;
            if (!first)
                st = put(in, ",");
            if (st == KO_OK)
                st = put_member(in);
            first = in->depth > depth;
            in->at += in->at == at; /* whatever that was, it is no member */
        }
    }
    return st;
}

ko_status ko_page_json_parse(const char *text, size_t n, json_t **out_value)
{
    size_t from = 0;
    *out_value = NULL;
    while (from < n && text[from] != '{' && text[from] != '[') {
        const size_t comment = comment_end(text, n, from);
        const bool mark = comment < n && memchr(text + from, '[', comment - from) != NULL;
        from = comment > from && !mark ? comment : from + 1;
        if (n - from > 7 && memcmp(text + from, "[CDATA[", 7) == 0)
            from += 7;
    }
    if (from >= n)
        return KO_OK;
    json_error_t why;
    *out_value = json_loadb(text + from, n - from, JSON_DISABLE_EOF_CHECK, &why);
    if (*out_value)
        return KO_OK;
    ko_buf relaxed = KO_BUF(2 * KO_MAX_PAGE_BYTES);
    literal in = {.text = text, .size = n, .at = from, .out = &relaxed};
    const ko_status st = put_literal(&in);
    if (st == KO_OK)
        *out_value = json_loadb(relaxed.data, relaxed.size, 0, &why);
    ko_buf_free(&relaxed);
    return st == KO_E_LIMIT ? KO_OK : st;
}

const char *ko_page_json_text(const json_t *value, char scratch[KO_PAGE_NUMBER_SIZE])
{
    if (json_is_string(value))
        return json_string_value(value);
    if (json_is_integer(value))
        (void)snprintf(scratch, KO_PAGE_NUMBER_SIZE, "%lld", (long long)json_integer_value(value));
    else if (json_is_real(value))
        (void)snprintf(scratch, KO_PAGE_NUMBER_SIZE, "%.12g", json_real_value(value));
    else
        return NULL;
    return scratch;
}

json_t *ko_page_json_first(const json_t *value, const char *const *keys)
{
    for (; *keys; keys++) {
        json_t *found = json_object_get(value, *keys);
        if (found && !json_is_null(found) && !(json_is_string(found) && !json_string_length(found)))
            return found;
    }
    return NULL;
}

json_t *ko_page_json_at(const json_t *value, const char *path)
{
    const json_t *at = value;
    while (at && *path) {
        char key[64];
        const size_t n = strcspn(path, ".");
        assert(n < sizeof key);
        memcpy(key, path, n);
        key[n] = '\0';
        at = json_is_array(at) && n > 0 && isdigit((unsigned char)key[0])
                 ? json_array_get(at, (size_t)(key[0] - '0'))
                 : json_object_get(at, key);
        path += n + (path[n] == '.');
    }
    return (json_t *)at;
}

/* One level of the walk: the value, and how far its members were visited. */
typedef struct level {
    const json_t *value;
    void *member; /* of an object */
    size_t index; /* of an array */
    const char *key;
} level;

/* The next member of a level, with its key; NULL when there is none left. */
static const json_t *next_member(level *at, const char **out_key)
{
    *out_key = at->key;
    if (json_is_array(at->value))
        return json_array_get(at->value, at->index++);
    json_t *object = (json_t *)at->value; /* jansson iterates only over what it may change */
    at->member =
        at->index++ == 0 ? json_object_iter(object) : json_object_iter_next(object, at->member);
    if (!at->member)
        return NULL;
    *out_key = json_object_iter_key(at->member);
    return json_object_iter_value(at->member);
}

void ko_page_json_walk(const json_t *root, ko_page_json_fn *fn, void *context)
{
    level stack[KO_MAX_PAGE_JSON_DEPTH];
    size_t depth = 0, values = 0;
    ko_page_json_visit visit = {.key = "", .value = root};
    if ((!json_is_object(root) && !json_is_array(root)) || !fn(context, &visit))
        return;
    stack[depth++] = (level){.value = root, .key = ""};
    while (depth > 0 && values++ < KO_MAX_PAGE_JSON_VALUES) {
        level *at = &stack[depth - 1];
        visit.value = next_member(at, &visit.key);
        if (!visit.value) {
            depth--;
            continue;
        }
        if (!json_is_object(visit.value) && !json_is_array(visit.value))
            continue;
        visit.parent = json_is_object(at->value) ? at->value : NULL;
        if (fn(context, &visit) && depth < KO_MAX_PAGE_JSON_DEPTH)
            stack[depth++] = (level){.value = visit.value, .key = visit.key};
    }
}
