#include "fixture.h"

#include "store/allow.h"
#include "store/decision.h"
#include "store/negative.h"

/* --- short ways --- */

typedef struct seen {
    size_t n;
    ko_candidate_state state;
    double then, now;
    int64_t photo;
    char who[32];
    bool good_faith;
} seen;

static ko_status take(void *context, const ko_candidate *c)
{
    seen *s = context;
    s->n++;
    s->state = c->state;
    s->then = c->decision.score;
    s->now = c->match.evidence.score;
    s->photo = c->photo->id;
    s->good_faith = c->decision.good_faith;
    (void)snprintf(s->who, sizeof s->who, "%s", c->decision.who);
    return KO_OK;
}

static seen find(ko_store *store, ko_candidate_filter filter)
{
    seen s = {0};
    assert_int_equal(ko_candidate_each(store, &filter, take, &s, NULL), KO_OK);
    return s;
}

static seen one(ko_store *store, int64_t id)
{
    return find(store, (ko_candidate_filter){.id = id});
}

static size_t in_state(ko_store *store, ko_candidate_state state)
{
    return find(store, (ko_candidate_filter){.states = 1U << state}).n;
}

typedef struct deed {
    ko_store *store;
    int64_t act_id, entry;
    ko_candidate_state state;
    bool changed, allow, shop, negative;
} deed;

static ko_status perform(void *context, const ko_candidate *c)
{
    deed *d = context;
    ko_allow seller;
    assert_int_equal(ko_decision_add(d->store, d->act_id, c, d->state, &d->changed, NULL), KO_OK);
    if (d->allow) {
        assert_int_equal(ko_allow_of(&c->listing->record, d->shop, &seller, NULL), KO_OK);
        assert_int_equal(ko_allow_add(d->store, d->act_id, &seller, &d->entry, NULL), KO_OK);
    }
    if (d->negative)
        assert_int_equal(ko_negative_add(d->store, d->act_id, c->photo, &d->entry, NULL), KO_OK);
    return KO_OK;
}

/* Does it to the candidate as an act of its own; what says the state and the lists. */
static deed act(ko_store *store, int64_t candidate, deed what)
{
    const ko_act written = {.verb = ko_candidate_state_name(what.state),
                            .who = "Ann",
                            .good_faith = what.state == KO_CANDIDATE_ACCEPTED};
    what.store = store;
    assert_int_equal(ko_store_begin(store, NULL), KO_OK);
    assert_int_equal(ko_act_add(store, &written, &what.act_id, NULL), KO_OK);
    assert_int_equal(
        ko_candidate_each(store, &(ko_candidate_filter){.id = candidate}, perform, &what, NULL),
        KO_OK);
    assert_int_equal(ko_store_commit(store, NULL), KO_OK);
    return what;
}

static deed decide(ko_store *store, int64_t candidate, ko_candidate_state state)
{
    return act(store, candidate, (deed){.state = state});
}

static ko_status undo(ko_store *store)
{
    ko_undone undone;
    return ko_act_undo(store, "Ann", &undone, NULL);
}

/* A photo that was read, with a fingerprint of so many bits. */
static void read_photo(ko_store *store, int64_t id, unsigned bits, int quality)
{
    ko_photo photo = {.id = id, .state = KO_PHOTO_READ, .reason = "", .quality = quality};
    photo.sha256[0] = (uint8_t)id;
    for (unsigned i = 0; i < bits; i++)
        photo.fp.w[i / 64] |= (uint64_t)1 << i % 64;
    assert_int_equal(ko_photo_update(store, &photo, NULL), KO_OK);
}

static void add_offer(ko_store *store, const char *url, const char *platform, const char *seller,
                      const char *path)
{
    ko_ingested what;
    ko_listing record = plain_record(url);
    record.platform = (char *)platform;
    record.seller = (char *)seller;
    const ko_photo_file photo = file_photo(path, 10, 20);
    assert_int_equal(ko_seen_add(store, &record, "test", &photo, 1, 0, &what, NULL), KO_OK);
}

/* One work; candidates 1 and 2 of one seller, 3 of another in the same shop, 4 of the same name
 * elsewhere. Photo n is that of candidate n. */
