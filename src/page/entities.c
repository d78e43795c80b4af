#include "page/entities.h"

#include "base/alloc.h"

#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define LONGEST_NAME 8 /* "thetasym", the longest of HTML 4 */

/* The character that text begins with a reference to, and the length of that; 0 when it does not.
 * No reference is shorter than its character. */
static int character_of(const char *text, size_t *out_n)
{
    char name[LONGEST_NAME + 1] = "";
    const size_t n = strcspn(text, ";");
    long value = 0;
    if (text[n] != ';' || n < 2 || n > LONGEST_NAME + 1)
        return 0;
    memcpy(name, text + 1, n - 1);
    if (name[0] == '#') {
        const bool hex = name[1] == 'x' || name[1] == 'X';
        const char *digits = name + (hex ? 2 : 1);
        if (digits[strspn(digits, hex ? "0123456789abcdefABCDEF" : "0123456789")] == '\0')
            value = strtol(digits, NULL, hex ? 16 : 10);
    } else {
        const htmlEntityDesc *known = htmlEntityLookup((const xmlChar *)name);
        value = known ? (long)known->value : 0;
    }
    *out_n = n + 1;
    const bool surrogate = value >= 0xd800 && value < 0xe000;
    return value > 0 && value <= 0x10ffff && !surrogate ? (int)value : 0;
}

char *ko_entities_decoded(const char *text)
{
    char *out = ko_alloc(strlen(text) + 1);
    char *to = out;
    while (*text && out) {
        size_t n = 0;
        const int character = *text == '&' ? character_of(text, &n) : 0;
        if (character) {
            to += xmlCopyChar(0, (xmlChar *)to, character);
            text += n;
        } else {
            *to++ = *text++;
        }
    }
    if (out)
        *to = '\0';
    return out;
}
