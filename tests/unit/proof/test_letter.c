/* A letter as a PDF: every line of it can be read there, whoever wrote it. */
#include "keys.h"
#include "pdf.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/limits.h"
#include "proof/letter_pdf.h"
#include "proof/pdf_sign.h"

#define SOFTWARE "Knockoff 1.0"

static ko_letter_page letter_of(const char *text)
{
    return (ko_letter_page){.text = text, .date = "2026-11-22", .software = SOFTWARE};
}

static ko_buf pdf_of(const ko_letter_page *letter, ko_statement_box *out_box)
{
    ko_buf pdf = KO_BUF(KO_MAX_STATEMENT_BYTES);
    ko_error err = {0};
    if (ko_letter_pdf(letter, &pdf, out_box, &err) != KO_OK)
        fail_msg("not written: %s", err.text);
    return pdf;
}

static void every_line_is_there(void **state)
{
    (void)state;
    ko_buf text = KO_BUF((size_t)1 << 20);
    assert_int_equal(
        ko_buf_text(&text, "Notice of copyright infringement\r\n\r\nВолк 狼 늑대 オオカミ\n"),
        KO_OK);
    for (int i = 0; i < 300; i++)
        assert_int_equal(
            ko_buf_printf(&text, "%d. https://market.example/item/%d.html\n", i, 7000 + i), KO_OK);
    assert_int_equal(ko_buf_text(&text, "the last line, which is not ended"), KO_OK);
    const ko_letter_page letter = letter_of(text.data);
    ko_statement_box box;
    ko_buf pdf = pdf_of(&letter, &box);
    assert_sound(&pdf);
    assert_int_equal(pdf_pages(&pdf), 6);
    ko_buf read = pdf_says(&pdf, "pdftotext -raw %s -");
    const char *at = read.data;
    for (char *line = strtok(text.data, "\r\n"); line; line = strtok(NULL, "\r\n")) {
        at = strstr(at, line); /* in this order */
        if (!at)
            fail_msg("not there: %s", line);
        at += strlen(line);
    }
    assert_non_null(strstr(read.data, "\npage 6, Notice of copyright infringement\n"));
    ko_buf_free(&read);
    ko_buf_free(&pdf);
    ko_buf_free(&text);
}

/* The words of a text, one after the other. */
static ko_buf words_of(const ko_buf *pdf)
{
    return pdf_says(pdf, "pdftotext -raw %s - | grep -v '^page [0-9]*, ' | tr -d '\\n\\f '");
}

static void long_lines_go_on_over_lines_and_pages(void **state)
{
    (void)state;
    ko_buf text = KO_BUF((size_t)1 << 20), expected = KO_BUF((size_t)1 << 20);
    for (int i = 0; i < 5000; i++) {
        assert_int_equal(ko_buf_printf(&text, "%sword%d", i % 7 ? " " : "", i), KO_OK);
        assert_int_equal(ko_buf_printf(&expected, "word%d", i), KO_OK);
    }
    for (int i = 0; i < 300; i++) { /* nothing is put where a long address is broken */
        assert_int_equal(ko_buf_text(&text, "wwa"), KO_OK);
        assert_int_equal(ko_buf_text(&expected, "wwa"), KO_OK);
    }
    const ko_letter_page letter = letter_of(text.data);
    ko_statement_box box;
    ko_buf pdf = pdf_of(&letter, &box);
    assert_true(pdf_pages(&pdf) > 9);
    ko_buf read = words_of(&pdf);
    assert_string_equal(read.data, expected.data);
    ko_buf_free(&read);
    ko_buf_free(&pdf);
    ko_buf_free(&text);
    ko_buf_free(&expected);
}

static void hostile_words_are_harmless(void **state)
{
    (void)state;
    const ko_letter_page letter =
        letter_of("Heading \xE2\x80\xAE\x1b \xff\nseller: "
                  "\xE2\x80\xAEreversed\xE2\x80\xAC\x1b[31m\x07 <b>&amp;</b> %s%n"
                  "\n\xff\xfe broken\n\xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D\n) Tj /Author (x");
    ko_statement_box box;
    ko_buf pdf = pdf_of(&letter, &box);
    assert_sound(&pdf);
    ko_buf read = pdf_says(&pdf, "pdftotext -raw %s -");
    assert_non_null(strstr(read.data, "seller: \xEF\xBF\xBDreversed\xEF\xBF\xBD\xEF\xBF\xBD[31m"));
    assert_non_null(strstr(read.data, "<b>&amp;</b> %s%n"));
    assert_non_null(strstr(read.data, ") Tj /Author (x"));
    assert_null(strstr(read.data, "\xE2\x80\xAE"));
    ko_buf info = pdf_says(&pdf, "pdfinfo -enc UTF-8 %s");
    assert_null(strstr(info.data, "\xE2\x80\xAE"));
    ko_buf_free(&info);
    ko_buf_free(&read);
    ko_buf_free(&pdf);
}

