#include "case/due.h"

#include "base/alloc.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define IN(STATE) (1U << KO_NOTICE_##STATE)

/* The states of listings for which a time runs, by what it runs from. Of papers that were handed
 * in nothing is told. */
static const unsigned states_from[] = {
    [KO_FROM_PAPERS] = 0,
    [KO_FROM_FILED] = IN(FILED) | IN(IN_PROGRESS),
    [KO_FROM_COUNTERED] = IN(COUNTERED),
    [KO_FROM_REFUSED] = IN(UPHELD),
    [KO_FROM_TOLD] = IN(FILED) | IN(IN_PROGRESS) | IN(ANSWERED) | IN(UPHELD),
};

/* --- reading the store --- */

/* Listings of one notice that came to one state on one day; while reading, one listing. */
typedef struct group {
    size_t notice; /* its place in the list */
    ko_notice_state state;
    ko_day since;
    size_t n_items;
} group;

typedef struct finding {
    const ko_kit *kit;
    const ko_duties_request *request;
    ko_duties *out;
    size_t notices_capacity, duties_capacity;
    group *groups;
    size_t n_groups, groups_capacity;
} finding;

static ko_status on_notice(void *context, const ko_notice *notice)
{
    finding *f = context;
    ko_duty_notice *notices =
        ko_grown(f->out->notices, f->out->n_notices, &f->notices_capacity, sizeof *notices);
    if (!notices)
        return KO_E_NOMEM;
    f->out->notices = notices;
    ko_texts *texts = &f->out->texts;
    notices[f->out->n_notices++] =
        (ko_duty_notice){.id = notice->id,
                         .serial = ko_texts_keep(texts, notice->serial),
                         .work_title = ko_texts_keep(texts, notice->work_title),
                         .ref = ko_texts_keep(texts, notice->ref),
                         .folder = ko_texts_keep(texts, notice->folder),
                         .channel_id = ko_texts_keep(texts, notice->channel),
                         .channel = ko_rules_channel(f->kit->rules, notice->channel),
                         .filed_on = notice->filed_on,
                         .n_items = notice->n_items};
    return texts->no_memory ? KO_E_NOMEM : KO_OK;
}

/* The place of a notice in the list, which is in order of id; past its end when another process
 * made it a moment ago. */
