/* Memory that gives out, disks that are full, files that may not be written. Whatever
 * happens, a status tells it, the transaction is taken back and the database is whole. */
#include "fixture.h"

#include "base/alloc.h"
#include "store/source.h"
#include "store/web.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

/* --- our own memory --- */

static ko_status take_listing(void *context, const ko_seen *seen)
{
    *(size_t *)context += seen->record.n_pictures;
    return KO_OK;
}

/* Everything here that asks base/alloc.h for memory. */
static ko_status open_and_read(const char *path, ko_error *err)
{
    ko_store *store = NULL;
    size_t n = 0;
    ko_status st = ko_store_open(path, KO_STORE_CREATE, &store, err);
    if (st == KO_OK)
        st = ko_seen_each(store, 0, take_listing, &n, err);
    if (st == KO_OK)
        assert_int_equal(n, 3);
    ko_store_close(store);
    return st;
}

static void want_of_our_memory_is_told(void **state)
{
    fixture *f = *state;
    (void)add_listing(f->store, "https://m.example/1", "abc");
    close_store(f);
    for (int sticky = 0; sticky <= 1; sticky++)
        for (unsigned nth = 1;; nth++) {
            ko_error err = {0};
            ko_alloc_fault(nth, sticky);
            const ko_status st = open_and_read(f->path, &err);
            const unsigned fired = ko_alloc_fault_hits();
            ko_alloc_fault(0, 0);
            assert_int_equal(ko_alloc_live(), 0);
            if (!fired) {
                assert_int_equal(st, KO_OK);
                assert_true(nth > 5);
                break;
            }
            assert_int_equal(st, KO_E_NOMEM);
            assert_string_not_equal(err.text, "");
        }
}

/* --- SQLite's memory --- */

static sqlite3_mem_methods plain;
static unsigned countdown; /* 0: no fault armed */
static bool sticky_fault;

static bool refused(void)
{
    if (countdown == 0)
        return false;
    if (countdown > 1) {
        countdown--;
        return false;
    }
    if (!sticky_fault)
        countdown = 0;
    return true;
}

static void *refusing_malloc(int size)
{
    return refused() ? NULL : plain.xMalloc(size);
}

static void *refusing_realloc(void *block, int size)
{
    return refused() ? NULL : plain.xRealloc(block, size);
}

/* Before anything else: SQLite takes its allocator once. */
static int install_allocator(void **state)
{
    (void)state;
    if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &plain) != SQLITE_OK)
        return -1;
    sqlite3_mem_methods methods = plain;
    methods.xMalloc = refusing_malloc;
    methods.xRealloc = refusing_realloc;
    return sqlite3_config(SQLITE_CONFIG_MALLOC, &methods) == SQLITE_OK ? 0 : -1;
}

static ko_status take_candidate(void *context, const ko_candidate *candidate)
{
    (void)context;
    /* What is handed out is never a text that memory gave out on. */
    assert_string_equal(candidate->listing->record.url, "https://m.example/1");
    assert_string_equal(candidate->photo->path, "/p/b");
    assert_string_equal(candidate->work->fields.title, "cat");
    return KO_OK;
}

static ko_status take_picture(void *context, const ko_web_picture *picture)
{
    (void)context;
    assert_string_equal(picture->url, "https://c.example/1.jpg");
    return KO_OK;
}

/* What a crawl writes down. */
static ko_status crawl_a_bit(ko_store *store, ko_error *err)
{
    int64_t source = 0, answer = 0, left = 0;
    bool fresh;
    ko_ingested what;
    const ko_listing record = plain_record("https://m.example/2");
    const ko_photo_file picture = {.path = "", .url = "https://c.example/1.jpg"};
    const ko_photo_file file = {
        .path = "/a.warc", .offset = 9, .bytes = 10, .archived = true, .sha256 = {7}, .url = ""};
    ko_status st = ko_source_add(
        store, &(ko_source){.name = "", .url = "https://m.example/", .kind = ""}, &source, err);
    if (st == KO_OK)
        st = ko_request_add(store, source, "https://m.example/2", KO_REQUEST_PAGE, &fresh, err);
    if (st == KO_OK)
        st = ko_web_answer_add(
            store, &(ko_web_answer){.url = "u", .final_url = "u", .content_type = "", .warc = "w"},
            &answer, err);
    if (st == KO_OK)
        st = ko_seen_add(store, &record, "s", &picture, 1, answer, &what, err);
    if (st == KO_OK)
        st = ko_web_picture_each_new(store, 0, 0, 9, take_picture, NULL, err);
    ko_web_picture found = {0};
    if (st == KO_OK)
        st = ko_web_picture_find(store, picture.url, &found, err);
    if (st == KO_OK)
        st = ko_web_picture_arrived(store, found.id, &file, err);
    if (st == KO_OK)
        st = ko_web_host_put(store, &(ko_web_host){.origin = "https://m.example"}, err);
    ko_web_host host;
    if (st == KO_OK)
        st = ko_web_host_get(store, "https://m.example", &host, err);
    return st == KO_OK ? ko_web_quota_use(store, "ebay", 1, 9, &left, err) : st;
}

