/* cli/past.h - complaints of before, taken from the sheets that were ingested. */
#ifndef KO_CLI_PAST_H
#define KO_CLI_PAST_H

#include "case/past.h"
#include "cli/cli.h"

/* What was taken; zero when nothing was to be. */
typedef struct ko_past_news {
    bool taken;
    ko_past_counts counts;
} ko_past_news;

/* Takes what remarks say (case/past.h), if there can be something new: some came since the moment
 * since, or there are rows left whose works were not here. */
KO_NODISCARD ko_status ko_take_past(const ko_common *common, ko_store *store, bool came,
                                    int64_t since, ko_problems *problems, ko_past_news *out_news,
                                    ko_error *err);

/* "12 rows reported before: 5 notices, 9 removed"; nothing when there is nothing to say. */
void ko_print_past(const ko_past_news *news);
/* The same as fields of an object; NULL is handed on. */
json_t *ko_past_json(json_t *object, const ko_past_news *news);

#endif
