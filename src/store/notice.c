/* An item has no state of its own: it points to what was told of it last (notice_told), and that
 * to what it replaced. So taking an event back is one step back along these, for each item. */
#include "store/notice.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "store/candidate.h"
#include "store/query.h"
#include "store/tie.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* Days that have a text (base/day.h), and the last second of them. */
#define FIRST_DAY ((ko_day)-25567)
#define LAST_DAY ((ko_day)2932896)
#define LAST_SECOND (((int64_t)LAST_DAY + 1) * 86400 - 1)

/* --- writing --- */

static ko_status insert_notice(ko_store *store, const ko_notice *notice, int64_t *out_id,
                               ko_error *err)
{
    static const char sql[] =
        "INSERT INTO notice (channel, work_id, serial, work_title, host, reason, part, parts, who,"
        " good_faith_at, authority, built_at, folder) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
        " ?)";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_text(&q, notice->channel);
    ko_query_bind_int(&q, notice->work_id);
    ko_query_bind_text(&q, notice->serial);
    ko_query_bind_text(&q, notice->work_title);
    ko_query_bind_text(&q, notice->host);
    ko_query_bind_text(&q, notice->reason);
    ko_query_bind_int(&q, notice->part);
    ko_query_bind_int(&q, notice->parts);
    ko_query_bind_text(&q, notice->who);
    ko_query_bind_int(&q, notice->good_faith_at);
    ko_query_bind_int(&q, notice->authority);
    ko_query_bind_int(&q, notice->built_at ? notice->built_at : ko_clock_now());
    ko_query_bind_text(&q, notice->folder);
    const ko_status st = ko_query_run(&q, err);
    if (st == KO_OK)
        *out_id = sqlite3_last_insert_rowid(store->db);
    return st;
}

static ko_status insert_item(ko_store *store, int64_t notice_id, const ko_notice_item *item,
                             ko_error *err)
{
    static const char sql[] =
        "INSERT INTO notice_item (notice_id, candidate_id, listing_id, url, item, platform, seller,"
        " seller_id, title, score, photo_sha256, view_sha256) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
        " ?, ?)";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, notice_id);
    ko_query_bind_int(&q, item->candidate_id);
    ko_query_bind_int(&q, item->listing_id);
    ko_query_bind_text(&q, item->url);
    ko_query_bind_text(&q, item->item);
    ko_query_bind_text(&q, item->platform);
    ko_query_bind_text(&q, item->seller);
    ko_query_bind_text(&q, item->seller_id);
    ko_query_bind_text(&q, item->title);
    ko_query_bind_real(&q, item->score);
    ko_query_bind_blob(&q, item->has_evidence ? item->photo_sha256 : NULL, KO_SHA256_SIZE);
    ko_query_bind_blob(&q, item->has_evidence ? item->view_sha256 : NULL, KO_SHA256_SIZE);
    return ko_query_run(&q, err);
}

ko_status ko_notice_add(ko_store *store, const ko_notice *notice, const ko_notice_item *items,
                        size_t n, int64_t *out_id, ko_error *err)
{
    assert(ko_store_is_writing(store) && n > 0);
    int64_t id = 0;
    ko_status st = insert_notice(store, notice, &id, err);
    for (size_t i = 0; st == KO_OK && i < n; i++)
        st = insert_item(store, id, &items[i], err);
    if (st == KO_OK)
        *out_id = id;
    return st;
}

static ko_status no_notice(int64_t id, ko_error *err)
{
    return ko_fail(err, KO_E_NOT_FOUND, "no notice %lld", (long long)id);
}

ko_status ko_notice_set_folder(ko_store *store, int64_t id, const char *folder, ko_error *err)
{
    ko_query q = ko_query_start(store, "UPDATE notice SET folder = ? WHERE id = ?");
    ko_query_bind_text(&q, folder);
    ko_query_bind_int(&q, id);
    const ko_status st = ko_query_run(&q, err);
    return st == KO_OK && sqlite3_changes(store->db) == 0 ? no_notice(id, err) : st;
}

/* --- reading --- */

/* What is in force of an item: "event" is of the last thing told, NULL while it is only built. */
#define IN_FORCE                                                                                   \
    " LEFT JOIN notice_told AS told ON told.id = notice_item.told"                                 \
    " LEFT JOIN notice_event AS event ON event.id = told.event_id"

