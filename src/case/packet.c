#include "case/packet_parts.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/limits.h"
#include "case/evidence_sheet.h"
#include "case/work_proof.h"
#include "notice/letter.h"
#include "notice/vero.h"
#include "proof/letter_pdf.h"
#include "proof/pdf_sign.h"

#include <assert.h>
#include <errno.h>
#include <jansson.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a packet names. */
#define STANDING (~(1U << KO_NOTICE_WITHDRAWN))

/* --- files --- */

const char *ko_packet_list_name(const ko_channel *channel)
{
    return channel->list.of == KO_LIST_ITEMS ? KO_PACKET_ITEMS : KO_PACKET_URLS;
}

bool ko_packet_has(const ko_packet *packet, const char *name)
{
    for (size_t i = 0; i < packet->n_files; i++)
        if (strcmp(packet->files[i].name, name) == 0)
            return true;
    return false;
}

/* Writes a file of the packet, of which notice.json tells the digest. */
static ko_status put(ko_packet *packet, const char *name, const ko_buf *bytes, ko_error *err)
{
    assert(packet->n_files < KO_PACKET_FILES && bytes->data);
    ko_packet_file *file = &packet->files[packet->n_files];
    *file = (ko_packet_file){.name = name, .bytes = (int64_t)bytes->size};
    if (!EVP_Digest(bytes->data, bytes->size, file->sha256, NULL, EVP_sha256(), NULL))
        return ko_fail(err, KO_E_NOMEM, "%s: its SHA-256", name);
    packet->n_files++;
    return ko_part_folder_put(&packet->folder, name, bytes, err);
}

/* --- what is pasted --- */

/* The items of the notice as the packing handed them out. */
static ko_status packed_items(const ko_case *c, ko_pack_item **out_items, ko_error *err)
{
    ko_pack_item *items = ko_alloc_array(c->notice->n_items, sizeof *items);
    if (!items)
        return ko_fail(err, KO_E_NOMEM, "%zu listings", c->notice->n_items);
    for (size_t i = 0; i < c->notice->n_items; i++)
        items[i] = (ko_pack_item){i, c->items[i].url, c->items[i].item};
    *out_items = items;
    return KO_OK;
}

static ko_pack_notice packed_notice(const ko_case *c, const ko_pack_item *items)
{
    return (ko_pack_notice){.channel = c->channel,
                            .work = c->notice->serial,
                            .host = c->notice->host,
                            .part = (size_t)c->notice->part,
                            .parts = (size_t)c->notice->parts,
                            .items = items,
                            .n_items = c->notice->n_items};
}

static ko_status put_list(ko_packet *packet, const ko_pack_notice *packed, ko_error *err)
{
    ko_buf list = KO_BUF(KO_MAX_LETTER_BYTES);
    ko_status st = ko_pack_list(packed, &list);
    st = st == KO_OK ? put(packet, ko_packet_list_name(packed->channel), &list, err)
                     : ko_fail(err, st, "no room for %zu listings", packed->n_items);
    ko_buf_free(&list);
    return st;
}

/* What the interface is told goes to eBay and to the seller. */
static ko_status put_vero(ko_packet *packet, const ko_pack_notice *packed, ko_error *err)
{
    const ko_reason *reason = ko_channel_reason(packed->channel, packet->the->notice->reason);
    const ko_vero_report report = {.reason_code = reason ? reason->code : NULL,
                                   .message_to_seller = packet->facts->reason,
                                   .detailed_message = packet->facts->reason};
    ko_buf json = KO_BUF(KO_MAX_NOTICE_JSON);
    ko_status st = ko_vero_write(packed, &report, &json, err);
    if (st == KO_OK)
        st = put(packet, KO_PACKET_VERO, &json, err);
    ko_buf_free(&json);
    return st;
}

