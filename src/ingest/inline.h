/* ingest/inline.h - pictures inside a page, as "data:" URLs (RFC 2397).
 *
 * Private to this folder. */
#ifndef KO_INGEST_INLINE_H
#define KO_INGEST_INLINE_H

#include "capture/reply.h"
#include "ingest/ingest.h"

/* Lets picture, which has no file, be the range of the archive where reply's body lies: already,
 * or as a new record. KO_E_NOMEM, KO_E_IO. */
KO_NODISCARD ko_status ko_ingest_archive_picture(ko_ingest *ingest, const ko_reply *reply,
                                                 ko_gallery_picture *picture, ko_error *err);

/* Puts the picture in picture->url into the archive, as record number n of the page at page_url
 * unless its bytes lie there already, and makes picture the range where it lies, without URL.
 * *out_kept is false when it is no picture that we read, which is a problem of its own. KO_E_NOMEM,
 * KO_E_IO. */
KO_NODISCARD ko_status ko_ingest_inline(ko_ingest *ingest, const char *page_url, size_t n,
                                        ko_gallery_picture *picture, bool *out_kept, ko_error *err);

#endif
