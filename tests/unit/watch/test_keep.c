/* Files of the archive: what is needed stays to the byte, whatever happens meanwhile. */
#include "watch/keep.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/file.h"
#include "capture/archive.h"
#include "capture/warc_record.h"
#include "store/seen.h"
#include "store/web.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define DAY ((int64_t)86400)
#define NOW (20000 * DAY)
#define N 12         /* listings, each with a page and a picture */
#define BYTES 20000u /* of a picture */
#define KEPT(i) ((i) % 6 == 1)

static int64_t virtual_now(void)
{
    return NOW;
}

typedef struct fixture {
    char folder[64], path[96], archive[128];
    ko_store *store;
} fixture;

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    const char *place = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
    if (!f)
        return -1;
    (void)snprintf(f->folder, sizeof f->folder, "%s/knockoff-keep-XXXXXX", place);
    if (!mkdtemp(f->folder))
        return -1;
    (void)snprintf(f->path, sizeof f->path, "%s/k.db", f->folder);
    (void)snprintf(f->archive, sizeof f->archive, "%s/k.db-archive", f->folder);
    *state = f;
    return ko_store_open(f->path, KO_STORE_CREATE, &f->store, NULL) == KO_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    ko_paths files = {0};
    ko_store_close(f->store);
    if (ko_paths_walk(&files, f->folder, NULL, NULL) == KO_OK)
        for (size_t i = 0; i < files.count; i++)
            (void)unlink(files.path[i]);
    ko_paths_free(&files);
    (void)rmdir(f->archive);
    const int left = rmdir(f->folder);
    free(f);
    return left;
}

/* --- what was crawled --- */

static void fill_picture(unsigned char bytes[BYTES], unsigned i)
{
    for (size_t b = 0; b < BYTES; b++)
        bytes[b] = (unsigned char)(b * 31 + b / 7 * i + i);
}

static void archive_one(fixture *f, ko_archive *archive, unsigned i, int64_t seen_at)
{
    static char none[1] = "";
    unsigned char bytes[BYTES];
    char url[64], picture_url[64], html[4000];
    ko_archived where;
    int64_t answer;
    ko_ingested what;
    ko_web_picture found;
    (void)snprintf(url, sizeof url, "https://m.example/%u", i);
    (void)snprintf(picture_url, sizeof picture_url, "https://c.example/%u.jpg", i);
    for (size_t b = 0; b < sizeof html; b++)
        html[b] = (char)('a' + (b * b + b * i) % 23);
    const ko_reply page = {.url = url,
                           .final_url = url,
                           .status = 200,
                           .content_type = "text/html",
                           .headers = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n",
                           .body = html,
                           .size = sizeof html,
                           .at = seen_at};
    assert_int_equal(ko_archive_page(archive, &page, &where, NULL), KO_OK);
    ko_web_answer row = {.url = url,
                         .final_url = url,
                         .status = 200,
                         .content_type = "text/html",
                         .at = seen_at,
                         .warc = where.path,
                         .record = where.record,
                         .length = where.length};
    memcpy(row.sha256, where.sha256, sizeof row.sha256);
    assert_int_equal(ko_web_answer_add(f->store, &row, &answer, NULL), KO_OK);
    const ko_listing record = {.url = url,
                               .item_id = none,
                               .title = none,
                               .seller = none,
                               .seller_id = none,
                               .seller_url = none,
                               .price = none,
                               .price_max = none,
                               .currency = none,
                               .platform = none,
                               .key = url};
    const ko_photo_file wanted = {.path = "", .url = picture_url};
    assert_int_equal(ko_seen_add(f->store, &record, "s", &wanted, 1, answer, &what, NULL), KO_OK);
    assert_int_equal(ko_web_picture_find(f->store, picture_url, &found, NULL), KO_OK);
    fill_picture(bytes, i);
    const ko_reply picture = {.url = picture_url,
                              .final_url = picture_url,
                              .status = 200,
                              .content_type = "image/jpeg",
                              .headers = "HTTP/1.1 200 OK\r\n",
                              .body = (const char *)bytes,
                              .size = BYTES,
                              .at = seen_at};
    assert_int_equal(ko_archive_picture(archive, &picture, &where, NULL), KO_OK);
    ko_photo_file file = {.path = where.path,
                          .offset = where.offset,
                          .bytes = where.bytes,
                          .archived = true,
                          .url = picture_url};
    memcpy(file.sha256, where.sha256, sizeof file.sha256);
    assert_int_equal(ko_web_picture_arrived(f->store, found.id, &file, NULL), KO_OK);
}

