/* notify/gather.h - how news are put together; for news*.c alone. */
#ifndef KO_NOTIFY_GATHER_H
#define KO_NOTIFY_GATHER_H

#include "notify/news.h"

typedef struct ko_gathering {
    ko_store *store;
    const ko_kit *kit;
    int64_t now;
    ko_news *news;
} ko_gathering;

/* A clean copy of at most KO_MAX_DIGEST_NAME characters, that lives as long as the news. */
const char *ko_news_text(ko_news *news, const char *text);

/* An item with empty texts, to be filled in; NULL when there is no memory. Valid until the next. */
ko_news_item *ko_news_add(ko_news *news, ko_news_kind kind);
/* The item of this kind and name, or a new one; NULL when there is no memory. */
ko_news_item *ko_news_named(ko_news *news, ko_news_kind kind, const char *name);

/* Notes with the news what a thing is now; value is shorter than KO_TOLD_VALUE_SIZE. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_news_note(ko_news *news, const char *key, const char *value, int64_t at);

/* What waits for a decision; the best first. */
KO_NODISCARD ko_status ko_news_finds(ko_gathering *g, ko_error *err);
/* Dates of the user's own. */
KO_NODISCARD ko_status ko_news_dates(ko_gathering *g, ko_error *err);
/* Sources and sites that cannot be looked at. */
KO_NODISCARD ko_status ko_news_sources(ko_gathering *g, ko_error *err);

#endif
