/* cli/doubt_words.h - what a change of mind means for notices that are built already. */
#ifndef KO_CLI_DOUBT_WORDS_H
#define KO_CLI_DOUBT_WORDS_H

#include "store/store.h"

/* Says it when notices that are not filed name listings that are not accepted any more. */
KO_NODISCARD ko_status ko_say_doubts(ko_store *store, ko_error *err);

#endif
