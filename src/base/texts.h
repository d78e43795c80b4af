/* base/texts.h - copies of texts that are given back together.
 *
 * Rows of the store lend their texts until the next row comes; what is kept of them goes here. A
 * copy for which there is no memory is "", and remembered, so that only the end has to look. */
#ifndef KO_BASE_TEXTS_H
#define KO_BASE_TEXTS_H

#include <stdbool.h>
#include <stddef.h>

/* Zeroed it is empty. */
typedef struct ko_texts {
    char **kept;
    size_t n, capacity;
    bool no_memory; /* for one of them or more */
} ko_texts;

/* A copy that lives until ko_texts_free; of NULL it is "". */
const char *ko_texts_keep(ko_texts *texts, const char *text);
void ko_texts_free(ko_texts *texts);

#endif
