/* knockoff bench - run the benchmark programs that are built beside the program. */
#include "cli/commands.h"

#include "base/alloc.h"
#include "base/file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const ko_option options[] = {{0}};

static const char *const benches[] = {"hamming", "hash",  "photos", "features", "match", "scale",
                                      "crawl",   "pages", "case",   "watch",    NULL};

/* Where the programs lie, relative to the folder of this one: installed, and as built. */
static const char *const places[] = {"../libexec/knockoff", "../bench", NULL};

/* Puts the path of the program's own folder into out. */
static bool own_folder(char *out, size_t size)
{
    const ssize_t n = readlink("/proc/self/exe", out, size - 1);
    if (n <= 0)
        return false;
    out[n] = '\0';
    *strrchr(out, '/') = '\0';
    return true;
}

/* Becomes the benchmark; returns only when it cannot. */
static ko_exit become(const char *bench, char **words, size_t n)
{
    char folder[4096], path[4096 + 64];
    char **argv = ko_alloc_zero(n + 2, sizeof *argv);
    if (!argv || !own_folder(folder, sizeof folder)) {
        ko_free(argv);
        ko_say("bench: %s", strerror(errno));
        return KO_EXIT_SYSTEM;
    }
    for (size_t i = 0; i < n; i++)
        argv[i + 1] = words[i];
    argv[0] = path;
    for (const char *const *place = places; *place; place++) {
        (void)snprintf(path, sizeof path, "%s/%s/bench_%s", folder, *place, bench);
        (void)execv(path, argv);
    }
    ko_free(argv);
    ko_say("bench: no program bench_%s beside this one (build with KO_BENCH=ON)", bench);
    return KO_EXIT_NOT_FOUND;
}

static ko_exit run(char **words, size_t n)
{
    if (n > 0)
        for (const char *const *bench = benches; *bench; bench++)
            if (strcmp(words[0], *bench) == 0)
                return become(*bench, words + 1, n - 1);
    ko_common o = {0};
    ko_exit code = KO_EXIT_OK;
    if (n == 0) {
        ko_command_help(&ko_cmd_bench);
        code = KO_EXIT_USAGE;
    } else if (ko_begin(&ko_cmd_bench, words, n, &o, &code)) {
        ko_say("bench: name one: hamming, hash, photos, features, match, pages, crawl (knockoff "
               "help bench)");
        code = KO_EXIT_USAGE;
    }
    ko_options_free(options, &o);
    return code;
}

const ko_command ko_cmd_bench = {
    .name = "bench",
    .summary = "measure the hot loops on this machine",
    .usage = "hamming|hash|photos FOLDER|features [FOLDER]|match FOLDER|crawl|"
             "pages FOLDER [options of that program]",
    .description =
        "  hamming  comparisons a second of the range search, every kernel, one and two threads\n"
        "  hash     fingerprints a second of decoded pictures\n"
        "  photos   pictures a second from the files of a folder: decode, fingerprint, both\n"
        "  features milliseconds a picture to find and describe keypoints\n"
        "  match    works found in photos of a folder with truth.csv: recall, false claims and\n"
        "           milliseconds, if asked beside other ways to find them\n"
        "  crawl    a market made up on loopback, crawled: listings and pictures a second, what\n"
        "           was lost, what was asked too often, if asked with kills in between\n"
        "  watch    a month of watching by a clock that runs fast: what was found, told and "
        "missed\n"
        "           of a market that lives, with kills, a network that drops, a disk that fills "
        "up\n"
        "  pages    what is read right of pages, feeds and replies in a folder with manifest.csv\n"
        "\"knockoff bench NAME --help\" lists what a program takes; all take --json. How to read\n"
        "what they print is in bench/README.md.",
    .options = options,
    .run = run,
};
