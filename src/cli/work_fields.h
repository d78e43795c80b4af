/* cli/work_fields.h - what the command line says about a work, made into fields and papers. */
#ifndef KO_CLI_WORK_FIELDS_H
#define KO_CLI_WORK_FIELDS_H

#include "cli/options.h"
#include "listing/values.h"
#include "store/work.h"

typedef struct ko_work_options {
    const char *title, *registration, *registered_in, *holder, *author, *kind, *description;
    const char *completed_on, *published_on, *published_in, *published_url;
    ko_words certificates, evidence;
    ko_number threshold;
    bool no_threshold;
} ko_work_options;

/* Fields that point into the options and into these texts of its own. */
typedef struct ko_work_given {
    ko_work_fields fields;
    char completed_on[KO_SHEET_DATE_SIZE], published_on[KO_SHEET_DATE_SIZE];
    char *published_url;
} ko_work_given;

/* Checks dates, countries and the URL; "" clears a field. KO_E_USAGE, KO_E_FORMAT, KO_E_LIMIT.
 * Free with ko_work_given_free, also after an error. */
KO_NODISCARD ko_status ko_work_given_read(const ko_work_options *options, ko_work_given *out_given,
                                          ko_error *err);
void ko_work_given_free(ko_work_given *given);

/* Keeps the certificates and evidence as papers of a work. KO_E_NOT_FOUND, KO_E_IO, KO_E_LIMIT:
 * a file cannot be read. */
KO_NODISCARD ko_status ko_work_papers_add(ko_store *store, int64_t work_id,
                                          const ko_work_options *options, ko_error *err);

#endif
