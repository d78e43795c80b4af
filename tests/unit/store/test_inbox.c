#include "fixture.h"

#include "base/alloc.h"
#include "store/allow.h"
#include "store/decision.h"
#include "store/inbox.h"
#include "store/tie.h"

/* --- short ways --- */

static ko_inbox *build(ko_store *store)
{
    ko_inbox *inbox = NULL;
    assert_int_equal(ko_inbox_build(store, &inbox, NULL), KO_OK);
    return inbox;
}

/* A listing of a seller that shows photos, "a" being photo 1, ... */
static void sell(ko_store *store, const char *url, const char *seller_id, const char *seller,
                 const char *letters)
{
    ko_listing record = plain_record(url);
    ko_photo_file photos[8];
    char paths[8][8];
    const size_t n = strlen(letters);
    ko_ingested what;
    record.seller_id = (char *)seller_id;
    record.seller = (char *)seller;
    for (size_t i = 0; i < n; i++) {
        (void)snprintf(paths[i], sizeof paths[i], "/p/%c", letters[i]);
        photos[i] = file_photo(paths[i], 10, 20);
    }
    assert_int_equal(ko_seen_add(store, &record, "", photos, n, 0, &what, NULL), KO_OK);
}

typedef struct page {
    ko_inbox_place places[16];
    size_t n, total;
    char ids[64]; /* "3 1 2" */
} page;

static page read_page(const ko_inbox *inbox, ko_inbox_filter filter, int64_t after, size_t limit)
{
    page p = {0};
    size_t used = 0;
    assert_int_equal(ko_inbox_page(inbox, &filter, after, limit, p.places, &p.n, &p.total, NULL),
                     KO_OK);
    for (size_t i = 0; i < p.n; i++)
        used += (size_t)snprintf(p.ids + used, sizeof p.ids - used, i ? " %lld" : "%lld",
                                 (long long)p.places[i].id);
    return p;
}

static page all(const ko_inbox *inbox)
{
    return read_page(inbox, (ko_inbox_filter){0}, 0, 16);
}

typedef struct deed {
    ko_store *store;
    int64_t act_id;
    ko_candidate_state state;
    bool allow;
} deed;

static ko_status perform(void *context, const ko_candidate *c)
{
    const deed *d = context;
    ko_allow seller;
    bool changed;
    int64_t entry;
    assert_int_equal(ko_decision_add(d->store, d->act_id, c, d->state, &changed, NULL), KO_OK);
    if (d->allow) {
        assert_int_equal(ko_allow_of(&c->listing->record, false, &seller, NULL), KO_OK);
        assert_int_equal(ko_allow_add(d->store, d->act_id, &seller, &entry, NULL), KO_OK);
    }
    return KO_OK;
}

static void decide(ko_store *store, int64_t candidate, ko_candidate_state state, bool allow)
{
    deed d = {.store = store, .state = state, .allow = allow};
    const ko_act written = {.verb = ko_candidate_state_name(state), .who = "Ann"};
    assert_int_equal(ko_store_begin(store, NULL), KO_OK);
    assert_int_equal(ko_act_add(store, &written, &d.act_id, NULL), KO_OK);
    assert_int_equal(
        ko_candidate_each(store, &(ko_candidate_filter){.id = candidate}, perform, &d, NULL),
        KO_OK);
    assert_int_equal(ko_store_commit(store, NULL), KO_OK);
}

/* Two works and three sellers: candidates
 *   1  work 1, Ann's, score 7      4  work 2, Bob's, score 12
 *   2  work 1, Bob's, score 9      5  work 2, Bob's, score 8
 *   3  work 1, Ann's, score 8      6  work 2, Cy's,  score 8 */
static void fill(ko_store *store)
{
    const int64_t first = add_work(store, "First"), second = add_work(store, "Second");
    const int64_t views[] = {add_view(store, first, 1), add_view(store, second, 2)};
    sell(store, "https://a.example/1", "", "Ann", "a");
    sell(store, "https://a.example/2", "77", "Bob", "b");
    sell(store, "https://a.example/3", "", "Ann", "c");
    sell(store, "https://a.example/4", "77", "Bob's new name", "d");
    sell(store, "https://a.example/5", "77", "Bob", "e");
    sell(store, "https://a.example/6", "", "Cy", "f");
    static const double scores[] = {7, 9, 8, 12, 8, 8};
    for (int i = 0; i < 6; i++)
        assert_int_equal(add_match(store, i < 3 ? first : second, views[i / 3], i + 1, scores[i]),
                         1);
}

