/* The works: all in a list, and one with all that is known of it. */
#include "serve/handlers.h"

#include "base/alloc.h"
#include "case/beside.h"
#include "case/work_check.h"
#include "report/json.h"
#include "report/work.h"
#include "scan/register.h"

#include <stdlib.h>
#include <string.h>

/* How many candidates of a work wait for a decision. */
typedef struct open_work {
    int64_t id;
    size_t n;
} open_work;

/* How many facts about a work are missing when it states just these. */
typedef struct known_fields {
    unsigned stated; /* bits of ko_work_fields, in the order of stated_fields */
    size_t missing;
} known_fields;

#define PATTERNS 16u /* of stated fields that are remembered; a collection has a few */

/* What works are looked at with. */
typedef struct shelf {
    ko_store *store;
    ko_kit kit;
    ko_user user;
    char *proof_folder;
    const ko_channel **channels; /* the usual ones */
    size_t n_channels;
    double threshold; /* of the collection */
    ko_work_check check;
    open_work *open; /* by id */
    size_t n_open;
    known_fields patterns[PATTERNS];
    size_t n_patterns;
    json_t *works; /* that were looked at */
    ko_error *err;
} shelf;

static int compare_open(const void *a, const void *b)
{
    const open_work *x = a, *y = b;
    return (x->id > y->id) - (x->id < y->id);
}

/* Others wait for the list meanwhile: what is wanted is copied. */
static ko_status count_open(const ko_desk *desk, shelf *s)
{
    const ko_inbox *inbox;
    ko_status st = ko_live_take(desk->live, s->store, &inbox, s->err);
    if (st != KO_OK)
        return st;
    const ko_inbox_work *works = ko_inbox_works(inbox, &s->n_open);
    s->open = ko_alloc_array(s->n_open, sizeof *s->open);
    for (size_t i = 0; s->open && i < s->n_open; i++)
        s->open[i] = (open_work){works[i].id, works[i].n_in[KO_CANDIDATE_OPEN]};
    ko_live_give(desk->live);
    if (!s->open)
        return ko_fail(s->err, KO_E_NOMEM, "candidates of %zu works", s->n_open);
    qsort(s->open, s->n_open, sizeof *s->open, compare_open);
    return KO_OK;
}

static size_t open_of(const shelf *s, int64_t work_id)
{
    const open_work wanted = {.id = work_id};
    const open_work *found = bsearch(&wanted, s->open, s->n_open, sizeof *s->open, compare_open);
    return found ? found->n : 0;
}

static ko_status shelf_open(const ko_desk *desk, shelf *s, ko_error *err)
{
    s->err = err;
    ko_status st = ko_beside_kit(desk->path, &s->kit, err);
    if (st == KO_OK)
        st = ko_beside(desk->path, KO_BESIDE_PROOF, &s->proof_folder, err);
    if (st != KO_OK)
        return st;
    s->channels = ko_alloc_array(ko_rules_count(s->kit.rules), sizeof(ko_channel *));
    s->works = json_array();
    if (!s->channels || !s->works)
        return ko_fail(err, KO_E_NOMEM, "what channels ask for");
    s->n_channels = ko_rules_usual(s->kit.rules, s->channels);
    st = ko_pool_take(desk->pool, &s->store, err);
    if (st == KO_OK)
        st = ko_profile_read(s->store, &s->user, err);
    s->check = (ko_work_check){s->store, &s->kit, &s->user, s->proof_folder};
    if (st == KO_OK)
        st = ko_store_threshold(s->store, &s->threshold, err);
    return st == KO_OK ? count_open(desk, s) : st;
}

static void shelf_close(const ko_desk *desk, shelf *s)
{
    ko_pool_give(desk->pool, s->store);
    json_decref(s->works);
    ko_profile_free(&s->user);
    ko_kit_close(&s->kit);
    ko_free(s->open);
    ko_free((void *)s->channels);
    ko_free(s->proof_folder);
}

/* What is known best of the views of a work. */
static ko_status see_view(void *context, const ko_view *view)
{
    int *robustness = context;
    if (view->robustness > *robustness)
        *robustness = view->robustness;
    return KO_OK;
}

/* The work with what the page says of all of them, as a new object. */
static ko_status describe(const shelf *s, const ko_work *work, json_t **out_object)
{
    int robustness = 0;
    ko_status st = ko_view_each(s->store, work->id, false, see_view, &robustness, s->err);
    if (st != KO_OK)
        return st;
    json_t *more = json_pack("{s:s, s:I, s:I, s:i, s:b, s:b}", "work", work->serial, "open",
                             (json_int_t)open_of(s, work->id), "n_views", (json_int_t)work->n_views,
                             "robustness", robustness, "hard", robustness <= KO_ROBUSTNESS_POOR,
                             "scanned", work->compared_to > 0);
    json_t *object = ko_work_json(work, s->threshold);
    if (!more || !object || json_object_update(object, more) != 0) {
        json_decref(object);
        st = ko_fail(s->err, KO_E_NOMEM, "%s", work->serial);
    } else {
        *out_object = object;
    }
    json_decref(more);
    return st;
}

/* --- all --- */

