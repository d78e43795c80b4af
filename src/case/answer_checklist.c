/* A list for a person who has three days: what to do first, what it rests on last. */
#include "base/text.h"
#include "case/answer_case.h"
#include "case/lines.h"
#include "store/paper.h"

#include <string.h>
#include <unistd.h>

typedef struct list {
    const ko_answer_case *c;
    ko_lines lines;
    bool has_papers;
} list;

#define SAY(...) ko_lines_say(&l->lines, __VA_ARGS__)

/* --- what to do --- */

/* The steps whose time runs from the counter-notice. */
static bool follows(const ko_duty *duty)
{
    return duty->step && duty->state == KO_NOTICE_COUNTERED;
}

static void say_duty(list *l, const ko_duty *duty)
{
    char first[KO_DAY_TEXT_SIZE], last[KO_DAY_TEXT_SIZE];
    ko_day_text(duty->when.first, first);
    ko_day_text(duty->when.last, last);
    if (duty->who == KO_WHO_HOLDER)
        SAY("By %s: %s", last, ko_duty_words(duty));
    else
        SAY("%s to %s: %s", first, last, ko_duty_words(duty));
}

static void say_head(list *l)
{
    const ko_answer_case *c = l->c;
    const ko_notice *notice = c->the->notice;
    SAY("Answer to the counter-notice about notice %lld, %s %s", (long long)notice->id,
        notice->serial, notice->work_title);
    ko_lines_blank(&l->lines);
    if (notice->ref[0])
        SAY("Number there: %s", notice->ref);
    SAY("Countered: %zu of %zu listings, which ANSWER.txt names", c->n_listings, notice->n_items);
    for (size_t i = 0; i < c->duties.n; i++)
        if (follows(&c->duties.duties[i]))
            say_duty(l, &c->duties.duties[i]);
    SAY("At: %s", c->the->channel->filed_at);
}

static ko_status on_paper(void *context, const ko_paper *paper)
{
    list *l = context;
    if (!l->has_papers)
        SAY("3. Attach these, too; they stay where they are:");
    l->has_papers = true;
    SAY("   - %s: %s%s", ko_paper_role_name(paper->role), paper->path,
        access(paper->path, R_OK) == 0 ? "" : " (is not there any more)");
    return KO_OK;
}

static ko_status say_steps(list *l, ko_store *store, ko_error *err)
{
    const ko_answer_case *c = l->c;
    ko_lines_blank(&l->lines);
    SAY("1. Read ANSWER.txt. Add what answers the seller's own words, and state only what you "
        "know.");
    SAY("2. Send it with these files:");
    for (size_t i = 0; i < c->n_in_folder; i++)
        SAY("   - %s: %s", c->proofs[i].file, c->proofs[i].shows);
    const ko_status st = ko_paper_each(store, c->the->work->id, on_paper, l, err);
    SAY("%d. When it is sent: knockoff notice update %lld answered", l->has_papers ? 4 : 3,
        (long long)c->the->notice->id);
    return st;
}

static void say_missing(list *l)
{
    const char *line = l->c->missing.size ? l->c->missing.data : "";
    if (!*line)
        return;
    ko_lines_blank(&l->lines);
    SAY("What would make it stronger");
    while (*line) {
        const size_t n = strcspn(line, "\n");
        SAY("- %.*s", (int)n, line);
        line += n + (line[n] == '\n');
    }
}

/* --- what it rests on --- */

static ko_status on_view(void *context, const ko_view *view)
{
    list *l = context;
    char hex[2 * KO_SHA256_SIZE + 1], added[KO_TIME_SIZE];
    ko_text_hex(view->sha256, sizeof view->sha256, hex);
    ko_clock_text(view->added_at, added);
    SAY("- %s: %s, %u x %u, SHA-256 %s, registered %s", view->path, view->kind, view->width,
        view->height, hex, added);
    return KO_OK;
}

static ko_status say_originals(list *l, ko_store *store, ko_error *err)
{
    ko_lines_blank(&l->lines);
    SAY("The originals, which are not in this folder. Show them to the platform or a court when "
        "asked, and to no seller");
    return ko_view_each(store, l->c->the->work->id, false, on_view, l, err);
}

static void say_stamps(list *l)
{
    const ko_stamps *stamps = &l->c->stamps;
    if (stamps->n == 0)
        return;
    ko_lines_blank(&l->lines);
    SAY("Anyone can check a timestamp: openssl ts -verify -queryfile NAME.tsq -in NAME.tsr -CAfile "
        "AUTHORITY.pem");
    for (size_t i = 0; i < stamps->n; i++) {
        const ko_kept_stamp *kept = &stamps->stamps[i];
        SAY("- %s: %s by %s%s", kept->of, kept->stamp.time, kept->stamp.authority,
            kept->stamp.trusted ? "" : ", for whom nobody vouches that this system knows");
    }
}

/* Each rule with where it was read, and when. */
static void say_rules(list *l, const ko_kit *kit)
{
    const ko_duties *duties = &l->c->duties;
    char checked[KO_DAY_TEXT_SIZE];
    ko_lines_blank(&l->lines);
    SAY("Where these rules are from; platforms change them");
    for (size_t i = 0; i < duties->n; i++) {
        const ko_duty *duty = &duties->duties[i];
        const ko_rule_source *source =
            follows(duty) ? ko_rules_source(kit->rules, duty->step->source) : NULL;
        if (!source)
            continue;
        ko_day_text(source->checked_on, checked);
        SAY("- %s: %s; read on %s", ko_duty_words(duty), source->text, checked);
    }
}

ko_status ko_answer_checklist(ko_store *store, const ko_kit *kit, const ko_answer_case *c,
                              ko_buf *out, ko_error *err)
{
    list l = {.c = c, .lines = {.out = out}};
    say_head(&l);
    ko_status st = say_steps(&l, store, err);
    say_missing(&l);
    if (st == KO_OK)
        st = say_originals(&l, store, err);
    say_stamps(&l);
    say_rules(&l, kit);
    return st == KO_OK ? ko_lines_end(&l.lines, err) : st;
}
