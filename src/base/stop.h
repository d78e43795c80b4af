/* base/stop.h - the user's wish to stop, seen by every loop that takes long. */
#ifndef KO_BASE_STOP_H
#define KO_BASE_STOP_H

#include <stdatomic.h>
#include <stdbool.h>

/* Makes SIGINT and SIGTERM ask instead of kill; a second one kills. For main(). */
void ko_stop_install(void);

/* True once the user has asked that all ends, or that the work of this thread does. Any thread may
 * call. */
bool ko_stop_asked(void);

/* The work of the calling thread, and of those that ko_parallel_for starts for it, is asked to stop
 * by *wish, too, which must outlive it; NULL: no more. Returns what it followed before. */
const atomic_bool *ko_stop_follow(const atomic_bool *wish);

#endif
