/* base/alloc.h - the only door to the heap, with a seam for tests that make it fail.
 *
 * All memory of ours is had here and given back with ko_free. Sizes are checked for
 * overflow. Memory of third-party libraries stays theirs. */
#ifndef KO_BASE_ALLOC_H
#define KO_BASE_ALLOC_H

#include <stddef.h>

/* Uninitialised, aligned to 64 bytes (a cache line, and the widest vector). NULL when
 * there is none, or count * size overflows. A size of 0 gives a pointer to free. */
void *ko_alloc(size_t size);
void *ko_alloc_array(size_t count, size_t size);
/* The same, zeroed. */
void *ko_alloc_zero(size_t count, size_t size);
/* Grows or shrinks, keeping the first old_size bytes; on NULL the old block stays. */
void *ko_realloc(void *block, size_t old_size, size_t new_size);
/* Room for one item more than the n that fill part or all of *capacity: the block as it is,
 * or doubled, with *capacity. On NULL the old block stays. */
void *ko_grown(void *items, size_t n, size_t *capacity, size_t size);
/* A copy of a string, or of its first n bytes with a zero after them. */
char *ko_strdup(const char *text);
char *ko_strndup(const char *text, size_t n);
void ko_free(void *block); /* NULL is fine */

/* Tests: the nth allocation from now fails (1 is the next), and with sticky every later
 * one too; nth 0 ends that. Not for use while other threads allocate. */
void ko_alloc_fault(unsigned nth, int sticky);
unsigned ko_alloc_fault_hits(void); /* allocations refused since ko_alloc_fault */
long ko_alloc_live(void);           /* blocks had and not yet given back */

#endif
