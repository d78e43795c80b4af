/* report/settings.h - what the user has settled once for all, as JSON for programs: who they are,
 * who may sell the works, and which pictures never count. */
#ifndef KO_REPORT_SETTINGS_H
#define KO_REPORT_SETTINGS_H

#include "store/allow.h"
#include "store/negative.h"
#include "store/profile.h"

#include <jansson.h>

/* Each is a new object, or NULL when there is no memory. */

/* All fields by name, private ones among them. */
json_t *ko_profile_json(const ko_user *profile);
json_t *ko_allow_json(const ko_allow *allow);
json_t *ko_negative_json(const ko_negative *negative);

#endif
