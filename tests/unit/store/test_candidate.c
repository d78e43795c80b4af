#include "fixture.h"

typedef struct candidates {
    size_t n;
    struct {
        int64_t id, work, listing, photo;
        double score, threshold;
        size_t n_photos;
    } of[8];
    char text[256]; /* of the last one: serial|title|view path|url|listing title|photo path */
    ko_match match;
} candidates;

static ko_status take(void *context, const ko_candidate *c)
{
    candidates *all = context;
    assert_true(all->n < 8);
    const size_t i = all->n++;
    all->of[i].id = c->id;
    all->of[i].work = c->work->id;
    all->of[i].listing = c->listing->id;
    all->of[i].photo = c->photo->id;
    all->of[i].score = c->match.evidence.score;
    all->of[i].threshold = c->threshold;
    all->of[i].n_photos = c->n_photos_matched;
    (void)snprintf(all->text, sizeof all->text, "%s|%s|%s|%s|%s|%s", c->work->serial,
                   c->work->fields.title, c->view->path, c->listing->record.url,
                   c->listing->record.title, c->photo->path);
    all->match = c->match;
    assert_int_equal(c->state, KO_CANDIDATE_OPEN);
    assert_int_equal(c->match.photo_id, c->photo->id);
    assert_int_equal(c->match.work_id, c->work->id);
    assert_int_equal(c->match.view_id, c->view->id);
    assert_int_equal(c->view->work_id, c->work->id);
    return KO_OK;
}

static candidates find(ko_store *store, ko_candidate_filter filter)
{
    candidates all = {0};
    assert_int_equal(ko_candidate_each(store, &filter, take, &all, NULL), KO_OK);
    return all;
}

static candidates shown(ko_store *store)
{
    return find(store, (ko_candidate_filter){0});
}

static ko_status take_count(void *context, const ko_work *work)
{
    size_t *counts = context;
    counts[work->id] = work->n_candidates;
    return KO_OK;
}

static size_t complete(ko_store *store)
{
    size_t fresh = 0;
    assert_int_equal(ko_candidates_complete(store, &fresh, NULL), KO_OK);
    return fresh;
}

static void a_candidate_carries_all_that_is_known(void **state)
{
    fixture *f = *state;
    const int64_t work = add_work(f->store, "Cat");
    const int64_t view = add_view(f->store, work, 1);
    ko_ingested what;
    assert_int_equal(put_listing(f->store, "https://m.example/1", "Tee", "ab", &what, NULL), KO_OK);
    ko_match match = plain_match(work, view, 2, 11.5);
    match.evidence.whole.distance = 256;
    match.evidence.whole.orientation = KO_ORIENT_TRANSVERSE;
    match.evidence.whole.ground = 255;
    match.evidence.whole.cropped = true;
    match.n_fingerprints = (int64_t)1 << 40;
    size_t fresh = 0;
    assert_int_equal(ko_match_add(f->store, &match, &fresh, NULL), KO_OK);
    assert_int_equal(fresh, 1);
    const candidates all = shown(f->store);
    assert_int_equal(all.n, 1);
    assert_string_equal(all.text, "KO-000001|Cat|/art/cat.png|https://m.example/1|Tee|/p/b");
    const ko_evidence *e = &all.match.evidence;
    assert_int_equal(e->method, KO_METHOD_WHOLE);
    assert_true(e->score == 11.5 && e->has_whole && !e->has_part);
    assert_int_equal(e->whole.distance, 256);
    assert_int_equal(e->whole.orientation, KO_ORIENT_TRANSVERSE);
    assert_int_equal(e->whole.ground, 255);
    assert_true(e->whole.cropped);
    assert_int_equal(all.match.n_works, 3);
    assert_true(all.match.n_fingerprints == (int64_t)1 << 40);
    assert_int_equal(all.match.found_at, 7);
    match = plain_match(work, view, 2, 12); /* renewed: opaque now */
    assert_int_equal(ko_match_add(f->store, &match, &fresh, NULL), KO_OK);
    assert_int_equal(shown(f->store).match.evidence.whole.ground, -1);
}

