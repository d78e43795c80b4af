/* Which views the matches agree on, before any fitting.
 *
 * Every match proposes a turn, a size and a place of its view, as in a generalised Hough
 * transform (Ballard 1981; Lowe 2004, section 7.3). Proposals are compared pair by pair:
 * no bins, so no borders of bins, and a view has few matches. */
#include "base/alloc.h"
#include "base/status.h"
#include "match/part_claim.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PI 3.14159265f
#define VOTES_MAX 512 /* of a view and variant; more are no better evidence */
#define TURN_NEAR (PI / 6)
#define SIZE_NEAR .3436f /* logarithm of 1.41 */
#define PLACE_NEAR .15f  /* of the view's longer side */
/* A quarter of one match without rivals: below this, nothing is worth a fit. */
#define WEIGHT_MIN (KO_PART_WEIGHT / 4)
#define CANDIDATES_A_WORK 2

/* The proposals of one view and variant, column by column. */
typedef struct votes {
    size_t n;
    float turn[VOTES_MAX];
    float size[VOTES_MAX];            /* logarithm of photo pixels per view pixel */
    float x[VOTES_MAX], y[VOTES_MAX]; /* of the view's centre */
    uint32_t weight[VOTES_MAX];
} votes;

static void propose(votes *v, const ko_part_view *view, const ko_keypoint *k,
                    const ko_part_match *m)
{
    const ko_part_point p = ko_part_point_seen(view, m->point, m->variant);
    const float turn = k->angle - p.angle, size = k->scale / p.scale;
    const float dx = ((float)view->width * .5f - p.x) * size;
    const float dy = ((float)view->height * .5f - p.y) * size;
    const float c = cosf(turn), s = sinf(turn);
    v->turn[v->n] = remainderf(turn, 2 * PI);
    v->size[v->n] = logf(size);
    v->x[v->n] = k->x + c * dx - s * dy;
    v->y[v->n] = k->y + s * dx + c * dy;
    v->weight[v->n++] = m->weight;
}

static uint32_t agreeing(const votes *v, size_t with, float longest)
{
    const float reach = PLACE_NEAR * longest * expf(v->size[with]);
    const float turn = v->turn[with], size = v->size[with], x = v->x[with], y = v->y[with];
    uint32_t sum = 0;
    for (size_t i = 0; i < v->n; i++) {
        const float d = fabsf(v->turn[i] - turn), turned = d > PI ? 2 * PI - d : d;
        const float dx = v->x[i] - x, dy = v->y[i] - y;
        const int agrees = (turned < TURN_NEAR) & (fabsf(v->size[i] - size) < SIZE_NEAR) &
                           (dx * dx + dy * dy < reach * reach);
        sum += agrees ? v->weight[i] : 0;
    }
    return sum;
}

/* The match of m[0..n) that most others agree with, by weight; nothing when all of them
 * together weigh less than least. */
static ko_part_tally count_votes(const ko_part_view *view, const ko_features *f,
                                 const ko_part_match *m, size_t n, uint32_t least)
{
    ko_part_tally best = {0};
    uint32_t sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += m[i].weight;
    if (sum < least)
        return best;
    votes v;
    v.n = 0;
    for (size_t i = 0; i < n && i < VOTES_MAX; i++)
        propose(&v, view, &f->keypoints[m[i].query], &m[i]);
    const float longest = (float)(view->width > view->height ? view->width : view->height);
    for (size_t i = 0; i < v.n; i++) {
        const uint32_t weight = agreeing(&v, i, longest);
        if (weight > best.weight)
            best = (ko_part_tally){.weight = weight, .match = i};
    }
    return best;
}

/* The best tallies so far, each of another work: what weighs less than the last of them will
 * not be a candidate. */
typedef struct leaders {
    uint32_t work[KO_PART_CANDIDATES];
    uint32_t weight[KO_PART_CANDIDATES];
} leaders;

static uint32_t least_weight(const leaders *l)
{
    uint32_t least = l->weight[0];
    for (size_t i = 1; i < KO_PART_CANDIDATES; i++)
        least = l->weight[i] < least ? l->weight[i] : least;
    return least > WEIGHT_MIN ? least : WEIGHT_MIN + 1;
}

