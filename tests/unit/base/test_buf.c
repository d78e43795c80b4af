/* Buffers never grow past their maximum, and a failed append leaves nothing half done. */
#include "base/alloc.h"
#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static void appends_and_ends_in_zero(void **state)
{
    (void)state;
    ko_buf buf = KO_BUF(1000);
    for (int i = 0; i < 100; i++)
        assert_int_equal(ko_buf_printf(&buf, "%03d", i), KO_OK);
    assert_int_equal(buf.size, 300);
    assert_int_equal(strlen(buf.data), 300);
    assert_memory_equal(buf.data + 297, "099", 4);
    ko_buf_clear(&buf);
    assert_int_equal(ko_buf_text(&buf, "again"), KO_OK);
    assert_string_equal(buf.data, "again");
    ko_buf_free(&buf);
    assert_int_equal(ko_alloc_live(), 0);
}

static void the_maximum_holds_to_the_byte(void **state)
{
    (void)state;
    ko_buf buf = KO_BUF(5);
    assert_int_equal(ko_buf_text(&buf, "12345"), KO_OK);
    assert_int_equal(ko_buf_append(&buf, "", 0), KO_OK);
    assert_int_equal(ko_buf_text(&buf, "6"), KO_E_NOMEM);
    assert_null(buf.data);
    assert_int_equal(buf.size, 0);
    assert_int_equal(ko_alloc_live(), 0);
}

static void no_memory_empties_the_buffer(void **state)
{
    (void)state;
    ko_buf buf = KO_BUF(1 << 20);
    assert_int_equal(ko_buf_text(&buf, "kept until it cannot grow"), KO_OK);
    ko_alloc_fault(1, 0);
    assert_null(ko_buf_extend(&buf, 1000));
    assert_int_equal(ko_alloc_fault_hits(), 1);
    ko_alloc_fault(0, 0);
    assert_null(buf.data);
    assert_int_equal(ko_alloc_live(), 0);
}

static void sizes_that_overflow_are_refused(void **state)
{
    (void)state;
    assert_null(ko_alloc_array(SIZE_MAX / 2, 3));
    assert_null(ko_alloc(SIZE_MAX));
    assert_int_equal(ko_alloc_live(), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(appends_and_ends_in_zero),
        cmocka_unit_test(the_maximum_holds_to_the_byte),
        cmocka_unit_test(no_memory_empties_the_buffer),
        cmocka_unit_test(sizes_that_overflow_are_refused),
    };
    return cmocka_run_group_tests_name("base.buf", tests, NULL, NULL);
}
