/* case/sorted.h - what sorting came to, in words and as JSON. */
#ifndef KO_CASE_SORTED_H
#define KO_CASE_SORTED_H

#include "case/sort.h"

#include <jansson.h>

/* "3 show the picture of another; 2 go on with an earlier case"; "" when nothing came of it. */
#define KO_SORTED_WORDS_SIZE 256
void ko_sorted_words(const ko_sorted *sorted, char out_words[KO_SORTED_WORDS_SIZE]);

/* Adds "alike", "returned", "ruled", "held" and "new_holds" to what a scan came to. Takes the
 * reference, as json_pack's "o" does; NULL when there is no memory. */
json_t *ko_sorted_json(json_t *scan, const ko_sorted *sorted);

#endif
