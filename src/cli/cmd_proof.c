/* knockoff proof SERIAL... - what a complaint about a work is backed with. */
#include "cli/commands.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/text.h"
#include "cli/proof_files.h"
#include "image/colour.h"
#include "proof/pdf_sign.h"
#include "proof/picture.h"
#include "proof/statement.h"

#include <string.h>

typedef struct proof_options {
    ko_common common;
    const char *out;
    const char *author, *holder, *kind, *completed_on, *published_at, *country, *place, *date;
    const char *sign, *passphrase_file;
} proof_options;

static const ko_option options[] = {
    {"author", 0, KO_OPT_TEXT, offsetof(proof_options, author), "NAME", "who made the work"},
    {"holder", 0, KO_OPT_TEXT, offsetof(proof_options, holder), "NAME",
     "who owns the right (default: the work's holder, else its author)"},
    {"kind", 0, KO_OPT_TEXT, offsetof(proof_options, kind), "TEXT",
     "what it is (default: artwork)"},
    {"completed-on", 0, KO_OPT_TEXT, offsetof(proof_options, completed_on), "DATE",
     "when it was finished"},
    {"published-at", 0, KO_OPT_TEXT, offsetof(proof_options, published_at), "PLACE",
     "first publication, where"},
    {"country", 0, KO_OPT_TEXT, offsetof(proof_options, country), "NAME",
     "country of first publication"},
    {"place", 0, KO_OPT_TEXT, offsetof(proof_options, place), "PLACE",
     "where the statement is made"},
    {"date", 0, KO_OPT_TEXT, offsetof(proof_options, date), "DATE",
     "of the statement, YYYY-MM-DD (default: today, UTC)"},
    {"sign", 's', KO_OPT_TEXT, offsetof(proof_options, sign), "KEY.p12",
     "sign the statement with the key in this PKCS #12 file"},
    {"passphrase-file", 0, KO_OPT_TEXT, offsetof(proof_options, passphrase_file), "FILE",
     "its first line opens the key (default: you are asked)"},
    {"out", 'o', KO_OPT_TEXT, offsetof(proof_options, out), "FOLDER",
     "where to (default: beside the database)"},
    {0},
};

/* What all works of one run share. */
typedef struct proving {
    ko_store *store;
    const proof_options *options;
    const char *folder, *date;
    ko_signer *signer; /* NULL: not signed */
    ko_error *err;
} proving;

/* The proof of one work, in memory until all of it is made. */
typedef struct made {
    ko_buf picture, pdf;
    uint32_t width, height;
    char sha256[2 * KO_SHA256_SIZE + 1];
} made;

/* --- one work --- */

static ko_status draw(const proving *p, const ko_work *work, const char *owner, made *m)
{
    char *path = NULL;
    uint8_t expected[KO_SHA256_SIZE], sha256[KO_SHA256_SIZE];
    ko_buf bytes = KO_BUF(KO_MAX_IMAGE_BYTES);
    ko_image_colour art = {0};
    ko_image_options how;
    ko_image_options_init(&how);
    how.trusted = true;
    ko_status st = ko_proof_original(p->store, work->id, &path, expected, p->err);
    if (st == KO_OK)
        st = ko_proof_read(path, &bytes, sha256, p->err);
    if (st == KO_OK && memcmp(sha256, expected, sizeof sha256) != 0)
        st = ko_fail(p->err, KO_E_FORMAT, "%s: changed since it was added", path);
    if (st == KO_OK) {
        /* twice the size, to be brought down smoothly to just what is wanted */
        st = ko_image_decode_colour(bytes.data, bytes.size, &how, 2 * KO_PROOF_SIDE_PX, &art,
                                    p->err);
        ko_error_prefix(p->err, path);
    }
    if (st == KO_OK) {
        const ko_proof_source source = {&art.raster, owner, work->serial, p->date};
        ko_text_hex(sha256, sizeof sha256, m->sha256);
        ko_proof_size(&art.raster, &m->width, &m->height);
        st = ko_proof_picture(&source, &m->picture, p->err);
    }
    ko_image_colour_free(&art);
    ko_buf_free(&bytes);
    ko_free(path);
    return st;
}

