#include "report/settings.h"

#include "base/clock.h"
#include "base/text.h"
#include "report/json.h"

json_t *ko_profile_json(const ko_user *profile)
{
    json_t *object = json_object();
    for (int i = 0; object && i < KO_PROFILE_FIELDS; i++) {
        const char *name = ko_profile_name((ko_profile_field)i);
        if (json_object_set_new(object, name, ko_json_string(profile->text[i])) != 0) {
            json_decref(object);
            object = NULL;
        }
    }
    return object;
}

json_t *ko_allow_json(const ko_allow *allow)
{
    char at[KO_TIME_SIZE];
    ko_clock_text(allow->at, at);
    return json_pack("{s:I, s:s, s:s, s:o, s:o, s:s, s:o}", "allow", (json_int_t)allow->id,
                     "platform", allow->platform, "host", allow->host, "seller_id",
                     ko_json_string(allow->seller_id), "seller", ko_json_string(allow->seller),
                     "added", at, "who", ko_json_string(allow->who));
}

json_t *ko_negative_json(const ko_negative *negative)
{
    char at[KO_TIME_SIZE], sha256[2 * KO_SHA256_SIZE + 1];
    ko_clock_text(negative->at, at);
    ko_text_hex(negative->sha256, KO_SHA256_SIZE, sha256);
    return json_pack("{s:I, s:I, s:o, s:s, s:I, s:s, s:o}", "negative", (json_int_t)negative->id,
                     "image", (json_int_t)negative->photo_id, "path",
                     ko_json_string(negative->path), "sha256", sha256, "images",
                     (json_int_t)negative->n_photos, "added", at, "who",
                     ko_json_string(negative->who));
}
