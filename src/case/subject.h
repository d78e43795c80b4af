/* case/subject.h - who complains and about what, as facts of notices (notice/facts.h).
 *
 * Of the profile only what is public goes in: notices are handed on to sellers. */
#ifndef KO_CASE_SUBJECT_H
#define KO_CASE_SUBJECT_H

#include "notice/facts.h"
#include "store/profile.h"
#include "store/work.h"

/* Texts are borrowed from the arguments. */
ko_profile ko_subject_profile(const ko_user *user);
ko_notice_work ko_subject_work(const ko_work *work, const ko_user *user);

/* Who owns the right to a work: its holder, else the user's, else its author, else the user.
 * Borrowed; "" when nobody is known. */
const char *ko_subject_holder(const ko_work *work, const ko_user *user);
/* Who made it: its author, else, where the user is the owner and nothing says otherwise, the
 * user. "" when nobody is known. */
const char *ko_subject_author(const ko_work *work, const ko_user *user);

#endif
