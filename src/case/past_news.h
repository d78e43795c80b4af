/* case/past_news.h - complaints of before, taken when sheets or works came in. */
#ifndef KO_CASE_PAST_NEWS_H
#define KO_CASE_PAST_NEWS_H

#include "case/past.h"

#include <jansson.h>

/* What was taken; zero when nothing was to be. */
typedef struct ko_past_news {
    bool taken;
    ko_past_counts counts;
} ko_past_news;

/* Takes what remarks say (case/past.h), if there can be something new: some came since the moment
 * since, or there are rows left whose works were not here. database is the path of the store. */
KO_NODISCARD ko_status ko_past_follow(ko_store *store, const char *database, bool came,
                                      int64_t since, ko_problems *problems, ko_past_news *out_news,
                                      ko_error *err);

/* Adds it as fields to an object: "reported_before", "notices", "say_more", "of_unknown_works";
 * none when nothing was taken. NULL is handed on. */
json_t *ko_past_json(json_t *object, const ko_past_news *news);

#endif
