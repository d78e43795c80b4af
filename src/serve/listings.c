/* Listings in: what the user drops on the page, or pastes into it. */
#include "serve/handlers.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/limits.h"
#include "capture/archive.h"
#include "case/beside.h"
#include "case/past_news.h"
#include "ingest/source.h"
#include "platform/url.h"
#include "report/counts.h"
#include "report/json.h"
#include "serve/given.h"
#include "store/web.h"

#include <knockoff/image.h>

#include <stdio.h>
#include <string.h>

typedef struct intake {
    ko_desk *desk;
    const char *name, *url; /* as sent; url may be NULL */
    const char *bytes;
    size_t size;
    ko_store *store;
    ko_archive *archive;
    ko_given given;
    ko_problems problems;
    json_t *lines, *notes; /* of problems, and of what is none */
    ko_ingest_counts counts;
    ko_past_news past;
} intake;

/* --- what is told --- */

/* Appends line without any of the n bytes at prefix that stand in it. */
static ko_status cut(const char *line, const char *prefix, size_t n, ko_buf *out)
{
    ko_status st = KO_OK;
    for (const char *at = line; st == KO_OK && *at;) {
        const bool is = n > 0 && strncmp(at, prefix, n) == 0;
        if (!is)
            st = ko_buf_append(out, at, 1);
        at += is ? n : 1;
    }
    return st;
}

/* Messages name the file by where it lies here, and what lies beside it there; the user knows the
 * first by its name alone, and the second by what the file says. */
static void add_line(const intake *in, json_t *lines, const char *line)
{
    const char *path = in->given.path, *name = in->given.name;
    ko_buf once = KO_BUF(KO_MAX_PATH_BYTES), twice = KO_BUF(KO_MAX_PATH_BYTES);
    if (json_array_size(lines) >= KO_MAX_SERVE_PROBLEMS)
        return;
    const size_t folder = path ? (size_t)(ko_path_name(path) - path) : 0;
    if (cut(line, path, path ? (size_t)(name - path) : 0, &once) == KO_OK && once.data &&
        cut(once.data, path, folder, &twice) == KO_OK && twice.data)
        (void)json_array_append_new(lines, ko_json_string(twice.data));
    ko_buf_free(&once);
    ko_buf_free(&twice);
}

static void note_problem(void *context, const char *line)
{
    const intake *in = context;
    add_line(in, in->lines, line);
}

static void note(void *context, const char *line)
{
    const intake *in = context;
    add_line(in, in->notes, line);
}

/* --- what was sent --- */

static ko_status read_request(const ko_serve_request *request, intake *in, ko_error *err)
{
    ko_url url;
    in->name = ko_target_query(request->target, "name");
    in->url = ko_target_query(request->target, "url");
    in->bytes = request->body;
    in->size = request->body_size;
    if (!in->name)
        return ko_fail(err, KO_E_USAGE, "name says what the file is called");
    if (in->size == 0)
        return ko_fail(err, KO_E_FORMAT, "%s: empty", in->name);
    if (in->url && ko_url_parse(in->url, strlen(in->url), NULL, &url, NULL) != KO_OK)
        return ko_fail(err, KO_E_USAGE, "url is an address of the web, not '%s'", in->url);
    return KO_OK;
}

/* --- taking it in --- */

/* A picture is a listing of its own, with the address that the user states. It stays where it was
 * kept, for scans and for evidence. */
static ko_status take_picture(intake *in, ko_error *err)
{
    ko_ingest *ingest = NULL;
    ko_listing record = {.url = in->url ? ko_strdup(in->url) : NULL};
    ko_status st = in->url && !record.url ? ko_fail(err, KO_E_NOMEM, "%s", in->name) : KO_OK;
    if (st == KO_OK)
        st = ko_listing_add_picture(&record, "", in->given.path, err);
    if (st == KO_OK)
        st = ko_listing_settle(&record, err);
    if (st == KO_OK)
        st = ko_ingest_begin(in->store, in->archive, in->given.path, &in->problems, &ingest, err);
    if (st == KO_OK) {
        st = ko_ingest_listing(ingest, &record, 0, err);
        if (st == KO_OK)
            st = ko_ingest_end(ingest, &in->counts, err);
        else
            ko_ingest_abandon(ingest);
    }
    ko_listing_free(&record);
    return st;
}