static ko_status mark_read(void *context, const ko_photo *photo)
{
    ko_photo read = *photo;
    read.state = KO_PHOTO_READ;
    return ko_photo_update(context, &read, NULL);
}

static int64_t long_ago(void)
{
    return NOW - 800 * DAY;
}

/* Most of it was seen when nobody needs it any more, by a crawl that has ended. */
static void crawl(fixture *f, bool any_kept)
{
    ko_archive *archive = NULL;
    assert_int_equal(ko_archive_open(f->archive, "Knockoff/1", &archive, NULL), KO_OK);
    for (unsigned i = 0; i < N; i++) {
        ko_clock_use(any_kept && KEPT(i) ? virtual_now : long_ago);
        archive_one(f, archive, i, any_kept && KEPT(i) ? NOW : long_ago());
    }
    ko_archive_close(archive);
    ko_clock_use(virtual_now);
    assert_int_equal(ko_photo_each(f->store, 0, INT64_MAX, N, mark_read, f->store, NULL), KO_OK);
}

/* --- what is there --- */

static ko_status check_photo(void *context, const ko_photo *photo)
{
    unsigned char wanted[BYTES];
    ko_buf bytes = KO_BUF(BYTES);
    const ko_file_part part = ko_photo_file_part(photo);
    ko_error err = {0};
    if (ko_file_read_part(&part, &bytes, &err) != KO_OK)
        fail_msg("%s", err.text);
    fill_picture(wanted, (unsigned)photo->id - 1);
    assert_int_equal(bytes.size, BYTES);
    assert_memory_equal(bytes.data, wanted, BYTES);
    ko_buf_free(&bytes);
    ++*(size_t *)context;
    return KO_OK;
}

static ko_status check_answer(void *context, const ko_web_answer *answer)
{
    ko_warc_record record = {0};
    ko_error err = {0};
    if (ko_warc_record_read(answer->warc, answer->record, &record, &err) != KO_OK)
        fail_msg("%s", err.text);
    assert_memory_equal(record.sha256, answer->sha256, sizeof answer->sha256);
    assert_string_equal(record.url, answer->final_url);
    assert_int_equal(record.length, answer->length);
    ko_warc_record_free(&record);
    ++*(size_t *)context;
    return KO_OK;
}

/* All that is to be kept can be read where the database says that it lies. */
static void assert_kept_is_whole(ko_store *store)
{
    size_t pictures = 0, pages = 0;
    for (int64_t i = 0; i < N; i++) {
        if (!KEPT(i))
            continue;
        assert_int_equal(ko_photo_each(store, i, i + 1, 1, check_photo, &pictures, NULL), KO_OK);
        assert_int_equal(ko_web_answer_each(store, i + 1, check_answer, &pages, NULL), KO_OK);
    }
    assert_int_equal(pictures, 2);
    assert_int_equal(pages, 2);
}

static size_t count_files(const fixture *f, int64_t *out_bytes)
{
    ko_paths files = {0};
    assert_int_equal(ko_paths_walk(&files, f->archive, NULL, NULL), KO_OK);
    *out_bytes = 0;
    for (size_t i = 0; i < files.count; i++) {
        struct stat info;
        assert_int_equal(stat(files.path[i], &info), 0);
        *out_bytes += (int64_t)info.st_size;
    }
    const size_t n = files.count;
    ko_paths_free(&files);
    return n;
}

