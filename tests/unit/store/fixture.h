/* A database in a folder of its own for each test, and short ways to fill it. */
#ifndef KO_TESTS_STORE_FIXTURE_H
#define KO_TESTS_STORE_FIXTURE_H

#include "store/candidate.h"
#include "store/query.h"
#include "store/seen.h"
#include "store/work.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

typedef struct fixture {
    char folder[64];
    char path[96];
    ko_store *store; /* open, unless a test closes it and sets it NULL */
} fixture;

static inline int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    if (!f)
        return -1;
    /* Hundreds of databases are made and synced: in memory, where there is a place. */
    const char *place = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
    (void)snprintf(f->folder, sizeof f->folder, "%s/knockoff-store-XXXXXX", place);
    if (!mkdtemp(f->folder))
        return -1;
    (void)snprintf(f->path, sizeof f->path, "%s/k.db", f->folder);
    *state = f;
    return ko_store_open(f->path, KO_STORE_CREATE, &f->store, NULL) == KO_OK ? 0 : -1;
}

static inline void remove_files(const fixture *f)
{
    static const char *const suffixes[] = {"", "-wal", "-shm", "-journal"};
    char path[128];
    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
        (void)snprintf(path, sizeof path, "%s%s", f->path, suffixes[i]);
        (void)unlink(path);
    }
}

static inline int tear_down(void **state)
{
    fixture *f = *state;
    ko_store_close(f->store);
    remove_files(f);
    const int left = rmdir(f->folder); /* fails when a test left something lying about */
    free(f);
    return left;
}

static inline void close_store(fixture *f)
{
    ko_store_close(f->store);
    f->store = NULL;
}

static inline void open_store(fixture *f, ko_store_mode mode)
{
    ko_error err = {0};
    close_store(f);
    if (ko_store_open(f->path, mode, &f->store, &err) == KO_OK && f->store)
        return;
    fail_msg("%s", err.text);
    abort(); /* not reached, which static analysis cannot see */
}

/* Closes the store and leaves nothing of it, for tests that make the file themselves. */
static inline void start_over(fixture *f)
{
    close_store(f);
    remove_files(f);
}

static inline int64_t number(ko_store *store, const char *sql)
{
    sqlite3_stmt *stmt = NULL;
    assert_int_equal(sqlite3_prepare_v2(store->db, sql, -1, &stmt, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    const int64_t value = sqlite3_column_int64(stmt, 0);
    (void)sqlite3_finalize(stmt);
    return value;
}

static inline void execute(ko_store *store, const char *sql)
{
    assert_int_equal(sqlite3_exec(store->db, sql, NULL, NULL, NULL), SQLITE_OK);
}

static inline void assert_whole(ko_store *store)
{
    assert_int_equal(number(store, "SELECT integrity_check = 'ok' FROM pragma_integrity_check"), 1);
    assert_int_equal(number(store, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
}

static inline int64_t add_work(ko_store *store, const char *title)
{
    int64_t id = 0;
    char serial[KO_SERIAL_SIZE];
    assert_int_equal(ko_work_add(store, &(ko_work_fields){.title = title}, &id, serial, NULL),
                     KO_OK);
    return id;
}

/* One byte tells the pictures apart. */
static inline ko_view plain_view(int64_t work_id, uint8_t picture)
{
    static const ko_fp_variant variant = {.fp = {{1, 2, 3, 4}}};
    return (ko_view){.work_id = work_id,
                     .path = "/art/cat.png",
                     .sha256 = {picture},
                     .bytes = 1000,
                     .width = 640,
                     .height = 480,
                     .kind = "PNG",
                     .quality = 90,
                     .variants = &variant,
                     .n_variants = 1};
}

static inline int64_t add_view(ko_store *store, int64_t work_id, uint8_t picture)
{
    int64_t id = 0;
    const ko_view view = plain_view(work_id, picture);
    assert_int_equal(ko_view_add(store, &view, &id, NULL), KO_OK);
    return id;
}

/* A settled record of a listing on a site that is none we know; texts are borrowed. */
static inline ko_listing plain_record(const char *url)
{
    static char empty[1] = "";
    return (ko_listing){.url = (char *)url,
                        .item_id = empty,
                        .title = empty,
                        .seller = empty,
                        .seller_id = empty,
                        .seller_url = empty,
                        .price = empty,
                        .price_max = empty,
                        .currency = empty,
                        .platform = empty,
                        .key = (char *)url};
}

static inline ko_photo_file file_photo(const char *path, int64_t bytes, int64_t modified_at)
{
    return (ko_photo_file){.path = path, .bytes = bytes, .modified_at = modified_at, .url = ""};
}

/* A listing with n photo files named by letters: "ab" shows /p/a and /p/b. */
static inline ko_status put_listing(ko_store *store, const char *url, const char *title,
                                    const char *letters, ko_ingested *out_what, ko_error *err)
{
    char paths[8][8];
    ko_photo_file photos[8];
    const size_t n = strlen(letters);
    assert_true(n <= 8);
    for (size_t i = 0; i < n; i++) {
        (void)snprintf(paths[i], sizeof paths[i], "/p/%c", letters[i]);
        photos[i] = file_photo(paths[i], 10, 20);
    }
    ko_listing record = plain_record(url);
    record.title = (char *)title;
    return ko_seen_add(store, &record, "/sheet.csv", photos, n, 0, out_what, err);
}

static inline ko_ingested add_listing(ko_store *store, const char *url, const char *letters)
{
    ko_ingested what;
    assert_int_equal(put_listing(store, url, "", letters, &what, NULL), KO_OK);
    return what;
}

static inline ko_match plain_match(int64_t work_id, int64_t view_id, int64_t photo_id, double score)
{
    return (ko_match){.work_id = work_id,
                      .view_id = view_id,
                      .photo_id = photo_id,
                      .evidence = {.score = score,
                                   .method = KO_METHOD_WHOLE,
                                   .has_whole = true,
                                   .whole = {.distance = 12, .ground = -1}},
                      .n_fingerprints = 8,
                      .n_works = 3,
                      .found_at = 7};
}

/* Returns the number of new candidates. */
static inline size_t add_match(ko_store *store, int64_t work_id, int64_t view_id, int64_t photo_id,
                               double score)
{
    size_t fresh = 0;
    const ko_match match = plain_match(work_id, view_id, photo_id, score);
    assert_int_equal(ko_match_add(store, &match, &fresh, NULL), KO_OK);
    return fresh;
}

#endif
