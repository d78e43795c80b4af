#include "cli/past.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "case/status_words.h"
#include "cli/kit.h"

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

ko_status ko_take_past(const ko_common *common, ko_store *store, bool came, int64_t since,
                       ko_problems *problems, ko_past_news *out_news, ko_error *err)
{
    bool left = false;
    ko_kit kit = {0};
    *out_news = (ko_past_news){0};
    ko_status st = came ? KO_OK : is_left(store, &left, err);
    if (st != KO_OK || (!came && !left))
        return st;
    st = ko_open_kit(common, &kit, err);
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

static size_t count_told(const ko_past_counts *c)
{
    size_t n = 0;
    for (int i = 0; i < KO_NOTICE_STATES; i++)
        n += c->told[i];
    return n;
}

void ko_print_past(const ko_past_news *news)
{
    const ko_past_counts *c = &news->counts;
    const char *comma = " ";
    if (c->rows)
        ko_print("%zu row%s reported before:", c->rows, ko_plural(c->rows));
    else if (count_told(c))
        ko_print("%zu row%s that say%s more of notices:", c->more, ko_plural(c->more),
                 c->more == 1 ? "s" : "");
    if (c->notices) {
        ko_print(" %zu notice%s", c->notices, ko_plural(c->notices));
        comma = ", ";
    }
    for (int i = 0; i < KO_NOTICE_STATES; i++) {
        if (!c->told[i])
            continue;
        ko_print("%s%zu %s", comma, c->told[i], ko_status_of_notice((ko_notice_state)i));
        comma = ", ";
    }
    if (c->rows || count_told(c))
        ko_print("\n");
    if (c->unknown_works)
        ko_print("%zu reported row%s of works that are not here: knockoff add\n", c->unknown_works,
                 ko_plural(c->unknown_works));
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
