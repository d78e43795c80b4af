/* Memory that gives out, disks that are full, files that may not be written. Whatever
 * happens, a status tells it, the transaction is taken back and the database is whole. */
#include "fixture.h"

#include "base/alloc.h"
#include "store/alias.h"
#include "store/allow.h"
#include "store/decision.h"
#include "store/negative.h"
#include "store/notice.h"
#include "store/paper.h"
#include "store/profile.h"
#include "store/remark.h"
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

static ko_status keep_notice(ko_store *store, int64_t *out_id, ko_error *err)
{
    const ko_notice notice = {.channel = "etsy",
                              .work_id = 1,
                              .serial = "KO-000001",
                              .work_title = "cat",
                              .host = "",
                              .reason = "",
                              .part = 1,
                              .parts = 1,
                              .who = "Ann",
                              .folder = ""};
    ko_notice_item items[9];
    for (size_t i = 0; i < 9; i++)
        items[i] = (ko_notice_item){.url = "https://m.example/1",
                                    .item = "",
                                    .platform = "",
                                    .seller = "",
                                    .seller_id = "",
                                    .title = ""};
    return ko_notice_add(store, &notice, items, 9, out_id, err);
}

static ko_status tell_filed(ko_store *store, int64_t notice_id, ko_error *err)
{
    size_t changed = 0;
    const ko_notice_event filed = {.notice_id = notice_id, .state = KO_NOTICE_FILED, .on = 30000};
    const ko_status st = ko_notice_tell(store, &filed, NULL, 0, &changed, err);
    assert_int_equal(changed, st == KO_OK ? 9 : 0);
    return st;
}

/* Everything here that asks base/alloc.h for memory. */
static ko_status open_and_read(const char *path, ko_error *err)
{
    ko_store *store = NULL;
    ko_user user = {0};
    size_t n = 0;
    ko_status st = ko_store_open(path, KO_STORE_CREATE, &store, err);
    if (st == KO_OK)
        st = ko_seen_each(store, 0, take_listing, &n, err);
    if (st == KO_OK)
        assert_int_equal(n, 3);
    if (st == KO_OK)
        st = ko_profile_read(store, &user, err);
    if (st == KO_OK)
        st = ko_store_begin(store, err);
    if (st == KO_OK)
        st = tell_filed(store, 1, err);
    ko_profile_free(&user);
    ko_store_close(store); /* which takes back what was told */
    return st;
}

