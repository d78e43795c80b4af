/* Telling what became of a notice: what follows, and taking it back. */
#include "case/tell.h"

#include "base/alloc.h"
#include "case/told.h"

static ko_tell_request request_of(int64_t notice_id, ko_notice_state state, const char *on)
{
    return (ko_tell_request){
        .event = {.notice_id = notice_id, .state = state, .on = day_of(on), .who = "Ann"},
        .today = day_of("2026-02-01")};
}

/* Tells it, which must be possible. */
static ko_told told_of(ko_store *store, const ko_kit *kit, const ko_tell_request *request)
{
    ko_told told;
    ko_error err = {0};
    if (ko_tell(store, kit, request, &told, &err) != KO_OK)
        fail_msg("%s", err.text);
    return told;
}

static void what_is_due_next_is_told(void **state)
{
    fixture *f = *state;
    ko_kit kit;
    open_kit(&kit);
    const int64_t id = add_notice(f->store, "alibaba-ipp", "aliexpress", "copy", 3);
    const ko_tell_request filed = request_of(id, KO_NOTICE_FILED, "2026-01-20");
    ko_told told = told_of(f->store, &kit, &filed);
    assert_int_equal(told.changed, 3);
    assert_int_equal(told.packet, KO_TOLD_PACKET_KEPT);
    assert_true(told.next.n > 0);
    for (size_t i = 0; i < told.next.n; i++)
        assert_int_equal(told.next.duties[i].notice->id, id);
    json_t *object = ko_told_json(&filed, &told, &kit);
    assert_string_equal(json_string_value(json_object_get(object, "state")), "filed");
    assert_string_equal(json_string_value(json_object_get(object, "on")), "2026-01-20");
    assert_int_equal(json_array_size(json_object_get(object, "next")), told.next.n);
    json_decref(object);
    ko_told_free(&told);
    ko_kit_close(&kit);
}

/* A packet that was never written, of a folder that is nobody's, is no trouble. */
static void what_is_withdrawn_has_no_packet(void **state)
{
    fixture *f = *state;
    ko_kit kit;
    open_kit(&kit);
    const int64_t id = add_notice(f->store, "etsy", "etsy", "copy", 2);
    assert_int_equal(ko_notice_set_folder(f->store, id, "/nowhere/at-all", NULL), KO_OK);
    const int64_t first = 1;
    ko_tell_request one = request_of(id, KO_NOTICE_WITHDRAWN, "2026-01-20");
    one.items = &first;
    one.n_items = 1;
    ko_told told = told_of(f->store, &kit, &one);
    assert_int_equal(told.changed, 1);
    assert_int_equal(told.packet, KO_TOLD_PACKET_OUTDATED);
    ko_told_free(&told);

    assert_int_equal(ko_notice_set_folder(f->store, id, "/nowhere/at-all", NULL), KO_OK);
    const ko_tell_request rest = request_of(id, KO_NOTICE_WITHDRAWN, "2026-01-20");
    told = told_of(f->store, &kit, &rest);
    assert_int_equal(told.packet, KO_TOLD_PACKET_REMOVED);
    ko_told_free(&told);
    ko_kit_close(&kit);
}

typedef struct counting {
    ko_notice_state state;
    size_t n;
} counting;

static ko_status on_notice(void *context, const ko_notice *notice)
{
    counting *c = context;
    c->n = notice->n_in[c->state];
    return KO_OK;
}

static size_t n_in(ko_store *store, int64_t id, ko_notice_state state)
{
    counting c = {.state = state};
    assert_int_equal(ko_notice_each(store, &(ko_notice_filter){.id = id}, on_notice, &c, NULL),
                     KO_OK);
    return c.n;
}

static void only_the_event_that_is_meant_is_taken_back(void **state)
{
    fixture *f = *state;
    ko_notice_event event;
    ko_told told;
    ko_error err = {0};
    const int64_t id = add_notice(f->store, "etsy", "etsy", "copy", 2);
    tell(f->store, id, KO_NOTICE_FILED, "2026-01-10", 0, 0);
    tell(f->store, id, KO_NOTICE_REMOVED, "2026-01-12", 1, 1);
    assert_int_equal(ko_tell_undo(f->store, id, 1, &event, &told, &err), KO_E_EXISTS);
    assert_string_equal(err.text, "something else was told of notice 1 since: removed");
    assert_int_equal(n_in(f->store, id, KO_NOTICE_REMOVED), 1); /* and it stands */
    assert_int_equal(ko_tell_undo(f->store, id, 2, &event, &told, NULL), KO_OK);
    assert_int_equal(event.state, KO_NOTICE_REMOVED);
    assert_int_equal(n_in(f->store, id, KO_NOTICE_FILED), 2);
    assert_int_equal(ko_tell_undo(f->store, id, 0, &event, &told, NULL), KO_OK);
    assert_int_equal(n_in(f->store, id, KO_NOTICE_BUILT), 2);
    assert_int_equal(ko_tell_undo(f->store, id, 0, &event, &told, NULL), KO_E_NOT_FOUND);
}

static void texts_and_days_are_checked(void **state)
{
    char *text = NULL;
    char long_text[502];
    ko_error err = {0};
    (void)state;
    memset(long_text, 'x', sizeof long_text - 1);
    long_text[sizeof long_text - 1] = '\0';
    assert_int_equal(ko_tell_text("note", long_text, &text, &err), KO_E_LIMIT);
    assert_string_equal(err.text, "note: 501 bytes, limit 500");
    assert_int_equal(ko_tell_text("note", NULL, &text, NULL), KO_OK);
    assert_null(text);
    assert_int_equal(ko_tell_text("note", "a\nb", &text, NULL), KO_OK);
    assert_string_equal(text, "a b");
    ko_free(text);
    assert_int_equal(ko_tell_day(day_of("2026-02-01"), day_of("2026-02-01"), NULL), KO_OK);
    assert_int_equal(ko_tell_day(day_of("2026-02-02"), day_of("2026-02-01"), NULL), KO_E_USAGE);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(what_is_due_next_is_told),
        TEST(what_is_withdrawn_has_no_packet),
        TEST(only_the_event_that_is_meant_is_taken_back),
        cmocka_unit_test(texts_and_days_are_checked),
    };
    return cmocka_run_group_tests_name("case.tell", tests, NULL, NULL);
}
