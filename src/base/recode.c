#include "base/recode.h"

#include "base/status.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>

#define REPLACEMENT "\xEF\xBF\xBD" /* U+FFFD */

static ko_status append(ko_buf *out, const char *text, size_t n, ko_error *err)
{
    if (n > out->max - out->size)
        return ko_fail(err, KO_E_LIMIT, "more than %zu bytes as UTF-8", out->max);
    if (ko_buf_append(out, text, n) != KO_OK)
        return ko_fail(err, KO_E_NOMEM, "no memory to convert text to UTF-8");
    return KO_OK;
}

ko_status ko_recode(const char *from, const char *bytes, size_t size, ko_buf *out, ko_error *err)
{
    const iconv_t converter = iconv_open(KO_UTF8, from);
    if (converter == (iconv_t)-1) // NOLINT(performance-no-int-to-ptr): as POSIX names the failure
        return ko_fail(err, KO_E_UNSUPPORTED, "no %s on this system", from);
    const size_t unit = strncmp(from, "UTF-16", 6) == 0 ? 2 : 1;
    char *in = (char *)bytes; /* iconv does not write to it */
    size_t left = size;
    ko_status st = KO_OK;
    while (st == KO_OK && left > 0) {
        char chunk[8192];
        char *end = chunk;
        size_t room = sizeof chunk;
        const size_t result = iconv(converter, &in, &left, &end, &room);
        const int why = result == (size_t)-1 ? errno : 0;
        st = append(out, chunk, (size_t)(end - chunk), err);
        if (st == KO_OK && (why == EILSEQ || why == EINVAL)) {
            const size_t skipped = left < unit ? left : unit;
            in += skipped;
            left -= skipped;
            st = append(out, REPLACEMENT, strlen(REPLACEMENT), err);
        }
    }
    (void)iconv_close(converter);
    return st;
}
