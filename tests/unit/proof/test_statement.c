/* A statement and its signature: every text is in it, the same input gives the same bytes, and
 * what is signed is all but the signature. */
#include "art.h"
#include "keys.h"

#include "base/clock.h"
#include "proof/pdf_sign.h"
#include "proof/statement.h"

#include <openssl/cms.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const uint8_t blue[4] = {30, 60, 160, 255}, yellow[4] = {240, 200, 40, 255};

#define YEAR_S (365L * 86400)

static ko_buf picture;

static int make_picture(void **state)
{
    (void)state;
    ko_rgba art = draw_art(900, 700, blue, yellow);
    picture = proof_of(&art, "Jane Doe");
    ko_free(art.px);
    return 0;
}

static int free_picture(void **state)
{
    (void)state;
    ko_buf_free(&picture);
    return 0;
}

static ko_statement full_statement(void)
{
    return (ko_statement){.title = "Barn owl",
                          .serial = "KO-000042",
                          .author = "Jane Doe",
                          .holder = "Doe Studio Ltd",
                          .kind = "illustration",
                          .completed_on = "2024-05-01",
                          .published_on = "2024-05-03",
                          .published_at = "Lisbon",
                          .published_url = "https://doe.example/owl",
                          .country = "Portugal",
                          .sha256 = "00ff",
                          .place = "Porto",
                          .date = "2026-11-22",
                          .picture = &picture,
                          .width = 900,
                          .height = 700,
                          .software = "Knockoff 1.0"};
}

static ko_buf pdf_of(const ko_statement *statement, ko_statement_box *out_box)
{
    ko_buf pdf = KO_BUF(KO_MAX_STATEMENT_BYTES);
    ko_error err = {0};
    if (ko_statement_pdf(statement, &pdf, out_box, &err) != KO_OK)
        fail_msg("not written: %s", err.text);
    return pdf;
}

static const char *find(const ko_buf *pdf, const char *word)
{
    const size_t n = strlen(word);
    for (size_t i = 0; i + n <= pdf->size; i++)
        if (memcmp(pdf->data + i, word, n) == 0)
            return pdf->data + i;
    return NULL;
}

static unsigned count(const ko_buf *pdf, const char *word)
{
    unsigned n = 0;
    for (size_t i = 0; i + strlen(word) <= pdf->size; i++)
        n += memcmp(pdf->data + i, word, strlen(word)) == 0;
    return n;
}

static void the_same_statement_gives_the_same_bytes(void **state)
{
    (void)state;
    ko_statement statement = full_statement();
    ko_statement_box box;
    ko_buf one = pdf_of(&statement, &box), two = pdf_of(&statement, &box);
    assert_int_equal(one.size, two.size);
    assert_memory_equal(one.data, two.data, one.size);
    assert_non_null(find(&one, "/CreationDate (D:20261122000000Z)"));
    statement.title = "Tawny owl";
    ko_buf other = pdf_of(&statement, &box);
    assert_true(one.size != other.size || memcmp(one.data, other.data, one.size) != 0);
    ko_buf_free(&one);
    ko_buf_free(&two);
    ko_buf_free(&other);
}

static void fonts_and_the_picture_are_inside(void **state)
{
    (void)state;
    ko_statement statement = full_statement();
    statement.title = "Сова 雪鴞 올빼미 フクロウ";
    ko_statement_box box;
    ko_buf pdf = pdf_of(&statement, &box);
    assert_true(count(&pdf, "/FontFile") >= 2); /* Latin and Cyrillic; what has the rest */
    assert_int_equal(count(&pdf, "/DCTDecode"), 1);
    assert_int_equal(count(&pdf, "/Type /Page "), 1);
    bool found = false;
    for (size_t i = 0; !found && i + picture.size <= pdf.size; i++)
        found = memcmp(pdf.data + i, picture.data, picture.size) == 0; /* as it is */
    assert_true(found);
    ko_buf_free(&pdf);
}

