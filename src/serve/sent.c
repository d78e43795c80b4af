#include "serve/sent.h"

#include <string.h>

ko_status ko_sent_object(const ko_serve_request *request, const char *const *names,
                         json_t **out_object, ko_error *err)
{
    json_error_t why;
    const char *name;
    json_t *value;
    json_t *object = request->body_size ? json_loadb(request->body, request->body_size,
                                                     JSON_REJECT_DUPLICATES, &why)
                                        : json_object();
    if (!json_is_object(object)) {
        json_decref(object);
        return ko_fail(err, KO_E_FORMAT, "what was sent is no object of JSON");
    }
    json_object_foreach(object, name, value)
    {
        const char *const *known = names;
        while (*known && strcmp(*known, name) != 0)
            known++;
        if (*known)
            continue;
        const ko_status st = ko_fail(err, KO_E_USAGE, "'%s' means nothing here", name);
        json_decref(object);
        return st;
    }
    *out_object = object;
    return KO_OK;
}

ko_status ko_sent_flag(const json_t *object, const char *name, bool *out_flag, ko_error *err)
{
    const json_t *value = json_object_get(object, name);
    if (value && !json_is_boolean(value))
        return ko_fail(err, KO_E_FORMAT, "%s is true or false", name);
    *out_flag = json_is_true(value);
    return KO_OK;
}

ko_status ko_sent_text(const json_t *object, const char *name, const char **out_text, ko_error *err)
{
    const json_t *value = json_object_get(object, name);
    *out_text = json_string_value(value);
    return !value || *out_text ? KO_OK : ko_fail(err, KO_E_FORMAT, "%s is a text", name);
}

ko_status ko_sent_number(const json_t *object, const char *name, double *out_number, ko_error *err)
{
    const json_t *value = json_object_get(object, name);
    if (json_is_number(value))
        *out_number = json_number_value(value);
    return !value || json_is_number(value) ? KO_OK
                                           : ko_fail(err, KO_E_FORMAT, "%s is a number", name);
}
