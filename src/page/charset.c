/* Encodings of two bytes a character are told apart by which of their rows a text uses:
 * each standard puts its common characters first (GB 2312 level 1 in rows B0-D7, Big5
 * level 1 in A4-C6, KS X 1001 syllables in B0-C8, kana in A4-A5 of EUC-JP and 82-83 of
 * Shift-JIS). Frequency tables would be surer on short texts; on a page these suffice. */
#include "page/charset.h"

#include "base/recode.h"
#include "base/text.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define HEAD_BYTES 4096 /* where a page may name its encoding */
#define SAMPLE_BYTES ((size_t)256 << 10)

/* Names by which pages call encodings, and the superset that browsers read them as. */
static const struct alias {
    const char *label, *name;
} aliases[] = {
    {"utf-8", KO_UTF8},
    {"utf8", KO_UTF8},
    {"gb2312", "GB18030"},
    {"gbk", "GB18030"},
    {"gb18030", "GB18030"},
    {"gb_2312-80", "GB18030"},
    {"x-gbk", "GB18030"},
    {"big5", "BIG5-HKSCS"},
    {"big5-hkscs", "BIG5-HKSCS"},
    {"shift_jis", "CP932"},
    {"shift-jis", "CP932"},
    {"sjis", "CP932"},
    {"x-sjis", "CP932"},
    {"windows-31j", "CP932"},
    {"cp932", "CP932"},
    {"euc-jp", "EUC-JP"},
    {"iso-2022-jp", "ISO-2022-JP"},
    {"euc-kr", "CP949"},
    {"ks_c_5601-1987", "CP949"},
    {"cp949", "CP949"},
    {"windows-949", "CP949"},
    {"windows-1250", "WINDOWS-1250"},
    {"windows-1251", "WINDOWS-1251"},
    {"cp1251", "WINDOWS-1251"},
    {"windows-1252", "WINDOWS-1252"},
    {"iso-8859-1", "WINDOWS-1252"},
    {"latin1", "WINDOWS-1252"},
    {"us-ascii", "WINDOWS-1252"},
    {"windows-1253", "WINDOWS-1253"},
    {"windows-1254", "WINDOWS-1254"},
    {"iso-8859-9", "WINDOWS-1254"},
    {"windows-1255", "WINDOWS-1255"},
    {"windows-1256", "WINDOWS-1256"},
    {"windows-1257", "WINDOWS-1257"},
    {"windows-1258", "WINDOWS-1258"},
    {"windows-874", "CP874"},
    {"tis-620", "CP874"},
    {"iso-8859-2", "ISO-8859-2"},
    {"iso-8859-5", "ISO-8859-5"},
    {"iso-8859-7", "ISO-8859-7"},
    {"iso-8859-8", "ISO-8859-8"},
    {"iso-8859-15", "ISO-8859-15"},
    {"koi8-r", "KOI8-R"},
    {"koi8-u", "KOI8-U"},
};

static const char *name_of(const char *label, size_t n)
{
    for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++)
        if (strlen(aliases[i].label) == n && strncasecmp(aliases[i].label, label, n) == 0)
            return aliases[i].name;
    return NULL;
}

/* The encoding named behind word ("charset", "encoding") and an equals sign; NULL when none
 * is, or none that we know. */
static const char *named_after(const char *word, const char *text, size_t size)
{
    const size_t n = strlen(word);
    for (size_t at = 0; at + n < size; at++) {
        if (strncasecmp(text + at, word, n) != 0)
            continue;
        size_t from = at + n;
        while (from < size && strchr(" =\"'\t", text[from]) && text[from])
            from++;
        size_t to = from;
        while (to < size && text[to] && !strchr(" \"'/>;,?\r\n\t", text[to]))
            to++;
        const char *name = name_of(text + from, to - from);
        if (name)
            return name;
    }
    return NULL;
}

/* How often bytes of one encoding follow its rules, and its common rows. */
typedef struct tally {
    size_t pairs, common, broken;
} tally;

typedef struct scheme {
    const char *name;
    unsigned char lead_lo, lead_hi; /* of a first byte */
    unsigned char trail_lo;         /* second bytes go up to FE */
    unsigned char common_lo, common_hi, common_trail_lo;
    double common_share; /* least share of common pairs */
} scheme;

/* In the order of how narrow they are: the first that fits is it. */
static const scheme schemes[] = {
    {"EUC-JP", 0xA1, 0xFE, 0xA1, 0xA4, 0xA5, 0xA1, 0.25},
    {"CP932", 0x81, 0xFC, 0x40, 0x82, 0x83, 0x40, 0.25},
    {"CP949", 0xA1, 0xFE, 0xA1, 0xB0, 0xC8, 0xA1, 0.85},
    {"GB18030", 0x81, 0xFE, 0x40, 0xB0, 0xD7, 0xA1, 0.65},
    {"BIG5-HKSCS", 0x81, 0xFE, 0x40, 0xA4, 0xC6, 0x40, 0.65},
};