static ko_status put_lists(ko_packet *packet, ko_error *err)
{
    ko_pack_item *items = NULL;
    ko_status st = packed_items(packet->the, &items, err);
    if (st != KO_OK)
        return st;
    const ko_pack_notice packed = packed_notice(packet->the, items);
    st = put_list(packet, &packed, err);
    if (st == KO_OK && packed.channel->report == KO_REPORT_EBAY_VERO)
        st = put_vero(packet, &packed, err);
    ko_free(items);
    return st;
}

static ko_status put_reason(ko_packet *packet, ko_error *err)
{
    ko_buf text = KO_BUF(KO_MAX_LETTER_BYTES);
    if (!packet->facts->reason[0])
        return KO_OK;
    ko_status st = ko_buf_printf(&text, "%s\n", packet->facts->reason);
    st = st == KO_OK ? put(packet, KO_PACKET_REASON, &text, err)
                     : ko_fail(err, st, "no room for a reason");
    ko_buf_free(&text);
    return st;
}

/* --- the letter --- */

static ko_status put_letter_pdf(ko_packet *packet, const ko_buf *letter, ko_error *err)
{
    const ko_packet_options *o = packet->options;
    const ko_letter_page page = {.text = letter->data,
                                 .date = packet->facts->date,
                                 .signer = o->signer ? ko_signer_name(o->signer) : NULL,
                                 .software = o->software};
    ko_buf pdf = KO_BUF(KO_MAX_STATEMENT_BYTES);
    ko_statement_box box;
    ko_status st = ko_letter_pdf(&page, &pdf, &box, err);
    if (st == KO_OK && o->signer)
        st = ko_pdf_sign(&pdf, &box, o->signer, ko_clock_now(), err);
    if (st == KO_OK)
        st = put(packet, KO_PACKET_LETTER_PDF, &pdf, err);
    ko_buf_free(&pdf);
    return st;
}

static ko_status put_letter(ko_packet *packet, ko_error *err)
{
    const ko_channel *channel = packet->the->channel;
    ko_buf template = KO_BUF(KO_MAX_NOTICE_DATA_BYTES), letter = KO_BUF(KO_MAX_LETTER_BYTES);
    ko_status st = ko_kit_letter(packet->options->kit, channel->letter, &template, err);
    if (st == KO_OK) {
        st = ko_letter_write(template.data, packet->facts, &letter, err);
        ko_error_prefix(err, channel->letter);
    }
    if (st == KO_OK)
        st = put(packet, KO_PACKET_LETTER, &letter, err);
    if (st == KO_OK && channel->pdf)
        st = put_letter_pdf(packet, &letter, err);
    ko_buf_free(&template);
    ko_buf_free(&letter);
    return st;
}

/* --- proof and evidence --- */

/* Appends what is kept of a work's proof; *out_there is false, and nothing wrong, without it. */
static ko_status read_kept(const ko_packet *packet, const char *ending, ko_buf *out,
                           bool *out_there, ko_error *err)
{
    char name[KO_SERIAL_SIZE + 16];
    ko_error why = {0};
    (void)snprintf(name, sizeof name, "%s-%s", packet->the->work->serial, ending);
    char *path = ko_path_join(packet->options->proof_folder, name);
    if (!path)
        return ko_fail(err, KO_E_NOMEM, "path of %s", name);
    const ko_status st = ko_file_read(path, out, &why);
    ko_free(path);
    *out_there = st == KO_OK && out->size > 0;
    return st == KO_OK || st == KO_E_NOT_FOUND ? KO_OK : ko_fail(err, st, "%s", why.text);
}

static ko_status make_proof(const ko_packet *packet, ko_work_proof *out, ko_error *err)
{
    const ko_packet_options *o = packet->options;
    const ko_work *work = packet->the->work;
    const ko_work_proof_request request = {
        .date = packet->facts->date, .signer = o->signer, .software = o->software};
    char *picture = NULL, *statement = NULL;
    ko_status st = ko_work_proof_make(packet->store, work, o->user, &request, out, err);
    if (st == KO_OK)
        st = ko_folder_make(o->proof_folder, err);
    if (st == KO_OK)
        st = ko_work_proof_put(out, work->serial, o->proof_folder, &picture, &statement, err);
    ko_free(picture);
    ko_free(statement);
    return st;
}

