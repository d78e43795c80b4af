/* cli/past.h - complaints of before, taken from the sheets that were ingested. */
#ifndef KO_CLI_PAST_H
#define KO_CLI_PAST_H

#include "case/past_news.h"
#include "cli/cli.h"

/* Takes them as ko_past_follow does. */
KO_NODISCARD ko_status ko_take_past(const ko_common *common, ko_store *store, bool came,
                                    int64_t since, ko_problems *problems, ko_past_news *out_news,
                                    ko_error *err);

/* "12 rows reported before: 5 notices, 9 removed"; nothing when there is nothing to say. */
void ko_print_past(const ko_past_news *news);

#endif
