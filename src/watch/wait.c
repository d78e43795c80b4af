#include "watch/wait.h"

#include "base/clock.h"
#include "base/stop.h"

#include <time.h>

/* A signal that came just before we sleep does not wake us. */
#define SLICE_S 1

void ko_watch_wait(int64_t until)
{
    const struct timespec slice = {.tv_sec = SLICE_S};
    const int64_t left_s = until - ko_clock_now(), began_ms = ko_clock_ms();
    while (!ko_stop_asked() && ko_clock_now() < until && (ko_clock_ms() - began_ms) / 1000 < left_s)
        (void)nanosleep(&slice, NULL);
}
