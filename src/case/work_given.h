/* case/work_given.h - what a person says about a work, checked before it becomes its fields. */
#ifndef KO_CASE_WORK_GIVEN_H
#define KO_CASE_WORK_GIVEN_H

#include "listing/values.h"
#include "store/work.h"

/* Fields that point into what was said, and into these texts of its own. */
typedef struct ko_work_given {
    ko_work_fields fields;
    char completed_on[KO_SHEET_DATE_SIZE], published_on[KO_SHEET_DATE_SIZE];
    char *published_url;
} ko_work_given;

/* Checks what is said, which is borrowed: NULL leaves a field as it is, "" clears it. Texts are a
 * line of at most KO_MAX_WORK_TEXT bytes, dates, countries and the URL what they should be; a
 * threshold is taken as it is. KO_E_USAGE begins with the field's name, as in "published-on: not a
 * date: soon". KO_E_NOMEM. Free with ko_work_given_free, also after an error. */
KO_NODISCARD ko_status ko_work_given_read(const ko_work_fields *said, ko_work_given *out_given,
                                          ko_error *err);
void ko_work_given_free(ko_work_given *given);

#endif
