/* The rows of the store (plan_rows.h) are packed (notice/pack.h), and a notice that its channel or
 * its letter would refuse is taken apart again: all its rows are left out. */
#include "case/plan.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/limits.h"
#include "case/fact_command.h"
#include "case/plan_rows.h"
#include "case/subject.h"
#include "platform/shops.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct ko_plan {
    /* as asked for */
    const ko_kit *kit;
    const ko_user *user;
    const ko_plan_request *request;
    const ko_channel **channels;
    size_t n_channels;
    /* what came of it */
    ko_plan_rows from;
    ko_pack pack;
    ko_plan_notice *notices;
    size_t n_notices;
    ko_notice_item *items; /* of all notices */
    size_t n_items;
    ko_plan_left *left;
    size_t n_left;
    ko_lacking *lacking; /* of each notice as packed */
    size_t n_lacking;
};

static ko_status no_memory(ko_error *err)
{
    return ko_fail(err, KO_E_NOMEM, "no memory to plan notices");
}

/* --- which channels --- */

static ko_status choose_channels(ko_plan *plan, ko_error *err)
{
    const ko_plan_request *request = plan->request;
    const ko_rules *rules = plan->kit->rules;
    plan->channels = ko_alloc_array(request->n_channels + ko_rules_count(rules), sizeof(void *));
    if (!plan->channels)
        return no_memory(err);
    for (size_t i = 0; i < request->n_channels; i++) {
        const ko_channel *channel = ko_rules_channel(rules, request->channels[i]);
        if (!channel)
            return ko_fail(err, KO_E_USAGE, "there is no channel '%s'", request->channels[i]);
        plan->channels[plan->n_channels++] = channel;
    }
    if (!plan->n_channels)
        plan->n_channels = ko_rules_usual(rules, plan->channels);
    return KO_OK;
}

static ko_status check_platform(const char *name, ko_error *err)
{
    if (!name)
        return KO_OK;
    for (const ko_shop *shop = ko_shops; shop->platform; shop++)
        if (strcmp(shop->platform, name) == 0)
            return KO_OK;
    return ko_fail(err, KO_E_USAGE, "there is no platform '%s'", name);
}

/* --- what is left out --- */

static const struct why {
    const char *name, *words;
    bool fault;
} whys[KO_PLAN_WHYS] = {
    [KO_PLAN_NOT_CONFIRMED] = {"not-confirmed", "accepted without confirming it in good faith",
                               true},
    [KO_PLAN_NO_URL] = {"no-url", "without an URL", true},
    [KO_PLAN_BAD_URL] = {"bad-url", "with an URL that is none", true},
    [KO_PLAN_SHORT_LINK] = {"short-link", "by a short link, of which nobody knows where it leads",
                            true},
    [KO_PLAN_NO_ITEM] = {"no-item", "by a page of a platform that is no listing", true},
    [KO_PLAN_OTHER_PLATFORM] = {"other-platform", "on a platform that the channel does not take",
                                false},
    [KO_PLAN_ACTIVE] = {"active", "in an active notice", false},
    [KO_PLAN_CLOSED] = {"closed", "in a notice that is closed", false},
    [KO_PLAN_TWICE] = {"twice", "the same listing as another candidate's", false},
    [KO_PLAN_GONE] = {"gone", "there no more, as looks at them found", false},
    [KO_PLAN_FACT_MISSING] = {"fact-missing", "for a channel that asks for what is not known yet",
                              true},
};

const char *ko_plan_why_name(ko_plan_why why)
{
    assert(why < KO_PLAN_WHYS);
    return whys[why].name;
}

const char *ko_plan_why_words(ko_plan_why why)
{
    assert(why < KO_PLAN_WHYS);
    return whys[why].words;
}

bool ko_plan_why_is_fault(ko_plan_why why)
{
    assert(why < KO_PLAN_WHYS);
    return whys[why].fault;
}

