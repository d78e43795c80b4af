/* Whatever the user names, taken in: what becomes of pages, captures and the pictures in them. */
#include "ingest/source.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "capture/archive.h"
#include "capture/capture.h"
#include "ingest/page.h"
#include "store/web.h"

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

/* A store and its archive in a folder of their own, and what was said. */
typedef struct shop {
    char folder[64], path[96];
    ko_store *store;
    ko_archive *archive;
    ko_problems problems;
    char said[1024];
    ko_ingest_counts counts;
    size_t listings, photos; /* in the store */
    ko_photo photo;          /* the last one; its path is kept in path_of_photo */
    char path_of_photo[256];
} shop;

static void keep_line(void *context, const char *line)
{
    shop *s = context;
    const size_t n = strlen(s->said);
    (void)snprintf(s->said + n, sizeof s->said - n, "%s\n", line);
}

static int open_shop(void **state)
{
    shop *s = ko_alloc_zero(1, sizeof *s);
    (void)snprintf(s->folder, sizeof s->folder, "/tmp/knockoff-ingest-XXXXXX");
    if (!mkdtemp(s->folder))
        return -1;
    s->problems = (ko_problems){.say = keep_line, .context = s};
    (void)snprintf(s->path, sizeof s->path, "%s/x.db", s->folder);
    if (ko_store_open(s->path, KO_STORE_CREATE, &s->store, NULL) != KO_OK)
        return -1;
    (void)snprintf(s->path, sizeof s->path, "%s/x.db-archive", s->folder);
    *state = s;
    return ko_archive_open(s->path, "Knockoff", &s->archive, NULL) == KO_OK ? 0 : -1;
}

static int close_shop(void **state)
{
    shop *s = *state;
    ko_paths files = {0};
    ko_store_close(s->store);
    ko_archive_close(s->archive);
    int failed = ko_paths_walk(&files, s->folder, NULL, NULL) != KO_OK;
    for (size_t i = 0; i < files.count; i++)
        failed |= unlink(files.path[i]) != 0;
    (void)rmdir(s->path); /* made only when something was kept */
    failed |= rmdir(s->folder) != 0;
    ko_paths_free(&files);
    ko_free(s);
    return failed;
}

static ko_ingest *begin(shop *s)
{
    ko_ingest *ingest = NULL;
    assert_int_equal(ko_ingest_begin(s->store, s->archive, "test", &s->problems, &ingest, NULL),
                     KO_OK);
    return ingest;
}

static void end(shop *s, ko_ingest *ingest)
{
    s->counts = (ko_ingest_counts){0};
    assert_int_equal(ko_ingest_end(ingest, &s->counts, NULL), KO_OK);
}

static ko_status take(shop *s, const char *path, ko_error *err)
{
    const ko_ingest_source_options how = {.say = keep_line, .context = s};
    ko_ingest *ingest = begin(s);
    const ko_status st = ko_ingest_source(ingest, path, &how, err);
    end(s, ingest);
    return st;
}

/* Takes in an answer; out_page may be NULL. */
static ko_status answer(shop *s, int status, const char *url, const char *body, ko_error *err)
{
    ko_page page = {0};
    const ko_reply reply = {.url = url,
                            .final_url = url,
                            .status = status,
                            .content_type = "text/html",
                            .headers = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n",
                            .body = body,
                            .size = strlen(body)};
    ko_ingest *ingest = begin(s);
    const ko_status st = ko_ingest_reply(ingest, &reply, NULL, &page, err);
    end(s, ingest);
    ko_page_free(&page);
    return st;
}

static ko_status see_photo(void *context, const ko_photo *photo)
{
    shop *s = context;
    s->photos++;
    s->photo = *photo;
    (void)snprintf(s->path_of_photo, sizeof s->path_of_photo, "%s", photo->path);
    return KO_OK;
}

static void count(shop *s)
{
    ko_photo_counts counts = {0};
    s->photos = 0;
    assert_int_equal(ko_photo_count(s->store, &counts, NULL), KO_OK);
    s->listings = (size_t)counts.listings;
    assert_int_equal(ko_photo_each(s->store, 0, INT64_MAX, 100, see_photo, s, NULL), KO_OK);
}

static int64_t to_fetch(shop *s)
{
    ko_web_picture_counts counts = {0};
    assert_int_equal(ko_web_picture_count(s->store, &counts, NULL), KO_OK);
    return counts.fresh;
}

#define PRODUCT(url, image)                                                                        \
    "<html><head><title>Owl</title><script type=\"application/ld+json\">{\"@type\":\"Product\","   \
    "\"name\":\"Owl\",\"url\":\"" url "\",\"image\":\"" image "\",\"offers\":{\"price\":\"4.00\"," \
    "\"priceCurrency\":\"EUR\"}}</script></head><body><h1>Owl</h1></body></html>"

