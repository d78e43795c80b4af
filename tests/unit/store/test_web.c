/* Pictures that come from the web in any order, answers, hosts and quotas. */
#include "store/web.h"

#include "base/alloc.h"

#include "fixture.h"

/* --- galleries --- */

/* A settled listing of pictures on the web, named by letters: "ab" shows https://c.test/a and b;
 * a capital letter is a picture of which there is a file, too. */
static ko_ingested show(ko_store *store, const char *url, const char *letters, int64_t answer_id)
{
    char urls[8][32], paths[8][8];
    ko_photo_file photos[8];
    const size_t n = strlen(letters);
    assert_true(n <= 8);
    for (size_t i = 0; i < n; i++) {
        const bool file = letters[i] < 'a';
        (void)snprintf(urls[i], sizeof urls[i], "https://c.test/%c", letters[i] | 0x20);
        (void)snprintf(paths[i], sizeof paths[i], "/p/%c", letters[i] | 0x20);
        photos[i] = file_photo(file ? paths[i] : "", 10, 20);
        photos[i].url = urls[i];
    }
    const ko_listing record = plain_record(url);
    ko_ingested what = {0};
    ko_error err = {0};
    if (ko_seen_add(store, &record, "page", photos, n, answer_id, &what, &err) != KO_OK)
        fail_msg("%s", err.text);
    return what;
}

static int64_t find(ko_store *store, const char *url)
{
    ko_web_picture picture;
    assert_int_equal(ko_web_picture_find(store, url, &picture, NULL), KO_OK);
    assert_string_equal(picture.url, url);
    return picture.id;
}

/* The picture of a letter arrives as a range of an archive. */
static void arrive(ko_store *store, char letter, int64_t offset, uint8_t content)
{
    char url[32];
    (void)snprintf(url, sizeof url, "https://c.test/%c", letter);
    const ko_photo_file file = {.path = "/archive/pictures.warc",
                                .offset = offset,
                                .bytes = 100,
                                .archived = true,
                                .sha256 = {content},
                                .url = url};
    assert_int_equal(ko_web_picture_arrived(store, find(store, url), &file, NULL), KO_OK);
}

typedef struct gallery {
    const char *url; /* of the listing */
    char text[512];  /* "path@offset=url" or "=url", one after the other */
    char shown[256]; /* numbers of the photos, in the same order */
} gallery;

static ko_status write_gallery(void *context, const ko_seen *seen)
{
    gallery *g = context;
    if (strcmp(seen->record.url, g->url) != 0)
        return KO_OK;
    for (size_t i = 0; i < seen->record.n_pictures; i++) {
        const ko_gallery_picture *p = &seen->record.pictures[i];
        const size_t at = strlen(g->text);
        if (p->bytes)
            (void)snprintf(g->text + at, sizeof g->text - at, " @%lld", (long long)p->offset);
        else
            (void)snprintf(g->text + at, sizeof g->text - at, " %s", p->path);
        const size_t then = strlen(g->text);
        (void)snprintf(g->text + then, sizeof g->text - then, "=%s",
                       p->url[0] ? p->url + strlen("https://c.test/") : "");
    }
    return KO_OK;
}

static gallery gallery_of(ko_store *store, const char *url)
{
    gallery g = {.url = url};
    assert_int_equal(ko_seen_each(store, 0, write_gallery, &g, NULL), KO_OK);
    return g;
}

#define A "https://m.test/a"
#define B "https://m.test/b"

static void pictures_take_their_places_in_whatever_order_they_come(void **state)
{
    fixture *f = *state;
    const ko_ingested what = show(f->store, A, "abcd", 0);
    assert_int_equal(what.to_fetch, 4);
    assert_int_equal(what.new_photos, 0);
    assert_string_equal(gallery_of(f->store, A).text, " =a =b =c =d");
    arrive(f->store, 'd', 400, 4);
    arrive(f->store, 'b', 200, 2);
    assert_string_equal(gallery_of(f->store, A).text, " =a @200=b =c @400=d");
    arrive(f->store, 'a', 100, 1);
    assert_string_equal(gallery_of(f->store, A).text, " @100=a @200=b =c @400=d");
    /* of listing_photo, which all who walk photos read */
    assert_int_equal(number(f->store, "SELECT group_concat(photo_id, '') = '321' FROM"
                                      " (SELECT photo_id FROM listing_photo ORDER BY position)"),
                     1);
    assert_whole(f->store);
}