static unsigned stated_fields(const ko_work_fields *f)
{
    const char *const texts[] = {f->title,         f->registration,  f->holder,     f->published_on,
                                 f->published_url, f->author,        f->kind,       f->completed_on,
                                 f->published_in,  f->registered_in, f->description};
    unsigned stated = 0;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        stated |= (texts[i][0] ? 1u : 0u) << i;
    return stated;
}

/* The facts about a work that some channel misses, each once. */
static ko_status count_facts(const shelf *s, const ko_work *work, size_t *out_n)
{
    static const char of_work[] = "work.";
    const char *facts[KO_FACTS];
    size_t n = 0;
    ko_status st = KO_OK;
    for (size_t i = 0; st == KO_OK && i < s->n_channels; i++) {
        ko_lacking lacking;
        st = ko_lacking_find(&s->kit, s->channels[i], work, &s->user, &lacking, s->err);
        for (size_t k = 0; st == KO_OK && k < lacking.n; k++) {
            size_t at = 0;
            while (at < n && facts[at] != lacking.facts[k])
                at++;
            if (at == n && strncmp(lacking.facts[k], of_work, strlen(of_work)) == 0)
                facts[n++] = lacking.facts[k];
        }
    }
    *out_n = n;
    return st;
}

/* Works that state the same fields miss the same facts: thousands of works are a few cases. */
static ko_status find_facts(shelf *s, const ko_work *work, size_t *out_n)
{
    const unsigned stated = stated_fields(&work->fields);
    for (size_t i = 0; i < s->n_patterns; i++)
        if (s->patterns[i].stated == stated) {
            *out_n = s->patterns[i].missing;
            return KO_OK;
        }
    const ko_status st = count_facts(s, work, out_n);
    if (st == KO_OK && s->n_patterns < PATTERNS)
        s->patterns[s->n_patterns++] = (known_fields){stated, *out_n};
    return st;
}

/* The right to the work counts for one more. */
static ko_status count_missing(shelf *s, const ko_work *work, size_t *out_n)
{
    ko_right_shown shown;
    ko_status st = find_facts(s, work, out_n);
    if (st == KO_OK)
        st = ko_right_find(&s->check, work, &shown, s->err);
    bool right = false;
    for (size_t i = 0; st == KO_OK && i < s->n_channels; i++)
        right = right || ko_right_is_missing(s->channels[i], &shown);
    *out_n += right;
    return st;
}

static ko_status list_work(void *context, const ko_work *work)
{
    shelf *s = context;
    json_t *object;
    size_t missing;
    ko_status st = count_missing(s, work, &missing);
    if (st == KO_OK)
        st = describe(s, work, &object);
    if (st != KO_OK)
        return st;
    (void)json_object_set_new(object, "missing", json_integer((json_int_t)missing));
    return json_array_append_new(s->works, object) == 0 ? KO_OK : KO_E_NOMEM;
}

ko_status ko_serve_works(ko_desk *desk, const ko_serve_request *request, ko_serve_answer *answer,
                         ko_error *err)
{
    (void)request;
    shelf s = {0};
    ko_status st = shelf_open(desk, &s, err);
    if (st == KO_OK)
        st = ko_work_each(s.store, 0, list_work, &s, err);
    if (st == KO_OK)
        st = ko_serve_answer_json(
            answer, json_pack("{s:O, s:f}", "works", s.works, "threshold", s.threshold), err);
    shelf_close(desk, &s);
    return st == KO_E_NOMEM ? ko_fail(err, st, "list of works") : st;
}

/* --- one --- */

static ko_status add_asked(const shelf *s, const ko_work *work, json_t *asked)
{
    ko_right_shown shown;
    ko_status st = ko_right_find(&s->check, work, &shown, s->err);
    for (size_t i = 0; st == KO_OK && i < s->n_channels; i++) {
        json_t *object = NULL;
        st = ko_work_check_json(&s->check, work, s->channels[i], &shown, &object, s->err);
        if (st == KO_OK && json_array_append_new(asked, object) != 0)
            st = ko_fail(s->err, KO_E_NOMEM, "what %s lacks", work->serial);
    }
    return st;
}

static ko_status take_work(void *context, const ko_work *work)
{
    shelf *s = context;
    json_t *object = NULL, *asked = json_array();
    ko_status st = asked ? describe(s, work, &object) : KO_E_NOMEM;
    if (st == KO_OK)
        st = ko_work_files_json(s->store, work->id, object, s->err);
    if (st == KO_OK)
        st = add_asked(s, work, asked);
    if (st == KO_OK &&
        (json_object_set(object, "asked", asked) != 0 || json_array_append(s->works, object) != 0))
        st = KO_E_NOMEM;
    json_decref(asked);
    json_decref(object);
    return st;
}

ko_status ko_serve_work(ko_desk *desk, const ko_serve_request *request, ko_serve_answer *answer,
                        ko_error *err)
{
    shelf s = {0};
    ko_status st = shelf_open(desk, &s, err);
    if (st == KO_OK)
        st = ko_work_each(s.store, request->id, take_work, &s, err);
    if (st == KO_OK && json_array_size(s.works) == 0)
        st = ko_fail(err, KO_E_NOT_FOUND, "no work KO-%06lld", (long long)request->id);
    if (st == KO_OK)
        st = ko_serve_answer_json(answer, json_incref(json_array_get(s.works, 0)), err);
    shelf_close(desk, &s);
    return st == KO_E_NOMEM ? ko_fail(err, st, "a work") : st;
}
