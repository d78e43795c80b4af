/* The file is one of cairo's: a plain table of objects at its end, dictionaries written out, one
 * flat list of pages. Only as much of PDF is read here as that needs.
 *
 * Five objects are appended: the signature, its field on the page, the field's look (nothing: the
 * statement has words there), and the catalogue and the last page anew, naming the field. */
#include "proof/pdf_sign.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/text.h"

#include <assert.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NEW_OBJECTS 3
#define CHANGED_OBJECTS 5
#define RANGE_DIGITS 10
#define ENTRY_BYTES 20 /* of the table (ISO 32000-1, section 7.5.4) */

typedef struct written {
    unsigned object;
    size_t offset;
} written;

typedef struct update {
    ko_buf *pdf;
    long long previous;              /* where the table of the original begins, */
    size_t table;                    /* and its first entry */
    unsigned n_objects;              /* of the original, the free one included */
    unsigned root, info, page;       /* objects of the original */
    unsigned signature, field, look; /* new ones */
    written written[CHANGED_OBJECTS];
    size_t n_written;
    size_t range, contents; /* places to be filled in */
} update;

/* --- what is there --- */

/* The whole number after a key in a text; -1 when there is none. */
static long long number_after(const char *text, const char *key)
{
    const char *at = text ? strstr(text, key) : NULL;
    char *end = NULL;
    if (!at)
        return -1;
    at += strlen(key);
    const long long n = strtoll(at, &end, 10);
    return end != at && n >= 0 ? n : -1;
}

/* A copy of the dictionary of an object, up to its end; NULL when it is not where the table says.
 * ko_free it. */
static char *dictionary(const update *u, unsigned object)
{
    char head[32];
    const ko_buf *pdf = u->pdf;
    if (object == 0 || object >= u->n_objects)
        return NULL;
    const size_t entry = u->table + (size_t)ENTRY_BYTES * object;
    const long long offset =
        entry + ENTRY_BYTES <= pdf->size ? number_after(pdf->data + entry, "") : -1;
    const int length = snprintf(head, sizeof head, "%u 0 obj\n", object);
    if (offset < 0 || (size_t)offset + (size_t)length > pdf->size ||
        memcmp(pdf->data + offset, head, (size_t)length) != 0)
        return NULL;
    const char *begin = pdf->data + offset + length;
    const char *end = strstr(begin, "\nendobj"); /* dictionaries have no zero bytes */
    while (end && end > begin && end[-1] != '>')
        end--;
    return end && end - begin >= 4 ? ko_strndup(begin, (size_t)(end - begin)) : NULL;
}

/* The object that a key of another one refers to; 0 when it does not. */
static unsigned reference(const update *u, unsigned object, const char *key)
{
    char *text = dictionary(u, object);
    const long long n = number_after(text, key);
    ko_free(text);
    return n > 0 && n < u->n_objects ? (unsigned)n : 0;
}

/* The last of "[ 7 0 R 9 0 R ]". */
static unsigned last_page(const update *u, unsigned pages)
{
    char *text = dictionary(u, pages);
    const char *at = text ? strstr(text, "/Kids [") : NULL;
    unsigned long page = 0;
    at = at ? at + strlen("/Kids [") : NULL;
    while (at && *at && *at != ']') {
        char *end = NULL;
        const unsigned long n = strtoul(at, &end, 10);
        if (end == at || strncmp(end, " 0 R", 4) != 0)
            break;
        page = n;
        at = end + 4 + strspn(end + 4, " \n");
    }
    const bool whole = at && *at == ']';
    ko_free(text);
    return whole && page < u->n_objects ? (unsigned)page : 0;
}

/* The words after the table; streams before it may hold anything. NULL when there are none. */
static const char *last_trailer(const ko_buf *pdf)
{
    static const char word[] = "\ntrailer\n";
    for (size_t at = pdf->size; at >= sizeof word; at--)
        if (memcmp(pdf->data + at - sizeof word, word, sizeof word - 1) == 0)
            return pdf->data + at - sizeof word;
    return NULL;
}

