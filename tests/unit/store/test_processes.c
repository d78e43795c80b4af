/* Several processes at one database, and one that is killed. A child never opens what its
 * parent holds open: SQLite connections do not survive a fork. */
#include "fixture.h"

#include <signal.h>
#include <sys/wait.h>

#define CHILDREN 4
#define ROUNDS 50

typedef struct gate {
    int ends[2];
} gate;

static gate make_gate(void)
{
    gate g;
    assert_int_equal(pipe(g.ends), 0);
    return g;
}

/* Returns when every holder of the writing end has closed it or died. */
static void wait_at(const gate *g)
{
    char byte;
    (void)close(g->ends[1]);
    while (read(g->ends[0], &byte, 1) > 0)
        continue;
    (void)close(g->ends[0]);
}

static void open_gate(const gate *g)
{
    (void)close(g->ends[1]);
    (void)close(g->ends[0]);
}

static void assert_child_ended_well(pid_t child)
{
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

/* Starts CHILDREN processes that all begin at once and waits for their good end. */
static void run_together(int (*body)(const fixture *f, int number), const fixture *f)
{
    pid_t children[CHILDREN];
    const gate start = make_gate();
    for (int i = 0; i < CHILDREN; i++) {
        children[i] = fork();
        assert_true(children[i] >= 0);
        if (children[i] == 0) {
            wait_at(&start);
            _exit(body(f, i));
        }
    }
    open_gate(&start);
    for (int i = 0; i < CHILDREN; i++)
        assert_child_ended_well(children[i]);
}

static int create_and_add(const fixture *f, int index)
{
    ko_store *store = NULL;
    ko_error err = {0};
    int64_t id = 0;
    char serial[KO_SERIAL_SIZE];
    ko_status st = ko_store_open(f->path, KO_STORE_CREATE, &store, &err);
    if (st == KO_OK)
        st = ko_work_add(store, &(ko_work_fields){.title = "cat"}, &id, serial, &err);
    ko_store_close(store);
    if (st != KO_OK)
        (void)fprintf(stderr, "child %d: %s\n", index, err.text);
    return st != KO_OK;
}

static void several_may_make_the_database_at_once(void **state)
{
    fixture *f = *state;
    for (int round = 0; round < 10; round++) {
        start_over(f);
        run_together(create_and_add, f);
        open_store(f, KO_STORE_OPEN);
        assert_int_equal(number(f->store, "SELECT count(*) FROM work"), CHILDREN);
        assert_int_equal(number(f->store, "SELECT journal_mode = 'wal' FROM pragma_journal_mode"),
                         1);
        assert_whole(f->store);
    }
}

/* Each round adds one listing of its own and one that all have in common, now in a
 * transaction, now without. */
static ko_status write_round(ko_store *store, int index, int round)
{
    char own[64], common[64];
    (void)snprintf(own, sizeof own, "https://m.example/%d/%d", index, round);
    (void)snprintf(common, sizeof common, "https://m.example/common/%d", round);
    const char letters[3] = {(char)('a' + index), 'z', '\0'};
    ko_ingested what;
    const bool begin = round % 2 == 0;
    ko_status st = begin ? ko_store_begin(store, NULL) : KO_OK;
    if (st == KO_OK)
        st = put_listing(store, own, "", letters, &what, NULL);
    if (st == KO_OK)
        st = put_listing(store, common, "", letters, &what, NULL);
    return st == KO_OK && begin ? ko_store_commit(store, NULL) : st;
}

static int write_rounds(const fixture *f, int index)
{
    ko_store *store = NULL;
    ko_status st = ko_store_open(f->path, KO_STORE_OPEN, &store, NULL);
    for (int round = 0; st == KO_OK && round < ROUNDS; round++)
        st = write_round(store, index, round);
    ko_store_close(store);
    return st != KO_OK;
}

static void writers_at_once_lose_nothing(void **state)
{
    fixture *f = *state;
    close_store(f);
    run_together(write_rounds, f);
    open_store(f, KO_STORE_OPEN);
    assert_int_equal(number(f->store, "SELECT count(*) FROM listing"), (CHILDREN + 1) * ROUNDS);
    assert_int_equal(number(f->store, "SELECT count(*) FROM photo"), CHILDREN + 1);
    /* Two photos for each own listing; of the common ones every writer's, and z. */
    assert_int_equal(number(f->store, "SELECT count(*) FROM listing_photo"),
                     2 * CHILDREN * ROUNDS + (CHILDREN + 1) * ROUNDS);
    assert_whole(f->store);
}

/* Commits one listing, goes on until uncommitted pages are in the file, and waits. */
static void write_until_killed(const char *path, const gate *ready)
{
    ko_store *store = NULL;
    ko_ingested what;
    if (ko_store_open(path, KO_STORE_OPEN, &store, NULL) != KO_OK ||
        put_listing(store, "https://m.example/kept", "", "ab", &what, NULL) != KO_OK ||
        sqlite3_exec(store->db, "PRAGMA cache_size = 10", NULL, NULL, NULL) != SQLITE_OK ||
        ko_store_begin(store, NULL) != KO_OK)
        _exit(1);
    for (int i = 0; i < 3000; i++) {
        char url[64];
        (void)snprintf(url, sizeof url, "https://m.example/lost/%d", i);
        if (put_listing(store, url, "", "abcd", &what, NULL) != KO_OK)
            _exit(1);
    }
    open_gate(ready);
    for (;;)
        (void)pause();
}

static void a_killed_writer_leaves_the_database_whole(void **state)
{
    fixture *f = *state;
    close_store(f);
    const gate ready = make_gate();
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        write_until_killed(f->path, &ready);
    wait_at(&ready);
    char wal[128];
    struct stat info;
    (void)snprintf(wal, sizeof wal, "%s-wal", f->path);
    assert_int_equal(stat(wal, &info), 0);
    assert_true(info.st_size > 100000); /* the transaction was under way on disk */
    assert_int_equal(kill(child, SIGKILL), 0);
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));

    open_store(f, KO_STORE_OPEN);
    assert_int_equal(number(f->store, "SELECT count(*) FROM listing"), 1);
    assert_int_equal(number(f->store, "SELECT count(*) FROM photo"), 2);
    assert_whole(f->store);
    (void)add_listing(f->store, "https://m.example/after", "c"); /* and its lock is gone */
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(several_may_make_the_database_at_once),
        TEST(writers_at_once_lose_nothing),
        TEST(a_killed_writer_leaves_the_database_whole),
    };
    return cmocka_run_group_tests_name("processes", tests, NULL, NULL);
}
