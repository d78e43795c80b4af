#include "page/words.h"

#include <string.h>
#include <strings.h>

const char *ko_words_find(const char *text, size_t n, const char *const *words)
{
    unsigned char begins[256] = {0}; /* bytes that a word begins with, in either case */
    for (const char *const *w = words; *w; w++) {
        const unsigned char c = (unsigned char)**w;
        begins[c] = 1;
        if (c >= 'a' && c <= 'z')
            begins[c - 'a' + 'A'] = 1;
    }
    for (size_t at = 0; at < n; at++) {
        if (!begins[(unsigned char)text[at]])
            continue;
        for (const char *const *w = words; *w; w++) {
            const size_t length = strlen(*w);
            if (length <= n - at && strncasecmp(text + at, *w, length) == 0)
                return *w;
        }
    }
    return NULL;
}
