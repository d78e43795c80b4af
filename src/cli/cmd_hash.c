/* knockoff hash - print PDQ hashes, as the reference program would. */
#include "cli/commands.h"

#include "base/alloc.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/parallel.h"
#include "ingest/files.h"

#include <knockoff/fingerprint.h>
#include <knockoff/image.h>

#include <string.h>

typedef struct hash_options {
    ko_common common;
    bool orientations;
    ko_words distance;
    unsigned jobs;
} hash_options;

static const ko_option options[] = {
    {"orientations", 'o', KO_OPT_FLAG, offsetof(hash_options, orientations), NULL,
     "the hashes of all eight orientations"},
    {"distance", 'd', KO_OPT_LIST, offsetof(hash_options, distance), "HEX HEX",
     "print the distance of two hashes in bits"},
    {"jobs", 'j', KO_OPT_COUNT, offsetof(hash_options, jobs), "N",
     "threads (default: one a processor)"},
    {0},
};

typedef struct hashed {
    const char *path;
    ko_status status;
    ko_error error;
    ko_fp fps[KO_ORIENT_COUNT];
    int quality;
} hashed;

static void hash_item(void *context, size_t item, unsigned worker)
{
    (void)worker;
    hashed *h = (hashed *)context + item;
    ko_buf bytes = KO_BUF(KO_MAX_IMAGE_BYTES);
    ko_rgb rgb = {0};
    ko_image_options decode;
    ko_image_options_init(&decode);
    decode.trusted = true;
    h->status = strcmp(h->path, "-") == 0 ? ko_stdin_read(&bytes, &h->error)
                                          : ko_file_read(h->path, &bytes, &h->error);
    if (h->status == KO_OK) {
        h->status = ko_image_decode_rgb(bytes.data, bytes.size, &decode, &rgb, &h->error);
        if (h->status == KO_OK)
            h->status = ko_fp_reference(&rgb, h->fps, &h->quality, &h->error);
        ko_error_prefix(&h->error, h->path);
    }
    ko_image_rgb_free(&rgb);
    ko_buf_free(&bytes);
}

static void print(const hash_options *o, const hashed *h)
{
    const unsigned n = o->orientations ? KO_ORIENT_COUNT : 1;
    for (unsigned i = 0; i < n; i++) {
        char hex[KO_FP_HEX_SIZE];
        ko_fp_to_hex(&h->fps[i], hex);
        const char *orientation = ko_orientation_name((ko_orientation)i);
        if (o->common.json)
            ko_json_line(stdout,
                         json_pack("{s:s, s:i, s:o, s:s}", "hash", hex, "quality", h->quality,
                                   "name", ko_json_string(h->path), "orientation", orientation));
        else if (o->orientations)
            ko_print("%s,%d,%s,%s\n", hex, h->quality, h->path, orientation);
        else
            ko_print("%s,%d,%s\n", hex, h->quality, h->path);
    }
}

#define CHUNK 64

static ko_status hash_all(const hash_options *o, const ko_paths *files, ko_problems *problems,
                          ko_error *err)
{
    hashed *chunk = ko_alloc_array(CHUNK, sizeof *chunk);
    ko_status st = KO_OK;
    if (!chunk)
        return ko_fail(err, KO_E_NOMEM, "%d pictures", CHUNK);
    for (size_t first = 0; st == KO_OK && first < files->count; first += CHUNK) {
        const size_t left = files->count - first;
        const size_t n = left < CHUNK ? left : CHUNK;
        memset(chunk, 0, n * sizeof *chunk);
        for (size_t i = 0; i < n; i++)
            chunk[i].path = files->path[first + i];
        st = ko_parallel_for(n, o->jobs, hash_item, chunk);
        for (size_t i = 0; st == KO_OK && i < n; i++) {
            if (chunk[i].status == KO_OK)
                print(o, &chunk[i]);
            else
                ko_problem(problems, "%s", chunk[i].error.text);
        }
    }
    ko_free(chunk);
    return st == KO_E_STOPPED ? ko_fail(err, st, "stopped") : st;
}

static ko_exit print_distance(const hash_options *o)
{
    ko_fp fps[2];
    ko_error err = {0};
    if (o->distance.count != 2 || o->common.operands.count) {
        ko_say("hash: --distance takes two hashes of 64 hexadecimal digits");
        return KO_EXIT_USAGE;
    }
    for (int i = 0; i < 2; i++)
        if (ko_fp_from_hex(o->distance.word[i], &fps[i], &err) != KO_OK) {
            ko_say("hash: %s", err.text);
            return KO_EXIT_USAGE;
        }
    const unsigned distance = ko_fp_distance(&fps[0], &fps[1]);
    if (o->common.json)
        ko_json_line(stdout, json_pack("{s:i}", "distance", (int)distance));
    else
        ko_print("%u\n", distance);
    return KO_EXIT_OK;
}

static ko_exit print_hashes(const hash_options *o)
{
    ko_problems problems = ko_problems_said();
    ko_ingest_files files = {0};
    ko_error err = {0};
    if (o->common.operands.count == 0) {
        ko_say("hash needs pictures (knockoff help hash)");
        return KO_EXIT_USAGE;
    }
    ko_status st = ko_ingest_files_find(o->common.operands.word, o->common.operands.count,
                                        &problems, &files, &err);
    if (st == KO_OK)
        st = hash_all(o, &files.pictures, &problems, &err);
    ko_ingest_files_free(&files);
    if (st != KO_OK)
        return ko_give_up(&err);
    return problems.count ? KO_EXIT_REFUSED : KO_EXIT_OK;
}

static ko_exit run(char **words, size_t n)
{
    hash_options o = {.jobs = ko_parallel_processors()};
    ko_exit code = KO_EXIT_OK;
    if (ko_begin(&ko_cmd_hash, words, n, &o, &code))
        code = o.distance.word ? print_distance(&o) : print_hashes(&o);
    ko_options_free(options, &o);
    return code;
}

const ko_command ko_cmd_hash = {
    .name = "hash",
    .summary = "print PDQ hashes of pictures",
    .usage = "[--orientations] IMAGE... | --distance HEX HEX",
    .description =
        "Prints hash,quality,name for each picture: bit for bit what the PDQ reference program\n"
        "prints for the same pixels, decoded at full size (alpha and colour profile ignored,\n"
        "EXIF orientation applied). \"-\" reads standard input. --orientations prints eight lines\n"
        "a picture, with the orientation as a fourth column.",
    .options = options,
    .run = run,
};
