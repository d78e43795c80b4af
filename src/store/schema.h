/* store/schema.h - the tables, and how a file of any age comes to have them. */
#ifndef KO_STORE_SCHEMA_H
#define KO_STORE_SCHEMA_H

#include "store/query.h"

/* How long an opening or writing process waits for another one: nothing takes longer but an act
 * about several hundred thousand candidates, which is one. */
#define KO_STORE_WAIT_MS 30000

/* A view's variants are one blob of records, each of these bytes in this order:
 * fingerprint (KO_FP_BYTES), orientation, ground, cropped, has_ground. */
#define KO_VARIANT_BYTES 36

/* The schema that a file has, 0 of an empty one; one statement sees one state of the file, whatever
 * another process is doing to it. KO_E_DAMAGED and KO_E_VERSION as below. */
KO_NODISCARD ko_status ko_schema_read(ko_store *store, int64_t *out_version, ko_error *err);

/* Takes on an empty file, brings an older schema up to date and leaves a current one
 * alone, without waiting for writers. Several processes may do this at once.
 * KO_E_DAMAGED: another program's file. KO_E_VERSION: of a newer Knockoff. Both are left
 * as they are. After an error the store is good only for closing. */
KO_NODISCARD ko_status ko_schema_update(ko_store *store, ko_error *err);

#endif
