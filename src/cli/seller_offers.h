/* cli/seller_offers.h - what one seller offers, and what became of it, for people. */
#ifndef KO_CLI_SELLER_OFFERS_H
#define KO_CLI_SELLER_OFFERS_H

#include "case/offers.h"

/* Prints a line about a listing, and one for each of its candidates and notices. */
void ko_offer_print(const ko_offer *offer);

#endif
