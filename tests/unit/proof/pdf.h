/* What tools that are not ours say of a PDF. */
#ifndef KO_TESTS_PROOF_PDF_H
#define KO_TESTS_PROOF_PDF_H

#include "base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What a command prints about a PDF, which it reads from the path that stands for the "%s" in it.
 * ko_buf_free it. */
static inline ko_buf pdf_says(const ko_buf *pdf, const char *command)
{
    char path[] = "/tmp/knockoff-pdf-XXXXXX", line[256], chunk[4096];
    const int file = mkstemp(path);
    assert_true(file >= 0);
    assert_int_equal(close(file), 0);
    assert_int_equal(ko_file_write(path, pdf->data, pdf->size, NULL), KO_OK);
    const char *place = strstr(command, "%s");
    assert_non_null(place);
    (void)snprintf(line, sizeof line, "%.*s%s%s 2>&1", (int)(place - command), command, path,
                   place + 2);
    FILE *pipe = popen(line, "r");
    assert_non_null(pipe);
    ko_buf out = KO_BUF((size_t)16 << 20);
    for (size_t n; (n = fread(chunk, 1, sizeof chunk, pipe)) > 0;)
        assert_int_equal(ko_buf_append(&out, chunk, n), KO_OK);
    assert_int_equal(ko_buf_append(&out, "", 0), KO_OK);
    (void)pclose(pipe);
    (void)unlink(path);
    return out;
}

static inline bool pdf_says_so(const ko_buf *pdf, const char *command, const char *words)
{
    ko_buf out = pdf_says(pdf, command);
    const bool said = strstr(out.data, words) != NULL;
    if (!said)
        print_message("%s said:\n%s\n", command, out.data);
    ko_buf_free(&out);
    return said;
}

static inline unsigned pdf_pages(const ko_buf *pdf)
{
    ko_buf out = pdf_says(pdf, "pdfinfo %s");
    const char *pages = strstr(out.data, "\nPages:");
    assert_non_null(pages);
    const unsigned n = (unsigned)strtoul(pages + strlen("\nPages:"), NULL, 10);
    ko_buf_free(&out);
    return n;
}

/* It is whole, and tells of itself no more than its title, what made it and the date. */
static inline void assert_sound(const ko_buf *pdf)
{
    assert_true(pdf_says_so(pdf, "qpdf --check %s", "No syntax or stream encoding errors found"));
    ko_buf info =
        pdf_says(pdf, "pdfinfo -isodates %s | sed '/^Custom/,$d' | cut -d: -f1 | tr '\\n' ' '");
    assert_string_equal(info.data, "Title Creator Producer CreationDate ");
    ko_buf_free(&info);
}

#endif