static ko_notice_state read_state(ko_query *q)
{
    return (ko_notice_state)ko_query_int_within(q, KO_NOTICE_BUILT, KO_NOTICE_STATES - 1);
}

static ko_day read_day(ko_query *q)
{
    return (ko_day)ko_query_int_within(q, FIRST_DAY, LAST_DAY);
}

/* Reads the day of an item's event, and when the notice was built: the day, where clocks are so
 * many minutes ahead, on which the item came to be in its state. */
static ko_day read_state_day(ko_query *q, ko_notice_state state, int minutes_ahead)
{
    const ko_day told = read_day(q);
    const ko_day built = ko_day_at(ko_query_int_within(q, 0, LAST_SECOND), minutes_ahead);
    return state == KO_NOTICE_BUILT ? built : told;
}

static ko_status count_items(ko_store *store, ko_notice *notice, ko_error *err)
{
    static const char sql[] = "SELECT ifnull(event.state, 0), count(*) FROM notice_item" IN_FORCE
                              " WHERE notice_item.notice_id = ? GROUP BY 1";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, notice->id);
    while (ko_query_row(&q)) {
        const ko_notice_state state = read_state(&q);
        notice->n_in[state] = (size_t)ko_query_int(&q);
        notice->n_items += notice->n_in[state];
    }
    return ko_query_end(&q, err);
}

/* What only the items tell. */
static bool passes(const ko_notice_filter *filter, const ko_notice *notice)
{
    return !filter->open || ko_notice_is_open(ko_notice_state_of(notice));
}

static void hand_notice(ko_query *q, const ko_notice_filter *filter, ko_notice_fn *fn,
                        void *context, ko_error *err)
{
    ko_notice notice = {.id = ko_query_int(q)};
    notice.channel = ko_query_text(q);
    notice.work_id = ko_query_int(q);
    notice.serial = ko_query_text(q);
    notice.work_title = ko_query_text(q);
    notice.host = ko_query_text(q);
    notice.reason = ko_query_text(q);
    notice.part = (int)ko_query_int_within(q, 1, INT32_MAX);
    notice.parts = (int)ko_query_int_within(q, 1, INT32_MAX);
    notice.who = ko_query_text(q);
    notice.good_faith_at = ko_query_int_within(q, 0, LAST_SECOND);
    notice.authority = ko_query_int_within(q, 0, 1) == 1;
    notice.built_at = ko_query_int_within(q, 0, LAST_SECOND);
    notice.folder = ko_query_text(q);
    notice.ref = ko_query_text(q);
    notice.is_filed = ko_query_int_within(q, 0, 1) == 1;
    notice.filed_on = read_day(q);
    if (!ko_query_intact(q))
        return;
    q->handed = count_items(q->store, &notice, err);
    if (q->handed == KO_OK && passes(filter, &notice))
        q->handed = fn(context, &notice);
}

ko_status ko_notice_each(ko_store *store, const ko_notice_filter *filter, ko_notice_fn *fn,
                         void *context, ko_error *err)
{
    static const char sql[] =
        "SELECT notice.id, channel, work_id, serial, work_title, host, reason, part, parts,"
        " notice.who, good_faith_at, authority, built_at, folder,"
        " ifnull((SELECT ref FROM notice_event WHERE notice_id = notice.id AND NOT undone"
        "  AND ref <> '' ORDER BY id DESC LIMIT 1), ''),"
        " filing.id IS NOT NULL, ifnull(filing.on_day, 0) FROM notice"
        " LEFT JOIN notice_event AS filing ON filing.id = (SELECT max(id) FROM notice_event"
        "  WHERE notice_id = notice.id AND NOT undone AND state = ?1)"
        " WHERE ?2 IN (0, notice.id) AND ?3 IN (0, work_id) AND (?4 IS NULL OR ?4 = channel)"
        " ORDER BY notice.id";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, KO_NOTICE_FILED);
    ko_query_bind_int(&q, filter->id);
    ko_query_bind_int(&q, filter->work_id);
    ko_query_bind_text(&q, filter->channel);
    while (ko_query_row(&q))
        hand_notice(&q, filter, fn, context, err);
    return ko_query_end(&q, err);
}