static ko_status write_shown(void *context, const ko_photo *photo, const char *url)
{
    gallery *g = context;
    const size_t at = strlen(g->text);
    (void)snprintf(g->text + at, sizeof g->text - at, " %s@%lld:%d=%s", photo->path,
                   (long long)photo->offset, photo->sha256[0], url);
    return KO_OK;
}

static ko_status write_missing(void *context, const ko_web_picture *picture)
{
    gallery *g = context;
    const size_t at = strlen(g->text);
    (void)snprintf(g->text + at, sizeof g->text - at, " %s:%s", picture->url, picture->reason);
    return KO_OK;
}

static void what_a_listing_shows_and_what_it_lacks(void **state)
{
    fixture *f = *state;
    (void)show(f->store, B, "x", 0);
    (void)show(f->store, A, "abCd", 0);
    arrive(f->store, 'b', 200, 2);
    arrive(f->store, 'x', 300, 3);
    ko_web_picture given_up = {.id = find(f->store, "https://c.test/d"),
                               .state = KO_WEB_PICTURE_FAILED,
                               .reason = "answer 403"};
    assert_int_equal(ko_web_picture_update(f->store, &given_up, NULL), KO_OK);
    const int64_t id = number(f->store, "SELECT id FROM listing WHERE url = '" A "'");
    gallery shown = {0}, missing = {0};
    assert_int_equal(ko_shown_each(f->store, id, write_shown, &shown, NULL), KO_OK);
    assert_string_equal(shown.text, " /archive/pictures.warc@200:2=https://c.test/b"
                                    " /p/c@0:0=https://c.test/c");
    assert_int_equal(ko_web_picture_each_missing(f->store, id, write_missing, &missing, NULL),
                     KO_OK);
    assert_string_equal(missing.text, " https://c.test/a: https://c.test/d:answer 403");
}

static void a_picture_is_fetched_once_for_all_who_show_it(void **state)
{
    fixture *f = *state;
    (void)show(f->store, A, "ab", 0);
    assert_int_equal(show(f->store, B, "cba", 0).to_fetch, 3);
    arrive(f->store, 'a', 100, 1);
    assert_string_equal(gallery_of(f->store, A).text, " @100=a =b");
    assert_string_equal(gallery_of(f->store, B).text, " =c =b @100=a");
    /* one that comes later finds it here */
    assert_int_equal(show(f->store, "https://m.test/c", "ad", 0).to_fetch, 1);
    assert_string_equal(gallery_of(f->store, "https://m.test/c").text, " @100=a =d");
    assert_int_equal(number(f->store, "SELECT count(*) FROM photo"), 1);
}

static void the_same_bytes_are_one_photo(void **state)
{
    fixture *f = *state;
    (void)show(f->store, A, "abc", 0);
    (void)show(f->store, B, "d", 0);
    arrive(f->store, 'c', 100, 1);
    arrive(f->store, 'a', 200, 1);
    arrive(f->store, 'd', 300, 1);
    assert_int_equal(number(f->store, "SELECT count(*) FROM photo"), 1);
    assert_string_equal(gallery_of(f->store, A).text, " @100=a =b"); /* at the first place */
    assert_string_equal(gallery_of(f->store, B).text, " @100=d");
}

static void a_gallery_seen_again_grows_at_its_end(void **state)
{
    fixture *f = *state;
    (void)show(f->store, A, "ab", 0);
    arrive(f->store, 'b', 200, 2);
    const ko_ingested what = show(f->store, A, "cba", 0);
    assert_false(what.new_listing);
    assert_int_equal(what.to_fetch, 2);
    assert_string_equal(gallery_of(f->store, A).text, " =a @200=b =c");
    (void)show(f->store, A, "cba", 0);
    assert_string_equal(gallery_of(f->store, A).text, " =a @200=b =c");
}

static void a_file_that_is_given_for_a_picture_is_not_fetched(void **state)
{
    fixture *f = *state;
    (void)show(f->store, A, "ab", 0);
    const ko_ingested what = show(f->store, B, "Bc", 0);
    assert_int_equal(what.new_photos, 1);
    assert_int_equal(what.to_fetch, 1);
    assert_string_equal(gallery_of(f->store, B).text, " /p/b=b =c");
    assert_string_equal(gallery_of(f->store, A).text, " =a /p/b=b");
    (void)show(f->store, B, "Bc", 0);
    assert_string_equal(gallery_of(f->store, B).text, " /p/b=b =c");
    assert_int_equal(number(f->store, "SELECT count(*) FROM photo"), 1);
}