/* A signed PDF tells which of its bytes are (ISO 32000-1, 12.8.1). */
static bool is_signed(const ko_buf *pdf)
{
    static const char mark[] = "/ByteRange";
    const char *at = pdf->data;
    const char *end = at + pdf->size;
    while ((at = memchr(at, mark[0], (size_t)(end - at)))) {
        if ((size_t)(end - at) >= strlen(mark) && memcmp(at, mark, strlen(mark)) == 0)
            return true;
        at++;
    }
    return false;
}

static ko_status put_proof(ko_packet *packet, ko_error *err)
{
    ko_work_proof proof = {.picture = KO_BUF(KO_MAX_PROOF_BYTES),
                           .statement = KO_BUF(KO_MAX_STATEMENT_BYTES)};
    bool has_picture = false, has_statement = false;
    ko_status st = read_kept(packet, "proof.jpg", &proof.picture, &has_picture, err);
    if (st == KO_OK)
        st = read_kept(packet, "statement.pdf", &proof.statement, &has_statement, err);
    if (st == KO_OK && !(has_picture && has_statement)) {
        ko_work_proof_free(&proof);
        st = make_proof(packet, &proof, err);
    }
    if (st == KO_OK)
        st = put(packet, KO_PACKET_PROOF, &proof.picture, err);
    if (st == KO_OK) {
        packet->statement_signed = is_signed(&proof.statement);
        st = put(packet, KO_PACKET_STATEMENT, &proof.statement, err);
    }
    ko_work_proof_free(&proof);
    return st;
}

static ko_status put_evidence(ko_packet *packet, ko_error *err)
{
    const ko_packet_options *o = packet->options;
    ko_buf pdf = KO_BUF(KO_MAX_EVIDENCE_PDF_BYTES);
    ko_status st = ko_evidence_sheet(packet->store, packet->the->notice->id, STANDING, o->software,
                                     o->problems, &pdf, err);
    if (st == KO_OK)
        st = put(packet, KO_PACKET_EVIDENCE, &pdf, err);
    ko_buf_free(&pdf);
    return st;
}

/* --- all of it --- */

static ko_status put_words(ko_packet *packet, ko_error *err)
{
    ko_buf text = KO_BUF(KO_MAX_CHECKLIST_BYTES), json = KO_BUF(KO_MAX_NOTICE_JSON);
    ko_status st = ko_checklist_write(packet, &text, err);
    if (st == KO_OK)
        st = put(packet, KO_PACKET_CHECKLIST, &text, err);
    if (st == KO_OK)
        st = ko_notice_json_write(packet, &json, err);
    if (st == KO_OK)
        st = ko_part_folder_put(&packet->folder, KO_PACKET_JSON, &json, err);
    ko_buf_free(&text);
    ko_buf_free(&json);
    return st;
}

static ko_status put_all(ko_packet *packet, ko_error *err)
{
    ko_status st = put_lists(packet, err);
    if (st == KO_OK)
        st = put_reason(packet, err);
    if (st == KO_OK)
        st = put_letter(packet, err);
    if (st == KO_OK)
        st = put_proof(packet, err);
    if (st == KO_OK && !packet->options->without_evidence)
        st = put_evidence(packet, err);
    return st == KO_OK ? put_words(packet, err) : st;
}

/* --- the folder --- */