static void long_texts_take_another_page(void **state)
{
    (void)state;
    char text[KO_MAX_STATEMENT_TEXT + 2];
    memset(text, 'w', sizeof text);
    text[KO_MAX_STATEMENT_TEXT] = '\0';
    ko_statement statement = full_statement();
    statement.title = statement.author = statement.holder = statement.kind = text;
    statement.published_at = statement.published_url = statement.country = text;
    statement.place = text;
    ko_statement_box box;
    ko_buf pdf = pdf_of(&statement, &box);
    assert_true(count(&pdf, "/Type /Page ") >= 2);
    assert_true(box.y > 0 && box.y + box.height < 842);
    ko_buf_free(&pdf);
    text[KO_MAX_STATEMENT_TEXT] = 'w';
    text[KO_MAX_STATEMENT_TEXT + 1] = '\0';
    ko_error err = {0};
    assert_int_equal(ko_statement_pdf(&statement, &pdf, &box, &err), KO_E_LIMIT);
    assert_string_equal(err.text, "title of 501 bytes, limit 500");
}

static void what_must_be_stated_is_asked_for(void **state)
{
    (void)state;
    ko_statement statement = full_statement();
    ko_buf pdf = KO_BUF(KO_MAX_STATEMENT_BYTES);
    ko_statement_box box;
    ko_error err = {0};
    statement.author = "";
    assert_int_equal(ko_statement_pdf(&statement, &pdf, &box, &err), KO_E_USAGE);
    assert_string_equal(err.text, "a statement needs the author");
    statement = full_statement();
    const char *const none[] = {"2026-02-29", "2026-13-01", "22.11.2026", "2026-11-2",
                                "today",      "2026-00-10", "2026-04-31"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        statement.date = none[i];
        assert_int_equal(ko_statement_pdf(&statement, &pdf, &box, NULL), KO_E_USAGE);
    }
    /* a script that none of the fonts of a system has */
    statement = full_statement();
    statement.title = "owl \xf3\xa0\x84\x80\xf4\x80\x80\x81";
    err = (ko_error){0};
    const ko_status st = ko_statement_pdf(&statement, &pdf, &box, &err);
    assert_int_equal(st, KO_E_UNSUPPORTED);
    assert_non_null(strstr(err.text, "Title of the work: no font here has"));
    ko_buf_free(&pdf);
}

/* --- signatures --- */

/* What the file says of its signature. */
static CMS_ContentInfo *take_signature(const ko_buf *pdf, ko_buf *out_signed)
{
    const char *range = find(pdf, "/ByteRange [");
    assert_non_null(range);
    char *at = NULL;
    const size_t first = strtoul(range + 12, &at, 10), end = strtoul(at, &at, 10);
    const size_t after = strtoul(at, &at, 10), rest = strtoul(at, &at, 10);
    assert_int_equal(first, 0);
    assert_int_equal(after + rest, pdf->size);
    assert_int_equal(pdf->data[end], '<');
    assert_int_equal(pdf->data[after - 1], '>');
    *out_signed = KO_BUF(KO_MAX_STATEMENT_BYTES);
    assert_int_equal(ko_buf_append(out_signed, pdf->data, end), KO_OK);
    assert_int_equal(ko_buf_append(out_signed, pdf->data + after, rest), KO_OK);
    long n = 0;
    char *hex = ko_strndup(pdf->data + end + 1, after - end - 2);
    unsigned char *der = OPENSSL_hexstr2buf(hex, &n);
    assert_non_null(der);
    const unsigned char *p = der;
    CMS_ContentInfo *cms = d2i_CMS_ContentInfo(NULL, &p, n);
    assert_non_null(cms);
    for (; p < der + n; p++) /* the room that is left */
        assert_int_equal(*p, 0);
    OPENSSL_free(der);
    ko_free(hex);
    return cms;
}

/* The signature, its certificate, and that the signature says which certificate it is. */
static bool verifies(CMS_ContentInfo *cms, const ko_buf *bytes)
{
    BIO *data = BIO_new_mem_buf(bytes->data, (int)bytes->size);
    STACK_OF(X509) *certificates = CMS_get1_certs(cms);
    X509_STORE *trusted = X509_STORE_new();
    X509_STORE_add_cert(trusted, sk_X509_value(certificates, 0));
    const int ok = CMS_verify(cms, NULL, trusted, data, NULL, CMS_BINARY | CMS_CADES);
    X509_STORE_free(trusted);
    sk_X509_pop_free(certificates, X509_free);
    BIO_free(data);
    return ok == 1;
}

