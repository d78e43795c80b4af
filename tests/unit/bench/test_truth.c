#include "truth.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const char *const files[] = {"truth.csv", "originals.csv", "groups.csv", "quads.csv"};

static void write_file(const char *folder, const char *name, const char *text)
{
    char path[128];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
}

static int make_folder(void **state)
{
    static char folder[] = "/tmp/knockoff-truth.XXXXXX";
    if (!mkdtemp(folder))
        return -1;
    *state = folder;
    write_file(folder, "truth.csv",
               "listing,originals,set,kind,licence\n"
               "l/2.jpg,o/b.png|o/a.png,prints,mug,one; two\n"
               "l/1.jpg,,distractors,shop,none\n"
               "l/0.jpg,o/a.png,prints,plain-crop,\"quoted, too\"\n");
    write_file(folder, "originals.csv",
               "original,set\no/a.png,prints\r\no/b.png,prints\no/c.png,x");
    write_file(folder, "groups.csv", "original,group\no/c.png,g\n");
    write_file(folder, "quads.csv",
               "listing,original,x1,y1,x2,y2,x3,y3,x4,y4\n"
               "l/2.jpg,o/a.png,1,1,1,1,1,1,1,1\n"
               "l/0.jpg,o/a.png,-1.5,0,10,0,10,20,0,20.5\n");
    return 0;
}

static int remove_folder(void **state)
{
    char path[128];
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", (const char *)*state, files[i]);
        (void)unlink(path);
    }
    return rmdir(*state);
}

static void tables_become_photos_and_works(void **state)
{
    ko_bench_truth t = {0};
    assert_int_equal(ko_bench_truth_read(*state, 1, &t, NULL), KO_OK);
    assert_int_equal(t.n_works, 3);
    assert_string_equal(t.works[0], "o/a.png");
    assert_string_equal(t.works[2], "o/c.png"); /* the last line does not end */
    assert_int_equal(t.n_photos, 3);
    assert_string_equal(t.photos[0].name, "l/2.jpg");
    assert_int_equal(t.photos[0].n_works, 2);
    assert_int_equal(t.photos[0].works[0], 1);
    assert_int_equal(t.photos[0].works[1], 0);
    assert_int_equal(t.photos[1].n_works, 0);
    assert_string_equal(t.photos[1].set, "distractors");
    assert_string_equal(t.photos[2].set, "plain");
    assert_string_equal(t.photos[2].kind, "plain-crop");
    assert_int_equal(t.n_memberships, 1);
    assert_int_equal(t.memberships[0].work, 2);
    assert_string_equal(t.memberships[0].group, "g");
    assert_int_equal(t.n_places, 2);
    assert_true(t.places[1].quad[0] == -1.5f && t.places[1].quad[7] == 20.5f);
    ko_bench_truth_free(&t);
}

static void a_sample_keeps_the_places_of_its_photos(void **state)
{
    ko_bench_truth t = {0};
    assert_int_equal(ko_bench_truth_read(*state, 2, &t, NULL), KO_OK);
    assert_int_equal(t.n_photos, 2); /* by their names: all but l/2.jpg */
    assert_string_equal(t.photos[0].name, "l/1.jpg");
    assert_string_equal(t.photos[1].name, "l/0.jpg");
    assert_int_equal(t.n_places, 1);
    assert_int_equal(t.places[0].photo, 1);
    ko_bench_truth_free(&t);
}

static void unknown_works_are_refused(void **state)
{
    ko_bench_truth t = {0};
    ko_error err = {0};
    write_file(*state, "groups.csv", "original,group\no/a.pn,g\n");
    assert_int_equal(ko_bench_truth_read(*state, 1, &t, &err), KO_E_FORMAT);
    assert_non_null(strstr(err.text, "o/a.pn"));
    assert_null(t.photos);
}

static void a_missing_table_is_named(void **state)
{
    ko_bench_truth t = {0};
    ko_error err = {0};
    char path[128];
    (void)snprintf(path, sizeof path, "%s/quads.csv", (const char *)*state);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(ko_bench_truth_read(*state, 1, &t, &err), KO_E_NOT_FOUND);
    assert_non_null(strstr(err.text, "quads.csv"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_become_photos_and_works),
        cmocka_unit_test(a_sample_keeps_the_places_of_its_photos),
        cmocka_unit_test(unknown_works_are_refused),
        cmocka_unit_test(a_missing_table_is_named),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
