/* Copies of pages that browsers made, web archives, and what is in gzip. */
#include "page/read_page.h"

#include "base/limits.h"

#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

#define PRODUCT "<meta property='og:type' content='product'><title>Owl</title><h1>Owl</h1>"

static ko_page read_saved(const char *text)
{
    const ko_page_source source = {.bytes = text, .size = strlen(text), .saved = true};
    return read_source(&source);
}

static void pictures_lie_in_files_beside_the_page(void **state)
{
    (void)state;
    ko_page page =
        read_saved("<!DOCTYPE html>\n<!-- saved from url=(0028)https://shop.x/products/owl "
                   "-->\n<html><head>" PRODUCT
                   "<meta property='og:image' content='https://cdn.x/full/owl-41207.jpg'></head>"
                   "<div class=gallery><img src='./Owl%20print_files/owl-41207_600x600.jpg'>"
                   "<img src='./Owl%20print_files/back(1).jpg'><img src='/p/late.jpg'>"
                   "<img src='../x_files/a.jpg'></div>");
    const ko_page_offer *offer = only_offer(&page);
    assert_field(offer, KO_OFFER_URL, "https://shop.x/products/owl");
    assert_images(offer, "Owl print_files/owl-41207_600x600.jpg Owl print_files/back(1).jpg "
                         "https://shop.x/p/late.jpg https://shop.x/x_files/a.jpg ");
    ko_page_free(&page);
}

static void pictures_stand_in_the_page_itself(void **state)
{
    (void)state;
    char text[8000] =
        "<html><!--\n Page saved with SingleFile\n url: https://shop.x/item/7 \n-->" PRODUCT
        "<div class=gallery><img src='data:image/gif;base64,R0lGOD'>"
        "<img src='data:image/png;base64,";
    while (strlen(text) < 5000)
        strcat(text, "iVBORw0KGgo");
    strcat(text, "'></div>");
    ko_page page = read_saved(text);
    const ko_page_offer *offer = only_offer(&page);
    assert_field(offer, KO_OFFER_URL, "https://shop.x/item/7");
    assert_int_equal(offer->n_images, 1);
    assert_true(strlen(offer->images[0]) > 4000);
    ko_page_free(&page);
    page = read_page(text, NULL); /* fetched, such pictures are stand-ins */
    assert_int_equal(only_offer(&page)->n_images, 0);
    ko_page_free(&page);
}

static void a_picture_of_the_page_and_its_address_are_one(void **state)
{
    (void)state;
    char picture[3000] = "data:image/png;base64,";
    char text[8000];
    while (strlen(picture) < 2900)
        strcat(picture, "iVBORw0KGgo");
    (void)snprintf(
        text, sizeof text,
        "<html><!--\n Page saved with SingleFile\n url: https://shop.x/item/7 \n-->" PRODUCT
        "<meta property='og:image' content='https://cdn.x/full/a41207.jpg'>"
        "<div class=gallery><img src='%s' data-zoom='https://cdn.x/full/a41207.jpg'></div>",
        picture);
    ko_page page = read_saved(text);
    assert_int_equal(only_offer(&page)->n_images, 1);
    assert_string_equal(only_offer(&page)->images[0], picture);
    ko_page_free(&page);
}

static void archives_do_not_own_what_they_keep(void **state)
{
    (void)state;
    ko_page page = read_page(
        PRODUCT "<link rel=canonical href='https://web.archive.org/web/20160913000000/"
                "http://shop.x/owl'><meta property='og:image' content='/web/20160913000000im_/"
                "http://shop.x/owl.jpg'>",
        "https://web.archive.org/web/20160913000000/http://shop.x/owl?x=1");
    assert_field(only_offer(&page), KO_OFFER_URL, "http://shop.x/owl");
    assert_images(only_offer(&page), "http://shop.x/owl.jpg ");
    ko_page_free(&page);
}

/* Puts text into gzip; returns its size. */
static size_t zip(const char *text, size_t size, unsigned char *out, size_t room)
{
    z_stream stream = {0};
    assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY),
                     Z_OK);
    stream.next_in = (z_const Bytef *)text;
    stream.avail_in = (uInt)size;
    stream.next_out = out;
    stream.avail_out = (uInt)room;
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    const size_t n = room - stream.avail_out;
    assert_int_equal(deflateEnd(&stream), Z_OK);
    return n;
}

static void sitemaps_in_gzip_are_read(void **state)
{
    (void)state;
    static const char text[] = "<urlset><url><loc>https://s.x/a</loc></url></urlset>";
    unsigned char zipped[256];
    ko_page_source source = {.bytes = zipped,
                             .size = zip(text, sizeof text - 1, zipped, sizeof zipped)};
    ko_page page = read_source(&source);
    assert_int_equal(page.n_links, 1);
    assert_string_equal(page.links[0].url, "https://s.x/a");
    ko_page_free(&page);
    source.size = 10; /* only the header */
    assert_int_equal(ko_page_read(&source, &page, NULL), KO_E_FORMAT);
}

static void bombs_in_gzip_end_at_the_limit(void **state)
{
    (void)state;
    const size_t size = KO_MAX_PAGE_BYTES + 1, room = (size_t)1 << 20;
    char *text = calloc(1, size);
    unsigned char *zipped = malloc(room);
    ko_page page = {0};
    ko_error err = {0};
    const ko_page_source source = {.bytes = zipped, .size = zip(text, size, zipped, room)};
    assert_int_equal(ko_page_read(&source, &page, &err), KO_E_LIMIT);
    assert_non_null(strstr(err.text, "33554432"));
    free(text);
    free(zipped);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pictures_lie_in_files_beside_the_page),
        cmocka_unit_test(pictures_stand_in_the_page_itself),
        cmocka_unit_test(a_picture_of_the_page_and_its_address_are_one),
        cmocka_unit_test(archives_do_not_own_what_they_keep),
        cmocka_unit_test(sitemaps_in_gzip_are_read),
        cmocka_unit_test(bombs_in_gzip_end_at_the_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
