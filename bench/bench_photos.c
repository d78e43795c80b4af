/* From listing photos on disk to fingerprints: bare decoding, decoding as a scan does it,
 * and whole files on one thread and on two. The folder is the argument; up to a thousand
 * of its JPEG files are taken. At the end it says how far fingerprints of shrunk decodes
 * stray from those of full ones, which is what the shrinking costs. */
#include "base/alloc.h"
#include "base/file.h"
#include "base/limits.h"
#include "bench.h"
#include "scan/picture.h"

#include <knockoff/fingerprint.h>
#include <knockoff/image.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILES_MAX 1000
#define STRICT_QUALITY 80 /* at which PDQ implementations are compared */

typedef struct corpus {
    ko_paths files;
    ko_buf bytes[FILES_MAX];
    ko_photo_reading readings[FILES_MAX];
    size_t n;
    uint32_t min_side_px; /* of decode */
    unsigned jobs;        /* of read_files */
} corpus;

static void load(corpus *c, const char *folder)
{
    ko_paths all = {0};
    if (ko_paths_walk(&all, folder, NULL, NULL) != KO_OK)
        return;
    for (size_t i = 0; i < all.count && c->n < FILES_MAX; i++) {
        ko_buf bytes = KO_BUF(KO_MAX_IMAGE_BYTES);
        if (ko_file_read(all.path[i], &bytes, NULL) != KO_OK ||
            ko_image_sniff(bytes.data, bytes.size) != KO_IMAGE_JPEG ||
            ko_paths_add(&c->files, all.path[i], NULL) != KO_OK) {
            ko_buf_free(&bytes);
            continue;
        }
        c->bytes[c->n++] = bytes;
    }
    ko_paths_free(&all);
}

static void unload(corpus *c)
{
    for (size_t i = 0; i < c->n; i++)
        ko_buf_free(&c->bytes[i]);
    ko_paths_free(&c->files);
}

static ko_status decode_one(const corpus *c, size_t i, uint32_t min_side_px, ko_image *out_image)
{
    ko_image_options options;
    ko_image_options_init(&options);
    options.min_side_px = min_side_px;
    return ko_image_decode(c->bytes[i].data, c->bytes[i].size, &options, out_image, NULL);
}

static void decode_all(void *context)
{
    const corpus *c = context;
    for (size_t i = 0; i < c->n; i++) {
        ko_image image = {0};
        if (decode_one(c, i, c->min_side_px, &image) == KO_OK)
            ko_image_free(&image);
    }
}

static void decode_and_hash_all(void *context)
{
    const corpus *c = context;
    for (size_t i = 0; i < c->n; i++) {
        ko_image image = {0};
        ko_fp fp;
        if (decode_one(c, i, c->min_side_px, &image) != KO_OK)
            continue;
        if (ko_fp_from_grey(&image.luma, &image.full, &fp, NULL, NULL) != KO_OK)
            abort();
        ko_image_free(&image);
    }
}

/* As a scan does it: from the file, with its SHA-256. */
static void read_files(void *context)
{
    corpus *c = context;
    memset(c->readings, 0, c->n * sizeof *c->readings);
    for (size_t i = 0; i < c->n; i++)
        c->readings[i] =
            (ko_photo_reading){.name = c->files.path[i], .file = {.path = c->files.path[i]}};
    if (ko_photos_read(c->readings, c->n, NULL, c->jobs) != KO_OK)
        abort();
}

static void time_all(ko_bench *bench, corpus *c)
{
    char what[40];
    (void)snprintf(what, sizeof what, "%zu JPEG files", c->n);
    ko_bench_case one = {
        .level = "-", .corpus = what, .item = "picture", .items = (double)c->n, .context = c};
    one.name = "decode, full size";
    one.fn = decode_all;
    ko_bench_run(bench, &one);
    c->min_side_px = KO_PHOTO_SIDE_PX;
    one.name = "decode, as in a scan";
    ko_bench_run(bench, &one);
    one.name = "decode and hash";
    one.fn = decode_and_hash_all;
    ko_bench_run(bench, &one);
    one.fn = read_files;
    one.name = "whole file, 1 thread";
    c->jobs = 1;
    ko_bench_run(bench, &one);
    one.name = "whole file, 2 threads";
    c->jobs = 2;
    ko_bench_run(bench, &one);
}

static int by_size(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

/* Distances between the fingerprints of shrunk and of full decodes. */
static void tell_strays(const corpus *c)
{
    static int strays[FILES_MAX];
    size_t n = 0, beyond = 0;
    for (size_t i = 0; i < c->n; i++) {
        ko_image full = {0}, shrunk = {0};
        ko_fp a, b;
        int quality = 0;
        if (decode_one(c, i, 0, &full) == KO_OK &&
            decode_one(c, i, KO_PHOTO_SIDE_PX, &shrunk) == KO_OK && shrunk.full.shrink > 1 &&
            ko_fp_from_grey(&full.luma, &full.full, &a, &quality, NULL) == KO_OK &&
            ko_fp_from_grey(&shrunk.luma, &shrunk.full, &b, NULL, NULL) == KO_OK &&
            quality >= STRICT_QUALITY) {
            strays[n] = (int)ko_fp_distance(&a, &b);
            beyond += strays[n++] > 10;
        }
        ko_image_free(&full);
        ko_image_free(&shrunk);
    }
    if (n == 0)
        return;
    qsort(strays, n, sizeof *strays, by_size);
    (void)printf("shrunk against full decode, quality >= %d: %zu pictures, median %d bits,"
                 " 95 %% %d, 99 %% %d, most %d; beyond 10 bits: %zu\n",
                 STRICT_QUALITY, n, strays[n / 2], strays[n * 95 / 100], strays[n * 99 / 100],
                 strays[n - 1], beyond);
}

int main(int argc, char **argv)
{
    static const char usage[] = "usage: bench_photos FOLDER " KO_BENCH_OPTIONS "\n";
    static corpus c;
    ko_bench bench;
    if (argc < 2 || argv[1][0] == '-' || !ko_bench_open(&bench, "bench_photos", argc - 1, argv + 1))
        return ko_bench_usage(usage, argc, argv);
    load(&c, argv[1]);
    if (c.n == 0) {
        (void)fprintf(stderr, "bench_photos: no JPEG files in %s\n", argv[1]);
        return 3;
    }
    time_all(&bench, &c);
    if (!bench.json)
        tell_strays(&c);
    unload(&c);
    ko_bench_close(&bench);
    return 0;
}
