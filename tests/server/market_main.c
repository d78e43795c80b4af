/* market - serves a market on loopback until it is told to end, then says what it was asked. */
#include "market.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
    "usage: market [--shops N] [--listings N] [--pictures N] [--faults PERCENT] [--seed N]\n"
    "              [--delay SECONDS] [--rate N] [--works FOLDER] [--log FILE]\n"
    "              [--truth FILE] [--port N] [--print-port] [--tls]\n"
    "Serves shopNNN.localhost on one port of 127.0.0.1. With --print-port the port, and with "
    "--tls\n"
    "the authority's file, are printed first. --truth gets a line for each source, listing and\n"
    "picture: what it is, its URL, why it cannot be had, the work that it shows; tabs between.\n";

typedef struct arguments {
    plan p;
    const char *works, *log, *truth;
    double rate; /* above which a host counts as asked too often */
    bool print_port;
} arguments;

static bool number(const char *text, double most, double *out)
{
    char *end;
    *out = strtod(text, &end);
    return end != text && *end == '\0' && *out >= 0 && *out <= most;
}

static bool read_value(arguments *a, const char *name, const char *value)
{
    double n = 0;
    if (strcmp(name, "--works") == 0)
        a->works = value;
    else if (strcmp(name, "--log") == 0)
        a->log = value;
    else if (strcmp(name, "--truth") == 0)
        a->truth = value;
    else if (strcmp(name, "--shops") == 0 && number(value, 1000, &n) && n >= 1)
        a->p.shops = (unsigned)n;
    else if (strcmp(name, "--listings") == 0 && number(value, 1e6, &n))
        a->p.listings = (unsigned)n;
    else if (strcmp(name, "--pictures") == 0 && number(value, 12, &n) && n >= 1)
        a->p.pictures = (unsigned)n;
    else if (strcmp(name, "--faults") == 0 && number(value, 50, &n))
        a->p.faults_percent = (unsigned)n;
    else if (strcmp(name, "--seed") == 0 && number(value, 1e15, &n))
        a->p.seed = (uint64_t)n;
    else if (strcmp(name, "--port") == 0 && number(value, 65535, &n))
        a->p.port = (unsigned)n;
    else if (strcmp(name, "--delay") == 0)
        return number(value, 3600, &a->p.delay_s);
    else if (strcmp(name, "--rate") == 0)
        return number(value, 1e6, &a->rate);
    else
        return false;
    return true;
}

static bool read_arguments(arguments *a, int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--tls") == 0)
            a->p.tls = true;
        else if (strcmp(argv[i], "--print-port") == 0)
            a->print_port = true;
        else if (i + 1 < argc && read_value(a, argv[i], argv[i + 1]))
            i++;
        else
            return false;
    }
    return true;
}

static void write_line(void *file, const market_truth *truth)
{
    (void)fprintf(file, "%s\t%s\t%s\t%s\n", truth->what, truth->url, truth->lost, truth->work);
}

static bool write_truth(const market *m, const char *path)
{
    FILE *f = fopen(path, "w");
    if (f)
        market_each_truth(m, write_line, f);
    if (f && fclose(f) == 0)
        return true;
    (void)fprintf(stderr, "market: %s: %s\n", path, strerror(errno));
    return false;
}

/* Tells who started it where to find it. */
static void print_address(const market *m)
{
    (void)printf("%u\n", market_plan(m)->port);
    if (market_ca(m))
        (void)printf("%s\n", market_ca(m));
    (void)fflush(stdout);
}

static void print_audit(const market_audit *audit)
{
    (void)printf("%zu requests, %zu to strange hosts, %zu whole answers, %zu unchanged, %zu "
                 "repeated, %zu forbidden\n"
                 "%zu after a wall, %zu hosts asked before their robots.txt\n"
                 "%zu in the busiest second of a host, %zu hosts asked too often\n",
                 audit->requests, audit->strange, audit->whole, audit->unchanged, audit->repeated,
                 audit->forbidden, audit->walled, audit->unasked, audit->busiest, audit->over);
}

int main(int argc, char **argv)
{
    arguments a = {.p = {.shops = 10, .listings = 200, .pictures = 5, .seed = 1, .delay_s = 0.1},
                   .rate = 1};
    if (!read_arguments(&a, argc, argv)) {
        (void)fputs(usage, stderr);
        return 2;
    }
    sigset_t ends; /* blocked before any thread is there, so that sigwait gets them */
    (void)sigemptyset(&ends);
    (void)sigaddset(&ends, SIGTERM);
    (void)sigaddset(&ends, SIGINT);
    (void)sigprocmask(SIG_BLOCK, &ends, NULL);
    ko_error err = {0};
    market *m = market_start(&a.p, a.works, a.log, &err);
    if (!m) {
        (void)fprintf(stderr, "market: %s\n", err.text);
        return 3;
    }
    if (a.truth && !write_truth(m, a.truth)) {
        market_stop(m);
        return 3;
    }
    if (a.print_port)
        print_address(m);
    int got = 0;
    (void)sigwait(&ends, &got);
    market_audit audit;
    market_judge(m, a.rate, &audit);
    print_audit(&audit);
    market_stop(m);
    return 0;
}
