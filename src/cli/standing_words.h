/* cli/standing_words.h - the user's rates, and what more would risk, in words. */
#ifndef KO_CLI_STANDING_WORDS_H
#define KO_CLI_STANDING_WORDS_H

#include "case/rates.h"
#include "cli/cli.h"

/* Prints one line about what filing n listings for a reason risks; nothing where no rule asks. */
void ko_risk_print(const ko_rates *rates, const ko_channel *channel, const char *reason, size_t n);

#endif
