#include "case/stamps.h"

#include "base/alloc.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/text.h"
#include "store/paper.h"

ko_status ko_stamp_paths(const char *folder, const char *serial,
                         const uint8_t sha256[KO_SHA256_SIZE], char **out_request, char **out_reply,
                         ko_error *err)
{
    char hex[2 * KO_SHA256_SIZE + 1];
    const char *dash = serial[0] ? "-" : "";
    ko_buf request = KO_BUF(KO_MAX_PATH_BYTES), reply = KO_BUF(KO_MAX_PATH_BYTES);
    ko_text_hex(sha256, KO_SHA256_SIZE, hex);
    ko_status st = ko_buf_printf(&request, "%s/%s%s%.16s.tsq", folder, serial, dash, hex);
    if (st == KO_OK)
        st = ko_buf_printf(&reply, "%s/%s%s%.16s.tsr", folder, serial, dash, hex);
    if (st != KO_OK) {
        ko_buf_free(&request);
        return ko_fail(err, st, "the path of a timestamp");
    }
    *out_request = request.data;
    *out_reply = reply.data;
    return KO_OK;
}

typedef struct finding {
    const char *folder, *serial;
    int64_t now;
    ko_problems *problems;
    ko_stamps *out;
    ko_error *err;
} finding;

static void free_one(ko_kept_stamp *one)
{
    ko_free(one->request_path);
    ko_free(one->reply_path);
    ko_free(one->of);
    ko_stamp_free(&one->stamp);
    *one = (ko_kept_stamp){0};
}

/* Does it hold? What is no timestamp is said, and only want of memory is an error. */
static ko_status check(const finding *f, const ko_buf *request, const ko_buf *reply,
                       const uint8_t sha256[KO_SHA256_SIZE], ko_kept_stamp *one, bool *out_holds)
{
    const ko_stamp_trust trust = {NULL, f->now};
    ko_error why = {0};
    ko_status st = KO_OK;
    if (!ko_stamp_is_about(request, sha256))
        st = ko_fail(&why, KO_E_FORMAT, "is about something else");
    if (st == KO_OK)
        st = ko_stamp_check(request, reply, &trust, &one->stamp, &why);
    *out_holds = st == KO_OK;
    if (st == KO_E_NOMEM)
        return ko_fail(f->err, st, "%s: %s", one->reply_path, why.text);
    if (st != KO_OK)
        ko_problem(f->problems, "%s: %s", one->reply_path, why.text);
    return KO_OK;
}

/* Keeps the timestamp at the paths of one, if there is one that holds; else frees them. */
static ko_status look(const finding *f, const uint8_t sha256[KO_SHA256_SIZE], ko_kept_stamp *one)
{
    ko_buf request = KO_BUF(KO_MAX_STAMP_BYTES), reply = KO_BUF(KO_MAX_STAMP_BYTES);
    bool holds = false;
    ko_status st = KO_OK;
    if (ko_file_read(one->request_path, &request, NULL) == KO_OK &&
        ko_file_read(one->reply_path, &reply, NULL) == KO_OK)
        st = check(f, &request, &reply, sha256, one, &holds);
    if (st == KO_OK && holds) {
        ko_kept_stamp *stamps =
            ko_grown(f->out->stamps, f->out->n, &f->out->capacity, sizeof *stamps);
        if (stamps) {
            f->out->stamps = stamps;
            stamps[f->out->n++] = *one;
            *one = (ko_kept_stamp){0};
        } else {
            st = ko_fail(f->err, KO_E_NOMEM, "timestamps of %s", f->serial);
        }
    }
    free_one(one);
    ko_buf_free(&request);
    ko_buf_free(&reply);
    return st;
}

static ko_status look_for(const finding *f, const char *serial, const char *path, bool of_work,
                          const uint8_t sha256[KO_SHA256_SIZE])
{
    ko_kept_stamp one = {.of = ko_strdup(path), .of_work = of_work};
    if (!one.of)
        return ko_fail(f->err, KO_E_NOMEM, "timestamps of %s", f->serial);
    ko_text_hex(sha256, KO_SHA256_SIZE, one.sha256);
    const ko_status st =
        ko_stamp_paths(f->folder, serial, sha256, &one.request_path, &one.reply_path, f->err);
    if (st == KO_OK)
        return look(f, sha256, &one);
    free_one(&one);
    return st;
}

/* A file of a work may have been stamped as the work's, or as any file. */
static ko_status on_view(void *context, const ko_view *view)
{
    const finding *f = context;
    const ko_status st = look_for(f, f->serial, view->path, true, view->sha256);
    return st == KO_OK ? look_for(f, "", view->path, true, view->sha256) : st;
}

static ko_status on_paper(void *context, const ko_paper *paper)
{
    return look_for(context, "", paper->path, false, paper->sha256);
}

ko_status ko_stamps_find(ko_store *store, const ko_work *work, const char *folder, int64_t now,
                         ko_problems *problems, ko_stamps *out_stamps, ko_error *err)
{
    *out_stamps = (ko_stamps){0};
    finding f = {.folder = folder,
                 .serial = work->serial,
                 .now = now,
                 .problems = problems,
                 .out = out_stamps,
                 .err = err};
    const ko_status st = ko_view_each(store, work->id, false, on_view, &f, err);
    return st == KO_OK ? ko_paper_each(store, work->id, on_paper, &f, err) : st;
}

void ko_stamps_free(ko_stamps *stamps)
{
    for (size_t i = 0; i < stamps->n; i++)
        free_one(&stamps->stamps[i]);
    ko_free(stamps->stamps);
    *stamps = (ko_stamps){0};
}