/* A bit of everything, in one transaction. */
static ko_status work_through(ko_store *store, ko_error *err)
{
    int64_t work = 0, view_id = 0;
    char serial[KO_SERIAL_SIZE];
    ko_ingested what;
    size_t fresh = 0;
    ko_status st = ko_store_begin(store, err);
    if (st == KO_OK)
        st = ko_work_add(store, &(ko_work_fields){.title = "cat"}, &work, serial, err);
    const ko_view view = plain_view(work, 1);
    if (st == KO_OK)
        st = ko_view_add(store, &view, &view_id, err);
    if (st == KO_OK)
        st = put_listing(store, "https://m.example/1", "Tee", "ab", &what, err);
    const ko_photo photo = {.id = 2, .state = KO_PHOTO_READ, .reason = ""};
    if (st == KO_OK)
        st = ko_photo_update(store, &photo, err);
    const ko_match match = plain_match(work, view_id, 2, 9);
    if (st == KO_OK)
        st = ko_match_add(store, &match, &fresh, err);
    if (st == KO_OK)
        st = ko_candidate_each(store, &(ko_candidate_filter){0}, take_candidate, NULL, err);
    if (st == KO_OK)
        st = crawl_a_bit(store, err);
    if (st == KO_OK)
        st = ko_store_commit(store, err);
    if (st != KO_OK)
        ko_store_rollback(store);
    return st;
}

#define ROWS                                                                                       \
    "SELECT (SELECT count(*) FROM work) + (SELECT count(*) FROM view)"                             \
    " + (SELECT count(*) FROM listing) + (SELECT count(*) FROM photo)"                             \
    " + (SELECT count(*) FROM evidence) + (SELECT count(*) FROM candidate)"                        \
    " + (SELECT count(*) FROM source) + (SELECT count(*) FROM request)"                            \
    " + (SELECT count(*) FROM web_picture) + (SELECT count(*) FROM listing_picture)"               \
    " + (SELECT count(*) FROM web_answer) + (SELECT count(*) FROM listing_answer)"                 \
    " + (SELECT count(*) FROM web_host) + (SELECT count(*) FROM web_quota)"
#define ROWS_IN_ALL (7 + 2 + 8)

/* Opens a new database and works through while the nth allocation fails; true when the
 * fault came to pass. */
static bool survives(fixture *f, unsigned nth, bool sticky)
{
    start_over(f);
    ko_error err = {0};
    sticky_fault = sticky;
    countdown = nth;
    ko_status st = ko_store_open(f->path, KO_STORE_CREATE, &f->store, &err);
    if (st == KO_OK)
        st = work_through(f->store, &err);
    const bool fired = sticky ? countdown == 1 : countdown == 0;
    countdown = 0;
    /* SQLite does without some of what it asks for. */
    assert_true(st == KO_OK || (fired && st == KO_E_NOMEM));
    if (st != KO_OK)
        assert_string_not_equal(err.text, "");
    if (!f->store)
        open_store(f, KO_STORE_CREATE);
    assert_int_equal(number(f->store, ROWS), st == KO_OK ? ROWS_IN_ALL : 0);
    if (st != KO_OK) /* the same store works on once there is memory */
        assert_int_equal(work_through(f->store, NULL), KO_OK);
    assert_whole(f->store);
    return fired;
}

static void want_of_sqlites_memory_is_told_and_taken_back(void **state)
{
    for (int sticky = 0; sticky <= 1; sticky++) {
        unsigned nth = 1;
        while (survives(*state, nth, sticky))
            nth += 1 + nth / 10; /* a sample: each of the first, then ever fewer */
        assert_true(nth > 100);
    }
}

/* --- the disk --- */

