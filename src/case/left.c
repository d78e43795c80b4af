#include "case/left.h"

#include "base/alloc.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static int compare(const void *a, const void *b)
{
    const ko_plan_left *x = *(const ko_plan_left *const *)a;
    const ko_plan_left *y = *(const ko_plan_left *const *)b;
    if (x->why != y->why)
        return x->why < y->why ? -1 : 1;
    const int by_words = strcmp(x->words, y->words);
    return by_words ? by_words
                    : (x->candidate_id > y->candidate_id) - (x->candidate_id < y->candidate_id);
}

static int compare_serials(const void *a, const void *b)
{
    const ko_plan_left *x = *(const ko_plan_left *const *)a;
    const ko_plan_left *y = *(const ko_plan_left *const *)b;
    const int by_serial = strcmp(x->serial, y->serial);
    return by_serial ? by_serial
                     : (x->candidate_id > y->candidate_id) - (x->candidate_id < y->candidate_id);
}

static void add_cause(ko_left *out, const char *words, const char *fact,
                      const ko_plan_left *const *left, size_t n)
{
    ko_left_kind *kind = &out->kinds[out->n_kinds - 1];
    ko_left_cause *cause = &out->causes[out->n_causes++];
    *cause = (ko_left_cause){.words = words, .fact = fact, .left = left, .n = n};
    for (size_t i = 0; i < n; i++)
        cause->n_works += i == 0 || strcmp(left[i]->serial, left[i - 1]->serial) != 0;
    if (kind->n_causes++ == 0)
        kind->causes = cause;
}

/* Those with the same words lie side by side. */
static void add_words(ko_left *out, const ko_plan_left *const *left, size_t n)
{
    for (size_t from = 0, to; from < n; from = to) {
        to = from + 1;
        while (to < n && strcmp(left[to]->words, left[from]->words) == 0)
            to++;
        add_cause(out, left[from]->words, NULL, left + from, to - from);
    }
}

static bool lacks(const ko_plan_left *left, const char *fact)
{
    for (size_t i = 0; i < left->lacking->n; i++)
        if (strcmp(left->lacking->facts[i], fact) == 0)
            return true;
    return false;
}

/* Each fact once, as all of them need it: there are few, and many notices that lack them. */
static size_t facts_of(const ko_plan_left *const *left, size_t n, const char *out_facts[KO_FACTS])
{
    size_t n_facts = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < left[i]->lacking->n; k++) {
            size_t at = 0;
            while (at < n_facts && strcmp(out_facts[at], left[i]->lacking->facts[k]) != 0)
                at++;
            if (at == n_facts)
                out_facts[n_facts++] = left[i]->lacking->facts[k];
        }
    return n_facts;
}

static void add_facts(ko_left *out, const ko_plan_left **left, size_t n)
{
    const char *facts[KO_FACTS];
    const size_t n_facts = facts_of(left, n, facts);
    qsort((void *)left, n, sizeof(ko_plan_left *), compare_serials);
    for (size_t i = 0; i < n_facts; i++) {
        const ko_plan_left **own = out->sorted + out->n_sorted;
        size_t n_own = 0;
        for (size_t k = 0; k < n; k++)
            if (lacks(left[k], facts[i]))
                own[n_own++] = left[k];
        out->n_sorted += n_own;
        add_cause(out, ko_fact_words(facts[i], strlen(facts[i])), facts[i], own, n_own);
    }
}

/* How many places those below facts take, each once for each fact that it lacks. */
static size_t count_lacking(const ko_plan *plan)
{
    size_t n = 0;
    for (size_t i = 0; i < ko_plan_left_count(plan); i++) {
        const ko_plan_left *left = ko_plan_left_at(plan, i);
        n += left->lacking ? left->lacking->n : 0;
    }
    return n;
}

ko_status ko_left_make(const ko_plan *plan, ko_left *out_left, ko_error *err)
{
    const size_t n = ko_plan_left_count(plan);
    *out_left = (ko_left){0};
    out_left->sorted = ko_alloc_array(n + count_lacking(plan), sizeof(ko_plan_left *));
    out_left->causes = ko_alloc_array(n + KO_FACTS, sizeof *out_left->causes);
    if (!out_left->sorted || !out_left->causes)
        return ko_fail(err, KO_E_NOMEM, "no memory for %zu candidates", n);
    for (size_t i = 0; i < n; i++)
        out_left->sorted[i] = ko_plan_left_at(plan, i);
    qsort((void *)out_left->sorted, n, sizeof(ko_plan_left *), compare);
    out_left->n_sorted = n;
    for (size_t from = 0, to; from < n; from = to) {
        const ko_plan_left **left = out_left->sorted + from;
        for (to = from + 1; to < n && out_left->sorted[to]->why == left[0]->why;)
            to++;
        assert(out_left->n_kinds < KO_PLAN_WHYS);
        out_left->kinds[out_left->n_kinds++] = (ko_left_kind){.why = left[0]->why, .n = to - from};
        if (left[0]->why == KO_PLAN_FACT_MISSING)
            add_facts(out_left, left, to - from);
        else
            add_words(out_left, left, to - from);
    }
    return KO_OK;
}

void ko_left_free(ko_left *left)
{
    ko_free(left->causes);
    ko_free((void *)left->sorted);
    *left = (ko_left){0};
}
