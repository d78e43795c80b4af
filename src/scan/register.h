/* scan/register.h - originals in: from picture files to works in the store. */
#ifndef KO_SCAN_REGISTER_H
#define KO_SCAN_REGISTER_H

#include "base/file.h"
#include "scan/picture.h"
#include "scan/problems.h"
#include "store/work.h"

/* Percent of trial prints: of development works at or below it 6 of 9 photos were recognised,
 * of those above it 140 of 162. */
#define KO_ROBUSTNESS_POOR 50

/* What became of one file. Borrowed until the callback returns. */
typedef struct ko_registered {
    const char *path; /* as named by the user */
    int64_t work_id;  /* of the work that holds it now */
    const char *serial;
    const char *title;
    bool known; /* the same bytes were registered before; nothing was stored */
    bool plain; /* too plain to match safely */
    const ko_original_reading *reading;
} ko_registered;

typedef ko_status ko_registered_fn(void *context, const ko_registered *registered);

typedef struct ko_register_options {
    unsigned jobs;
    int64_t work_id;       /* add every file as a view of this work; 0: a work for each */
    const char *name;      /* what they are called, for titles; NULL: as their paths say */
    ko_work_fields fields; /* given to each new work; title NULL: from the file */
    ko_registered_fn *on_registered;
    void *context;
    ko_problems *problems;
} ko_register_options;

/* Registers files in their order. A file that cannot be read is a problem and the rest
 * goes on. Each file's work, view and fingerprints are stored together or not at all.
 * KO_E_STOPPED when the user asked to stop: what was registered stays. */
KO_NODISCARD ko_status ko_register(ko_store *store, const ko_paths *files,
                                   const ko_register_options *options, ko_error *err);

#endif
