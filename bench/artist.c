#include "artist.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/file.h"
#include "case/decide.h"
#include "case/hold.h"
#include "case/plan.h"
#include "case/tell.h"
#include "scan/register.h"
#include "store/source.h"

#include <stdio.h>
#include <string.h>

#define JOBS 2
#define HELD_S 86400 /* for so long something is looked at before it is released */
#define NAME "Nora Reis"

/* --- the beginning --- */

static ko_status introduce(ko_store *store, ko_error *err)
{
    static const struct {
        ko_profile_field field;
        const char *text;
    } known[] = {{KO_PROFILE_LEGAL_NAME, NAME},
                 {KO_PROFILE_PUBLIC_NAME, NAME},
                 {KO_PROFILE_PUBLIC_MAIL, "nora@artist.example"},
                 {KO_PROFILE_ROLE, "owner"}};
    ko_status st = KO_OK;
    for (size_t i = 0; st == KO_OK && i < sizeof known / sizeof *known; i++)
        st = ko_profile_set(store, known[i].field, known[i].text, err);
    return st;
}

static ko_status add_works(const ko_artist *a, ko_store *store, ko_error *err)
{
    ko_paths files = {0};
    ko_problems problems = {0};
    const ko_register_options how = {.jobs = JOBS, .problems = &problems};
    ko_status st = ko_paths_walk(&files, a->works, NULL, err);
    if (st == KO_OK)
        st = ko_register(store, &files, &how, err);
    ko_paths_free(&files);
    return st;
}

static ko_status add_sources(const ko_artist *a, ko_store *store, ko_error *err)
{
    ko_status st = KO_OK;
    for (unsigned shop = 0; st == KO_OK && shop < a->shops; shop++) {
        char url[LIVING_ADDRESS_SIZE], name[32];
        int64_t id;
        living_market_source(a->market, shop, url);
        (void)snprintf(name, sizeof name, "shop %u", shop);
        const ko_source source = {.name = name,
                                  .url = url,
                                  .kind = "",
                                  .every_s = a->every_s,
                                  .added_at = ko_clock_now(),
                                  .last_result = ""};
        st = ko_source_add(store, &source, &id, err);
    }
    return st;
}

static ko_status subscribe(const ko_artist *a, ko_store *store, ko_error *err)
{
    ko_status st = ko_store_set_setting(store, "notify.webhook", a->webhook, err);
    if (st == KO_OK)
        st = ko_store_set_setting(store, "notify.atom", a->feed, err);
    if (st == KO_OK)
        st = ko_store_set_setting(store, "notify.quiet", "23:00-07:00", err);
    return st;
}

ko_status ko_artist_begin(ko_artist *a, ko_error *err)
{
    ko_store *store = NULL;
    ko_status st = ko_store_open(a->database, KO_STORE_CREATE, &store, err);
    if (st == KO_OK)
        st = introduce(store, err);
    if (st == KO_OK)
        st = add_works(a, store, err);
    if (st == KO_OK)
        st = add_sources(a, store, err);
    if (st == KO_OK)
        st = subscribe(a, store, err);
    ko_store_close(store);
    return st;
}

/* --- one day --- */

typedef struct day {
    ko_artist *artist;
    ko_store *store;
    ko_kit kit;
    ko_user user;
    int64_t now;
    ko_error *err;
} day;

/* The offer that stands at an URL. */
static bool find_offer(const day *d, const char *url, size_t *out_index, living_offer *out_offer)
{
    living *world = living_market_world(d->artist->market);
    unsigned shop, number;
    if (!living_read_url(url, &shop, &number) || !living_find(world, shop, number, out_index))
        return false;
    *out_offer = living_at(world, *out_index);
    return true;
}

typedef struct numbers {
    int64_t *ids;
    size_t n, capacity;
} numbers;

static ko_status keep_number(numbers *all, int64_t id)
{
    int64_t *grown = ko_grown(all->ids, all->n, &all->capacity, sizeof *grown);
    if (!grown)
        return KO_E_NOMEM;
    all->ids = grown;
    grown[all->n++] = id;
    return KO_OK;
}

