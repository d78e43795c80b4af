/* cli/seller_words.h - one seller of the ledger. */
#ifndef KO_CLI_SELLER_WORDS_H
#define KO_CLI_SELLER_WORDS_H

#include "case/ledger.h"

/* Prints a line with what it is called, "PinPalace88 on etsy", and its other names behind it. */
void ko_seller_print_names(const ko_ledger_seller *seller);
/* Prints what is counted of it, and its points if there are any, indented by two. */
void ko_seller_print_counts(const ko_ledger_seller *seller);
/* Prints by what rule points are estimated. */
void ko_seller_print_rule(const ko_penalty *rule, const ko_rules *rules);

#endif
