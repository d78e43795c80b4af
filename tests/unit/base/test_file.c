/* Files and folders of the user: found in a fixed order, read whole or not at all. */
#include "base/alloc.h"
#include "base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char root[] = "/tmp/knockoff-file-XXXXXX";

static void put(const char *name, const char *content)
{
    char *path = ko_path_join(root, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(content, file) >= 0);
    assert_int_equal(fclose(file), 0);
    ko_free(path);
}

static int make_root(void **state)
{
    (void)state;
    char *b = NULL, *hidden = NULL, *loop = NULL;
    if (!mkdtemp(root) || !(b = ko_path_join(root, "b")) ||
        !(hidden = ko_path_join(root, ".hidden")) || !(loop = ko_path_join(b, "loop")))
        return -1;
    const int made = mkdir(b, 0700) == 0 && mkdir(hidden, 0700) == 0 && symlink("..", loop) == 0;
    put("c.png", "three");
    put("a.png", "one");
    put("b/z.png", "two");
    put(".hidden/x.png", "never");
    put(".dot", "never");
    ko_free(b);
    ko_free(hidden);
    ko_free(loop);
    return made ? 0 : -1;
}

static int remove_root(void **state)
{
    (void)state;
    char command[64];
    (void)snprintf(command, sizeof command, "rm -r '%s'", root);
    return system(command);
}

static void walks_in_order_without_hidden_entries_and_loops(void **state)
{
    (void)state;
    ko_paths paths = {0};
    size_t unread = 0;
    assert_int_equal(ko_paths_walk(&paths, root, &unread, NULL), KO_OK);
    assert_int_equal(paths.count, 3);
    static const char *const names[] = {"/a.png", "/b/z.png", "/c.png"};
    for (size_t i = 0; i < 3; i++)
        assert_string_equal(paths.path[i] + strlen(root), names[i]);
    assert_int_equal(unread, 0);
    ko_paths_free(&paths);
    assert_int_equal(ko_alloc_live(), 0);
}

static void a_slash_at_the_end_is_not_doubled(void **state)
{
    (void)state;
    char with_slash[64];
    (void)snprintf(with_slash, sizeof with_slash, "%s/b/", root);
    ko_paths paths = {0};
    assert_int_equal(ko_paths_walk(&paths, with_slash, NULL, NULL), KO_OK);
    assert_int_equal(paths.count, 1);
    assert_string_equal(paths.path[0] + strlen(root), "/b/z.png");
    ko_paths_free(&paths);
}

static void a_missing_root_is_named(void **state)
{
    (void)state;
    ko_paths paths = {0};
    ko_error err = {0};
    assert_int_equal(ko_paths_walk(&paths, "/nonexistent/x", NULL, &err), KO_E_NOT_FOUND);
    assert_string_equal(err.text, "/nonexistent/x: No such file or directory");
}

static void reads_whole_files_up_to_the_limit(void **state)
{
    (void)state;
    char *path = ko_path_join(root, "c.png");
    ko_error err = {0};
    ko_buf exact = KO_BUF(5), small = KO_BUF(4);
    assert_int_equal(ko_file_read(path, &exact, &err), KO_OK);
    assert_string_equal(exact.data, "three");
    assert_int_equal(ko_file_read(path, &small, &err), KO_E_LIMIT);
    assert_non_null(strstr(err.text, "5 bytes, limit 4"));
    ko_buf_free(&exact);
    ko_buf_free(&small);
    ko_free(path);
    assert_int_equal(ko_alloc_live(), 0);
}

