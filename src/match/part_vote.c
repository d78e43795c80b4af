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
#include <stdbool.h>
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

/* Without branches, so that the compiler compares several proposals at a time. */
static uint32_t agreeing(const votes *v, size_t with, float longest)
{
    const float reach = PLACE_NEAR * longest * expf(v->size[with]);
    const float turn = v->turn[with], size = v->size[with], x = v->x[with], y = v->y[with];
    uint32_t sum = 0;
    for (size_t i = 0; i < v->n; i++) {
        const float one_way = fabsf(v->turn[i] - turn), other_way = 2 * PI - one_way;
        const float turned = one_way < other_way ? one_way : other_way;
        const float dx = v->x[i] - x, dy = v->y[i] - y;
        const unsigned agrees = (turned < TURN_NEAR) & (fabsf(v->size[i] - size) < SIZE_NEAR) &
                                (dx * dx + dy * dy < reach * reach);
        sum += v->weight[i] & (0 - agrees);
    }
    return sum;
}

/* The match of m[0..n) that most others agree with, by weight. */
static ko_part_tally count_votes(const ko_part_view *view, const ko_features *f,
                                 const ko_part_match *m, size_t n)
{
    ko_part_tally best = {0};
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

/* Below 0 when x comes first: the heavier, and of equals the one of the lower key. */
static int by_weight(const void *a, const void *b)
{
    const ko_part_tally *x = a, *y = b;
    if (x->weight != y->weight)
        return x->weight > y->weight ? -1 : 1;
    return (x->key > y->key) - (x->key < y->key);
}

/* Fills s->tallies with what each view and variant would get if all its matches agreed,
 * heaviest first; returns how many. */
static size_t rank_totals(ko_parts_scratch *s, size_t n_keys)
{
    size_t n = 0;
    for (uint32_t key = 0; key < n_keys; key++) {
        const size_t from = s->start[key], to = s->start[key + 1];
        if (to - from < 2)
            continue;
        ko_part_tally total = {.key = key};
        for (size_t i = from; i < to; i++)
            total.weight += s->matches[i].weight;
        if (total.weight > WEIGHT_MIN)
            s->tallies[n++] = total;
    }
    qsort(s->tallies, n, sizeof *s->tallies, by_weight);
    return n;
}

/* The best tallies so far, best first, of one work two at most. */
typedef struct podium {
    size_t n;
    ko_part_tally best[KO_PART_CANDIDATES];
} podium;

static bool may_enter(const podium *p, unsigned weight)
{
    return weight > WEIGHT_MIN &&
           (p->n < KO_PART_CANDIDATES || weight >= p->best[KO_PART_CANDIDATES - 1].weight);
}

/* Puts t where it belongs. For it leaves the worst of its work when that has its share, else
 * the worst of all when there is no room; t itself may be that. */
static void enter(podium *p, const ko_part_tally *t, const uint32_t *work_of)
{
    const uint32_t work = work_of[t->key / KO_VARIANTS];
    size_t at = 0, same = 0;
    for (size_t i = p->n; i-- > 0;)
        if (work_of[p->best[i].key / KO_VARIANTS] == work && same++ == 0)
            at = i;
    const bool grows = same < CANDIDATES_A_WORK && p->n < KO_PART_CANDIDATES;
    if (same < CANDIDATES_A_WORK)
        at = grows ? p->n++ : p->n - 1;
    if (!grows && by_weight(t, &p->best[at]) > 0)
        return;
    for (; at > 0 && by_weight(t, &p->best[at - 1]) < 0; at--)
        p->best[at] = p->best[at - 1];
    p->best[at] = *t;
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
    const size_t n_totals = rank_totals(s, n_keys);
    podium p = {0};
    for (size_t i = 0; i < n_totals && may_enter(&p, s->tallies[i].weight); i++) {
        const uint32_t key = s->tallies[i].key;
        const size_t from = s->start[key];
        ko_part_tally t = count_votes(views[key / KO_VARIANTS], &s->photo.features,
                                      s->matches + from, s->start[key + 1] - from);
        t.key = key;
        t.match += from;
        if (may_enter(&p, t.weight))
            enter(&p, &t, work_of);
    }
    for (size_t i = 0; i < p.n; i++) {
        const uint32_t key = p.best[i].key;
        out_claims[i] = (ko_part_claim){.view = key / KO_VARIANTS,
                                        .variant = key % KO_VARIANTS,
                                        .pivot = p.best[i].match,
                                        .from = s->start[key],
                                        .to = s->start[key + 1]};
    }
    *out_count = p.n;
    return KO_OK;
}
