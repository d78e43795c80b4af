#include "notice/vero.h"

#include "base/alloc.h"
#include "base/text.h"

#include <assert.h>
#include <jansson.h>
#include <string.h>

/* One text of a report, cleaned. */
typedef struct json_text {
    const char *name;
    const char *value;
    size_t most; /* characters */
} json_text;

static size_t characters(const char *text)
{
    size_t n = 0;
    for (; *text; text++)
        n += ((unsigned char)*text & 0xC0) != 0x80;
    return n;
}

/* Is it one of the codes that mean "other", which say nothing by themselves? */
static bool is_other(const char *code)
{
    return strcmp(code, "9052") == 0 || strcmp(code, "7052") == 0;
}

static ko_status add_text(json_t *object, const json_text *field, ko_error *err)
{
    if (!field->value || !*field->value)
        return KO_OK;
    char *clean = ko_text_clean_dup(field->value);
    if (!clean)
        return ko_fail(err, KO_E_NOMEM, "no memory for a report");
    const size_t n = characters(clean);
    ko_status st = KO_OK;
    if (n > field->most)
        st = ko_fail(err, KO_E_LIMIT, "%s has %zu characters, eBay takes %zu", field->name, n,
                     field->most);
    else if (json_object_set_new(object, field->name, json_string(clean)) != 0)
        st = ko_fail(err, KO_E_NOMEM, "no memory for a report");
    ko_free(clean);
    return st;
}

static ko_status add_item(json_t *items, const char *item, const ko_vero_report *report,
                          ko_error *err)
{
    const json_text fields[] = {
        {"itemId", item, SIZE_MAX},
        {"veroReasonCodeId", report->reason_code, SIZE_MAX},
        {"brand", report->brand, KO_VERO_BRAND_CHARACTERS},
        {"messageToSeller", report->message_to_seller, KO_VERO_MESSAGE_CHARACTERS},
        {"detailedMessage", report->detailed_message, KO_VERO_MESSAGE_CHARACTERS},
    };
    json_t *object = json_object();
    ko_status st = object ? KO_OK : ko_fail(err, KO_E_NOMEM, "no memory for a report");
    for (size_t i = 0; i < sizeof fields / sizeof *fields && st == KO_OK; i++)
        st = add_text(object, &fields[i], err);
    if (st == KO_OK && (json_object_set_new(object, "copyEmailToRightsOwner",
                                            json_boolean(!report->no_copy)) != 0 ||
                        json_array_append(items, object) != 0))
        st = ko_fail(err, KO_E_NOMEM, "no memory for a report");
    json_decref(object);
    return st;
}

static ko_status check(const ko_pack_notice *notice, const ko_vero_report *report, ko_error *err)
{
    if (!report->reason_code || !*report->reason_code)
        return ko_fail(err, KO_E_NOT_FOUND, "a report needs a reason code");
    if (is_other(report->reason_code) && (!report->detailed_message || !*report->detailed_message))
        return ko_fail(err, KO_E_NOT_FOUND, "code %.20s needs a detailed message",
                       report->reason_code);
    for (size_t i = 0; i < notice->n_items; i++)
        if (!*notice->items[i].item)
            return ko_fail(err, KO_E_NOT_FOUND, "no item number in %.300s", notice->items[i].url);
    return KO_OK;
}

static int append(const char *bytes, size_t n, void *out)
{
    return ko_buf_append(out, bytes, n) == KO_OK ? 0 : -1;
}

ko_status ko_vero_write(const ko_pack_notice *notice, const ko_vero_report *report, ko_buf *out,
                        ko_error *err)
{
    assert(notice->n_items > 0);
    ko_status st = check(notice, report, err);
    if (st != KO_OK)
        return st;
    json_t *items = json_array();
    json_t *whole = json_pack("{s:O}", "reportItems", items);
    if (!items || !whole)
        st = ko_fail(err, KO_E_NOMEM, "no memory for a report");
    for (size_t i = 0; i < notice->n_items && st == KO_OK; i++)
        st = add_item(items, notice->items[i].item, report, err);
    if (st == KO_OK && (json_dump_callback(whole, append, out, JSON_INDENT(2)) != 0 ||
                        ko_buf_text(out, "\n") != KO_OK))
        st = ko_fail(err, KO_E_NOMEM, "no room for a report");
    json_decref(whole);
    json_decref(items);
    return st;
}
