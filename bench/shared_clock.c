#include "shared_clock.h"

#include "base/clock.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <unistd.h>

static struct {
    _Atomic int64_t now, allowed;
} * shared;

bool ko_shared_clock_use(const char *path, bool make)
{
    const int fd = open(path, O_RDWR | O_CLOEXEC | (make ? O_CREAT : 0), 0600);
    if (fd < 0)
        return false;
    void *mapped = MAP_FAILED;
    if (!make || ftruncate(fd, (off_t)sizeof *shared) == 0)
        mapped = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    (void)close(fd);
    if (mapped == MAP_FAILED)
        return false;
    shared = mapped;
    ko_clock_use(ko_shared_clock_now);
    return true;
}

int64_t ko_shared_clock_now(void)
{
    return atomic_load(&shared->now);
}

int64_t ko_shared_clock_tick(void)
{
    return atomic_fetch_add(&shared->now, 1) + 1;
}

void ko_shared_clock_set(int64_t now)
{
    int64_t was = atomic_load(&shared->now);
    while (was < now && !atomic_compare_exchange_weak(&shared->now, &was, now))
        ;
}

void ko_shared_clock_allow(int64_t until)
{
    atomic_store(&shared->allowed, until);
}

bool ko_shared_clock_pass(int64_t until)
{
    if (until > atomic_load(&shared->allowed))
        return false;
    ko_shared_clock_set(until);
    return true;
}
