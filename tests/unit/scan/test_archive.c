/* Photos that lie inside an archive, and pictures that were never in a file. */
#include "market.h"

#include "report/exhibit.h"
#include "scan/lookup.h"

#include "base/alloc.h"
#include "base/limits.h"

#include <openssl/evp.h>
#include <unistd.h>

/* One file with two photos of the market in it, and something before, between and behind. */
typedef struct archive {
    char path[96];
    ko_buf bytes;
    ko_photo_file photos[2];
} archive;

static void add_photo(archive *a, size_t i, const char *name)
{
    ko_buf photo = KO_BUF((size_t)8 << 20);
    assert_int_equal(ko_file_read(name, &photo, NULL), KO_OK);
    a->photos[i] = (ko_photo_file){.path = a->path,
                                   .offset = (int64_t)a->bytes.size,
                                   .bytes = (int64_t)photo.size,
                                   .archived = true,
                                   .url = ""};
    assert_int_equal(
        EVP_Digest(photo.data, photo.size, a->photos[i].sha256, NULL, EVP_sha256(), NULL), 1);
    assert_int_equal(ko_buf_append(&a->bytes, photo.data, photo.size), KO_OK);
    assert_int_equal(ko_buf_text(&a->bytes, "\r\n\r\nWARC/1.1\r\n"), KO_OK);
    ko_buf_free(&photo);
}

/* Photos keep the address of a->path. */
static void make_archive(const market *m, archive *a)
{
    *a = (archive){.bytes = KO_BUF((size_t)8 << 20)};
    (void)snprintf(a->path, sizeof a->path, "%s/pictures.warc", m->folder);
    assert_int_equal(ko_buf_text(&a->bytes, "WARC/1.1\r\n"), KO_OK);
    add_photo(a, 0, PHOTOS "/goldfish-mug.jpg");
    add_photo(a, 1, PHOTOS "/tiger-face-print.jpg");
    assert_int_equal(ko_file_write(a->path, a->bytes.data, a->bytes.size, NULL), KO_OK);
}

static void add_goldfish(market *m)
{
    add_works(m, WORKS "/goldfish.png", 0);
}

static void show(market *m, const archive *a)
{
    ko_listing record = {0};
    record.url = ko_strdup("https://stall.test/p/mug");
    assert_int_equal(ko_listing_settle(&record, NULL), KO_OK);
    ko_ingested what;
    assert_int_equal(ko_seen_add(m->store, &record, "page", a->photos, 2, 0, &what, NULL), KO_OK);
    assert_int_equal(what.new_photos, 2);
    ko_listing_free(&record);
}

static ko_status draw(void *context, const ko_candidate *c)
{
    const market *m = context;
    ko_buf png = KO_BUF(KO_MAX_EXHIBIT_BYTES);
    ko_error err = {0};
    if (ko_exhibit_png(m->store, c, "Knockoff", &png, &err) != KO_OK)
        fail_msg("%s", err.text);
    ko_buf_free(&png);
    return KO_OK;
}

static void take_line(void *context, const char *line)
{
    (void)snprintf(context, 256, "%s", line);
}

static void a_range_of_a_file_is_a_photo_like_others(void **state)
{
    market *m = *state;
    archive a;
    make_archive(m, &a);
    add_goldfish(m);
    show(m, &a);
    char line[256] = "";
    m->problems = (ko_problems){.say = take_line, .context = line};
    const ko_scan_counts counts = scan_all(m);
    assert_string_equal(line, "");
    assert_int_equal(counts.photos_read, 2);
    ko_buf queue = queue_of(m);
    assert_int_equal(strncmp(queue.data, "goldfish<pictures.warc ", 23), 0);
    const ko_candidate_filter all = {.all = true};
    assert_int_equal(ko_candidate_each(m->store, &all, draw, m, NULL), KO_OK);
    /* the same as from a file of its own */
    char *const roots[] = {(char *)PHOTOS "/goldfish-mug.jpg"};
    (void)ingest(m, roots, 1);
    (void)scan_all(m);
    ko_buf both = queue_of(m);
    const char *score = strchr(queue.data, ' ');
    assert_non_null(strstr(both.data, "goldfish<goldfish-mug.jpg "));
    assert_string_equal(strrchr(both.data, ' '), score);
    ko_buf_free(&both);
    ko_buf_free(&queue);
    ko_buf_free(&a.bytes);
}

