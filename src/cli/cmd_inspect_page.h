/* cli/cmd_inspect_page.h - what a page, a reply or a feed would give, shown and not stored. */
#ifndef KO_CLI_CMD_INSPECT_PAGE_H
#define KO_CLI_CMD_INSPECT_PAGE_H

#include "listing/listing.h"
#include "page/page.h"
#include "scan/problems.h"

/* How listings are shown, and where lines about what is refused go. */
typedef struct ko_inspect {
    bool json; /* an object a listing, one a line, else text for people */
    ko_problems *problems;
} ko_inspect;

/* Shows what a source holds; name is what messages call it. In JSON an object a listing:
 *   platform, item_id, url (canonical), title, seller, seller_url, price and price_max (in major
 *   units, "12.99"; "" when unknown or to be asked for, price_max also when it is no range),
 *   currency (ISO 4217), images (full-size URLs, or paths of files), warnings (sentences).
 * Texts are "" when not stated. Of a page that a wall stands before: file and blocked.
 * Errors name the source; KO_E_FORMAT, KO_E_UNSUPPORTED and KO_E_LIMIT are of it alone. */
KO_NODISCARD ko_status ko_inspect_page(const ko_inspect *how, const char *name,
                                       const ko_page_source *source, ko_error *err);

/* Shows one record, as above; number counts the listings of a source from 1. */
KO_NODISCARD ko_status ko_inspect_record(const ko_inspect *how, size_t number,
                                         const ko_listing *record, char *const *warnings,
                                         size_t n_warnings, ko_error *err);

#endif
