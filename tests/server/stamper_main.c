/* stamper - serves an authority of timestamps on loopback until it is told to end. */
#include "server.h"
#include "stamper.h"

#include <openssl/crypto.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

static const char usage[] =
    "usage: stamper CA-FILE [MOOD]\n"
    "Writes its certificate there. With a mood (honest refuses other replays future expired\n"
    "forges) answers the request on standard input; else prints its port and answers POST to\n"
    "/MOOD, /page and /denies.\n";

static const char *const moods[STAMPER_MOODS] = {"honest", "refuses", "other", "replays",
                                                 "future", "expired", "forges"};

/* NULL when there is no such mood, or the request is none. OPENSSL_free it. */
static unsigned char *answer_as(const stamper *s, const char *name, const void *request,
                                size_t request_size, size_t *out_size)
{
    for (int mood = 0; mood < STAMPER_MOODS; mood++)
        if (strcmp(name, moods[mood]) == 0)
            return stamper_answer(s, (stamper_mood)mood, request, request_size, out_size);
    return NULL;
}

static int answer_input(const stamper *s, const char *mood)
{
    char request[4096];
    size_t size = 0;
    const size_t n = fread(request, 1, sizeof request, stdin);
    unsigned char *answer = answer_as(s, mood, request, n, &size);
    const bool written = answer && fwrite(answer, 1, size, stdout) == size;
    OPENSSL_free(answer);
    return written && fflush(stdout) == 0 ? 0 : 1;
}

static bool handle(void *context, const test_request *request)
{
    char type[64];
    size_t size = 0;
    test_header(request, "Content-Type", type, sizeof type);
    if (strcmp(request->target, "/page") == 0)
        return test_answer_text(request, 200, "Content-Type: text/html\r\n", "<p>hello</p>");
    if (strcmp(request->target, "/denies") == 0)
        return test_answer_text(request, 403, "", "no");
    if (strcmp(request->method, "POST") != 0 || strcmp(type, "application/timestamp-query") != 0)
        return test_answer_text(request, 400, "", "not a request");
    unsigned char *answer =
        answer_as(context, request->target + 1, request->body, request->body_bytes, &size);
    if (!answer)
        return test_answer_text(request, 404, "", "not here");
    const bool sent =
        test_answer(request, 200, "Content-Type: application/timestamp-reply\r\n", answer, size);
    OPENSSL_free(answer);
    return sent;
}

/* Serves until a signal comes. */
static int serve(stamper *s)
{
    sigset_t end;
    int signal = 0;
    sigemptyset(&end);
    sigaddset(&end, SIGTERM);
    sigaddset(&end, SIGINT);
    sigprocmask(SIG_BLOCK, &end, NULL); /* before there are threads */
    test_server *server =
        test_server_start(&(test_server_options){.handler = handle, .context = s});
    if (!server)
        return 1;
    (void)printf("%u\n", test_server_port(server));
    (void)fflush(stdout);
    sigwait(&end, &signal);
    test_server_stop(server);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc != 2 && argc != 3) {
        (void)fputs(usage, stderr);
        return 2;
    }
    stamper *s = stamper_make();
    int status = 1;
    if (s && stamper_write_ca(s, argv[1]))
        status = argc == 3 ? answer_input(s, argv[2]) : serve(s);
    stamper_free(s);
    return status;
}
