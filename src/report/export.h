/* report/export.h - everything out again: works, listings and candidates as tables. */
#ifndef KO_REPORT_EXPORT_H
#define KO_REPORT_EXPORT_H

#include "store/store.h"

#include <stdio.h>

typedef enum ko_export_format { KO_EXPORT_CSV, KO_EXPORT_JSON } ko_export_format;

/* Each writes all rows to file: CSV with a heading, or JSON Lines.
 * KO_E_IO when not all of it could be written. */
KO_NODISCARD ko_status ko_export_works(ko_store *store, ko_export_format format, FILE *file,
                                       ko_error *err);
KO_NODISCARD ko_status ko_export_listings(ko_store *store, ko_export_format format, FILE *file,
                                          ko_error *err);
/* Those at or above the threshold in force, or with all every one. */
KO_NODISCARD ko_status ko_export_candidates(ko_store *store, ko_export_format format, bool all,
                                            FILE *file, ko_error *err);

#endif
