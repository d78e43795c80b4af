/* Notices: the board, all of one, and what became of it. */
#include "serve/handlers.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/limits.h"
#include "case/answer.h"
#include "case/beside.h"
#include "case/due_json.h"
#include "case/notice_record.h"
#include "case/tell.h"
#include "report/json.h"
#include "serve/notice_folder.h"
#include "serve/sent.h"

#include <string.h>

/* What the rules call its channel, and where that is filed. */
static void add_channel(json_t *object, const ko_kit *kit, const char *channel_id)
{
    const ko_channel *channel = ko_rules_channel(kit->rules, channel_id);
    (void)json_object_set_new(object, "channel_name",
                              ko_json_string(channel ? channel->name : channel_id));
    (void)json_object_set_new(object, "filed_at", ko_json_string(channel ? channel->filed_at : ""));
}

/* --- the board --- */

typedef struct board {
    const ko_kit *kit;
    bool open;
    int64_t before, limit;
    json_t *notices; /* by number, the last of those that are wanted */
    size_t n_open, n_closed;
    bool more; /* there are some before these */
} board;

static ko_status read_board(const ko_target *target, board *b, ko_error *err)
{
    const char *which = ko_target_query(target, "which");
    b->open = !which || strcmp(which, "open") == 0;
    b->before = INT64_MAX;
    b->limit = KO_MAX_SERVE_PAGE;
    ko_status st = KO_OK;
    if (!b->open && strcmp(which, "closed") != 0)
        st = ko_fail(err, KO_E_USAGE, "which is open or closed, not '%s'", which);
    if (st == KO_OK)
        st = ko_target_number(target, "before", 1, INT64_MAX, &b->before, err);
    return st == KO_OK ? ko_target_number(target, "limit", 1, KO_MAX_SERVE_PAGE, &b->limit, err)
                       : st;
}

static ko_status on_notice(void *context, const ko_notice *notice)
{
    board *b = context;
    const bool open = ko_notice_is_open(ko_notice_state_of(notice));
    ++*(open ? &b->n_open : &b->n_closed);
    if (open != b->open || notice->id >= b->before)
        return KO_OK;
    if ((int64_t)json_array_size(b->notices) == b->limit) {
        (void)json_array_remove(b->notices, 0);
        b->more = true;
    }
    json_t *object = ko_notice_record(notice);
    add_channel(object, b->kit, notice->channel);
    (void)json_object_set_new(object, "duties", json_array());
    return json_array_append_new(b->notices, object) == 0 ? KO_OK : KO_E_NOMEM;
}