static void one_shop_in_five_captures(void **state)
{
    shop *s = *state;
    static const char *const files[] = {"shop.warc", "shop.warc.gz", "shop.har", "shop.mhtml",
                                        "shop.arc"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char path[512];
        (void)snprintf(path, sizeof path, "%s/captures/%s", KO_FIXTURES, files[i]);
        ko_error err = {0};
        assert_int_equal(take(s, path, &err), KO_OK);
        assert_int_equal(s->problems.count, 0);
        assert_int_equal(s->counts.listings, 1);
        assert_int_equal(s->counts.new_listings, i == 0);
        assert_int_equal(s->counts.photos, 1);
        assert_int_equal(s->counts.new_photos, i == 0);
    }
    count(s);
    assert_int_equal(s->listings, 1);
    assert_int_equal(s->photos, 1);
    assert_int_equal(to_fetch(s), 0);
}

static ko_status see_answer(void *context, const ko_web_answer *seen)
{
    ko_buf *warc = context;
    if (warc->size == 0)
        assert_int_equal(ko_file_read(seen->warc, warc, NULL), KO_OK);
    assert_int_equal(seen->status, 200);
    assert_string_equal(seen->final_url, "https://shop.example/item/7");
    return KO_OK;
}

static ko_status keep_body(void *context, const ko_reply *reply)
{
    ko_buf *body = context;
    ko_buf_clear(body);
    return ko_buf_append(body, reply->body, reply->size);
}

static void no_problem(void *context, size_t record, const char *text)
{
    (void)context;
    fail_msg("record %zu: %s", record, text);
}

static void a_listing_has_the_page_as_evidence(void **state)
{
    shop *s = *state;
    static const char page[] =
        PRODUCT("https://shop.example/item/7", "https://cdn.shop.example/owl.png");
    assert_int_equal(answer(s, 200, "https://shop.example/item/7", page, NULL), KO_OK);
    assert_int_equal(s->counts.to_fetch, 1);
    ko_buf warc = KO_BUF(1 << 20);
    ko_buf body = KO_BUF(1 << 20);
    assert_int_equal(ko_web_answer_each(s->store, 1, see_answer, &warc, NULL), KO_OK);
    const ko_capture_sink sink = {
        .context = &body, .on_reply = keep_body, .on_problem = no_problem};
    assert_int_equal(ko_capture_read(warc.data, warc.size, &sink, NULL, NULL), KO_OK);
    assert_string_equal(body.data, page);
    ko_buf_free(&warc);
    ko_buf_free(&body);
}

/* Bytes that the archive takes up. */
static int64_t archived_bytes(const shop *s)
{
    ko_paths files = {0};
    int64_t bytes = 0;
    assert_int_equal(ko_paths_walk(&files, s->path, NULL, NULL), KO_OK);
    for (size_t i = 0; i < files.count; i++) {
        struct stat info;
        assert_int_equal(stat(files.path[i], &info), 0);
        bytes += info.st_size;
    }
    ko_paths_free(&files);
    return bytes;
}

typedef struct seen_in {
    ko_web_answer answer[4];
    size_t n;
    char warc[128]; /* of the last one */
} seen_in;

static ko_status keep_answer(void *context, const ko_web_answer *answer)
{
    seen_in *seen = context;
    assert_true(seen->n < sizeof seen->answer / sizeof *seen->answer);
    seen->answer[seen->n++] = *answer;
    (void)snprintf(seen->warc, sizeof seen->warc, "%s", answer->warc);
    return KO_OK;
}

static seen_in answers(const shop *s)
{
    seen_in seen = {0};
    assert_int_equal(ko_web_answer_each(s->store, 1, keep_answer, &seen, NULL), KO_OK);
    return seen;
}

static void a_capture_taken_in_twice_is_archived_once(void **state)
{
    shop *s = *state;
    static const char *const files[] = {"shop.warc.gz", "shop.har"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char path[512];
        (void)snprintf(path, sizeof path, "%s/captures/%s", KO_FIXTURES, files[i]);
        assert_int_equal(take(s, path, NULL), KO_OK);
        const int64_t bytes = archived_bytes(s);
        const size_t n = answers(s).n;
        assert_int_equal(take(s, path, NULL), KO_OK);
        assert_int_equal(s->counts.listings, 1);
        assert_int_equal(archived_bytes(s), bytes);
        assert_int_equal(answers(s).n, n);
    }
}

