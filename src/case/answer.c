#include "base/alloc.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/limits.h"
#include "case/answer_case.h"
#include "case/evidence_sheet.h"
#include "case/packet_parts.h"
#include "case/part_folder.h"
#include "notice/letter.h"
#include "report/json.h"
#include "store/paper.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* One answer being written. */
typedef struct writing {
    ko_store *store;
    const ko_answer_options *options;
    ko_answer_case c;
    ko_part_folder folder;
    ko_error *err;
} writing;

/* Says what a file shows that goes with the answer. */
static ko_status add_proof(writing *w, const char *file, const char *shows)
{
    ko_answer_case *c = &w->c;
    ko_notice_proof *proofs = ko_grown(c->proofs, c->n_proofs, &c->proofs_capacity, sizeof *proofs);
    if (!proofs)
        return ko_fail(w->err, KO_E_NOMEM, "%s", file);
    c->proofs = proofs;
    proofs[c->n_proofs++] =
        (ko_notice_proof){ko_texts_keep(&c->texts, file), ko_texts_keep(&c->texts, shows)};
    return c->texts.no_memory ? ko_fail(w->err, KO_E_NOMEM, "%s", file) : KO_OK;
}

static ko_status miss(writing *w, const char *what, const char *command)
{
    const ko_status st = ko_buf_printf(&w->c.missing, "%s: knockoff %s\n", what, command);
    return st == KO_OK ? st : ko_fail(w->err, st, "what is missing");
}

/* --- files of proof --- */

/* Reads a file of the packet as it was filed, else the one that is kept of the work. */
static ko_status read_kept(const writing *w, const char *name, ko_buf *out)
{
    char own[KO_SERIAL_SIZE + 32];
    (void)snprintf(own, sizeof own, "%s-%s", w->c.the->work->serial, name);
    const char *const folders[] = {w->c.the->notice->folder, w->options->proof_folder};
    const char *const names[] = {name, own};
    for (size_t i = 0; i < 2; i++) {
        char *path = ko_path_join(folders[i], names[i]);
        if (!path)
            return ko_fail(w->err, KO_E_NOMEM, "path of %s", name);
        const ko_status st = folders[i][0] ? ko_file_read(path, out, NULL) : KO_E_NOT_FOUND;
        ko_free(path);
        if (st == KO_OK || st == KO_E_NOMEM)
            return st == KO_OK ? st : ko_fail(w->err, st, "%s", name);
    }
    return KO_E_NOT_FOUND;
}

/* Copies a file of proof; one that is nowhere is missing. */
static ko_status take(writing *w, const char *name, const char *shows)
{
    char without[64], command[KO_SERIAL_SIZE + 16];
    ko_buf bytes = KO_BUF(KO_MAX_STATEMENT_BYTES);
    ko_status st = read_kept(w, name, &bytes);
    if (st == KO_E_NOT_FOUND) {
        (void)snprintf(without, sizeof without, "no %s", name);
        (void)snprintf(command, sizeof command, "proof %s", w->c.the->work->serial);
        st = miss(w, without, command);
    } else if (st == KO_OK) {
        st = ko_part_folder_put(&w->folder, name, &bytes, w->err);
        if (st == KO_OK)
            st = add_proof(w, name, shows);
    }
    ko_buf_free(&bytes);
    return st;
}

/* Of the countered listings alone. */
static ko_status take_evidence(writing *w)
{
    const ko_answer_options *o = w->options;
    ko_buf pdf = KO_BUF(KO_MAX_EVIDENCE_PDF_BYTES);
    if (o->without_evidence)
        return KO_OK;
    ko_status st = ko_evidence_sheet(w->store, w->c.the->notice->id, 1U << KO_NOTICE_COUNTERED,
                                     o->software, o->problems, &pdf, w->err);
    if (st == KO_OK)
        st = ko_part_folder_put(&w->folder, KO_PACKET_EVIDENCE, &pdf, w->err);
    if (st == KO_OK)
        st = add_proof(w, KO_PACKET_EVIDENCE, "each of these listings beside my work");
    ko_buf_free(&pdf);
    return st;
}

static ko_status copy(const writing *w, const char *path)
{
    ko_buf bytes = KO_BUF(KO_MAX_STAMP_BYTES);
    ko_status st = ko_file_read(path, &bytes, w->err);
    if (st == KO_OK)
        st = ko_part_folder_put(&w->folder, ko_path_name(path), &bytes, w->err);
    ko_buf_free(&bytes);
    return st;
}