static ko_status fill(ko_store *store, int listings, ko_error *err)
{
    ko_status st = ko_store_begin(store, err);
    for (int i = 0; st == KO_OK && i < listings; i++) {
        char url[64];
        ko_ingested what;
        (void)snprintf(url, sizeof url, "https://m.example/%d", i);
        st = put_listing(store, url, "A title of some length, as they are", "abcdef", &what, err);
    }
    if (st == KO_OK)
        st = ko_store_commit(store, err);
    if (st != KO_OK)
        ko_store_rollback(store);
    return st;
}

static void a_full_disk_is_told_and_taken_back(void **state)
{
    fixture *f = *state;
    (void)add_listing(f->store, "https://m.example/kept", "k");
    execute(f->store, "PRAGMA max_page_count = 60");
    ko_error err = {0};
    assert_int_equal(fill(f->store, 5000, &err), KO_E_IO);
    assert_non_null(strstr(err.text, f->path));
    assert_int_equal(number(f->store, "SELECT count(*) FROM listing"), 1);
    assert_whole(f->store);
    assert_int_equal(fill(f->store, 10, NULL), KO_OK); /* less still fits */
    execute(f->store, "PRAGMA max_page_count = 100000");
    assert_int_equal(fill(f->store, 5000, NULL), KO_OK);
    assert_whole(f->store);
}

/* In a process that may not write files past a size: the status of opening and filling. */
static ko_status fill_within(const char *path, rlim_t size)
{
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        const struct rlimit limit = {.rlim_cur = size, .rlim_max = size};
        ko_store *store = NULL;
        (void)signal(SIGXFSZ, SIG_IGN);
        ko_status st = setrlimit(RLIMIT_FSIZE, &limit) == 0 ? KO_OK : KO_E_USAGE;
        if (st == KO_OK)
            st = ko_store_open(path, KO_STORE_CREATE, &store, NULL);
        if (st == KO_OK)
            st = fill(store, 300, NULL);
        ko_store_close(store);
        _exit((int)st);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return (ko_status)WEXITSTATUS(status);
}

static void writing_may_fail_at_any_size(void **state)
{
    fixture *f = *state;
    unsigned failures = 0, successes = 0;
    for (rlim_t size = 0; successes == 0; size += size < 65536 ? 4096 : 32768) {
        start_over(f);
        const ko_status st = fill_within(f->path, size);
        assert_true(st == KO_OK || st == KO_E_IO);
        failures += st != KO_OK;
        successes += st == KO_OK;
        open_store(f, KO_STORE_CREATE);
        assert_whole(f->store);
        assert_int_equal(number(f->store, "SELECT count(*) FROM listing"), st == KO_OK ? 300 : 0);
        assert_int_equal(fill(f->store, 300, NULL), KO_OK);
    }
    assert_true(failures > 10);
}

/* What a user without any rights is told. */
static ko_status open_as_nobody(const char *path)
{
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        ko_store *store = NULL;
        if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
            _exit(255);
        const ko_status st = ko_store_open(path, KO_STORE_OPEN, &store, NULL);
        ko_store_close(store);
        _exit((int)st);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return (ko_status)WEXITSTATUS(status);
}

static void what_may_not_be_written_is_told(void **state)
{
    fixture *f = *state;
    close_store(f);
    static const struct {
        mode_t file, folder;
    } modes[] = {{0400, 0700}, {0000, 0700}, {0600, 0500}, {0600, 0000}};
    const unsigned shift = geteuid() == 0 ? 6 : 0; /* root asks as a stranger */
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        assert_int_equal(chmod(f->path, modes[i].file >> shift), 0);
        assert_int_equal(chmod(f->folder, modes[i].folder >> shift), 0);
        const ko_status st = open_as_nobody(f->path);
        assert_int_equal(chmod(f->folder, 0700), 0);
        assert_int_equal(chmod(f->path, 0600), 0);
        assert_int_equal(st, KO_E_IO);
    }
    open_store(f, KO_STORE_OPEN);
    double threshold = 0;
    assert_int_equal(ko_store_threshold(f->store, &threshold, NULL), KO_OK);
    assert_true(threshold == 6.0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(want_of_our_memory_is_told),
        TEST(want_of_sqlites_memory_is_told_and_taken_back),
        TEST(a_full_disk_is_told_and_taken_back),
        TEST(writing_may_fail_at_any_size),
        TEST(what_may_not_be_written_is_told),
    };
    return cmocka_run_group_tests_name("faults", tests, install_allocator, NULL);
}
