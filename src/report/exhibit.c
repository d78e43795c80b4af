#include "report/exhibit.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/text.h"
#include "report/compared.h"
#include "report/evidence.h"
#include "report/picture.h"

#include <stdio.h>
#include <string.h>

#define LINES 24 /* more hide what they join */
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
    ko_part_line lines[LINES];
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

/* --- lines --- */

/* Rec. 601 luma of what a browser shows: transparent pixels on white. */
static ko_status grey_of(const ko_rgba *in, ko_grey *out, ko_error *err)
{
    uint8_t *px = ko_alloc_array(in->height, in->width);
    if (!px)
        return ko_fail(err, KO_E_NOMEM, "picture of %u x %u px", in->width, in->height);
    for (uint32_t y = 0; y < in->height; y++)
        for (uint32_t x = 0; x < in->width; x++) {
            const uint8_t *p = in->px + y * in->stride + 4 * (size_t)x;
            const unsigned luma = (299u * p[0] + 587u * p[1] + 114u * p[2] + 500) / 1000;
            px[(size_t)y * in->width + x] =
                (uint8_t)((luma * p[3] + 255u * (255u - p[3]) + 127) / 255);
        }
    *out = (ko_grey){px, in->width, in->height, in->width};
    return KO_OK;
}

/* Points that agree, in pixels of the photo as displayed, as the quad is. */
static ko_status find_lines(exhibit *x, ko_error *err)
{
    const ko_image_colour *photo = &x->listing;
    const float to_x = (float)photo->full.width / (float)photo->raster.width;
    const float to_y = (float)photo->full.height / (float)photo->raster.height;
    ko_part_found found = {.mirrored = x->source.mirrored, .inverted = x->source.inverted};
    for (size_t i = 0; i < 8; i++)
        found.quad[i] = x->source.quad[i] / (i % 2 ? to_y : to_x);
    ko_grey luma = {0};
    ko_status st = grey_of(&photo->raster, &luma, err);
    if (st == KO_OK)
        st = ko_part_lines(x->work->part, &luma, &found, LINES, x->lines, &x->n_lines, err);
    for (size_t i = 0; i < x->n_lines; i++) {
        x->lines[i].photo[0] *= to_x;
        x->lines[i].photo[1] *= to_y;
    }
    ko_free(luma.px);
    return st;
}

static void set_place(exhibit *x)
{
    const ko_compared_place place =
        ko_compared_where(x->candidate, x->work->part, &x->listing.full);
    ko_report_picture_source *s = &x->source;
    memcpy(s->quad, place.quad, sizeof s->quad);
    s->whole = place.whole;
    s->mirrored = place.mirrored;
    s->inverted = place.inverted;
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
    set_place(x);
    st = work->part ? find_lines(x, err) : KO_OK;
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
