/* stamper - serves an authority of timestamps on loopback until it is told to end. */
#include "server.h"
#include "stamper.h"

#include <openssl/crypto.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

static const char usage[] = "usage: stamper CA-FILE\n"
                            "Writes its certificate there, prints its port, and answers POST to\n"
                            "/honest /refuses /other /replays /future /expired /forges, /page and\n"
                            "/denies.\n";

static const char *const moods[STAMPER_MOODS] = {"/honest", "/refuses", "/other", "/replays",
                                                 "/future", "/expired", "/forges"};

static bool handle(void *context, const test_request *request)
{
    char type[64];
    size_t size = 0;
    unsigned char *answer = NULL;
    test_header(request, "Content-Type", type, sizeof type);
    if (strcmp(request->target, "/page") == 0)
        return test_answer_text(request, 200, "Content-Type: text/html\r\n", "<p>hello</p>");
    if (strcmp(request->target, "/denies") == 0)
        return test_answer_text(request, 403, "", "no");
    if (strcmp(request->method, "POST") != 0 || strcmp(type, "application/timestamp-query") != 0)
        return test_answer_text(request, 400, "", "not a request");
    for (int mood = 0; mood < STAMPER_MOODS && !answer; mood++)
        if (strcmp(request->target, moods[mood]) == 0)
            answer = stamper_answer(context, (stamper_mood)mood, request->body, request->body_bytes,
                                    &size);
    if (!answer)
        return test_answer_text(request, 404, "", "not here");
    const bool sent =
        test_answer(request, 200, "Content-Type: application/timestamp-reply\r\n", answer, size);
    OPENSSL_free(answer);
    return sent;
}

int main(int argc, char **argv)
{
    sigset_t end;
    int signal = 0;
    if (argc != 2) {
        (void)fputs(usage, stderr);
        return 2;
    }
    sigemptyset(&end);
    sigaddset(&end, SIGTERM);
    sigaddset(&end, SIGINT);
    sigprocmask(SIG_BLOCK, &end, NULL); /* before there are threads */
    stamper *s = stamper_make();
    test_server *server = NULL;
    if (s && stamper_write_ca(s, argv[1]))
        server = test_server_start(&(test_server_options){.handler = handle, .context = s});
    if (server) {
        (void)printf("%u\n", test_server_port(server));
        (void)fflush(stdout);
        sigwait(&end, &signal);
    }
    test_server_stop(server);
    stamper_free(s);
    return server ? 0 : 1;
}
