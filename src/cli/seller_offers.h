/* cli/seller_offers.h - all that one seller offers, and what became of it. */
#ifndef KO_CLI_SELLER_OFFERS_H
#define KO_CLI_SELLER_OFFERS_H

#include "case/ledger.h"

#include <jansson.h>

/* Prints the listings of a seller of the ledger with their candidates and notices, or with offers
 * (a JSON array) appends them to it. KO_E_NOMEM, and errors of the database. */
KO_NODISCARD ko_status ko_seller_offers(ko_store *store, const ko_ledger *ledger,
                                        const ko_ledger_seller *seller, json_t *offers,
                                        ko_error *err);

#endif