static int64_t fill(ko_store *store)
{
    const int64_t work = add_work(store, "Cat");
    const int64_t view = add_view(store, work, 1);
    add_offer(store, "https://m.example/1", "", "Pins", "/p/a");
    add_offer(store, "https://m.example/2", "", "Pins", "/p/b");
    add_offer(store, "https://m.example/3", "", "Tees", "/p/c");
    add_offer(store, "https://other.example/4", "", "Pins", "/p/d");
    for (int64_t photo = 1; photo <= 4; photo++) {
        read_photo(store, photo, 0, 90);
        assert_int_equal(add_match(store, work, view, photo, 9), 1);
    }
    return view;
}

/* --- decisions --- */

static void a_decision_outlasts_scans(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    const int64_t view = fill(store);
    assert_true(decide(store, 1, KO_CANDIDATE_ACCEPTED).changed);
    assert_int_equal(add_match(store, 1, view, 1, 8), 0);  /* found again, worse */
    assert_int_equal(add_match(store, 1, view, 1, 12), 0); /* and better */
    const seen s = one(store, 1);
    assert_int_equal(s.state, KO_CANDIDATE_ACCEPTED);
    assert_true(s.then == 9 && s.now == 12 && s.good_faith);
    assert_string_equal(s.who, "Ann");
    assert_int_equal(in_state(store, KO_CANDIDATE_OPEN), 3);
    /* Also when it does not reach the threshold any more. */
    assert_int_equal(ko_store_set_threshold(store, 20, NULL), KO_OK);
    assert_int_equal(in_state(store, KO_CANDIDATE_ACCEPTED), 1);
    assert_int_equal(in_state(store, KO_CANDIDATE_OPEN), 0);
}

static void the_same_decision_is_kept_once(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    const int64_t view = fill(store);
    assert_true(decide(store, 1, KO_CANDIDATE_ACCEPTED).changed);
    assert_false(decide(store, 1, KO_CANDIDATE_ACCEPTED).changed);
    assert_false(decide(store, 2, KO_CANDIDATE_OPEN).changed); /* it is */
    (void)add_match(store, 1, view, 1, 12);
    assert_true(decide(store, 1, KO_CANDIDATE_ACCEPTED).changed); /* on better evidence */
    assert_true(one(store, 1).then == 12);
    assert_true(decide(store, 1, KO_CANDIDATE_OPEN).changed);
    assert_int_equal(one(store, 1).state, KO_CANDIDATE_OPEN);
}

static void undo_goes_back_act_by_act(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    (void)fill(store);
    (void)decide(store, 1, KO_CANDIDATE_UNSURE);
    (void)decide(store, 1, KO_CANDIDATE_ACCEPTED);
    (void)decide(store, 2, KO_CANDIDATE_REJECTED);
    assert_int_equal(undo(store), KO_OK);
    assert_int_equal(one(store, 2).state, KO_CANDIDATE_OPEN);
    assert_int_equal(one(store, 1).state, KO_CANDIDATE_ACCEPTED);
    assert_int_equal(undo(store), KO_OK);
    assert_int_equal(one(store, 1).state, KO_CANDIDATE_UNSURE);
    assert_int_equal(undo(store), KO_OK);
    assert_int_equal(one(store, 1).state, KO_CANDIDATE_OPEN);
    assert_int_equal(undo(store), KO_E_NOT_FOUND);
    (void)decide(store, 1, KO_CANDIDATE_LICENSED);
    assert_int_equal(undo(store), KO_OK);
    assert_int_equal(one(store, 1).state, KO_CANDIDATE_OPEN);
    assert_whole(store);
}

typedef struct log {
    size_t n;
    char text[1024];
} log_text;

static ko_status write_act(void *context, const ko_act *a, const ko_decision *d)
{
    log_text *log = context;
    const size_t used = strlen(log->text);
    log->n++;
    (void)snprintf(log->text + used, sizeof log->text - used, "%s%s %s", used ? "; " : "", a->verb,
                   a->undone ? "undone " : "");
    if (d) {
        assert_int_equal(d->view_sha256[0], 1);
        assert_int_equal(d->photo_sha256[0], d->photo_id);
        const size_t end = strlen(log->text);
        (void)snprintf(log->text + end, sizeof log->text - end, "%lld %s>%s %s %g",
                       (long long)d->candidate_id, ko_candidate_state_name(d->was),
                       ko_candidate_state_name(d->state), d->url, d->score);
    }
    return KO_OK;
}

