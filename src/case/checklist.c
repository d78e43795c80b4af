/* CHECKLIST.txt: for a person in a hurry, who has the form open in a browser. What it says of a
 * platform comes from the rules, each with the number of its source at the end. */
#include "case/packet_parts.h"

#include "base/limits.h"
#include "case/lines.h"
#include "store/paper.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define SOURCES_MAX 64u /* of one channel; ours have up to six */

typedef struct writing {
    const ko_packet *packet;
    const ko_channel *channel;
    ko_lines lines;
    int step;
    const char *sources[SOURCES_MAX]; /* cited, in their order */
    int n_sources;
} writing;

/* The number that a source has at the end, from 1. */
static int cite(writing *w, const char *id)
{
    int i = 0;
    while (i < w->n_sources && strcmp(w->sources[i], id) != 0)
        i++;
    if (i == w->n_sources && i < (int)SOURCES_MAX)
        w->sources[w->n_sources++] = id;
    return i + 1;
}

#define SAY(...) ko_lines_say(&w->lines, __VA_ARGS__)

/* --- what to do --- */

static void say_where(writing *w)
{
    const char *where = w->channel->filed_at;
    const char *verb = strstr(where, "://") ? "Open" : strchr(where, '@') ? "Write to" : "Go to";
    SAY("%2d. %s %s [%d]", ++w->step, verb, where, cite(w, w->channel->filed_at_source));
    if (w->packet->the->notice->host[0])
        SAY("    This notice is about listings on %s alone.", w->packet->the->notice->host);
}

static void say_named(writing *w, const char *name, const char *text)
{
    if (text && *text)
        SAY("      %-16s %s", name, text);
}

static void say_work(writing *w)
{
    const ko_notice_work *work = &w->packet->facts->work;
    SAY("%2d. The work", ++w->step);
    say_named(w, "title", work->title);
    say_named(w, "number", work->serial);
    say_named(w, "kind", work->kind);
    say_named(w, "author", work->author);
    say_named(w, "holder", work->holder);
    say_named(w, "first published", work->published_on);
    say_named(w, "at", work->published_url);
    say_named(w, "registration", work->registration);
}

/* Forms ask for it here and there, and it is worth saying where they do not. */
static void say_repeats(writing *w)
{
    const ko_facts *facts = w->packet->facts;
    if (facts->repeats[0])
        SAY("    %s", facts->repeats);
    for (size_t i = 0; i < facts->n_listings; i++)
        if (facts->listings[i].repeat[0]) {
            SAY("      %s", facts->listings[i].url);
            SAY("        %s, notice %lld here", facts->listings[i].repeat,
                (long long)w->packet->the->repeats[i].notice_id);
        }
}

static void say_listings(writing *w)
{
    const ko_channel_list *list = &w->channel->list;
    const size_t n = w->packet->the->notice->n_items;
    const char *what = list->of == KO_LIST_ITEMS ? "item number" : "URL";
    SAY("%2d. The listings: paste all of %s: %zu %s%s, %s [%d]", ++w->step,
        ko_packet_list_name(w->channel), n, what, n == 1 ? "" : "s",
        list->join == KO_LIST_COMMAS ? "with commas between them" : "one a line",
        cite(w, list->source));
    if (list->most)
        SAY("    One notice takes at most %d.", list->most);
    say_repeats(w);
}

static void say_reason(writing *w)
{
    const ko_reason *reason = ko_channel_reason(w->channel, w->packet->the->notice->reason);
    const bool in_letter = w->channel->pdf && reason && !reason->code; /* nothing is chosen */
    if (!reason || in_letter)
        return;
    SAY("%2d. The reason: choose \"%s\"%s%s%s and paste reason.txt beside it [%d]", ++w->step,
        reason->name, reason->code ? " (code " : "", reason->code ? reason->code : "",
        reason->code ? ")" : "", cite(w, reason->source));
}

static void say_letter(writing *w)
{
    if (w->channel->pdf) {
        SAY("%2d. The letter: " KO_PACKET_LETTER ", for a mail or the form", ++w->step);
        SAY("    " KO_PACKET_LETTER_PDF " is the same, to %ssend by post",
            w->channel->attach ? "attach or to " : "");
    } else {
        SAY("%2d. All other fields: " KO_PACKET_LETTER " has what to write into them", ++w->step);
    }
    if (ko_packet_has(w->packet, KO_PACKET_VERO))
        SAY("    " KO_PACKET_VERO " is the same for the platform's interface");
}

static ko_status on_paper(void *context, const ko_paper *paper)
{
    writing *w = context;
    SAY("      %s (%s)", paper->path, ko_paper_role_name(paper->role));
    return KO_OK;
}

static void say_statement(writing *w)
{
    const char *serial = w->packet->the->notice->serial;
    if (w->packet->statement_signed)
        SAY("      %-14s the Copyright Claim Statement, signed", KO_PACKET_STATEMENT);
    else
        SAY("      %-14s the Copyright Claim Statement, NOT SIGNED YET: print and sign it, or",
            KO_PACKET_STATEMENT);
    if (!w->packet->statement_signed)
        SAY("      %-14s knockoff proof %s --sign KEY.p12, and take the new one", "", serial);
}

