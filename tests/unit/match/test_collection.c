/* Which works a photo may show: each at most once, by its nearest entry, above its own
 * threshold, best first. */
#include "base/alloc.h"
#include "match/collection.h"
#include "pairs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define WORKS 6
#define VARIANTS 50
#define ENTRIES ((size_t)WORKS * VARIANTS)
#define PHOTOS 400
#define ANSWERS ((size_t)PHOTOS * WORKS)
#define FINGERPRINTS 5000 /* the collection is part of a larger one */

typedef struct answers {
    ko_found found[ANSWERS];
    size_t n;
    size_t stop_after;
} answers;

static ko_status take(void *context, const ko_found *found)
{
    answers *a = context;
    assert_true(a->n < ANSWERS);
    a->found[a->n++] = *found;
    return a->n == a->stop_after ? KO_E_STOPPED : KO_OK;
}

static const double thresholds[WORKS] = {6, 3, 9, 6, 100, 6};

/* Works 0 and 3 share variants, as sister works do; photos lie 0..69 bits off one. */
static void make_entries(ko_collection_entry entries[ENTRIES], ko_fp photos[PHOTOS])
{
    for (uint32_t i = 0; i < ENTRIES; i++)
        entries[i] = (ko_collection_entry){.fp = random_fp(), .work = i % WORKS};
    for (size_t i = 0; i < ENTRIES; i += WORKS)
        entries[i + 3].fp = entries[i].fp;
    for (size_t p = 0; p < PHOTOS; p++)
        photos[p] = fp_at(entries[random_word() % ENTRIES].fp, (unsigned)(p % 70));
}

static ko_collection *build(const ko_collection_entry *entries, size_t n)
{
    ko_collection *collection = NULL;
    ko_error err = {0};
    assert_int_equal(
        ko_collection_build(entries, n, thresholds, WORKS, FINGERPRINTS, &collection, &err), KO_OK);
    return collection;
}

/* What is near the photo, one a work in the order of works, and its score. */
static size_t plain_answer(const ko_collection_entry *entries, const ko_fp *photo,
                           ko_found out[WORKS])
{
    size_t n = 0;
    for (uint32_t work = 0; work < WORKS; work++) {
        unsigned best = KO_FP_BITS + 1;
        for (uint32_t i = 0; i < ENTRIES; i++) {
            const unsigned distance = plain_distance(&entries[i].fp, photo);
            if (entries[i].work == work && distance < best) {
                best = distance;
                out[n] = (ko_found){.work = work, .entry = i, .distance = (uint16_t)distance};
            }
        }
        out[n].score = ko_score_whole(best, FINGERPRINTS);
        n += out[n].score >= thresholds[work];
    }
    return n;
}

static void finds_what_comparing_all_finds(void **unused)
{
    (void)unused;
    static ko_collection_entry entries[ENTRIES];
    static ko_fp photos[PHOTOS];
    static answers a;
    make_entries(entries, photos);
    ko_collection *collection = build(entries, ENTRIES);
    assert_int_equal(ko_collection_ask(collection, photos, PHOTOS, take, &a, NULL), KO_OK);
    size_t k = 0, shared = 0;
    for (uint32_t p = 0; p < PHOTOS; p++) {
        ko_found expected[WORKS + 1];
        const size_t n = plain_answer(entries, &photos[p], expected);
        shared += n > 1;
        for (size_t i = 0; i < n; i++, k++) {
            const ko_found *got = &a.found[k];
            assert_true(k < a.n && got->photo == p);
            if (i > 0) {
                assert_true(got[0].score <= got[-1].score);
                assert_true(got[0].score < got[-1].score || got[0].work > got[-1].work);
            }
            size_t match = 0;
            while (match < n && expected[match].work != got->work)
                match++;
            assert_true(match < n);
            assert_int_equal(got->entry, expected[match].entry);
            assert_int_equal(got->distance, expected[match].distance);
            assert_true(got->score == expected[match].score);
        }
    }
    assert_int_equal(a.n, k);
    assert_true(shared > 10); /* the order of several works was put to the test */
    ko_collection_free(collection);
}

static void the_receiver_can_end_it(void **unused)
{
    (void)unused;
    static ko_collection_entry entries[ENTRIES];
    static ko_fp photos[PHOTOS];
    static answers a = {.stop_after = 3};
    make_entries(entries, photos);
    ko_collection *collection = build(entries, ENTRIES);
    assert_int_equal(ko_collection_ask(collection, photos, PHOTOS, take, &a, NULL), KO_E_STOPPED);
    assert_int_equal(a.n, 3);
    ko_collection_free(collection);
}

static void an_empty_collection_knows_nothing(void **unused)
{
    (void)unused;
    static answers a;
    const ko_fp photo = random_fp();
    ko_collection *collection = build(NULL, 0);
    assert_int_equal(ko_collection_ask(collection, &photo, 1, take, &a, NULL), KO_OK);
    assert_int_equal(a.n, 0);
    ko_collection_free(collection);
}

/* Twice the same entry: the lower one is named, and an unreachable threshold claims nothing. */
static void equals_and_unreachable_thresholds(void **unused)
{
    (void)unused;
    static answers a;
    const ko_fp fp = random_fp();
    const ko_collection_entry entries[] = {{fp, 4}, {fp, 1}, {fp, 1}, {fp, 0}};
    ko_collection *collection = build(entries, 4);
    assert_int_equal(ko_collection_ask(collection, &fp, 1, take, &a, NULL), KO_OK);
    assert_int_equal(a.n, 2);
    assert_int_equal(a.found[0].work, 0);
    assert_int_equal(a.found[0].entry, 3);
    assert_int_equal(a.found[1].work, 1);
    assert_int_equal(a.found[1].entry, 1);
    ko_collection_free(collection);
}

static ko_status build_and_ask(const ko_collection_entry *entries, answers *a)
{
    ko_collection *collection = NULL;
    ko_status st = ko_collection_build(entries, 2, thresholds, WORKS, 2, &collection, NULL);
    if (st == KO_OK)
        st = ko_collection_ask(collection, &entries[0].fp, 1, take, a, NULL);
    else
        assert_null(collection);
    ko_collection_free(collection);
    return st;
}

static void no_memory_is_survived(void **unused)
{
    (void)unused;
    static answers a;
    const ko_collection_entry entries[2] = {{random_fp(), 0}, {random_fp(), 1}};
    for (int sticky = 0; sticky <= 1; sticky++)
        for (unsigned nth = 1;; nth++) {
            const long before = ko_alloc_live();
            a.n = 0;
            ko_alloc_fault(nth, sticky);
            const ko_status st = build_and_ask(entries, &a);
            const unsigned fired = ko_alloc_fault_hits();
            ko_alloc_fault(0, 0);
            assert_int_equal(ko_alloc_live(), before);
            if (!fired) {
                assert_int_equal(st, KO_OK);
                assert_int_equal(a.n, 1);
                break;
            }
            assert_int_equal(st, KO_E_NOMEM);
            assert_int_equal(a.n, 0);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_comparing_all_finds),
        cmocka_unit_test(the_receiver_can_end_it),
        cmocka_unit_test(an_empty_collection_knows_nothing),
        cmocka_unit_test(equals_and_unreachable_thresholds),
        cmocka_unit_test(no_memory_is_survived),
    };
    return cmocka_run_group_tests_name("match collection", tests, NULL, NULL);
}