/* A page of 40 KB that no packer makes shorter than 20. */
static void make_page(ko_buf *out)
{
    assert_int_equal(ko_buf_text(out, PRODUCT("https://shop.example/item/7",
                                              "https://cdn.shop.example/owl.png") "<!--"),
                     KO_OK);
    uint32_t chance = 1;
    for (int i = 0; i < 5000; i++) {
        chance = chance * 1664525u + 1013904223u;
        assert_int_equal(ko_buf_printf(out, "%08x", chance), KO_OK);
    }
    assert_int_equal(ko_buf_text(out, "-->"), KO_OK);
}

static void see_page(shop *s, const ko_buf *body, int64_t at)
{
    const ko_reply reply = {.url = "https://shop.example/item/7",
                            .final_url = "https://shop.example/item/7",
                            .status = 200,
                            .content_type = "text/html",
                            .headers = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n",
                            .body = body->data,
                            .size = body->size,
                            .at = at};
    ko_page page = {0};
    ko_ingest *ingest = begin(s);
    assert_int_equal(ko_ingest_reply(ingest, &reply, NULL, &page, NULL), KO_OK);
    end(s, ingest);
    ko_page_free(&page);
}

static void a_page_seen_again_is_archived_without_its_body(void **state)
{
    shop *s = *state;
    ko_buf page = KO_BUF(1 << 20);
    make_page(&page);
    see_page(s, &page, 1000);
    const int64_t whole = archived_bytes(s);
    assert_true(whole > 20000);
    see_page(s, &page, 2000);
    see_page(s, &page, 3000);
    see_page(s, &page, 3000); /* nothing new */
    see_page(s, &page, 0);
    assert_in_range(archived_bytes(s) - whole, 2, 2000);
    const seen_in seen = answers(s);
    assert_int_equal(seen.n, 3);
    for (size_t i = 0; i < seen.n; i++) {
        assert_int_equal(seen.answer[i].at, 1000 * (i + 1));
        assert_int_equal(seen.answer[i].body.answer_id, seen.answer[0].id);
        assert_int_equal(seen.answer[i].body.at, 1000);
        assert_int_equal(seen.answer[i].body.record, seen.answer[0].record);
    }
    assert_true(seen.answer[2].record > seen.answer[1].record);
    ko_buf_free(&page);
}

static void a_body_that_is_not_there_any_more_is_archived_again(void **state)
{
    shop *s = *state;
    ko_buf page = KO_BUF(1 << 20);
    make_page(&page);
    see_page(s, &page, 1000);
    assert_int_equal(unlink(answers(s).warc), 0);
    ko_archive_close(s->archive);
    assert_int_equal(ko_archive_open(s->path, "Knockoff", &s->archive, NULL), KO_OK);
    see_page(s, &page, 1000);
    see_page(s, &page, 2000);
    const seen_in seen = answers(s);
    assert_int_equal(seen.n, 3);
    assert_int_equal(seen.answer[1].body.answer_id, seen.answer[1].id);
    assert_int_equal(seen.answer[2].body.answer_id, seen.answer[1].id);
    assert_true(archived_bytes(s) > 20000);
    ko_buf_free(&page);
}

/* A saved page with a picture inside. */
static void save_page(const char *path, const char *price)
{
    ko_buf page = KO_BUF(1 << 20);
    assert_int_equal(
        ko_buf_printf(&page,
                      "<html><head><title>Owl</title><!-- Page saved with SingleFile\n"
                      " url: https://shop.example/item/7\n--><script type=\"application/ld+json\">"
                      "{\"@type\":\"Product\",\"name\":\"Owl\",\"offers\":{\"price\":\"%s\"}}"
                      "</script></head><body><div class=\"product-gallery\"><img width=800 "
                      "height=800 src=\"data:image/jpeg;base64,/9j/",
                      price),
        KO_OK);
    for (int i = 0; i < 1000; i++) /* a small one would be a placeholder */
        assert_int_equal(ko_buf_text(&page, "AAAA%41AAA"), KO_OK);
    assert_int_equal(ko_buf_text(&page, "\"></div></body></html>"), KO_OK);
    assert_int_equal(ko_file_write(path, page.data, page.size, NULL), KO_OK);
    ko_buf_free(&page);
}

