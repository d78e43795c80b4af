/* report/exhibit.h - the evidence picture of one candidate, from the files it speaks of. */
#ifndef KO_REPORT_EXHIBIT_H
#define KO_REPORT_EXHIBIT_H

#include "base/buf.h"
#include "store/candidate.h"

/* Reads the listing's photo and the work's file again and appends a PNG (report/picture.h)
 * to an empty out. software names what made it. KO_E_NOT_FOUND, KO_E_IO: a file is gone or
 * cannot be read. KO_E_FORMAT: it is damaged, or not the one that was compared. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_exhibit_png(ko_store *store, const ko_candidate *candidate,
                                      const char *software, ko_buf *out_png, ko_error *err);

#endif
