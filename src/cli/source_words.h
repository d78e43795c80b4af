/* cli/source_words.h - sources as people write them. */
#ifndef KO_CLI_SOURCE_WORDS_H
#define KO_CLI_SOURCE_WORDS_H

#include "store/source.h"

#define KO_EVERY_SIZE 32

/* "90s", "30m", "6h" or "7d" to seconds. KO_E_USAGE: none of these, or under a minute. */
KO_NODISCARD ko_status ko_every_read(const char *text, int64_t *out_seconds, ko_error *err);
/* "every 6h"; "when told to" of 0. */
void ko_every_text(int64_t seconds, char out[KO_EVERY_SIZE]);

/* True when the word is something that a source can be made of. */
bool ko_source_can_be(const char *word);
/* Makes a source of an address or a file. KO_E_USAGE, KO_E_FORMAT: it is neither. KO_E_EXISTS:
 * it is one already. */
KO_NODISCARD ko_status ko_source_make(ko_store *store, const char *word, const char *name,
                                      int64_t every_s, int64_t *out_id, ko_error *err);

#endif
