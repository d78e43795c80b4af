/* What another threshold would change, on what is stored already. */
#include "serve/handlers.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "report/candidate.h"
#include "serve/sent.h"

#include <math.h>
#include <stdlib.h>

#define NEAREST 12u /* candidates that are shown on each side of the line: a row of thumbnails */

typedef struct preview {
    ko_store *store;
    int64_t work_id; /* 0: of all works that have no threshold of their own */
    double in_force, line;
    bool found, any_scanned;
    double known_down_to; /* nothing below was kept of some work */
    ko_candidate_undecided *undecided;
    size_t n, capacity;
    json_t *candidates; /* that are being read */
    ko_error *err;
} preview;

/* --- what is asked for --- */

static bool is_score(double score)
{
    return isfinite(score) && score >= 0 && score <= KO_MAX_SERVE_SCORE;
}

ko_status ko_serve_read_score(const json_t *sent, double *out_score, ko_error *err)
{
    const ko_status st = ko_sent_number(sent, "threshold", out_score, err);
    if (st != KO_OK || is_score(*out_score))
        return st;
    return ko_fail(err, KO_E_USAGE, "threshold is a score from 0 to %g", KO_MAX_SERVE_SCORE);
}

static ko_status read_query(const ko_target *target, double *out_line, ko_error *err)
{
    const char *text = ko_target_query(target, "score");
    char *end = NULL;
    *out_line = text && text[0] >= '0' && text[0] <= '9' ? strtod(text, &end) : -1;
    if (end && *end == '\0' && is_score(*out_line))
        return KO_OK;
    return ko_fail(err, KO_E_USAGE, "score is a number from 0 to %g", KO_MAX_SERVE_SCORE);
}

/* --- what there is --- */

/* How far down scans have kept what they found. */
static ko_status see_work(void *context, const ko_work *work)
{
    preview *p = context;
    const double *own = work->fields.threshold;
    p->found = true;
    if (p->work_id && own)
        p->in_force = *own;
    if ((!p->work_id && own) || work->compared_to == 0)
        return KO_OK;
    p->any_scanned = true;
    p->known_down_to = fmax(p->known_down_to, work->compared_score);
    return KO_OK;
}

static ko_status keep(void *context, const ko_candidate_undecided *candidate)
{
    preview *p = context;
    ko_candidate_undecided *grown =
        ko_grown(p->undecided, p->n, &p->capacity, sizeof *p->undecided);
    if (!grown)
        return KO_E_NOMEM;
    p->undecided = grown;
    p->undecided[p->n++] = *candidate;
    return KO_OK;
}

static ko_status read_all(preview *p)
{
    ko_status st = ko_store_threshold(p->store, &p->in_force, p->err);
    if (st == KO_OK)
        st = ko_work_brief_each(p->store, p->work_id, see_work, p, p->err);
    return st == KO_OK ? ko_candidate_undecided_each(p->store, p->work_id, keep, p, p->err) : st;
}

/* How many reach a score; they come from the best down. */
static size_t count_from(const preview *p, double score)
{
    size_t n = 0;
    while (n < p->n && p->undecided[n].score >= score)
        n++;
    return n;
}

static ko_status take(void *context, const ko_candidate *candidate)
{
    preview *p = context;
    return json_array_append_new(p->candidates, ko_candidate_json(candidate)) == 0 ? KO_OK
                                                                                   : KO_E_NOMEM;
}

/* The candidates from first to before end, as a new array. */
static ko_status read_candidates(preview *p, size_t first, size_t end, json_t **out)
{
    p->candidates = *out = json_array();
    ko_status st = *out ? KO_OK : KO_E_NOMEM;
    for (size_t i = first; st == KO_OK && i < end; i++) {
        const ko_candidate_filter one = {.id = p->undecided[i].id};
        st = ko_candidate_each(p->store, &one, take, p, p->err);
    }
    return st;
}

static ko_status answer_preview(preview *p, ko_serve_answer *answer)
{
    const size_t now = count_from(p, p->in_force), then = count_from(p, p->line);
    const size_t first = then > NEAREST ? then - NEAREST : 0;
    const size_t end = p->n - then > NEAREST ? then + NEAREST : p->n;
    json_t *above = NULL, *below = NULL;
    ko_status st = read_candidates(p, first, then, &above);
    if (st == KO_OK)
        st = read_candidates(p, then, end, &below);
    if (st == KO_OK)
        st = ko_serve_answer_json(
            answer,
            json_pack("{s:f, s:f, s:I, s:I, s:O, s:O, s:o}", "in_force", p->in_force, "score",
                      p->line, "now", (json_int_t)now, "then", (json_int_t)then, "above", above,
                      "below", below, "known_down_to",
                      p->any_scanned ? json_real(p->known_down_to) : json_null()),
            p->err);
    json_decref(above);
    json_decref(below);
    return st;
}

/* --- asking and setting --- */

ko_status ko_serve_threshold(ko_desk *desk, const ko_serve_request *request,
                             ko_serve_answer *answer, ko_error *err)
{
    preview p = {.work_id = request->id, .err = err};
    ko_status st = read_query(request->target, &p.line, err);
    if (st == KO_OK)
        st = ko_pool_take(desk->pool, &p.store, err);
    if (st == KO_OK)
        st = read_all(&p);
    if (st == KO_OK && p.work_id && !p.found)
        st = ko_fail(err, KO_E_NOT_FOUND, "no work KO-%06lld", (long long)p.work_id);
    if (st == KO_OK)
        st = answer_preview(&p, answer);
    ko_pool_give(desk->pool, p.store);
    ko_free(p.undecided);
    return st == KO_E_NOMEM ? ko_fail(err, st, "what a threshold changes") : st;
}

ko_status ko_serve_threshold_set(ko_desk *desk, const ko_serve_request *request,
                                 ko_serve_answer *answer, ko_error *err)
{
    static const char *const names[] = {"threshold", NULL};
    double threshold = -1; /* none was said */
    ko_store *store = NULL;
    json_t *sent = NULL;
    ko_status st = ko_sent_object(request, names, &sent, err);
    if (st == KO_OK)
        st = ko_serve_read_score(sent, &threshold, err);
    if (st == KO_OK)
        st = ko_pool_take(desk->pool, &store, err);
    if (st == KO_OK)
        st = ko_store_set_threshold(store, threshold, err);
    ko_pool_give(desk->pool, store);
    json_decref(sent);
    return st == KO_OK
               ? ko_serve_answer_json(answer, json_pack("{s:f}", "threshold", threshold), err)
               : st;
}
