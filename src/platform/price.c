/* The text is first brought to ASCII digits, marks and blanks; then numbers are looked for and
 * what stands beside them, the one with a currency beside it before all others. */
#include "platform/price.h"

#include "base/limits.h"
#include "platform/currencies.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define MAX_DIGITS 15 /* of a number before its decimals; with three of these it fits 64 bits */
#define NONE ((size_t)-1)

/* --- text to plain text --- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

/* Decodes the UTF-8 character that text begins with; 1 byte, itself, when it is none. */
static size_t decode(const char *text, size_t n, uint32_t *out)
{
    const unsigned char *b = (const unsigned char *)text;
    const size_t length = b[0] < 0xC2 ? 1 : b[0] < 0xE0 ? 2 : b[0] < 0xF0 ? 3 : 4;
    *out = b[0];
    if (length == 1 || length > n || b[0] > 0xF4)
        return 1;
    uint32_t c = b[0] & (0xFFu >> (length + 1));
    for (size_t i = 1; i < length; i++) {
        if ((b[i] & 0xC0) != 0x80)
            return 1;
        c = c << 6 | (b[i] & 0x3Fu);
    }
    *out = c;
    return length;
}

/* The ASCII character that stands for c in a price: digits of other scripts, blanks, dashes
 * and marks. 0: it has none; 0x7F: it is not seen. */
static char plain_character(uint32_t c)
{
    static const struct {
        uint32_t first, last;
        char plain;
        bool run; /* the characters from first on are those from plain on */
    } kinds[] = {
        {0x09, 0x0D, ' ', false},      {0xA0, 0xA0, ' ', false},     {0x61C, 0x61C, 0x7F, false},
        {0x660, 0x669, '0', true},     {0x66B, 0x66B, '.', false},   {0x66C, 0x66C, ',', false},
        {0x6F0, 0x6F9, '0', true},     {0x966, 0x96F, '0', true},    {0x2000, 0x200A, ' ', false},
        {0x200B, 0x200F, 0x7F, false}, {0x2010, 0x2015, '-', false}, {0x2019, 0x2019, '\'', false},
        {0x202A, 0x202E, 0x7F, false}, {0x202F, 0x202F, ' ', false}, {0x2066, 0x2069, 0x7F, false},
        {0x2212, 0x2212, '-', false},  {0x3000, 0x3000, ' ', false}, {0x301C, 0x301C, '~', false},
        {0xFEFF, 0xFEFF, 0x7F, false}, {0xFF0C, 0xFF0C, ',', false}, {0xFF0E, 0xFF0E, '.', false},
        {0xFF10, 0xFF19, '0', true},   {0xFF5E, 0xFF5E, '~', false},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (c < kinds[i].first || c > kinds[i].last)
            continue;
        const unsigned offset = kinds[i].run ? c - kinds[i].first : 0;
        return (char)(kinds[i].plain + (char)offset);
    }
    return 0;
}

/* Returns the size of what it wrote to out, with a zero behind it. */
static size_t make_plain(const char *text, size_t n, char out[KO_MAX_PRICE_BYTES + 1])
{
    size_t size = 0;
    for (size_t i = 0; i < n;) {
        uint32_t c = 0;
        const size_t length = decode(text + i, n - i, &c);
        const char plain = plain_character(c);
        if (plain == 0) {
            memcpy(out + size, text + i, length);
            size += length;
        } else if (plain != 0x7F) {
            out[size++] = plain;
        }
        i += length;
    }
    out[size] = '\0';
    return size;
}

/* --- currencies --- */

/* A sign or word that was found: its currency and its bytes. */
typedef struct sign {
    const ko_currency *currency;
    const char *at;
    size_t n;
} sign;

/* Scripts whose words run on: neither ASCII, nor signs, nor the East Asian ones. */
static bool is_word_byte(char c)
{
    const unsigned char b = (unsigned char)c;
    return b >= 0xC3 && b <= 0xDF;
}

/* May a sign end where next follows? Not inside a word. */
static bool is_end(const char *last, size_t n, char next)
{
    if (is_letter(last[n - 1]))
        return !is_letter(next);
    return !is_word_byte(last[0]) || !is_word_byte(next);
}