/* Gives a listing a title. */
static void entitle(ko_store *store, int64_t listing, const char *title)
{
    ko_query q = ko_query_start(store, "UPDATE listing SET title = ? WHERE id = ?");
    ko_query_bind_text(&q, title);
    ko_query_bind_int(&q, listing);
    assert_int_equal(ko_query_run(&q, NULL), KO_OK);
}

/* --- tests --- */

static void candidates_come_by_work_and_seller_best_first(void **state)
{
    const fixture *f = *state;
    fill(f->store);
    ko_inbox *inbox = build(f->store);
    const page p = all(inbox);
    assert_string_equal(p.ids, "4 5 6 2 3 1");
    assert_int_equal(p.total, 6);
    assert_ptr_equal(p.places[0].group, p.places[1].group); /* a seller with two names */
    assert_ptr_not_equal(p.places[1].group, p.places[2].group);
    assert_string_equal(p.places[0].group->seller->seller_id, "77");
    assert_string_equal(p.places[0].group->seller->host, "a.example");
    assert_ptr_equal(p.places[0].group->seller, p.places[3].group->seller); /* with two works */
    assert_int_equal(ko_inbox_sellers(inbox), 3);
    assert_string_equal(p.places[0].group->work->title, "Second");
    assert_string_equal(p.places[3].group->work->title, "First");
    assert_true(p.places[2].group->best == 8 && p.places[2].group->work->best == 12);
    assert_int_equal(p.places[0].group->n_in[KO_CANDIDATE_OPEN], 2);
    ko_inbox_free(inbox);
}

/* What goes on with an earlier case is first of its seller, its seller of the work, and the work of
 * all, as long as it is open when the list is made; deciding moves nothing. */
static void what_came_back_is_first(void **state)
{
    const fixture *f = *state;
    fill(f->store);
    execute(f->store,
            "INSERT INTO notice (channel, work_id, serial, work_title, host, reason, part,"
            " parts, who, good_faith_at, authority, built_at)"
            " VALUES ('etsy', 1, '', '', '', '', 1, 1, '', 0, 0, 0);"
            "INSERT INTO notice_item (notice_id, candidate_id, listing_id, url, item,"
            " platform, seller, seller_id, title, score)"
            " VALUES (1, 0, 0, '', '', '', '', '', '', 0)");
    assert_int_equal(ko_tie_add(f->store, 1, 1, KO_TIE_SELLER, NULL), KO_OK);
    ko_inbox *inbox = build(f->store);
    page p = all(inbox);
    assert_string_equal(p.ids, "1 3 2 4 5 6");
    assert_true(p.places[0].group->returned && p.places[0].group->work->returned);
    assert_true(!p.places[2].group->returned && !p.places[3].group->work->returned);
    assert_true(p.places[0].returned && !p.places[1].returned);
    assert_string_equal(read_page(inbox, (ko_inbox_filter){.returned = true}, 0, 16).ids, "1");
    decide(f->store, 1, KO_CANDIDATE_REJECTED, false);
    assert_int_equal(ko_inbox_follow(inbox, f->store, NULL), KO_OK);
    p = all(inbox);
    assert_string_equal(p.ids, "1 3 2 4 5 6");
    assert_int_equal(p.places[0].state, KO_CANDIDATE_REJECTED);
    ko_inbox_free(inbox);
    inbox = build(f->store);
    assert_string_equal(all(inbox).ids, "4 5 6 2 1 3");
    ko_inbox_free(inbox);
}

static void pages_follow_each_other(void **state)
{
    const fixture *f = *state;
    fill(f->store);
    ko_inbox *inbox = build(f->store);
    const ko_inbox_filter any = {0}, ann = {.seller = "Ann"}, bob = {.seller = "77"},
                          first = {.work_id = 1};
    assert_string_equal(read_page(inbox, any, 0, 4).ids, "4 5 6 2");
    assert_string_equal(read_page(inbox, any, 2, 4).ids, "3 1");
    assert_string_equal(read_page(inbox, any, 1, 4).ids, "");
    assert_int_equal(read_page(inbox, any, 1, 4).total, 6);
    assert_string_equal(read_page(inbox, ann, 0, 1).ids, "3");
    assert_string_equal(read_page(inbox, ann, 3, 1).ids, "1");
    assert_int_equal(read_page(inbox, ann, 3, 1).total, 2);
    assert_string_equal(read_page(inbox, bob, 0, 9).ids, "4 5 2");
    assert_string_equal(read_page(inbox, first, 4, 9).ids, "2 3 1");
    ko_inbox_place places[1];
    size_t n, total;
    assert_int_equal(ko_inbox_page(inbox, &any, 99, 1, places, &n, &total, NULL), KO_E_NOT_FOUND);
    ko_inbox_free(inbox);
}