/* Of PAdES baseline B-B (ETSI EN 319 142-1, section 6). */
static void assert_attributes(CMS_ContentInfo *cms)
{
    STACK_OF(CMS_SignerInfo) *signers = CMS_get0_SignerInfos(cms);
    assert_int_equal(sk_CMS_SignerInfo_num(signers), 1);
    const CMS_SignerInfo *info = sk_CMS_SignerInfo_value(signers, 0);
    assert_int_equal(CMS_signed_get_attr_count(info), 3);
    assert_true(CMS_signed_get_attr_by_NID(info, NID_pkcs9_contentType, -1) >= 0);
    assert_true(CMS_signed_get_attr_by_NID(info, NID_pkcs9_messageDigest, -1) >= 0);
    assert_true(CMS_signed_get_attr_by_NID(info, NID_id_smime_aa_signingCertificateV2, -1) >= 0);
}

static void what_is_signed_is_all_but_the_signature(void **state)
{
    (void)state;
    for (int ec = 0; ec <= 1; ec++) {
        ko_signer *signer = signer_of(&(identity_options){.name = "Jane Doe",
                                                          .usage = "digitalSignature",
                                                          .ec = ec != 0,
                                                          .from_s = -60,
                                                          .until_s = YEAR_S});
        ko_statement statement = full_statement();
        statement.signer = ko_signer_name(signer);
        ko_statement_box box;
        ko_buf pdf = pdf_of(&statement, &box), bytes;
        const size_t before = pdf.size;
        ko_buf original = KO_BUF(KO_MAX_STATEMENT_BYTES);
        assert_int_equal(ko_buf_append(&original, pdf.data, before), KO_OK);
        assert_int_equal(ko_pdf_sign(&pdf, &box, signer, 1795319400, NULL), KO_OK);
        assert_memory_equal(pdf.data, original.data, before);
        assert_non_null(find(&pdf, "/M (D:20261122035000Z)"));
        CMS_ContentInfo *cms = take_signature(&pdf, &bytes);
        assert_true(verifies(cms, &bytes));
        assert_attributes(cms);
        bytes.data[before / 2] ^= 1;
        assert_false(verifies(cms, &bytes));
        CMS_ContentInfo_free(cms);
        ko_buf_free(&bytes);
        ko_buf_free(&pdf);
        ko_buf_free(&original);
        ko_signer_close(signer);
    }
}

static void only_a_pdf_of_ours_is_signed(void **state)
{
    (void)state;
    ko_signer *signer =
        signer_of(&(identity_options){.name = "Jane Doe", .ec = true, .until_s = YEAR_S});
    const char *const bad[] = {
        "", "%PDF-1.4", "\ntrailer\n<< /Size 9 /Root 1 0 R /Info 2 0 R >>\nstartxref\n999999\n",
        "xref\n0 3\n0000000000 65535 f \n0000000000 00000 n \n9999999999 00000 n \n\n"
        "trailer\n<< /Size 3 /Root 1 0 R /Info 2 0 R >>\nstartxref\n0\n",
        "xref\n0 999999999\n\ntrailer\n<< /Size 999999999 /Root 999999998 0 R /Info 2 0 R >>\n"
        "startxref\n0\n"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ko_buf pdf = KO_BUF(KO_MAX_STATEMENT_BYTES);
        assert_int_equal(ko_buf_text(&pdf, bad[i]), KO_OK);
        ko_error err = {0};
        assert_int_equal(ko_pdf_sign(&pdf, &(ko_statement_box){0}, signer, 0, &err), KO_E_FORMAT);
        assert_true(err.text[0]);
        ko_buf_free(&pdf);
    }
    ko_signer_close(signer);
}

/* A key that comes with so many certificates that the room in the PDF does not hold them; its own
 * is there twice, which is nothing to mind. */
static void a_signature_has_its_room(void **state)
{
    (void)state;
    identity others[80];
    STACK_OF(X509) *chain = sk_X509_new_null();
    for (size_t i = 0; i < 80; i++) {
        others[i] = make_identity(
            &(identity_options){.name = "A name that takes room", .ec = true, .until_s = YEAR_S});
        sk_X509_push(chain, others[i].certificate);
    }
    PKCS12 *store =
        PKCS12_create("sesame", "key", others[0].key, others[0].certificate, chain, 0, 0, 0, 0, 0);
    unsigned char *der = NULL;
    const int size = i2d_PKCS12(store, &der);
    ko_signer *signer = NULL;
    assert_int_equal(ko_signer_open(der, (size_t)size, "sesame", ko_clock_now(), &signer, NULL),
                     KO_OK);
    const ko_statement statement = full_statement();
    ko_statement_box box;
    ko_buf pdf = pdf_of(&statement, &box);
    ko_error err = {0};
    const ko_status st = ko_pdf_sign(&pdf, &box, signer, 0, &err);
    print_message("%s\n", err.text);
    assert_int_equal(st, KO_E_LIMIT);
    assert_non_null(strstr(err.text, "limit 16384"));
    assert_null(pdf.data);
    ko_signer_close(signer);
    OPENSSL_free(der);
    PKCS12_free(store);
    sk_X509_free(chain);
    for (size_t i = 0; i < 80; i++)
        free_identity(&others[i]);
}