static tally count_pairs(const scheme *s, const unsigned char *bytes, size_t size)
{
    tally t = {0};
    for (size_t at = 0; at + 1 < size; at++) {
        const unsigned char lead = bytes[at], trail = bytes[at + 1];
        if (lead < 0x80)
            continue;
        if (lead < s->lead_lo || lead > s->lead_hi || trail < s->trail_lo || trail == 0x7F ||
            trail == 0xFF) {
            t.broken++;
            continue;
        }
        t.pairs++;
        t.common += lead >= s->common_lo && lead <= s->common_hi && trail >= s->common_trail_lo;
        at++;
    }
    return t;
}

/* Cyrillic comes in runs of high bytes, other letters above ASCII one by one; small letters,
 * which are most, are E0-FF in Windows-1251 and C0-DF in KOI8-R. */
static const char *guess_single_byte(const unsigned char *bytes, size_t size)
{
    size_t high = 0, runs = 0, upper = 0, lower = 0;
    for (size_t at = 0; at < size; at++) {
        high += bytes[at] >= 0xC0;
        runs += bytes[at] >= 0xC0 && (at == 0 || bytes[at - 1] < 0xC0);
        lower += bytes[at] >= 0xC0 && bytes[at] < 0xE0;
        upper += bytes[at] >= 0xE0;
    }
    if (high < 3 * runs || high == 0)
        return "WINDOWS-1252";
    return upper > lower ? "WINDOWS-1251" : "KOI8-R";
}

const char *ko_page_guess_charset(const char *bytes, size_t size)
{
    if (ko_text_is_utf8(bytes, size))
        return KO_UTF8;
    const unsigned char *sample = (const unsigned char *)bytes;
    if (size > SAMPLE_BYTES)
        size = SAMPLE_BYTES;
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        const tally t = count_pairs(&schemes[i], sample, size);
        if (t.pairs > 0 && t.broken * 50 <= t.pairs &&
            (double)t.common >= schemes[i].common_share * (double)t.pairs)
            return schemes[i].name;
    }
    return guess_single_byte(sample, size);
}

/* The encoding of a byte order mark and its length; NULL without one. */
static const char *marked(const char *bytes, size_t size, size_t *out_mark)
{
    *out_mark = 3;
    if (size >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0)
        return KO_UTF8;
    *out_mark = 2;
    if (size >= 2 && memcmp(bytes, "\xFF\xFE", 2) == 0)
        return "UTF-16LE";
    if (size >= 2 && memcmp(bytes, "\xFE\xFF", 2) == 0)
        return "UTF-16BE";
    *out_mark = 0;
    return NULL;
}

/* What server or page claim; NULL when they say nothing that we know. */
static const char *claimed(const char *bytes, size_t size, const char *content_type)
{
    const char *name = NULL;
    const size_t head = size < HEAD_BYTES ? size : HEAD_BYTES;
    if (content_type)
        name = named_after("charset", content_type, strlen(content_type));
    if (!name)
        name = named_after("charset", bytes, head);
    if (!name && head > 5 && memcmp(bytes, "<?xml", 5) == 0)
        name = named_after("encoding", bytes, head);
    return name;
}

/* True when so few bytes of a page that claims UTF-8 break it that damage is likelier than
 * another encoding: one character cut in two by a template does that. */
static bool slightly_damaged(const char *bytes, size_t size)
{
    size_t high = 0, broken = 0;
    for (size_t at = 0; at < size;) {
        const unsigned char c = (unsigned char)bytes[at];
        size_t n = c < 0xC2 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
        if (c >= 0x80) {
            high++;
            if (at + n > size || !ko_text_is_utf8(bytes + at, n)) {
                broken++;
                n = 1;
            }
        }
        at += n;
    }
    return broken * 20 < high;
}

/* True when text that claims to be something else is UTF-8, and enough of it to be no
 * chance: two bytes of GBK may well be one character of UTF-8. */
static bool surely_utf8(const char *bytes, size_t size)
{
    size_t high = 0;
    for (size_t i = 0; i < size && high < 8; i++)
        high += (unsigned char)bytes[i] >= 0x80;
    return high == 8 && ko_text_is_utf8(bytes, size);
}

ko_status ko_page_decode(const char *bytes, size_t size, const char *content_type,
                         ko_buf *converted, ko_page_text *out_text, ko_error *err)
{
    assert(bytes && converted->size == 0);
    size_t mark = 0;
    const char *name = marked(bytes, size, &mark);
    const bool sure = name != NULL;
    bytes += mark;
    size -= mark;
    const bool utf8 = (!sure || strcmp(name, KO_UTF8) == 0) && ko_text_is_utf8(bytes, size);
    if (!sure)
        name = claimed(bytes, size, content_type);
    const bool escapes = name && strncmp(name, "ISO-2022", 8) == 0;
    const bool wrong = !sure && name && !escapes &&
                       (strcmp(name, KO_UTF8) == 0 ? !utf8 && !slightly_damaged(bytes, size)
                                                   : surely_utf8(bytes, size));
    const bool guessed = !name || wrong;
    if (guessed)
        name = ko_page_guess_charset(bytes, size);
    *out_text = (ko_page_text){.text = bytes, .size = size, .encoding = name, .guessed = guessed};
    if (strcmp(name, KO_UTF8) == 0 && utf8)
        return KO_OK;
    const ko_status st = ko_recode(name, bytes, size, converted, err);
    if (st != KO_OK)
        return st;
    out_text->text = converted->data ? converted->data : "";
    out_text->size = converted->size;
    return KO_OK;
}
