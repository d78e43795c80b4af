/* knockoff timestamp SERIAL|FILE - an authority's word on when something existed. */
#include "cli/commands.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/text.h"
#include "case/stamps.h"
#include "case/work_file.h"
#include "cli/proof_files.h"
#include "cli/web.h"
#include "report/digest.h"

#include <string.h>
#include <unistd.h>

typedef struct timestamp_options {
    ko_common common;
    const char *tsa, *tsa_ca, *reply;
    bool request_only;
    ko_online_options online;
} timestamp_options;

static const ko_option options[] = {
    {"tsa", 0, KO_OPT_TEXT, offsetof(timestamp_options, tsa), "URL", "the authority to ask"},
    {"tsa-ca", 0, KO_OPT_TEXT, offsetof(timestamp_options, tsa_ca), "FILE",
     "believe only authorities below these certificates (PEM)"},
    {"request-only", 0, KO_OPT_FLAG, offsetof(timestamp_options, request_only), NULL,
     "only make the request, to be sent by other means"},
    {"reply", 0, KO_OPT_TEXT, offsetof(timestamp_options, reply), "FILE",
     "what came back for that request"},
    KO_ONLINE_OPTIONS(offsetof(timestamp_options, online)),
    {0},
};

/* What is stamped, and where that is kept. */
typedef struct stamping {
    ko_store *store;
    const timestamp_options *options;
    char serial[KO_SERIAL_SIZE]; /* "" of a file */
    char *path;
    uint8_t sha256[KO_SHA256_SIZE];
    char *request_path, *reply_path;
    ko_buf request, reply;
    ko_error *err;
} stamping;

/* --- what is stamped --- */

/* A file is what it is; that of a work must still be the one that was added. */
static ko_status take_file(stamping *s, const char *path)
{
    int64_t bytes = 0;
    s->path = ko_strdup(path);
    return s->path ? ko_file_digest(path, KO_MAX_STAMPED_BYTES, s->sha256, &bytes, s->err)
                   : ko_fail(s->err, KO_E_NOMEM, "path of %s", path);
}

static ko_status take_work(stamping *s, const char *serial)
{
    int64_t id = 0;
    ko_work_file file = {0};
    ko_status st = ko_work_find(s->store, serial, &id, s->err);
    if (st == KO_OK)
        st = ko_work_file_read(s->store, id, &file, s->err);
    if (st == KO_OK) {
        ko_work_serial(id, s->serial);
        memcpy(s->sha256, file.sha256, sizeof s->sha256);
        s->path = file.path;
        file.path = NULL;
    }
    ko_work_file_free(&file);
    return st;
}

static ko_status find_places(stamping *s)
{
    char *folder = NULL;
    ko_status st = ko_proof_folder(&s->options->common, &folder, s->err);
    if (st == KO_OK)
        st = ko_folder_make(folder, s->err);
    if (st == KO_OK)
        st = ko_stamp_paths(folder, s->serial, s->sha256, &s->request_path, &s->reply_path, s->err);
    ko_free(folder);
    return st;
}

/* --- asking --- */

/* Makes the request and keeps it, for the answer means nothing without. One that is kept and
 * waits for its answer stays, for that may be under way. */
static ko_status make_request(stamping *s)
{
    ko_status st = ko_file_read(s->request_path, &s->request, NULL);
    if (st == KO_OK && ko_stamp_is_about(&s->request, s->sha256))
        return KO_OK;
    ko_buf_clear(&s->request);
    st = ko_stamp_request(s->sha256, &s->request, s->err);
    if (st == KO_OK)
        st = ko_file_write(s->request_path, s->request.data, s->request.size, s->err);
    return st;
}

static ko_status on_answer(void *context, const ko_net_answer *answer)
{
    stamping *s = context;
    const char *url = s->options->tsa;
    if (answer->outcome == KO_NET_STOPPED)
        return ko_fail(s->err, KO_E_STOPPED, "stopped");
    if (answer->outcome == KO_NET_DATA)
        return ko_buf_append(&s->reply, answer->reply.body, answer->reply.size) == KO_OK
                   ? KO_OK
                   : ko_fail(s->err, KO_E_NOMEM, "%s: answer", url);
    if (strstr(answer->text, url)) /* it says already what it is about */
        return ko_fail(s->err, KO_E_FORMAT, "%s", answer->text);
    return ko_fail(s->err, KO_E_FORMAT, "%s: %s", url, answer->text);
}

/* RFC 3161, section 3.4. The authority is one that the user has named for this, so it is an
 * interface, and its robots.txt is not about us. */
static ko_status ask(stamping *s)
{
    static const char *const headers[] = {"Content-Type: application/timestamp-query",
                                          "Accept: application/timestamp-reply"};
    const ko_net_request request = {.url = s->options->tsa,
                                    .post = s->request.data,
                                    .post_bytes = s->request.size,
                                    .headers = headers,
                                    .n_headers = 2,
                                    .max_bytes = KO_MAX_STAMP_BYTES,
                                    .api = true};
    ko_online online = {0};
    ko_status st =
        ko_online_open(&s->options->common, &s->options->online, s->store, &online, s->err);
    if (st == KO_OK)
        st = ko_net_add(online.net, &request, s->err);
    if (st == KO_OK)
        st = ko_net_run(online.net, on_answer, s, s->err);
    ko_online_close(&online);
    return st;
}

/* --- what came --- */