static ko_status take_stamp(writing *w, const ko_kept_stamp *kept)
{
    ko_buf shows = KO_BUF(KO_MAX_LETTER_BYTES);
    const ko_stamp *stamp = &kept->stamp;
    ko_status st = copy(w, kept->request_path);
    if (st == KO_OK)
        st = copy(w, kept->reply_path);
    if (st == KO_OK)
        st = ko_buf_printf(&shows,
                           "timestamp %s of %s: %s with SHA-256 %s existed on %s, says %s "
                           "(RFC 3161)",
                           stamp->serial, kept->of_work ? "the work" : "proof of the right",
                           ko_path_name(kept->of), kept->sha256, stamp->time, stamp->authority);
    if (st == KO_OK)
        st = add_proof(w, ko_path_name(kept->reply_path), shows.data);
    ko_buf_free(&shows);
    return st == KO_OK ? st : ko_fail(w->err, st, "timestamp of %s", kept->of);
}

static ko_status take_stamps(writing *w)
{
    char command[KO_SERIAL_SIZE + 32];
    bool any_of_work = false;
    ko_status st = ko_stamps_find(w->store, w->c.the->work, w->options->proof_folder,
                                  w->options->now, w->options->problems, &w->c.stamps, w->err);
    for (size_t i = 0; i < w->c.stamps.n && st == KO_OK; i++) {
        any_of_work = any_of_work || w->c.stamps.stamps[i].of_work;
        st = take_stamp(w, &w->c.stamps.stamps[i]);
    }
    if (st != KO_OK || any_of_work)
        return st;
    (void)snprintf(command, sizeof command, "timestamp %s --tsa URL", w->c.the->work->serial);
    return miss(w, "no timestamp says since when the work exists", command);
}

/* What the seller may say, too, unless something with a date proves otherwise. */
static ko_status tell_missing(writing *w)
{
    const ko_work_fields *f = &w->c.the->work->fields;
    const struct {
        const char *text, *what, *option;
    } facts[] = {
        {f->published_on, "no day of first publication", "published-on"},
        {f->published_url, "no address of first publication", "published-url"},
        {f->registration, "no registration at a copyright office", "registration"},
    };
    ko_status st = KO_OK;
    for (size_t i = 0; i < sizeof facts / sizeof *facts && st == KO_OK; i++) {
        char command[KO_SERIAL_SIZE + 48];
        (void)snprintf(command, sizeof command, "works set %s --%s ...", w->c.the->work->serial,
                       facts[i].option);
        if (!facts[i].text[0])
            st = miss(w, facts[i].what, command);
    }
    return st;
}

static ko_status on_paper(void *context, const ko_paper *paper)
{
    writing *w = context;
    return add_proof(w, ko_path_name(paper->path),
                     paper->role == KO_PAPER_CERTIFICATE ? "certificate of registration"
                                                         : "evidence that the work is mine");
}

/* --- texts --- */

static ko_status write_letter(const writing *w)
{
    const ko_answer_case *c = &w->c;
    char date[KO_DAY_TEXT_SIZE];
    ko_case_facts known = {0};
    ko_buf template = KO_BUF(KO_MAX_NOTICE_DATA_BYTES), letter = KO_BUF(KO_MAX_LETTER_BYTES);
    ko_status st = ko_case_facts_make(c->the, &known, w->err);
    ko_facts facts = known.facts; /* of the notice; about the countered listings alone, and today */
    ko_day_text(w->options->day, date);
    facts.date = date;
    facts.ref = c->the->notice->ref;
    facts.listings = c->listings;
    facts.n_listings = c->n_listings;
    facts.proofs = c->proofs;
    facts.n_proofs = c->n_proofs;
    if (st == KO_OK)
        st = ko_kit_letter(w->options->kit, "answer.txt", &template, w->err);
    if (st == KO_OK) {
        st = ko_letter_write(template.data ? template.data : "", &facts, &letter, w->err);
        ko_error_prefix(w->err, "answer.txt");
    }
    if (st == KO_OK)
        st = ko_part_folder_put(&w->folder, "ANSWER.txt", &letter, w->err);
    ko_case_facts_free(&known);
    ko_buf_free(&template);
    ko_buf_free(&letter);
    return st;
}

static ko_status write_checklist(const writing *w)
{
    ko_buf text = KO_BUF(KO_MAX_CHECKLIST_BYTES);
    ko_status st = ko_answer_checklist(w->store, w->options->kit, &w->c, &text, w->err);
    if (st == KO_OK)
        st = ko_part_folder_put(&w->folder, KO_PACKET_CHECKLIST, &text, w->err);
    ko_buf_free(&text);
    return st;
}

/* --- the folder --- */

/* Begins the first of answer, answer-2, ... that is not there yet; outside of the packet its name
 * says of which notice it is. */