/* "0003-alibaba-ipp-KO-000001-2of3-shop.example": nothing that a file system or a shell minds. */
static void write_name(const ko_notice *notice, char out_name[160])
{
    char part[32] = "";
    if (notice->parts > 1)
        (void)snprintf(part, sizeof part, "-%dof%d", notice->part, notice->parts);
    (void)snprintf(out_name, 160, "%04lld-%.40s-%s%s%s%.60s", (long long)notice->id,
                   notice->channel, notice->serial, part, notice->host[0] ? "-" : "", notice->host);
    for (char *c = out_name; *c; c++)
        if (!((*c >= '0' && *c <= '9') || (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') ||
              *c == '.'))
            *c = '-';
}

/* Is the packet there this very notice's, from a try that ended before it was kept? Another
 * database may number its own notices alike. */
static bool is_own(const char *path, const ko_notice *notice)
{
    char built[KO_TIME_SIZE];
    ko_clock_text(notice->built_at, built);
    char *file = ko_path_join(path, KO_PACKET_JSON);
    json_t *json = file ? json_load_file(file, 0, NULL) : NULL;
    const char *built_at = json_string_value(json_object_get(json, "built_at"));
    const bool own = json_integer_value(json_object_get(json, "notice")) == notice->id &&
                     built_at && strcmp(built_at, built) == 0;
    json_decref(json);
    ko_free(file);
    return own;
}

static ko_status make_room(const char *path, const ko_notice *notice, ko_error *err)
{
    if (!ko_is_folder(path))
        return KO_OK;
    if (is_own(path, notice))
        return ko_part_folder_remove(path, err);
    return ko_fail(err, KO_E_EXISTS, "%s: is there already, and not of this notice", path);
}

static ko_status write_whole(ko_packet *packet, const char *path, ko_error *err)
{
    ko_status st = make_room(path, packet->the->notice, err);
    if (st == KO_OK)
        st = ko_part_folder_begin(path, &packet->folder, err);
    if (st == KO_OK)
        st = put_all(packet, err);
    if (st == KO_OK)
        st = ko_part_folder_finish(&packet->folder, err);
    ko_part_folder_free(&packet->folder);
    return st;
}

/* The absolute path that the packet shall have. */
static ko_status find_path(const char *root, const ko_notice *notice, char **out_path,
                           ko_error *err)
{
    char name[160];
    ko_status st = ko_folder_make(root, err);
    if (st != KO_OK)
        return st;
    char *whole = realpath(root, NULL);
    if (!whole)
        return ko_fail(err, KO_E_IO, "%s: %s", root, strerror(errno));
    write_name(notice, name);
    *out_path = ko_path_join(whole, name);
    free(whole); /* realpath's memory, not ours */
    return *out_path ? KO_OK : ko_fail(err, KO_E_NOMEM, "path of %s", name);
}

ko_status ko_packet_write(ko_store *store, int64_t notice_id, const char *root,
                          const ko_packet_options *options, bool *out_unsigned, ko_error *err)
{
    ko_case_file file;
    ko_case_facts facts = {0};
    char *path = NULL;
    ko_status st =
        ko_case_file_read(store, options->kit, options->user, notice_id, STANDING, &file, err);
    if (st == KO_OK && file.n_items == 0)
        st = ko_fail(err, KO_E_NOT_FOUND, "all of it was withdrawn");
    if (st == KO_OK)
        st = ko_case_facts_make(&file.the, &facts, err);
    if (st == KO_OK)
        st = find_path(root, &file.notice, &path, err);
    if (st == KO_OK) {
        ko_packet packet = {
            .store = store, .options = options, .the = &file.the, .facts = &facts.facts};
        st = write_whole(&packet, path, err);
        *out_unsigned = file.the.channel->proof && !packet.statement_signed;
    }
    if (st == KO_OK)
        st = ko_notice_set_folder(store, notice_id, path, err);
    ko_free(path);
    ko_case_facts_free(&facts);
    ko_case_file_free(&file);
    return st;
}

/* --- a packet that holds no more --- */

static ko_status remove_own(void *context, const ko_notice *notice)
{
    ko_error *err = context;
    return ko_is_folder(notice->folder) && is_own(notice->folder, notice)
               ? ko_part_folder_remove(notice->folder, err)
               : KO_OK;
}

ko_status ko_packet_remove(ko_store *store, int64_t notice_id, ko_error *err)
{
    const ko_status st =
        ko_notice_each(store, &(ko_notice_filter){.id = notice_id}, remove_own, err, err);
    return st == KO_OK ? ko_notice_set_folder(store, notice_id, "", err) : st;
}