static size_t place_of(const ko_duties *list, int64_t notice_id)
{
    size_t low = 0, high = list->n_notices;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (list->notices[middle].id < notice_id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < list->n_notices && list->notices[low].id == notice_id ? low : list->n_notices;
}

static ko_status on_item(void *context, const ko_notice_item *item)
{
    finding *f = context;
    const size_t place = place_of(f->out, item->notice_id);
    if (place == f->out->n_notices)
        return KO_OK;
    group *groups = ko_grown(f->groups, f->n_groups, &f->groups_capacity, sizeof *groups);
    if (!groups)
        return KO_E_NOMEM;
    f->groups = groups;
    groups[f->n_groups++] =
        (group){.notice = place, .state = item->state, .since = item->state_on, .n_items = 1};
    return KO_OK;
}

static bool is_one_group(const group *a, const group *b)
{
    return a->notice == b->notice && a->state == b->state && a->since == b->since;
}

static int compare_groups(const void *left, const void *right)
{
    const group *a = left, *b = right;
    if (a->notice != b->notice)
        return a->notice < b->notice ? -1 : 1;
    if (a->state != b->state)
        return a->state < b->state ? -1 : 1;
    return (a->since > b->since) - (a->since < b->since);
}

/* Joins listings that have one clock. */
static void join_groups(finding *f)
{
    size_t n = 0;
    if (f->n_groups > 1)
        qsort(f->groups, f->n_groups, sizeof *f->groups, compare_groups);
    for (size_t i = 0; i < f->n_groups; i++) {
        if (n > 0 && is_one_group(&f->groups[n - 1], &f->groups[i]))
            f->groups[n - 1].n_items++;
        else
            f->groups[n++] = f->groups[i];
    }
    f->n_groups = n;
}

/* --- what follows --- */

static bool applies(const ko_step *step, ko_notice_state state)
{
    assert(step->from < sizeof states_from / sizeof *states_from);
    return states_from[step->from] >> state & 1;
}

/* Which of the clocks of this step in its notice a group has, from 1. */
static size_t nth_clock(const finding *f, const group *g, const ko_step *step)
{
    size_t nth = 1;
    for (const group *before = g; before-- > f->groups && before->notice == g->notice;)
        nth += step && applies(step, before->state);
    return nth;
}

/* The day it is where a step's time is counted. */
static ko_day day_there(const finding *f, const ko_step *step)
{
    const ko_duties_request *asked = f->request;
    return asked->at ? ko_holidays_day_at(f->kit->holidays, step->country, asked->at) : asked->day;
}

/* Keeps a duty that was asked for. */
static ko_status add(finding *f, const group *g, const ko_step *step, ko_step_who who,
                     ko_deadline when)
{
    const ko_duties_request *asked = f->request;
    if (step && asked->within_days >= 0 && when.last > asked->day + asked->within_days)
        return KO_OK;
    if (!asked->all && who != KO_WHO_HOLDER) {
        f->out->n_others++;
        return KO_OK;
    }
    ko_duty *duties = ko_grown(f->out->duties, f->out->n, &f->duties_capacity, sizeof *duties);
    if (!duties)
        return KO_E_NOMEM;
    f->out->duties = duties;
    duties[f->out->n++] = (ko_duty){.notice = &f->out->notices[g->notice],
                                    .step = step,
                                    .who = who,
                                    .state = g->state,
                                    .since = g->since,
                                    .n_items = g->n_items,
                                    .nth = nth_clock(f, g, step),
                                    .when = when,
                                    .overdue = step && when.last < day_there(f, step)};
    return KO_OK;
}

/* From when on the time of a step runs. That the platform looks into a notice does not begin its
 * time anew. */
static ko_day begins(const ko_step *step, const ko_duty_notice *notice, const group *g)
{
    const bool in_progress = g->state == KO_NOTICE_IN_PROGRESS && step->from == KO_FROM_FILED;
    return in_progress ? notice->filed_on : g->since;
}

static ko_status add_steps(finding *f, const group *g)
{
    const ko_duty_notice *notice = &f->out->notices[g->notice];
    const ko_channel *channel = notice->channel;
    bool any = false;
    if (g->state == KO_NOTICE_BUILT)
        return add(f, g, NULL, KO_WHO_HOLDER, (ko_deadline){0});
    for (size_t i = 0; channel && i < channel->n_steps; i++) {
        const ko_step *step = &channel->steps[i];
        if (!applies(step, g->state))
            continue;
        const ko_deadline when = ko_deadline_of(f->kit->holidays, step, begins(step, notice, g));
        const ko_status st = add(f, g, step, (ko_step_who)step->who, when);
        if (st != KO_OK)
            return st;
        any = true;
    }
    if (any || !ko_notice_is_open(g->state))
        return KO_OK;
    return add(f, g, NULL, KO_WHO_PLATFORM, (ko_deadline){0});
}

static int compare_duties(const void *left, const void *right)
{
    const ko_duty *a = left, *b = right;
    const bool mine = a->who == KO_WHO_HOLDER;
    const int channels = strcmp(a->notice->channel_id, b->notice->channel_id);
    if (!a->step != !b->step)
        return a->step ? -1 : 1;
    if (a->when.last != b->when.last)
        return a->when.last < b->when.last ? -1 : 1;
    if (mine != (b->who == KO_WHO_HOLDER))
        return mine ? -1 : 1;
    if (channels != 0)
        return channels;
    if (a->step != b->step) /* of one channel: in the order of its rules */
        return a->step < b->step ? -1 : 1;
    if (a->notice != b->notice)
        return a->notice < b->notice ? -1 : 1;
    return (a->nth > b->nth) - (a->nth < b->nth);
}

static ko_status find(finding *f, ko_store *store, ko_error *err)
{
    const int64_t id = f->request->notice_id;
    ko_status st = ko_notice_each(store, &(ko_notice_filter){.id = id}, on_notice, f, err);
    if (st == KO_OK && id && f->out->n_notices == 0)
        return ko_fail(err, KO_E_NOT_FOUND, "no notice %lld", (long long)id);
    if (st == KO_OK)
        st = ko_notice_item_each(store, id, 0, on_item, f, err);
    if (st == KO_OK)
        join_groups(f);
    for (size_t i = 0; st == KO_OK && i < f->n_groups; i++)
        st = add_steps(f, &f->groups[i]);
    if (st == KO_OK && f->out->n > 1)
        qsort(f->out->duties, f->out->n, sizeof *f->out->duties, compare_duties);
    return st;
}

ko_status ko_duties_find(ko_store *store, const ko_kit *kit, const ko_duties_request *request,
                         ko_duties *out_duties, ko_error *err)
{
    *out_duties = (ko_duties){0};
    finding f = {.kit = kit, .request = request, .out = out_duties};
    const ko_status st = find(&f, store, err);
    ko_free(f.groups);
    return st == KO_E_NOMEM ? ko_fail(err, st, "no memory for what is due") : st;
}

void ko_duties_free(ko_duties *duties)
{
    ko_texts_free(&duties->texts);
    ko_free(duties->notices);
    ko_free(duties->duties);
    *duties = (ko_duties){0};
}

const char *ko_duty_words(const ko_duty *duty)
{
    if (duty->step)
        return duty->step->text;
    return duty->state == KO_NOTICE_BUILT ? "file it" : "an answer comes; when is not known";
}

const char *ko_duty_url(const ko_duty *duty)
{
    const ko_channel *channel = duty->notice->channel;
    return channel && strncmp(channel->filed_at, "http", 4) == 0 ? channel->filed_at : "";
}

/* --- what is one thing to do --- */

/* What was told on a Saturday and on the Sunday behind it has one last day. */
static bool is_alike(const ko_duty *a, const ko_duty *b)
{
    return a->step == b->step && a->who == b->who && a->when.last == b->when.last &&
           strcmp(a->notice->channel_id, b->notice->channel_id) == 0 &&
           a->state != KO_NOTICE_COUNTERED && b->state != KO_NOTICE_COUNTERED;
}

size_t ko_duties_alike(const ko_duties *duties, size_t place)
{
    assert(place < duties->n);
    size_t n = 1;
    while (place + n < duties->n && is_alike(&duties->duties[place], &duties->duties[place + n]))
        n++;
    return n;
}

ko_status ko_duties_numbers(const ko_duties *duties, size_t place, size_t n, ko_buf *out)
{
    assert(n > 0 && place + n <= duties->n);
    const ko_duty *duty = &duties->duties[place];
    const char *comma = "";
    ko_status st = KO_OK;
    for (size_t i = 0; i < n && st == KO_OK;) {
        const int64_t first = duty[i].notice->id;
        int64_t last = first;
        for (i++; i < n && duty[i].notice->id <= last + 1; i++)
            last = duty[i].notice->id;
        st = ko_buf_printf(out, "%s%lld", comma, (long long)first);
        if (st == KO_OK && last > first)
            st = ko_buf_printf(out, "-%lld", (long long)last);
        comma = ", ";
    }
    return st;
}
