/* bench/shared_clock.h - one clock for several processes, which goes when it is told to: a file
 * that all of them map. A process that is killed and started again goes on at the same time. */
#ifndef KO_BENCH_SHARED_CLOCK_H
#define KO_BENCH_SHARED_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

/* Maps the clock of that path, made when make is true, and has ko_clock_now go by it. False when
 * that cannot be done. */
bool ko_shared_clock_use(const char *path, bool make);

int64_t ko_shared_clock_now(void);
/* A second later. Any thread, any process. */
int64_t ko_shared_clock_tick(void);
/* Never earlier than it is. */
void ko_shared_clock_set(int64_t now);

/* Until then any process may let time pass. */
void ko_shared_clock_allow(int64_t until);
/* Sets the clock if that is allowed. */
bool ko_shared_clock_pass(int64_t until);

#endif
