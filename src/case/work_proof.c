#include "case/work_proof.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/text.h"
#include "case/subject.h"
#include "case/work_file.h"
#include "image/colour.h"
#include "proof/pdf_sign.h"
#include "proof/picture.h"
#include "proof/statement.h"

#include <stdio.h>

/* What one proof is made of. */
typedef struct proving {
    ko_store *store;
    const ko_work *work;
    const ko_work_proof_request *request;
    ko_notice_work said; /* of the work, with what the request puts in its place */
    ko_work_proof *proof;
    ko_error *err;
} proving;

/* The facts of a work under what the request says otherwise, so that whoever it names as author
 * is the holder, too, where nothing else tells. */
static ko_notice_work facts_of(const ko_work *work, const ko_user *user,
                               const ko_work_proof_request *r)
{
    ko_work as_asked = *work;
    ko_work_fields *f = &as_asked.fields;
    f->author = r->author ? r->author : f->author;
    f->holder = r->holder ? r->holder : f->holder;
    f->kind = r->kind ? r->kind : f->kind;
    f->completed_on = r->completed_on ? r->completed_on : f->completed_on;
    f->published_in = r->country ? r->country : f->published_in;
    return ko_subject_work(&as_asked, user);
}

static ko_status draw(const proving *p)
{
    ko_work_proof *proof = p->proof;
    ko_work_file file = {0};
    ko_image_colour art = {0};
    ko_image_options how;
    ko_image_options_init(&how);
    how.trusted = true;
    ko_status st = ko_work_file_read(p->store, p->work->id, &file, p->err);
    if (st == KO_OK) {
        /* twice the size, to be brought down smoothly to just what is wanted */
        st = ko_image_decode_colour(file.bytes.data, file.bytes.size, &how, 2 * KO_PROOF_SIDE_PX,
                                    &art, p->err);
        ko_error_prefix(p->err, file.path);
    }
    if (st == KO_OK) {
        const ko_proof_source source = {&art.raster, p->said.holder, p->work->serial,
                                        p->request->date};
        ko_text_hex(file.sha256, sizeof file.sha256, proof->sha256);
        ko_proof_size(&art.raster, &proof->width, &proof->height);
        st = ko_proof_picture(&source, &proof->picture, p->err);
    }
    ko_image_colour_free(&art);
    ko_work_file_free(&file);
    return st;
}

static ko_status state(const proving *p)
{
    const ko_work_proof_request *r = p->request;
    const ko_notice_work *said = &p->said;
    ko_work_proof *proof = p->proof;
    const ko_statement statement = {.title = said->title,
                                    .serial = p->work->serial,
                                    .author = said->author,
                                    .holder = said->holder,
                                    .kind = said->kind[0] ? said->kind : "artwork",
                                    .completed_on = said->completed_on,
                                    .published_on = said->published_on,
                                    .published_at = r->published_at,
                                    .published_url = said->published_url,
                                    .country = said->published_in,
                                    .registration = said->registration,
                                    .sha256 = proof->sha256,
                                    .place = r->place,
                                    .date = r->date,
                                    .signer = r->signer ? ko_signer_name(r->signer) : NULL,
                                    .picture = &proof->picture,
                                    .width = proof->width,
                                    .height = proof->height,
                                    .software = r->software};
    ko_statement_box box;
    ko_status st = ko_statement_pdf(&statement, &proof->statement, &box, p->err);
    if (st == KO_OK && r->signer)
        st = ko_pdf_sign(&proof->statement, &box, r->signer, ko_clock_now(), p->err);
    return st;
}

ko_status ko_work_proof_make(ko_store *store, const ko_work *work, const ko_user *user,
                             const ko_work_proof_request *request, ko_work_proof *out_proof,
                             ko_error *err)
{
    ko_work_proof proof = {.picture = KO_BUF(KO_MAX_PROOF_BYTES),
                           .statement = KO_BUF(KO_MAX_STATEMENT_BYTES)};
    const proving p = {store, work, request, facts_of(work, user, request), &proof, err};
    if (!p.said.author[0])
        return ko_fail(err, KO_E_USAGE, "neither the work nor the profile says who made it");
    ko_status st = draw(&p);
    if (st == KO_OK)
        st = state(&p);
    if (st == KO_OK)
        *out_proof = proof;
    else
        ko_work_proof_free(&proof);
    return st;
}

void ko_work_proof_free(ko_work_proof *proof)
{
    ko_buf_free(&proof->picture);
    ko_buf_free(&proof->statement);
    *proof = (ko_work_proof){0};
}

/* Writes FOLDER/SERIAL-ENDING and hands out its path. */
static ko_status put(const ko_buf *bytes, const char *serial, const char *ending,
                     const char *folder, char **out_path, ko_error *err)
{
    char name[KO_SERIAL_SIZE + 32];
    (void)snprintf(name, sizeof name, "%s-%s", serial, ending);
    char *path = ko_path_join(folder, name);
    if (!path)
        return ko_fail(err, KO_E_NOMEM, "path of %s", name);
    const ko_status st = ko_file_write(path, bytes->data, bytes->size, err);
    if (st == KO_OK)
        *out_path = path;
    else
        ko_free(path);
    return st;
}

ko_status ko_work_proof_put(const ko_work_proof *proof, const char *serial, const char *folder,
                            char **out_picture, char **out_statement, ko_error *err)
{
    char *picture = NULL;
    ko_status st = put(&proof->picture, serial, "proof.jpg", folder, &picture, err);
    if (st == KO_OK)
        st = put(&proof->statement, serial, "statement.pdf", folder, out_statement, err);
    if (st == KO_OK)
        *out_picture = picture;
    else
        ko_free(picture);
    return st;
}
