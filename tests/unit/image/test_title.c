#include "image/title.h"

#include "image/metadata.h"
#include "image/pictures.h"

#define XMP(body)                                                                                  \
    "<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?><x:xmpmeta xmlns:x='adobe:ns:meta/'>"       \
    "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'"                             \
    " xmlns:dc='http://purl.org/dc/elements/1.1/'>" body "</rdf:RDF></x:xmpmeta>"                  \
    "<?xpacket end='w'?>"
#define XMP_TITLE(items)                                                                           \
    XMP("<rdf:Description><dc:title><rdf:Alt>" items "</rdf:Alt></dc:title></rdf:Description>")

static void assert_title(char *title, const char *expected)
{
    if (expected)
        assert_string_equal(title, expected);
    else
        assert_null(title);
    ko_free(title);
}

static void assert_jpeg_title(jpeg_how how, const char *expected)
{
    pixels p = slope(16, 16, 3);
    ko_buf bytes = make_jpeg(&p, how);
    assert_title(ko_image_title(bytes.data, bytes.size), expected);
    ko_buf_free(&bytes);
    free(p.px);
}

static void assert_png_title(const char *key, const char *text, int compression,
                             const char *expected)
{
    ko_buf bytes = KO_BUF(PICTURE_MAX);
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop info = png_create_info_struct(png);
    char *name = strdup(key), *content = strdup(text);
    png_text entry = {
        .compression = compression, .key = name, .text = content, .text_length = strlen(text)};
    png_byte px = 7;
    png_set_write_fn(png, &bytes, png_to_buf, NULL);
    png_set_IHDR(png, info, 1, 1, 8, PNG_COLOR_TYPE_GRAY, 0, 0, 0);
    png_write_info(png, info);
    png_write_row(png, &px);
    png_set_text(png, info, &entry, 1); /* behind the pixels */
    png_write_end(png, info);
    png_destroy_write_struct(&png, &info);
    assert_title(ko_image_title(bytes.data, bytes.size), expected);
    ko_buf_free(&bytes);
    free(name);
    free(content);
}

static void xmp_title_in_the_default_language(void **state)
{
    (void)state;
    assert_jpeg_title((jpeg_how){0}, NULL);
    assert_jpeg_title(
        (jpeg_how){.xmp = XMP_TITLE("<rdf:li xml:lang='de'>Der Fuchs</rdf:li>"
                                    "<rdf:li xml:lang='x-default'> The fox &amp; I\n</rdf:li>")},
        "The fox & I");
    assert_jpeg_title((jpeg_how){.xmp = XMP_TITLE("<rdf:li xml:lang='de'>Der F\xC3\xBC"
                                                  "chs</rdf:li>")},
                      "Der F\xC3\xBC"
                      "chs");
    assert_jpeg_title((jpeg_how){.xmp = XMP("<rdf:Description dc:title='Short form'/>")},
                      "Short form");
    assert_jpeg_title((jpeg_how){.xmp = XMP("<rdf:Description/>")}, NULL);
    assert_jpeg_title((jpeg_how){.xmp = XMP_TITLE("<rdf:li> </rdf:li>")}, NULL);
    assert_jpeg_title((jpeg_how){.xmp = "<x:xmpmeta broken"}, NULL);
}

static void entities_are_not_expanded(void **state)
{
    (void)state;
    assert_jpeg_title((jpeg_how){.xmp = "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/hostname'>]>"
                                        "<t:title xmlns:t='http://purl.org/dc/elements/1.1/'>"
                                        "&e;</t:title>"},
                      NULL);
    assert_jpeg_title((jpeg_how){.xmp = "<!DOCTYPE x [<!ENTITY e 'inner'>]>"
                                        "<t:title xmlns:t='http://purl.org/dc/elements/1.1/'>"
                                        "&e;</t:title>"},
                      NULL);
}