static ko_status state(const proving *p, const ko_work *work, const char *owner, made *m)
{
    const proof_options *o = p->options;
    const ko_work_fields *f = &work->fields;
    const ko_statement statement = {.title = f->title,
                                    .serial = work->serial,
                                    .author = o->author,
                                    .holder = owner,
                                    .kind = o->kind ? o->kind : "artwork",
                                    .completed_on = o->completed_on,
                                    .published_on = f->published_on,
                                    .published_at = o->published_at,
                                    .published_url = f->published_url,
                                    .country = o->country,
                                    .registration = f->registration,
                                    .sha256 = m->sha256,
                                    .place = o->place,
                                    .date = p->date,
                                    .signer = p->signer ? ko_signer_name(p->signer) : NULL,
                                    .picture = &m->picture,
                                    .width = m->width,
                                    .height = m->height,
                                    .software = "Knockoff " KO_VERSION};
    ko_statement_box box;
    ko_status st = ko_statement_pdf(&statement, &m->pdf, &box, p->err);
    if (st == KO_OK && p->signer)
        st = ko_pdf_sign(&m->pdf, &box, p->signer, ko_clock_now(), p->err);
    return st;
}

/* Writes a file of the work into the folder and hands out its path; ko_free it. */
static ko_status put(const proving *p, const ko_work *work, const char *ending, const ko_buf *bytes,
                     char **out_path)
{
    char name[KO_SERIAL_SIZE + 32];
    (void)snprintf(name, sizeof name, "%s-%s", work->serial, ending);
    char *path = ko_path_join(p->folder, name);
    if (!path)
        return ko_fail(p->err, KO_E_NOMEM, "path of %s", name);
    *out_path = path;
    return ko_file_write(path, bytes->data, bytes->size, p->err);
}

static void print(const proving *p, const ko_work *work, const made *m, const char *picture,
                  const char *pdf)
{
    const char *by = p->signer ? ko_signer_name(p->signer) : NULL;
    if (p->options->common.json) {
        ko_json_line(stdout,
                     json_pack("{s:s, s:o, s:i, s:i, s:o, s:o, s:s, s:s}", "serial", work->serial,
                               "picture", ko_json_string(picture), "width", (int)m->width, "height",
                               (int)m->height, "statement", ko_json_string(pdf), "signed_by",
                               by ? ko_json_string(by) : json_null(), "date", p->date, "sha256",
                               m->sha256));
        return;
    }
    ko_print("%s  %s, %u x %u px\n", work->serial, picture, m->width, m->height);
    ko_print("           %s, %s%s\n", pdf, by ? "signed by " : "to be signed by hand",
             by ? by : "");
}

static ko_status on_work(void *context, const ko_work *work)
{
    const proving *p = context;
    const char *holder = p->options->holder ? p->options->holder : work->fields.holder;
    const char *owner = *holder ? holder : p->options->author;
    made m = {.picture = KO_BUF(KO_MAX_PROOF_BYTES), .pdf = KO_BUF(KO_MAX_STATEMENT_BYTES)};
    char *picture = NULL, *pdf = NULL;
    ko_status st = draw(p, work, owner, &m);
    if (st == KO_OK)
        st = state(p, work, owner, &m);
    ko_error_prefix(p->err, work->serial);
    if (st == KO_OK)
        st = put(p, work, "proof.jpg", &m.picture, &picture);
    if (st == KO_OK)
        st = put(p, work, "statement.pdf", &m.pdf, &pdf);
    if (st == KO_OK)
        print(p, work, &m, picture, pdf);
    ko_free(picture);
    ko_free(pdf);
    ko_buf_free(&m.picture);
    ko_buf_free(&m.pdf);
    return st;
}

/* --- all of them --- */

static ko_status open_signer(const proof_options *o, ko_signer **out_signer, ko_error *err)
{
    ko_buf key = KO_BUF(KO_MAX_KEY_STORE_BYTES), passphrase = KO_BUF(KO_MAX_PASSPHRASE_BYTES);
    ko_status st = ko_file_read(o->sign, &key, err);
    if (st == KO_OK)
        st = ko_passphrase_read(o->passphrase_file, o->sign, &passphrase, err);
    if (st == KO_OK) {
        st = ko_signer_open(key.data, key.size, passphrase.data, ko_clock_now(), out_signer, err);
        ko_error_prefix(err, o->sign);
    }
    ko_passphrase_free(&passphrase);
    ko_buf_free(&key);
    return st;
}

