#include "serve/eye.h"

#include "base/limits.h"
#include "scan/market.h"

#include <knockoff/match.h>

#include <pthread.h>

typedef struct fixture {
    market *market;
    ko_live *live;
    ko_eye *eye;
} fixture;

static int open_eye(void **state)
{
    static fixture f;
    char path[96];
    if (open_market((void **)&f.market) != 0)
        return -1;
    (void)snprintf(path, sizeof path, "%s/k.db", f.market->folder);
    if (ko_live_open(path, &f.live, NULL) != KO_OK ||
        ko_eye_open(path, f.live, &f.eye, NULL) != KO_OK)
        return -1;
    *state = &f;
    return 0;
}

static int close_eye(void **state)
{
    fixture *f = *state;
    ko_eye_close(f->eye);
    ko_live_close(f->live);
    return close_market((void **)&f->market);
}

static ko_buf read_photo(const char *path)
{
    ko_buf bytes = KO_BUF(KO_MAX_IMAGE_BYTES);
    const ko_file_part file = {.path = path};
    assert_int_equal(ko_file_read_part(&file, &bytes, NULL), KO_OK);
    return bytes;
}

static ko_looked look_at(const fixture *f, const char *path)
{
    ko_buf bytes = read_photo(path);
    ko_looked looked = {0};
    ko_error err = {0};
    if (ko_eye_look(f->eye, "photo", bytes.data, bytes.size, &looked, &err) != KO_OK)
        fail_msg("%s", err.text);
    ko_buf_free(&bytes);
    return looked;
}

static size_t works_seen(const fixture *f, const char *path)
{
    ko_looked looked = look_at(f, path);
    const size_t n = looked.n_works;
    ko_looked_free(&looked);
    return n;
}

static size_t photos_seen(const fixture *f, const char *path)
{
    ko_looked looked = look_at(f, path);
    const size_t n = looked.n_photos;
    ko_looked_free(&looked);
    return n;
}

#define MUG PHOTOS "/goldfish-mug.jpg"

static void a_work_is_seen_from_when_it_is_added_until_it_is_removed(void **state)
{
    const fixture *f = *state;
    assert_int_equal(works_seen(f, MUG), 0);
    add_works(f->market, WORKS "/goldfish.png", 0);
    ko_looked looked = look_at(f, MUG);
    assert_int_equal(looked.n_works, 1);
    assert_int_equal(looked.works[0].id, 1);
    assert_true(looked.works[0].evidence.has_part);
    assert_true(looked.threshold == KO_SCORE_DEFAULT);
    ko_looked_free(&looked);
    add_works(f->market, WORKS "/Geranium.png", 0);
    assert_int_equal(works_seen(f, PHOTOS "/geranium-pink-card.jpg"), 1);
    assert_int_equal(ko_work_remove(f->market->store, 1, NULL), KO_OK);
    assert_int_equal(works_seen(f, MUG), 0);
}

static void a_new_view_of_a_work_is_looked_for(void **state)
{
    const fixture *f = *state;
    add_works(f->market, WORKS "/Geranium.png", 0);
    assert_int_equal(works_seen(f, MUG), 0);
    add_works(f->market, WORKS "/goldfish.png", 1);
    assert_int_equal(works_seen(f, MUG), 1);
}

static void thresholds_hold_at_once(void **state)
{
    const fixture *f = *state;
    const double high = 100;
    const ko_work_fields fields = {.threshold = &high};
    add_works(f->market, WORKS "/goldfish.png", 0);
    assert_int_equal(works_seen(f, MUG), 1);
    assert_int_equal(ko_work_set(f->market->store, 1, &fields, false, NULL), KO_OK);
    assert_int_equal(works_seen(f, MUG), 0);
    assert_int_equal(ko_work_set(f->market->store, 1, &(ko_work_fields){0}, true, NULL), KO_OK);
    assert_int_equal(works_seen(f, MUG), 1);
    assert_int_equal(ko_store_set_threshold(f->market->store, high, NULL), KO_OK);
    assert_int_equal(works_seen(f, MUG), 0);
}

static void photos_are_seen_when_a_scan_has_read_them(void **state)
{
    const fixture *f = *state;
    const char *card = PHOTOS "/geranium-pink-card.jpg";
    assert_int_equal(photos_seen(f, card), 0);
    ingest_some(f->market);
    assert_int_equal(photos_seen(f, card), 0);
    (void)scan_all(f->market);
    ko_looked looked = look_at(f, card);
    assert_true(looked.n_photos >= 1);
    size_t same = 0;
    for (size_t i = 0; i < looked.n_photos; i++)
        same += looked.photos[i].distance == 0 && looked.photos[i].orientation == KO_ORIENT_NONE;
    assert_int_equal(same, 1);
    ko_looked_free(&looked);
    /* Those that come later follow, each once. */
    char *const more[] = {(char *)PHOTOS "/owl-bookmark.jpg"};
    assert_int_equal(photos_seen(f, more[0]), 0);
    (void)ingest(f->market, more, 1);
    (void)scan_all(f->market);
    assert_int_equal(photos_seen(f, more[0]), 1);
}

static void what_is_no_picture_is_refused_by_name(void **state)
{
    const fixture *f = *state;
    ko_looked looked;
    ko_error err = {0};
    assert_int_equal(ko_eye_look(f->eye, "cat.txt", "meow", 4, &looked, &err), KO_E_FORMAT);
    assert_string_equal(err.text, "cat.txt: not a picture");
}

/* --- many at once --- */

typedef struct looker {
    const fixture *fixture;
    ko_buf bytes;
    size_t n_missed, n_failed;
} looker;

static void *keep_looking(void *context)
{
    looker *l = context;
    for (int i = 0; i < 8; i++) {
        ko_looked looked = {0};
        if (ko_eye_look(l->fixture->eye, "mug", l->bytes.data, l->bytes.size, &looked, NULL) !=
            KO_OK)
            l->n_failed++;
        else if (looked.n_works == 0 || looked.works[0].id != 1)
            l->n_missed++;
        ko_looked_free(&looked);
    }
    return NULL;
}

static void many_look_while_works_come_and_go(void **state)
{
    fixture *f = *state;
    looker lookers[4];
    pthread_t threads[4];
    add_works(f->market, WORKS "/goldfish.png", 0);
    for (size_t i = 0; i < 4; i++) {
        lookers[i] = (looker){.fixture = f, .bytes = read_photo(MUG)};
        assert_int_equal(pthread_create(&threads[i], NULL, keep_looking, &lookers[i]), 0);
    }
    for (int64_t id = 2; id < 6; id++) {
        add_works(f->market, WORKS "/Geranium.png", 0);
        assert_int_equal(ko_work_remove(f->market->store, id, NULL), KO_OK);
    }
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_int_equal(lookers[i].n_failed, 0);
        assert_int_equal(lookers[i].n_missed, 0);
        ko_buf_free(&lookers[i].bytes);
    }
}

int main(void)
{
#define EYE_TEST(f) cmocka_unit_test_setup_teardown(f, open_eye, close_eye)
    const struct CMUnitTest tests[] = {
        EYE_TEST(a_work_is_seen_from_when_it_is_added_until_it_is_removed),
        EYE_TEST(a_new_view_of_a_work_is_looked_for),
        EYE_TEST(thresholds_hold_at_once),
        EYE_TEST(photos_are_seen_when_a_scan_has_read_them),
        EYE_TEST(what_is_no_picture_is_refused_by_name),
        EYE_TEST(many_look_while_works_come_and_go),
    };
    return cmocka_run_group_tests_name("serve/eye", tests, NULL, NULL);
}