static void iptc_object_name(void **state)
{
    (void)state;
    static const uint8_t app13[] = "Photoshop 3.0\0"
                                   "8BIM\x03\xED\0\0\0\0\0\3abc\0" /* padded */
                                   "8BIM\4\4\4name\0\0\0\0\x13"
                                   "\x1C\2\0\0\2\0\4"
                                   "\x1C\2\5\0\7Caf\xE9 \1!";
    const size_t n = sizeof app13 - 1;
    assert_jpeg_title((jpeg_how){.app13 = app13, .app13_size = n}, "Caf\xC3\xA9 \xEF\xBF\xBD!");
    assert_jpeg_title(
        (jpeg_how){.app13 = app13, .app13_size = n, .xmp = XMP_TITLE("<rdf:li>XMP wins</rdf:li>")},
        "XMP wins");
    for (size_t cut = 0; cut <= n; cut++) { /* never past the end, wherever that is */
        uint8_t *exact = malloc(cut ? cut : 1);
        assert_non_null(exact);
        memcpy(exact, app13, cut);
        const ko_image_span title = ko_image_iptc_title((ko_image_span){exact, cut});
        assert_int_equal(title.size, cut == n ? 7 : 0);
        free(exact);
    }
}

static void png_texts(void **state)
{
    (void)state;
    assert_png_title("Title", "Caf\xE9", PNG_TEXT_COMPRESSION_NONE, "Caf\xC3\xA9");
    assert_png_title("Title", "Caf\xC3\xA9", PNG_ITXT_COMPRESSION_NONE, "Caf\xC3\xA9");
    assert_png_title("XML:com.adobe.xmp", XMP_TITLE("<rdf:li>Fox</rdf:li>"),
                     PNG_ITXT_COMPRESSION_NONE, "Fox");
    assert_png_title("Comment", "no title", PNG_TEXT_COMPRESSION_NONE, NULL);
}

static void endless_titles_are_cut_between_characters(void **state)
{
    (void)state;
    char text[1002];
    for (size_t i = 0; i < 1001; i++)
        text[i] = i % 2 ? '\xC3' : '\xA4'; /* one letter, then two-byte letters */
    text[0] = 'x';
    text[1001] = '\0';
    char expected[400];
    memcpy(expected, text, 399);
    expected[399] = '\0';
    assert_png_title("Title", text, PNG_ITXT_COMPRESSION_NONE, expected);
}

static void lack_of_memory_is_no_title(void **state)
{
    (void)state;
    pixels p = slope(16, 16, 3);
    ko_buf bytes = make_jpeg(&p, (jpeg_how){.xmp = XMP_TITLE("<rdf:li>Fox</rdf:li>")});
    const long live = ko_alloc_live();
    for (int sticky = 0; sticky <= 1; sticky++)
        for (unsigned nth = 1;; nth++) {
            ko_alloc_fault(nth, sticky);
            char *title = ko_image_title(bytes.data, bytes.size);
            const unsigned fired = ko_alloc_fault_hits();
            ko_alloc_fault(0, 0);
            assert_title(title, fired ? NULL : "Fox");
            assert_int_equal(ko_alloc_live(), live);
            if (!fired)
                break;
        }
    ko_buf_free(&bytes);
    free(p.px);
}

static void what_is_no_picture_has_no_title(void **state)
{
    (void)state;
    assert_null(ko_image_title("", 0));
    assert_null(ko_image_title("\xFF\xD8\xFF\xE1", 4));
    assert_null(ko_image_title("<svg><title>t</title></svg>", 27));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(xmp_title_in_the_default_language),
        cmocka_unit_test(entities_are_not_expanded),
        cmocka_unit_test(iptc_object_name),
        cmocka_unit_test(png_texts),
        cmocka_unit_test(endless_titles_are_cut_between_characters),
        cmocka_unit_test(lack_of_memory_is_no_title),
        cmocka_unit_test(what_is_no_picture_has_no_title),
    };
    return cmocka_run_group_tests_name("image/title", tests, NULL, NULL);
}
