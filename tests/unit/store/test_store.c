#include "fixture.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/file.h"

#include <fcntl.h>

/* --- files --- */

static ko_buf contents(const char *path)
{
    ko_buf buf = KO_BUF((size_t)1 << 24);
    assert_int_equal(ko_file_read(path, &buf, NULL), KO_OK);
    return buf;
}

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    assert_int_equal(fclose(file), 0);
}

/* Runs SQL on the file without the store. */
static void alter(const char *path, const char *sql)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* Opening, in either mode, gives the status and changes no byte of the file. */
static ko_error assert_refused(const char *path, ko_status status)
{
    ko_error err = {0};
    ko_buf before = contents(path);
    for (int mode = KO_STORE_CREATE; mode <= KO_STORE_OPEN; mode++) {
        ko_store *store = NULL;
        err = (ko_error){0};
        assert_int_equal(ko_store_open(path, (ko_store_mode)mode, &store, &err), status);
        assert_null(store);
        assert_non_null(strstr(err.text, path));
    }
    ko_buf after = contents(path);
    assert_int_equal(before.size, after.size);
    assert_memory_equal(before.data, after.data, after.size);
    ko_buf_free(&before);
    ko_buf_free(&after);
    return err;
}

static void new_files_are_private_whatever_the_umask(void **state)
{
    fixture *f = *state;
    static const mode_t umasks[] = {0, 022, 0777};
    for (size_t i = 0; i < sizeof umasks / sizeof umasks[0]; i++) {
        start_over(f);
        const mode_t before = umask(umasks[i]);
        const ko_status st = ko_store_open(f->path, KO_STORE_CREATE, &f->store, NULL);
        (void)umask(before);
        assert_int_equal(st, KO_OK);
        (void)add_work(f->store, "cat");
        static const char *const suffixes[] = {"", "-wal", "-shm"};
        for (size_t k = 0; k < 3; k++) {
            char path[128];
            struct stat info;
            (void)snprintf(path, sizeof path, "%s%s", f->path, suffixes[k]);
            assert_int_equal(stat(path, &info), 0);
            assert_int_equal(info.st_mode & 07777, 0600);
        }
    }
}

static void only_create_makes_a_file_and_its_folder(void **state)
{
    fixture *f = *state;
    char folder[96], path[128];
    (void)snprintf(folder, sizeof folder, "%s/deep", f->folder);
    (void)snprintf(path, sizeof path, "%s/k.db", folder);
    ko_store *store = NULL;
    assert_int_equal(ko_store_open(path, KO_STORE_OPEN, &store, NULL), KO_E_NOT_FOUND);
    assert_int_equal(access(folder, F_OK), -1);
    assert_int_equal(ko_store_open(path, KO_STORE_CREATE, &store, NULL), KO_OK);
    ko_store_close(store);
    assert_int_equal(unlink(path), 0); /* closed for good: no -wal and -shm stay behind */
    assert_int_equal(rmdir(folder), 0);
}

static void a_name_is_never_taken_for_an_uri(void **state)
{
    fixture *f = *state;
    char *before = getcwd(NULL, 0);
    assert_non_null(before);
    assert_int_equal(chdir(f->folder), 0);
    static const char *const names[] = {":memory:", "file:x?mode=memory"};
    for (size_t i = 0; i < 2; i++) {
        ko_store *store = NULL;
        assert_int_equal(ko_store_open(names[i], KO_STORE_CREATE, &store, NULL), KO_OK);
        (void)add_work(store, "cat");
        ko_store_close(store);
        assert_int_equal(ko_store_open(names[i], KO_STORE_OPEN, &store, NULL), KO_OK);
        assert_int_equal(number(store, "SELECT count(*) FROM work"), 1);
        ko_store_close(store);
        assert_int_equal(unlink(names[i]), 0);
    }
    assert_int_equal(chdir(before), 0);
    free(before);
}

static void what_was_kept_is_there_after_opening_again(void **state)
{
    fixture *f = *state;
    const int64_t work = add_work(f->store, "cat");
    assert_int_equal(ko_store_set_threshold(f->store, 7.25, NULL), KO_OK);
    open_store(f, KO_STORE_OPEN);
    int64_t found = 0;
    double threshold = 0;
    assert_int_equal(ko_work_find(f->store, "KO-000001", &found, NULL), KO_OK);
    assert_int_equal(found, work);
    assert_int_equal(ko_store_threshold(f->store, &threshold, NULL), KO_OK);
    assert_true(threshold == 7.25);
}

static void an_empty_file_becomes_a_database(void **state)
{
    fixture *f = *state;
    start_over(f);
    write_file(f->path, "");
    open_store(f, KO_STORE_OPEN);
    (void)add_work(f->store, "cat");
}

static void a_newer_schema_is_refused_untouched(void **state)
{
    fixture *f = *state;
    const int64_t ours = number(f->store, "PRAGMA user_version");
    assert_true(ours >= 1);
    close_store(f);
    alter(f->path, "PRAGMA user_version = 987");
    const ko_error err = assert_refused(f->path, KO_E_VERSION);
    char number_text[32];
    (void)snprintf(number_text, sizeof number_text, "up to %lld", (long long)ours);
    assert_non_null(strstr(err.text, "987"));
    assert_non_null(strstr(err.text, number_text));
}

