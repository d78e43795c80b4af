/* ingest/page.h - what an answer says, into the archive and the store. */
#ifndef KO_INGEST_PAGE_H
#define KO_INGEST_PAGE_H

#include "capture/reply.h"
#include "ingest/ingest.h"
#include "page/page.h"

typedef struct ko_ingest_page_options {
    const char *saved_at; /* path of the file when a browser saved it: pictures may lie beside it
                             or inside; NULL otherwise */
    const char *as;       /* a word of --as that forces the kind; NULL: told by the content */
} ko_ingest_page_options;

/* Reads an answer as a page, feed or reply; keeps it in the archive, its listings in the store,
 * and the pictures that it holds itself in the archive. Pictures that it only names are to be
 * fetched (store/web.h). *out_page is what was read, for its kind, wall and links, to free with
 * ko_page_free; a blocked page is kept as evidence and gives no listing. options may be NULL.
 * KO_E_FORMAT, KO_E_UNSUPPORTED, KO_E_LIMIT: of this answer alone. Else the database or disk. */
KO_NODISCARD ko_status ko_ingest_reply(ko_ingest *ingest, const ko_reply *reply,
                                       const ko_ingest_page_options *options, ko_page *out_page,
                                       ko_error *err);

/* Keeps the picture of an answer if a listing's gallery has its URL and it is not here yet;
 * *out_taken tells. KO_E_FORMAT: it is no picture that we read. */
KO_NODISCARD ko_status ko_ingest_picture_reply(ko_ingest *ingest, const ko_reply *reply,
                                               bool *out_taken, ko_error *err);

#endif
