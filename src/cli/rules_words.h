/* cli/rules_words.h - rules of platforms, for people and for programs, each with its source. */
#ifndef KO_CLI_RULES_WORDS_H
#define KO_CLI_RULES_WORDS_H

#include "case/kit.h"
#include "cli/cli.h"

/* What a notice may hold, and within how many days who does what. */
void ko_channel_print(const ko_kit *kit, const ko_channel *channel);
/* All that is known of it, and what its sources are. */
void ko_channel_print_all(const ko_kit *kit, const ko_channel *channel);
/* How sellers of a platform are punished. */
void ko_penalty_print(const ko_kit *kit, const ko_penalty *penalty);

/* "", " (yours)", " (yours, in place of the program's)". */
const char *ko_origin_words(ko_rule_origin origin);

#endif