static ko_status begin_folder(writing *w)
{
    const ko_notice *notice = w->c.the->notice;
    const char *root = w->options->root ? w->options->root : notice->folder;
    char name[48], end[16] = "";
    if (!root[0])
        return ko_fail(w->err, KO_E_NOT_FOUND,
                       "notice %lld has no packet to put the answer into: name a folder with --out",
                       (long long)notice->id);
    for (unsigned nth = 2;; nth++) {
        if (w->options->root)
            (void)snprintf(name, sizeof name, "notice-%lld-answer%s", (long long)notice->id, end);
        else
            (void)snprintf(name, sizeof name, "answer%s", end);
        char *path = ko_path_join(root, name);
        if (!path)
            return ko_fail(w->err, KO_E_NOMEM, "path of %s", name);
        const bool is_free = access(path, F_OK) != 0;
        const ko_status st = is_free ? ko_part_folder_begin(path, &w->folder, w->err) : KO_OK;
        ko_free(path);
        if (is_free)
            return st;
        (void)snprintf(end, sizeof end, "-%u", nth);
    }
}

static ko_status fill_folder(writing *w)
{
    ko_status st = take_evidence(w);
    if (st == KO_OK)
        st = take(w, KO_PACKET_PROOF, "my work, marked with its holder and its serial");
    if (st == KO_OK)
        st = take(w, KO_PACKET_STATEMENT, "my Copyright Claim Statement about the work");
    if (st == KO_OK)
        st = take_stamps(w);
    w->c.n_in_folder = w->c.n_proofs;
    if (st == KO_OK)
        st = ko_paper_each(w->store, w->c.the->work->id, on_paper, w, w->err);
    if (st == KO_OK)
        st = tell_missing(w);
    if (st == KO_OK)
        st = write_letter(w);
    return st == KO_OK ? write_checklist(w) : st;
}

/* Those of the notice that wait for an answer. */
static ko_status choose_listings(writing *w)
{
    ko_answer_case *c = &w->c;
    const ko_notice *notice = c->the->notice;
    if (notice->n_in[KO_NOTICE_COUNTERED] == 0)
        return ko_fail(w->err, KO_E_USAGE,
                       "no listing of notice %lld is countered: knockoff notice update %lld "
                       "countered --url URL",
                       (long long)notice->id, (long long)notice->id);
    c->listings = ko_alloc_array(notice->n_items, sizeof *c->listings);
    if (!c->listings)
        return ko_fail(w->err, KO_E_NOMEM, "%zu listings", notice->n_items);
    for (size_t i = 0; i < notice->n_items; i++) {
        const ko_notice_item *item = &c->the->items[i];
        if (item->state == KO_NOTICE_COUNTERED)
            c->listings[c->n_listings++] =
                (ko_notice_listing){item->url, item->item, item->title, item->seller, ""};
    }
    return KO_OK;
}

static ko_status write_all(writing *w)
{
    const ko_duties_request request = {
        .day = w->options->day, .notice_id = w->c.the->notice->id, .all = true, .within_days = -1};
    ko_status st = choose_listings(w);
    if (st == KO_OK)
        st = ko_duties_find(w->store, w->options->kit, &request, &w->c.duties, w->err);
    if (st == KO_OK)
        st = begin_folder(w);
    if (st == KO_OK)
        st = fill_folder(w);
    return st == KO_OK ? ko_part_folder_finish(&w->folder, w->err) : st;
}

static void free_case(ko_answer_case *c)
{
    ko_free(c->listings);
    ko_free(c->proofs);
    ko_texts_free(&c->texts);
    ko_stamps_free(&c->stamps);
    ko_duties_free(&c->duties);
    ko_buf_free(&c->missing);
}

ko_status ko_answer_write(ko_store *store, int64_t notice_id, const ko_answer_options *options,
                          ko_answer *out_answer, ko_error *err)
{
    ko_case_file file;
    writing w = {.store = store,
                 .options = options,
                 .c = {.the = &file.the, .missing = KO_BUF(KO_MAX_LETTER_BYTES)},
                 .err = err};
    ko_status st = ko_case_file_read(store, options->kit, options->user, notice_id, 0, &file, err);
    if (st == KO_OK)
        st = write_all(&w);
    if (st == KO_OK) {
        *out_answer = (ko_answer){.folder = w.folder.path, .missing = w.c.missing};
        w.folder.path = NULL;
        w.c.missing = (ko_buf){0};
    }
    ko_part_folder_free(&w.folder);
    free_case(&w.c);
    ko_case_file_free(&file);
    return st;
}

void ko_answer_free(ko_answer *answer)
{
    ko_free(answer->folder);
    ko_buf_free(&answer->missing);
    *answer = (ko_answer){0};
}

static json_t *json_lines(const char *text)
{
    json_t *lines = json_array();
    for (const char *line = text; *line;) {
        const size_t n = strcspn(line, "\n");
        char *own = ko_strndup(line, n);
        (void)json_array_append_new(lines, ko_json_string(own ? own : ""));
        ko_free(own);
        line += n + (line[n] == '\n');
    }
    return lines;
}

json_t *ko_answer_json(int64_t notice_id, const ko_answer *answer)
{
    const char *missing = answer->missing.size ? answer->missing.data : "";
    return json_pack("{s:I, s:o, s:o}", "notice", (json_int_t)notice_id, "answer",
                     ko_json_string(answer->folder), "missing", json_lines(missing));
}