static void leave(ko_plan *plan, const ko_plan_row *row, ko_plan_why why, const char *words)
{
    assert(plan->n_left < plan->from.n_rows);
    ko_plan_left *left = &plan->left[plan->n_left++];
    *left = (ko_plan_left){.candidate_id = row->item.candidate_id,
                           .work_id = row->work_id,
                           .url = row->item.url,
                           .seller = row->item.seller,
                           .why = why,
                           .words = ko_texts_keep(&plan->from.texts, words)};
    assert(strlen(row->serial) < sizeof left->serial);
    memcpy(left->serial, row->serial, strlen(row->serial) + 1);
}

/* "not confirmed (...)", "gone since 2026-11-20" */
static ko_status write_unready(const ko_plan_row *row, ko_buf *words)
{
    char since[KO_DAY_TEXT_SIZE];
    if (!row->confirmed)
        return ko_buf_printf(words, "not confirmed (knockoff candidates accept %lld)",
                             (long long)row->item.candidate_id);
    ko_day_text(ko_day_here(row->gone_since), since);
    return ko_buf_printf(words, "gone since %s", since);
}

/* Rows that are not ready come last. */
static ko_status leave_unready(ko_plan *plan, ko_error *err)
{
    ko_buf words = KO_BUF(KO_MAX_LEFT_WORDS);
    ko_status st = KO_OK;
    for (size_t i = plan->from.n_ready; i < plan->from.n_rows && st == KO_OK; i++) {
        const ko_plan_row *row = &plan->from.rows[i];
        ko_buf_clear(&words);
        st = write_unready(row, &words);
        leave(plan, row, row->confirmed ? KO_PLAN_GONE : KO_PLAN_NOT_CONFIRMED, words.data);
    }
    ko_buf_free(&words);
    return st == KO_OK ? st : no_memory(err);
}

/* "in notice 3, filed 2026-11-20" */
static ko_status write_past(const ko_plan *plan, const ko_pack_left *left, ko_buf *words)
{
    const ko_plan_past *past = &plan->from.pasts[left->other];
    char on[KO_DAY_TEXT_SIZE];
    ko_day_text(past->on, on);
    const bool may_again = !ko_notice_is_open(past->state) && past->state != KO_NOTICE_REMOVED;
    return ko_buf_printf(
        words, "in notice %lld, %s %s%s", (long long)plan->from.known[left->other].notice,
        ko_notice_state_name(past->state), on, may_again ? " (--again builds another one)" : "");
}

static ko_status write_left(const ko_plan *plan, const ko_pack_left *left, ko_buf *words)
{
    const ko_plan_row *other = &plan->from.rows[left->other];
    switch (left->reason) {
    case KO_LEFT_ACTIVE:
    case KO_LEFT_CLOSED:
        return write_past(plan, left, words);
    case KO_LEFT_TWICE:
        return ko_buf_printf(words, "the same listing as candidate %lld of %s",
                             (long long)other->item.candidate_id, other->serial);
    default:
        return ko_buf_text(words, ko_left_words(left->reason));
    }
}

static ko_status leave_unpacked(ko_plan *plan, ko_error *err)
{
    static const ko_plan_why why[] = {
        [KO_LEFT_NO_URL] = KO_PLAN_NO_URL,         [KO_LEFT_BAD_URL] = KO_PLAN_BAD_URL,
        [KO_LEFT_SHORT_LINK] = KO_PLAN_SHORT_LINK, [KO_LEFT_NO_ITEM] = KO_PLAN_NO_ITEM,
        [KO_LEFT_ACTIVE] = KO_PLAN_ACTIVE,         [KO_LEFT_NO_CHANNEL] = KO_PLAN_OTHER_PLATFORM,
        [KO_LEFT_CLOSED] = KO_PLAN_CLOSED,         [KO_LEFT_TWICE] = KO_PLAN_TWICE};
    ko_buf words = KO_BUF(KO_MAX_LEFT_WORDS);
    ko_status st = KO_OK;
    for (size_t i = 0; i < plan->pack.n_left && st == KO_OK; i++) {
        const ko_pack_left *left = &plan->pack.left[i];
        ko_buf_clear(&words);
        st = write_left(plan, left, &words);
        leave(plan, &plan->from.rows[left->row], why[left->reason], words.data);
    }
    ko_buf_free(&words);
    return st == KO_OK ? st : no_memory(err);
}

