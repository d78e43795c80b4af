/* cli/work_fields.h - what the command line says about a work, made into fields and papers. */
#ifndef KO_CLI_WORK_FIELDS_H
#define KO_CLI_WORK_FIELDS_H

#include "case/work_given.h"
#include "cli/options.h"

typedef struct ko_work_options {
    const char *title, *registration, *registered_in, *holder, *author, *kind, *description;
    const char *completed_on, *published_on, *published_in, *published_url;
    ko_words certificates, evidence;
    ko_number threshold;
    bool no_threshold;
} ko_work_options;

/* As ko_work_given_read, of which messages name the option. */
KO_NODISCARD ko_status ko_work_options_read(const ko_work_options *options,
                                            ko_work_given *out_given, ko_error *err);

/* Keeps the certificates and evidence as papers of a work. KO_E_NOT_FOUND, KO_E_IO, KO_E_LIMIT:
 * a file cannot be read. */
KO_NODISCARD ko_status ko_work_papers_add(ko_store *store, int64_t work_id,
                                          const ko_work_options *options, ko_error *err);

#endif
