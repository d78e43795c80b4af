/* In three steps: each row of the sheet is read and its item looked for; rows without one are put
 * together to notices; then what became of the items is told, those of a notice that say the same
 * at once. */
#include "case/past.h"

#include "base/alloc.h"
#include "base/text.h"
#include "case/past_items.h"
#include "case/past_row.h"
#include "case/work_names.h"
#include "platform/url.h"
#include "store/alias.h"
#include "store/candidate.h"
#include "store/seen.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* A row that is to become an item. */
typedef struct fresh {
    const ko_remark_row *row;
    const ko_work_name *work;
    ko_past_row says;
    const ko_channel *channel;
    char *url, *item, *platform, *seller, *seller_id, *title, *host;
    size_t notice; /* number of the first of those that are one notice */
} fresh;

typedef struct taking {
    ko_store *store;
    const ko_past_request *request;
    ko_remark_rows rows;
    ko_day_order order; /* of their dates */
    ko_work_names works;
    ko_past_items items; /* that there are, and come to be */
    const ko_channel **channels;
    size_t n_channels;
    fresh *fresh;
    size_t n_fresh, capacity;
    const ko_remark_row *row; /* being read */
    ko_past_counts counts;
    ko_error *err;
} taking;

static ko_status no_memory(const taking *t)
{
    return ko_fail(t->err, KO_E_NOMEM, "no memory for what a sheet says");
}

/* --- reading a row --- */

/* Host of an URL, "" of none; ko_free it. */
static char *host_of(const char *text)
{
    ko_url url;
    if (ko_url_parse(text, strlen(text), NULL, &url, NULL) != KO_OK)
        return ko_strdup("");
    const ko_slice host = ko_url_host(&url);
    return ko_strndup(host.at, host.n);
}

static const ko_channel *channel_for(const taking *t, const char *platform)
{
    for (size_t i = 0; i < t->n_channels; i++)
        if (ko_channel_takes(t->channels[i], platform))
            return t->channels[i];
    return NULL;
}

static ko_status add_fresh(taking *t, const ko_seen *seen, const ko_past_row *says,
                           const ko_work_name *work)
{
    const ko_listing *r = &seen->record;
    fresh *all = ko_grown(t->fresh, t->n_fresh, &t->capacity, sizeof *all);
    if (!all)
        return no_memory(t);
    t->fresh = all;
    fresh *f = &all[t->n_fresh];
    *f = (fresh){.row = t->row,
                 .work = work,
                 .says = *says,
                 .channel = channel_for(t, r->platform),
                 .url = ko_strdup(r->url),
                 .item = ko_strdup(r->item_id),
                 .platform = ko_strdup(r->platform),
                 .seller = ko_strdup(r->seller),
                 .seller_id = ko_strdup(r->seller_id),
                 .title = ko_strdup(r->title),
                 .host = host_of(r->url),
                 .notice = t->n_fresh};
    t->n_fresh++;
    return f->url && f->item && f->platform && f->seller && f->seller_id && f->title && f->host
               ? KO_OK
               : no_memory(t);
}

/* Whether the same was said before in a row that names the work otherwise. Rows come by listing. */
static bool is_fresh(const taking *t, const ko_work_name *work)
{
    for (size_t i = t->n_fresh; i > 0; i--) {
        const fresh *f = &t->fresh[i - 1];
        if (f->row->listing_id != t->row->listing_id)
            return false;
        if (f->work == work)
            return true;
    }
    return false;
}

/* Names in one row are one seller's. */
static ko_status take_names(taking *t, const ko_listing *r)
{
    char *const *text = t->row->text;
    const struct {
        ko_alias_kind kind;
        const char *text;
    } names[] = {{KO_ALIAS_NAME, r->seller},
                 {KO_ALIAS_STORE, r->seller_id},
                 {KO_ALIAS_STORE, text[KO_REMARK_STORE]},
                 {KO_ALIAS_CODE, text[KO_REMARK_CODE]},
                 {KO_ALIAS_LICENCE, text[KO_REMARK_LICENCE]}};
    const size_t n = sizeof names / sizeof *names, first_of_sheet = 2;
    size_t first = 0;
    while (first < n && !names[first].text[0])
        first++;
    char *host = host_of(r->url);
    ko_status st = host ? KO_OK : no_memory(t);
    for (size_t i = first + 1; st == KO_OK && i < n; i++) {
        const bool same =
            names[i].kind == names[first].kind && strcmp(names[i].text, names[first].text) == 0;
        int64_t id;
        const ko_alias alias = {.platform = r->platform[0] ? r->platform : host,
                                .kind = {names[first].kind, names[i].kind},
                                .text = {names[first].text, names[i].text},
                                .who = KO_PAST_WHO};
        if (i >= first_of_sheet && names[i].text[0] && !same)
            st = ko_alias_add(t->store, &alias, &id, t->err);
    }
    ko_free(host);
    return st;
}

