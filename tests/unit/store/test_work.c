#include "fixture.h"

typedef struct works {
    size_t n;
    ko_work work[4]; /* texts are not ours: only numbers may be looked at */
    char texts[256];
    char serial[KO_SERIAL_SIZE];
    double threshold; /* -1: the collection's */
} works;

static ko_status take_work(void *context, const ko_work *work)
{
    works *w = context;
    assert_true(w->n < 4);
    w->work[w->n++] = *work;
    (void)snprintf(w->texts, sizeof w->texts, "%s|%s|%s|%s|%s", work->fields.title,
                   work->fields.registration, work->fields.holder, work->fields.published_on,
                   work->fields.published_url);
    (void)snprintf(w->serial, sizeof w->serial, "%s", work->serial);
    w->threshold = work->fields.threshold ? *work->fields.threshold : -1;
    return KO_OK;
}

static works read_works(ko_store *store, int64_t id)
{
    works w = {0};
    assert_int_equal(ko_work_each(store, id, take_work, &w, NULL), KO_OK);
    return w;
}

static void fields_are_kept_and_changed_one_by_one(void **state)
{
    fixture *f = *state;
    const double own = 7.5;
    const ko_work_fields fields = {.title = "Katze \"Лето\" 'n' \xF0\x9F\x90\x88; --",
                                   .holder = "A. Artist",
                                   .published_on = "2024-05",
                                   .threshold = &own};
    int64_t id = 0;
    char serial[KO_SERIAL_SIZE];
    assert_int_equal(ko_work_add(f->store, &fields, &id, serial, NULL), KO_OK);
    assert_string_equal(serial, "KO-000001");
    works w = read_works(f->store, id);
    assert_int_equal(w.n, 1);
    assert_string_equal(w.texts, "Katze \"Лето\" 'n' \xF0\x9F\x90\x88; --||A. Artist|2024-05|");
    assert_string_equal(w.serial, "KO-000001");
    assert_true(w.threshold == 7.5);

    const ko_work_fields change = {.title = "Cat", .holder = ""};
    assert_int_equal(ko_work_set(f->store, id, &change, false, NULL), KO_OK);
    w = read_works(f->store, id);
    assert_string_equal(w.texts, "Cat|||2024-05|");
    assert_true(w.threshold == 7.5);
    assert_int_equal(ko_work_set(f->store, id, &(ko_work_fields){0}, true, NULL), KO_OK);
    assert_true(read_works(f->store, id).threshold == -1);
    assert_int_equal(ko_work_set(f->store, 9, &change, false, NULL), KO_E_NOT_FOUND);
}

static void works_come_in_order_with_their_sums(void **state)
{
    fixture *f = *state;
    const int64_t cat = add_work(f->store, "cat");
    const int64_t dog = add_work(f->store, "dog");
    (void)add_view(f->store, dog, 1);
    ko_view better = plain_view(dog, 2);
    const ko_fp_variant three[3] = {0};
    better.variants = three;
    better.n_variants = 3;
    better.quality = 95;
    int64_t id = 0;
    assert_int_equal(ko_view_add(f->store, &better, &id, NULL), KO_OK);
    const works w = read_works(f->store, 0);
    assert_int_equal(w.n, 2);
    assert_int_equal(w.work[0].id, cat);
    assert_int_equal(w.work[0].n_views, 0);
    assert_int_equal(w.work[0].n_variants, 0);
    assert_int_equal(w.work[0].quality, 0);
    assert_int_equal(w.work[1].id, dog);
    assert_int_equal(w.work[1].n_views, 2);
    assert_int_equal(w.work[1].n_variants, 4);
    assert_int_equal(w.work[1].quality, 95);
}

static void serials_are_found_as_people_write_them(void **state)
{
    fixture *f = *state;
    for (int i = 0; i < 12; i++)
        (void)add_work(f->store, "cat");
    static const char *const good[] = {"KO-000012", "ko-12", "Ko-0012", "12", "000000000000012"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        int64_t id = 0;
        assert_int_equal(ko_work_find(f->store, good[i], &id, NULL), KO_OK);
        assert_int_equal(id, 12);
    }
    static const char *const bad[] = {"",
                                      "K",
                                      "KO",
                                      "KO-",
                                      "0",
                                      "-12",
                                      "+12",
                                      "12 ",
                                      "12x",
                                      "K12",
                                      "13",
                                      "KO-0x0C",
                                      "12\n",
                                      "1e1",
                                      "18446744073709551628",
                                      "99999999999999999999999999999"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        int64_t id = -1;
        ko_error err = {0};
        assert_int_equal(ko_work_find(f->store, bad[i], &id, &err), KO_E_NOT_FOUND);
        assert_int_equal(id, -1);
        assert_null(strchr(err.text, '\n'));
    }
}

