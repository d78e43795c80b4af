/* watch/wait.h - nothing to do until a moment comes. */
#ifndef KO_WATCH_WAIT_H
#define KO_WATCH_WAIT_H

#include <stdint.h>

/* Sleeps until the clock shows until, seconds since 1970, or the user asks to stop, which is seen
 * within a second. Goes by the clock on the wall: after a suspend or when the clock is set, what is
 * due then is due at once. A clock that is set back does not make it longer. */
void ko_watch_wait(int64_t until);

#endif
