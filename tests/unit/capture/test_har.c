/* HAR and MHTML, which are texts. */
#include "gather.h"

#define ENTRY(url, status, content)                                                                \
    "{\"startedDateTime\":\"2026-11-22T03:13:22.500+01:00\",\"request\":{\"url\":\"" url "\"},"    \
    "\"response\":{\"status\":" status ",\"statusText\":\"OK\",\"httpVersion\":\"h2\","            \
    "\"headers\":[{\"name\":\":status\",\"value\":\"200\"},"                                       \
    "{\"name\":\"set-cookie\",\"value\":\"a\\nb\"}],\"content\":{" content "}}}"
#define HAR(entries) "{\"log\":{\"version\":\"1.2\",\"pages\":[],\"entries\":[" entries "]}}"

static void entries_of_a_har(void **state)
{
    (void)state;
    static const char har[] = "\xef\xbb\xbf" HAR(
        ENTRY("https://a.example/", "200", "\"mimeType\":\"text/html\",\"text\":\"<p>\\u00fc</p>\"") "," ENTRY(
            "https://a.example/b.png", "200",
            "\"mimeType\":\"image/"
            "png\",\"encoding\":\"base64\",\"text\":\"iVBO\\nRw==\"") "," ENTRY("https:"
                                                                                "//"
                                                                                "a."
                                                                                "exampl"
                                                                                "e/c",
                                                                                "0",
                                                                                "\"mime"
                                                                                "Type\""
                                                                                ":\"tex"
                                                                                "t/"
                                                                                "html"
                                                                                "\"") "," ENTRY("ht"
                                                                                                "tp"
                                                                                                "s:"
                                                                                                "//"
                                                                                                "a."
                                                                                                "ex"
                                                                                                "am"
                                                                                                "pl"
                                                                                                "e/"
                                                                                                "d",
                                                                                                "20"
                                                                                                "0",
                                                                                                "\""
                                                                                                "en"
                                                                                                "co"
                                                                                                "di"
                                                                                                "ng"
                                                                                                "\""
                                                                                                ":"
                                                                                                "\""
                                                                                                "ba"
                                                                                                "se"
                                                                                                "64"
                                                                                                "\""
                                                                                                ","
                                                                                                "\""
                                                                                                "te"
                                                                                                "xt"
                                                                                                "\""
                                                                                                ":"
                                                                                                "\""
                                                                                                "!"
                                                                                                "\""));
    gathered all;
    assert_int_equal(ko_capture_sniff(har, sizeof har - 1), KO_CAPTURE_HAR);
    assert_int_equal(gather(&all, har, sizeof har - 1), KO_OK);
    assert_int_equal(all.counts.replies, 2);
    assert_int_equal(all.counts.without_body, 1);
    assert_int_equal(all.counts.left_out, 1);
    assert_string_equal(all.reply[0].url, "https://a.example/");
    assert_string_equal(all.reply[0].type, "text/html");
    assert_string_equal(all.reply[0].head, "HTTP/1.1 200 OK\r\nset-cookie: a b\r\n");
    assert_int_equal(all.reply[0].at, 1795313602);
    assert_body(&all, 0, "<p>\xc3\xbc</p>");
    assert_body(&all, 1, "\x89PNG");
    assert_string_equal(all.problem[0], "4: https://a.example/d: its base64 is damaged");
    ungather(&all);
}

static void what_is_not_quite_json(void **state)
{
    (void)state;
    /* As a page takes it that shows a HAR of another site; half a character; Latin-1. */
    static const char *const hars[] = {
        "onInputData(" HAR(ENTRY("https://a.example/", "200", "\"text\":\"owl\"")) ")",
        HAR(ENTRY("https://a.example/", "200", "\"text\":\"\\ud83d \\ud83d\\ude00\"")),
        HAR(ENTRY("https://a.example/", "200", "\"text\":\"M\xfcller\"")),
    };
    static const char *const bodies[] = {"owl", "\xef\xbf\xbd \xf0\x9f\x98\x80",
                                         "M\xef\xbf\xbdller"};
    for (size_t i = 0; i < 3; i++) {
        gathered all;
        assert_int_equal(gather(&all, hars[i], strlen(hars[i])), KO_OK);
        assert_int_equal(all.n_replies, 1);
        assert_body(&all, 0, bodies[i]);
        ungather(&all);
    }
    static const char cut[] = "{\"log\":{\"entries\":[\n{\"request\":{\"url\":\"htt";
    gathered all;
    assert_int_equal(gather(&all, cut, sizeof cut - 1), KO_E_FORMAT);
    assert_non_null(strstr(all.err.text, "broken JSON at line 2: "));
    ungather(&all);
    assert_int_equal(gather(&all, "{\"log\":{}}", 10), KO_E_FORMAT);
    assert_string_equal(all.err.text, "a HAR without log.entries");
    ungather(&all);
}