static void files_of_others_are_refused_untouched(void **state)
{
    fixture *f = *state;
    static const char *const foreign[] = {
        "CREATE TABLE bookmark (url TEXT); INSERT INTO bookmark VALUES ('x')",
        "PRAGMA application_id = 252006674; PRAGMA user_version = 1",
        "PRAGMA journal_mode = WAL; CREATE TABLE t (x)",
    };
    for (size_t i = 0; i < sizeof foreign / sizeof foreign[0]; i++) {
        start_over(f);
        alter(f->path, foreign[i]);
        (void)assert_refused(f->path, KO_E_DAMAGED);
    }
    start_over(f);
    write_file(f->path, "a note");
    (void)assert_refused(f->path, KO_E_DAMAGED);
    FILE *file = fopen(f->path, "wb");
    assert_non_null(file);
    for (int i = 0; i < 20000; i++)
        (void)fputs("no database ", file);
    assert_int_equal(fclose(file), 0);
    (void)assert_refused(f->path, KO_E_DAMAGED);
    ko_store *store = NULL;
    assert_int_equal(ko_store_open(f->folder, KO_STORE_OPEN, &store, NULL), KO_E_DAMAGED);
}

static ko_status ignore_photo(void *context, const ko_photo *photo)
{
    (void)context;
    (void)photo;
    return KO_OK;
}

static void damage_is_told_not_handed_on(void **state)
{
    fixture *f = *state;
    assert_int_equal(ko_store_begin(f->store, NULL), KO_OK);
    for (int i = 0; i < 500; i++) {
        char url[32];
        (void)snprintf(url, sizeof url, "https://m.example/%d", i);
        (void)add_listing(f->store, url, "abcdefgh");
    }
    assert_int_equal(ko_store_commit(f->store, NULL), KO_OK);
    execute(f->store, "UPDATE photo SET quality = 1000 WHERE id = 3");
    assert_int_equal(ko_photo_each(f->store, 0, INT64_MAX, 2, ignore_photo, NULL, NULL), KO_OK);
    assert_int_equal(ko_photo_each(f->store, 0, INT64_MAX, 3, ignore_photo, NULL, NULL),
                     KO_E_DAMAGED);
    close_store(f);

    const int fd = open(f->path, O_WRONLY | O_CLOEXEC); /* all pages but the first */
    assert_true(fd >= 0);
    struct stat info;
    assert_int_equal(fstat(fd, &info), 0);
    char page[4096];
    memset(page, 0x5A, sizeof page);
    for (off_t at = 4096; at < info.st_size; at += 4096)
        assert_int_equal(pwrite(fd, page, sizeof page, at), sizeof page);
    assert_int_equal(close(fd), 0);
    ko_error err = {0};
    ko_status st = ko_store_open(f->path, KO_STORE_OPEN, &f->store, &err);
    if (st == KO_OK)
        st = ko_photo_each(f->store, 0, INT64_MAX, 1, ignore_photo, NULL, &err);
    assert_int_equal(st, KO_E_DAMAGED);
    assert_non_null(strstr(err.text, f->path));
}

static void values_that_the_schema_forbids_are_damage(void **state)
{
    fixture *f = *state;
    uint8_t bytes[4] = {9, 9, 9, 9};
    ko_query q = ko_query_start(f->store, "SELECT NULL, 5");
    assert_true(ko_query_row(&q));
    assert_string_equal(ko_query_text(&q), ""); /* no row to crash on */
    assert_int_equal(ko_query_int(&q), 0);      /* nothing is read past a failure */
    assert_int_equal(ko_query_end(&q, NULL), KO_E_DAMAGED);
    q = ko_query_start(f->store, "SELECT NULL, x'010203'");
    assert_true(ko_query_row(&q));
    ko_query_bytes(&q, bytes, sizeof bytes);
    assert_memory_equal(bytes, "\0\0\0\0", sizeof bytes);
    assert_true(ko_query_intact(&q));
    ko_query_bytes(&q, bytes, sizeof bytes);
    assert_int_equal(ko_query_end(&q, NULL), KO_E_DAMAGED);
}

/* --- transactions and settings --- */

static void rollback_takes_everything_back(void **state)
{
    fixture *f = *state;
    ko_store_rollback(f->store); /* nothing has begun */
    assert_int_equal(ko_store_begin(f->store, NULL), KO_OK);
    const int64_t work = add_work(f->store, "cat");
    const int64_t view = add_view(f->store, work, 1);
    (void)add_listing(f->store, "https://m.example/1", "a");
    assert_int_equal(add_match(f->store, work, view, 1, 9), 1);
    assert_int_equal(ko_candidates_complete(f->store, &(size_t){0}, NULL), KO_OK);
    ko_store_rollback(f->store);
    assert_int_equal(number(f->store, "SELECT (SELECT count(*) FROM work)"
                                      " + (SELECT count(*) FROM view)"
                                      " + (SELECT count(*) FROM listing)"
                                      " + (SELECT count(*) FROM photo)"
                                      " + (SELECT count(*) FROM evidence)"
                                      " + (SELECT count(*) FROM candidate)"),
                     0);
    (void)add_work(f->store, "dog");
    open_store(f, KO_STORE_OPEN);
    assert_int_equal(number(f->store, "SELECT count(*) FROM work"), 1);
}

