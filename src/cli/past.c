#include "cli/past.h"

#include "base/alloc.h"
#include "case/status_words.h"

ko_status ko_take_past(const ko_common *common, ko_store *store, bool came, int64_t since,
                       ko_problems *problems, ko_past_news *out_news, ko_error *err)
{
    char *path = ko_database_path(common, err);
    *out_news = (ko_past_news){0};
    if (!path)
        return err->code;
    const ko_status st = ko_past_follow(store, path, came, since, problems, out_news, err);
    ko_free(path);
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
