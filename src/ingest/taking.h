/* ingest/taking.h - what the files behind ko_ingest_source share.
 *
 * Private to this folder. */
#ifndef KO_INGEST_TAKING_H
#define KO_INGEST_TAKING_H

#include "base/buf.h"
#include "ingest/page.h"
#include "ingest/source.h"

/* One file being taken in. */
typedef struct ko_taking {
    ko_ingest *ingest;
    const char *path; /* as named by the user; "-" for standard input */
    const ko_ingest_source_options *options;
    bool in_folder; /* below one that was named, not named itself */
    ko_error *err;
} ko_taking;

/* Says something that is no problem. */
void ko_taking_say(const ko_taking *taking, const char *fmt, ...) KO_PRINTF(2, 3);
/* Whether a status speaks of one input, so that the others go on. */
bool ko_taking_is_of_input(ko_status status);

/* Takes in the bytes of the file by what they are. */
KO_NODISCARD ko_status ko_taking_bytes(const ko_taking *taking, const ko_buf *bytes);
/* Takes in all answers of a capture: pages first, then the pictures that their galleries ask
 * for. */
KO_NODISCARD ko_status ko_taking_capture(const ko_taking *taking, const ko_buf *bytes);
/* Takes in a list of URLs: each is a listing of which nothing else is known yet. Lines that are
 * none are problems. */
KO_NODISCARD ko_status ko_taking_urls(const ko_taking *taking, const ko_buf *bytes);
KO_NODISCARD ko_status ko_taking_folder(const ko_taking *taking);

/* Says what stands before a page, and which ways in are the user's own. */
void ko_taking_blocked(const ko_taking *taking, const char *url, const char *reason);

#endif
