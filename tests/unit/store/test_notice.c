#include "fixture.h"

#include "store/notice.h"

#include <sys/wait.h>

/* --- short ways --- */

#define DAY ((ko_day)20000) /* 2024-10-04, on which notices are built at noon */

static ko_notice plain_notice(int64_t work_id)
{
    return (ko_notice){.channel = "etsy",
                       .work_id = work_id,
                       .serial = "KO-000001",
                       .work_title = "Cat",
                       .host = "",
                       .reason = "copy",
                       .part = 1,
                       .parts = 1,
                       .who = "Ann",
                       .good_faith_at = 5,
                       .built_at = (int64_t)DAY * 86400 + 43200,
                       .folder = ""};
}

static ko_notice_item plain_item(const char *url)
{
    return (ko_notice_item){.candidate_id = 7,
                            .listing_id = 8,
                            .url = url,
                            .item = "1",
                            .platform = "etsy",
                            .seller = "Pins",
                            .seller_id = "",
                            .title = "A pin",
                            .score = 9.5,
                            .has_evidence = true,
                            .photo_sha256 = {3},
                            .view_sha256 = {4}};
}

static int64_t keep(ko_store *store, const ko_notice *notice, const ko_notice_item *items, size_t n)
{
    int64_t id = 0;
    assert_int_equal(ko_store_begin(store, NULL), KO_OK);
    assert_int_equal(ko_notice_add(store, notice, items, n, &id, NULL), KO_OK);
    assert_int_equal(ko_store_commit(store, NULL), KO_OK);
    return id;
}

/* A notice with three listings, whose items are numbered from 1 in the first notice. */
static int64_t add_notice(ko_store *store)
{
    const ko_notice notice = plain_notice(1);
    const ko_notice_item items[] = {plain_item("https://m.example/1"),
                                    plain_item("https://m.example/2"),
                                    plain_item("https://m.example/3")};
    return keep(store, &notice, items, 3);
}

static size_t tell_of(ko_store *store, int64_t notice, ko_notice_state state, ko_day on,
                      const int64_t *items, size_t n)
{
    const ko_notice_event event = {.notice_id = notice, .state = state, .on = on};
    size_t changed = 0;
    assert_int_equal(ko_notice_tell(store, &event, items, n, &changed, NULL), KO_OK);
    return changed;
}

static size_t tell(ko_store *store, int64_t notice, ko_notice_state state, ko_day on)
{
    return tell_of(store, notice, state, on, NULL, 0);
}

static size_t tell_one(ko_store *store, int64_t notice, ko_notice_state state, ko_day on,
                       int64_t item)
{
    return tell_of(store, notice, state, on, &item, 1);
}

/* Telling that is refused changes nothing; returns what is said of it. */
static ko_error refused(ko_store *store, const ko_notice_event *event, const int64_t *items,
                        size_t n, ko_status status)
{
    ko_error err = {0};
    size_t changed = 77;
    assert_int_equal(ko_notice_tell(store, event, items, n, &changed, &err), status);
    assert_int_equal(changed, 77);
    return err;
}

typedef struct text {
    char words[2048];
} text;

static void say(text *t, const char *fmt, ...) KO_PRINTF(2, 3);
static void say(text *t, const char *fmt, ...)
{
    const size_t used = strlen(t->words);
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(t->words + used, sizeof t->words - used, fmt, args);
    va_end(args);
}

static ko_status say_item(void *context, const ko_notice_item *item)
{
    say(context, "%lld %s +%d; ", (long long)item->id, ko_notice_state_name(item->state),
        (int)(item->state_on - DAY));
    return KO_OK;
}

/* "1 filed +2; ": each item, its state, and since how many days after DAY. */
static text items(ko_store *store, int64_t notice, unsigned states)
{
    text t = {0};
    assert_int_equal(ko_notice_item_each(store, notice, states, say_item, &t, NULL), KO_OK);
    return t;
}

#define assert_items(store, notice, expected)                                                      \
    assert_string_equal(items(store, notice, 0).words, expected)

static ko_status say_notice(void *context, const ko_notice *notice)
{
    say(context, "%lld %s '%s' %s%d, %zu; ", (long long)notice->id,
        ko_notice_state_name(ko_notice_state_of(notice)), notice->ref,
        notice->is_filed ? "filed +" : "not filed ",
        notice->is_filed ? (int)(notice->filed_on - DAY) : 0, notice->n_items);
    return KO_OK;
}

