#include "listing/encoding.h"

#include "base/recode.h"
#include "base/text.h"

#include <assert.h>
#include <string.h>

typedef struct encoding {
    const char *name; /* as iconv calls it */
    const char *mark;
    size_t mark_size;
} encoding;

static const encoding utf8 = {KO_UTF8, "\xEF\xBB\xBF", 3};
static const encoding utf16le = {"UTF-16LE", "\xFF\xFE", 2};
static const encoding utf16be = {"UTF-16BE", "\xFE\xFF", 2};
static const encoding windows1252 = {"WINDOWS-1252", "", 0};

static bool marked(const encoding *e, const char *bytes, size_t size)
{
    return size >= e->mark_size && memcmp(bytes, e->mark, e->mark_size) == 0;
}

ko_status ko_sheet_decode(const char *bytes, size_t size, ko_buf *converted,
                          ko_sheet_text *out_text, ko_error *err)
{
    assert(bytes && converted->size == 0);
    const encoding *from = &utf8;
    size_t mark_size = 0;
    if (marked(&utf16le, bytes, size))
        from = &utf16le;
    else if (marked(&utf16be, bytes, size))
        from = &utf16be;
    else if (!marked(&utf8, bytes, size) && !ko_text_is_utf8(bytes, size))
        from = &windows1252;
    if (marked(from, bytes, size))
        mark_size = from->mark_size;
    ko_sheet_text text = {.text = bytes + mark_size,
                          .size = size - mark_size,
                          .assumed = from == &windows1252 ? "Windows-1252" : NULL};
    if (from != &utf8) {
        const ko_status st = ko_recode(from->name, text.text, text.size, converted, err);
        if (st != KO_OK)
            return st;
        text.text = converted->data ? converted->data : "";
        text.size = converted->size;
    }
    *out_text = text;
    return KO_OK;
}