static void want_of_our_memory_is_told(void **state)
{
    fixture *f = *state;
    int64_t notice = 0;
    (void)add_listing(f->store, "https://m.example/1", "abc");
    assert_int_equal(ko_profile_set(f->store, KO_PROFILE_LEGAL_NAME, "Ann", NULL), KO_OK);
    assert_int_equal(ko_store_begin(f->store, NULL), KO_OK);
    assert_int_equal(keep_notice(f->store, &notice, NULL), KO_OK);
    assert_int_equal(ko_store_commit(f->store, NULL), KO_OK);
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

typedef struct deciding {
    ko_store *store;
    int64_t act_id;
    ko_error *err;
} deciding;

/* Decides about it, allows its seller and never counts its picture. */
static ko_status take_candidate(void *context, const ko_candidate *candidate)
{
    const deciding *d = context;
    ko_allow seller;
    bool changed;
    int64_t id = 0;
    /* What is handed out is never a text that memory gave out on. */
    assert_string_equal(candidate->listing->record.url, "https://m.example/1");
    assert_string_equal(candidate->photo->path, "/p/b");
    assert_string_equal(candidate->work->fields.title, "cat");
    ko_status st =
        ko_decision_add(d->store, d->act_id, candidate, KO_CANDIDATE_ACCEPTED, &changed, d->err);
    if (st == KO_OK)
        st = ko_allow_of(&candidate->listing->record, true, &seller, d->err);
    if (st == KO_OK)
        st = ko_allow_add(d->store, d->act_id, &seller, &id, d->err);
    return st == KO_OK ? ko_negative_add(d->store, d->act_id, candidate->photo, &id, d->err) : st;
}

static ko_status take_allow(void *context, const ko_allow *allow)
{
    (void)context;
    assert_string_equal(allow->host, "m.example");
    return KO_OK;
}

static ko_status take_negative(void *context, const ko_negative *negative)
{
    (void)context;
    assert_string_equal(negative->path, "/p/b");
    return KO_OK;
}

static ko_status take_act(void *context, const ko_act *act, const ko_decision *decision)
{
    (void)context;
    assert_string_equal(act->verb, act->undoes ? "undo" : "accept");
    assert_string_equal(decision->url, "https://m.example/1");
    return KO_OK;
}

/* What a person decides, and takes back. */
static ko_status decide_a_bit(ko_store *store, ko_error *err)
{
    deciding d = {.store = store, .err = err};
    ko_undone undone;
    ko_status st = ko_act_add(store, &(ko_act){.verb = "accept", .who = "Ann"}, &d.act_id, err);
    if (st == KO_OK)
        st = ko_candidate_each(store, &(ko_candidate_filter){0}, take_candidate, &d, err);
    if (st == KO_OK)
        st = ko_allow_each(store, 0, take_allow, NULL, err);
    if (st == KO_OK)
        st = ko_negative_each(store, 0, take_negative, NULL, err);
    if (st == KO_OK)
        st = ko_act_undo(store, "Ann", &undone, err);
    return st == KO_OK ? ko_act_each(store, 0, take_act, NULL, err) : st;
}

static ko_status take_paper(void *context, const ko_paper *paper)
{
    (void)context;
    assert_string_equal(paper->path, "/art/post.png");
    return KO_OK;
}

static ko_status take_notice(void *context, const ko_notice *notice)
{
    (void)context;
    assert_string_equal(notice->channel, "etsy");
    assert_int_equal(notice->n_items, 9);
    return KO_OK;
}

static ko_status take_item(void *context, const ko_notice_item *item)
{
    (void)context;
    assert_string_equal(item->url, "https://m.example/1");
    return KO_OK;
}

static ko_status take_event(void *context, const ko_notice_event *event, int64_t item_id)
{
    (void)context;
    assert_true(event->undone && item_id <= 9);
    return KO_OK;
}

static ko_status take_alias(void *context, const ko_alias *alias)
{
    (void)context;
    assert_string_equal(alias->text[1], "77");
    return KO_OK;
}

static ko_status take_remark(void *context, const ko_remark *remark)
{
    (void)context;
    assert_string_equal(remark->text, "filed");
    return KO_OK;
}

/* What is complained about, with what goes with it. */
static ko_status complain_a_bit(ko_store *store, int64_t work, ko_error *err)
{
    int64_t notice = 0, alias = 0;
    ko_notice_event undone;
    const ko_paper paper = {.role = KO_PAPER_EVIDENCE, .path = "/art/post.png", .sha256 = {1}};
    const ko_alias names = {.platform = "etsy",
                            .kind = {KO_ALIAS_NAME, KO_ALIAS_STORE},
                            .text = {"Pins", "77"},
                            .who = "Ann"};
    const ko_remark remark = {.listing_id = 1, .work = "cat", .name = "status", .text = "filed"};
    ko_status st = ko_profile_set(store, KO_PROFILE_LEGAL_NAME, "Ann", err);
    if (st == KO_OK)
        st = ko_paper_add(store, work, &paper, err);
    if (st == KO_OK)
        st = ko_paper_each(store, work, take_paper, NULL, err);
    if (st == KO_OK)
        st = keep_notice(store, &notice, err);
    if (st == KO_OK)
        st = ko_notice_set_folder(store, notice, "/packets/1", err);
    if (st == KO_OK)
        st = tell_filed(store, notice, err);
    if (st == KO_OK)
        st = ko_notice_undo(store, notice, &undone, err);
    if (st == KO_OK)
        st = ko_notice_each(store, &(ko_notice_filter){0}, take_notice, NULL, err);
    if (st == KO_OK)
        st = ko_notice_item_each(store, 0, 0, take_item, NULL, err);
    if (st == KO_OK)
        st = ko_notice_event_each(store, 0, take_event, NULL, err);
    if (st == KO_OK)
        st = ko_alias_add(store, &names, &alias, err);
    if (st == KO_OK)
        st = ko_alias_each(store, take_alias, NULL, err);
    if (st == KO_OK)
        st = ko_remark_put(store, &remark, err);
    return st == KO_OK ? ko_remark_each(store, 0, take_remark, NULL, err) : st;
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
        st = decide_a_bit(store, err);
    if (st == KO_OK)
        st = complain_a_bit(store, work, err);
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
    " + (SELECT count(*) FROM web_host) + (SELECT count(*) FROM web_quota)"                        \
    " + (SELECT count(*) FROM act) + (SELECT count(*) FROM decision)"                              \
    " + (SELECT count(*) FROM allow) + (SELECT count(*) FROM negative)"                            \
    " + (SELECT count(*) FROM photo_negative) + (SELECT count(*) FROM work_paper)"                 \
    " + (SELECT count(*) FROM notice) + (SELECT count(*) FROM notice_item)"                        \
    " + (SELECT count(*) FROM notice_event) + (SELECT count(*) FROM notice_told)"                  \
    " + (SELECT count(*) FROM alias) + (SELECT count(*) FROM remark)"
#define ROWS_IN_ALL (7 + 2 + 8 + 7 + 1 + 20 + 2)

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
            nth += 1 + nth / 6; /* a sample: each of the first, then ever fewer */
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
