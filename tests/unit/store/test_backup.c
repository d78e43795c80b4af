/* A backup is whole or not there; the way back loses nothing. */
#include "fixture.h"

#include "store/backup.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

static void path_of(const fixture *f, const char *name, char out[128])
{
    (void)snprintf(out, 128, "%s/%s", f->folder, name);
}

static void fill(ko_store *store, int listings)
{
    assert_int_equal(ko_store_begin(store, NULL), KO_OK);
    for (int i = 0; i < listings; i++) {
        char url[64];
        (void)snprintf(url, sizeof url, "https://m.example/%d", i);
        (void)add_listing(store, url, "abc");
    }
    assert_int_equal(ko_store_commit(store, NULL), KO_OK);
}

static mode_t mode_of(const char *path)
{
    struct stat info;
    assert_int_equal(stat(path, &info), 0);
    return info.st_mode & 0777;
}

static bool is_there(const char *path)
{
    return access(path, F_OK) == 0;
}

static void a_backup_is_one_file_of_one_moment(void **state)
{
    fixture *f = *state;
    char path[128], wal[140];
    ko_backup_facts facts, again;
    (void)add_work(f->store, "cat");
    fill(f->store, 100);
    path_of(f, "backup", path);
    assert_int_equal(ko_store_begin_reading(f->store, NULL), KO_OK);
    assert_int_equal(number(f->store, "SELECT count(*) FROM listing"), 100);
    ko_store *other = NULL; /* who goes on writing */
    assert_int_equal(ko_store_open(f->path, KO_STORE_OPEN, &other, NULL), KO_OK);
    (void)add_listing(other, "https://m.example/later", "d");
    assert_int_equal(ko_store_backup(f->store, path, &facts, NULL), KO_OK);
    (void)add_listing(other, "https://m.example/too/late", "e");
    ko_store_rollback(f->store);
    ko_store_close(other);

    assert_int_equal(facts.listings, 100);
    assert_int_equal(facts.works, 1);
    assert_int_equal(facts.photos, 3);
    assert_int_equal(mode_of(path), 0600);
    assert_int_equal(ko_store_check(path, &again, NULL), KO_OK);
    assert_memory_equal(&facts, &again, sizeof facts);
    (void)snprintf(wal, sizeof wal, "%s-wal", path);
    assert_false(is_there(wal));
    assert_int_equal(ko_store_backup(f->store, path, &facts, NULL), KO_E_EXISTS);
    assert_true(is_there(path));
    assert_int_equal(unlink(path), 0);
}

static void spoil(const char *path, long at, const char *bytes, size_t n)
{
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    assert_int_equal(fseek(file, at, SEEK_SET), 0);
    assert_int_equal(fwrite(bytes, 1, n, file), n);
    assert_int_equal(fclose(file), 0);
}

static ko_status check_spoiled(fixture *f, long at, const char *bytes, size_t n, ko_error *err)
{
    char path[128];
    ko_backup_facts facts;
    path_of(f, "backup", path);
    assert_int_equal(ko_store_backup(f->store, path, &facts, NULL), KO_OK);
    spoil(path, at, bytes, n);
    const ko_status st = ko_store_check(path, &facts, err);
    assert_int_equal(unlink(path), 0);
    return st;
}

static void what_is_no_sound_backup_is_refused(void **state)
{
    fixture *f = *state;
    ko_backup_facts facts;
    char path[128];
    char noise[4096];
    memset(noise, 0x5a, sizeof noise);
    fill(f->store, 300);
    ko_error err[4] = {{0}};
    assert_int_equal(check_spoiled(f, 0, "no database", 11, &err[0]), KO_E_DAMAGED);
    assert_int_equal(check_spoiled(f, 68, "Diary", 4, &err[1]),
                     KO_E_DAMAGED); /* another program's */
    assert_int_equal(check_spoiled(f, 60, "\0\0\3\347", 4, &err[2]), KO_E_VERSION); /* schema 999 */
    assert_non_null(strstr(err[2].text, "999"));
    assert_int_equal(check_spoiled(f, 12 * 4096, noise, sizeof noise, &err[3]), KO_E_DAMAGED);

    /* In use: what its journal holds would be missing. */
    assert_int_equal(ko_store_check(f->path, &facts, NULL), KO_E_DAMAGED);
    path_of(f, "nothing", path);
    assert_int_equal(ko_store_check(path, &facts, NULL), KO_E_NOT_FOUND);
    assert_int_equal(ko_store_check(f->folder, &facts, NULL), KO_E_DAMAGED);
    /* Paths are no URIs. */
    path_of(f, "a?mode=rw%41#b", path);
    assert_int_equal(ko_store_backup(f->store, path, &facts, NULL), KO_OK);
    assert_int_equal(unlink(path), 0);
}

/* A row that refers to nothing, as only a damaged file has it. */
static void broken_references_are_found(void **state)
{
    fixture *f = *state;
    char path[128];
    ko_backup_facts facts;
    path_of(f, "backup", path);
    fill(f->store, 3);
    execute(f->store, "PRAGMA foreign_keys = OFF; DELETE FROM photo WHERE id = 1;"
                      " PRAGMA foreign_keys = ON");
    ko_error err = {0};
    assert_int_equal(ko_store_backup(f->store, path, &facts, &err), KO_E_DAMAGED);
    assert_non_null(strstr(err.text, "listing_photo"));
    assert_false(is_there(path));
}