static ko_status find_objects(update *u, ko_error *err)
{
    const ko_buf *pdf = u->pdf;
    const char *trailer = last_trailer(pdf);
    const long long table = number_after(trailer, "startxref\n");
    const long long n = number_after(trailer, "/Size ");
    const long long root = number_after(trailer, "/Root ");
    const long long info = number_after(trailer, "/Info ");
    char head[32];
    const int length = snprintf(head, sizeof head, "xref\n0 %lld\n", n);
    if (table < 0 || (size_t)table + (size_t)length > pdf->size || n < 1 || n > INT32_MAX ||
        root < 1 || info < 1 || memcmp(pdf->data + table, head, (size_t)length) != 0)
        return ko_fail(err, KO_E_FORMAT, "PDF without a plain table of objects");
    u->previous = table;
    u->table = (size_t)table + (size_t)length;
    u->n_objects = (unsigned)n;
    u->root = (unsigned)root;
    u->info = (unsigned)info;
    const unsigned pages = reference(u, u->root, "/Pages ");
    u->page = last_page(u, pages);
    if (u->page == 0)
        return ko_fail(err, KO_E_FORMAT, "PDF without a list of pages");
    u->signature = u->n_objects;
    u->field = u->n_objects + 1;
    u->look = u->n_objects + 2;
    return KO_OK;
}

/* --- what is added --- */

static ko_status begin_object(update *u, unsigned object)
{
    assert(u->n_written < CHANGED_OBJECTS);
    u->written[u->n_written++] = (written){object, u->pdf->size};
    return ko_buf_printf(u->pdf, "%u 0 obj\n", object);
}

/* The table allows ten digits, and so does this; blanks fill what is not needed. */
static ko_status add_signature(update *u, int64_t at)
{
    char moment[KO_TIME_SIZE], *to;
    ko_clock_text(at, moment);
    ko_status st = begin_object(u, u->signature);
    if (st == KO_OK)
        st = ko_buf_printf(u->pdf,
                           "<< /Type /Sig /Filter /Adobe.PPKLite\n   /SubFilter "
                           "/ETSI.CAdES.detached\n   /M (D:%.4s%.2s%.2s%.2s%.2s%.2sZ)\n   "
                           "/ByteRange ",
                           moment, moment + 5, moment + 8, moment + 11, moment + 14, moment + 17);
    u->range = u->pdf->size;
    if (st == KO_OK)
        st = ko_buf_printf(u->pdf, "[0 %*s %*s %*s]\n   /Contents ", RANGE_DIGITS, "", RANGE_DIGITS,
                           "", RANGE_DIGITS, "");
    u->contents = u->pdf->size;
    to = st == KO_OK ? ko_buf_extend(u->pdf, 2 * KO_MAX_SIGNATURE_BYTES + 2) : NULL;
    if (!to)
        return KO_E_NOMEM;
    memset(to, '0', 2 * KO_MAX_SIGNATURE_BYTES + 2);
    to[0] = '<';
    to[2 * KO_MAX_SIGNATURE_BYTES + 1] = '>';
    return ko_buf_text(u->pdf, "\n>>\nendobj\n");
}

/* The field is the annotation that shows it (ISO 32000-1, section 12.7.4.5); it is printed and
 * locked. */
static ko_status add_field(update *u, const ko_statement_box *box)
{
    const int left = (int)box->x, bottom = (int)box->y;
    const int width = (int)box->width, height = (int)box->height;
    ko_status st = begin_object(u, u->field);
    if (st == KO_OK)
        st = ko_buf_printf(u->pdf,
                           "<< /Type /Annot /Subtype /Widget /FT /Sig /T (Signature)\n"
                           "   /Rect [%d %d %d %d]\n   /F 132 /P %u 0 R /V %u 0 R\n"
                           "   /AP << /N %u 0 R >>\n>>\nendobj\n",
                           left, bottom, left + width, bottom + height, u->page, u->signature,
                           u->look);
    if (st == KO_OK)
        st = begin_object(u, u->look);
    if (st == KO_OK)
        st = ko_buf_printf(u->pdf,
                           "<< /Type /XObject /Subtype /Form /BBox [0 0 %d %d] /Length 0 >>\n"
                           "stream\n\nendstream\nendobj\n",
                           width, height);
    return st;
}