static void the_same_letter_gives_the_same_bytes(void **state)
{
    (void)state;
    ko_letter_page letter = letter_of("Heading\n\nDear reader,\n");
    ko_statement_box box;
    ko_buf one = pdf_of(&letter, &box), two = pdf_of(&letter, &box);
    assert_int_equal(one.size, two.size);
    assert_memory_equal(one.data, two.data, one.size);
    assert_true(pdf_says_so(&one, "pdfinfo -isodates %s", "2026-11-22T00:00:00Z"));
    ko_buf_free(&one);
    ko_buf_free(&two);
}

static void it_can_be_signed(void **state)
{
    (void)state;
    ko_signer *signer = signer_of(&(identity_options){.name = "Jane Doe",
                                                      .usage = "digitalSignature",
                                                      .ec = true,
                                                      .from_s = -60,
                                                      .until_s = 9000});
    char text[4000] = "Heading\n";
    for (int lines = 40; lines <= 60; lines++) { /* over the end of a page */
        memset(text + 8, '\n', sizeof text - 8);
        for (int i = 0; i < lines; i++)
            memcpy(text + 8 + 10 * (size_t)i, "some words", 9);
        text[8 + 10 * (size_t)lines] = '\0';
        ko_letter_page letter = letter_of(text);
        letter.signer = ko_signer_name(signer);
        ko_statement_box box;
        ko_buf pdf = pdf_of(&letter, &box);
        assert_true(box.x > 0 && box.y > 54 && box.x + box.width < 595 && box.y + box.height < 842);
        assert_int_equal(ko_pdf_sign(&pdf, &box, signer, ko_clock_now(), NULL), KO_OK);
        if (lines % 10 == 0) {
            assert_sound(&pdf);
            assert_true(pdf_says_so(&pdf, "pdfsig -nocert %s", "Signature is Valid."));
            assert_true(pdf_says_so(&pdf, "pdfsig -nocert %s", "Total document signed"));
            assert_true(pdf_says_so(&pdf, "pdftotext %s -", "Digitally signed by Jane Doe"));
        }
        ko_buf_free(&pdf);
    }
    ko_signer_close(signer);
}

static void what_cannot_be_written_is_refused(void **state)
{
    (void)state;
    ko_letter_page letter = letter_of("Heading\nowl \xf4\x80\x80\x81\n");
    ko_buf pdf = KO_BUF(KO_MAX_STATEMENT_BYTES);
    ko_statement_box box;
    ko_error err = {0};
    assert_int_equal(ko_letter_pdf(&letter, &pdf, &box, &err), KO_E_UNSUPPORTED);
    assert_string_equal(err.text, "letter: no font here has 1 of its characters");
    assert_null(pdf.data);
    letter = letter_of("Heading\n");
    letter.date = "22.11.2026";
    err = (ko_error){0};
    assert_int_equal(ko_letter_pdf(&letter, &pdf, &box, &err), KO_E_USAGE);
    assert_string_equal(err.text, "a date is YYYY-MM-DD, not '22.11.2026'");
    letter.date = "2024-02-29";
    pdf.max = 1000;
    err = (ko_error){0};
    assert_int_equal(ko_letter_pdf(&letter, &pdf, &box, &err), KO_E_NOMEM);
    assert_string_equal(err.text, "PDF of 1 pages, limit 1000 bytes");
    assert_null(pdf.data);
}

static void memory_may_end_at_any_moment(void **state)
{
    (void)state;
    ko_letter_page letter = letter_of("Heading\n\nDear reader,\n");
    letter.signer = "Jane Doe";
    for (int sticky = 0; sticky <= 1; sticky++)
        for (unsigned nth = 1;; nth++) {
            ko_buf pdf = KO_BUF(KO_MAX_STATEMENT_BYTES);
            ko_statement_box box;
            const long live = ko_alloc_live();
            ko_alloc_fault(nth, sticky);
            const ko_status st = ko_letter_pdf(&letter, &pdf, &box, NULL);
            const unsigned hits = ko_alloc_fault_hits();
            ko_alloc_fault(0, 0);
            if (hits)
                assert_int_equal(st, KO_E_NOMEM);
            assert_true(st == KO_OK || !pdf.data);
            ko_buf_free(&pdf);
            assert_int_equal(ko_alloc_live(), live);
            if (!hits)
                break;
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_line_is_there),
        cmocka_unit_test(long_lines_go_on_over_lines_and_pages),
        cmocka_unit_test(hostile_words_are_harmless),
        cmocka_unit_test(the_same_letter_gives_the_same_bytes),
        cmocka_unit_test(it_can_be_signed),
        cmocka_unit_test(what_cannot_be_written_is_refused),
        cmocka_unit_test(memory_may_end_at_any_moment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