static void print(const stamping *s, const ko_stamp *stamp)
{
    char hex[2 * KO_SHA256_SIZE + 1];
    ko_text_hex(s->sha256, sizeof s->sha256, hex);
    if (s->options->common.json) {
        ko_json_line(stdout, json_pack("{s:o, s:o, s:s, s:s, s:o, s:s, s:b, s:o, s:o}", "serial",
                                       s->serial[0] ? json_string(s->serial) : json_null(), "path",
                                       ko_json_string(s->path), "sha256", hex, "time", stamp->time,
                                       "authority", ko_json_string(stamp->authority), "number",
                                       stamp->serial, "trusted", stamp->trusted, "request",
                                       ko_json_string(s->request_path), "reply",
                                       ko_json_string(s->reply_path)));
        return;
    }
    ko_print("%s%s%s existed at %s: timestamp %s of %s\n", s->serial, s->serial[0] ? "  " : "",
             s->path, stamp->time, stamp->serial, stamp->authority);
    ko_print("    %s\n", s->reply_path);
    if (!stamp->trusted)
        ko_print("    this system does not know who vouches for %s: name the certificate with "
                 "--tsa-ca\n",
                 stamp->authority);
}

static void print_request(const stamping *s)
{
    char hex[2 * KO_SHA256_SIZE + 1];
    ko_text_hex(s->sha256, sizeof s->sha256, hex);
    if (s->options->common.json)
        ko_json_line(stdout, json_pack("{s:o, s:o, s:s, s:o}", "serial",
                                       s->serial[0] ? json_string(s->serial) : json_null(), "path",
                                       ko_json_string(s->path), "sha256", hex, "request",
                                       ko_json_string(s->request_path)));
    else
        ko_print("%s\n", s->request_path);
}

/* from: what messages call the answer. It is kept only when it holds. */
static ko_status check(stamping *s, const char *from, bool keep)
{
    const ko_stamp_trust trust = {s->options->tsa_ca, ko_clock_now()};
    ko_stamp stamp = {0};
    ko_error own = {0};
    ko_status st = ko_stamp_check(&s->request, &s->reply, &trust, &stamp, &own);
    if (st != KO_OK)
        st = ko_fail(s->err, st, "%s: %s", from, own.text);
    if (st == KO_OK && keep)
        st = ko_file_write(s->reply_path, s->reply.data, s->reply.size, s->err);
    if (st == KO_OK)
        print(s, &stamp);
    ko_stamp_free(&stamp);
    return st;
}

static ko_status take_reply(stamping *s)
{
    if (ko_file_read(s->request_path, &s->request, NULL) != KO_OK ||
        !ko_stamp_is_about(&s->request, s->sha256))
        return ko_fail(s->err, KO_E_NOT_FOUND, "%s: no request was made for it; see --request-only",
                       s->path);
    const ko_status st = ko_file_read(s->options->reply, &s->reply, s->err);
    return st == KO_OK ? check(s, s->options->reply, true) : st;
}

/* One that is kept is older, and so worth more, than one that could be had now. */
static ko_status check_kept(stamping *s)
{
    const ko_status st = ko_file_read(s->request_path, &s->request, s->err);
    return st == KO_OK ? check(s, s->reply_path, false) : st;
}

static ko_status stamp(stamping *s)
{
    const timestamp_options *o = s->options;
    const char *word = o->common.operands.word[0];
    ko_status st = access(word, F_OK) == 0 ? take_file(s, word) : take_work(s, word);
    if (st == KO_OK)
        st = find_places(s);
    if (st != KO_OK)
        return st;
    if (ko_file_read(s->reply_path, &s->reply, NULL) == KO_OK)
        return check_kept(s);
    if (o->reply)
        return take_reply(s);
    if (!o->tsa && !o->request_only)
        return ko_fail(s->err, KO_E_NOT_FOUND,
                       "%s: no timestamp of it is kept; --tsa URL asks an authority for one",
                       s->path);
    st = make_request(s);
    if (st == KO_OK && o->request_only) {
        print_request(s);
        return KO_OK;
    }
    if (st == KO_OK)
        st = ask(s);
    return st == KO_OK ? check(s, o->tsa, true) : st;
}

static ko_status timestamp(const ko_job *job, ko_error *err)
{
    const timestamp_options *o = job->options;
    stamping s = {.store = job->store,
                  .options = o,
                  .request = KO_BUF(KO_MAX_STAMP_BYTES),
                  .reply = KO_BUF(KO_MAX_STAMP_BYTES),
                  .err = err};
    if (o->common.operands.count != 1)
        return ko_fail(err, KO_E_USAGE, "timestamp takes one serial or one file");
    if ((o->tsa != NULL) + o->request_only + (o->reply != NULL) > 1)
        return ko_fail(err, KO_E_USAGE, "timestamp: --tsa, --request-only or --reply, one of them");
    const ko_status st = stamp(&s);
    ko_free(s.path);
    ko_free(s.request_path);
    ko_free(s.reply_path);
    ko_buf_free(&s.request);
    ko_buf_free(&s.reply);
    return st;
}

static ko_exit run(char **words, size_t n)
{
    timestamp_options o = {0};
    return ko_run_job(&ko_cmd_timestamp, words, n, &o, NULL, timestamp);
}

const ko_command ko_cmd_timestamp = {
    .name = "timestamp",
    .summary = "have an authority state that a work, or any file, existed today",
    .usage = "SERIAL|FILE [--tsa URL | --request-only | --reply FILE]",
    .description =
        "Asks a timestamp authority (RFC 3161) about the SHA-256 of the work's first file, or of\n"
        "FILE: nothing else leaves your machine. The request and the answer are kept beside the\n"
        "database and are never replaced: with no option the one that is kept is verified and\n"
        "shown. \"openssl ts -verify\" takes both files, too. Courts in China take such "
        "timestamps\n"
        "as proof of a date; have your work stamped before you show it.",
    .options = options,
    .run = run,
};
