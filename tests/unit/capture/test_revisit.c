/* Answers that were seen again: archived without their body, found, and handed on with it. */
#include "capture/archive.h"
#include "capture/extract.h"
#include "capture/warc_record.h"

#include "base/alloc.h"
#include "base/file.h"
#include "base/limits.h"
#include "gather.h"

#include <stdlib.h>
#include <unistd.h>

static char folder[] = "/tmp/knockoff-revisit-XXXXXX";

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int drop_folder(void **state)
{
    (void)state;
    ko_paths files = {0};
    if (ko_paths_walk(&files, folder, NULL, NULL) == KO_OK)
        for (size_t i = 0; i < files.count; i++)
            (void)unlink(files.path[i]);
    ko_paths_free(&files);
    return rmdir(folder);
}

#define FIRST 1795313602
#define AGAIN 1795400002

static const ko_reply page = {
    .url = "https://a.example/short",
    .final_url = "https://a.example/item/7?q=a b",
    .status = 200,
    .content_type = "text/html",
    .headers = "HTTP/2 200\r\nETag: \"x\"\r\n",
    .body = "<p>the same as before</p>",
    .size = 25,
    .at = FIRST,
};

/* A page archived, seen again, and read back. */
typedef struct two {
    ko_archive *archive;
    ko_archived where[2];
    ko_warc_record record[2];
} two;

static void see_twice(two *t, const ko_reply *first, const ko_reply *again)
{
    *t = (two){0};
    assert_int_equal(ko_archive_open(folder, "Knockoff/1.0", &t->archive, NULL), KO_OK);
    assert_int_equal(ko_archive_page(t->archive, first, &t->where[0], NULL), KO_OK);
    assert_int_equal(ko_archive_revisit(t->archive, again, first->at, &t->where[1], NULL), KO_OK);
    for (int i = 0; i < 2; i++)
        assert_int_equal(
            ko_warc_record_read(t->where[i].path, t->where[i].record, &t->record[i], NULL), KO_OK);
}

static void end(two *t)
{
    for (int i = 0; i < 2; i++)
        ko_warc_record_free(&t->record[i]);
    ko_archive_close(t->archive);
}

static void assert_says(const ko_warc_record *record, const char *line)
{
    if (!strstr(record->bytes.data, line))
        fail_msg("no line %s in %s", line, record->bytes.data);
}

static void a_revisit_says_where_its_body_is(void **state)
{
    (void)state;
    ko_reply again = page;
    again.at = AGAIN;
    again.headers = "HTTP/2 200\r\nETag: \"y\"\r\nContent-Encoding: br\r\n";
    two t;
    see_twice(&t, &page, &again);
    const ko_warc_record *r = &t.record[1];
    assert_false(t.record[0].is_revisit);
    assert_true(r->is_revisit);
    assert_int_equal(r->size, 0);
    assert_int_equal(r->at, AGAIN);
    assert_string_equal(r->url, t.record[0].url);
    assert_memory_equal(r->sha256, t.record[0].sha256, 32);
    assert_memory_equal(t.where[1].sha256, t.where[0].sha256, 32);
    assert_says(r, "\r\nWARC-Type: revisit\r\n");
    assert_says(r, "\r\nWARC-Profile: "
                   "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest\r\n"
                   "WARC-Refers-To-Target-URI: https://a.example/item/7?q=a%20b\r\n"
                   "WARC-Refers-To-Date: 2026-11-22T02:13:22Z\r\n"
                   "WARC-Truncated: length\r\n");
    /* Its headers speak of the body as if that followed, so that it can be replayed. */
    assert_says(r, "\r\n\r\nHTTP/1.1 200\r\nETag: \"y\"\r\nX-Archive-Orig-Content-Encoding: br\r\n"
                   "Content-Type: text/html\r\nContent-Length: 25\r\n\r\n\r\n\r\n");
    end(&t);
}

