#include "child.h"

#include "bench.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

bool ko_child_program(char *out, unsigned size)
{
    static const char *const places[] = {"../src/knockoff", "../../bin/knockoff"};
    char own[4096];
    const ssize_t n = readlink("/proc/self/exe", own, sizeof own - 1);
    if (n <= 0)
        return false;
    own[n] = '\0';
    *strrchr(own, '/') = '\0';
    for (unsigned i = 0; i < sizeof places / sizeof *places; i++) {
        const int length = snprintf(out, size, "%s/%s", own, places[i]);
        if (length > 0 && (unsigned)length < size && access(out, X_OK) == 0)
            return true;
    }
    return false;
}

static bool spawn(const char *const argv[], const char *says, pid_t *out_pid)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    sigset_t none;
    char *const *words; /* POSIX promises not to change them, and takes no const */
    memcpy(&words, &argv, sizeof words);
    (void)sigemptyset(&none);
    if (posix_spawn_file_actions_init(&files) != 0)
        return false;
    bool spawned = false;
    if (posix_spawnattr_init(&attributes) == 0) {
        spawned = posix_spawnattr_setsigmask(&attributes, &none) == 0 &&
                  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK) == 0 &&
                  posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, says,
                                                   O_WRONLY | O_CREAT | O_APPEND, 0600) == 0 &&
                  posix_spawn_file_actions_adddup2(&files, STDOUT_FILENO, STDERR_FILENO) == 0 &&
                  posix_spawn(out_pid, argv[0], &files, &attributes, words, environ) == 0;
        (void)posix_spawnattr_destroy(&attributes);
    }
    (void)posix_spawn_file_actions_destroy(&files);
    return spawned;
}

/* Waits for the end of a child, at most ms milliseconds; true when it has come. SIGCHLD is
 * blocked. */
static bool ends_within(const sigset_t *child, pid_t pid, int64_t ms)
{
    const int64_t end_ns = ko_bench_now_ns() + ms * 1000000;
    for (;;) {
        siginfo_t info = {0};
        if (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid != 0)
            return true;
        const int64_t left_ns = end_ns - ko_bench_now_ns();
        if (left_ns <= 0)
            return false;
        const struct timespec left = {.tv_sec = left_ns / 1000000000,
                                      .tv_nsec = left_ns % 1000000000};
        (void)sigtimedwait(child, NULL, &left);
    }
}

static void add_cost(ko_child_cost *cost, int64_t started_ns, const struct rusage *usage)
{
    cost->wall_ns += ko_bench_now_ns() - started_ns;
    cost->cpu_s += (double)(usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) +
                   (double)(usage->ru_utime.tv_usec + usage->ru_stime.tv_usec) * 1e-6;
    if (usage->ru_maxrss * 1024 > cost->peak_bytes)
        cost->peak_bytes = usage->ru_maxrss * 1024; /* Linux counts KiB */
    cost->runs++;
}

bool ko_child_run(const char *const argv[], const char *says, int64_t kill_ms, ko_child_cost *cost,
                  int *out_status)
{
    sigset_t child, before;
    (void)sigemptyset(&child);
    (void)sigaddset(&child, SIGCHLD);
    (void)pthread_sigmask(SIG_BLOCK, &child, &before);
    const int64_t started_ns = ko_bench_now_ns();
    pid_t pid = 0;
    const bool spawned = spawn(argv, says, &pid);
    if (spawned) {
        if (kill_ms > 0 && !ends_within(&child, pid, kill_ms)) {
            (void)kill(pid, SIGKILL);
            cost->kills++;
        }
        int status = 0;
        struct rusage usage = {0};
        while (wait4(pid, &status, 0, &usage) < 0 && errno == EINTR)
            ;
        add_cost(cost, started_ns, &usage);
        *out_status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return spawned;
}
