/* WARC and ARC: whole ones, and what a damaged record costs. */
#include "gather.h"

#include "base/alloc.h"
#include "base/limits.h"

/* Writes a record of WARC 1.0. */
static void add_record(ko_buf *out, const char *type, const char *url, const char *content_type,
                       const char *block, size_t size)
{
    assert_int_equal(ko_buf_printf(out,
                                   "WARC/1.0\r\nWARC-Type: %s\r\nWARC-Target-URI: %s\r\n"
                                   "WARC-Date: 2026-11-22T02:13:22Z\r\nContent-Type: %s\r\n"
                                   "Content-Length: %zu\r\n\r\n",
                                   type, url, content_type, size),
                     KO_OK);
    assert_int_equal(ko_buf_append(out, block, size), KO_OK);
    assert_int_equal(ko_buf_text(out, "\r\n\r\n"), KO_OK);
}

static void add_response(ko_buf *out, const char *url, const char *block)
{
    add_record(out, "response", url, "application/http; msgtype=response", block, strlen(block));
}

#define PAGE(body) "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" body

static void answers_come_out_as_they_were(void **state)
{
    (void)state;
    ko_buf file = KO_BUF(1 << 20);
    add_record(&file, "warcinfo", "", "application/warc-fields", "software: x", 11);
    add_record(&file, "request", "http://a.example/", "application/http", "GET / HTTP/1.1\r\n\r\n",
               18);
    add_response(&file, "<http://a.example/>", PAGE("<p>owl</p>"));
    add_record(&file, "resource", "http://a.example/b.png", "image/png", "\x89PNG", 4);
    add_record(&file, "revisit", "http://a.example/", "application/http", PAGE(""), 44);
    gathered all;
    assert_int_equal(ko_capture_sniff(file.data, file.size), KO_CAPTURE_WARC);
    assert_int_equal(gather(&all, file.data, file.size), KO_OK);
    assert_int_equal(all.counts.replies, 2);
    assert_int_equal(all.counts.without_body, 1);
    assert_int_equal(all.n_problems, 0);
    assert_string_equal(all.reply[0].url, "http://a.example/");
    assert_int_equal(all.reply[0].status, 200);
    assert_string_equal(all.reply[0].type, "text/html");
    assert_string_equal(all.reply[0].head, "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n");
    assert_int_equal(all.reply[0].at, 1795313602);
    assert_body(&all, 0, "<p>owl</p>");
    assert_string_equal(all.reply[1].type, "image/png");
    assert_string_equal(all.reply[1].head, "");
    assert_body(&all, 1, "\x89PNG");
    ungather(&all);
    ko_buf_free(&file);
}

static void codings_are_undone(void **state)
{
    (void)state;
    ko_buf packed = KO_BUF(1 << 16);
    add_gzip(&packed, "<p>owl</p>", 10);
    ko_buf block = KO_BUF(1 << 16);
    assert_int_equal(ko_buf_printf(&block,
                                   "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n"
                                   "Transfer-Encoding: chunked\r\n\r\n%zx;x=y\r\n",
                                   packed.size),
                     KO_OK);
    assert_int_equal(ko_buf_append(&block, packed.data, packed.size), KO_OK);
    assert_int_equal(ko_buf_text(&block, "\r\n0\r\nTrailer: x\r\n\r\n"), KO_OK);
    ko_buf file = KO_BUF(1 << 20);
    add_record(&file, "response", "http://a.example/1", "application/http", block.data, block.size);
    /* Crawlers that undo codings keep the headers that named them. */
    add_response(&file, "http://a.example/2",
                 "HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nTransfer-Encoding: chunked\r\n\r\n"
                 "<p>plain</p>");
    add_response(&file, "http://a.example/3",
                 "HTTP/1.1 200 OK\r\nContent-Encoding: br\r\n\r\n\x0b\x02\x80hello\x03");
    add_response(&file, "http://a.example/4", "HTTP/1.1 200 OK\r\nContent-Encoding: zstd\r\n\r\nx");
    gathered all;
    assert_int_equal(gather(&all, file.data, file.size), KO_OK);
    assert_body(&all, 0, "<p>owl</p>");
    assert_body(&all, 1, "<p>plain</p>");
    assert_body(&all, 2, "hello");
    assert_int_equal(all.n_replies, 3);
    assert_string_equal(all.problem[0], "4: http://a.example/4: its coding \"zstd\" is not read");
    ungather(&all);
    ko_buf_free(&file);
    ko_buf_free(&block);
    ko_buf_free(&packed);
}