static text notices(ko_store *store, ko_notice_filter filter)
{
    text t = {0};
    assert_int_equal(ko_notice_each(store, &filter, say_notice, &t, NULL), KO_OK);
    return t;
}

/* --- what is kept --- */

static ko_status take_notice(void *context, const ko_notice *n)
{
    (*(int *)context)++;
    const ko_notice plain = plain_notice(1);
    assert_string_equal(n->channel, plain.channel);
    assert_int_equal(n->work_id, 1);
    assert_string_equal(n->serial, plain.serial);
    assert_string_equal(n->work_title, plain.work_title);
    assert_string_equal(n->host, "");
    assert_string_equal(n->reason, "copy");
    assert_true(n->part == 1 && n->parts == 1 && n->good_faith_at == 5 && !n->authority);
    assert_string_equal(n->who, "Ann");
    assert_int_equal(n->built_at, plain.built_at);
    assert_string_equal(n->folder, "/packets/1");
    assert_string_equal(n->ref, "");
    assert_true(!n->is_filed && n->n_items == 1 && n->n_in[KO_NOTICE_BUILT] == 1);
    return KO_OK;
}

static ko_status take_item(void *context, const ko_notice_item *item)
{
    (*(int *)context)++;
    const ko_notice_item plain = plain_item("https://m.example/1");
    assert_true(item->candidate_id == 7 && item->listing_id == 8 && item->score == 9.5);
    assert_string_equal(item->url, plain.url);
    assert_string_equal(item->item, "1");
    assert_string_equal(item->platform, "etsy");
    assert_string_equal(item->seller, "Pins");
    assert_string_equal(item->seller_id, "");
    assert_string_equal(item->title, "A pin");
    assert_true(item->has_evidence);
    assert_memory_equal(item->photo_sha256, plain.photo_sha256, KO_SHA256_SIZE);
    assert_memory_equal(item->view_sha256, plain.view_sha256, KO_SHA256_SIZE);
    assert_true(item->state == KO_NOTICE_BUILT && item->state_on == DAY);
    return KO_OK;
}

static void a_notice_holds_what_it_said(void **state)
{
    fixture *f = *state;
    int n = 0;
    const ko_notice notice = plain_notice(1);
    const ko_notice_item item = plain_item("https://m.example/1");
    assert_int_equal(keep(f->store, &notice, &item, 1), 1);
    assert_int_equal(ko_notice_set_folder(f->store, 1, "/packets/1", NULL), KO_OK);
    assert_int_equal(ko_notice_set_folder(f->store, 2, "/packets/2", NULL), KO_E_NOT_FOUND);
    open_store(f, KO_STORE_OPEN);
    assert_int_equal(ko_notice_each(f->store, &(ko_notice_filter){0}, take_notice, &n, NULL),
                     KO_OK);
    assert_int_equal(ko_notice_item_each(f->store, 1, 0, take_item, &n, NULL), KO_OK);
    assert_int_equal(n, 2);
}

static void what_is_told_is_in_force_until_the_next(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    const int64_t notice = add_notice(store);
    assert_items(store, notice, "1 built +0; 2 built +0; 3 built +0; ");
    assert_int_equal(tell(store, notice, KO_NOTICE_FILED, DAY + 1), 3);
    assert_int_equal(tell_one(store, notice, KO_NOTICE_COUNTERED, DAY + 3, 2), 1);
    assert_items(store, notice, "1 filed +1; 2 countered +3; 3 filed +1; ");
    assert_int_equal(tell(store, notice, KO_NOTICE_REMOVED, DAY + 4), 3);
    assert_items(store, notice, "1 removed +4; 2 removed +4; 3 removed +4; ");
}