static void a_serial_is_never_given_twice(void **state)
{
    fixture *f = *state;
    (void)add_work(f->store, "cat");
    const int64_t dog = add_work(f->store, "dog");
    assert_int_equal(ko_work_remove(f->store, dog, NULL), KO_OK);
    assert_int_equal(ko_work_remove(f->store, dog, NULL), KO_E_NOT_FOUND);
    open_store(f, KO_STORE_OPEN);
    assert_int_equal(add_work(f->store, "fox"), dog + 1);
    int64_t id = 0;
    assert_int_equal(ko_work_find(f->store, "2", &id, NULL), KO_E_NOT_FOUND);
}

/* --- views --- */

typedef struct views {
    size_t n;
    int64_t ids[4];
    ko_view last;
    ko_fp_variant variants[KO_FP_VARIANTS_MAX];
    bool any_variants;
} views;

static ko_status take_view(void *context, const ko_view *view)
{
    views *v = context;
    assert_true(v->n < 4);
    v->ids[v->n++] = view->id;
    v->last = *view;
    v->any_variants = view->variants != NULL;
    if (view->variants)
        memcpy(v->variants, view->variants, view->n_variants * sizeof *view->variants);
    assert_string_equal(view->path, "/art/cat.png");
    assert_string_equal(view->kind, "PNG");
    return KO_OK;
}

static void variants_come_back_bit_for_bit(void **state)
{
    fixture *f = *state;
    ko_fp_variant variants[KO_FP_VARIANTS_MAX];
    memset(variants, 0, sizeof variants);
    uint64_t x = 1;
    for (size_t i = 0; i < KO_FP_VARIANTS_MAX; i++) {
        for (size_t k = 0; k < KO_FP_WORDS; k++)
            variants[i].fp.w[k] = x = x * 6364136223846793005u + 1442695040888963407u;
        variants[i].orientation = (uint8_t)(i % KO_ORIENT_COUNT);
        variants[i].ground = (uint8_t)(255 - i);
        variants[i].cropped = i % 2;
        variants[i].has_ground = i % 3 == 0;
    }
    const int64_t work = add_work(f->store, "cat");
    ko_view view = plain_view(work, 1);
    view.sha256[31] = 77;
    view.has_alpha = true;
    view.variants = variants;
    view.n_variants = KO_FP_VARIANTS_MAX;
    int64_t id = 0;
    assert_int_equal(ko_view_add(f->store, &view, &id, NULL), KO_OK);

    views v = {0};
    assert_int_equal(ko_view_each(f->store, work, true, take_view, &v, NULL), KO_OK);
    assert_int_equal(v.last.id, id);
    assert_int_equal(v.last.work_id, work);
    assert_int_equal(v.last.n_variants, KO_FP_VARIANTS_MAX);
    for (size_t i = 0; i < KO_FP_VARIANTS_MAX; i++) {
        assert_memory_equal(&v.variants[i].fp, &variants[i].fp, sizeof variants[i].fp);
        assert_int_equal(v.variants[i].orientation, variants[i].orientation);
        assert_int_equal(v.variants[i].ground, variants[i].ground);
        assert_int_equal(v.variants[i].cropped, variants[i].cropped);
        assert_int_equal(v.variants[i].has_ground, variants[i].has_ground);
    }
    assert_memory_equal(v.last.sha256, view.sha256, sizeof view.sha256);
    assert_int_equal(v.last.bytes, 1000);
    assert_int_equal(v.last.width, 640);
    assert_int_equal(v.last.height, 480);
    assert_int_equal(v.last.quality, 90);
    assert_true(v.last.has_alpha);

    v = (views){0};
    assert_int_equal(ko_view_each(f->store, work, false, take_view, &v, NULL), KO_OK);
    assert_int_equal(v.n, 1);
    assert_false(v.any_variants);
    assert_int_equal(v.last.n_variants, 0);
}

static void bits_lie_in_the_file_as_documented(void **state)
{
    fixture *f = *state;
    const ko_fp_variant variant = {.fp = {{1, 0x200, 0, (uint64_t)1 << 63}},
                                   .orientation = KO_ORIENT_MIRROR,
                                   .ground = 9,
                                   .has_ground = 1};
    ko_view view = plain_view(add_work(f->store, "cat"), 1);
    view.variants = &variant;
    int64_t id = 0;
    assert_int_equal(ko_view_add(f->store, &view, &id, NULL), KO_OK);
    assert_int_equal(number(f->store, "SELECT hex(variants) = '0100000000000000' ||"
                                      " '0002000000000000' || '0000000000000000' ||"
                                      " '0000000000000080' || '04090001' FROM view"),
                     1);
}

static void views_come_in_order_of_all_works_or_of_one(void **state)
{
    fixture *f = *state;
    const int64_t cat = add_work(f->store, "cat");
    const int64_t dog = add_work(f->store, "dog");
    const int64_t first = add_view(f->store, dog, 1);
    const int64_t second = add_view(f->store, cat, 2);
    const int64_t third = add_view(f->store, dog, 3);
    views v = {0};
    assert_int_equal(ko_view_each(f->store, 0, true, take_view, &v, NULL), KO_OK);
    assert_int_equal(v.n, 3);
    assert_int_equal(v.ids[0], first);
    assert_int_equal(v.ids[1], second);
    assert_int_equal(v.ids[2], third);
    v = (views){0};
    assert_int_equal(ko_view_each(f->store, dog, true, take_view, &v, NULL), KO_OK);
    assert_int_equal(v.n, 2);
    assert_int_equal(v.ids[0], first);
    assert_int_equal(v.ids[1], third);
}