static void hand_item(ko_query *q, unsigned states, ko_notice_item_fn *fn, void *context)
{
    ko_notice_item item = {.id = ko_query_int(q)};
    item.notice_id = ko_query_int(q);
    item.candidate_id = ko_query_int(q);
    item.listing_id = ko_query_int(q);
    item.url = ko_query_text(q);
    item.item = ko_query_text(q);
    item.platform = ko_query_text(q);
    item.seller = ko_query_text(q);
    item.seller_id = ko_query_text(q);
    item.title = ko_query_text(q);
    item.score = ko_query_real(q);
    item.has_evidence = ko_query_int_within(q, 0, 1) == 1;
    ko_query_bytes(q, item.photo_sha256, KO_SHA256_SIZE);
    ko_query_bytes(q, item.view_sha256, KO_SHA256_SIZE);
    item.state = read_state(q);
    item.state_on = read_state_day(q, item.state, 0);
    item.is_accepted = ko_query_int_within(q, 0, 1) == 1;
    if (ko_query_intact(q) && states >> item.state & 1)
        q->handed = fn(context, &item);
}

/* ?1 is KO_CANDIDATE_ACCEPTED. */
#define SELECT_ITEMS                                                                               \
    "SELECT notice_item.id, notice_item.notice_id, candidate_id, listing_id, url, item,"           \
    " platform, seller, seller_id, title, score,"                                                  \
    " photo_sha256 IS NOT NULL AND view_sha256 IS NOT NULL, photo_sha256, view_sha256,"            \
    " ifnull(event.state, 0), ifnull(event.on_day, 0), notice.built_at,"                           \
    " EXISTS (SELECT 1 FROM candidate CROSS JOIN decision ON decision.id = decided"                \
    "  WHERE candidate.id = notice_item.candidate_id AND decision.state = ?1) FROM notice_item"    \
    " CROSS JOIN notice ON notice.id = notice_item.notice_id" IN_FORCE

ko_status ko_notice_item_each_of(ko_store *store, int64_t listing_id, ko_notice_item_fn *fn,
                                 void *context, ko_error *err)
{
    static const char sql[] = SELECT_ITEMS " WHERE listing_id = ?2 ORDER BY notice_item.id";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, KO_CANDIDATE_ACCEPTED);
    ko_query_bind_int(&q, listing_id);
    while (ko_query_row(&q))
        hand_item(&q, ~0U, fn, context);
    return ko_query_end(&q, err);
}

ko_status ko_notice_item_each(ko_store *store, int64_t notice_id, unsigned states,
                              ko_notice_item_fn *fn, void *context, ko_error *err)
{
    static const char sql[] =
        SELECT_ITEMS " WHERE notice_item.notice_id BETWEEN ?2 AND ?3 ORDER BY notice_item.id";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, KO_CANDIDATE_ACCEPTED);
    ko_query_bind_int(&q, notice_id ? notice_id : 1);
    ko_query_bind_int(&q, notice_id ? notice_id : INT64_MAX);
    while (ko_query_row(&q))
        hand_item(&q, states ? states : ~0U, fn, context);
    return ko_query_end(&q, err);
}

static void read_event(ko_query *q, ko_notice_event *out)
{
    out->id = ko_query_int(q);
    out->notice_id = ko_query_int(q);
    out->state = read_state(q);
    out->on = read_day(q);
    out->ref = ko_query_text(q);
    out->note = ko_query_text(q);
    out->who = ko_query_text(q);
    out->at = ko_query_int_within(q, 0, LAST_SECOND);
    out->undone = ko_query_int_within(q, 0, 1) == 1;
    out->n_items = (size_t)ko_query_int_within(q, 0, INT32_MAX);
}