static void what_may_not_follow_is_refused_in_words(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    const int64_t notice = add_notice(store);
    ko_notice_event event = {.notice_id = notice, .state = KO_NOTICE_REMOVED, .on = DAY};
    ko_error err = refused(store, &event, NULL, 0, KO_E_USAGE);
    assert_string_equal(err.text,
                        "notice 1 is not filed yet: knockoff notice filed 1 --ref NUMBER");
    (void)tell(store, notice, KO_NOTICE_FILED, DAY + 1);
    event.state = KO_NOTICE_FILED;
    err = refused(store, &event, NULL, 0, KO_E_USAGE);
    assert_string_equal(err.text, "notice 1 is filed already");
    (void)tell_one(store, notice, KO_NOTICE_REMOVED, DAY + 2, 2);
    event.state = KO_NOTICE_ANSWERED;
    err = refused(store, &event, (const int64_t[]){2}, 1, KO_E_USAGE);
    assert_string_equal(err.text, "https://m.example/2 of notice 1 is in state removed: what may "
                                  "follow is countered or reappeared, not answered");
    event.state = KO_NOTICE_COUNTERED;
    err = refused(store, &event, (const int64_t[]){1, 4}, 2, KO_E_NOT_FOUND);
    assert_string_equal(err.text, "notice 1 has no listing 4");
    event.notice_id = 9;
    err = refused(store, &event, NULL, 0, KO_E_NOT_FOUND);
    assert_string_equal(err.text, "no notice 9");
    assert_items(store, notice, "1 filed +1; 2 removed +2; 3 filed +1; ");
}

static void notices_are_found_by_what_they_are(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    const ko_notice_item item = plain_item("https://m.example/1");
    ko_notice other = plain_notice(2);
    other.channel = "ebay";
    (void)add_notice(store);
    assert_int_equal(keep(store, &other, &item, 1), 2);
    const ko_notice_event filed = {
        .notice_id = 2, .state = KO_NOTICE_FILED, .on = DAY + 1, .ref = "R-2"};
    size_t changed = 0;
    assert_int_equal(ko_notice_tell(store, &filed, NULL, 0, &changed, NULL), KO_OK);
    const char *first = "1 built '' not filed 0, 3; ", *second = "2 filed 'R-2' filed +1, 1; ";
    const char *both = "1 built '' not filed 0, 3; 2 filed 'R-2' filed +1, 1; ";
    assert_string_equal(notices(store, (ko_notice_filter){0}).words, both);
    assert_string_equal(notices(store, (ko_notice_filter){.id = 2}).words, second);
    assert_string_equal(notices(store, (ko_notice_filter){.work_id = 1}).words, first);
    assert_string_equal(notices(store, (ko_notice_filter){.channel = "ebay"}).words, second);
    assert_string_equal(notices(store, (ko_notice_filter){.open = true}).words, both);
    (void)tell(store, 2, KO_NOTICE_REFUSED, DAY + 2);
    assert_string_equal(notices(store, (ko_notice_filter){.open = true}).words, first);
}

static void a_packet_is_filed_without_what_was_withdrawn_from_it(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    const int64_t notice = add_notice(store);
    (void)tell_one(store, notice, KO_NOTICE_WITHDRAWN, DAY, 2);
    assert_int_equal(tell(store, notice, KO_NOTICE_FILED, DAY + 1), 2);
    assert_items(store, notice, "1 filed +1; 2 withdrawn +0; 3 filed +1; ");
    (void)tell_one(store, notice, KO_NOTICE_REFUSED, DAY + 2, 1);
    assert_int_equal(tell(store, notice, KO_NOTICE_REMOVED, DAY + 3), 1); /* the open one */
    assert_items(store, notice, "1 refused +2; 2 withdrawn +0; 3 removed +3; ");
    /* With nothing open, what is closed is meant, as far as it may become so. */
    assert_int_equal(tell(store, notice, KO_NOTICE_FILED, DAY + 4), 2);
    assert_items(store, notice, "1 filed +4; 2 filed +4; 3 removed +3; ");
}

