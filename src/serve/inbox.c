/* The whole list of candidates, so short that the page can have all of it at once and knows where
 * in it everything is. What a candidate is, it asks when it shows one (candidates.c). */
#include "serve/handlers.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "report/json.h"
#include "store/profile.h"

#include <assert.h>
#include <stdlib.h> /* free */

/* What is asked for, and what was found of it. */
typedef struct listing {
    ko_inbox_filter filter;
    int64_t *titled; /* what filter borrows; NULL: any title */
    ko_inbox_place *places;
    size_t n, total;
    json_int_t *seller_numbers; /* by number in the inbox: 1 and up in this list; 0: not in it */
    json_t *works, *sellers, *counts;
    ko_buf groups, ids, leaders; /* numbers with a comma behind each */
    char *states, *returned;     /* a digit for each of places, and a zero */
} listing;

static void free_listing(listing *l)
{
    json_decref(l->works);
    json_decref(l->sellers);
    json_decref(l->counts);
    ko_buf_free(&l->groups);
    ko_buf_free(&l->ids);
    ko_buf_free(&l->leaders);
    ko_free(l->seller_numbers);
    ko_free(l->places);
    ko_free(l->titled);
    ko_free(l->states);
    ko_free(l->returned);
}

static ko_status read_query(const ko_target *target, ko_store *store, listing *l, ko_error *err)
{
    const char *work = ko_target_query(target, "work");
    const char *title = ko_target_query(target, "title");
    ko_inbox_filter *f = &l->filter;
    ko_status st = ko_serve_read_states(target, "all", &f->states, err);
    int64_t returned = 0;
    f->seller = ko_target_query(target, "seller");
    if (st == KO_OK)
        st = ko_target_number(target, "returned", 0, 1, &returned, err);
    f->returned = returned == 1;
    if (st == KO_OK && work)
        st = ko_work_find(store, work, &f->work_id, err);
    if (st == KO_OK && title)
        st = ko_inbox_titled(store, title, &l->titled, &f->n_only, err);
    f->only = l->titled;
    return st;
}

/* Appends a number, which is not negative. There are hundreds of thousands: as objects of jansson
 * they take several times as long. */
static bool put_number(ko_buf *out, int64_t number)
{
    char digits[24];
    size_t at = sizeof digits;
    digits[--at] = ',';
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    return ko_buf_append(out, digits + at, sizeof digits - at) == KO_OK;
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
    return whole && put_number(&l->groups, (int64_t)json_array_size(l->works) - 1) &&
           put_number(&l->groups, seller) && put_number(&l->groups, (int64_t)n);
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
    l->returned = ko_alloc(l->n + 1);
    if (!l->states || !l->returned)
        return KO_E_NOMEM;
    for (size_t i = 0; i < l->n; i++) {
        const ko_inbox_place *p = &l->places[i];
        l->states[i] = (char)('0' + p->state);
        l->returned[i] = p->returned ? '1' : '0';
        if (!put_number(&l->ids, p->id) || !put_number(&l->leaders, p->leader))
            return KO_E_NOMEM;
    }
    l->states[l->n] = l->returned[l->n] = '\0';
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

/* "name":[numbers], */
static bool put_numbers(ko_buf *out, const char *name, const ko_buf *numbers)
{
    const size_t last = numbers->size ? numbers->size - 1 : 0; /* its comma */
    return ko_buf_printf(out, "\"%s\":[", name) == KO_OK &&
           (!last || ko_buf_append(out, numbers->data, last) == KO_OK) &&
           ko_buf_text(out, "],") == KO_OK;
}

/* The body is the numbers and what is in rest, whose reference is dropped. */
static ko_status write_body(const listing *l, json_t *rest, ko_serve_answer *answer)
{
    char *text = rest ? json_dumps(rest, KO_JSON_FLAGS) : NULL;
    ko_buf *body = &answer->body;
    *body = KO_BUF(KO_MAX_SERVE_INBOX_BYTES);
    const bool whole =
        text && ko_buf_text(body, "{") == KO_OK && put_numbers(body, "groups", &l->groups) &&
        put_numbers(body, "ids", &l->ids) && put_numbers(body, "leaders", &l->leaders) &&
        ko_buf_text(body, text + 1) == KO_OK; /* behind its brace */
    free(text);                               /* jansson's: not ours */
    json_decref(rest);
    answer->type = "application/json";
    return whole ? KO_OK : KO_E_NOMEM;
}

static ko_status answer_with(listing *l, ko_store *store, ko_serve_answer *answer, ko_error *err)
{
    ko_user user = {0};
    ko_status st = ko_profile_read(store, &user, err);
    if (st == KO_OK)
        st = write_places(l);
    if (st == KO_OK)
        st = write_body(l,
                        json_pack("{s:I, s:O, s:O, s:o, s:s, s:s, s:O, s:o}", "total",
                                  (json_int_t)l->total, "works", l->works, "sellers", l->sellers,
                                  "state_names", state_names(), "states", l->states, "returned",
                                  l->returned, "candidates", l->counts, "signature",
                                  ko_json_string(ko_profile_signature(&user))),
                        answer);
    ko_profile_free(&user);
    return st;
}

ko_status ko_serve_inbox(ko_desk *desk, const ko_serve_request *request, ko_serve_answer *answer,
                         ko_error *err)
{
    listing l = {.works = json_array(),
                 .sellers = json_array(),
                 .groups = KO_BUF(KO_MAX_SERVE_INBOX_BYTES),
                 .ids = KO_BUF(KO_MAX_SERVE_INBOX_BYTES),
                 .leaders = KO_BUF(KO_MAX_SERVE_INBOX_BYTES)};
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