/* Does the sign stand at the end (or else the start) of text[0..n), as a word of its own? */
static bool stands(const char *written, size_t size, const char *text, size_t n, bool at_end)
{
    if (size == 0 || size > n)
        return false;
    const char *at = at_end ? text + n - size : text;
    const bool same = strncasecmp(written, at, size) == 0;
    if (!same || (size < 3 && memcmp(written, at, size) != 0))
        return false;
    if (!at_end)
        return size == n || is_end(written, size, at[size]);
    if (at == text)
        return true;
    if (size == 1 && is_letter(*written))
        return at[-1] == ' ';
    return is_letter(written[0]) ? !is_letter(at[-1])
                                 : !is_word_byte(written[0]) || (at[-1] & 0x80) == 0;
}

/* The longest of the ways to write a currency that stands there, not longer than found yet. */
static void match_currency(const ko_currency *c, const char *text, size_t n, bool at_end,
                           sign *best)
{
    for (const char *written = c->code; *written;) {
        const size_t size = strcspn(written, "|");
        if (size > best->n && stands(written, size, text, n, at_end))
            *best = (sign){c, at_end ? text + n - size : text, size};
        const bool is_code = written == c->code;
        written += size;
        written = is_code ? c->written : written + (*written == '|');
    }
}

/* What stands at one end of text[0..n); of several currencies with the same sign, context. */
static sign find_sign(const char *text, size_t n, bool at_end, const ko_currency *context)
{
    sign best = {0};
    for (const ko_currency *c = ko_currencies; *c->code; c++)
        match_currency(c, text, n, at_end, &best);
    if (best.n && context) {
        sign again = {.n = best.n - 1};
        match_currency(context, text, n, at_end, &again);
        if (again.currency)
            best = again;
    }
    return best;
}

/* The first sign anywhere in text. */
static const ko_currency *find_anywhere(const char *text, size_t n, const ko_currency *context)
{
    for (size_t i = 0; i < n; i++) {
        const bool inside =
            i > 0 && ((is_letter(text[i - 1]) && is_letter(text[i])) || (text[i] & 0xC0) == 0x80);
        const sign found = inside ? (sign){0} : find_sign(text + i, n - i, false, context);
        if (found.currency && !(found.n == 1 && is_letter(text[i])))
            return found.currency;
    }
    return NULL;
}

/* --- numbers --- */

typedef struct number {
    size_t start, end;    /* in the text, without its currency */
    size_t before, after; /* the same with it */
    const ko_currency *currency;
} number;

static size_t count_digits(const char *text)
{
    return strspn(text, "0123456789");
}

/* Length of the mark that goes on with the number at text, 0 when it ends. A blank does only
 * before three digits, or behind a mark before two; "5€49" is a way to write decimals. */
static size_t mark_length(const char *text)
{
    if (*text && strchr(".,'", *text) && is_digit(text[1]))
        return 1;
    if (*text && strchr(".,", *text) && text[1] == ' ' && count_digits(text + 2) == 2)
        return 2;
    if (*text == ' ' && count_digits(text + 1) == 3)
        return 1;
    return strncmp(text, "€", 3) == 0 && count_digits(text + 3) == 2 ? 3 : 0;
}

/* Finds the first number at or after offset from; false when there is none. */
static bool next_number(const char *text, size_t n, size_t from, number *out)
{
    size_t at = from;
    while (at < n && !is_digit(text[at]))
        at++;
    if (at == n)
        return false;
    const bool bare = at > from && (text[at - 1] == '.' || text[at - 1] == ',') &&
                      (at < 2 || !(is_letter(text[at - 2]) || (text[at - 2] & 0x80)));
    const size_t start = bare ? at - 1 : at;
    for (size_t mark = 0;; at += mark) {
        at += count_digits(text + at);
        mark = mark_length(text + at);
        if (!mark)
            break;
    }
    *out = (number){.start = start, .end = at, .before = start, .after = at};
    return true;
}

/* Where the decimals of text[0..n) begin: the offset of their mark, n when there are none,
 * NONE when what comes before them is not grouped by one mark. A mark that comes once and has
 * three digits behind it groups thousands, unless the currency has three decimals. */
