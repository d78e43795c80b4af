/* store/rows.h - the columns of each table and the struct that they fill, for statements
 * of more than one file of this folder.
 *
 * A reader reads exactly the columns of its list, from where the query stands. Texts are
 * borrowed until the next row; optional values stay in the row's own slots, so a row must
 * not be moved. */
#ifndef KO_STORE_ROWS_H
#define KO_STORE_ROWS_H

#include "store/candidate.h"
#include "store/query.h"
#include "store/seen.h"
#include "store/work.h"

#define KO_WORK_COLUMNS                                                                            \
    "work.id, work.title, work.registration, work.holder, work.published_on,"                      \
    " work.published_url, work.author, work.kind, work.completed_on, work.published_in,"           \
    " work.registered_in, work.description, work.threshold, work.added_at, work.compared_to,"      \
    " work.compared_score"

typedef struct ko_work_row {
    ko_work work;
    char serial[KO_SERIAL_SIZE];
    double threshold;
} ko_work_row;

void ko_work_read(ko_query *q, ko_work_row *out_row);

/* All but the variants. */
#define KO_VIEW_COLUMNS                                                                            \
    "view.id, view.work_id, view.path, view.sha256, view.bytes, view.width, view.height,"          \
    " view.kind, view.has_alpha, view.quality, view.added_at"

void ko_view_read(ko_query *q, ko_view *out_view);

/* All but the pictures. */
#define KO_SEEN_COLUMNS                                                                            \
    "listing.id, listing.key, listing.url, listing.platform, listing.item_id, listing.title,"      \
    " listing.seller, listing.seller_id, listing.seller_url, listing.price, listing.price_max,"    \
    " listing.currency, listing.price_minor, listing.price_max_minor, listing.minor_digits,"       \
    " listing.ask, listing.source, listing.first_seen, listing.last_seen"

void ko_seen_read(ko_query *q, ko_seen *out_seen);

#define KO_PHOTO_COLUMNS                                                                           \
    "photo.id, photo.path, photo.offset, photo.bytes, photo.modified_at, photo.archived,"          \
    " photo.state, photo.reason, photo.sha256, photo.width, photo.height, photo.quality,"          \
    " photo.fp, photo.seen_at"

void ko_photo_read(ko_query *q, ko_photo *out_photo);

/* A ko_evidence. */
#define KO_EVIDENCE_COLUMNS                                                                        \
    "method, score, distance, orientation, ground, cropped, x1, y1, x2, y2, x3, y3, x4, y4,"       \
    " mirrored, inverted, turn, share, inliers"

/* Whether the photo with this number is one that never counts. */
#define KO_IS_NEGATIVE(photo_id)                                                                   \
    "EXISTS (SELECT 1 FROM photo_negative JOIN negative ON negative.id = negative_id"              \
    "  AND negative.removed_by IS NULL WHERE photo_negative.photo_id = " photo_id ")"

/* The score from which on a match of a work is shown; ?1 is the collection's. */
#define KO_THRESHOLD "ifnull(work.threshold, ?1)"

/* The number of the photo that shows candidate.work_id best among the photos of
 * candidate.listing_id: the highest score, and of equals the lowest number. One that never
 * counts is taken only when no other reaches the threshold. */
#define KO_BEST_PHOTO                                                                              \
    "(SELECT photo_id FROM (SELECT evidence.photo_id AS photo_id, evidence.score AS score,"        \
    "   evidence.score >= " KO_THRESHOLD " AND NOT " KO_IS_NEGATIVE(                               \
        "evidence.photo_id") "   AS counts FROM listing_photo CROSS JOIN evidence"                 \
                             "   ON evidence.work_id = candidate.work_id AND evidence.photo_id = " \
                             "listing_photo.photo_id"                                              \
                             "   WHERE listing_photo.listing_id = candidate.listing_id)"           \
                             "  ORDER BY counts DESC, score DESC, photo_id LIMIT 1)"

/* The host, with its port, of listing.url, which is canonical: "https://host/...". '' of none. */
#define KO_LISTING_HOST                                                                            \
    "substr(listing.url, instr(listing.url, '://') + 3,"                                           \
    "  instr(substr(listing.url, instr(listing.url, '://') + 3), '/') - 1)"

/* Whether a listing is allowed: it has all that an entry states. */
#define KO_IS_ALLOWED                                                                              \
    "EXISTS (SELECT 1 FROM allow WHERE allow.removed_by IS NULL"                                   \
    "  AND (allow.platform = '' OR allow.platform = listing.platform)"                             \
    "  AND (allow.seller_id = '' OR allow.seller_id = listing.seller_id)"                          \
    "  AND (allow.seller = '' OR allow.seller = listing.seller)"                                   \
    "  AND (allow.host = '' OR allow.host = " KO_LISTING_HOST "))"

#endif
