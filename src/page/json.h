/* page/json.h - JSON as pages hold it: almost JSON, in the middle of scripts. */
#ifndef KO_PAGE_JSON_H
#define KO_PAGE_JSON_H

#include "base/buf.h"

#include <jansson.h>
#include <stdbool.h>

/* Where the object or array that begins at text[at] ends, one past its bracket. Brackets in
 * strings and comments do not count. size when it is never closed. */
size_t ko_page_json_end(const char *text, size_t size, size_t at);

/* Parses the first object or array in n bytes; what stands around it (HTML comments, CDATA
 * marks, a callback's name) is ignored. Strict JSON first; what is none is read as a
 * literal of JavaScript: comments, single quotes, bare keys, commas before a bracket, line
 * breaks in strings; a value that is an expression is null. *out_value is NULL when there
 * is none or it is broken or deeper than KO_MAX_PAGE_JSON_DEPTH. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_page_json_parse(const char *text, size_t n, json_t **out_value);

/* The text of a string, or a number written out to scratch; NULL for anything else. */
#define KO_PAGE_NUMBER_SIZE 40
const char *ko_page_json_text(const json_t *value, char scratch[KO_PAGE_NUMBER_SIZE]);

/* The value of the first of these keys that the object has, without regard to null and
 * empty strings; ends with NULL. NULL when value is no object. */
json_t *ko_page_json_first(const json_t *value, const char *const *keys);
/* The value that a path such as "price.sale.value" leads to, NULL when there is none. */
json_t *ko_page_json_at(const json_t *value, const char *path);

/* Walks over all objects of a value in document order, parents first. A callback returns
 * false to leave out what lies below the object. */
typedef struct ko_page_json_visit {
    const char *key;      /* nearest key above it, "" for none */
    const json_t *value;  /* an object or an array */
    const json_t *parent; /* the object around it, NULL for none */
} ko_page_json_visit;
typedef bool ko_page_json_fn(void *context, const ko_page_json_visit *visit);
void ko_page_json_walk(const json_t *root, ko_page_json_fn *fn, void *context);

#endif
