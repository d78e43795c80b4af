/* case/work_names.h - which work a sheet means that names it in the artist's own way. */
#ifndef KO_CASE_WORK_NAMES_H
#define KO_CASE_WORK_NAMES_H

#include "store/work.h"

typedef struct ko_work_name {
    int64_t id;
    char serial[KO_SERIAL_SIZE];
    char *title, *registration, *published_on, *published_url;
} ko_work_name;

/* All works, by serial. */
typedef struct ko_work_names {
    ko_work_name *work;
    size_t n, capacity;
} ko_work_names;

/* KO_E_NOMEM. Free with ko_work_names_free, also after an error. */
KO_NODISCARD ko_status ko_work_names_read(ko_store *store, ko_work_names *out_names, ko_error *err);
void ko_work_names_free(ko_work_names *names);

/* The work with this number, which is its registration or serial; without one that with this name:
 * its serial, registration, or title if no other work has it. Case does not count; either text may
 * be "". NULL when there is none, and when *out_two: number and name are those of two works. */
const ko_work_name *ko_work_names_find(const ko_work_names *names, const char *name,
                                       const char *number, bool *out_two);
/* NULL when there is none. */
const ko_work_name *ko_work_names_by_id(const ko_work_names *names, int64_t id);

/* Number of the right on a form, as ko_work_number. */
const char *ko_work_name_number(const ko_work_name *work);

#endif
