#include "scan/register.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "base/text.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK 64 /* originals in memory at once: descriptions only, not pixels */

/* "flying_fox-2.png" -> "flying fox-2": what an artist calls a file is the best title that
 * a picture without metadata has. */
static char *title_from_path(const char *path)
{
    const char *name = ko_path_name(path);
    const char *dot = strrchr(name, '.');
    char *title = ko_text_clean_dup(name);
    if (!title || !dot || dot == name)
        return title;
    char *stem = ko_strndup(name, (size_t)(dot - name));
    ko_free(title);
    title = stem ? ko_text_clean_dup(stem) : NULL;
    ko_free(stem);
    for (char *c = title; c && *c; c++)
        if (*c == '_')
            *c = ' ';
    return title;
}

/* A path that still means the same from another folder; ko_free it. */
static char *absolute(const char *path)
{
    char *resolved = realpath(path, NULL);
    char *copy = ko_strdup(resolved ? resolved : path);
    free(resolved); /* realpath's memory, not ours */
    return copy;
}

/* Stores the view of one original, in a new work unless work_id names one. */
static ko_status store_original(ko_store *store, const ko_register_options *options,
                                const ko_original_reading *original, const char *title,
                                int64_t *out_work_id, char out_serial[KO_SERIAL_SIZE],
                                ko_error *err)
{
    ko_buf part = KO_BUF(KO_MAX_PART_BYTES);
    char *path = absolute(original->path);
    if (!path)
        return ko_fail(err, KO_E_NOMEM, "path of %s", original->path);
    ko_status st = ko_part_view_pack(original->part, &part, err);
    ko_view view = {
        .work_id = options->work_id,
        .path = path,
        .bytes = original->picture.bytes,
        .width = original->picture.width,
        .height = original->picture.height,
        .kind = ko_image_kind_name(original->picture.kind),
        .has_alpha = original->picture.has_alpha,
        .quality = original->picture.quality,
        .variants = original->variants,
        .n_variants = original->n_variants,
        .part = part.data,
        .part_bytes = part.size,
        .robustness = original->robustness,
    };
    memcpy(view.sha256, original->picture.sha256, sizeof view.sha256);
    if (st == KO_OK)
        st = ko_store_begin(store, err);
    if (view.work_id)
        ko_work_serial(view.work_id, out_serial);
    if (st == KO_OK && !view.work_id) {
        ko_work_fields fields = options->fields;
        if (!fields.title)
            fields.title = title;
        st = ko_work_add(store, &fields, &view.work_id, out_serial, err);
    }
    int64_t view_id = 0;
    if (st == KO_OK)
        st = ko_view_add(store, &view, &view_id, err);
    if (st == KO_OK)
        st = ko_store_commit(store, err);
    if (st != KO_OK)
        ko_store_rollback(store);
    *out_work_id = view.work_id;
    ko_buf_free(&part);
    ko_free(path);
    return st;
}

static ko_status register_one(ko_store *store, const ko_register_options *options,
                              const ko_original_reading *original, ko_error *err)
{
    ko_registered registered = {
        .path = original->path,
        .title = "",
        .plain = ko_original_is_plain(original),
        .reading = original,
    };
    char serial[KO_SERIAL_SIZE];
    int64_t work_id = 0;
    char *stem = NULL;
    ko_status st = ko_work_by_sha256(store, original->picture.sha256, &work_id, serial, NULL);
    registered.known = st == KO_OK;
    if (st == KO_E_NOT_FOUND) {
        const char *name = options->name ? options->name : original->path;
        stem = original->title ? NULL : title_from_path(name);
        registered.title = options->fields.title ? options->fields.title
                           : original->title     ? original->title
                           : stem                ? stem
                                                 : "";
        st = store_original(store, options, original, registered.title, &work_id, serial, err);
    } else if (st != KO_OK) {
        (void)ko_fail(err, st, "%s: looking it up in the database", original->path);
    }
    registered.serial = serial;
    registered.work_id = work_id;
    if (st == KO_OK && options->on_registered)
        st = options->on_registered(options->context, &registered);
    ko_free(stem);
    return st;
}

/* Reads and registers files[first..first+n). */
static ko_status register_chunk(ko_store *store, const ko_register_options *options,
                                char *const *files, size_t n, ko_error *err)
{
    ko_original_reading *originals = ko_alloc_zero(n, sizeof *originals);
    if (!originals)
        return ko_fail(err, KO_E_NOMEM, "%zu originals", n);
    for (size_t i = 0; i < n; i++)
        originals[i] = (ko_original_reading){.path = files[i], .with_trial = true};
    ko_status st = ko_originals_read(originals, n, options->jobs);
    for (size_t i = 0; st == KO_OK && i < n; i++) {
        if (originals[i].status == KO_OK)
            st = register_one(store, options, &originals[i], err);
        else
            ko_problem(options->problems, "%s", originals[i].error.text);
    }
    for (size_t i = 0; i < n; i++)
        ko_original_free(&originals[i]);
    ko_free(originals);
    return st;
}

ko_status ko_register(ko_store *store, const ko_paths *files, const ko_register_options *options,
                      ko_error *err)
{
    assert(options->problems && options->jobs);
    ko_status st = KO_OK;
    for (size_t first = 0; st == KO_OK && first < files->count; first += CHUNK) {
        const size_t left = files->count - first;
        st = register_chunk(store, options, files->path + first, left < CHUNK ? left : CHUNK, err);
    }
    return st == KO_E_STOPPED ? ko_fail(err, st, "stopped; what was registered is kept") : st;
}
