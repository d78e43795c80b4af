/* case/kit.h - the rules, days off and letters that cases are made with.
 *
 * Those of the program, and over them the user's own of the same names and shapes, in a folder:
 * rules.json, holidays.json, and letters (notice/letter.h) such as dmca.txt. */
#ifndef KO_CASE_KIT_H
#define KO_CASE_KIT_H

#include "base/buf.h"
#include "notice/deadline.h"
#include "notice/rules.h"

typedef struct ko_kit {
    ko_rules *rules;
    ko_holidays *holidays;
    char *folder; /* of the user's own */
} ko_kit;

/* folder need not be there. KO_E_FORMAT, KO_E_LIMIT: a file of the user's is wrong; the text names
 * file and place. KO_E_IO, KO_E_NOMEM. Close with ko_kit_close, also after an error. */
KO_NODISCARD ko_status ko_kit_open(const char *folder, ko_kit *out_kit, ko_error *err);
void ko_kit_close(ko_kit *kit); /* zeroed ones are fine */

/* Has the user a file of this name? */
bool ko_kit_has_own(const ko_kit *kit, const char *name);

/* Appends the letter of this name to an empty out, the user's own if there is one.
 * KO_E_NOT_FOUND: there is none. KO_E_IO, KO_E_LIMIT, KO_E_NOMEM. */
KO_NODISCARD ko_status ko_kit_letter(const ko_kit *kit, const char *name, ko_buf *out,
                                     ko_error *err);

#endif