/* --- what channels ask for --- */

/* "etsy needs your telephone number (knockoff profile set public_phone=...)" */
static ko_status write_lacking(const ko_plan_notice *planned, const ko_lacking *lacking,
                               ko_buf *words)
{
    ko_status st = ko_buf_printf(words, "%s needs ", planned->channel->id);
    for (size_t i = 0; i < lacking->n && st == KO_OK; i++) {
        const char *fact = lacking->facts[i];
        st = ko_buf_printf(words, "%s%s (", i ? ", " : "", ko_fact_words(fact, strlen(fact)));
        if (st == KO_OK)
            st = ko_fact_command_write(fact, planned->notice.serial, words);
        if (st == KO_OK)
            st = ko_buf_text(words, ")");
    }
    return st;
}

/* What the statement in every packet must say (proof/statement.h). */
static void look_at_statement(const ko_work *work, const ko_user *user, ko_lacking *lacking)
{
    const ko_notice_work said = ko_subject_work(work, user);
    const struct {
        const char *fact, *text;
    } needed[] = {
        {"work.title", said.title}, {"work.author", said.author}, {"work.holder", said.holder}};
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (!needed[i].text[0])
            lacking->facts[lacking->n++] = needed[i].fact;
}

typedef struct looking {
    const ko_plan *plan;
    const ko_channel *channel;
    ko_lacking *lacking;
    ko_error *err;
} looking;

static ko_status on_work(void *context, const ko_work *work)
{
    const looking *l = context;
    const ko_user *user = l->plan->user;
    const ko_status st = ko_lacking_find(l->plan->kit, l->channel, work, user, l->lacking, l->err);
    if (st == KO_OK && l->lacking->n == 0)
        look_at_statement(work, user, l->lacking);
    return st;
}

/* Leaves out all rows of a notice that would be refused; *out_whole tells whether it is none. */
static ko_status leave_incomplete(ko_store *store, ko_plan *plan, const ko_pack_notice *packed,
                                  const ko_plan_notice *planned, bool *out_whole, ko_error *err)
{
    ko_lacking *lacking = &plan->lacking[plan->n_lacking++];
    looking l = {plan, packed->channel, lacking, err};
    *lacking = (ko_lacking){0};
    ko_status st = ko_work_each(store, planned->notice.work_id, on_work, &l, err);
    *out_whole = lacking->n == 0;
    if (st != KO_OK || *out_whole)
        return st;
    ko_buf words = KO_BUF(KO_MAX_LEFT_WORDS);
    st = write_lacking(planned, lacking, &words);
    for (size_t i = 0; i < packed->n_items && st == KO_OK; i++) {
        leave(plan, &plan->from.rows[packed->items[i].row], KO_PLAN_FACT_MISSING, words.data);
        plan->left[plan->n_left - 1].lacking = lacking;
    }
    ko_buf_free(&words);
    return st == KO_OK ? st : no_memory(err);
}

/* --- notices --- */

static const char *reason_of(const ko_plan *plan, const ko_channel *channel)
{
    if (plan->request->reason)
        return plan->request->reason;
    return channel->n_reasons ? channel->reasons[0].id : "";
}

/* Of the notice as packed; its items are written behind those that the plan has. */
static ko_plan_notice plan_notice(ko_plan *plan, const ko_pack_notice *packed)
{
    const ko_plan_row *first = &plan->from.rows[packed->items[0].row];
    ko_notice_item *items = plan->items + plan->n_items;
    int64_t accepted_at = 0;
    for (size_t i = 0; i < packed->n_items; i++) {
        const ko_pack_item *item = &packed->items[i];
        const ko_plan_row *row = &plan->from.rows[item->row];
        items[i] = row->item;
        items[i].url = item->url;
        items[i].item = item->item;
        if (row->accepted_at > accepted_at)
            accepted_at = row->accepted_at;
    }
    return (ko_plan_notice){.notice = {.channel = packed->channel->id,
                                       .work_id = first->work_id,
                                       .serial = first->serial,
                                       .work_title = first->work_title,
                                       .host = packed->host,
                                       .reason = reason_of(plan, packed->channel),
                                       .part = (int)packed->part,
                                       .parts = (int)packed->parts,
                                       .who = ko_profile_signature(plan->user),
                                       .good_faith_at = accepted_at,
                                       .built_at = ko_clock_now(),
                                       .authority = true, /* or it is not kept */
                                       .folder = "",
                                       .ref = "",
                                       .n_items = packed->n_items},
                            .items = items,
                            .channel = packed->channel};
}