static size_t decimal_mark(const char *text, size_t n, unsigned minor_digits)
{
    size_t last = n, same = 0, others = 0; /* how often the last mark comes, and others do */
    for (size_t i = n; i-- > 0;) {
        if (is_digit(text[i]))
            continue;
        if ((unsigned char)text[i] >= 0x80)
            return i - 2; /* the euro sign, by its last byte */
        if (last == n && (text[i] == '.' || text[i] == ','))
            last = i;
        same += last < n && text[i] == text[last];
        others += last == n || text[i] != text[last];
    }
    if (last == n || (same > 1 && !others))
        return n;
    if (same > 1)
        return NONE;
    const bool thousands =
        n - last - 1 == 3 && !others && last > 0 && last <= 3 && !(last == 1 && text[0] == '0');
    return thousands && minor_digits != 3 ? n : last;
}

/* Groups have three digits; in India, all but the last may have two. */
static bool is_grouped(const char *text, size_t n)
{
    size_t digits = 0, marks = 0;
    for (size_t i = n; i-- > 0;) {
        if (is_digit(text[i])) {
            digits++;
            continue;
        }
        if (digits != 3 && !(digits == 2 && marks > 0))
            return false;
        digits = 0;
        marks++;
    }
    return marks == 0 || (digits > 0 && digits <= 3);
}

static ko_status to_minor(const char *text, size_t n, unsigned minor_digits, int64_t *out)
{
    const size_t mark = decimal_mark(text, n, minor_digits);
    if (mark == NONE || !is_grouped(text, mark))
        return KO_E_NOT_FOUND;
    int64_t value = 0;
    size_t digits = 0;
    for (size_t i = 0; i < mark; i++)
        if (is_digit(text[i])) {
            digits += value > 0 || text[i] != '0';
            if (digits > MAX_DIGITS)
                return KO_E_LIMIT;
            value = 10 * value + (text[i] - '0');
        }
    if (minor_digits > 3 && digits > 8) /* of bitcoin there are 21 million */
        return KO_E_LIMIT;
    size_t at = mark;
    while (at < n && !is_digit(text[at]))
        at++;
    for (unsigned i = 0; i < minor_digits; i++)
        value = 10 * value + (at < n ? text[at++] - '0' : 0);
    *out = value + (at > mark && at < n && text[at] >= '5');
    return KO_OK;
}

static const char *skip_blanks(const char *at)
{
    while (*at == ' ')
        at++;
    return at;
}

static bool is_code(sign s)
{
    return s.at && s.n == 3 && memcmp(s.at, s.currency->code, 3) == 0;
}

static size_t without_blanks(const char *text, size_t n)
{
    while (n && strchr(" :.", text[n - 1]))
        n--;
    return n;
}

/* The sign before text[n]. "NZD $" means what its code says. */
static sign sign_before(const char *text, size_t n, const ko_currency *context)
{
    sign found = find_sign(text, without_blanks(text, n), true, context);
    if (!found.currency) /* signs that end in a dot */
        found = find_sign(text, n, true, context);
    if (!found.currency || is_code(found))
        return found;
    const size_t left = without_blanks(text, (size_t)(found.at - text));
    const sign code = find_sign(text, left, true, NULL);
    if (!is_code(code))
        return found;
    sign both = {.n = found.n - 1};
    match_currency(code.currency, found.at, found.n, true, &both);
    return both.currency ? (sign){code.currency, code.at, (size_t)(found.at - code.at) + found.n}
                         : found;
}

static sign sign_after(const char *text, size_t n, size_t at, const ko_currency *context)
{
    while (at < n && strchr(" .,-*", text[at]))
        at++;
    return find_sign(text + at, n - at, false, context);
}

/* Widens a number to the currency beside it. "$5 AUD" means what its code says, and of two
 * that differ a sign says more than a word. */
static void look_beside(const char *text, size_t n, const ko_currency *context, number *x)
{
    sign before = sign_before(text, x->start, context);
    sign after = sign_after(text, n, x->end, context);
    const char *next = after.at ? after.at + after.n : "";
    const bool apart = after.at && after.at > text + x->end;
    if (before.currency ? is_digit(*skip_blanks(next)) : apart && is_digit(*next))
        after = (sign){0}; /* it is the next number's */
    if (is_code(after))
        before = sign_before(text, x->start, after.currency);
    const bool word = before.currency && is_letter(before.at[0]) && !is_code(before);
    if (before.currency && !(word && after.currency)) {
        x->currency = before.currency;
        x->before = (size_t)(before.at - text);
    }
    if (after.currency && (!x->currency || x->currency == after.currency)) {
        x->currency = after.currency;
        x->after = (size_t)(after.at - text) + after.n;
    }
}

