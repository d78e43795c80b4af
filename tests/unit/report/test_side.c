/* Pictures that people judge by: drawn from the file that was compared and no other, and a work's
 * shape apart from what it shows. */
#include "report/side.h"

#include "image/pictures.h"

#include <openssl/evp.h>
#include <unistd.h>

#define SIDE 64u

/* A work whose right half is clear, in a file. */
typedef struct fixture {
    char path[40];
    ko_view view;
} fixture;

static void begin(fixture *f)
{
    *f = (fixture){.path = "/tmp/knockoff-side-XXXXXX"};
    pixels p = slope(SIDE, SIDE, 4);
    for (size_t i = 0; i < (size_t)SIDE * SIDE; i++)
        p.px[4 * i + 3] = i % SIDE < SIDE / 2 ? 255 : 0;
    ko_buf png = make_png(&p, (png_how){.depth = 8, .colour = PNG_COLOR_TYPE_RGBA});
    const int file = mkstemp(f->path);
    assert_true(file >= 0);
    assert_int_equal(write(file, png.data, png.size), (ssize_t)png.size);
    assert_int_equal(close(file), 0);
    f->view = (ko_view){.path = f->path, .width = SIDE, .height = SIDE};
    assert_true(EVP_Digest(png.data, png.size, f->view.sha256, NULL, EVP_sha256(), NULL));
    ko_buf_free(&png);
    free(p.px);
}

static void end(fixture *f)
{
    (void)unlink(f->path);
}

static uint32_t pixel_at(const ko_report_pixels *p, uint32_t x, uint32_t y)
{
    uint32_t argb;
    memcpy(&argb, p->rows + y * p->stride + 4 * (size_t)x, sizeof argb);
    return argb & 0xFFFFFF;
}

static void shape_is_white_where_the_work_is_seen(void **state)
{
    (void)state;
    fixture f;
    ko_report_pixels shape = {0};
    begin(&f);
    assert_int_equal(ko_side_shape(&f.view, SIDE, &shape, NULL), KO_OK);
    assert_int_equal(shape.width, SIDE);
    for (uint32_t y = 0; y < SIDE; y++)
        for (uint32_t x = 0; x < SIDE; x++)
            assert_int_equal(pixel_at(&shape, x, y), x < SIDE / 2 ? 0xFFFFFF : 0);
    ko_free(shape.rows);
    end(&f);
}

static void work_lies_on_squares(void **state)
{
    (void)state;
    fixture f;
    ko_report_pixels work = {0};
    begin(&f);
    assert_int_equal(ko_side_work(&f.view, SIDE / 2, &work, NULL), KO_OK);
    assert_int_equal(work.width, SIDE / 2);
    assert_int_equal(work.height, SIDE / 2);
    const uint32_t one = pixel_at(&work, SIDE / 2 - 1, 0);
    unsigned others = 0;
    for (uint32_t y = 0; y < SIDE / 2; y++)
        others += pixel_at(&work, SIDE / 2 - 1, y) != one;
    assert_true(others > 0);
    ko_free(work.rows);
    end(&f);
}

static void file_that_changed_is_not_drawn(void **state)
{
    (void)state;
    fixture f;
    ko_error err = {0};
    ko_report_pixels drawn = {0};
    begin(&f);
    f.view.sha256[0] ^= 1;
    assert_int_equal(ko_side_work(&f.view, SIDE, &drawn, &err), KO_E_FORMAT);
    assert_non_null(strstr(err.text, "changed since it was compared"));
    assert_null(drawn.rows);
    end(&f);
}

static void photo_that_was_not_read_is_not_drawn(void **state)
{
    (void)state;
    fixture f;
    ko_error err = {0};
    ko_report_pixels drawn = {0};
    begin(&f);
    ko_photo photo = {.path = f.path, .reason = "", .state = KO_PHOTO_NEW};
    assert_int_equal(ko_side_photo(&photo, SIDE, &drawn, &err), KO_E_NOT_FOUND);
    err = (ko_error){0};
    photo.state = KO_PHOTO_REFUSED;
    photo.reason = "pin.jpg: no picture";
    assert_int_equal(ko_side_photo(&photo, SIDE, &drawn, &err), KO_E_FORMAT);
    assert_string_equal(err.text, "pin.jpg: no picture");
    photo.state = KO_PHOTO_READ;
    memcpy(photo.sha256, f.view.sha256, sizeof photo.sha256);
    assert_int_equal(ko_side_photo(&photo, SIDE, &drawn, NULL), KO_OK);
    assert_int_equal(drawn.width, SIDE);
    ko_free(drawn.rows);
    end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shape_is_white_where_the_work_is_seen),
        cmocka_unit_test(work_lies_on_squares),
        cmocka_unit_test(file_that_changed_is_not_drawn),
        cmocka_unit_test(photo_that_was_not_read_is_not_drawn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