static ko_status say_papers(writing *w, ko_error *err)
{
    const ko_channel *channel = w->channel;
    if (channel->attach)
        SAY("%2d. Attach what the form takes of these", ++w->step);
    else
        SAY("%2d. Attach nothing. Keep these in case that you are asked", ++w->step);
    SAY("      %-14s the work, marked with your name", KO_PACKET_PROOF);
    say_statement(w);
    if (ko_packet_has(w->packet, KO_PACKET_EVIDENCE))
        SAY("      %-14s each listing beside the work", KO_PACKET_EVIDENCE);
    const ko_status st =
        ko_paper_each(w->packet->store, w->packet->the->work->id, on_paper, w, err);
    if (channel->n_papers)
        SAY("    These are asked for [%d]", cite(w, channel->needs_source));
    for (size_t i = 0; i < channel->n_papers; i++)
        SAY("      - %s", channel->papers[i]);
    return st;
}

static void say_filed(writing *w)
{
    const long long id = w->packet->the->notice->id;
    SAY("%2d. When it is filed, say so, with the number that it was given:", ++w->step);
    SAY("      knockoff notice filed %lld --ref NUMBER", id);
}

/* --- what comes then --- */

static void say_step(writing *w, const ko_step *step)
{
    static const char *const from[] = {[KO_FROM_PAPERS] = "handing in the papers",
                                       [KO_FROM_FILED] = "filing",
                                       [KO_FROM_COUNTERED] = "a counter-notice",
                                       [KO_FROM_REFUSED] = "the refusal of a counter-notice",
                                       [KO_FROM_TOLD] = "the last news of it"};
    char least[32] = "";
    if (step->least)
        (void)snprintf(least, sizeof least, "%d to ", step->least);
    SAY("  - %s%s: within %s%d %s of %s [%d]", step->who == KO_WHO_HOLDER ? "YOU: " : "",
        step->text, least, step->most, step->days == KO_DAYS_WORKING ? "working days" : "days",
        from[step->from], cite(w, step->source));
}

static void say_rest(writing *w)
{
    const ko_channel *channel = w->channel;
    if (channel->n_steps) {
        ko_lines_blank(&w->lines);
        SAY("What comes then (knockoff due tells the days)");
    }
    for (int others = 0; others <= 1; others++) /* what the user has to do comes first */
        for (size_t i = 0; i < channel->n_steps; i++)
            if ((channel->steps[i].who != KO_WHO_HOLDER) == others)
                say_step(w, &channel->steps[i]);
    if (channel->n_notes) {
        ko_lines_blank(&w->lines);
        SAY("Mind");
    }
    for (size_t i = 0; i < channel->n_notes; i++)
        SAY("  - %s [%d]", channel->notes[i].text, cite(w, channel->notes[i].source));
}

static void say_stated(writing *w)
{
    const ko_affirmed *affirmed = &w->packet->facts->affirmed;
    const char *who = w->packet->the->notice->who;
    ko_lines_blank(&w->lines);
    SAY("What this notice states, in the name of %s", who[0] ? who : "-");
    if (affirmed->good_faith[0])
        SAY("  - %s: each listing was looked at, none is licensed, fair use was considered",
            affirmed->good_faith);
    if (affirmed->authority[0])
        SAY("  - %s: it is accurate, and who files it owns the right or may act for its owner,",
            affirmed->authority);
    if (affirmed->authority[0])
        SAY("    under penalty of perjury");
}

static void say_sources(writing *w)
{
    ko_lines_blank(&w->lines);
    SAY("Where these rules are from; platforms change them");
    for (int i = 0; i < w->n_sources; i++) {
        const ko_rule_source *source =
            ko_rules_source(w->packet->options->kit->rules, w->sources[i]);
        char day[KO_DAY_TEXT_SIZE];
        assert(source); /* the rules were refused else */
        ko_day_text(source->checked_on, day);
        SAY(" [%d] %s; read on %s", i + 1, source->text, day);
    }
}

ko_status ko_checklist_write(const ko_packet *packet, ko_buf *out, ko_error *err)
{
    const ko_notice *notice = packet->the->notice;
    writing all = {.packet = packet, .channel = packet->the->channel, .lines = {.out = out}};
    writing *w = &all;
    SAY("Notice %lld: %s, %s %s", (long long)notice->id, w->channel->name, notice->serial,
        notice->work_title);
    if (notice->parts > 1)
        SAY("Part %d of %d: one notice takes no more", notice->part, notice->parts);
    ko_lines_blank(&w->lines);
    say_where(w);
    say_work(w);
    say_listings(w);
    say_reason(w);
    say_letter(w);
    const ko_status st = say_papers(w, err);
    say_filed(w);
    say_rest(w);
    say_stated(w);
    say_sources(w);
    return st == KO_OK ? ko_lines_end(&w->lines, err) : st;
}
