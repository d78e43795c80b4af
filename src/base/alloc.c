/* The live count costs one relaxed atomic add a call: allocations here are per picture,
 * not per pixel, so it is kept in every build and leaks show in every test. */
#include "base/alloc.h"

#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define ALIGNMENT 64u

static atomic_long live;
static atomic_uint fault_countdown; /* 0: no fault armed */
static atomic_uint fault_hits;
static atomic_int fault_sticky;

void ko_alloc_fault(unsigned nth, int sticky)
{
    atomic_store(&fault_hits, 0);
    atomic_store(&fault_sticky, sticky);
    atomic_store(&fault_countdown, nth);
}

unsigned ko_alloc_fault_hits(void)
{
    return atomic_load(&fault_hits);
}

long ko_alloc_live(void)
{
    return atomic_load(&live);
}

static int refused(void)
{
    const unsigned left = atomic_load_explicit(&fault_countdown, memory_order_relaxed);
    if (left == 0)
        return 0;
    if (left > 1) {
        atomic_store(&fault_countdown, left - 1);
        return 0;
    }
    if (!atomic_load(&fault_sticky))
        atomic_store(&fault_countdown, 0);
    atomic_fetch_add(&fault_hits, 1);
    return 1;
}

void *ko_alloc(size_t size)
{
    if (size > SIZE_MAX - ALIGNMENT || refused())
        return NULL;
    const size_t rounded = size ? (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT : ALIGNMENT;
    void *block = aligned_alloc(ALIGNMENT, rounded);
    if (block)
        atomic_fetch_add_explicit(&live, 1, memory_order_relaxed);
    return block;
}

void *ko_alloc_array(size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size)
        return NULL;
    return ko_alloc(count * size);
}

void *ko_alloc_zero(size_t count, size_t size)
{
    void *block = ko_alloc_array(count, size);
    if (block)
        memset(block, 0, count * size);
    return block;
}

void *ko_realloc(void *block, size_t old_size, size_t new_size)
{
    void *grown = ko_alloc(new_size);
    if (!grown)
        return NULL;
    if (block)
        memcpy(grown, block, old_size < new_size ? old_size : new_size);
    ko_free(block);
    return grown;
}

char *ko_strndup(const char *text, size_t n)
{
    const size_t length = strnlen(text, n);
    char *copy = ko_alloc(length + 1);
    if (copy) {
        memcpy(copy, text, length);
        copy[length] = '\0';
    }
    return copy;
}

void *ko_grown(void *items, size_t n, size_t *capacity, size_t size)
{
    if (n < *capacity)
        return items;
    const size_t more = *capacity ? 2 * *capacity : 16;
    void *block = more <= SIZE_MAX / size ? ko_realloc(items, n * size, more * size) : NULL;
    if (block)
        *capacity = more;
    return block;
}

char *ko_strdup(const char *text)
{
    return ko_strndup(text, SIZE_MAX - 1);
}

void ko_free(void *block)
{
    if (block)
        atomic_fetch_sub_explicit(&live, 1, memory_order_relaxed);
    free(block);
}
