#include "cli/choice.h"

#include "base/alloc.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* --- which are listed --- */

ko_status ko_choice_filter(ko_store *store, const ko_choice_options *options,
                           ko_candidate_filter *out_filter, ko_error *err)
{
    const char *state = options->state ? options->state : "open";
    *out_filter = (ko_candidate_filter){
        .all = options->all, .states = ko_candidate_states_named(state), .seller = options->seller};
    if (!out_filter->states)
        return ko_fail(err, KO_E_USAGE,
                       "--state takes open, accepted, rejected, unsure, licensed, set-aside or "
                       "all, not '%s'",
                       state);
    return options->work ? ko_work_find(store, options->work, &out_filter->work_id, err) : KO_OK;
}

/* --- which are meant --- */

typedef struct span {
    int64_t first, last;
} span;

typedef struct choosing {
    span *spans; /* NULL: every one is meant */
    size_t n_spans;
    ko_choice *choice;
} choosing;

/* Reads the digits at *at and goes behind them; 0 when there are none. */
static int64_t read_number(const char **at)
{
    char *end = NULL;
    errno = 0;
    const int64_t value = **at >= '0' && **at <= '9' ? strtoll(*at, &end, 10) : 0;
    if (!end || errno)
        return 0;
    *at = end;
    return value;
}

static ko_status read_span(const char *word, span *out, ko_error *err)
{
    const char *at = word;
    out->first = out->last = read_number(&at);
    if (*at == '-') {
        at++;
        out->last = read_number(&at);
    }
    if (*at || out->first <= 0 || out->last < out->first)
        return ko_fail(err, KO_E_USAGE, "candidates have numbers, 5 or 3-9, not '%s'", word);
    return KO_OK;
}

static ko_status choose(ko_choice *choice, const ko_candidate *c)
{
    ko_chosen *chosen = ko_grown(choice->chosen, choice->n, &choice->capacity, sizeof *chosen);
    if (!chosen)
        return KO_E_NOMEM;
    choice->chosen = chosen;
    choice->chosen[choice->n++] = ko_chosen_of(c);
    return KO_OK;
}

static ko_status on_listed(void *context, const ko_candidate *c)
{
    const choosing *what = context;
    bool meant = !what->spans;
    for (size_t i = 0; !meant && i < what->n_spans; i++)
        meant = c->id >= what->spans[i].first && c->id <= what->spans[i].last;
    return meant ? choose(what->choice, c) : KO_OK;
}

static bool is_chosen(const ko_choice *choice, int64_t id)
{
    for (size_t i = 0; i < choice->n; i++)
        if (choice->chosen[i].id == id)
            return true;
    return false;
}

static ko_status on_named(void *context, const ko_candidate *c)
{
    const choosing *what = context;
    return choose(what->choice, c);
}

/* A single number that the list does not have is meant all the same. */
static ko_status choose_named(ko_store *store, const choosing *what, int64_t id, ko_error *err)
{
    ko_choice *choice = what->choice;
    if (is_chosen(choice, id))
        return KO_OK;
    const ko_candidate_filter one = {.id = id};
    const ko_status st = ko_candidate_each(store, &one, on_named, (void *)what, err);
    if (st == KO_OK && !is_chosen(choice, id))
        return ko_fail(err, KO_E_NOT_FOUND, "no candidate %lld", (long long)id);
    return st;
}

ko_status ko_choice_make(ko_store *store, char *const *words, size_t n,
                         const ko_candidate_filter *filter, ko_choice *out_choice, ko_error *err)
{
    *out_choice = (ko_choice){0};
    choosing what = {.n_spans = n, .choice = out_choice};
    ko_status st = KO_OK;
    if (n) {
        what.spans = ko_alloc_array(n, sizeof *what.spans);
        if (!what.spans)
            return ko_fail(err, KO_E_NOMEM, "%zu numbers", n);
    }
    for (size_t i = 0; st == KO_OK && i < n; i++)
        st = read_span(words[i], &what.spans[i], err);
    if (st == KO_OK)
        st = ko_candidate_each(store, filter, on_listed, &what, err);
    for (size_t i = 0; st == KO_OK && i < n; i++)
        if (what.spans[i].first == what.spans[i].last)
            st = choose_named(store, &what, what.spans[i].first, err);
    if (st == KO_OK && out_choice->n == 0)
        st = ko_fail(err, KO_E_NOT_FOUND, "no candidate is listed there (knockoff candidates)");
    ko_free(what.spans);
    return st == KO_E_NOMEM ? ko_fail(err, st, "candidates to choose from") : st;
}

void ko_choice_free(ko_choice *choice)
{
    ko_free(choice->chosen);
    *choice = (ko_choice){0};
}
