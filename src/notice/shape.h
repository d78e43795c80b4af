/* notice/shape.h - JSON read into structs, by tables that say what is expected where.
 *
 * Rules and holidays are data that users may replace by files of their own. A table describes
 * a struct field by field; what a file says otherwise is refused with one line that names the
 * place ("channels[2].list.most") and what is expected there. Fields that no table has are
 * refused, too: they are misspelt ones.
 *
 * Texts stay in the JSON, which must live as long as the struct. */
#ifndef KO_NOTICE_SHAPE_H
#define KO_NOTICE_SHAPE_H

#include "base/status.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

typedef enum ko_shape_kind {
    KO_SHAPE_TEXT,   /* const char *: one clean line (base/text.h), not empty */
    KO_SHAPE_NAME,   /* the same, of a thing that exists: see ko_shape_known_fn */
    KO_SHAPE_NUMBER, /* int: whole, from least to most */
    KO_SHAPE_FLAG,   /* bool */
    KO_SHAPE_WORD,   /* unsigned: which of words it is */
    KO_SHAPE_DAY,    /* ko_day: "2026-11-21" */
    KO_SHAPE_OBJECT  /* the struct that of describes */
} ko_shape_kind;

typedef struct ko_shape ko_shape;

typedef struct ko_shape_field {
    const char *name;
    ko_shape_kind kind;
    size_t at;                /* where in the struct */
    bool optional;            /* stays zero when it is not there */
    bool otherwise;           /* of an optional flag: what it is then */
    bool many;                /* a list: at is that of a pointer to its items */
    size_t count_at;          /* of a list: where its size_t count is */
    int least, most;          /* of a number */
    const char *const *words; /* NULL ends them */
    const char *what;         /* of a name: what kind of thing, "source" */
    const ko_shape *of;
} ko_shape_field;

struct ko_shape {
    size_t size;                  /* of the struct */
    const ko_shape_field *fields; /* read in this order; ends in {0} */
};

/* Is there a thing of this kind and name? */
typedef bool ko_shape_known_fn(const void *context, const char *what, const char *name);

/* Fills the zeroed struct at out. known may be NULL when no field is a name. KO_E_FORMAT, and
 * KO_E_NOMEM; then the struct is what ko_shape_free takes, as it is after KO_OK. */
KO_NODISCARD ko_status ko_shape_read(const ko_shape *shape, const json_t *json,
                                     ko_shape_known_fn *known, const void *context, void *out,
                                     ko_error *err);

/* Frees the lists of a struct, and theirs, and zeroes it. */
void ko_shape_free(const ko_shape *shape, void *filled);

/* Reads JSON, to be freed with json_decref. KO_E_FORMAT: which line and column. */
KO_NODISCARD ko_status ko_shape_parse(const char *text, size_t size, json_t **out_json,
                                      ko_error *err);

#endif
