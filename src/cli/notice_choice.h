/* cli/notice_choice.h - the notices and listings that the words of a command line mean. */
#ifndef KO_CLI_NOTICE_CHOICE_H
#define KO_CLI_NOTICE_CHOICE_H

#include "cli/options.h"
#include "store/notice.h"

typedef struct ko_ids {
    int64_t *ids;
    size_t n, capacity;
} ko_ids;

/* KO_E_NOMEM, without a text. */
KO_NODISCARD ko_status ko_ids_add(ko_ids *ids, int64_t id);
void ko_ids_free(ko_ids *ids);

/* words[0..n) are numbers, and ranges ("3-9"), which mean those of their notices with open
 * listings that may come to be in this state. Each once, in the order of the words. KO_E_USAGE: a
 * word is neither. KO_E_NOT_FOUND: a range has none. KO_E_NOMEM. Free with ko_ids_free, also after
 * an error. */
KO_NODISCARD ko_status ko_notice_choose(ko_store *store, char *const *words, size_t n,
                                        ko_notice_state state, ko_ids *out_notices, ko_error *err);

/* The listings of a notice that words name: by URL, in any form (platform/canonical.h), or by the
 * platform's number. KO_E_NOT_FOUND: a word is none of them. KO_E_FORMAT: it is no URL. KO_E_NOMEM.
 * Free with ko_ids_free, also after an error. */
KO_NODISCARD ko_status ko_notice_choose_items(ko_store *store, int64_t notice_id,
                                              const ko_words *words, ko_ids *out_items,
                                              ko_error *err);

#endif
