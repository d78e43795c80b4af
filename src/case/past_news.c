#include "case/past_news.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "case/beside.h"

/* Set while there are rows whose works are not here. */
#define LEFT "past_left"

static ko_status is_left(ko_store *store, bool *out_left, ko_error *err)
{
    char *text = NULL;
    const ko_status st = ko_store_setting(store, LEFT, &text, err);
    *out_left = st == KO_OK && text[0];
    ko_free(text);
    return st;
}

ko_status ko_past_follow(ko_store *store, const char *database, bool came, int64_t since,
                         ko_problems *problems, ko_past_news *out_news, ko_error *err)
{
    bool left = false;
    ko_kit kit = {0};
    *out_news = (ko_past_news){0};
    ko_status st = came ? KO_OK : is_left(store, &left, err);
    if (st != KO_OK || (!came && !left))
        return st;
    st = ko_beside_kit(database, &kit, err);
    const ko_past_request request = {
        .kit = &kit, .today = ko_today(), .since = since, .problems = problems};
    if (st == KO_OK)
        st = ko_past_take(store, &request, &out_news->counts, err);
    if (st == KO_OK)
        st = ko_store_set_setting(store, LEFT, out_news->counts.unknown_works ? "1" : "", err);
    out_news->taken = st == KO_OK;
    ko_kit_close(&kit);
    return st;
}

json_t *ko_past_json(json_t *object, const ko_past_news *news)
{
    const ko_past_counts *c = &news->counts;
    json_t *fields =
        news->taken ? json_pack("{s:I, s:I, s:I, s:I}", "reported_before", (json_int_t)c->rows,
                                "notices", (json_int_t)c->notices, "say_more", (json_int_t)c->more,
                                "of_unknown_works", (json_int_t)c->unknown_works)
                    : NULL;
    if (object && fields)
        (void)json_object_update(object, fields);
    json_decref(fields);
    return object;
}
