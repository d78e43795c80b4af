#include "case/evidence_sheet.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/day.h"
#include "base/limits.h"
#include "base/stop.h"
#include "base/text.h"
#include "case/repeat.h"
#include "case/subject.h"
#include "proof/jpeg.h"
#include "proof/sheet_pdf.h"
#include "report/evidence.h"
#include "report/exhibit.h"
#include "store/web.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define JPEG_QUALITY 80 /* 100 KB a listing, so that 300 of them can be sent */

#define HEX_SIZE (2 * KO_SHA256_SIZE + 1)
#define SCORE_SIZE (KO_EVIDENCE_ODDS_SIZE + KO_EVIDENCE_BRIEF_SIZE + 64)

typedef struct making {
    ko_store *store;
    unsigned states;
    const char *software;
    ko_problems *problems;
    ko_user user;
    ko_buf *out;
    const ko_notice *notice; /* NULL until it is found */
    ko_proof_sheet *sheet;
    ko_exhibit_work work; /* read once for all listings */
    ko_error *err;
} making;

/* --- facts --- */

typedef struct facts {
    ko_proof_sheet_fact fact[KO_PROOF_SHEET_FACTS];
    size_t n;
} facts;

/* What is not known is NULL or "", and left out. */
static void add_fact(facts *f, const char *name, const char *value, bool is_url)
{
    assert(f->n < KO_PROOF_SHEET_FACTS);
    if (value && value[0])
        f->fact[f->n++] = (ko_proof_sheet_fact){name, value, is_url};
}

static void add(facts *f, const char *name, const char *value)
{
    add_fact(f, name, value, false);
}

static void add_url(facts *f, const char *name, const char *url)
{
    add_fact(f, name, url, true);
}

/* Both with something between them, or the one that there is; cut where that is too long. */
static void join(char *out, size_t size, const char *a, const char *between, const char *b)
{
    (void)snprintf(out, size, "%s%s%s", a, *a && *b ? between : "", b);
}

/* --- the first page --- */

typedef struct heading {
    making *making;
    const ko_notice *notice;
    char date[KO_DAY_TEXT_SIZE];
    bool is_open;
} heading;

static size_t count_items(const ko_notice *notice, unsigned states)
{
    size_t n = 0;
    for (unsigned state = 0; state < KO_NOTICE_STATES; state++)
        n += states == 0 || (states >> state & 1) ? notice->n_in[state] : 0;
    return n;
}

static ko_status open_with(heading *h, const facts *f)
{
    static const char *const notes[] = {
        "Each listing is shown with its picture on the left, where the place of the work is "
        "outlined. On the right stand the work and, below it, what the listing's picture shows at "
        "that place. Lines join points that agree.",
        "A program compared the pictures, and tells how rarely a photo that does not show the work "
        "would match it as well by chance. That was measured; it is no judgement about the law.",
        "These pages were made by the complainant from the files whose SHA-256 they state. They "
        "are no proof by a third party.",
        "A person looked at each of the listings, and believes in good faith that none of them is "
        "authorised."};
    const ko_notice *notice = h->notice;
    char title[64], footer[128];
    (void)snprintf(title, sizeof title, "Evidence for notice %lld", (long long)notice->id);
    (void)snprintf(footer, sizeof footer, "%s, evidence for notice %lld of %s", notice->serial,
                   (long long)notice->id, h->date);
    const ko_proof_sheet_head head = {.title = title,
                                      .date = h->date,
                                      .software = h->making->software,
                                      .footer = footer,
                                      .facts = f->fact,
                                      .n_facts = f->n,
                                      .notes = notes,
                                      .n_notes = notice->good_faith_at ? 4 : 3};
    h->is_open = true;
    return ko_proof_sheet_open(&head, h->making->out, &h->making->sheet, h->making->err);
}

/* work is empty when it was removed since. */
static ko_status open_sheet(heading *h, const ko_notice_work *work)
{
    const ko_notice *notice = h->notice;
    char number[64], subject[600], listings[32];
    facts f = {0};
    (void)snprintf(number, sizeof number, "%lld", (long long)notice->id);
    if (notice->parts > 1)
        (void)snprintf(number, sizeof number, "%lld, part %d of %d", (long long)notice->id,
                       notice->part, notice->parts);
    (void)snprintf(listings, sizeof listings, "%zu", count_items(notice, h->making->states));
    join(subject, sizeof subject, notice->serial, " ", notice->work_title);
    add(&f, "Work", subject);
    add(&f, "Holder", work->holder);
    add(&f, "Author", work->author);
    add(&f, "Registered as", work->registration);
    add(&f, "Registered in", work->registered_in);
    add(&f, "Published on", work->published_on);
    add_url(&f, "Published as", work->published_url);
    add(&f, "Notice", number);
    add(&f, "Filed as", notice->ref);
    add(&f, "Made on", h->date);
    add(&f, "Listings", listings);
    return open_with(h, &f);
}

static ko_status on_work(void *context, const ko_work *work)
{
    heading *h = context;
    const ko_notice_work said = ko_subject_work(work, &h->making->user);
    return open_sheet(h, &said);
}

