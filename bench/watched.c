#include "watched.h"

#include "bench.h"
#include "shared_clock.h"

#include "base/clock.h"
#include "base/stop.h"
#include "case/kit.h"
#include "watch/watch.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

#define LINE_FD 3 /* of the process that is watched */
#define JOBS 2    /* threads of a scan */

/* --- the process --- */

static void say(const char *what, const char *text)
{
    char at[KO_TIME_SIZE];
    ko_clock_text(ko_clock_now(), at);
    (void)printf("%s %d %s: %s\n", at, (int)getpid(), what, text);
    (void)fflush(stdout);
}

static void say_problem(void *context, const char *line)
{
    (void)context;
    say("problem", line);
}

static void say_done(void *context, const char *job, const char *result, bool failed)
{
    char what[64];
    (void)context;
    (void)snprintf(what, sizeof what, "%.40s%s", job, failed ? " FAILED" : "");
    say(what, result);
}

/* Until the driver says go on, or a signal comes. While nothing can happen nobody is asked. */
static void wait_for_driver(void *context, int64_t until)
{
    char go;
    (void)context;
    if (ko_shared_clock_pass(until) || write(LINE_FD, &until, sizeof until) != sizeof until)
        return;
    while (!ko_stop_asked() && read(LINE_FD, &go, 1) < 0 && errno == EINTR)
        ;
}

static ko_status watch(char **argv, ko_store *store, const ko_kit *kit, ko_error *err)
{
    static const char *const allowed[] = {"*.localhost", "127.0.0.1"};
    char archive[4096];
    ko_problems problems = {.say = say_problem};
    ko_net_options net;
    ko_net_options_init(&net);
    net.user_agent = "Knockoff/bench (+https://artist.example)";
    net.rate = strtod(argv[6], NULL);
    net.tries = 2;
    net.allow_hosts = allowed;
    net.n_allow_hosts = sizeof allowed / sizeof *allowed;
    net.connect_ms = net.idle_ms = 2500;
    (void)snprintf(archive, sizeof archive, "%s-archive", argv[2]);
    const ko_notify_options notify = {.kit = kit, .webhook_secret = argv[4]};
    const bool rests = strcmp(argv[7], "rest") == 0;
    return ko_watch_run(&(ko_watch_options){.store = store,
                                            .archive_folder = archive,
                                            .software = net.user_agent,
                                            .net = &net,
                                            .kit = kit,
                                            .notify = &notify,
                                            .jobs = JOBS,
                                            .problems = &problems,
                                            .on_done = say_done,
                                            .wait = rests ? NULL : wait_for_driver},
                        err);
}

int ko_watched_main(int argc, char **argv)
{
    if (argc != 8 || !ko_shared_clock_use(argv[3], false))
        return 2;
    ko_stop_install();
    ko_store *store = NULL;
    ko_kit kit = {0};
    ko_error err = {0};
    ko_status st = ko_store_open(argv[2], KO_STORE_OPEN, &store, &err);
    if (st == KO_OK)
        st = ko_kit_open(argv[5], &kit, &err);
    if (st == KO_OK)
        st = watch(argv, store, &kit, &err);
    ko_kit_close(&kit);
    ko_store_close(store);
    say("ended", st == KO_OK ? "of itself" : err.text[0] ? err.text : ko_status_name(st));
    return st == KO_E_STOPPED ? 0 : 1;
}

/* --- its driver --- */

static bool spawn(const char *const words[], int line, const char *says, pid_t *out_pid)
{
    posix_spawn_file_actions_t files;
    char *const *argv; /* POSIX promises not to change them, and takes no const */
    memcpy(&argv, &words, sizeof argv);
    if (posix_spawn_file_actions_init(&files) != 0)
        return false;
    const bool spawned =
        posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, says, O_WRONLY | O_CREAT | O_APPEND,
                                         0600) == 0 &&
        posix_spawn_file_actions_adddup2(&files, STDOUT_FILENO, STDERR_FILENO) == 0 &&
        posix_spawn_file_actions_adddup2(&files, line, LINE_FD) == 0 &&
        posix_spawn(out_pid, "/proc/self/exe", &files, NULL, argv, environ) == 0;
    (void)posix_spawn_file_actions_destroy(&files);
    return spawned;
}

bool ko_watched_start(ko_watched *w, const ko_watched_options *o, const char *says)
{
    int ends[2];
    char rate[32];
    (void)snprintf(rate, sizeof rate, "%g", o->rate);
    const char *const words[] = {
        "bench_watch", KO_WATCHED_WORD,           o->database, o->clock, o->secret, o->kit,
        rate,          o->rests ? "rest" : "ask", NULL};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return false;
    const bool started = spawn(words, ends[1], says, &w->pid);
    (void)close(ends[1]);
    if (!started) {
        (void)close(ends[0]);
        w->pid = 0;
        return false;
    }
    w->line = ends[0];
    return true;
}

/* It has closed its end of the line. */
static void collect(ko_watched *w)
{
    int status = 0;
    while (waitpid(w->pid, &status, 0) < 0 && errno == EINTR)
        ;
    (void)close(w->line);
    w->pid = 0;
    w->status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

ko_watched_event ko_watched_next(ko_watched *w, int64_t ms, int64_t *out_until)
{
    struct pollfd line = {.fd = w->line, .events = POLLIN};
    const int64_t end_ns = ko_bench_now_ns() + ms * 1000000;
    for (;;) {
        const int64_t left_ms = (end_ns - ko_bench_now_ns()) / 1000000;
        if (poll(&line, 1, left_ms > 0 ? (int)left_ms : 0) > 0)
            break;
        if (left_ms <= 0)
            return KO_WATCHED_BUSY;
    }
    if (read(w->line, out_until, sizeof *out_until) == (ssize_t)sizeof *out_until)
        return KO_WATCHED_WAITS;
    collect(w);
    return KO_WATCHED_ENDED;
}

void ko_watched_go_on(ko_watched *w)
{
    (void)send(w->line, "", 1, MSG_NOSIGNAL); /* one that is gone is seen to have ended */
}

int64_t ko_watched_end(ko_watched *w, int signal)
{
    const int64_t began_ns = ko_bench_now_ns();
    (void)kill(w->pid, signal);
    collect(w);
    return (ko_bench_now_ns() - began_ns) / 1000000;
}

/* --- what it costs --- */

/* The nth number, from 1, of a file of /proc about it, behind the name in brackets if there is one.
 */
static long long read_number(const ko_watched *w, const char *name, unsigned nth)
{
    char path[64], text[1024] = "";
    (void)snprintf(path, sizeof path, "/proc/%d/%s", (int)w->pid, name);
    FILE *f = fopen(path, "r");
    if (!f)
        return 0;
    (void)fgets(text, sizeof text, f);
    (void)fclose(f);
    const char *at = strrchr(text, ')');
    at = at ? at + 1 : text;
    for (unsigned i = 1; i < nth && at; i++)
        at = strchr(at + strspn(at, " "), ' ');
    return at ? strtoll(at, NULL, 10) : 0;
}

int64_t ko_watched_resident_bytes(const ko_watched *w)
{
    return (int64_t)read_number(w, "statm", 2) * sysconf(_SC_PAGESIZE);
}

double ko_watched_cpu_s(const ko_watched *w)
{
    /* utime and stime are fields 14 and 15, the name in brackets is field 2 (proc(5)). */
    return (double)(read_number(w, "stat", 12) + read_number(w, "stat", 13)) /
           (double)sysconf(_SC_CLK_TCK);
}