/* An object as it was, with more in its dictionary. */
static ko_status add_again(update *u, unsigned object, const char *more)
{
    char *text = dictionary(u, object);
    if (!text)
        return KO_E_FORMAT;
    text[strlen(text) - 2] = '\0'; /* the two marks that end it */
    ko_status st = begin_object(u, object);
    if (st == KO_OK)
        st = ko_buf_printf(u->pdf, "%s%s\n>>\nendobj\n", text, more);
    ko_free(text);
    return st;
}

/* The kind of signature is younger than PDF 1.4; readers are told by the extension that ETSI
 * registered for it. */
static ko_status add_changed(update *u)
{
    char more[256];
    (void)snprintf(more, sizeof more,
                   "   /Version /1.7\n"
                   "   /Extensions << /ESIC << /BaseVersion /1.7 /ExtensionLevel 2 >> >>\n"
                   "   /AcroForm << /Fields [ %u 0 R ] /SigFlags 3 >>",
                   u->field);
    ko_status st = add_again(u, u->root, more);
    (void)snprintf(more, sizeof more, "   /Annots [ %u 0 R ]", u->field);
    return st == KO_OK ? add_again(u, u->page, more) : st;
}

static ko_status add_table(update *u)
{
    const size_t table = u->pdf->size;
    ko_status st = ko_buf_text(u->pdf, "xref\n");
    for (size_t i = 0; st == KO_OK && i < u->n_written; i++)
        st = ko_buf_printf(u->pdf, "%u 1\n%010zu 00000 n \n", u->written[i].object,
                           u->written[i].offset);
    if (st == KO_OK)
        st = ko_buf_printf(u->pdf,
                           "trailer\n<< /Size %u\n   /Root %u 0 R\n   /Info %u 0 R\n"
                           "   /Prev %lld\n>>\nstartxref\n%zu\n%%%%EOF\n",
                           u->n_objects + NEW_OBJECTS, u->root, u->info, u->previous, table);
    return st;
}

/* --- the signature --- */

/* All but the contents, in a row, as it is signed. */
static ko_status fill(update *u, const ko_signer *signer, ko_error *err)
{
    char *data = u->pdf->data;
    const size_t after = u->contents + 2 * KO_MAX_SIGNATURE_BYTES + 2;
    const size_t rest = u->pdf->size - after;
    char range[8 + 3 * (RANGE_DIGITS + 1)];
    const int length = snprintf(range, sizeof range, "[0 %*zu %*zu %*zu]", RANGE_DIGITS,
                                u->contents, RANGE_DIGITS, after, RANGE_DIGITS, rest);
    memcpy(data + u->range, range, (size_t)length);
    ko_buf signed_bytes = KO_BUF(u->pdf->max), der = KO_BUF(64 << 10);
    ko_status st = ko_buf_append(&signed_bytes, data, u->contents);
    if (st == KO_OK)
        st = ko_buf_append(&signed_bytes, data + after, rest);
    if (st != KO_OK)
        st = ko_fail(err, st, "PDF of %zu bytes", u->pdf->size);
    else
        st = ko_signer_sign(signer, signed_bytes.data, signed_bytes.size, &der, err);
    if (st == KO_OK && der.size > KO_MAX_SIGNATURE_BYTES)
        st = ko_fail(err, KO_E_LIMIT, "signature with its certificates of %zu bytes, limit %zu",
                     der.size, KO_MAX_SIGNATURE_BYTES);
    if (st == KO_OK) {
        ko_text_hex((const unsigned char *)der.data, der.size, data + u->contents + 1);
        data[u->contents + 1 + 2 * der.size] = der.size < KO_MAX_SIGNATURE_BYTES ? '0' : '>';
    }
    ko_buf_free(&signed_bytes);
    ko_buf_free(&der);
    return st;
}

ko_status ko_pdf_sign(ko_buf *pdf, const ko_statement_box *box, const ko_signer *signer, int64_t at,
                      ko_error *err)
{
    update u = {.pdf = pdf};
    ko_status st = find_objects(&u, err);
    if (st == KO_OK)
        st = add_signature(&u, at);
    if (st == KO_OK)
        st = add_field(&u, box);
    if (st == KO_OK)
        st = add_changed(&u);
    if (st == KO_OK)
        st = add_table(&u);
    if (st == KO_OK)
        st = fill(&u, signer, err);
    else
        st = ko_fail(err, st, "PDF that is signed");
    if (st != KO_OK)
        ko_buf_free(pdf);
    return st;
}
