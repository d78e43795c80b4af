#include "listing/words.h"

#include "listing/values.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Base letters of U+00C0..U+00DF and, 32 further on, U+00E0..U+00FF; '.' is no letter. */
static const char base_letter[] = "aaaaaaaceeeeiiiidnooooo.ouuuuyts";

/* U+0152 and U+0153: a letter of two. */
static bool is_oe(const unsigned char *s)
{
    return s[0] == 0xC5 && (s[1] == 0x92 || s[1] == 0x93);
}

/* The character that begins at *s, which goes on to the next: a letter or digit, '.' for what
 * divides words, '\0' for what is part of the letter before. Bytes of other scripts stay. */
static char next_letter(const unsigned char **s)
{
    const unsigned char c = *(*s)++;
    const bool more = (**s & 0xC0) == 0x80;
    if (isascii(c))
        return (char)(isalnum(c) ? tolower(c) : c == '\'' ? '\0' : '.');
    if (c == 0xC3 && more)
        return base_letter[*(*s)++ & 31];
    if (is_oe(*s - 1)) {
        (*s)++;
        return 'o';
    }
    if ((c == 0xC2 || c == 0xCC) && more) { /* symbols; combining accents */
        (*s)++;
        return c == 0xCC ? '\0' : '.';
    }
    if (c == 0xE2 && more && **s <= 0x9F) { /* dashes, quotes, ticks */
        *s += 1 + (((*s)[1] & 0xC0) == 0x80);
        return '.';
    }
    return (char)c;
}

bool ko_words_fold(const char *text, char out[KO_WORDS_SIZE])
{
    size_t n = 0;
    bool divided = false;
    for (const unsigned char *s = (const unsigned char *)text; *s;) {
        const bool two = is_oe(s);
        const char c = next_letter(&s);
        divided = divided || c == '.';
        if (c == '.' || c == '\0')
            continue;
        if (n + 3 >= KO_WORDS_SIZE)
            return false;
        if (divided && n > 0)
            out[n++] = ' ';
        divided = false;
        out[n++] = c;
        if (two)
            out[n++] = 'e';
    }
    out[n] = '\0';
    return true;
}

/* --- days --- */

/* How the names of the months begin. */
static const char *const months[12] = {"jan ene", "feb fev", "mar mrz maer", "apr avr abr",
                                       "may mai", "jun jui", "jul juil",     "aug aou ago",
                                       "sep set", "oct okt", "nov",          "dec dez dic"};

/* 1 to 12 by the longest beginning that fits, 0 when the word is no month. */
static int month_of(const char *word)
{
    size_t longest = 0;
    int found = 0;
    for (int month = 1; month <= 12; month++)
        for (const char *stem = months[month - 1]; *stem; stem += *stem == ' ') {
            const size_t n = strcspn(stem, " ");
            if (n > longest && strncmp(word, stem, n) == 0) {
                longest = n;
                found = month;
            }
            stem += n;
        }
    return found;
}

/* Words that stand between: "3rd of May", "3 de mayo". */
static bool is_filler(const char *word)
{
    static const char *const fillers[] = {"of", "the", "den", "am", "de", "del", "le", "el", "on"};
    for (size_t i = 0; i < sizeof fillers / sizeof *fillers; i++)
        if (strcmp(fillers[i], word) == 0)
            return true;
    return false;
}

/* A number alone or as in "3rd", "1er". */
static bool read_number(const char *word, long *out, size_t *out_digits)
{
    char *end = NULL;
    *out = isdigit((unsigned char)*word) ? strtol(word, &end, 10) : 0;
    *out_digits = end ? (size_t)(end - word) : 0;
    return end && *out_digits <= 4 && strlen(end) <= 2;
}

/* A day with its month in words, in the order of people or of Americans. */
static bool read_named(const char *text, ko_date *out)
{
    char words[KO_WORDS_SIZE], *rest = NULL;
    ko_date date = {0};
    if (!ko_words_fold(text, words))
        return false;
    for (char *word = strtok_r(words, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
        long number;
        size_t digits;
        const bool is_number = read_number(word, &number, &digits);
        if (is_number && digits <= 2 && !date.date)
            date.date = (int)number;
        else if (is_number && (digits == 4 || digits == 2) && !date.year && date.month)
            date.year = (int)(digits == 2 ? 2000 + number : number);
        else if (!is_number && month_of(word) && !date.month)
            date.month = month_of(word);
        else if (!is_filler(word))
            return false;
    }
    *out = date;
    return date.year && date.month && date.date;
}

/* Writes "3.5.26" as "3.5.2026"; false when it does not look so. */
static bool full_year(const char *text, char *out, size_t size)
{
    const size_t whole = strspn(text, "0123456789./");
    const char *last = strpbrk(text, "./") ? text + strlen(text) : text;
    while (last > text && isdigit((unsigned char)last[-1]))
        last--;
    if (text[whole] || strlen(last) != 2 || strspn(text, "0123456789") > 2)
        return false;
    return snprintf(out, size, "%.*s20%s", (int)(last - text), text, last) < (int)size;
}

/* The two numbers before the year of a date with slashes, neither above 31. */
static bool read_slashes(const char *text, long out_first[2])
{
    char *end = NULL;
    for (size_t i = 0; i < 2; i++) {
        out_first[i] = isdigit((unsigned char)*text) ? strtol(text, &end, 10) : 0;
        if (out_first[i] < 1 || out_first[i] > 31 || *end != '/')
            return false;
        text = end + 1;
    }
    return isdigit((unsigned char)*text);
}

ko_day_order ko_words_day_order(const char *text)
{
    long first[2];
    if (!read_slashes(text, first) || (first[0] > 12) == (first[1] > 12))
        return KO_ORDER_UNKNOWN;
    return first[0] > 12 ? KO_ORDER_DAY_FIRST : KO_ORDER_MONTH_FIRST;
}

/* Writes "5/6/2026" as "2026-5-6" or "2026-6-5", into the buffer that may hold it; false when it
 * tells by itself, or nothing does. */
static bool ordered(const char *text, ko_day_order order, char *out, size_t size)
{
    long first[2];
    if (order == KO_ORDER_UNKNOWN || !read_slashes(text, first) || first[0] > 12 || first[1] > 12)
        return false;
    const bool month_first = order == KO_ORDER_MONTH_FIRST;
    const char *year = strrchr(text, '/') + 1;
    return strspn(year, "0123456789") == 4 &&
           snprintf(out, size, "%.4s-%ld-%ld", year, first[!month_first], first[month_first]) <
               (int)size;
}

ko_status ko_words_day(const char *text, ko_day_order order, ko_day *out_day, ko_error *why)
{
    char full[32], plain[32], iso[KO_SHEET_DATE_SIZE] = "";
    ko_date named;
    ko_day day = -1;
    if (read_named(text, &named))
        (void)snprintf(full, sizeof full, "%04d-%02d-%02d", named.year % 10000, named.month % 100,
                       named.date % 100);
    else if (!full_year(text, full, sizeof full))
        full[0] = '\0';
    const char *whole = full[0] ? full : text;
    const ko_status st =
        ko_sheet_date(ordered(whole, order, plain, sizeof plain) ? plain : whole, iso, why);
    if (st != KO_OK)
        return st;
    if (!ko_day_read(iso, &day) || day < 0)
        return ko_fail(why, KO_E_FORMAT, "not a whole day from 1970 on: %.80s", text);
    *out_day = day;
    return KO_OK;
}
