/* report/candidate.h - one candidate as words for people and as JSON for programs. */
#ifndef KO_REPORT_CANDIDATE_H
#define KO_REPORT_CANDIDATE_H

#include "base/buf.h"
#include "store/candidate.h"

#include <jansson.h>

/* What the archive tells of a photo that lies in it. */
typedef struct ko_photo_origin {
    int64_t record;     /* where its record begins in the file at photo->path */
    int64_t fetched_at; /* seconds since 1970 */
    const char *url;    /* that answered: a smaller size of what the listing shows, maybe */
} ko_photo_origin;

/* Appends the evidence in words, several lines. origin is that of the candidate's photo; NULL when
 * it is not known. */
KO_NODISCARD ko_status ko_candidate_words(ko_buf *out, const ko_candidate *candidate,
                                          const ko_photo_origin *origin);

/* A new object, or NULL when there is no memory. */
json_t *ko_candidate_json(const ko_candidate *candidate);
/* The same in short: {"candidate", "state", "work", "title", "score"}. */
json_t *ko_candidate_brief_json(const ko_candidate *candidate);
/* The same of what is in it: a listing, and a photo with where the listing shows it (""). */
json_t *ko_seen_json(const ko_seen *seen);
json_t *ko_photo_json(const ko_photo *photo, const char *url);
/* Adds "record", "fetched_at" and "fetched_url" to its "image", all null when origin is NULL. False
 * when there is no memory. */
KO_NODISCARD bool ko_photo_origin_json(json_t *image, const ko_photo_origin *origin);

#endif