static void a_revisit_of_what_had_no_headers_has_no_block(void **state)
{
    (void)state;
    ko_reply first = page;
    first.headers = "";
    ko_reply again = first;
    again.at = AGAIN;
    two t;
    see_twice(&t, &first, &again);
    assert_true(t.record[1].is_revisit);
    assert_says(&t.record[1], "\r\nContent-Length: 0\r\n\r\n\r\n\r\n");
    assert_null(strstr(t.record[1].bytes.data, "WARC-Truncated"));
    end(&t);
}

static void readers_take_the_body_once(void **state)
{
    (void)state;
    ko_reply again = page;
    again.at = AGAIN;
    two t;
    see_twice(&t, &page, &again);
    ko_buf file = KO_BUF(KO_MAX_CAPTURE_BYTES);
    assert_int_equal(ko_file_read(t.where[0].path, &file, NULL), KO_OK);
    gathered all;
    assert_int_equal(gather(&all, file.data, file.size), KO_OK);
    assert_int_equal(all.n_problems, 0);
    assert_int_equal(all.n_replies, 1);
    assert_body(&all, 0, page.body);
    assert_int_equal(all.counts.without_body, 1);
    ungather(&all);
    ko_buf_free(&file);
    end(&t);
}

static size_t count_of(const ko_buf *text, const char *what)
{
    size_t n = 0;
    for (const char *at = text->data; (at = strstr(at, what)); at++)
        n++;
    return n;
}

/* The body may have been handed on for another answer before. */
static void what_is_handed_on_has_the_body_once(void **state)
{
    (void)state;
    ko_reply again = page;
    again.at = AGAIN;
    two t;
    see_twice(&t, &page, &again);
    char path[64];
    (void)snprintf(path, sizeof path, "%s/case.warc.gz", folder);
    ko_extract *extract = NULL;
    assert_int_equal(ko_extract_open(path, "Knockoff/1.0", &extract, NULL), KO_OK);
    static const int order[] = {0, 1, 0, 0, 1};
    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        assert_int_equal(ko_extract_record(extract, t.where[0].path, &t.record[order[i]],
                                           t.where[0].sha256, NULL),
                         KO_OK);
    assert_int_equal(ko_extract_close(extract, NULL), KO_OK);
    gzFile packed = gzopen(path, "rb");
    ko_buf text = KO_BUF(1 << 20);
    char *to = ko_buf_extend(&text, 1 << 16);
    assert_non_null(to);
    const int n = gzread(packed, to, 1 << 16);
    assert_true(n > 0 && n < 1 << 16);
    text.size = (size_t)n;
    to[n] = '\0';
    (void)gzclose(packed);
    assert_int_equal(count_of(&text, "WARC-Type: warcinfo"), 2); /* whose file, and ours */
    assert_int_equal(count_of(&text, "WARC-Type: response"), 1);
    assert_int_equal(count_of(&text, "WARC-Type: revisit"), 1);
    assert_int_equal(count_of(&text, page.body), 1);
    ko_buf_free(&text);
    end(&t);
}

static void a_revisit_of_another_body_is_not_handed_on(void **state)
{
    (void)state;
    ko_reply again = page;
    again.at = AGAIN;
    again.body = "<p>something different</p>";
    two t;
    see_twice(&t, &page, &again);
    ko_extract *extract = NULL;
    ko_error err = {0};
    assert_int_equal(ko_extract_open("/nowhere", "Knockoff/1.0", &extract, NULL), KO_OK);
    assert_int_equal(
        ko_extract_record(extract, t.where[0].path, &t.record[1], t.where[0].sha256, &err),
        KO_E_FORMAT);
    assert_non_null(strstr(err.text, "its body is not what was archived"));
    assert_int_equal(ko_extract_close(extract, NULL), KO_OK);
    end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_revisit_says_where_its_body_is),
        cmocka_unit_test(a_revisit_of_what_had_no_headers_has_no_block),
        cmocka_unit_test(readers_take_the_body_once),
        cmocka_unit_test(what_is_handed_on_has_the_body_once),
        cmocka_unit_test(a_revisit_of_another_body_is_not_handed_on),
    };
    return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
