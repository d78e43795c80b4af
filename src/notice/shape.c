#include "notice/shape.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/day.h"
#include "base/text.h"

#include <assert.h>
#include <string.h>

/* Where in the file: a field of an object, or an item of a list, inside what is up. */
typedef struct place {
    const struct place *up;
    const char *name; /* NULL: an item */
    size_t index;
} place;

typedef struct reading {
    ko_shape_known_fn *known;
    const void *context;
    ko_error *err;
} reading;

/* --- what is wrong, and where --- */

#define MAX_PLACE_BYTES ((size_t)300)

static ko_status write_place(ko_buf *out, const place *at)
{
    ko_status st = at->up ? write_place(out, at->up) : KO_OK;
    if (st == KO_OK)
        st = at->name ? ko_buf_printf(out, "%s%s", out->size ? "." : "", at->name)
                      : ko_buf_printf(out, "[%zu]", at->index);
    return st;
}

static ko_status refuse(const reading *in, const place *at, const char *expected)
{
    ko_buf where = KO_BUF(MAX_PLACE_BYTES);
    const ko_status st = at ? write_place(&where, at) : ko_buf_text(&where, "the whole");
    if (st == KO_OK)
        (void)ko_fail(in->err, KO_E_FORMAT, "%s: expected %.150s", where.data, expected);
    else
        (void)ko_fail(in->err, KO_E_FORMAT, "expected %.150s", expected);
    ko_buf_free(&where);
    return KO_E_FORMAT;
}

/* "one of a, b, c" */
static ko_status refuse_word(const reading *in, const place *at, const char *const *words)
{
    ko_buf expected = KO_BUF(MAX_PLACE_BYTES);
    ko_status st = ko_buf_text(&expected, "one of ");
    for (size_t i = 0; words[i] && st == KO_OK; i++)
        st = ko_buf_printf(&expected, "%s%s", i ? ", " : "", words[i]);
    st = refuse(in, at, st == KO_OK ? expected.data : "another word");
    ko_buf_free(&expected);
    return st;
}

/* --- one value --- */

static size_t item_size(const ko_shape_field *field)
{
    switch (field->kind) {
    case KO_SHAPE_TEXT:
    case KO_SHAPE_NAME:
        return sizeof(const char *);
    case KO_SHAPE_NUMBER:
        return sizeof(int);
    case KO_SHAPE_FLAG:
        return sizeof(bool);
    case KO_SHAPE_WORD:
        return sizeof(unsigned);
    case KO_SHAPE_DAY:
        return sizeof(ko_day);
    case KO_SHAPE_OBJECT:
        return field->of->size;
    }
    return 0;
}

static ko_status read_text(const reading *in, const place *at, const json_t *json, void *out)
{
    const char *text = json_string_value(json);
    if (!text || !*text)
        return refuse(in, at, "a text");
    char *clean = ko_text_clean_dup(text);
    if (!clean)
        return ko_fail(in->err, KO_E_NOMEM, "no memory for a text");
    const bool is_clean = strcmp(clean, text) == 0;
    ko_free(clean);
    if (!is_clean)
        return refuse(in, at, "one line without control characters");
    memcpy(out, &text, sizeof text);
    return KO_OK;
}

static ko_status read_name(const reading *in, const place *at, const json_t *json, const char *what,
                           void *out)
{
    assert(in->known && what);
    const ko_status st = read_text(in, at, json, out);
    if (st != KO_OK || in->known(in->context, what, json_string_value(json)))
        return st;
    ko_buf expected = KO_BUF(MAX_PLACE_BYTES);
    const ko_status written = ko_buf_printf(&expected, "the name of a %s, there is no \"%.60s\"",
                                            what, json_string_value(json));
    (void)refuse(in, at, written == KO_OK ? expected.data : what);
    ko_buf_free(&expected);
    return KO_E_FORMAT;
}

static ko_status read_number(const reading *in, const place *at, const json_t *json,
                             const ko_shape_field *field, void *out)
{
    const json_int_t number = json_integer_value(json);
    if (!json_is_integer(json) || number < field->least || number > field->most) {
        ko_buf expected = KO_BUF(MAX_PLACE_BYTES);
        const ko_status st =
            ko_buf_printf(&expected, "a whole number from %d to %d", field->least, field->most);
        (void)refuse(in, at, st == KO_OK ? expected.data : "a whole number");
        ko_buf_free(&expected);
        return KO_E_FORMAT;
    }
    *(int *)out = (int)number;
    return KO_OK;
}

static ko_status read_word(const reading *in, const place *at, const json_t *json,
                           const char *const *words, void *out)
{
    const char *text = json_string_value(json);
    for (unsigned i = 0; text && words[i]; i++) {
        if (strcmp(text, words[i]) == 0) {
            *(unsigned *)out = i;
            return KO_OK;
        }
    }
    return refuse_word(in, at, words);
}

static ko_status read_object(const reading *in, const place *at, const json_t *json,
                             const ko_shape *shape, void *out);