static ko_status check_reason(const ko_plan *plan, const ko_channel *channel, ko_error *err)
{
    const char *reason = plan->request->reason;
    return !reason || ko_channel_reason(channel, reason)
               ? KO_OK
               : ko_fail(err, KO_E_USAGE, "channel %s has no reason '%s'", channel->id, reason);
}

static ko_status plan_notices(ko_store *store, ko_plan *plan, ko_error *err)
{
    ko_status st = KO_OK;
    for (size_t i = 0; i < plan->pack.n_notices && st == KO_OK; i++) {
        const ko_pack_notice *packed = &plan->pack.notices[i];
        const ko_plan_notice planned = plan_notice(plan, packed);
        bool whole = false;
        st = check_reason(plan, packed->channel, err);
        if (st == KO_OK)
            st = leave_incomplete(store, plan, packed, &planned, &whole, err);
        if (st != KO_OK || !whole)
            continue;
        plan->notices[plan->n_notices++] = planned;
        plan->n_items += packed->n_items;
    }
    return st;
}

static ko_status pack(ko_plan *plan, ko_error *err)
{
    const ko_plan_rows *from = &plan->from;
    ko_pack_row *rows = ko_alloc_array(from->n_ready, sizeof *rows);
    if (!rows)
        return no_memory(err);
    for (size_t i = 0; i < from->n_ready; i++) {
        const ko_plan_row *row = &from->rows[i];
        rows[i] = (ko_pack_row){row->serial, row->item.url, row->item.seller};
    }
    const ko_pack_request request = {.rows = rows,
                                     .n_rows = from->n_ready,
                                     .channels = plan->channels,
                                     .n_channels = plan->n_channels,
                                     .known = from->known,
                                     .n_known = from->n_known};
    const ko_status st = ko_pack_make(&request, &plan->pack, err);
    ko_free(rows);
    return st;
}

static int compare_left(const void *a, const void *b)
{
    const ko_plan_left *x = a;
    const ko_plan_left *y = b;
    return (x->candidate_id > y->candidate_id) - (x->candidate_id < y->candidate_id);
}

static ko_status fill(ko_store *store, ko_plan *plan, ko_error *err)
{
    ko_status st = pack(plan, err);
    if (st != KO_OK)
        return st;
    plan->notices = ko_alloc_array(plan->pack.n_notices, sizeof *plan->notices);
    plan->items = ko_alloc_array(plan->pack.n_items, sizeof *plan->items);
    plan->left = ko_alloc_array(plan->from.n_rows, sizeof *plan->left);
    plan->lacking = ko_alloc_array(plan->pack.n_notices, sizeof *plan->lacking);
    if (!plan->notices || !plan->items || !plan->left || !plan->lacking)
        return no_memory(err);
    st = leave_unready(plan, err);
    if (st == KO_OK)
        st = leave_unpacked(plan, err);
    if (st == KO_OK)
        st = plan_notices(store, plan, err);
    if (st == KO_OK && plan->from.texts.no_memory)
        st = no_memory(err);
    if (st != KO_OK)
        return st;
    assert(plan->n_items + plan->n_left == plan->from.n_rows);
    qsort(plan->left, plan->n_left, sizeof *plan->left, compare_left);
    return KO_OK;
}

