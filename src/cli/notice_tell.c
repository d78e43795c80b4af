/* knockoff notice filed, update, undo - what became of notices, as told. */
#include "base/alloc.h"
#include "base/clock.h"
#include "case/tell.h"
#include "cli/due_words.h"
#include "cli/notice_answer.h"
#include "cli/notice_choice.h"
#include "cli/notice_sheet.h"
#include "cli/notice_verbs.h"
#include "cli/today.h"

#include <string.h>

/* One command that tells something of notices. */
typedef struct telling {
    const ko_notice_run *run;
    ko_notice_event event; /* notice_id and ref are set for each */
    char *ref, *note;      /* clean */
    ko_day today;
    bool one; /* a single notice is meant: its next steps are said, and what is wrong ends all */
} telling;

/* --- what is told --- */

static ko_status begin(const ko_notice_run *run, ko_notice_state state, telling *out, ko_error *err)
{
    const ko_notice_options *o = run->options;
    *out = (telling){
        .run = run,
        .event = {.state = state, .who = ko_profile_signature(run->user)},
        .today = ko_today(),
    };
    ko_status st = ko_tell_text("--ref", o->ref, &out->ref, err);
    if (st == KO_OK)
        st = ko_tell_text("--note", o->note, &out->note, err);
    if (st == KO_OK)
        st = ko_day_option("on", o->on, &out->event.on, err);
    if (st == KO_OK)
        st = ko_tell_day(out->event.on, out->today, err);
    out->event.ref = out->ref;
    out->event.note = out->note;
    return st;
}

static void end(telling *t)
{
    ko_free(t->ref);
    ko_free(t->note);
}

/* --- what follows --- */

static void say_doubts(const ko_doubts *doubts)
{
    for (size_t i = 0; i < doubts->n; i++) {
        const ko_doubt *doubt = &doubts->doubts[i];
        ko_say("notice %lld: candidate %lld is not accepted any more: take its listing back there "
               "(update %lld withdrawn --url URL)",
               (long long)doubt->notice_id, (long long)doubt->candidate_id,
               (long long)doubt->notice_id);
    }
}

static void say_packet(const ko_notice_run *run, int64_t notice_id, const ko_told *told)
{
    const long long id = notice_id;
    switch (told->packet) {
    case KO_TOLD_PACKET_KEPT:
        break;
    case KO_TOLD_PACKET_REMOVED:
        ko_say("notice %lld: its packet is removed", id);
        break;
    case KO_TOLD_PACKET_OUTDATED:
        ko_say("notice %lld: its packet is removed; knockoff notice build writes it anew", id);
        break;
    case KO_TOLD_PACKET_STUCK:
        ko_problem(run->problems, "notice %lld: its packet is not up to date: %s", id,
                   told->why.text);
        break;
    }
}

static void print_told(const telling *t, size_t changed)
{
    const ko_notice_event *event = &t->event;
    const char *ref = event->ref ? event->ref : "";
    char on[KO_DAY_TEXT_SIZE];
    ko_day_text(event->on, on);
    ko_print("notice %lld: %zu listing%s %s on %s%s%s\n", (long long)event->notice_id, changed,
             ko_plural(changed), ko_notice_state_name(event->state), on, *ref ? ", number " : "",
             ref);
}

/* Says what was told of a notice and, of a single one, what is due next and by when. */
static void say_told(const telling *t, const ko_tell_request *request, const ko_told *told)
{
    const bool json = t->run->options->common.json;
    if (json)
        ko_json_line(stdout, ko_told_json(request, told, t->run->kit));
    else
        print_told(t, told->changed);
    for (size_t i = 0; !json && t->one && i < told->next.n; i++)
        if (!told->next.duties[i].overdue || told->next.duties[i].who == KO_WHO_HOLDER)
            ko_duty_print(&told->next.duties[i]);
    say_doubts(&told->doubts);
    say_packet(t->run, t->event.notice_id, told);
}