static ko_status take_other(intake *in, ko_error *err)
{
    const ko_ingest_source_options how = {.url = in->url, .say = note, .context = in};
    return ko_ingest_whole(in->store, in->archive, in->given.path, &how, &in->problems, &in->counts,
                           err);
}

static ko_status keep(intake *in, ko_error *err)
{
    char *folder = NULL;
    ko_status st = ko_beside(in->desk->path, KO_BESIDE_LISTINGS, &folder, err);
    if (st == KO_OK)
        st = ko_given_keep(folder, in->name, in->bytes, in->size, &in->given, err);
    ko_free(folder);
    return st;
}

static ko_status open_archive(intake *in, ko_error *err)
{
    char *folder = NULL, software[64];
    (void)snprintf(software, sizeof software, "Knockoff/%s", in->desk->version);
    ko_status st = ko_beside(in->desk->path, KO_BESIDE_ARCHIVE, &folder, err);
    if (st == KO_OK)
        st = ko_archive_open(folder, software, &in->archive, err);
    ko_free(folder);
    return st;
}

/* All but pictures is needed no more when it is taken in: pages that show something are in the
 * archive by then. */
static ko_status take(intake *in, ko_error *err)
{
    const ko_image_kind kind = ko_image_sniff(in->bytes, in->size);
    const int64_t begun = ko_clock_now();
    if (kind == KO_IMAGE_SVG || kind == KO_IMAGE_PSD)
        return ko_fail(err, KO_E_UNSUPPORTED, "%s: %s is read of your own works alone", in->name,
                       ko_image_kind_name(kind));
    ko_status st = open_archive(in, err);
    if (st == KO_OK)
        st = keep(in, err);
    if (st != KO_OK)
        return st;
    st = kind == KO_IMAGE_UNKNOWN ? take_other(in, err) : take_picture(in, err);
    if (kind == KO_IMAGE_UNKNOWN)
        ko_given_remove(&in->given);
    if (st == KO_OK)
        st = ko_past_follow(in->store, in->desk->path, in->counts.remarks > 0, begun, &in->problems,
                            &in->past, err);
    return st;
}

static ko_status answer_counts(const intake *in, ko_serve_answer *answer, ko_error *err)
{
    ko_web_picture_counts pictures = {0};
    const ko_status st = ko_web_picture_count(in->store, &pictures, err);
    if (st != KO_OK)
        return st;
    json_t *object = ko_past_json(ko_ingest_json(&in->counts, pictures.fresh), &in->past);
    (void)json_object_set(object, "problems", in->lines);
    (void)json_object_set_new(object, "n_problems", json_integer((json_int_t)in->problems.count));
    (void)json_object_set(object, "notes", in->notes);
    return ko_serve_answer_json(answer, object, err);
}

ko_status ko_serve_listings(ko_desk *desk, const ko_serve_request *request, ko_serve_answer *answer,
                            ko_error *err)
{
    intake in = {.desk = desk, .lines = json_array(), .notes = json_array()};
    in.problems = (ko_problems){.say = note_problem, .context = &in};
    ko_status st = read_request(request, &in, err);
    if (st == KO_OK)
        st = ko_pool_take(desk->pool, &in.store, err);
    if (st == KO_OK)
        st = take(&in, err);
    if (st == KO_OK)
        st = answer_counts(&in, answer, err);
    ko_pool_give(desk->pool, in.store);
    ko_archive_close(in.archive);
    ko_given_free(&in.given);
    json_decref(in.lines);
    json_decref(in.notes);
    return st;
}
