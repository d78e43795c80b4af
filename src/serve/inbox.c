/* The whole list of candidates, so short that the page can have all of it at once and knows where
 * in it everything is. What a candidate is, it asks when it shows one (candidates.c). */
#include "serve/handlers.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "report/json.h"
#include "store/profile.h"

#include <assert.h>

/* What is asked for, and what was found of it. */
typedef struct listing {
    ko_inbox_filter filter;
    int64_t *titled; /* what filter borrows; NULL: any title */
    ko_inbox_place *places;
    size_t n, total;
    json_int_t *seller_numbers; /* by number in the inbox: 1 and up in this list; 0: not in it */
    json_t *works, *sellers, *groups, *ids, *counts;
    char *states; /* a digit for each of places, and a zero */
} listing;

static void free_listing(listing *l)
{
    json_t *const arrays[] = {l->works, l->sellers, l->groups, l->ids, l->counts};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        json_decref(arrays[i]);
    ko_free(l->seller_numbers);
    ko_free(l->places);
    ko_free(l->titled);
    ko_free(l->states);
}

static ko_status read_query(const ko_target *target, ko_store *store, listing *l, ko_error *err)
{
    static const char *const names[] = {"state", "work", "seller", "title", NULL};
    const char *work = ko_target_query(target, "work");
    const char *title = ko_target_query(target, "title");
    ko_inbox_filter *f = &l->filter;
    ko_status st = ko_target_knows(target, names, err);
    if (st != KO_OK)
        return st;
    st = ko_serve_read_states(target, "all", &f->states, err);
    f->seller = ko_target_query(target, "seller");
    if (st == KO_OK && work)
        st = ko_work_find(store, work, &f->work_id, err);
    if (st == KO_OK && title)
        st = ko_inbox_titled(store, title, &l->titled, &f->n_only, err);
    f->only = l->titled;
    return st;
}

/* --- with the list in hand --- */

static json_t *work_json(const ko_inbox_work *work)
{
    char serial[KO_SERIAL_SIZE];
    ko_work_serial(work->id, serial);
    return json_pack("[I, s, o]", (json_int_t)work->id, serial, ko_json_string(work->title));
}

static json_t *seller_json(const ko_inbox_seller *seller)
{
    return json_pack("[o, o, o, o]", ko_json_string(seller->platform), ko_json_string(seller->host),
                     ko_json_string(seller->seller_id), ko_json_string(seller->seller));
}

/* The seller's number in this list, from 0; negative when there is no memory. */
static json_int_t number_of(listing *l, const ko_inbox_seller *seller)
{
    json_int_t *number = &l->seller_numbers[seller->number];
    if (*number == 0 && json_array_append_new(l->sellers, seller_json(seller)) == 0)
        *number = (json_int_t)json_array_size(l->sellers);
    return *number - 1;
}

/* The n candidates from places on are of one group. */
static bool add_group(listing *l, const ko_inbox_place *places, size_t n, bool new_work)
{
    const ko_inbox_group *g = places->group;
    const json_int_t seller = number_of(l, g->seller);
    bool whole = seller >= 0;
    if (new_work)
        whole = whole && json_array_append_new(l->works, work_json(g->work)) == 0;
    const json_int_t numbers[] = {(json_int_t)json_array_size(l->works) - 1, seller, (json_int_t)n};
    for (size_t i = 0; whole && i < 3; i++)
        whole = json_array_append_new(l->groups, json_integer(numbers[i])) == 0;
    return whole;
}

static bool add_groups(listing *l)
{
    const ko_inbox_work *last = NULL;
    bool whole = true;
    for (size_t i = 0, n; whole && i < l->n; i += n) {
        const ko_inbox_place *p = &l->places[i];
        for (n = 1; i + n < l->n && p[n].group == p->group;)
            n++;
        whole = add_group(l, p, n, p->group->work != last);
        last = p->group->work;
    }
    return whole;
}

/* Takes what borrows from the list; the rest is made when others have it again. */
static ko_status take_from(const ko_inbox *inbox, listing *l, ko_error *err)
{
    size_t n_in[KO_CANDIDATE_STATES], n = 0;
    ko_inbox_count(inbox, n_in);
    for (size_t s = 0; s < KO_CANDIDATE_STATES; s++)
        n += n_in[s];
    const size_t most = n < KO_MAX_SERVE_INBOX ? n : KO_MAX_SERVE_INBOX;
    l->counts = ko_serve_states_json(n_in);
    l->places = ko_alloc_array(most, sizeof *l->places);
    l->seller_numbers = ko_alloc_zero(ko_inbox_sellers(inbox), sizeof *l->seller_numbers);
    if (n == 0)
        return KO_OK;
    if (!l->places || !l->seller_numbers)
        return KO_E_NOMEM;
    const ko_status st =
        ko_inbox_page(inbox, &l->filter, 0, most, l->places, &l->n, &l->total, err);
    return st == KO_OK && !add_groups(l) ? KO_E_NOMEM : st;
}

/* --- the answer --- */

static ko_status write_places(listing *l)
{
    static_assert(KO_CANDIDATE_STATES <= 10, "a digit each");
    l->states = ko_alloc(l->n + 1);
    if (!l->states)
        return KO_E_NOMEM;
    for (size_t i = 0; i < l->n; i++) {
        l->states[i] = (char)('0' + l->places[i].state);
        if (json_array_append_new(l->ids, json_integer((json_int_t)l->places[i].id)) != 0)
            return KO_E_NOMEM;
    }
    l->states[l->n] = '\0';
    return KO_OK;
}

static json_t *state_names(void)
{
    json_t *names = json_array();
    for (int s = 0; s < KO_CANDIDATE_STATES; s++)
        (void)json_array_append_new(names,
                                    json_string(ko_candidate_state_name((ko_candidate_state)s)));
    return names;
}

static ko_status answer_with(listing *l, ko_store *store, ko_serve_answer *answer, ko_error *err)
{
    ko_user user = {0};
    ko_status st = ko_profile_read(store, &user, err);
    if (st == KO_OK)
        st = write_places(l);
    answer->body = KO_BUF(KO_MAX_SERVE_INBOX_BYTES);
    if (st == KO_OK)
        st = ko_serve_answer_json(answer,
                                  json_pack("{s:I, s:O, s:O, s:O, s:O, s:o, s:s, s:O, s:o}",
                                            "total", (json_int_t)l->total, "works", l->works,
                                            "sellers", l->sellers, "groups", l->groups, "ids",
                                            l->ids, "state_names", state_names(), "states",
                                            l->states, "candidates", l->counts, "signature",
                                            ko_json_string(ko_profile_signature(&user))),
                                  err);
    ko_profile_free(&user);
    return st;
}

ko_status ko_serve_inbox(ko_desk *desk, const ko_serve_request *request, ko_serve_answer *answer,
                         ko_error *err)
{
    listing l = {.works = json_array(),
                 .sellers = json_array(),
                 .groups = json_array(),
                 .ids = json_array()};
    const ko_inbox *inbox;
    ko_store *store = NULL;
    ko_status st = ko_pool_take(desk->pool, &store, err);
    if (st == KO_OK)
        st = read_query(request->target, store, &l, err);
    if (st == KO_OK)
        st = ko_live_take(desk->live, store, &inbox, err);
    if (st == KO_OK) {
        st = take_from(inbox, &l, err);
        ko_live_give(desk->live);
    }
    if (st == KO_OK)
        st = answer_with(&l, store, answer, err);
    ko_pool_give(desk->pool, store);
    free_listing(&l);
    return st == KO_E_NOMEM ? ko_fail(err, st, "list of candidates") : st;
}
