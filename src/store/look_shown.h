/* store/look_shown.h - does a listing still show what it was complained about for?
 *
 * Sellers swap the picture and keep the listing. Its page names the pictures that it shows now; as
 * long as one of them shows the work, nothing has changed. One that is new has to be fetched and
 * scanned before that can be told: till then the listing waits in look_picture. */
#ifndef KO_STORE_LOOK_SHOWN_H
#define KO_STORE_LOOK_SHOWN_H

#include "store/look.h"

#define KO_LOOK_OTHER_PICTURES "shows other pictures" /* why a listing is CHANGED */

typedef enum ko_shown_verdict {
    KO_SHOWN_UNKNOWN, /* no picture that could be compared, or nothing to compare with */
    KO_SHOWN_SAME,    /* a picture shows one of the works, or is nearly one that did */
    KO_SHOWN_OTHER,   /* all pictures were looked at, and none does */
    KO_SHOWN_WAITS    /* some are to be fetched or scanned */
} ko_shown_verdict;

/* Does a page name a picture that was not in the gallery of its listing when that was found to show
 * a work? A crawl may have brought it since. By canonical URLs. */
KO_NODISCARD ko_status ko_look_is_new(ko_store *store, int64_t listing_id, const char *const *urls,
                                      size_t n, bool *out_is, ko_error *err);

/* Compares the pictures that the page of a listing names, by their canonical URLs, which are in its
 * gallery by now. swapped: they may be other ones than it was complained about for; else the page
 * names fewer than are known, and only SAME can be told. Those that have to wait are kept, as
 * ko_looks_settle takes them up. */
KO_NODISCARD ko_status ko_look_compare(ko_store *store, int64_t listing_id, const char *const *urls,
                                       size_t n, bool swapped, ko_shown_verdict *out_verdict,
                                       ko_error *err);

/* Tells it of those that waited and need not any more. *out_changed is increased by the listings
 * that came to be CHANGED, or ALIVE again. */
KO_NODISCARD ko_status ko_looks_settle(ko_store *store, size_t *out_changed, ko_error *err);

#endif