static void a_full_disk_leaves_nothing(void **state)
{
    fixture *f = *state;
    char path[128];
    fill(f->store, 500);
    close_store(f);
    path_of(f, "backup", path);
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        const struct rlimit limit = {100000, 100000};
        ko_store *store = NULL;
        ko_backup_facts facts;
        ko_error err = {0};
        (void)signal(SIGXFSZ, SIG_IGN);
        (void)setrlimit(RLIMIT_FSIZE, &limit);
        ko_status st = ko_store_open(f->path, KO_STORE_OPEN, &store, NULL);
        if (st == KO_OK)
            st = ko_store_backup(store, path, &facts, &err);
        ko_store_close(store);
        _exit(st == KO_E_IO && strstr(err.text, path) ? 0 : 1);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    assert_false(is_there(path));
}

static void a_backup_takes_the_place_of_the_database(void **state)
{
    fixture *f = *state;
    char with[128], aside[128];
    ko_backup_facts facts;
    path_of(f, "backup", with);
    path_of(f, "aside", aside);
    fill(f->store, 10);
    assert_int_equal(ko_store_backup(f->store, with, &facts, NULL), KO_OK);
    fill(f->store, 20);
    ko_error err = {0};
    assert_int_equal(ko_store_replace(f->path, with, aside, &err), KO_E_BUSY);
    assert_non_null(strstr(err.text, f->path));
    assert_true(is_there(with));
    assert_false(is_there(aside));
    assert_int_equal(number(f->store, "SELECT count(*) FROM listing"), 20);
    (void)add_listing(f->store, "https://m.example/last", "a"); /* it still can be used */

    close_store(f);
    assert_int_equal(ko_store_replace(f->path, with, aside, NULL), KO_OK);
    open_store(f, KO_STORE_OPEN);
    assert_int_equal(number(f->store, "SELECT count(*) FROM listing"), 10);
    assert_whole(f->store);
    assert_false(is_there(with));
    assert_int_equal(ko_store_check(aside, &facts, NULL), KO_OK); /* with all it had */
    assert_int_equal(facts.listings, 21);
    assert_int_equal(unlink(aside), 0);
}

/* What a kill left: the file, and a journal with what was written last. */
static void a_damaged_database_goes_aside_with_its_journal(void **state)
{
    fixture *f = *state;
    char with[128], aside[128], journal[140], aside_journal[140];
    ko_backup_facts facts;
    path_of(f, "backup", with);
    path_of(f, "aside", aside);
    (void)snprintf(journal, sizeof journal, "%s-wal", f->path);
    (void)snprintf(aside_journal, sizeof aside_journal, "%s-wal", aside);
    fill(f->store, 10);
    assert_int_equal(ko_store_backup(f->store, with, &facts, NULL), KO_OK);
    close_store(f);
    spoil(f->path, 0, "no database", 11);
    const int fd = open(journal, O_WRONLY | O_CREAT, 0600);
    assert_true(fd >= 0 && write(fd, "x", 1) == 1 && close(fd) == 0);
    assert_int_equal(ko_store_replace(f->path, with, aside, NULL), KO_OK);
    assert_true(is_there(aside) && is_there(aside_journal));
    assert_false(is_there(journal));
    open_store(f, KO_STORE_OPEN);
    assert_int_equal(number(f->store, "SELECT count(*) FROM listing"), 10);
    assert_int_equal(unlink(aside), 0);
    assert_int_equal(unlink(aside_journal), 0);
}

static void paths_lead_where_the_files_are_now(void **state)
{
    fixture *f = *state;
    (void)add_view(f->store, add_work(f->store, "cat"), 1);
    execute(
        f->store,
        "INSERT INTO photo (path, bytes, modified_at, seen_at) VALUES ('/old/k.db-archive/p', 1,"
        " 1, 1), ('/old/k.dba', 1, 1, 1), ('/mine/p', 1, 1, 1)");
    assert_int_equal(ko_store_repoint(f->store, "/old/k.db-", "/n/d-", false, NULL), KO_OK);
    assert_int_equal(number(f->store, "SELECT count(*) FROM photo WHERE path IN ('/n/d-archive/p',"
                                      " '/old/k.dba', '/mine/p')"),
                     3);
    assert_int_equal(ko_store_repoint(f->store, "/art/cat", "/no", true, NULL), KO_OK);
    assert_int_equal(ko_store_repoint(f->store, "/art/cat.png", "/a.png", true, NULL), KO_OK);
    assert_int_equal(number(f->store, "SELECT path = '/a.png' FROM view"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
        TEST(a_backup_is_one_file_of_one_moment),
        TEST(what_is_no_sound_backup_is_refused),
        TEST(broken_references_are_found),
        TEST(a_full_disk_leaves_nothing),
        TEST(a_backup_takes_the_place_of_the_database),
        TEST(a_damaged_database_goes_aside_with_its_journal),
        TEST(paths_lead_where_the_files_are_now),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
