/* case/allow_word.h - who is meant when a person names a seller or a shop that may sell. */
#ifndef KO_CASE_ALLOW_WORD_H
#define KO_CASE_ALLOW_WORD_H

#include "store/allow.h"

/* word is a seller on the site named by on, a marketplace ("etsy") or a host; with NULL, word is
 * the host of a whole shop. Texts of *out_entry are borrowed. KO_E_USAGE: a marketplace cannot be
 * allowed as a whole, or that is no host. */
KO_NODISCARD ko_status ko_allow_word(const char *word, const char *on, ko_allow *out_entry,
                                     ko_error *err);

#endif