static void a_place_in_a_photo_is_kept_and_replaced_as_a_whole(void **state)
{
    fixture *f = *state;
    const int64_t work = add_work(f->store, "Cat");
    const int64_t view = add_view(f->store, work, 1);
    (void)add_listing(f->store, "https://m.example/1", "a");
    ko_match match = plain_match(work, view, 1, 7);
    match.evidence = (ko_evidence){.score = 9.25,
                                   .method = KO_METHOD_PART,
                                   .has_part = true,
                                   .part = {.quad = {-1.5F, 2, 30.25F, 2, 30.25F, 44, 0, 44},
                                            .mirrored = true,
                                            .turn = -12.5F,
                                            .share = .75F,
                                            .inliers = 17}};
    size_t fresh = 0;
    assert_int_equal(ko_match_add(f->store, &match, &fresh, NULL), KO_OK);
    const ko_evidence part = shown(f->store).match.evidence;
    assert_int_equal(part.method, KO_METHOD_PART);
    assert_true(part.score == 9.25 && part.has_part && !part.has_whole);
    assert_memory_equal(part.part.quad, match.evidence.part.quad, sizeof part.part.quad);
    assert_true(part.part.mirrored && !part.part.inverted);
    assert_true(part.part.turn == -12.5F && part.part.share == .75F);
    assert_int_equal(part.part.inliers, 17);
    match = plain_match(work, view, 1, 10);
    assert_int_equal(ko_match_add(f->store, &match, &fresh, NULL), KO_OK);
    const ko_evidence whole = shown(f->store).match.evidence;
    assert_true(whole.method == KO_METHOD_WHOLE && whole.has_whole && !whole.has_part);
}

/* Two works and three listings: 1 shows a and b, 2 shows b, 3 shows c. */
static void fill(fixture *f, int64_t works[2], int64_t views[2])
{
    for (int i = 0; i < 2; i++) {
        works[i] = add_work(f->store, i ? "dog" : "cat");
        views[i] = add_view(f->store, works[i], (uint8_t)(1 + i));
    }
    (void)add_listing(f->store, "https://m.example/1", "ab");
    (void)add_listing(f->store, "https://m.example/2", "b");
    (void)add_listing(f->store, "https://m.example/3", "c");
}

static void the_best_photo_speaks_for_a_listing(void **state)
{
    fixture *f = *state;
    int64_t works[2], views[2];
    fill(f, works, views);
    assert_int_equal(add_match(f->store, works[0], views[0], 2, 9), 2); /* listings 1 and 2 */
    assert_int_equal(add_match(f->store, works[0], views[0], 1, 8), 0);
    candidates all = shown(f->store);
    assert_int_equal(all.n, 2);
    assert_int_equal(all.of[0].listing, 1);
    assert_int_equal(all.of[0].photo, 2);
    assert_int_equal(all.of[0].n_photos, 2);
    assert_int_equal(all.of[1].listing, 2);
    assert_int_equal(all.of[1].n_photos, 1);
    /* Of equals the lowest number. */
    assert_int_equal(add_match(f->store, works[0], views[0], 1, 9), 0);
    assert_int_equal(shown(f->store).of[0].photo, 1);
    /* A lower score does not take back what was found. */
    assert_int_equal(add_match(f->store, works[0], views[0], 1, 7), 0);
    all = shown(f->store);
    assert_true(all.of[0].score == 9);
    assert_int_equal(all.of[0].photo, 1);
}

