/* base/parallel.h - the same work on many items, by several threads. */
#ifndef KO_BASE_PARALLEL_H
#define KO_BASE_PARALLEL_H

#include "base/status.h"

#include <stddef.h>

/* Does item number i. Runs on any thread, several at once, each item once. worker is
 * 0..jobs-1 and tells whose scratch to use. What comes of it belongs into the item:
 * an item's own failure must not end the batch. */
typedef void ko_parallel_fn(void *context, size_t item, unsigned worker);

/* Calls fn for items 0..n-1 with up to jobs threads (at least 1, the caller's own among
 * them) and returns when all are done. Items are handed out in order. If the user asks
 * to stop (base/stop.h), no new item is begun and KO_E_STOPPED is returned. */
KO_NODISCARD ko_status ko_parallel_for(size_t n, unsigned jobs, ko_parallel_fn *fn, void *context);

/* Processors this process may run on, at least 1. */
unsigned ko_parallel_processors(void);

#endif