/* --- what was found --- */

typedef struct choice {
    ko_chosen *chosen;
    size_t n, capacity;
} choice;

typedef struct sorting {
    const day *day;
    choice copies, others;
} sorting;

static ko_status choose(void *context, const ko_candidate *candidate)
{
    sorting *s = context;
    living_market *market = s->day->artist->market;
    size_t index;
    living_offer offer;
    const char *work = ko_path_name(candidate->view->path);
    const bool copy = find_offer(s->day, candidate->listing->record.url, &index, &offer) &&
                      offer.work >= 0 &&
                      strcmp(living_market_work(market, (unsigned)offer.work), work) == 0;
    choice *c = copy ? &s->copies : &s->others;
    ko_chosen *grown = ko_grown(c->chosen, c->n, &c->capacity, sizeof *grown);
    if (!grown)
        return KO_E_NOMEM;
    c->chosen = grown;
    grown[c->n++] = ko_chosen_of(candidate);
    return KO_OK;
}

static ko_status decide_as(const day *d, const char *verb, const choice *c, size_t *count)
{
    ko_problems problems = {0};
    ko_decided decided = {0};
    if (c->n == 0)
        return KO_OK;
    const ko_decide_request request = {.verb = verb,
                                       .user = &d->user,
                                       .chosen = c->chosen,
                                       .n = c->n,
                                       .good_faith = strcmp(verb, "accept") == 0};
    const ko_status st =
        ko_decide_chosen(d->store, &request, &problems, NULL, NULL, &decided, d->err);
    *count += decided.changed;
    return st;
}

static ko_status decide(const day *d)
{
    const ko_candidate_filter open = {.states = 1U << KO_CANDIDATE_OPEN};
    sorting s = {.day = d};
    ko_status st = ko_candidate_each(d->store, &open, choose, &s, d->err);
    if (st == KO_OK)
        st = decide_as(d, "accept", &s.copies, &d->artist->accepted);
    if (st == KO_OK)
        st = decide_as(d, "reject", &s.others, &d->artist->rejected);
    ko_free(s.copies.chosen);
    ko_free(s.others.chosen);
    return st;
}

/* --- what is held back --- */

typedef struct held {
    const day *day;
    numbers old;
} held;

static ko_status on_hold(void *context, const ko_hold *hold)
{
    held *h = context;
    if (hold->at + HELD_S > h->day->now)
        return KO_OK;
    return keep_number(&h->old, hold->id);
}

/* A flood is released after a day: its listings are copies. */
static ko_status release(const day *d)
{
    held h = {.day = d};
    ko_status st = ko_hold_each(d->store, 0, 1U << KO_HOLD_HELD, on_hold, &h, d->err);
    for (size_t i = 0; st == KO_OK && i < h.old.n; i++) {
        size_t back = 0;
        st = ko_hold_release(d->store, h.old.ids[i], NAME, &back, d->err);
        d->artist->released += back;
    }
    ko_free(h.old.ids);
    return st;
}

/* --- notices --- */

static ko_status build(const day *d)
{
    /* On days with an even number in China, else in the United States: fixtures/watch. */
    const char *const channel = d->artist->days % 2 == 0 ? "trial-cn" : "trial-us";
    const ko_plan_request request = {.channels = &channel, .n_channels = 1};
    ko_plan *plan = NULL;
    ko_status st = ko_plan_make(d->store, &d->kit, &d->user, &request, &plan, d->err);
    if (st == KO_OK && ko_plan_count(plan) > 0) {
        d->artist->notices += ko_plan_count(plan);
        st = ko_plan_keep(d->store, plan, NAME, d->err);
    }
    ko_plan_free(plan);
    return st;
}

static ko_status tell(const day *d, int64_t notice, const int64_t *items, size_t n,
                      ko_notice_state state)
{
    const ko_day today = ko_day_here(d->now);
    const ko_tell_request request = {
        .event = {.notice_id = notice, .state = state, .on = today, .who = NAME},
        .items = items,
        .n_items = n,
        .today = today};
    ko_told told = {0};
    const ko_status st = ko_tell(d->store, &d->kit, &request, &told, d->err);
    ko_told_free(&told);
    return st;
}