static void a_har_in_gzip(void **state)
{
    (void)state;
    static const char har[] = HAR(ENTRY("https://a.example/", "200", "\"text\":\"owl\""));
    ko_buf packed = KO_BUF(1 << 16);
    add_gzip(&packed, har, sizeof har - 1);
    gathered all;
    assert_int_equal(ko_capture_sniff(packed.data, packed.size), KO_CAPTURE_HAR);
    assert_int_equal(gather(&all, packed.data, packed.size), KO_OK);
    assert_body(&all, 0, "owl");
    ungather(&all);
    ko_buf_free(&packed);
}

static const char page[] = "From: <Saved by Blink>\r\n"
                           "Snapshot-Content-Location: https://a.example/item/7\r\n"
                           "Subject: Owl\r\n"
                           "Date: Sun, 22 Nov 2026 03:13:22 +0100\r\n"
                           "MIME-Version: 1.0\r\n"
                           "Content-Type: multipart/related;\r\n"
                           "\ttype=\"text/html\";\r\n"
                           "\tboundary=\"----Multipart--b;=7----\"\r\n"
                           "\r\n\r\n"
                           "------Multipart--b;=7----\r\n"
                           "Content-Type: text/html\r\n"
                           "Content-Transfer-Encoding: quoted-printable\r\n"
                           "\r\n"
                           "<img src=3D\"https://a.exam=\r\nple/b.png\">=20\r\n"
                           "------Multipart--b;=7----\r\n"
                           "Content-Type: image/png\r\n"
                           "Content-Transfer-Encoding: base64\r\n"
                           "Content-Location: https://a.example/b.png\r\n"
                           "\r\n"
                           "iVBO\r\nRw==\r\n"
                           "------Multipart--b;=7----\r\n"
                           "Content-Type: text/css\r\n"
                           "Content-Location: cid:css-1@mhtml.blink\r\n"
                           "\r\n"
                           "p {}\r\n"
                           "------Multipart--b;=7------\r\n";

static void parts_of_a_saved_page(void **state)
{
    (void)state;
    gathered all;
    assert_int_equal(ko_capture_sniff(page, sizeof page - 1), KO_CAPTURE_MHTML);
    assert_int_equal(gather(&all, page, sizeof page - 1), KO_OK);
    assert_int_equal(all.n_problems, 0);
    assert_int_equal(all.n_replies, 3);
    assert_string_equal(all.reply[0].url, "https://a.example/item/7");
    assert_string_equal(all.reply[0].type, "text/html");
    assert_int_equal(all.reply[0].at, 1795313602);
    assert_body(&all, 0, "<img src=\"https://a.example/b.png\"> ");
    assert_string_equal(all.reply[1].url, "https://a.example/b.png");
    assert_body(&all, 1, "\x89PNG");
    assert_body(&all, 2, "p {}");
    ungather(&all);
}

static void a_saved_page_that_was_cut(void **state)
{
    (void)state;
    /* The end of the second part is missing: what is there of it is taken. */
    gathered all;
    const size_t cut = (size_t)(strstr(page, "Rw==") - page);
    assert_int_equal(gather(&all, page, cut), KO_OK);
    assert_int_equal(all.n_replies, 2);
    assert_body(&all, 1, "\x89PN");
    ungather(&all);
    static const char none[] = "MIME-Version: 1.0\nContent-Type: multipart/related\n\nx";
    assert_int_equal(gather(&all, none, sizeof none - 1), KO_E_FORMAT);
    assert_string_equal(all.err.text, "MHTML without a boundary");
    ungather(&all);
    static const char mail[] = "Subject: owls\nContent-Type: text/plain\n\nmultipart/related";
    assert_int_equal(ko_capture_sniff(mail, sizeof mail - 1), KO_CAPTURE_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_of_a_har),
        cmocka_unit_test(what_is_not_quite_json),
        cmocka_unit_test(a_har_in_gzip),
        cmocka_unit_test(parts_of_a_saved_page),
        cmocka_unit_test(a_saved_page_that_was_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
