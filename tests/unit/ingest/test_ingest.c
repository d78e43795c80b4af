/* Records and pictures on their way into the store: files that are there or not, addresses,
 * ranges of archives. */
#include "ingest/ingest.h"

#include "base/alloc.h"
#include "store/web.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A database and the picture a.jpg in a folder of their own. */
typedef struct fixture {
    char folder[64], photo[96];
    ko_store *store;
    ko_problems problems;
    char line[512]; /* the last one said */
} fixture;

static void take_line(void *context, const char *line)
{
    (void)snprintf(context, 512, "%s", line);
}

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    if (!f)
        return -1;
    (void)snprintf(f->folder, sizeof f->folder, "/tmp/knockoff-ingest-XXXXXX");
    if (!mkdtemp(f->folder))
        return -1;
    char path[96];
    (void)snprintf(path, sizeof path, "%s/k.db", f->folder);
    (void)snprintf(f->photo, sizeof f->photo, "%s/a.jpg", f->folder);
    f->problems = (ko_problems){.say = take_line, .context = f->line};
    *state = f;
    if (ko_file_write(f->photo, "photo", 5, NULL) != KO_OK)
        return -1;
    return ko_store_open(path, KO_STORE_CREATE, &f->store, NULL) == KO_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    char command[96];
    ko_store_close(f->store);
    (void)snprintf(command, sizeof command, "rm -r '%s'", f->folder);
    const int status = system(command);
    free(f);
    return status;
}

static ko_ingest *begin(fixture *f, const char *source)
{
    ko_ingest *ingest = NULL;
    assert_int_equal(ko_ingest_begin(f->store, NULL, source, &f->problems, &ingest, NULL), KO_OK);
    return ingest;
}

static ko_ingest_counts end(ko_ingest *ingest)
{
    ko_ingest_counts counts = {0};
    assert_int_equal(ko_ingest_end(ingest, &counts, NULL), KO_OK);
    return counts;
}

static ko_listing offered(const char *url)
{
    ko_listing record = {0};
    record.url = ko_strdup(url);
    record.line = 7;
    return record;
}

static void add(ko_listing *record, const char *url, const char *path)
{
    assert_int_equal(ko_listing_add_picture(record, url, path, NULL), KO_OK);
}

static void keep(ko_ingest *ingest, ko_listing *record)
{
    ko_error err = {0};
    if (ko_listing_settle(record, &err) != KO_OK ||
        ko_ingest_listing(ingest, record, 0, &err) != KO_OK)
        fail_msg("%s", err.text);
    ko_listing_free(record);
}

static ko_status write_listing(void *context, const ko_seen *seen)
{
    ko_status st = ko_buf_printf(context, "%s %s:", seen->record.url, seen->source);
    for (size_t i = 0; st == KO_OK && i < seen->record.n_pictures; i++) {
        const ko_gallery_picture *p = &seen->record.pictures[i];
        st = ko_buf_printf(context, " %s+%lld=%s", ko_path_name(p->path), (long long)p->bytes,
                           p->url);
    }
    return st == KO_OK ? ko_buf_text(context, "\n") : st;
}

static void assert_kept(fixture *f, const char *expected)
{
    ko_buf text = KO_BUF(1 << 16);
    assert_int_equal(ko_buf_text(&text, ""), KO_OK);
    assert_int_equal(ko_seen_each(f->store, 0, write_listing, &text, NULL), KO_OK);
    assert_string_equal(text.data, expected);
    ko_buf_free(&text);
}

static void pictures_are_files_ranges_or_addresses(void **state)
{
    fixture *f = *state;
    ko_ingest *ingest = begin(f, "s.csv");
    ko_listing record = offered("https://a.test/1");
    add(&record, "https://c.test/1.jpg", "");
    add(&record, "", f->photo);
    add(&record, "https://c.test/2.jpg", "/archive/pictures.warc");
    record.pictures[2].offset = 900;
    record.pictures[2].bytes = 44;
    record.pictures[2].sha256[0] = 1;
    add(&record, "data:image/png;base64,AAAA", ""); /* is nowhere that it could be fetched */
    keep(ingest, &record);
    const ko_ingest_counts counts = end(ingest);
    assert_int_equal(counts.photos, 2);
    assert_int_equal(counts.new_photos, 2);
    assert_int_equal(counts.to_fetch, 1);
    assert_int_equal(f->problems.count, 0);
    assert_kept(f, "https://a.test/1 s.csv: +0=https://c.test/1.jpg a.jpg+0= "
                   "pictures.warc+44=https://c.test/2.jpg\n");
}