static json_t *find_notice(const json_t *notices, int64_t id)
{
    size_t low = 0, high = json_array_size(notices);
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        json_t *object = json_array_get(notices, middle);
        const int64_t has = json_integer_value(json_object_get(object, "notice"));
        if (has == id)
            return object;
        if (has < id)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static ko_status add_duties(ko_store *store, const ko_kit *kit, ko_day today, const json_t *notices,
                            ko_error *err)
{
    const ko_duties_request request = {
        .day = today, .at = ko_clock_now(), .all = true, .within_days = -1};
    ko_duties duties;
    const ko_status st = ko_duties_find(store, kit, &request, &duties, err);
    for (size_t i = 0; st == KO_OK && i < duties.n; i++) {
        json_t *notice = find_notice(notices, duties.duties[i].notice->id);
        if (notice)
            (void)json_array_append_new(json_object_get(notice, "duties"),
                                        ko_duty_json(&duties.duties[i], kit));
    }
    ko_duties_free(&duties);
    return st;
}

static ko_status answer_board(const board *b, ko_day today, ko_serve_answer *answer, ko_error *err)
{
    const json_t *first = b->more ? json_array_get(b->notices, 0) : NULL;
    return ko_serve_answer_json(
        answer,
        json_pack("{s:o, s:I, s:I, s:o, s:O}", "today", ko_json_day(today), "open",
                  (json_int_t)b->n_open, "closed", (json_int_t)b->n_closed, "next",
                  first ? json_copy(json_object_get(first, "notice")) : json_null(), "notices",
                  b->notices),
        err);
}

ko_status ko_serve_notices(ko_desk *desk, const ko_serve_request *request, ko_serve_answer *answer,
                           ko_error *err)
{
    ko_kit kit = {0};
    ko_store *store = NULL;
    const ko_day today = ko_today();
    board b = {.kit = &kit, .notices = json_array()};
    ko_status st = read_board(request->target, &b, err);
    if (st == KO_OK)
        st = ko_beside_kit(desk->path, &kit, err);
    if (st == KO_OK)
        st = ko_pool_take(desk->pool, &store, err);
    if (st == KO_OK)
        st = ko_notice_each(store, &(ko_notice_filter){0}, on_notice, &b, err);
    if (st == KO_OK && b.open)
        st = add_duties(store, &kit, today, b.notices, err);
    ko_pool_give(desk->pool, store);
    if (st == KO_OK)
        st = answer_board(&b, today, answer, err);
    json_decref(b.notices);
    ko_kit_close(&kit);
    return st == KO_E_NOMEM ? ko_fail(err, st, "board of notices") : st;
}

/* --- one notice --- */

/* What each state that there is among the items may become. */
static json_t *may_json(void)
{
    json_t *object = json_object();
    for (ko_notice_state from = 0; from < KO_NOTICE_STATES; from++) {
        json_t *states = json_array();
        for (ko_notice_state to = KO_NOTICE_FILED; to < KO_NOTICE_STATES; to++)
            if (ko_notice_may_become(from, to))
                (void)json_array_append_new(states, json_string(ko_notice_state_name(to)));
        (void)json_object_set_new(object, ko_notice_state_name(from), states);
    }
    return object;
}

static ko_status read_notice(ko_desk *desk, int64_t id, ko_day today, const ko_kit *kit,
                             json_t **out_object, ko_error *err)
{
    const ko_duties_request request = {
        .day = today, .at = ko_clock_now(), .notice_id = id, .all = true, .within_days = -1};
    ko_store *store = NULL;
    ko_duties duties = {0};
    ko_status st = ko_pool_take(desk->pool, &store, err);
    if (st == KO_OK)
        st = ko_notice_record_whole(store, id, out_object, err);
    if (st == KO_OK)
        st = ko_duties_find(store, kit, &request, &duties, err);
    ko_pool_give(desk->pool, store);
    if (st == KO_OK)
        (void)json_object_set_new(*out_object, "duties", ko_duties_json(&duties, kit));
    ko_duties_free(&duties);
    return st;
}

ko_status ko_serve_notice(ko_desk *desk, const ko_serve_request *request, ko_serve_answer *answer,
                          ko_error *err)
{
    ko_kit kit = {0};
    json_t *object = NULL;
    const ko_day today = ko_today();
    ko_status st = ko_beside_kit(desk->path, &kit, err);
    if (st == KO_OK)
        st = read_notice(desk, request->id, today, &kit, &object, err);
    if (st == KO_OK) {
        const char *folder = json_string_value(json_object_get(object, "folder"));
        add_channel(object, &kit, json_string_value(json_object_get(object, "channel")));
        (void)json_object_set_new(object, "today", ko_json_day(today));
        (void)json_object_set_new(object, "may", may_json());
        (void)json_object_set_new(object, "files", ko_notice_files_json(folder));
        (void)json_object_set_new(object, "answers", ko_notice_answers_json(folder));
        st = ko_serve_answer_json(answer, object, err);
        object = NULL;
    }
    json_decref(object);
    ko_kit_close(&kit);
    return st;
}

/* --- what became of it --- */

/* What was sent of an event; texts are borrowed from the object, but for those that are clean. */
typedef struct sent_event {
    ko_tell_request request;
    char *ref, *note;
    int64_t *items;
} sent_event;

static ko_status read_items(const json_t *array, sent_event *out, ko_error *err)
{
    const size_t n = json_array_size(array);
    if (array && (!json_is_array(array) || n == 0 || n > KO_MAX_NOTICE_LISTINGS))
        return ko_fail(err, KO_E_FORMAT, "items lists 1 to %d numbers", KO_MAX_NOTICE_LISTINGS);
    out->items = ko_alloc_array(n, sizeof *out->items);
    if (!out->items)
        return ko_fail(err, KO_E_NOMEM, "items");
    for (size_t i = 0; i < n; i++) {
        const json_t *item = json_array_get(array, i);
        if (!json_is_integer(item))
            return ko_fail(err, KO_E_FORMAT, "items lists numbers");
        out->items[i] = json_integer_value(item);
    }
    out->request.items = out->items;
    out->request.n_items = n;
    return KO_OK;
}

static ko_status read_state(const json_t *object, ko_notice_state *out, ko_error *err)
{
    const char *name = NULL;
    ko_status st = ko_sent_text(object, "state", &name, err);
    if (st == KO_OK && !name)
        st = ko_fail(err, KO_E_USAGE, "state says what became of it");
    if (st == KO_OK)
        st = ko_notice_state_find(name, out, err);
    if (st == KO_OK && *out == KO_NOTICE_BUILT)
        st = ko_fail(err, KO_E_USAGE, "a notice is built, and not told to be");
    return st;
}

static ko_status read_day(const json_t *object, ko_day today, ko_day *out, ko_error *err)
{
    const char *on = NULL;
    *out = today;
    const ko_status st = ko_sent_text(object, "on", &on, err);
    if (st == KO_OK && on && !ko_day_read(on, out))
        return ko_fail(err, KO_E_FORMAT, "on is a day, YYYY-MM-DD, not '%.40s'", on);
    return st == KO_OK ? ko_tell_day(*out, today, err) : st;
}

static ko_status read_text(const json_t *object, const char *name, char **out, ko_error *err)
{
    const char *text = NULL;
    const ko_status st = ko_sent_text(object, name, &text, err);
    return st == KO_OK ? ko_tell_text(name, text, out, err) : st;
}

static ko_status read_event(const json_t *object, int64_t notice_id, sent_event *out, ko_error *err)
{
    ko_notice_event *event = &out->request.event;
    out->request.today = ko_today();
    event->notice_id = notice_id;
    ko_status st = read_state(object, &event->state, err);
    if (st == KO_OK)
        st = read_day(object, out->request.today, &event->on, err);
    if (st == KO_OK)
        st = read_text(object, "ref", &out->ref, err);
    if (st == KO_OK)
        st = read_text(object, "note", &out->note, err);
    event->ref = out->ref;
    event->note = out->note;
    return st == KO_OK ? read_items(json_object_get(object, "items"), out, err) : st;
}

static ko_status tell(ko_desk *desk, sent_event *sent, const ko_kit *kit, ko_serve_answer *answer,
                      ko_error *err)
{
    ko_store *store = NULL;
    ko_user user = {0};
    ko_told told = {0};
    ko_status st = ko_pool_take(desk->pool, &store, err);
    if (st == KO_OK)
        st = ko_profile_read(store, &user, err);
    if (st == KO_OK) {
        sent->request.event.who = ko_profile_signature(&user);
        st = ko_tell(store, kit, &sent->request, &told, err);
    }
    ko_pool_give(desk->pool, store);
    if (st == KO_OK)
        st = ko_serve_answer_json(answer, ko_told_json(&sent->request, &told, kit), err);
    ko_told_free(&told);
    ko_profile_free(&user);
    return st;
}

ko_status ko_serve_notice_event(ko_desk *desk, const ko_serve_request *request,
                                ko_serve_answer *answer, ko_error *err)
{
    static const char *const names[] = {"state", "on", "ref", "note", "items", NULL};
    sent_event sent = {0};
    ko_kit kit = {0};
    json_t *object = NULL;
    ko_status st = ko_sent_object(request, names, &object, err);
    if (st == KO_OK)
        st = read_event(object, request->id, &sent, err);
    if (st == KO_OK)
        st = ko_beside_kit(desk->path, &kit, err);
    if (st == KO_OK)
        st = tell(desk, &sent, &kit, answer, err);
    ko_kit_close(&kit);
    ko_free(sent.ref);
    ko_free(sent.note);
    ko_free(sent.items);
    json_decref(object);
    return st;
}

ko_status ko_serve_notice_undo(ko_desk *desk, const ko_serve_request *request,
                               ko_serve_answer *answer, ko_error *err)
{
    static const char *const names[] = {"event", NULL};
    ko_store *store = NULL;
    json_t *sent = NULL;
    ko_notice_event event = {0};
    ko_told told;
    ko_status st = ko_sent_object(request, names, &sent, err);
    const json_t *wanted = json_object_get(sent, "event");
    if (st == KO_OK && wanted && !json_is_integer(wanted))
        st = ko_fail(err, KO_E_FORMAT, "event is the number of one");
    if (st == KO_OK)
        st = ko_pool_take(desk->pool, &store, err);
    if (st == KO_OK)
        st = ko_tell_undo(store, request->id, json_integer_value(wanted), &event, &told, err);
    ko_pool_give(desk->pool, store);
    if (st == KO_OK)
        st = ko_serve_answer_json(answer, ko_told_undo_json(&event, &told), err);
    json_decref(sent);
    return st;
}

/* --- what is held against a counter-notice --- */

static void note_problem(void *context, const char *line)
{
    (void)json_array_append_new(context, ko_json_string(line));
}

static ko_status write_answer(ko_desk *desk, int64_t notice_id, const ko_answer_options *options,
                              ko_answer *out, ko_error *err)
{
    ko_answer_options own = *options;
    ko_store *store = NULL;
    ko_user user = {0};
    ko_status st = ko_pool_take(desk->pool, &store, err);
    if (st == KO_OK)
        st = ko_profile_read(store, &user, err);
    own.user = &user;
    if (st == KO_OK)
        st = ko_answer_write(store, notice_id, &own, out, err);
    ko_pool_give(desk->pool, store);
    ko_profile_free(&user);
    return st;
}

ko_status ko_serve_notice_answer(ko_desk *desk, const ko_serve_request *request,
                                 ko_serve_answer *answer, ko_error *err)
{
    static const char *const names[] = {NULL};
    char software[64];
    char *proof = NULL;
    ko_kit kit = {0};
    ko_answer made = {0};
    json_t *sent = NULL, *lines = json_array();
    ko_problems problems = {.say = note_problem, .context = lines};
    (void)snprintf(software, sizeof software, "Knockoff %s", desk->version);
    ko_answer_options options = {.kit = &kit,
                                 .software = software,
                                 .day = ko_today(),
                                 .now = ko_clock_now(),
                                 .problems = &problems};
    ko_status st = ko_sent_object(request, names, &sent, err);
    if (st == KO_OK)
        st = ko_beside(desk->path, KO_BESIDE_PROOF, &proof, err);
    options.proof_folder = proof;
    if (st == KO_OK)
        st = ko_beside_kit(desk->path, &kit, err);
    if (st == KO_OK)
        st = write_answer(desk, request->id, &options, &made, err);
    if (st == KO_OK) {
        json_t *object = ko_answer_json(request->id, &made);
        (void)json_object_set(object, "problems", lines);
        st = ko_serve_answer_json(answer, object, err);
    }
    ko_answer_free(&made);
    ko_kit_close(&kit);
    ko_free(proof);
    json_decref(lines);
    json_decref(sent);
    return st;
}
