#include "page/script.h"

#include "base/limits.h"
#include "page/html.h"
#include "page/json.h"
#include "page/words.h"

#include <string.h>
#include <strings.h>

/* Who is told of the values. */
typedef struct reader {
    ko_script_fn *fn;
    void *context;
} reader;

/* Reads n bytes of JSON or of a literal, when they speak of pictures at all. */
static ko_status read_text(const reader *in, const char *text, size_t n)
{
    static const char *const pictures[] = {".jpg",  ".jpeg", ".png", ".webp",
                                           ".avif", "image", NULL};
    json_t *value = NULL;
    if (!ko_words_find(text, n, pictures))
        return KO_OK;
    ko_status st = ko_page_json_parse(text, n, &value);
    if (st == KO_OK)
        st = in->fn(in->context, value);
    json_decref(value);
    return st;
}

/* Reads the text of JSON that a script holds in quotes from text[at] on. */
static ko_status read_quoted(const reader *in, const char *text, size_t size, size_t at)
{
    ko_buf array = KO_BUF(KO_MAX_PAGE_BYTES);
    json_t *value = NULL;
    const char quote = text[at];
    size_t end = at + 1;
    while (end < size && text[end] != quote)
        end += text[end] == '\\' ? 2 : 1;
    end = end < size ? end + 1 : size;
    ko_status st = ko_buf_printf(&array, "[");
    if (st == KO_OK)
        st = ko_buf_append(&array, text + at, end - at);
    if (st == KO_OK)
        st = ko_buf_text(&array, "]");
    if (st == KO_OK)
        st = ko_page_json_parse(array.data, array.size, &value);
    const json_t *inner = json_array_get(value, 0);
    if (st == KO_OK && json_is_string(inner))
        st = read_text(in, json_string_value(inner), json_string_length(inner));
    json_decref(value);
    ko_buf_free(&array);
    return st;
}

/* Looks for assignments of objects, arrays and texts of JSON. What was read is not looked
 * into again, and a bracket that is never closed ends the script: the work stays linear. */
static ko_status read_script(const reader *in, const char *text, size_t size)
{
    static const char parse[] = "JSON.parse(";
    ko_status st = KO_OK;
    for (size_t at = 0; at < size && st == KO_OK; at++) {
        if (text[at] != '=')
            continue;
        size_t from = at + 1;
        while (from < size && (unsigned char)text[from] <= ' ')
            from++;
        if (size - from > sizeof parse && memcmp(text + from, parse, sizeof parse - 1) == 0) {
            from += sizeof parse - 1;
            if (text[from] == '"' || text[from] == '\'')
                st = read_quoted(in, text, size, from);
        } else if (from < size && (text[from] == '{' || text[from] == '[')) {
            const size_t end = ko_page_json_end(text, size, from);
            if (end == size && text[size - 1] != '}' && text[size - 1] != ']')
                break;
            st = read_text(in, text + from, end - from);
            at = end - 1;
        }
    }
    return st;
}

ko_status ko_script_each(const xmlDoc *page, ko_script_fn *fn, void *context)
{
    static const char *const other_types[] = {"ld+json", "template", "x-magento", "html", NULL};
    const reader in = {.fn = fn, .context = context};
    const xmlNode *root = xmlDocGetRootElement(page);
    ko_status st = KO_OK;
    for (const xmlNode *node = root; node && st == KO_OK; node = ko_html_next(node, root)) {
        if (!ko_html_is(node, "script"))
            continue;
        const char *type = ko_html_attribute(node, "type");
        const char *text = ko_html_script(node);
        if (type && ko_words_find(type, strlen(type), other_types))
            continue;
        text += strspn(text, " \t\r\n");
        if (*text == '{' || *text == '[' || (type && strcasecmp(type, "application/json") == 0))
            st = read_text(&in, text, strlen(text));
        else
            st = read_script(&in, text, strlen(text));
    }
    return st;
}
