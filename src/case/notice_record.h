/* case/notice_record.h - notices for programs. */
#ifndef KO_CASE_NOTICE_RECORD_H
#define KO_CASE_NOTICE_RECORD_H

#include "store/notice.h"

#include <jansson.h>

/* {"notice": its number, "state": of ko_notice_state_of, "states": {state: listings}, "listings",
 * "channel", "work": serial, "work_id": number or null once the work is removed, "title", "host",
 * "part", "parts", "reason", "who", "built_at", "authority", "filed_on": day or null, "ref",
 * "folder"}, new; NULL when there is no memory. */
json_t *ko_notice_record(const ko_notice *notice);

/* The same of a notice by its number with "items": [{"item", "url", "number", "state", "on",
 * "candidate": number or null, "platform", "seller", "seller_id", "title"}] and "events":
 * [{"event", "state", "on", "listings", "ref", "note", "who", "at", "undone"}] in the order in
 * which they were told. KO_E_NOT_FOUND, KO_E_NOMEM. */
KO_NODISCARD ko_status ko_notice_record_whole(ko_store *store, int64_t notice_id,
                                              json_t **out_object, ko_error *err);

#endif
