/* The proof picture: the work is still seen, every part of it is marked, and nothing but pixels
 * is in the file. */
#include "art.h"

#include <stdlib.h>

static const uint8_t blue[4] = {30, 60, 160, 255}, yellow[4] = {240, 200, 40, 255},
                     clear[4] = {0, 0, 0, 0}, white[4] = {255, 255, 255, 255};

static ko_rgba read_back(const ko_buf *jpeg)
{
    ko_image_options options;
    ko_image_options_init(&options);
    ko_image_colour image = {0};
    assert_int_equal(ko_image_sniff(jpeg->data, jpeg->size), KO_IMAGE_JPEG);
    assert_int_equal(ko_image_decode_colour(jpeg->data, jpeg->size, &options, 4096, &image, NULL),
                     KO_OK);
    return image.raster;
}

static bool differs(const uint8_t *a, const uint8_t *b)
{
    return abs(a[0] - b[0]) + abs(a[1] - b[1]) + abs(a[2] - b[2]) > 60;
}

/* Share of the pixels of a square that are not those of the work, in percent. */
static unsigned marked(const ko_rgba *proof, const ko_rgba *art, uint32_t left, uint32_t top,
                       uint32_t side)
{
    unsigned n = 0;
    for (uint32_t y = top; y < top + side; y++)
        for (uint32_t x = left; x < left + side; x++)
            n += differs(proof->px + y * proof->stride + 4 * (size_t)x,
                         art->px + y * art->stride + 4 * (size_t)x);
    return 100 * n / (side * side);
}

static void every_part_is_marked_and_most_is_seen(void **state)
{
    (void)state;
    const uint32_t side = 150;
    ko_rgba art = draw_art(1500, 1200, blue, yellow);
    ko_buf jpeg = proof_of(&art, "Jane Doe");
    ko_rgba proof = read_back(&jpeg);
    assert_int_equal(proof.width, 1500);
    assert_int_equal(proof.height, 1200);
    unsigned least = 100, sum = 0, n = 0;
    for (uint32_t y = 0; y < 1200; y += side)
        for (uint32_t x = 0; x < 1500; x += side, n++) {
            const unsigned share = marked(&proof, &art, x, y, side);
            least = share < least ? share : least;
            sum += share;
        }
    print_message("marked: %u %% of the work, %u %% of the cleanest square\n", sum / n, least);
    assert_true(least >= 10);
    assert_in_range(sum / n, 20, 60);
    ko_free(proof.px);
    ko_buf_free(&jpeg);
    ko_free(art.px);
}

static void sides_keep_their_limits(void **state)
{
    (void)state;
    const struct {
        uint32_t width, height, proof_width, proof_height;
    } table[] = {{3200, 1000, 1600, 500},
                 {40, 80, 400, 800},
                 {1200, 900, 1200, 900},
                 {3, 3000, 2, 1600},
                 {1, 1, 800, 800}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        ko_rgba art = draw_art(table[i].width, table[i].height, blue, yellow);
        ko_buf jpeg = proof_of(&art, "Jane Doe");
        ko_rgba proof = read_back(&jpeg);
        assert_int_equal(proof.width, table[i].proof_width);
        assert_int_equal(proof.height, table[i].proof_height);
        ko_free(proof.px);
        ko_buf_free(&jpeg);
        ko_free(art.px);
    }
}

/* Light work without a ground would be lost on white. */
static void transparency_is_laid_on_what_shows_the_work(void **state)
{
    (void)state;
    ko_rgba art = draw_art(1000, 1000, clear, white);
    ko_buf jpeg = proof_of(&art, "Jane Doe");
    ko_rgba proof = read_back(&jpeg);
    unsigned light = 0, dark = 0;
    for (size_t i = 0; i < (size_t)1000 * 1000; i++) {
        light += proof.px[4 * i] > 200;
        dark += proof.px[4 * i] < 90;
    }
    assert_true(light > 200000);
    assert_true(dark > 200000);
    ko_free(proof.px);
    ko_buf_free(&jpeg);
    ko_free(art.px);
}

/* All segments of a JPEG before its pixels (ITU-T T.81, annex B). */
static void no_metadata_are_in_the_file(void **state)
{
    (void)state;
    ko_rgba art = draw_art(900, 700, blue, yellow);
    ko_buf jpeg = proof_of(&art, "Jane Doe");
    const uint8_t *b = (const uint8_t *)jpeg.data;
    for (size_t i = 2; b[i + 1] != 0xDA; i += 2 + (size_t)b[i + 2] * 256 + b[i + 3]) {
        assert_int_equal(b[i], 0xFF);
        const bool application = b[i + 1] >= 0xE0 && b[i + 1] <= 0xEF;
        assert_true(!application || memcmp(b + i + 4, "JFIF", 5) == 0);
        assert_int_not_equal(b[i + 1], 0xFE); /* a comment */
    }
    ko_buf_free(&jpeg);
    ko_free(art.px);
}

static void the_same_work_gives_the_same_bytes(void **state)
{
    (void)state;
    ko_rgba art = draw_art(900, 700, blue, yellow);
    ko_buf one = proof_of(&art, "Jane Doe"), two = proof_of(&art, "Jane Doe"),
           other = proof_of(&art, "John Roe");
    assert_int_equal(one.size, two.size);
    assert_memory_equal(one.data, two.data, one.size);
    assert_true(one.size != other.size || memcmp(one.data, other.data, one.size) != 0);
    ko_buf_free(&one);
    ko_buf_free(&two);
    ko_buf_free(&other);
    ko_free(art.px);
}

/* Whatever the name is, its rows stay where they are and something of it is drawn. */
static void hostile_names_are_drawn(void **state)
{
    (void)state;
    char long_name[5000];
    memset(long_name, 'W', sizeof long_name - 1);
    long_name[sizeof long_name - 1] = '\0';
    const char *const names[] = {long_name, "\x1b[31m\xe2\x80\xae evil", "\xff\xfe", "李 Жук",
                                 "<b>&amp;"};
    ko_rgba art = draw_art(800, 800, blue, yellow);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        ko_buf jpeg = proof_of(&art, names[i]);
        ko_rgba proof = read_back(&jpeg);
        assert_true(marked(&proof, &art, 200, 200, 400) >= 10);
        ko_free(proof.px);
        ko_buf_free(&jpeg);
    }
    ko_free(art.px);
}

static void a_full_buffer_is_an_error(void **state)
{
    (void)state;
    ko_rgba art = draw_art(900, 700, blue, yellow);
    const ko_proof_source source = {&art, "Jane Doe", "KO-000042", "2026-11-22"};
    ko_buf jpeg = KO_BUF(20000);
    ko_error err = {0};
    assert_int_equal(ko_proof_picture(&source, &jpeg, &err), KO_E_NOMEM);
    assert_string_equal(err.text, "JPEG of 900 x 700 px");
    ko_buf_free(&jpeg);
    ko_free(art.px);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_part_is_marked_and_most_is_seen),
        cmocka_unit_test(sides_keep_their_limits),
        cmocka_unit_test(transparency_is_laid_on_what_shows_the_work),
        cmocka_unit_test(no_metadata_are_in_the_file),
        cmocka_unit_test(the_same_work_gives_the_same_bytes),
        cmocka_unit_test(hostile_names_are_drawn),
        cmocka_unit_test(a_full_buffer_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
