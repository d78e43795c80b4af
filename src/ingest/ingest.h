/* ingest/ingest.h - listings in: from records and bare pictures to the store.
 *
 * Ingesting only writes down what is offered and which files show it; pictures are looked
 * at in the scan. So it is quick, and a listing is kept even if its picture is damaged. */
#ifndef KO_INGEST_INGEST_H
#define KO_INGEST_INGEST_H

#include "base/file.h"
#include "listing/listing.h"
#include "scan/problems.h"
#include "store/seen.h"

typedef struct ko_ingest_counts {
    size_t listings, new_listings; /* records kept, and those of them not known before */
    size_t photos, new_photos;     /* picture files named, and those not known before */
    size_t missing;                /* picture files named that are not there */
    size_t to_fetch;               /* pictures that are only known by their URL */
    size_t remarks;                /* cells of an artist's own sheet */
} ko_ingest_counts;

typedef struct ko_ingest ko_ingest;
struct ko_archive; /* capture/archive.h */

/* Begins to ingest from source (a sheet's or folder's path, or the URL of a page, kept with each
 * listing). archive takes what has no file of its own; NULL when there is none of that.
 * Listings are stored in batches; ko_ingest_end stores the last one. Within a transaction of the
 * caller's all is part of that, and only the caller ends it. */
KO_NODISCARD ko_status ko_ingest_begin(ko_store *store, struct ko_archive *archive,
                                       const char *source, ko_problems *problems,
                                       ko_ingest **out_ingest, ko_error *err);
/* Ends the batch so far, so that it is not lost whatever comes, and begins the next. */
KO_NODISCARD ko_status ko_ingest_commit(ko_ingest *ingest, ko_error *err);
/* Keeps one settled record with its remarks. Picture files that are not there are problems, named
 * with the record's line; the record is kept without them. answer_id: see ko_seen_add. */
KO_NODISCARD ko_status ko_ingest_listing(ko_ingest *ingest, const ko_listing *record,
                                         int64_t answer_id, ko_error *err);
/* Keeps one bare picture as a listing without URL. */
KO_NODISCARD ko_status ko_ingest_picture(ko_ingest *ingest, const char *path, ko_error *err);
/* Counts pictures that were to be fetched and are here now; of them n_new are new photos. */
void ko_ingest_arrived(ko_ingest *ingest, size_t n, size_t n_new);
/* Stores what is left, adds to *counts, and frees. */
KO_NODISCARD ko_status ko_ingest_end(ko_ingest *ingest, ko_ingest_counts *counts, ko_error *err);
/* After the database failed: takes back the batch begun and frees. */
void ko_ingest_abandon(ko_ingest *ingest);

/* What it was begun with, for those who ingest by it. */
ko_store *ko_ingest_store(const ko_ingest *ingest);
struct ko_archive *ko_ingest_archive(const ko_ingest *ingest);
ko_problems *ko_ingest_problems(const ko_ingest *ingest);

#endif