/* Three answers, each with a record before it that is not looked at. */
static void make_three(ko_buf records[3])
{
    static const char *const bodies[3] = {PAGE("one"), PAGE("two"), PAGE("three")};
    for (int i = 0; i < 3; i++) {
        records[i] = KO_BUF(1 << 16);
        add_record(&records[i], "request", "http://a.example/", "application/http", "GET /", 5);
        add_response(&records[i], "http://a.example/", bodies[i]);
    }
}

static void gzip_by_record_or_as_a_whole_is_the_same(void **state)
{
    (void)state;
    ko_buf records[3];
    ko_buf plain = KO_BUF(1 << 20);
    ko_buf whole = KO_BUF(1 << 20);
    ko_buf each = KO_BUF(1 << 20);
    make_three(records);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(ko_buf_append(&plain, records[i].data, records[i].size), KO_OK);
        add_gzip(&each, records[i].data, records[i].size);
        ko_buf_free(&records[i]);
    }
    add_gzip(&whole, plain.data, plain.size);
    assert_int_equal(ko_buf_append(&each, "\0\0\0", 3), KO_OK); /* padding */
    const ko_buf *files[] = {&plain, &whole, &each};
    for (int i = 0; i < 3; i++) {
        gathered all;
        assert_int_equal(ko_capture_sniff(files[i]->data, files[i]->size), KO_CAPTURE_WARC);
        assert_int_equal(gather(&all, files[i]->data, files[i]->size), KO_OK);
        assert_int_equal(all.n_replies, 3);
        assert_int_equal(all.n_problems, 0);
        assert_body(&all, 2, "three");
        ungather(&all);
    }
    ko_buf_free(&plain);
    ko_buf_free(&whole);
    ko_buf_free(&each);
}

static void a_damaged_member_costs_itself_alone(void **state)
{
    (void)state;
    ko_buf records[3];
    ko_buf file = KO_BUF(1 << 20);
    make_three(records);
    size_t second = 0;
    for (int i = 0; i < 3; i++) {
        if (i == 1)
            second = file.size;
        add_gzip(&file, records[i].data, records[i].size);
        ko_buf_free(&records[i]);
    }
    file.data[second + 40] ^= 0x55;
    gathered all;
    assert_int_equal(gather(&all, file.data, file.size), KO_OK);
    assert_int_equal(all.n_replies, 2);
    assert_body(&all, 0, "one");
    assert_body(&all, 1, "three");
    assert_int_equal(all.n_problems, 1);
    assert_string_equal(all.problem[0], "3: its gzip data is damaged or ends early");
    ungather(&all);

    /* A killed process leaves a torn member at the end. */
    assert_int_equal(gather(&all, file.data, second + 30), KO_OK);
    assert_int_equal(all.n_replies, 1);
    assert_int_equal(all.n_problems, 1);
    ungather(&all);
    ko_buf_free(&file);
}

static void a_wrong_length_costs_no_other_record(void **state)
{
    (void)state;
    static const char wrong[] =
        "WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: http://x/\r\n"
        "Content-Type: application/http\r\nContent-Length: %d\r\n\r\n" PAGE("four") "\r\n\r\n";
    const int lengths[] = {10000, 300, 47};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        ko_buf file = KO_BUF(1 << 20);
        assert_int_equal(ko_buf_printf(&file, wrong, lengths[i]), KO_OK);
        add_response(&file, "http://a.example/", PAGE("five"));
        gathered all;
        assert_int_equal(gather(&all, file.data, file.size), KO_OK);
        assert_int_equal(all.n_problems, 1);
        assert_non_null(strstr(all.problem[0], "what is there is taken"));
        assert_int_equal(all.n_replies, 2);
        assert_body(&all, 0, lengths[i] > 47 ? "four" : "fou");
        assert_body(&all, 1, "five");
        ungather(&all);
        ko_buf_free(&file);
    }
}

static void records_that_mean_nothing_are_named(void **state)
{
    (void)state;
    ko_buf file = KO_BUF(1 << 20);
    assert_int_equal(ko_buf_text(&file, "WARC/1.0\r\nContent-Length: many\r\n\r\n"), KO_OK);
    add_response(&file, "http://a.example/", "GARBAGE");
    gathered all;
    assert_int_equal(gather(&all, file.data, file.size), KO_E_FORMAT);
    assert_string_equal(all.err.text, "none of its 2 records could be read");
    assert_string_equal(all.problem[0], "1: its Content-Length is no number");
    assert_string_equal(all.problem[1], "2: http://a.example/: no answer of HTTP");
    ungather(&all);
    assert_int_equal(gather(&all, "owl", 3), KO_E_UNSUPPORTED);
    ungather(&all);
    ko_buf_free(&file);
}

