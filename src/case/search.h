/* case/search.h - listings searched for works, and what was found made ready to be looked at: the
 * one way in which a scan is done, whoever asks for it. */
#ifndef KO_CASE_SEARCH_H
#define KO_CASE_SEARCH_H

#include "case/sort.h"
#include "scan/scan.h"

#include <jansson.h>

typedef struct ko_searched {
    ko_scan_counts scan;
    ko_sorted sorted;
    double threshold; /* of the collection */
} ko_searched;

/* Scans with so many threads (scan/scan.h) and sorts what is new. *out_searched is filled as far
 * as it came also when it ends early. KO_E_STOPPED: the next search goes on from there. */
KO_NODISCARD ko_status ko_search(ko_store *store, unsigned jobs, ko_problems *problems,
                                 ko_searched *out_searched, ko_error *err);

/* What ko_scan_json tells (report/counts.h), and "alike", "returned", "ruled", "held" and
 * "new_holds"; new. NULL when there is no memory. */
json_t *ko_searched_json(const ko_searched *searched);

/* "3 show the picture of another; 2 go on with an earlier case"; "" when nothing came of sorting.
 */
#define KO_SORTED_WORDS_SIZE 256
void ko_sorted_words(const ko_sorted *sorted, char out_words[KO_SORTED_WORDS_SIZE]);

#endif