ko_status ko_notice_event_each(ko_store *store, int64_t notice_id, ko_notice_event_fn *fn,
                               void *context, ko_error *err)
{
    static const char sql[] =
        "SELECT event.id, notice_id, state, on_day, ref, note, who, at, undone,"
        " count(*) OVER (PARTITION BY event.id), item_id FROM notice_event AS event"
        " CROSS JOIN notice_told ON notice_told.event_id = event.id"
        " WHERE notice_id BETWEEN ? AND ? ORDER BY event.id, notice_told.id";
    int64_t last = 0;
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, notice_id ? notice_id : 1);
    ko_query_bind_int(&q, notice_id ? notice_id : INT64_MAX);
    while (ko_query_row(&q)) {
        ko_notice_event event;
        read_event(&q, &event);
        const int64_t item_id = ko_query_int(&q);
        if (ko_query_intact(&q) && event.id != last)
            q.handed = fn(context, &event, 0);
        if (ko_query_intact(&q) && q.handed == KO_OK)
            q.handed = fn(context, &event, item_id);
        last = event.id;
    }
    return ko_query_end(&q, err);
}

/* --- telling --- */

/* What is in force of one item of a notice. */
typedef struct standing {
    int64_t id, told; /* told 0: nothing */
    ko_notice_state state;
    ko_day since; /* it came to be in its state */
    bool chosen;  /* the event is about it */
} standing;

typedef struct telling {
    ko_store *store;
    const ko_notice_event *event;
    standing *items; /* of the notice */
    size_t n, capacity, n_chosen;
} telling;

/* What is told is a day of the user's calendar, and what was built has a moment: where clocks are
 * twelve hours behind, it may have been the day before. */
#define LATEST_CLOCK (-12 * 60)

static ko_status load_items(telling *t, ko_error *err)
{
    static const char sql[] =
        "SELECT notice_item.id, ifnull(notice_item.told, 0), ifnull(event.state, 0),"
        " ifnull(event.on_day, 0), notice.built_at FROM notice_item"
        " CROSS JOIN notice ON notice.id = notice_item.notice_id" IN_FORCE
        " WHERE notice_item.notice_id = ? ORDER BY notice_item.id";
    ko_query q = ko_query_start(t->store, sql);
    ko_query_bind_int(&q, t->event->notice_id);
    while (ko_query_row(&q)) {
        standing *items = ko_grown(t->items, t->n, &t->capacity, sizeof *items);
        if (items) {
            standing *item = &items[t->n++];
            *item = (standing){.id = ko_query_int(&q), .chosen = false};
            item->told = ko_query_int(&q);
            item->state = read_state(&q);
            item->since = read_state_day(&q, item->state, LATEST_CLOCK);
            t->items = items;
        } else {
            q.handed = ko_fail(err, KO_E_NOMEM, "no memory for %zu listings of a notice", t->n);
        }
    }
    const ko_status st = ko_query_end(&q, err);
    return st == KO_OK && t->n == 0 ? no_notice(t->event->notice_id, err) : st;
}

/* Why what is in one state does not become what is told of it. */
static ko_status refuse(const telling *t, const char *what, ko_notice_state from, ko_error *err)
{
    const ko_notice_state to = t->event->state;
    const long long notice = (long long)t->event->notice_id;
    const char *is = ko_notice_state_name(from), *other = ko_notice_state_name(to);
    char next[KO_NOTICE_STATES_SIZE];
    unsigned follow = 0;
    if (from == to)
        return ko_fail(err, KO_E_USAGE, "%s is %s already", what, is);
    if (from == KO_NOTICE_BUILT)
        return ko_fail(err, KO_E_USAGE,
                       "%s is not filed yet: knockoff notice filed %lld --ref NUMBER", what,
                       notice);
    for (ko_notice_state state = 0; state < KO_NOTICE_STATES; state++)
        follow |= (unsigned)ko_notice_may_become(from, state) << state;
    ko_notice_state_list(follow, next);
    return ko_fail(err, KO_E_USAGE, "%s is in state %s: what may follow is %s, not %s", what, is,
                   next, other);
}

static ko_status refuse_item(const telling *t, const standing *item, ko_error *err)
{
    char what[320] = "";
    ko_query q = ko_query_start(t->store, "SELECT url FROM notice_item WHERE id = ?");
    ko_query_bind_int(&q, item->id);
    if (ko_query_row(&q))
        (void)snprintf(what, sizeof what, "%.250s of notice %lld", ko_query_text(&q),
                       (long long)t->event->notice_id);
    const ko_status st = ko_query_end(&q, err);
    return st == KO_OK ? refuse(t, what, item->state, err) : st;
}