/* Percentages, dates and numbers of things. */
static bool is_no_price(const char *text, const number *x)
{
    if (*skip_blanks(text + x->end) == '%' || (text[x->end] == '/' && is_digit(text[x->end + 1])))
        return true;
    return x->start > 0 && (text[x->start - 1] == '/' || text[x->start - 1] == '#');
}

/* Only a dash or a word for "to" between two numbers, and the currency. */
static bool is_range(const char *text, const number *low, const number *high)
{
    static const char *const words[] = {"-", "~", "to", "bis", "à", "a", "до", "|", "至", "and"};
    const char *at = skip_blanks(text + low->after), *end = text + high->before;
    for (size_t i = 0; at < end && i < sizeof words / sizeof *words; i++) {
        const size_t size = strlen(words[i]);
        if (strncmp(at, words[i], size) == 0 && skip_blanks(at + size) == end)
            return true;
    }
    return false;
}

/* The first number with a currency beside it, or of the range that ends in one, or else the
 * first; false when there is none. */
static bool choose(const char *text, size_t n, const ko_currency *context, number *out)
{
    bool any = false;
    number x, previous = {0};
    for (size_t from = 0; next_number(text, n, from, &x); from = x.end) {
        look_beside(text, n, context, &x);
        if (is_no_price(text, &x))
            continue;
        const bool ends_range =
            any && x.currency && x.before == x.start && is_range(text, &previous, &x);
        if (!any || x.currency)
            *out = ends_range ? previous : x;
        if (x.currency)
            return true;
        previous = x;
        any = true;
    }
    return any;
}

static const ko_currency *context_currency(const char *context)
{
    char plain[KO_MAX_PRICE_BYTES + 1];
    const size_t size = strlen(context);
    if (size > KO_MAX_PRICE_BYTES)
        return NULL;
    return find_anywhere(plain, make_plain(context, size, plain), NULL);
}

ko_status ko_price_read(const char *text, const char *context, ko_price *out)
{
    char plain[KO_MAX_PRICE_BYTES + 1];
    const size_t size = strlen(text);
    if (size > KO_MAX_PRICE_BYTES)
        return KO_E_LIMIT;
    const size_t n = make_plain(text, size, plain);
    const ko_currency *known = context_currency(context);
    number low, high;
    if (!choose(plain, n, known, &low))
        return KO_E_NOT_FOUND;
    bool range = next_number(plain, n, low.end, &high);
    if (range) {
        look_beside(plain, n, low.currency ? low.currency : known, &high);
        range = is_range(plain, &low, &high);
    }
    const ko_currency *c = low.currency;
    if (!c)
        c = range && high.currency ? high.currency : find_anywhere(plain, n, known);
    if (!c)
        c = known;
    ko_price price = {.minor_digits = c ? c->minor_digits : 2};
    if (c)
        memcpy(price.currency, c->code, sizeof price.currency);
    const ko_status st =
        to_minor(plain + low.start, low.end - low.start, price.minor_digits, &price.low_minor);
    if (st != KO_OK)
        return st;
    if (!range || to_minor(plain + high.start, high.end - high.start, price.minor_digits,
                           &price.high_minor) != KO_OK)
        price.high_minor = price.low_minor;
    if (price.high_minor < price.low_minor)
        price.high_minor = price.low_minor;
    price.ask = price.high_minor == 0;
    *out = price;
    return KO_OK;
}

void ko_price_decimal(int64_t minor, unsigned minor_digits, char out[KO_PRICE_DECIMAL_SIZE])
{
    assert(minor >= 0 && minor_digits < 10);
    int64_t unit = 1;
    for (unsigned i = 0; i < minor_digits; i++)
        unit *= 10;
    if (minor_digits == 0)
        (void)snprintf(out, KO_PRICE_DECIMAL_SIZE, "%" PRId64, minor);
    else
        (void)snprintf(out, KO_PRICE_DECIMAL_SIZE, "%" PRId64 ".%0*" PRId64, minor / unit,
                       (int)minor_digits, minor % unit);
}