static void the_log_keeps_all_of_it(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    (void)fill(store);
    (void)decide(store, 1, KO_CANDIDATE_ACCEPTED);
    (void)decide(store, 3, KO_CANDIDATE_REJECTED);
    assert_int_equal(undo(store), KO_OK);
    log_text log = {0};
    assert_int_equal(ko_act_each(store, 0, write_act, &log, NULL), KO_OK);
    assert_string_equal(log.text, "accepted 1 open>accepted https://m.example/1 9; "
                                  "rejected undone 3 open>rejected https://m.example/3 9; "
                                  "undo 3 rejected>open https://m.example/3 9");
    /* What was decided about a work stays known when the work goes. */
    assert_int_equal(ko_work_remove(store, 1, NULL), KO_OK);
    log_text later = {0};
    assert_int_equal(ko_act_each(store, 0, write_act, &later, NULL), KO_OK);
    assert_string_equal(later.text, log.text);
    log_text of_one = {0};
    assert_int_equal(ko_act_each(store, 1, write_act, &of_one, NULL), KO_OK);
    assert_int_equal(of_one.n, 1);
    assert_int_equal(undo(store), KO_OK); /* of what is there no more */
    assert_whole(store);
}

/* --- sellers --- */

static void a_licensed_seller_is_set_aside_and_comes_back(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    (void)fill(store);
    const deed d = act(store, 1, (deed){.state = KO_CANDIDATE_LICENSED, .allow = true});
    assert_true(d.entry > 0);
    assert_int_equal(one(store, 1).state, KO_CANDIDATE_LICENSED);
    assert_int_equal(one(store, 2).state, KO_CANDIDATE_ALLOWED);
    assert_int_equal(one(store, 3).state, KO_CANDIDATE_OPEN); /* another seller */
    assert_int_equal(one(store, 4).state, KO_CANDIDATE_OPEN); /* another site */
    assert_int_equal(act(store, 2, (deed){.state = KO_CANDIDATE_LICENSED, .allow = true}).entry, 0);
    assert_int_equal(undo(store), KO_OK);
    assert_int_equal(one(store, 2).state, KO_CANDIDATE_ALLOWED);

    const ko_act removal = {.verb = "allow rm", .who = ""};
    int64_t act_id = 0;
    assert_int_equal(ko_store_begin(store, NULL), KO_OK);
    assert_int_equal(ko_act_add(store, &removal, &act_id, NULL), KO_OK);
    assert_int_equal(ko_allow_remove(store, act_id, d.entry, NULL), KO_OK);
    assert_int_equal(ko_allow_remove(store, act_id, d.entry, NULL), KO_E_NOT_FOUND);
    assert_int_equal(ko_store_commit(store, NULL), KO_OK);
    assert_int_equal(one(store, 2).state, KO_CANDIDATE_OPEN);
    assert_int_equal(one(store, 1).state, KO_CANDIDATE_LICENSED); /* that was decided */
    assert_int_equal(undo(store), KO_OK);                         /* the removal */
    assert_int_equal(one(store, 2).state, KO_CANDIDATE_ALLOWED);
    assert_int_equal(undo(store), KO_OK); /* and the license with its entry */
    assert_int_equal(one(store, 1).state, KO_CANDIDATE_OPEN);
    assert_int_equal(one(store, 2).state, KO_CANDIDATE_OPEN);
}

static void a_shop_is_allowed_as_a_whole(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    (void)fill(store);
    (void)act(store, 1, (deed){.state = KO_CANDIDATE_LICENSED, .allow = true, .shop = true});
    assert_int_equal(one(store, 3).state, KO_CANDIDATE_ALLOWED);
    assert_int_equal(one(store, 4).state, KO_CANDIDATE_OPEN);
}