static void a_picture_inside_a_page_is_a_range_of_the_archive(void **state)
{
    shop *s = *state;
    char path[128];
    (void)snprintf(path, sizeof path, "%s/single.html", s->folder);
    save_page(path, "4");
    ko_error err = {0};
    assert_int_equal(take(s, path, &err), KO_OK);
    assert_string_equal(s->said, "");
    count(s);
    assert_int_equal(s->photos, 1);
    assert_true(s->photo.archived);
    assert_int_equal(s->photo.bytes, 3 + 6000);
    ko_buf file = KO_BUF(1 << 20);
    assert_int_equal(ko_file_read(s->path_of_photo, &file, NULL), KO_OK);
    assert_memory_equal(file.data + s->photo.offset, "\xff\xd8\xff\0", 4);
    assert_non_null(strstr(file.data, "https://shop.example/item/7#picture-1\r\n"));
    ko_buf_free(&file);
    /* Saved again, it is the same photo of the same listing, and lies there. */
    const int64_t bytes = archived_bytes(s);
    assert_int_equal(take(s, path, &err), KO_OK);
    assert_int_equal(s->counts.new_listings + s->counts.new_photos, 0);
    assert_int_equal(archived_bytes(s), bytes);
    save_page(path, "5"); /* with the same picture */
    assert_int_equal(take(s, path, &err), KO_OK);
    assert_int_equal(s->counts.new_photos, 0);
    assert_in_range(archived_bytes(s) - bytes, 1, 2000);
    count(s);
    assert_int_equal(s->photos, 1);
}

static void walls_and_errors_give_no_listing(void **state)
{
    shop *s = *state;
    static const char page[] =
        PRODUCT("https://shop.example/item/7", "https://cdn.shop.example/owl.png");
    assert_int_equal(answer(s, 404, "https://shop.example/item/7", page, NULL), KO_OK);
    static const char wall[] =
        "<html><head><title>Just a moment...</title></head><body>"
        "<div id=\"challenge-form\" class=\"cf-turnstile\"></div></body></html>";
    assert_int_equal(answer(s, 403, "https://shop.example/item/7", wall, NULL), KO_OK);
    count(s);
    assert_int_equal(s->listings, 0);
    assert_int_equal(to_fetch(s), 0);
}

static ko_status picture(shop *s, const char *url, const char *body, bool *taken, ko_error *err)
{
    const ko_reply reply = {.url = url,
                            .final_url = url,
                            .status = 200,
                            .content_type = "text/html",
                            .headers = "",
                            .body = body,
                            .size = strlen(body)};
    ko_ingest *ingest = begin(s);
    const ko_status st = ko_ingest_picture_reply(ingest, &reply, taken, err);
    end(s, ingest);
    return st;
}

static void only_pictures_that_a_gallery_waits_for_are_kept(void **state)
{
    shop *s = *state;
    static const char page[] =
        PRODUCT("https://shop.example/item/7", "https://cdn.shop.example/owl.jpg");
    assert_int_equal(answer(s, 200, "https://shop.example/item/7", page, NULL), KO_OK);
    bool taken = true;
    ko_error err = {0};
    assert_int_equal(
        picture(s, "https://cdn.shop.example/fox.jpg", "\xff\xd8\xff\xe0", &taken, NULL), KO_OK);
    assert_false(taken);
    assert_int_equal(picture(s, "https://cdn.shop.example/owl.jpg", "<html>", &taken, &err),
                     KO_E_FORMAT);
    assert_string_equal(err.text, "https://cdn.shop.example/owl.jpg: no picture, but text/html");
    assert_int_equal(
        picture(s, "https://CDN.shop.example/owl.jpg#x", "\xff\xd8\xff\xe0", &taken, NULL), KO_OK);
    assert_true(taken);
    assert_int_equal(to_fetch(s), 0);
    assert_int_equal(
        picture(s, "https://cdn.shop.example/owl.jpg", "\xff\xd8\xff\xe1", &taken, NULL), KO_OK);
    assert_false(taken);
    count(s);
    assert_int_equal(s->photos, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(one_shop_in_five_captures, open_shop, close_shop),
        cmocka_unit_test_setup_teardown(a_listing_has_the_page_as_evidence, open_shop, close_shop),
        cmocka_unit_test_setup_teardown(a_capture_taken_in_twice_is_archived_once, open_shop,
                                        close_shop),
        cmocka_unit_test_setup_teardown(a_page_seen_again_is_archived_without_its_body, open_shop,
                                        close_shop),
        cmocka_unit_test_setup_teardown(a_body_that_is_not_there_any_more_is_archived_again,
                                        open_shop, close_shop),
        cmocka_unit_test_setup_teardown(a_picture_inside_a_page_is_a_range_of_the_archive,
                                        open_shop, close_shop),
        cmocka_unit_test_setup_teardown(walls_and_errors_give_no_listing, open_shop, close_shop),
        cmocka_unit_test_setup_teardown(only_pictures_that_a_gallery_waits_for_are_kept, open_shop,
                                        close_shop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
