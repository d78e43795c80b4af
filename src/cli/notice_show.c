/* knockoff notice list | show N - notices, their listings, and what became of them. */
#include "cli/notice_verbs.h"

#include "base/clock.h"
#include "base/day.h"
#include "base/limits.h"
#include "case/notice_record.h"
#include "report/look.h"
#include "store/work.h"

#include <string.h>

/* --- list --- */

typedef struct listing {
    size_t n;
    bool json;
} listing;

/* One that a sheet told of never gets a packet. */
static bool waits_for_packet(const ko_notice *notice)
{
    return !notice->folder[0] && notice->n_in[KO_NOTICE_BUILT];
}

/* "removed 40, countered 2" */
static void print_states(const ko_notice *notice)
{
    const char *divider = "";
    for (int i = 0; i < KO_NOTICE_STATES; i++) {
        if (!notice->n_in[i])
            continue;
        ko_print("%s%s %zu", divider, ko_notice_state_name((ko_notice_state)i), notice->n_in[i]);
        divider = ", ";
    }
}

static ko_status on_notice(void *context, const ko_notice *notice)
{
    listing *l = context;
    char filed[KO_DAY_TEXT_SIZE] = "-";
    l->n++;
    if (l->json) {
        ko_json_line(stdout, ko_notice_record(notice));
        return KO_OK;
    }
    if (notice->is_filed)
        ko_day_text(notice->filed_on, filed);
    ko_print("%5lld  %-11s %-13s %s  %-10s  %-16s ", (long long)notice->id,
             ko_notice_state_name(ko_notice_state_of(notice)), notice->channel, notice->serial,
             filed, notice->ref[0] ? notice->ref : "-");
    print_states(notice);
    ko_print("%s\n", waits_for_packet(notice) ? "; its packet is not written" : "");
    return KO_OK;
}

ko_status ko_notice_verb_list(const ko_notice_run *run, ko_error *err)
{
    const ko_notice_options *o = run->options;
    ko_notice_filter filter = {.open = o->open,
                               .channel = o->channels.count ? o->channels.word[0] : NULL};
    listing l = {.json = o->common.json};
    if (run->n_words)
        return ko_fail(err, KO_E_USAGE, "notice list takes no '%s'", run->words[0]);
    ko_status st = o->work ? ko_work_find(run->store, o->work, &filter.work_id, err) : KO_OK;
    if (st == KO_OK)
        st = ko_notice_each(run->store, &filter, on_notice, &l, err);
    if (st != KO_OK || l.json)
        return st;
    if (l.n)
        ko_print("%zu notice%s; knockoff notice show N tells all about one\n", l.n, ko_plural(l.n));
    else
        ko_print("no notices\n");
    return KO_OK;
}

/* --- one notice --- */

static void print_field(const char *name, const char *text)
{
    if (text[0])
        ko_print("  %-10s %s\n", name, text);
}

static void print_stated(const ko_notice *notice)
{
    char at[KO_TIME_SIZE];
    ko_clock_text(notice->built_at, at);
    ko_print("  %-10s %s by %s\n", "built", at, notice->who[0] ? notice->who : "-");
    if (notice->good_faith_at) {
        ko_clock_text(notice->good_faith_at, at);
        ko_print("  %-10s in good faith, %s\n", "accepted", at);
    }
    if (notice->authority)
        ko_print("  %-10s accurate, and entitled to act, under penalty of perjury\n", "stated");
}

static void print_head(const ko_notice *notice)
{
    ko_print("notice %lld, %s: ", (long long)notice->id,
             ko_notice_state_name(ko_notice_state_of(notice)));
    print_states(notice);
    ko_print("\n");
    print_field("channel", notice->channel);
    print_field("host", notice->host);
    ko_print("  %-10s %s  %s\n", "work", notice->serial, notice->work_title);
    if (notice->parts > 1)
        ko_print("  %-10s %d of %d\n", "part", notice->part, notice->parts);
    print_field("reason", notice->reason);
    print_stated(notice);
    print_field("number", notice->ref);
    print_field("packet", waits_for_packet(notice) ? "not written yet" : notice->folder);
}

/* What somebody who looks at the case should know of a listing: not that it is as it was. */
static ko_status print_look(void *context, const ko_look *look)
{
    ko_buf words = KO_BUF(KO_MAX_SAID_LINE);
    (void)context;
    if (look->outcome == KO_LOOK_NONE || look->outcome == KO_LOOK_ALIVE)
        return KO_OK;
    const ko_status st = ko_look_words(&words, look);
    if (st == KO_OK)
        ko_print("                          looked at: %s\n", words.data);
    ko_buf_free(&words);
    return st;
}

typedef struct showing {
    ko_store *store;
    ko_error *err;
} showing;

static ko_status on_item(void *context, const ko_notice_item *item)
{
    const showing *s = context;
    char on[KO_DAY_TEXT_SIZE], candidate[48] = "";
    ko_day_text(item->state_on, on);
    if (item->candidate_id)
        (void)snprintf(candidate, sizeof candidate, "candidate %lld  ",
                       (long long)item->candidate_id);
    ko_print("  %-11s %s  %s\n", ko_notice_state_name(item->state), on, item->url);
    ko_print("                          %s%s  %s\n", candidate, item->seller, item->title);
    return ko_look_one(s->store, item->listing_id, print_look, NULL, s->err);
}

static ko_status on_event(void *context, const ko_notice_event *event, int64_t item_id)
{
    (void)context;
    char on[KO_DAY_TEXT_SIZE], at[KO_TIME_SIZE];
    if (item_id)
        return KO_OK;
    ko_day_text(event->on, on);
    ko_clock_text(event->at, at);
    ko_print("  %s  %-11s  %zu listing%s  %s\n", on, ko_notice_state_name(event->state),
             event->n_items, ko_plural(event->n_items), event->ref);
    ko_print("              told %s by %s%s%s%s\n", at, event->who[0] ? event->who : "-",
             event->note[0] ? ": " : "", event->note, event->undone ? " (taken back)" : "");
    return KO_OK;
}

static ko_status on_shown(void *context, const ko_notice *notice)
{
    *(bool *)context = true;
    print_head(notice);
    return KO_OK;
}

static ko_status show_words(ko_store *store, int64_t id, ko_error *err)
{
    bool found = false;
    ko_status st = ko_notice_each(store, &(ko_notice_filter){.id = id}, on_shown, &found, err);
    if (st == KO_OK && !found)
        st = ko_fail(err, KO_E_NOT_FOUND, "there is no notice %lld", (long long)id);
    if (st == KO_OK)
        st = ko_notice_item_each(store, id, 0, on_item, &(showing){store, err}, err);
    return st == KO_OK ? ko_notice_event_each(store, id, on_event, NULL, err) : st;
}

static ko_status show_json(ko_store *store, int64_t id, ko_error *err)
{
    json_t *object = NULL;
    const ko_status st = ko_notice_record_whole(store, id, &object, err);
    ko_json_line(stdout, object);
    return st;
}

ko_status ko_notice_verb_show(const ko_notice_run *run, ko_error *err)
{
    int64_t id = 0;
    if (run->n_words != 1)
        return ko_fail(err, KO_E_USAGE, "notice show needs the number of one notice");
    const ko_status st = ko_notice_number(run->words[0], &id, err);
    if (st != KO_OK)
        return st;
    return run->options->common.json ? show_json(run->store, id, err)
                                     : show_words(run->store, id, err);
}