static void the_same_bytes_are_registered_once(void **state)
{
    fixture *f = *state;
    const int64_t cat = add_work(f->store, "cat");
    const int64_t dog = add_work(f->store, "dog");
    (void)add_view(f->store, cat, 5);
    const double score = 6;
    assert_int_equal(ko_work_compared(f->store, &dog, &score, 1, 40, 1, NULL), KO_OK);
    const ko_view again = plain_view(dog, 5);
    int64_t id = -1;
    ko_error err = {0};
    assert_int_equal(ko_view_add(f->store, &again, &id, &err), KO_E_EXISTS);
    assert_int_equal(id, -1);
    assert_non_null(strstr(err.text, "/art/cat.png"));
    assert_non_null(strstr(err.text, "KO-000001"));
    assert_int_equal(read_works(f->store, dog).work[0].compared_to, 40);

    char serial[KO_SERIAL_SIZE];
    const uint8_t unknown[KO_SHA256_SIZE] = {6};
    assert_int_equal(ko_work_by_sha256(f->store, again.sha256, &id, serial, NULL), KO_OK);
    assert_int_equal(id, cat);
    assert_string_equal(serial, "KO-000001");
    err = (ko_error){0};
    assert_int_equal(ko_work_by_sha256(f->store, unknown, &id, serial, &err), KO_E_NOT_FOUND);
    assert_string_equal(err.text, ""); /* a question, not a failure */

    assert_int_equal(ko_work_remove(f->store, cat, NULL), KO_OK);
    assert_int_equal(ko_view_add(f->store, &again, &id, NULL), KO_OK);
}

static void a_view_needs_its_work(void **state)
{
    fixture *f = *state;
    const ko_view view = plain_view(3, 1);
    int64_t id = 0;
    assert_int_equal(ko_view_add(f->store, &view, &id, NULL), KO_E_NOT_FOUND);
    assert_int_equal(number(f->store, "SELECT count(*) FROM view"), 0);
}

static void a_new_view_sends_its_work_back_to_the_first_photo(void **state)
{
    fixture *f = *state;
    const int64_t ids[2] = {add_work(f->store, "cat"), add_work(f->store, "dog")};
    const double scores[2] = {6, 4.5};
    const int64_t seen = add_view(f->store, ids[0], 1);
    assert_int_equal(ko_work_compared(f->store, ids, scores, 2, 50, seen, NULL), KO_OK);
    works w = read_works(f->store, 0);
    assert_int_equal(w.work[0].compared_to, 50);
    assert_true(w.work[0].compared_score == 6);
    assert_int_equal(w.work[1].compared_to, 50);
    assert_true(w.work[1].compared_score == 4.5);

    const int64_t newer = add_view(f->store, ids[0], 2);
    assert_int_equal(read_works(f->store, ids[0]).work[0].compared_to, 0);
    /* A scan that began before goes on: it has not looked for the newer view. */
    assert_int_equal(ko_work_compared(f->store, ids, scores, 2, 60, seen, NULL), KO_OK);
    w = read_works(f->store, 0);
    assert_int_equal(w.work[0].compared_to, 0);
    assert_int_equal(w.work[1].compared_to, 60);
    assert_int_equal(ko_work_compared(f->store, ids, scores, 2, 70, newer, NULL), KO_OK);
    assert_int_equal(read_works(f->store, ids[0]).work[0].compared_to, 70);
}

static ko_status stop(void *context, const ko_work *work)
{
    (void)work;
    ++*(int *)context;
    return KO_E_STOPPED;
}

static void a_receiver_ends_the_walk_with_its_status(void **state)
{
    fixture *f = *state;
    (void)add_work(f->store, "cat");
    (void)add_work(f->store, "dog");
    int calls = 0;
    assert_int_equal(ko_work_each(f->store, 0, stop, &calls, NULL), KO_E_STOPPED);
    assert_int_equal(calls, 1);
    assert_int_equal(ko_work_each(f->store, 99, stop, &calls, NULL), KO_OK);
    assert_int_equal(calls, 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(fields_are_kept_and_changed_one_by_one),
        TEST(works_come_in_order_with_their_sums),
        TEST(serials_are_found_as_people_write_them),
        TEST(a_serial_is_never_given_twice),
        TEST(variants_come_back_bit_for_bit),
        TEST(bits_lie_in_the_file_as_documented),
        TEST(views_come_in_order_of_all_works_or_of_one),
        TEST(the_same_bytes_are_registered_once),
        TEST(a_view_needs_its_work),
        TEST(a_new_view_sends_its_work_back_to_the_first_photo),
        TEST(a_receiver_ends_the_walk_with_its_status),
    };
    return cmocka_run_group_tests_name("work", tests, NULL, NULL);
}