static void the_order_is_by_work_and_score(void **state)
{
    fixture *f = *state;
    int64_t works[2], views[2];
    fill(f, works, views);
    (void)add_match(f->store, works[0], views[0], 3, 8);
    (void)add_match(f->store, works[0], views[0], 2, 7);
    (void)add_match(f->store, works[1], views[1], 1, 7);
    (void)add_match(f->store, works[1], views[1], 3, 10);
    const candidates all = shown(f->store);
    static const int64_t expected[][2] = {{2, 3}, {2, 1}, {1, 3}, {1, 1}, {1, 2}};
    assert_int_equal(all.n, 5);
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(all.of[i].work, expected[i][0]);
        assert_int_equal(all.of[i].listing, expected[i][1]);
    }
    const candidates one = find(f->store, (ko_candidate_filter){.work_id = works[0]});
    assert_int_equal(one.n, 3);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(one.of[i].id, all.of[2 + i].id);
}

static void the_threshold_in_force_decides_what_is_shown(void **state)
{
    fixture *f = *state;
    int64_t works[2], views[2];
    fill(f, works, views);
    (void)add_match(f->store, works[0], views[0], 3, 6.0);
    (void)add_match(f->store, works[1], views[1], 3, 6.1);
    const int64_t cat = 1, dog = 2;
    assert_int_equal(shown(f->store).n, 2); /* 6.0 reaches 6.0 */
    assert_true(shown(f->store).of[0].threshold == 6.0);

    const double own = 6.2;
    const ko_work_fields fields = {.threshold = &own};
    assert_int_equal(ko_work_set(f->store, works[1], &fields, false, NULL), KO_OK);
    candidates all = shown(f->store);
    assert_int_equal(all.n, 1);
    assert_int_equal(all.of[0].id, cat);
    assert_int_equal(ko_store_set_threshold(f->store, 5.0, NULL), KO_OK);
    assert_int_equal(shown(f->store).n, 1); /* a work's own counts before the collection's */
    assert_int_equal(ko_store_set_threshold(f->store, 6.0001, NULL), KO_OK);
    assert_int_equal(shown(f->store).n, 0);
    size_t counts[3] = {0};
    assert_int_equal(ko_work_each(f->store, 0, take_count, counts, NULL), KO_OK);
    assert_int_equal(counts[1] + counts[2], 0);

    all = find(f->store, (ko_candidate_filter){.id = dog});
    assert_int_equal(all.n, 1);
    assert_true(all.of[0].threshold == 6.2);
    assert_int_equal(find(f->store, (ko_candidate_filter){.all = true}).n, 2);
    assert_int_equal(find(f->store, (ko_candidate_filter){.all = true, .work_id = works[0]}).n, 1);

    assert_int_equal(ko_store_set_threshold(f->store, 6.0, NULL), KO_OK);
    assert_int_equal(ko_work_set(f->store, works[1], &(ko_work_fields){0}, true, NULL), KO_OK);
    all = shown(f->store);
    assert_int_equal(all.n, 2); /* both are back, under their numbers */
    assert_int_equal(all.of[0].id, dog);
    assert_int_equal(all.of[1].id, cat);
    assert_int_equal(ko_work_each(f->store, 0, take_count, counts, NULL), KO_OK);
    assert_int_equal(counts[1], 1);
    assert_int_equal(counts[2], 1);
}

static void rescanning_changes_no_number(void **state)
{
    fixture *f = *state;
    int64_t works[2], views[2];
    fill(f, works, views);
    assert_int_equal(add_match(f->store, works[0], views[0], 2, 9), 2);
    const candidates before = shown(f->store);
    for (int i = 0; i < 3; i++) {
        (void)add_listing(f->store, "https://m.example/1", "ab");
        assert_int_equal(add_match(f->store, works[0], views[0], 2, 9 + i), 0);
        assert_int_equal(complete(f->store), 0);
    }
    const candidates after = shown(f->store);
    assert_int_equal(after.n, before.n);
    for (size_t i = 0; i < after.n; i++) {
        assert_int_equal(after.of[i].id, before.of[i].id);
        assert_int_equal(after.of[i].listing, before.of[i].listing);
    }
    assert_true(after.of[0].score == 11);
    assert_int_equal(add_match(f->store, works[0], views[0], 3, 20), 1);
    assert_int_equal(shown(f->store).of[0].id, 3); /* and none was skipped */
}