static void a_bomb_costs_itself_alone(void **state)
{
    (void)state;
    ko_buf zeros = KO_BUF(KO_MAX_CAPTURE_BODY + 1);
    void *room = ko_buf_extend(&zeros, KO_MAX_CAPTURE_BODY + 1);
    assert_non_null(room);
    memset(room, 0, KO_MAX_CAPTURE_BODY + 1);
    ko_buf bomb = KO_BUF(SIZE_MAX / 4);
    assert_int_equal(ko_buf_text(&bomb, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"),
                     KO_OK);
    add_gzip(&bomb, zeros.data, zeros.size);
    ko_buf file = KO_BUF(1 << 20);
    add_record(&file, "response", "http://a.example/", "application/http", bomb.data, bomb.size);
    add_response(&file, "http://a.example/", PAGE("owl"));
    gathered all;
    assert_int_equal(gather(&all, file.data, file.size), KO_OK);
    assert_string_equal(all.problem[0],
                        "1: http://a.example/: more than 67108864 bytes when decoded");
    assert_int_equal(all.n_replies, 1);
    assert_body(&all, 0, "owl");
    ungather(&all);
    ko_buf_free(&zeros);
    ko_buf_free(&bomb);
    ko_buf_free(&file);
}

static void arc_is_read(void **state)
{
    (void)state;
    static const char arc[] =
        "filedesc://x.arc 127.0.0.1 20140216050221 text/plain 75\n1 0 Crawler\n"
        "URL IP-address Archive-date Content-type Archive-length\n\n"
        "http://a.example/?q=a b 1.2.3.4 20140216050221 text/html 47\n" PAGE(
            "owl") "\n"
                   "http://a.example/ 1.2.3.4 20140216050222 text/html many\n"
                   "http://a.example/ 1.2.3.4 20140216050223 text/html 49\n" PAGE("eagle") "\n";
    ko_buf packed = KO_BUF(1 << 16);
    add_gzip(&packed, arc, sizeof arc - 1);
    for (int i = 0; i < 2; i++) {
        gathered all;
        assert_int_equal(
            i ? gather(&all, packed.data, packed.size) : gather(&all, arc, sizeof arc - 1), KO_OK);
        assert_int_equal(all.n_replies, 2);
        assert_string_equal(all.reply[0].url, "http://a.example/?q=a b");
        assert_int_equal(all.reply[0].at, 1392526941);
        assert_body(&all, 0, "owl");
        assert_body(&all, 1, "eagle");
        assert_string_equal(all.problem[0], "2: its length \"many\" is no number");
        ungather(&all);
    }
    ko_buf_free(&packed);
}

static void without_memory_nothing_leaks(void **state)
{
    (void)state;
    ko_buf records[3];
    ko_buf file = KO_BUF(1 << 20);
    make_three(records);
    for (int i = 0; i < 3; i++) {
        add_gzip(&file, records[i].data, records[i].size);
        ko_buf_free(&records[i]);
    }
    const long live = ko_alloc_live();
    for (unsigned nth = 1, fired = 1; fired; nth++) {
        gathered all;
        ko_alloc_fault(nth, 1);
        const ko_status st = gather(&all, file.data, file.size);
        fired = ko_alloc_fault_hits();
        ko_alloc_fault(0, 0);
        assert_true(fired ? st != KO_OK || all.n_problems : st == KO_OK && all.n_replies == 3);
        ungather(&all);
        assert_int_equal(ko_alloc_live(), live);
    }
    ko_buf_free(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_come_out_as_they_were),
        cmocka_unit_test(codings_are_undone),
        cmocka_unit_test(gzip_by_record_or_as_a_whole_is_the_same),
        cmocka_unit_test(a_damaged_member_costs_itself_alone),
        cmocka_unit_test(a_wrong_length_costs_no_other_record),
        cmocka_unit_test(records_that_mean_nothing_are_named),
        cmocka_unit_test(a_bomb_costs_itself_alone),
        cmocka_unit_test(arc_is_read),
        cmocka_unit_test(without_memory_nothing_leaks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