/* The row's work; NULL when it cannot be told, which is counted. */
static const ko_work_name *find_work(taking *t, const char *url, ko_problems *problems)
{
    bool two;
    const char *number = t->row->text[KO_REMARK_NUMBER];
    const ko_work_name *work = ko_work_names_find(&t->works, t->row->work, number, &two);
    if (two)
        ko_problem(problems, "%s: work %.80s and number %.80s are two works", url, t->row->work,
                   number);
    t->counts.unknown_works += work == NULL;
    return work;
}

static ko_status on_listing(void *context, const ko_seen *seen)
{
    taking *t = context;
    const ko_listing *r = &seen->record;
    ko_problems silent = {0};
    ko_problems *problems = seen->last_seen >= t->request->since ? t->request->problems : &silent;
    const ko_status st = take_names(t, r);
    const ko_past_row says = ko_past_read(t->row, r->url, t->order, t->request->today, problems);
    if (st != KO_OK || !says.reported)
        return st;
    if (!r->url[0] || !channel_for(t, r->platform)) {
        ko_problem(problems, "%s: reported, but %s", r->url[0] ? r->url : t->row->work,
                   r->url[0] ? "no channel takes it" : "without its URL");
        return KO_OK;
    }
    const ko_work_name *work = find_work(t, r->url, problems);
    if (!work)
        return KO_OK;
    ko_past_item *item = ko_past_items_find(&t->items, work->id, t->row->listing_id, says.ref);
    if (!item)
        return is_fresh(t, work) ? KO_OK : add_fresh(t, seen, &says, work);
    item->says = says;
    item->is_said = true;
    return KO_OK;
}

static bool is_of_interest(const ko_remark_row *row)
{
    static const ko_remark_kind kinds[] = {KO_REMARK_REPORTED_ON, KO_REMARK_NOTICE,
                                           KO_REMARK_STATUS,      KO_REMARK_STORE,
                                           KO_REMARK_CODE,        KO_REMARK_LICENCE};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (row->text[kinds[i]][0])
            return true;
    return false;
}

static ko_status read_rows(taking *t)
{
    ko_status st = KO_OK;
    t->order = ko_past_order(&t->rows);
    for (size_t i = 0; st == KO_OK && i < t->rows.n; i++) {
        t->row = &t->rows.row[i];
        if (is_of_interest(t->row))
            st = ko_seen_one(t->store, t->row->listing_id, on_listing, t, t->err);
    }
    return st;
}

/* --- notices --- */

static bool is_one_notice(const fresh *a, const fresh *b)
{
    const ko_past_day *x = &a->says.reported_on, *y = &b->says.reported_on;
    const bool apart = a->channel->list.per == KO_LIST_PER_WORK_AND_HOST;
    if (a->channel != b->channel || a->work != b->work || strcmp(a->says.ref, b->says.ref) != 0 ||
        (apart && strcmp(a->host, b->host) != 0))
        return false;
    return a->says.ref[0] || (x->told == y->told && (!x->told || x->on == y->on));
}

/* The first day that any of the rows of a notice tells; false when none does. */
static bool first_day(const taking *t, size_t notice, ko_day *out_day)
{
    bool told = false;
    for (size_t i = notice; i < t->n_fresh; i++) {
        const ko_past_row *says = &t->fresh[i].says;
        for (size_t k = 0; t->fresh[i].notice == notice && k <= says->n_events; k++) {
            const ko_past_day day = k ? says->event[k - 1].day : says->reported_on;
            if (day.told && (!told || day.on < *out_day))
                *out_day = day.on;
            told = told || day.told;
        }
    }
    return told;
}

/* Id of the channel's reason that a row tells by any of its names; "". */
static const char *reason_of(const fresh *f)
{
    const char *said = f->row->text[KO_REMARK_REASON];
    for (size_t i = 0; i < f->channel->n_reasons; i++) {
        const ko_reason *reason = &f->channel->reasons[i];
        if (ko_text_same(said, reason->id) || ko_text_same(said, reason->name) ||
            ko_text_same(said, reason->text) || (reason->code && ko_text_same(said, reason->code)))
            return reason->id;
    }
    return "";
}

typedef struct candidate_search {
    ko_notice_item *items;
    size_t n;
} candidate_search;

static ko_status on_candidate(void *context, const ko_candidate *c)
{
    const candidate_search *s = context;
    for (size_t i = 0; i < s->n; i++)
        if (s->items[i].listing_id == c->listing->id)
            s->items[i].candidate_id = c->id;
    return KO_OK;
}

/* The rows of one notice as its items, to be freed. */
static ko_status make_items(taking *t, size_t notice, ko_notice_item **out_items, size_t *out_n)
{
    ko_notice_item *items = ko_alloc_zero(t->n_fresh - notice, sizeof *items);
    if (!items)
        return no_memory(t);
    size_t n = 0;
    for (size_t i = notice; i < t->n_fresh; i++) {
        const fresh *f = &t->fresh[i];
        if (f->notice == notice)
            items[n++] = (ko_notice_item){.listing_id = f->row->listing_id,
                                          .url = f->url,
                                          .item = f->item,
                                          .platform = f->platform,
                                          .seller = f->seller,
                                          .seller_id = f->seller_id,
                                          .title = f->title};
    }
    *out_items = items;
    *out_n = n;
    candidate_search search = {items, n};
    const ko_candidate_filter filter = {.work_id = t->fresh[notice].work->id, .all = true};
    return ko_candidate_each(t->store, &filter, on_candidate, &search, t->err);
}

