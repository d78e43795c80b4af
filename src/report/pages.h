/* report/pages.h - the archived pages in which a listing was seen, what it said, and when; and what
 * came instead of it when it was looked at again. */
#ifndef KO_REPORT_PAGES_H
#define KO_REPORT_PAGES_H

#include "base/buf.h"
#include "store/store.h"

#include <jansson.h>

/* Appends a few lines about each of them, those in which it was seen first, and oldest first;
 * nothing when there is none. KO_E_NOMEM, and errors of the database. */
KO_NODISCARD ko_status ko_pages_words(ko_buf *out, ko_store *store, int64_t listing_id,
                                      ko_error *err);

/* Sets *out_pages to a new array of all, in this order: seen (whether it shows the listing), url,
 * final_url, status, content_type, at, sha256, and where it lies: warc (a path) and record (a byte
 * in it). */
KO_NODISCARD ko_status ko_pages_json(ko_store *store, int64_t listing_id, json_t **out_pages,
                                     ko_error *err);

#endif