static page titled(const ko_inbox *inbox, ko_store *store, const char *text)
{
    int64_t *ids = NULL;
    ko_inbox_filter filter = {0};
    assert_int_equal(ko_inbox_titled(store, text, &ids, &filter.n_only, NULL), KO_OK);
    filter.only = ids;
    const page p = read_page(inbox, filter, 0, 16);
    ko_free(ids);
    return p;
}

static void whose_picture_one_shows_is_told(void **state)
{
    const fixture *f = *state;
    fill(f->store);
    execute(f->store, "UPDATE candidate SET leader = CASE id WHEN 3 THEN 1 ELSE id END"
                      " WHERE id < 5");
    ko_inbox *inbox = build(f->store);
    ko_inbox_place place;
    const int64_t leaders[] = {0, 0, 1, 0, 0, 0}; /* the last two are not sorted yet */
    for (int64_t id = 1; id <= 6; id++) {
        assert_true(ko_inbox_find(inbox, id, &place));
        assert_int_equal(place.leader, leaders[id - 1]);
    }
    ko_inbox_free(inbox);
}

static void titles_are_searched(void **state)
{
    const fixture *f = *state;
    fill(f->store);
    entitle(f->store, 2, "Enamel PIN, 100% wolf");
    entitle(f->store, 4, "Wolf shirt");
    entitle(f->store, 5, "Pinafore");
    ko_inbox *inbox = build(f->store);
    assert_string_equal(titled(inbox, f->store, "pin").ids, "5 2");
    assert_int_equal(titled(inbox, f->store, "pin").total, 2);
    assert_string_equal(titled(inbox, f->store, "WOLF").ids, "4 2");
    assert_string_equal(titled(inbox, f->store, "0% ").ids, "2"); /* no pattern */
    assert_string_equal(titled(inbox, f->store, "_").ids, "");    /* and none is not all */
    ko_inbox_free(inbox);
}

static void one_is_found_by_its_number(void **state)
{
    const fixture *f = *state;
    fill(f->store);
    decide(f->store, 3, KO_CANDIDATE_UNSURE, false);
    ko_inbox *inbox = build(f->store);
    ko_inbox_place place;
    assert_true(ko_inbox_find(inbox, 3, &place));
    assert_int_equal(place.id, 3);
    assert_int_equal(place.state, KO_CANDIDATE_UNSURE);
    assert_string_equal(place.group->seller->seller, "Ann");
    assert_false(ko_inbox_find(inbox, 7, &place));
    ko_inbox_free(inbox);
}

static void decisions_are_followed(void **state)
{
    const fixture *f = *state;
    fill(f->store);
    ko_inbox *inbox = build(f->store);
    const ko_inbox_filter open = {.states = 1U << KO_CANDIDATE_OPEN};
    size_t n_in[KO_CANDIDATE_STATES];
    ko_undone undone;
    decide(f->store, 5, KO_CANDIDATE_ACCEPTED, false);
    decide(f->store, 2, KO_CANDIDATE_REJECTED, false);
    assert_string_equal(read_page(inbox, open, 0, 9).ids, "4 5 6 2 3 1");
    assert_int_equal(ko_inbox_follow(inbox, f->store, NULL), KO_OK);
    assert_string_equal(read_page(inbox, open, 0, 9).ids, "4 6 3 1");
    assert_string_equal(read_page(inbox, open, 5, 1).ids, "6"); /* behind one that is decided */
    const ko_inbox_work *work = read_page(inbox, open, 0, 9).places[2].group->work;
    assert_int_equal(work->id, 1);
    assert_int_equal(work->n_in[KO_CANDIDATE_OPEN], 2);
    assert_int_equal(work->n_in[KO_CANDIDATE_REJECTED], 1);
    size_t n_works;
    const ko_inbox_work *works = ko_inbox_works(inbox, &n_works);
    assert_int_equal(n_works, 2);
    assert_true(work == &works[0] || work == &works[1]);
    assert_int_equal(ko_act_undo(f->store, "Ann", &undone, NULL), KO_OK);
    assert_int_equal(ko_inbox_follow(inbox, f->store, NULL), KO_OK);
    ko_inbox_count(inbox, n_in);
    assert_int_equal(n_in[KO_CANDIDATE_OPEN], 5);
    assert_int_equal(n_in[KO_CANDIDATE_ACCEPTED], 1);
    ko_inbox_free(inbox);
}