static void an_archive_that_was_cut_costs_the_photos_beyond(void **state)
{
    market *m = *state;
    archive a;
    make_archive(m, &a);
    add_goldfish(m);
    show(m, &a);
    assert_int_equal(truncate(a.path, (off_t)a.photos[1].offset + 100), 0);
    char line[256] = "";
    m->problems = (ko_problems){.say = take_line, .context = line};
    const ko_scan_counts counts = scan_all(m);
    assert_int_equal(counts.photos_read, 1);
    assert_int_equal(counts.photos_refused, 1);
    char expected[256];
    const long long cut = (long long)a.photos[1].offset, whole = (long long)a.photos[1].bytes;
    (void)snprintf(expected, sizeof expected, "%s: ends at byte %lld, before %lld", a.path,
                   cut + 100, cut + whole);
    assert_string_equal(line, expected);
    ko_buf_free(&a.bytes);
}

static void other_bytes_than_were_archived_are_refused(void **state)
{
    market *m = *state;
    archive a;
    make_archive(m, &a);
    add_goldfish(m);
    a.photos[0].sha256[0] ^= 1;
    show(m, &a);
    char line[256] = "", expected[256];
    m->problems = (ko_problems){.say = take_line, .context = line};
    assert_int_equal(scan_all(m).photos_refused, 1);
    (void)snprintf(expected, sizeof expected, "%s at byte 10: not what was archived there", a.path);
    assert_string_equal(line, expected);
    ko_buf queue = queue_of(m);
    assert_string_equal(queue.data, "");
    ko_buf_free(&queue);
    ko_buf_free(&a.bytes);
}

/* --- looking up --- */

static void a_picture_in_memory_is_looked_up(void **state)
{
    market *m = *state;
    archive a;
    make_archive(m, &a);
    add_goldfish(m);
    ko_album *album = NULL;
    ko_lookup *lookup = NULL;
    ko_looked looked = {0};
    assert_int_equal(ko_album_make(&album, NULL), KO_OK);
    assert_int_equal(ko_lookup_open(m->store, 6, 1, &m->problems, &lookup, NULL), KO_OK);
    assert_int_equal(ko_lookup_ask(lookup, album, "https://c.test/1.jpg",
                                   a.bytes.data + a.photos[0].offset, (size_t)a.photos[0].bytes,
                                   &looked, NULL),
                     KO_OK);
    assert_int_equal(looked.n_works, 1);
    assert_int_equal(looked.works[0].id, 1);
    assert_int_equal(looked.n_photos, 0);
    assert_memory_equal(looked.picture.sha256, a.photos[0].sha256, sizeof looked.picture.sha256);
    ko_looked_free(&looked);
    ko_error err = {0};
    assert_int_equal(
        ko_lookup_ask(lookup, album, "https://c.test/2.jpg", a.bytes.data, 10, &looked, &err),
        KO_E_FORMAT);
    assert_int_equal(strncmp(err.text, "https://c.test/2.jpg: ", 22), 0);
    ko_lookup_close(lookup);
    ko_album_free(album);
    ko_buf_free(&a.bytes);
}

int main(void)
{
#define MARKET_TEST(f) cmocka_unit_test_setup_teardown(f, open_market, close_market)
    const struct CMUnitTest tests[] = {
        MARKET_TEST(a_range_of_a_file_is_a_photo_like_others),
        MARKET_TEST(an_archive_that_was_cut_costs_the_photos_beyond),
        MARKET_TEST(other_bytes_than_were_archived_are_refused),
        MARKET_TEST(a_picture_in_memory_is_looked_up),
    };
    return cmocka_run_group_tests_name("scan/archive", tests, NULL, NULL);
}