/* A match of a photo that a listing comes to show later makes that listing's candidate. */
static void a_known_photo_that_arrives_makes_its_candidate(void **state)
{
    fixture *f = *state;
    const int64_t work = add_work(f->store, "Owl"), view = add_view(f->store, work, 1);
    (void)show(f->store, A, "a", 0);
    arrive(f->store, 'a', 100, 1);
    assert_int_equal(add_match(f->store, work, view, 1, 9), 1);
    (void)show(f->store, B, "b", 0);
    arrive(f->store, 'b', 200, 1); /* the same bytes */
    size_t fresh = 0;
    assert_int_equal(ko_candidates_complete(f->store, &fresh, NULL), KO_OK);
    assert_int_equal(fresh, 1);
}

static ko_status write_photo(void *context, const ko_candidate *c)
{
    char *name = ko_photo_name(c->photo);
    char *text = context;
    const size_t at = strlen(text);
    (void)snprintf(text + at, 256 - at, "%s: %s\n", name, c->photo_url);
    ko_free(name);
    return KO_OK;
}

static void a_candidate_tells_where_its_photo_is_on_the_web(void **state)
{
    fixture *f = *state;
    const int64_t work = add_work(f->store, "Owl"), view = add_view(f->store, work, 1);
    (void)show(f->store, A, "ab", 0);
    arrive(f->store, 'b', 200, 1);
    arrive(f->store, 'a', 100, 1); /* the same bytes, earlier in the gallery */
    (void)add_listing(f->store, B, "c");
    assert_int_equal(add_match(f->store, work, view, 1, 9), 1);
    assert_int_equal(add_match(f->store, work, view, 2, 8), 1);
    char text[256] = "";
    const ko_candidate_filter all = {.all = true};
    assert_int_equal(ko_candidate_each(f->store, &all, write_photo, text, NULL), KO_OK);
    assert_string_equal(text, "/archive/pictures.warc at byte 200: https://c.test/a\n/p/c: \n");
}

/* --- what is to be fetched --- */

static ko_status take_id(void *context, const ko_web_picture *picture)
{
    char *text = context;
    const size_t at = strlen(text);
    (void)snprintf(text + at, 64 - at, "%lld", (long long)picture->id);
    return KO_OK;
}

static void assert_open(ko_store *store, int64_t after, int64_t now, size_t limit, const char *ids)
{
    char text[64] = "";
    assert_int_equal(ko_web_picture_each_new(store, after, now, limit, take_id, text, NULL), KO_OK);
    assert_string_equal(text, ids);
}

static void pictures_wait_fail_and_are_renewed(void **state)
{
    fixture *f = *state;
    (void)show(f->store, A, "abcd", 0);
    arrive(f->store, 'b', 200, 2);
    assert_open(f->store, 0, 0, 9, "134");
    assert_open(f->store, 1, 0, 1, "3");
    ko_web_picture picture = {.id = 1, .reason = "asked to wait", .tries = 2, .not_before = 500};
    assert_int_equal(ko_web_picture_update(f->store, &picture, NULL), KO_OK);
    picture =
        (ko_web_picture){.id = 3, .state = KO_WEB_PICTURE_FAILED, .reason = "gone", .tries = 1};
    assert_int_equal(ko_web_picture_update(f->store, &picture, NULL), KO_OK);
    assert_open(f->store, 0, 499, 9, "4");
    assert_open(f->store, 0, 500, 9, "14");
    ko_web_picture_counts counts;
    assert_int_equal(ko_web_picture_count(f->store, &counts, NULL), KO_OK);
    assert_int_equal(counts.fresh, 2);
    assert_int_equal(counts.here, 1);
    assert_int_equal(counts.failed, 1);
    assert_int_equal(counts.next_at, 500);
    ko_web_picture kept;
    assert_int_equal(ko_web_picture_find(f->store, "https://c.test/c", &kept, NULL), KO_OK);
    assert_string_equal(kept.reason, "gone");
    assert_int_equal(kept.state, KO_WEB_PICTURE_FAILED);
    assert_int_equal(kept.tries, 1);
    assert_int_equal(ko_web_picture_find(f->store, "https://c.test/x", &kept, NULL),
                     KO_E_NOT_FOUND);

    assert_int_equal(ko_web_pictures_renew(f->store, NULL), KO_OK);
    assert_open(f->store, 0, 0, 9, "34"); /* the one that waits still does */
    picture.id = 99;
    assert_int_equal(ko_web_picture_update(f->store, &picture, NULL), KO_E_NOT_FOUND);
    const ko_photo_file file = file_photo("/p/a", 1, 2);
    assert_int_equal(ko_web_picture_arrived(f->store, 99, &file, NULL), KO_E_NOT_FOUND);
    assert_int_equal(number(f->store, "SELECT count(*) FROM photo WHERE path = '/p/a'"), 0);
}