static void reads_parts_of_files(void **state)
{
    (void)state;
    char *path = ko_path_join(root, "c.png");
    ko_file_part part = {.path = path, .offset = 1, .bytes = 3};
    ko_buf got = KO_BUF(8);
    ko_error err = {0};
    assert_int_equal(ko_buf_text(&got, "t"), KO_OK);
    assert_int_equal(ko_file_read_part(&part, &got, &err), KO_OK);
    assert_string_equal(got.data, "thre");
    part.offset = 2;
    assert_int_equal(ko_file_read_part(&part, &got, &err), KO_OK);
    assert_string_equal(got.data, "threree");
    part.offset = 3;
    ko_buf_clear(&got);
    assert_int_equal(ko_file_read_part(&part, &got, &err), KO_E_FORMAT);
    assert_non_null(strstr(err.text, "c.png: ends at byte 5, before 6"));
    ko_error limit = {0};
    ko_buf small = KO_BUF(2);
    assert_int_equal(ko_file_read_part(&part, &small, &limit), KO_E_LIMIT);
    part.bytes = 0; /* all of it */
    ko_buf whole = KO_BUF(5);
    part.offset = 0;
    assert_int_equal(ko_file_read_part(&part, &whole, &err), KO_OK);
    assert_string_equal(whole.data, "three");
    ko_buf_free(&got);
    ko_buf_free(&whole);
    ko_free(path);
    assert_int_equal(ko_alloc_live(), 0);
}

static void what_is_no_file_is_refused(void **state)
{
    (void)state;
    ko_buf buf = KO_BUF(100);
    ko_error err = {0};
    assert_int_equal(ko_file_read(root, &buf, &err), KO_E_IO);
    assert_non_null(strstr(err.text, "is a folder"));
    ko_error device = {0};
    assert_int_equal(ko_file_read("/dev/zero", &buf, &device), KO_E_IO);
    assert_non_null(strstr(device.text, "not a regular file"));
}

static void folders_are_made_with_their_parents(void **state)
{
    (void)state;
    char *path = ko_path_join(root, "deep/er/est");
    assert_int_equal(ko_folder_make(path, NULL), KO_OK);
    assert_true(ko_is_folder(path));
    assert_int_equal(ko_folder_make(path, NULL), KO_OK);
    char *file = ko_path_join(root, "a.png/below");
    assert_int_not_equal(ko_folder_make(file, NULL), KO_OK);
    ko_free(file);
    ko_free(path);
}

static void paths_come_apart_and_together(void **state)
{
    (void)state;
    static const struct {
        const char *path, *folder, *name;
    } rows[] = {{"a/b/c.png", "a/b", "c.png"}, {"c.png", ".", "c.png"}, {"/c.png", "/", "c.png"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *folder = ko_path_folder(rows[i].path);
        assert_string_equal(folder, rows[i].folder);
        assert_string_equal(ko_path_name(rows[i].path), rows[i].name);
        ko_free(folder);
    }
}

static void what_is_written_is_read_and_failures_name_the_file(void **state)
{
    (void)state;
    ko_buf bytes = KO_BUF(16);
    ko_error err = {0};
    char *path = ko_path_join(root, "written");
    assert_int_equal(ko_file_write(path, "longer", 6, NULL), KO_OK);
    assert_int_equal(ko_file_write(path, "a\0b", 3, NULL), KO_OK);
    assert_int_equal(ko_file_read(path, &bytes, NULL), KO_OK);
    assert_int_equal(bytes.size, 3);
    assert_memory_equal(bytes.data, "a\0b", 3);
    assert_int_equal(unlink(path), 0);
    ko_free(path);
    ko_buf_free(&bytes);
    assert_int_equal(ko_file_write(root, "x", 1, &err), KO_E_IO);
    assert_non_null(strstr(err.text, root));
    assert_int_equal(ko_file_write("/dev/full", "x", 1, NULL), KO_E_IO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read_and_failures_name_the_file),
        cmocka_unit_test(walks_in_order_without_hidden_entries_and_loops),
        cmocka_unit_test(a_slash_at_the_end_is_not_doubled),
        cmocka_unit_test(a_missing_root_is_named),
        cmocka_unit_test(reads_whole_files_up_to_the_limit),
        cmocka_unit_test(reads_parts_of_files),
        cmocka_unit_test(what_is_no_file_is_refused),
        cmocka_unit_test(folders_are_made_with_their_parents),
        cmocka_unit_test(paths_come_apart_and_together),
    };
    return cmocka_run_group_tests_name("base.file", tests, make_root, remove_root);
}
