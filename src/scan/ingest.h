/* scan/ingest.h - listings in: from records and bare pictures to the store.
 *
 * Ingesting only writes down what is offered and which files show it; pictures are looked
 * at in the scan. So it is quick, and a listing is kept even if its picture is damaged. */
#ifndef KO_SCAN_INGEST_H
#define KO_SCAN_INGEST_H

#include "base/file.h"
#include "listing/listing.h"
#include "scan/problems.h"
#include "store/seen.h"

typedef struct ko_ingest_counts {
    size_t listings, new_listings; /* records kept, and those of them not known before */
    size_t photos, new_photos;     /* picture files named, and those not known before */
    size_t missing;                /* picture files named that are not there */
} ko_ingest_counts;

typedef struct ko_ingest ko_ingest;

/* Begins to ingest from source (a sheet's or folder's path, kept with each listing).
 * Listings are stored in batches; ko_ingest_end stores the last one. */
KO_NODISCARD ko_status ko_ingest_begin(ko_store *store, const char *source, ko_problems *problems,
                                       ko_ingest **out_ingest, ko_error *err);
/* Keeps one record. Picture files that are not there are problems, named with the
 * record's line; the record is kept without them. */
KO_NODISCARD ko_status ko_ingest_listing(ko_ingest *ingest, const ko_listing *record,
                                         ko_error *err);
/* Keeps one bare picture as a listing without URL. */
KO_NODISCARD ko_status ko_ingest_picture(ko_ingest *ingest, const char *path, ko_error *err);
/* Stores what is left, adds to *counts, and frees. */
KO_NODISCARD ko_status ko_ingest_end(ko_ingest *ingest, ko_ingest_counts *counts, ko_error *err);
/* After the database failed: takes back the batch begun and frees. */
void ko_ingest_abandon(ko_ingest *ingest);

#endif
