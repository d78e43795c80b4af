/* A list for a person who has three days: what to do first, what it rests on last. */
#include "base/alloc.h"
#include "base/text.h"
#include "case/answer_case.h"
#include "store/paper.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

typedef struct list {
    const ko_kit *kit;
    const ko_answer_case *c;
    ko_buf *out;
    bool any; /* in the part that is being written */
} list;

/* Appends a clean line. */
static ko_status say(ko_buf *out, const char *fmt, ...) KO_PRINTF(2, 3);
static ko_status say(ko_buf *out, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    const int length = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    char *line = length < 0 ? NULL : ko_alloc((size_t)length + 1);
    if (!line)
        return KO_E_NOMEM;
    va_start(args, fmt);
    (void)vsnprintf(line, (size_t)length + 1, fmt, args);
    va_end(args);
    ko_status st = ko_text_clean(out, line, (size_t)length);
    ko_free(line);
    return st == KO_OK ? ko_buf_text(out, "\n") : st;
}

/* --- what to do --- */

static ko_status say_duty(const list *l, const ko_duty *duty)
{
    char first[KO_DAY_TEXT_SIZE], last[KO_DAY_TEXT_SIZE];
    ko_day_text(duty->when.first, first);
    ko_day_text(duty->when.last, last);
    if (duty->who == KO_WHO_HOLDER)
        return say(l->out, "By %s: %s", last, ko_duty_words(duty));
    return say(l->out, "%s to %s: %s", first, last, ko_duty_words(duty));
}

static ko_status say_head(const list *l)
{
    const ko_answer_case *c = l->c;
    const ko_notice *notice = c->notice;
    ko_status st = say(l->out, "Answer to the counter-notice about notice %lld, %s %s",
                       (long long)notice->id, notice->serial, notice->work_title);
    if (st == KO_OK)
        st = ko_buf_text(l->out, "\n");
    if (st == KO_OK && notice->ref[0])
        st = say(l->out, "Number there: %s", notice->ref);
    if (st == KO_OK)
        st = say(l->out, "Countered: %zu of %zu listings, which ANSWER.txt names", c->n_listings,
                 notice->n_items);
    for (size_t i = 0; i < c->duties.n && st == KO_OK; i++)
        if (c->duties.duties[i].state == KO_NOTICE_COUNTERED && c->duties.duties[i].step)
            st = say_duty(l, &c->duties.duties[i]);
    if (st == KO_OK && c->channel)
        st = say(l->out, "At: %s", c->channel->filed_at);
    return st;
}

static ko_status on_paper(void *context, const ko_paper *paper)
{
    list *l = context;
    ko_status st = KO_OK;
    if (!l->any)
        st = say(l->out, "3. Attach these, too; they stay where they are:");
    l->any = true;
    if (st != KO_OK)
        return st;
    return say(l->out, "   - %s: %s%s", ko_paper_role_name(paper->role), paper->path,
               access(paper->path, R_OK) == 0 ? "" : " (is not there any more)");
}

static ko_status say_steps(list *l, ko_store *store, ko_error *err)
{
    ko_status st = ko_buf_text(
        l->out, "\n1. Read ANSWER.txt. Add what answers the seller's own words, and state only "
                "what you know.\n2. Send it with these files:\n");
    for (size_t i = 0; i < l->c->n_in_folder && st == KO_OK; i++)
        st = say(l->out, "   - %s: %s", l->c->proofs[i].file, l->c->proofs[i].shows);
    l->any = false;
    if (st == KO_OK)
        st = ko_paper_each(store, l->c->work->id, on_paper, l, err);
    if (st == KO_OK)
        st = say(l->out, "%d. When it is sent: knockoff notice update %lld answered",
                 l->any ? 4 : 3, (long long)l->c->notice->id);
    return st;
}

/* --- what it rests on --- */

static ko_status on_view(void *context, const ko_view *view)
{
    list *l = context;
    char hex[2 * KO_SHA256_SIZE + 1], added[KO_TIME_SIZE];
    ko_text_hex(view->sha256, sizeof view->sha256, hex);
    ko_clock_text(view->added_at, added);
    return say(l->out, "- %s: %s, %u x %u, SHA-256 %s, registered %s", view->path, view->kind,
               view->width, view->height, hex, added);
}

static ko_status say_originals(list *l, ko_store *store, ko_error *err)
{
    const ko_status st = ko_buf_text(
        l->out, "\nThe originals, which are not in this folder. Show them to the platform or a "
                "court when asked, and to no seller:\n");
    return st == KO_OK ? ko_view_each(store, l->c->work->id, false, on_view, l, err) : st;
}

static ko_status say_stamps(const list *l)
{
    ko_status st = KO_OK;
    if (l->c->stamps.n == 0)
        return st;
    st = ko_buf_text(l->out, "\nAnyone can check a timestamp: openssl ts -verify -queryfile "
                             "NAME.tsq -in NAME.tsr -CAfile AUTHORITY.pem\n");
    for (size_t i = 0; i < l->c->stamps.n && st == KO_OK; i++) {
        const ko_kept_stamp *kept = &l->c->stamps.stamps[i];
        st = say(l->out, "- %s: %s by %s%s", kept->of, kept->stamp.time, kept->stamp.authority,
                 kept->stamp.trusted ? "" : ", for whom nobody vouches that this system knows");
    }
    return st;
}

/* Each rule with where it was read and when. */
static ko_status say_rules(const list *l)
{
    char checked[KO_DAY_TEXT_SIZE];
    ko_status st = ko_buf_text(l->out, "\nRules\n");
    for (size_t i = 0; i < l->c->duties.n && st == KO_OK; i++) {
        const ko_duty *duty = &l->c->duties.duties[i];
        const ko_rule_source *source = duty->state == KO_NOTICE_COUNTERED && duty->step
                                           ? ko_rules_source(l->kit->rules, duty->step->source)
                                           : NULL;
        if (!source)
            continue;
        ko_day_text(source->checked_on, checked);
        st = say(l->out, "- %s: %s; checked %s", ko_duty_words(duty), source->text, checked);
    }
    return st;
}

static ko_status say_missing(const list *l)
{
    const char *missing = l->c->missing.size ? l->c->missing.data : "";
    ko_status st = *missing ? ko_buf_text(l->out, "\nWhat would make it stronger\n") : KO_OK;
    for (const char *line = missing; *line && st == KO_OK;) {
        const size_t n = strcspn(line, "\n");
        st = say(l->out, "- %.*s", (int)n, line);
        line += n + (line[n] == '\n');
    }
    return st;
}

ko_status ko_answer_checklist(ko_store *store, const ko_kit *kit, const ko_answer_case *c,
                              ko_buf *out, ko_error *err)
{
    list l = {.kit = kit, .c = c, .out = out};
    ko_status st = say_head(&l);
    if (st == KO_OK)
        st = say_steps(&l, store, err);
    if (st == KO_OK)
        st = say_missing(&l);
    if (st == KO_OK)
        st = say_originals(&l, store, err);
    if (st == KO_OK)
        st = say_stamps(&l);
    if (st == KO_OK)
        st = say_rules(&l);
    return st == KO_OK ? st : ko_fail(err, st, "CHECKLIST.txt");
}
