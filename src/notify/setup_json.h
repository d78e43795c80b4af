/* notify/setup_json.h - where news go, for programs. Nothing in it is secret. */
#ifndef KO_NOTIFY_SETUP_JSON_H
#define KO_NOTIFY_SETUP_JSON_H

#include "notify/setup.h"

#include <jansson.h>

/* {"setting": name, "value"}, new; NULL when there is no memory. */
json_t *ko_notify_setting_json(const ko_notify_setup *setup, ko_notify_setting setting);

/* {"channel": name, "set", "digest": number of the last one that went there, "state": what became
 * of it, "waiting"|"sent"|"given up", "tries", "sent", "next_try": moments or null, "reason"}, new;
 * of no digest 0 and "". KO_E_NOMEM, errors of the database. */
KO_NODISCARD ko_status ko_notify_channel_json(ko_store *store, const ko_notify_setup *setup,
                                              ko_notify_channel channel, json_t **out_object,
                                              ko_error *err);

#endif
