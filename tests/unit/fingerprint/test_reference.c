/* The reference path against what the reference program printed (fixtures/pdq). */
#include "base/file.h"
#include "scene.h"

#include <knockoff/image.h>

#include <stdio.h>

#define FOLDER KO_FIXTURES "/pdq/"

static ko_rgb decode(const char *name)
{
    char path[512];
    ko_buf bytes = KO_BUF((size_t)1 << 20);
    ko_rgb rgb;
    ko_image_options options;
    (void)snprintf(path, sizeof path, FOLDER "%s", name);
    assert_int_equal(ko_file_read(path, &bytes, NULL), KO_OK);
    ko_image_options_init(&options);
    assert_int_equal(ko_image_decode_rgb(bytes.data, bytes.size, &options, &rgb, NULL), KO_OK);
    ko_buf_free(&bytes);
    return rgb;
}

/* Fingerprint of a fixture in one orientation, in hex. */
static int reference_hash(const char *name, ko_orientation o, char hex[KO_FP_HEX_SIZE])
{
    ko_fp fps[KO_ORIENT_COUNT];
    int quality;
    ko_rgb rgb = decode(name);
    assert_int_equal(ko_fp_reference(&rgb, fps, &quality, NULL), KO_OK);
    ko_image_rgb_free(&rgb);
    ko_fp_to_hex(&fps[o], hex);
    return quality;
}

/* Calls row with the three cells of each line of a sheet; returns how many there were. */
static size_t for_each_row(const char *name, void (*row)(char *cell[3]))
{
    char line[256];
    char path[512];
    size_t n = 0;
    (void)snprintf(path, sizeof path, FOLDER "%s", name);
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    assert_non_null(fgets(line, sizeof line, f));
    for (; fgets(line, sizeof line, f); n++) {
        char *rest = line;
        char *cell[3];
        for (size_t k = 0; k < 3; k++)
            cell[k] = strtok_r(NULL, ",\n", &rest);
        assert_non_null(cell[2]);
        row(cell);
    }
    (void)fclose(f);
    return n;
}

static void check_hash(char *cell[3])
{
    char hex[KO_FP_HEX_SIZE];
    const int quality = reference_hash(cell[2], KO_ORIENT_NONE, hex);
    assert_string_equal(hex, cell[0]);
    assert_int_equal(quality, strtol(cell[1], NULL, 10));
}

static void test_hashes_are_the_programs(void **state)
{
    (void)state;
    assert_int_equal(for_each_row("hashes.csv", check_hash), 9);
}

/* The program's own names; its turns by 90 degrees go to the left. */
static const struct {
    const char *name;
    ko_orientation orientation;
} named[] = {
    {"original", KO_ORIENT_NONE},       {"rotate90", KO_ORIENT_ROT270},
    {"rotate180", KO_ORIENT_ROT180},    {"rotate270", KO_ORIENT_ROT90},
    {"flipx", KO_ORIENT_FLIP},          {"flipy", KO_ORIENT_MIRROR},
    {"flipplus1", KO_ORIENT_TRANSPOSE}, {"flipminus1", KO_ORIENT_TRANSVERSE},
};

static void check_orientation(char *cell[3])
{
    char hex[KO_FP_HEX_SIZE];
    size_t k = 0;
    while (strcmp(named[k].name, cell[1]) != 0)
        assert_true(++k < sizeof named / sizeof *named);
    (void)reference_hash(cell[0], named[k].orientation, hex);
    assert_string_equal(hex, cell[2]);
}

static void test_orientations_are_the_programs(void **state)
{
    (void)state;
    assert_int_equal(for_each_row("dihedral.csv", check_orientation), 9 * KO_ORIENT_COUNT);
}

static void test_padding_between_rows_is_not_seen(void **state)
{
    (void)state;
    const ko_grey grey = scene(90, 70, 1);
    const ko_rgb tight = as_rgb(&grey);
    ko_rgb loose = {.width = 90, .height = 70, .stride = 300};
    loose.px = ko_alloc_zero(loose.stride, loose.height);
    assert_non_null(loose.px);
    for (size_t y = 0; y < 70; y++)
        memcpy(loose.px + y * loose.stride, tight.px + y * tight.stride, tight.stride);
    ko_fp a[KO_ORIENT_COUNT];
    ko_fp b[KO_ORIENT_COUNT];
    assert_int_equal(ko_fp_reference(&tight, a, NULL, NULL), KO_OK);
    assert_int_equal(ko_fp_reference(&loose, b, NULL, NULL), KO_OK);
    assert_memory_equal(a, b, sizeof a);
    ko_free(grey.px);
    ko_free(tight.px);
    ko_free(loose.px);
}

static void test_failures_leave_the_outputs(void **state)
{
    (void)state;
    ko_fp fps[KO_ORIENT_COUNT];
    ko_fp before[KO_ORIENT_COUNT];
    memset(fps, 0x5A, sizeof fps);
    memcpy(before, fps, sizeof fps);
    int quality = 77;
    const ko_grey grey = scene(40, 30, 2);
    const ko_rgb rgb = as_rgb(&grey);
    const ko_rgb empty = {rgb.px, 0, 30, 0};
    const ko_rgb endless = {rgb.px, 40, 70000, rgb.stride};
    const long live = ko_alloc_live();
    assert_int_equal(ko_fp_reference(&empty, fps, &quality, NULL), KO_E_LIMIT);
    assert_int_equal(ko_fp_reference(&endless, fps, &quality, NULL), KO_E_LIMIT);
    ko_alloc_fault(1, 0);
    const ko_status st = ko_fp_reference(&rgb, fps, &quality, NULL);
    ko_alloc_fault(0, 0);
    assert_int_equal(st, KO_E_NOMEM);
    assert_int_equal(ko_alloc_live(), live);
    assert_memory_equal(fps, before, sizeof fps);
    assert_int_equal(quality, 77);
    ko_free(grey.px);
    ko_free(rgb.px);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hashes_are_the_programs),
        cmocka_unit_test(test_orientations_are_the_programs),
        cmocka_unit_test(test_padding_between_rows_is_not_seen),
        cmocka_unit_test(test_failures_leave_the_outputs),
    };
    return cmocka_run_group_tests_name("fingerprint.reference", tests, NULL, NULL);
}
