#include "base/text.h"

#include "base/alloc.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

#define REPLACEMENT "\xEF\xBF\xBD" /* U+FFFD */

/* Length of the well-formed UTF-8 sequence at s (RFC 3629), 0 when there is none. */
static size_t sequence(const unsigned char *s, size_t n, uint32_t *out_code)
{
    if (s[0] < 0x80) {
        *out_code = s[0];
        return 1;
    }
    const size_t length = s[0] >= 0xF0 ? 4 : s[0] >= 0xE0 ? 3 : 2;
    if (s[0] < 0xC2 || s[0] > 0xF4 || length > n)
        return 0;
    uint32_t code = s[0] & (0xFFu >> (length + 1));
    for (size_t i = 1; i < length; i++) {
        if ((s[i] & 0xC0) != 0x80)
            return 0;
        code = code << 6 | (s[i] & 0x3Fu);
    }
    static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
    if (code < least[length] || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
        return 0;
    *out_code = code;
    return length;
}

/* Characters that move the cursor, hide text or turn its direction. */
static bool hostile(uint32_t c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || (c >= 0x200B && c <= 0x200F) ||
           (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF ||
           (c >= 0xFFF9 && c <= 0xFFFB) || (c >= 0xE0000 && c <= 0xE007F);
}

ko_status ko_text_clean(ko_buf *out, const char *text, size_t n)
{
    const unsigned char *s = (const unsigned char *)text;
    for (size_t i = 0; i < n;) {
        uint32_t c = 0;
        const size_t length = sequence(s + i, n - i, &c);
        ko_status st;
        if (c == '\t' || c == '\n' || c == '\r')
            st = ko_buf_append(out, " ", 1);
        else if (length == 0 || hostile(c))
            st = ko_buf_text(out, REPLACEMENT);
        else
            st = ko_buf_append(out, s + i, length);
        if (st != KO_OK)
            return st;
        i += length ? length : 1;
    }
    return ko_buf_append(out, "", 0);
}

char *ko_text_clean_dup(const char *text)
{
    const size_t n = strlen(text);
    ko_buf buf = KO_BUF(3 * n); /* one bad byte grows to three */
    return ko_text_clean(&buf, text, n) == KO_OK ? buf.data : NULL;
}

bool ko_text_is_utf8(const char *text, size_t n)
{
    for (size_t i = 0; i < n;) {
        uint32_t c;
        const size_t length = sequence((const unsigned char *)text + i, n - i, &c);
        if (length == 0)
            return false;
        i += length;
    }
    return true;
}

bool ko_text_same(const char *a, const char *b)
{
    return strcasecmp(a, b) == 0;
}

static bool blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

char *ko_text_trim(char *text)
{
    while (blank(*text))
        text++;
    size_t n = strlen(text);
    while (n && blank(text[n - 1]))
        n--;
    text[n] = '\0';
    return text;
}

/* What a spreadsheet may take for the begin of a formula. In Japanese and Chinese settings
 * the full-width forms (U+FF1D, U+FF0B, U+FF0D, U+FF20) count as well. */
static const char *const formula_starts[] = {
    "=", "+", "-", "@", "\xEF\xBC\x9D", "\xEF\xBC\x8B", "\xEF\xBC\x8D", "\xEF\xBC\xA0"};

/* Blanks that some programs skip before they look: ASCII, no-break, ideographic. */
static const char *const blanks[] = {" ", "\xC2\xA0", "\xE3\x80\x80"};

/* Length of the one among n texts that s begins with, or 0. */
static size_t begins_with(const char *s, const char *const *texts, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strncmp(s, texts[i], strlen(texts[i])) == 0)
            return strlen(texts[i]);
    return 0;
}

static bool is_number(const char *s)
{
    s += *s == '-' || *s == '+';
    const size_t whole = strspn(s, "0123456789");
    s += whole;
    const size_t fraction = *s == '.' ? strspn(s + 1, "0123456789") : 0;
    s += fraction ? fraction + 1 : 0;
    return whole > 0 && *s == '\0';
}

bool ko_text_is_formula(const char *text)
{
    const char *s = text;
    if (is_number(s))
        return false;
    for (size_t n; (n = begins_with(s, blanks, sizeof blanks / sizeof *blanks));)
        s += n;
    return begins_with(s, formula_starts, sizeof formula_starts / sizeof *formula_starts) > 0;
}

void ko_text_hex(const unsigned char *bytes, size_t n, char *out)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < n; i++) {
        out[2 * i] = digits[bytes[i] >> 4];
        out[2 * i + 1] = digits[bytes[i] & 15];
    }
    out[2 * n] = '\0';
}