static void a_write_that_fails_leaves_nothing_half_done(void **state)
{
    fixture *f = *state;
    const int64_t work = add_work(f->store, "cat");
    const int64_t view = add_view(f->store, work, 1);
    (void)add_listing(f->store, "https://m.example/1", "a");
    execute(f->store, "DROP TABLE candidate"); /* the second half of ko_match_add */
    const ko_match match = plain_match(work, view, 1, 9);
    size_t fresh = 5;
    assert_int_equal(ko_match_add(f->store, &match, &fresh, NULL), KO_E_DAMAGED);
    assert_int_equal(fresh, 5);
    assert_int_equal(number(f->store, "SELECT count(*) FROM evidence"), 0);
    assert_int_equal(ko_store_begin(f->store, NULL), KO_OK); /* none was left open */
    assert_int_equal(ko_store_commit(f->store, NULL), KO_OK);
}

static void a_second_writer_is_told_who_is_busy_and_may_read(void **state)
{
    fixture *f = *state;
    (void)add_work(f->store, "cat");
    ko_store *other = NULL;
    assert_int_equal(ko_store_open(f->path, KO_STORE_OPEN, &other, NULL), KO_OK);
    (void)sqlite3_busy_timeout(other->db, 0); /* else ten seconds */
    assert_int_equal(ko_store_begin(f->store, NULL), KO_OK);
    (void)add_work(f->store, "dog");

    ko_error err = {0};
    assert_int_equal(ko_store_begin(other, &err), KO_E_BUSY);
    assert_non_null(strstr(err.text, f->path));
    assert_int_equal(ko_store_set_threshold(other, 8, NULL), KO_E_BUSY);
    int64_t id = 0;
    assert_int_equal(ko_work_find(other, "1", &id, NULL), KO_OK);
    assert_int_equal(ko_work_find(other, "2", &id, NULL), KO_E_NOT_FOUND);
    ko_store *third = NULL; /* opening a current file waits for nobody */
    assert_int_equal(ko_store_open(f->path, KO_STORE_CREATE, &third, NULL), KO_OK);
    ko_store_close(third);

    assert_int_equal(ko_store_commit(f->store, NULL), KO_OK);
    assert_int_equal(ko_store_set_threshold(other, 8, NULL), KO_OK);
    assert_int_equal(ko_work_find(other, "2", &id, NULL), KO_OK);
    ko_store_close(other);
}

static void assert_setting(ko_store *store, const char *name, const char *expected)
{
    char *text = NULL;
    assert_int_equal(ko_store_setting(store, name, &text, NULL), KO_OK);
    assert_string_equal(text, expected);
    ko_free(text);
}

static void a_setting_is_kept_until_it_is_forgotten(void **state)
{
    fixture *f = *state;
    assert_setting(f->store, "contact", "");
    assert_int_equal(ko_store_set_setting(f->store, "contact", "mailto:a@b.test", NULL), KO_OK);
    open_store(f, KO_STORE_OPEN);
    assert_setting(f->store, "contact", "mailto:a@b.test");
    assert_setting(f->store, "threshold", "");
    assert_int_equal(ko_store_set_setting(f->store, "contact", "", NULL), KO_OK);
    assert_setting(f->store, "contact", "");
}

static void the_threshold_is_six_until_set(void **state)
{
    fixture *f = *state;
    double threshold = 0;
    assert_int_equal(ko_store_threshold(f->store, &threshold, NULL), KO_OK);
    assert_true(threshold == 6.0);
    assert_int_equal(ko_store_set_threshold(f->store, 4.5, NULL), KO_OK);
    assert_int_equal(ko_store_set_threshold(f->store, 5.1, NULL), KO_OK);
    assert_int_equal(ko_store_threshold(f->store, &threshold, NULL), KO_OK);
    assert_true(threshold == 5.1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(new_files_are_private_whatever_the_umask),
        TEST(only_create_makes_a_file_and_its_folder),
        TEST(a_name_is_never_taken_for_an_uri),
        TEST(what_was_kept_is_there_after_opening_again),
        TEST(an_empty_file_becomes_a_database),
        TEST(a_newer_schema_is_refused_untouched),
        TEST(files_of_others_are_refused_untouched),
        TEST(damage_is_told_not_handed_on),
        TEST(values_that_the_schema_forbids_are_damage),
        TEST(rollback_takes_everything_back),
        TEST(a_write_that_fails_leaves_nothing_half_done),
        TEST(a_second_writer_is_told_who_is_busy_and_may_read),
        TEST(a_setting_is_kept_until_it_is_forgotten),
        TEST(the_threshold_is_six_until_set),
    };
    return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