static void a_listing_goes_a_long_way(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    static const ko_notice_state way[] = {
        KO_NOTICE_FILED,     KO_NOTICE_IN_PROGRESS, KO_NOTICE_COUNTERED, KO_NOTICE_ANSWERED,
        KO_NOTICE_COUNTERED, KO_NOTICE_UPHELD,      KO_NOTICE_REMOVED,   KO_NOTICE_COUNTERED,
        KO_NOTICE_RESTORED,  KO_NOTICE_FILED,       KO_NOTICE_UNABLE,    KO_NOTICE_FILED,
        KO_NOTICE_REFUSED,   KO_NOTICE_FILED,       KO_NOTICE_WITHDRAWN, KO_NOTICE_FILED,
        KO_NOTICE_REMOVED,   KO_NOTICE_REAPPEARED,  KO_NOTICE_REMOVED};
    const int64_t notice = add_notice(store);
    ko_notice_state before = KO_NOTICE_BUILT;
    for (size_t i = 0; i < sizeof way / sizeof way[0]; i++) {
        ko_notice_event again = {.notice_id = notice, .state = way[i], .on = DAY + (int)i};
        assert_int_equal(tell(store, notice, way[i], again.on), 3);
        (void)refused(store, &again, NULL, 0, KO_E_USAGE);
        assert_true(ko_notice_may_become(before, way[i]));
        before = way[i];
    }
    assert_items(store, notice, "1 removed +18; 2 removed +18; 3 removed +18; ");
}

static void no_state_is_a_dead_end_or_follows_itself(void **state)
{
    (void)state;
    for (ko_notice_state from = 0; from < KO_NOTICE_STATES; from++) {
        unsigned n = 0;
        for (ko_notice_state to = 0; to < KO_NOTICE_STATES; to++)
            n += ko_notice_may_become(from, to);
        assert_true(n > 0);
        assert_false(ko_notice_may_become(from, from));
        assert_false(ko_notice_may_become(from, KO_NOTICE_BUILT));
        assert_int_equal(ko_notice_may_become(from, KO_NOTICE_REAPPEARED),
                         from == KO_NOTICE_REMOVED);
        /* Whatever is open can be taken back, and what was never filed only that. */
        assert_true(!ko_notice_is_open(from) || ko_notice_may_become(from, KO_NOTICE_WITHDRAWN));
    }
}

static void states_are_found_by_name(void **state)
{
    (void)state;
    ko_notice_state found = KO_NOTICE_BUILT;
    ko_error err = {0};
    for (ko_notice_state s = 0; s < KO_NOTICE_STATES; s++) {
        assert_int_equal(ko_notice_state_find(ko_notice_state_name(s), &found, NULL), KO_OK);
        assert_int_equal(found, s);
    }
    assert_int_equal(ko_notice_state_find("gone", &found, &err), KO_E_USAGE);
    assert_string_equal(err.text, "'gone' is no state of a notice: built, filed, in-progress, "
                                  "countered, answered, upheld, removed, unable, refused, "
                                  "restored, withdrawn or reappeared");
}

static void what_asks_for_attention_comes_first(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    const int64_t notice = add_notice(store);
    (void)tell(store, notice, KO_NOTICE_FILED, DAY);
    (void)tell_one(store, notice, KO_NOTICE_REMOVED, DAY, 1);
    assert_string_equal(notices(store, (ko_notice_filter){0}).words, "1 filed '' filed +0, 3; ");
    (void)tell_one(store, notice, KO_NOTICE_COUNTERED, DAY, 3);
    assert_string_equal(notices(store, (ko_notice_filter){0}).words,
                        "1 countered '' filed +0, 3; ");
    (void)tell(store, notice, KO_NOTICE_WITHDRAWN, DAY);
    assert_string_equal(notices(store, (ko_notice_filter){0}).words, "1 removed '' filed +0, 3; ");
}

static void items_are_found_by_state(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    const int64_t first = add_notice(store), second = add_notice(store);
    (void)tell(store, second, KO_NOTICE_FILED, DAY + 1);
    (void)tell_one(store, second, KO_NOTICE_UNABLE, DAY + 2, 5);
    assert_string_equal(items(store, 0, 1U << KO_NOTICE_FILED | 1U << KO_NOTICE_UNABLE).words,
                        "4 filed +1; 5 unable +2; 6 filed +1; ");
    assert_string_equal(items(store, first, 1U << KO_NOTICE_FILED).words, "");
    assert_string_equal(items(store, 0, 1U << KO_NOTICE_BUILT).words,
                        "1 built +0; 2 built +0; 3 built +0; ");
}

/* --- days --- */