/* Keeps the notice of which this row is the first, as filed. */
static ko_status make_notice(taking *t, size_t first)
{
    const fresh *f = &t->fresh[first];
    ko_day day = t->request->today;
    ko_notice_item *items = NULL;
    size_t n = 0, changed = 0;
    const bool told = first_day(t, first, &day);
    const bool apart = f->channel->list.per == KO_LIST_PER_WORK_AND_HOST;
    const ko_notice notice = {.channel = f->channel->id,
                              .work_id = f->work->id,
                              .serial = f->work->serial,
                              .work_title = f->work->title,
                              .host = apart ? f->host : "",
                              .reason = reason_of(f),
                              .part = 1,
                              .parts = 1,
                              .who = KO_PAST_WHO,
                              .built_at = (int64_t)day * 86400,
                              .folder = ""};
    ko_notice_event filed = {.state = KO_NOTICE_FILED,
                             .on = day,
                             .ref = f->says.ref,
                             .note = told && f->says.reported_on.told ? "" : KO_PAST_UNDATED,
                             .who = KO_PAST_WHO};
    ko_status st = make_items(t, first, &items, &n);
    if (st == KO_OK)
        st = ko_notice_add(t->store, &notice, items, n, &filed.notice_id, t->err);
    if (st == KO_OK)
        st = ko_notice_tell(t->store, &filed, NULL, 0, &changed, t->err);
    t->counts.notices++;
    t->counts.rows += n;
    ko_free(items);
    return st;
}

static ko_status make_notices(taking *t)
{
    ko_status st = KO_OK;
    for (size_t i = 0; i < t->n_fresh; i++)
        for (size_t k = 0; k < i && t->fresh[i].notice == i; k++)
            if (t->fresh[k].notice == k && is_one_notice(&t->fresh[k], &t->fresh[i]))
                t->fresh[i].notice = k;
    for (size_t i = 0; st == KO_OK && i < t->n_fresh; i++)
        if (t->fresh[i].notice == i)
            st = make_notice(t, i);
    return st;
}

/* Looks all items up again, with the new ones, and gives these what their rows say. */
static ko_status find_new_items(taking *t)
{
    const ko_status st = ko_past_items_renew(t->store, &t->items, t->err);
    for (size_t i = 0; st == KO_OK && i < t->n_fresh; i++) {
        const fresh *f = &t->fresh[i];
        ko_past_item *item =
            ko_past_items_find(&t->items, f->work->id, f->row->listing_id, f->says.ref);
        assert(item);
        item->says = f->says;
        item->is_said = item->is_new = true;
    }
    return st;
}

/* --- all --- */

static ko_status open_channels(taking *t)
{
    t->channels = ko_alloc_array(ko_rules_count(t->request->kit->rules), sizeof(ko_channel *));
    if (!t->channels)
        return no_memory(t);
    t->n_channels = ko_rules_usual(t->request->kit->rules, t->channels);
    return KO_OK;
}

static ko_status take(taking *t)
{
    ko_status st = ko_work_names_read(t->store, &t->works, t->err);
    if (st == KO_OK)
        st = ko_past_items_read(t->store, &t->items, t->err);
    if (st == KO_OK)
        st = open_channels(t);
    if (st == KO_OK)
        st = read_rows(t);
    if (st == KO_OK)
        st = make_notices(t);
    if (st == KO_OK && t->n_fresh > 0)
        st = find_new_items(t);
    if (st == KO_OK)
        st = ko_past_items_tell(t->store, &t->items, &t->counts, t->err);
    return st;
}

static void free_all(taking *t)
{
    for (size_t i = 0; i < t->n_fresh; i++) {
        const fresh *f = &t->fresh[i];
        char *const texts[] = {f->url,       f->item,  f->platform, f->seller,
                               f->seller_id, f->title, f->host};
        for (size_t k = 0; k < sizeof texts / sizeof *texts; k++)
            ko_free(texts[k]);
    }
    ko_free(t->fresh);
    ko_free(t->channels);
    ko_past_items_free(&t->items);
    ko_work_names_free(&t->works);
    ko_remark_rows_free(&t->rows);
}

ko_status ko_past_take(ko_store *store, const ko_past_request *request, ko_past_counts *out_counts,
                       ko_error *err)
{
    assert(store && request->kit && request->problems);
    taking t = {.store = store, .request = request, .err = err};
    ko_status st = ko_remark_rows_read(store, &t.rows, err);
    if (st == KO_OK && t.rows.n > 0) {
        st = ko_store_begin(store, err);
        if (st == KO_OK)
            st = take(&t);
        if (st == KO_OK)
            st = ko_store_commit(store, err);
        else
            ko_store_rollback(store);
    }
    *out_counts = t.counts;
    free_all(&t);
    return st;
}
