/* case/beside.h - what lies beside a database, in folders named after it. */
#ifndef KO_CASE_BESIDE_H
#define KO_CASE_BESIDE_H

#include "case/kit.h"

#define KO_BESIDE_RULES "-rules"       /* the user's own rules and letters (case/kit.h) */
#define KO_BESIDE_NOTICES "-notices"   /* packets (case/packet.h) */
#define KO_BESIDE_ARCHIVE "-archive"   /* what was shown to us (capture/archive.h) */
#define KO_BESIDE_LISTINGS "-listings" /* pictures of listings that the page was given */
#define KO_BESIDE_WORKS "-works"       /* originals that the page was given */
#define KO_BESIDE_PROOF "-proof"       /* proof of works (case/work_proof.h, case/stamps.h) */

/* DATABASE and one of these; it need not be there. ko_free *out_path. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_beside(const char *database, const char *suffix, char **out_path,
                                 ko_error *err);

/* Opens the rules with the user's own that lie beside the database. As ko_kit_open. */
KO_NODISCARD ko_status ko_beside_kit(const char *database, ko_kit *out_kit, ko_error *err);

#endif