static ko_status on_unfiled(void *context, const ko_notice *notice)
{
    return notice->n_in[KO_NOTICE_BUILT] > 0 ? keep_number(context, notice->id) : KO_OK;
}

static ko_status on_filed_item(void *context, const ko_notice_item *item)
{
    const day *d = context;
    size_t index;
    living_offer offer;
    d->artist->filed++;
    if (!find_offer(d, item->url, &index, &offer))
        return KO_OK;
    return living_file(living_market_world(d->artist->market), index, d->now) ? KO_OK : KO_E_NOMEM;
}

/* All notices that are built are filed, and the market learns of them. */
static ko_status file_all(day *d)
{
    numbers unfiled = {0};
    const ko_notice_filter open = {.open = true};
    ko_status st = ko_notice_each(d->store, &open, on_unfiled, &unfiled, d->err);
    for (size_t i = 0; st == KO_OK && i < unfiled.n; i++) {
        st = tell(d, unfiled.ids[i], NULL, 0, KO_NOTICE_FILED);
        if (st == KO_OK)
            st = ko_notice_item_each(d->store, unfiled.ids[i], 1U << KO_NOTICE_FILED, on_filed_item,
                                     d, d->err);
    }
    ko_free(unfiled.ids);
    return st;
}

/* --- what platforms answer --- */

/* Items, each with what is to be told of it. */
typedef struct answers {
    const day *day;
    struct answer {
        int64_t notice, item;
        ko_notice_state state;
    } * all;
    size_t n, capacity;
} answers;

static ko_status on_item(void *context, const ko_notice_item *item)
{
    answers *a = context;
    size_t index;
    living_offer o;
    if (!find_offer(a->day, item->url, &index, &o))
        return KO_OK;
    ko_notice_state state = item->state;
    if (item->state == KO_NOTICE_FILED && o.countered <= a->day->now)
        state = KO_NOTICE_COUNTERED;
    else if (item->state == KO_NOTICE_COUNTERED && o.decided <= a->day->now)
        state = o.upheld ? KO_NOTICE_UPHELD : KO_NOTICE_RESTORED;
    if (state == item->state)
        return KO_OK;
    struct answer *grown = ko_grown(a->all, a->n, &a->capacity, sizeof *grown);
    if (!grown)
        return KO_E_NOMEM;
    a->all = grown;
    grown[a->n++] = (struct answer){item->notice_id, item->id, state};
    return KO_OK;
}

static ko_status tell_answers(const day *d)
{
    answers a = {.day = d};
    const unsigned states = 1U << KO_NOTICE_FILED | 1U << KO_NOTICE_COUNTERED;
    ko_status st = ko_notice_item_each(d->store, 0, states, on_item, &a, d->err);
    for (size_t i = 0; st == KO_OK && i < a.n; i++) {
        st = tell(d, a.all[i].notice, &a.all[i].item, 1, a.all[i].state);
        d->artist->countered += a.all[i].state == KO_NOTICE_COUNTERED;
    }
    ko_free(a.all);
    return st;
}

ko_status ko_artist_day(ko_artist *artist, ko_error *err)
{
    day d = {.artist = artist, .now = ko_clock_now(), .err = err};
    ko_status st = ko_store_open(artist->database, KO_STORE_OPEN, &d.store, err);
    if (st == KO_OK)
        st = ko_kit_open(artist->kit, &d.kit, err);
    if (st == KO_OK)
        st = ko_profile_read(d.store, &d.user, err);
    if (st == KO_OK)
        st = release(&d);
    if (st == KO_OK)
        st = decide(&d);
    if (st == KO_OK)
        st = build(&d);
    if (st == KO_OK)
        st = file_all(&d);
    if (st == KO_OK)
        st = tell_answers(&d);
    ko_profile_free(&d.user);
    ko_kit_close(&d.kit);
    ko_store_close(d.store);
    artist->days++;
    artist->failed_days += st != KO_OK;
    return st;
}
