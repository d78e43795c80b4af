#include "bench.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define REPEATS_DEFAULT 15

int64_t ko_bench_now_ns(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* x86 kernels of Linux write "model name : ...", others "Model : ..." or "Hardware : ...". */
static bool names_the_cpu(const char *line)
{
    return strncmp(line, "model name", 10) == 0 || strncmp(line, "Model", 5) == 0 ||
           strncmp(line, "Hardware", 8) == 0;
}

const char *ko_bench_cpu_name(void)
{
    static char name[128];
    if (name[0])
        return name;
    (void)snprintf(name, sizeof name, "unknown");
    FILE *f = fopen("/proc/cpuinfo", "r");
    if (!f)
        return name;
    char line[256];
    while (fgets(line, sizeof line, f)) {
        char *colon = strchr(line, ':');
        if (!names_the_cpu(line) || !colon)
            continue;
        colon += 1 + strspn(colon + 1, " \t");
        colon[strcspn(colon, "\n")] = '\0';
        (void)snprintf(name, sizeof name, "%s", colon);
        break;
    }
    (void)fclose(f);
    return name;
}

static bool read_arguments(ko_bench *bench, int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--json") == 0) {
            bench->json = true;
        } else if (strcmp(argv[i], "--repeats") == 0 && i + 1 < argc) {
            char *end;
            const unsigned long n = strtoul(argv[++i], &end, 10);
            if (*end || n == 0 || n > KO_BENCH_REPEATS_MAX)
                return false;
            bench->repeats = (unsigned)n;
        } else {
            return false;
        }
    }
    return true;
}

int ko_bench_usage(const char *usage, int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], "--help") == 0) {
            (void)fputs(usage, stdout);
            return 0;
        }
    (void)fputs(usage, stderr);
    return 2;
}

bool ko_bench_open(ko_bench *bench, const char *program, int argc, char **argv)
{
    *bench = (ko_bench){.program = program, .repeats = REPEATS_DEFAULT};
    if (!read_arguments(bench, argc, argv))
        return false;
    bench->results = json_array();
    if (!bench->results)
        return false;
    if (!bench->json) {
        (void)printf("%s on %s, median of %u\n", program, ko_bench_cpu_name(), bench->repeats);
        (void)printf("%-22s %-8s %-26s %14s %14s %21s %8s\n", "case", "level", "corpus", "median",
                     "best", "rate", "spread");
    }
    return true;
}

static int by_size(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a;
    const int64_t y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Writes three or four digits and the SI prefix of thousands. */
static void scaled(double value, char out[16])
{
    static const char prefix[] = " kMGT";
    size_t k = 0;
    for (; value >= 1000 && prefix[k + 1]; k++)
        value /= 1000;
    (void)snprintf(out, 16, "%.*f %c", value < 10 ? 3 : value < 100 ? 2 : 1, value, prefix[k]);
}

static void report(ko_bench *bench, const ko_bench_case *what, double median_ns, double best_ns,
                   double spread)
{
    const double ns = median_ns / what->items;
    const double best = best_ns / what->items;
    const double per_second = 1e9 / ns;
    if (!bench->json) {
        const bool in_us = ns >= 1000;
        const double unit = in_us ? 1000 : 1;
        char rate[16];
        scaled(per_second, rate);
        (void)printf("%-22s %-8s %-26s %11.3f %s %11.3f %s %10s %ss/s %7.1f%%\n", what->name,
                     what->level, what->corpus, ns / unit, in_us ? "us" : "ns", best / unit,
                     in_us ? "us" : "ns", rate, what->item, spread);
        (void)fflush(stdout);
        return;
    }
    json_t *result =
        json_pack("{s:s, s:s, s:s, s:s, s:f, s:f, s:f, s:f}", "case", what->name, "level",
                  what->level, "corpus", what->corpus, "item", what->item, "median_ns", ns,
                  "best_ns", best, "items_per_second", per_second, "spread_percent", spread);
    (void)json_array_append_new(bench->results, result);
}

void ko_bench_run(ko_bench *bench, const ko_bench_case *what)
{
    assert(what->fn && what->items > 0);
    int64_t took_ns[KO_BENCH_REPEATS_MAX];
    what->fn(what->context);
    for (unsigned i = 0; i < bench->repeats; i++) {
        const int64_t start_ns = ko_bench_now_ns();
        what->fn(what->context);
        took_ns[i] = ko_bench_now_ns() - start_ns;
    }
    const unsigned last = bench->repeats - 1;
    const unsigned middle = last / 2;
    const unsigned quarter = bench->repeats / 4;
    qsort(took_ns, bench->repeats, sizeof took_ns[0], by_size);
    const double median_ns = (double)(took_ns[middle] + took_ns[last - middle]) / 2;
    const double quartiles_ns = (double)(took_ns[last - quarter] - took_ns[quarter]);
    report(bench, what, median_ns, (double)took_ns[0], 100 * quartiles_ns / 2 / median_ns);
}

bool ko_bench_number(const char *text, double least, double most, double *out)
{
    char *end = NULL;
    const double value = text ? strtod(text, &end) : 0;
    if (!text || end == text || *end || !(value >= least && value <= most))
        return false;
    *out = value;
    return true;
}

void ko_bench_close(ko_bench *bench)
{
    if (bench->json) {
        json_t *document =
            json_pack("{s:s, s:s, s:i, s:O}", "program", bench->program, "cpu", ko_bench_cpu_name(),
                      "repeats", (int)bench->repeats, "results", bench->results);
        if (document && json_dumpf(document, stdout, JSON_INDENT(2)) == 0)
            (void)putchar('\n');
        json_decref(document);
    }
    json_decref(bench->results);
    bench->results = NULL;
}