static void a_late_listing_of_a_matched_photo_is_not_missed(void **state)
{
    fixture *f = *state;
    int64_t works[2], views[2];
    fill(f, works, views);
    for (size_t i = 0; i < 2; i++)
        (void)add_match(f->store, works[i], views[i], 3, 9);
    (void)add_listing(f->store, "https://m.example/late", "xc");
    (void)add_listing(f->store, "https://m.example/1", "c");
    assert_int_equal(shown(f->store).n, 2);
    assert_int_equal(complete(f->store), 4); /* two listings, two works */
    assert_int_equal(complete(f->store), 0);
    assert_int_equal(shown(f->store).n, 6);
}

static void two_matched_photos_of_a_listing_make_one_candidate(void **state)
{
    fixture *f = *state;
    int64_t works[2], views[2];
    fill(f, works, views);
    (void)add_listing(f->store, "https://m.example/4", "ab"); /* before the matches */
    assert_int_equal(add_match(f->store, works[0], views[0], 1, 9), 2);
    assert_int_equal(add_match(f->store, works[0], views[0], 2, 9), 1);
    (void)add_listing(f->store, "https://m.example/5", "ab"); /* and after them */
    assert_int_equal(complete(f->store), 1);
    assert_int_equal(shown(f->store).n, 4);
}

static void removing_a_work_removes_what_was_found_for_it(void **state)
{
    fixture *f = *state;
    int64_t works[2], views[2];
    fill(f, works, views);
    for (size_t i = 0; i < 2; i++)
        (void)add_match(f->store, works[i], views[i], 3, 9);
    assert_int_equal(ko_work_remove(f->store, works[1], NULL), KO_OK);
    const candidates all = find(f->store, (ko_candidate_filter){.all = true});
    assert_int_equal(all.n, 1);
    assert_int_equal(all.of[0].work, works[0]);
    assert_int_equal(number(f->store, "SELECT count(*) FROM view"), 1);
    assert_int_equal(number(f->store, "SELECT count(*) FROM evidence"), 1);
    assert_int_equal(number(f->store, "SELECT count(*) FROM listing"), 3);
    assert_whole(f->store);
    /* A scan that still knows the work learns that it is gone. */
    const ko_match match = plain_match(works[1], views[1], 2, 9);
    size_t fresh = 0;
    assert_int_equal(ko_match_add(f->store, &match, &fresh, NULL), KO_E_NOT_FOUND);
    assert_int_equal(fresh, 0);
    /* The number of a removed candidate is not given again. */
    assert_int_equal(add_match(f->store, works[0], views[0], 1, 8), 1);
    assert_int_equal(shown(f->store).of[1].id, 3);
}

static ko_status stop(void *context, const ko_candidate *candidate)
{
    (void)candidate;
    ++*(int *)context;
    return KO_E_STOPPED;
}

static void a_receiver_ends_the_walk_with_its_status(void **state)
{
    fixture *f = *state;
    int64_t works[2], views[2];
    fill(f, works, views);
    (void)add_match(f->store, works[0], views[0], 2, 9);
    int calls = 0;
    assert_int_equal(ko_candidate_each(f->store, &(ko_candidate_filter){0}, stop, &calls, NULL),
                     KO_E_STOPPED);
    assert_int_equal(calls, 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_candidate_carries_all_that_is_known),
        TEST(a_place_in_a_photo_is_kept_and_replaced_as_a_whole),
        TEST(the_best_photo_speaks_for_a_listing),
        TEST(the_order_is_by_work_and_score),
        TEST(the_threshold_in_force_decides_what_is_shown),
        TEST(rescanning_changes_no_number),
        TEST(a_late_listing_of_a_matched_photo_is_not_missed),
        TEST(two_matched_photos_of_a_listing_make_one_candidate),
        TEST(removing_a_work_removes_what_was_found_for_it),
        TEST(a_receiver_ends_the_walk_with_its_status),
    };
    return cmocka_run_group_tests_name("candidate", tests, NULL, NULL);
}
