#include "fixture.h"

typedef struct listings {
    ko_store *store;
    size_t n;
    int64_t ids[8];
    int64_t first_seen, last_seen;
    char text[512]; /* of the last one: url|title|seller|price|currency|source|images... */
} listings;

static ko_status take_listing(void *context, const ko_seen *seen)
{
    listings *l = context;
    assert_true(l->n < 8);
    l->ids[l->n++] = seen->id;
    l->first_seen = seen->first_seen;
    l->last_seen = seen->last_seen;
    const ko_listing *r = &seen->record;
    int at = snprintf(l->text, sizeof l->text, "%s|%s|%s|%s|%s|%s", r->url, r->title, r->seller,
                      r->price, r->currency, seen->source);
    for (size_t i = 0; i < r->n_pictures; i++)
        at += snprintf(l->text + at, sizeof l->text - (size_t)at, "|%s%s%s", r->pictures[i].path,
                       r->pictures[i].url[0] ? "=" : "", r->pictures[i].url);
    return KO_OK;
}

static listings read_listings(ko_store *store, int64_t photo_id)
{
    listings l = {.store = store};
    assert_int_equal(ko_seen_each(store, photo_id, take_listing, &l, NULL), KO_OK);
    return l;
}

static ko_photo_counts count(ko_store *store)
{
    ko_photo_counts counts;
    assert_int_equal(ko_photo_count(store, &counts, NULL), KO_OK);
    return counts;
}

static ko_status add(ko_store *store, const char *const texts[5], const char *source,
                     const ko_photo_file *photos, size_t n, ko_ingested *out_what)
{
    ko_listing record = plain_record(texts[0]);
    record.title = (char *)texts[1];
    record.seller = (char *)texts[2];
    record.price = (char *)texts[3];
    record.currency = (char *)texts[4];
    return ko_seen_add(store, &record, source, photos, n, 0, out_what, NULL);
}

static void a_known_listing_is_renewed_not_doubled(void **state)
{
    fixture *f = *state;
    const char *const first[5] = {"https://m.example/1", "Кот's \"tee\"", "shop", "19,99", "EUR"};
    const ko_photo_file photos[2] = {file_photo("/p/b", 1, 2), file_photo("/p/a", 1, 2)};
    ko_ingested what;
    assert_int_equal(add(f->store, first, "/sheet.csv", photos, 2, &what), KO_OK);
    assert_true(what.new_listing);
    assert_int_equal(what.new_photos, 2);
    assert_string_equal(read_listings(f->store, 0).text,
                        "https://m.example/1|Кот's \"tee\"|shop|19,99|EUR|/sheet.csv|/p/b|/p/a");

    execute(f->store, "UPDATE listing SET first_seen = 100, last_seen = 200");
    const char *const later[5] = {"https://m.example/1", "", "", "24.99", ""};
    const ko_photo_file more[3] = {file_photo("/p/c", 1, 2), file_photo("/p/a", 1, 2),
                                   file_photo("/p/0", 1, 2)};
    assert_int_equal(add(f->store, later, "/later.csv", more, 3, &what), KO_OK);
    assert_false(what.new_listing);
    assert_int_equal(what.new_photos, 2);
    const listings l = read_listings(f->store, 0);
    assert_int_equal(l.n, 1);
    assert_int_equal(l.first_seen, 100);
    assert_true(l.last_seen > 1000000000);
    assert_string_equal(l.text, "https://m.example/1|Кот's \"tee\"|shop|24.99|EUR|/later.csv"
                                "|/p/b|/p/a|/p/c|/p/0");
    assert_int_equal(add(f->store, later, "/later.csv", NULL, 0, &what), KO_OK);
    assert_int_equal(what.new_photos, 0);
    assert_string_equal(read_listings(f->store, 0).text, l.text);
}

static void a_bare_picture_is_a_listing_by_its_path(void **state)
{
    fixture *f = *state;
    assert_true(add_listing(f->store, "", "a").new_listing);
    assert_true(add_listing(f->store, "", "b").new_listing);
    assert_false(add_listing(f->store, "", "a").new_listing);
    assert_int_equal(count(f->store).listings, 2);
    ko_ingested what;
    assert_int_equal(put_listing(f->store, "", "title", "", &what, NULL), KO_E_USAGE);
    assert_int_equal(count(f->store).listings, 2);
}