static ko_status refuse_all(const telling *t, ko_error *err)
{
    char what[32];
    ko_notice notice = {.id = t->event->notice_id};
    for (size_t i = 0; i < t->n; i++)
        notice.n_in[t->items[i].state]++;
    (void)snprintf(what, sizeof what, "notice %lld", (long long)notice.id);
    return refuse(t, what, ko_notice_state_of(&notice), err);
}

/* What was closed is reopened only when it is named, or nothing open is meant: a listing that was
 * withdrawn from a packet is not filed with it. */
static ko_status choose_possible(telling *t, ko_error *err)
{
    for (int open = 1; open >= 0 && t->n_chosen == 0; open--)
        for (size_t i = 0; i < t->n; i++) {
            standing *item = &t->items[i];
            item->chosen = ko_notice_is_open(item->state) == open &&
                           ko_notice_may_become(item->state, t->event->state);
            t->n_chosen += item->chosen;
        }
    return t->n_chosen > 0 ? KO_OK : refuse_all(t, err);
}

static standing *find_item(const telling *t, int64_t id)
{
    for (size_t i = 0; i < t->n; i++)
        if (t->items[i].id == id)
            return &t->items[i];
    return NULL;
}

static ko_status choose_named(telling *t, const int64_t *ids, size_t n, ko_error *err)
{
    for (size_t i = 0; i < n; i++) {
        standing *item = find_item(t, ids[i]);
        if (!item)
            return ko_fail(err, KO_E_NOT_FOUND, "notice %lld has no listing %lld",
                           (long long)t->event->notice_id, (long long)ids[i]);
        if (!ko_notice_may_become(item->state, t->event->state))
            return refuse_item(t, item, err);
        t->n_chosen += !item->chosen;
        item->chosen = true;
    }
    return KO_OK;
}

static ko_status check_days(const telling *t, ko_error *err)
{
    char since[KO_DAY_TEXT_SIZE], on[KO_DAY_TEXT_SIZE];
    for (size_t i = 0; i < t->n; i++) {
        const standing *item = &t->items[i];
        if (!item->chosen || item->since <= t->event->on)
            continue;
        ko_day_text(item->since, since);
        ko_day_text(t->event->on, on);
        return ko_fail(err, KO_E_USAGE, "notice %lld is %s since %s, and cannot be %s on %s",
                       (long long)t->event->notice_id, ko_notice_state_name(item->state), since,
                       ko_notice_state_name(t->event->state), on);
    }
    return KO_OK;
}

static ko_status insert_event(ko_store *store, const ko_notice_event *event, int64_t *out_id,
                              ko_error *err)
{
    static const char sql[] =
        "INSERT INTO notice_event (notice_id, state, on_day, ref, note, who, at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, event->notice_id);
    ko_query_bind_int(&q, event->state);
    ko_query_bind_int(&q, event->on);
    ko_query_bind_text(&q, event->ref ? event->ref : "");
    ko_query_bind_text(&q, event->note ? event->note : "");
    ko_query_bind_text(&q, event->who ? event->who : "");
    ko_query_bind_int(&q, ko_clock_now());
    const ko_status st = ko_query_run(&q, err);
    if (st == KO_OK)
        *out_id = sqlite3_last_insert_rowid(store->db);
    return st;
}

static ko_status put_in_force(ko_store *store, int64_t event_id, const standing *item,
                              ko_error *err)
{
    static const char told[] = "INSERT INTO notice_told (event_id, item_id, was) VALUES (?, ?, ?)";
    ko_query q = ko_query_start(store, told);
    ko_query_bind_int(&q, event_id);
    ko_query_bind_int(&q, item->id);
    ko_query_bind_int_if(&q, item->told != 0, item->told);
    const ko_status st = ko_query_run(&q, err);
    if (st != KO_OK)
        return st;
    q = ko_query_start(store, "UPDATE notice_item SET told = ? WHERE id = ?");
    ko_query_bind_int(&q, sqlite3_last_insert_rowid(store->db));
    ko_query_bind_int(&q, item->id);
    return ko_query_run(&q, err);
}