static ko_status put_heading(making *m, const ko_notice *notice)
{
    heading h = {.making = m, .notice = notice};
    ko_day_text(ko_day_at(notice->built_at, 0), h.date);
    ko_status st =
        notice->work_id ? ko_work_each(m->store, notice->work_id, on_work, &h, m->err) : KO_OK;
    if (st == KO_OK && !h.is_open)
        st = open_sheet(&h, &(ko_notice_work){0});
    return st;
}

static ko_status on_row(void *context, const ko_notice_item *item)
{
    making *m = context;
    char odds[KO_EVIDENCE_ODDS_SIZE] = "";
    if (item->has_evidence)
        ko_evidence_odds(item->score, odds);
    const ko_proof_sheet_row row = {item->url, item->seller[0] ? item->seller : item->seller_id,
                                    odds};
    return ko_proof_sheet_add_row(m->sheet, &row);
}

/* --- a listing --- */

typedef struct showing {
    making *making;
    const ko_notice_item *item;
    bool is_shown;
    facts facts;
    char repeat[KO_REPEAT_WORDS_SIZE], seller[600], offered[200], price[200], seen[96], page[160];
    char photo[HEX_SIZE], view[HEX_SIZE], score[SCORE_SIZE], earlier[64 + 2 * HEX_SIZE];
    ko_buf page_url;
} showing;

/* Of the pages that the listing was seen in the last one stays. */
static ko_status take_page(void *context, const ko_web_answer *answer)
{
    showing *s = context;
    char at[KO_TIME_SIZE], sha256[HEX_SIZE];
    ko_clock_text(answer->at, at);
    ko_text_hex(answer->sha256, sizeof answer->sha256, sha256);
    (void)snprintf(s->page, sizeof s->page, "%s, SHA-256 %s", at, sha256);
    ko_buf_clear(&s->page_url);
    return ko_buf_text(&s->page_url, answer->final_url);
}

static void add_listing(showing *s, const ko_seen *seen)
{
    const ko_listing *listing = &seen->record;
    char first[KO_TIME_SIZE], last[KO_TIME_SIZE];
    const bool bare = listing->price[strspn(listing->price, "0123456789., ")] == '\0';
    ko_clock_text(seen->first_seen, first);
    ko_clock_text(seen->last_seen, last);
    join(s->price, sizeof s->price, listing->price, " ", bare ? listing->currency : "");
    (void)snprintf(s->seen, sizeof s->seen, "first %s, last %s", first, last);
    add(&s->facts, "Price", s->price);
    add(&s->facts, "Seen", s->seen);
}

static void add_evidence(showing *s, double score, const char *brief,
                         const uint8_t photo[KO_SHA256_SIZE], const uint8_t view[KO_SHA256_SIZE])
{
    char odds[KO_EVIDENCE_ODDS_SIZE];
    ko_evidence_odds(score, odds);
    (void)snprintf(s->score, sizeof s->score, "%.2f: %s would match by chance%s%s%s", score, odds,
                   brief[0] ? " (" : "", brief, brief[0] ? ")" : "");
    ko_text_hex(photo, KO_SHA256_SIZE, s->photo);
    ko_text_hex(view, KO_SHA256_SIZE, s->view);
    add(&s->facts, "Score", s->score);
    add(&s->facts, "Photo SHA-256", s->photo);
    add(&s->facts, "Work SHA-256", s->view);
}

/* What the notice rests on, where later scans found more. */
static void add_earlier(showing *s, const ko_candidate *c)
{
    const ko_notice_item *item = s->item;
    char photo[HEX_SIZE], view[HEX_SIZE];
    if (!item->has_evidence || (memcmp(item->photo_sha256, c->photo->sha256, KO_SHA256_SIZE) == 0 &&
                                memcmp(item->view_sha256, c->view->sha256, KO_SHA256_SIZE) == 0))
        return;
    ko_text_hex(item->photo_sha256, KO_SHA256_SIZE, photo);
    ko_text_hex(item->view_sha256, KO_SHA256_SIZE, view);
    (void)snprintf(s->earlier, sizeof s->earlier, "score %.2f, photo SHA-256 %s, work SHA-256 %s",
                   item->score, photo, view);
    add(&s->facts, "In the notice", s->earlier);
}

static ko_status add_repeat(showing *s)
{
    const making *m = s->making;
    ko_texts texts = {0};
    ko_repeat repeat;
    const ko_status st = ko_repeat_find(m->store, m->notice, s->item, &texts, &repeat, m->err);
    ko_repeat_words(&repeat, s->repeat);
    add(&s->facts, "Removed before", s->repeat);
    ko_texts_free(&texts);
    return st;
}