static void one_built_anew_knows_what_decisions_mean_for_others(void **state)
{
    const fixture *f = *state;
    fill(f->store);
    size_t n_in[KO_CANDIDATE_STATES];
    decide(f->store, 3, KO_CANDIDATE_LICENSED, true);
    ko_inbox *inbox = build(f->store);
    ko_inbox_count(inbox, n_in);
    assert_int_equal(n_in[KO_CANDIDATE_LICENSED], 1);
    assert_int_equal(n_in[KO_CANDIDATE_ALLOWED], 1); /* what else Ann sells */
    ko_inbox_free(inbox);
}

static ko_status note_id(void *context, const ko_candidate *c)
{
    char *ids = context;
    const size_t used = strlen(ids);
    (void)snprintf(ids + used, 64 - used, used ? " %lld" : "%lld", (long long)c->id);
    return KO_OK;
}

/* The list holds what the queue does, however the threshold moves. */
static void what_is_below_the_threshold_is_left_out(void **state)
{
    const fixture *f = *state;
    const double own = 7.5;
    char queue[64] = "";
    fill(f->store);
    decide(f->store, 1, KO_CANDIDATE_UNSURE, false);
    assert_int_equal(ko_store_set_threshold(f->store, 10, NULL), KO_OK);
    assert_int_equal(ko_work_set(f->store, 1, &(ko_work_fields){.threshold = &own}, false, NULL),
                     KO_OK);
    ko_inbox *inbox = build(f->store);
    assert_string_equal(all(inbox).ids, "4 2 3 1");
    assert_int_equal(ko_candidate_each(f->store, &(ko_candidate_filter){0}, note_id, queue, NULL),
                     KO_OK);
    assert_string_equal(queue, "4 2 3 1");
    ko_inbox_free(inbox);
}

static void an_empty_database_has_an_empty_inbox(void **state)
{
    const fixture *f = *state;
    ko_inbox *inbox = build(f->store);
    assert_int_equal(all(inbox).total, 0);
    assert_int_equal(ko_inbox_follow(inbox, f->store, NULL), KO_OK);
    ko_inbox_free(inbox);
    ko_inbox_free(NULL);
}

static void memory_may_fail_while_it_is_built(void **state)
{
    const fixture *f = *state;
    fill(f->store);
    ko_inbox_free(build(f->store)); /* statements are prepared */
    const long before = ko_alloc_live();
    for (unsigned nth = 1;; nth++) {
        ko_inbox *inbox = NULL;
        ko_alloc_fault(nth, 1);
        const ko_status st = ko_inbox_build(f->store, &inbox, NULL);
        const unsigned hits = ko_alloc_fault_hits();
        ko_alloc_fault(0, 0);
        ko_inbox_free(inbox);
        assert_int_equal(ko_alloc_live(), before);
        if (!hits) {
            assert_int_equal(st, KO_OK);
            break;
        }
        assert_int_equal(st, KO_E_NOMEM);
        assert_null(inbox);
    }
}

/* Another process changes the file: the list has to be made anew. */
static void what_others_change_is_noticed(void **state)
{
    const fixture *f = *state;
    ko_store *other = NULL;
    int64_t before = 0, same = 0, after = 0;
    assert_int_equal(ko_store_open(f->path, KO_STORE_OPEN, &other, NULL), KO_OK);
    assert_int_equal(ko_store_changes(f->store, &before, NULL), KO_OK);
    assert_int_equal(ko_store_changes(f->store, &same, NULL), KO_OK);
    (void)add_work(other, "Cat");
    assert_int_equal(ko_store_changes(f->store, &after, NULL), KO_OK);
    assert_true(before == same && same != after);
    ko_store_close(other);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(candidates_come_by_work_and_seller_best_first),
        TEST(what_came_back_is_first),
        TEST(pages_follow_each_other),
        TEST(whose_picture_one_shows_is_told),
        TEST(titles_are_searched),
        TEST(one_is_found_by_its_number),
        TEST(decisions_are_followed),
        TEST(one_built_anew_knows_what_decisions_mean_for_others),
        TEST(what_is_below_the_threshold_is_left_out),
        TEST(an_empty_database_has_an_empty_inbox),
        TEST(memory_may_fail_while_it_is_built),
        TEST(what_others_change_is_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