static void a_changed_file_is_a_new_photo(void **state)
{
    fixture *f = *state;
    const char *const texts[5] = {"https://m.example/1", "", "", "", ""};
    const ko_photo_file states[] = {file_photo("/p/a", 10, 20), file_photo("/p/a", 10, 20),
                                    file_photo("/p/a", 11, 20), file_photo("/p/a", 10, 21),
                                    file_photo("/p/A", 10, 20)};
    ko_ingested what;
    assert_int_equal(add(f->store, texts, "/s", states, 5, &what), KO_OK);
    assert_int_equal(what.new_photos, 4);
    assert_int_equal(count(f->store).photos, 4);
    assert_string_equal(read_listings(f->store, 0).text,
                        "https://m.example/1|||||/s|/p/a|/p/a|/p/a|/p/A");
}

static void a_photo_may_be_shown_by_many(void **state)
{
    fixture *f = *state;
    (void)add_listing(f->store, "https://m.example/3", "ab");
    const ko_ingested what = add_listing(f->store, "https://m.example/2", "cb");
    assert_true(what.new_listing);
    assert_int_equal(what.new_photos, 1);
    listings l = read_listings(f->store, 2); /* b */
    assert_int_equal(l.n, 2);
    assert_int_equal(l.ids[0], 1);
    assert_int_equal(l.ids[1], 2);
    l = read_listings(f->store, 3); /* c */
    assert_int_equal(l.n, 1);
    assert_string_equal(l.text, "https://m.example/2|||||/sheet.csv|/p/c|/p/b");
    assert_int_equal(read_listings(f->store, 99).n, 0);
}

/* --- photos --- */

typedef struct photos {
    ko_store *store;
    size_t n;
    int64_t ids[8];
    ko_photo last;
    char path[64], reason[64];
} photos;

static ko_status take_photo(void *context, const ko_photo *photo)
{
    photos *p = context;
    assert_true(p->n < 8);
    p->ids[p->n++] = photo->id;
    p->last = *photo;
    (void)snprintf(p->path, sizeof p->path, "%s", photo->path);
    (void)snprintf(p->reason, sizeof p->reason, "%s", photo->reason);
    return KO_OK;
}

static photos read_photos(ko_store *store, int64_t after, size_t limit)
{
    photos p = {.store = store};
    assert_int_equal(ko_photo_each(store, after, INT64_MAX, limit, take_photo, &p, NULL), KO_OK);
    return p;
}

static void photos_come_by_number_in_portions(void **state)
{
    fixture *f = *state;
    (void)add_listing(f->store, "https://m.example/1", "cab");
    (void)add_listing(f->store, "https://m.example/2", "de");
    const photos p = read_photos(f->store, 1, 3);
    assert_int_equal(p.n, 3);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(p.ids[i], 2 + (int64_t)i);
    assert_string_equal(p.path, "/p/d");
    assert_int_equal(read_photos(f->store, 4, SIZE_MAX).n, 1);
    assert_int_equal(read_photos(f->store, 5, SIZE_MAX).n, 0);
    assert_int_equal(read_photos(f->store, 0, 0).n, 0);
    photos some = {0};
    assert_int_equal(ko_photo_each(f->store, 1, 3, SIZE_MAX, take_photo, &some, NULL), KO_OK);
    assert_int_equal(some.n, 2);
    assert_int_equal(some.ids[1], 3);
}

static void what_became_of_a_photo_is_kept(void **state)
{
    fixture *f = *state;
    (void)add_listing(f->store, "https://m.example/1", "ab");
    ko_photo photo = {.id = 1,
                      .state = KO_PHOTO_READ,
                      .reason = "",
                      .sha256 = {1, 2, [31] = 3},
                      .width = 4000000000u,
                      .height = 3,
                      .quality = 100,
                      .fp = {{UINT64_MAX, 0, 0x0123456789ABCDEF, (uint64_t)1 << 63}}};
    assert_int_equal(ko_photo_update(f->store, &photo, NULL), KO_OK);
    photos p = read_photos(f->store, 0, 1);
    assert_int_equal(p.last.state, KO_PHOTO_READ);
    assert_string_equal(p.path, "/p/a");
    assert_string_equal(p.reason, "");
    assert_memory_equal(p.last.sha256, photo.sha256, sizeof photo.sha256);
    assert_memory_equal(&p.last.fp, &photo.fp, sizeof photo.fp);
    assert_int_equal(p.last.width, 4000000000u);
    assert_int_equal(p.last.height, 3);
    assert_int_equal(p.last.quality, 100);
    assert_int_equal(p.last.bytes, 10);
    assert_int_equal(p.last.modified_at, 20);

    photo = (ko_photo){.id = 2, .state = KO_PHOTO_REFUSED, .reason = "/p/b: no picture"};
    assert_int_equal(ko_photo_update(f->store, &photo, NULL), KO_OK);
    p = read_photos(f->store, 1, 1);
    assert_int_equal(p.last.state, KO_PHOTO_REFUSED);
    assert_string_equal(p.reason, "/p/b: no picture");
    assert_memory_equal(&p.last.fp, &(ko_fp){{0}}, sizeof p.last.fp);
    photo.id = 3;
    assert_int_equal(ko_photo_update(f->store, &photo, NULL), KO_E_NOT_FOUND);
}