static ko_status read_one(const reading *in, const place *at, const json_t *json,
                          const ko_shape_field *field, void *out)
{
    switch (field->kind) {
    case KO_SHAPE_TEXT:
        return read_text(in, at, json, out);
    case KO_SHAPE_NAME:
        return read_name(in, at, json, field->what, out);
    case KO_SHAPE_NUMBER:
        return read_number(in, at, json, field, out);
    case KO_SHAPE_FLAG:
        *(bool *)out = json_is_true(json);
        return json_is_boolean(json) ? KO_OK : refuse(in, at, "true or false");
    case KO_SHAPE_WORD:
        return read_word(in, at, json, field->words, out);
    case KO_SHAPE_DAY:
        if (json_is_string(json) && ko_day_read(json_string_value(json), out))
            return KO_OK;
        return refuse(in, at, "a day such as 2026-11-21");
    case KO_SHAPE_OBJECT:
        return read_object(in, at, json, field->of, out);
    }
    return KO_E_FORMAT;
}

/* --- lists and objects --- */

/* What the struct holds of a list. The pointer is of another type there, so its bytes are
 * copied. */
static char *list_of(const ko_shape_field *field, const char *filled)
{
    char *items = NULL;
    memcpy(&items, filled + field->at, sizeof items);
    return items;
}

static ko_status read_many(const reading *in, const place *at, const json_t *json,
                           const ko_shape_field *field, char *out)
{
    if (!json_is_array(json))
        return refuse(in, at, "a list");
    const size_t n = json_array_size(json);
    const size_t size = item_size(field);
    assert(size > 0 && !list_of(field, out));
    char *items = ko_alloc_zero(n, size);
    if (!items)
        return ko_fail(in->err, KO_E_NOMEM, "no memory for a list of %zu", n);
    memcpy(out + field->at, &items, sizeof items);
    memcpy(out + field->count_at, &n, sizeof n); /* all are zero or filled, so all can be freed */
    ko_status st = KO_OK;
    for (size_t i = 0; i < n && st == KO_OK; i++)
        st = read_one(in, &(place){at, NULL, i}, json_array_get(json, i), field, items + i * size);
    return st;
}

static bool has_field(const ko_shape *shape, const char *name)
{
    for (const ko_shape_field *field = shape->fields; field->name; field++)
        if (strcmp(field->name, name) == 0)
            return true;
    return false;
}

/* jansson's iterators want an object that may be changed; none is. */
static ko_status refuse_unknown(const reading *in, const place *at, const json_t *json,
                                const ko_shape *shape)
{
    json_t *object = (json_t *)json;
    const char *name;
    json_t *value;
    json_object_foreach(object, name, value)
    {
        (void)value;
        if (has_field(shape, name))
            continue;
        char *clean = ko_text_clean_dup(name);
        const ko_status st =
            refuse(in, &(place){at, clean ? clean : "?", 0}, "a field that is known");
        ko_free(clean);
        return st;
    }
    return KO_OK;
}

static ko_status read_object(const reading *in, const place *at, const json_t *json,
                             const ko_shape *shape, void *out)
{
    if (!json_is_object(json))
        return refuse(in, at, "an object");
    ko_status st = refuse_unknown(in, at, json, shape);
    for (const ko_shape_field *field = shape->fields; field->name && st == KO_OK; field++) {
        const place here = {at, field->name, 0};
        const json_t *value = json_object_get(json, field->name);
        if (value && field->many)
            st = read_many(in, &here, value, field, out);
        else if (value)
            st = read_one(in, &here, value, field, (char *)out + field->at);
        else if (!field->optional)
            st = refuse(in, &here, "it to be there");
        else if (field->kind == KO_SHAPE_FLAG && !field->many)
            memcpy((char *)out + field->at, &field->otherwise, sizeof field->otherwise);
    }
    return st;
}

ko_status ko_shape_read(const ko_shape *shape, const json_t *json, ko_shape_known_fn *known,
                        const void *context, void *out, ko_error *err)
{
    const reading in = {known, context, err};
    return read_object(&in, NULL, json, shape, out);
}

void ko_shape_free(const ko_shape *shape, void *filled)
{
    char *at = filled;
    for (const ko_shape_field *field = shape->fields; field->name; field++) {
        if (!field->many && field->kind == KO_SHAPE_OBJECT)
            ko_shape_free(field->of, at + field->at);
        if (!field->many)
            continue;
        char *items = list_of(field, at);
        size_t n = 0;
        memcpy(&n, at + field->count_at, sizeof n);
        for (size_t i = 0; i < n && field->kind == KO_SHAPE_OBJECT; i++)
            ko_shape_free(field->of, items + i * field->of->size);
        ko_free(items);
    }
    memset(filled, 0, shape->size);
}

ko_status ko_shape_parse(const char *text, size_t size, json_t **out_json, ko_error *err)
{
    json_error_t why;
    json_t *json = json_loadb(text, size, JSON_REJECT_DUPLICATES, &why);
    if (json) {
        *out_json = json;
        return KO_OK;
    }
    if (json_error_code(&why) == json_error_out_of_memory)
        return ko_fail(err, KO_E_NOMEM, "no memory for JSON");
    char *clean = ko_text_clean_dup(why.text);
    const ko_status st = ko_fail(err, KO_E_FORMAT, "line %d, column %d: %.200s", why.line,
                                 why.column, clean ? clean : "not JSON");
    ko_free(clean);
    return st;
}
