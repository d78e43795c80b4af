/* page/record.h - from an offer as a page states it to a settled listing record. */
#ifndef KO_PAGE_RECORD_H
#define KO_PAGE_RECORD_H

#include "listing/listing.h"
#include "page/offer.h"

/* Makes a record of offer and settles it. Pictures have their URL, or, of saved pages
 * (page.h), the path of the file; "data:" pictures keep that URL for whoever stores bytes.
 * The caller frees *out_record with ko_listing_free. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_offer_record(const ko_page_offer *offer, ko_listing *out_record,
                                       ko_error *err);

#endif
