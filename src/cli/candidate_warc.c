#include "cli/candidate_warc.h"

#include "base/file.h"
#include "base/limits.h"
#include "base/status.h"
#include "capture/extract.h"
#include "cli/cli.h"
#include "image/sniff.h"
#include "store/web.h"

#include <knockoff/image.h>

#include <inttypes.h>

/* --- the photo's record --- */

ko_status ko_candidate_photo_record(const ko_candidate *candidate, ko_problems *problems,
                                    ko_warc_record *out_record, bool *out_known, ko_error *err)
{
    const ko_photo *photo = candidate->photo;
    ko_error own = {0};
    *out_known = false;
    if (!photo->archived)
        return KO_OK;
    const ko_status st = ko_warc_record_find(photo->path, 0, photo->offset, out_record, &own);
    if (st == KO_E_NOMEM)
        return ko_fail(err, st, "%s", own.text);
    if (st != KO_OK)
        ko_problem(problems, "%s", own.text);
    *out_known = st == KO_OK;
    return KO_OK;
}

/* --- the file --- */

/* One file while it is written. */
typedef struct writing {
    ko_extract *extract;
    ko_problems *problems;
    ko_candidate_warc_counts *counts;
    ko_error *err;
} writing;

/* Counts what was written in *count, or says why it was not. What is wrong with one record leaves
 * that one out; what is wrong with the file that is written ends it. */
static ko_status settle(writing *w, ko_status st, const ko_error *own, const char *what,
                        size_t *count)
{
    if (st == KO_OK) {
        ++*count;
        return KO_OK;
    }
    if (st == KO_E_IO || st == KO_E_NOMEM)
        return ko_fail(w->err, st, "%s", own->text);
    w->counts->left_out++;
    ko_problem(w->problems, "left out: %s: %s", what, own->text);
    return KO_OK;
}

/* A file that cannot be read is as good as gone: only writing fails with KO_E_IO. */
static ko_status unreadable(ko_status st)
{
    return st == KO_E_IO ? KO_E_NOT_FOUND : st;
}

static ko_status add_record(writing *w, const char *warc, int64_t offset,
                            const uint8_t sha256[KO_SHA256_SIZE], ko_error *own)
{
    ko_warc_record record = {0};
    ko_status st = unreadable(ko_warc_record_read(warc, offset, &record, own));
    if (st == KO_OK)
        st = ko_extract_record(w->extract, warc, &record, sha256, own);
    ko_warc_record_free(&record);
    return st;
}

/* First the record that holds the body. */
static ko_status on_answer(void *context, const ko_web_answer *answer)
{
    writing *w = context;
    ko_error own = {0};
    ko_status st = add_record(w, answer->body.warc, answer->body.record, answer->sha256, &own);
    if (st == KO_OK && answer->body.answer_id != answer->id)
        st = add_record(w, answer->warc, answer->record, answer->sha256, &own);
    return settle(w, st, &own, answer->final_url, &w->counts->pages);
}

static ko_status add_archived(writing *w, const ko_photo *photo, ko_error *own)
{
    ko_warc_record record = {0};
    ko_status st = unreadable(ko_warc_record_find(photo->path, 0, photo->offset, &record, own));
    if (st == KO_OK)
        st = ko_extract_record(w->extract, photo->path, &record, photo->sha256, own);
    ko_warc_record_free(&record);
    return st;
}

static const char *media_type(const ko_buf *picture)
{
    return ko_image_media_type(ko_image_sniff(picture->data, picture->size));
}

/* A picture that was scanned must be what it was then. */
static ko_status add_file(writing *w, const ko_photo *photo, ko_error *own)
{
    ko_buf bytes = KO_BUF(KO_MAX_CAPTURE_BODY);
    ko_status st = unreadable(ko_file_read(photo->path, &bytes, own));
    if (st == KO_OK) {
        const ko_extract_piece piece = {bytes.data, bytes.size, media_type(&bytes), 0};
        const bool scanned = photo->state == KO_PHOTO_READ;
        st = ko_extract_bytes(w->extract, &piece, scanned ? photo->sha256 : NULL, own);
        if (st == KO_E_FORMAT)
            ko_error_prefix(own, photo->path);
    }
    ko_buf_free(&bytes);
    return st;
}

static ko_status on_photo(void *context, const ko_photo *photo, const char *url)
{
    writing *w = context;
    ko_error own = {0};
    const ko_status st = photo->archived ? add_archived(w, photo, &own) : add_file(w, photo, &own);
    return settle(w, st, &own, url[0] ? url : "a picture", &w->counts->pictures);
}

static ko_status on_missing(void *context, const ko_web_picture *picture)
{
    writing *w = context;
    w->counts->left_out++;
    ko_say("left out: %s: %s", picture->url,
           picture->reason[0] ? picture->reason : "not fetched yet");
    return KO_OK;
}

static ko_status write_all(ko_store *store, int64_t listing_id, writing *w)
{
    ko_status st = ko_web_answer_each(store, listing_id, on_answer, w, w->err);
    if (st == KO_OK)
        st = ko_web_answer_each_instead(store, listing_id, on_answer, w, w->err);
    if (st == KO_OK && w->counts->pages + w->counts->left_out == 0)
        ko_say("no page: the listing was seen in no answer that is archived");
    if (st == KO_OK)
        st = ko_shown_each(store, listing_id, on_photo, w, w->err);
    return st == KO_OK ? ko_web_picture_each_missing(store, listing_id, on_missing, w, w->err) : st;
}

ko_status ko_candidate_warc(ko_store *store, const ko_candidate *candidate, const char *path,
                            ko_problems *problems, ko_candidate_warc_counts *out_counts,
                            ko_error *err)
{
    ko_candidate_warc_counts counts = {0};
    writing w = {.problems = problems, .counts = &counts, .err = err};
    ko_status st = ko_extract_open(path, "Knockoff/" KO_VERSION, &w.extract, err);
    if (st != KO_OK)
        return st;
    st = write_all(store, candidate->listing->id, &w);
    const ko_status ended = ko_extract_close(w.extract, err);
    if (st == KO_OK)
        st = ended;
    if (st == KO_OK && counts.pages + counts.pictures == 0)
        st = ko_fail(err, KO_E_NOT_FOUND, "candidate %" PRId64 ": nothing of it is left to write",
                     candidate->id);
    if (st == KO_OK)
        *out_counts = counts;
    return st;
}
