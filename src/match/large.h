/* match/large.h - memory for arrays that are read all over. */
#ifndef KO_MATCH_LARGE_H
#define KO_MATCH_LARGE_H

#include <stddef.h>

/* ko_alloc_array, on huge pages where the system has them: with small ones, finding the
 * page costs as much as reading from it. Give back with ko_free. */
void *ko_match_alloc_large(size_t count, size_t size);

#endif