static void note_tally(leaders *l, uint32_t work, uint32_t weight)
{
    size_t at = 0;
    for (size_t i = 1; i < KO_PART_CANDIDATES; i++)
        at = l->weight[i] < l->weight[at] ? i : at;
    for (size_t i = 0; i < KO_PART_CANDIDATES; i++)
        if (l->weight[i] > 0 && l->work[i] == work)
            at = i;
    if (weight > l->weight[at]) {
        l->work[at] = work;
        l->weight[at] = weight;
    }
}

static size_t key_of(const ko_part_match *m)
{
    return (size_t)m->view * KO_VARIANTS + m->variant;
}

/* Counting sort by view and variant: those of key k come to start[k]..start[k + 1]-1. */
static void sort_matches(ko_parts_scratch *s, size_t n, size_t n_keys)
{
    memset(s->start, 0, (n_keys + 2) * sizeof *s->start);
    for (size_t i = 0; i < n; i++)
        s->start[key_of(&s->found[i]) + 2]++;
    for (size_t k = 2; k < n_keys + 2; k++)
        s->start[k] += s->start[k - 1];
    for (size_t i = 0; i < n; i++)
        s->matches[s->start[key_of(&s->found[i]) + 1]++] = s->found[i];
}

static int by_weight(const void *a, const void *b)
{
    const ko_part_tally *x = a, *y = b;
    if (x->weight != y->weight)
        return x->weight > y->weight ? -1 : 1;
    return (x->key > y->key) - (x->key < y->key);
}

static size_t choose(const ko_parts_scratch *s, const uint32_t *work_of, size_t n_tallies,
                     ko_part_claim out_claims[KO_PART_CANDIDATES])
{
    size_t n = 0;
    for (size_t i = 0; i < n_tallies && n < KO_PART_CANDIDATES; i++) {
        const ko_part_tally *t = &s->tallies[i];
        const uint32_t view = t->key / KO_VARIANTS;
        unsigned same = 0;
        for (size_t k = 0; k < n; k++)
            same += work_of[out_claims[k].view] == work_of[view];
        if (same < CANDIDATES_A_WORK)
            out_claims[n++] = (ko_part_claim){.view = view,
                                              .variant = t->key % KO_VARIANTS,
                                              .pivot = t->match,
                                              .from = s->start[t->key],
                                              .to = s->start[t->key + 1]};
    }
    return n;
}

static ko_status grow_start(ko_parts_scratch *s, size_t room, ko_error *err)
{
    if (room <= s->start_room)
        return KO_OK;
    uint32_t *start = ko_alloc_array(room, sizeof *start);
    if (!start)
        return ko_fail(err, KO_E_NOMEM, "votes on %zu views", room / KO_VARIANTS);
    ko_free(s->start);
    s->start = start;
    s->start_room = room;
    return KO_OK;
}

ko_status ko_part_vote(const ko_part_view *const *views, const uint32_t *work_of, size_t n_views,
                       ko_parts_scratch *s, size_t n, ko_part_claim out_claims[KO_PART_CANDIDATES],
                       size_t *out_count, ko_error *err)
{
    assert(n <= KO_PART_MATCHES_MAX);
    const size_t n_keys = n_views * KO_VARIANTS;
    const ko_status st = grow_start(s, n_keys + 2, err);
    if (st != KO_OK)
        return st;
    sort_matches(s, n, n_keys);
    size_t n_tallies = 0;
    leaders leading = {0};
    for (uint32_t key = 0; key < n_keys; key++) {
        const size_t from = s->start[key], to = s->start[key + 1];
        if (to - from < 2)
            continue;
        const uint32_t view = key / KO_VARIANTS, least = least_weight(&leading);
        ko_part_tally t =
            count_votes(views[view], &s->photo.features, s->matches + from, to - from, least);
        if (t.weight < least)
            continue;
        t.key = key;
        t.match += from;
        s->tallies[n_tallies++] = t;
        note_tally(&leading, work_of[view], t.weight);
    }
    qsort(s->tallies, n_tallies, sizeof *s->tallies, by_weight);
    *out_count = choose(s, work_of, n_tallies, out_claims);
    return KO_OK;
}
