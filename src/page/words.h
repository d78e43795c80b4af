/* page/words.h - which of some ASCII words a text holds. */
#ifndef KO_PAGE_WORDS_H
#define KO_PAGE_WORDS_H

#include <stddef.h>

/* The first word of a list, ended by NULL, that stands anywhere in the first n bytes of
 * text, whatever the case; words are given in lower case. NULL when none does. */
const char *ko_words_find(const char *text, size_t n, const char *const *words);

#endif