/* --- evidence --- */

static ko_status write_answer(void *context, const ko_web_answer *a)
{
    char *text = context;
    const size_t at = strlen(text);
    (void)snprintf(text + at, 256 - at, "%s %s %d %s %u %lld %s %lld\n", a->url, a->final_url,
                   a->status, a->content_type, a->sha256[31], (long long)a->at, a->warc,
                   (long long)a->record);
    return KO_OK;
}

static void a_listing_knows_the_answers_it_was_seen_in(void **state)
{
    fixture *f = *state;
    ko_web_answer answer = {.url = "https://m.test/a?x",
                            .final_url = A,
                            .status = 200,
                            .content_type = "text/html",
                            .sha256 = {[31] = 7},
                            .at = 2000,
                            .warc = "/archive/p.warc.gz",
                            .record = 55};
    int64_t late = 0, early = 0;
    assert_int_equal(ko_web_answer_add(f->store, &answer, &late, NULL), KO_OK);
    answer.at = 1000;
    assert_int_equal(ko_web_answer_add(f->store, &answer, &early, NULL), KO_OK);
    (void)show(f->store, A, "", late);
    (void)show(f->store, A, "", early);
    (void)show(f->store, A, "", early);
    (void)show(f->store, B, "", 0);
    char text[256] = "";
    assert_int_equal(ko_web_answer_each(f->store, 1, write_answer, text, NULL), KO_OK);
    assert_string_equal(
        text, "https://m.test/a?x https://m.test/a 200 text/html 7 1000 /archive/p.warc.gz 55\n"
              "https://m.test/a?x https://m.test/a 200 text/html 7 2000 /archive/p.warc.gz 55\n");
    text[0] = '\0';
    assert_int_equal(ko_web_answer_each(f->store, 2, write_answer, text, NULL), KO_OK);
    assert_string_equal(text, "");
}

/* "id:body@time" of each. */
static ko_status write_body(void *context, const ko_web_answer *a)
{
    char *text = context;
    const size_t at = strlen(text);
    (void)snprintf(text + at, 256 - at, "%lld:%lld@%lld %s %lld\n", (long long)a->id,
                   (long long)a->body.answer_id, (long long)a->body.at, a->body.warc,
                   (long long)a->body.record);
    return KO_OK;
}

static void an_answer_may_leave_its_body_to_another(void **state)
{
    fixture *f = *state;
    ko_web_answer answer = {.url = A,
                            .final_url = A,
                            .content_type = "",
                            .sha256 = {[31] = 7},
                            .at = 1000,
                            .warc = "/archive/p.warc.gz",
                            .record = 55};
    int64_t whole = 0, again = 0, other = 0;
    assert_int_equal(ko_web_answer_add(f->store, &answer, &whole, NULL), KO_OK);
    answer.at = 2000;
    answer.record = 99;
    answer.body.answer_id = whole;
    assert_int_equal(ko_web_answer_add(f->store, &answer, &again, NULL), KO_OK);
    answer.body.answer_id = 0;
    answer.final_url = B;
    assert_int_equal(ko_web_answer_add(f->store, &answer, &other, NULL), KO_OK);
    (void)show(f->store, A, "", again);
    char text[256] = "";
    assert_int_equal(ko_web_answer_each(f->store, 1, write_body, text, NULL), KO_OK);
    assert_string_equal(text, "2:1@1000 /archive/p.warc.gz 55\n");

    /* What is known of a body: where it lies, and when else it was seen. */
    text[0] = '\0';
    assert_int_equal(ko_web_answer_each_of(f->store, A, answer.sha256, 0, write_body, text, NULL),
                     KO_OK);
    assert_string_equal(text, "1:1@1000 /archive/p.warc.gz 55\n");
    text[0] = '\0';
    assert_int_equal(
        ko_web_answer_each_of(f->store, A, answer.sha256, 2000, write_body, text, NULL), KO_OK);
    assert_string_equal(text, "2:1@1000 /archive/p.warc.gz 55\n"
                              "1:1@1000 /archive/p.warc.gz 55\n");
    answer.sha256[0] = 1;
    text[0] = '\0';
    assert_int_equal(ko_web_answer_each_of(f->store, A, answer.sha256, 0, write_body, text, NULL),
                     KO_OK);
    assert_string_equal(text, "");
}