static void sellers_are_told_apart_by_site(void **state)
{
    (void)state;
    static char empty[1] = "", id[] = "77", name[] = "Pins", etsy[] = "etsy";
    ko_listing record = plain_record("https://www.etsy.com/listing/1");
    ko_allow seller;
    ko_error err = {0};
    char words[KO_ALLOW_WORDS_SIZE];
    record.platform = etsy;
    record.seller = name;
    assert_int_equal(ko_allow_of(&record, false, &seller, NULL), KO_OK);
    ko_allow_words(&seller, words);
    assert_string_equal(words, "Pins on etsy");
    record.seller_id = id; /* names change */
    assert_int_equal(ko_allow_of(&record, false, &seller, NULL), KO_OK);
    assert_string_equal(seller.seller_id, "77");
    assert_string_equal(seller.seller, "");
    assert_int_equal(ko_allow_of(&record, true, &seller, &err), KO_E_USAGE);
    assert_non_null(strstr(err.text, "many sellers"));
    record.seller_id = record.seller = empty;
    assert_int_equal(ko_allow_of(&record, false, &seller, NULL), KO_E_USAGE);
    record = plain_record("https://cats.example:8443/products/1");
    assert_int_equal(ko_allow_of(&record, true, &seller, NULL), KO_OK);
    assert_string_equal(seller.host, "cats.example:8443");
    record = plain_record("");
    assert_int_equal(ko_allow_of(&record, true, &seller, NULL), KO_E_USAGE);
}

static void a_seller_has_a_history(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    static char name[] = "Pins";
    size_t decided[KO_ALLOW_STATES];
    (void)fill(store);
    (void)decide(store, 1, KO_CANDIDATE_ACCEPTED);
    (void)decide(store, 3, KO_CANDIDATE_REJECTED);
    (void)decide(store, 4, KO_CANDIDATE_REJECTED);
    ko_listing record = plain_record("https://m.example/2");
    record.seller = name;
    assert_int_equal(ko_seller_history(store, &record, decided, NULL), KO_OK);
    assert_int_equal(decided[KO_CANDIDATE_ACCEPTED], 1);
    assert_int_equal(decided[KO_CANDIDATE_REJECTED], 0);
}

/* --- pictures that never count --- */

static void what_rests_on_a_negative_picture_alone_is_set_aside(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    const int64_t view = fill(store);
    read_photo(store, 2, KO_NEGATIVE_BITS, 90);
    read_photo(store, 3, KO_NEGATIVE_BITS + 1, 90);
    read_photo(store, 4, 0, KO_FP_QUALITY_MIN - 1); /* plain: only its bytes would tell */
    const deed d = act(store, 1, (deed){.state = KO_CANDIDATE_REJECTED, .negative = true});
    assert_true(d.entry > 0);
    assert_int_equal(one(store, 1).state, KO_CANDIDATE_REJECTED);
    assert_int_equal(one(store, 2).state, KO_CANDIDATE_NEGATIVE);
    assert_int_equal(one(store, 3).state, KO_CANDIDATE_OPEN);
    assert_int_equal(one(store, 4).state, KO_CANDIDATE_OPEN);
    /* A picture that is read later is known as well. */
    add_offer(store, "https://m.example/5", "", "Pins", "/p/e");
    read_photo(store, 5, 3, 90);
    assert_int_equal(add_match(store, 1, view, 5, 11), 1);
    assert_int_equal(one(store, 5).state, KO_CANDIDATE_NEGATIVE);
    /* A listing with another picture that shows the work rests on that one ... */
    add_offer(store, "https://m.example/5", "", "Pins", "/p/f");
    read_photo(store, 6, 100, 90);
    assert_int_equal(add_match(store, 1, view, 6, 7), 0);
    assert_int_equal(one(store, 5).state, KO_CANDIDATE_OPEN);
    assert_int_equal(one(store, 5).photo, 6);
    /* ... as long as that reaches the threshold. */
    assert_int_equal(ko_store_set_threshold(store, 8, NULL), KO_OK);
    assert_int_equal(one(store, 5).state, KO_CANDIDATE_NEGATIVE);
    assert_int_equal(undo(store), KO_OK);
    assert_int_equal(one(store, 5).state, KO_CANDIDATE_OPEN);
    assert_int_equal(one(store, 2).state, KO_CANDIDATE_OPEN);
}