static ko_status tell(telling *t, int64_t notice_id, const ko_ids *items, ko_error *err)
{
    ko_told told;
    t->event.notice_id = notice_id;
    const ko_tell_request request = {
        .event = t->event, .items = items->ids, .n_items = items->n, .today = t->today};
    const ko_status st = ko_tell(t->run->store, t->run->kit, &request, &told, err);
    if (st == KO_OK)
        say_told(t, &request, &told);
    ko_told_free(&told);
    return st;
}

/* What is wrong with one of several notices is said, and the others go on. */
static ko_status go_on(const telling *t, ko_status st, const ko_error *why, ko_error *err)
{
    if (st == KO_OK)
        return KO_OK;
    if (t->one || !ko_is_refusal(st))
        return ko_fail(err, st, "%s", why->text);
    ko_problem(t->run->problems, "%s", why->text);
    return KO_OK;
}

/* --- filed --- */

/* Rows of a sheet that fills up bit by bit. */
typedef struct filing {
    telling *t;
    ko_day on;     /* of rows that do not say */
    size_t n_done; /* that were told before */
} filing;

typedef struct filed {
    const char *ref; /* as the sheet has it */
    bool is_same;
} filed;

static ko_status compare_filed(void *context, const ko_notice *notice)
{
    filed *f = context;
    f->is_same = notice->is_filed && notice->n_in[KO_NOTICE_BUILT] == 0 &&
                 (!f->ref[0] || strcmp(notice->ref, f->ref) == 0);
    return KO_OK;
}

static ko_status on_row(void *context, const ko_notice_row *row, ko_error *err)
{
    filing *f = context;
    telling *t = f->t;
    filed before = {.ref = row->ref};
    const ko_notice_filter filter = {.id = row->notice_id};
    ko_status st = ko_notice_each(t->run->store, &filter, compare_filed, &before, err);
    if (st != KO_OK || before.is_same) {
        f->n_done += before.is_same;
        return st;
    }
    t->event.ref = row->ref;
    t->event.on = row->has_day ? row->on : f->on;
    st = ko_tell_day(t->event.on, t->today, err);
    return st == KO_OK ? tell(t, row->notice_id, &(ko_ids){0}, err) : st;
}

static ko_status filed_by_sheet(telling *t, ko_error *err)
{
    const ko_notice_run *run = t->run;
    filing f = {.t = t, .on = t->event.on};
    size_t n_silent = 0;
    if (run->n_words || t->ref)
        return ko_fail(err, KO_E_USAGE, "notice filed --from FILE takes numbers from there alone");
    const ko_status st =
        ko_notice_sheet_read(run->options->from, run->problems, on_row, &f, &n_silent, err);
    if (st == KO_OK && !run->options->common.json && (n_silent || f.n_done))
        ko_print("%zu row%s told before, %zu with nothing to tell yet\n", f.n_done,
                 ko_plural(f.n_done), n_silent);
    return st;
}

static ko_status filed_by_words(telling *t, ko_error *err)
{
    const ko_notice_run *run = t->run;
    ko_ids notices = {0};
    if (run->n_words == 0)
        return ko_fail(err, KO_E_USAGE, "notice filed needs the number of a notice");
    ko_status st =
        ko_notice_choose(run->store, run->words, run->n_words, KO_NOTICE_FILED, &notices, err);
    t->one = notices.n == 1;
    if (st == KO_OK && t->ref && !t->one)
        st = ko_fail(err, KO_E_USAGE, "--ref is the number of one notice, not of %zu: see --from",
                     notices.n);
    for (size_t i = 0; st == KO_OK && i < notices.n; i++) {
        ko_error why = {0};
        st = go_on(t, tell(t, notices.ids[i], &(ko_ids){0}, &why), &why, err);
    }
    ko_ids_free(&notices);
    return st;
}

