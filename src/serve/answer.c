#include "serve/answer.h"

#include "base/limits.h"
#include "report/json.h"

#include <stdio.h>
#include <string.h>

#define JSON_TYPE "application/json"

void ko_serve_answer_free(ko_serve_answer *answer)
{
    if (answer->stream.close)
        answer->stream.close(answer->stream.context);
    answer->stream = (ko_serve_stream){0};
    ko_buf_free(&answer->body);
}

static int append(const char *bytes, size_t n, void *context)
{
    return ko_buf_append(context, bytes, n) == KO_OK ? 0 : -1;
}

ko_status ko_serve_answer_json(ko_serve_answer *answer, json_t *object, ko_error *err)
{
    answer->type = JSON_TYPE;
    ko_buf_clear(&answer->body);
    const bool whole =
        object &&
        json_dump_callback(object, append, &answer->body, KO_JSON_FLAGS | JSON_ENCODE_ANY) == 0 &&
        ko_buf_text(&answer->body, "\n") == KO_OK;
    json_decref(object);
    return whole ? KO_OK : ko_fail(err, KO_E_NOMEM, "answer in JSON");
}

void ko_serve_answer_refuse(ko_serve_answer *answer, unsigned status, const char *text)
{
    static const char plain[] = "{\"error\":\"no memory\"}\n";
    ko_serve_answer_free(answer);
    *answer = KO_SERVE_ANSWER;
    if (ko_serve_answer_json(answer, json_pack("{s:o}", "error", ko_json_string(text)), NULL) !=
        KO_OK) {
        answer->constant = plain;
        answer->constant_size = sizeof plain - 1;
    }
    answer->status = status;
}

static unsigned http_status(ko_status status)
{
    switch (status) {
    case KO_E_NOT_FOUND:
        return 404;
    case KO_E_EXISTS:
        return 409;
    case KO_E_LIMIT:
        return 413;
    case KO_E_UNSUPPORTED:
        return 415;
    case KO_E_FORMAT:
    case KO_E_USAGE:
        return 400;
    case KO_E_BUSY:
    case KO_E_STOPPED:
        return 503;
    case KO_OK:
    case KO_E_NOMEM:
    case KO_E_IO:
    case KO_E_VERSION:
    case KO_E_DAMAGED:
        break;
    }
    return 500;
}

void ko_serve_answer_fail(ko_serve_answer *answer, const ko_error *err)
{
    ko_serve_answer_refuse(answer, http_status(err->code),
                           err->text[0] ? err->text : ko_status_name(err->code));
}

/* Ours are strong and have no comma. */
bool ko_serve_answer_is_known(ko_serve_answer *answer, const char *etag, const char *if_none_match)
{
    (void)snprintf(answer->etag, sizeof answer->etag, "%s", etag);
    const char *at = if_none_match ? strstr(if_none_match, etag) : NULL;
    if (!at)
        return false;
    answer->status = 304;
    return true;
}
