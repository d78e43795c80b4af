#include "base/stop.h"

#include <signal.h>
#include <stddef.h>

static atomic_bool asked; /* lock-free, so it may be set in a signal handler */
static _Thread_local const atomic_bool *followed;

static void on_signal(int number)
{
    (void)number;
    atomic_store(&asked, true);
}

void ko_stop_install(void)
{
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND};
    (void)sigemptyset(&action.sa_mask);
    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);
}

bool ko_stop_asked(void)
{
    return atomic_load_explicit(&asked, memory_order_relaxed) ||
           (followed && atomic_load_explicit(followed, memory_order_relaxed));
}

const atomic_bool *ko_stop_follow(const atomic_bool *wish)
{
    const atomic_bool *before = followed;
    followed = wish;
    return before;
}
