/* Addresses of one picture in several sizes, and candidates of srcset. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "page/picture.h"

#include <stdio.h>
#include <string.h>

static void sizes_do_not_tell_pictures_apart(void **state)
{
    (void)state;
    static const char *const same[][2] = {
        {"https://a.com/kf/S1.jpg", "//b.com/kf/S1.jpg_350x350xz.jpg"},
        {"https://a.com/kf/S1.jpg", "https://a.com/kf/S1.jpg_220x220q75.jpg_.avif"},
        {"https://i.com/images/g/XY/s-l1600.jpg", "https://i.com/thumbs/images/g/XY/s-l225.jpg"},
        {"https://e.com/1/il_fullxfull.75_o.jpg", "https://e.com/1/il_570xN.75_o.jpg"},
        {"https://m.com/I/91c7._AC_SL1500_.jpg", "https://m.com/I/91c7.jpg"},
        {"https://s.com/f/cat_600x600.jpg?v=1", "https://s.com/f/cat.jpg?v=2"},
        {"https://c.com/upload/w_1200,q_auto/cat.jpg", "https://c.com/upload/w_80,q_auto/cat.jpg"},
        {"https://j.com/is/23?$big$", "https://j.com/is/23?wid=300"},
    };
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        if (!ko_picture_same(same[i][0], same[i][1]))
            fail_msg("%s is not %s", same[i][0], same[i][1]);
    assert_false(ko_picture_same("https://a.com/1.jpg", "https://a.com/2.jpg"));
    assert_false(ko_picture_same("https://a.com/p?id=1", "https://a.com/p?id=2"));
    assert_false(ko_picture_same("https://a.com/a/1.jpg", "https://a.com/b/1.jpg"));
    assert_false(ko_picture_same("https://i.com/g/XY/s-l225.jpg", "https://i.com/g/ZZ/s-l225.jpg"));
}

static void size_hints_are_read(void **state)
{
    (void)state;
    assert_int_equal(ko_picture_size_hint("https://a.com/x_640x480.jpg"), 640);
    assert_int_equal(ko_picture_size_hint("https://i.com/g/XY/s-l225.jpg"), 225);
    assert_int_equal(ko_picture_size_hint("https://m.com/I/9._AC_US40_.jpg"), 40);
    assert_int_equal(ko_picture_size_hint("https://m.com/i/9?w=300"), 300);
    assert_true(ko_picture_size_hint("https://a.com/x.jpg") > 10000);
}

static void numbers_are_shared_whole(void **state)
{
    (void)state;
    assert_true(ko_picture_sibling("https://a.com/238368885.jpg", "https://a.com/238368885_b.jpg"));
    assert_true(ko_picture_sibling("https://a.com/46679_Z001", "https://a.com/46679_Z002"));
    assert_false(ko_picture_sibling("https://a.com/238368885.jpg", "https://a.com/238368886.jpg"));
    assert_false(ko_picture_sibling("https://a.com/img_1.jpg", "https://a.com/img_2.jpg"));
}

static void srcset_gives_the_largest(void **state)
{
    (void)state;
    static const struct {
        const char *srcset, *url;
    } cases[] = {
        {"", ""},
        {",,,", ""},
        {"a.jpg", "a.jpg"},
        {"  a.jpg 1x,b.jpg 2x ", "b.jpg"},
        {"a.jpg 100w, b.jpg 900w, c.jpg 300w", "b.jpg"},
        {"data:,a ( , data:,b 1x, ), data:,c", "data:,c"},
        {"w_300,h_2/a.jpg 300w, w_600,h_2/a.jpg 600w", "w_600,h_2/a.jpg"},
        {"a.jpg 1q, b.jpg 1x", "b.jpg"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *url = "";
        double size = 0;
        char found[64];
        const size_t n = ko_picture_srcset(cases[i].srcset, &url, &size);
        (void)snprintf(found, sizeof found, "%.*s", (int)n, url);
        assert_string_equal(found, cases[i].url);
    }
}

static void stand_ins_are_known(void **state)
{
    (void)state;
    assert_true(ko_picture_is_placeholder("data:image/gif;base64,R0lGOD"));
    assert_true(ko_picture_is_placeholder("https://a.com/img/1x1.png"));
    assert_true(ko_picture_is_placeholder("https://a.com/logo.svg"));
    assert_false(ko_picture_is_placeholder("https://logo.com/p/cat.jpg?x=1x1"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_do_not_tell_pictures_apart),
        cmocka_unit_test(size_hints_are_read),
        cmocka_unit_test(numbers_are_shared_whole),
        cmocka_unit_test(srcset_gives_the_largest),
        cmocka_unit_test(stand_ins_are_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
