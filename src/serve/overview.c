/* How it goes, in numbers, and what the user states for the estimate in money. */
#include "serve/handlers.h"

#include "base/clock.h"
#include "base/limits.h"
#include "case/beside.h"
#include "case/overview.h"
#include "serve/sent.h"

#include <stdlib.h>

#define WEEKS_DEFAULT 12

static ko_status read_weeks(const ko_target *target, size_t *out_weeks, ko_error *err)
{
    const char *text = ko_target_query(target, "weeks");
    char *end = NULL;
    *out_weeks = WEEKS_DEFAULT;
    if (!text)
        return KO_OK;
    const long weeks = text[0] >= '1' && text[0] <= '9' ? strtol(text, &end, 10) : 0;
    if (weeks < 1 || weeks > (long)KO_MAX_OVERVIEW_WEEKS || *end)
        return ko_fail(err, KO_E_USAGE, "weeks is a number from 1 to %u, not '%s'",
                       KO_MAX_OVERVIEW_WEEKS, text);
    *out_weeks = (size_t)weeks;
    return KO_OK;
}

ko_status ko_serve_report(ko_desk *desk, const ko_serve_request *request, ko_serve_answer *answer,
                          ko_error *err)
{
    ko_kit kit = {0};
    ko_overview overview = {0};
    ko_store *store = NULL;
    size_t weeks;
    ko_status st = read_weeks(request->target, &weeks, err);
    if (st == KO_OK)
        st = ko_beside_kit(desk->path, &kit, err);
    if (st == KO_OK)
        st = ko_pool_take(desk->pool, &store, err);
    if (st == KO_OK)
        st = ko_overview_read(store, &kit, ko_today(), weeks, &overview, err);
    ko_pool_give(desk->pool, store);
    if (st == KO_OK)
        st = ko_serve_answer_json(answer, ko_overview_json(&overview), err);
    ko_overview_free(&overview);
    ko_kit_close(&kit);
    return st;
}

static ko_status set(ko_store *store, const char *each, const char *rates, ko_error *err)
{
    ko_status st = ko_store_begin(store, err);
    if (st == KO_OK && each)
        st = ko_estimate_set_each(store, each, err);
    if (st == KO_OK && rates)
        st = ko_estimate_set_rates(store, rates, err);
    if (st == KO_OK)
        st = ko_store_commit(store, err);
    if (st != KO_OK)
        ko_store_rollback(store);
    return st;
}

ko_status ko_serve_estimate(ko_desk *desk, const ko_serve_request *request, ko_serve_answer *answer,
                            ko_error *err)
{
    static const char *const names[] = {"per_listing", "rates", NULL};
    json_t *sent = NULL;
    ko_store *store = NULL;
    const char *each = NULL, *rates = NULL;
    ko_status st = ko_sent_object(request, names, &sent, err);
    if (st == KO_OK)
        st = ko_sent_text(sent, "per_listing", &each, err);
    if (st == KO_OK)
        st = ko_sent_text(sent, "rates", &rates, err);
    if (st == KO_OK)
        st = ko_pool_take(desk->pool, &store, err);
    if (st == KO_OK)
        st = set(store, each, rates, err);
    if (st == KO_OK)
        st = ko_serve_answer_json(answer, json_object(), err);
    ko_pool_give(desk->pool, store);
    json_decref(sent);
    return st;
}
