/* case/lacking.h - what a channel asks for about a work that nobody has told the program yet. */
#ifndef KO_CASE_LACKING_H
#define KO_CASE_LACKING_H

#include "case/kit.h"
#include "notice/facts.h"
#include "store/profile.h"
#include "store/work.h"

typedef struct ko_lacking {
    const char *facts[KO_FACTS]; /* names (notice/facts.h), static, each once */
    size_t n;
} ko_lacking;

/* The facts of work and profile that the channel or its letter asks for and that are not known;
 * those of the channel first. What building a notice tells by itself, such as its listings and the
 * day, is not among them. KO_E_NOT_FOUND: there is no such letter; KO_E_FORMAT: the user's own is
 * wrong. KO_E_IO, KO_E_LIMIT, KO_E_NOMEM. */
KO_NODISCARD ko_status ko_lacking_find(const ko_kit *kit, const ko_channel *channel,
                                       const ko_work *work, const ko_user *user,
                                       ko_lacking *out_lacking, ko_error *err);

#endif