static void bad_keys_are_refused_in_a_line(void **state)
{
    (void)state;
    const struct {
        identity_options options;
        const char *passphrase, *line;
    } table[] = {
        {{.name = "A", .until_s = YEAR_S, .ec = true}, "open", "wrong passphrase"},
        {{.name = "A", .until_s = YEAR_S, .ec = true}, "", "wrong passphrase"},
        {{.name = "Old\x1b[31m", .from_s = -9000, .until_s = -3600, .ec = true},
         "sesame",
         "certificate of Old\xef\xbf\xbd[31m expired 20"},
        {{.name = "Young", .from_s = 3600, .until_s = YEAR_S, .ec = true},
         "sesame",
         "certificate of Young is valid from 20"},
        {{.name = "CA", .usage = "keyCertSign", .until_s = YEAR_S, .ec = true},
         "sesame",
         "certificate of CA is not for signing"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        identity id = make_identity(&table[i].options);
        ko_buf store = pack_identity(&id, "sesame");
        ko_signer *signer = NULL;
        ko_error err = {0};
        assert_int_not_equal(ko_signer_open(store.data, store.size, table[i].passphrase,
                                            ko_clock_now(), &signer, &err),
                             KO_OK);
        assert_null(signer);
        assert_memory_equal(err.text, table[i].line, strlen(table[i].line));
        ko_buf_free(&store);
        free_identity(&id);
    }
    ko_signer *signer = NULL;
    ko_error err = {0};
    assert_int_equal(ko_signer_open("no key", 6, "", 0, &signer, &err), KO_E_FORMAT);
    assert_string_equal(err.text, "not a key in PKCS #12");
}

/* Every allocation of ours refused in turn, and all after it: nothing leaks, and no half of a PDF
 * is handed out. */
static void memory_may_end_at_any_moment(void **state)
{
    (void)state;
    ko_signer *signer =
        signer_of(&(identity_options){.name = "Jane Doe", .ec = true, .until_s = YEAR_S});
    const ko_statement statement = full_statement();
    for (int sticky = 0; sticky <= 1; sticky++)
        for (unsigned nth = 1;; nth++) {
            ko_buf pdf = KO_BUF(KO_MAX_STATEMENT_BYTES);
            ko_statement_box box;
            const long live = ko_alloc_live();
            ko_alloc_fault(nth, sticky);
            ko_status st = ko_statement_pdf(&statement, &pdf, &box, NULL);
            assert_true((st == KO_OK) == (ko_alloc_fault_hits() == 0));
            if (st == KO_OK)
                st = ko_pdf_sign(&pdf, &box, signer, 0, NULL);
            const unsigned fired = ko_alloc_fault_hits();
            ko_alloc_fault(0, 0);
            if (fired)
                assert_int_not_equal(st, KO_OK);
            else
                assert_int_equal(st, KO_OK);
            ko_buf_free(&pdf);
            assert_int_equal(ko_alloc_live(), live);
            if (!fired)
                break;
        }
    ko_signer_close(signer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_statement_gives_the_same_bytes),
        cmocka_unit_test(fonts_and_the_picture_are_inside),
        cmocka_unit_test(long_texts_take_another_page),
        cmocka_unit_test(what_must_be_stated_is_asked_for),
        cmocka_unit_test(what_is_signed_is_all_but_the_signature),
        cmocka_unit_test(only_a_pdf_of_ours_is_signed),
        cmocka_unit_test(a_signature_has_its_room),
        cmocka_unit_test(bad_keys_are_refused_in_a_line),
        cmocka_unit_test(memory_may_end_at_any_moment),
    };
    return cmocka_run_group_tests(tests, make_picture, free_picture);
}
