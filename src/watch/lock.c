#include "watch/lock.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "case/beside.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

/* Who only asks whether somebody holds the lock has it for a moment, which must not pass for a
 * watch: it is tried so often before it counts as held. */
#define TRIES 20
#define PAUSE_NS 10000000

static void read_watcher(int fd, ko_watcher *out)
{
    char text[64] = "";
    *out = (ko_watcher){0};
    char *end = text;
    if (pread(fd, text, sizeof text - 1, 0) <= 0)
        return;
    out->pid = strtoll(text, &end, 10);
    out->since = strtoll(end, NULL, 10);
}

/* For people alone: on a full disk it is not known who watches. */
static void write_watcher(int fd)
{
    char text[64];
    const int n =
        snprintf(text, sizeof text, "%" PRId64 " %" PRId64 "\n", (int64_t)getpid(), ko_clock_now());
    if (ftruncate(fd, 0) == 0)
        (void)!pwrite(fd, text, (size_t)n, 0);
}

static bool take(int fd)
{
    const struct timespec pause = {.tv_nsec = PAUSE_NS};
    for (int i = 0; i < TRIES; i++) {
        if (flock(fd, LOCK_EX | LOCK_NB) == 0)
            return true;
        (void)nanosleep(&pause, NULL);
    }
    return false;
}

ko_status ko_watch_lock(const char *database, int *out_lock, ko_error *err)
{
    char *path = NULL;
    ko_watcher other;
    ko_status st = ko_beside(database, KO_WATCH_LOCK_SUFFIX, &path, err);
    if (st != KO_OK)
        return st;
    const int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) {
        st = ko_fail(err, KO_E_IO, "%s: %s", path, strerror(errno));
    } else if (!take(fd)) {
        read_watcher(fd, &other);
        st = ko_fail(err, KO_E_BUSY, "%s: another watch is running (process %" PRId64 ")", database,
                     other.pid);
    } else {
        write_watcher(fd);
        *out_lock = fd;
    }
    if (st != KO_OK && fd >= 0)
        (void)close(fd);
    ko_free(path);
    return st;
}

bool ko_watch_is_running(const char *database, ko_watcher *out_watcher)
{
    char *path = NULL;
    *out_watcher = (ko_watcher){0};
    if (ko_beside(database, KO_WATCH_LOCK_SUFFIX, &path, NULL) != KO_OK)
        return false;
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    ko_free(path);
    if (fd < 0)
        return false;
    const bool held = flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    if (held)
        read_watcher(fd, out_watcher);
    (void)close(fd);
    return held;
}
