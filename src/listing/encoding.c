#include "listing/encoding.h"

#include "base/text.h"

#include <assert.h>
#include <errno.h>
#include <iconv.h>
#include <string.h>

#define REPLACEMENT "\xEF\xBF\xBD" /* U+FFFD */

typedef struct encoding {
    const char *name; /* as iconv calls it */
    const char *mark;
    size_t mark_size;
    size_t unit_size; /* bytes to skip when they mean nothing */
} encoding;

static const encoding utf8 = {"UTF-8", "\xEF\xBB\xBF", 3, 1};
static const encoding utf16le = {"UTF-16LE", "\xFF\xFE", 2, 2};
static const encoding utf16be = {"UTF-16BE", "\xFE\xFF", 2, 2};
static const encoding windows1252 = {"WINDOWS-1252", "", 0, 1};

static bool marked(const encoding *e, const char *bytes, size_t size)
{
    return size >= e->mark_size && memcmp(bytes, e->mark, e->mark_size) == 0;
}

static ko_status append(ko_buf *out, const char *text, size_t n, ko_error *err)
{
    if (n > out->max - out->size)
        return ko_fail(err, KO_E_LIMIT, "more than %zu bytes as UTF-8", out->max);
    if (ko_buf_append(out, text, n) != KO_OK)
        return ko_fail(err, KO_E_NOMEM, "no memory to convert a sheet to UTF-8");
    return KO_OK;
}

static ko_status convert(const encoding *from, const char *bytes, size_t size, ko_buf *out,
                         ko_error *err)
{
    const iconv_t converter = iconv_open(utf8.name, from->name);
    if (converter == (iconv_t)-1) // NOLINT(performance-no-int-to-ptr): as POSIX names the failure
        return ko_fail(err, KO_E_UNSUPPORTED, "no %s on this system", from->name);
    char *in = (char *)bytes; /* iconv does not write to it */
    size_t left = size;
    ko_status st = KO_OK;
    while (st == KO_OK && left > 0) {
        char chunk[4096];
        char *end = chunk;
        size_t room = sizeof chunk;
        const size_t result = iconv(converter, &in, &left, &end, &room);
        const int why = result == (size_t)-1 ? errno : 0;
        st = append(out, chunk, (size_t)(end - chunk), err);
        if (st == KO_OK && (why == EILSEQ || why == EINVAL)) {
            const size_t skipped = left < from->unit_size ? left : from->unit_size;
            in += skipped;
            left -= skipped;
            st = append(out, REPLACEMENT, strlen(REPLACEMENT), err);
        }
    }
    (void)iconv_close(converter);
    return st;
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
        const ko_status st = convert(from, text.text, text.size, converted, err);
        if (st != KO_OK)
            return st;
        text.text = converted->data ? converted->data : "";
        text.size = converted->size;
    }
    *out_text = text;
    return KO_OK;
}
