#include "report/listing.h"

#include "report/json.h"

json_t *ko_listing_json(json_t *object, const ko_listing *r)
{
    const ko_price *amount = &r->amount;
    const bool known = r->has_price;
    json_t *fields = json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "platform", ko_json_string(r->platform),
        "item_id", ko_json_string(r->item_id), "seller_id", ko_json_string(r->seller_id),
        "seller_url", ko_json_string(r->seller_url), "currency", ko_json_string(r->currency),
        "price_minor", known ? json_integer(amount->low_minor) : json_null(), "price_max_minor",
        known ? json_integer(amount->high_minor) : json_null(), "minor_digits",
        known ? json_integer(amount->minor_digits) : json_null(), "ask",
        known ? json_boolean(amount->ask) : json_null());
    const bool added = object && fields && json_object_update(object, fields) == 0;
    json_decref(fields);
    if (added)
        return object;
    json_decref(object);
    return NULL;
}
