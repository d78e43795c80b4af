/* cli/good_faith.h - the confirmation without which nothing is accepted.
 *
 * Who knowingly claims an infringement that is none is liable (17 USC 512(f)), and the holder must
 * consider fair use before complaining (Lenz v. Universal, 9th Cir. 2015). */
#ifndef KO_CLI_GOOD_FAITH_H
#define KO_CLI_GOOD_FAITH_H

#include "base/status.h"
#include "store/profile.h"

/* Says on stderr what is to be confirmed for n candidates, without a line break behind it. */
void ko_good_faith_say(const ko_user *profile, size_t n);
/* Asks on the terminal about n candidates; given says that the command line confirms already.
 * KO_E_USAGE: not confirmed, nobody to ask, or no name. */
KO_NODISCARD ko_status ko_good_faith(const ko_user *profile, bool given, size_t n, ko_error *err);

#endif
