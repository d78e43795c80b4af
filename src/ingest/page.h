/* ingest/page.h - what an answer says, into the archive and the store. */
#ifndef KO_INGEST_PAGE_H
#define KO_INGEST_PAGE_H

#include "capture/reply.h"
#include "ingest/ingest.h"
#include "page/page.h"

typedef struct ko_ingest_page_options {
    const char *saved_at; /* path of the file when a browser saved it: pictures may lie beside it
                             or inside; NULL otherwise */
    const char *as;       /* a word of --as that names the kind (ko_ingest_is_page_kind); another
                             kind is refused then, and an HTML page is taken to be a listing.
                             NULL: told by the content */
} ko_ingest_page_options;

/* Whether --as WORD means a kind of page, feed or reply. */
bool ko_ingest_is_page_kind(const char *word);

/* Reads an answer as a page, feed or reply. Its listings go to the store, and with them or when
 * a wall stands before the page the answer goes to the archive, as evidence. Pictures that it
 * holds itself ("data:" URLs) go to the archive too, as records of the page's URL with
 * "#picture-1" and so on; pictures that it only names are to be fetched (store/web.h). What a
 * server sent along with an error gives no listing.
 * *out_page is what was read, for its kind, wall, note and links, to free with ko_page_free.
 * options may be NULL.
 * KO_E_FORMAT, KO_E_UNSUPPORTED, KO_E_LIMIT: of this answer alone. Else the database or disk. */
KO_NODISCARD ko_status ko_ingest_reply(ko_ingest *ingest, const ko_reply *reply,
                                       const ko_ingest_page_options *options, ko_page *out_page,
                                       ko_error *err);

/* The same in two steps, for those who read before they write: reading a page of megabytes takes a
 * second, in which nobody else could write. */
KO_NODISCARD ko_status ko_ingest_read(const ko_reply *reply, const ko_ingest_page_options *options,
                                      ko_page *out_page, ko_error *err);
KO_NODISCARD ko_status ko_ingest_page(ko_ingest *ingest, const ko_reply *reply,
                                      const ko_ingest_page_options *options, const ko_page *page,
                                      ko_error *err);

/* Keeps an answer in the archive whatever it says, as evidence: that there is nothing any more,
 * say. One that lies there already is not kept twice. *out_id is its number (store/web.h). */
KO_NODISCARD ko_status ko_ingest_answer(ko_ingest *ingest, const ko_reply *reply, int64_t *out_id,
                                        ko_error *err);

/* Keeps the picture of an answer if a listing's gallery has its URL and it is not here yet;
 * *out_taken tells. KO_E_FORMAT: it is no picture that we read. */
KO_NODISCARD ko_status ko_ingest_picture_reply(ko_ingest *ingest, const ko_reply *reply,
                                               bool *out_taken, ko_error *err);

/* Keeps a picture of the listing at listing_url that is none of those it names, such as what a
 * screen showed of one: the last of its gallery. reply->url is what it is archived under.
 * KO_E_FORMAT: it is no picture that we read. */
KO_NODISCARD ko_status ko_ingest_shown_picture(ko_ingest *ingest, const char *listing_url,
                                               const ko_reply *reply, ko_error *err);

#endif