static void nothing_happens_before_what_came_before_it(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    const int64_t notice = add_notice(store);
    ko_notice_event event = {.notice_id = notice, .state = KO_NOTICE_FILED, .on = DAY - 1};
    ko_error err = refused(store, &event, NULL, 0, KO_E_USAGE);
    assert_string_equal(err.text, "notice 1 is built since 2024-10-04, and cannot be filed on "
                                  "2024-10-03");
    assert_int_equal(tell(store, notice, KO_NOTICE_FILED, DAY + 5), 3);
    (void)tell_one(store, notice, KO_NOTICE_COUNTERED, DAY + 7, 3);
    event = (ko_notice_event){.notice_id = notice, .state = KO_NOTICE_REMOVED, .on = DAY + 6};
    err = refused(store, &event, NULL, 0, KO_E_USAGE);
    assert_non_null(strstr(err.text, "countered since 2024-10-11"));
    assert_int_equal(tell_of(store, notice, KO_NOTICE_REMOVED, DAY + 6, (int64_t[]){1, 2}, 2), 2);
    assert_int_equal(tell(store, notice, KO_NOTICE_REMOVED, DAY + 7), 1);
}

static void a_notice_built_in_the_evening_is_filed_on_that_day(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    ko_notice notice = plain_notice(1);
    const ko_notice_item item = plain_item("https://m.example/1");
    notice.built_at = (int64_t)DAY * 86400 + 10800; /* seven in the evening in California */
    const int64_t id = keep(store, &notice, &item, 1);
    assert_int_equal(tell(store, id, KO_NOTICE_FILED, DAY - 1), 1);
}

/* --- taking back --- */

static ko_notice_event undo(ko_store *store, int64_t notice)
{
    ko_notice_event event;
    assert_int_equal(ko_notice_undo(store, notice, &event, NULL), KO_OK);
    assert_true(event.notice_id == notice && event.undone);
    return event;
}

static void telling_is_taken_back_step_by_step(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    const int64_t notice = add_notice(store);
    size_t changed = 0;
    const ko_notice_event filed = {
        .notice_id = notice, .state = KO_NOTICE_FILED, .on = DAY + 1, .ref = "A-1"};
    const ko_notice_event again = {
        .notice_id = notice, .state = KO_NOTICE_FILED, .on = DAY + 4, .ref = "A-2"};
    assert_int_equal(ko_notice_tell(store, &filed, NULL, 0, &changed, NULL), KO_OK);
    (void)tell_of(store, notice, KO_NOTICE_REFUSED, DAY + 2, (int64_t[]){1, 3}, 2);
    (void)tell(store, notice, KO_NOTICE_REMOVED, DAY + 3); /* 2 alone is open */
    assert_int_equal(ko_notice_tell(store, &again, NULL, 0, &changed, NULL), KO_OK);
    assert_items(store, notice, "1 filed +4; 2 removed +3; 3 filed +4; ");
    assert_string_equal(notices(store, (ko_notice_filter){0}).words, "1 filed 'A-2' filed +4, 3; ");

    const ko_notice_event last = undo(store, notice);
    assert_true(last.state == KO_NOTICE_FILED && last.on == DAY + 4 && last.n_items == 2);
    assert_string_equal(notices(store, (ko_notice_filter){0}).words,
                        "1 refused 'A-1' filed +1, 3; ");
    assert_int_equal(undo(store, notice).state, KO_NOTICE_REMOVED);
    assert_items(store, notice, "1 refused +2; 2 filed +1; 3 refused +2; ");
    assert_int_equal(tell_one(store, notice, KO_NOTICE_UNABLE, DAY + 2, 2), 1); /* instead */
    assert_int_equal(undo(store, notice).state, KO_NOTICE_UNABLE);
    assert_int_equal(undo(store, notice).state, KO_NOTICE_REFUSED);
    assert_int_equal(undo(store, notice).state, KO_NOTICE_FILED);
    assert_items(store, notice, "1 built +0; 2 built +0; 3 built +0; ");
    assert_string_equal(notices(store, (ko_notice_filter){0}).words, "1 built '' not filed 0, 3; ");
    ko_notice_event none;
    ko_error err = {0};
    assert_int_equal(ko_notice_undo(store, notice, &none, &err), KO_E_NOT_FOUND);
    assert_string_equal(err.text, "nothing was told of notice 1 that could be taken back");
    assert_int_equal(tell(store, notice, KO_NOTICE_FILED, DAY + 9), 3);
    assert_whole(store);
}

