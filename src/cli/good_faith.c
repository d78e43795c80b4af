#include "cli/good_faith.h"

#include "case/decide.h"
#include "cli/cli.h"
#include "cli/confirm.h"

void ko_good_faith_say(const ko_user *profile, size_t n)
{
    (void)fprintf(stderr,
                  "%zu candidate%s to accept. You, %s, confirm for %s: I looked at the listing, it "
                  "is not\nlicensed, and I considered whether it is fair use. A false claim made "
                  "knowingly makes you\nliable (17 USC 512(f)). ",
                  n, ko_plural(n), ko_profile_signature(profile), n == 1 ? "it" : "each of them");
}

ko_status ko_good_faith(const ko_user *profile, bool given, size_t n, ko_error *err)
{
    const ko_status st = ko_decide_has_name(profile, err);
    if (st != KO_OK || given)
        return st;
    if (!ko_can_ask())
        return ko_fail(err, KO_E_USAGE,
                       "to accept needs your confirmation: on a terminal you are asked, a script "
                       "says --confirm-good-faith");
    ko_good_faith_say(profile, n);
    return ko_type_yes() ? KO_OK : ko_fail(err, KO_E_USAGE, "not confirmed: nothing was accepted");
}