/* Says what is wrong with one work and goes on, unless it is wrong with all of them. */
static ko_status each(const proving *all, size_t *out_refused, ko_error *err)
{
    const ko_words *words = &all->options->common.operands;
    for (size_t i = 0; i < words->count; i++) {
        ko_error own = {0};
        int64_t id = 0;
        proving one = *all;
        one.err = &own;
        ko_status st = ko_work_find(one.store, words->word[i], &id, &own);
        if (st == KO_OK)
            st = ko_work_each(one.store, id, on_work, &one, &own);
        const ko_exit kind = ko_exit_of(st);
        if (st != KO_OK && (words->count == 1 || kind == KO_EXIT_SYSTEM || kind == KO_EXIT_USAGE))
            return ko_fail(err, st, "%s", own.text);
        if (st != KO_OK) {
            ko_say("%s", own.text);
            ++*out_refused;
        }
    }
    return KO_OK;
}

static ko_status prove(ko_store *store, const proof_options *o, size_t *out_refused, ko_error *err)
{
    char today[KO_TIME_SIZE], *folder = NULL;
    ko_clock_text(ko_clock_now(), today);
    today[strlen("2026-11-22")] = '\0';
    proving p = {.store = store, .options = o, .date = o->date ? o->date : today};
    if (o->common.operands.count == 0)
        return ko_fail(err, KO_E_USAGE, "proof needs a serial such as KO-000001");
    if (!o->author || !*o->author)
        return ko_fail(err, KO_E_USAGE, "proof needs --author NAME: a statement says who it is");
    if (o->passphrase_file && !o->sign)
        return ko_fail(err, KO_E_USAGE, "--passphrase-file goes with --sign");
    if (!ko_statement_is_date(p.date))
        return ko_fail(err, KO_E_USAGE, "--date is YYYY-MM-DD, not '%s'", p.date);
    ko_status st = o->sign ? open_signer(o, &p.signer, err) : KO_OK;
    if (st == KO_OK && !o->out)
        st = ko_proof_folder(&o->common, &folder, err);
    p.folder = o->out ? o->out : folder;
    if (st == KO_OK)
        st = ko_folder_make(p.folder, err);
    if (st == KO_OK)
        st = each(&p, out_refused, err);
    ko_signer_close(p.signer);
    ko_free(folder);
    return st;
}

static ko_exit run(char **words, size_t n)
{
    proof_options o = {0};
    ko_store *store = NULL;
    ko_error err = {0};
    ko_exit code = KO_EXIT_OK;
    if (ko_begin(&ko_cmd_proof, words, n, &o, &code)) {
        size_t refused = 0;
        ko_status st = ko_open_database(&o.common, KO_STORE_OPEN, &store, &err);
        if (st == KO_OK)
            st = prove(store, &o, &refused, &err);
        if (st != KO_OK)
            code = ko_give_up(&err);
        else if (refused)
            code = KO_EXIT_REFUSED;
    }
    ko_store_close(store);
    ko_options_free(options, &o);
    return code;
}

const ko_command ko_cmd_proof = {
    .name = "proof",
    .summary = "make the marked picture and the signed statement that a complaint needs",
    .usage = "SERIAL... --author NAME [--sign KEY.p12] [--out FOLDER]",
    .description =
        "SERIAL-proof.jpg shows the work with its owner's name, its serial and the date all over\n"
        "it, so that whoever a complaint is forwarded to cannot use it. SERIAL-statement.pdf is a\n"
        "Copyright Claim Statement about the work. What is not given here comes from the work:\n"
        "its title, first publication and registration (knockoff works set). The same words on "
        "the\n"
        "same day give the same files. With --sign the statement holds a digital signature "
        "(PAdES)\n"
        "that readers of PDF check; without it there is a line for a pen. Read what you sign.",
    .options = options,
    .run = run,
};
