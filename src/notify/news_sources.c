#include "notify/gather.h"

#include "store/source.h"

#include <stdio.h>
#include <string.h>

/* A trouble that comes and goes is told no oftener. */
#define AGAIN_S ((int64_t)3 * 86400)

/* How a source's last run ended; "" when it ended well, or goes on. */
static ko_status trouble_of(ko_gathering *g, const ko_source *source, const char **out_trouble,
                            ko_error *err)
{
    ko_request_counts counts = {0};
    *out_trouble = "";
    if (source->running || source->paused || !source->last_run)
        return KO_OK;
    const ko_status st = ko_request_count(g->store, source->id, &counts, err);
    if (counts.blocked > 0)
        *out_trouble = "blocked";
    else if (counts.failed > 0 && counts.done == 0)
        *out_trouble = "failed";
    return st;
}

typedef struct walk {
    ko_gathering *g;
    ko_error *err;
} walk;

static ko_status on_source(void *context, const ko_source *source)
{
    const walk *w = context;
    ko_news *news = w->g->news;
    const char *trouble = "";
    char key[40];
    ko_told told;
    bool known = false;
    (void)snprintf(key, sizeof key, "source/%lld", (long long)source->id);
    ko_status st = trouble_of(w->g, source, &trouble, w->err);
    if (st == KO_OK)
        st = ko_told_find(w->g->store, key, &told, &known, w->err);
    if (st != KO_OK || source->running || strcmp(trouble, told.value) == 0)
        return st;
    if (!trouble[0]) /* it is well again: the moment of its trouble stays */
        return ko_news_note(news, key, "", told.at);
    if (known && w->g->now - told.at < AGAIN_S)
        return KO_OK;
    ko_news_item *item = ko_news_add(news, KO_NEWS_SOURCE);
    if (!item)
        return KO_E_NOMEM;
    item->id = source->id;
    item->name = ko_news_text(news, source->name);
    item->text = ko_news_text(news, source->last_result);
    return ko_news_note(news, key, trouble, w->g->now);
}

ko_status ko_news_sources(ko_gathering *g, ko_error *err)
{
    walk w = {.g = g, .err = err};
    return ko_source_each(g->store, NULL, on_source, &w, err);
}
