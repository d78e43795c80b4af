#include "report/exhibit.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/text.h"
#include "report/compared.h"
#include "report/evidence.h"
#include "report/picture.h"

#include <stdio.h>
#include <string.h>

#define FACTS 8

/* How large things are drawn, and at which side at least they are decoded for that. */
typedef struct detail {
    const ko_report_size *size;
    uint32_t listing_px, work_px;
} detail;

static const detail on_screen = {&ko_report_on_screen, 2400, 2048};
static const detail on_paper = {&ko_report_on_paper, 1400, 640};

typedef struct exhibit {
    const ko_candidate *candidate;
    ko_image_colour listing;
    ko_exhibit_work *work;
    ko_part_line lines[KO_COMPARED_LINES];
    size_t n_lines;
    ko_report_picture_source source;
} exhibit;

/* --- files --- */

static ko_status load_work(ko_store *store, const ko_candidate *c, const detail *how,
                           ko_exhibit_work *work, ko_error *err)
{
    if (work->view_id == c->view->id)
        return KO_OK;
    ko_exhibit_work_free(work);
    ko_status st = ko_compared_work(c->view, how->work_px, &work->picture, err);
    if (st != KO_OK)
        return st;
    work->view_id = c->view->id;
    st = ko_compared_part(store, c, &work->part, err);
    if (st != KO_OK)
        ko_exhibit_work_free(work);
    return st;
}

void ko_exhibit_work_free(ko_exhibit_work *work)
{
    ko_part_view_free(work->part);
    ko_image_colour_free(&work->picture);
    *work = (ko_exhibit_work){0};
}

static ko_compared_place set_place(exhibit *x)
{
    const ko_compared_place place =
        ko_compared_where(x->candidate, x->work->part, &x->listing.full);
    ko_report_picture_source *s = &x->source;
    memcpy(s->quad, place.quad, sizeof s->quad);
    s->whole = place.whole;
    s->mirrored = place.mirrored;
    s->inverted = place.inverted;
    return place;
}

/* --- the picture --- */

/* What is written below the pictures. */
typedef struct words {
    char score[160], how[KO_EVIDENCE_BRIEF_SIZE], seen[96], photo[2 * KO_SHA256_SIZE + 16];
    ko_buf work;
    ko_report_fact facts[FACTS];
    size_t n;
} words;

static void add_fact(words *w, const char *name, const char *value)
{
    if (value[0])
        w->facts[w->n++] = (ko_report_fact){name, value};
}

static ko_status put_words(const ko_candidate *c, words *w)
{
    char odds[KO_EVIDENCE_ODDS_SIZE], first[KO_TIME_SIZE], last[KO_TIME_SIZE];
    char sha256[2 * KO_SHA256_SIZE + 1];
    const ko_listing *listing = &c->listing->record;
    ko_evidence_odds(c->match.evidence.score, odds);
    ko_evidence_brief(&c->match.evidence, w->how);
    ko_clock_text(c->listing->first_seen, first);
    ko_clock_text(c->listing->last_seen, last);
    ko_text_hex(c->photo->sha256, sizeof c->photo->sha256, sha256);
    (void)snprintf(w->score, sizeof w->score, "%.2f: %s would match by chance (%s)",
                   c->match.evidence.score, odds, w->how);
    (void)snprintf(w->seen, sizeof w->seen, "first %s, last %s", first, last);
    (void)snprintf(w->photo, sizeof w->photo, "SHA-256 %s", sha256);
    const ko_status st = ko_buf_printf(&w->work, "%s %s", c->work->serial, c->work->fields.title);
    if (st != KO_OK)
        return st;
    add_fact(w, "work", w->work.data);
    add_fact(w, "listing", listing->url[0] ? listing->url : c->photo->path);
    add_fact(w, "title", listing->title);
    add_fact(w, "seller", listing->seller);
    add_fact(w, "score", w->score);
    add_fact(w, "seen", w->seen);
    add_fact(w, "photo", w->photo);
    return KO_OK;
}

/* Reads what is drawn and finds out where. */
static ko_status open_exhibit(exhibit *x, ko_store *store, const ko_candidate *c, const detail *how,
                              ko_exhibit_work *work, ko_error *err)
{
    *x = (exhibit){.candidate = c, .work = work};
    ko_status st = ko_compared_photo(c->photo, how->listing_px, &x->listing, err);
    if (st == KO_OK)
        st = load_work(store, c, how, work, err);
    if (st != KO_OK)
        return st;
    x->source.size = how->size;
    x->source.listing = &x->listing;
    x->source.work = &work->picture;
    const ko_compared_place place = set_place(x);
    if (work->part)
        st = ko_compared_lines(work->part, &x->listing, &place, x->lines, &x->n_lines, err);
    x->source.lines = x->lines;
    x->source.n_lines = x->n_lines;
    return st;
}

ko_status ko_exhibit_draw(ko_store *store, const ko_candidate *c, ko_exhibit_work *work,
                          ko_report_pixels *out_pixels, ko_error *err)
{
    exhibit x;
    ko_status st = open_exhibit(&x, store, c, &on_paper, work, err);
    if (st == KO_OK)
        st = ko_report_draw(&x.source, out_pixels, err);
    ko_image_colour_free(&x.listing);
    return st;
}

/* Draws it with the words below. */
static ko_status write_png(const exhibit *x, const char *software, ko_buf *out_png, ko_error *err)
{
    words w = {.work = KO_BUF(64 << 10)};
    ko_status st = put_words(x->candidate, &w);
    if (st != KO_OK) {
        st = ko_fail(err, st, "words of candidate %lld", (long long)x->candidate->id);
    } else {
        ko_report_picture_source source = x->source;
        source.facts = w.facts;
        source.n_facts = w.n;
        source.software = software;
        st = ko_report_picture(&source, out_png, err);
    }
    ko_buf_free(&w.work);
    return st;
}

ko_status ko_exhibit_png(ko_store *store, const ko_candidate *c, const char *software,
                         ko_buf *out_png, ko_error *err)
{
    exhibit x;
    ko_exhibit_work work = {0};
    ko_status st = open_exhibit(&x, store, c, &on_screen, &work, err);
    if (st == KO_OK)
        st = write_png(&x, software, out_png, err);
    ko_exhibit_work_free(&work);
    ko_image_colour_free(&x.listing);
    return st;
}