static ko_status count_negative(void *context, const ko_negative *negative)
{
    *(size_t *)context += negative->n_photos;
    return KO_OK;
}

static void a_picture_is_negative_once(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    size_t n = 0;
    (void)fill(store);
    (void)act(store, 1, (deed){.state = KO_CANDIDATE_REJECTED, .negative = true});
    /* the same picture under another path */
    assert_int_equal(act(store, 2, (deed){.state = KO_CANDIDATE_REJECTED, .negative = true}).entry,
                     0);
    assert_int_equal(ko_negative_each(store, 0, count_negative, &n, NULL), KO_OK);
    assert_int_equal(n, 4);
}

/* --- what a threshold decides about --- */

typedef struct undecided_text {
    char text[128];
} undecided_text;

static ko_status write_undecided(void *context, const ko_candidate_undecided *candidate)
{
    undecided_text *u = context;
    const size_t used = strlen(u->text);
    (void)snprintf(u->text + used, sizeof u->text - used, "%lld:%g ", (long long)candidate->id,
                   candidate->score);
    return KO_OK;
}

/* "2:9 3:9 ": those of a work, or of all that go by the collection's threshold. */
static undecided_text undecided(ko_store *store, int64_t work_id)
{
    undecided_text u = {""};
    assert_int_equal(ko_candidate_undecided_each(store, work_id, write_undecided, &u, NULL), KO_OK);
    return u;
}

static void a_threshold_decides_about_what_nobody_decided(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    const int64_t view = fill(store);
    assert_int_equal(add_match(store, 1, view, 3, 12), 0);
    assert_int_equal(ko_store_set_threshold(store, 10, NULL), KO_OK);
    assert_string_equal(undecided(store, 1).text, "3:12 1:9 2:9 4:9 "); /* however low */
    (void)decide(store, 2, KO_CANDIDATE_UNSURE);
    (void)act(store, 1, (deed){.state = KO_CANDIDATE_LICENSED, .allow = true});
    assert_string_equal(undecided(store, 1).text, "3:12 4:9 ");
    assert_int_equal(undo(store), KO_OK);
    assert_string_equal(undecided(store, 1).text, "3:12 1:9 4:9 ");
    /* The best photo does not count if it is one that never does, under whatever threshold. */
    read_photo(store, 2, 100, 90);
    add_offer(store, "https://m.example/3", "", "Tees", "/p/e");
    read_photo(store, 5, 100, 90);
    assert_int_equal(add_match(store, 1, view, 5, 4), 0);
    (void)act(store, 1, (deed){.state = KO_CANDIDATE_REJECTED, .negative = true});
    assert_string_equal(undecided(store, 1).text, "3:4 ");
}

static void a_threshold_of_all_leaves_out_works_with_their_own(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    const double own = 5;
    (void)fill(store);
    assert_string_equal(undecided(store, 0).text, "1:9 2:9 3:9 4:9 ");
    const ko_work_fields fields = {.threshold = &own};
    assert_int_equal(ko_work_set(store, 1, &fields, false, NULL), KO_OK);
    assert_string_equal(undecided(store, 0).text, "");
    assert_string_equal(undecided(store, 1).text, "1:9 2:9 3:9 4:9 ");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_decision_outlasts_scans),
        TEST(the_same_decision_is_kept_once),
        TEST(undo_goes_back_act_by_act),
        TEST(the_log_keeps_all_of_it),
        TEST(a_licensed_seller_is_set_aside_and_comes_back),
        TEST(a_shop_is_allowed_as_a_whole),
        cmocka_unit_test(sellers_are_told_apart_by_site),
        TEST(a_seller_has_a_history),
        TEST(what_rests_on_a_negative_picture_alone_is_set_aside),
        TEST(a_picture_is_negative_once),
        TEST(a_threshold_decides_about_what_nobody_decided),
        TEST(a_threshold_of_all_leaves_out_works_with_their_own),
    };
    return cmocka_run_group_tests_name("decision", tests, NULL, NULL);
}