static void counts_follow_the_states(void **state)
{
    fixture *f = *state;
    ko_photo_counts c = count(f->store);
    assert_int_equal(c.photos + c.fresh + c.refused + c.last_id + c.first_new_id + c.listings, 0);
    (void)add_listing(f->store, "https://m.example/1", "abcd");
    c = count(f->store);
    assert_int_equal(c.photos, 4);
    assert_int_equal(c.fresh, 4);
    assert_int_equal(c.first_new_id, 1);
    assert_int_equal(c.last_id, 4);
    assert_int_equal(c.listings, 1);
    static const ko_photo_state states[] = {KO_PHOTO_READ, KO_PHOTO_REFUSED};
    for (size_t i = 0; i < 2; i++) {
        const ko_photo photo = {.id = 1 + (int64_t)i, .state = states[i], .reason = ""};
        assert_int_equal(ko_photo_update(f->store, &photo, NULL), KO_OK);
    }
    c = count(f->store);
    assert_int_equal(c.photos, 4);
    assert_int_equal(c.fresh, 2);
    assert_int_equal(c.refused, 1);
    assert_int_equal(c.first_new_id, 3);
}

/* --- reading while reading --- */

static ko_status read_inside(void *context, const ko_photo *photo)
{
    const photos *p = context;
    const photos all = read_photos(p->store, 0, SIZE_MAX);
    assert_int_equal(all.n, 3);
    assert_int_equal(read_listings(p->store, photo->id).n, 1);
    return take_photo(context, photo); /* its texts still stand */
}

static void a_receiver_may_read_on(void **state)
{
    fixture *f = *state;
    (void)add_listing(f->store, "https://m.example/1", "abc");
    photos p = {.store = f->store};
    assert_int_equal(ko_photo_each(f->store, 0, INT64_MAX, SIZE_MAX, read_inside, &p, NULL), KO_OK);
    assert_int_equal(p.n, 3);
    assert_string_equal(p.path, "/p/c");
}

static ko_status stop_at_listing(void *context, const ko_seen *seen)
{
    (void)seen;
    ++*(int *)context;
    return KO_E_STOPPED;
}

static ko_status stop_at_photo(void *context, const ko_photo *photo)
{
    (void)photo;
    ++*(int *)context;
    return KO_E_STOPPED;
}

static void a_receiver_ends_the_walk_with_its_status(void **state)
{
    fixture *f = *state;
    (void)add_listing(f->store, "https://m.example/1", "abc");
    (void)add_listing(f->store, "https://m.example/2", "abc");
    int calls = 0;
    assert_int_equal(ko_seen_each(f->store, 0, stop_at_listing, &calls, NULL), KO_E_STOPPED);
    assert_int_equal(ko_photo_each(f->store, 0, INT64_MAX, 9, stop_at_photo, &calls, NULL),
                     KO_E_STOPPED);
    assert_int_equal(calls, 2);
    (void)add_listing(f->store, "https://m.example/3", "d"); /* nothing is held */
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_known_listing_is_renewed_not_doubled),
        TEST(a_bare_picture_is_a_listing_by_its_path),
        TEST(a_changed_file_is_a_new_photo),
        TEST(a_photo_may_be_shown_by_many),
        TEST(photos_come_by_number_in_portions),
        TEST(what_became_of_a_photo_is_kept),
        TEST(counts_follow_the_states),
        TEST(a_receiver_may_read_on),
        TEST(a_receiver_ends_the_walk_with_its_status),
    };
    return cmocka_run_group_tests_name("seen", tests, NULL, NULL);
}