static void taking_back_leaves_other_notices_alone(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    const int64_t first = add_notice(store), second = add_notice(store);
    (void)tell(store, first, KO_NOTICE_FILED, DAY + 1);
    (void)tell(store, second, KO_NOTICE_FILED, DAY + 2);
    (void)undo(store, first);
    assert_items(store, first, "1 built +0; 2 built +0; 3 built +0; ");
    assert_items(store, second, "4 filed +2; 5 filed +2; 6 filed +2; ");
}

static void an_item_named_twice_is_told_once(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    const int64_t notice = add_notice(store);
    assert_int_equal(tell_of(store, notice, KO_NOTICE_FILED, DAY, (int64_t[]){3, 1, 3, 1}, 4), 2);
    (void)undo(store, notice);
    assert_items(store, notice, "1 built +0; 2 built +0; 3 built +0; ");
}

static void telling_goes_with_the_transaction_it_is_in(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    const int64_t notice = add_notice(store);
    assert_int_equal(ko_store_begin(store, NULL), KO_OK);
    (void)tell(store, notice, KO_NOTICE_FILED, DAY);
    assert_true(ko_store_is_writing(store));
    ko_store_rollback(store);
    assert_items(store, notice, "1 built +0; 2 built +0; 3 built +0; ");
}

/* --- the log --- */

static ko_status say_event(void *context, const ko_notice_event *e, int64_t item)
{
    if (item)
        say(context, " %lld", (long long)item);
    else
        say(context, "; %lld: %s +%d '%s' '%s' by %s%s, %zu:", (long long)e->notice_id,
            ko_notice_state_name(e->state), (int)(e->on - DAY), e->ref, e->note, e->who,
            e->undone ? " undone" : "", e->n_items);
    assert_true(e->at > 0);
    return KO_OK;
}

static text events(ko_store *store, int64_t notice)
{
    text t = {0};
    assert_int_equal(ko_notice_event_each(store, notice, say_event, &t, NULL), KO_OK);
    return t;
}

static void the_log_keeps_all_that_was_told(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    const int64_t first = add_notice(store), second = add_notice(store);
    size_t changed = 0;
    const ko_notice_event filed = {.notice_id = first,
                                   .state = KO_NOTICE_FILED,
                                   .on = DAY + 1,
                                   .ref = "A-1",
                                   .note = "by hand",
                                   .who = "Ann"};
    assert_int_equal(ko_notice_tell(store, &filed, NULL, 0, &changed, NULL), KO_OK);
    (void)tell_one(store, second, KO_NOTICE_FILED, DAY + 2, 5);
    (void)tell_one(store, first, KO_NOTICE_REMOVED, DAY + 3, 2);
    (void)undo(store, first);
    assert_string_equal(events(store, 0).words, "; 1: filed +1 'A-1' 'by hand' by Ann, 3: 1 2 3"
                                                "; 2: filed +2 '' '' by , 1: 5"
                                                "; 1: removed +3 '' '' by  undone, 1: 2");
    assert_string_equal(events(store, second).words, "; 2: filed +2 '' '' by , 1: 5");
    assert_string_equal(events(store, 7).words, "");
}

static void notices_outlive_a_removed_work(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    const int64_t work = add_work(store, "Cat");
    const int64_t view = add_view(store, work, 1);
    (void)add_listing(store, "https://m.example/1", "a");
    assert_int_equal(add_match(store, work, view, 1, 9), 1);
    ko_notice notice = plain_notice(work);
    ko_notice_item item = plain_item("https://m.example/1");
    item.candidate_id = item.listing_id = 1;
    const int64_t id = keep(store, &notice, &item, 1);
    (void)tell(store, id, KO_NOTICE_FILED, DAY + 1);
    assert_int_equal(ko_work_remove(store, work, NULL), KO_OK);
    assert_string_equal(notices(store, (ko_notice_filter){.work_id = work}).words,
                        "1 filed '' filed +1, 1; ");
    assert_int_equal(tell(store, id, KO_NOTICE_REMOVED, DAY + 2), 1);
    assert_items(store, id, "1 removed +2; ");
    assert_whole(store);
}

/* --- others --- */

