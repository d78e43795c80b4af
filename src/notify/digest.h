/* notify/digest.h - news in words, for people and for programs.
 *
 * The words are plain text in short lines. A subject is made of our own words and numbers alone;
 * what strangers wrote stands only in the text below it, clean. */
#ifndef KO_NOTIFY_DIGEST_H
#define KO_NOTIFY_DIGEST_H

#include "notify/news.h"

#include <jansson.h>

/* "Knockoff: 1 answer due by 24 November, 12 new finds, 2 removed"; appended, ASCII. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_digest_subject(const ko_news *news, ko_buf *out);
/* Appends the text, lines ended by line feeds. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_digest_body(const ko_news *news, ko_buf *out);
/* {"digest": uid, "made": moment, "subject": ..., "news": [{"kind": ..., ...}], "candidates":
 * [number...]}; NULL when there is no memory. */
json_t *ko_digest_json(const ko_news *news, const char *uid, int64_t made_at, const char *subject);

#endif