ko_status ko_notice_verb_filed(const ko_notice_run *run, ko_error *err)
{
    telling t;
    ko_status st = begin(run, KO_NOTICE_FILED, &t, err);
    if (st == KO_OK)
        st = run->options->from ? filed_by_sheet(&t, err) : filed_by_words(&t, err);
    end(&t);
    return st;
}

/* --- update --- */

static ko_status read_state(const ko_notice_run *run, ko_notice_state *out, ko_error *err)
{
    if (run->n_words < 2)
        return ko_fail(err, KO_E_USAGE, "notice update needs a number and what became of it");
    const char *word = run->words[run->n_words - 1];
    const ko_status st = ko_notice_state_find(word, out, err);
    if (st == KO_OK && *out <= KO_NOTICE_FILED)
        return ko_fail(err, KO_E_USAGE, "a notice becomes %s by knockoff notice %s", word,
                       *out == KO_NOTICE_FILED ? "filed" : "build");
    return st;
}

/* What was told stands, whether there is an answer or not. */
static ko_status prepare_answer(const telling *t, int64_t notice_id, ko_error *err)
{
    ko_error why = {0};
    const ko_status st = ko_notice_answer(t->run, notice_id, &why);
    if (st == KO_OK || ko_is_refusal(st)) {
        if (st != KO_OK)
            ko_say("no answer is prepared: %s", why.text);
        return KO_OK;
    }
    return ko_fail(err, st, "%s", why.text);
}

static ko_status update_one(telling *t, int64_t notice_id, ko_error *err)
{
    const ko_notice_run *run = t->run;
    ko_ids items = {0};
    ko_status st = ko_notice_choose_items(run->store, notice_id, &run->options->urls, &items, err);
    if (st == KO_OK)
        st = tell(t, notice_id, &items, err);
    if (st == KO_OK && t->event.state == KO_NOTICE_COUNTERED)
        st = prepare_answer(t, notice_id, err);
    ko_ids_free(&items);
    return st;
}

static ko_status update(telling *t, ko_error *err)
{
    const ko_notice_run *run = t->run;
    ko_ids notices = {0};
    ko_status st =
        ko_notice_choose(run->store, run->words, run->n_words - 1, t->event.state, &notices, err);
    t->one = notices.n == 1;
    if (st == KO_OK && (t->ref || run->options->urls.count) && !t->one)
        st = ko_fail(err, KO_E_USAGE, "--ref and --url are of one notice, not of %zu", notices.n);
    for (size_t i = 0; st == KO_OK && i < notices.n; i++) {
        ko_error why = {0};
        st = go_on(t, update_one(t, notices.ids[i], &why), &why, err);
    }
    ko_ids_free(&notices);
    return st;
}

ko_status ko_notice_verb_update(const ko_notice_run *run, ko_error *err)
{
    telling t = {0};
    ko_notice_state state = KO_NOTICE_BUILT;
    ko_status st = read_state(run, &state, err);
    if (st == KO_OK)
        st = begin(run, state, &t, err);
    if (st == KO_OK)
        st = update(&t, err);
    end(&t);
    return st;
}

/* --- undo --- */

ko_status ko_notice_verb_undo(const ko_notice_run *run, ko_error *err)
{
    int64_t id = 0;
    ko_notice_event event;
    ko_told told;
    char on[KO_DAY_TEXT_SIZE];
    if (run->n_words != 1)
        return ko_fail(err, KO_E_USAGE, "notice undo takes the number of one notice");
    ko_status st = ko_notice_number(run->words[0], &id, err);
    if (st == KO_OK)
        st = ko_tell_undo(run->store, id, 0, &event, &told, err);
    if (st != KO_OK)
        return st;
    ko_day_text(event.on, on);
    if (run->options->common.json)
        ko_json_line(stdout, ko_told_undo_json(&event, &told));
    else
        ko_print("notice %lld: taken back: %zu listing%s %s on %s\n", (long long)id, event.n_items,
                 ko_plural(event.n_items), ko_notice_state_name(event.state), on);
    say_packet(run, id, &told);
    return KO_OK;
}
