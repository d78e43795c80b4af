/* How the user's own complaints fare. */
#include "serve/handlers.h"

#include "base/clock.h"
#include "case/beside.h"
#include "case/rates_json.h"
#include "report/json.h"

static json_t *rates_json(const ko_rates *rates, const ko_kit *kit, ko_day day)
{
    json_t *array = json_array();
    for (size_t i = 0; i < rates->n; i++) {
        const ko_rate *rate = &rates->rates[i];
        json_t *object = ko_rate_json(rates, i, kit);
        (void)json_object_set_new(
            object, "channel_name",
            ko_json_string(rate->channel ? rate->channel->name : rate->channel_id));
        (void)json_array_append_new(array, object);
    }
    return json_pack("{s:o, s:o}", "on", ko_json_day(day), "rates", array);
}

ko_status ko_serve_standing(ko_desk *desk, const ko_serve_request *request, ko_serve_answer *answer,
                            ko_error *err)
{
    (void)request;
    const ko_day today = ko_today();
    ko_kit kit = {0};
    ko_rates rates = {0};
    ko_store *store = NULL;
    ko_status st = ko_beside_kit(desk->path, &kit, err);
    if (st == KO_OK)
        st = ko_pool_take(desk->pool, &store, err);
    if (st == KO_OK)
        st = ko_rates_read(store, &kit, today, &rates, err);
    ko_pool_give(desk->pool, store);
    if (st == KO_OK)
        st = ko_serve_answer_json(answer, rates_json(&rates, &kit, today), err);
    ko_rates_free(&rates);
    ko_kit_close(&kit);
    return st;
}
