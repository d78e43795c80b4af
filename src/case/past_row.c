#include "case/past_row.h"

#include "case/status_words.h"
#include "listing/words.h"

#include <assert.h>
#include <string.h>

typedef struct reading {
    const ko_remark_row *row;
    const char *url;
    ko_day_order order;
    ko_day today;
    ko_problems *problems;
} reading;

/* "x" and "yes" in a column for days: it happened, and nobody wrote down when. */
static bool is_mark(const char *text)
{
    static const char *const marks[] = {"",  "x",  "xx", "y",    "yes",  "ja", "j", "oui",
                                        "o", "si", "s",  "done", "true", "1",  "ok"};
    char words[KO_WORDS_SIZE];
    const bool few = ko_words_fold(text, words);
    for (size_t i = 0; few && i < sizeof marks / sizeof *marks; i++)
        if (strcmp(marks[i], words) == 0)
            return true;
    return false;
}

/* Whether a cell says that something happened, and when. */
static bool read_day(const reading *r, ko_remark_kind kind, ko_past_day *out_day)
{
    const char *text = r->row->text[kind], *name = ko_remark_name(kind);
    ko_error why = {0};
    *out_day = (ko_past_day){.told = false};
    if (!ko_status_yes(text))
        return false;
    if (ko_words_day(text, r->order, &out_day->on, &why) == KO_OK)
        out_day->told = out_day->on <= r->today;
    if (why.text[0] && !is_mark(text))
        ko_problem(r->problems, "%s: %s: %s", r->url, name, why.text);
    else if (!why.text[0] && !out_day->told)
        ko_problem(r->problems, "%s: %s: %s is yet to come", r->url, name, text);
    return true;
}

/* How far a complaint has come by a state, for those of which no day is told. */
static int stage(ko_notice_state state)
{
    static const int stages[KO_NOTICE_STATES] = {
        [KO_NOTICE_IN_PROGRESS] = 1, [KO_NOTICE_COUNTERED] = 2, [KO_NOTICE_ANSWERED] = 3,
        [KO_NOTICE_UPHELD] = 4,      [KO_NOTICE_REMOVED] = 5,   [KO_NOTICE_UNABLE] = 5,
        [KO_NOTICE_REFUSED] = 5,     [KO_NOTICE_RESTORED] = 5,  [KO_NOTICE_WITHDRAWN] = 5,
        [KO_NOTICE_REAPPEARED] = 6};
    return stages[state];
}

static bool comes_before(const ko_past_event *a, const ko_past_event *b)
{
    if (a->day.told && b->day.told && a->day.on != b->day.on)
        return a->day.on < b->day.on;
    return stage(a->state) < stage(b->state);
}

static void add_event(ko_past_row *out, ko_notice_state state, ko_past_day day)
{
    const ko_past_event event = {state, day};
    size_t at = out->n_events;
    for (size_t i = 0; i < out->n_events; i++)
        if (out->event[i].state == state)
            return;
    assert(out->n_events < KO_PAST_EVENTS);
    for (; at > 0 && comes_before(&event, &out->event[at - 1]); at--)
        out->event[at] = out->event[at - 1];
    out->event[at] = event;
    out->n_events++;
}

static void read_cells(const reading *r, ko_past_row *out)
{
    ko_past_day day;
    const bool countered = read_day(r, KO_REMARK_COUNTERED_ON, &day);
    if (countered)
        add_event(out, KO_NOTICE_COUNTERED, day);
    /* An answer is told as often in words as by its day. */
    const char *answer = r->row->text[KO_REMARK_ANSWER];
    if (countered && ko_words_day(answer, r->order, &day.on, NULL) == KO_OK && day.on <= r->today)
        add_event(out, KO_NOTICE_ANSWERED, (ko_past_day){true, day.on});
    if (read_day(r, KO_REMARK_REMOVED_ON, &day))
        add_event(out, KO_NOTICE_REMOVED, day);
    if (ko_status_yes(r->row->text[KO_REMARK_REAPPEARED]))
        add_event(out, KO_NOTICE_REAPPEARED, (ko_past_day){.told = false});
}

ko_day_order ko_past_order(const ko_remark_rows *rows)
{
    static const ko_remark_kind kinds[] = {KO_REMARK_FOUND_ON,     KO_REMARK_REPORTED_ON,
                                           KO_REMARK_COUNTERED_ON, KO_REMARK_DEADLINE,
                                           KO_REMARK_REMOVED_ON,   KO_REMARK_RECHECKED};
    ko_day_order found = KO_ORDER_UNKNOWN;
    for (size_t i = 0; i < rows->n; i++)
        for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
            const ko_day_order order = ko_words_day_order(rows->row[i].text[kinds[k]]);
            if (order != KO_ORDER_UNKNOWN && found != KO_ORDER_UNKNOWN && order != found)
                return KO_ORDER_UNKNOWN;
            found = order != KO_ORDER_UNKNOWN ? order : found;
        }
    return found;
}

ko_past_row ko_past_read(const ko_remark_row *row, const char *url, ko_day_order order,
                         ko_day today, ko_problems *problems)
{
    const reading r = {row, url, order, today, problems};
    const char *status = row->text[KO_REMARK_STATUS], *number = row->text[KO_REMARK_NOTICE];
    ko_notice_state state = KO_NOTICE_BUILT;
    const ko_said said = ko_status_read(status, &state);
    ko_past_row out = {.ref = ko_status_yes(number) ? number : ""};
    if (said == KO_SAID_UNKNOWN)
        ko_problem(problems, "%s: status: not understood: %.80s", url, status);
    const bool dated = read_day(&r, KO_REMARK_REPORTED_ON, &out.reported_on);
    out.reported = dated || out.ref[0] || said == KO_SAID_STATE;
    if (!out.reported)
        return out;
    read_cells(&r, &out);
    if (said == KO_SAID_STATE && state != KO_NOTICE_FILED)
        add_event(&out, state, (ko_past_day){.told = false});
    if (ko_words_day(row->text[KO_REMARK_RECHECKED], order, &out.rechecked_on.on, NULL) == KO_OK)
        out.rechecked_on.told = out.rechecked_on.on <= today;
    return out;
}