ko_status ko_plan_make(ko_store *store, const ko_kit *kit, const ko_user *user,
                       const ko_plan_request *request, ko_plan **out_plan, ko_error *err)
{
    ko_plan *plan = ko_alloc_zero(1, sizeof *plan);
    if (!plan)
        return no_memory(err);
    plan->kit = kit;
    plan->user = user;
    plan->request = request;
    ko_status st = choose_channels(plan, err);
    if (st == KO_OK)
        st = check_platform(request->platform, err);
    if (st == KO_OK)
        st = ko_plan_rows_read(store, request, &plan->from, err);
    if (st == KO_OK)
        st = fill(store, plan, err);
    if (st != KO_OK)
        goto done;
    *out_plan = plan;
    plan = NULL;
done:
    ko_plan_free(plan);
    return st;
}

void ko_plan_free(ko_plan *plan)
{
    if (!plan)
        return;
    ko_free((void *)plan->channels);
    ko_plan_rows_free(&plan->from);
    ko_pack_free(&plan->pack);
    ko_free(plan->notices);
    ko_free(plan->items);
    ko_free(plan->left);
    ko_free(plan->lacking);
    ko_free(plan);
}

size_t ko_plan_count(const ko_plan *plan)
{
    return plan->n_notices;
}

const ko_plan_notice *ko_plan_at(const ko_plan *plan, size_t index)
{
    assert(index < plan->n_notices);
    return &plan->notices[index];
}

size_t ko_plan_channel_end(const ko_plan *plan, size_t index, size_t *out_listings)
{
    assert(index < plan->n_notices);
    const ko_channel *channel = plan->notices[index].channel;
    size_t listings = 0;
    for (; index < plan->n_notices && plan->notices[index].channel == channel; index++)
        listings += plan->notices[index].notice.n_items;
    *out_listings = listings;
    return index;
}

size_t ko_plan_left_count(const ko_plan *plan)
{
    return plan->n_left;
}

const ko_plan_left *ko_plan_left_at(const ko_plan *plan, size_t index)
{
    assert(index < plan->n_left);
    return &plan->left[index];
}

/* --- keeping it --- */

static bool same_notice(const ko_plan_notice *a, const ko_plan_notice *b)
{
    if (a->channel != b->channel || a->notice.work_id != b->notice.work_id ||
        a->notice.n_items != b->notice.n_items)
        return false;
    for (size_t i = 0; i < a->notice.n_items; i++)
        if (a->items[i].candidate_id != b->items[i].candidate_id ||
            strcmp(a->items[i].url, b->items[i].url) != 0)
            return false;
    return true;
}

static bool same_notices(const ko_plan *a, const ko_plan *b)
{
    if (a->n_notices != b->n_notices)
        return false;
    for (size_t i = 0; i < a->n_notices; i++)
        if (!same_notice(&a->notices[i], &b->notices[i]))
            return false;
    return true;
}

/* In a transaction, so that what it sees stays so. */
static ko_status check_still_so(ko_store *store, const ko_plan *plan, ko_error *err)
{
    ko_plan *now = NULL;
    ko_status st = ko_plan_make(store, plan->kit, plan->user, plan->request, &now, err);
    if (now && !same_notices(plan, now))
        st = ko_fail(err, KO_E_BUSY,
                     "what notices are built from has changed meanwhile: build them again");
    ko_plan_free(now);
    return st;
}

static ko_status add_all(ko_store *store, const ko_plan *plan, const char *who, ko_error *err)
{
    ko_status st = KO_OK;
    for (size_t i = 0; i < plan->n_notices && st == KO_OK; i++) {
        const ko_plan_notice *planned = &plan->notices[i];
        ko_notice notice = planned->notice;
        int64_t id = 0;
        notice.who = who;
        st = ko_notice_add(store, &notice, planned->items, notice.n_items, &id, err);
    }
    return st;
}

ko_status ko_plan_keep(ko_store *store, const ko_plan *plan, const char *who, ko_error *err)
{
    ko_status st = ko_store_begin(store, err);
    if (st != KO_OK)
        return st;
    st = check_still_so(store, plan, err);
    if (st == KO_OK)
        st = add_all(store, plan, who, err);
    if (st == KO_OK)
        return ko_store_commit(store, err);
    ko_store_rollback(store);
    return st;
}