static void files_that_are_not_there_are_told_and_the_record_is_kept(void **state)
{
    fixture *f = *state;
    ko_ingest *ingest = begin(f, "s.csv");
    ko_listing record = offered("https://a.test/1");
    add(&record, "", "/nowhere/b.jpg");
    keep(ingest, &record);
    assert_string_equal(f->line, "s.csv: line 7: image /nowhere/b.jpg: No such file or directory");
    record = offered("https://a.test/2");
    add(&record, "https://c.test/1.jpg", f->folder); /* a folder, but it has an address, too */
    keep(ingest, &record);
    record = offered(""); /* nothing is left to know it by */
    add(&record, "", "/nowhere/c.jpg");
    keep(ingest, &record);
    const ko_ingest_counts counts = end(ingest);
    assert_int_equal(counts.missing, 3);
    assert_int_equal(counts.listings, 2);
    assert_int_equal(counts.to_fetch, 1);
    assert_kept(f, "https://a.test/1 s.csv:\nhttps://a.test/2 s.csv: +0=https://c.test/1.jpg\n");
}

static void a_sheet_and_a_page_that_speak_of_one_offer_meet(void **state)
{
    fixture *f = *state;
    ko_ingest *ingest = begin(f, "s.csv");
    ko_listing record = offered("http://etsy.com/uk/listing/123/owl?ref=x");
    add(&record, "", f->photo);
    keep(ingest, &record);
    assert_int_equal(end(ingest).new_listings, 1);
    ingest = begin(f, "page");
    record = offered("https://www.etsy.com/listing/123");
    add(&record, "https://i.etsystatic.com/1/r/il/ab/1/il_75x75.1_ab.jpg", "");
    keep(ingest, &record);
    const ko_ingest_counts counts = end(ingest);
    assert_int_equal(counts.listings, 1);
    assert_int_equal(counts.new_listings, 0);
    assert_kept(f, "https://www.etsy.com/listing/123 page: a.jpg+0= "
                   "+0=https://i.etsystatic.com/1/r/il/ab/1/il_fullxfull.1_ab.jpg\n");
}

static void a_bare_picture_is_a_listing(void **state)
{
    fixture *f = *state;
    ko_ingest *ingest = begin(f, "folder");
    assert_int_equal(ko_ingest_picture(ingest, f->photo, NULL), KO_OK);
    assert_int_equal(ko_ingest_picture(ingest, f->photo, NULL), KO_OK);
    const ko_ingest_counts counts = end(ingest);
    assert_int_equal(counts.listings, 2);
    assert_int_equal(counts.new_listings, 1);
    assert_int_equal(counts.new_photos, 1);
    assert_kept(f, " folder: a.jpg+0=\n");
}

static void only_the_caller_ends_its_transaction(void **state)
{
    fixture *f = *state;
    assert_int_equal(ko_store_begin(f->store, NULL), KO_OK);
    ko_ingest *ingest = begin(f, "page");
    ko_listing record = offered("https://a.test/1");
    keep(ingest, &record);
    assert_int_equal(ko_ingest_commit(ingest, NULL), KO_OK);
    assert_int_equal(end(ingest).listings, 1);
    ko_store_rollback(f->store);
    assert_kept(f, "");
    ingest = begin(f, "page"); /* and without one, a batch that is ended stays */
    record = offered("https://a.test/2");
    keep(ingest, &record);
    assert_int_equal(ko_ingest_commit(ingest, NULL), KO_OK);
    record = offered("https://a.test/3");
    keep(ingest, &record);
    ko_ingest_abandon(ingest);
    assert_kept(f, "https://a.test/2 page:\n");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(pictures_are_files_ranges_or_addresses),
        TEST(files_that_are_not_there_are_told_and_the_record_is_kept),
        TEST(a_sheet_and_a_page_that_speak_of_one_offer_meet),
        TEST(a_bare_picture_is_a_listing),
        TEST(only_the_caller_ends_its_transaction),
    };
    return cmocka_run_group_tests_name("ingest", tests, NULL, NULL);
}