/* The candidate of a listing that is back goes on with its case. */
static ko_status tie_listings(const telling *t, ko_error *err)
{
    ko_status st = KO_OK;
    for (size_t i = 0; st == KO_OK && i < t->n; i++)
        if (t->items[i].chosen && t->event->state == KO_NOTICE_REAPPEARED)
            st = ko_tie_own(t->store, t->items[i].id, err);
    return st;
}

static ko_status tell(telling *t, const int64_t *item_ids, size_t n, ko_error *err)
{
    int64_t event_id = 0;
    ko_status st = load_items(t, err);
    if (st == KO_OK)
        st = n ? choose_named(t, item_ids, n, err) : choose_possible(t, err);
    if (st == KO_OK)
        st = check_days(t, err);
    if (st == KO_OK)
        st = insert_event(t->store, t->event, &event_id, err);
    for (size_t i = 0; st == KO_OK && i < t->n; i++)
        if (t->items[i].chosen)
            st = put_in_force(t->store, event_id, &t->items[i], err);
    return st == KO_OK ? tie_listings(t, err) : st;
}

ko_status ko_notice_tell(ko_store *store, const ko_notice_event *event, const int64_t *item_ids,
                         size_t n, size_t *out_changed, ko_error *err)
{
    assert(event->state > KO_NOTICE_BUILT && event->state < KO_NOTICE_STATES);
    assert(event->on >= FIRST_DAY && event->on <= LAST_DAY);
    bool own;
    telling t = {.store = store, .event = event};
    ko_status st = ko_store_enter(store, &own, err);
    if (st != KO_OK)
        return st;
    st = ko_store_leave(store, own, tell(&t, item_ids, n, err), err);
    if (st == KO_OK)
        *out_changed = t.n_chosen;
    ko_free(t.items);
    return st;
}

/* --- taking back --- */

static ko_status find_last(ko_store *store, int64_t notice_id, ko_notice_event *out, ko_error *err)
{
    static const char sql[] =
        "SELECT id, notice_id, state, on_day, '', '', '', at, undone, (SELECT count(*)"
        "  FROM notice_told WHERE event_id = notice_event.id) FROM notice_event"
        " WHERE notice_id = ? AND NOT undone ORDER BY id DESC LIMIT 1";
    *out = (ko_notice_event){.ref = "", .note = "", .who = ""};
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, notice_id);
    if (ko_query_row(&q))
        read_event(&q, out);
    out->ref = out->note = out->who = ""; /* the query's own end with it */
    const ko_status st = ko_query_end(&q, err);
    if (st == KO_OK && out->id == 0)
        return ko_fail(err, KO_E_NOT_FOUND,
                       "nothing was told of notice %lld that could be taken back",
                       (long long)notice_id);
    return st;
}

/* Everything told later was taken back before, so this event is in force for all of its items. */
static ko_status take_back(ko_store *store, const ko_notice_event *event, ko_error *err)
{
    static const char step_back[] =
        "UPDATE notice_item SET told = (SELECT was FROM notice_told WHERE id = notice_item.told)"
        " WHERE id IN (SELECT item_id FROM notice_told WHERE event_id = ?)";
    ko_query q = ko_query_start(store, step_back);
    ko_query_bind_int(&q, event->id);
    ko_status st = ko_query_run(&q, err);
    if (st != KO_OK)
        return st;
    q = ko_query_start(store, "UPDATE notice_event SET undone = 1 WHERE id = ?");
    ko_query_bind_int(&q, event->id);
    st = ko_query_run(&q, err);
    return st == KO_OK && event->state == KO_NOTICE_REAPPEARED
               ? ko_tie_end_own(store, event->id, err)
               : st;
}

ko_status ko_notice_undo(ko_store *store, int64_t notice_id, ko_notice_event *out_event,
                         ko_error *err)
{
    bool own;
    ko_notice_event event;
    ko_status st = ko_store_enter(store, &own, err);
    if (st != KO_OK)
        return st;
    st = find_last(store, notice_id, &event, err);
    if (st == KO_OK)
        st = take_back(store, &event, err);
    st = ko_store_leave(store, own, st, err);
    if (st == KO_OK) {
        event.undone = true;
        *out_event = event;
    }
    return st;
}