/* c is NULL when the candidate is gone, or the listing is from a sheet of the user's. */
static ko_status add_facts(showing *s, const ko_candidate *c)
{
    const ko_notice_item *item = s->item;
    char brief[KO_EVIDENCE_BRIEF_SIZE];
    join(s->seller, sizeof s->seller, item->seller, ", id ", item->seller_id);
    join(s->offered, sizeof s->offered, item->platform, ", item ", item->item);
    add_url(&s->facts, "Listing", item->url);
    add(&s->facts, "Title", item->title);
    add(&s->facts, "Seller", s->seller);
    add(&s->facts, "Platform", s->offered);
    if (!c) {
        if (item->has_evidence)
            add_evidence(s, item->score, "", item->photo_sha256, item->view_sha256);
        return KO_OK;
    }
    ko_evidence_brief(&c->match.evidence, brief);
    add_listing(s, c->listing);
    add_evidence(s, c->match.evidence.score, brief, c->photo->sha256, c->view->sha256);
    add_earlier(s, c);
    add_url(&s->facts, "Photo from", c->photo_url);
    const ko_status st =
        ko_web_answer_each(s->making->store, c->listing->id, take_page, s, s->making->err);
    add(&s->facts, "Page kept", s->page);
    if (s->page_url.data && strcmp(s->page_url.data, item->url) != 0)
        add_url(&s->facts, "Page from", s->page_url.data);
    return st == KO_OK ? st : ko_fail(s->making->err, st, "pages of %s", item->url);
}

/* Leaves jpeg empty, and says why, when the pictures cannot be had any more. */
static ko_status draw(showing *s, const ko_candidate *c, ko_buf *jpeg, ko_proof_sheet_listing *out)
{
    making *m = s->making;
    ko_report_pixels pixels = {0};
    ko_error why = {0};
    ko_status st = ko_exhibit_draw(m->store, c, &m->work, &pixels, &why);
    if (st == KO_OK)
        st = ko_proof_jpeg(pixels.rows, pixels.stride, pixels.width, pixels.height, JPEG_QUALITY,
                           jpeg, &why);
    ko_free(pixels.rows);
    if (st == KO_E_NOMEM)
        return ko_fail(m->err, st, "%s", why.text);
    if (st == KO_OK) {
        out->picture = jpeg;
        out->width = pixels.width;
        out->height = pixels.height;
        return KO_OK;
    }
    ko_problem(m->problems, "%s: no picture: %s", s->item->url, why.text);
    add(&s->facts, "Pictures", "They could not be read again when these pages were made.");
    return KO_OK;
}

static ko_status show(showing *s, const ko_candidate *c)
{
    ko_buf jpeg = KO_BUF(KO_MAX_PROOF_BYTES);
    ko_proof_sheet_listing listing = {0};
    s->is_shown = true;
    ko_status st = add_repeat(s);
    if (st == KO_OK)
        st = add_facts(s, c);
    if (st == KO_OK && c)
        st = draw(s, c, &jpeg, &listing);
    listing.facts = s->facts.fact;
    listing.n_facts = s->facts.n;
    if (st == KO_OK)
        st = ko_proof_sheet_add(s->making->sheet, &listing);
    ko_buf_free(&jpeg);
    return st;
}

static ko_status on_candidate(void *context, const ko_candidate *candidate)
{
    return show(context, candidate);
}

static ko_status on_item(void *context, const ko_notice_item *item)
{
    making *m = context;
    showing s = {.making = m, .item = item, .page_url = KO_BUF(KO_MAX_SHEET_FIELD)};
    const ko_candidate_filter only = {.id = item->candidate_id};
    ko_status st = KO_OK;
    if (ko_stop_asked())
        return ko_fail(m->err, KO_E_STOPPED, "stopped");
    if (item->candidate_id)
        st = ko_candidate_each(m->store, &only, on_candidate, &s, m->err);
    if (st == KO_OK && !s.is_shown) {
        if (item->candidate_id)
            ko_problem(m->problems, "%s: no picture: the work or the listing was removed",
                       item->url);
        st = show(&s, NULL);
    }
    ko_buf_free(&s.page_url);
    return st;
}

/* --- all of it --- */

static ko_status on_notice(void *context, const ko_notice *notice)
{
    making *m = context;
    m->notice = notice;
    ko_status st = put_heading(m, notice);
    if (st != KO_OK)
        return st;
    st = ko_notice_item_each(m->store, notice->id, m->states, on_row, m, m->err);
    if (st == KO_OK)
        st = ko_notice_item_each(m->store, notice->id, m->states, on_item, m, m->err);
    return ko_proof_sheet_close(m->sheet, st);
}

ko_status ko_evidence_sheet(ko_store *store, int64_t notice_id, unsigned states,
                            const char *software, ko_problems *problems, ko_buf *out_pdf,
                            ko_error *err)
{
    making m = {.store = store,
                .states = states,
                .software = software,
                .problems = problems,
                .out = out_pdf,
                .err = err};
    ko_status st = ko_profile_read(store, &m.user, err);
    if (st == KO_OK)
        st = ko_notice_each(store, &(ko_notice_filter){.id = notice_id}, on_notice, &m, err);
    if (st == KO_OK && !m.notice)
        st = ko_fail(err, KO_E_NOT_FOUND, "no notice %lld", (long long)notice_id);
    ko_exhibit_work_free(&m.work);
    ko_profile_free(&m.user);
    return st;
}