static ko_keep_counts keep(fixture *f, bool dry, size_t problems_wanted)
{
    ko_problems problems = {0};
    ko_keep_counts counts;
    ko_error err = {0};
    if (ko_keep_run(f->store, f->archive, "Knockoff/1", dry, &problems, &counts, &err) != KO_OK)
        fail_msg("%s", err.text);
    assert_int_equal(problems.count, problems_wanted);
    return counts;
}

/* --- tests --- */

static void what_is_needed_moves_to_the_byte(void **state)
{
    fixture *f = *state;
    int64_t before, between, after;
    crawl(f, true);
    assert_int_equal(count_files(f, &before), 2);
    const ko_keep_counts told = keep(f, true, 0);
    assert_int_equal(told.moved, 2);
    assert_int_equal(told.files, 0);
    assert_true(told.bytes > before / 2);
    const ko_keep_counts first = keep(f, false, 0);
    assert_int_equal(first.answers, N - 2);
    assert_int_equal(first.photos, N - 2);
    assert_int_equal(first.listings, N - 2);
    assert_int_equal(first.moved, 2);
    assert_int_equal(first.files, 0); /* whoever reads the old ones can go on */
    assert_int_equal(count_files(f, &between), 4);
    assert_kept_is_whole(f->store);

    const ko_keep_counts second = keep(f, false, 0);
    assert_int_equal(second.files, 2);
    assert_int_equal(second.bytes, before);
    assert_int_equal(count_files(f, &after), 2);
    assert_true(after < before / 3);
    assert_kept_is_whole(f->store);
    const ko_keep_counts third = keep(f, false, 0);
    assert_int_equal(third.files + third.moved, 0);
}

static void a_file_that_nobody_needs_goes_at_once(void **state)
{
    fixture *f = *state;
    int64_t bytes;
    crawl(f, false);
    char *other = ko_path_join(f->archive, "mine.warc");
    assert_int_equal(ko_file_write(other, "x", 1, NULL), KO_OK);
    const ko_keep_counts counts = keep(f, false, 0);
    assert_int_equal(counts.files, 2);
    assert_int_equal(count_files(f, &bytes), 1); /* which is none of ours */
    ko_free(other);
}

/* What an archive that is open may still be written to, and so referred to in a moment. */
static void a_file_that_is_being_written_stays(void **state)
{
    fixture *f = *state;
    int64_t bytes;
    ko_archive *archive = NULL;
    ko_archived where;
    const ko_reply page = {
        .url = "u", .final_url = "u", .content_type = "", .headers = "", .body = "x", .size = 1};
    assert_int_equal(ko_archive_open(f->archive, "Knockoff/1", &archive, NULL), KO_OK);
    assert_int_equal(ko_archive_page(archive, &page, &where, NULL), KO_OK);
    assert_int_equal(keep(f, false, 0).files, 0);
    assert_int_equal(count_files(f, &bytes), 1);
    ko_archive_close(archive);
    assert_int_equal(keep(f, false, 0).files, 1);
}

static void photos_that_no_scan_has_seen_stay_where_they_are(void **state)
{
    fixture *f = *state;
    int64_t bytes;
    crawl(f, true);
    ko_archive *archive = NULL;
    assert_int_equal(ko_archive_open(f->archive, "Knockoff/1", &archive, NULL), KO_OK);
    archive_one(f, archive, N, NOW); /* new: in a file of its own */
    ko_archive_close(archive);
    (void)keep(f, false, 0);
    (void)keep(f, false, 0);
    assert_int_equal(count_files(f, &bytes), 4);
    assert_kept_is_whole(f->store);
}

static void what_is_damaged_is_said_and_left(void **state)
{
    fixture *f = *state;
    int64_t bytes;
    ko_paths files = {0};
    crawl(f, true);
    assert_int_equal(ko_paths_walk(&files, f->archive, NULL, NULL), KO_OK);
    assert_non_null(strstr(files.path[1], "pictures-"));
    FILE *file = fopen(files.path[1], "r+b");
    assert_non_null(file);
    assert_int_equal(fseek(file, 2 * BYTES, SEEK_SET), 0); /* in the second picture */
    assert_int_equal(fputs("damage", file) >= 0, 1);
    assert_int_equal(fclose(file), 0);
    const ko_keep_counts counts = keep(f, false, 1);
    assert_int_equal(counts.moved, 1); /* the pages */
    (void)keep(f, false, 1);
    assert_int_equal(access(files.path[1], F_OK), 0);
    (void)count_files(f, &bytes);
    ko_paths_free(&files);
}

