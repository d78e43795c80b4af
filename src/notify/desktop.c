/* The program's output is a pipe that closes with its end, so that waiting for it needs no signal
 * and no sleep. */
#include "notify/desktop.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/stop.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

#define SLICE_MS 200 /* in which a wish to stop is seen */

/* Both ends are closed when another program is started, but for what that makes of them. */
static bool make_pipe(int out_ends[2])
{
    if (pipe(out_ends) != 0)
        return false;
    return fcntl(out_ends[0], F_SETFD, FD_CLOEXEC) == 0 &&
           fcntl(out_ends[1], F_SETFD, FD_CLOEXEC) == 0;
}

/* Starts it with the pipe as its output; 0 or an error number. */
static int start(const char *program, const char *subject, int output, pid_t *out_pid)
{
    char *const words[] = {(char *)program, (char *)"--app-name=Knockoff",
                           (char *)"--",    (char *)"Knockoff",
                           (char *)subject, NULL};
    posix_spawn_file_actions_t actions;
    int failure = posix_spawn_file_actions_init(&actions);
    if (failure)
        return failure;
    failure = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    if (!failure)
        failure = posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    if (!failure)
        failure = posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO);
    if (!failure)
        failure = posix_spawnp(out_pid, program, &actions, NULL, words, environ);
    (void)posix_spawn_file_actions_destroy(&actions);
    return failure;
}

/* Reads what it says until it ends; false when it takes too long or the user asks to stop. */
static bool wait_for_end(int input)
{
    const int64_t until_ms = ko_clock_ms() + KO_MAX_NOTIFY_SHOW_MS;
    char said[256];
    while (!ko_stop_asked() && ko_clock_ms() < until_ms) {
        struct pollfd ends = {.fd = input, .events = POLLIN};
        if (poll(&ends, 1, SLICE_MS) > 0 && read(input, said, sizeof said) == 0)
            return true;
    }
    return false;
}

static int end_of(pid_t pid, bool ended)
{
    int status = 0;
    if (!ended)
        (void)kill(pid, SIGKILL);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

ko_status ko_desktop_send(const ko_sending *sending, const ko_digest *digest, ko_sent *out_sent,
                          ko_error *err)
{
    const char *program = sending->options->desktop;
    const char *bus = getenv("DBUS_SESSION_BUS_ADDRESS");
    int ends[2] = {-1, -1};
    pid_t pid = 0;
    (void)err;
    *out_sent = (ko_sent){0};
    if (!program || !bus || !*bus) {
        ko_sent_say(out_sent, KO_SENT, "not shown: there is no desktop");
        return KO_OK;
    }
    int failure = make_pipe(ends) ? 0 : errno;
    if (!failure)
        failure = start(program, digest->subject, ends[1], &pid);
    if (ends[1] >= 0)
        (void)close(ends[1]);
    if (failure) {
        ko_sent_say(out_sent, KO_SENT, "not shown: %.60s: %s", program, strerror(failure));
    } else {
        const int status = end_of(pid, wait_for_end(ends[0]));
        ko_sent_say(out_sent, KO_SENT, status ? "not shown: %.60s ended with %d" : "shown by %.60s",
                    program, status);
    }
    if (ends[0] >= 0)
        (void)close(ends[0]);
    return KO_OK;
}
