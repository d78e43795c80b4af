#include "cli/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* Files, not pipes: neither side ever waits for the other to read. */
typedef struct streams {
    FILE *in, *out;
} streams;

static ko_status open_streams(const char *input, bool taken, streams *s, ko_error *err)
{
    if (input) {
        const size_t n = strlen(input);
        s->in = tmpfile();
        if (!s->in || fwrite(input, 1, n, s->in) != n || fflush(s->in) != 0 ||
            fseek(s->in, 0, SEEK_SET) != 0)
            return ko_fail(err, KO_E_IO, "a file for the input: %s", strerror(errno));
    }
    if (taken && !(s->out = tmpfile()))
        return ko_fail(err, KO_E_IO, "a file for the output: %s", strerror(errno));
    return KO_OK;
}

static void close_streams(streams *s)
{
    if (s->in)
        (void)fclose(s->in);
    if (s->out)
        (void)fclose(s->out);
}

static int start(const char *const *words, const streams *s, pid_t *out_pid)
{
    posix_spawn_file_actions_t actions;
    int code = posix_spawn_file_actions_init(&actions);
    if (code != 0)
        return code;
    if (s->in)
        code = posix_spawn_file_actions_adddup2(&actions, fileno(s->in), STDIN_FILENO);
    else
        code = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    if (code == 0 && s->out)
        code = posix_spawn_file_actions_adddup2(&actions, fileno(s->out), STDOUT_FILENO);
    if (code == 0 && s->out)
        code = posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    if (code == 0) /* it does not write to its words */
        code = posix_spawnp(out_pid, words[0], &actions, NULL, (char *const *)words, environ);
    (void)posix_spawn_file_actions_destroy(&actions);
    return code;
}

static ko_status await(pid_t pid, const char *name, int *out_exit, ko_error *err)
{
    int how = 0;
    while (waitpid(pid, &how, 0) < 0)
        if (errno != EINTR)
            return ko_fail(err, KO_E_IO, "%s: %s", name, strerror(errno));
    *out_exit = WIFEXITED(how) ? WEXITSTATUS(how) : 128 + WTERMSIG(how);
    return KO_OK;
}

static ko_status take_output(FILE *file, const char *name, ko_buf *out, ko_error *err)
{
    char part[4096];
    ko_status st = KO_OK;
    if (fseek(file, 0, SEEK_SET) != 0)
        return ko_fail(err, KO_E_IO, "%s: %s", name, strerror(errno));
    for (size_t n; st == KO_OK && (n = fread(part, 1, sizeof part, file)) > 0;)
        st = ko_buf_append(out, part, n);
    return st == KO_OK ? KO_OK : ko_fail(err, st, "%s: printed over %zu bytes", name, out->max);
}

ko_status ko_spawn(const char *const *words, const char *input, ko_buf *out, int *out_exit,
                   ko_error *err)
{
    streams s = {0};
    pid_t pid = 0;
    ko_status st = open_streams(input, out != NULL, &s, err);
    if (st == KO_OK) {
        const int code = start(words, &s, &pid);
        if (code != 0)
            st = ko_fail(err, code == ENOENT ? KO_E_NOT_FOUND : KO_E_IO, "%s: %s", words[0],
                         strerror(code));
    }
    if (st == KO_OK)
        st = await(pid, words[0], out_exit, err);
    if (st == KO_OK && out)
        st = take_output(s.out, words[0], out, err);
    close_streams(&s);
    return st;
}