/* Tells the same thing from a process of its own; the status of that. */
static ko_status tell_elsewhere(const char *path, const ko_notice_event *event)
{
    ko_store *store = NULL;
    size_t changed = 0;
    ko_status st = ko_store_open(path, KO_STORE_OPEN, &store, NULL);
    if (st == KO_OK)
        st = ko_notice_tell(store, event, NULL, 0, &changed, NULL);
    ko_store_close(store);
    return st;
}

static void of_processes_that_tell_the_same_one_does(void **state)
{
    fixture *f = *state;
    const int64_t notice = add_notice(f->store);
    const ko_notice_event event = {.notice_id = notice, .state = KO_NOTICE_FILED, .on = DAY};
    pid_t children[4];
    unsigned told = 0, too_late = 0;
    close_store(f);
    for (size_t i = 0; i < 4; i++) {
        children[i] = fork();
        assert_true(children[i] >= 0);
        if (children[i] == 0)
            _exit((int)tell_elsewhere(f->path, &event));
    }
    for (size_t i = 0; i < 4; i++) {
        int status = 0;
        assert_int_equal(waitpid(children[i], &status, 0), children[i]);
        assert_true(WIFEXITED(status));
        told += WEXITSTATUS(status) == KO_OK;
        too_late += WEXITSTATUS(status) == KO_E_USAGE;
    }
    assert_true(told == 1 && too_late == 3);
    open_store(f, KO_STORE_OPEN);
    assert_string_equal(events(f->store, 0).words, "; 1: filed +0 '' '' by , 3: 1 2 3");
}

static ko_status ignore_notice(void *context, const ko_notice *notice)
{
    (void)context;
    (void)notice;
    return KO_OK;
}

static void damage_is_told_not_handed_on(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    static const char *const damages[] = {
        "UPDATE notice_event SET state = 99",
        "UPDATE notice_event SET state = -1",
        "UPDATE notice_event SET on_day = 99999999999",
        "UPDATE notice SET built_at = -1",
        "UPDATE notice SET built_at = 9223372036854775807",
    };
    const int64_t notice = add_notice(store);
    (void)tell(store, notice, KO_NOTICE_FILED, DAY);
    const ko_notice_event event = {.notice_id = notice, .state = KO_NOTICE_REMOVED, .on = DAY};
    for (size_t i = 0; i < sizeof damages / sizeof damages[0]; i++) {
        text t = {0};
        size_t changed = 0;
        execute(store, "SAVEPOINT whole");
        execute(store, damages[i]);
        assert_int_equal(ko_notice_item_each(store, 0, 0, say_item, &t, NULL), KO_E_DAMAGED);
        assert_int_equal(ko_notice_tell(store, &event, NULL, 0, &changed, NULL), KO_E_DAMAGED);
        assert_int_equal(ko_notice_each(store, &(ko_notice_filter){0}, ignore_notice, NULL, NULL),
                         KO_E_DAMAGED);
        execute(store, "ROLLBACK TO whole; RELEASE whole");
    }
    assert_items(store, notice, "1 filed +0; 2 filed +0; 3 filed +0; ");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_notice_holds_what_it_said),
        TEST(what_is_told_is_in_force_until_the_next),
        TEST(what_may_not_follow_is_refused_in_words),
        TEST(notices_are_found_by_what_they_are),
        TEST(a_packet_is_filed_without_what_was_withdrawn_from_it),
        TEST(a_listing_goes_a_long_way),
        cmocka_unit_test(no_state_is_a_dead_end_or_follows_itself),
        cmocka_unit_test(states_are_found_by_name),
        TEST(what_asks_for_attention_comes_first),
        TEST(items_are_found_by_state),
        TEST(nothing_happens_before_what_came_before_it),
        TEST(a_notice_built_in_the_evening_is_filed_on_that_day),
        TEST(telling_is_taken_back_step_by_step),
        TEST(taking_back_leaves_other_notices_alone),
        TEST(an_item_named_twice_is_told_once),
        TEST(telling_goes_with_the_transaction_it_is_in),
        TEST(the_log_keeps_all_that_was_told),
        TEST(notices_outlive_a_removed_work),
        TEST(of_processes_that_tell_the_same_one_does),
        TEST(damage_is_told_not_handed_on),
    };
    return cmocka_run_group_tests_name("notice", tests, NULL, NULL);
}
