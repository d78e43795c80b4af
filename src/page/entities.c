#include "page/entities.h"

#include <ctype.h>
#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define MAX_NAME 10u /* bytes; the longest of HTML 4 has 8 */

/* The character that a reference of n bytes between & and ; stands for, 0 for none. */
static unsigned long character(const char *name, size_t n)
{
    char copy[MAX_NAME + 1];
    char *end = NULL;
    if (n == 0 || n > MAX_NAME)
        return 0;
    memcpy(copy, name, n);
    copy[n] = '\0';
    if (copy[0] != '#') {
        if (strcmp(copy, "apos") == 0)
            return '\'';
        const htmlEntityDesc *known = htmlEntityLookup((const xmlChar *)copy);
        return known ? known->value : 0;
    }
    const bool hex = copy[1] == 'x' || copy[1] == 'X';
    const char *digits = copy + 1 + hex;
    const unsigned long value = strtoul(digits, &end, hex ? 16 : 10);
    const bool valid = isxdigit((unsigned char)*digits) && *end == '\0' && value >= ' ' &&
                       value <= 0x10FFFF && (value < 0xD800 || value > 0xDFFF);
    return valid ? value : 0;
}

void ko_entities_decode(char *text)
{
    char *out = text;
    for (const char *at = text; *at;) {
        const size_t n = *at == '&' ? strcspn(at + 1, ";& ") : 0;
        const unsigned long c = n > 0 && at[1 + n] == ';' ? character(at + 1, n) : 0;
        if (c == 0) {
            *out++ = *at++;
            continue;
        }
        out += xmlCopyChar(0, (xmlChar *)out, (int)c); /* never longer than its reference */
        at += n + 2;
    }
    *out = '\0';
}