/* --- hosts and quotas --- */

static void hosts_are_remembered(void **state)
{
    fixture *f = *state;
    ko_web_host host;
    assert_int_equal(ko_web_host_get(f->store, "https://m.test", &host, NULL), KO_E_NOT_FOUND);
    static const char robots[] = "User-agent: *\0Disallow: /"; /* a zero is a byte like others */
    host = (ko_web_host){.origin = "https://m.test",
                         .robots_status = 200,
                         .robots = robots,
                         .robots_bytes = sizeof robots - 1,
                         .robots_at = 10,
                         .not_before = 20};
    assert_int_equal(ko_web_host_put(f->store, &host, NULL), KO_OK);
    ko_web_host none = {.origin = "https://n.test", .robots_status = -1};
    assert_int_equal(ko_web_host_put(f->store, &none, NULL), KO_OK);
    open_store(f, KO_STORE_OPEN);
    ko_web_host got;
    assert_int_equal(ko_web_host_get(f->store, "https://m.test", &got, NULL), KO_OK);
    assert_int_equal(got.robots_bytes, sizeof robots - 1);
    assert_memory_equal(got.robots, robots, sizeof robots - 1);
    assert_int_equal(got.robots_at + got.not_before + got.robots_status, 230);
    assert_string_equal(got.origin, "https://m.test");
    assert_int_equal(ko_web_host_get(f->store, "https://n.test", &got, NULL), KO_OK);
    assert_int_equal(got.robots_status, -1);
    assert_int_equal(got.robots_bytes, 0);
    none = (ko_web_host){.origin = "https://m.test", .robots_status = 404, .robots = ""};
    assert_int_equal(ko_web_host_put(f->store, &none, NULL), KO_OK);
    assert_int_equal(ko_web_host_get(f->store, "https://m.test", &got, NULL), KO_OK);
    assert_int_equal(got.robots_status, 404);
    assert_int_equal(got.robots_bytes, 0);
}

static int64_t use(ko_store *store, const char *interface, int64_t day)
{
    int64_t left = 99;
    assert_int_equal(ko_web_quota_use(store, interface, day, 2, &left, NULL), KO_OK);
    return left;
}

static void a_quota_is_of_one_interface_and_day(void **state)
{
    fixture *f = *state;
    assert_int_equal(use(f->store, "ebay", 100), 1);
    assert_int_equal(use(f->store, "ebay", 100), 0);
    assert_int_equal(use(f->store, "ebay", 100), -1);
    open_store(f, KO_STORE_OPEN);
    assert_int_equal(use(f->store, "ebay", 100), -1);
    assert_int_equal(use(f->store, "etsy", 100), 1);
    assert_int_equal(use(f->store, "ebay", 101), 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(pictures_take_their_places_in_whatever_order_they_come),
        TEST(what_a_listing_shows_and_what_it_lacks),
        TEST(a_picture_is_fetched_once_for_all_who_show_it),
        TEST(the_same_bytes_are_one_photo),
        TEST(a_gallery_seen_again_grows_at_its_end),
        TEST(a_file_that_is_given_for_a_picture_is_not_fetched),
        TEST(a_known_photo_that_arrives_makes_its_candidate),
        TEST(a_candidate_tells_where_its_photo_is_on_the_web),
        TEST(pictures_wait_fail_and_are_renewed),
        TEST(a_listing_knows_the_answers_it_was_seen_in),
        TEST(an_answer_may_leave_its_body_to_another),
        TEST(hosts_are_remembered),
        TEST(a_quota_is_of_one_interface_and_day),
    };
    return cmocka_run_group_tests_name("web", tests, NULL, NULL);
}