static void an_archive_that_was_moved_by_hand_is_left_alone(void **state)
{
    fixture *f = *state;
    char moved[96];
    int64_t bytes;
    crawl(f, true);
    (void)snprintf(moved, sizeof moved, "%s/new-archive", f->folder);
    assert_int_equal(rename(f->archive, moved), 0);
    (void)snprintf(f->archive, sizeof f->archive, "%s", moved);
    assert_int_equal(keep(f, false, 1).files, 0);
    assert_int_equal(count_files(f, &bytes), 2);
}

/* --- ends in the middle --- */

/* A process of its own, which has at most so many bytes for a file, or so many microseconds. */
static int keep_within(const fixture *f, rlim_t file_bytes, long us)
{
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        ko_store *store = NULL;
        ko_problems problems = {0};
        ko_keep_counts counts;
        const struct rlimit limit = {file_bytes, file_bytes};
        const struct itimerval timer = {.it_value = {us / 1000000, us % 1000000}};
        (void)signal(SIGXFSZ, SIG_IGN);
        (void)signal(SIGALRM, SIG_DFL); /* which kills */
        if (file_bytes != RLIM_INFINITY)
            (void)setrlimit(RLIMIT_FSIZE, &limit);
        if (us)
            (void)setitimer(ITIMER_REAL, &timer, NULL);
        ko_status st = ko_store_open(f->path, KO_STORE_OPEN, &store, NULL);
        if (st == KO_OK)
            st = ko_keep_run(store, f->archive, "Knockoff/1", false, &problems, &counts, NULL);
        ko_store_close(store);
        _exit(st == KO_OK ? 0 : 1);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

static void close_store(fixture *f)
{
    ko_store_close(f->store);
    f->store = NULL;
}

static void open_store(fixture *f)
{
    assert_int_equal(ko_store_open(f->path, KO_STORE_OPEN, &f->store, NULL), KO_OK);
}

static void finish(fixture *f)
{
    int64_t bytes;
    (void)keep(f, false, 0);
    (void)keep(f, false, 0);
    assert_kept_is_whole(f->store);
    assert_int_equal(count_files(f, &bytes), 2);
}

static void nothing_is_lost_when_the_disk_is_full(void **state)
{
    fixture *f = *state;
    struct stat info;
    bool ended = false;
    crawl(f, true);
    close_store(f);
    assert_int_equal(stat(f->path, &info), 0);
    /* The database is not to grow: then only the files of the archive meet the limit. */
    for (rlim_t bytes = 1000; !ended; bytes += 7000) {
        const int status = keep_within(f, bytes, 0);
        ended = WIFEXITED(status) && WEXITSTATUS(status) == 0;
        open_store(f);
        assert_kept_is_whole(f->store);
        close_store(f);
    }
    open_store(f);
    finish(f);
}

static void nothing_is_lost_when_it_is_killed(void **state)
{
    fixture *f = *state;
    bool ended = false;
    crawl(f, true);
    close_store(f);
    for (long us = 300; !ended; us += 300) {
        const int status = keep_within(f, RLIM_INFINITY, us);
        ended = WIFEXITED(status);
        open_store(f);
        assert_kept_is_whole(f->store);
        close_store(f);
    }
    open_store(f);
    finish(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
        TEST(what_is_needed_moves_to_the_byte),
        TEST(a_file_that_nobody_needs_goes_at_once),
        TEST(a_file_that_is_being_written_stays),
        TEST(photos_that_no_scan_has_seen_stay_where_they_are),
        TEST(what_is_damaged_is_said_and_left),
        TEST(an_archive_that_was_moved_by_hand_is_left_alone),
        TEST(nothing_is_lost_when_the_disk_is_full),
        TEST(nothing_is_lost_when_it_is_killed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
