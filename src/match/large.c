#include "match/large.h"

#include "base/alloc.h"

#include <stdint.h>
#include <sys/mman.h>

#define PAGE 4096u /* a start that madvise takes; larger pages only shorten what it covers */
#define WORTH_IT ((size_t)4 << 20)

void *ko_match_alloc_large(size_t count, size_t size)
{
    void *block = ko_alloc_array(count, size);
#ifdef MADV_HUGEPAGE
    if (block && count * size >= WORTH_IT) {
        const size_t skip = (size_t)(0 - (uintptr_t)block) % PAGE;
        (void)madvise((char *)block + skip, count * size - skip, MADV_HUGEPAGE); /* a hint */
    }
#endif
    return block;
}
